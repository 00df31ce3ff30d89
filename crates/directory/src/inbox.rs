//! Inbox: what an organisation is told of the children it works with, and that its staff saw it.
//!
//! Who is told was decided when the other service began or stopped; here it is judged again, by the record as it
//! stands this moment, so that what was shielded, disputed or taken back since is left out. A line holds a number, a
//! kind and a place in the log: the rest is fetched, with a reason. Source: rules.md 2.3; domain.md Q17; ADR-0057.

use chrono::{DateTime, Utc};
use events::{
    Fact,
    child::{
        Child, Command,
        involvement::{self, Change},
    },
    search::{self, List},
};
use projections::{ChildRecord, notifications};
use serde::Serialize;
use visibility::{
    Sight, Viewer,
    permission::{Action, Relation},
};
use vocabulary::{
    AccountId, Assurance, Channel, ChildId, ChildNumber, InvolvementId, Position, Role, england_day,
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
    /// What happened: `involvement.started`, `involvement.ended`.
    pub kind: &'static str,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Of which child.
    pub child_number: ChildNumber,
    /// The own open entries because of which one is told.
    pub own_involvements: Vec<InvolvementId>,
    /// Whether one of them is the lead professional's.
    pub lead_professional: bool,
    /// When somebody of the organisation said that they saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<DateTime<Utc>>,
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

impl Directory {
    /// What a person's organisation is told, newest first, recorded before it is shown; `before` is where the page
    /// before ended.
    ///
    /// Cost: a range of one index, one child as it stands for each of at most two hundred postings, one append.
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

    fn page_of_inbox(
        &self,
        person: &Person,
        before: Option<Position>,
    ) -> Result<(InboxPage, Vec<ChildId>), LookError> {
        let within = notifications::of(&person.organisation);
        let from = before.map(|before| notifications::at(&person.organisation, before));
        let postings =
            self.rows().postings::<ChildRecord>(&within, from.as_ref(), Order::Descending, JUDGED_MAX)?;
        let viewer = person.viewer();
        let related = self.related(&viewer)?;
        let mut page = InboxPage { notifications: Vec::new(), next: None };
        let mut children = Vec::new();
        let all = postings.len() < JUDGED_MAX;
        for (posting, record) in postings {
            let Some(position) = notifications::read(&posting) else { continue };
            if page.notifications.len() == LIST_CHILDREN_MAX {
                return Ok((page, children));
            }
            page.next = Some(position);
            let root = self.kinship().root(record);
            let told = self.told_of(&viewer, record, position)?.filter(|_| !related.contains(&root));
            if let Some(item) = told {
                page.notifications.push(item);
                children.push(root);
            }
        }
        page.next = page.next.filter(|_| !all);
        Ok((page, children))
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
        acknowledged_at: first.acknowledged_at,
    })
}
