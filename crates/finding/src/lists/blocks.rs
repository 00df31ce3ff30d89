//! Blocks: who shares a blocking key with whom, so that nobody is compared with everybody.
//!
//! Source: matching.md 3.2. A list that is too long tells nothing and is passed over: of a sure key past two
//! thousand, of a single fact past a few dozen. A number that so many bear is a placeholder and nobody's.

use std::collections::HashMap;

use linkage::keys::Keys;

/// Longest list of a key of several facts that is read.
const SURE_MAX: usize = 2_000;

/// Longest list of a key of one fact that is read.
const SINGLE_MAX: usize = 60;

/// The lists, by key. A person is known by a number.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    sure: HashMap<u64, Vec<u32>>,
    single: HashMap<u64, Vec<u32>>,
}

impl Blocks {
    /// Lists a person.
    pub(super) fn insert(&mut self, person: u32, keys: &Keys) {
        for (lists, own) in [(&mut self.sure, &keys.sure), (&mut self.single, &keys.single)] {
            for key in own {
                lists.entry(*key).or_default().push(person);
            }
        }
    }

    /// Everyone who shares a key, each once, in order. `found` is cleared first.
    ///
    /// One key is enough: a list may tell little of anybody, and its people little in common.
    pub(super) fn candidates(&self, keys: &Keys, found: &mut Vec<u32>) {
        found.clear();
        let all = [(&self.sure, &keys.sure, SURE_MAX), (&self.single, &keys.single, SINGLE_MAX)];
        for (lists, own, longest) in all {
            for list in own.iter().filter_map(|key| lists.get(key)).filter(|list| list.len() <= longest) {
                found.extend_from_slice(list);
            }
        }
        found.sort_unstable();
        found.dedup();
    }
}

#[cfg(test)]
mod tests {
    use linkage::{
        keys::{keys, probes},
        person::{Person, Told},
    };

    use super::*;

    /// How many are compared with one who bears the identifier that so many bear.
    fn compared(bearers: u32) -> usize {
        let person = Person::of(&Told { identifier: Some("UNKNOWN".to_owned()), ..Told::default() });
        let mut blocks = Blocks::default();
        for place in 0..bearers {
            blocks.insert(place, &keys(&person));
        }
        let mut found = Vec::new();
        blocks.candidates(&probes(&person), &mut found);
        found.len()
    }

    #[test]
    fn a_placeholder_for_an_identifier_makes_nobody_anybodys_candidate() {
        assert_eq!(compared(3), 3, "an identifier is one key and enough");
        assert_eq!(compared(3_000), 0);
    }
}
