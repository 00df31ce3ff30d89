//! Minting: handing out keys that are durable already, each once.
//!
//! A thread keeps a reserve of durable slots ahead of the callers. Nothing is written when a key is handed out: the
//! first header in the log that names it is its assignment. So a vault that is opened never hands out a slot that
//! was in its file; what is left of an earlier reserve, at most some 16,000 slots of 64 bytes, stays unused.
//! When the log names a slot beyond the file, the keys are older than the log, and a new pool is begun.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand;
use vocabulary::stream::KeyId;

use crate::block::BLOCK_SLOTS;
use crate::error::VaultError;
use crate::folder;
use crate::locks::locked;
use crate::pool::{self, Pool};
use crate::rings::Rings;

const FILE: &str = "minting";
const MAGIC: &[u8; 8] = b"CP-MINTS";
/// Blocks made durable at once, at first: 64 KiB.
const BLOCKS_FIRST: u32 = 1;
/// Blocks made durable at once when callers had to wait, at most: a feed of a million children waits for a disk
/// some 60 times.
const BLOCKS_MAX: u32 = 16;
/// A pool grows no further than this, which keeps slot numbers far from the end of `u32`; the next begins.
const SLOTS_MAX: u32 = 1 << 31;

/// The reserve of durable keys, and the way to wait for it.
pub(crate) struct Mint {
    reserve: Mutex<Reserve>,
    changed: Condvar,
    /// A write could not be made durable: nothing is written any more.
    stopped: AtomicBool,
}

struct Reserve {
    pool: u32,
    next: u32,
    end: u32,
    blocks: u32,
    /// More is wanted, and the thread is not done with it.
    wanted: bool,
    /// The current pool must not grow: the log or the file says that something is missing from it.
    begin_pool: bool,
    failure: Option<VaultError>,
    closing: bool,
}

impl Mint {
    /// Hands out from `pool`, beginning at `next`; slots before `end` are durable.
    pub(crate) fn new(pool: u32, next: u32, end: u32) -> Mint {
        let reserve = Reserve {
            pool,
            next,
            end,
            blocks: BLOCKS_FIRST,
            wanted: false,
            begin_pool: false,
            failure: None,
            closing: false,
        };
        Mint { reserve: Mutex::new(reserve), changed: Condvar::new(), stopped: AtomicBool::new(false) }
    }

    /// Hands out the next key; waits only when the reserve is empty.
    pub(crate) fn next(&self) -> Result<KeyId, VaultError> {
        let mut reserve = self.filled()?;
        let key = KeyId { pool: reserve.pool, slot: reserve.next };
        reserve.next += 1;
        if reserve.end - reserve.next < reserve.blocks * BLOCK_SLOTS / 2 && !reserve.wanted {
            reserve.wanted = true;
            self.changed.notify_all();
        }
        Ok(key)
    }

    /// Waits until there is a reserve.
    pub(crate) fn fill(&self) -> Result<(), VaultError> {
        self.filled().map(drop)
    }

    /// Never hands out `key`, whose pool's file ends at `end`.
    pub(crate) fn skip(&self, key: KeyId, end: u32) {
        let mut reserve = locked(&self.reserve);
        if key.pool != reserve.pool {
            return;
        }
        if key.slot >= end {
            reserve.begin_pool = true;
            reserve.next = reserve.end;
        } else if (reserve.next..reserve.end).contains(&key.slot) {
            reserve.next = key.slot + 1;
        }
    }

    /// Refuses when a write could not be made durable earlier.
    pub(crate) fn check(&self) -> Result<(), VaultError> {
        if self.stopped.load(Ordering::Acquire) { Err(VaultError::Stopped) } else { Ok(()) }
    }

    /// Remembers that a write could not be made durable.
    pub(crate) fn note<T>(&self, result: Result<T, VaultError>) -> Result<T, VaultError> {
        if matches!(result, Err(VaultError::Stopped)) {
            self.stopped.store(true, Ordering::Release);
        }
        result
    }

    /// Ends the thread.
    pub(crate) fn close(&self) {
        locked(&self.reserve).closing = true;
        self.changed.notify_all();
    }

    /// Keeps the reserve filled until [`Mint::close`]; runs in a thread of its own.
    pub(crate) fn serve(&self, rings: &Rings) {
        loop {
            let mut reserve = locked(&self.reserve);
            while !reserve.wanted && !reserve.closing {
                reserve = self.changed.wait(reserve).unwrap_or_else(PoisonError::into_inner);
            }
            if reserve.closing {
                return;
            }
            let (pool, blocks, begin_pool) = (reserve.pool, reserve.blocks, reserve.begin_pool);
            drop(reserve);
            let minted = self.note(self.check().and_then(|()| mint(rings, pool, blocks, begin_pool)));
            self.take_in(minted, begin_pool);
        }
    }

    fn take_in(&self, minted: Result<(u32, u32, u32), VaultError>, began_pool: bool) {
        let mut reserve = locked(&self.reserve);
        match minted {
            // Meanwhile the log told of a slot beyond the file: what was minted there stays unused.
            Ok(_) if reserve.begin_pool && !began_pool => return,
            Ok((pool, start, end)) => {
                if pool != reserve.pool || start != reserve.end {
                    (reserve.pool, reserve.next) = (pool, start);
                }
                reserve.end = end;
                reserve.begin_pool = false;
                reserve.failure = None;
            }
            Err(failure) => reserve.failure = Some(failure),
        }
        reserve.wanted = false;
        drop(reserve);
        self.changed.notify_all();
    }

    fn filled(&self) -> Result<MutexGuard<'_, Reserve>, VaultError> {
        let mut reserve = locked(&self.reserve);
        let mut waited = false;
        while reserve.next >= reserve.end {
            self.check()?;
            if let Some(failure) = reserve.failure.take() {
                return Err(failure);
            }
            if !waited {
                // Callers outran the thread, or are the first: let it write more at once.
                reserve.blocks = (reserve.blocks * 2).min(BLOCKS_MAX);
            }
            waited = true;
            reserve.wanted = true;
            self.changed.notify_all();
            reserve = self.changed.wait(reserve).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(reserve)
    }
}

/// Makes more keys durable; answers their pool, the first and the end.
fn mint(rings: &Rings, pool: u32, blocks: u32, begin_pool: bool) -> Result<(u32, u32, u32), VaultError> {
    match rings.pool(pool) {
        Some(pool) if !begin_pool && pool.is_whole() && pool.end() < SLOTS_MAX => {
            let start = pool.mint(blocks, &rings.epochs, &rings.room)?;
            Ok((pool.number, start, pool.end()))
        }
        Some(_) | None => {
            let begun = begin(rings)?;
            Ok((begun.number, 1, begun.end()))
        }
    }
}

/// Begins a pool under a number of its own and mints from it from now on.
pub(crate) fn begin(rings: &Rings) -> Result<Arc<Pool>, VaultError> {
    // An epoch waits here before it ends, so that no pool appears wrapped by one that is gone.
    let _creating = locked(&rings.creating);
    let mut number = draw()?;
    while rings.pool(number).is_some() {
        number = draw()?;
    }
    let pool = Arc::new(Pool::create(&rings.folder, number, &rings.epochs, &rings.room)?);
    rings.add(Arc::clone(&pool));
    write(&rings.folder, number)?;
    Ok(pool)
}

/// Draws the number of a pool: two nodes of ten draw alike once in 10^8.
pub(crate) fn draw() -> Result<u32, VaultError> {
    let mut bytes = [0; 4];
    while bytes == [0; 4] {
        rand::fill(&mut bytes)?;
    }
    Ok(u32::from_le_bytes(bytes))
}

/// Says in the folder which pool to mint from.
pub(crate) fn write(folder: &Path, pool: u32) -> Result<(), VaultError> {
    let mut bytes = [MAGIC.as_slice(), &pool.to_le_bytes()].concat();
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    folder::write_whole(&folder.join(FILE), &bytes)
}

/// Reads which pool to mint from; `None` when the folder holds no keys.
pub(crate) fn read(folder: &Path) -> Result<Option<u32>, VaultError> {
    let file = folder.join(FILE);
    let Some(bytes) = folder::read_whole(&file)? else { return Ok(None) };
    let number = bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_first_chunk::<4>());
    match number {
        Some((number, crc)) if crc == crc32c::crc32c(&[MAGIC.as_slice(), number].concat()).to_le_bytes() => {
            Ok(Some(u32::from_le_bytes(*number)))
        }
        Some(_) | None => Err(VaultError::DamagedFile { file }),
    }
}

/// Whether any pool's file is in the folder.
pub(crate) fn any_pool(folder: &Path) -> Result<bool, VaultError> {
    Ok(!folder::numbered(folder, pool::PREFIX)?.is_empty())
}

#[cfg(test)]
mod spec;
