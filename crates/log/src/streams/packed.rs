//! A shelf: streams in their order, packed to 23 bytes each.
//!
//! Twelve bits short of sixteen bytes are what the shelf keeps of the order, then follow revision, segment and
//! offset in 20, 21 and 27 bits. What does not fit there has revision 0, which no durable stream has.

use super::order::{KEPT_BITS, Order};
use crate::{
    bytes::Fill,
    frame::{ALIGNMENT, Place},
};

/// Bytes of one stream.
const ENTRY: usize = 23;
/// Bits of the parts of its end.
const REVISION_BITS: u32 = 20;
const SEGMENT_BITS: u32 = 21;
const OFFSET_BITS: u32 = 27;
const END_BITS: u32 = REVISION_BITS + SEGMENT_BITS + OFFSET_BITS;
/// Bits of the end that stand in the first sixteen bytes, behind what is kept of the order, and after them.
const FIRST_BITS: u32 = 128 - KEPT_BITS;
const LAST_BITS: u32 = END_BITS - FIRST_BITS;
/// A full shelf takes a sixteenth more, and at least so many streams.
const GROWTH: usize = 16;
const GROWTH_MIN: usize = 2;

/// Streams of one shelf.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf(Vec<u8>);

type Entry = [u8; ENTRY];

impl Shelf {
    /// The end of a stream; revision 0 where it did not fit.
    pub(super) fn get(&self, order: Order) -> Option<(Place, u32)> {
        let at = self.find(order.kept()).ok()?;
        self.entries().get(at).map(end)
    }

    /// Puts the end of a stream in its place; answers whether it fitted.
    pub(super) fn put(&mut self, order: Order, place: Place, revision: u32) -> bool {
        let (entry, fits) = pack(order, place, revision);
        match self.find(order.kept()) {
            Ok(at) => {
                let (entries, _) = self.0.as_chunks_mut::<ENTRY>();
                if let Some(known) = entries.get_mut(at) {
                    *known = entry;
                }
            }
            Err(at) => {
                if self.0.capacity() - self.0.len() < ENTRY {
                    let more = (self.entries().len() / GROWTH).max(GROWTH_MIN);
                    self.0.reserve_exact(more * ENTRY);
                }
                self.0.extend_from_slice(&entry);
                if let Some(behind) = self.0.get_mut(at * ENTRY..) {
                    behind.rotate_right(ENTRY);
                }
            }
        }
        fits
    }

    /// Adds a stream behind all others, with room for as many again; `false`, and nothing done, where it belongs
    /// elsewhere or does not fit.
    pub(super) fn push(&mut self, order: Order, place: Place, revision: u32) -> bool {
        let (entry, fits) = pack(order, place, revision);
        let behind = self.entries().last().is_none_or(|last| kept(last) < order.kept());
        if fits && behind {
            self.0.extend_from_slice(&entry);
        }
        fits && behind
    }

    /// Gives back the room that is not needed.
    pub(super) fn fit(&mut self) {
        self.0.shrink_to_fit();
    }

    fn entries(&self) -> &[Entry] {
        self.0.as_chunks().0
    }

    /// Where the stream lies, or where it belongs.
    fn find(&self, wanted: u128) -> Result<usize, usize> {
        let entries = self.entries();
        // Streams are spread evenly, so that this one lies near where its number falls.
        let part = wanted >> (KEPT_BITS - u32::BITS);
        let guess = (part * entries.len() as u128) >> u32::BITS;
        let mut at = usize::try_from(guess).unwrap_or(0);
        while entries.get(at).is_some_and(|entry| kept(entry) < wanted) {
            at += 1;
        }
        while let Some(before) = at.checked_sub(1).filter(|before| !precedes(entries, *before, wanted)) {
            at = before;
        }
        if entries.get(at).is_some_and(|entry| kept(entry) == wanted) { Ok(at) } else { Err(at) }
    }
}

fn precedes(entries: &[Entry], at: usize, wanted: u128) -> bool {
    entries.get(at).is_none_or(|entry| kept(entry) < wanted)
}

/// What an entry keeps of its stream's order.
fn kept(entry: &Entry) -> u128 {
    first(entry) >> FIRST_BITS
}

fn first(entry: &Entry) -> u128 {
    entry.first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes))
}

/// The end that an entry tells.
fn end(entry: &Entry) -> (Place, u32) {
    let last = entry.last_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let packed = first(entry) << LAST_BITS | u128::from(last & u64::MAX >> (u64::BITS - LAST_BITS));
    let offset = part(packed, 0, OFFSET_BITS) * ALIGNMENT;
    let segment = part(packed, OFFSET_BITS, SEGMENT_BITS);
    (Place { segment, offset }, part(packed, OFFSET_BITS + SEGMENT_BITS, REVISION_BITS))
}

/// The number of `bits` bits that stands above the lowest `from`.
fn part(packed: u128, from: u32, bits: u32) -> u32 {
    let [.., a, b, c, d] = ((packed >> from) & ((1 << bits) - 1)).to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Packs a stream and its end; says whether the end fitted.
fn pack(order: Order, place: Place, revision: u32) -> (Entry, bool) {
    let fits = revision >> REVISION_BITS == 0
        && place.segment >> SEGMENT_BITS == 0
        && place.offset.is_multiple_of(ALIGNMENT)
        && place.offset >> (OFFSET_BITS + ALIGNMENT.ilog2()) == 0;
    let packed = u128::from(revision) << (SEGMENT_BITS + OFFSET_BITS)
        | u128::from(place.segment) << OFFSET_BITS
        | u128::from(place.offset / ALIGNMENT);
    let packed = if fits { packed } else { 0 };
    let mut entry = [0; ENTRY];
    let [_, last @ ..] = low_half(packed & ((1 << LAST_BITS) - 1));
    let first = order.kept() << FIRST_BITS | packed >> LAST_BITS;
    Fill::new(&mut entry).put(&first.to_be_bytes()).put(&last);
    (entry, fits)
}

fn low_half(number: u128) -> [u8; 8] {
    let [_, _, _, _, _, _, _, _, low @ ..] = number.to_be_bytes();
    low
}
