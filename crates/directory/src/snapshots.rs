//! Snapshots: the index on a disk, sealed, checked at opening and left aside when in doubt (ADR-0024).
//!
//! One file, `children-NNNNNNNN`, in the folder `index`: a head in clear, then sealed pieces. Each generation has a
//! key of its own, which is destroyed with it, so that what it held of somebody is forgotten for good. A snapshot is
//! never the truth: whatever is wrong with it, the index is built from the rows.

mod filling;
mod head;
mod keeping;
mod pieces;
#[cfg(test)]
mod spec;

use std::{
    collections::HashSet,
    error::Error,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use event_log::{EventLog, LogError, RecordRef, leaf};
use events::{Fact, erasure, recorded::Recorded};
use finding::{Index, snapshot::SnapshotError};
use tracing::warn;
use vault::Vault;
use vocabulary::{ChildId, KeyId, Position, StreamKind};

use head::{HEAD_BYTES, Head};
use pieces::{Opening, Seal};

use crate::unseal::unseal;

pub(crate) use filling::{Filling, Words};
pub use keeping::{Kept, SaveIndexError, Still};

/// What the names of snapshots begin with; the number of the generation follows.
const PREFIX: &str = "children-";

/// What a snapshot is called that is not whole yet.
const UNFINISHED: &str = "new";

/// One in so many children may have new records since a snapshot: beyond it building anew is as quick.
const CHANGED_SHARE: u64 = 4;

/// Of fewer changes than this it is always quicker to make them.
const CHANGED_MIN: u64 = 1_000;

/// Why a snapshot was not used.
#[derive(Debug, thiserror::Error)]
pub enum Doubt {
    /// The file could not be read.
    #[error("its file could not be read")]
    Unread(#[source] io::Error),
    /// The head was altered, or another directory wrote it.
    #[error("its head is not one that this directory wrote")]
    Foreign,
    /// Another version wrote it, which made something else of the same children.
    #[error("another version wrote it")]
    Version,
    /// The log was restored to another past.
    #[error("the log does not hold the record at position {} that it was made at", .0.0)]
    Past(Position),
    /// Something was forgotten since, which the snapshot may hold.
    #[error("keys were destroyed after position {}, where it was made", .0.0)]
    Forgotten(Position),
    /// Its pieces were altered, its key is gone, or another version wrote it.
    #[error("it cannot be opened")]
    Index(#[from] SnapshotError),
    /// It does not hold as many children as its head says.
    #[error("it does not hold the children that it was made of")]
    Children,
    /// So much changed since that the index is built as quickly. The snapshot is whole.
    #[error("more than {more_than} children have new records since it was made")]
    Outrun {
        /// How many would have been few.
        more_than: u64,
    },
}

/// What the index was filled from at opening.
#[derive(Debug)]
pub enum IndexFrom {
    /// The rows, since there was no snapshot, or a doubt about it.
    Rows(Option<Doubt>),
    /// A snapshot.
    Snapshot {
        /// Which.
        generation: u32,
        /// Where in the log it was made.
        position: Position,
        /// Children who were put in since they had changed.
        put: u64,
        /// Children who were taken out since their rows are gone.
        taken_out: u64,
    },
}

/// What came in the log after something was made of it.
#[derive(Debug)]
pub(crate) struct Since {
    pub(crate) position: Position,
    /// Keys were destroyed, or what was to be forgotten could not be read.
    pub(crate) forgotten: bool,
    /// Most children with new records beyond whom it is quicker to make it anew.
    most: u64,
    /// Who they are; one more than `most` where there are more.
    pub(crate) changed: HashSet<ChildId>,
}

/// The snapshots of one directory.
pub(crate) struct Snapshots {
    /// `None`: nothing is kept.
    folder: Option<PathBuf>,
    /// The one generation that stands; held while another is written.
    present: Mutex<Option<Present>>,
    /// How many times something was filed of children since.
    filed_since: AtomicU64,
}

/// A snapshot with its head.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Present {
    file: PathBuf,
    head: Head,
}

impl Since {
    /// Begins to look at what comes after a position.
    pub(crate) fn after(position: Position, most: u64) -> Since {
        Since { position, forgotten: false, most, changed: HashSet::new() }
    }

    /// Tells whether so much came that it is made anew as quickly.
    pub(crate) fn is_outrun(&self) -> bool {
        self.changed.len() as u64 > self.most
    }

    /// Meets a record, of any position.
    pub(crate) fn meet(&mut self, vault: &Vault, record: &RecordRef<'_>) {
        if record.position <= self.position {
            return;
        }
        match record.header.stream.kind {
            StreamKind::Child => {
                if !self.is_outrun() {
                    self.changed.insert(ChildId::new(record.header.stream.id));
                }
            }
            // What cannot be read may be an order.
            StreamKind::Erasure => {
                self.forgotten |= unseal(vault, *record).map_or(true, |told| orders(&told));
            }
            StreamKind::Intake
            | StreamKind::Access
            | StreamKind::Search
            | StreamKind::Account
            | StreamKind::Organisation
            | StreamKind::Case
            | StreamKind::Policy
            | StreamKind::Brokering
            | StreamKind::Rights => (),
        }
    }
}

/// Tells whether a record says that keys are destroyed.
fn orders(recorded: &Recorded) -> bool {
    let destroyed = |fact: &Fact| matches!(fact, Fact::Erasure(erasure::Event::KeysDestroyed { .. }));
    recorded.facts().iter().any(destroyed)
}

impl Snapshots {
    /// Finds the newest snapshot in `folder`, and takes away whatever else a crash left there.
    pub(crate) fn find(folder: Option<&Path>, vault: &Vault) -> Snapshots {
        let mut found: Vec<PathBuf> =
            folder.and_then(|folder| fs::read_dir(folder).ok()).map_or_else(Vec::new, |files| {
                let files = files.filter_map(Result::ok).map(|file| file.path());
                files.filter(|file| name_of(file).starts_with(PREFIX)).collect()
            });
        // Generations are numbered in eight digits, so that names sort as they do.
        found.sort_unstable();
        let mut present = None;
        for file in found.into_iter().rev() {
            let is_whole = file.extension().is_none();
            let head = head_of(&file, vault);
            if let Ok(head) = &head {
                // No header in the log names it, and keys older than this folder might hand it out again.
                vault.mark_assigned(head.key);
            }
            match head {
                Ok(head) if is_whole && present.is_none() => present = Some(Present { file, head }),
                Ok(head) => discard(&file, Some(head.key), vault),
                Err(doubt) => {
                    if is_whole {
                        say(&file, &doubt);
                    }
                    discard(&file, None, vault);
                }
            }
        }
        let filed_since = AtomicU64::new(0);
        Snapshots { folder: folder.map(Path::to_owned), present: Mutex::new(present), filed_since }
    }

    /// Counts an append of a child's records.
    pub(crate) fn count_filed(&self) {
        self.filed_since.fetch_add(1, Ordering::Relaxed);
    }

    /// Where in the log the snapshot was made; the beginning where there is none.
    pub(crate) fn position(&self) -> Position {
        self.present().as_ref().map_or(Position::ZERO, |present| present.head.position)
    }

    /// Begins to look at what came after the snapshot; `None` where there is none.
    pub(crate) fn since(&self) -> Option<Since> {
        let present = self.present();
        let head = &present.as_ref()?.head;
        Some(Since::after(head.position, CHANGED_MIN.max(head.children / CHANGED_SHARE)))
    }

    /// Begins to fill the index: onto the snapshot, or from nothing where there is none, or a doubt about it.
    ///
    /// What is doubted is said, and taken away for good, unless it was merely outrun. Cost: reads the snapshot.
    ///
    /// # Errors
    /// The log could not be read.
    pub(crate) fn filling(
        &self,
        log: &dyn EventLog,
        vault: &Vault,
        since: Option<&Since>,
    ) -> Result<Filling, LogError> {
        let mut present = self.present();
        let (Some(known), Some(since)) = (present.as_ref(), since) else { return Ok(Filling::anew(None)) };
        let doubt = match read(known, log, vault, since)? {
            Ok(index) => {
                let Head { generation, position, .. } = known.head;
                return Ok(Filling::onto(index, generation, position));
            }
            Err(doubt) => doubt,
        };
        say(&known.file, &doubt);
        if !matches!(doubt, Doubt::Outrun { .. }) {
            discard(&known.file, Some(known.head.key), vault);
            *present = None;
        }
        Ok(Filling::anew(Some(doubt)))
    }

    /// Ends filling the index. A snapshot that knew somebody who has no row any more is taken away: whoever is gone
    /// was forgotten, and what is on the disk must not remember.
    pub(crate) fn done(&self, filling: Filling, vault: &Vault) -> (Index, IndexFrom) {
        let (index, from) = filling.done();
        if matches!(from, IndexFrom::Snapshot { taken_out: 1.., .. })
            && let Some(known) = self.present().take()
        {
            discard(&known.file, Some(known.head.key), vault);
        }
        (index, from)
    }

    fn present(&self) -> MutexGuard<'_, Option<Present>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(
    known: &Present,
    log: &dyn EventLog,
    vault: &Vault,
    since: &Since,
) -> Result<Result<Index, Doubt>, LogError> {
    let Present { file, head } = known;
    if !head.is_of_this_version() {
        return Ok(Err(Doubt::Version));
    }
    if record_at(log, head.position)? != Some(head.record) {
        return Ok(Err(Doubt::Past(head.position)));
    }
    if since.forgotten {
        return Ok(Err(Doubt::Forgotten(head.position)));
    }
    if since.is_outrun() {
        return Ok(Err(Doubt::Outrun { more_than: since.most }));
    }
    Ok(read_index(file, head, vault).and_then(|index| {
        let held = u64::try_from(index.len()).unwrap_or(u64::MAX);
        if held == head.children { Ok(index) } else { Err(Doubt::Children) }
    }))
}

fn read_index(file: &Path, head: &Head, vault: &Vault) -> Result<Index, Doubt> {
    let mut file = File::open(file).map_err(Doubt::Unread)?;
    let mut bytes = [0; HEAD_BYTES];
    file.read_exact(&mut bytes).map_err(Doubt::Unread)?;
    let whole = file.metadata().map_err(Doubt::Unread)?.len();
    let left = whole.saturating_sub(u64::try_from(HEAD_BYTES).unwrap_or_default());
    let seal = Seal { vault, key: head.key, head: Head::hash(&bytes) };
    let mut opening = Opening::new(seal, file, left);
    let index = Index::read_from(&mut opening, left)?;
    if opening.is_over() { Ok(index) } else { Err(Doubt::Foreign) }
}

/// The leaf hash of the record at a position; `None` where there is none.
pub(crate) fn record_at(log: &dyn EventLog, position: Position) -> Result<Option<leaf::Hash>, LogError> {
    let Some(before) = position.0.checked_sub(1) else { return Ok(None) };
    let mut found = None;
    log.read_all(Position(before), 1, &mut |record| {
        if record.position == position {
            found = Some(leaf::hash(&record.header.pack(), record.payload));
        }
    })?;
    Ok(found)
}

fn head_of(file: &Path, vault: &Vault) -> Result<Head, Doubt> {
    let mut bytes = [0; HEAD_BYTES];
    File::open(file).and_then(|mut file| file.read_exact(&mut bytes)).map_err(Doubt::Unread)?;
    Head::read(&bytes, vault).ok_or(Doubt::Foreign)
}

/// Destroys the key of a snapshot, then removes its file; a file whose key could not be destroyed stays.
fn discard(file: &Path, key: Option<KeyId>, vault: &Vault) {
    if let Err(error) = try_discard(file, key, vault) {
        warn!(snapshot = name_of(file), %error, "a snapshot of the index could not be taken away");
    }
}

fn try_discard(file: &Path, key: Option<KeyId>, vault: &Vault) -> io::Result<()> {
    if let Some(key) = key {
        vault.destroy(key).map_err(io::Error::other)?;
    }
    fs::remove_file(file)?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn say(file: &Path, doubt: &Doubt) {
    let cause = doubt.source().map(ToString::to_string).unwrap_or_default();
    warn!(
        snapshot = name_of(file),
        reason = %doubt,
        cause,
        "the snapshot of the index is not used; the index is built from the rows"
    );
}

fn name_of(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
