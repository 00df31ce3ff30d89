//! Areas: which postcode areas live in a block of slots, so that those far from the one asked for are passed over
//! unread.
//!
//! Children loaded at once lie in the order of their homes, so that a block holds one area or two; who came since lies
//! anywhere, and blocks of those hold many. A block may be told to hold an area that has left it, and never the
//! reverse. Sixteen bytes for a thousand children.

use crate::{
    codes::{Codes, OutcodeId},
    outline::Outline,
    table::Slot,
};

/// Slots of a block, as a power of two.
const BLOCK_BITS: u32 = if cfg!(test) { 1 } else { 10 };

/// A set of areas, and of whoever lives in none that an outline tells. England's 120 share 127 bits: two may be told
/// as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct AreaSet(u128);

/// Where the bit of those stands whose area an outline does not tell.
const UNTOLD: u32 = u128::BITS - 1;

impl AreaSet {
    /// Whoever may live anywhere.
    pub(crate) const UNTOLD: AreaSet = AreaSet(1 << UNTOLD);

    /// One area, by its letters; an outcode's are its first.
    pub(crate) fn of(text: &[u8]) -> AreaSet {
        let letters = text.iter().take_while(|sign| sign.is_ascii_alphabetic());
        let mixed = letters.fold(0, |mixed: u32, letter| mixed.wrapping_mul(27) + u32::from(letter & 31));
        AreaSet(1 << (mixed % UNTOLD))
    }

    /// Both sets.
    #[must_use]
    pub(crate) fn and(self, other: AreaSet) -> AreaSet {
        AreaSet(self.0 | other.0)
    }

    fn of_outline(outline: Outline, codes: &Codes) -> AreaSet {
        match outline.outcode() {
            OutcodeId::NONE | OutcodeId::ANY => AreaSet::UNTOLD,
            outcode => AreaSet::of(codes.of_number(outcode).area()),
        }
    }
}

/// The areas of every block.
#[derive(Debug, Default)]
pub(crate) struct Areas(Vec<AreaSet>);

impl Areas {
    /// Those of children by their outlines, in the order of their slots.
    pub(crate) fn of(outlines: &[Outline], codes: &Codes) -> Areas {
        let of_outcode: Vec<AreaSet> = outcode_sets(codes);
        let of = |outline: &Outline| of_outcode.get(usize::from(outline.outcode().0)).copied();
        let sets = outlines.chunks(1 << BLOCK_BITS).map(|block| {
            let sets = block.iter().map(|outline| of(outline).unwrap_or(AreaSet::UNTOLD));
            sets.fold(AreaSet::default(), AreaSet::and)
        });
        Areas(sets.collect())
    }

    /// Tells of one more in a block.
    pub(crate) fn put(&mut self, slot: Slot, outline: Outline, codes: &Codes) {
        let block = block_of(slot);
        if block >= self.0.len() {
            self.0.resize(block + 1, AreaSet::default());
        }
        if let Some(set) = self.0.get_mut(block) {
            *set = set.and(AreaSet::of_outline(outline, codes));
        }
    }

    /// Tells whether a child in one of some areas may lie in a slot.
    pub(crate) fn may_hold(&self, slot: Slot, asked: AreaSet) -> bool {
        self.0.get(block_of(slot)).is_none_or(|set| set.0 & asked.0 != 0)
    }

    /// Its bytes.
    pub(crate) fn size(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}

fn block_of(slot: Slot) -> usize {
    (slot.0 >> BLOCK_BITS) as usize
}

/// The area of each outcode, by its number.
fn outcode_sets(codes: &Codes) -> Vec<AreaSet> {
    let told = codes.outcodes().map(|outcode| AreaSet::of(outcode.area()));
    [AreaSet::UNTOLD].into_iter().chain(told).collect()
}

/// In which order children lie, best by their homes: the new slot of each, area by area and outcode by outcode.
pub(crate) fn order(outlines: &[Outline], codes: &Codes) -> Vec<u32> {
    let sets = outcode_sets(codes);
    let mut outcodes: Vec<usize> = (0..=usize::from(OutcodeId::ANY.0)).collect();
    outcodes.sort_by_key(|number| (sets.get(*number).map_or(u128::MAX, |set| set.0), *number));
    let at = |outline: &Outline| usize::from(outline.outcode().0);
    let mut next = vec![0_u32; outcodes.len()];
    for outline in outlines {
        next.get_mut(at(outline)).into_iter().for_each(|count| *count += 1);
    }
    let mut first = 0;
    for number in outcodes {
        if let Some(count) = next.get_mut(number) {
            first += std::mem::replace(count, first);
        }
    }
    let place = |outline: &Outline| {
        next.get_mut(at(outline)).map_or(0, |place| {
            *place += 1;
            *place - 1
        })
    };
    outlines.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::{
        Loading,
        invented::{child, holding, world},
    };

    #[test]
    fn an_outcode_lies_in_the_area_of_its_letters() {
        assert_eq!(AreaSet::of(b"N17"), AreaSet::of(b"N"));
        assert_ne!(AreaSet::of(b"N17"), AreaSet::of(b"E1"));
    }

    proptest! {
        #[test]
        fn whoever_lives_in_an_area_lies_in_one_of_its_blocks(entries in world(40)) {
            let index = holding(&entries);
            for slot in (0_u32..).take(index.rows.places()).map(Slot) {
                let own = AreaSet::of_outline(index.rows.outline(slot), &index.lexicons.codes);
                prop_assert!(index.rows.may_hold(slot, own));
            }
        }

        #[test]
        fn children_loaded_at_once_lie_outcode_by_outcode(entries in world(40)) {
            let mut loading = Loading::new();
            for (number, entry) in (0_u64..).zip(&entries) {
                loading.put(child(number), Some(entry), None);
            }
            let index = loading.done();
            let slots = (0_u32..).take(index.rows.places()).map(Slot);
            let mut outcodes: Vec<u16> = slots.map(|slot| index.rows.outline(slot).outcode().0).collect();
            outcodes.dedup();
            let runs = outcodes.len();
            outcodes.sort_unstable();
            outcodes.dedup();
            prop_assert_eq!(outcodes.len(), runs);
        }
    }
}
