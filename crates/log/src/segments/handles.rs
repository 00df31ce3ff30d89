//! Closed segments that are open for reading: a few of them, however many there are.
//!
//! Ten years of looks are eight thousand segments, more files than a process may have open, and their marks alone
//! are 130 MB. Both are read again when they are wanted.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock},
};

use crate::{
    LogError,
    disk::{Disk, DiskFile, Open},
    lock::held,
    segment,
    sidecar::Sidecar,
};

/// Most closed segments that are open at once: far below what systems allow, and more than a year's months have
/// readers.
const OPEN_MAX: usize = 128;

/// A closed segment that is open.
#[derive(Debug)]
pub(super) struct Handle {
    pub(super) file: Arc<dyn DiskFile>,
    marks: OnceLock<Vec<u32>>,
}

impl Handle {
    /// Offsets of marked records, from the sidecar of the segment that ends at `end`; none where it is missing or
    /// wrong, and then a read begins at the first record.
    pub(super) fn marks(&self, disk: &dyn Disk, number: u32, end: u32) -> &[u32] {
        self.marks.get_or_init(|| {
            let sidecar = Sidecar::load(disk, number).filter(|sidecar| sidecar.end == end);
            sidecar.map(|sidecar| sidecar.marks).unwrap_or_default()
        })
    }
}

/// The closed segments that were read last.
#[derive(Debug, Default)]
pub(super) struct Handles(Mutex<Recent>);

#[derive(Debug, Default)]
struct Recent {
    open: BTreeMap<u32, (Arc<Handle>, u64)>,
    /// Counts what was asked for, so that the one not asked for longest is known.
    asked: u64,
}

impl Handles {
    /// The segment with this number, opened where it is not open.
    ///
    /// # Errors
    /// `Io`: it could not be opened; so where it is archived and the archive is not there.
    pub(super) fn get(&self, disk: &dyn Disk, number: u32) -> Result<Arc<Handle>, LogError> {
        {
            let mut recent = held(&self.0);
            recent.asked += 1;
            let asked = recent.asked;
            if let Some((handle, last)) = recent.open.get_mut(&number) {
                *last = asked;
                return Ok(Arc::clone(handle));
            }
        }
        // Without the lock: a slow disk of old segments lets nobody wait who reads new ones.
        let file = disk.open(&segment::name(number), Open::Read).map_err(LogError::io("open a segment"))?;
        Ok(self.put(number, Handle { file, marks: OnceLock::new() }))
    }

    /// Takes over a segment that was closed this moment.
    pub(super) fn closed(&self, number: u32, file: Arc<dyn DiskFile>, marks: Vec<u32>) {
        self.put(number, Handle { file, marks: OnceLock::from(marks) });
    }

    fn put(&self, number: u32, handle: Handle) -> Arc<Handle> {
        let handle = Arc::new(handle);
        let mut recent = held(&self.0);
        recent.asked += 1;
        let asked = recent.asked;
        recent.open.insert(number, (Arc::clone(&handle), asked));
        if recent.open.len() > OPEN_MAX {
            let oldest = recent.open.iter().min_by_key(|(_, (_, last))| *last).map(|(oldest, _)| *oldest);
            oldest.and_then(|oldest| recent.open.remove(&oldest));
        }
        handle
    }
}
