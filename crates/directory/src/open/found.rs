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
    rows::{Rows, RowsError},
    snapshots::{Filling, IndexFrom, Since, Snapshots, Words},
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
        self.follow(id, row);
        self.filling.take(id, Some(row));
    }

    /// Brings handles and kinship up to a row.
    fn follow(&mut self, id: ChildId, row: &ChildRow) {
        if row.position > self.known && self.failed.is_none() {
            self.handles.follow(id, None, &row.child, false, self.vault);
            self.failed = self.handles.spill().err();
        }
        if !row.child.ties.is_empty() {
            self.tied.extend(self.kinship.remember(id, &row.child));
        }
    }

    /// Takes every row, its words made by whichever thread opened it.
    fn take_all(&mut self, rows: &Rows) -> Result<(), RowsError> {
        let known = self.known;
        let make = |id: ChildId, row: ChildRow| {
            let words = Words::of(&row.child);
            (id, words, Some(row).filter(|row| row.position > known || !row.child.ties.is_empty()))
        };
        rows.each_made::<ChildRecord, _>(&make, &mut |(id, words, row)| {
            self.filling.take_words(id, &words);
            if let Some(row) = row {
                self.follow(id, &row);
            }
        })?;
        Ok(())
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
    if bringing.filling.wants_all() {
        bringing.take_all(rows)?;
    } else if since_handles.is_outrun() {
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
