//! Handles: by what a child is asked for, and which records each leads to; and which event ids were seen where.
//!
//! A handle is the hash of a reference, an identifier, a number or an id. What it leads to is a guess that the
//! record itself confirms: nothing here is taken away but with the child (`forgetting.rs`), a handle that was given up
//! leads to a record that no longer has it, and two that share a hash lead to both. What is newest is in memory; the rest lies in sorted
//! files (`runs.rs`), written behind the log and found again at opening without reading it (ADR-0029).
//! Memory: some 60 bytes for each of the newest half million handles, 1.3 for each other one.

mod asking;
mod filter;
mod forgetting;
mod keeping;
mod manifest;
mod run;
mod runs;
#[cfg(test)]
mod spec;
mod standing;

use std::{
    collections::{BTreeSet, HashMap},
    io,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use event_log::{EventLog, LogError};
use uuid::Uuid;
use vocabulary::{
    BodyHash, ChildId, ChildNumber, EventId, InvolvementId, KeyedRef, Position, ShieldId, TransferId,
};

pub(crate) use keeping::Kept;
use run::PREFIX;

/// Handles and event ids in memory before they go into files: some 30 MB, and as much again while they are written.
const NEWEST_MAX: usize = 1 << 19;

/// Bytes of a handle with the record that it leads to.
const LEADS: usize = PREFIX + 16;

/// Bytes of an event id's beginning with the position of its record.
const SEEN: usize = PREFIX + 5;

/// Bytes of a position.
const STANDS: usize = 8;

/// What one asks by, hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Handle([u8; PREFIX]);

impl Handle {
    /// Every record that says something of another record leads here.
    pub(crate) const TIED: Handle = Handle([0; PREFIX]);

    /// A supplier's reference for a child.
    pub(crate) fn local(reference: KeyedRef) -> Handle {
        Handle::of(1, reference.0)
    }

    /// An involvement.
    pub(crate) fn involvement(id: InvolvementId) -> Handle {
        Handle::of(2, id.0)
    }

    /// An identifier of another body, hashed.
    pub(crate) fn identifier(hash: KeyedRef) -> Handle {
        Handle::of(3, hash.0)
    }

    /// A child number.
    pub(crate) fn number(number: ChildNumber) -> Handle {
        Handle::of(forgetting::NUMBER, Uuid::from_u64_pair(forgetting::spread(number.as_u64()), 0))
    }

    /// A supplier's reference for a practitioner.
    pub(crate) fn practitioner(reference: KeyedRef) -> Handle {
        Handle::of(5, reference.0)
    }

    /// A shield, or a request for one.
    pub(crate) fn shield(id: ShieldId) -> Handle {
        Handle::of(6, id.0)
    }

    /// A reference that a person decided does not mean the record.
    pub(crate) fn told_apart(reference: KeyedRef) -> Handle {
        Handle::of(7, reference.0)
    }

    /// A move to another authority that was proposed.
    pub(crate) fn transfer(id: TransferId) -> Handle {
        Handle::of(8, id.0)
    }

    /// The first bytes of an id that is random all over, or hashed; kinds are told apart by the last of these.
    fn of(kind: u8, id: Uuid) -> Handle {
        let mut prefix: [u8; PREFIX] = id.into_bytes().first_chunk().copied().unwrap_or_default();
        if let Some(last) = prefix.last_mut() {
            *last ^= kind;
        }
        Handle(prefix)
    }
}

/// What is remembered of a supplier's event id, for as long as the log lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Where its record stands.
    pub(crate) position: Position,
    /// The hash of what was sent.
    pub(crate) body: BodyHash,
}

/// Why a handle could not be asked for.
#[derive(Debug, thiserror::Error)]
pub enum HandlesError {
    /// A file could not be read, or is damaged: take the folder away, and the next opening makes it anew.
    #[error("the files of handles could not be read")]
    Unread(#[from] io::Error),
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] LogError),
}

/// Every handle of a directory. Shared between threads; nothing is taken while its locks are held.
#[derive(Debug)]
pub(crate) struct Handles {
    fresh: RwLock<Fresh>,
    /// `None`: all are kept in memory alone.
    kept: Option<Kept>,
    /// Handles and event ids in memory before they go into files.
    newest_max: usize,
    /// The last step to write them failed.
    failing: AtomicBool,
}

/// What no file tells yet.
#[derive(Debug, Default)]
struct Fresh {
    newest: Batch,
    /// On its way into files; read until these are.
    frozen: Option<Arc<Batch>>,
}

/// Handles and event ids that were told after one another.
#[derive(Debug, Default)]
struct Batch {
    leads: BTreeSet<[u8; LEADS]>,
    seen: HashMap<EventId, Seen>,
    /// The newest record that it knows of.
    position: Position,
}

impl Handles {
    /// Handles whose files are `kept`, or none.
    pub(crate) fn over(kept: Option<Kept>) -> Handles {
        Handles { fresh: RwLock::default(), kept, newest_max: NEWEST_MAX, failing: AtomicBool::new(false) }
    }

    /// Lets several handles lead to one record.
    pub(crate) fn put_all(&self, handles: &[Handle], child: ChildId) {
        if !handles.is_empty() {
            self.fresh_mut().newest.leads.extend(handles.iter().map(|handle| entry(*handle, child)));
        }
    }

    /// The records that a handle may lead to, in the order of their ids; each must be asked whether it does.
    ///
    /// Cost: looks into memory, and a read of a block for each run that may have it.
    ///
    /// # Errors
    /// `Unread`.
    pub(crate) fn find(&self, handle: Handle) -> Result<Vec<ChildId>, HandlesError> {
        let mut found = BTreeSet::new();
        let Handle(prefix) = handle;
        {
            let fresh = self.fresh();
            let (first, last) =
                (entry(handle, ChildId::from_u128(0)), entry(handle, ChildId::from_u128(u128::MAX)));
            let batches = [Some(&fresh.newest), fresh.frozen.as_deref()];
            for batch in batches.into_iter().flatten() {
                found.extend(batch.leads.range(first..=last).map(child_of));
            }
        }
        // What was in memory a moment ago is in a file by now, never the other way round.
        if let Some(kept) = &self.kept {
            kept.leads.find(prefix, &mut |entry| {
                found.insert(child_of(entry));
            })?;
        }
        Ok(found.into_iter().collect())
    }

    /// Remembers an event id.
    pub(crate) fn see(&self, id: EventId, seen: Seen) {
        self.fresh_mut().newest.seen.insert(id, seen);
    }

    /// What is remembered of an event id. Cost: as of [`Handles::find`]; for an id that was seen long ago, a read
    /// of the log besides.
    ///
    /// # Errors
    /// `Unread`, `Log`.
    pub(crate) fn seen(&self, id: EventId, log: &dyn EventLog) -> Result<Option<Seen>, HandlesError> {
        {
            let fresh = self.fresh();
            let batches = [Some(&fresh.newest), fresh.frozen.as_deref()];
            let known = batches.into_iter().flatten().find_map(|batch| batch.seen.get(&id));
            if known.is_some() {
                return Ok(known.copied());
            }
        }
        let Some(kept) = &self.kept else { return Ok(None) };
        let mut positions = Vec::new();
        kept.seen.find(prefix_of(id), &mut |entry| positions.push(position_of(entry)))?;
        for position in positions {
            let mut found = None;
            log.read_all(Position(position.0.saturating_sub(1)), 1, &mut |record| {
                if record.position == position && record.header.event_id == id {
                    found = Some(Seen { position, body: record.header.body_hash });
                }
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Remembers whether the last step failed; tells whether that is news.
    pub(crate) fn is_failing(&self, fails: bool) -> bool {
        self.failing.swap(fails, Ordering::AcqRel) != fails
    }

    /// The files, where there are any.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    fn fresh(&self) -> RwLockReadGuard<'_, Fresh> {
        self.fresh.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh_mut(&self) -> RwLockWriteGuard<'_, Fresh> {
        self.fresh.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    fn len(&self) -> usize {
        self.leads.len() + self.seen.len()
    }

    /// The beginnings of its event ids with their positions, in order.
    fn seen_entries(&self) -> Vec<[u8; SEEN]> {
        let mut entries: Vec<_> = self.seen.iter().map(|(id, seen)| seen_entry(*id, seen.position)).collect();
        entries.sort_unstable();
        entries
    }
}

fn entry(Handle(prefix): Handle, child: ChildId) -> [u8; LEADS] {
    let mut entry = [0; LEADS];
    let (first, last) = entry.split_at_mut(PREFIX);
    first.copy_from_slice(&prefix);
    last.copy_from_slice(child.0.as_bytes());
    entry
}

fn child_of(entry: &[u8; LEADS]) -> ChildId {
    ChildId::new(Uuid::from_bytes(entry.last_chunk().copied().unwrap_or_default()))
}

fn prefix_of(EventId(id): EventId) -> [u8; PREFIX] {
    id.into_bytes().first_chunk().copied().unwrap_or_default()
}

fn seen_entry(id: EventId, position: Position) -> [u8; SEEN] {
    let mut entry = [0; SEEN];
    let (first, last) = entry.split_at_mut(PREFIX);
    first.copy_from_slice(&prefix_of(id));
    // Five bytes: a million million records.
    let [_, _, _, bytes @ ..] = position.0.to_be_bytes();
    last.copy_from_slice(&bytes);
    entry
}

fn position_of(entry: &[u8; SEEN]) -> Position {
    let mut bytes = [0; 8];
    let (_, last) = bytes.split_at_mut(8 - (SEEN - PREFIX));
    last.copy_from_slice(entry.get(PREFIX..).unwrap_or_default());
    Position(u64::from_be_bytes(bytes))
}
