//! Outlines: eight bytes a child that bound what it could score, so that most rows are never read.
//!
//! An outline tells the forename, the surname, the outcode, whether there was another home before and which middle names
//! there may be. Whatever is told more than once is told as unknown, so that a bound is never too low, whichever of a
//! child's names and places a viewer may match on.

use crate::{
    codes::{Codes, OutcodeId},
    entry::PlaceKind,
    facts::{Facts, Lexicons, Listed, Read},
    labels::Label,
    lexicon::Word,
    postings::births,
};

/// One child in outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outline(u64);

/// What an outline tells of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// This one word and no other.
    One(Word),
    /// None, or more than an outline tells.
    Any,
}

/// Half a million words: whoever bears a later one, which is rare, is bounded by it no more.
const NAME_BITS: u32 = if cfg!(test) { 5 } else { 19 };
const OUTCODE_BITS: u32 = 12;
const MIDDLE_BITS: u32 = 6;

const SURNAME_AT: u32 = NAME_BITS;
const OUTCODE_AT: u32 = SURNAME_AT + NAME_BITS;
const MIDDLE_AT: u32 = OUTCODE_AT + OUTCODE_BITS;
const SECOND_AT: u32 = MIDDLE_AT + MIDDLE_BITS;
const EARLIER: u64 = 1 << (SECOND_AT + MIDDLE_BITS);
const STREETS: u64 = EARLIER << 1;

/// The highest number of each part stands for anything.
const NAME_ANY: u64 = (1 << NAME_BITS) - 1;
const OUTCODE_ANY: u64 = (1 << OUTCODE_BITS) - 1;
const MIDDLE_ANY: u64 = (1 << MIDDLE_BITS) - 1;

impl Outline {
    /// Nobody who could be found in a search.
    pub(crate) const NOBODY: Outline = Outline(u64::MAX);

    /// Somebody of whom nothing is told.
    const UNTOLD: Outline = Outline(Outline::NOBODY.0 & !STREETS);

    pub(crate) fn of(facts: &Facts, lexicons: &Lexicons) -> Outline {
        let Some(listed) = &facts.listed else { return Outline::NOBODY };
        if !is_plain(listed, facts) {
            return Outline::UNTOLD;
        }
        let current = outcode_of(listed, &lexicons.codes);
        let earlier = listed.places.iter().any(|(kind, _)| *kind == PlaceKind::Previous);
        let lives = listed.places.iter().any(|(kind, _)| *kind == PlaceKind::Current);
        let streets = lives && listed.places.iter().all(|(_, spot)| spot.street.is_some());
        let told = only(listed.names.iter().map(|name| name.forename), lexicons)
            | only(listed.names.iter().map(|name| name.surname), lexicons) << SURNAME_AT
            | u64::from(current.0) << OUTCODE_AT
            | middles(listed, lexicons) << MIDDLE_AT
            | if earlier { EARLIER } else { 0 };
        let told = Outline(if streets { told | STREETS } else { told });
        // One of whom nothing is known is still somebody.
        if told == Outline::NOBODY { Outline::UNTOLD } else { told }
    }

    /// As it is written to a disk.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn from_bits(bits: u64) -> Outline {
        Outline(bits)
    }

    pub(crate) fn forename(self) -> Told {
        name(self.0)
    }

    pub(crate) fn surname(self) -> Told {
        name(self.0 >> SURNAME_AT)
    }

    /// Outcode of the current places; none where none is told.
    pub(crate) fn outcode(self) -> OutcodeId {
        outcode(self.0 >> OUTCODE_AT)
    }

    /// Tells whether there is a previous place.
    pub(crate) fn has_earlier(self) -> bool {
        self.0 & EARLIER != 0
    }

    /// Tells whether one of the middle names asked for may be there.
    pub(crate) fn may_have_middle(self, asked: Middles) -> bool {
        asked.0 & (1 << (self.0 >> MIDDLE_AT & MIDDLE_ANY) | 1 << (self.0 >> SECOND_AT & MIDDLE_ANY)) != 0
    }

    /// Tells whether a current place is told, and each place with its street.
    pub(crate) fn has_streets(self) -> bool {
        self.0 & STREETS != 0
    }
}

/// Tells whether a child is one of whom every viewer may match on the same fields, and of one day of birth alone.
///
/// Of others nothing is told, so that they are bounded by nothing that may be hidden from a viewer.
fn is_plain(listed: &Listed, facts: &Facts) -> bool {
    !listed.shielded && listed.archived.is_none() && births(facts).len() == 1
}

fn outcode(bits: u64) -> OutcodeId {
    OutcodeId(u16::try_from(bits & OUTCODE_ANY).unwrap_or_default())
}

fn name(bits: u64) -> Told {
    match bits & NAME_ANY {
        NAME_ANY => Told::Any,
        word => u32::try_from(word).map_or(Told::Any, |word| Told::One(Word(word))),
    }
}

/// Middle names that are asked for: a bit for each group of words, of which an outline tells two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Middles(u64);

impl Middles {
    /// The groups of some words; of no word, no child's.
    pub(crate) fn of(words: impl Iterator<Item = Word>) -> Middles {
        let groups = words.fold(0, |groups, word| groups | 1 << middle_group(word));
        Middles(if groups == 0 { 0 } else { groups | 1 << MIDDLE_ANY })
    }
}

/// The group of a middle name: the first stands for none, the last for any.
fn middle_group(word: Word) -> u64 {
    u64::from(word.0) % (MIDDLE_ANY - 1) + 1
}

/// The one word of the names in one role.
fn only(mut labels: impl Iterator<Item = Label>, lexicons: &Lexicons) -> u64 {
    let first = labels.next();
    let read = first.filter(|first| labels.all(|label| label == *first));
    let read = read.and_then(|label| lexicons.written.kept(label)).filter(|read| read.parts().is_empty());
    read.and_then(|read| read.whole).map_or(NAME_ANY, |word| u64::from(word.0)).min(NAME_ANY)
}

/// The outcode of the current places.
fn outcode_of(listed: &Listed, codes: &Codes) -> OutcodeId {
    let lives = listed.places.iter().filter(|(kind, _)| *kind == PlaceKind::Current);
    let mut told = lives.map(|(_, spot)| spot.code.map(|code| codes.outcode_of(code)));
    match told.next() {
        Some(Some(first)) if told.all(|other| other == Some(first)) => first,
        None => OutcodeId::NONE,
        Some(None) if told.next().is_none() => OutcodeId::NONE,
        Some(_) => OutcodeId::ANY,
    }
}

fn middles(listed: &Listed, lexicons: &Lexicons) -> u64 {
    let read = listed.names.iter().filter_map(|name| lexicons.written.kept(name.middle?));
    let mut groups: Vec<u64> = read.flat_map(Read::words).map(|word| middle_group(*word)).collect();
    groups.sort_unstable();
    groups.dedup();
    match groups[..] {
        [] => 0,
        [first] => first,
        [first, second] => first | second << MIDDLE_BITS,
        _ => MIDDLE_ANY,
    }
}
