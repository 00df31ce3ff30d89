//! What is done to a directory, drawn at random: told, decided, shielded, withdrawn, looked at, opened anew.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{AUTHORITY, CLINIC, REFUGE, SCHOOL};

/// People whom the scripts are about; the first two sound alike and share a birthday, as do the next.
pub(crate) const PEOPLE: [(&str, &str, &str); 5] = [
    ("Ava", "Lowe", "2015-04-02"),
    ("Eva", "Low", "2015-04-02"),
    ("Mohammed", "Khan", "2013-09-01"),
    ("Muhammad", "Kahn", "2013-09-01"),
    ("Niamh", "Byrne", "2017-01-30"),
];

const POSTCODES: [&str; 3] = ["N17 6AA", "N17 9ZZ", "E1 6AN"];

/// NHS numbers with right check digits, from the range that is never allotted.
const NHS_NUMBERS: [&str; 2] = ["9990000018", "9990000026"];

/// One act.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// An event of a supplier.
    Supply(Event),
    /// An event sent before, sent again.
    Retry(prop::sample::Index),
    /// The data manager decides an item of the queue.
    Decide(prop::sample::Index, Decision),
    /// The data manager shields a child, or lifts or refuses what stands or was asked.
    Shield(prop::sample::Index, bool),
    /// Somebody searches and opens what is found.
    Look(usize, usize),
    /// The rows follow the log a little.
    Tick(u32),
    /// The process ends and another begins, with the rows left behind or none.
    Reopen { fresh_rows: bool },
}

/// What is decided of an item.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision {
    Link(u8),
    New,
    Reject,
}

/// One event: who tells what of whom.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) by: &'static str,
    pub(crate) told: Value,
}

fn described(reference: &str, person: usize, variant: u8) -> Value {
    let (forename, surname, born) = PEOPLE[person];
    let mut child = json!({"local_ref": reference, "forename": forename, "surname": surname,
        "date_of_birth": born, "gender": "female",
        "address": {"lines": ["12 Mill Lane"], "town": "London",
                    "postcode": POSTCODES[usize::from(variant) % 3]}});
    match variant % 7 {
        3 => child["nhs_number"] = json!(NHS_NUMBERS[person % 2]),
        4 => child["surname"] = json!("Marsh"),
        5 => child["address"] = json!("none_known"),
        6 => child["known_as"] = json!("Bee"),
        _ => (),
    }
    child
}

/// An event about a person, under one of two references, so that references meet, clash and are merged.
fn event() -> impl Strategy<Value = Event> {
    (0..4_usize, 0..PEOPLE.len(), 0..2_u8, 0..24_u8, any::<u8>()).prop_map(
        |(by, person, second, kind, variant)| {
            let by = [SCHOOL, AUTHORITY, CLINIC, REFUGE][by];
            let reference = |which: u8| format!("{person}-{which}");
            let bare = json!({"local_ref": reference(second)});
            let whole = described(&reference(second), person, variant);
            let involvement = format!("i-{person}-{second}");
            let episode = format!("e-{person}");
            let of = |name: &str, data: Value| json!({"type": name, "data": data});
            let told = match kind {
                0..=6 => of("child.described", json!({"child": whole})),
                7..=11 => {
                    let service = match by {
                        SCHOOL => "school",
                        AUTHORITY => "social_care",
                        CLINIC => "mental_health",
                        _ => "refuge",
                    };
                    let mut data = json!({"child": if variant % 3 == 0 { bare } else { whole },
                    "involvement_ref": involvement, "service_type": service,
                    "team": format!("Team {}", variant % 2),
                    "practitioner": {"practitioner_ref": "w-1", "name": "Lee Marsh", "job": "worker"},
                    "contacts": [{"kind": "telephone", "value": "020 7946 0001"}],
                    "started_on": "2026-10-01", "lead_professional": variant % 2 == 0});
                    if by == CLINIC {
                        data["episode_ref"] = json!(episode);
                    }
                    of("involvement.started", data)
                }
                12 => {
                    of("involvement.ended", json!({"involvement_ref": involvement, "ended_on": "2026-11-20"}))
                }
                13 => of("involvement.entered_in_error", json!({"involvement_ref": involvement})),
                14 => of("lead_professional.named", json!({"involvement_ref": involvement})),
                15..=17 => {
                    let decision = ["given", "given", "withdrawn", "refused"][usize::from(variant % 4)];
                    of(
                        "consent.recorded",
                        json!({"child": whole, "episode_ref": episode, "decision": decision,
                    "given_by": "child", "competence": "assessed_competent", "method": "face_to_face",
                    "notice_version": "v1", "decided_on": "2026-11-20"}),
                    )
                }
                18 => of("child.link_disputed", json!({"local_ref": reference(second)})),
                19 => of(
                    "child.local_refs_merged",
                    json!({"from": reference(second), "to": reference(1 - second)}),
                ),
                20 => of(
                    "practitioner.contacts_changed",
                    json!({"practitioner_ref": "w-1",
                    "contacts": [{"kind": "telephone", "value": format!("020 7946 000{}", variant % 5)}]}),
                ),
                21 => of("child.entered_in_error", json!({"child": bare})),
                22 => of(
                    "education.stated",
                    json!({"child": bare, "state": "educated_otherwise", "on": "2026-09-01"}),
                ),
                _ => of("child.died", json!({"child": bare, "on": "2026-11-01"})),
            };
            Event { by, told }
        },
    )
}

fn index() -> impl Strategy<Value = prop::sample::Index> {
    any::<prop::sample::Index>()
}

pub(crate) fn acts(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Act>> {
    let decision =
        prop_oneof![any::<u8>().prop_map(Decision::Link), Just(Decision::New), Just(Decision::Reject)];
    let act = prop_oneof![
        24 => event().prop_map(Act::Supply),
        4 => index().prop_map(Act::Retry),
        4 => (index(), decision).prop_map(|(item, decision)| Act::Decide(item, decision)),
        2 => (index(), any::<bool>()).prop_map(|(child, up)| Act::Shield(child, up)),
        4 => (0..crate::world::STAFF_COUNT, 0..PEOPLE.len()).prop_map(|(who, person)| Act::Look(who, person)),
        2 => (1..40_u32).prop_map(Act::Tick),
        1 => any::<bool>().prop_map(|fresh_rows| Act::Reopen { fresh_rows }),
    ];
    prop::collection::vec(act, count)
}
