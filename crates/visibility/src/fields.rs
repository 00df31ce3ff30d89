//! Fields: to whom each personal field that is stored may be shown, by the name that it is stored under.
//!
//! The table says with which groups the views of this crate show a field, so that the data protection impact
//! assessment (docs/dpia.md) can be written from it; it grants nothing. Source: rules.md 1.2, 2.

use vocabulary::FieldGroup::{self, A, A2, B, C, D, E, G, H, J};

/// To whom a field may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// To whoever is granted one of these groups of the record.
    Groups(&'static [FieldGroup]),
    /// To the team that decides about it: a shield, what waits, a consent to seek anew.
    Team,
    /// To whoever keeps accounts, and to their owner.
    AccountKeepers,
    /// To nobody: compared, counted or checked, and never shown.
    Nobody,
}

const ENTRIES: &[FieldGroup] = &[D, E, G];
const REACHED: &[FieldGroup] = &[C, D, E, G];

/// The audiences, and the fields of each as stored.
const FIELDS: [(Audience, &[&str]); 19] = [
    (
        Audience::Groups(&[A]),
        &["forename", "middle_names", "known_as", "date_of_birth", "gender", "child_number", "number"],
    ),
    (Audience::Groups(&[A, A2]), &["surname"]),
    (Audience::Groups(&[A2]), &["previous_surname"]),
    (Audience::Groups(&[B]), &["carers", "relation"]),
    (Audience::Groups(&[B, D, E, G]), &["name"]),
    (
        Audience::Groups(&[C]),
        &["address", "lines", "town", "postcode", "carer_ref", "intends_return", "authority"],
    ),
    (Audience::Groups(&[C, D]), &["state"]),
    (Audience::Groups(REACHED), &["contacts", "kind", "use", "value", "hours"]),
    (Audience::Groups(&[H]), &["nhs_number", "upn"]),
    (
        Audience::Groups(ENTRIES),
        &[
            "organisation",
            "service_type",
            "practitioner",
            "practitioner_ref",
            "job",
            "team",
            "started_on",
            "ended_on",
        ],
    ),
    // Of a death with A, of a departure with C, of a setting with D, of an assessment with its entry.
    (Audience::Groups(&[A, C, D, E, G]), &["on"]),
    (
        Audience::Groups(&[J]),
        &[
            "reason",
            "groups",
            "record_state",
            "as_of",
            "as_of_position",
            "compared_with",
            "compared_with_position",
        ],
    ),
    (Audience::Groups(&[J]), &["as_seen_by", "children", "case_ref"]),
    (
        Audience::Team,
        &["episode", "basis", "decision", "given_by", "competence", "method", "notice_version", "decided_on"],
    ),
    (
        Audience::Team,
        &[
            "asked_by",
            "asked",
            "carer",
            "childs_view",
            "proof",
            "received_on",
            "lives_with_child",
            "cleared",
            "publication",
            "audience",
            "carer_apart",
            "means",
            "answer",
            "correction_refused",
            "correction",
            "step",
        ],
    ),
    (
        Audience::Team,
        &["decided_by", "review_by", "ground", "because", "shield", "holds_addresses", "candidates"],
    ),
    (
        Audience::AccountKeepers,
        &[
            "username",
            "role",
            "gate",
            "valid_until",
            "account",
            "expires_at",
            "passkey",
            "provider",
            "related_to",
            "counted",
            "within",
            "over_ceiling",
        ],
    ),
    (
        // What was searched for: kept with the page delivered, and told in no list of looks.
        Audience::Nobody,
        &[
            "criteria",
            "birth_year",
            "birth_from",
            "birth_to",
            "age",
            "postcode_area",
            "street",
            "previous_address",
            "local_ref",
            "involvement_ref",
        ],
    ),
    (
        Audience::Nobody,
        &[
            "password_hash",
            "totp_secret",
            "pin_hash",
            "code_step",
            "fault",
            "code_hash",
            "sign_count",
            "public_key",
            "identity",
            "house",
            "home_postcode",
        ],
    ),
];

/// To whom a field may be shown; `None` for one that is not in the table.
pub fn audience(field: &str) -> Option<Audience> {
    FIELDS.iter().find(|(_, fields)| fields.contains(&field)).map(|(audience, _)| *audience)
}

/// Every field of the table, in its order.
pub fn fields() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().flat_map(|(_, fields)| fields.iter().copied())
}
