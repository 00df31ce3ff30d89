//! Criteria: what may be looked for, and how much of it is enough.
//!
//! Source: contract.md section 2 (criteria); rules.md 4.1. Read straight from the wire; unknown names are
//! refused there, forms are judged here.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use vocabulary::{
    ChildNumber, Gender, Postcode, place::ADDRESS_LINE_CHARACTERS_MAX, text::NAME_CHARACTERS_MAX,
};

/// Letters that a token must have before its wildcard.
pub const WILDCARD_LETTERS_MIN: usize = 3;

/// Highest age that can be looked for: the archive keeps nobody older (domain.md 4.6).
pub const AGE_MAX: u8 = 25;

/// Widest range of birth dates that narrows a search like a year does, in days, the first and the last included.
pub const RANGE_DAYS_MAX: i64 = 366;

/// Years of birth that can be looked for: one generation before the first record, one after.
const BIRTH_YEARS: std::ops::RangeInclusive<i32> = 1980..=2100;

/// What is looked for. Prints as `Criteria(..)`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Criteria {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_number: Option<ChildNumber>,
    /// A forename or its initial; a token may end in a wildcard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forename: Option<String>,
    /// A surname; a token may end in a wildcard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_from: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_to: Option<NaiveDate>,
    /// In whole years, today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Postcode>,
    /// The letters of a postcode, or its outcode: `N` or `N17`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode_area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// Whether likeness counts; absent means it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuzzy: Option<bool>,
}

/// Whether criteria are enough to look with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// They are.
    Yes,
    /// They are not: the answer is `refine`.
    Refine,
}

/// Why criteria cannot be looked for at all. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A text is empty, too long, or holds what its kind never holds.
    #[error("the criterion {field} is empty, too long or not of its form")]
    Malformed {
        /// Which criterion.
        field: &'static str,
    },
    /// A wildcard elsewhere than in a name, at the end of a token after three letters.
    #[error(
        "a wildcard stands at the end of a word of a name, after at least {WILDCARD_LETTERS_MIN} letters"
    )]
    Wildcard,
    /// A year, an age or a range that no child's record can have.
    #[error("the criterion {field} is out of range")]
    OutOfRange {
        /// Which criterion.
        field: &'static str,
    },
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed { .. } => "criterion_malformed",
            Refusal::Wildcard => "wildcard",
            Refusal::OutOfRange { .. } => "criterion_out_of_range",
        }
    }
}

impl Criteria {
    /// Tells whether likeness counts.
    pub fn is_fuzzy(&self) -> bool {
        self.fuzzy.unwrap_or(true)
    }

    /// Judges form, then whether it is enough (rules.md 4.1).
    ///
    /// # Errors
    /// `Malformed`, then `Wildcard`, then `OutOfRange`.
    pub fn enough(&self) -> Result<Enough, Refusal> {
        self.formed()?;
        self.wildcards()?;
        self.ranged()?;
        let any = |stated: &[bool]| stated.contains(&true);
        let surname = self.surname.is_some();
        let forename = self.forename.is_some();
        let born = any(&[
            self.date_of_birth.is_some(),
            self.birth_year.is_some(),
            self.age.is_some(),
            self.is_narrow_range(),
        ]);
        let street = self.street.is_some();
        let place =
            any(&[self.postcode.is_some(), self.postcode_area.is_some(), street, self.town.is_some()]);
        let enough = any(&[
            self.child_number.is_some(),
            surname && born,
            surname && self.postcode.is_some(),
            surname && forename && !self.is_initial() && place,
            forename && street && (born || surname),
        ]);
        Ok(if enough { Enough::Yes } else { Enough::Refine })
    }

    /// A single letter, with or without its dot: alone it narrows nothing.
    fn is_initial(&self) -> bool {
        let letters = |name: &String| name.chars().filter(|character| character.is_alphabetic()).count();
        self.forename.as_ref().is_some_and(|name| letters(name) == 1)
    }

    /// Both ends are stated and lie within a year of each other.
    fn is_narrow_range(&self) -> bool {
        match (self.birth_from, self.birth_to) {
            (Some(from), Some(to)) => (0..RANGE_DAYS_MAX).contains(&(to - from).num_days()),
            (Some(_) | None, Some(_) | None) => false,
        }
    }

    fn formed(&self) -> Result<(), Refusal> {
        let is_name = |text: &str| {
            vocabulary::PersonName::new(&text.replace('*', "")).is_ok()
                && text.chars().count() <= NAME_CHARACTERS_MAX
        };
        let is_line = |text: &str| {
            (1..=ADDRESS_LINE_CHARACTERS_MAX).contains(&text.trim().chars().count())
                && !text.chars().any(char::is_control)
        };
        let is_area = |text: &str| {
            vocabulary::place::is_outcode(text)
                || ((1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase()))
        };
        let checks = [
            ("forename", self.forename.as_deref().is_none_or(is_name)),
            ("surname", self.surname.as_deref().is_none_or(is_name)),
            ("postcode_area", {
                let upper = self.postcode_area.as_deref().map(|area| area.trim().to_ascii_uppercase());
                upper.as_deref().is_none_or(is_area)
            }),
            ("street", self.street.as_deref().is_none_or(is_line)),
            ("town", self.town.as_deref().is_none_or(is_line)),
        ];
        checks
            .into_iter()
            .find(|(_, fits)| !fits)
            .map_or(Ok(()), |(field, _)| Err(Refusal::Malformed { field }))
    }

    fn wildcards(&self) -> Result<(), Refusal> {
        let names = [&self.forename, &self.surname];
        let tokens = names.into_iter().flatten().flat_map(|name| name.split(parts_words));
        let places = [&self.street, &self.town];
        let fits = |token: &str| match token.split_once('*') {
            None => true,
            Some((letters, rest)) => {
                rest.is_empty()
                    && letters.chars().filter(|character| character.is_alphabetic()).count()
                        >= WILDCARD_LETTERS_MIN
            }
        };
        // A place is asked for as it is: no list of streets or towns is read by its beginnings.
        let in_a_place = places.into_iter().flatten().any(|place| place.contains('*'));
        if tokens.into_iter().all(fits) && !in_a_place { Ok(()) } else { Err(Refusal::Wildcard) }
    }

    fn ranged(&self) -> Result<(), Refusal> {
        let in_years = |day: Option<NaiveDate>| day.is_none_or(|day| BIRTH_YEARS.contains(&day.year()));
        let checks = [
            ("date_of_birth", in_years(self.date_of_birth)),
            ("birth_year", self.birth_year.is_none_or(|year| BIRTH_YEARS.contains(&year))),
            ("birth_from", in_years(self.birth_from)),
            ("birth_to", in_years(self.birth_to)),
            ("birth_to", self.birth_from.zip(self.birth_to).is_none_or(|(from, to)| from <= to)),
            ("age", self.age.is_none_or(|age| age <= AGE_MAX)),
        ];
        checks
            .into_iter()
            .find(|(_, fits)| !fits)
            .map_or(Ok(()), |(field, _)| Err(Refusal::OutOfRange { field }))
    }
}

/// Tells whether a character ends one word of a name and begins another.
fn parts_words(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '‐' | '·')
}

impl fmt::Debug for Criteria {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Criteria(..)")
    }
}
