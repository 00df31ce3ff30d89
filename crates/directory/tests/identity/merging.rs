//! Merges and splits: two records become one, and come apart as they were.

use directory::{HandError, MergeAsk, Mode, OutcomeKind};
use events::search::Criteria;
use serde_json::{Value, json};
use vocabulary::{ChildNumber, OrganisationKind, Role};

use crate::world::{AUTHORITY, FEEDS, World, ava};

const SCHOOL: (&str, OrganisationKind) = FEEDS[0];
const WARD: (&str, OrganisationKind) = FEEDS[2];

/// Ava as the school knows her, and as the ward took her in under another name and day.
pub(crate) fn two_records(world: &World) -> (ChildNumber, ChildNumber) {
    let known = world.described(SCHOOL, &ava("s-1")).child_number.unwrap();
    let mut told = ava("w-1");
    for (field, value) in [
        ("forename", json!("Rosalind")),
        ("surname", json!("Kouame")),
        ("date_of_birth", json!("2014-11-21")),
        ("address", json!({"lines": ["9 Elder Close"], "town": "London", "postcode": "N17 9ZZ"})),
    ] {
        told[field] = value;
    }
    let other = world.described(WARD, &told).child_number.unwrap();
    assert_ne!(known, other);
    for (feed, service, reference, entry) in
        [(SCHOOL, "school", "s-1", "e-1"), (WARD, "hospital_inpatient", "w-1", "e-2")]
    {
        assert_eq!(world.works(feed, service, reference, entry).kind, OutcomeKind::Recorded);
    }
    (known, other)
}

fn teams(record: &Value) -> Vec<&str> {
    let entries = record["involvements"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut teams: Vec<&str> = entries.iter().map(|entry| entry["team"].as_str().unwrap()).collect();
    teams.sort_unstable();
    teams
}

pub(crate) fn leads(record: &Value) -> usize {
    let entries = record["involvements"].as_array().unwrap();
    entries.iter().filter(|entry| entry["lead_professional"] == json!(true)).count()
}

fn surname(text: &str) -> Criteria {
    Criteria { surname: Some(text.to_owned()), birth_year: Some(2015), ..Criteria::default() }
}

#[test]
fn two_records_that_were_merged_answer_as_one_under_either_number() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    let merged = world.merge(&manager, known, other);
    assert_eq!((merged.kind, merged.child_number), (OutcomeKind::Recorded, Some(known)));
    let record = world.record(&practitioner, known);
    assert_eq!(teams(&record), ["Team e-1", "Team e-2"]);
    assert_eq!(leads(&record), 1, "I-6: one lead in anyone's sight");
    let by_other = world.record(&practitioner, other);
    assert_eq!((&by_other["child_number"], teams(&by_other)), (&json!(known.to_string()), teams(&record)));
    // Found once, by the name of either.
    let found = |text| {
        world.found(&practitioner, surname(text)).into_iter().map(|(number, ..)| number).collect::<Vec<_>>()
    };
    assert_eq!((found("Lowe"), found("Kouame")), (vec![known], vec![known]));
    assert_eq!(world.merge(&manager, known, other).kind, OutcomeKind::Unchanged);
}

#[test]
fn what_a_supplier_goes_on_telling_reaches_the_one_child() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    world.merge(&manager, known, other);
    let ended = json!({"involvement_ref": "e-2", "ended_on": "2026-07-01"});
    let told = world.said(WARD, "involvement.ended", &ended, Mode::Record);
    assert_eq!((told.kind, told.child_number), (OutcomeKind::Recorded, Some(known)));
    // Under the number that was absorbed, by who spoke of it so.
    let by_number = json!({"child": {"child_number": other.to_string()}, "involvement_ref": "e-3",
        "service_type": "hospital_emergency", "team": "Team e-3", "started_on": "2026-06-02",
        "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
    let started = world.said(WARD, "involvement.started", &by_number, Mode::Record);
    assert_eq!((started.kind, started.child_number), (OutcomeKind::Recorded, Some(known)));
    let record = world.record(&practitioner, known);
    assert_eq!(teams(&record), ["Team e-1", "Team e-2", "Team e-3"]);
    assert_eq!(
        record["involvements"].as_array().unwrap().iter().filter(|one| one["ended_on"].is_null()).count(),
        2
    );
}

#[test]
fn a_split_gives_each_record_what_was_told_of_it() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    let before = (world.record(&practitioner, known), world.record(&practitioner, other));
    world.merge(&manager, known, other);
    let late = world.works(WARD, "hospital_emergency", "w-1", "e-4");
    assert_eq!(late.child_number, Some(known));
    assert_eq!(world.split(&manager, known, other).kind, OutcomeKind::Recorded);
    let after = (world.record(&practitioner, known), world.record(&practitioner, other));
    for field in ["child_number", "names", "date_of_birth", "address", "shielded"] {
        assert_eq!((&after.0[field], &after.1[field]), (&before.0[field], &before.1[field]), "{field}");
    }
    assert_eq!((teams(&after.0), teams(&after.1)), (vec!["Team e-1"], vec!["Team e-2", "Team e-4"]));
    assert_eq!(world.split(&manager, known, other).kind, OutcomeKind::Unchanged);
}

#[test]
fn a_shield_of_either_hides_both_and_a_split_lifts_none() {
    for absorbed_is_shielded in [true, false] {
        let world = World::new();
        let (team, manager) = (world.user(Role::AuthorityTeam), world.user(Role::DataManager));
        let practitioner = world.user(Role::Practitioner);
        let (known, other) = two_records(&world);
        world.shield(&team, if absorbed_is_shielded { other } else { known });
        world.merge(&manager, known, other);
        for number in [known, other] {
            let record = world.record(&practitioner, number);
            assert_eq!(
                (&record["shielded"], record.get("address"), record.get("involvements")),
                (&json!(true), None, None)
            );
        }
        let by_home = Criteria {
            postcode: Some("N17 6AA".parse().unwrap()),
            surname: Some("Lowe".to_owned()),
            ..Criteria::default()
        };
        assert_eq!(world.found(&practitioner, by_home), []);
        world.split(&manager, other, known);
        for number in [known, other] {
            assert_eq!(world.record(&practitioner, number)["shielded"], json!(true));
        }
    }
}

#[test]
fn only_the_data_manager_of_both_records_merges_them_and_not_against_a_word_without_saying_so() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    let ask = MergeAsk { stays: known, absorbed: other, despite: false };
    let code = |refused: Result<directory::Pending, HandError>| match refused {
        Err(HandError::Refused { code, .. }) => code.to_owned(),
        Err(error) => error.to_string(),
        Ok(pending) => pending.wait().unwrap().problem.unwrap().code.into_owned(),
    };
    assert_eq!(code(world.directory.merge_children(&practitioner, ask)), "role_may_not_decide");
    let mut elsewhere = manager.clone();
    elsewhere.authority = Some("gss:E08000035".parse().unwrap());
    assert_eq!(code(world.directory.merge_children(&elsewhere, ask)), "not_responsible_authority");
    assert_eq!(code(world.directory.split_children(&manager, known, known)), "same_number");
    assert_eq!(world.split(&manager, known, other).kind, OutcomeKind::Recorded, "told apart, never merged");
    assert_eq!(code(world.directory.merge_children(&manager, ask)), "not_same_person");
    assert_eq!(world.merge(&manager, known, other).kind, OutcomeKind::Recorded, "although told apart");
}

#[test]
fn consent_withdrawn_under_one_reference_hides_what_was_told_under_another() {
    let world = World::new();
    let (manager, team) = (world.user(Role::DataManager), world.user(Role::AuthorityTeam));
    let clinic = (AUTHORITY, OrganisationKind::LocalAuthority);
    let (known, _) = two_records(&world);
    let mut told = ava("c-2");
    told["forename"] = json!("Marianne");
    told["surname"] = json!("Quillfeather");
    told["date_of_birth"] = json!("2013-01-09");
    let mut own = told.clone();
    told["local_ref"] = json!("c-1");
    let consent = |child: &Value, decision: &str| {
        json!({"child": child, "episode_ref": "ep-1", "decision": decision, "given_by": "parent",
               "competence": "assessed_not_competent", "method": "face_to_face", "notice_version": "v1",
               "decided_on": if decision == "given" { "2026-06-01" } else { "2026-07-01" }})
    };
    let second = world.said(clinic, "consent.recorded", &consent(&told, "given"), Mode::Record);
    let second = second.child_number.unwrap();
    let entry = json!({"child": {"local_ref": "c-1"}, "involvement_ref": "m-1", "service_type": "mental_health",
        "team": "Team m-1", "started_on": "2026-06-02", "episode_ref": "ep-1",
        "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
    assert_eq!(world.said(clinic, "involvement.started", &entry, Mode::Record).kind, OutcomeKind::Recorded);
    // The same clinic knows the other record under a second reference.
    own = json!({"local_ref": "c-2", "child_number": known.to_string(), "forename": own["forename"],
        "surname": own["surname"], "date_of_birth": own["date_of_birth"], "gender": own["gender"]});
    assert_eq!(world.described(clinic, &own).child_number, Some(known));
    let again =
        world.said(clinic, "consent.recorded", &consent(&json!({"local_ref": "c-2"}), "given"), Mode::Record);
    assert_eq!(
        (again.kind, again.child_number),
        (OutcomeKind::Recorded, Some(known)),
        "one episode, two references"
    );
    world.merge(&manager, known, second);
    assert!(teams(&world.record(&team, known)).contains(&"Team m-1"));
    let withdrawn = world.said(
        clinic,
        "consent.recorded",
        &consent(&json!({"local_ref": "c-2"}), "withdrawn"),
        Mode::Record,
    );
    assert_eq!(withdrawn.kind, OutcomeKind::Recorded, "{withdrawn:?}");
    assert!(!teams(&world.record(&team, known)).contains(&"Team m-1"));
    world.split(&manager, known, second);
    assert!(!teams(&world.record(&team, second)).contains(&"Team m-1"), "and after a split");
}
