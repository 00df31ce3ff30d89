//! Sieves: who may be on a list, told without looking the list up.

use crate::table::Slot;

/// Bits for each who is put in, who takes two of them: one in three hundred others passes.
const BITS_EACH: usize = 32;

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

    fn place(&self, number: u32) -> (usize, u64) {
        let bit = number as usize & (self.words.len() * 64 - 1);
        (bit / 64, 1 << (bit % 64))
    }

    pub(crate) fn put(&mut self, slot: Slot) {
        for number in [slot.0, mixed(slot)] {
            let (at, bit) = self.place(number);
            if let Some(word) = self.words.get_mut(at) {
                *word |= bit;
            }
        }
    }

    pub(crate) fn may_hold(&self, slot: Slot) -> bool {
        let holds = |number: u32| {
            let (at, bit) = self.place(number);
            self.words.get(at).is_some_and(|word| word & bit != 0)
        };
        holds(slot.0) && holds(mixed(slot))
    }
}

/// Another number for a slot, in which slots that share their lowest bits part.
fn mixed(slot: Slot) -> u32 {
    slot.0.wrapping_mul(0x9e37_79b1) >> 8
}
