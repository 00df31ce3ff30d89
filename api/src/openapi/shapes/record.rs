//! The record as it is shown, group by group.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    told::Contact,
    words::{
        ChildNumber, Day, EducationState, Gender, Id, Instant, Label, OrganisationId, PersonName,
        PrimaryCareState, Relation, Service,
    },
};

/// A record as this viewer may see it. A group to which the viewer has no right is absent.
#[derive(ToSchema)]
pub(in crate::openapi) struct Record {
    child_number: Option<ChildNumber>,
    shielded: Option<bool>,
    /// This access's own.
    position: Option<i64>,
    #[schema(required = false)]
    names: Vec<Name>,
    date_of_birth: Option<Day>,
    gender: Option<Gender>,
    died_on: Option<Day>,
    responsible_authority: Option<OrganisationNamed>,
    address: Option<AddressShown>,
    carers: Option<Vec<CarerShown>>,
    education: Option<EducationShown>,
    primary_care: Option<PrimaryCareShown>,
    involvements: Option<Vec<InvolvementShown>>,
    identifiers: Option<Vec<Identifier>>,
    /// `unspecified`: ask the directory team.
    sensitive_services: Option<String>,
    /// `no_education`, `no_primary_care`.
    gaps: Option<Vec<String>>,
    patterns: Option<Vec<Pattern>>,
    history: Option<serde_json::Value>,
}

/// `known`, `none_known` or `left_england`.
#[derive(ToSchema)]
pub(in crate::openapi) struct AddressShown {
    state: String,
    lines: Option<Vec<String>>,
    town: Option<String>,
    postcode: Option<String>,
    on: Option<Day>,
    intends_return: Option<String>,
}

/// A carer.
#[derive(ToSchema)]
pub(in crate::openapi) struct CarerShown {
    carer_ref: Option<String>,
    name: PersonName,
    relation: Relation,
    contacts: Option<Vec<Contact>>,
}

/// An organisation with the ways to reach it.
#[derive(ToSchema)]
pub(in crate::openapi) struct Reachable {
    id: OrganisationId,
    name: String,
    contacts: Vec<Contact>,
}

/// Where the child is taught.
#[derive(ToSchema)]
pub(in crate::openapi) struct EducationShown {
    state: EducationState,
    organisation: Option<Reachable>,
    since: Option<Day>,
    /// When this was told, whatever else was told since.
    as_at: Option<Instant>,
}

/// Where the child is registered for primary care.
#[derive(ToSchema)]
pub(in crate::openapi) struct PrimaryCareShown {
    state: PrimaryCareState,
    organisation: Option<Reachable>,
    since: Option<Day>,
    /// When this was told, whatever else was told since.
    as_at: Option<Instant>,
}

/// A service that works or worked with the child.
#[derive(ToSchema)]
pub(in crate::openapi) struct InvolvementShown {
    involvement_id: Id,
    service_type: Service,
    /// `universal`, `additional`, `sensitive` or `protected`.
    class: String,
    organisation: OrganisationNamed,
    practitioner: Option<PractitionerShown>,
    team: Option<Label>,
    contacts: Vec<Contact>,
    started_on: Day,
    ended_on: Option<Day>,
    lead_professional: bool,
    common_assessment: AssessmentShown,
    as_at: Instant,
}

/// A practitioner; the reference is ours.
#[derive(ToSchema)]
pub(in crate::openapi) struct PractitionerShown {
    practitioner_ref: String,
    name: PersonName,
    job: Label,
}

/// Whether the service holds a common assessment; never what it says.
#[derive(ToSchema)]
pub(in crate::openapi) struct AssessmentShown {
    held: bool,
    on: Option<Day>,
}

/// Another body's identifier.
#[derive(ToSchema)]
pub(in crate::openapi) struct Identifier {
    scheme: String,
    value: String,
}

/// Repeated contact, as a fact and never a score.
#[derive(ToSchema)]
pub(in crate::openapi) struct Pattern {
    code: String,
    count: i32,
    days: i32,
}

/// A name of a child.
#[derive(ToSchema)]
pub(in crate::openapi) struct Name {
    /// `current`, `known_as` or `former`.
    kind: String,
    forename: PersonName,
    middle_names: Option<PersonName>,
    surname: PersonName,
}

/// An organisation by id and name.
#[derive(ToSchema)]
pub(in crate::openapi) struct OrganisationNamed {
    id: OrganisationId,
    name: String,
}
