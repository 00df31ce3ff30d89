//! Which children have a word, a day, a postcode: sorted sets that grow and shrink one child at a time.
//!
//! A plain form of the packed postings of house.md 4.7, behind the same questions. Twelve bytes a posting and
//! the set's own third.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use vocabulary::{ChildNumber, Postcode};

use crate::{
    born::filed_birth,
    lexicon::Word,
    row::{NameRole, Row},
};

/// Where a row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(pub(crate) u32);

const SLOT_FIRST: Slot = Slot(0);
const SLOT_LAST: Slot = Slot(u32::MAX);

/// A word, the day of birth, and a child that has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    word: Word,
    born: u16,
    slot: Slot,
}

/// Every table of one index.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    forenames: BTreeSet<Posting>,
    surnames: BTreeSet<Posting>,
    streets: BTreeSet<Posting>,
    days: BTreeSet<(i32, Slot)>,
    postcodes: BTreeSet<(u64, Slot)>,
    numbers: BTreeSet<(u64, Slot)>,
}

/// A list of candidates that could be read.
pub(crate) enum List {
    /// Children born within `spans` with one of `words` as forename, surname or street.
    Words { table: Table, words: Vec<Word>, spans: Vec<(u16, u16)> },
    /// Children born that day.
    Day(NaiveDate),
    /// Children with that postcode.
    Postcode(u64),
    /// Children with that number: one, but for a mistake elsewhere.
    Number(ChildNumber),
}

/// A table of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Forenames,
    Surnames,
    Streets,
}

impl Postings {
    /// Lists a row.
    pub(crate) fn insert(&mut self, slot: Slot, row: &Row) {
        self.change(
            slot,
            row,
            &Change { word: BTreeSet::insert, day: BTreeSet::insert, code: BTreeSet::insert },
        );
    }

    /// Takes a row out again.
    pub(crate) fn remove(&mut self, slot: Slot, row: &Row) {
        self.change(
            slot,
            row,
            &Change {
                word: |set, key| set.remove(&key),
                day: |set, key| set.remove(&key),
                code: |set, key| set.remove(&key),
            },
        );
    }

    /// Tells whether nobody is listed anywhere.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.forenames.is_empty()
            && self.surnames.is_empty()
            && self.streets.is_empty()
            && self.days.is_empty()
            && self.postcodes.is_empty()
            && self.numbers.is_empty()
    }

    fn change(&mut self, slot: Slot, row: &Row, change: &Change) {
        let born = filed_birth(row.born());
        for name in &row.names {
            let table = match name.role {
                NameRole::Forename => &mut self.forenames,
                NameRole::Surname => &mut self.surnames,
                NameRole::Middle => continue,
            };
            (change.word)(table, Posting { word: name.word, born, slot });
        }
        for street in row.places.iter().filter_map(|place| place.street) {
            (change.word)(&mut self.streets, Posting { word: street, born, slot });
        }
        if let Some(day) = row.born() {
            (change.day)(&mut self.days, (day.num_days_from_ce(), slot));
        }
        for postcode in row.entry.places.iter().filter_map(|place| place.postcode.as_ref()) {
            (change.code)(&mut self.postcodes, (packed(postcode), slot));
        }
        (change.code)(&mut self.numbers, (row.entry.number.as_u64(), slot));
    }

    /// Reads the shortest of several lists, of which any would do.
    ///
    /// Nobody counts lists beforehand: all are read up to a bound that grows until one of them ends.
    pub(crate) fn shortest(&self, lists: &[List]) -> Vec<Slot> {
        let mut found = Vec::new();
        let mut bound = if lists.len() > 1 { FIRST_BOUND } else { usize::MAX };
        loop {
            for list in lists {
                found.clear();
                found.extend(self.read(list).take(bound));
                if found.len() < bound {
                    return found;
                }
            }
            if lists.is_empty() {
                return found;
            }
            bound = bound.saturating_mul(8);
        }
    }

    fn read<'a>(&'a self, list: &'a List) -> Box<dyn Iterator<Item = Slot> + 'a> {
        match list {
            List::Words { table, words, spans } => {
                let table = match table {
                    Table::Forenames => &self.forenames,
                    Table::Surnames => &self.surnames,
                    Table::Streets => &self.streets,
                };
                Box::new(words.iter().flat_map(move |word| {
                    spans.iter().flat_map(move |(from, to)| {
                        let from = Posting { word: *word, born: *from, slot: SLOT_FIRST };
                        let to = Posting { word: *word, born: *to, slot: SLOT_LAST };
                        table.range(from..=to).map(|posting| posting.slot)
                    })
                }))
            }
            List::Day(day) => {
                let day = day.num_days_from_ce();
                Box::new(self.days.range((day, SLOT_FIRST)..=(day, SLOT_LAST)).map(|(_, slot)| *slot))
            }
            List::Postcode(code) => Box::new(
                self.postcodes.range((*code, SLOT_FIRST)..=(*code, SLOT_LAST)).map(|(_, slot)| *slot),
            ),
            List::Number(number) => {
                let number = number.as_u64();
                Box::new(
                    self.numbers.range((number, SLOT_FIRST)..=(number, SLOT_LAST)).map(|(_, slot)| *slot),
                )
            }
        }
    }
}

/// How many children a list is read for before the next one is tried: fewer are judged in well under 1 ms.
///
/// Small under test, so that worlds of a few children are searched by every list and not by the first alone.
const FIRST_BOUND: usize = if cfg!(test) { 2 } else { 512 };

/// Puts a key into a table or takes it out.
type Edit<Key> = fn(&mut BTreeSet<Key>, Key) -> bool;

/// One way to change each kind of table.
struct Change {
    word: Edit<Posting>,
    day: Edit<(i32, Slot)>,
    code: Edit<(u64, Slot)>,
}

/// A postcode as a number: at most seven letters and digits, seven bits each.
pub(crate) fn packed(postcode: &Postcode) -> u64 {
    postcode.as_str().bytes().filter(|byte| *byte != b' ').fold(0, |code, byte| code << 7 | u64::from(byte))
}
