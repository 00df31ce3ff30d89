//! Inbox: what an organisation is told of the children it works with, and what its staff answer.
//!
//! Who is told was decided when the other service began or stopped; here it is judged again, by the record as it
//! stands this moment, so that what was shielded, disputed or taken back since is left out. A line holds a number, a
//! kind and a place in the log: the rest is fetched, with a reason. Source: rules.md 2.3; domain.md Q17; ADR-0057.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use events::{
    Fact,
    child::{
        Child, Command,
        involvement::{self, Change, Contacted, NotShared},
    },
    search::{self, List},
};
use projections::{ChildRecord, LeadLook, LeadLooks, RowKey, notifications};
use serde::Serialize;
use visibility::{
    Sight, Viewer,
    permission::{Action, Relation},
};
use vocabulary::{
    AccountId, Assurance, Channel, ChildId, ChildNumber, InvolvementId, OrganisationId, Position, Role,
    england_day,
};

use crate::{
    Directory,
    by_hand::HandError,
    children::LoadError,
    disclose::{Disclosed, LookError},
    outcome::Pending,
    people::Person,
    permitting::Denied,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
    supply::Sender,
};

/// Most notifications that are judged for one page: four times a page, so that many that may no longer be shown cost
/// no more than that.
const JUDGED_MAX: usize = 4 * LIST_CHILDREN_MAX;

/// One thing that an organisation is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxItem {
    /// Where it was recorded: its id.
    pub position: Position,
    /// What happened: `involvement.started`, `involvement.ended`, `record.opened`.
    pub kind: &'static str,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Of which child.
    pub child_number: ChildNumber,
    /// The own open entries because of which one is told.
    pub own_involvements: Vec<InvolvementId>,
    /// Whether one of them is the lead professional's.
    pub lead_professional: bool,
    /// Staff of which organisation looked, of `record.opened`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// When somebody of the organisation said that they saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// On which day the organisation got in touch with the other service last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted_on: Option<NaiveDate>,
}

/// One page of an inbox.
#[derive(Debug, Serialize)]
pub struct InboxPage {
    /// What one is told, newest first; at most fifty.
    pub notifications: Vec<InboxItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Position>,
}

/// Where a line of an inbox comes from.
enum Source {
    /// Another service began or stopped: told in this record.
    Entry(ChildId),
    /// Somebody looked.
    Look(LeadLook),
}

impl Directory {
    /// What a person's organisation is told, newest first, recorded before it is shown; `before` is where the page
    /// before ended.
    ///
    /// Cost: a range of two indexes, one child as it stands for each of at most four hundred lines, one append.
    ///
    /// # Errors
    /// `Refused`: the account may not act. Others: a machine failed, and nothing is shown.
    pub async fn inbox(
        &self,
        person: &Person,
        before: Option<Position>,
    ) -> Result<Disclosed<InboxPage>, LookError> {
        person.may(Action::ReadCaseload, Relation::OwnOrganisation)?;
        let (page, mut children) = self.page_of_inbox(person, before)?;
        children.sort_unstable();
        children.dedup();
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Inbox, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// Records that somebody of an organisation saw what it was told; once for all of its staff.
    ///
    /// # Errors
    /// `Unknown`: nothing of this id is told to the person's organisation, or no longer. `Refused`: a rule said no.
    pub fn acknowledge(&self, person: &Person, notification: Position) -> Result<Pending, HandError> {
        person.may(Action::ChangeInvolvement, Relation::OwnOrganisation)?;
        let _alone = self.desk_mut();
        let organisation = person.organisation.clone();
        let at = notifications::at(&organisation, notification);
        let found = self.rows().postings::<ChildRecord>(&at, None, Order::Ascending, 1);
        let (_, record) = found.map_err(LoadError::from)?.pop().ok_or(HandError::Unknown)?;
        let viewer = person.viewer();
        if self.related(&viewer)?.contains(&self.kinship().root(record)) {
            return Err(Denied::declared_relationship().into());
        }
        self.told_of(&viewer, record, notification)?.ok_or(HandError::Unknown)?;
        let seen = involvement::Command::Acknowledge { organisation, notification };
        self.run(person, record, &[Command::Involvement(seen)])
    }

    /// Records that a person's organisation got in touch with another that works with the child.
    ///
    /// # Errors
    /// `Unknown`: no such involvement of the person's own. `Refused`: the other is none that is seen, or a rule said no.
    pub fn make_contact(&self, person: &Person, told: Contacted) -> Result<Pending, HandError> {
        let (own, organisation) = (told.involvement, person.organisation.clone());
        self.for_own_entry(person, own, involvement::Command::MakeContact { organisation, told })
    }

    /// Records that a person's organisation decided not to share what it knows of the child.
    ///
    /// # Errors
    /// As [`Directory::make_contact`].
    pub fn decline_sharing(&self, person: &Person, told: NotShared) -> Result<Pending, HandError> {
        let (own, organisation) = (told.involvement, person.organisation.clone());
        self.for_own_entry(person, own, involvement::Command::DeclineSharing { organisation, told })
    }

    /// Runs a command on the child with whom the person's own organisation works by this entry.
    fn for_own_entry(
        &self,
        person: &Person,
        own: InvolvementId,
        command: involvement::Command,
    ) -> Result<Pending, HandError> {
        let _alone = self.desk_mut();
        let record = self.involved(own)?;
        let known = record.map(|record| self.load(record)).transpose()?;
        let is_own = known.as_ref().and_then(|known| known.child.involvements.get(&own));
        let is_own = is_own.is_some_and(|held| held.organisation == person.organisation);
        let (Some(record), true) = (record, is_own) else {
            // Whose it is is not told to those who may do this nowhere.
            person.may(Action::ChangeInvolvement, Relation::OwnOrganisation)?;
            return Err(HandError::Unknown);
        };
        let related = self.related(&person.viewer())?.contains(&self.kinship().root(record));
        let relation = if related { Relation::Declared } else { Relation::OwnOrganisation };
        person.may(Action::ChangeInvolvement, relation)?;
        self.run(person, record, &[Command::Involvement(command)])
    }

    fn page_of_inbox(
        &self,
        person: &Person,
        before: Option<Position>,
    ) -> Result<(InboxPage, Vec<ChildId>), LookError> {
        let viewer = person.viewer();
        let related = self.related(&viewer)?;
        let mut page = InboxPage { notifications: Vec::new(), next: None };
        let mut children = Vec::new();
        let (sources, all) = self.inbox_sources(&person.organisation, before)?;
        for (position, source) in sources.into_iter().rev() {
            if page.notifications.len() == LIST_CHILDREN_MAX {
                return Ok((page, children));
            }
            page.next = Some(position);
            let (record, told) = match source {
                Source::Entry(record) => (record, self.told_of(&viewer, record, position)?),
                Source::Look(look) => (look.child, self.told_look(&viewer, position, look)?),
            };
            let root = self.kinship().root(record);
            if let Some(item) = told.filter(|_| !related.contains(&root)) {
                page.notifications.push(item);
                children.push(root);
            }
        }
        page.next = page.next.filter(|_| !all);
        Ok((page, children))
    }

    /// What an organisation was told before `before`, the newest of it, and whether that is all there is.
    fn inbox_sources(
        &self,
        organisation: &OrganisationId,
        before: Option<Position>,
    ) -> Result<(BTreeMap<Position, Source>, bool), LookError> {
        let rows = self.rows();
        let posted = before.map(|before| notifications::at(organisation, before));
        let within = notifications::of(organisation);
        let postings =
            rows.postings::<ChildRecord>(&within, posted.as_ref(), Order::Descending, JUDGED_MAX)?;
        let key = before.map(|before| (organisation.clone(), before));
        let own = organisation.encode();
        let looks = rows.scan::<LeadLooks>(&own, key.as_ref(), Order::Descending, JUDGED_MAX)?;
        let told = postings.last().and_then(|(posting, _)| notifications::read(posting));
        let looked = looks.last().map(|((_, position), _)| *position);
        // Of one that was cut off nothing older is known, so that nothing older of the other is told yet.
        let cut = [(postings.len(), told), (looks.len(), looked)];
        let oldest =
            cut.into_iter().filter(|(read, _)| *read == JUDGED_MAX).filter_map(|(_, last)| last).max();
        let entries = postings
            .into_iter()
            .filter_map(|(posting, record)| Some((notifications::read(&posting)?, Source::Entry(record))));
        let looks = looks.into_iter().map(|((_, position), look)| (position, Source::Look(look)));
        let all =
            entries.chain(looks).filter(|(position, _)| oldest.is_none_or(|oldest| *position >= oldest));
        Ok((all.collect(), oldest.is_none()))
    }

    /// A look that was told to the viewer's organisation as lead, as far as it may be shown this moment.
    fn told_look(
        &self,
        viewer: &Viewer,
        position: Position,
        look: LeadLook,
    ) -> Result<Option<InboxItem>, LoadError> {
        let child = self.load(look.child)?.child;
        let sight = Sight::on(england_day(self.clock().now()));
        let Some(kind) = self.kind_of(&look.looked) else { return Ok(None) };
        let shown = visibility::may_be_told_of_look(viewer, &child, look.lead, kind, &sight);
        Ok(child.number.filter(|_| shown).map(|child_number| InboxItem {
            position,
            kind: "record.opened",
            at: look.at,
            child_number,
            own_involvements: vec![look.lead],
            lead_professional: true,
            organisation: Some(look.looked),
            acknowledged_at: None,
            contacted_on: None,
        }))
    }

    /// What was recorded at `position` for the viewer's organisation, as far as it may be shown this moment.
    fn told_of(
        &self,
        viewer: &Viewer,
        record: ChildId,
        position: Position,
    ) -> Result<Option<InboxItem>, LoadError> {
        let child = self.load(record)?.child;
        let sight = Sight {
            ended_visible_days: self.register().in_force().settings.ended_visible_days,
            ..Sight::on(england_day(self.clock().now()))
        };
        Ok(item(viewer, &child, position, &sight))
    }

    /// Whether a client of an organisation may still be told in the feed what was recorded at `position`.
    pub(crate) fn may_be_fed(
        &self,
        sender: &Sender,
        record: ChildId,
        position: Position,
    ) -> Result<bool, LoadError> {
        // As far as a practitioner of the organisation would see it through the system that reads: nobody in person.
        let reader = Viewer {
            account: AccountId::new(uuid::Uuid::nil()),
            organisation: sender.organisation.clone(),
            kind: sender.kind,
            authority: None,
            role: Role::Practitioner,
            channel: Channel::Cms,
            assurance: Assurance::AssertedByCms,
            mediated_for: None,
            national: false,
        };
        Ok(self.told_of(&reader, record, position)?.is_some())
    }
}

fn item(viewer: &Viewer, child: &Child, position: Position, sight: &Sight) -> Option<InboxItem> {
    let own = child.involvements.iter().filter(|(_, held)| held.organisation == viewer.organisation);
    let told: Vec<_> = own
        .filter_map(|(id, held)| Some((*id, held, held.notifications.get(&position)?)))
        .filter(|(id, _, told)| visibility::may_be_told(viewer, child, *id, told.of, sight))
        .collect();
    let (_, _, first) = told.first()?;
    Some(InboxItem {
        position,
        kind: match first.change {
            Change::Started => "involvement.started",
            Change::Ended => "involvement.ended",
        },
        at: first.at,
        child_number: child.number?,
        own_involvements: told.iter().map(|(id, _, _)| *id).collect(),
        lead_professional: told.iter().any(|(_, held, _)| held.lead_professional),
        organisation: None,
        acknowledged_at: first.acknowledged_at,
        contacted_on: told.iter().filter_map(|(_, held, told)| held.contacted.get(&told.of).copied()).max(),
    })
}
