//! The mark of an import that is not at its end: how far it came, so that it goes on from there after a kill.
//!
//! Kept in the data folder, a file a client, and taken away at the end. What it tells of is durable in the log; what
//! came after it and is durable too answers `duplicate`. It holds counts and a checksum, and nothing that was sent.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use vocabulary::ClientId;

use super::lanes::Tally;
use crate::loading::{Codes, Counts};

/// How far an import came.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Events that were taken.
    pub(super) events: u64,
    /// The checksum over all of them, line by line.
    pub(super) checksum: u32,
    /// What came of them.
    pub(super) counts: Counts,
    /// How often each code was given with a refusal.
    pub(super) codes: Codes,
}

/// Where the mark of a client's import is kept.
pub(super) struct Marked {
    path: PathBuf,
}

impl Marked {
    /// In a data folder, for a client.
    pub(super) fn of(data: &Path, client: &ClientId) -> Marked {
        // Ids of clients are ours: letters, digits and hyphens.
        Marked { path: data.join(format!("import-{}.json", client.0)) }
    }

    /// The mark that an import left when it was cut short.
    pub(super) fn read(&self) -> Option<Mark> {
        serde_json::from_slice(&fs::read(&self.path).ok()?).ok()
    }

    /// Keeps how far it came. Not waited for by the disk: an older mark costs time and nothing else.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn keep(&self, events: u64, checksum: u32, tally: &Tally) -> anyhow::Result<()> {
        let mark = Mark { events, checksum, counts: tally.counts, codes: tally.codes.clone() };
        let unfinished = self.path.with_extension("new");
        let write = || -> io::Result<()> {
            fs::write(&unfinished, serde_json::to_vec(&mark)?)?;
            fs::rename(&unfinished, &self.path)
        };
        write().with_context(|| format!("{} cannot be written", self.path.display()))
    }

    /// Takes the mark away, since the import is at its end.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn end(&self) -> anyhow::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("{} cannot be removed", self.path.display()))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Where it is kept.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
