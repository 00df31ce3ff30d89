//! How common names are: counted where the descriptions are, with a floor for the rarest.
//!
//! Source: matching.md 3.3 (term frequency, shrunk).

use std::collections::HashMap;

use crate::{
    centibits::log2_share,
    pattern::Rarity,
    person::{Form, Person},
};

/// Fewer bearers than this are not believed: a name met once may be met again.
const BEARERS_MIN: u64 = 2;

/// How many people a directory is believed to lack, of whose names nothing is known: in a small one every name is
/// rare, and in England it may not be.
const UNMET: u64 = 1_000;

/// Names and how many bear them.
#[derive(Debug, Clone, Default)]
pub struct Names {
    forenames: HashMap<Box<str>, u64>,
    surnames: HashMap<Box<str>, u64>,
    people: u64,
    unmet: u64,
}

impl Names {
    /// Counts nobody yet, for a directory to which more people will come; a list's own count is [`Names::default`].
    pub fn of_a_directory() -> Names {
        Names { unmet: UNMET, ..Names::default() }
    }

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

    /// Counts one person less, who was counted before.
    pub fn discount(&mut self, person: &Person) {
        self.people = self.people.saturating_sub(1);
        for (table, names) in
            [(&mut self.forenames, &person.forenames), (&mut self.surnames, &person.surnames)]
        {
            for name in names.iter().filter(|name| name.form != Form::Other) {
                let left = table.get_mut(&*name.spelling.text).map(|bearers| {
                    *bearers = bearers.saturating_sub(1);
                    *bearers
                });
                if left == Some(0) {
                    table.remove(&*name.spelling.text);
                }
            }
        }
    }

    /// How many people are counted.
    pub fn people(&self) -> u64 {
        self.people
    }

    fn of(&self, table: &HashMap<Box<str>, u64>, name: &str) -> i32 {
        let bearers = table.get(name).copied().unwrap_or_default().max(BEARERS_MIN);
        -log2_share(bearers, (self.people + self.unmet).max(BEARERS_MIN))
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
