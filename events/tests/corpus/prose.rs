//! I-24: no event carries a score, rank, flag or free text about a child.
//!
//! Shown by trying: every text of every sample about a child is replaced by a sentence, which must then be
//! refused where it is read. What is judged later than that is named below, with who judges it.

use events::{
    catalogue::CATALOGUE,
    codec::{SCHEMA, decode, encode},
};
use serde_json::Value;
use vocabulary::StreamKind;

use crate::samples::by_name;

/// Families whose facts speak of children.
const ABOUT_CHILDREN: [StreamKind; 7] = [
    StreamKind::Child,
    StreamKind::Intake,
    StreamKind::Access,
    StreamKind::Search,
    StreamKind::Case,
    StreamKind::Brokering,
    StreamKind::Rights,
];

const SENTENCE: &str = "He was seen with bruises; his mother said: nothing. Ring her after five!";

/// Texts whose form is judged by a decider, not where they are read; who judges them is named.
fn is_judged_later(stream: StreamKind, field: &str) -> bool {
    match stream {
        // `Address::checked` and `Contact::checked` for lines, town, value and hours; a reference is replaced
        // by its keyed hash before it is kept; a client's id is drawn by the directory itself.
        StreamKind::Child | StreamKind::Intake => {
            ["lines", "town", "value", "hours", "local_ref", "carer_ref", "involvement_ref", "client"]
                .contains(&field)
        }
        // `Contact::checked`, by the decider.
        StreamKind::Brokering => ["value", "hours"].contains(&field),
        // `Criteria::enough`.
        StreamKind::Search => ["forename", "surname", "postcode_area", "street", "town"].contains(&field),
        StreamKind::Access
        | StreamKind::Rights
        | StreamKind::Account
        | StreamKind::Organisation
        | StreamKind::Case
        | StreamKind::Policy
        | StreamKind::Erasure => false,
    }
}

/// Words that no field about a child is called by, whole or as a part.
const BANNED: [&str; 16] = [
    "note",
    "notes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "description",
    "text",
    "free",
    "score",
    "rank",
    "flag",
    "risk",
    "grade",
    "rating",
    "opinion",
];

/// `notice_version` is the version of a printed notice; nothing else may come near.
fn is_banned(field: &str) -> bool {
    field.split('_').any(|word| BANNED.contains(&word))
}

/// Calls `each` with the nearest field name above every value that is no object or array.
fn leaves<'value>(field: &str, value: &'value mut Value, each: &mut dyn FnMut(&str, &'value mut Value)) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, member)| leaves(name, member, each)),
        Value::Array(items) => items.iter_mut().for_each(|item| leaves(field, item, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => each(field, value),
    }
}

/// Every field name of a value.
fn fields(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                each(name);
                fields(member, each);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}

/// The facts of every sample about a child, as stored.
fn about_children() -> Vec<(&'static str, StreamKind, Value)> {
    let samples = by_name();
    let lines = CATALOGUE.iter().filter(|line| ABOUT_CHILDREN.contains(&line.stream));
    lines
        .map(|line| {
            let stored = serde_json::from_slice(&encode(&samples[line.name])).unwrap();
            (line.name, line.stream, stored)
        })
        .collect()
}

#[test]
fn no_event_carries_a_score_rank_flag_or_free_text_about_a_child() {
    for (name, stream, stored) in about_children() {
        let mut texts = 0;
        leaves("", &mut stored["facts"].clone(), &mut |_, value| texts += usize::from(value.is_string()));
        let mut tried = 0;
        for place in 0..texts {
            let mut changed = stored.clone();
            let (mut at, mut field) = (0, String::new());
            leaves("", &mut changed["facts"], &mut |above, value| {
                if value.is_string() {
                    if at == place {
                        *value = Value::from(SENTENCE);
                        above.clone_into(&mut field);
                    }
                    at += 1;
                }
            });
            if is_judged_later(stream, &field) {
                continue;
            }
            tried += 1;
            let read = decode(stream, SCHEMA, &serde_json::to_vec(&changed).unwrap());
            assert!(read.is_err(), "{name}: {field} takes a sentence");
        }
        assert!(tried > 0, "{name}: nothing was tried, not even its type");
    }
}

#[test]
fn no_field_about_a_child_is_called_like_an_opinion() {
    for (name, _, stored) in about_children() {
        fields(&stored["facts"], &mut |field| assert!(!is_banned(field), "{name}: {field}"));
    }
    assert!(is_banned("match_score") && is_banned("note") && !is_banned("notice_version"));
}

#[test]
fn no_number_about_a_child_is_anything_but_whole() {
    for (name, _, mut stored) in about_children() {
        leaves("", &mut stored["facts"], &mut |field, value| {
            assert!(!value.is_f64(), "{name}: {field} is a fraction, as scores are");
        });
    }
}

/// What is let through above is refused by whoever is named there.
#[test]
fn what_is_judged_later_is_judged() {
    use vocabulary::{Address, Contact, ContactKind};
    let long = SENTENCE.repeat(2);
    let address = |line: &str| Address { lines: vec![line.to_owned()], town: None, postcode: None };
    assert!(address(&long).checked().is_err());
    for kind in [ContactKind::Telephone, ContactKind::Mobile, ContactKind::Email] {
        let contact = Contact { kind, used: None, value: SENTENCE.to_owned(), hours: None };
        assert!(contact.checked().is_err());
    }
    let hours = Some(SENTENCE.to_owned());
    let value = "020 7946 0001".to_owned();
    assert!(Contact { kind: ContactKind::Telephone, used: None, value, hours }.checked().is_err());
    for field in ["forename", "surname", "postcode_area"] {
        let criteria = serde_json::json!({ field: SENTENCE });
        let read: events::search::Criteria = serde_json::from_value(criteria).unwrap();
        assert!(read.enough().is_err(), "{field}");
    }
    for field in ["street", "town"] {
        let criteria = serde_json::json!({ field: long });
        let read: events::search::Criteria = serde_json::from_value(criteria).unwrap();
        assert!(read.enough().is_err(), "{field}");
    }
}
