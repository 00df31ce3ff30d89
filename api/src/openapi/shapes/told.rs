//! What case management systems tell: a child, what hangs on it, and the data of each event.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]
#![expect(clippy::struct_field_names, reason = "the fields are the contract's own words")]

use utoipa::ToSchema;

use super::words::{
    ChildNumber, Competence, ContactKind, ContactUse, Day, Decision, EducationState, Gender, GivenBy,
    HarmGround, IntendsReturn, Label, Method, NhsNumber, NoneKnown, OrganisationId, PersonName, Postcode,
    PrimaryCareState, Ref, Relation, Service, Upn,
};

/// How to reach someone, stored and shown as sent.
#[derive(ToSchema)]
pub(in crate::openapi) struct Contact {
    kind: ContactKind,
    r#use: Option<ContactUse>,
    /// The number or address itself, of the form of its kind.
    value: String,
    /// When it answers.
    hours: Option<String>,
}

/// An address: at least one of its parts.
#[derive(ToSchema)]
pub(in crate::openapi) struct Address {
    /// House and street, most particular first.
    #[schema(required = false, max_items = 5)]
    lines: Vec<String>,
    town: Option<String>,
    postcode: Option<Postcode>,
}

/// An address, or that there is none known.
#[derive(ToSchema)]
#[serde(untagged)]
pub(in crate::openapi) enum AddressTold {
    Known(Address),
    NoneKnown(NoneKnown),
}

/// Someone with parental responsibility or care.
#[derive(ToSchema)]
pub(in crate::openapi) struct Carer {
    carer_ref: Ref,
    name: PersonName,
    relation: Relation,
    #[schema(required = false, max_items = 8)]
    contacts: Vec<Contact>,
}

/// `{local_ref}` alone once that is linked or queued, `{child_number}`, or a description with its `local_ref`.
/// Absent is unknown; `null` takes one's own earlier value back.
#[derive(ToSchema)]
pub(in crate::openapi) struct Child {
    local_ref: Option<Ref>,
    child_number: Option<ChildNumber>,
    forename: Option<PersonName>,
    middle_names: Option<PersonName>,
    surname: Option<PersonName>,
    known_as: Option<PersonName>,
    previous_surname: Option<PersonName>,
    date_of_birth: Option<Day>,
    gender: Option<Gender>,
    address: Option<AddressTold>,
    previous_address: Option<Address>,
    nhs_number: Option<NhsNumber>,
    upn: Option<Upn>,
    carers: Option<Vec<Carer>>,
}

/// A practitioner.
#[derive(ToSchema)]
pub(in crate::openapi) struct Practitioner {
    practitioner_ref: Ref,
    name: PersonName,
    job: Label,
}

/// `child.described`: everything that the supplier knows.
#[derive(ToSchema)]
pub(in crate::openapi) struct ChildDescribed {
    child: Child,
    /// An integer per reference: an older one is kept in history and changes nothing.
    version: Option<i64>,
}

/// `child.died`.
#[derive(ToSchema)]
pub(in crate::openapi) struct ChildDied {
    child: Child,
    on: Day,
}

/// `child.left_england`.
#[derive(ToSchema)]
pub(in crate::openapi) struct ChildLeftEngland {
    child: Child,
    on: Day,
    intends_return: IntendsReturn,
}

/// `child.entered_in_error`.
#[derive(ToSchema)]
pub(in crate::openapi) struct ChildEnteredInError {
    child: Child,
    on: Option<Day>,
}

/// `child.link_disputed`: queued to the authority; the supplier's entries are hidden meanwhile.
#[derive(ToSchema)]
pub(in crate::openapi) struct LinkDisputed {
    local_ref: Ref,
}

/// `child.local_refs_merged`.
#[derive(ToSchema)]
pub(in crate::openapi) struct LocalRefsMerged {
    from: Ref,
    to: Ref,
}

/// `education.stated`: the only event that closes the gap `no_education`.
#[derive(ToSchema)]
pub(in crate::openapi) struct EducationStated {
    child: Child,
    state: EducationState,
    organisation: Option<OrganisationId>,
    on: Day,
}

/// `primary_care.stated`: the only event that closes the gap `no_primary_care`.
#[derive(ToSchema)]
pub(in crate::openapi) struct PrimaryCareStated {
    child: Child,
    state: PrimaryCareState,
    organisation: Option<OrganisationId>,
    on: Day,
}

/// `involvement.started`. One of practitioner and team, and one contact, must be there.
#[derive(ToSchema)]
pub(in crate::openapi) struct InvolvementStarted {
    child: Child,
    involvement_ref: Ref,
    service_type: Service,
    /// The client's own unless its supply agreement lets it state another's.
    organisation: Option<OrganisationId>,
    practitioner: Option<Practitioner>,
    team: Option<Label>,
    #[schema(min_items = 1, max_items = 8)]
    contacts: Vec<Contact>,
    /// At most 90 days ahead; shown from its day.
    started_on: Day,
    /// Never in the future.
    ended_on: Option<Day>,
    lead_professional: Option<bool>,
    /// Must be given for a sensitive service, and for no other.
    episode_ref: Option<Ref>,
    version: Option<i64>,
}

/// `involvement.updated`: what changed. An absent field stays, `null` takes back.
#[derive(ToSchema)]
pub(in crate::openapi) struct InvolvementUpdated {
    involvement_ref: Ref,
    practitioner: Option<Practitioner>,
    team: Option<Label>,
    contacts: Option<Vec<Contact>>,
    started_on: Option<Day>,
    ended_on: Option<Day>,
    version: Option<i64>,
}

/// `involvement.ended`.
#[derive(ToSchema)]
pub(in crate::openapi) struct InvolvementEnded {
    involvement_ref: Ref,
    ended_on: Day,
    version: Option<i64>,
}

/// `involvement.entered_in_error`, `lead_professional.named` and `.relinquished`.
#[derive(ToSchema)]
pub(in crate::openapi) struct InvolvementNamed {
    involvement_ref: Ref,
}

/// `practitioner.contacts_changed`: changes all their open entries.
#[derive(ToSchema)]
pub(in crate::openapi) struct PractitionerContactsChanged {
    practitioner_ref: Ref,
    #[schema(min_items = 1, max_items = 8)]
    contacts: Vec<Contact>,
}

/// `consent.recorded`.
#[derive(ToSchema)]
pub(in crate::openapi) struct ConsentRecorded {
    child: Child,
    episode_ref: Ref,
    decision: Decision,
    given_by: GivenBy,
    competence: Competence,
    method: Method,
    notice_version: Label,
    decided_on: Day,
}

/// `significant_harm.recorded` and `.reviewed`.
#[derive(ToSchema)]
pub(in crate::openapi) struct SignificantHarm {
    child: Child,
    episode_ref: Ref,
    ground: HarmGround,
    /// Another person than the one who records.
    decided_by: PersonName,
    review_by: Day,
}

/// `common_assessment.indicated` and `.withdrawn`.
#[derive(ToSchema)]
pub(in crate::openapi) struct CommonAssessment {
    child: Child,
    involvement_ref: Ref,
    on: Day,
}
