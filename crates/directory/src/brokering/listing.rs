//! What waits at one's own desk, and what one asked oneself.
//!
//! The desk's page names children, so that it is a fact before it is shown. Replies to one's own requests hold a word
//! and the number that one gave, and are no look (rules.md 6.2).

use chrono::{DateTime, Utc};
use events::{
    Fact,
    brokering::{About, Outcome, Told, told},
    search::{self, List},
};
use projections::{Brokerings, brokerings};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{
    AccessReason, AccountId, BrokeringId, ChildId, ChildNumber, Contact, OrganisationId, Position,
};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// A request as its asker sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokeringOwn {
    /// Which.
    pub brokering_id: BrokeringId,
    /// The number by which it was asked.
    pub child_number: ChildNumber,
    /// What was not shown.
    pub about: About,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Until when the desk answers.
    pub due_by: DateTime<Utc>,
    /// `waiting`, `overdue` or `answered`.
    pub state: &'static str,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Since when it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
}

/// A request as the desk sees it that answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokeringWaiting {
    /// Which.
    pub brokering_id: BrokeringId,
    /// The number by which it was asked.
    pub child_number: ChildNumber,
    /// What was not shown.
    pub about: About,
    /// Why it was asked.
    pub reason: AccessReason,
    /// Who asks, and where they are reached.
    pub asked_by: BrokeringAsker,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Until when it is to be answered.
    pub due_by: DateTime<Utc>,
    /// Whether that has passed.
    pub overdue: bool,
}

/// A request with its id.
type Asked = (BrokeringId, brokerings::Row);

/// Who asks.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct BrokeringAsker {
    /// The account.
    pub user: AccountId,
    /// The person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// In which organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// The organisation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_name: Option<String>,
    /// Where they are reached, as given with the request.
    pub contacts: Vec<Contact>,
    /// How their organisation is reached, by which a caller is proved to be of it.
    pub organisation_contacts: Vec<Contact>,
}

impl std::fmt::Debug for BrokeringAsker {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "BrokeringAsker({})", self.user)
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokeringPage<T> {
    /// The requests, at most fifty: at the desk those due first, one's own the oldest first.
    pub requests: Vec<T>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Position>,
}

impl Directory {
    /// What waits at the person's own desk, and at any.
    ///
    /// Cost: one row a request shown; one append.
    ///
    /// # Errors
    /// `Refused`: of no desk. Others: a machine failed, nothing is shown.
    pub async fn brokering_desk(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<Disclosed<BrokeringPage<BrokeringWaiting>>, LookError> {
        person.may(Action::AnswerForDesk, Relation::OwnAuthority)?;
        let (page, children) = self.page_of_desk(person, after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Brokering, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// Whether the person may answer for a desk in this request.
    pub fn is_of_a_desk(&self, person: &Person) -> bool {
        person.authority.is_some() && person.may(Action::AnswerForDesk, Relation::OwnAuthority).is_ok()
    }

    /// What the person asked themself, with what they may be told of it at this moment.
    ///
    /// # Errors
    /// The rows could not be read.
    pub fn brokering_own(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<BrokeringPage<BrokeringOwn>, LookError> {
        let now = self.clock().now();
        let within = brokerings::asked_by(person.account);
        let (rows, next) = self.brokerings(&[within], after)?;
        let requests = rows.into_iter().map(|(id, row)| {
            let (state, answered) = match told(row.answered, row.requested.due_by, now) {
                Told::Waiting => ("waiting", None),
                Told::Overdue => ("overdue", None),
                Told::Answered(answered) => ("answered", Some(answered)),
            };
            BrokeringOwn {
                brokering_id: id,
                child_number: row.requested.number,
                about: row.requested.about,
                asked_at: row.at,
                due_by: row.requested.due_by,
                state,
                outcome: answered.map(|answered| answered.outcome),
                answered_at: answered.map(|answered| answered.at),
            }
        });
        Ok(BrokeringPage { requests: requests.collect(), next })
    }

    fn page_of_desk(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<(BrokeringPage<BrokeringWaiting>, Vec<ChildId>), LookError> {
        let now = self.clock().now();
        let own = person.authority.iter().map(brokerings::for_desk);
        let any = brokerings::for_desk(&crate::judge::national_pool());
        let desks: Vec<_> = own.chain([any]).collect();
        let (mut rows, next) = self.brokerings(&desks, after)?;
        let related = self.related(&person.viewer())?;
        rows.retain(|(_, row)| !related.contains(&self.kinship().root(row.requested.child)));
        let mut children: Vec<ChildId> =
            rows.iter().map(|(_, row)| self.kinship().root(row.requested.child)).collect();
        children.sort_unstable();
        children.dedup();
        let mut requests: Vec<BrokeringWaiting> = rows
            .into_iter()
            .map(|(id, row)| BrokeringWaiting {
                brokering_id: id,
                child_number: row.requested.number,
                about: row.requested.about,
                reason: row.requested.reason,
                asked_by: self.asker(row.requested.by, row.requested.contacts),
                asked_at: row.at,
                due_by: row.requested.due_by,
                overdue: row.requested.due_by < now,
            })
            .collect();
        requests.sort_by_key(|request| request.due_by);
        Ok((BrokeringPage { requests, next }, children))
    }

    fn asker(&self, user: AccountId, contacts: Vec<Contact>) -> BrokeringAsker {
        let register = self.register();
        let created = register.account(user).and_then(|held| held.created.as_ref());
        let organisation = created.map(|created| created.organisation.clone());
        BrokeringAsker {
            user,
            user_name: created.map(|created| created.name.as_str().to_owned()),
            organisation_name: organisation.as_ref().and_then(|id| register.name_of(id)),
            organisation_contacts: organisation
                .as_ref()
                .map(|id| register.contacts_of(id))
                .unwrap_or_default(),
            organisation,
            contacts,
        }
    }

    /// The rows that stand within these postings after a position, the oldest first, and where the next page begins.
    fn brokerings(
        &self,
        within: &[projections::Posting],
        after: Position,
    ) -> Result<(Vec<Asked>, Option<Position>), LookError> {
        let mut found = Vec::new();
        let mut more = false;
        for posted in within {
            let from = posted.clone().and(&Position(after.0.saturating_add(1)));
            let ids = self.rows().postings::<Brokerings>(
                posted,
                Some(&from),
                Order::Ascending,
                LIST_CHILDREN_MAX + 1,
            )?;
            for (_, id) in ids {
                found.extend(self.rows().get::<Brokerings>(&id)?.map(|row| (id, row)));
            }
        }
        found.sort_by_key(|(_, row)| row.position);
        if found.len() > LIST_CHILDREN_MAX {
            found.truncate(LIST_CHILDREN_MAX);
            more = true;
        }
        let next = found.last().map(|(_, row)| row.position).filter(|_| more);
        Ok((found, next))
    }
}
