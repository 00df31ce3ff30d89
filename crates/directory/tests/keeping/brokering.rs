//! Brokering: routed without a name, answered once, and told alike whatever is hidden.

use chrono::Duration;
use directory::{BrokeringRequest, OutcomeKind, Person, ShieldAsk};
use events::{
    brokering::{About, Outcome},
    child::shield::Ground,
};
use serde_json::{Value, json};
use vocabulary::{AccessReason, BrokeringId, ChildNumber, Contact, ContactKind, Position, Role};

use crate::world::{CLINIC, HERE, NATIONAL, SCHOOL, THERE, World, ava, not_shown, now, refused, zebedee};

fn asking(number: ChildNumber) -> BrokeringRequest {
    let telephone =
        Contact { kind: ContactKind::Telephone, used: None, value: "020 7946 0003".to_owned(), hours: None };
    BrokeringRequest {
        number,
        about: About::Sensitive,
        reason: Some(AccessReason::Assessment),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        contacts: vec![telephone],
    }
}

fn ask(world: &World, person: &Person, number: ChildNumber) -> BrokeringId {
    let taken = world.directory.request_brokering(person, asking(number)).unwrap();
    assert_eq!(taken.due_by, world.directory.now() + Duration::minutes(30));
    assert_eq!(taken.pending.wait().unwrap().kind, OutcomeKind::Recorded);
    world.settle();
    taken.id
}

fn answer(world: &World, person: &Person, id: BrokeringId, outcome: Outcome) {
    let answered = world.directory.answer_brokering(person, id, outcome).unwrap().wait().unwrap();
    assert_eq!(answered.kind, OutcomeKind::Recorded);
    world.settle();
}

/// What waits at the person's desk.
fn desk(world: &World, person: &Person) -> Vec<Value> {
    let page = now(world.directory.brokering_desk(person, Position::ZERO)).unwrap().into_view();
    page.requests.iter().map(|request| serde_json::to_value(request).unwrap()).collect()
}

/// What the person asked.
fn own(world: &World, person: &Person) -> Vec<Value> {
    let page = world.directory.brokering_own(person, Position::ZERO).unwrap();
    page.requests.iter().map(|request| serde_json::to_value(request).unwrap()).collect()
}

#[test]
fn a_request_goes_to_the_desk_of_the_childs_authority_and_to_no_other() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (nurse, here) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    let there = world.user(Role::AuthorityTeam, THERE);
    let id = ask(&world, &nurse, number);
    assert_eq!(desk(&world, &there), [] as [Value; 0]);
    assert_eq!(refused(world.directory.answer_brokering(&there, id, Outcome::ContactMade)), "unknown");
    assert_eq!(
        refused(world.directory.answer_brokering(&nurse, id, Outcome::ContactMade)),
        "role_may_not_answer"
    );
    assert_eq!(not_shown(now(world.directory.brokering_desk(&nurse, Position::ZERO))), "role_may_not_answer");
    let waiting = desk(&world, &here);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["child_number"], json!(number));
    assert_eq!(waiting[0]["asked_by"]["organisation"], json!(SCHOOL));
    assert_eq!(waiting[0]["asked_by"]["contacts"][0]["value"], json!("020 7946 0003"));
    let mine = own(&world, &nurse);
    assert!(!mine[0].to_string().contains(HERE), "the asker learns no authority: {}", mine[0]);
    assert_eq!(mine[0]["state"], json!("waiting"));
    answer(&world, &here, id, Outcome::CallbackArranged);
    assert_eq!(desk(&world, &here), [] as [Value; 0]);
    assert_eq!(own(&world, &nurse)[0]["outcome"], json!("callback_arranged"));
    let other = world.directory.answer_brokering(&here, id, Outcome::NothingToPassOn);
    assert_eq!(refused(other), "brokering_answered");
}

#[test]
fn the_desks_page_is_a_fact_before_it_is_shown_and_ones_own_is_none() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (nurse, here) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    ask(&world, &nurse, number);
    let before = world.directory.head().unwrap();
    own(&world, &nurse);
    assert_eq!(world.directory.head().unwrap(), before);
    let page = now(world.directory.brokering_desk(&here, Position::ZERO)).unwrap();
    assert!(page.position() > before && world.directory.head().unwrap() == page.position());
}

#[test]
fn what_is_due_first_stands_first_and_goes_by_pages_of_fifty() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (nurse, here) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    for _ in 0..51 {
        ask(&world, &nurse, number);
        world.pass(Duration::minutes(1));
    }
    let first = now(world.directory.brokering_desk(&here, Position::ZERO)).unwrap().into_view();
    assert_eq!(first.requests.len(), 50);
    assert!(first.requests.is_sorted_by_key(|request| request.due_by));
    assert_eq!(first.requests.iter().filter(|request| request.overdue).count(), 21);
    let second = now(world.directory.brokering_desk(&here, first.next.unwrap())).unwrap().into_view();
    assert_eq!((second.requests.len(), second.next), (1, None));
    let mine = world.directory.brokering_own(&nurse, Position::ZERO).unwrap();
    assert_eq!((mine.requests.len(), mine.next), (50, first.next));
}

/// Rules.md 2.3, 2.6: two children, one with a sensitive service and one with nothing to hide.
#[test]
fn whether_anything_is_hidden_shows_in_no_answer_and_not_in_its_timing() {
    let world = World::new();
    let plain = world.child(SCHOOL, &zebedee("s-2"));
    let secret = world.child(SCHOOL, &ava("s-1"));
    world.sensitive(&ava("c-1"));
    let (nurse, here) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    let there = world.user(Role::AuthorityTeam, THERE);
    let hidden = world.record(&here, secret)["involvements"][0]["service_type"].clone();
    assert_eq!(hidden, json!("mental_health"), "the desk sees by its own look whom to ring");
    let asked = [(ask(&world, &nurse, plain), &there), (ask(&world, &nurse, secret), &here)];
    // Nobody to ask is known at once; the clinic is rung, and declines.
    for ((id, team), minutes) in asked.into_iter().zip([0, 20]) {
        world.pass(Duration::minutes(minutes));
        answer(&world, team, id, Outcome::NothingToPassOn);
        let told: Vec<Value> = own(&world, &nurse).into_iter().map(|told| told["state"].clone()).collect();
        assert_eq!(told, ["waiting", "waiting"]);
    }
    world.pass(Duration::minutes(10));
    let told: Vec<Value> = own(&world, &nurse)
        .into_iter()
        .map(|mut told| {
            told.as_object_mut().unwrap().retain(|name, _| name != "brokering_id" && name != "child_number");
            told
        })
        .collect();
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0]["outcome"], json!("nothing_to_pass_on"));
    assert_eq!(told[0]["answered_at"], told[0]["due_by"]);
}

#[test]
fn a_shielded_record_is_asked_about_as_any_other_and_a_concealed_one_is_unknown() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (nurse, here) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    let shield = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    world.directory.shield(&here, number, shield).unwrap().1.wait().unwrap();
    let id = ask(&world, &nurse, number);
    answer(&world, &here, id, Outcome::ContactMade);
    assert_eq!(own(&world, &nurse)[0]["outcome"], json!("contact_made"), "a contact is told at once");
    let nobody = ChildNumber::from_draw(99);
    assert_eq!(refused(world.directory.request_brokering(&nurse, asking(nobody))), "unknown");
    let dead = json!({"child": {"local_ref": "s-1"}, "on": "2026-11-01"});
    world.post(SCHOOL, "child.died", &dead);
    world.pass(Duration::days(400));
    let later = world.user(Role::Practitioner, SCHOOL);
    assert_eq!(refused(world.directory.request_brokering(&later, asking(number))), "unknown");
}

#[test]
fn nobody_answers_their_own_request_and_who_may_not_look_may_not_ask() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let here = world.user(Role::AuthorityTeam, HERE);
    let id = ask(&world, &here, number);
    assert_eq!(refused(world.directory.answer_brokering(&here, id, Outcome::ContactMade)), "own_request");
    let colleague = world.user(Role::DataManager, HERE);
    answer(&world, &colleague, id, Outcome::ContactMade);
    let administrator = world.user(Role::Administrator, HERE);
    assert_eq!(
        refused(world.directory.request_brokering(&administrator, asking(number))),
        "role_may_not_look"
    );
}

/// The pool's children have no desk of their own: the asker's authority answers, and for a national body any.
#[test]
fn a_child_of_the_pool_is_brokered_by_the_askers_own_desk_or_by_any() {
    let world = World::new();
    let mut nowhere = ava("n-1");
    nowhere["address"] = json!("none_known");
    let outcome = world.post(NATIONAL, "child.described", &json!({"child": nowhere}));
    let number = outcome.child_number.unwrap();
    let (here, there) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::AuthorityTeam, THERE));
    ask(&world, &world.user(Role::Practitioner, CLINIC), number);
    assert_eq!((desk(&world, &here).len(), desk(&world, &there).len()), (1, 0));
    let id = ask(&world, &world.user(Role::NationalPartner, NATIONAL), number);
    assert_eq!((desk(&world, &here).len(), desk(&world, &there).len()), (2, 1));
    answer(&world, &there, id, Outcome::ContactMade);
    assert_eq!((desk(&world, &here).len(), desk(&world, &there).len()), (1, 0));
}

#[test]
fn what_waits_at_a_desk_waits_there_after_another_opening() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (nurse, here) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    let id = ask(&world, &nurse, number);
    let world = world.reopened();
    assert_eq!(desk(&world, &here).len(), 1);
    answer(&world, &here, id, Outcome::ContactMade);
    let world = world.reopened();
    assert_eq!(desk(&world, &here), [] as [Value; 0]);
    assert_eq!(own(&world, &nurse)[0]["outcome"], json!("contact_made"));
}
