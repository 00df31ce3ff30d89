//! The feed: what a case management system is told of what became of its events, in the order of the log.
//!
//! A batch names children by their numbers, so that it leaves its fact in the log before it leaves the house, as
//! every list does. Nothing is told but a kind, a number and a position. Source: contract.md sections 2 (`/feed`)
//! and 3 (`event.resolved`); rules.md 2.3.

use event_log::LogError;
use events::{
    Fact,
    recorded::Actor,
    search::{self, List},
};
use projections::{Feed, FeedEvent, RowKey};
use vocabulary::{ChildId, ChildNumber, IntakeId, Position, Revision};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    keying,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
    supply::Sender,
};

/// One thing that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Where it stands in the feed: what a reader that comes again names as the last it had.
    pub at: Position,
    /// What happened: `event.resolved`, `discrepancy.raised`, `child.merged`, `child.split`.
    pub kind: &'static str,
    /// What it happened to: of an event that came to its end, the position that its `queued` outcome gave; else
    /// where it happened.
    pub position: Position,
    /// The child, where there is one.
    pub child_number: Option<ChildNumber>,
}

impl Directory {
    /// What the organisation of a client is to be told after `after`, oldest first; recorded before it is told.
    ///
    /// At most fifty rows at once, and nothing where there is nothing: [`Directory::caught_up`] says when to ask
    /// again. Cost: a range of one read model, a short stream for each row, one append where there are any.
    ///
    /// # Errors
    /// A machine failed: nothing is told, ask again.
    pub async fn feed(
        &self,
        sender: &Sender,
        after: Position,
    ) -> Result<Option<Disclosed<Vec<Told>>>, LookError> {
        let organisation = &sender.organisation;
        let rows = self.rows().scan::<Feed>(
            &organisation.encode(),
            Some(&(organisation.clone(), after)),
            Order::Ascending,
            LIST_CHILDREN_MAX,
        )?;
        let mut told = Vec::new();
        let mut children = Vec::new();
        for ((_, at), events) in rows {
            for event in events {
                let (child, one) = self.told(at, &event)?;
                children.extend(child.filter(|_| one.child_number.is_some()));
                told.push(one);
            }
        }
        if told.is_empty() {
            return Ok(None);
        }
        children.sort_unstable();
        children.dedup();
        let by = Actor::Supplier { organisation: organisation.clone(), client: Some(sender.client.clone()) };
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Feed, children });
        let ticket = self.append_look_by(by, keying::lists_of(self.vault(), &sender.client), vec![fact])?;
        Ok(Some(Disclosed::after(ticket, told).await?))
    }

    /// One row as it is told, with the child that it names. One arm a kind.
    fn told(&self, at: Position, event: &FeedEvent) -> Result<(Option<ChildId>, Told), LookError> {
        let (kind, position, child) = match event {
            FeedEvent::EventResolved { item, child } => {
                ("event.resolved", self.taken_at(*item)?.unwrap_or(at), *child)
            }
            FeedEvent::DiscrepancyRaised { child } => ("discrepancy.raised", at, Some(*child)),
            FeedEvent::ChildMerged { child } => ("child.merged", at, Some(*child)),
            FeedEvent::ChildSplit { child } => ("child.split", at, Some(*child)),
        };
        // Named under the number that answers now.
        let child = child.map(|child| self.kinship().root(child));
        let child_number =
            child.map(|child| self.load(child)).transpose()?.and_then(|held| held.child.number);
        Ok((child, Told { at, kind, position, child_number }))
    }

    /// Where an item was first taken in: the position that its `queued` outcome gave.
    fn taken_at(&self, item: IntakeId) -> Result<Option<Position>, LogError> {
        let mut first = None;
        self.log().read_stream(item.stream(), Revision::NONE, &mut |record| {
            first = first.or(Some(record.position));
        })?;
        Ok(first)
    }
}
