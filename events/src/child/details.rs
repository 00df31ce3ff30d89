//! Details: what each source states of names, birth, gender, address, carers and identifiers.
//!
//! Each source's own statement is kept whole; what is shown is chosen from them, the newest change of a
//! field first. Source: SI 2007/2182 Schedule 1; rules.md 1.2, 2.3; contract.md section 3.

mod current;
#[cfg(test)]
mod spec;
mod statement;
mod trust;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    KeyedRef, OrganisationId, PersonName, Position, contact::CONTACTS_MAX, day::age_on, england_day,
};

use super::{
    Child, Event,
    state::{ADULT_AGE, EXTENDED_AGE},
    versions::{Turn, turn},
};
use crate::{
    supplied::{Supplied, SuppliedAddress, SuppliedCarer, SuppliedChild, SuppliedRef},
    told::Told,
};

pub(super) use statement::{
    described, discrepancy_raised, discrepancy_settled, hold_since, joined, moved, older_received,
    release_addresses,
};
pub use trust::Capacity;

/// Most carers of one child in one statement: two parents, two partners, four others.
pub const CARERS_MAX: usize = 8;

/// Earliest date of birth that anyone under 26 can have had when the first record was opened.
const BORN_YEAR_MIN: i32 = 1990;

/// A source stated the details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Under which reference.
    pub source: KeyedRef,
    /// By whom.
    pub supplier: OrganisationId,
    /// What was told, references keyed.
    pub child: Box<SuppliedChild>,
    /// In what capacity; of no weight where it was not kept yet.
    #[serde(default, skip_serializing_if = "Capacity::is_other")]
    pub capacity: Capacity,
    /// The supplier's own version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// A source's word differs from the one that stands: told so, and overwritten by nobody (domain.md 4.3).
///
/// Names fields and never what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscrepancyRaised {
    /// Under which reference.
    pub source: KeyedRef,
    /// Whose word.
    pub supplier: OrganisationId,
    /// The fields that differ and that the supplier may see on this record: it is told of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<Field>,
    /// The fields that differ and that it may not see: the directory team is told (rules.md 2.3).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub for_team: BTreeSet<Field>,
}

/// A source's word differs from the one that stands no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscrepancySettled {
    /// Under which reference.
    pub source: KeyedRef,
    /// Whose word.
    pub supplier: OrganisationId,
}

/// An older version arrived late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderVersion {
    /// Under which reference.
    pub source: KeyedRef,
    /// By whom.
    pub supplier: OrganisationId,
    /// Its version.
    pub version: i64,
    /// What it said: of the details, or of an involvement.
    pub told: Box<Supplied>,
    /// The episode whose key must seal it, when it speaks of a sensitive service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode: Option<KeyedRef>,
}

/// A field of the details, for choosing which source's word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is the contract's own word for the field")]
pub enum Field {
    Forename,
    MiddleNames,
    Surname,
    KnownAs,
    PreviousSurname,
    DateOfBirth,
    Gender,
    Address,
    PreviousAddress,
    NhsNumber,
    Upn,
    Carers,
}

impl Field {
    /// The contract's own word.
    pub fn name(self) -> &'static str {
        match self {
            Field::Forename => "forename",
            Field::MiddleNames => "middle_names",
            Field::Surname => "surname",
            Field::KnownAs => "known_as",
            Field::PreviousSurname => "previous_surname",
            Field::DateOfBirth => "date_of_birth",
            Field::Gender => "gender",
            Field::Address => "address",
            Field::PreviousAddress => "previous_address",
            Field::NhsNumber => "nhs_number",
            Field::Upn => "upn",
            Field::Carers => "carers",
        }
    }
}

/// One source's word on the details, merged from everything it told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Whose.
    pub supplier: OrganisationId,
    /// The values that stand for this source.
    pub told: SuppliedChild,
    /// In what capacity it was told last.
    #[serde(default, skip_serializing_if = "Capacity::is_other")]
    pub capacity: Capacity,
    /// Since which position each field has had its value.
    pub since: BTreeMap<Field, Position>,
    /// The fields that had another value of this source before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub changed: BTreeSet<Field>,
    /// In what it differs from what stands, as the supplier or the team was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discrepancy: Option<Discrepancy>,
    /// The newest version seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Older versions that were heard, so that none is kept twice.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub earlier: BTreeSet<i64>,
}

/// In what a source's word was told to differ from the one that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// The fields of which the supplier was told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<Field>,
    /// The fields that it may not see: for the directory team alone.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub for_team: BTreeSet<Field>,
    /// When it was told first, in whichever fields.
    pub since: DateTime<Utc>,
    /// At which position that was.
    pub position: Position,
}

/// A name that a source stated earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerName {
    /// Under which reference it was stated.
    pub source: KeyedRef,
    /// Forename, if it was stated.
    pub forename: Option<PersonName>,
    /// Surname, if it was stated.
    pub surname: Option<PersonName>,
}

/// What tells where a child lives and waits for a shield to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAddress {
    /// The address told.
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub address: Told<SuppliedAddress>,
    /// The carers told, where a contact of theirs is an address not known before.
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub carers: Told<Vec<SuppliedCarer>>,
    /// At which position.
    pub since: Position,
}

/// What may be asked about details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// State the details.
    Describe {
        /// Under which reference.
        source: KeyedRef,
        /// By whom.
        supplier: OrganisationId,
        /// In what capacity.
        capacity: Capacity,
        /// What is told, references keyed.
        child: Box<SuppliedChild>,
        /// The supplier's own version.
        version: Option<i64>,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The description lacks a name, the date of birth or the gender, and this source never gave it.
    #[error("a description needs forename, surname, date of birth and gender; {0} is missing")]
    Incomplete(&'static str),
    /// The date of birth lies in the future.
    #[error("the date of birth lies in the future")]
    BornInFuture,
    /// The date of birth lies too far back.
    #[error("the date of birth lies before {BORN_YEAR_MIN}")]
    BornTooEarly,
    /// The person is 18 or over.
    #[error("the directory holds children; this person is {ADULT_AGE} or over, and held no longer")]
    Adult,
    /// A contact, an address or a reference is not of its form.
    #[error("{0}")]
    Malformed(#[from] vocabulary::NotAWord),
    /// Too many carers, or contacts of a carer.
    #[error("at most {CARERS_MAX} carers with {CONTACTS_MAX} contacts each")]
    TooMany,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::Incomplete(_) => "description_incomplete",
            Refusal::BornInFuture => "date_of_birth_in_future",
            Refusal::BornTooEarly => "date_of_birth_too_early",
            Refusal::Adult => "adult",
            Refusal::Malformed(_) => "field_invalid",
            Refusal::TooMany => "too_many",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    let Command::Describe { source, supplier, capacity, child: told, version } = command;
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    well_formed(told, today)?;
    keyed(told)?;
    let held = child.statements.get(source);
    complete_with(told, held.map(|statement| &statement.told))?;
    held_at_age(
        child,
        told.date_of_birth.or(held.and_then(|statement| statement.told.date_of_birth)),
        today,
    )?;
    let newer = match held.map(|held| turn(held.version, &held.earlier, *version)) {
        None => true,
        Some(Turn::Now { newer }) => newer,
        Some(Turn::Heard) => return Ok(Vec::new()),
        Some(Turn::Late(version)) => {
            return Ok(vec![Event::OlderVersionReceived(OlderVersion {
                source: *source,
                supplier: supplier.clone(),
                version,
                told: Box::new(Supplied::ChildDescribed { child: (**told).clone(), version: Some(version) }),
                episode: None,
            })]);
        }
    };
    if !newer && statement::news(child, source, told).is_empty() {
        // A nightly feed repeats itself; repeating a known fact is not news.
        return Ok(Vec::new());
    }
    let described = Described {
        source: *source,
        supplier: supplier.clone(),
        child: told.clone(),
        capacity: *capacity,
        version: *version,
    };
    let difference = trust::difference(child, &described, now);
    Ok([Event::ChildDescribed(described)].into_iter().chain(difference).collect())
}

/// Judges a description by itself, before any child is known. `today` is the civil day in England.
///
/// # Errors
/// The first of: born in the future, too early, twenty-five or over, malformed contact or address, too many.
pub fn well_formed(told: &SuppliedChild, today: NaiveDate) -> Result<(), Refusal> {
    if let Some(born) = told.date_of_birth {
        if born > today {
            return Err(Refusal::BornInFuture);
        }
        if chrono::Datelike::year(&born) < BORN_YEAR_MIN {
            return Err(Refusal::BornTooEarly);
        }
        if age_on(born, today) >= EXTENDED_AGE {
            return Err(Refusal::Adult);
        }
    }
    if let Some(SuppliedAddress::Known(address)) = told.address.value() {
        address.clone().checked()?;
    }
    if let Some(address) = told.previous_address.value() {
        address.clone().checked()?;
    }
    let carers = told.carers.value().map(Vec::as_slice).unwrap_or_default();
    if carers.len() > CARERS_MAX || carers.iter().any(|carer| carer.contacts.len() > CONTACTS_MAX) {
        return Err(Refusal::TooMany);
    }
    for contact in carers.iter().flat_map(|carer| &carer.contacts) {
        contact.clone().checked()?;
    }
    Ok(())
}

/// Judges that a description names a person: both names, the date of birth, the gender.
///
/// # Errors
/// `Incomplete` with the first that is missing.
pub fn complete(told: &SuppliedChild) -> Result<(), Refusal> {
    complete_with(told, None)
}

/// As [`complete`], where what the source told before fills what it does not repeat.
fn complete_with(told: &SuppliedChild, stood: Option<&SuppliedChild>) -> Result<(), Refusal> {
    let unsaid = SuppliedChild::default();
    let stood = stood.unwrap_or(&unsaid);
    let missing = [
        ("forename", told.forename.is_none() && stood.forename.is_none()),
        ("surname", told.surname.is_none() && stood.surname.is_none()),
        ("date_of_birth", told.date_of_birth.is_none() && stood.date_of_birth.is_none()),
        ("gender", told.gender.is_none() && stood.gender.is_none()),
    ];
    match missing.into_iter().find(|(_, missing)| *missing) {
        Some((field, _)) => Err(Refusal::Incomplete(field)),
        None => Ok(()),
    }
}

/// Judges that somebody born on a day is held: to the eighteenth birthday, or to the twenty-fifth who agreed to stay.
///
/// # Errors
/// `Adult`.
pub fn held_at_age(child: &Child, born: Option<NaiveDate>, today: NaiveDate) -> Result<(), Refusal> {
    let until = if child.agrees_to_stay() { EXTENDED_AGE } else { ADULT_AGE };
    if born.is_some_and(|born| age_on(born, today) >= until) { Err(Refusal::Adult) } else { Ok(()) }
}

/// Rules.md 6.4: a supplier's own text for a reference is never kept, only its keyed hash.
fn keyed(told: &SuppliedChild) -> Result<(), Refusal> {
    let carers = told.carers.value().map(Vec::as_slice).unwrap_or_default();
    let mut references = told.local_ref.iter().chain(carers.iter().map(|carer| &carer.carer_ref));
    if references.all(|reference: &SuppliedRef| reference.keyed().is_some()) {
        Ok(())
    } else {
        Err(Refusal::Malformed(vocabulary::NotAWord { expected: "references keyed before they are kept" }))
    }
}
