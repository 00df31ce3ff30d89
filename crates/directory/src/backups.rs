//! The newest backup, noted in the data folder by whoever made it: a server makes none itself, and its operator is to
//! see how old it is.
//!
//! It is a note for people and proves nothing: of two backups at once, the one that ends later is noted.

use std::{fs, io, path::Path};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The note, in the data folder.
const FILE: &str = "last-backup.json";

/// A backup that was made, and whose copy of the log was proved whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When it was done.
    pub at: DateTime<Utc>,
    /// Records of the log in it.
    pub records: u64,
    /// Whether the keys were copied too: without them nobody reads the log.
    pub keys: bool,
}

impl Backup {
    /// Notes this one in a data folder, in the place of an older one.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn note(&self, data: &Path) -> io::Result<()> {
        let written = data.join(format!("{FILE}.new"));
        fs::write(&written, serde_json::to_vec(self)?)?;
        fs::rename(written, data.join(FILE))
    }

    /// The newest that was noted in a data folder; nothing where none ever was.
    ///
    /// # Errors
    /// The note cannot be read.
    pub fn noted(data: &Path) -> io::Result<Option<Backup>> {
        match fs::read(data.join(FILE)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_backup_is_noted_and_a_torn_note_is_an_error() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Backup::noted(data.path()).unwrap(), None);
        for records in [12, 15] {
            let made = Backup { at: "2026-11-24T02:00:00Z".parse().unwrap(), records, keys: true };
            made.note(data.path()).unwrap();
            assert_eq!(Backup::noted(data.path()).unwrap(), Some(made));
        }
        fs::write(data.path().join(FILE), b"{\"at\":").unwrap();
        assert!(Backup::noted(data.path()).is_err());
    }
}
