//! What a description and a child have in common, counted in keys of matching.md 3.2.
//!
//! The rules are those of `linkage::keys`, put to words in place of hashes: a key joins two facts, or is one fact
//! that few share.

use chrono::{Datelike, NaiveDate};
use linkage::{
    nickname,
    person::{Form, Name, Person, Place},
    spelling::Spelling,
};

use crate::{
    codes::{CodeId, Packed},
    facts::{Described, Lexicons, Spot},
    index::Index,
    lexicon::Word,
};

/// Who shares one key shares it by chance mostly, and the same child is met by many: on the development set the same
/// children are found, of half as many candidates.
const SHARED_KEYS_MIN: usize = 2;

/// A description in words of the index; what the index does not know it has in common with nobody.
pub(super) struct Known<'a> {
    pub(super) surnames: Vec<(Word, Form)>,
    pub(super) forenames: Vec<(Word, Form)>,
    /// Forenames, middle names, and what the forenames are short for.
    pub(super) called: Vec<Word>,
    pub(super) births: &'a [NaiveDate],
    pub(super) places: Vec<Spot>,
    sounds: Vec<u32>,
    /// Sounds of a forename and a surname, the lesser first.
    both_sounds: Vec<(u32, u32)>,
    outcodes: Vec<&'a [u8]>,
}

/// The facts that so few share that each is a key.
#[derive(Debug, Default)]
pub(super) struct Rare {
    pub(super) surnames: Vec<Word>,
    pub(super) sounds: Vec<u32>,
    pub(super) forenames: Vec<Word>,
    pub(super) births: Vec<NaiveDate>,
    pub(super) codes: Vec<CodeId>,
}

impl<'a> Known<'a> {
    pub(super) fn of(index: &Index, described: &'a Person) -> Known<'a> {
        let names = &index.lexicons.names;
        let known = |of: &[Name]| {
            of.iter().filter_map(|name| Some((names.word(&name.spelling.text)?, name.form))).collect()
        };
        let others = described.forenames.iter().flat_map(|name| nickname::others(&name.spelling.text));
        let own = described.forenames.iter().map(|name| &name.spelling).chain(&described.middles);
        let called = own.filter_map(|spelling| names.word(&spelling.text));
        let called = called.chain(others.filter_map(|name| names.word(name))).collect();
        let codes = described.places.iter().filter_map(|place| place.postcode.as_ref());
        let spellings = |of: &'a [Name]| of.iter().map(|name| &name.spelling);
        let spelt = spellings(&described.surnames).chain(spellings(&described.forenames));
        Known {
            surnames: known(&described.surnames),
            forenames: known(&described.forenames),
            called: once(called),
            births: &described.births,
            places: described.places.iter().map(|place| spot(&index.lexicons, place)).collect(),
            sounds: once(spelt.flat_map(sounds).collect()),
            both_sounds: both_sounds(
                &spellings(&described.forenames).collect::<Vec<_>>(),
                &spellings(&described.surnames).collect::<Vec<_>>(),
            ),
            outcodes: codes.map(|code| code.outcode().as_bytes()).filter(|code| !code.is_empty()).collect(),
        }
    }

    /// Tells whether enough is in common for a comparison.
    pub(super) fn shares_enough(&self, rare: &Rare, held: &Described, lexicons: &Lexicons) -> bool {
        let mut shared = self.by_home(held) + single(rare, held, lexicons);
        // The dearer counts only where the cheaper do not settle it.
        if shared < SHARED_KEYS_MIN {
            shared += self.by_birth(held, lexicons);
        }
        if shared < SHARED_KEYS_MIN {
            shared += self.by_names(held, lexicons);
        }
        shared >= SHARED_KEYS_MIN
    }

    fn by_home(&self, held: &Described) -> usize {
        let mut shared = 0;
        for (spot, _) in &held.places {
            let same_code = |own: &&Spot| own.code.is_some() && own.code == spot.code;
            let same_house = |own: &&Spot| own.house.is_some() && own.house == spot.house;
            let same_street = |own: &&Spot| own.street.is_some() && own.street == spot.street;
            if self.places.iter().any(|own| same_code(&own)) {
                shared += called(held).filter(|word| self.called.contains(word)).count();
                shared += held.surnames.iter().filter(|(word, _)| bears(&self.surnames, *word)).count();
            }
            shared += usize::from(self.places.iter().any(|own| same_house(&own) && same_code(&own)));
            shared += usize::from(self.places.iter().any(|own| same_house(&own) && same_street(&own)));
        }
        shared
    }

    fn by_names(&self, held: &Described, lexicons: &Lexicons) -> usize {
        let both = |one: &[(Word, Form)], other: &[(Word, Form)]| {
            let forenames = one.iter().filter(|(word, _)| bears(&self.forenames, *word)).count();
            forenames * other.iter().filter(|(word, _)| bears(&self.surnames, *word)).count()
        };
        let names = both(&held.forenames, &held.surnames).max(both(&held.surnames, &held.forenames));
        let years = |one: &NaiveDate| self.births.iter().any(|own| own.year() == one.year());
        let year = held.births.iter().any(years);
        let towns = if names > 0 { self.outcodes_of(held, lexicons) } else { 0 };
        let sounds = if year && names < SHARED_KEYS_MIN {
            let spellings = |of: &[(Word, Form)]| {
                of.iter().filter_map(|(word, _)| lexicons.names.spelling(*word)).collect::<Vec<_>>()
            };
            common(&both_sounds(&spellings(&held.forenames), &spellings(&held.surnames)), &self.both_sounds)
        } else {
            0
        };
        names * (1 + usize::from(year) + towns) + sounds
    }

    fn by_birth(&self, held: &Described, lexicons: &Lexicons) -> usize {
        if common(&held.births, self.births) == 0 {
            return 0;
        }
        let names = held.surnames.iter().filter(|(word, _)| bears(&self.surnames, *word)).count()
            + called(held).filter(|word| self.called.contains(word)).count();
        let all = held.surnames.iter().chain(&held.forenames);
        let spelt = all.filter_map(|(word, _)| lexicons.names.spelling(*word));
        let streets = held.places.iter().filter_map(|(spot, _)| spot.street);
        let streets =
            streets.filter(|street| self.places.iter().any(|own| own.street == Some(*street))).count();
        let homes = codes(held).filter(|code| self.places.iter().any(|own| own.code == Some(*code))).count();
        names
            + streets
            + homes
            + common(&once(spelt.flat_map(sounds).collect()), &self.sounds)
            + self.outcodes_of(held, lexicons)
    }

    fn outcodes_of(&self, held: &Described, lexicons: &Lexicons) -> usize {
        codes(held).filter(|code| self.outcodes.contains(&lexicons.codes.code(*code).outcode())).count()
    }
}

/// How many facts of their own few share.
fn single(rare: &Rare, held: &Described, lexicons: &Lexicons) -> usize {
    let surnames = || held.surnames.iter().filter(|(_, form)| *form != Form::Part).map(|(word, _)| *word);
    let spelt = surnames().filter_map(|word| lexicons.names.spelling(word));
    let alike = if rare.sounds.is_empty() {
        0
    } else {
        common(&once(spelt.flat_map(sounds).collect()), &rare.sounds)
    };
    surnames().filter(|word| rare.surnames.contains(word)).count()
        + held.forenames.iter().filter(|(word, _)| rare.forenames.contains(word)).count()
        + common(&held.births, &rare.births)
        + codes(held).filter(|code| rare.codes.contains(code)).count()
        + alike
}

fn bears(names: &[(Word, Form)], word: Word) -> bool {
    names.iter().any(|(own, _)| *own == word)
}

fn called(held: &Described) -> impl Iterator<Item = Word> {
    held.forenames.iter().map(|(word, _)| *word).chain(held.middles.iter().copied())
}

fn codes(held: &Described) -> impl Iterator<Item = CodeId> {
    held.places.iter().filter_map(|(spot, _)| spot.code)
}

fn common<T: PartialEq>(one: &[T], other: &[T]) -> usize {
    one.iter().filter(|one| other.contains(one)).count()
}

pub(crate) fn sounds(spelling: &Spelling) -> impl Iterator<Item = u32> {
    spelling.sounds.into_iter().filter(|sound| *sound != 0)
}

fn both_sounds(forenames: &[&Spelling], surnames: &[&Spelling]) -> Vec<(u32, u32)> {
    let pairs = forenames.iter().flat_map(|forename| {
        surnames.iter().flat_map(|surname| sounds(forename).zip(sounds(surname)).collect::<Vec<_>>())
    });
    once(pairs.map(|(one, other)| (one.min(other), one.max(other))).collect())
}

/// The place in words of the index, as far as it knows them.
fn spot(lexicons: &Lexicons, place: &Place) -> Spot {
    Spot {
        street: place.street.as_ref().and_then(|street| lexicons.streets.word(&street.text)),
        house: place.house.as_deref().and_then(|house| lexicons.houses.label(house)),
        town: None,
        code: place.postcode.as_ref().and_then(Packed::of_code).and_then(|code| lexicons.codes.id(code)),
    }
}

pub(crate) fn once<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    all
}
