//! docs/dpia.md: every personal field that is stored, with its events, its ground in law, who sees it and how long
//! it is kept. `BLESS=1` rewrites it; a field without a row of each table fails.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use events::{
    catalogue,
    policy::{Bases, LegalBasis, Retention},
};
use serde_json::Value;
use visibility::{Audience, audience, fields};
use vocabulary::StreamKind;

const PREFACE: &str = include_str!("dpia.md");

/// One row: a field in one family of streams, and the events that hold it.
type Rows = BTreeMap<(String, &'static str), Vec<String>>;

/// The families that tell of people, in the order of the page.
const ABOUT_PEOPLE: [StreamKind; 7] = [
    StreamKind::Child,
    StreamKind::Intake,
    StreamKind::Access,
    StreamKind::Search,
    StreamKind::Account,
    StreamKind::Brokering,
    StreamKind::Rights,
];

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The fields of every sample of the corpus, which has one of each type that is written today.
fn stored(stream: StreamKind) -> Rows {
    let mut rows = Rows::new();
    for line in catalogue::CATALOGUE.iter().filter(|line| line.stream == stream) {
        let file = root().join(format!("events/tests/corpus/{}.v{}.json", line.name, line.version));
        let sample: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        for fact in sample["payload"]["facts"].as_array().unwrap() {
            if fact["type"] == line.name {
                names(&fact["data"], stream.name(), line.name, &mut rows);
            }
        }
    }
    rows
}

fn names(value: &Value, stream: &'static str, event: &str, into: &mut Rows) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let events = into.entry((name.clone(), stream)).or_default();
                if events.last().is_none_or(|last| last != event) {
                    events.push(event.to_owned());
                }
                names(inner, stream, event, into);
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| names(inner, stream, event, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}

fn ground(basis: LegalBasis) -> String {
    serde_json::to_value(basis).unwrap().as_str().unwrap().to_owned()
}

fn shown_to(audience: Audience) -> String {
    match audience {
        Audience::Groups(groups) => groups.iter().map(|group| group.name()).collect::<Vec<_>>().join(" "),
        Audience::Team => "team".to_owned(),
        Audience::AccountKeepers => "keepers of accounts".to_owned(),
        Audience::Nobody => "nobody".to_owned(),
    }
}

fn written() -> String {
    let bases = Bases::default();
    let mut page = PREFACE.to_owned();
    for stream in ABOUT_PEOPLE {
        let _ = write!(
            page,
            "\n## {}\n\n| field | events | legal basis | who sees it | how long |\n|---|---|---|---|---|\n",
            stream.name()
        );
        for ((field, _), events) in stored(stream) {
            let Some(held_on) = bases.of(&field) else { continue };
            let audience = audience(&field).unwrap_or_else(|| panic!("nobody says who sees {field}"));
            let kept = Retention::of(stream, held_on).unwrap_or_else(|| panic!("{field} is kept for ever"));
            let _ = writeln!(
                page,
                "| `{field}` | {} | {} | {} | {} |",
                events.join(", "),
                ground(held_on),
                shown_to(audience),
                kept.name()
            );
        }
    }
    page
}

#[test]
fn the_data_protection_impact_table_is_current_and_leaves_out_no_field() {
    let path = root().join("docs/dpia.md");
    let page = written();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "BLESS=1 cargo test -p visibility");
}

#[test]
fn who_sees_a_field_is_said_of_exactly_the_fields_that_have_a_ground_in_law() {
    let bases = Bases::default();
    let without: Vec<&str> =
        bases.iter().map(|(field, _)| field).filter(|field| audience(field).is_none()).collect();
    assert!(without.is_empty(), "nobody says who sees: {without:?}");
    let unheld: Vec<&str> = fields().filter(|field| bases.of(field).is_none()).collect();
    assert!(unheld.is_empty(), "held on no ground: {unheld:?}");
    let mut twice: Vec<&str> = fields().collect();
    let count = twice.len();
    twice.sort_unstable();
    twice.dedup();
    assert_eq!(twice.len(), count, "a field has two rows");
}

#[test]
fn every_ground_and_every_class_has_its_sentence() {
    for basis in Bases::default().iter().map(|(_, basis)| ground(basis)) {
        assert!(PREFACE.contains(&format!("| {basis} |")), "{basis}");
    }
    for class in Retention::ALL {
        assert!(PREFACE.contains(&format!("| {} |", class.name())), "{}", class.name());
    }
}
