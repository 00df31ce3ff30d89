//! The bodies of requests about organisations, people and policy. Each refuses fields that it does not know.

use chrono::NaiveDate;
use events::{
    account,
    case::Reference,
    organisation::{self, Details},
    policy::Participation,
    refused::Code,
};
use serde::Deserialize;
use vocabulary::{
    Address, ChildNumber, Contact, Label, OrganisationId, OrganisationKind, PersonName, Role, ServiceType,
};

/// `POST /api/v1/organisations`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct NewOrganisation {
    pub id: OrganisationId,
    pub name: Label,
    pub kind: OrganisationKind,
    pub authority: Option<OrganisationId>,
    #[serde(default)]
    pub service_types: Vec<ServiceType>,
    #[serde(default)]
    pub contacts: Vec<Contact>,
    #[serde(default)]
    pub outcodes: Vec<String>,
}

impl NewOrganisation {
    /// The id, and what the organisation is.
    pub fn parts(self) -> (OrganisationId, Details) {
        let NewOrganisation { id, name, kind, authority, service_types, contacts, outcodes } = self;
        (id, Details { name, kind, authority, service_types, contacts, outcodes })
    }
}

/// `POST /api/v1/organisations/{id}/conditions`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionMet {
    /// Which, by its name in the policy.
    pub condition: Code,
    /// The day of its evidence.
    pub met_on: NaiveDate,
    /// The last day on which the evidence counts.
    pub valid_until: NaiveDate,
    /// Where the evidence is kept, as that place numbers it.
    pub evidence: Option<Reference>,
}

/// `POST /api/v1/organisations/{id}/conditions/withdrawal`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionNamed {
    /// Which.
    pub condition: Code,
}

/// `POST /api/v1/organisations/{id}/accreditation`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accreditation {
    /// Its last day.
    pub until: NaiveDate,
    /// What for; both where nothing is said.
    #[serde(default)]
    pub participation: Participation,
}

/// `POST /api/v1/organisations/{id}/agreements`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// Which agreement.
    pub kind: AgreementKind,
    /// Which version of its text.
    pub version: u32,
    /// Its last day.
    pub until: NaiveDate,
    /// Of a supply agreement: whether it may state others' involvements.
    pub states_others: Option<bool>,
}

/// The two agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementKind {
    /// Of data supply.
    Supply,
    /// Of information sharing.
    Sharing,
}

/// `POST /api/v1/organisations/{id}/suspension`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationSuspension {
    /// Why.
    pub ground: organisation::SuspensionGround,
}

/// `POST /api/v1/users`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct NewUser {
    pub username: String,
    pub name: PersonName,
    pub organisation: OrganisationId,
    pub role: Role,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("NewUser(..)")
    }
}

/// `POST /api/v1/users/{id}/gates`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatePassed {
    /// Which.
    pub gate: account::Gate,
    /// The last day it holds; for those that run out.
    pub valid_until: Option<NaiveDate>,
}

/// `POST /api/v1/users/{id}/suspension`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSuspension {
    /// Why.
    pub ground: account::SuspensionGround,
}

/// `POST /api/v1/users/{id}/closure`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// The person's last day; at once where nothing is said.
    pub on: Option<NaiveDate>,
}

/// `POST /api/v1/declarations/relationships`, and what ends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredRelationship {
    /// With which child.
    pub child_number: ChildNumber,
}

/// `POST /api/v1/declarations/home`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredHome {
    /// Where; the house stands in the first line.
    pub address: Address,
}

/// `POST /api/v1/policy/proposals`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    /// The settings that change, by name; all others stay as they are in force.
    pub settings: serde_json::Map<String, serde_json::Value>,
}
