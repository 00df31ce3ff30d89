//! How many children of the directory bear a name, by the word.
//!
//! Only what their records show is counted (rules.md 2.3): nothing hidden makes a name rarer or commoner.

use std::io;

use linkage::{pattern::Rarity, person::Form, rarity::in_a_directory};

use crate::{
    facts::Facts,
    lexicon::{Lexicon, Word},
    snapshot::{Reader, SnapshotError, Writer},
};

/// Names and how many bear them.
#[derive(Debug, Default)]
pub(crate) struct Bearers {
    forenames: Vec<u32>,
    surnames: Vec<u32>,
    people: u64,
}

impl Bearers {
    /// Counts one more child.
    pub(crate) fn count(&mut self, facts: &Facts) {
        self.change(facts, |bearers| bearers.saturating_add(1));
        self.people += u64::from(facts.matched.is_some());
    }

    /// Counts one less.
    pub(crate) fn discount(&mut self, facts: &Facts) {
        self.change(facts, |bearers| bearers.saturating_sub(1));
        self.people = self.people.saturating_sub(u64::from(facts.matched.is_some()));
    }

    fn change(&mut self, facts: &Facts, change: fn(u32) -> u32) {
        let Some(matched) = &facts.matched else { return };
        let tables =
            [(&mut self.forenames, &matched.shown.forenames), (&mut self.surnames, &matched.shown.surnames)];
        for (table, names) in tables {
            for (word, _) in names.iter().filter(|(_, form)| *form != Form::Other) {
                let at = word.0 as usize;
                if table.len() <= at {
                    table.resize(at + 1, 0);
                }
                if let Some(bearers) = table.get_mut(at) {
                    *bearers = change(*bearers);
                }
            }
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        writer.number(self.people)?;
        writer.array(self.forenames.iter().copied())?;
        writer.array(self.surnames.iter().copied())
    }

    pub(crate) fn read(reader: &mut Reader<'_>, names: &Lexicon) -> Result<Bearers, SnapshotError> {
        let people = reader.number()?;
        let (forenames, surnames) = (reader.array(|bearers| bearers)?, reader.array(|bearers| bearers)?);
        reader.check(forenames.len().max(surnames.len()) <= names.places())?;
        Ok(Bearers { forenames, surnames, people })
    }

    /// How many children are matched with.
    pub(crate) fn people(&self) -> u64 {
        self.people
    }

    /// How rare names are, told by their texts.
    pub(crate) fn rarity<'a>(&'a self, names: &'a Lexicon) -> RarityByText<'a> {
        RarityByText { bearers: self, names }
    }

    /// How many bear a surname.
    pub(crate) fn of_surname(&self, word: Word) -> u32 {
        self.surnames.get(word.0 as usize).copied().unwrap_or_default()
    }

    /// How many bear a forename.
    pub(crate) fn of_forename(&self, word: Word) -> u32 {
        self.forenames.get(word.0 as usize).copied().unwrap_or_default()
    }
}

/// Looks a name's text up among the words.
pub(crate) struct RarityByText<'a> {
    bearers: &'a Bearers,
    names: &'a Lexicon,
}

impl RarityByText<'_> {
    fn of(&self, name: &str, bearers: fn(&Bearers, Word) -> u32) -> i32 {
        let bearers = self.names.word(name).map_or(0, |word| bearers(self.bearers, word));
        in_a_directory(u64::from(bearers), self.bearers.people)
    }
}

impl Rarity for RarityByText<'_> {
    fn forename(&self, name: &str) -> i32 {
        self.of(name, Bearers::of_forename)
    }

    fn surname(&self, name: &str) -> i32 {
        self.of(name, Bearers::of_surname)
    }
}
