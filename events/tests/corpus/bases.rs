//! I-30: every personal field that is stored has a ground in law in the policy.

use std::collections::BTreeSet;

use events::{codec::encode, policy::Bases};
use serde_json::Value;
use vocabulary::StreamKind;

use crate::samples;

/// What names nobody and tells nothing of anybody: ids of acts, places in the log, words of the system.
const OF_NOBODY: &[&str] = &[
    "about",
    "access",
    "algorithm",
    "behind",
    "brokering",
    "by",
    "capacity",
    "case",
    "change",
    "notification",
    "told",
    "child",
    "client",
    "code",
    "data",
    "desk",
    "due_by",
    "expires_on",
    "from",
    "judged_upon",
    "request",
    "shields",
    "since",
    "fuzzy",
    "happened_at",
    "hold",
    "id",
    "involvement",
    "judgement",
    "link",
    "looked",
    "on_behalf_of",
    "at",
    "list",
    "lots",
    "outcome",
    "page",
    "policy_version",
    "position",
    "problem",
    "purpose",
    "reference",
    "search",
    "signals",
    "source",
    "stays",
    "supplier",
    "tells",
    "to",
    "told",
    "total",
    "transfer",
    "type",
    "until",
    "version",
    "with",
    "as_seen_by",
    "field",
    "fields",
    "for_team",
    "kin",
    "level",
    "limit",
    "model",
    "odds",
    "opened",
    "other",
    "other_authority",
    "prior",
    "records",
    "rivals",
    "sha256",
    "report",
    "rows",
    "weighing",
    "weighings",
    "weight",
];

/// I-30.
#[test]
fn every_personal_field_that_is_stored_has_a_legal_basis_in_the_policy() {
    let bases = Bases::default();
    let mut stored = BTreeSet::new();
    for entry in samples::by_name().values() {
        let about_people = entry.facts.iter().all(|fact| {
            matches!(
                fact.kind(),
                StreamKind::Child
                    | StreamKind::Intake
                    | StreamKind::Access
                    | StreamKind::Search
                    | StreamKind::Account
                    | StreamKind::Brokering
                    | StreamKind::Rights
            )
        });
        if about_people {
            let payload: Value = serde_json::from_slice(&encode(entry)).unwrap();
            for fact in payload["facts"].as_array().unwrap() {
                names(&fact["data"], &mut stored);
            }
        }
    }
    let without: Vec<&String> = stored
        .iter()
        .filter(|field| bases.of(field).is_none() && !OF_NOBODY.contains(&field.as_str()))
        .collect();
    assert!(without.is_empty(), "fields without a basis: {without:?}");
    let unused: Vec<&str> =
        bases.iter().map(|(field, _)| field).filter(|field| !stored.contains(*field)).collect();
    assert!(unused.is_empty(), "bases of fields that nothing stores: {unused:?}");
}

fn names(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                into.insert(name.clone());
                names(inner, into);
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| names(inner, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}
