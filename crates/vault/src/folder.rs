//! The keys folder: private to its owner, held by one process, written so that a crash leaves old or new.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::VaultError;

/// Only the owner may list, enter and change the folder.
const FOLDER_MODE: u32 = 0o700;
/// Only the owner may read and write a file.
const FILE_MODE: u32 = 0o600;
/// Any of these bits lets someone else in.
const OTHERS: u32 = 0o077;
/// A file of this ending is being written and counts for nothing until it is renamed.
pub(crate) const UNFINISHED: &str = "new";
/// The file whose lock says that a process has the folder.
const LOCK: &str = "lock";

/// Makes the folder, with its parents, if it is not there.
pub(crate) fn make(folder: &Path) -> Result<(), VaultError> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)
        .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(FOLDER_MODE)))
        .map_err(VaultError::io("make the keys folder"))
}

/// Takes the folder for this process, until the file is dropped.
pub(crate) fn hold(folder: &Path) -> Result<File, VaultError> {
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(folder.join(LOCK))
        .map_err(VaultError::io("open the lock of the keys folder"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => {
            Err(VaultError::Io { doing: "take the lock of the keys folder", source })
        }
    }
}

/// Makes an empty private file for reading and writing, in place of one that was left unfinished.
pub(crate) fn make_file(path: &Path) -> Result<File, VaultError> {
    OpenOptions::new()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .mode(FILE_MODE)
        .open(path)
        .map_err(VaultError::io("make a file in the keys folder"))
}

/// Opens a private file for reading and writing; refuses one that others may read.
pub(crate) fn open_file(path: &Path) -> Result<File, VaultError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .map_err(VaultError::io("open a file of the keys folder"))?;
    let mode =
        file.metadata().map_err(VaultError::io("look at a file of the keys folder"))?.permissions().mode();
    if mode & OTHERS != 0 {
        return Err(VaultError::Exposed { file: path.to_owned() });
    }
    Ok(file)
}

/// Writes a small file whole: after a crash there is the old one or the new one.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let unfinished = path.with_extension(UNFINISHED);
    let mut file = make_file(&unfinished)?;
    file.write_all(bytes).map_err(VaultError::io("write a file of the keys folder"))?;
    file.sync_all().map_err(VaultError::io("make a file of the keys folder durable"))?;
    rename(&unfinished, path)
}

/// Gives a finished file its name, durably.
pub(crate) fn rename(unfinished: &Path, path: &Path) -> Result<(), VaultError> {
    fs::rename(unfinished, path).map_err(VaultError::io("name a file of the keys folder"))?;
    sync_parent(path)
}

/// Reads a small file whole; `None` if it is not there.
pub(crate) fn read_whole(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    let mut bytes = Vec::new();
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(VaultError::Io { doing: "look at a file of the keys folder", source }),
        Ok(_) => open_file(path)?,
    }
    .read_to_end(&mut bytes)
    .map_err(VaultError::io("read a file of the keys folder"))?;
    Ok(Some(bytes))
}

/// Writes zeros over a small file and removes it, durably. Cut short, it leaves an unfinished file.
pub(crate) fn wipe(path: &Path) -> Result<(), VaultError> {
    let unfinished = path.with_extension(UNFINISHED);
    rename(path, &unfinished)?;
    wipe_unfinished(&unfinished)
}

fn wipe_unfinished(path: &Path) -> Result<(), VaultError> {
    let mut file = OpenOptions::new()
        .write(true)
        .open(path)
        .map_err(VaultError::io("open an unfinished file of the keys folder"))?;
    let length = file.metadata().map_err(VaultError::io("look at a file of the keys folder"))?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file)
        .map_err(VaultError::io("write over a file of the keys folder"))?;
    file.sync_all().map_err(VaultError::io("make a file of the keys folder durable"))?;
    remove(path)
}

/// Removes a file, durably; one that is not there is removed already.
pub(crate) fn remove(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => {
            removed.map_err(VaultError::io("remove a file of the keys folder"))?;
            sync_parent(path)
        }
    }
}

/// Wipes what a crash left unfinished: small files that hold keys in clear, or slots wrapped by a key that goes.
pub(crate) fn wipe_all_unfinished(folder: &Path) -> Result<(), VaultError> {
    for entry in fs::read_dir(folder).map_err(VaultError::io("list the keys folder"))? {
        let path = entry.map_err(VaultError::io("list the keys folder"))?.path();
        if path.extension().is_some_and(|ending| ending == UNFINISHED) {
            wipe_unfinished(&path)?;
        }
    }
    Ok(())
}

/// Makes names in the folder of this file durable.
pub(crate) fn sync_parent(path: &Path) -> Result<(), VaultError> {
    match path.parent() {
        None => Ok(()),
        // The parent of a bare name is the folder one stands in.
        Some(parent) if parent.as_os_str().is_empty() => sync(Path::new(".")),
        Some(parent) => sync(parent),
    }
}

/// Makes the names in this folder durable.
pub(crate) fn sync(folder: &Path) -> Result<(), VaultError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(VaultError::io("make the keys folder durable"))
}

/// Lists the finished files whose name begins so and ends in eight hexadecimal digits, with that number.
pub(crate) fn numbered(folder: &Path, prefix: &str) -> Result<Vec<(u32, PathBuf)>, VaultError> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        entries => entries.map_err(VaultError::io("list the keys folder"))?,
    };
    for entry in entries {
        let path = entry.map_err(VaultError::io("list the keys folder"))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(digits) = name.strip_prefix(prefix).filter(|digits| digits.len() == 8)
            && let Ok(number) = u32::from_str_radix(digits, 16)
        {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}
