//! A table on a disk: the packed part as it is, and what came since.

use std::io;

use super::{Marks, Posting, Slot, Table};
use crate::{
    slots::Slots,
    snapshot::{Reader, SnapshotError, Writer},
};

impl Table {
    /// Writes the lists; nothing may be gathered that is not merged.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        assert!(self.gathered.is_empty(), "a table is merged before it is written");
        writer.number(self.purged)?;
        writer.array(self.ends.iter().copied())?;
        self.slots.write(writer)?;
        writer.array(self.marks.iter().copied())?;
        writer.array(self.fresh.iter().map(|posting| posting.key))?;
        writer.array(self.fresh.iter().map(|posting| posting.mark))?;
        writer.array(self.fresh.iter().map(|posting| posting.slot.0))
    }

    /// Reads a table of fewer than `keys` lists of fewer than `slots` slots.
    pub(crate) fn read_from(
        reader: &mut Reader<'_>,
        kept: Marks,
        keys: usize,
        slots: usize,
    ) -> Result<Table, SnapshotError> {
        let purged = reader.number()?;
        let ends: Vec<u32> = reader.array(|end| end)?;
        let listed = Slots::read_from(reader)?;
        let marks = reader.array_of(if kept == Marks::Kept { listed.len() } else { 0 }, |mark| mark)?;
        let fresh: Vec<u32> = reader.array(|key| key)?;
        let fresh_marks: Vec<u16> = reader.array_of(fresh.len(), |mark| mark)?;
        let fresh_slots = reader.array_of(fresh.len(), Slot)?;
        let fresh = fresh.into_iter().zip(fresh_marks).zip(fresh_slots);
        let fresh: Vec<Posting> = fresh.map(|((key, mark), slot)| Posting { key, mark, slot }).collect();
        let table = Table {
            kept,
            ends,
            marks,
            slots: listed,
            fresh: fresh.into_iter().collect(),
            gathered: Vec::new(),
            purged,
        };
        reader.check(table.is_whole(keys, slots))?;
        Ok(table)
    }

    /// Tells whether every list ends where the next begins, stands in order, and names no more than there are.
    fn is_whole(&self, keys: usize, slots: usize) -> bool {
        let last = self.ends.last().map_or(0, |end| *end as usize);
        let is_one = |slot: Slot| (slot.0 as usize) < slots;
        let lists = self.ends.len() <= keys && self.ends.is_sorted() && last == self.slots.len();
        let named = (0..self.slots.len()).all(|at| self.slots.get(at).is_some_and(is_one));
        let fresh = |posting: &Posting| {
            (posting.key as usize) < keys
                && is_one(posting.slot)
                && (self.kept == Marks::Kept || posting.mark == 0)
        };
        lists && named && self.fresh.iter().all(fresh) && self.is_in_order()
    }

    fn is_in_order(&self) -> bool {
        let mut start = 0;
        self.ends.iter().all(|end| {
            let list = start..*end as usize;
            start = list.end;
            let marked = |at: usize| {
                let mark = self.marks.get(at).copied().unwrap_or_default();
                (mark, self.slots.get(at))
            };
            list.map(marked).is_sorted()
        })
    }
}
