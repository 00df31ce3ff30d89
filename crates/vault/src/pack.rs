//! Packing: zstd with a dictionary before sealing, since sealed bytes do not compress (RFC 8878).
//!
//! A payload is one zstd frame without its magic number, which would be the same four bytes every time. Payloads
//! that do not become shorter are kept as they are, as dictionary 0. See [`dictionary`](crate::dictionary).

use std::{cell::RefCell, sync::Mutex};

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::{compress_bound, get_frame_content_size};

use crate::dictionary::{self, Prepared};
use crate::error::VaultError;
use crate::locks::locked;

/// The longest payload or row that is sealed: far above any event, so that a fault cannot fill the log.
pub const PLAIN_BYTES_MAX: usize = 1 << 20;

/// The first bytes of each zstd frame, left out of what is sealed.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Most benches kept for threads to come: as many as ever work at once.
const SPARE_MAX: usize = 8;

/// What threads that ended packed with: some live for one batch, and making a bench would cost them more than that.
static SPARE: Mutex<Vec<Bench>> = Mutex::new(Vec::new());

thread_local! {
    static BENCH: RefCell<Lent> = RefCell::new(Lent(locked(&SPARE).pop().unwrap_or_else(Bench::new)));
}

/// One thread's bench; goes to the spare ones with the thread.
struct Lent(Bench);

impl Drop for Lent {
    fn drop(&mut self) {
        let mut spare = locked(&SPARE);
        if spare.len() < SPARE_MAX {
            spare.push(std::mem::replace(&mut self.0, Bench::new()));
        }
    }
}

/// How hard to try; what comes of either is expanded alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For what is kept for ever.
    Full,
    /// For what is soon written again.
    Quick,
}

/// What one thread packs and unpacks with; making it costs more than hundreds of payloads.
struct Bench {
    full: Option<Compressor<'static>>,
    quick: Option<Compressor<'static>>,
    decompressor: Option<(u8, Decompressor<'static>)>,
    /// A whole frame: magic number, then what is sealed.
    frame: Vec<u8>,
}

/// Packs `plain` onto the end of `into`; answers the dictionary, 0 when it is kept as it is.
pub(crate) fn pack(effort: Effort, plain: &[u8], into: &mut Vec<u8>) -> Result<u8, VaultError> {
    if plain.len() > PLAIN_BYTES_MAX {
        return Err(VaultError::TooLong { length: plain.len() });
    }
    BENCH.with_borrow_mut(|Lent(bench)| {
        bench.compress(effort, plain).ok_or(VaultError::Unpackable { dictionary: dictionary::CURRENT })?;
        match bench.frame.strip_prefix(&MAGIC) {
            Some(packed) if packed.len() < plain.len() => {
                into.extend_from_slice(packed);
                Ok(dictionary::CURRENT)
            }
            Some(_) | None => {
                into.extend_from_slice(plain);
                Ok(0)
            }
        }
    })
}

/// Lets `open` fill `length` bytes and say how many of them are packed; expands those into `into`.
pub(crate) fn expand(
    dictionary: u8,
    length: usize,
    into: &mut Vec<u8>,
    open: impl FnOnce(&mut [u8]) -> Result<usize, VaultError>,
) -> Result<(), VaultError> {
    let prepared = match dictionary {
        0 => None,
        _ => Some(dictionary::prepared(dictionary)?),
    };
    BENCH.with_borrow_mut(|Lent(bench)| {
        let end = MAGIC.len() + length;
        if bench.frame.len() < end {
            bench.frame.resize(end, 0);
        }
        let unpackable = VaultError::Unpackable { dictionary };
        let Some((magic, room)) = bench.frame.get_mut(..end).and_then(|frame| frame.split_first_chunk_mut())
        else {
            return Err(unpackable);
        };
        *magic = MAGIC;
        let packed = open(room)?;
        into.clear();
        match prepared {
            None => into.extend_from_slice(room.get(..packed).ok_or(unpackable)?),
            Some(prepared) => {
                bench.expand(dictionary, prepared, MAGIC.len() + packed, into).ok_or(unpackable)?;
            }
        }
        Ok(())
    })
}

impl Bench {
    const fn new() -> Bench {
        Bench { full: None, quick: None, decompressor: None, frame: Vec::new() }
    }

    /// Compresses with the current dictionary, as a whole frame.
    fn compress(&mut self, effort: Effort, plain: &[u8]) -> Option<()> {
        let held = match effort {
            Effort::Full => &mut self.full,
            Effort::Quick => &mut self.quick,
        };
        let compressor = match held {
            Some(compressor) => compressor,
            none => none.insert(compressor(effort)?),
        };
        self.frame.clear();
        self.frame.reserve(compress_bound(plain.len()));
        compressor.compress_to_buffer(plain, &mut self.frame).ok()?;
        Some(())
    }

    /// Expands the first `end` bytes of the frame.
    fn expand(
        &mut self,
        dictionary: u8,
        prepared: &'static Prepared,
        end: usize,
        into: &mut Vec<u8>,
    ) -> Option<()> {
        let frame = self.frame.get(..end)?;
        let length = usize::try_from(get_frame_content_size(frame).ok()??).ok()?;
        if length > PLAIN_BYTES_MAX {
            return None;
        }
        if self.decompressor.as_ref().is_none_or(|(number, _)| *number != dictionary) {
            let decompressor = Decompressor::with_prepared_dictionary(&prepared.decoder).ok()?;
            self.decompressor = Some((dictionary, decompressor));
        }
        let (_, decompressor) = self.decompressor.as_mut()?;
        into.reserve(length);
        decompressor.decompress_to_buffer(frame, into).ok()?;
        Some(())
    }
}

fn compressor(effort: Effort) -> Option<Compressor<'static>> {
    let prepared = dictionary::prepared(dictionary::CURRENT).ok()?;
    let encoder = match effort {
        Effort::Full => &prepared.encoder,
        Effort::Quick => &prepared.quick,
    };
    let mut compressor = Compressor::with_prepared_dictionary(encoder).ok()?;
    // The number of the dictionary stands beside the payload, and the seal is the checksum.
    compressor.include_dictid(false).ok()?;
    compressor.include_checksum(false).ok()?;
    compressor.include_contentsize(true).ok()?;
    Some(compressor)
}
