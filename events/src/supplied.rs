//! What case management systems may say: the `data` of each CloudEvent of the contract, as a type.
//!
//! A request body is a command (house rules): these are read straight from the wire and judged by the
//! deciders. Every object refuses unknown fields. Source: contract.md section 3.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{
    Address, AddressState, ChildNumber, Competence, ConsentDecision, Contact, Gender, GivenBy, HarmGround,
    IntendsReturn, KeyedRef, Label, Method, NhsNumber, NotAWord, OrganisationId, PersonName, Postcode,
    ServiceType, Upn,
};

use crate::told::Told;

mod visit;

pub use visit::RefKind;

/// Longest reference that a supplier may send.
pub const REF_CHARACTERS_MAX: usize = 200;

/// A supplier's own reference: opaque, 1-200 characters; replaced by its keyed hash before it is kept.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SuppliedRef(String);

impl SuppliedRef {
    /// The text as sent, or the hexadecimal hash once keyed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Replaces the text by its keyed hash, in place.
    pub fn key(&mut self, keyed: KeyedRef) {
        self.0 = keyed.to_string();
    }

    /// The keyed hash; `None` before [`SuppliedRef::key`] was called.
    pub fn keyed(&self) -> Option<KeyedRef> {
        self.0.parse().ok()
    }
}

impl TryFrom<String> for SuppliedRef {
    type Error = NotAWord;

    fn try_from(text: String) -> Result<Self, NotAWord> {
        let fits = (1..=REF_CHARACTERS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(SuppliedRef(text))
        } else {
            Err(NotAWord { expected: "a reference of 1 to 200 characters without controls" })
        }
    }
}

impl From<SuppliedRef> for String {
    fn from(reference: SuppliedRef) -> String {
        reference.0
    }
}

impl fmt::Debug for SuppliedRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SuppliedRef(..)")
    }
}

/// An address as told on the wire: the object, or the words `"none_known"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SuppliedAddress {
    /// The words for "no known address".
    Words(NoneKnown),
    /// A known address.
    Known(Address),
}

/// The one word that may stand in place of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoneKnown {
    /// `"none_known"`.
    NoneKnown,
}

impl From<SuppliedAddress> for AddressState {
    fn from(address: SuppliedAddress) -> AddressState {
        match address {
            SuppliedAddress::Words(NoneKnown::NoneKnown) => AddressState::NoneKnown,
            SuppliedAddress::Known(known) => AddressState::Known(known),
        }
    }
}

/// A carer as told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppliedCarer {
    /// The supplier's reference for this carer.
    pub carer_ref: SuppliedRef,
    /// The carer's name.
    pub name: PersonName,
    /// In what relation to the child.
    pub relation: Relation,
    /// How to reach the carer; 0-8.
    #[serde(default)]
    pub contacts: Vec<Contact>,
}

/// In what relation a carer stands to the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Has parental responsibility.
    ParentalResponsibility,
    /// Has care of the child without it.
    Care,
}

/// The child of an event: a reference alone, a child number alone, or a description with its reference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct SuppliedChild {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_ref: Option<SuppliedRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_number: Option<ChildNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forename: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub middle_names: Told<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub known_as: Told<PersonName>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub previous_surname: Told<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub address: Told<SuppliedAddress>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub previous_address: Told<Address>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub nhs_number: Told<NhsNumber>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub upn: Told<Upn>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub carers: Told<Vec<SuppliedCarer>>,
}

impl SuppliedChild {
    /// The postcode of the address told, if one is.
    pub fn postcode(&self) -> Option<&Postcode> {
        match self.address.value() {
            Some(SuppliedAddress::Known(address)) => address.postcode.as_ref(),
            Some(SuppliedAddress::Words(_)) | None => None,
        }
    }

    /// Tells whether it holds any detail beside its reference or number.
    pub fn is_described(&self) -> bool {
        let bare = SuppliedChild {
            local_ref: self.local_ref.clone(),
            child_number: self.child_number,
            ..SuppliedChild::default()
        };
        *self != bare
    }
}

/// A practitioner as told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppliedPractitioner {
    /// The supplier's reference for this person.
    pub practitioner_ref: SuppliedRef,
    /// The person's name.
    pub name: PersonName,
    /// The person's job.
    pub job: Label,
}

/// An involvement as told when it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct InvolvementStarted {
    pub child: SuppliedChild,
    pub involvement_ref: SuppliedRef,
    pub service_type: ServiceType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<SuppliedPractitioner>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Label>,
    pub contacts: Vec<Contact>,
    pub started_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_professional: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_ref: Option<SuppliedRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// What changed about an involvement. An absent field stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct InvolvementUpdated {
    pub involvement_ref: SuppliedRef,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub practitioner: Told<SuppliedPractitioner>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub team: Told<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<Contact>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub ended_on: Told<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Where a child is taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EducationState {
    /// At a school or other setting.
    Attending,
    /// Educated otherwise: a value, not a gap.
    EducatedOtherwise,
    /// None is known.
    NoneKnown,
}

/// Where a child is registered for primary care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryCareState {
    /// With a practice.
    Registered,
    /// None is known.
    NoneKnown,
}

/// The `data` of one CloudEvent, by its `type` without prefix and suffix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", deny_unknown_fields)]
#[expect(missing_docs, reason = "each name and field is the contract's own word")]
pub enum Supplied {
    #[serde(rename = "child.described")]
    ChildDescribed {
        child: SuppliedChild,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<i64>,
    },
    #[serde(rename = "child.died")]
    ChildDied { child: SuppliedChild, on: NaiveDate },
    #[serde(rename = "child.left_england")]
    ChildLeftEngland { child: SuppliedChild, on: NaiveDate, intends_return: IntendsReturn },
    #[serde(rename = "child.entered_in_error")]
    ChildEnteredInError {
        child: SuppliedChild,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    #[serde(rename = "child.link_disputed")]
    LinkDisputed { local_ref: SuppliedRef },
    #[serde(rename = "child.local_refs_merged")]
    LocalRefsMerged { from: SuppliedRef, to: SuppliedRef },
    #[serde(rename = "education.stated")]
    EducationStated {
        child: SuppliedChild,
        state: EducationState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<OrganisationId>,
        on: NaiveDate,
    },
    #[serde(rename = "primary_care.stated")]
    PrimaryCareStated {
        child: SuppliedChild,
        state: PrimaryCareState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<OrganisationId>,
        on: NaiveDate,
    },
    #[serde(rename = "involvement.started")]
    InvolvementStarted(InvolvementStarted),
    #[serde(rename = "involvement.updated")]
    InvolvementUpdated(InvolvementUpdated),
    #[serde(rename = "involvement.ended")]
    InvolvementEnded {
        involvement_ref: SuppliedRef,
        ended_on: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<i64>,
    },
    #[serde(rename = "involvement.entered_in_error")]
    InvolvementEnteredInError { involvement_ref: SuppliedRef },
    #[serde(rename = "practitioner.contacts_changed")]
    PractitionerContactsChanged { practitioner_ref: SuppliedRef, contacts: Vec<Contact> },
    #[serde(rename = "consent.recorded")]
    ConsentRecorded {
        child: SuppliedChild,
        episode_ref: SuppliedRef,
        decision: ConsentDecision,
        given_by: GivenBy,
        competence: Competence,
        method: Method,
        notice_version: Label,
        decided_on: NaiveDate,
    },
    #[serde(rename = "significant_harm.recorded")]
    SignificantHarmRecorded {
        child: SuppliedChild,
        episode_ref: SuppliedRef,
        ground: HarmGround,
        decided_by: PersonName,
        review_by: NaiveDate,
    },
    #[serde(rename = "significant_harm.reviewed")]
    SignificantHarmReviewed {
        child: SuppliedChild,
        episode_ref: SuppliedRef,
        ground: HarmGround,
        decided_by: PersonName,
        review_by: NaiveDate,
    },
    #[serde(rename = "common_assessment.indicated")]
    CommonAssessmentIndicated { child: SuppliedChild, involvement_ref: SuppliedRef, on: NaiveDate },
    #[serde(rename = "common_assessment.withdrawn")]
    CommonAssessmentWithdrawn { child: SuppliedChild, involvement_ref: SuppliedRef, on: NaiveDate },
    #[serde(rename = "lead_professional.named")]
    LeadProfessionalNamed { involvement_ref: SuppliedRef },
    #[serde(rename = "lead_professional.relinquished")]
    LeadProfessionalRelinquished { involvement_ref: SuppliedRef },
}
