//! A block: the 1,024 keys of 64 KiB of slots, unwrapped and held in memory until the vault is dropped.
//!
//! 32 bytes a key and nothing else: 12 million keys are 384 MB, and a look-up is two indices.

use std::sync::atomic::{AtomicUsize, Ordering};

use vocabulary::stream::KeyId;
use zeroize::{Zeroize, Zeroizing};

use crate::epoch::Epochs;
use crate::error::VaultError;
use crate::slot::{ROOT_BYTES, Root, SLOT_BYTES, Slot};

/// Slots in a block: 64 KiB of file, so that minting ahead costs one write and reading ahead one read.
pub(crate) const BLOCK_SLOTS: u32 = 1024;
/// Length of a block in its file.
pub(crate) const BLOCK_BYTES: usize = BLOCK_SLOTS as usize * SLOT_BYTES;

/// In place of a key that is destroyed. A drawn key is all zero once in 2^256.
const DESTROYED: [u8; ROOT_BYTES] = [0; ROOT_BYTES];
/// In place of a key that is damaged. As improbable as the other.
const DAMAGED: [u8; ROOT_BYTES] = [0xFF; ROOT_BYTES];

/// Unwrapped keys of one block; zeroed when dropped.
pub(crate) struct Block(Box<[[u8; ROOT_BYTES]]>);

impl Block {
    /// A block in which every key is destroyed, to be filled.
    pub(crate) fn empty() -> Block {
        Block(vec![DESTROYED; BLOCK_SLOTS as usize].into_boxed_slice())
    }

    /// Unwraps a block: `bytes` are the slots from `first` on, at most a block of them.
    pub(crate) fn unwrap(first: KeyId, bytes: &[u8], epochs: &Epochs) -> Result<Block, VaultError> {
        let mut block = Block::empty();
        for ((slot, one), held) in (first.slot..).zip(bytes.as_chunks().0).zip(&mut block.0) {
            // Slot 0 of a pool is the file's header.
            if slot == 0 {
                continue;
            }
            let key = KeyId { slot, ..first };
            match unwrap_slot(key, one, epochs) {
                Ok(Some(root)) => *held = *root,
                Ok(None) => *held = DESTROYED,
                Err(VaultError::DamagedKey { .. }) => *held = DAMAGED,
                Err(error) => return Err(error),
            }
        }
        Ok(block)
    }

    /// The key of this slot; `None` when it is destroyed.
    pub(crate) fn root(&self, key: KeyId) -> Result<Option<Root>, VaultError> {
        match self.0.get(place(key.slot)) {
            None | Some(&DAMAGED) => Err(VaultError::DamagedKey { key }),
            Some(&DESTROYED) => Ok(None),
            Some(root) => Ok(Some(Zeroizing::new(*root))),
        }
    }

    /// Puts a drawn key in its place.
    pub(crate) fn put(&mut self, slot: u32, root: &[u8; ROOT_BYTES]) {
        if let Some(held) = self.0.get_mut(place(slot)) {
            *held = *root;
        }
    }

    /// Forgets the key of this slot.
    pub(crate) fn forget(&mut self, slot: u32) {
        if let Some(held) = self.0.get_mut(place(slot)) {
            held.zeroize();
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Unwraps what stands at the place of `key`; `None` when it is destroyed.
pub(crate) fn unwrap_slot(
    key: KeyId,
    bytes: &[u8; SLOT_BYTES],
    epochs: &Epochs,
) -> Result<Option<Root>, VaultError> {
    match Slot::read(key, bytes) {
        Slot::Live { epoch, wrapped } => epochs.unwrap(key, epoch, &wrapped).map(Some),
        Slot::Destroyed => Ok(None),
        Slot::Damaged => Err(VaultError::DamagedKey { key }),
    }
}

fn place(slot: u32) -> usize {
    (slot % BLOCK_SLOTS) as usize
}

/// How many more blocks may be held in memory, over all pools.
#[derive(Debug)]
pub(crate) struct Room(AtomicUsize);

impl Room {
    /// Room for so many blocks.
    pub(crate) fn new(blocks: usize) -> Room {
        Room(AtomicUsize::new(blocks))
    }

    /// Takes room for one block, if there is any.
    pub(crate) fn take(&self) -> bool {
        self.0.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// Gives back the room of a block that was not held after all.
    pub(crate) fn give_back(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
