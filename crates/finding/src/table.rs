//! A table: which children have a key, as packed lists and a small sorted set of what came since.
//!
//! The packed part is one array of slots, grouped by key and within a key ordered by a mark, so that a span of days
//! is a sub-slice (house.md 4.7, matching.md 3.2). It never changes in place: what comes new is kept sorted beside
//! it and merged in when it is a sixteenth of the whole; who is gone is left out at the next merge, and known by the
//! slot until then. Five bytes a posting, three where no mark is kept.

mod stored;

use std::{collections::BTreeSet, hint::black_box};

use crate::slots::{Part, Slots};

/// Where a child's row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot(pub(crate) u32);

const SLOT_FIRST: Slot = Slot(0);
const SLOT_LAST: Slot = Slot(u32::MAX);

/// Fewest new postings that are merged: below it the sorted set is as quick.
///
/// Small under test, so that worlds of a few children are packed, changed and packed again.
const FRESH_MIN: usize = if cfg!(test) { 6 } else { 4_096 };

/// One in so many postings may be new: 16 merges of a posting's life cost less than its first sorting.
const FRESH_SHARE: usize = 16;

/// Most postings that are gathered before they are sorted and merged, while many are loaded: 12 MB a table.
const GATHERED_MAX: usize = if cfg!(test) { 6 } else { 1 << 20 };

/// One child's postings in one table at most, which may come when there is room for one more.
const GATHERED_OVER: usize = 1_024;

/// A key, a mark and a child that has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    key: u32,
    mark: u16,
    slot: Slot,
}

/// Whether lists are ordered by a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marks {
    /// They are.
    Kept,
    /// Every mark is 0.
    None,
}

/// Lists of children by key.
#[derive(Debug)]
pub(crate) struct Table {
    kept: Marks,
    /// Where the list of each key ends.
    ends: Vec<u32>,
    marks: Vec<u16>,
    slots: Slots,
    fresh: BTreeSet<Posting>,
    gathered: Vec<Posting>,
    /// How many children had gone when the last merge left them out.
    purged: u64,
}

impl Table {
    pub(crate) fn new(kept: Marks) -> Table {
        Table {
            kept,
            ends: Vec::new(),
            marks: Vec::new(),
            slots: Slots::default(),
            fresh: BTreeSet::new(),
            gathered: Vec::new(),
            purged: 0,
        }
    }

    /// Lists a child. Cost: one insertion into the small set.
    pub(crate) fn insert(&mut self, key: u32, mark: u16, slot: Slot) {
        let mark = if self.kept == Marks::Kept { mark } else { 0 };
        self.fresh.insert(Posting { key, mark, slot });
    }

    /// Lists a child that is read only after the next merge.
    pub(crate) fn gather(&mut self, key: u32, mark: u16, slot: Slot) {
        let mark = if self.kept == Marks::Kept { mark } else { 0 };
        if self.gathered.capacity() == 0 {
            self.gathered.reserve_exact(GATHERED_MAX + GATHERED_OVER);
        }
        self.gathered.push(Posting { key, mark, slot });
    }

    /// Gives back the room of what was gathered.
    pub(crate) fn loaded(&mut self) {
        self.gathered = Vec::new();
    }

    /// Tells whether enough is new for a merge.
    pub(crate) fn is_due(&self) -> bool {
        self.fresh.len() > FRESH_MIN.max(self.slots.len() / FRESH_SHARE)
            || self.gathered.len() >= GATHERED_MAX
    }

    /// How many children had gone that are certainly on no list any more.
    pub(crate) fn purged(&self) -> u64 {
        if self.slots.is_empty() && self.fresh.is_empty() && self.gathered.is_empty() {
            return u64::MAX;
        }
        self.purged
    }

    /// Packs what is new with the rest and leaves out whoever is not `alive`; `gone` is how many are not.
    ///
    /// Cost: one pass over the table, a nanosecond or two a posting, 10 where somebody went; no room of its own.
    pub(crate) fn merge(&mut self, gone: u64, alive: impl Fn(Slot) -> bool) {
        if gone != self.purged {
            self.leave_out(&alive);
            self.purged = gone;
        }
        let mut new = std::mem::take(&mut self.gathered);
        new.extend(std::mem::take(&mut self.fresh));
        new.sort_unstable();
        new.dedup();
        new.retain(|posting| alive(posting.slot));
        self.take_in(&new);
        if new.capacity() >= GATHERED_MAX {
            // The same room for the next: given back each time, it would lie in pieces between the words.
            new.clear();
            self.gathered = new;
        }
    }

    /// Packs the lists anew without whoever is not alive.
    fn leave_out(&mut self, alive: &impl Fn(Slot) -> bool) {
        let (mut start, mut kept) = (0, 0);
        for end in &mut self.ends {
            for place in start..*end as usize {
                let Some(slot) = self.slots.get(place).filter(|slot| alive(*slot)) else { continue };
                self.slots.set(kept, slot);
                if let Some(mark) = self.marks.get(place).copied() {
                    self.marks.get_mut(kept).into_iter().for_each(|to| *to = mark);
                }
                kept += 1;
            }
            start = *end as usize;
            *end = u32::try_from(kept).unwrap_or(u32::MAX);
        }
        self.slots.truncate(kept);
        self.marks.truncate(kept);
    }

    /// Puts postings in order in among the others, from the last on: what stands behind moves up.
    fn take_in(&mut self, new: &[Posting]) {
        let Some(last) = new.last() else { return };
        let packed = self.slots.len();
        let keys = self.ends.len().max(last.key as usize + 1);
        self.ends.resize(keys, u32::try_from(packed).unwrap_or(u32::MAX));
        self.slots.grow(new.len());
        if self.kept == Marks::Kept {
            self.marks.reserve_exact(new.len());
            self.marks.resize(packed + new.len(), 0);
        }
        let (mut read, mut write) = (packed, packed + new.len());
        for posting in new.iter().rev() {
            let at = self.place_of(posting, read);
            write -= read - at;
            self.slots.copy_within(at..read, write);
            if self.kept == Marks::Kept {
                self.marks.copy_within(at..read, write);
            }
            (read, write) = (at, write - 1);
            self.slots.set(write, posting.slot);
            self.marks.get_mut(write).into_iter().for_each(|to| *to = posting.mark);
        }
        let (mut before, mut rest) = (0_u32, new.iter().peekable());
        for (key, end) in (0_u32..).zip(&mut self.ends) {
            while rest.next_if(|posting| posting.key == key).is_some() {
                before += 1;
            }
            *end += before;
        }
    }

    /// Gives every slot its new number; whoever has a key and a mark is put in order anew.
    pub(crate) fn renumber(&mut self, to: &[u32]) {
        let (mut start, mut run) = (0, Vec::new());
        for end in self.ends.iter().map(|end| *end as usize) {
            while start < end {
                let same = self.marks.get(start..end).map_or(end - start, |marks| {
                    marks.iter().take_while(|mark| marks.first() == Some(*mark)).count()
                });
                run.clear();
                self.slots.at(start..start + same).each(|slot| {
                    run.push(to.get(slot.0 as usize).copied().unwrap_or(slot.0));
                });
                run.sort_unstable();
                for (place, slot) in (start..).zip(&run) {
                    self.slots.set(place, Slot(*slot));
                }
                start += same;
            }
        }
    }

    /// Where a posting belongs among those packed before it; they stand unmoved up to `read`.
    fn place_of(&self, posting: &Posting, read: usize) -> usize {
        let at = posting.key as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let end = self.ends.get(at).map_or(read, |end| *end as usize).min(read);
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low.midpoint(high);
            let mark = self.marks.get(middle).copied().unwrap_or_default();
            let slot = self.slots.get(middle).unwrap_or(SLOT_LAST);
            if (mark, slot) < (posting.mark, posting.slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The packed part of a list: marks, empty where none are kept, and slots.
    fn packed(&self, key: u32, (from, to): Span) -> (&[u16], Part<'_>) {
        let (start, end) = self.place(key);
        let whole = start..end;
        if self.kept == Marks::None {
            return (&[], self.slots.at(whole));
        }
        let marks = self.marks.get(whole).unwrap_or_default();
        let (first, last) = if (from, to) == WHOLE {
            (0, marks.len())
        } else {
            (marks.partition_point(|mark| *mark < from), marks.partition_point(|mark| *mark <= to))
        };
        (marks.get(first..last).unwrap_or_default(), self.slots.at(start + first..start + last))
    }

    fn since(&self, key: u32, (from, to): Span) -> impl Iterator<Item = &Posting> {
        let (from, to) = if self.kept == Marks::Kept { (from, to) } else { WHOLE };
        let first = Posting { key, mark: from, slot: SLOT_FIRST };
        let last = Posting { key, mark: to.max(from), slot: SLOT_LAST };
        self.fresh.range(first..=last)
    }

    /// Has memory bring where some lists begin and their middles, all at once, so that reading each does not wait.
    pub(crate) fn fetch(&self, keys: impl Iterator<Item = u32>) {
        let mut sum = 0;
        let lists: Vec<(usize, usize)> = keys.map(|key| self.place(key)).collect();
        for (start, end) in lists {
            for at in [start, start.midpoint(end)] {
                sum ^= self.marks.get(at).copied().unwrap_or_default();
            }
            sum ^= u16::from(self.slots.get(start).is_some());
        }
        black_box(sum);
    }

    /// Where the packed part of a list begins and ends.
    fn place(&self, key: u32) -> (usize, usize) {
        let at = key as usize;
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        let start =
            at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |start| *start as usize);
        (start.min(end), end)
    }

    /// How many are listed under a key within a span of marks, gone ones that no merge has met yet included.
    pub(crate) fn count(&self, key: u32, span: Span) -> usize {
        self.packed(key, span).1.len() + self.since(key, span).count()
    }

    /// Adds those listed under a key within a span of marks to `found`, gone ones included.
    pub(crate) fn read(&self, key: u32, span: Span, found: &mut Vec<Slot>) {
        let (_, packed) = self.packed(key, span);
        found.reserve(packed.len());
        packed.each(|slot| found.push(slot));
        found.extend(self.since(key, span).map(|posting| posting.slot));
    }

    /// Tells of each listed under a key within a span of marks, gone ones included; where no mark is kept it is 0.
    pub(crate) fn each(&self, key: u32, span: Span, tell: &mut impl FnMut(u16, Slot)) {
        let (marks, slots) = self.packed(key, span);
        let mut marks = marks.iter();
        slots.each(|slot| tell(marks.next().copied().unwrap_or_default(), slot));
        self.since(key, span).for_each(|posting| tell(posting.mark, posting.slot));
    }

    /// Tells of each listed under a key whose mark is wanted, gone ones included; of a table that keeps marks.
    ///
    /// Cost: a nanosecond for each on the list, so that many spans are read at once.
    pub(crate) fn each_marked(
        &self,
        key: u32,
        wanted: impl Fn(u16) -> bool,
        tell: &mut impl FnMut(u16, Slot),
    ) {
        let (marks, slots) = self.packed(key, WHOLE);
        for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| wanted(**mark)) {
            slots.get(at).into_iter().for_each(|slot| tell(*mark, slot));
        }
        self.since(key, WHOLE).filter(|posting| wanted(posting.mark)).for_each(|posting| {
            tell(posting.mark, posting.slot);
        });
    }

    /// The whole list of a key as mark and slot in one number, in order.
    pub(crate) fn marked(&self, key: u32) -> Vec<u64> {
        let one = |mark: u16, slot: Slot| u64::from(mark) << 32 | u64::from(slot.0);
        let (marks, slots) = self.packed(key, WHOLE);
        let (mut listed, mut marks) = (Vec::with_capacity(slots.len()), marks.iter());
        slots.each(|slot| listed.push(one(marks.next().copied().unwrap_or_default(), slot)));
        let packed = listed.len();
        listed.extend(self.since(key, WHOLE).map(|posting| one(posting.mark, posting.slot)));
        if listed.len() > packed {
            listed.sort_unstable();
        }
        listed
    }

    /// How many postings it holds, gone ones that no merge has met yet included.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() + self.fresh.len()
    }

    /// Keys are below this.
    pub(crate) fn keys(&self) -> u32 {
        let packed = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.fresh.last().map_or(packed, |last| packed.max(last.key.saturating_add(1)))
    }

    /// Its packed bytes.
    pub(crate) fn size(&self) -> usize {
        size_of_val(self.ends.as_slice()) + size_of_val(self.marks.as_slice()) + self.slots.size()
    }

    /// Tells whether nobody is listed, gone ones included.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.fresh.is_empty() && self.gathered.is_empty()
    }
}

/// A span of marks, both ends within.
pub(crate) type Span = (u16, u16);

/// Every mark.
pub(crate) const WHOLE: Span = (0, u16::MAX);
