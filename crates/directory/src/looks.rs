//! Looks: one's own, and the audit of others'.
//!
//! Source: contract.md section 2 (`/accesses`, `/audit/accesses`); rules.md 2 (group J), 4.2.

use chrono::{DateTime, Utc};
use events::{
    Fact,
    access::Event,
    ceiling::Attempt,
    recorded::{Actor, Asserted},
    search::{self, List},
};
use projections::{AccessAudit, Posting, access_audit};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use visibility::{Column, LookShown, Override, Reader, may_see_look};
use vocabulary::{
    AccessId, AccessReason, AccountId, Assurance, Channel, ChildId, ChildNumber, FieldGroup, Lot,
    OrganisationId, Position, Role, england_day,
};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// Looks read at once from one index while a page is filled.
const READ_AT_ONCE: usize = 200;

/// Looks read in all for one page, so that no filter makes a request walk the whole audit.
const READ_MAX: usize = 5_000;

/// What is asked of the audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Looks at this child's record.
    pub child: Option<ChildNumber>,
    /// Looks by this person.
    pub user: Option<AccountId>,
    /// Looks by the staff of this organisation.
    pub organisation: Option<OrganisationId>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
    /// After this position: where the page before ended.
    pub after: Position,
}

/// One look as an auditor, a manager or the person themself may read it.
#[derive(Debug, Clone, Serialize)]
pub struct LookShownOnce {
    /// Where it stands in the log.
    pub position: Position,
    /// When.
    pub at: DateTime<Utc>,
    /// What happened: `opened`, `overridden`, `refused`, `replayed`, `given`.
    pub kind: &'static str,
    /// Which look; absent for a refused attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_id: Option<AccessId>,
    /// Whose record; absent where the reader may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_number: Option<ChildNumber>,
    /// Whose account; absent where the reader may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<AccountId>,
    /// The person's name; absent where the reader may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
    /// By which way in.
    pub channel: Channel,
    /// How sure the directory was of the person.
    pub assurance: Assurance,
    /// How and when the person signed in at the case management system that vouched for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asserted: Option<Asserted>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<AccessReason>,
    /// Which groups of fields were shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<FieldGroup>,
    /// In which state the record was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_state: Option<events::child::RecordState>,
    /// For which lots of the policy's sample it was drawn for review; for an auditor, never of their own looks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drawn_for: Vec<Lot>,
    /// By which rule an attempt was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// One page of looks.
#[derive(Debug, Serialize)]
pub struct LookPage {
    /// The looks, oldest first; at most fifty.
    pub accesses: Vec<LookShownOnce>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Position>,
}

/// From which index a page is filled.
pub(crate) enum Source {
    /// Looks at one record, after one position and until another.
    Child(ChildId, Position, Position),
    Posted(Posting),
}

impl Directory {
    /// One's own looks. No children's names, so that this is no look again (invariant I-27).
    ///
    /// # Errors
    /// The rows could not be read.
    pub fn own_accesses(&self, person: &Person, after: Position) -> Result<LookPage, LookError> {
        let query = AuditQuery { after, ..AuditQuery::default() };
        let source = Source::Posted(access_audit::by_account(person.account));
        let (page, _) = self.page(person, &[source], &query)?;
        Ok(page)
    }

    /// The newest of one's own looks, the newest first; at most `limit`.
    ///
    /// # Errors
    /// The rows could not be read.
    pub fn latest_accesses(&self, person: &Person, limit: usize) -> Result<LookPage, LookError> {
        let within = access_audit::by_account(person.account);
        let postings = self.rows().postings::<AccessAudit>(&within, None, Order::Descending, limit)?;
        let query = AuditQuery::default();
        let mut accesses = Vec::new();
        for (_, (child, position)) in postings {
            accesses.extend(self.look(person, &query, position, child)?);
        }
        Ok(LookPage { accesses, next: None })
    }

    /// The audit of looks, as far as this person may read it; the page itself is recorded first.
    ///
    /// # Errors
    /// `Refused`: neither auditor nor user manager. `Unknown`: no such child. Others: a machine failed.
    pub async fn audit_accesses(
        &self,
        person: &Person,
        query: AuditQuery,
    ) -> Result<Disclosed<LookPage>, LookError> {
        person.may(Action::AuditLooks, Relation::OwnOrganisation)?;
        let sources = self.sources(person, &query);
        if matches!(sources, Err(LookError::Unknown)) {
            self.counted(person, &sources, |_| Attempt::Opened, Attempt::OpenedNothing).await?;
        }
        let (page, children) = self.page(person, &sources?, &query)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Audit, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// The narrowest indexes that hold everything asked for.
    fn sources(&self, person: &Person, query: &AuditQuery) -> Result<Vec<Source>, LookError> {
        if let Some(number) = query.child {
            let child = self.numbered_itself(number)?.ok_or(LookError::Unknown)?;
            return self.looked_at(child);
        }
        if let Some(user) = query.user {
            return Ok(vec![Source::Posted(access_audit::by_account(user))]);
        }
        if let Some(organisation) = &query.organisation {
            return Ok(vec![Source::Posted(access_audit::by_organisation(organisation))]);
        }
        let register = self.register();
        let mine =
            |id: &OrganisationId| person.may(Action::AuditLooks, register.relation(person, id)).is_ok();
        Ok(register
            .organisations()
            .filter(|(id, _)| mine(id))
            .map(|(id, _)| Source::Posted(access_audit::by_organisation(id)))
            .collect())
    }

    /// What was looked at when this child was: its record, those it is one with, and those it was one with then.
    pub(crate) fn looked_at(&self, child: ChildId) -> Result<Vec<Source>, LookError> {
        let records = self.kinship().records(child);
        let mut sources = Vec::new();
        for record in records {
            sources.push(Source::Child(record, Position::ZERO, Position(u64::MAX)));
            for (other, tie) in &self.load_own(record)?.child.ties {
                let answered = tie.spans.iter().filter(|_| !tie.stays);
                sources.extend(answered.map(|(from, until)| Source::Child(*other, *from, *until)));
            }
        }
        Ok(sources)
    }

    /// Fills a page from the indexes in the order of positions, and names the children on it.
    fn page(
        &self,
        person: &Person,
        sources: &[Source],
        query: &AuditQuery,
    ) -> Result<(LookPage, Vec<ChildId>), LookError> {
        let mut keys: Vec<(Position, ChildId)> = Vec::new();
        let at_once = if sources.len() == 1 { READ_MAX } else { READ_AT_ONCE };
        let mut cut: Option<Position> = None;
        for source in sources {
            let read = self.keys(source, query.after, at_once)?;
            if read.len() == at_once {
                // What lies beyond was not read from this index: nothing beyond may come from another either.
                let last = read.last().map(|(position, _)| *position);
                cut = cut.min(last).or(last);
            }
            keys.extend(read);
        }
        keys.sort_unstable();
        keys.dedup();
        let mut accesses = Vec::new();
        let mut children = Vec::new();
        let mut next = cut;
        for (position, child) in
            keys.into_iter().filter(|(position, _)| cut.is_none_or(|cut| *position <= cut))
        {
            if accesses.len() >= LIST_CHILDREN_MAX {
                next = accesses.last().map(|look: &LookShownOnce| look.position);
                break;
            }
            let shown = self.look(person, query, position, child)?;
            if shown.as_ref().is_some_and(|look| look.child_number.is_some()) {
                children.push(child);
            }
            accesses.extend(shown);
        }
        children.sort_unstable();
        children.dedup();
        Ok((LookPage { accesses, next }, children))
    }

    /// The looks of an index after a position, at most `limit`.
    pub(crate) fn keys(
        &self,
        source: &Source,
        after: Position,
        limit: usize,
    ) -> Result<Vec<(Position, ChildId)>, LookError> {
        Ok(match source {
            Source::Child(child, from, until) => {
                use projections::RowKey as _;
                let rows = self.rows().scan::<AccessAudit>(
                    &child.encode(),
                    Some(&(*child, after.max(*from))),
                    Order::Ascending,
                    limit,
                )?;
                let keys = rows.into_iter().map(|((of, position), _)| (position, of));
                keys.filter(|(position, _)| position <= until).collect()
            }
            Source::Posted(within) => {
                let from = within.clone().and(&after);
                let postings =
                    self.rows().postings::<AccessAudit>(within, Some(&from), Order::Ascending, limit)?;
                postings.into_iter().map(|(_, (child, position))| (position, child)).collect()
            }
        })
    }

    /// One look, as far as this person may read it.
    pub(crate) fn look(
        &self,
        person: &Person,
        query: &AuditQuery,
        position: Position,
        child: ChildId,
    ) -> Result<Option<LookShownOnce>, LookError> {
        let Some(row) = self.rows().get::<AccessAudit>(&(child, position))? else { return Ok(None) };
        let Actor::Person(by) = &row.by else { return Ok(None) };
        let asked = query.from.is_none_or(|from| row.at >= from)
            && query.to.is_none_or(|to| row.at < to)
            && query.user.is_none_or(|user| by.account == user)
            && query.organisation.as_ref().is_none_or(|organisation| by.organisation == *organisation);
        if !asked {
            return Ok(None);
        }
        if by.account != person.account
            && self.related(&person.viewer())?.contains(&self.kinship().root(child))
        {
            return Ok(None);
        }
        let known = self.load(child)?.child;
        let register = self.register();
        let kind = |id: &OrganisationId| {
            register.organisation(id).and_then(|held| Some(held.details.as_ref()?.kind))
        };
        let Some(organisation_kind) = kind(&by.organisation) else { return Ok(None) };
        let authority = register.authority_of(&by.organisation);
        let caller_kind = by
            .on_behalf_of
            .and_then(|caller| {
                register.account(caller)?.created.as_ref().map(|created| created.organisation.clone())
            })
            .and_then(|organisation| kind(&organisation));
        let look = visibility::Look {
            account: by.account,
            organisation: &by.organisation,
            kind: organisation_kind,
            authority: authority.as_ref(),
            caller_kind,
            child_authority: known.authority.as_ref(),
            child_shielded: known.is_shielded(),
            column: Column::of(known.record_state(england_day(self.clock().now())), Override::None),
        };
        let shown = may_see_look(Reader::Staff(&person.viewer(), None), &look);
        if shown == LookShown::Hidden {
            return Ok(None);
        }
        let named = matches!(shown, LookShown::Whole | LookShown::WithoutPractitionersName);
        let person_named = shown != LookShown::WithoutPractitionersName;
        // One's own look names its child: the number is what one opened, and no more.
        let own = by.account == person.account;
        let refused = row.events.iter().any(|event| matches!(event, Event::OpeningRefused { .. }));
        if own && refused && self.is_concealed(person, &known) {
            // At a number that nobody has nothing is kept; what was kept here must not tell the two apart.
            return Ok(None);
        }
        let name = register
            .account(by.account)
            .and_then(|held| Some(held.created.as_ref()?.name.as_str().to_owned()));
        let mut told = LookShownOnce {
            position,
            at: row.at,
            kind: "opened",
            access_id: None,
            child_number: known.number.filter(|_| named || own),
            user: Some(by.account).filter(|_| person_named),
            user_name: name.filter(|_| person_named),
            organisation: by.organisation.clone(),
            role: by.role,
            channel: by.channel,
            assurance: by.assurance,
            asserted: by.asserted.clone(),
            reason: None,
            groups: Vec::new(),
            record_state: None,
            drawn_for: Vec::new(),
            refused: None,
        };
        told.tell(&row.events, person.role == Role::Auditor && !own);
        Ok(Some(told))
    }
}

impl LookShownOnce {
    /// Takes over what the events of the look tell; to an auditor of others' looks, for which lots it was drawn.
    fn tell(&mut self, events: &[Event], audits: bool) {
        for event in events {
            match event {
                Event::RecordOpened(opened) => {
                    self.access_id = Some(opened.access);
                    self.reason = Some(opened.reason);
                    self.groups.clone_from(&opened.groups);
                    self.record_state = Some(opened.record_state);
                }
                Event::ShieldOverridden { .. } => self.kind = "overridden",
                Event::InvestigationOpened { .. }
                | Event::AlertRaised { .. }
                | Event::ReviewClosed { .. } => (),
                // Who looked is not told that the look was drawn: it would teach what is not reviewed.
                Event::ReviewDrawn { lots, .. } => {
                    if audits {
                        self.drawn_for.clone_from(lots);
                    }
                }
                Event::OpeningRefused { code, reason } => {
                    self.kind = "refused";
                    self.reason = *reason;
                    self.refused = Some(code.as_str().to_owned());
                }
                Event::HistoryReplayed(replayed) => {
                    self.kind = "replayed";
                    self.access_id = Some(replayed.access);
                }
                Event::SubjectAccessGiven(given) => {
                    self.kind = "given";
                    self.access_id = Some(given.access);
                    self.reason = Some(AccessReason::SubjectAccess);
                    self.groups.clone_from(&given.groups);
                    self.record_state = Some(given.record_state);
                }
            }
        }
    }
}
