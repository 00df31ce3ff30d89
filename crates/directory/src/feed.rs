//! The feed: what a case management system is told of what became of its events, in the order of the log.
//!
//! A batch names children by their numbers, so that it leaves its fact in the log before it leaves the house, as
//! every list does. Nothing is told but a kind, a number and a position. What is told of another's entry is judged
//! again as it is read. Source: contract.md sections 2 (`/feed`) and 3 (`event.resolved`); rules.md 2.3.

use std::collections::BTreeMap;

use event_log::LogError;
use events::{
    Fact,
    recorded::Actor,
    search::{self, List},
};
use projections::{ChildRecord, Feed, FeedEvent, RowKey, notifications};
use vocabulary::{ChildId, ChildNumber, IntakeId, OrganisationId, Position, Revision};

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
    /// What happened: `event.resolved`, `discrepancy.raised`, `child.merged`, `child.split`,
    /// `involvement.changed`.
    pub kind: &'static str,
    /// What it happened to: of an event that came to its end, the position that its `queued` outcome gave; else
    /// where it happened.
    pub position: Position,
    /// The child, where there is one.
    pub child_number: Option<ChildNumber>,
}

/// The next of a feed.
#[derive(Debug)]
pub struct Fed {
    /// What is told; none where all of it may be told no longer.
    pub told: Option<Disclosed<Vec<Told>>>,
    /// How far it goes: where to go on.
    pub to: Position,
}

/// What stands at one position of a feed.
#[derive(Default)]
struct Row {
    events: Vec<FeedEvent>,
    /// The record in which it stands that another service began or stopped.
    changed: Option<ChildId>,
}

impl Directory {
    /// What the organisation of a client is to be told after `after`, oldest first; recorded before it is told.
    ///
    /// At most fifty positions at once, and nothing where there is nothing: [`Directory::caught_up`] says when to ask
    /// again. Cost: a range of two indexes, a short stream for each row, one append where there are any.
    ///
    /// # Errors
    /// A machine failed: nothing is told, ask again.
    pub async fn feed(&self, sender: &Sender, after: Position) -> Result<Option<Fed>, LookError> {
        let organisation = &sender.organisation;
        let mut told = Vec::new();
        let mut children = Vec::new();
        let mut to = None;
        for (at, row) in self.feed_rows(organisation, after)? {
            to = Some(at);
            let changed = match row.changed {
                Some(record) if self.may_be_fed(sender, record, at)? => Some(record),
                Some(_) | None => None,
            };
            let mut those =
                row.events.iter().map(|event| self.told(at, event)).collect::<Result<Vec<_>, _>>()?;
            if let Some(record) = changed {
                those.push(self.named(at, "involvement.changed", at, Some(record))?);
            }
            for (child, one) in those {
                children.extend(child.filter(|_| one.child_number.is_some()));
                told.push(one);
            }
        }
        let Some(to) = to else { return Ok(None) };
        if told.is_empty() {
            return Ok(Some(Fed { told: None, to }));
        }
        children.sort_unstable();
        children.dedup();
        let by = Actor::Supplier { organisation: organisation.clone(), client: Some(sender.client.clone()) };
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Feed, children });
        let ticket = self.append_look_by(by, keying::lists_of(self.vault(), &sender.client), vec![fact])?;
        Ok(Some(Fed { told: Some(Disclosed::after(ticket, told).await?), to }))
    }

    /// What stands in the feed after `after`, in the order of the log: the rows of two models, as far as both have
    /// come, so that nothing of the slower one is passed over.
    fn feed_rows(
        &self,
        organisation: &OrganisationId,
        after: Position,
    ) -> Result<Vec<(Position, Row)>, LookError> {
        let rows = self.rows();
        let reached = rows.checkpoint::<Feed>()?.min(rows.checkpoint::<ChildRecord>()?);
        let mut found: BTreeMap<Position, Row> = BTreeMap::new();
        let from = (organisation.clone(), after);
        let own = organisation.encode();
        for ((_, at), events) in rows.scan::<Feed>(&own, Some(&from), Order::Ascending, LIST_CHILDREN_MAX)? {
            found.entry(at).or_default().events = events;
        }
        let within = notifications::of(organisation);
        let since = notifications::at(organisation, after);
        let postings =
            rows.postings::<ChildRecord>(&within, Some(&since), Order::Ascending, LIST_CHILDREN_MAX)?;
        for (posting, record) in postings {
            if let Some(at) = notifications::read(&posting) {
                found.entry(at).or_default().changed = Some(record);
            }
        }
        Ok(found.into_iter().filter(|(at, _)| *at <= reached).take(LIST_CHILDREN_MAX).collect())
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
        self.named(at, kind, position, child)
    }

    /// What is told of a child, named under the number that answers now.
    fn named(
        &self,
        at: Position,
        kind: &'static str,
        position: Position,
        child: Option<ChildId>,
    ) -> Result<(Option<ChildId>, Told), LookError> {
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
