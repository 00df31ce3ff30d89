//! The manifest: which runs there are, and up to which record of the log they tell everything.
//!
//! Replaced as a whole. Files that it does not name are left over from a crash, and go at the next opening.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use chrono::{DateTime, Datelike};
use serde::{Deserialize, Serialize};
use vocabulary::{KeyId, Position};

const NAME: &str = "manifest.json";

/// Raised when handles are made of something else than before; files of another version are made anew.
const VERSION: u32 = 1;

/// What is told of the files, and what else an opening must know without reading the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    /// The runs tell of every record up to here, and of none after it.
    pub(super) position: Position,
    /// The leaf hash of the record at that position.
    pub(super) record: Vec<u8>,
    /// The runs of handles, oldest first; so the next two.
    pub(super) leads: Vec<String>,
    /// Of event ids.
    pub(super) seen: Vec<String>,
    /// Of the positions of what the register and the queue are made of.
    pub(super) standing: Vec<String>,
    /// The keys of the months.
    pub(super) months: Vec<(i32, u32, KeyId)>,
    /// The last key handed out of each pool.
    pub(super) keys: Vec<KeyId>,
    /// Somebody of whom the runs tell was to be forgotten: at the next opening all is made anew.
    pub(super) forgets: bool,
    /// The number of the next file.
    pub(super) next: u64,
}

impl Manifest {
    /// Reads the one in `folder`; `None` where there is none of this version.
    pub(super) fn read(folder: &Path) -> Option<Manifest> {
        let bytes = fs::read(folder.join(NAME)).ok()?;
        let read: Manifest = serde_json::from_slice(&bytes).ok()?;
        (read.version == VERSION).then_some(read)
    }

    /// Puts this one in place of the one before, durable.
    ///
    /// # Errors
    /// The disk; the one before stands.
    pub(super) fn write(&mut self, folder: &Path) -> io::Result<()> {
        self.version = VERSION;
        let bytes = serde_json::to_vec(self).map_err(io::Error::other)?;
        let unfinished = folder.join("manifest.new");
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, folder.join(NAME))?;
        File::open(folder)?.sync_all()
    }

    /// Removes every file of the folder that this manifest does not name.
    pub(super) fn sweep(&self, folder: &Path) -> io::Result<()> {
        for file in fs::read_dir(folder)? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            let named =
                [&self.leads, &self.seen, &self.standing].into_iter().flatten().any(|known| *known == name);
            if !named && name != NAME {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }

    /// Remembers the key of the month of a moment, told in microseconds.
    pub(super) fn of_month(&mut self, micros: i64, key: KeyId) {
        let Some(at) = DateTime::from_timestamp_micros(micros) else { return };
        let (year, month) = (at.year(), at.month());
        if !self.months.iter().any(|known| (known.0, known.1) == (year, month)) {
            self.months.push((year, month, key));
        }
    }

    /// Remembers that a key was handed out.
    pub(super) fn hand_out(&mut self, key: KeyId) {
        match self.keys.iter_mut().find(|known| known.pool == key.pool) {
            Some(known) => known.slot = known.slot.max(key.slot),
            None => self.keys.push(key),
        }
    }
}
