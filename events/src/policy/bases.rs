//! Bases: by what law each personal field may be held (invariant I-30).
//!
//! The law of 2007 was revoked in 2012: a deployment must name its own in a policy that two people sign
//! (docs/proportionality.md). These are the bases that the original stood on. Source: SI 2007/2182; domain.md Q2.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A ground in law for holding a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// What a child's record holds: Children Act 2004 section 12, SI 2007/2182 Schedule 1.
    ChildRecord,
    /// What is held to match records, and never shown: the same, and the accuracy duty of regulation 5.
    Matching,
    /// A sensitive service's entry and what permits it: regulation 11(3).
    ConsentOrHarm,
    /// Hiding a record: regulation 6(5)-(6).
    Shielding,
    /// Who looked, for what, and what was shown: the audit promised to Parliament (Hansard 24 July 2007).
    Audit,
    /// What a child or a carer asks about what is held: UK GDPR articles 12 to 16.
    Rights,
    /// Who may be granted access, and how they prove who they are: regulations 8 to 10.
    Access,
}

/// The basis of every personal field, by the name that it is stored under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bases(BTreeMap<String, LegalBasis>);

/// The fields of each basis, as stored.
const FIELDS: [(LegalBasis, &[&str]); 7] = [
    (
        LegalBasis::ChildRecord,
        &[
            "forename",
            "middle_names",
            "surname",
            "known_as",
            "date_of_birth",
            "gender",
            "address",
            "lines",
            "town",
            "postcode",
            "child_number",
            "number",
            "carers",
            "name",
            "relation",
            "contacts",
            "kind",
            "use",
            "value",
            "hours",
            "nhs_number",
            "upn",
            "organisation",
            "service_type",
            "practitioner",
            "job",
            "team",
            "started_on",
            "ended_on",
            "on",
            "because",
            "state",
            "intends_return",
            "authority",
        ],
    ),
    (
        LegalBasis::Matching,
        &[
            "previous_surname",
            "previous_address",
            "local_ref",
            "carer_ref",
            "practitioner_ref",
            "involvement_ref",
            "candidates",
        ],
    ),
    (
        LegalBasis::ConsentOrHarm,
        &[
            "episode",
            "basis",
            "decision",
            "given_by",
            "competence",
            "method",
            "notice_version",
            "decided_on",
            "decided_by",
            "review_by",
            "ground",
        ],
    ),
    (LegalBasis::Shielding, &["shield", "holds_addresses"]),
    (
        LegalBasis::Audit,
        &[
            "counted",
            "within",
            "over_ceiling",
            "criteria",
            "birth_year",
            "birth_from",
            "birth_to",
            "age",
            "postcode_area",
            "street",
            "reason",
            "groups",
            "record_state",
            "as_of",
            "as_of_position",
            "compared_with",
            "compared_with_position",
            "as_seen_by",
            "children",
            "case_ref",
        ],
    ),
    (
        LegalBasis::Rights,
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
        LegalBasis::Access,
        &[
            "username",
            "role",
            "gate",
            "valid_until",
            "password_hash",
            "totp_secret",
            "pin_hash",
            "code_step",
            "fault",
            "account",
            "code_hash",
            "expires_at",
            "passkey",
            "sign_count",
            "public_key",
            "identity",
            "provider",
            "house",
            "home_postcode",
            "related_to",
        ],
    ),
];

impl Default for Bases {
    fn default() -> Bases {
        let pairs = FIELDS
            .iter()
            .flat_map(|(basis, fields)| fields.iter().map(|field| ((*field).to_owned(), *basis)));
        Bases(pairs.collect())
    }
}

impl Bases {
    /// The basis of a field; `None` for one that may not be stored.
    pub fn of(&self, field: &str) -> Option<LegalBasis> {
        self.0.get(field).copied()
    }

    /// Every field with its basis, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, LegalBasis)> {
        self.0.iter().map(|(field, basis)| (field.as_str(), *basis))
    }

    /// The first field of the defaults that has no basis here: a policy may change a ground, never drop one.
    pub fn missing(&self) -> Option<&'static str> {
        FIELDS.iter().flat_map(|(_, fields)| fields.iter().copied()).find(|field| self.of(field).is_none())
    }
}
