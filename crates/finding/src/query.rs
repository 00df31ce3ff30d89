//! What is asked: the criteria of one search, and whether they are enough.
//!
//! Source: contract.md section 2 (criteria), rules.md 4.1 (enough; wildcards).

use std::{collections::BTreeSet, fmt};

use chrono::NaiveDate;
use linkage::normal;
use vocabulary::{ChildId, ChildNumber, Gender, Postcode};

use crate::sight::{Field, FieldSet};

/// Fewest letters before a wildcard (rules.md 4.1).
pub const WILDCARD_LETTERS_MIN: usize = 3;

/// Longest span of birth dates that narrows as much as a year does, in days.
pub const BIRTH_SPAN_DAYS_MAX: i64 = 366;

/// The criteria of one search; a blank text counts as not stated.
///
/// Prints as `Query(..)`: search terms never reach a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The child number.
    pub child_number: Option<ChildNumber>,
    /// Forename, initial, or the start of one with `*`.
    pub forename: Option<String>,
    /// Surname, or the start of one with `*`.
    pub surname: Option<String>,
    /// Day of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// First day of a span of days of birth.
    pub birth_from: Option<NaiveDate>,
    /// Last day of a span of days of birth.
    pub birth_to: Option<NaiveDate>,
    /// Age in whole years on the day of the search.
    pub age: Option<u8>,
    /// Gender; `NotSpecified` matches itself alone.
    pub gender: Option<Gender>,
    /// Full postcode.
    pub postcode: Option<Postcode>,
    /// Outcode or its letters, as in `N17` or `N`.
    pub postcode_area: Option<String>,
    /// Street, with or without the house.
    pub street: Option<String>,
    /// Post town.
    pub town: Option<String>,
    /// Whether likenesses count. A wildcard makes a search exact whatever this says.
    pub fuzzy: bool,
    /// Records that are nobody's to find in this search.
    pub except: BTreeSet<ChildId>,
    /// Whether criteria that are not enough are answered all the same: for measuring, never for a viewer.
    pub thin: bool,
}

/// Why a criterion cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryRefusal {
    /// A wildcard elsewhere than at the end of a word.
    #[error("a wildcard may stand only at the end of a word")]
    WildcardInside,
    /// A wildcard after fewer than three letters.
    #[error("a wildcard needs three letters before it")]
    WildcardTooShort,
}

impl QueryRefusal {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            QueryRefusal::WildcardInside => "wildcard_inside",
            QueryRefusal::WildcardTooShort => "wildcard_too_short",
        }
    }
}

impl Query {
    /// Checks the wildcards; a search with a bad one finds nobody.
    ///
    /// # Errors
    /// `WildcardInside`, `WildcardTooShort`: to be mended by the one who asks.
    pub fn check(&self) -> Result<(), QueryRefusal> {
        let names = [&self.forename, &self.surname].into_iter().flatten();
        for word in names.flat_map(|name| name.split(parts_words)) {
            let Some((start, rest)) = word.split_once('*') else { continue };
            if !rest.is_empty() {
                return Err(QueryRefusal::WildcardInside);
            }
            if normal::words(start).concat().chars().count() < WILDCARD_LETTERS_MIN {
                return Err(QueryRefusal::WildcardTooShort);
            }
        }
        Ok(())
    }

    /// Tells whether the criteria on `fields` are enough to look for somebody (rules.md 4.1).
    ///
    /// With [`FieldSet::ORDINARY`] this is the rule for the whole search; on a shielded record it is asked
    /// again with what is visible there.
    pub fn is_enough(&self, fields: FieldSet) -> bool {
        self.stated().is_enough(fields)
    }

    /// What the criteria amount to, worked out once for a whole search.
    pub(crate) fn stated(&self) -> Stated {
        let given = stated(self.forename.as_deref());
        let street = self.street.as_deref().is_some_and(|line| !normal::street(line).0.is_empty());
        let postcode = self.postcode.is_some();
        let somewhere =
            street || postcode || stated(self.postcode_area.as_deref()) || stated(self.town.as_deref());
        let surname = stated(self.surname.as_deref());
        let forename = given && !self.forename.as_deref().is_some_and(normal::is_initial);
        let born = self.states_birth();
        Stated {
            number: self.child_number.is_some(),
            by_group_a: surname && born,
            with_places: surname && postcode
                || forename && surname && somewhere
                || given && street && (born || surname),
        }
    }

    /// Tells whether a wildcard is used.
    pub fn has_wildcard(&self) -> bool {
        [&self.forename, &self.surname].into_iter().flatten().any(|name| name.contains('*'))
    }

    fn states_birth(&self) -> bool {
        let span = self.birth_from.zip(self.birth_to).is_some_and(|(from, to)| {
            let days = to.signed_duration_since(from).num_days();
            (0..BIRTH_SPAN_DAYS_MAX).contains(&days)
        });
        self.date_of_birth.is_some() || self.birth_year.is_some() || self.age.is_some() || span
    }
}

/// By which fields the criteria of one search are enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stated {
    number: bool,
    by_group_a: bool,
    with_places: bool,
}

impl Stated {
    pub(crate) fn is_enough(self, fields: FieldSet) -> bool {
        self.number && fields.has(Field::Number)
            || self.by_group_a && fields.names()
            || self.with_places && fields.places()
    }
}

/// Tells whether a character ends one word of a name and begins another.
fn parts_words(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '‐' | '·')
}

/// Tells whether a text criterion says anything.
pub(crate) fn stated(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.chars().any(char::is_alphanumeric))
}

impl fmt::Debug for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Query(..)")
    }
}

#[cfg(test)]
mod spec;
