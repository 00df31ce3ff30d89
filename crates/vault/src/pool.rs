//! One pool: a flat file of slots that grows by whole blocks, and those blocks that are held in memory.
//!
//! A block is unwrapped when one of its keys is first wanted, and stays. Once all the room is taken, other keys are
//! read and unwrapped one at a time, so that memory is bounded and nothing is ever thrown out.
//! Order of locks: `writing`, then a shard, then the epochs, then the file. While a write is made durable only
//! `writing` is held alone, which no reader takes.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, RwLock};

use aws_lc_rs::rand;
use vocabulary::stream::KeyId;
use zeroize::Zeroizing;

use crate::block::{BLOCK_BYTES, BLOCK_SLOTS, Block, Room, unwrap_slot};
use crate::epoch::Epochs;
use crate::error::VaultError;
use crate::folder;
use crate::locks::{locked, reading, writing};
use crate::rewrite::Rewrite;
use crate::slot::{ROOT_BYTES, Root, SLOT_BYTES, Slot};

/// How the name of a pool's file begins; its number follows in hexadecimal.
pub(crate) const PREFIX: &str = "slots-";
const MAGIC: &[u8; 8] = b"CP-SLOTS";
const VERSION: u32 = 1;
/// Spreads blocks over locks, so that unwrapping one block keeps few others waiting.
const SHARDS: usize = 64;

/// One pool of slots.
pub(crate) struct Pool {
    /// The number that key ids name.
    pub(crate) number: u32,
    /// Its file.
    pub(crate) path: PathBuf,
    /// The open file; replaced when an epoch ends.
    pub(crate) file: RwLock<File>,
    /// Held by whoever changes the file; says what is being rewritten.
    pub(crate) writing: Mutex<Option<Rewrite>>,
    end: AtomicU32,
    shards: Vec<RwLock<Vec<Option<Block>>>>,
}

/// What a look through all the slots of a pool found.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Slots that are neither keys nor zero.
    pub(crate) damaged: Vec<KeyId>,
    /// The epochs that wrap the others.
    pub(crate) epochs: BTreeSet<u32>,
}

impl Pool {
    /// Makes a pool with its first block of keys, durable under its name.
    pub(crate) fn create(
        folder: &Path,
        number: u32,
        epochs: &RwLock<Epochs>,
        memory: &Room,
    ) -> Result<Pool, VaultError> {
        let path = path_of(folder, number);
        let unfinished = path.with_extension(folder::UNFINISHED);
        let pool = Pool::around(number, path, folder::make_file(&unfinished)?, 0);
        pool.mint(1, epochs, memory)?;
        folder::rename(&unfinished, &pool.path)?;
        Ok(pool)
    }

    /// Opens a pool and looks at every slot: about a second for 12 million of them.
    pub(crate) fn open(number: u32, path: PathBuf) -> Result<(Pool, Scan), VaultError> {
        let file = folder::open_file(&path)?;
        let length = file.metadata().map_err(VaultError::io("look at a file of slots"))?.len();
        let damaged = || VaultError::DamagedFile { file: path.clone() };
        let end = u32::try_from(length / SLOT_BYTES as u64).map_err(|_| damaged())?;
        let mut first = [0; SLOT_BYTES];
        if file.read_exact_at(&mut first, 0).is_err() || first != header(number) {
            return Err(damaged());
        }
        let pool = Pool::around(number, path, file, end);
        let scan = pool.scan()?;
        Ok((pool, scan))
    }

    fn around(number: u32, path: PathBuf, file: File, end: u32) -> Pool {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        let (file, writing, end) = (RwLock::new(file), Mutex::default(), AtomicU32::new(end));
        Pool { number, path, file, writing, end, shards }
    }

    /// The first slot that does not exist.
    pub(crate) fn end(&self) -> u32 {
        self.end.load(Ordering::Acquire)
    }

    /// Whether the file ends with a whole block; if not, a write was cut short and it grows no more.
    pub(crate) fn is_whole(&self) -> bool {
        self.end().is_multiple_of(BLOCK_SLOTS)
    }

    /// The key of this id's slot; `None` when it is destroyed.
    ///
    /// Cost: two indices; the first time for a block, one read of 64 KiB and 1,024 unwrappings.
    pub(crate) fn root(
        &self,
        key: KeyId,
        epochs: &RwLock<Epochs>,
        memory: &Room,
    ) -> Result<Option<Root>, VaultError> {
        if key.slot == 0 || key.slot >= self.end() {
            return Err(VaultError::UnknownKey { key });
        }
        let (shard, position) = self.shard(key.slot);
        {
            let held = reading(shard);
            if let Some(Some(block)) = held.get(position) {
                return block.root(key);
            }
            if !memory.take() {
                let mut bytes = [0; SLOT_BYTES];
                // The epochs are held until the slot is unwrapped, so that none ends in between.
                let known = reading(epochs);
                self.read_at(key.slot, &mut bytes)?;
                return unwrap_slot(key, &bytes, &known);
            }
        }
        let mut held = writing(shard);
        if let Some(Some(block)) = held.get(position) {
            memory.give_back();
            return block.root(key);
        }
        let first = KeyId { slot: key.slot - key.slot % BLOCK_SLOTS, ..key };
        match self.unwrap_block(first, epochs) {
            Ok(block) => {
                let root = block.root(key);
                hold(&mut held, position, block);
                root
            }
            Err(error) => {
                memory.give_back();
                Err(error)
            }
        }
    }

    /// Adds blocks of freshly drawn keys and makes them durable; answers the first new slot.
    pub(crate) fn mint(
        &self,
        blocks: u32,
        epochs: &RwLock<Epochs>,
        memory: &Room,
    ) -> Result<u32, VaultError> {
        let _writing = locked(&self.writing);
        let start = self.end();
        let mut bytes = Vec::with_capacity(blocks as usize * BLOCK_BYTES);
        let mut minted = Vec::new();
        for first in (start..).step_by(BLOCK_SLOTS as usize).take(blocks as usize) {
            let mut block = Block::empty();
            for slot in first..first + BLOCK_SLOTS {
                if slot == 0 {
                    bytes.extend_from_slice(&header(self.number));
                    continue;
                }
                let mut root = Zeroizing::new([0; ROOT_BYTES]);
                rand::fill(root.as_mut_slice())?;
                bytes.extend_from_slice(&reading(epochs).wrap(self.key(slot), &root)?);
                block.put(slot, &root);
            }
            minted.push((first, block));
        }
        let file = reading(&self.file);
        file.write_all_at(&bytes, offset(start)).map_err(VaultError::io("mint keys ahead"))?;
        file.sync_data().map_err(|_| VaultError::Stopped)?;
        drop(file);
        for (first, block) in minted {
            if memory.take() {
                let (shard, position) = self.shard(first);
                hold(&mut writing(shard), position, block);
            }
        }
        self.end.store(start + blocks * BLOCK_SLOTS, Ordering::Release);
        Ok(start.max(1))
    }

    /// Destroys keys: forgotten in memory at once, zeros in the file, durable when this returns.
    pub(crate) fn destroy(&self, slots: &[u32]) -> Result<(), VaultError> {
        let rewriting = locked(&self.writing);
        let zeros = [0; SLOT_BYTES];
        for slot in slots.iter().copied() {
            let (shard, position) = self.shard(slot);
            // Alone, so that nobody reads the slot from the file and holds it after it is forgotten here.
            let mut held = writing(shard);
            if let Some(Some(block)) = held.get_mut(position) {
                block.forget(slot);
            }
            let doing = "destroy a key";
            reading(&self.file).write_all_at(&zeros, offset(slot)).map_err(VaultError::io(doing))?;
            if let Some(rewrite) = rewriting.as_ref().filter(|rewrite| slot < rewrite.copied) {
                rewrite.file.write_all_at(&zeros, offset(slot)).map_err(VaultError::io(doing))?;
            }
        }
        // Zeros found already are made durable as well: an earlier call may have been cut short before this line.
        reading(&self.file).sync_data().map_err(|_| VaultError::Stopped)?;
        if let Some(rewrite) = rewriting.as_ref() {
            rewrite.file.sync_data().map_err(|_| VaultError::Stopped)?;
        }
        Ok(())
    }

    /// Reads the slots from `slot` on.
    pub(crate) fn read_at(&self, slot: u32, bytes: &mut [u8]) -> Result<(), VaultError> {
        reading(&self.file).read_exact_at(bytes, offset(slot)).map_err(VaultError::io("read slots"))
    }

    /// The id of this slot's key.
    pub(crate) fn key(&self, slot: u32) -> KeyId {
        KeyId { pool: self.number, slot }
    }

    fn unwrap_block(&self, first: KeyId, epochs: &RwLock<Epochs>) -> Result<Block, VaultError> {
        let slots = BLOCK_SLOTS.min(self.end() - first.slot);
        let mut bytes = vec![0; slots as usize * SLOT_BYTES];
        let known = reading(epochs);
        self.read_at(first.slot, &mut bytes)?;
        Block::unwrap(first, &bytes, &known)
    }

    fn scan(&self) -> Result<Scan, VaultError> {
        let mut scan = Scan::default();
        let mut bytes = vec![0; BLOCK_BYTES];
        for first in (0..self.end()).step_by(BLOCK_SLOTS as usize) {
            let slots = BLOCK_SLOTS.min(self.end() - first) as usize;
            bytes.truncate(slots * SLOT_BYTES);
            self.read_at(first, &mut bytes)?;
            for (slot, one) in (first..).zip(bytes.as_chunks().0).filter(|(slot, _)| *slot != 0) {
                match Slot::read(self.key(slot), one) {
                    Slot::Live { epoch, .. } => {
                        scan.epochs.insert(epoch);
                    }
                    Slot::Destroyed => (),
                    Slot::Damaged => scan.damaged.push(self.key(slot)),
                }
            }
        }
        Ok(scan)
    }

    fn shard(&self, slot: u32) -> (&RwLock<Vec<Option<Block>>>, usize) {
        let block = (slot / BLOCK_SLOTS) as usize;
        // The remainder is below the number of shards.
        (&self.shards[block % SHARDS], block / SHARDS)
    }
}

/// Where the file of a pool lies.
pub(crate) fn path_of(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{PREFIX}{number:08x}"))
}

/// Where a slot begins in its file.
pub(crate) fn offset(slot: u32) -> u64 {
    u64::from(slot) * SLOT_BYTES as u64
}

/// What stands in place of slot 0, so that a file names its pool and version.
fn header(number: u32) -> [u8; SLOT_BYTES] {
    let mut bytes = [0; SLOT_BYTES];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12..16].copy_from_slice(&number.to_le_bytes());
    let crc = crc32c::crc32c(&bytes[..SLOT_BYTES - 4]);
    bytes[SLOT_BYTES - 4..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn hold(held: &mut Vec<Option<Block>>, position: usize, block: Block) {
    if held.len() <= position {
        held.resize_with(position + 1, || None);
    }
    if let Some(place) = held.get_mut(position) {
        *place = Some(block);
    }
}
