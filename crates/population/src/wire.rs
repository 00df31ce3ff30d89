//! `CloudEvents` as they go over the wire, written without an intermediate tree.
//!
//! Fields: contract.md section 3; a test holds every event to that list.

use std::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use vocabulary::{Competence, ConsentDecision, Gender, GivenBy, Method};

use crate::{Carer, Child, Home, tables::one_line};

/// The envelope, `CloudEvents` 1.0.
#[derive(Serialize)]
pub(crate) struct Event<'a, D> {
    pub(crate) specversion: &'static str,
    pub(crate) id: &'a str,
    pub(crate) source: &'static str,
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    pub(crate) time: Morning,
    pub(crate) data: D,
}

/// The types that invented suppliers send.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    ChildDescribed,
    EducationStated,
    PrimaryCareStated,
    InvolvementStarted,
    InvolvementUpdated,
    InvolvementEnded,
    ConsentRecorded,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::ChildDescribed => "uk.contactpoint.child.described.v1",
            Kind::EducationStated => "uk.contactpoint.education.stated.v1",
            Kind::PrimaryCareStated => "uk.contactpoint.primary_care.stated.v1",
            Kind::InvolvementStarted => "uk.contactpoint.involvement.started.v1",
            Kind::InvolvementUpdated => "uk.contactpoint.involvement.updated.v1",
            Kind::InvolvementEnded => "uk.contactpoint.involvement.ended.v1",
            Kind::ConsentRecorded => "uk.contactpoint.consent.recorded.v1",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Nine in the morning, UTC, of a day: when what happened on a day is said to have happened.
#[derive(Clone, Copy)]
pub(crate) struct Morning(pub(crate) NaiveDate);

impl fmt::Display for Morning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}T09:00:00Z", self.0)
    }
}

impl Serialize for Morning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// `child.described`.
#[derive(Serialize)]
pub(crate) struct Described<'a> {
    child: ChildDetails<'a>,
    version: u32,
}

/// A child, told whole.
#[derive(Serialize)]
struct ChildDetails<'a> {
    local_ref: &'a str,
    forename: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_names: Option<&'a str>,
    surname: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_as: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_surname: Option<&'a str>,
    date_of_birth: NaiveDate,
    gender: Gender,
    address: AddressDetails<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_address: Option<KnownAddress<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nhs_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upn: Option<&'a str>,
    carers: Vec<CarerDetails<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AddressDetails<'a> {
    Known(KnownAddress<'a>),
    NoneKnown(&'static str),
}

#[derive(Serialize)]
struct KnownAddress<'a> {
    lines: [&'a str; 1],
    town: &'a str,
    postcode: &'a str,
}

#[derive(Serialize)]
struct CarerDetails<'a> {
    carer_ref: &'static str,
    name: &'a str,
    relation: &'a str,
    contacts: Vec<Contact<'a>>,
}

/// One way to reach somebody.
#[derive(Serialize)]
pub(crate) struct Contact<'a> {
    pub(crate) kind: &'static str,
    #[serde(rename = "use")]
    pub(crate) used: &'static str,
    pub(crate) value: std::borrow::Cow<'a, str>,
}

/// A child by a reference that was told before.
#[derive(Serialize)]
pub(crate) struct KnownChild<'a> {
    pub(crate) local_ref: &'a str,
}

/// `education.stated` and `primary_care.stated`.
#[derive(Serialize)]
pub(crate) struct Stated<'a> {
    pub(crate) child: KnownChild<'a>,
    pub(crate) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organisation: Option<String>,
    pub(crate) on: NaiveDate,
}

/// `involvement.started`, of one that is over too.
#[derive(Serialize)]
pub(crate) struct Begun<'a> {
    pub(crate) child: KnownChild<'a>,
    pub(crate) involvement_ref: &'a str,
    pub(crate) service_type: &'static str,
    pub(crate) organisation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) practitioner: Option<Worker>,
    pub(crate) team: &'static str,
    pub(crate) contacts: [Contact<'a>; 1],
    pub(crate) started_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended_on: Option<NaiveDate>,
    pub(crate) lead_professional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) episode_ref: Option<&'a str>,
}

/// `involvement.updated`, of one that another team took over.
#[derive(Serialize)]
pub(crate) struct Updated<'a> {
    pub(crate) involvement_ref: &'a str,
    pub(crate) team: &'static str,
}

/// `involvement.updated`, of one that another practitioner and team took over.
#[derive(Serialize)]
pub(crate) struct Reassigned<'a> {
    pub(crate) involvement_ref: &'a str,
    pub(crate) practitioner: Worker,
    pub(crate) team: &'a str,
}

/// `involvement.ended`.
#[derive(Serialize)]
pub(crate) struct Ended<'a> {
    pub(crate) involvement_ref: &'a str,
    pub(crate) ended_on: NaiveDate,
}

/// Somebody who works with children.
#[derive(Serialize)]
pub(crate) struct Worker {
    pub(crate) practitioner_ref: String,
    pub(crate) name: String,
    pub(crate) job: &'static str,
}

/// `consent.recorded`.
#[derive(Serialize)]
pub(crate) struct ConsentRecorded<'a> {
    pub(crate) child: KnownChild<'a>,
    pub(crate) episode_ref: &'a str,
    pub(crate) decision: ConsentDecision,
    pub(crate) given_by: GivenBy,
    pub(crate) competence: Competence,
    pub(crate) method: Method,
    pub(crate) notice_version: &'static str,
    pub(crate) decided_on: NaiveDate,
}

/// The references of a child's first and second carer: `csv-1` is the one that `children.csv` tells of.
const CARER_REFS: [&str; 2] = ["csv-1", "2"];

/// The full state of a child.
pub(crate) fn described(child: &Child) -> Described<'_> {
    let home = child.home.as_ref().map(known_address);
    Described {
        version: 1,
        child: ChildDetails {
            local_ref: &child.local_ref,
            forename: &child.forename,
            middle_names: child.middle_names.as_deref(),
            surname: &child.surname,
            known_as: child.known_as.as_deref(),
            previous_surname: child.previous_surname.as_deref(),
            date_of_birth: child.date_of_birth,
            gender: child.gender,
            address: home.map_or(AddressDetails::NoneKnown("none_known"), AddressDetails::Known),
            previous_address: child.previous_home.as_ref().map(known_address),
            nhs_number: child.nhs_number.as_deref(),
            upn: child.upn.as_deref(),
            carers: CARER_REFS
                .iter()
                .zip(&child.carers)
                .map(|(carer_ref, carer)| told(carer_ref, carer))
                .collect(),
        },
    }
}

fn known_address(home: &Home) -> KnownAddress<'_> {
    KnownAddress { lines: [&home.line], town: &home.town, postcode: &home.postcode }
}

fn told<'a>(carer_ref: &'static str, carer: &'a Carer) -> CarerDetails<'a> {
    let telephone = Contact { kind: "telephone", used: "home", value: carer.telephone.as_str().into() };
    let elsewhere = carer.elsewhere.as_ref().map(one_line);
    let address = elsewhere.map(|line| Contact { kind: "address", used: "home", value: line.into() });
    CarerDetails {
        carer_ref,
        name: &carer.name,
        relation: carer.relation,
        contacts: std::iter::once(telephone).chain(address).collect(),
    }
}
