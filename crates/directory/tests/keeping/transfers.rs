//! Transfers: the record moves when both authorities have said so, and not before.

use chrono::Duration;
use directory::{MergeAsk, OutcomeKind, Person, SearchRequest, ShieldAsk};
use events::{
    child::{responsibility::Decision, shield::Ground},
    search::Criteria,
};
use serde_json::{Value, json};
use vocabulary::{AccessReason, ChildNumber, Position, Role, TransferId};

use crate::world::{HERE, NATIONAL, SCHOOL, THERE, World, ava, id, not_shown, now, refused, zebedee};

fn propose(world: &World, person: &Person, number: ChildNumber, to: &str) -> TransferId {
    let (transfer, pending) = world.directory.propose_transfer(person, number, &id(to)).unwrap();
    assert_eq!(pending.wait().unwrap().kind, OutcomeKind::Recorded);
    world.settle();
    transfer
}

fn decide(world: &World, person: &Person, transfer: TransferId, decision: Decision) {
    let pending = world.directory.decide_transfer(person, transfer, decision).unwrap();
    assert_eq!(pending.wait().unwrap().kind, OutcomeKind::Recorded);
    world.settle();
}

fn listed(world: &World, person: &Person) -> Vec<Value> {
    let page = now(world.directory.transfers(person, Position::ZERO)).unwrap().into_view();
    page.transfers.iter().map(|line| serde_json::to_value(line).unwrap()).collect()
}

fn authority(world: &World, person: &Person, number: ChildNumber) -> Value {
    world.record(person, number)["responsible_authority"]["id"].clone()
}

fn teams(world: &World) -> (Person, Person) {
    (world.user(Role::AuthorityTeam, HERE), world.user(Role::DataManager, THERE))
}

/// I-1
#[test]
fn a_child_moves_when_the_other_authority_has_accepted_and_no_sooner() {
    for claimed in [false, true] {
        let world = World::new();
        let number = world.child(SCHOOL, &ava("s-1"));
        let (here, there) = teams(&world);
        let (asks, answers) = if claimed { (&there, &here) } else { (&here, &there) };
        let transfer = propose(&world, asks, number, THERE);
        assert_eq!(authority(&world, &here, number), json!(HERE));
        let waiting = listed(&world, answers);
        assert_eq!(waiting[0]["child_number"], json!(number));
        assert_eq!((&waiting[0]["from"], &waiting[0]["to"]), (&json!(HERE), &json!(THERE)));
        assert_eq!(waiting[0]["awaits_you"], json!(true));
        assert_eq!(listed(&world, asks)[0]["awaits_you"], json!(false));
        let own = world.directory.decide_transfer(asks, transfer, Decision::Accept).unwrap().wait().unwrap();
        assert_eq!(own.problem.unwrap().code, "transfer_awaits_other");
        decide(&world, answers, transfer, Decision::Accept);
        assert_eq!(authority(&world, &here, number), json!(THERE));
        assert_eq!((listed(&world, &here).len(), listed(&world, &there).len()), (0, 0));
        let again = world.directory.decide_transfer(answers, transfer, Decision::Decline);
        assert_eq!(refused(again), "unknown");
        let request = SearchRequest {
            criteria: Criteria {
                surname: Some("Lowe".to_owned()),
                birth_year: Some(2013),
                ..Criteria::default()
            },
            reason: Some(AccessReason::NewReferral),
            page: 1,
            on_behalf_of: None,
            case_ref: None,
        };
        let page = now(world.directory.search(&here, request)).unwrap().into_view();
        let found = serde_json::to_value(&page.results[0]).unwrap();
        assert_eq!(found["local_authority"]["id"], json!(THERE));
        let world = world.reopened();
        assert_eq!(authority(&world, &here, number), json!(THERE));
    }
}

#[test]
fn nobody_but_the_two_authorities_moves_a_child() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, there) = teams(&world);
    let nurse = world.user(Role::Practitioner, SCHOOL);
    let asks = |person: &Person, to: &str| {
        refused(world.directory.propose_transfer(person, number, &id(to)).map(|(transfer, _)| transfer))
    };
    assert_eq!(asks(&nurse, HERE), "not_responsible_authority");
    assert_eq!(asks(&there, SCHOOL), "not_responsible_authority");
    assert_eq!(asks(&here, SCHOOL), "authority_unknown");
    let own = world.directory.propose_transfer(&here, number, &id(HERE)).unwrap().1.wait().unwrap();
    assert_eq!(own.problem.unwrap().code, "answers_already");
    let far = world.child(THERE, &zebedee("z-1"));
    assert_eq!(authority(&world, &here, far), json!(THERE));
    assert_eq!(
        not_shown(now(world.directory.transfers(&nurse, Position::ZERO))),
        "not_responsible_authority"
    );
    let nothing = world.directory.decide_transfer(&here, TransferId::from_u128(7), Decision::Accept);
    assert_eq!(refused(nothing), "unknown");
}

#[test]
fn a_move_that_nobody_answers_is_overdue_and_waits_all_the_same() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, there) = teams(&world);
    let transfer = propose(&world, &here, number, THERE);
    assert_eq!(listed(&world, &there)[0]["overdue"], json!(false));
    world.pass(Duration::days(10));
    assert_eq!(listed(&world, &there)[0]["overdue"], json!(true));
    assert_eq!(authority(&world, &here, number), json!(HERE));
    decide(&world, &there, transfer, Decision::Decline);
    assert_eq!((listed(&world, &here).len(), listed(&world, &there).len()), (0, 0));
    assert_eq!(authority(&world, &here, number), json!(HERE));
}

fn moved(reference: &str) -> Value {
    let mut moved = ava(reference);
    moved["address"] = json!({"lines": ["3 Dock Street"], "town": "Manchester", "postcode": "M1 1AE"});
    moved
}

/// Rules.md 1.3: no feed moves a child; it proposes the move to both.
#[test]
fn a_new_address_elsewhere_proposes_the_move_to_both_once() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, there) = teams(&world);
    world.post(SCHOOL, "child.described", &json!({"child": moved("s-1")}));
    world.settle();
    assert_eq!(authority(&world, &here, number), json!(HERE));
    for team in [&here, &there] {
        let waiting = listed(&world, team);
        assert_eq!((waiting.len(), &waiting[0]["awaits_you"]), (1, &json!(true)));
        assert_eq!(waiting[0].get("proposed_by"), None);
    }
    let transfer = serde_json::from_value(listed(&world, &here)[0]["transfer_id"].clone()).unwrap();
    decide(&world, &there, transfer, Decision::Decline);
    let mut renamed = moved("s-1");
    renamed["known_as"] = json!("Avie");
    world.post(SCHOOL, "child.described", &json!({"child": renamed}));
    world.settle();
    assert_eq!(listed(&world, &here), [] as [Value; 0], "the same address asks no second time");
    let asked = propose(&world, &here, number, THERE);
    decide(&world, &there, asked, Decision::Accept);
    assert_eq!(authority(&world, &here, number), json!(THERE));
}

/// Rules.md 2.3, 2.4: where a shielded child went is proposed to nobody, and who answers is told by themselves alone.
#[test]
fn a_shield_keeps_the_move_and_the_authority_from_the_other() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, there) = teams(&world);
    let shield = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    world.directory.shield(&here, number, shield).unwrap().1.wait().unwrap();
    world.post(SCHOOL, "child.described", &json!({"child": moved("s-1")}));
    world.settle();
    assert_eq!((listed(&world, &here).len(), listed(&world, &there).len()), (0, 0));
    let claim = propose(&world, &there, number, THERE);
    let waiting = listed(&world, &there);
    assert_eq!((waiting.len(), waiting[0].get("from")), (1, None), "{waiting:?}");
    assert_eq!(listed(&world, &here)[0]["from"], json!(HERE));
    decide(&world, &here, claim, Decision::Decline);
    let given = propose(&world, &here, number, THERE);
    assert_eq!(listed(&world, &there)[0]["from"], json!(HERE));
    decide(&world, &there, given, Decision::Accept);
    assert_eq!(authority(&world, &there, number), json!(THERE));
    assert!(authority(&world, &here, number).is_null(), "the team that was sees it no more");
}

#[test]
fn two_records_of_two_authorities_become_one_after_a_transfer() {
    let world = World::new();
    let near = world.child(SCHOOL, &ava("s-1"));
    let far = world.child(THERE, &zebedee("z-1"));
    let (here, there) = (world.user(Role::DataManager, HERE), world.user(Role::DataManager, THERE));
    let ask = MergeAsk { stays: near, absorbed: far, despite: false };
    assert_eq!(refused(world.directory.merge_children(&here, ask)), "not_responsible_authority");
    let transfer = propose(&world, &there, far, HERE);
    decide(&world, &here, transfer, Decision::Accept);
    let merged = world.directory.merge_children(&here, ask).unwrap().wait().unwrap();
    assert_eq!(merged.kind, OutcomeKind::Recorded, "{merged:?}");
    // What is one moves as one, and stays moved when it is parted again.
    let back = propose(&world, &here, near, THERE);
    decide(&world, &there, back, Decision::Accept);
    world.directory.split_children(&there, near, far).unwrap().wait().unwrap();
    assert_eq!((authority(&world, &here, near), authority(&world, &here, far)), (json!(THERE), json!(THERE)));
}

#[test]
fn a_child_of_the_pool_is_taken_at_once_and_merged_with_an_authoritys_child_is_that_authoritys() {
    let world = World::new();
    let mut nowhere = zebedee("n-1");
    nowhere["address"] = json!("none_known");
    let pooled = world.child(NATIONAL, &nowhere);
    let (here, there) = (world.user(Role::DataManager, HERE), world.user(Role::DataManager, THERE));
    let near = world.child(SCHOOL, &ava("s-1"));
    let merge = MergeAsk { stays: pooled, absorbed: near, despite: false };
    world.directory.merge_children(&here, merge).unwrap().wait().unwrap();
    assert_eq!(authority(&world, &there, pooled), json!(HERE));
    let mut other = zebedee("n-2");
    other["forename"] = json!("Niamh");
    other["surname"] = json!("Featherstone");
    other["gender"] = json!("female");
    other["date_of_birth"] = json!("2014-07-19");
    other["address"] = json!("none_known");
    let second = world.child(NATIONAL, &other);
    propose(&world, &there, second, THERE);
    assert_eq!(authority(&world, &here, second), json!(THERE));
    assert_eq!(listed(&world, &there), [] as [Value; 0]);
}
