//! Sieves: who may be on a list, told without looking the list up.

use crate::table::Slot;

/// Bits for each who is put in: one in sixteen others passes.
const BITS_EACH: usize = 16;

/// Fewest and most bits: 8 KB to 2 MB.
const BITS_MIN: usize = 1 << 16;
const BITS_MAX: usize = 1 << 24;

/// A set that holds all who were put in, and some more.
#[derive(Debug)]
pub(crate) struct Sieve {
    words: Vec<u64>,
}

impl Sieve {
    /// Makes a sieve with room for so many.
    pub(crate) fn new(count: usize) -> Sieve {
        let bits = count.saturating_mul(BITS_EACH).clamp(BITS_MIN, BITS_MAX).next_power_of_two();
        Sieve { words: vec![0; bits / 64] }
    }

    /// A sieve of some slots.
    pub(crate) fn of(slots: impl ExactSizeIterator<Item = Slot>) -> Sieve {
        let mut sieve = Sieve::new(slots.len());
        slots.for_each(|slot| sieve.put(slot));
        sieve
    }

    fn place(&self, slot: Slot) -> (usize, u64) {
        let bit = slot.0 as usize & (self.words.len() * 64 - 1);
        (bit / 64, 1 << (bit % 64))
    }

    pub(crate) fn put(&mut self, slot: Slot) {
        let (at, bit) = self.place(slot);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bit;
        }
    }

    pub(crate) fn may_hold(&self, slot: Slot) -> bool {
        let (at, bit) = self.place(slot);
        self.words.get(at).is_some_and(|word| word & bit != 0)
    }
}
