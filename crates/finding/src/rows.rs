//! The rows: each child's id, and its facts as bytes in one arena.
//!
//! A row never changes: what is known anew gets a slot of its own, and the slot of before is gone. So a posting
//! needs no search to be taken back, however many bear the word. A slot is used again once no list can name it.

mod stored;

use std::{
    collections::{BTreeMap, VecDeque},
    hint::black_box,
};

use vocabulary::ChildId;

use crate::{
    areas::{self, AreaSet, Areas},
    codes::Codes,
    coding::{decode, encode, forenames, number},
    facts::{Facts, Lexicons},
    labels::Label,
    outline::Outline,
    table::Slot,
};

/// Where the facts of a slot would start that holds nobody.
const GONE: u32 = u32::MAX;

/// Every row.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    children: Vec<ChildId>,
    starts: Vec<u32>,
    outlines: Vec<Outline>,
    areas: Areas,
    arena: Vec<u8>,
    /// Where bytes are free, by how many.
    holes: BTreeMap<usize, Vec<u32>>,
    /// Slots that are gone, oldest first, with how many had gone by then.
    left: VecDeque<(u64, Slot)>,
    gone: u64,
    live: usize,
}

impl Rows {
    /// Puts a child in. Slots that went before `purged` others had are used again.
    pub(crate) fn insert(&mut self, child: ChildId, facts: &Facts, lexicons: &Lexicons, purged: u64) -> Slot {
        let mut bytes = Vec::with_capacity(64);
        encode(facts, lexicons, &mut bytes);
        let start = self.store(&bytes);
        let outline = Outline::of(facts, lexicons);
        self.live += 1;
        if let Some((gone, slot)) = self.left.front().copied()
            && gone <= purged
        {
            self.left.pop_front();
            let at = slot.0 as usize;
            if let (Some(id), Some(place), Some(known)) =
                (self.children.get_mut(at), self.starts.get_mut(at), self.outlines.get_mut(at))
            {
                (*id, *place, *known) = (child, start, outline);
            }
            self.areas.put(slot, outline, &lexicons.codes);
            return slot;
        }
        self.children.push(child);
        self.starts.push(start);
        self.outlines.push(outline);
        let slot = Slot(u32::try_from(self.starts.len() - 1).unwrap_or(GONE));
        self.areas.put(slot, outline, &lexicons.codes);
        slot
    }

    /// Finds room for bytes. Up to 4 GiB in all, some eighty million children.
    fn store(&mut self, bytes: &[u8]) -> u32 {
        let hole = self.holes.get_mut(&bytes.len()).and_then(Vec::pop);
        if let Some(start) = hole
            && let Some(room) = self.arena.get_mut(start as usize..start as usize + bytes.len())
        {
            room.copy_from_slice(bytes);
            return start;
        }
        let start = u32::try_from(self.arena.len()).unwrap_or(GONE);
        assert!(start != GONE, "the facts of all children fit in 4 GiB");
        self.arena.extend_from_slice(bytes);
        start
    }

    /// Takes a child out of its slot.
    pub(crate) fn remove(&mut self, slot: Slot) {
        let Some(start) = self.starts.get_mut(slot.0 as usize).filter(|start| **start != GONE) else {
            return;
        };
        let start = std::mem::replace(start, GONE);
        if let Some(outline) = self.outlines.get_mut(slot.0 as usize) {
            *outline = Outline::NOBODY;
        }
        let held = self.arena.get(start as usize..).unwrap_or_default();
        let taken = decode(held, &mut Facts::default());
        if let Some(room) = self.arena.get_mut(start as usize..start as usize + taken) {
            // What is forgotten is not left lying about.
            room.fill(0);
        }
        self.holes.entry(taken).or_default().push(start);
        self.live -= 1;
        self.gone += 1;
        self.left.push_back((self.gone, slot));
    }

    /// Tells whether a slot holds a child.
    pub(crate) fn is_live(&self, slot: Slot) -> bool {
        self.starts.get(slot.0 as usize).is_some_and(|start| *start != GONE)
    }

    /// The child in a slot.
    pub(crate) fn child(&self, slot: Slot) -> Option<ChildId> {
        self.children.get(slot.0 as usize).copied().filter(|_| self.is_live(slot))
    }

    /// A child in outline; nobody's when the slot is gone.
    pub(crate) fn outline(&self, slot: Slot) -> Outline {
        self.outlines.get(slot.0 as usize).copied().unwrap_or(Outline::NOBODY)
    }

    /// Tells whether a child in one of some areas may lie in a slot.
    pub(crate) fn may_hold(&self, slot: Slot, asked: AreaSet) -> bool {
        self.areas.may_hold(slot, asked)
    }

    /// The child number in a slot, without its check digit. Cost: some tens of ns.
    pub(crate) fn number(&self, slot: Slot) -> Option<u64> {
        let start = self.starts.get(slot.0 as usize).filter(|start| **start != GONE)?;
        Some(number(self.arena.get(*start as usize..)?))
    }

    /// The forenames as written in a slot, of one who is listed. Cost: some tens of ns.
    pub(crate) fn forenames(&self, slot: Slot, labels: &mut Vec<Label>) {
        labels.clear();
        let start = self.starts.get(slot.0 as usize).filter(|start| **start != GONE);
        if let Some(facts) = start.and_then(|start| self.arena.get(*start as usize..)) {
            forenames(facts, labels);
        }
    }

    /// Has memory bring the rows of some slots, all at once, so that reading each does not wait for it.
    pub(crate) fn fetch(&self, slots: impl Iterator<Item = Slot> + Clone) {
        let start_of = |slot: Slot| self.starts.get(slot.0 as usize).map_or(0, |start| *start as usize);
        let ids = slots.clone().filter_map(|slot| self.children.get(slot.0 as usize));
        black_box(ids.fold(0, |sum, child| sum ^ child.as_u128()));
        let first = slots.filter_map(|slot| self.arena.get(start_of(slot)));
        black_box(first.fold(0, |sum, byte| sum ^ byte));
    }

    /// Reads the facts in a slot; nobody's when it is gone. Cost: some 100 ns, most of it waiting for memory.
    pub(crate) fn read(&self, slot: Slot, facts: &mut Facts) -> Option<ChildId> {
        let child = self.child(slot)?;
        let start = self.starts.get(slot.0 as usize)?;
        decode(self.arena.get(*start as usize..)?, facts);
        Some(child)
    }

    /// The new slot of each child, once they lie in the order of their homes; while none has gone.
    pub(crate) fn order(&self, codes: &Codes) -> Vec<u32> {
        areas::order(&self.outlines, codes)
    }

    /// Puts each child into its new slot.
    pub(crate) fn renumber(&mut self, mut to: Vec<u32>, codes: &Codes) {
        for at in 0..to.len() {
            // Whoever lies here goes where it belongs, until who belongs here has come.
            while let Some(there) = to.get(at).map(|there| *there as usize).filter(|there| *there != at) {
                self.children.swap(at, there);
                self.starts.swap(at, there);
                self.outlines.swap(at, there);
                to.swap(at, there);
            }
        }
        self.know_areas(codes);
    }

    /// Reads the areas of every block off the outlines.
    pub(crate) fn know_areas(&mut self, codes: &Codes) {
        self.areas = Areas::of(&self.outlines, codes);
    }

    /// Gives spare room back after many children were put in.
    pub(crate) fn loaded(&mut self) {
        self.children.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.outlines.shrink_to_fit();
        self.arena.shrink_to_fit();
    }

    /// The bytes of each part.
    pub(crate) fn sizes(&self) -> Vec<(&'static str, usize)> {
        vec![
            ("ids", size_of_val(self.children.as_slice())),
            ("places of facts", size_of_val(self.starts.as_slice())),
            ("outlines", size_of_val(self.outlines.as_slice()) + self.areas.size()),
            ("facts", self.arena.len()),
        ]
    }

    /// How many children are in.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// How many have gone, ever.
    pub(crate) fn gone(&self) -> u64 {
        self.gone
    }

    /// How many slots wait until no list names them.
    pub(crate) fn waiting(&self) -> usize {
        self.left.len()
    }
}
