//! Search: by which fields a record may be found by this viewer, and what a hit shows.
//!
//! Source: rules.md 2.1 and 2.4; contract.md section 2 (on a shielded record other criteria count as not
//! stated); domain.md 3.2: a hit through a hidden field is no hit, in result, count and timing.

use std::fmt;

use chrono::NaiveDate;
use events::child::RecordState;
use serde::Serialize;
use vocabulary::{ChildNumber, FieldGroup, Gender, OrganisationId, PersonName};

use crate::{
    archived::Column,
    names::{Name, NameKind, plain},
    scope::{Facts, rows_of},
    viewer::{Override, Viewer},
    views::Organisation,
};

/// A field that a criterion may be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// The current forename, middle names and surname.
    Name,
    /// The name that the child is known by.
    KnownAs,
    /// Former names.
    FormerName,
    /// The date of birth, and year and age by it.
    DateOfBirth,
    /// The gender.
    Gender,
    /// The child number.
    Number,
    /// Postcode, area, street and town of the current address.
    Address,
}

impl SearchField {
    /// Every field.
    pub const ALL: [SearchField; 7] = [
        SearchField::Name,
        SearchField::KnownAs,
        SearchField::FormerName,
        SearchField::DateOfBirth,
        SearchField::Gender,
        SearchField::Number,
        SearchField::Address,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            SearchField::Name => "name",
            SearchField::KnownAs => "known_as",
            SearchField::FormerName => "former_name",
            SearchField::DateOfBirth => "date_of_birth",
            SearchField::Gender => "gender",
            SearchField::Number => "number",
            SearchField::Address => "address",
        }
    }
}

/// What the index knows of a record, as far as the rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchFacts<'a> {
    /// The responsible authority.
    pub authority: Option<&'a OrganisationId>,
    /// Whether any shield stands, in the archive too.
    pub shielded: bool,
    /// The state of the record.
    pub state: RecordState,
}

/// By which fields a record may be found. By none: it is as if there were no such record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Searchable {
    by: By,
    shielded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum By {
    #[default]
    Nothing,
    /// Group A: what is visible on a shielded record too.
    Least,
    /// Group C and the former names as well.
    Everything,
}

impl Searchable {
    /// Tells whether a criterion on this field counts; one that does not counts as not stated.
    pub fn has(self, field: SearchField) -> bool {
        match field {
            SearchField::Name
            | SearchField::KnownAs
            | SearchField::DateOfBirth
            | SearchField::Gender
            | SearchField::Number => self.by >= By::Least,
            SearchField::FormerName | SearchField::Address => self.by == By::Everything,
        }
    }

    /// Tells whether the record may be found at all. One that may not is not counted either.
    pub fn is_findable(self) -> bool {
        self.by != By::Nothing
    }
}

/// Judges by which fields `viewer` may find a record.
///
/// A shielded one by nobody through a hidden field, its own team included: one rule for all, so that no
/// answer differs by a shield. Quarantined ones stand in the identity queue, not in a search; archived
/// ones are found by the data manager of their authority, in the first year.
pub fn searchable(viewer: &Viewer, facts: &SearchFacts<'_>) -> Searchable {
    let column = Column::of(facts.state, Override::None);
    if column == Column::Quarantined {
        return Searchable::default();
    }
    let facts = Facts { authority: facts.authority, shielded: facts.shielded, column, former_matched: false };
    let groups = rows_of(viewer, facts);
    let by = if !groups.has(FieldGroup::A) {
        By::Nothing
    } else if facts.shielded || !groups.has(FieldGroup::C) {
        By::Least
    } else {
        By::Everything
    };
    Searchable { by, shielded: facts.shielded }
}

/// What a search found of one child, before anybody is shown it.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// The number.
    pub child_number: ChildNumber,
    /// The current forename.
    pub forename: PersonName,
    /// The current middle names.
    pub middle_names: Option<PersonName>,
    /// The current surname.
    pub surname: PersonName,
    /// The name that the child is known by.
    pub known_as: Option<PersonName>,
    /// The former names (forename, surname) that this search matched, and no others.
    pub former_names_matched: Vec<(PersonName, PersonName)>,
    /// The date of birth.
    pub date_of_birth: NaiveDate,
    /// The gender.
    pub gender: Gender,
    /// The first part of the postcode, where one is known.
    pub outcode: Option<String>,
    /// The responsible authority with its name.
    pub local_authority: Option<Organisation>,
    /// How well it fits; computed from searchable fields alone.
    pub score: f64,
}

/// One row of a hit list. Made only by [`hit`].
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Hit {
    pub child_number: ChildNumber,
    pub names: Vec<Name>,
    pub date_of_birth: NaiveDate,
    pub gender: Gender,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_authority: Option<Organisation>,
    pub score: f64,
    pub shielded: bool,
}

/// Makes a row of what was found, or none where the viewer may not find the record.
pub fn hit(searchable: Searchable, found: Found) -> Option<Hit> {
    if !searchable.is_findable() {
        return None;
    }
    let mut names = vec![Name {
        kind: NameKind::Current,
        forename: found.forename,
        middle_names: found.middle_names,
        surname: found.surname.clone(),
    }];
    names.extend(found.known_as.iter().map(|known_as| plain(NameKind::KnownAs, known_as, &found.surname)));
    if searchable.has(SearchField::FormerName) {
        let former = &found.former_names_matched;
        names.extend(former.iter().map(|(first, last)| plain(NameKind::Former, first, last)));
    }
    let placed = searchable.has(SearchField::Address);
    Some(Hit {
        child_number: found.child_number,
        names,
        date_of_birth: found.date_of_birth,
        gender: found.gender,
        outcode: found.outcode.filter(|_| placed),
        local_authority: found.local_authority.filter(|_| placed),
        score: found.score,
        shielded: searchable.shielded,
    })
}

impl fmt::Debug for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Found({:?}, ..)", self.child_number)
    }
}

impl fmt::Debug for Hit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Hit({:?}, ..)", self.child_number)
    }
}
