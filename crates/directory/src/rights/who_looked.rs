//! Who looked, as whoever asks may know it: openings singly, listings as a count by month and kind of organisation.
//!
//! A look that belongs to a running case or enquiry is told when that has ended, and until then it is as if there had
//! been none. Source: rules.md 2 (group J, sentence 3), 4.2; domain.md 6.6.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use events::{
    Fact,
    access::{Event, OverrideGround},
    case::{Case, Reference},
    child::Child,
    recorded::{Actor, Payload, Person as Acting, Recorded},
    search,
};
use projections::{AccessAudit, Listings, RowKey};
use serde::Serialize;
use visibility::{
    CarerRequest, Column, Listing, Look, LookShown, Override, Reader, Subject, may_count_listing,
    may_see_look,
};
use vocabulary::{
    AccessReason, ChildId, FieldGroup, OrganisationId, OrganisationKind, Position, england_day,
};

use crate::{
    Directory, children::LoadError, disclose::LookError, looks::Source, rows::Order, unseal::unseal,
};

/// Looks told on one page.
pub(super) const LOOKS_MAX: usize = 200;

/// Listings read at once.
const READ_AT_ONCE: usize = 200;

/// Who asks, and of whom.
pub(super) struct Asking<'a> {
    pub(super) subject: Subject,
    pub(super) child: ChildId,
    pub(super) held: &'a Child,
    /// The organisations that the record in the same pack names.
    pub(super) named: BTreeSet<OrganisationId>,
    pub(super) now: DateTime<Utc>,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookTold {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened: `opened`, `overridden`, `replayed`, `given`.
    pub kind: &'static str,
    /// In which organisation; for a carer only where the record in the same pack names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_name: Option<String>,
    /// Its kind.
    pub organisation_kind: OrganisationKind,
    /// Who; never for a carer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<AccessReason>,
    /// Which groups of fields were shown.
    pub groups: Vec<FieldGroup>,
}

/// How often the child stood on a list that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListingsTold {
    /// In which month, `YYYY-MM`.
    pub month: String,
    /// To which kind of organisation.
    pub organisation_kind: OrganisationKind,
    /// How often.
    pub count: u32,
}

impl Asking<'_> {
    fn column(&self) -> Column {
        Column::of(self.held.record_state(england_day(self.now)), Override::None)
    }

    fn reader(&self) -> Reader<'_> {
        match &self.subject {
            Subject::CompetentChild => Reader::CompetentChild,
            Subject::Carer(request) => Reader::Carer(request),
        }
    }

    fn carer(&self) -> Option<&CarerRequest> {
        match &self.subject {
            Subject::CompetentChild => None,
            Subject::Carer(request) => Some(request),
        }
    }
}

impl Directory {
    /// The looks after a position that may be told, the oldest first, and where the next page begins.
    pub(super) fn looks_told(
        &self,
        asking: &Asking<'_>,
        after: Position,
    ) -> Result<(Vec<LookTold>, Option<Position>), LookError> {
        let mut keys = Vec::new();
        for source in &self.looked_at(asking.child)? {
            keys.extend(self.keys(source, after, LOOKS_MAX)?);
        }
        keys.sort_unstable();
        keys.dedup();
        let more = keys.len() >= LOOKS_MAX;
        keys.truncate(LOOKS_MAX);
        let next = keys.last().map(|(position, _)| *position).filter(|_| more);
        let mut told = Vec::new();
        for (position, record) in keys {
            let Some(row) = self.rows().get::<AccessAudit>(&(record, position))? else { continue };
            let Actor::Person(by) = &row.by else { continue };
            told.extend(self.look_told(asking, by, row.at, &row.events));
        }
        Ok((told, next))
    }

    fn look_told(
        &self,
        asking: &Asking<'_>,
        by: &Acting,
        at: DateTime<Utc>,
        events: &[Event],
    ) -> Option<LookTold> {
        let (kind, caller_kind) = self.kinds_of(by)?;
        let authority = self.register().authority_of(&by.organisation);
        let look = Look {
            account: by.account,
            organisation: &by.organisation,
            kind,
            authority: authority.as_ref(),
            caller_kind,
            child_authority: asking.held.authority.as_ref(),
            child_shielded: asking.held.is_shielded(),
            column: asking.column(),
        };
        let shown = may_see_look(asking.reader(), &look);
        if shown == LookShown::Hidden {
            return None;
        }
        let register = self.register();
        let named = asking.carer().is_none() || asking.named.contains(&by.organisation);
        let who = register.account(by.account).and_then(|held| held.created.as_ref());
        let mut told = LookTold {
            at,
            kind: "",
            organisation: named.then(|| by.organisation.clone()),
            organisation_name: register.name_of(&by.organisation).filter(|_| named),
            organisation_kind: kind,
            user_name: who.map(|who| who.name.as_str().to_owned()).filter(|_| shown == LookShown::Whole),
            reason: None,
            groups: Vec::new(),
        };
        drop(register);
        for event in events {
            match event {
                Event::RecordOpened(opened) => {
                    let case = opened.case_ref.as_ref();
                    if self.waits(asking.now, at, Some(opened.reason), case) {
                        return None;
                    }
                    if told.kind.is_empty() {
                        told.kind = "opened";
                    }
                    told.reason = Some(opened.reason);
                    told.groups.clone_from(&opened.groups);
                }
                Event::ShieldOverridden { ground, .. } => {
                    if is_enquiry(*ground)
                        && self.waits(asking.now, at, Some(AccessReason::ChildProtectionEnquiry), None)
                    {
                        return None;
                    }
                    told.kind = "overridden";
                }
                Event::HistoryReplayed(replayed) => {
                    let runs = self.register().case(replayed.case).is_some_and(|case| runs(case, asking.now));
                    if runs {
                        return None;
                    }
                    told.kind = "replayed";
                }
                Event::SubjectAccessGiven(given) => {
                    told.kind = "given";
                    told.reason = Some(AccessReason::SubjectAccess);
                    told.groups.clone_from(&given.groups);
                }
                Event::InvestigationOpened { .. }
                | Event::ReviewDrawn { .. }
                | Event::AlertRaised { .. }
                | Event::ReviewClosed { .. }
                | Event::OpeningRefused { .. } => (),
            }
        }
        // A refused attempt saw nothing.
        Some(told).filter(|told| !told.kind.is_empty())
    }

    /// How often the child was listed, by month and kind of organisation, the oldest month first.
    pub(super) fn listings_told(&self, asking: &Asking<'_>) -> Result<Vec<ListingsTold>, LookError> {
        let mut counted: BTreeMap<(String, OrganisationKind), u32> = BTreeMap::new();
        for source in &self.looked_at(asking.child)? {
            let Source::Child(record, from, until) = source else { continue };
            let mut after = *from;
            loop {
                let rows = self.rows().scan::<Listings>(
                    &record.encode(),
                    Some(&(*record, after)),
                    Order::Ascending,
                    READ_AT_ONCE,
                )?;
                let all = rows.len() < READ_AT_ONCE;
                for ((_, position), ()) in rows {
                    after = position;
                    if position > *until {
                        break;
                    }
                    let Some(page) = self.record_at(position)? else { continue };
                    if let Some(key) = self.listing_told(asking, &page) {
                        let count = counted.entry(key).or_default();
                        *count = count.saturating_add(1);
                    }
                }
                if all || after > *until {
                    break;
                }
            }
        }
        let told = counted.into_iter().map(|((month, organisation_kind), count)| ListingsTold {
            month,
            organisation_kind,
            count,
        });
        Ok(told.collect())
    }

    /// Under which month and kind a page that was shown counts; `None` where it is not told.
    fn listing_told(&self, asking: &Asking<'_>, page: &Recorded) -> Option<(String, OrganisationKind)> {
        let Payload::Open(entry) = &page.payload else { return None };
        let (kind, caller_kind) = match &entry.by {
            Actor::Person(by) => self.kinds_of(by)?,
            Actor::Supplier { organisation, .. } => (self.kind_of(organisation)?, None),
            Actor::System | Actor::Shell => return None,
        };
        let listing =
            Listing { kind, caller_kind, child_shielded: asking.held.is_shielded(), column: asking.column() };
        if !may_count_listing(asking.reader(), &listing) {
            return None;
        }
        let waits = entry.facts.iter().any(|fact| {
            let Fact::Search(search::Event::SearchDelivered(made)) = fact else { return false };
            self.waits(asking.now, page.recorded_at, Some(made.reason), made.case_ref.as_ref())
        });
        let month = england_day(page.recorded_at).format("%Y-%m").to_string();
        (!waits).then_some((month, kind))
    }

    /// Whether a look belongs to an enquiry or case that runs still.
    fn waits(
        &self,
        now: DateTime<Utc>,
        at: DateTime<Utc>,
        reason: Option<AccessReason>,
        case_ref: Option<&Reference>,
    ) -> bool {
        let register = self.register();
        let delay = Duration::days(register.policy().enquiry_delay_days.into());
        let enquiry = reason == Some(AccessReason::ChildProtectionEnquiry) && at + delay > now;
        let case = case_ref
            .and_then(|reference| register.case_of_reference(reference.as_str()))
            .and_then(|case| register.case(case));
        enquiry || case.is_some_and(|case| runs(case, now))
    }

    /// The kind of a person's organisation, and for a mediated look of the caller's.
    fn kinds_of(&self, by: &Acting) -> Option<(OrganisationKind, Option<OrganisationKind>)> {
        let caller = by.on_behalf_of.and_then(|caller| {
            let register = self.register();
            let created = register.account(caller)?.created.as_ref()?;
            Some(created.organisation.clone())
        });
        Some((self.kind_of(&by.organisation)?, caller.and_then(|organisation| self.kind_of(&organisation))))
    }

    pub(crate) fn kind_of(&self, organisation: &OrganisationId) -> Option<OrganisationKind> {
        let register = self.register();
        register.organisation(organisation)?.details.as_ref().map(|details| details.kind)
    }

    /// The record that stands at a position.
    fn record_at(&self, position: Position) -> Result<Option<Recorded>, LookError> {
        let before = Position(position.0.saturating_sub(1));
        let mut found = None;
        let mut failed = None;
        self.log().read_all(before, 1, &mut |record| match unseal(self.vault(), record) {
            Ok(recorded) => found = Some(recorded),
            Err(error) => failed = Some(error),
        })?;
        match failed {
            Some(error) => Err(LookError::Load(LoadError::from(error))),
            None => Ok(found),
        }
    }
}

/// Whether a case is neither closed nor expired.
fn runs(case: &Case, now: DateTime<Utc>) -> bool {
    let expires = case.opened.as_ref().map(|opened| opened.expires_on);
    !case.closed && expires.is_some_and(|last| england_day(now) <= last)
}

/// Whether a shield was overridden for an enquiry into harm.
fn is_enquiry(ground: OverrideGround) -> bool {
    match ground {
        OverrideGround::Section47 | OverrideGround::EmergencyProtection => true,
        OverrideGround::ImmediateDanger | OverrideGround::MissingChild => false,
    }
}
