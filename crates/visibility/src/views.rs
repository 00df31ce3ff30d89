//! Views: the accessible child record, as the contract writes it. Made in this crate only.
//!
//! Source: SI 2007/2182 regulation 6, 'Accessible child record'; contract.md section 2. A group to which
//! the viewer has no right is absent.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use events::supplied::{EducationState, PrimaryCareState, Relation};
use serde::Serialize;
use vocabulary::{
    Address, ChildNumber, Contact, Gender, IntendsReturn, InvolvementId, KeyedRef, Label, OrganisationId,
    PersonName, Position, Scheme, ServiceClass, ServiceType,
};

use crate::{groups::Groups, names::Name, patterns::Pattern, sensitive::SensitiveServices};

/// What one viewer may see of one record. Fields are read by pages; only [`crate::view()`] makes one.
#[derive(Clone, PartialEq, Serialize, Default)]
#[expect(
    missing_docs,
    reason = "each field is the contract's own word; absent means no right, or nothing held"
)]
pub struct AccessibleRecord {
    #[serde(skip)]
    pub(crate) groups: Groups,
    #[serde(skip)]
    pub(crate) hidden_view: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_number: Option<ChildNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shielded: Option<bool>,
    /// The access's own position; see [`AccessibleRecord::at`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_authority: Option<Organisation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Whereabouts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carers: Option<Vec<Carer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub education: Option<Education>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_care: Option<PrimaryCare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub involvements: Option<Vec<Involvement>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifiers: Option<Vec<Identifier>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive_services: Option<SensitiveServices>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaps: Option<Vec<Gap>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patterns: Option<Vec<Pattern>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

/// An organisation by its id and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name; its id where the register knows no name.
    pub name: String,
}

/// An organisation with the ways to reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Reachable {
    pub id: OrganisationId,
    pub name: String,
    pub contacts: Vec<Contact>,
}

/// Where the child lives: one of three values (invariant I-2). Never stated reads as none known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Whereabouts {
    /// At this address.
    Known(Address),
    /// There is no known address.
    NoneKnown,
    /// Out of England.
    LeftEngland {
        /// Since which day.
        on: NaiveDate,
        /// Whether a return within three years is intended.
        intends_return: IntendsReturn,
    },
}

/// Someone with parental responsibility or care. Reference and contacts come with group C only: a
/// reference that two records share would join them behind a shield.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Carer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carer_ref: Option<KeyedRef>,
    pub name: PersonName,
    pub relation: Relation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<Contact>>,
}

/// Where the child is taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Education {
    pub state: EducationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Reachable>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// When this was told, whatever else was told since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_at: Option<DateTime<Utc>>,
}

/// Where the child is registered for primary care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct PrimaryCare {
    pub state: PrimaryCareState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Reachable>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// When this was told, whatever else was told since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_at: Option<DateTime<Utc>>,
}

/// A service that works or worked with the child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Involvement {
    pub involvement_id: InvolvementId,
    pub service_type: ServiceType,
    pub class: ServiceClass,
    pub organisation: Organisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<Practitioner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Label>,
    pub contacts: Vec<Contact>,
    pub started_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub lead_professional: bool,
    pub common_assessment: CommonAssessment,
    /// When this entry was last told, whatever else was told since.
    pub as_at: DateTime<Utc>,
}

/// A practitioner as shown; the reference is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Practitioner {
    pub practitioner_ref: KeyedRef,
    pub name: PersonName,
    pub job: Label,
}

/// Whether the service holds a common assessment, and since when; never what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct CommonAssessment {
    pub held: bool,
    pub on: Option<NaiveDate>,
}

/// Another body's identifier.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Identifier {
    pub scheme: Scheme,
    pub value: String,
}

/// A universal service that nobody has stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// Neither a setting nor 'educated otherwise' is known.
    NoEducation,
    /// No registration is known.
    NoPrimaryCare,
}

/// What is left of what is no longer shown, for those who run the directory (rules.md 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct History {
    /// When the record was opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// Episodes whose consent was withdrawn: that there was one, and no more.
    pub consents_withdrawn: usize,
    /// References whose supplier disputes that they mean this child.
    pub links_disputed: usize,
}

impl AccessibleRecord {
    /// The groups granted, who looked apart, in the order of the rules.
    pub fn groups(&self) -> Vec<vocabulary::FieldGroup> {
        self.groups.iter().filter(|group| *group != vocabulary::FieldGroup::J).collect()
    }

    /// Tells whether this view goes behind a shield: to be logged as a hidden view.
    pub fn is_hidden_view(&self) -> bool {
        self.hidden_view
    }

    /// Writes in the position of the access by which the record was opened; never the child's own.
    #[must_use]
    pub fn at(self, position: Position) -> AccessibleRecord {
        AccessibleRecord { position: Some(position), ..self }
    }
}

impl fmt::Debug for AccessibleRecord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AccessibleRecord({:?}, {:?}, ..)", self.child_number, self.groups)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Identifier({:?}, ..)", self.scheme)
    }
}
