//! Filling the index at opening: all of it from the rows, or what changed since a snapshot was made.

use events::child::Child;
use finding::{Entry, Index, Loading, matcher::Held};
use projections::ChildRow;
use tracing::info;
use vocabulary::{ChildId, Position};

use super::{Doubt, IndexFrom};
use crate::entry::{held, index_entry};

/// An index that is being filled from the rows, told in any order.
pub(crate) enum Filling {
    /// Of everybody, since there was no snapshot, or this doubt about it.
    Anew(Box<Loading>, Option<Doubt>),
    /// Of whoever the snapshot does not know as they are now.
    Onto(Box<Onto>),
}

/// A snapshot that is being brought up to now.
pub(crate) struct Onto {
    index: Index,
    generation: u32,
    position: Position,
    /// Children put in again or for the first time.
    put: u64,
    /// Children taken out, whose rows are gone.
    taken_out: u64,
}

impl Filling {
    /// From nothing.
    pub(crate) fn anew(doubt: Option<Doubt>) -> Filling {
        Filling::Anew(Box::default(), doubt)
    }

    /// Onto a snapshot that knows of everything up to `position`.
    pub(crate) fn onto(index: Index, generation: u32, position: Position) -> Filling {
        Filling::Onto(Box::new(Onto { index, generation, position, put: 0, taken_out: 0 }))
    }

    /// Whether every row must be told; else those that changed since are enough.
    pub(crate) fn wants_all(&self) -> bool {
        matches!(self, Filling::Anew(..))
    }

    /// Takes a row, or hears that a child who changed has none any more.
    pub(crate) fn take(&mut self, id: ChildId, row: Option<&ChildRow>) {
        match (self, row) {
            (Filling::Anew(loading, _), Some(row)) => Words::of(&row.child).put(id, loading),
            (Filling::Anew(..), None) => (),
            (Filling::Onto(onto), Some(row)) => onto.take(id, row),
            (Filling::Onto(onto), None) => onto.take_out(id),
        }
    }

    /// Takes the words of a child, where every row is told.
    pub(crate) fn take_words(&mut self, id: ChildId, words: &Words) {
        if let Filling::Anew(loading, _) = self {
            words.put(id, loading);
        }
    }

    /// Ends it: the index, and what it was filled from.
    pub(crate) fn done(self) -> (Index, IndexFrom) {
        let (index, from) = match self {
            Filling::Anew(loading, doubt) => (loading.done(), IndexFrom::Rows(doubt)),
            Filling::Onto(onto) => {
                let Onto { index, generation, position, put, taken_out } = *onto;
                (index, IndexFrom::Snapshot { generation, position, put, taken_out })
            }
        };
        let children = index.len();
        match &from {
            IndexFrom::Rows(_) => info!(children, "filled the index from the rows"),
            IndexFrom::Snapshot { generation, position, put, taken_out } => {
                info!(
                    children,
                    generation,
                    position = position.0,
                    put,
                    taken_out,
                    "filled the index from its snapshot"
                );
            }
        }
        (index, from)
    }
}

/// What a child is found by and matched with: making it of a row is half of what filling costs.
pub(crate) struct Words {
    entry: Option<Entry>,
    held: Option<Held>,
}

impl Words {
    pub(crate) fn of(child: &Child) -> Words {
        Words { entry: index_entry(child), held: held(child) }
    }

    fn put(&self, id: ChildId, loading: &mut Loading) {
        loading.put(id, self.entry.as_ref(), self.held.as_ref());
    }
}

impl Onto {
    fn take(&mut self, id: ChildId, row: &ChildRow) {
        // What is tied to others is found as a whole, once all records are known.
        if row.position <= self.position || !row.child.ties.is_empty() {
            return;
        }
        match index_entry(&row.child) {
            Some(entry) => self.index.put(id, &entry),
            None => self.index.remove(id),
        }
        match held(&row.child) {
            Some(held) => self.index.hold(id, &held),
            None => self.index.let_go(id),
        }
        self.put += 1;
    }

    fn take_out(&mut self, gone: ChildId) {
        let before = self.index.len();
        self.index.remove(gone);
        self.index.let_go(gone);
        self.taken_out += u64::from(self.index.len() != before);
    }
}
