//! Who takes part in the demonstration: users of every role, and a client for each kind of sender.
//!
//! Source: contract.md section 5; rules.md 2 (what each role sees).

use population::Organisation;
use vocabulary::{OrganisationKind, Role};

/// A body that no authority accredits, for whoever looks over the whole country's shoulder.
pub(crate) const INSPECTORATE: &str = "org:national-inspectorate";
/// The data manager who decides within the story.
pub(crate) const STORY_DATA_MANAGER: &str = "data.brandlemere";

/// Where somebody works.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At {
    /// The first organisation of this kind in the demonstration's own authority, or national.
    Kind(OrganisationKind),
    /// This organisation.
    Id(&'static str),
}

/// A user to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// The name to sign in with.
    pub(crate) username: &'static str,
    /// The person's name.
    pub(crate) name: &'static str,
    /// In which role.
    pub(crate) role: Role,
    /// Where.
    pub(crate) at: At,
}

const fn part(username: &'static str, name: &'static str, role: Role, at: At) -> Part {
    Part { username, name, role, at }
}

/// Everyone. The first practitioner works at a hospital that the story does not know.
pub(crate) const PARTS: [Part; 19] = [
    part("practitioner", "Nadia Hollis", Role::Practitioner, At::Kind(OrganisationKind::Hospital)),
    part("social.worker", "Tom Ferriby", Role::Practitioner, At::Kind(OrganisationKind::LocalAuthority)),
    part("teacher", "Isla Quayle", Role::Practitioner, At::Kind(OrganisationKind::School)),
    part("doctor", "Rohan Sethna", Role::Practitioner, At::Kind(OrganisationKind::GpPractice)),
    part(
        "counsellor",
        "Bryn Tollemache",
        Role::Practitioner,
        At::Kind(OrganisationKind::MentalHealthService),
    ),
    part("dunlarrow", "Marta Ellwood", Role::Practitioner, At::Id("gss:E06990004")),
    part(
        "override",
        "Grace Penhallow",
        Role::PractitionerOverride,
        At::Kind(OrganisationKind::LocalAuthority),
    ),
    part("national", "Owen Tregear", Role::NationalPartner, At::Kind(OrganisationKind::NationalBody)),
    part("mediator", "Lena Marsh", Role::Mediator, At::Kind(OrganisationKind::DirectoryTeam)),
    part("manager", "Colin Aspinall", Role::UserManager, At::Kind(OrganisationKind::Hospital)),
    part("team", "Farah Lidgate", Role::AuthorityTeam, At::Kind(OrganisationKind::DirectoryTeam)),
    part("team.dunlarrow", "Hugh Severn", Role::AuthorityTeam, At::Id("org:dunlarrow-directory")),
    part("data", "Petra Oakshott", Role::DataManager, At::Kind(OrganisationKind::DirectoryTeam)),
    part(STORY_DATA_MANAGER, "Simon Yardley", Role::DataManager, At::Id("org:brandlemere-directory")),
    part("auditor", "Ruth Venn", Role::Auditor, At::Id(INSPECTORATE)),
    part("investigator", "Amos Kirkby", Role::Investigator, At::Id(INSPECTORATE)),
    part("approver", "Judith Thrale", Role::CaseApprover, At::Id(INSPECTORATE)),
    part("administrator", "Gwen Pascoe", Role::Administrator, At::Kind(OrganisationKind::DirectoryTeam)),
    part("operator", "Ned Copley", Role::Operator, At::Kind(OrganisationKind::DirectoryTeam)),
];

/// The clients: for which service, at which kind of organisation.
pub(crate) const CLIENTS: [(&str, OrganisationKind); 6] = [
    ("social_care", OrganisationKind::LocalAuthority),
    ("hospital_emergency", OrganisationKind::Hospital),
    ("school", OrganisationKind::School),
    ("primary_care", OrganisationKind::GpPractice),
    ("mental_health", OrganisationKind::MentalHealthService),
    ("national_supplier", OrganisationKind::NationalSupplier),
];

/// Finds where somebody works: by id, or the first of the kind that lies in `authority` or in none.
pub(crate) fn workplace<'o>(
    organisations: &'o [Organisation],
    authority: &str,
    at: At,
) -> Option<&'o Organisation> {
    let here = |organisation: &&Organisation| match &organisation.authority {
        Some(own) => own == authority,
        None => true,
    };
    match at {
        At::Id(id) => organisations.iter().find(|organisation| organisation.id == id),
        At::Kind(kind) => organisations.iter().filter(here).find(|organisation| organisation.kind == kind),
    }
}

/// The one organisation that neither the invented England nor the story has.
pub(crate) fn inspectorate(like: &Organisation) -> Organisation {
    Organisation {
        id: INSPECTORATE.to_owned(),
        name: "Invented National Inspectorate".to_owned(),
        kind: OrganisationKind::NationalBody,
        authority: None,
        service_types: "",
        telephone: "01632 960990".to_owned(),
        email: "office@national-inspectorate.example.org".to_owned(),
        outcodes: String::new(),
        accredited_until: like.accredited_until,
        agreement_until: like.agreement_until,
        states_others: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_role_has_a_user_and_every_user_a_name_of_their_own() {
        let roles: BTreeSet<Role> = PARTS.iter().map(|part| part.role).collect();
        assert_eq!(roles.len(), Role::ALL.len());
        let names: BTreeSet<&str> = PARTS.iter().map(|part| part.username).collect();
        assert_eq!(names.len(), PARTS.len());
    }
}
