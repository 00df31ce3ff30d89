//! Copies of the log and of the keys: whole, durable, and made without stopping whoever writes.
//!
//! Of the log go the segments and the mark of the durable end; everything else in its folder is made again from
//! them. A segment is copied from its end to its beginning: the writer goes forward, so whatever the copy catches
//! of the newest batches is their beginning, which opening cuts off as it does after a crash. The mark goes first,
//! since it may be behind the records and never ahead of them.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::Path,
};

use anyhow::{Context, bail};
use event_log::{
    archive,
    disk::{Disk, DiskFile, Open},
};
use indicatif::ProgressBar;
use vault::{Vault, VaultError};

use crate::{commands::demo::INVENTED, demo::credentials};

/// The file beside the segments that tells how far the log is durable.
const MARK: &str = "durable";
/// What segments end in.
const SEGMENT: &str = "seg";
/// Bytes copied at once.
const CHUNK: u64 = 1 << 20;
/// The key that signs checkpoints; it lies with the keys and is not the vault's.
const LOG_KEY: &str = "log-key";
/// The file of the keys folder without which it does not open: copied last.
const MINTING: &str = "minting";
/// How often a copy of keys that were being written is tried again.
const TRIES: u32 = 3;

/// Copies the log in `from` to `to`; answers how many bytes were looked at.
///
/// # Errors
/// A file could not be read or written.
pub(crate) fn log(from: &Path, to: &Path, progress: &ProgressBar) -> anyhow::Result<u64> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    match fs::read(from.join(MARK)) {
        Ok(mark) => write_whole(&to.join(MARK), &mark, 0o644)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => (),
        Err(error) => return Err(error).context("the mark of the durable end cannot be read"),
    }
    // Archived segments are copied along, so that a copy is whole by itself.
    let source = archive::spanning(from);
    let mut names = source.list("").with_context(|| format!("{} cannot be read", from.display()))?;
    names.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == SEGMENT));
    let mut bytes = 0;
    for name in names {
        bytes += backwards(&source, &name, &to.join(&name), progress)
            .with_context(|| format!("segment {name} cannot be copied"))?;
    }
    File::open(to)?.sync_all()?;
    Ok(bytes)
}

/// Copies a file from its end to its beginning, leaving holes where it holds zeros.
fn backwards(disk: &dyn Disk, name: &str, to: &Path, progress: &ProgressBar) -> io::Result<u64> {
    let source = disk.open(name, Open::Read)?;
    let target = OpenOptions::new().write(true).create_new(true).open(to)?;
    let length = source.len()?;
    progress.set_length(progress.length().unwrap_or(0) + length);
    target.set_len(length)?;
    let mut chunk = Vec::new();
    let mut end = length;
    while end > 0 {
        let first = (end - 1) / CHUNK * CHUNK;
        chunk.resize(usize::try_from(end - first).unwrap_or(usize::MAX), 0);
        read_exact(&*source, &mut chunk, first)?;
        if chunk.iter().any(|byte| *byte != 0) {
            target.write_all_at(&chunk, first)?;
        }
        progress.inc(end - first);
        end = first;
    }
    target.sync_all()?;
    Ok(length)
}

fn read_exact(source: &dyn DiskFile, into: &mut [u8], first: u64) -> io::Result<()> {
    let mut filled = 0;
    while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.pread(first + filled as u64, rest) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Copies the keys in `from` to the fresh folder `to`, by the vault itself where nobody else has it open.
///
/// # Errors
/// `to` holds something; the keys are damaged; a file could not be read or written.
pub(crate) fn keys(from: &Path, to: &Path) -> anyhow::Result<()> {
    match Vault::open(from) {
        Ok(vault) => vault.backup_to(to)?,
        Err(VaultError::InUse { .. }) => of_a_running_server(from, to)?,
        Err(error) => return Err(error.into()),
    }
    signing_key(from, to)
}

/// Copies the key that signs checkpoints, if there is one.
///
/// # Errors
/// It could not be read or written.
pub(crate) fn signing_key(from: &Path, to: &Path) -> anyhow::Result<()> {
    match fs::read(from.join(LOG_KEY)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).context("the key that signs checkpoints cannot be read"),
        Ok(bytes) => write_whole(&to.join(LOG_KEY), &bytes, 0o600),
    }
}

/// Copies keys that a server has open: file by file, in the vault's own order, until the copy opens whole.
///
/// A key is durable before an event names it and the log was copied before, so that no event of the copy lacks its
/// key. A slot caught while it was written, or an epoch that ended meanwhile, shows when the copy is opened.
fn of_a_running_server(from: &Path, to: &Path) -> anyhow::Result<()> {
    if to.exists() && fs::read_dir(to)?.next().is_some() {
        return Err(crate::exit::usage(format!("{} is not empty", to.display())));
    }
    for _ in 0..TRIES {
        private_copy(from, to)?;
        match Vault::open(to) {
            Ok(vault) if vault.damaged().is_empty() => return Ok(()),
            Ok(_) | Err(VaultError::EpochMissing { .. } | VaultError::DamagedFile { .. }) => (),
            Err(error) => return Err(error.into()),
        }
        fs::remove_dir_all(to)?;
    }
    bail!("the keys changed while they were copied, {TRIES} times; try again, or stop the server")
}

fn private_copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(to)?;
    let mut last = None;
    let entries = fs::read_dir(from)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    for path in entries {
        let Some(name) = path.file_name() else { continue };
        let finished = path.extension().is_none();
        if path.is_dir() {
            private_copy(&path, &to.join(name))?;
        } else if name == MINTING {
            last = Some(path);
        } else if finished && name != "lock" && name != LOG_KEY {
            write_whole(&to.join(name), &fs::read(&path)?, 0o600)?;
        }
    }
    if let Some(path) = last {
        write_whole(&to.join(MINTING), &fs::read(path)?, 0o600)?;
    }
    File::open(to)?.sync_all()?;
    Ok(())
}

/// What a backup carries beside log and keys, and who may read it there: also what says that all is invented.
const ALONG: [(&str, u32); 4] =
    [("log-key.pub", 0o644), ("config.toml", 0o644), (INVENTED, 0o644), (credentials::FILE, 0o600)];

/// Copies what goes along with the log, as far as it is there.
///
/// # Errors
/// A file could not be read or written.
pub(crate) fn alongside(from: &Path, to: &Path) -> anyhow::Result<()> {
    for (name, mode) in ALONG {
        let file = from.join(name);
        match fs::read(&file) {
            Ok(bytes) => write_whole(&to.join(name), &bytes, mode)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => (),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
        }
    }
    Ok(())
}

/// Writes a new file and makes it durable.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        file.write_all_at(bytes, 0)?;
        file.sync_all()
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}
