//! Aside: a file without a name, for what memory does not hold; it is gone with the process, whatever ends that.
//!
//! Nothing is put here that may not stand in the log or in the rows: sealed bytes, ids, places.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use super::RowsError;

/// Tells the files of one process apart for the moment in which they have names.
static MADE: AtomicU64 = AtomicU64::new(0);

/// Bytes kept aside, found by where they begin.
pub(crate) struct Aside {
    file: File,
    end: u64,
}

impl Aside {
    /// Makes an empty one in `folder`.
    pub(crate) fn make(folder: &Path) -> Result<Aside, RowsError> {
        let path = folder.join(format!("aside-{}", MADE.fetch_add(1, Ordering::Relaxed)));
        // One that a process left before it lost its name is taken over.
        let made =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&path);
        let file = made.and_then(|file| fs::remove_file(&path).map(|()| file)).map_err(failed)?;
        Ok(Aside { file, end: 0 })
    }

    /// Adds bytes at the end; answers where they begin.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<u64, RowsError> {
        let begins = self.end;
        self.file.write_all_at(bytes, begins).map_err(failed)?;
        self.end += bytes.len() as u64;
        Ok(begins)
    }

    /// Fills `into` with the bytes from `begins` on.
    pub(crate) fn read(&self, begins: u64, into: &mut [u8]) -> Result<(), RowsError> {
        self.file.read_exact_at(into, begins).map_err(failed)
    }
}

fn failed(error: io::Error) -> RowsError {
    RowsError::store("keep bytes aside")(fjall::Error::Io(error))
}
