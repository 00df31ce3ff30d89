//! Keeping: a new generation written whole, then the one before it destroyed.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{RwLockWriteGuard, atomic::Ordering},
};

use event_log::{LogError, leaf::Hash};
use finding::Index;
use tracing::warn;
use vault::{Vault, VaultError};
use vocabulary::Position;

use super::{
    IndexFrom, PREFIX, Present, Snapshots, UNFINISHED, discard,
    head::{Head, MADE},
    pieces::{Seal, Sealing},
    record_at, try_discard,
};
use crate::{Directory, desk::Desk};

/// What came of keeping the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A snapshot was written, and the one before is destroyed.
    Written {
        /// Its number.
        generation: u32,
        /// Where in the log it was made.
        position: Position,
        /// How many children it holds.
        children: u64,
        /// Its length.
        bytes: u64,
    },
    /// The one that stands knows all that the log holds.
    Unchanged,
}

/// Why the index was not kept. What was kept before still stands; nothing depends on it.
#[derive(Debug, thiserror::Error)]
pub enum SaveIndexError {
    /// This directory keeps no snapshots.
    #[error("this directory has no folder for its index")]
    Nowhere,
    /// Facts are on their way into the log that the index knows already. Ask again once they are answered.
    #[error("position {} is filed and not durable yet", .0.0)]
    InFlight(Position),
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] LogError),
    /// No key could be had, or one not be destroyed.
    #[error("the key of the index could not be had or destroyed")]
    Keys(#[from] VaultError),
    /// The file could not be written.
    #[error("the index could not be written")]
    Io(#[from] io::Error),
}

impl Directory {
    /// What the index was filled from when the directory opened.
    pub fn index_from(&self) -> &IndexFrom {
        self.opened_from()
    }

    /// How many children may be found or matched.
    pub fn index_children(&self) -> usize {
        self.index().len()
    }

    /// Keeps the index on disk, sealed under a new key, for a quick opening; the generation before is destroyed.
    ///
    /// To be asked when few write: at an orderly stop, before serving begins, and now and then while it serves. Whoever has gone is left out.
    /// Cost: some 115 bytes a child of twelve million written and waited for; nobody can file meanwhile, searches wait for tenths of a
    /// second.
    ///
    /// # Errors
    /// As they say; the directory is as it was, and the snapshot before stands.
    pub fn save_index(&self) -> Result<Kept, SaveIndexError> {
        if self.snapshots().folder.is_none() {
            return Err(SaveIndexError::Nowhere);
        }
        if let Err(error) = self.keep_all_handles() {
            warn!(%error, "handles could not be written to their files");
        }
        self.still().save_index()
    }

    /// Holds up whoever files, until what this answers is dropped; those who look go on.
    pub fn still(&self) -> Still<'_> {
        // Whoever files holds the desk.
        Still { directory: self, _nobody_files: self.desk_mut() }
    }

    /// How many times something was filed of children since the index was kept, or since the directory opened.
    pub fn filed_since_kept(&self) -> u64 {
        self.snapshots().filed_since.load(Ordering::Relaxed)
    }

    /// Destroys the snapshot of the index, file and key; tells whether there was one.
    ///
    /// For erasure: to be called once the fact that keys are destroyed is durable and the child is out of the index,
    /// and before the erasure is told as done. After a crash between the two, opening finds that fact and does it.
    /// Cost: two waits for the disk.
    ///
    /// # Errors
    /// `Keys`, `Io`: the snapshot may still be there; ask again.
    pub fn forget_index(&self) -> Result<bool, SaveIndexError> {
        self.snapshots().forget(self.vault())
    }
}

/// A directory in which nobody files.
pub struct Still<'a> {
    directory: &'a Directory,
    _nobody_files: RwLockWriteGuard<'a, Desk>,
}

impl Still<'_> {
    /// Whether all that was filed is durable; it is a moment after the last was.
    ///
    /// # Errors
    /// The log has stopped.
    pub fn is_durable(&self) -> Result<bool, LogError> {
        Ok(self.directory.filed() <= self.directory.head()?)
    }

    /// Keeps the index: as [`Directory::save_index`], the files of handles apart.
    ///
    /// # Errors
    /// As [`Directory::save_index`].
    pub fn save_index(&self) -> Result<Kept, SaveIndexError> {
        let (directory, snapshots) = (self.directory, self.directory.snapshots());
        let position = directory.head()?;
        if directory.filed() > position {
            return Err(SaveIndexError::InFlight(directory.filed()));
        }
        let Some(record) = record_at(directory.log(), position)? else { return Ok(Kept::Unchanged) };
        if snapshots.position() == position || directory.index_rests() {
            return Ok(Kept::Unchanged);
        }
        directory.index_mut().pack();
        let kept = snapshots.keep(&directory.index(), &Made { position, record }, directory.vault())?;
        snapshots.filed_since.store(0, Ordering::Relaxed);
        Ok(kept)
    }
}

impl fmt::Debug for Still<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Still").finish_non_exhaustive()
    }
}

/// Of what a snapshot is made.
pub(super) struct Made {
    /// The index knows of every record of a child up to here, and of none after it.
    pub(super) position: Position,
    /// The leaf hash of the record at that position.
    pub(super) record: Hash,
}

impl Snapshots {
    /// Writes a new generation, then destroys the one before.
    pub(super) fn keep(&self, index: &Index, made: &Made, vault: &Vault) -> Result<Kept, SaveIndexError> {
        let folder = self.folder.as_deref().ok_or(SaveIndexError::Nowhere)?;
        let mut present = self.present();
        let Made { position, record } = *made;
        let generation = present.as_ref().map_or(1, |present| present.head.generation.saturating_add(1));
        let children = u64::try_from(index.len()).unwrap_or(u64::MAX);
        let (key, model) = (vault.mint()?, Head::model());
        let head = Head { made: MADE, model, generation, key, position, record, children };
        let unfinished = folder.join(format!("{PREFIX}{generation:08}.{UNFINISHED}"));
        let bytes = written(folder, &unfinished, &head, index, vault);
        let bytes = bytes.inspect_err(|_| discard(&unfinished, Some(key), vault))?;
        let file = unfinished.with_extension("");
        fs::rename(&unfinished, &file)?;
        let before = present.replace(Present { file, head });
        File::open(folder)?.sync_all()?;
        if let Some(before) = before {
            discard(&before.file, Some(before.head.key), vault);
        }
        Ok(Kept::Written { generation, position, children, bytes })
    }

    /// Destroys the one that stands; tells whether there was one.
    fn forget(&self, vault: &Vault) -> Result<bool, SaveIndexError> {
        let mut present = self.present();
        let Some(known) = present.as_ref() else { return Ok(false) };
        try_discard(&known.file, Some(known.head.key), vault)?;
        *present = None;
        Ok(true)
    }
}

/// Writes a snapshot that is durable when this returns, but for its name; answers its length.
fn written(folder: &Path, file: &Path, head: &Head, index: &Index, vault: &Vault) -> io::Result<u64> {
    fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    let bytes = head.write(vault);
    file.write_all(&bytes)?;
    let seal = Seal { vault, key: head.key, head: Head::hash(&bytes) };
    let mut sealing = Sealing::new(seal, &mut file);
    index.write_to(&mut sealing)?;
    sealing.end()?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}
