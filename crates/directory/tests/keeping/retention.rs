//! How long records are kept: the archive, holds, what was withdrawn, and the purge.

use std::collections::BTreeSet;

use chrono::Duration;
use directory::{AdminError, HoldAsk, Night, OutcomeKind, QueueDecision, SearchRequest};
use events::{
    case::Reference,
    child::retention::{ExtensionBasis, HoldGround},
    search::Criteria,
};
use serde_json::{Value, json};
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, Label, Method, Position, Role, StreamKind, england_day,
};

use crate::{
    forgetting::told,
    world::{CLINIC, HERE, NATIONAL, SCHOOL, THERE, World, ava, now, refused, zebedee},
};

/// A child who came of age on the day on which the world begins, twelve hours later.
fn young(reference: &str) -> Value {
    let mut child = ava(reference);
    child["date_of_birth"] = json!("2008-11-22");
    child
}

/// Lives through so many nights.
fn nights(world: &World, count: u32) -> Night {
    let mut all = Night::default();
    for _ in 0..count {
        world.pass(Duration::days(1));
        let Night { unsteady, settled, proposed, purged, spared, keys, payloads } =
            world.directory.retain().unwrap();
        world.settle();
        all.unsteady |= unsteady;
        all.settled += settled;
        all.proposed += proposed;
        all.purged += purged;
        all.spared += spared;
        all.keys += keys;
        all.payloads += payloads;
    }
    all
}

const YEAR: u32 = 365;

fn found(world: &World, person: &directory::Person, surname: &str) -> usize {
    let criteria: Criteria =
        serde_json::from_value(json!({"surname": surname, "date_of_birth": "2008-11-22"})).unwrap();
    let reason = Some(AccessReason::NewReferral);
    let request = SearchRequest { criteria, reason, page: 1, on_behalf_of: None, case_ref: None };
    now(world.directory.search(person, request)).unwrap().into_view().results.len()
}

fn hold(world: &World, person: &directory::Person, number: ChildNumber) -> vocabulary::HoldId {
    let reference = Reference::new("HC-2032-17").unwrap();
    let ask = HoldAsk::Place { ground: HoldGround::LegalClaim, reference };
    let (hold, pending) = world.directory.keep_record(person, number, ask).unwrap();
    assert_eq!(pending.wait().unwrap().kind, OutcomeKind::Recorded);
    world.settle();
    hold.unwrap()
}

/// A record on a list that both sides approved: the waiting time begins.
fn approved(world: &World, due_nights: u32) -> u64 {
    let before = nights(world, due_nights);
    let manager = world.user(Role::DataManager, HERE);
    let administrator = world.user(Role::Administrator, NATIONAL);
    for list in world.directory.purges(&manager).unwrap() {
        world.directory.approve_purge(&manager, list.purge_id).unwrap();
        world.directory.approve_purge(&administrator, list.purge_id).unwrap();
    }
    before.proposed
}

#[test]
fn a_record_goes_to_the_archive_in_the_night_after_the_eighteenth_birthday() {
    let world = World::new();
    let number = world.child(SCHOOL, &young("s-1"));
    world.settle();
    let nurse = world.user(Role::Practitioner, SCHOOL);
    assert_eq!(found(&world, &nurse, "Lowe"), 1);
    assert_eq!(nights(&world, 1).settled, 1);
    assert_eq!(nights(&world, 1).settled, 0, "once");
    assert_eq!(found(&world, &nurse, "Lowe"), 0);
    let manager = world.user(Role::DataManager, HERE);
    assert_eq!(world.record(&manager, number)["child_number"], json!(number), "in the first year");
}

#[test]
fn a_young_person_who_agreed_stays_and_may_agree_no_more() {
    let world = World::new();
    let number = world.child(SCHOOL, &young("s-1"));
    let team = world.user(Role::AuthorityTeam, HERE);
    let today = england_day(world.directory.now());
    let agreed = HoldAsk::Extend {
        basis: ExtensionBasis::LearningDifficulty,
        method: Method::FaceToFace,
        notice_version: Label::new("2026-1").unwrap(),
        decided_on: today,
    };
    let other = world.user(Role::AuthorityTeam, THERE);
    assert_eq!(refused(world.directory.keep_record(&other, number, agreed.clone())), "unknown");
    let nurse = world.user(Role::Practitioner, SCHOOL);
    assert_eq!(refused(world.directory.keep_record(&nurse, number, agreed.clone())), "role_may_not_decide");
    let told = |ask: HoldAsk| world.directory.keep_record(&team, number, ask).unwrap().1.wait().unwrap().kind;
    assert_eq!(told(agreed.clone()), OutcomeKind::Recorded);
    assert_eq!(told(agreed), OutcomeKind::Unchanged);
    world.settle();
    assert_eq!(nights(&world, 10).settled, 0);
    assert_eq!(found(&world, &nurse, "Lowe"), 1, "of age, and here still");
    let mut moved = young("s-1");
    moved["address"] = json!({"lines": ["3 Elm Row"], "town": "London", "postcode": "N17 6AB"});
    let described = world.post(SCHOOL, "child.described", &json!({"child": moved}));
    assert_eq!(described.kind, OutcomeKind::Recorded, "{described:?}");
    let on = england_day(world.directory.now());
    assert_eq!(told(HoldAsk::Withdraw { decided_on: on }), OutcomeKind::Recorded);
    world.settle();
    assert_eq!(nights(&world, 1).settled, 1);
    assert_eq!(found(&world, &nurse, "Lowe"), 0);
}

/// All that the records of the queue's items say, as far as anybody with the keys can read it.
fn of_items(world: &World) -> String {
    let mut streams = BTreeSet::new();
    world
        .log
        .read_all(Position::ZERO, u32::MAX, &mut |record| {
            if record.header.stream.kind == StreamKind::Intake {
                streams.insert(record.header.stream);
            }
        })
        .unwrap();
    streams.into_iter().map(|stream| told(world, stream)).collect()
}

#[test]
fn what_waited_for_a_person_is_forgotten_thirty_days_after_its_end_and_what_it_came_to_is_not() {
    let world = World::new();
    let manager = world.user(Role::DataManager, HERE);
    let known = world.child(SCHOOL, &ava("s-1"));
    world.child(THERE, &ava("t-1"));
    let ends = |decision| {
        world.settle();
        let item = now(world.directory.queue(&manager)).unwrap().into_view()[0].id;
        let ended = world.directory.decide_queue(&manager, item, decision).unwrap().wait().unwrap();
        world.settle();
        ended
    };
    let disputed = world.post(THERE, "child.link_disputed", &json!({"local_ref": "t-1"}));
    assert_eq!(disputed.kind, OutcomeKind::Queued);
    assert_eq!(ends(QueueDecision::New).kind, OutcomeKind::Recorded);
    let mut again = ava("t-1");
    again["middle_names"] = json!("Rose");
    world.child(THERE, &again);
    // Which of the two?
    let queued = world.post(HERE, "child.described", &json!({"child": ava("h-1")}));
    assert_eq!(queued.kind, OutcomeKind::Queued);
    world.settle();
    assert_eq!(nights(&world, 40).keys, 1, "the dispute's, which is over");
    assert!(of_items(&world).contains("Lowe"), "it waits, and is kept for as long");
    assert_eq!(ends(QueueDecision::Link(known)).child_number, Some(known));
    assert_eq!(nights(&world, 29).keys, 0);
    assert_eq!(nights(&world, 2).keys, 1);
    assert_eq!(nights(&world, 3).keys, 0, "once");
    assert!(!of_items(&world).contains("Lowe"), "{}", of_items(&world));
    let outcome = |of: &World| of.outcome_of(HERE, &queued.id);
    let (kind, number) = (OutcomeKind::Recorded, Some(known));
    assert_eq!((outcome(&world).kind, outcome(&world).child_number), (kind, number));
    let world = world.reopened();
    world.settle();
    assert_eq!((outcome(&world).kind, outcome(&world).child_number), (kind, number));
    let team = world.user(Role::AuthorityTeam, HERE);
    assert_eq!(world.record(&team, known)["names"][0]["surname"], json!("Lowe"));
}

#[test]
fn what_was_withdrawn_is_forgotten_after_thirty_days_and_nothing_else() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let at_clinic = json!({"child_number": number});
    world.sensitive(&at_clinic);
    let withdrawn = json!({"child": at_clinic, "episode_ref": "ep-1", "decision": "withdrawn",
        "given_by": "child", "competence": "assessed_competent", "method": "face_to_face",
        "notice_version": "v1", "decided_on": "2026-11-21"});
    assert_eq!(world.post(CLINIC, "consent.recorded", &withdrawn).kind, OutcomeKind::Recorded);
    world.settle();
    assert_eq!(nights(&world, 29).keys, 0);
    assert_eq!(nights(&world, 1).keys, 1);
    assert_eq!(nights(&world, 3).keys, 0, "once");
    // What was said before the withdrawal comes too late for ever, though nothing of it is left.
    let mut again = withdrawn.clone();
    (again["decision"], again["decided_on"]) = (json!("given"), json!("2026-11-20"));
    let late = world.post(CLINIC, "consent.recorded", &again);
    assert_eq!(late.problem.map(|problem| problem.code.into_owned()).as_deref(), Some("decision_overtaken"));
    let team = world.user(Role::AuthorityTeam, HERE);
    let record = world.record(&team, number);
    assert_eq!(record["names"][0]["surname"], json!("Lowe"));
    let world = world.reopened();
    world.settle();
    let other = world.user(Role::AuthorityTeam, HERE);
    assert_eq!(world.record(&other, number)["history"], record["history"], "the tombstone stays");
}

#[test]
fn a_record_is_purged_after_six_years_of_nights_by_two_people_and_a_wait() {
    let world = World::in_files();
    let number = world.child(SCHOOL, &young("s-1"));
    let stays = world.child(SCHOOL, &zebedee("s-2"));
    world.settle();
    assert_eq!(nights(&world, 6 * YEAR).proposed, 0);
    assert_eq!(approved(&world, 3), 1);
    let manager = world.user(Role::DataManager, HERE);
    let list = &world.directory.purges(&manager).unwrap()[0];
    assert_eq!((list.records, list.approved.len()), (None, 2), "one is too few to be told");
    assert_eq!(world.directory.purges(&world.user(Role::DataManager, THERE)).unwrap(), []);
    assert_eq!(nights(&world, 2).purged, 0, "the time of waiting");
    let night = nights(&world, 2);
    assert_eq!((night.purged, night.keys), (1, 1));
    assert!(night.payloads > 0, "what was told of the child is gone from the log's files: {night:?}");
    assert_eq!(world.directory.purges(&manager).unwrap(), []);
    let team = world.user(Role::AuthorityTeam, HERE);
    let theirs = world.user(Role::AuthorityTeam, THERE);
    let ask = |person: &directory::Person, of| {
        let reference = Reference::new("HC-1").unwrap();
        let ask = HoldAsk::Place { ground: HoldGround::Complaint, reference };
        world.directory.keep_record(person, of, ask)
    };
    assert_eq!(refused(ask(&team, number)), "unknown");
    assert!(ask(&theirs, stays).is_ok());
    let world = world.reopened();
    world.settle();
    assert_eq!(nights(&world, 3), Night::default());
}

#[test]
fn a_hold_and_an_open_case_keep_a_record_and_one_placed_while_a_list_waits_spares_it() {
    let world = World::new();
    let number = world.child(SCHOOL, &young("s-1"));
    world.settle();
    nights(&world, 6 * YEAR);
    let manager = world.user(Role::DataManager, HERE);
    let placed = hold(&world, &manager, number);
    assert_eq!(nights(&world, 10).proposed, 0);
    let lift =
        |person: &directory::Person| world.directory.keep_record(person, number, HoldAsk::Lift(placed));
    let own = lift(&manager).unwrap().1.wait().unwrap();
    assert_eq!(own.problem.unwrap().code, "own_hold");
    lift(&world.user(Role::DataManager, HERE)).unwrap().1.wait().unwrap();
    world.settle();
    assert_eq!(approved(&world, 1), 1);
    hold(&world, &manager, number);
    let night = nights(&world, 5);
    assert_eq!((night.purged, night.spared), (0, 1));
}

#[test]
fn one_person_or_one_side_is_not_enough_and_a_list_that_is_stopped_comes_again() {
    let world = World::new();
    world.child(SCHOOL, &young("s-1"));
    world.settle();
    nights(&world, 6 * YEAR + 3);
    let manager = world.user(Role::DataManager, HERE);
    let list = world.directory.purges(&manager).unwrap()[0].purge_id;
    world.directory.approve_purge(&manager, list).unwrap();
    let refusal = |person: &directory::Person| match world.directory.approve_purge(person, list) {
        Err(AdminError::Refused { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(&manager), "own_approval");
    assert_eq!(refusal(&world.user(Role::DataManager, HERE)), "approval_of_same_side");
    assert_eq!(refusal(&world.user(Role::AuthorityTeam, HERE)), "role_may_not_decide");
    let elsewhere = world.directory.approve_purge(&world.user(Role::DataManager, THERE), list);
    assert!(matches!(elsewhere, Err(AdminError::Unknown)));
    assert_eq!(nights(&world, 10).purged, 0);
    let administrator = world.user(Role::Administrator, NATIONAL);
    world.directory.cancel_purge(&administrator, list).unwrap();
    assert_eq!(nights(&world, 1).proposed, 1);
    let without_pin = world.directory.person(
        administrator.account,
        Channel::Web,
        Assurance::OwnSignIn,
        None,
        events::looker::StepUp::Absent,
    );
    let again = world.directory.purges(&manager).unwrap()[0].purge_id;
    let asked = world.directory.approve_purge(&without_pin.unwrap(), again);
    assert!(matches!(asked, Err(AdminError::Refused { code: "step_up_missing", .. })));
}

#[test]
fn a_clock_that_leaps_by_ten_years_purges_nothing_and_when_it_is_right_again_nothing_is_lost() {
    let world = World::new();
    let begun = world.directory.now();
    let number = world.child(SCHOOL, &ava("s-1"));
    world.settle();
    nights(&world, 30);
    world.pass(Duration::days(3_650));
    assert!(world.directory.retain().unwrap().unsteady);
    // A week by the wrong clock, and it is believed; but nothing is purged by it.
    let wrong = nights(&world, 60);
    assert_eq!((wrong.settled, wrong.proposed), (1, 0));
    let world = world.reopened_at(begun + Duration::days(40));
    let right = nights(&world, 20);
    assert_eq!(right.settled, 1, "back from the archive");
    let nurse = world.user(Role::Practitioner, SCHOOL);
    assert_eq!(world.record(&nurse, number)["child_number"], json!(number));
}
