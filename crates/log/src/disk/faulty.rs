//! A disk whose Nth operation fails, and which can be watched at each sync.

use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Disk, DiskFile, Guard, Open};

/// How an operation goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It fails and does nothing. A failed sync leaves what was written unsynced.
    Error,
    /// A write writes its first half and says so; any other operation fails.
    ShortWrite,
    /// A write writes its first half and fails; any other operation fails.
    TornWrite,
    /// It fails, and so does every later one: the disk is gone.
    Gone,
}

/// Wraps a disk and counts its operations; the one with the chosen number goes wrong.
#[derive(Debug, Clone)]
pub struct FaultyDisk {
    disk: Arc<dyn Disk>,
    plan: Arc<Plan>,
}

/// Called before each sync of a file.
type Watch = Box<dyn Fn() + Send + Sync>;

struct Plan {
    done: AtomicU64,
    fails_at: u64,
    fault: Fault,
    before_sync: Watch,
}

impl fmt::Debug for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Plan")
            .field("fails_at", &self.fails_at)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

impl FaultyDisk {
    /// Lets the operation with number `fails_at`, 1 for the first, go wrong as `fault` says.
    pub fn new(disk: Arc<dyn Disk>, fails_at: u64, fault: Fault) -> FaultyDisk {
        FaultyDisk::planned(disk, fails_at, fault, Box::new(|| ()))
    }

    /// Lets nothing fail and calls `before_sync` before each sync of a file.
    pub fn watched(disk: Arc<dyn Disk>, before_sync: Watch) -> FaultyDisk {
        FaultyDisk::planned(disk, u64::MAX, Fault::Error, before_sync)
    }

    fn planned(disk: Arc<dyn Disk>, fails_at: u64, fault: Fault, before_sync: Watch) -> FaultyDisk {
        FaultyDisk { disk, plan: Arc::new(Plan { done: AtomicU64::new(0), fails_at, fault, before_sync }) }
    }

    /// Number of operations so far, the failed one included.
    pub fn operations(&self) -> u64 {
        self.plan.done.load(Ordering::SeqCst)
    }
}

impl Plan {
    /// Counts one operation; tells how it goes wrong, if it does.
    fn step(&self) -> Option<Fault> {
        let number = self.done.fetch_add(1, Ordering::SeqCst) + 1;
        let wrong = number == self.fails_at || (self.fault == Fault::Gone && number > self.fails_at);
        wrong.then_some(self.fault)
    }

    fn pass(&self) -> io::Result<()> {
        match self.step() {
            None => Ok(()),
            Some(Fault::Error | Fault::ShortWrite | Fault::TornWrite | Fault::Gone) => Err(failed()),
        }
    }
}

fn failed() -> io::Error {
    io::Error::other("the disk failed as the test asked")
}

impl Disk for FaultyDisk {
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        self.plan.pass()?;
        Ok(Arc::new(FaultyFile { file: self.disk.open(name, how)?, plan: Arc::clone(&self.plan) }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.plan.pass()?;
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.plan.pass()?;
        self.disk.remove(name)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.plan.pass()?;
        self.disk.list(folder)
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        self.plan.pass()?;
        self.disk.sync_dir(folder)
    }

    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>> {
        self.plan.pass()?;
        self.disk.lock(name)
    }
}

#[derive(Debug)]
struct FaultyFile {
    file: Arc<dyn DiskFile>,
    plan: Arc<Plan>,
}

impl DiskFile for FaultyFile {
    fn pwrite(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
        match self.plan.step() {
            None => self.file.pwrite(at, bytes),
            Some(Fault::ShortWrite) if !half.is_empty() => self.file.pwrite(at, half),
            Some(Fault::TornWrite) => {
                self.file.pwrite(at, half)?;
                Err(failed())
            }
            Some(Fault::Error | Fault::ShortWrite | Fault::Gone) => Err(failed()),
        }
    }

    fn pread(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.plan.pass()?;
        self.file.pread(at, into)
    }

    fn sync_data(&self) -> io::Result<()> {
        (self.plan.before_sync)();
        self.plan.pass()?;
        self.file.sync_data()
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        self.plan.pass()?;
        self.file.set_len(bytes)
    }

    fn len(&self) -> io::Result<u64> {
        self.plan.pass()?;
        self.file.len()
    }
}
