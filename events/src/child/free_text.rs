//! Shows that no fact about a child can carry a sentence about it (I-24): every text in every type of event is
//! of a closed form, and what an unknown field says is not kept.

use serde_json::Value;
use vocabulary::StreamKind;

use super::{
    Child, Command, Event, canary, consent, examples::*, identity, involvement, involvement::Updated,
    lifecycle, merging, notices, retention, setting, shield,
};
use crate::{
    catalogue::CATALOGUE,
    decider::{Decider, When},
    spec::{KEY, NOW},
    supplied::{EducationState, PrimaryCareState, SuppliedChild},
    told::Told,
};

/// What somebody would write in a field for notes.
const SENTENCE: &str =
    "Seen on Monday; she seemed upset, her mother shouted. We think that neglect is likely, 7/10.";

/// Words that no field of a fact about a child may be named with.
const JUDGING: [&str; 12] = [
    "note",
    "comment",
    "reason",
    "description",
    "score",
    "rank",
    "flag",
    "risk",
    "concern",
    "rating",
    "summary",
    "text",
];

/// Texts whose form is judged by the decider and not by the type: the specs of details and involvements refuse
/// a malformed address, a malformed contact and a reference that is not keyed.
const JUDGED_LATER: [&str; 9] = [
    "lines",
    "town",
    "value",
    "hours",
    "local_ref",
    "carer_ref",
    "involvement_ref",
    "practitioner_ref",
    "episode_ref",
];

/// Ava under another forename.
fn called(forename: &str) -> SuppliedChild {
    SuppliedChild { forename: Some(name(forename)), ..ava() }
}

/// One event of every type, as the rules themselves make them.
fn every_event() -> Vec<Event> {
    let other = vocabulary::ChildId::new(uuid::Uuid::from_u128(0xd1));
    let details = SuppliedChild {
        address: living_at("2 New Road"),
        middle_names: Told::Value(name("Rose")),
        known_as: Told::Value(name("Avie")),
        previous_surname: Told::Value(name("Birch")),
        nhs_number: Told::Value("9434765919".parse().unwrap()),
        upn: Told::Value("Y228235821866".parse().unwrap()),
        carers: Told::Value(vec![carer(telephone("020 7946 0001"))]),
        ..ava()
    };
    let apply = |shield| shield::Command::Apply {
        shield,
        ground: shield::Ground::WitnessProtection,
        review_by: day("2026-11-01"),
    };
    let assessment = |on: &str| (by(school()), FIRST, day(on));
    let (assessor, assessed, on) = assessment("2026-05-01");
    let commands = [
        Command::Identity(identity::Command::Register { number: number(), authority: pool(), by_hand: None }),
        Command::Identity(identity::Command::Allocate { pool: pool(), authority: authority() }),
        Command::Identity(identity::Command::Link {
            supplier: school(),
            local_ref: AT_SCHOOL,
            judgement: identity::Judgement::Matched,
            weighing: Some(Box::new(weighing())),
        }),
        describe_version(AT_SCHOOL, school(), details.clone(), Some(2)),
        describe_version(AT_SCHOOL, school(), details, Some(1)),
        describe(ON_WARD, ward(), called("Eva")),
        describe(ON_WARD, ward(), called("Avia")),
        Command::Setting(setting::Command::StateEducation {
            source: AT_SCHOOL,
            supplier: school(),
            state: EducationState::Attending,
            organisation: Some(school()),
            on: day("2020-09-01"),
        }),
        Command::Setting(setting::Command::StatePrimaryCare {
            source: AT_SCHOOL,
            supplier: school(),
            state: PrimaryCareState::NoneKnown,
            organisation: None,
            on: day("2020-09-01"),
        }),
        Command::Canary(canary::Command::Mark),
        Command::Canary(canary::Command::Unmark),
        start(FIRST).nurse().version(2).into(),
        start(FIRST).version(1).into(),
        update(by(school()), Updated { started_on: Some(day("2026-02-01")), ..Updated::nothing_of(FIRST) }),
        Command::Involvement(involvement::Command::ChangeContacts {
            supplier: school(),
            practitioner_ref: NURSE,
            contacts: vec![telephone("020 7946 0009")],
        }),
        Command::Involvement(involvement::Command::IndicateAssessment {
            by: assessor.clone(),
            involvement: assessed,
            on,
        }),
        Command::Involvement(involvement::Command::WithdrawAssessment {
            by: assessor,
            involvement: assessed,
            on,
        }),
        consent_given(),
        clinic_start(SECOND).leading().into(),
        name_lead(FIRST, by(school())),
        Command::Involvement(involvement::Command::RelinquishLead { by: by(school()), involvement: FIRST }),
        end(FIRST, by(school()), "2026-05-30"),
        Command::Involvement(involvement::Command::EnterInError { by: by(school()), involvement: FIRST }),
        consent_withdrawn(),
        harm("2026-07-01", consent::Review::First),
        harm("2026-08-01", consent::Review::Again),
        refuge_start(THIRD).into(),
        Command::Shield(shield::Command::Refuse { shield: SHIELD }),
        Command::Shield(apply(SHIELD_2)),
        Command::Shield(shield::Command::Keep { shield: SHIELD_2, review_by: day("2026-11-02") }),
        Command::Shield(shield::Command::Lift { shield: SHIELD_2 }),
        Command::Lifecycle(lifecycle::Command::StateDeparture {
            supplier: school(),
            on: day("2026-05-30"),
            intends_return: vocabulary::IntendsReturn::Yes,
        }),
        Command::Lifecycle(lifecycle::Command::NotifyDeath { supplier: school(), on: day("2024-05-30") }),
        Command::Identity(identity::Command::MergeRefs {
            supplier: school(),
            from: AT_SCHOOL,
            to: ELSEWHERE,
        }),
        Command::Merging(merging::Command::Merge { other, stays: true, despite: false }),
        Command::Merging(merging::Command::TellApart { other: merging::Other::Child(other), shield: None }),
        Command::Identity(identity::Command::Dispute { local_ref: ELSEWHERE }),
        Command::Identity(identity::Command::EnterInError { local_ref: ELSEWHERE }),
    ];
    let mut events = following(&commands);
    let stories = [super::responsibility::spec::story(), retention::spec::story(), notices::spec::story()];
    events.extend(stories.iter().flat_map(|story| following(story)));
    events.extend([notified_and_answered(), super::scope::spec::closed_and_reopened()].concat());
    events
}

/// The ward begins beside the school, which is told, says that it saw it, and what came of it.
fn notified_and_answered() -> Vec<Event> {
    let begun = opened().then_came([start(FIRST).into()]);
    let mut told = Vec::new();
    let begun = begun.when(ward_start(SECOND)).then_some(|events| told.extend(events.to_vec()));
    let child = begun.state();
    let notification = *child.involvements[&FIRST].notifications.keys().next().unwrap();
    let seen =
        Command::Involvement(involvement::Command::Acknowledge { organisation: school(), notification });
    told.extend(Child::decide(&child, &seen, NOW).unwrap());
    let contacted = involvement::Contacted { involvement: FIRST, with: SECOND, on: day("2026-05-30") };
    let not_shared = involvement::NotShared {
        involvement: FIRST,
        with: Some(SECOND),
        because: involvement::Withholding::LegalAdvice,
        on: day("2026-05-30"),
    };
    for command in [
        involvement::Command::MakeContact { organisation: school(), told: contacted },
        involvement::Command::DeclineSharing { organisation: school(), told: not_shared },
    ] {
        told.extend(Child::decide(&child, &Command::Involvement(command), NOW).unwrap());
    }
    told
}

/// What follows from commands, each upon what the one before it left behind.
fn following(commands: &[Command]) -> Vec<Event> {
    let (mut child, mut all) = (Child::default(), Vec::new());
    for command in commands {
        for event in Child::decide(&child, command, NOW).unwrap() {
            let position = vocabulary::Position(all.len() as u64 + 1);
            let when = When { happened_at: NOW, recorded_at: NOW, position, key: KEY };
            Child::evolve(&mut child, &event, when);
            all.push(event);
        }
    }
    all
}

/// Where every text of a value stands: the path to it, and the last name on that path.
fn texts(value: &Value, path: &str, field: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                texts(inner, &format!("{path}/{name}"), name, found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                texts(item, &format!("{path}/{at}"), field, found);
            }
        }
        Value::String(_) => found.push((path.to_owned(), field.to_owned())),
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}

/// The names of all fields of a value, and the paths of all objects in it.
fn fields(value: &Value, path: &str, names: &mut Vec<String>, objects: &mut Vec<String>) {
    if let Value::Object(inside) = value {
        objects.push(path.to_owned());
        names.extend(inside.keys().cloned());
    }
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(inside) => inside.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, inner) in inside {
        fields(inner, &format!("{path}/{name}"), names, objects);
    }
}

#[test]
fn the_story_tells_every_type_of_the_catalogue() {
    let told: std::collections::BTreeSet<String> = every_event()
        .iter()
        .map(|event| serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    let missing: Vec<_> = CATALOGUE
        .iter()
        .filter(|line| line.stream == StreamKind::Child && !told.contains(line.name))
        .map(|line| line.name)
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// I-24
#[test]
fn no_text_of_any_fact_can_hold_a_sentence_about_a_child() {
    for event in every_event() {
        let stored = serde_json::to_value(&event).unwrap();
        let mut found = Vec::new();
        texts(&stored, "", "", &mut found);
        for (path, field) in found.iter().filter(|(_, field)| !JUDGED_LATER.contains(&field.as_str())) {
            let mut forged = stored.clone();
            *forged.pointer_mut(path).unwrap() = Value::String(SENTENCE.to_owned());
            assert!(serde_json::from_value::<Event>(forged).is_err(), "{path} ({field}) takes a sentence");
        }
    }
}

/// I-24
#[test]
fn no_field_of_any_fact_is_named_for_a_judgement_and_none_can_be_added_from_outside() {
    for event in every_event() {
        let stored = serde_json::to_value(&event).unwrap();
        let (mut names, mut objects) = (Vec::new(), Vec::new());
        fields(&stored, "", &mut names, &mut objects);
        for name in names {
            assert!(!JUDGING.iter().any(|word| name.contains(word)), "{name}");
        }
        for path in objects {
            let mut forged = stored.clone();
            forged.pointer_mut(&path).unwrap()["notes"] = Value::String(SENTENCE.to_owned());
            let kept =
                serde_json::from_value::<Event>(forged).ok().and_then(|read| serde_json::to_value(read).ok());
            assert!(kept.is_none_or(|kept| !kept.to_string().contains(SENTENCE)), "{path}");
        }
    }
}
