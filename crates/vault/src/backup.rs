//! Backups of the keys folder: copied while serving, restored only into a folder without keys.
//!
//! A backup has the layout of the folder it copies. Its slots are noise without `epochs/`, which is to be held
//! apart: a backup has aged out once every copy of its epoch's key is destroyed, whatever became of the slots.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::block::{BLOCK_BYTES, BLOCK_SLOTS};
use crate::error::VaultError;
use crate::locks::locked;
use crate::pool::{self, Pool, offset};
use crate::rings::Rings;
use crate::slot::SLOT_BYTES;
use crate::{epoch, folder, keyed_hash, mint};

/// Copies everything in `rings` to `to`. The pool to mint from is said last: without it the copy does not open.
pub(crate) fn back_up(rings: &Rings, to: &Path) -> Result<(), VaultError> {
    // No epoch ends in the middle of a backup.
    let _maintaining = locked(&rings.maintaining);
    begin(to)?;
    epoch::copy(&rings.folder, to)?;
    keyed_hash::copy(&rings.folder, to)?;
    // Held, so that the pool said last is among those that are copied.
    let _creating = locked(&rings.creating);
    let minting = mint::read(&rings.folder)?.ok_or(VaultError::NoKeys { folder: rings.folder.clone() })?;
    for pool in rings.pools() {
        copy(&pool, to)?;
    }
    mint::write(to, minting)
}

/// Copies the backup `from` to `to`, in the same order.
pub(crate) fn restore(from: &Path, to: &Path) -> Result<(), VaultError> {
    let minting = mint::read(from)?.ok_or(VaultError::NoKeys { folder: from.to_owned() })?;
    begin(to)?;
    epoch::copy(from, to)?;
    keyed_hash::copy(from, to)?;
    for (number, path) in folder::numbered(from, pool::PREFIX)? {
        let (pool, _) = Pool::open(number, path)?;
        copy(&pool, to)?;
    }
    mint::write(to, minting)
}

fn begin(to: &Path) -> Result<(), VaultError> {
    folder::make(to)?;
    folder::sync_parent(to)?;
    if mint::any_pool(to)? {
        return Err(VaultError::AlreadyThere { folder: to.to_owned() });
    }
    Ok(())
}

fn copy(pool: &Pool, to: &Path) -> Result<(), VaultError> {
    let path = pool::path_of(to, pool.number);
    let unfinished = path.with_extension(folder::UNFINISHED);
    let file = folder::make_file(&unfinished)?;
    copy_slots(pool, &file)?;
    file.sync_all().map_err(VaultError::io("make a backup durable"))?;
    folder::rename(&unfinished, &path)
}

/// Copies block by block, each while nobody writes: a slot that is being destroyed is copied whole or as zeros.
fn copy_slots(pool: &Pool, file: &File) -> Result<(), VaultError> {
    let end = pool.end();
    let mut bytes = vec![0; BLOCK_BYTES];
    for first in (0..end).step_by(BLOCK_SLOTS as usize) {
        bytes.truncate(BLOCK_SLOTS.min(end - first) as usize * SLOT_BYTES);
        {
            let _writing = locked(&pool.writing);
            pool.read_at(first, &mut bytes)?;
        }
        file.write_all_at(&bytes, offset(first)).map_err(VaultError::io("write a backup"))?;
    }
    Ok(())
}
