//! Maps and sets by small numbers that are given out here: one multiplication hashes them.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

use crate::{lexicon::Word, table::Slot};

/// A map by word.
pub(crate) type WordMap<Kept> = HashMap<Word, Kept, BuildHasherDefault<NumberHasher>>;

/// A set of slots.
pub(crate) type SlotSet = HashSet<Slot, BuildHasherDefault<NumberHasher>>;

/// Hashes one number, which nobody outside chooses.
#[derive(Debug, Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        // Both ends of the hash are used: the product's upper half is brought down.
        let product = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ product >> 32;
    }
}
