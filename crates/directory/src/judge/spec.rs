//! Specs of the judgement: the same descriptions are weighed alike, to the last centibit, whenever they are.

use std::{path::Path, sync::Arc};

use chrono::{Days, NaiveDate, TimeZone, Utc};
use event_log::{EventLog, Expected, MemoryLog, Payload, Proposed};
use events::{
    Fact,
    child::Event,
    intake,
    organisation::{Agreement, Details, Row},
    supplied::Supplied,
    weighing::Weighing,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{ClientId, Label, OrganisationId, OrganisationKind, Position};

use crate::{Directory, Mode, Sender, SuppliedEvent, ports::ToldClock, unseal::unseal};

/// How many invented children the feeds tell of.
const CHILDREN: u64 = 60;

const FEEDS: [(&str, OrganisationKind); 2] =
    [("urn:100000", OrganisationKind::School), ("ods:F85000", OrganisationKind::GpPractice)];

struct World {
    log: Arc<MemoryLog>,
    vault: Arc<Vault>,
    folder: tempfile::TempDir,
    directory: Directory,
}

fn opened(log: &Arc<MemoryLog>, vault: &Arc<Vault>, rows: &Path) -> Directory {
    let clock = Box::new(ToldClock::new(Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()));
    Directory::on(Arc::clone(log) as Arc<dyn EventLog>, Arc::clone(vault), rows, clock).unwrap()
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let log = Arc::new(MemoryLog::new());
        let directory = opened(&log, &vault, &folder.path().join("rows"));
        let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
        for (id, kind) in FEEDS {
            let details = Details {
                name: Label::new("Invented supplier").unwrap(),
                kind,
                authority: None,
                service_types: vec![],
                contacts: vec![],
                outcodes: vec![],
            };
            let agreement = Some(Agreement { until, states_others: false, version: None });
            let row = Row { id: id.parse().unwrap(), details, accredited_until: Some(until), agreement };
            assert!(directory.import_organisation(row).unwrap());
        }
        World { log, vault, folder, directory }
    }

    fn send(&self, (organisation, kind): (&str, OrganisationKind), child: &Value) {
        let told: Supplied =
            serde_json::from_value(json!({"type": "child.described", "data": {"child": child}})).unwrap();
        let organisation: OrganisationId = organisation.parse().unwrap();
        let client = ClientId(format!("client-{organisation}"));
        let sender = Sender { organisation, kind, client, states_others: false };
        let body = child.to_string().into_bytes();
        let event = SuppliedEvent { id: child["local_ref"].to_string(), happened_at: None, body, told };
        self.directory.supply(&sender, event, Mode::Record).unwrap().wait().unwrap();
    }

    /// Every decision that the model had a part in, in the order of the log.
    fn decisions(&self) -> Vec<(Position, Vec<Weighing>)> {
        let mut decisions = Vec::new();
        let read = self.log.read_all(Position::ZERO, u32::MAX, &mut |record| {
            let recorded = unseal(&self.vault, record).unwrap();
            for fact in recorded.facts() {
                if let Fact::Child(Event::LocalRefLinked(linked)) = fact {
                    let weighing = linked.weighing.iter().map(|weighing| (**weighing).clone());
                    decisions.push((recorded.position, weighing.collect()));
                } else if let Fact::Intake(intake::Event::EventQueued(queued)) = fact {
                    decisions.push((recorded.position, queued.weighings.clone()));
                }
            }
        });
        read.unwrap();
        decisions
    }

    /// The directory that the log up to a position makes, read models and all built from it alone.
    fn as_of(&self, position: Position) -> World {
        let log = Arc::new(MemoryLog::new());
        let mut kept = Vec::new();
        let read = self.log.read_all(Position::ZERO, u32::MAX, &mut |record| {
            if record.position <= position
                && let Payload::Kept(payload) = record.payload
            {
                let (header, dictionary) = (record.header, record.dictionary);
                kept.push((header.stream, Proposed { header, dictionary, payload: payload.to_vec() }));
            }
        });
        read.unwrap();
        for (stream, proposed) in kept {
            log.submit(stream, Expected::Any, vec![proposed]).wait().unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let directory = opened(&log, &self.vault, &folder.path().join("rows"));
        World { log, vault: Arc::clone(&self.vault), folder, directory }
    }
}

/// What the two feeds tell: of each child one knows the name well, and the other with a slip, an older name or none
/// of the address.
fn told(number: u64) -> [Value; 2] {
    let syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "za"];
    let name = |seed: u64| -> String {
        let mut left = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let text: String = (0..3)
            .map(|_| {
                let syllable = syllables[usize::try_from(left % 10).unwrap()];
                left /= 10;
                syllable
            })
            .collect();
        text[..1].to_uppercase() + &text[1..]
    };
    let born = NaiveDate::from_ymd_opt(2012, 1, 1).unwrap() + Days::new(number % 7 * 31);
    let known = json!({
        "local_ref": format!("s-{number}"), "forename": name(number % 23), "surname": name(number % 17 + 100),
        "date_of_birth": born.to_string(), "gender": if number.is_multiple_of(2) { "female" } else { "male" },
        "address": {"lines": [format!("{} Mill Lane", number % 40)], "town": "London", "postcode": "N17 6AA"},
    });
    let mut other = known.clone();
    other["local_ref"] = json!(format!("p-{number}"));
    match number % 4 {
        0 => other["forename"] = json!(format!("{}e", known["forename"].as_str().unwrap())),
        1 => other["date_of_birth"] = json!((born + Days::new(1)).to_string()),
        2 => {
            other.as_object_mut().unwrap().remove("address");
        }
        _ => other["previous_surname"] = json!(name(number + 500)),
    }
    [known, other]
}

fn feed(world: &World, numbers: std::ops::Range<u64>) {
    for number in numbers {
        for (supplier, child) in FEEDS.into_iter().zip(told(number)) {
            world.send(supplier, &child);
        }
    }
}

fn weighed(decisions: Vec<(Position, Vec<Weighing>)>) -> Vec<Vec<Weighing>> {
    decisions.into_iter().map(|(_, weighings)| weighings).collect()
}

#[test]
fn the_same_events_are_decided_alike_by_a_directory_that_was_opened_anew_in_between() {
    let whole = World::new();
    feed(&whole, 0..CHILDREN);
    let first = World::new();
    feed(&first, 0..CHILDREN / 2);
    let head = first.directory.head().unwrap();
    let again = first.as_of(head);
    feed(&again, CHILDREN / 2..CHILDREN);
    let decided = weighed(whole.decisions());
    assert_eq!(decided, weighed(again.decisions()));
    let (links, waits) = (
        decided.iter().filter(|weighings| weighings.len() == 1).count(),
        decided.iter().filter(|weighings| weighings.len() > 1).count(),
    );
    assert!(links > 10 && waits > 5, "{links} of one candidate, {waits} of several");
}

#[test]
fn a_weighing_that_was_kept_is_made_again_bit_for_bit_from_the_log_before_it() {
    let world = World::new();
    feed(&world, 0..CHILDREN);
    let decisions = world.decisions();
    assert!(decisions.iter().flat_map(|(_, weighings)| weighings).all(Weighing::adds_up));
    let mut rows = (0..CHILDREN).flat_map(|number| FEEDS.into_iter().zip(told(number)));
    for (at, (position, kept)) in decisions.iter().enumerate() {
        let (supplier, child) = rows.next().unwrap();
        if at % 9 != 0 || kept.is_empty() {
            continue;
        }
        let before = world.as_of(Position(position.0 - 1));
        before.send(supplier, &child);
        let made = before.decisions();
        assert_eq!(made.last().map(|(_, weighings)| weighings), Some(kept), "decision {at}");
        drop(before.folder);
    }
}
