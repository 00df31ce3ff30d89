//! Everything in the keys folder, opened: the epochs, the pools, the index key, and the lock on the folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use vocabulary::stream::KeyId;

use crate::block::Room;
use crate::epoch::{self, Epochs};
use crate::error::VaultError;
use crate::folder;
use crate::keyed_hash::KeyedHashes;
use crate::locks::{locked, reading, writing};
use crate::pool::{self, Pool};
use crate::slot::Root;

/// All the keys of a folder.
pub(crate) struct Rings {
    /// The keys folder.
    pub(crate) folder: PathBuf,
    /// The keys that wrap slots.
    pub(crate) epochs: RwLock<Epochs>,
    /// What keyed hashes are made with.
    pub(crate) hashes: KeyedHashes,
    /// Room for blocks in memory.
    pub(crate) room: Room,
    /// Held while a pool is made.
    pub(crate) creating: Mutex<()>,
    /// Held by a backup and by the end of an epoch, one after the other.
    pub(crate) maintaining: Mutex<()>,
    pools: RwLock<BTreeMap<u32, Arc<Pool>>>,
    /// Keys that are in no pool here and that the log says were destroyed.
    gone: RwLock<BTreeSet<KeyId>>,
    _lock: File,
}

impl Rings {
    /// Fills an empty folder; the first pool is to follow.
    pub(crate) fn create(folder: &Path, room: Room) -> Result<Rings, VaultError> {
        folder::make(folder)?;
        folder::sync_parent(folder)?;
        let lock = folder::hold(folder)?;
        if crate::mint::any_pool(folder)? {
            return Err(VaultError::AlreadyThere { folder: folder.to_owned() });
        }
        let epochs = Epochs::create(folder)?;
        let hashes = KeyedHashes::create(folder, &epochs)?;
        Ok(Rings::around(folder, room, epochs, hashes, lock))
    }

    /// Opens a folder and looks at every slot; answers the damaged ones.
    pub(crate) fn open(folder: &Path, room: Room) -> Result<(Rings, Vec<KeyId>), VaultError> {
        let lock = folder::hold(folder)?;
        folder::wipe_all_unfinished(folder)?;
        folder::wipe_all_unfinished(&folder.join(epoch::FOLDER))?;
        let epochs = Epochs::open(folder)?;
        let hashes = KeyedHashes::open(folder, &epochs)?;
        let known: BTreeSet<u32> = epochs.numbers().into_iter().collect();
        let rings = Rings::around(folder, room, epochs, hashes, lock);
        let mut damaged = Vec::new();
        for (number, path) in folder::numbered(folder, pool::PREFIX)? {
            let (pool, scan) = Pool::open(number, path)?;
            if let Some(epoch) = scan.epochs.difference(&known).next() {
                return Err(VaultError::EpochMissing { epoch: *epoch });
            }
            damaged.extend(scan.damaged);
            rings.add(Arc::new(pool));
        }
        Ok((rings, damaged))
    }

    fn around(folder: &Path, room: Room, epochs: Epochs, hashes: KeyedHashes, lock: File) -> Rings {
        Rings {
            folder: folder.to_owned(),
            epochs: RwLock::new(epochs),
            hashes,
            room,
            creating: Mutex::default(),
            maintaining: Mutex::default(),
            pools: RwLock::default(),
            gone: RwLock::default(),
            _lock: lock,
        }
    }

    /// The pool of this number.
    pub(crate) fn pool(&self, number: u32) -> Option<Arc<Pool>> {
        reading(&self.pools).get(&number).map(Arc::clone)
    }

    /// All pools, by number.
    pub(crate) fn pools(&self) -> Vec<Arc<Pool>> {
        reading(&self.pools).values().map(Arc::clone).collect()
    }

    /// Takes in a pool.
    pub(crate) fn add(&self, pool: Arc<Pool>) {
        writing(&self.pools).insert(pool.number, pool);
    }

    /// The key of this id's slot; `None` when it is destroyed.
    pub(crate) fn root(&self, key: KeyId) -> Result<Option<Root>, VaultError> {
        let found = match reading(&self.pools).get(&key.pool) {
            Some(pool) => pool.root(key, &self.epochs, &self.room),
            None => Err(VaultError::UnknownKey { key }),
        };
        match found {
            Err(VaultError::UnknownKey { .. }) if reading(&self.gone).contains(&key) => Ok(None),
            found => found,
        }
    }

    /// Destroys keys, one wait for the disk a pool.
    pub(crate) fn destroy(&self, keys: &[KeyId]) -> Result<(), VaultError> {
        let mut by_pool: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for key in keys.iter().filter(|key| **key != KeyId::CLEAR) {
            match self.pool(key.pool) {
                Some(pool) if key.slot > 0 && key.slot < pool.end() => {
                    by_pool.entry(key.pool).or_default().push(key.slot);
                }
                Some(_) | None => {
                    writing(&self.gone).insert(*key);
                }
            }
        }
        for (number, slots) in by_pool {
            self.pool(number).map_or(Ok(()), |pool| pool.destroy(&slots))?;
        }
        Ok(())
    }

    /// Begins an epoch, wraps everything anew, and destroys the epochs before. Finishes one that was cut short.
    pub(crate) fn rotate(&self) -> Result<(), VaultError> {
        let _maintaining = locked(&self.maintaining);
        self.begin_epoch()?;
        self.rewrap()?;
        self.end_epochs()
    }

    /// Begins an epoch, unless an earlier rotation was cut short after it began one.
    pub(crate) fn begin_epoch(&self) -> Result<(), VaultError> {
        let numbers = reading(&self.epochs).numbers();
        let last = numbers.last().copied().unwrap_or_default();
        if numbers.len() == 1 {
            let key = epoch::draw(&self.folder, last + 1)?;
            writing(&self.epochs).add(last + 1, key);
        }
        Ok(())
    }

    /// Wraps the index key and every slot by the current epoch.
    pub(crate) fn rewrap(&self) -> Result<(), VaultError> {
        self.hashes.write(&self.folder, &reading(&self.epochs))?;
        // A pool in the making may hold slots of the old epoch; once made, it is in the list.
        drop(locked(&self.creating));
        self.pools().iter().try_for_each(|pool| pool.rewrite(&self.epochs))
    }

    /// Destroys every epoch but the current one.
    pub(crate) fn end_epochs(&self) -> Result<(), VaultError> {
        let mut numbers = reading(&self.epochs).numbers();
        numbers.pop();
        for number in numbers {
            writing(&self.epochs).forget(number);
            epoch::destroy(&self.folder, number)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod spec;
