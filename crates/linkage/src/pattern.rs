//! How two descriptions compare: one level for each field, and how common the agreed names are.
//!
//! Source: matching.md 3.3. A level is a small number, so that a pattern is a key: learning counts patterns, and
//! a decision keeps one to explain itself by.

use crate::{
    birth::{self, BirthLevel},
    names,
    person::{Identifier, Person},
    resemblance::within_one_edit,
    whereabouts,
};

/// Hundredths of a bit into which rarities are rounded in a pattern: a third of a bit.
pub const RARITY_STEP: i32 = 33;

/// A field on which two descriptions are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// First names.
    Forename,
    /// Family name.
    Surname,
    /// Middle names.
    Middle,
    /// Day of birth.
    Birth,
    /// Gender.
    Gender,
    /// House, street and postcode together, since they hang together.
    Place,
    /// Town, beside what the postcodes said.
    Town,
    /// Whether the place that agrees is where the person lives now.
    Abode,
    /// NHS number.
    Nhs,
    /// Unique pupil number.
    Upn,
    /// An identifier of another scheme.
    Other,
}

const AGREEMENT: &[&str] = &["missing", "same", "one_edit", "different"];

impl Field {
    /// Every field, in the order of a pattern.
    pub const ALL: [Field; 11] = [
        Field::Forename,
        Field::Surname,
        Field::Middle,
        Field::Birth,
        Field::Gender,
        Field::Place,
        Field::Town,
        Field::Abode,
        Field::Nhs,
        Field::Upn,
        Field::Other,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Field::Forename => "forename",
            Field::Surname => "surname",
            Field::Middle => "middle_names",
            Field::Birth => "date_of_birth",
            Field::Gender => "gender",
            Field::Place => "place",
            Field::Town => "town",
            Field::Abode => "abode",
            Field::Nhs => "nhs_number",
            Field::Upn => "upn",
            Field::Other => "identifier",
        }
    }

    /// The levels in order; the first is that one side does not say.
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            Field::Forename => names::FORENAME_LEVELS,
            Field::Surname => names::SURNAME_LEVELS,
            Field::Middle => names::MIDDLE_LEVELS,
            Field::Birth => &[
                "missing",
                "same",
                "swapped",
                "one_digit",
                "new_year",
                "near_days",
                "same_year",
                "near_years",
                "different",
            ],
            Field::Gender => &["missing", "same", "different"],
            Field::Place => whereabouts::PLACE_LEVELS,
            Field::Town => whereabouts::TOWN_LEVELS,
            Field::Abode => &["missing", "current", "previous"],
            Field::Nhs | Field::Upn | Field::Other => AGREEMENT,
        }
    }
}

/// One side does not say.
pub const MISSING: u8 = 0;

/// How two descriptions compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    /// The level of each field, as an index into [`Field::levels`].
    pub levels: [u8; Field::ALL.len()],
    /// How rare the agreed forename is, as a negative logarithm in steps of [`RARITY_STEP`]; 0 where none agrees.
    pub forename_rarity: u8,
    /// The same of the surname.
    pub surname_rarity: u8,
}

impl Pattern {
    /// The level of one field.
    pub fn level(&self, field: Field) -> u8 {
        self.levels.get(field as usize).copied().unwrap_or(MISSING)
    }

    /// An identifier of one scheme is there on both sides and is another, by more than a slip, and none agrees: a
    /// person decides, since numbers of siblings get pasted and children get two (matching.md 3.3).
    pub fn identifiers_conflict(&self) -> bool {
        let different = [Field::Nhs, Field::Upn].iter().any(|field| self.level_name(*field) == "different");
        different && !self.shares_identifier()
    }

    /// An identifier is the same on both sides.
    pub fn shares_identifier(&self) -> bool {
        [Field::Nhs, Field::Upn, Field::Other].iter().any(|field| self.level_name(*field) == "same")
    }

    /// A person decides, however likely it is: an identifier speaks against it, or no identifier speaks for it and the
    /// forename is another, as twins are (matching.md 3.3), or the births are years apart, as of two children of one
    /// family who are called alike.
    pub fn asks(&self) -> bool {
        const OTHER_NAME: [&str; 3] = ["many_letters", "different_same_letter", "different"];
        let named_otherwise = OTHER_NAME.contains(&self.level_name(Field::Forename));
        let born_otherwise = self.level_name(Field::Birth) == "different";
        self.identifiers_conflict() || (named_otherwise || born_otherwise) && !self.shares_identifier()
    }

    /// The name of the level of one field.
    pub fn level_name(&self, field: Field) -> &'static str {
        field.levels().get(usize::from(self.level(field))).copied().unwrap_or("missing")
    }
}

/// How common names are, as a negative logarithm in centibits: what a population, or a file, says.
pub trait Rarity {
    /// Of a forename.
    fn forename(&self, name: &str) -> i32;
    /// Of a surname.
    fn surname(&self, name: &str) -> i32;
}

/// Compares two descriptions. The order of the two does not matter.
///
/// Cost: a few microseconds, in the number of names and places of either.
pub fn compare(left: &Person, right: &Person, rarity: &impl Rarity) -> Pattern {
    let names = names::compare(left, right);
    let place = whereabouts::compare(&left.places, &right.places);
    let mut levels = [MISSING; Field::ALL.len()];
    let told = [
        (Field::Forename, names.forename),
        (Field::Surname, names.surname),
        (Field::Middle, names.middle),
        (Field::Birth, births(left, right)),
        (Field::Gender, gender(left, right)),
        (Field::Place, place.place),
        (Field::Town, place.town),
        (Field::Abode, place.abode),
        (Field::Nhs, identifiers(left, right, Identifier::Nhs)),
        (Field::Upn, identifiers(left, right, Identifier::Upn)),
        (Field::Other, identifiers(left, right, Identifier::Other)),
    ];
    for (field, level) in told {
        if let Some(at) = levels.get_mut(field as usize) {
            *at = level;
        }
    }
    let steps = |centibits: i32| u8::try_from(centibits.max(0) / RARITY_STEP).unwrap_or(u8::MAX);
    Pattern {
        levels,
        // Of two that are not the same the commoner: the other may be its misspelling.
        forename_rarity: names
            .forename_pair
            .map_or(0, |(one, other)| steps(rarity.forename(one).min(rarity.forename(other)))),
        surname_rarity: names
            .surname_pair
            .map_or(0, |(one, other)| steps(rarity.surname(one).min(rarity.surname(other)))),
    }
}

fn births(left: &Person, right: &Person) -> u8 {
    let pairs =
        left.births.iter().flat_map(|one| right.births.iter().map(|other| birth::compare(*one, *other)));
    pairs.min().map_or(MISSING, |level| match level {
        BirthLevel::Same => 1,
        BirthLevel::Swapped => 2,
        BirthLevel::OneDigit => 3,
        BirthLevel::NewYear => 4,
        BirthLevel::NearDays => 5,
        BirthLevel::SameYear => 6,
        BirthLevel::NearYears => 7,
        BirthLevel::Else => 8,
    })
}

fn gender(left: &Person, right: &Person) -> u8 {
    match (left.gender, right.gender) {
        (Some(one), Some(other)) if one == other => 1,
        (Some(_), Some(_)) => 2,
        (None, _) | (_, None) => MISSING,
    }
}

/// The checks of both schemes catch every slip of one sign, so that what fails its check alone can be one slip from a
/// number. If it is further from it, it says nothing: nobody knows whose it was meant to be.
fn identifiers(left: &Person, right: &Person, scheme: Identifier) -> u8 {
    const SAME: u8 = 1;
    const ONE_EDIT: u8 = 2;
    const DIFFERENT: u8 = 3;
    let slipped = |(one, other): &(&str, &str)| within_one_edit(one, other);
    let (ones, others) = (of(&left.identifiers, scheme), of(&right.identifiers, scheme));
    let told = pairs(ones, others).map(|pair| match pair {
        (one, other) if one == other => SAME,
        pair if slipped(&pair) => ONE_EDIT,
        _ => DIFFERENT,
    });
    let mistyped = pairs(of(&left.mistyped, scheme), others).chain(pairs(ones, of(&right.mistyped, scheme)));
    told.chain(mistyped.filter(slipped).map(|_| ONE_EDIT)).min().unwrap_or(MISSING)
}

fn of(identifiers: &[Vec<Box<str>>], scheme: Identifier) -> &[Box<str>] {
    identifiers.get(scheme as usize).map(Vec::as_slice).unwrap_or_default()
}

fn pairs<'a>(ones: &'a [Box<str>], others: &'a [Box<str>]) -> impl Iterator<Item = (&'a str, &'a str)> {
    ones.iter().flat_map(|one| others.iter().map(|other| (&**one, &**other)))
}

#[cfg(test)]
mod spec;
