//! How common names are: counted where the descriptions are, with a floor for the rarest.
//!
//! Source: matching.md 3.3 (term frequency, shrunk).

use std::collections::HashMap;

use crate::{
    centibits::{Centibits, log2_share},
    pattern::Rarity,
    person::{Form, Person},
};

/// Fewer bearers than this are not believed: a name met once may be met again.
const BEARERS_MIN: u64 = 2;

/// How many people a directory is believed to lack, of whose names nothing is known: in a small one every name is
/// rare, and in England it may not be.
const UNMET: u64 = 1_000;

/// How rare a name is of which a directory holds so many bearers among so many people, as a negative logarithm.
pub fn in_a_directory(bearers: u64, people: u64) -> Centibits {
    rarity(bearers, people + UNMET)
}

fn rarity(bearers: u64, people: u64) -> Centibits {
    -log2_share(bearers.max(BEARERS_MIN), people.max(BEARERS_MIN))
}

/// Names of a list and how many bear them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    forenames: HashMap<Box<str>, u64>,
    surnames: HashMap<Box<str>, u64>,
    people: u64,
}

impl Names {
    /// Counts one more person.
    pub fn count(&mut self, person: &Person) {
        self.people += 1;
        for (table, names) in
            [(&mut self.forenames, &person.forenames), (&mut self.surnames, &person.surnames)]
        {
            for name in names.iter().filter(|name| name.form != Form::Other) {
                match table.get_mut(&*name.spelling.text) {
                    Some(bearers) => *bearers += 1,
                    None => {
                        table.insert((&*name.spelling.text).into(), 1);
                    }
                }
            }
        }
    }

    fn of(&self, table: &HashMap<Box<str>, u64>, name: &str) -> i32 {
        rarity(table.get(name).copied().unwrap_or_default(), self.people)
    }
}

impl Rarity for Names {
    fn forename(&self, name: &str) -> i32 {
        self.of(&self.forenames, name)
    }

    fn surname(&self, name: &str) -> i32 {
        self.of(&self.surnames, name)
    }
}
