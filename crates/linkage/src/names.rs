//! Names compared: the level of forename, surname and middle names of two people.
//!
//! Source: matching.md 3.3.

use crate::{
    nickname,
    person::{Form, Name, Person},
    resemblance::{Kind, Resemblance, compare as compare_spellings},
    spelling::Spelling,
};

pub(crate) const FORENAME_LEVELS: &[&str] = &[
    "missing",
    "same",
    "same_part",
    "same_other",
    "nickname",
    "middle_name",
    "swapped",
    "one_edit",
    "sounds_alike",
    "start",
    "many_letters",
    "initial",
    "different_same_letter",
    "different",
];
pub(crate) const SURNAME_LEVELS: &[&str] = &[
    "missing",
    "same",
    "same_other",
    "swapped",
    "same_part",
    "one_edit",
    "sounds_alike",
    "start",
    "many_letters",
    "different",
];
pub(crate) const MIDDLE_LEVELS: &[&str] = &["missing", "same", "alike", "initial", "different"];

/// Jaro-Winkler likeness has 300 points from this level on; below, two names are two names.
const MANY_LETTERS_POINTS: u16 = 380;

mod forename {
    pub(super) const SAME: u8 = 1;
    pub(super) const SAME_PART: u8 = 2;
    pub(super) const SAME_OTHER: u8 = 3;
    pub(super) const NICKNAME: u8 = 4;
    pub(super) const MIDDLE_NAME: u8 = 5;
    pub(super) const SWAPPED: u8 = 6;
    pub(super) const ONE_EDIT: u8 = 7;
    pub(super) const SOUNDS: u8 = 8;
    pub(super) const START: u8 = 9;
    pub(super) const LETTERS: u8 = 10;
    pub(super) const INITIAL: u8 = 11;
    pub(super) const SAME_LETTER: u8 = 12;
    pub(super) const DIFFERENT: u8 = 13;
}

mod surname {
    pub(super) const SAME: u8 = 1;
    pub(super) const SAME_OTHER: u8 = 2;
    pub(super) const SWAPPED: u8 = 3;
    pub(super) const SAME_PART: u8 = 4;
    pub(super) const ONE_EDIT: u8 = 5;
    pub(super) const SOUNDS: u8 = 6;
    pub(super) const START: u8 = 7;
    pub(super) const LETTERS: u8 = 8;
    pub(super) const DIFFERENT: u8 = 9;
}

/// The levels of the three parts of a name of two people, and the names that decided them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameLevels<'a> {
    pub(crate) forename: u8,
    pub(crate) surname: u8,
    pub(crate) middle: u8,
    pub(crate) forename_pair: Option<(&'a str, &'a str)>,
    pub(crate) surname_pair: Option<(&'a str, &'a str)>,
}

/// A level and the two names that reached it.
#[derive(Debug, Clone, Copy)]
struct Reached<'a> {
    level: u8,
    pair: Option<(&'a str, &'a str)>,
}

pub(crate) fn compare<'a>(left: &'a Person, right: &'a Person) -> NameLevels<'a> {
    let mut forename = forenames(left, right);
    let mut surname = best(&left.surnames, &right.surnames, surname_level);
    // Straight or changed about: whichever way round both are closer.
    let straight = forename.level <= forename::START && surname.level <= surname::START;
    if !straight && let Some(name) = swapped(left, right) {
        forename = Reached { level: forename::SWAPPED, pair: Some((name, name)) };
        surname = Reached { level: surname::SWAPPED, pair: None };
    }
    // A middle name that is the other's forename has been counted, and what is left says nothing sure.
    let middle = if forename.level == forename::MIDDLE_NAME { 0 } else { middles(left, right) };
    NameLevels {
        forename: forename.level,
        surname: surname.level,
        middle,
        forename_pair: forename.pair,
        surname_pair: surname.pair,
    }
}

fn forenames<'a>(left: &'a Person, right: &'a Person) -> Reached<'a> {
    let straight = best(&left.forenames, &right.forenames, forename_level);
    if straight.level <= forename::NICKNAME {
        return straight;
    }
    // Called by the middle name, by either source.
    let crossed = |one: &'a Person, other: &'a Person| {
        one.forenames.iter().filter(|name| name.form != Form::Part).find_map(|name| {
            other
                .middles
                .iter()
                .any(|middle| middle.text == name.spelling.text)
                .then_some(&*name.spelling.text)
        })
    };
    match crossed(left, right).or_else(|| crossed(right, left)) {
        Some(name) if straight.level > forename::MIDDLE_NAME || straight.level == 0 => {
            Reached { level: forename::MIDDLE_NAME, pair: Some((name, name)) }
        }
        Some(_) | None => straight,
    }
}

/// The closest of every pair of names.
fn best<'a>(left: &'a [Name], right: &'a [Name], level: fn(&Name, &Name) -> u8) -> Reached<'a> {
    let mut closest = Reached { level: 0, pair: None };
    for one in left {
        for other in right {
            let reached = level(one, other);
            if closest.level == 0 || reached < closest.level {
                closest = Reached { level: reached, pair: Some((&one.spelling.text, &other.spelling.text)) };
            }
        }
    }
    closest
}

fn forename_level(one: &Name, other: &Name) -> u8 {
    let (left, right) = (&one.spelling, &other.spelling);
    let found = alike(left, right);
    let parts = (one.form == Form::Part, other.form == Form::Part);
    let elsewhere = one.form == Form::Other || other.form == Form::Other;
    match found.kind {
        // One word of each in common is how Anna Maria and Anna Sophia are alike: sisters, too.
        Kind::Same if parts == (true, true) => forename::SAME_PART,
        Kind::Same if parts != (false, false) => forename::SAME_PART,
        Kind::Same if elsewhere => forename::SAME_OTHER,
        Kind::Same => forename::SAME,
        _ if parts != (false, false) => forename::DIFFERENT,
        Kind::Nickname => forename::NICKNAME,
        // Eva is no slip of Ava: both are names.
        Kind::OneEdit | Kind::Sound if nickname::is_borne(&left.text) && nickname::is_borne(&right.text) => {
            forename::LETTERS
        }
        Kind::OneEdit => forename::ONE_EDIT,
        Kind::Sound => forename::SOUNDS,
        Kind::Start if left.letters.min(right.letters) == 1 => forename::INITIAL,
        Kind::Start => forename::START,
        Kind::Loose if found.points >= MANY_LETTERS_POINTS => forename::LETTERS,
        Kind::Loose | Kind::Apart => different(left, right),
    }
}

/// Compares two names, neither of which is asked for: the shorter may be an initial.
fn alike(one: &Spelling, other: &Spelling) -> Resemblance {
    if one.letters < other.letters { compare_spellings(other, one) } else { compare_spellings(one, other) }
}

fn different(left: &Spelling, right: &Spelling) -> u8 {
    if left.letters.min(right.letters) == 1 && left.text.chars().next() == right.text.chars().next() {
        forename::INITIAL
    } else if left.text.chars().next() == right.text.chars().next() {
        forename::SAME_LETTER
    } else {
        forename::DIFFERENT
    }
}

fn surname_level(one: &Name, other: &Name) -> u8 {
    let found = alike(&one.spelling, &other.spelling);
    let part = one.form == Form::Part || other.form == Form::Part;
    let elsewhere = one.form == Form::Other || other.form == Form::Other;
    match found.kind {
        Kind::Same if part => surname::SAME_PART,
        Kind::Same if elsewhere => surname::SAME_OTHER,
        Kind::Same => surname::SAME,
        _ if part => surname::DIFFERENT,
        Kind::OneEdit => surname::ONE_EDIT,
        Kind::Nickname | Kind::Sound => surname::SOUNDS,
        Kind::Start => surname::START,
        Kind::Loose if found.points >= MANY_LETTERS_POINTS => surname::LETTERS,
        Kind::Loose | Kind::Apart => surname::DIFFERENT,
    }
}

/// Forename and surname changed about; answers the forename that agrees.
fn swapped<'a>(left: &'a Person, right: &'a Person) -> Option<&'a str> {
    let alike = |ones: &'a [Name], others: &'a [Name]| {
        ones.iter().filter(|one| one.form != Form::Part).find_map(|one| {
            others
                .iter()
                .any(|other| alike(&one.spelling, &other.spelling).kind <= Kind::Sound)
                .then_some(&*one.spelling.text)
        })
    };
    alike(&left.surnames, &right.forenames)?;
    alike(&left.forenames, &right.surnames)
}

fn middles(left: &Person, right: &Person) -> u8 {
    let level = |one: &Spelling, other: &Spelling| {
        if one.letters.min(other.letters) == 1 {
            return if one.text.chars().next() == other.text.chars().next() { 3 } else { 4 };
        }
        match alike(one, other).kind {
            Kind::Same => 1,
            Kind::Nickname | Kind::OneEdit | Kind::Sound | Kind::Start => 2,
            Kind::Loose | Kind::Apart => 4,
        }
    };
    let pairs = left.middles.iter().flat_map(|one| right.middles.iter().map(move |other| level(one, other)));
    pairs.min().unwrap_or(0)
}

/// How much of a name's rarity a level may claim, in hundredths: all of it for the name itself, half for a slip of it.
pub(crate) fn forename_share(level: u8) -> i32 {
    match level {
        forename::SAME
        | forename::SAME_PART
        | forename::SAME_OTHER
        | forename::MIDDLE_NAME
        | forename::SWAPPED => 100,
        forename::NICKNAME | forename::ONE_EDIT | forename::SOUNDS | forename::START => 50,
        _ => 0,
    }
}

/// The same of a surname; one changed about with the forename has been counted there.
pub(crate) fn surname_share(level: u8) -> i32 {
    match level {
        surname::SAME | surname::SAME_OTHER | surname::SAME_PART => 100,
        surname::ONE_EDIT | surname::SOUNDS | surname::START => 50,
        _ => 0,
    }
}
