//! Filling the index at opening: all of it from the rows, or what changed since a snapshot was made.

use std::{iter::Peekable, vec};

use finding::{Index, Loading};
use projections::ChildRow;
use tracing::info;
use vocabulary::{ChildId, Position};

use super::{Doubt, IndexFrom};
use crate::entry::{held, index_entry};

/// An index that is being filled from the rows, which are told in the order of ids.
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
    /// Whoever the snapshot knows and no row has told of yet, in order.
    known: Peekable<vec::IntoIter<ChildId>>,
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

    /// Onto a snapshot that knows of everything up to `position`. Cost: sorts the ids, 16 bytes a child for a while.
    pub(crate) fn onto(index: Index, generation: u32, position: Position) -> Filling {
        let mut known: Vec<ChildId> = index.children().collect();
        known.sort_unstable();
        let known = known.into_iter().peekable();
        Filling::Onto(Box::new(Onto { index, generation, known, position, put: 0, taken_out: 0 }))
    }

    /// Takes the next row.
    pub(crate) fn take(&mut self, id: ChildId, row: &ChildRow) {
        match self {
            Filling::Anew(loading, _) => {
                loading.put(id, index_entry(&row.child).as_ref(), held(&row.child).as_ref());
            }
            Filling::Onto(onto) => onto.take(id, row),
        }
    }

    /// Ends it: the index, and what it was filled from.
    pub(crate) fn done(self) -> (Index, IndexFrom) {
        let (index, from) = match self {
            Filling::Anew(loading, doubt) => (loading.done(), IndexFrom::Rows(doubt)),
            Filling::Onto(mut onto) => {
                while let Some(gone) = onto.known.next() {
                    onto.take_out(gone);
                }
                let Onto { index, generation, position, put, taken_out, .. } = *onto;
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

impl Onto {
    fn take(&mut self, id: ChildId, row: &ChildRow) {
        while let Some(gone) = self.known.next_if(|known| *known < id) {
            self.take_out(gone);
        }
        let is_known = self.known.next_if_eq(&id).is_some();
        // What is tied to others is found as a whole, once all rows are read.
        let is_same = row.position <= self.position;
        if !row.child.ties.is_empty() || is_known && is_same {
            return;
        }
        let before = self.index.len();
        match index_entry(&row.child) {
            Some(entry) => self.index.put(id, &entry),
            None => self.index.remove(id),
        }
        match held(&row.child) {
            Some(held) => self.index.hold(id, &held),
            None => self.index.let_go(id),
        }
        self.put += u64::from(is_known || self.index.len() != before);
    }

    fn take_out(&mut self, gone: ChildId) {
        self.index.remove(gone);
        self.index.let_go(gone);
        self.taken_out += 1;
    }
}
