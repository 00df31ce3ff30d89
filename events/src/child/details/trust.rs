//! Trust: whose word on a field stands, where sources differ.
//!
//! Source: domain.md 4.3 (trusted order); ADR-0022.

#[cfg(test)]
mod spec;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    Address, AddressState, Gender, KeyId, KeyedRef, OrganisationId, OrganisationKind, PersonName, Position,
    ServiceType,
};

use super::{Described, Discrepancy, DiscrepancyRaised, DiscrepancySettled, Field, Statement, described};
use crate::{
    child::{Child, Event},
    decider::When,
    supplied::SuppliedAddress,
};

/// In what capacity a source speaks; kept with its word, since an organisation may become another kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// None that is trusted more than another's.
    #[default]
    Other,
    /// A local authority, whose social workers visit.
    LocalAuthority,
    /// A school, a college, a nursery.
    Education,
    /// A practice, a hospital, a community health service.
    Health,
    /// A national register: of births and deaths, of patients, of pupils.
    National,
    /// The directory team of the responsible authority, setting the record right by hand.
    DirectoryTeam,
}

impl Capacity {
    /// The capacity in which an organisation's own systems speak.
    pub fn of(kind: OrganisationKind) -> Capacity {
        match kind {
            OrganisationKind::LocalAuthority => Capacity::LocalAuthority,
            OrganisationKind::NationalBody | OrganisationKind::NationalSupplier => Capacity::National,
            OrganisationKind::School | OrganisationKind::FurtherEducation | OrganisationKind::EarlyYears => {
                Capacity::Education
            }
            OrganisationKind::GpPractice
            | OrganisationKind::Hospital
            | OrganisationKind::CommunityHealth
            | OrganisationKind::MentalHealthService
            | OrganisationKind::SexualHealthService
            | OrganisationKind::SubstanceMisuseService => Capacity::Health,
            OrganisationKind::Police
            | OrganisationKind::Probation
            | OrganisationKind::YouthJustice
            | OrganisationKind::Housing
            | OrganisationKind::FireAndRescue
            | OrganisationKind::Voluntary
            | OrganisationKind::Refuge
            | OrganisationKind::ImmigrationSupport
            | OrganisationKind::DirectoryTeam => Capacity::Other,
        }
    }

    /// Tells whether nothing need be kept of it.
    pub fn is_other(&self) -> bool {
        *self == Capacity::Other
    }

    /// Tells whether a supplier may be told that another word on this field stands (rules.md 2 and 2.3).
    ///
    /// A national supplier sees nothing; a shielded record shows names, birth and gender; a number is seen by those
    /// for whose functions it was allocated.
    fn may_be_told_of(self, field: Field, shielded: bool) -> bool {
        match field {
            _ if self == Capacity::National => false,
            Field::Forename | Field::Surname | Field::DateOfBirth | Field::Gender => true,
            Field::NhsNumber => self == Capacity::Health && !shielded,
            Field::Upn => matches!(self, Capacity::Education | Capacity::LocalAuthority) && !shielded,
            Field::MiddleNames
            | Field::KnownAs
            | Field::PreviousSurname
            | Field::Address
            | Field::PreviousAddress
            | Field::Carers => !shielded,
        }
    }
}

/// How much a word weighs against another source's on the same field; the greatest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    rank: u8,
    /// A source that changes its word knows of a change; one that speaks first may only know it otherwise.
    changed: bool,
    /// Of changes the newest, of first words the oldest.
    turn: i128,
}

impl Child {
    /// How much a source's word on a field weighs.
    pub(super) fn weight(&self, field: Field, statement: &Statement, since: Position) -> Weight {
        let at = i128::from(since.0);
        let changed = !is_lasting(field) || statement.changed.contains(&field);
        Weight { rank: self.rank(field, statement), changed, turn: if changed { at } else { -at } }
    }

    fn rank(&self, field: Field, statement: &Statement) -> u8 {
        match (field, statement.capacity) {
            (Field::Address | Field::PreviousAddress | Field::Carers, Capacity::LocalAuthority) => {
                u8::from(self.is_visited_by(&statement.supplier))
            }
            // Families move: whoever hears of it last is right, be it who it may.
            (Field::Address | Field::PreviousAddress | Field::Carers, _) => 0,
            (_, Capacity::DirectoryTeam) => 4,
            (Field::DateOfBirth | Field::Gender | Field::NhsNumber | Field::Upn, Capacity::National) => 3,
            (Field::DateOfBirth | Field::Gender | Field::NhsNumber, Capacity::Health)
            | (Field::Upn, Capacity::Education) => 2,
            (Field::DateOfBirth | Field::Gender, Capacity::Education)
            | (Field::DateOfBirth | Field::Gender | Field::Upn, Capacity::LocalAuthority) => 1,
            (_, _) => 0,
        }
    }

    /// The discrepancies that stand, each with its source: those told in fields that still differ.
    ///
    /// A source is asked only when it speaks, so that what another said since may have settled it.
    pub fn discrepancies(&self) -> impl Iterator<Item = (&KeyedRef, &Statement, Discrepancy)> {
        self.standing_statements().filter_map(|(source, statement)| {
            let told = statement.discrepancy.as_ref()?;
            let differing = differing(self, source);
            let still = |fields: &BTreeSet<Field>| fields.intersection(&differing).copied().collect();
            let (fields, for_team): (BTreeSet<Field>, BTreeSet<Field>) =
                (still(&told.fields), still(&told.for_team));
            let stands = !fields.is_empty() || !for_team.is_empty();
            stands.then(|| (source, statement, Discrepancy { fields, for_team, ..told.clone() }))
        })
    }

    /// Tells whether a social worker of this organisation has the child's case open.
    fn is_visited_by(&self, supplier: &OrganisationId) -> bool {
        self.involvements.values().any(|entry| {
            entry.service_type == ServiceType::SocialCare
                && entry.supplier == *supplier
                && !entry.in_error
                && entry.ended_on.is_none()
        })
    }
}

/// Whether a field is of a person for life, so that another word on it is a mistake sooner than news.
pub(super) fn is_lasting(field: Field) -> bool {
    match field {
        Field::Forename
        | Field::MiddleNames
        | Field::Surname
        | Field::DateOfBirth
        | Field::Gender
        | Field::NhsNumber
        | Field::Upn => true,
        Field::KnownAs | Field::PreviousSurname | Field::Address | Field::PreviousAddress | Field::Carers => {
            false
        }
    }
}

/// What a description makes of the differences between its source's word and the one that stands.
pub(super) fn difference(child: &Child, told: &Described, now: DateTime<Utc>) -> Option<Event> {
    // A source that speaks alone differs from nobody.
    if !child.statements.keys().any(|source| *source != told.source) {
        return None;
    }
    let mut after = child.clone();
    let when = When { happened_at: now, recorded_at: now, position: Position(u64::MAX), key: KeyId::CLEAR };
    described(&mut after, told, when);
    let differing = differing(&after, &told.source);
    let known = child.statements.get(&told.source).and_then(|statement| statement.discrepancy.as_ref());
    let known: Option<BTreeSet<Field>> =
        known.map(|known| known.fields.union(&known.for_team).copied().collect());
    if known.unwrap_or_default() == differing {
        return None;
    }
    let (source, supplier) = (told.source, told.supplier.clone());
    if differing.is_empty() {
        return Some(Event::DiscrepancySettled(DiscrepancySettled { source, supplier }));
    }
    let shielded = after.is_shielded();
    let (fields, for_team) =
        differing.into_iter().partition(|field| told.capacity.may_be_told_of(*field, shielded));
    Some(Event::DiscrepancyRaised(DiscrepancyRaised { source, supplier, fields, for_team }))
}

/// The fields in which a source's word differs from the one that stands.
fn differing(child: &Child, source: &KeyedRef) -> BTreeSet<Field> {
    let Some(told) = child.statements.get(source).map(|statement| &statement.told) else {
        return BTreeSet::new();
    };
    let name = |word: &PersonName| folded(word.as_str());
    let called = child.known_as().map(name);
    let forename = told.forename.as_ref().map(name).filter(|told| Some(told) != called.as_ref());
    let gender = told.gender.filter(|told| *told != Gender::NotSpecified);
    let lives = match told.address.value() {
        Some(SuppliedAddress::Known(address)) => postcode(address),
        Some(SuppliedAddress::Words(_)) | None => None,
    };
    let shown = match child.address() {
        Some(AddressState::Known(address)) => postcode(&address),
        Some(AddressState::NoneKnown) | None => None,
    };
    [
        (Field::Forename, differ(forename, child.forename().map(name))),
        (Field::Surname, differ(told.surname.as_ref().map(name), child.surname().map(name))),
        (Field::DateOfBirth, differ(told.date_of_birth, child.date_of_birth())),
        (Field::Gender, differ(gender, child.gender())),
        (Field::Address, differ(lives, shown)),
        (Field::NhsNumber, differ(told.nhs_number.value(), child.nhs_number())),
        (Field::Upn, differ(told.upn.value(), child.upn())),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}

/// Lines are written in many ways, and a postcode in one.
fn postcode(address: &Address) -> Option<String> {
    address.postcode.as_ref().map(|code| code.as_str().to_owned())
}

/// Two values that are both known, and are not one.
fn differ<T: PartialEq>(told: Option<T>, shown: Option<T>) -> bool {
    matches!((told, shown), (Some(told), Some(shown)) if told != shown)
}

/// A name without what two systems write differently of one name.
fn folded(name: &str) -> String {
    name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
