//! The row store: what the read models folded, sealed, with how far each has come.
//!
//! One store of the LSM kind (fjall), a keyspace a model, one cache for all. A batch writes rows, postings and the
//! model's checkpoint together or not at all; what a crash takes from the end is folded again. Nothing here is the
//! truth: throw the folder away and it is built anew from the log. Source: house rules section 4.6; ADR-0003.

mod aside;
mod bulk;
mod compacting;
mod each;
mod error;
mod folding;
mod generation;
mod reading;
mod sorting;
#[cfg(test)]
mod spec;
mod stored;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use fjall::{Database, Keyspace, KeyspaceCreateOptions};
use projections::{ReadModel, Visitor, visit_all};
use vault::Vault;
use vocabulary::Position;

use crate::children::Children;
pub(crate) use aside::Aside;
pub(crate) use bulk::{Bulk, BulkOf, Folds, Writes};
pub use error::RowsError;
pub(crate) use folding::{Changes, Folding};
pub(crate) use generation::Generation;
pub use reading::{Digest, Found, Order};
pub(crate) use sorting::{Entries, Runs};

/// Blocks kept in memory for all models together (house rules, section 4: one cache): of twelve million children all
/// that leads to a row, some 220 MB, so that a row costs one read of the disk.
pub const CACHE_BYTES: u64 = 256 << 20;

/// Rows written and not yet sorted into a file, for each model. Sixteen models share the 0.5 GB that rows may take.
const MEMTABLE_BYTES: u64 = 16 << 20;

/// Most bytes to be read again at opening, so that opening stays quick: the smallest that the store takes.
const JOURNAL_BYTES_MAX: u64 = 64 << 20;

/// Threads that sort and merge files beside the one that folds. With more than one, the first of fjall 3.1 hands each
/// merge on to the others and is handed it again at once, for as long as these are busy: a whole processor for nothing.
const WORKERS: usize = 1;

/// The keyspace that tells which generation of each model is read, and how far each has come.
const META: &str = "meta";

/// First byte of a row's key in its model's keyspace; postings begin with the number of their index, from 1.
const ROW: u8 = 0;

/// All rows of a directory, shared by all threads.
pub struct Rows {
    database: Database,
    vault: Arc<Vault>,
    meta: Keyspace,
    /// Where there is room for what memory does not hold.
    folder: PathBuf,
    live: RwLock<BTreeMap<&'static str, Generation>>,
    /// Children whose rows were read or decided lately.
    children: Children,
}

impl Rows {
    /// Opens the rows in `folder`, or makes an empty store there.
    ///
    /// What an unfinished rebuild or an older version of a model left behind is dropped. `cache_bytes` is shared by
    /// all models. Cost: reads the journal, at most 64 MiB.
    ///
    /// # Errors
    /// `InUse`: another process has the folder. `Store`.
    pub fn open(folder: &Path, vault: Arc<Vault>, cache_bytes: u64) -> Result<Rows, RowsError> {
        let opening = || RowsError::store("be opened");
        let database = Database::builder(folder)
            .cache_size(cache_bytes)
            .max_journaling_size(JOURNAL_BYTES_MAX)
            .worker_threads(WORKERS)
            .open()
            .map_err(opening())?;
        let meta = database.keyspace(META, options).map_err(opening())?;
        let live = RwLock::new(BTreeMap::new());
        let children = Children::new();
        let rows = Rows { database, vault, meta, folder: folder.to_owned(), live, children };
        let mut openings = Openings { rows: &rows, failed: None };
        visit_all(&mut openings);
        if let Some(error) = openings.failed {
            return Err(error);
        }
        rows.drop_strays()?;
        Ok(rows)
    }

    /// Place of the last record that the rows of a model know of.
    ///
    /// # Errors
    /// `Store`, `Unreadable`.
    pub fn checkpoint<M: ReadModel>(&self) -> Result<Position, RowsError> {
        self.live::<M>()?.checkpoint::<M>()
    }

    /// Where there is room for what memory does not hold.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The vault that seals the rows.
    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Children as deciding left them, ahead of their rows.
    pub(crate) fn children(&self) -> &Children {
        &self.children
    }

    /// The generation of a model that is read now.
    pub(crate) fn live<M: ReadModel>(&self) -> Result<Generation, RowsError> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        live.get(M::NAME).cloned().ok_or(RowsError::UnknownModel)
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Rows").finish_non_exhaustive()
    }
}

fn options() -> KeyspaceCreateOptions {
    KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES)
}

/// Opens the live generation of each model.
struct Openings<'a> {
    rows: &'a Rows,
    failed: Option<RowsError>,
}

impl Visitor for Openings<'_> {
    fn visit<M: ReadModel>(&mut self) {
        if self.failed.is_none()
            && let Err(error) = self.rows.open_live::<M>()
        {
            self.failed = Some(error);
        }
    }
}
