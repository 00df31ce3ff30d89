//! Slots one after another, in three bytes each while there are fewer than sixteen million, in four beyond.

use std::{io, ops::Range};

use crate::{
    snapshot::{Reader, SnapshotError, Writer},
    table::Slot,
};

/// Slots in order of their places.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    low: Vec<u16>,
    high: Vec<u8>,
    /// The fourth byte of each; none while all are zero.
    top: Vec<u8>,
}

/// The first slot with a fourth byte; low under test, so that worlds of a few children have some.
const WIDE: u32 = if cfg!(test) { 1 << 3 } else { 1 << 24 };

impl Slots {
    pub(crate) fn len(&self) -> usize {
        self.low.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.low.is_empty()
    }

    pub(crate) fn get(&self, at: usize) -> Option<Slot> {
        self.at(at..at + 1).get(0)
    }

    pub(crate) fn set(&mut self, at: usize, slot: Slot) {
        if slot.0 >= WIDE && self.top.is_empty() {
            self.top = vec![0; self.len()];
        }
        let [first, second, third, fourth] = slot.0.to_le_bytes();
        if let (Some(low), Some(high)) = (self.low.get_mut(at), self.high.get_mut(at)) {
            (*low, *high) = (u16::from_le_bytes([first, second]), third);
        }
        if let Some(top) = self.top.get_mut(at) {
            *top = fourth;
        }
    }

    /// Makes room for so many more behind, and for no others.
    pub(crate) fn grow(&mut self, by: usize) {
        let length = self.len() + by;
        // No more than is needed: what is reserved beyond may have been touched before, and counts.
        self.low.reserve_exact(by);
        self.low.resize(length, 0);
        self.high.reserve_exact(by);
        self.high.resize(length, 0);
        if !self.top.is_empty() {
            self.top.reserve_exact(by);
            self.top.resize(length, 0);
        }
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.low.truncate(length);
        self.high.truncate(length);
        self.top.truncate(length);
    }

    pub(crate) fn copy_within(&mut self, from: Range<usize>, to: usize) {
        self.low.copy_within(from.clone(), to);
        self.high.copy_within(from.clone(), to);
        if !self.top.is_empty() {
            self.top.copy_within(from, to);
        }
    }

    /// Those at some places; none where a place is not there.
    pub(crate) fn at(&self, places: Range<usize>) -> Part<'_> {
        let top = if self.top.is_empty() { Some([].as_slice()) } else { self.top.get(places.clone()) };
        match (self.low.get(places.clone()), self.high.get(places), top) {
            (Some(low), Some(high), Some(top)) => Part { low, high, top },
            _ => Part { low: &[], high: &[], top: &[] },
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        writer.array(self.low.iter().copied())?;
        writer.bytes(&self.high)?;
        writer.bytes(&self.top)
    }

    pub(crate) fn read_from(reader: &mut Reader<'_>) -> Result<Slots, SnapshotError> {
        let slots = Slots { low: reader.array(|low| low)?, high: reader.bytes()?, top: reader.bytes()? };
        let length = slots.low.len();
        reader.check(slots.high.len() == length && (slots.top.is_empty() || slots.top.len() == length))?;
        Ok(slots)
    }

    /// Its bytes.
    pub(crate) fn size(&self) -> usize {
        size_of_val(self.low.as_slice()) + self.high.len() + self.top.len()
    }
}

/// Some slots in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    low: &'a [u16],
    high: &'a [u8],
    top: &'a [u8],
}

impl Part<'_> {
    pub(crate) fn len(&self) -> usize {
        self.low.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<Slot> {
        let top = self.top.get(at).copied().unwrap_or_default();
        Some(joined(*self.low.get(at)?, *self.high.get(at)?, top))
    }

    /// Tells of each in order.
    pub(crate) fn each(&self, mut tell: impl FnMut(Slot)) {
        let both = self.low.iter().zip(self.high);
        if self.top.is_empty() {
            both.for_each(|(low, high)| tell(joined(*low, *high, 0)));
        } else {
            both.zip(self.top).for_each(|((low, high), top)| tell(joined(*low, *high, *top)));
        }
    }
}

fn joined(low: u16, high: u8, top: u8) -> Slot {
    Slot(u32::from(low) | u32::from(high) << 16 | u32::from(top) << 24)
}
