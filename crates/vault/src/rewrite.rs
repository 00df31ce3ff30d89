//! Rewriting a pool's file, so that each slot is wrapped by the current epoch.
//!
//! The new file grows beside the old one, a block at a time, and takes its name once it is whole and durable: a
//! crash leaves the old file or the new one. Between two blocks keys can be minted and destroyed; a key destroyed
//! meanwhile becomes zero in both.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::RwLock;

use crate::block::BLOCK_SLOTS;
use crate::epoch::Epochs;
use crate::error::VaultError;
use crate::folder;
use crate::locks::{locked, reading, writing};
use crate::pool::{Pool, offset};
use crate::slot::{SLOT_BYTES, Slot};

/// A file in the making.
pub(crate) struct Rewrite {
    /// The new file, not yet under the pool's name.
    pub(crate) file: File,
    /// Slots below this are in the new file.
    pub(crate) copied: u32,
}

impl Pool {
    /// Wraps every slot anew and puts the new file in place of the old.
    pub(crate) fn rewrite(&self, epochs: &RwLock<Epochs>) -> Result<(), VaultError> {
        let unfinished = self.path.with_extension(folder::UNFINISHED);
        *locked(&self.writing) = Some(Rewrite { file: folder::make_file(&unfinished)?, copied: 0 });
        let rewritten = self.rewrite_blocks(epochs);
        if rewritten.is_err() {
            *locked(&self.writing) = None;
            // It holds keys that may be destroyed from now on.
            folder::remove(&unfinished)?;
        }
        rewritten
    }

    fn rewrite_blocks(&self, epochs: &RwLock<Epochs>) -> Result<(), VaultError> {
        // The lock is let go between two blocks, so that minting and destroying wait a moment only.
        while self.rewrite_block(epochs)? {}
        let early = locked(&self.writing).as_ref().map(|rewrite| rewrite.file.try_clone());
        if let Some(file) = early {
            let doing = "make rewritten slots durable";
            file.and_then(|file| file.sync_data()).map_err(VaultError::io(doing))?;
        }
        self.take_place(epochs)
    }

    /// Copies the next block; answers whether there was one.
    fn rewrite_block(&self, epochs: &RwLock<Epochs>) -> Result<bool, VaultError> {
        let mut held = locked(&self.writing);
        held.as_mut().map_or(Ok(false), |rewrite| self.copy_block(rewrite, epochs))
    }

    fn copy_block(&self, rewrite: &mut Rewrite, epochs: &RwLock<Epochs>) -> Result<bool, VaultError> {
        let first = rewrite.copied;
        let slots = BLOCK_SLOTS.min(self.end() - first);
        if slots == 0 {
            return Ok(false);
        }
        let mut bytes = vec![0; slots as usize * SLOT_BYTES];
        self.read_at(first, &mut bytes)?;
        let known = reading(epochs);
        for (slot, one) in (first..).zip(bytes.as_chunks_mut().0) {
            let key = self.key(slot);
            // The header, zeros and damaged slots are copied as they are: damage is to stay visible.
            if let Slot::Live { epoch, wrapped } = Slot::read(key, one)
                && slot != 0
            {
                *one = known.wrap(key, &*known.unwrap(key, epoch, &wrapped)?)?;
            }
        }
        rewrite.file.write_all_at(&bytes, offset(first)).map_err(VaultError::io("rewrite slots"))?;
        rewrite.copied = first + slots;
        Ok(true)
    }

    fn take_place(&self, epochs: &RwLock<Epochs>) -> Result<(), VaultError> {
        let mut held = locked(&self.writing);
        let Some(mut rewrite) = held.take() else { return Ok(()) };
        while self.copy_block(&mut rewrite, epochs)? {}
        rewrite.file.sync_all().map_err(|_| VaultError::Stopped)?;
        folder::rename(&self.path.with_extension(folder::UNFINISHED), &self.path)?;
        *writing(&self.file) = rewrite.file;
        Ok(())
    }
}
