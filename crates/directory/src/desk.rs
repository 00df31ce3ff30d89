//! The registrar's desk: which reference, identifier and event id means which child, as of this moment.
//!
//! Everything here is decided before an acknowledgement and rebuilt on open from the children's rows and the
//! headers of the log; it is never behind (house rules, section 5). Memory: about 60 bytes a reference,
//! 48 bytes an event id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use events::child::Child;
use vocabulary::{
    BodyHash, ChildId, ChildNumber, EventId, IntakeId, InvolvementId, KeyedRef, OrganisationId, Position,
    ShieldId,
};

/// What is remembered of a supplier's event id, for as long as the log lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Where its record stands.
    pub(crate) position: Position,
    /// The hash of what was sent.
    pub(crate) body: BodyHash,
}

/// Where an item of the identity queue stands, and by what it is told who decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where it was put on the queue.
    pub(crate) position: Position,
    /// Since when.
    pub(crate) since: DateTime<Utc>,
    /// Whose it is.
    pub(crate) supplier: OrganisationId,
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

/// The maps of the desk. `HashMap` where order can never show: these are only asked, never listed.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) seen: HashMap<EventId, Seen>,
    pub(crate) locals: HashMap<KeyedRef, ChildId>,
    pub(crate) involvements: HashMap<InvolvementId, ChildId>,
    /// Who is given each identifier, and since when: a fold of what stands, whatever the order it is read in.
    pub(crate) identifiers: HashMap<KeyedRef, BTreeSet<(Position, ChildId)>>,
    pub(crate) numbers: HashMap<ChildNumber, ChildId>,
    pub(crate) practitioners: HashMap<KeyedRef, BTreeSet<ChildId>>,
    pub(crate) shields: HashMap<ShieldId, ChildId>,
    /// References that a person decided do not mean these records.
    pub(crate) told_apart: HashMap<KeyedRef, BTreeSet<ChildId>>,
    pub(crate) waiting_refs: HashMap<KeyedRef, IntakeId>,
    pub(crate) queue: BTreeMap<IntakeId, Waiting>,
    /// The items of the queue in the order in which they were put there.
    pub(crate) queued: BTreeMap<Position, IntakeId>,
}

/// The references by which the desk finds one child.
#[derive(Debug, Default, PartialEq, Eq)]
struct Handles {
    locals: BTreeSet<KeyedRef>,
    involvements: BTreeSet<InvolvementId>,
    identifiers: BTreeSet<(KeyedRef, Position)>,
    practitioners: BTreeSet<KeyedRef>,
    shields: BTreeSet<ShieldId>,
}

impl Handles {
    fn of(child: &Child, identifiers: BTreeSet<(KeyedRef, Position)>) -> Handles {
        Handles {
            locals: child.refs.keys().copied().collect(),
            involvements: child.involvements.keys().copied().collect(),
            identifiers,
            practitioners: child
                .involvements
                .values()
                .filter_map(|involvement| Some(involvement.practitioner.as_ref()?.practitioner_ref))
                .collect(),
            shields: child.shields.keys().chain(child.shield_requests.keys()).copied().collect(),
        }
    }
}

impl Desk {
    /// Moves the desk from what a child was to what it is. `hashed` names a child's identifiers.
    pub(crate) fn sync(
        &mut self,
        id: ChildId,
        before: Option<&Child>,
        after: &Child,
        hashed: &dyn Fn(&Child) -> BTreeSet<(KeyedRef, Position)>,
    ) {
        let old = before.map(|child| Handles::of(child, hashed(child))).unwrap_or_default();
        let new = Handles::of(after, hashed(after));
        if let Some(number) = after.number {
            self.numbers.insert(number, id);
        }
        replace(&mut self.locals, &old.locals, &new.locals, id);
        replace(&mut self.involvements, &old.involvements, &new.involvements, id);
        replace(&mut self.shields, &old.shields, &new.shields, id);
        for reference in &after.told_apart {
            self.told_apart.entry(*reference).or_default().insert(id);
        }
        for (gone, since) in old.identifiers.difference(&new.identifiers) {
            if let Some(given) = self.identifiers.get_mut(gone) {
                given.remove(&(*since, id));
            }
        }
        for (come, since) in new.identifiers.difference(&old.identifiers) {
            self.identifiers.entry(*come).or_default().insert((*since, id));
        }
        for gone in old.practitioners.difference(&new.practitioners) {
            if let Some(children) = self.practitioners.get_mut(gone) {
                children.remove(&id);
            }
        }
        for come in new.practitioners.difference(&old.practitioners) {
            self.practitioners.entry(*come).or_default().insert(id);
        }
    }

    /// I-29: an identifier belongs to at most one live child; of those that are given it, the first keeps it.
    pub(crate) fn holder(&self, identifier: &KeyedRef) -> Option<ChildId> {
        self.identifiers.get(identifier)?.first().map(|(_, child)| *child)
    }

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

fn replace<K: Copy + Ord + std::hash::Hash>(
    map: &mut HashMap<K, ChildId>,
    old: &BTreeSet<K>,
    new: &BTreeSet<K>,
    id: ChildId,
) {
    for gone in old.difference(new) {
        map.remove(gone);
    }
    for come in new.difference(old) {
        map.insert(*come, id);
    }
}
