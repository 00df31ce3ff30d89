//! Details: what each source states of names, birth, gender, address, carers and identifiers.
//!
//! Each source's own statement is kept whole; what is shown is chosen from them, the newest change of a
//! field first. Source: SI 2007/2182 Schedule 1; rules.md 1.2, 2.3; contract.md section 3.

mod current;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    KeyedRef, OrganisationId, PersonName, Position, contact::CONTACTS_MAX, day::age_on, england_day,
};

use super::{Child, Event, state::ADULT_AGE};
use crate::{
    decider::When,
    supplied::{SuppliedAddress, SuppliedChild},
    told::Told,
};

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
    pub child: SuppliedChild,
    /// The supplier's own version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
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
    pub told: Box<crate::supplied::Supplied>,
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

/// One source's word on the details, merged from everything it told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Whose.
    pub supplier: OrganisationId,
    /// The values that stand for this source.
    pub told: SuppliedChild,
    /// Since which position each field has had its value.
    pub since: BTreeMap<Field, Position>,
    /// The newest version seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
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

/// An address that waits for a shield to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAddress {
    /// What was told.
    pub address: Told<SuppliedAddress>,
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
        /// What is told, references keyed.
        child: Box<SuppliedChild>,
        /// The supplier's own version.
        version: Option<i64>,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
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
    #[error("the directory holds children; this person is {ADULT_AGE} or over")]
    Adult,
    /// A contact or an address is not of its form.
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
    let Command::Describe { source, supplier, child: told, version } = command;
    well_formed(told, england_day(now))?;
    let held = child.statements.get(source);
    if let (Some(newest), Some(version)) = (held.and_then(|statement| statement.version), version)
        && *version < newest
    {
        // Invariant I-17: an older version is kept in history and changes nothing.
        let told = Box::new(crate::supplied::Supplied::ChildDescribed {
            child: (**told).clone(),
            version: Some(*version),
        });
        return Ok(vec![Event::OlderVersionReceived(OlderVersion {
            source: *source,
            supplier: supplier.clone(),
            version: *version,
            told,
        })]);
    }
    let mut merged = held.map_or_else(SuppliedChild::default, |statement| statement.told.clone());
    let changed = merge(&mut merged, told);
    complete(&merged)?;
    if changed.is_empty() {
        // A nightly feed repeats itself; repeating a known fact is not news.
        return Ok(Vec::new());
    }
    Ok(vec![Event::ChildDescribed(Described {
        source: *source,
        supplier: supplier.clone(),
        child: (**told).clone(),
        version: *version,
    })])
}

/// Judges a description by itself, before any child is known. `today` is the civil day in England.
///
/// # Errors
/// The first of: born in the future, too early, adult, malformed contact or address, too many.
pub fn well_formed(told: &SuppliedChild, today: NaiveDate) -> Result<(), Refusal> {
    if let Some(born) = told.date_of_birth {
        if born > today {
            return Err(Refusal::BornInFuture);
        }
        if chrono::Datelike::year(&born) < BORN_YEAR_MIN {
            return Err(Refusal::BornTooEarly);
        }
        if age_on(born, today) >= ADULT_AGE {
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
    let missing = [
        ("forename", told.forename.is_none()),
        ("surname", told.surname.is_none()),
        ("date_of_birth", told.date_of_birth.is_none()),
        ("gender", told.gender.is_none()),
    ];
    match missing.into_iter().find(|(_, missing)| *missing) {
        Some((field, _)) => Err(Refusal::Incomplete(field)),
        None => Ok(()),
    }
}

/// Lays what is told over what stood, and names the fields whose value changed.
fn merge(stood: &mut SuppliedChild, told: &SuppliedChild) -> Vec<Field> {
    let mut changed = Vec::new();
    fn plain<T: Clone + PartialEq>(
        stood: &mut Option<T>,
        told: Option<&T>,
        field: Field,
        changed: &mut Vec<Field>,
    ) {
        if told.is_some() && stood.as_ref() != told {
            *stood = told.cloned();
            changed.push(field);
        }
    }
    fn tri<T: Clone + PartialEq>(
        stood: &mut Told<T>,
        told: &Told<T>,
        field: Field,
        changed: &mut Vec<Field>,
    ) {
        match told {
            Told::Unsaid => (),
            Told::TakenBack if stood.value().is_none() => (),
            Told::TakenBack => {
                *stood = Told::TakenBack;
                changed.push(field);
            }
            Told::Value(value) if stood.value() == Some(value) => (),
            Told::Value(value) => {
                *stood = Told::Value(value.clone());
                changed.push(field);
            }
        }
    }
    plain(&mut stood.forename, told.forename.as_ref(), Field::Forename, &mut changed);
    plain(&mut stood.surname, told.surname.as_ref(), Field::Surname, &mut changed);
    plain(&mut stood.date_of_birth, told.date_of_birth.as_ref(), Field::DateOfBirth, &mut changed);
    plain(&mut stood.gender, told.gender.as_ref(), Field::Gender, &mut changed);
    tri(&mut stood.middle_names, &told.middle_names, Field::MiddleNames, &mut changed);
    tri(&mut stood.known_as, &told.known_as, Field::KnownAs, &mut changed);
    tri(&mut stood.previous_surname, &told.previous_surname, Field::PreviousSurname, &mut changed);
    tri(&mut stood.address, &told.address, Field::Address, &mut changed);
    tri(&mut stood.previous_address, &told.previous_address, Field::PreviousAddress, &mut changed);
    tri(&mut stood.nhs_number, &told.nhs_number, Field::NhsNumber, &mut changed);
    tri(&mut stood.upn, &told.upn, Field::Upn, &mut changed);
    tri(&mut stood.carers, &told.carers, Field::Carers, &mut changed);
    changed
}

pub(super) fn described(child: &mut Child, event: &Described, when: When) {
    let mut told = event.child.clone();
    if child.holds_addresses() && !told.address.is_unsaid() {
        let address = std::mem::take(&mut told.address);
        child.held_addresses.insert(event.source, HeldAddress { address, since: when.position });
    }
    let statement = child.statements.entry(event.source).or_insert_with(|| Statement {
        supplier: event.supplier.clone(),
        told: SuppliedChild::default(),
        since: BTreeMap::new(),
        version: None,
    });
    let before = FormerName {
        source: event.source,
        forename: statement.told.forename.clone(),
        surname: statement.told.surname.clone(),
    };
    let changed = merge(&mut statement.told, &told);
    statement.since.extend(changed.iter().map(|field| (*field, when.position)));
    statement.version = event.version.or(statement.version);
    let renamed = changed.contains(&Field::Forename) || changed.contains(&Field::Surname);
    if renamed && before.surname.is_some() && !child.former_names.contains(&before) {
        child.former_names.push(before);
    }
    if changed.contains(&Field::Address) && matches!(told.address.value(), Some(SuppliedAddress::Known(_))) {
        // I-2: an address in England and "left England" exclude each other; the newer word stands.
        child.life.left_england = None;
    }
}

/// Puts held addresses in force, once the shield that they waited for is decided.
pub(super) fn release_addresses(child: &mut Child) {
    for (source, held) in std::mem::take(&mut child.held_addresses) {
        if let Some(statement) = child.statements.get_mut(&source) {
            statement.told.address = held.address;
            statement.since.insert(Field::Address, held.since);
        }
    }
}
