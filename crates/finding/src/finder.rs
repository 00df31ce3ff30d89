//! A finder: from a text or a code to the number under which it is held, in some six bytes each.
//!
//! It keeps numbers alone and asks the one who holds the texts which it is, so that nothing stands twice.

use std::hash::{BuildHasher, Hash, RandomState};

/// A place that is free.
const FREE: u32 = u32::MAX;

/// Fewest places.
const PLACES_MIN: usize = 16;

/// Numbers by the hash of what they stand for. Hashes are keyed: nobody outside can choose what clashes.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// As many as a power of two, of which three quarters may be taken.
    places: Vec<u32>,
    held: usize,
    hashes: RandomState,
}

impl Finder {
    /// Finds the number that `is` the one sought, by `key`.
    pub(crate) fn find<Key: Hash + ?Sized>(&self, key: &Key, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = self.home(key)?;
        loop {
            let number = self.at(at);
            if number == FREE {
                return None;
            }
            if is(number) {
                return Some(number);
            }
            at = self.after(at);
        }
    }

    /// Takes a number in that is not in yet; `key_of` tells what a number stands for.
    pub(crate) fn insert<'a, Key: Hash + ?Sized + 'a>(
        &mut self,
        number: u32,
        key_of: impl Fn(u32) -> Option<&'a Key>,
    ) {
        if (self.held + 1) * 4 > self.places.len() * 3 {
            let room = (self.places.len() * 2).max(PLACES_MIN);
            let before = std::mem::replace(&mut self.places, vec![FREE; room]);
            for held in before.into_iter().filter(|held| *held != FREE) {
                self.put(held, key_of(held));
            }
        }
        self.put(number, key_of(number));
        self.held += 1;
    }

    fn put<Key: Hash + ?Sized>(&mut self, number: u32, key: Option<&Key>) {
        let Some(mut at) = key.and_then(|key| self.home(key)) else { return };
        while self.at(at) != FREE {
            at = self.after(at);
        }
        if let Some(place) = self.places.get_mut(at) {
            *place = number;
        }
    }

    /// Takes a number out while it is still known what it stands for.
    pub(crate) fn remove<'a, Key: Hash + ?Sized + 'a>(
        &mut self,
        number: u32,
        key_of: impl Fn(u32) -> Option<&'a Key>,
    ) {
        let Some(mut at) = key_of(number).and_then(|key| self.home(key)) else { return };
        while self.at(at) != number {
            if self.at(at) == FREE {
                return;
            }
            at = self.after(at);
        }
        self.held -= 1;
        // Whoever follows moves up, as far as it would be looked for there.
        let mut hole = at;
        loop {
            at = self.after(at);
            let next = self.at(at);
            let sought_from = if next == FREE { None } else { key_of(next).and_then(|key| self.home(key)) };
            let Some(first) = sought_from else { break };
            let last = self.places.len() - 1;
            if at.wrapping_sub(first) & last >= at.wrapping_sub(hole) & last {
                self.set(hole, next);
                hole = at;
            }
        }
        self.set(hole, FREE);
    }

    fn home<Key: Hash + ?Sized>(&self, key: &Key) -> Option<usize> {
        let last = self.places.len().checked_sub(1)?;
        usize::try_from(self.hashes.hash_one(key) & u64::try_from(last).ok()?).ok()
    }

    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.places.len() - 1)
    }

    fn at(&self, at: usize) -> u32 {
        self.places.get(at).copied().unwrap_or(FREE)
    }

    fn set(&mut self, at: usize, number: u32) {
        if let Some(place) = self.places.get_mut(at) {
            *place = number;
        }
    }

    /// Its bytes.
    pub(crate) fn size(&self) -> usize {
        size_of_val(self.places.as_slice())
    }

    /// Tells whether it finds nothing.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.held == 0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_taken_in_and_not_out_is_found(steps in prop::collection::vec((any::<bool>(), 0..40_u32), 1..300)) {
            let keys: Vec<u32> = (0..40).map(|number| number * 7).collect();
            let key_of = |number: u32| keys.get(number as usize);
            let (mut finder, mut held) = (Finder::default(), BTreeSet::new());
            for (take, number) in steps {
                if take && held.insert(number) {
                    finder.insert(number, key_of);
                } else if !take && held.remove(&number) {
                    finder.remove(number, key_of);
                }
                for (other, key) in (0_u32..).zip(&keys) {
                    let found = finder.find(key, |found| found == other);
                    prop_assert_eq!(found, held.contains(&other).then_some(other));
                }
            }
            prop_assert_eq!(finder.is_empty(), held.is_empty());
        }
    }
}
