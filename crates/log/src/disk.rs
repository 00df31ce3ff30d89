//! The disk port: every file operation of the log goes through it, so that a test can fail the Nth one.
//!
//! Names are relative to one folder and use `/`. Nothing here retries a failed write or sync.

use std::{
    fmt::Debug,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::Arc,
};

pub mod faulty;
pub mod memory;

pub use faulty::{Fault, FaultyDisk};
pub use memory::MemoryDisk;

/// One folder of files.
pub trait Disk: Send + Sync + Debug {
    /// Opens a file; with [`Open::Create`] its folder is made too, and an older file of that name is emptied.
    ///
    /// # Errors
    /// As the operating system says; `NotFound` where the file is not there.
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>>;

    /// Gives a file another name, in place of any file that had it; atomic, durable after `sync_dir`.
    ///
    /// # Errors
    /// As the operating system says.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// As the operating system says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Names of the files directly in `folder` ("" for the folder itself), in order; empty where there is none.
    ///
    /// # Errors
    /// As the operating system says.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Makes the names in `folder` durable.
    ///
    /// # Errors
    /// As the operating system says.
    fn sync_dir(&self, folder: &str) -> io::Result<()>;

    /// Takes the exclusive lock on the file `name` for as long as the guard lives; `None` when another has it.
    ///
    /// # Errors
    /// As the operating system says.
    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>>;
}

/// One open file. Positioned reads and writes only, so that readers share it.
pub trait DiskFile: Send + Sync + Debug {
    /// Writes at `at`; may write fewer bytes than given, as the system call may.
    ///
    /// # Errors
    /// As the operating system says.
    fn pwrite(&self, at: u64, bytes: &[u8]) -> io::Result<usize>;

    /// Reads at `at`; 0 at the end of the file.
    ///
    /// # Errors
    /// As the operating system says.
    fn pread(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Makes the content durable (fdatasync).
    ///
    /// # Errors
    /// As the operating system says; after an error nothing unsynced may be trusted.
    fn sync_data(&self) -> io::Result<()>;

    /// Makes the file `bytes` long; what is added reads as zeroes and takes no space until it is written.
    ///
    /// # Errors
    /// As the operating system says.
    fn set_len(&self, bytes: u64) -> io::Result<()>;

    /// Length in bytes.
    ///
    /// # Errors
    /// As the operating system says.
    fn len(&self) -> io::Result<u64>;

    /// Whether the file has no bytes.
    ///
    /// # Errors
    /// As the operating system says.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
}

/// Keeps a lock until it is dropped.
pub trait Guard: Send + Sync + Debug {}

/// How to open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Reading only.
    Read,
    /// Reading and writing a file that is there.
    Write,
    /// Reading and writing a new, empty file.
    Create,
}

/// The folder on a real disk.
#[derive(Debug)]
pub struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    /// Works in `root`, which is made when first written to.
    pub fn new(root: impl Into<PathBuf>) -> RealDisk {
        RealDisk { root: root.into() }
    }

    fn made_for(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.root.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(path)
    }
}

impl Disk for RealDisk {
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let file = match how {
            Open::Read => File::open(self.root.join(name))?,
            Open::Write => OpenOptions::new().read(true).write(true).open(self.root.join(name))?,
            Open::Create => OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(self.made_for(name)?)?,
        };
        Ok(Arc::new(RealFile(file)))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(name))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.extend(entry.file_name().into_string().ok());
            }
        }
        names.sort();
        Ok(names)
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        File::open(self.root.join(folder))?.sync_all()
    }

    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(self.made_for(name)?)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(RealFile(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[derive(Debug)]
struct RealFile(File);

impl Guard for RealFile {}

impl DiskFile for RealFile {
    fn pwrite(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_at(bytes, at)
    }

    fn pread(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(into, at)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        self.0.set_len(bytes)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

/// Writes all of `bytes`; goes on after a short write or an interruption, and stops at an error.
pub(crate) fn write_all(file: &dyn DiskFile, mut at: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.pwrite(at, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                at += written as u64;
                bytes = bytes.get(written..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads until `into` is full or the file ends; answers the number of bytes read.
pub(crate) fn read_full(file: &dyn DiskFile, at: u64, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.pread(at + filled as u64, rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Reads a whole small file; `None` where it is not there.
///
/// # Errors
/// As the disk fails.
pub fn read_file(disk: &dyn Disk, name: &str) -> io::Result<Option<Vec<u8>>> {
    let file = match disk.open(name, Open::Read) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(file.len()?).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let mut bytes = vec![0; length];
    let read = read_full(&*file, 0, &mut bytes)?;
    bytes.truncate(read);
    Ok(Some(bytes))
}

/// Puts a file in place whole or not at all: written beside, synced, renamed. The folder is not synced.
///
/// # Errors
/// As the disk fails; the file that was there stays.
pub fn replace(disk: &dyn Disk, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = format!("{name}.new");
    let file = disk.open(&beside, Open::Create)?;
    write_all(&*file, 0, bytes)?;
    file.sync_data()?;
    disk.rename(&beside, name)
}
