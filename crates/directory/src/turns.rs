//! Turns: who takes an event about a known child holds the desk with others, and waits for their turn at the child.
//!
//! Whoever holds the desk alone needs no turn. An event's turn is taken before a child's, and of each kind one at
//! most, so that nobody waits for somebody who waits for them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;
use vocabulary::{ChildId, EventId, KeyedRef};

/// So many that two who do not mean the same rarely meet.
const TURNS: usize = 1_024;

/// The turns of a directory. Some 16 kB.
#[derive(Debug)]
pub(crate) struct Turns {
    events: Vec<Mutex<()>>,
    children: Vec<Mutex<()>>,
}

impl Turns {
    pub(crate) fn new() -> Turns {
        let all = || (0..TURNS).map(|_| Mutex::default()).collect();
        Turns { events: all(), children: all() }
    }

    /// Waits for the turn of an event id, so that the same event sent twice at once is taken once.
    pub(crate) fn event(&self, EventId(id): EventId) -> MutexGuard<'_, ()> {
        taken(&self.events, id)
    }

    /// Waits for the turn at a child.
    pub(crate) fn child(&self, id: ChildId) -> MutexGuard<'_, ()> {
        taken(&self.children, id.0)
    }

    /// Waits for the turn at a reference that is linked to nobody yet.
    pub(crate) fn reference(&self, reference: KeyedRef) -> MutexGuard<'_, ()> {
        taken(&self.children, reference.0)
    }
}

fn taken(turns: &[Mutex<()>], id: Uuid) -> MutexGuard<'_, ()> {
    // The last bytes of an id are random in every version of ids.
    let (_, low) = id.as_u64_pair();
    let at = usize::try_from(low % turns.len() as u64).unwrap_or(0);
    // A turn guards nothing of its own, so that one that was poisoned is as good as any.
    turns[at].lock().unwrap_or_else(PoisonError::into_inner)
}
