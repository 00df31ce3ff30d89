//! docs/events.md: the catalogue with each type's meaning, fields and sample, made from code.

use std::{fmt::Write, fs, path::PathBuf};

use events::{
    catalogue::{CATALOGUE, CatalogueLine},
    codec::{SCHEMA, encode},
    recorded::Entry,
};
use serde_json::{Value, value::RawValue};
use vocabulary::StreamKind;

use crate::samples::{blesses, by_name};

#[derive(serde::Deserialize)]
struct Facts {
    facts: Vec<Box<RawValue>>,
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/events.md")
}

/// What a family of streams is, and how it is sealed.
fn family(kind: StreamKind) -> &'static str {
    match kind {
        StreamKind::Child => "Everything that can happen to one child; sealed under the child's own keys.",
        StreamKind::Intake => {
            "One item that a supplier sent and that waits, was counted or changed nothing; sealed under a key of its own."
        }
        StreamKind::Access => {
            "Who opened one child's record, when and why; sealed by month, so that it outlives the record."
        }
        StreamKind::Search => "What one user searched for and which children were listed; sealed by month.",
        StreamKind::Account => "One person in one organisation; sealed.",
        StreamKind::Organisation => "One organisation, its accreditation, agreement and clients; sealed.",
        StreamKind::Case => "One investigation; children are named by opaque ids only.",
        StreamKind::Policy => "The settings that two people sign; in clear.",
        StreamKind::Erasure => "Keys of one child ordered to be destroyed, and destroyed; in clear.",
        StreamKind::Rights => {
            "One request of a child or a carer about what is held, from its receipt to its answer; sealed by month, as looks are."
        }
        StreamKind::Brokering => "One request to a duty desk and its answer; sealed by month, as looks are.",
    }
}

fn fields(fact: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(fact).unwrap();
    let data = value.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    data.keys().map(|field| format!("`{field}`")).collect()
}

fn section(out: &mut String, line: &CatalogueLine, entry: &Entry) {
    let facts: Facts = serde_json::from_slice(&encode(entry)).unwrap();
    let fact = facts.facts[0].get();
    let fields = fields(fact);
    let fields = if fields.is_empty() { "none".to_owned() } else { fields.join(" ") };
    writeln!(out, "\n### `{}` v{}\n\n{}\nFields: {fields}.\n", line.name, line.version, line.meaning)
        .unwrap();
    writeln!(out, "```json\n{fact}\n```").unwrap();
}

fn document() -> String {
    let samples = by_name();
    let mut out = format!(
        "# Events stored\n\n\
         Made from the catalogue in `events/src/catalogue.rs` and the samples in `events/tests/corpus`; do not edit.\n\
         To make it anew: `BLESS=1 cargo test -p events --test corpus`.\n\n\
         A record is one append: who caused it (`by`), what it follows from (`cause`), and its facts in order, each a `type` and its `data`.\n\
         Its header tells its stream, both times, its key and its schema, today {SCHEMA}; never its types.\n\
         Adding an optional field is free; changing meaning or shape is a new version with an upcaster; nothing stored is ever rewritten.\n\
         References that suppliers send are kept as keyed hashes; everyone in the samples is invented.\n"
    );
    for kind in StreamKind::ALL {
        writeln!(out, "\n## {}\n\n{}", kind.name(), family(kind)).unwrap();
        for line in CATALOGUE.iter().filter(|line| line.stream == kind) {
            section(&mut out, line, &samples[line.name]);
        }
    }
    out
}

#[test]
fn the_document_of_events_stands_as_the_code_makes_it() {
    let made = document();
    if blesses() {
        fs::write(path(), &made).unwrap();
    }
    let stored = fs::read_to_string(path()).unwrap_or_default();
    assert!(stored == made, "docs/events.md is not today's; bless it");
}
