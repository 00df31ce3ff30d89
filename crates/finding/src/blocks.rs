//! Blocks: who shares a blocking key with whom, so that nobody is compared with everybody.
//!
//! Source: matching.md 3.2. A list that is too long tells nothing and is passed over: of a sure key past two
//! thousand, of a single fact past a few dozen.

use std::collections::HashMap;

use linkage::keys::Keys;

/// Longest list of a key of several facts that is read.
const SURE_MAX: usize = 2_000;

/// Longest list of a key of one fact that is read.
const SINGLE_MAX: usize = 60;

/// The lists, by key. A person is known by a number.
#[derive(Debug, Default)]
pub struct Blocks {
    sure: HashMap<u64, Vec<u32>>,
    single: HashMap<u64, Vec<u32>>,
}

impl Blocks {
    /// Lists a person.
    pub fn insert(&mut self, person: u32, keys: &Keys) {
        for (lists, own) in [(&mut self.sure, &keys.sure), (&mut self.single, &keys.single)] {
            for key in own {
                lists.entry(*key).or_default().push(person);
            }
        }
    }

    /// Takes a person off the lists, by the keys that it was put on them with.
    pub fn remove(&mut self, person: u32, keys: &Keys) {
        for (lists, own) in [(&mut self.sure, &keys.sure), (&mut self.single, &keys.single)] {
            for key in own {
                let Some(list) = lists.get_mut(key) else { continue };
                list.retain(|listed| *listed != person);
                if list.is_empty() {
                    lists.remove(key);
                }
            }
        }
    }

    /// Tells whether nobody is on any list.
    pub fn is_empty(&self) -> bool {
        self.sure.is_empty() && self.single.is_empty()
    }

    /// Everyone who shares so many keys, or one of an identifier; each once, in order. `found` is cleared first.
    pub fn candidates(&self, keys: &Keys, shared_min: usize, found: &mut Vec<u32>) {
        found.clear();
        let mut listed = Vec::new();
        let all = [(&self.sure, &keys.sure, SURE_MAX), (&self.single, &keys.single, SINGLE_MAX)];
        for (lists, own, longest) in all {
            for list in own.iter().filter_map(|key| lists.get(key)).filter(|list| list.len() <= longest) {
                listed.extend_from_slice(list);
            }
        }
        listed.sort_unstable();
        found.extend(
            listed
                .chunk_by(|one, other| one == other)
                .filter(|met| met.len() >= shared_min)
                .filter_map(|met| met.first().copied()),
        );
        for list in keys.identifiers.iter().filter_map(|key| self.sure.get(key)) {
            found.extend_from_slice(list);
        }
        found.sort_unstable();
        found.dedup();
    }
}
