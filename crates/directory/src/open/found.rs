//! How children are found after an opening: handles, index and kinship brought up to the rows.
//!
//! Cost: the rows of whoever changed since these were kept; one pass over all rows where there is nothing kept, or
//! too much changed.

use std::collections::BTreeSet;

use event_log::EventLog;
use finding::Index;
use projections::{ChildRecord, ChildRow};
use vault::Vault;
use vocabulary::{ChildId, Position};

use super::OpenDirectoryError;
use crate::{
    handles::{Handle, Handles, HandlesError},
    kinship::Kinship,
    rows::Rows,
    snapshots::{Filling, IndexFrom, Since, Snapshots},
};

/// What it came to.
pub(super) struct Found {
    pub(super) index: Index,
    pub(super) from: IndexFrom,
    pub(super) kinship: Kinship,
    /// The records that are of one child with others.
    pub(super) tied: BTreeSet<ChildId>,
}

/// What is brought up to the rows.
struct Bringing<'a> {
    filling: Filling,
    handles: &'a Handles,
    /// The handles of records that changed after this are to be told.
    known: Position,
    vault: &'a Vault,
    kinship: Kinship,
    tied: BTreeSet<ChildId>,
    failed: Option<HandlesError>,
}

impl Bringing<'_> {
    fn take(&mut self, id: ChildId, row: &ChildRow) {
        if row.position > self.known && self.failed.is_none() {
            self.handles.follow(id, None, &row.child, false, self.vault);
            self.failed = self.handles.spill().err();
        }
        if !row.child.ties.is_empty() {
            self.tied.extend(self.kinship.remember(id, &row.child));
        }
        self.filling.take(id, Some(row));
    }
}

/// Brings handles, index and kinship up to the rows, which know of all that is durable.
pub(super) fn found(
    (handles, since_handles): (&Handles, &Since),
    since_index: Option<&Since>,
    rows: &Rows,
    snapshots: &Snapshots,
    (log, vault): (&dyn EventLog, &Vault),
) -> Result<Found, OpenDirectoryError> {
    let mut bringing = Bringing {
        filling: snapshots.filling(log, vault, since_index)?,
        handles,
        known: since_handles.position,
        vault,
        kinship: Kinship::default(),
        tied: BTreeSet::new(),
        failed: None,
    };
    if bringing.filling.wants_all() || since_handles.is_outrun() {
        rows.each::<ChildRecord>(&mut |id, row| bringing.take(id, &row))?;
    } else {
        let index = since_index.map(|since| &since.changed);
        let changed: BTreeSet<ChildId> =
            since_handles.changed.iter().chain(index.into_iter().flatten()).copied().collect();
        // Whoever is tied and did not change is asked for by what leads to all of them.
        let tied = handles.find(Handle::TIED)?;
        for id in changed.iter().copied().chain(tied.into_iter().filter(|id| !changed.contains(id))) {
            match rows.get::<ChildRecord>(&id)? {
                Some(row) => bringing.take(id, &row),
                None => bringing.filling.take(id, None),
            }
        }
    }
    let Bringing { filling, kinship, tied, failed, .. } = bringing;
    if let Some(error) = failed {
        return Err(error.into());
    }
    handles.stands_at(log.head()?, log, vault)?;
    let (index, from) = snapshots.done(filling, vault);
    Ok(Found { index, from, kinship, tied })
}
