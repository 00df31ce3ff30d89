//! Outlines: eight bytes a child that bound what it could score, so that most rows are never read.
//!
//! An outline tells the forename, a part of the surname's number, the outcodes and which middle names there may be.
//! Whatever is told more than once is told as unknown, so that a bound is never too low, whichever of a child's names
//! and places a viewer may match on.

use crate::{
    codes::{Codes, OutcodeId},
    entry::PlaceKind,
    facts::{Facts, Lexicons, Listed, Read},
    lexicon::Word,
};

/// One child in outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outline(u64);

/// What an outline tells of a forename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// This one word and no other.
    One(Word),
    /// None, or more than an outline tells.
    Any,
}

const FORENAME_BITS: u32 = 22;
const SURNAME_BITS: u32 = 12;
const OUTCODE_BITS: u32 = 12;
const MIDDLE_BITS: u32 = 5;

const SURNAME_AT: u32 = FORENAME_BITS;
const OUTCODE_AT: u32 = SURNAME_AT + SURNAME_BITS;
const EARLIER_AT: u32 = OUTCODE_AT + OUTCODE_BITS;
const MIDDLE_AT: u32 = EARLIER_AT + OUTCODE_BITS;
const STREETS: u64 = 1 << (MIDDLE_AT + MIDDLE_BITS);

/// The highest number of each part stands for anything.
const FORENAME_ANY: u64 = (1 << FORENAME_BITS) - 1;
const SURNAME_ANY: u64 = (1 << SURNAME_BITS) - 1;
const OUTCODE_ANY: u64 = (1 << OUTCODE_BITS) - 1;

/// How many parts of surnames there are, that of any included.
pub(crate) const SURNAME_PARTS: usize = 1 << SURNAME_BITS;

impl Outline {
    /// Nobody who could be found in a search.
    pub(crate) const NOBODY: Outline = Outline(u64::MAX);

    pub(crate) fn of(facts: &Facts, lexicons: &Lexicons) -> Outline {
        let Some(listed) = &facts.listed else { return Outline::NOBODY };
        let (current, earlier) = outcodes(listed, &lexicons.codes);
        let lives = listed.places.iter().any(|(kind, _)| *kind == PlaceKind::Current);
        let streets = lives && listed.places.iter().all(|(_, spot)| spot.street.is_some());
        let told = forename(listed, lexicons)
            | surname(listed, lexicons) << SURNAME_AT
            | current << OUTCODE_AT
            | earlier << EARLIER_AT
            | u64::from(middles(listed, lexicons)) << MIDDLE_AT;
        let told = Outline(if streets { told | STREETS } else { told });
        // One of whom nothing is known is still somebody.
        if told == Outline::NOBODY { Outline(told.0 & !STREETS) } else { told }
    }

    /// As it is written to a disk.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn from_bits(bits: u64) -> Outline {
        Outline(bits)
    }

    pub(crate) fn forename(self) -> Told {
        match self.0 & FORENAME_ANY {
            FORENAME_ANY => Told::Any,
            word => u32::try_from(word).map_or(Told::Any, |word| Told::One(Word(word))),
        }
    }

    /// The part of the surname: see [`part_of`].
    pub(crate) fn surname(self) -> usize {
        usize::try_from(self.0 >> SURNAME_AT & SURNAME_ANY).unwrap_or_default()
    }

    /// Outcode of the current places; none where none is told.
    pub(crate) fn outcode(self) -> OutcodeId {
        outcode(self.0 >> OUTCODE_AT)
    }

    /// Outcode of the previous places; none where there are none.
    pub(crate) fn earlier(self) -> OutcodeId {
        outcode(self.0 >> EARLIER_AT)
    }

    /// Tells whether one of the middle names asked for by their bits may be there.
    pub(crate) fn may_have_middle(self, bits: u8) -> bool {
        self.0 >> MIDDLE_AT & u64::from(bits) != 0
    }

    /// Tells whether a current place is told, and each place with its street.
    pub(crate) fn has_streets(self) -> bool {
        self.0 & STREETS != 0
    }
}

fn outcode(bits: u64) -> OutcodeId {
    OutcodeId(u16::try_from(bits & OUTCODE_ANY).unwrap_or_default())
}

/// The part of a surname's number that an outline tells.
pub(crate) fn part_of(surname: Word) -> usize {
    surname.0 as usize % (SURNAME_PARTS - 1)
}

/// The part that stands for any surname.
pub(crate) const ANY_SURNAME: usize = SURNAME_PARTS - 1;

/// The bit of a middle name.
pub(crate) fn middle_bit(word: Word) -> u8 {
    1 << (word.0 % MIDDLE_BITS)
}

fn forename(listed: &Listed, lexicons: &Lexicons) -> u64 {
    let mut labels = listed.names.iter().map(|name| name.forename);
    let first = labels.next();
    let read = first.filter(|first| labels.all(|label| label == *first));
    let read = read.and_then(|label| lexicons.written.kept(label)).filter(|read| read.parts().is_empty());
    let word = read.and_then(|read| read.whole).map_or(FORENAME_ANY, |word| u64::from(word.0));
    word.min(FORENAME_ANY)
}

fn surname(listed: &Listed, lexicons: &Lexicons) -> u64 {
    let mut labels = listed.names.iter().map(|name| name.surname);
    let first = labels.next();
    let read = first.filter(|first| labels.all(|label| label == *first));
    let read = read.and_then(|label| lexicons.written.kept(label)).filter(|read| read.parts().is_empty());
    let part = read.and_then(|read| read.whole).map(part_of);
    part.and_then(|part| u64::try_from(part).ok()).unwrap_or(SURNAME_ANY)
}

fn outcodes(listed: &Listed, codes: &Codes) -> (u64, u64) {
    let of = |kind: PlaceKind| {
        let mut told = listed.places.iter().filter(|(of, _)| *of == kind);
        let mut told = told.by_ref().map(|(_, spot)| spot.code.map(|code| codes.outcode_of(code)));
        let Some(first) = told.next() else { return u64::from(OutcodeId::NONE.0) };
        match first {
            Some(first) if told.all(|other| other == Some(first)) => u64::from(first.0).min(OUTCODE_ANY),
            // A place whose postcode nobody told bounds as little as two do, but for the one where a child lives.
            None if kind == PlaceKind::Current && told.next().is_none() => u64::from(OutcodeId::NONE.0),
            Some(_) | None => OUTCODE_ANY,
        }
    };
    (of(PlaceKind::Current), of(PlaceKind::Previous))
}

fn middles(listed: &Listed, lexicons: &Lexicons) -> u8 {
    let read = listed.names.iter().filter_map(|name| lexicons.written.kept(name.middle?));
    read.flat_map(Read::words).fold(0, |bits, word| bits | middle_bit(*word))
}
