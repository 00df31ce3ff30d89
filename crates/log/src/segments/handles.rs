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
    /// Counts segments that were replaced, so that none is kept that was opened before.
    replaced: u64,
}

impl Handles {
    /// The segment with this number, opened where it is not open.
    ///
    /// # Errors
    /// `Io`: it could not be opened; so where it is archived and the archive is not there.
    pub(super) fn get(&self, disk: &dyn Disk, number: u32) -> Result<Arc<Handle>, LogError> {
        let replaced = {
            let mut recent = held(&self.0);
            recent.asked += 1;
            let asked = recent.asked;
            if let Some((handle, last)) = recent.open.get_mut(&number) {
                *last = asked;
                return Ok(Arc::clone(handle));
            }
            recent.replaced
        };
        // Without the lock: a slow disk of old segments lets nobody wait who reads new ones.
        let file = disk.open(&segment::name(number), Open::Read).map_err(LogError::io("open a segment"))?;
        let handle = Arc::new(Handle { file, marks: OnceLock::new() });
        let mut recent = held(&self.0);
        if recent.replaced == replaced {
            recent.put(number, &handle);
        }
        Ok(handle)
    }

    /// Takes over a segment that was closed this moment.
    pub(super) fn closed(&self, number: u32, file: Arc<dyn DiskFile>, marks: Vec<u32>) {
        held(&self.0).put(number, &Arc::new(Handle { file, marks: OnceLock::from(marks) }));
    }

    /// Forgets what is open of a segment that was replaced this moment; whoever is reading it reads on.
    pub(super) fn replaced(&self, number: u32) {
        let mut recent = held(&self.0);
        recent.replaced += 1;
        recent.open.remove(&number);
    }
}

impl Recent {
    fn put(&mut self, number: u32, handle: &Arc<Handle>) {
        self.asked += 1;
        let asked = self.asked;
        self.open.insert(number, (Arc::clone(handle), asked));
        if self.open.len() > OPEN_MAX {
            let oldest = self.open.iter().min_by_key(|(_, (_, last))| *last).map(|(oldest, _)| *oldest);
            oldest.and_then(|oldest| self.open.remove(&oldest));
        }
    }
}
