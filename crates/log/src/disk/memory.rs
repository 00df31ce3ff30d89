//! A disk in memory that knows what is durable, so that a crash can be played at any moment.
//!
//! A crash keeps what was synced and any subset of the unsynced writes, torn at sectors of 512 bytes, and
//! any first part of the unsynced changes of names (as a journalling file system orders them).

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Disk, DiskFile, Guard, Open};

/// Bytes that a disk writes whole or not at all.
pub const SECTOR: usize = 512;

/// A folder in memory.
#[derive(Debug, Default, Clone)]
pub struct MemoryDisk {
    inner: Arc<Mutex<Names>>,
}

#[derive(Debug, Default)]
struct Names {
    now: BTreeMap<String, MemoryFile>,
    durable: BTreeMap<String, MemoryFile>,
    unsynced: Vec<Change>,
    locks: Vec<String>,
}

#[derive(Debug, Clone)]
enum Change {
    Add(String, MemoryFile),
    Rename(String, String),
    Remove(String),
}

#[derive(Debug, Default, Clone)]
struct MemoryFile {
    content: Arc<Mutex<Content>>,
}

#[derive(Debug, Default)]
struct Content {
    now: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<(usize, Vec<u8>)>,
}

impl MemoryDisk {
    /// Makes an empty folder.
    pub fn new() -> MemoryDisk {
        MemoryDisk::default()
    }

    /// The folder as a crash at this moment may leave it; `survives` is asked for each unsynced change.
    ///
    /// Locks are gone, as with the process that held them. This folder itself is left as it is.
    #[must_use]
    pub fn crashed(&self, survives: &mut dyn FnMut() -> bool) -> MemoryDisk {
        let names = held(&self.inner);
        let mut kept = names.durable.clone();
        for change in &names.unsynced {
            if !survives() {
                break;
            }
            change.apply(&mut kept);
        }
        let now: BTreeMap<String, MemoryFile> =
            kept.into_iter().map(|(name, file)| (name, file.crashed(survives))).collect();
        let left = Names { durable: now.clone(), now, unsynced: Vec::new(), locks: Vec::new() };
        MemoryDisk { inner: Arc::new(Mutex::new(left)) }
    }

    /// Number of changes that a crash at this moment may keep or lose.
    pub fn unsynced(&self) -> usize {
        let names = held(&self.inner);
        let writes: usize = names.now.values().map(|file| held(&file.content).sectors().count()).sum();
        names.unsynced.len() + writes
    }
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<String, MemoryFile>) {
        match self {
            Change::Add(name, file) => {
                names.insert(name.clone(), file.clone());
            }
            Change::Rename(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
            Change::Remove(name) => {
                names.remove(name);
            }
        }
    }
}

impl Names {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.now);
        self.unsynced.push(change);
    }

    fn known(&self, name: &str) -> io::Result<&MemoryFile> {
        self.now.get(name).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl MemoryFile {
    fn crashed(&self, survives: &mut dyn FnMut() -> bool) -> MemoryFile {
        let content = held(&self.content);
        let mut kept = content.durable.clone();
        for (at, part) in content.sectors() {
            if survives() {
                lay(&mut kept, at, part);
            }
        }
        let left = Content { now: kept.clone(), durable: kept, unsynced: Vec::new() };
        MemoryFile { content: Arc::new(Mutex::new(left)) }
    }
}

impl Content {
    /// The unsynced writes, cut at the borders of sectors.
    fn sectors(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.unsynced.iter().flat_map(|(at, bytes)| {
            let first = (SECTOR - at % SECTOR).min(bytes.len());
            let (head, rest) = bytes.split_at(first);
            let behind = at + first;
            let whole = rest.chunks(SECTOR).enumerate();
            std::iter::once((*at, head)).chain(whole.map(move |(n, part)| (behind + n * SECTOR, part)))
        })
    }
}

/// Lays `bytes` into `content` at `at`, with zeroes before where it is shorter.
fn lay(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    if let Some(place) = content.get_mut(at..end) {
        place.copy_from_slice(bytes);
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk for MemoryDisk {
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let mut names = held(&self.inner);
        match how {
            Open::Read | Open::Write => Ok(Arc::new(names.known(name)?.clone())),
            Open::Create => {
                let file = MemoryFile::default();
                names.change(Change::Add(name.to_owned(), file.clone()));
                Ok(Arc::new(file))
            }
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut names = held(&self.inner);
        names.known(from)?;
        names.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut names = held(&self.inner);
        names.known(name)?;
        names.change(Change::Remove(name.to_owned()));
        Ok(())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let within = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let names = held(&self.inner);
        let direct = names.now.keys().filter_map(|name| name.strip_prefix(&within));
        Ok(direct.filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }

    fn sync_dir(&self, _folder: &str) -> io::Result<()> {
        let mut names = held(&self.inner);
        names.durable = names.now.clone();
        names.unsynced.clear();
        Ok(())
    }

    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>> {
        let mut names = held(&self.inner);
        if names.locks.iter().any(|taken| taken == name) {
            return Ok(None);
        }
        names.locks.push(name.to_owned());
        Ok(Some(Box::new(MemoryGuard { disk: self.clone(), name: name.to_owned() })))
    }
}

#[derive(Debug)]
struct MemoryGuard {
    disk: MemoryDisk,
    name: String,
}

impl Guard for MemoryGuard {}

impl Drop for MemoryGuard {
    fn drop(&mut self) {
        held(&self.disk.inner).locks.retain(|taken| *taken != self.name);
    }
}

impl DiskFile for MemoryFile {
    fn pwrite(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        let at = usize::try_from(at).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let mut content = held(&self.content);
        lay(&mut content.now, at, bytes);
        content.unsynced.push((at, bytes.to_vec()));
        Ok(bytes.len())
    }

    fn pread(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let content = held(&self.content);
        let rest = usize::try_from(at).ok().and_then(|at| content.now.get(at..)).unwrap_or_default();
        let read = rest.len().min(into.len());
        for (place, byte) in into.iter_mut().zip(rest) {
            *place = *byte;
        }
        Ok(read)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut content = held(&self.content);
        for (at, bytes) in std::mem::take(&mut content.unsynced) {
            lay(&mut content.durable, at, &bytes);
        }
        Ok(())
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        let length = usize::try_from(bytes).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let mut content = held(&self.content);
        let grown = length.saturating_sub(content.now.len());
        if grown == 0 {
            return Err(io::ErrorKind::Unsupported.into());
        }
        // One zero at the new end is all that a crash may lose of it.
        content.now.resize(length, 0);
        content.unsynced.push((length - 1, vec![0]));
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(held(&self.content).now.len() as u64)
    }
}
