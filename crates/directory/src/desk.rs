//! The registrar's desk: what waits for a person; and the lock that whoever decides who is who holds alone.
//!
//! Everything here is decided before an acknowledgement and rebuilt on open from the log; it is never behind (house
//! rules, section 5). What a reference means is asked of the handles. Memory: some 500 bytes an item.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use vocabulary::{ChildId, IntakeId, KeyedRef, OrganisationId, Position};

/// Where an item of the identity queue stands, and by what it is told who decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where it was put on the queue.
    pub(crate) position: Position,
    /// Since when.
    pub(crate) since: DateTime<Utc>,
    /// Whose it is; nobody's where two records are alike.
    pub(crate) supplier: Option<OrganisationId>,
    /// The children that it might be.
    pub(crate) candidates: Vec<ChildId>,
}

/// One item of the identity queue, with what waits behind it in the order it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Where it stands.
    pub(crate) place: Option<Place>,
    /// Events that came later for the same reference.
    pub(crate) behind: Vec<IntakeId>,
    /// The references that lead here.
    pub(crate) refs: BTreeSet<KeyedRef>,
}

/// The queue, and the references that wait there. `HashMap` where order can never show: it is only asked.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) waiting_refs: HashMap<KeyedRef, IntakeId>,
    pub(crate) queue: BTreeMap<IntakeId, Waiting>,
    /// The items of the queue in the order in which they were put there.
    pub(crate) queued: BTreeMap<Position, IntakeId>,
}

impl Desk {
    /// Puts an item on the queue, reached by `refs`.
    pub(crate) fn enqueue(&mut self, item: IntakeId, place: Place, refs: impl IntoIterator<Item = KeyedRef>) {
        self.queued.insert(place.position, item);
        self.queue.entry(item).or_default().place = Some(place);
        self.reach(item, refs);
    }

    /// Lets an item of the queue be reached by `refs` as well.
    fn reach(&mut self, item: IntakeId, refs: impl IntoIterator<Item = KeyedRef>) {
        let waiting = self.queue.entry(item).or_default();
        for reference in refs {
            waiting.refs.insert(reference);
            self.waiting_refs.entry(reference).or_insert(item);
        }
    }

    /// Puts an event behind an item already on the queue, reached by `refs` as well.
    pub(crate) fn wait_behind(
        &mut self,
        head: IntakeId,
        item: IntakeId,
        refs: impl IntoIterator<Item = KeyedRef>,
    ) {
        self.reach(head, refs);
        if let Some(waiting) = self.queue.get_mut(&head)
            && !waiting.behind.contains(&item)
        {
            waiting.behind.push(item);
        }
    }

    /// Takes an item off the queue, with everything that waited behind it.
    pub(crate) fn dequeue(&mut self, item: IntakeId) -> Waiting {
        let waiting = self.queue.remove(&item).unwrap_or_default();
        if let Some(place) = &waiting.place {
            self.queued.remove(&place.position);
        }
        for reference in &waiting.refs {
            if self.waiting_refs.get(reference) == Some(&item) {
                self.waiting_refs.remove(reference);
            }
        }
        waiting
    }
}
