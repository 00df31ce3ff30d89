//! Rows on a disk: the arrays as they are.

use std::{collections::BTreeMap, io};

use vocabulary::ChildId;

use super::{GONE, Rows};
use crate::{
    areas::Areas,
    outline::Outline,
    snapshot::{Reader, SnapshotError, Writer},
    table::Slot,
};

impl Rows {
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        let held = self.children.iter().zip(&self.starts);
        // Whoever has gone leaves no id behind.
        writer.array(held.map(|(child, start)| if *start == GONE { 0 } else { child.as_u128() }))?;
        writer.array(self.starts.iter().copied())?;
        writer.array(self.outlines.iter().map(|outline| outline.bits()))?;
        writer.bytes(&self.arena)?;
        writer.number(self.gone)?;
        writer.array(self.left.iter().map(|(gone, _)| *gone))?;
        writer.array(self.left.iter().map(|(_, slot)| slot.0))?;
        let holes = || self.holes.iter().filter(|(_, starts)| !starts.is_empty());
        writer.number(u64::try_from(holes().count()).unwrap_or(u64::MAX))?;
        for (length, starts) in holes() {
            writer.number(u64::try_from(*length).unwrap_or(u64::MAX))?;
            writer.array(starts.iter().copied())?;
        }
        Ok(())
    }

    /// Reads all but the areas, which are known once postcodes are: see [`Rows::know_areas`].
    pub(crate) fn read_from(reader: &mut Reader<'_>) -> Result<Rows, SnapshotError> {
        let children = reader.array(ChildId::from_u128)?;
        let starts: Vec<u32> = reader.array_of(children.len(), |start| start)?;
        let outlines = reader.array_of(children.len(), Outline::from_bits)?;
        let arena = reader.bytes()?;
        let is_within = |start: &u32| *start == GONE || (*start as usize) < arena.len();
        reader
            .check(starts.iter().all(is_within) && u32::try_from(arena.len()).is_ok_and(|end| end < GONE))?;
        let (gone, left) = reader.left(starts.len(), |slot| starts.get(slot) == Some(&GONE), Slot)?;
        let live = starts.len() - left.len();
        let mut holes = BTreeMap::new();
        for _ in 0..reader.count(1)? {
            let length = reader.count(0)?;
            let free: Vec<u32> = reader.array(|start| start)?;
            let ends =
                |start: &u32| (*start as usize).checked_add(length).is_some_and(|end| end <= arena.len());
            reader.check(length > 0 && free.iter().all(ends))?;
            holes.insert(length, free);
        }
        let areas = Areas::default();
        Ok(Rows { children, starts, outlines, areas, arena, holes, left, gone, live })
    }

    /// How many slots there are, gone ones included.
    pub(crate) fn places(&self) -> usize {
        self.starts.len()
    }

    /// Every child that is in, in the order of slots.
    pub(crate) fn children(&self) -> impl Iterator<Item = ChildId> {
        let held = self.children.iter().zip(&self.starts);
        held.filter(|(_, start)| **start != GONE).map(|(child, _)| *child)
    }
}
