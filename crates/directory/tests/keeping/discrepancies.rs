//! Discrepancies: the team of the responsible authority hears whose word differs, and of what hidden services say no
//! longer than they are shown.

use directory::{MergeAsk, OutcomeKind, Person, ShieldAsk};
use events::child::{responsibility::Decision, shield::Ground};
use serde_json::{Value, json};
use vocabulary::{ChildNumber, Position, Role};

use crate::world::{CLINIC, HERE, NATIONAL, SCHOOL, THERE, World, ava, id, not_shown, now, zebedee};

fn listed(world: &World, person: &Person) -> Vec<Value> {
    let page = now(world.directory.discrepancies(person, Position::ZERO)).unwrap().into_view();
    page.discrepancies.iter().map(|line| serde_json::to_value(line).unwrap()).collect()
}

/// A source says of this child what it says of Ava, but for one field.
fn says(world: &World, organisation: &str, number: ChildNumber, field: &str, value: &str) {
    let mut child = ava("other-1");
    child["child_number"] = json!(number);
    child[field] = json!(value);
    let outcome = world.post(organisation, "child.described", &json!({"child": child}));
    assert_eq!(outcome.kind, OutcomeKind::Recorded, "{outcome:?}");
    world.settle();
}

fn teams(world: &World) -> (Person, Person) {
    (world.user(Role::AuthorityTeam, HERE), world.user(Role::DataManager, THERE))
}

#[test]
fn the_team_is_told_whose_word_differs_in_which_fields_and_of_which_its_source_was_told() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, there) = teams(&world);
    let before = world.directory.now();
    says(&world, HERE, number, "surname", "Low");
    says(&world, NATIONAL, number, "forename", "Eva");
    let waiting = listed(&world, &here);
    let told = |line: &Value| (line["supplier"].clone(), line["fields"].clone(), line["for_team"].clone());
    assert_eq!(told(&waiting[0]), (json!(HERE), json!(["surname"]), json!([])));
    assert_eq!(
        told(&waiting[1]),
        (json!(NATIONAL), json!([]), json!(["forename"])),
        "a register sees nothing"
    );
    assert_eq!((waiting.len(), &waiting[0]["child_number"]), (2, &json!(number)));
    assert_eq!(waiting[0]["since"], json!(before));
    let text = serde_json::to_string(&waiting).unwrap();
    assert!(["Low", "Lowe", "Eva", "Ava"].iter().all(|value| !text.contains(value)), "{text}");
    assert_eq!(listed(&world, &there), [] as [Value; 0]);
    let nurse = world.user(Role::Practitioner, SCHOOL);
    let refused = not_shown(now(world.directory.discrepancies(&nurse, Position::ZERO)));
    assert_eq!(refused, "role_may_not_decide");
}

#[test]
fn each_page_is_a_fact_first_and_the_next_begins_where_it_ended() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, _) = teams(&world);
    says(&world, HERE, number, "surname", "Low");
    let head = world.directory.head().unwrap();
    let page = now(world.directory.discrepancies(&here, Position::ZERO)).unwrap();
    assert_eq!((page.position(), page.view().next), (Position(head.0 + 1), None));
    let after = page.view().discrepancies[0].raised_at;
    let rest = now(world.directory.discrepancies(&here, after)).unwrap().into_view();
    assert_eq!(rest.discrepancies, []);
}

#[test]
fn what_another_source_settles_is_on_no_page_and_what_a_shield_hides_is_the_teams() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, _) = teams(&world);
    let shield = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    world.directory.shield(&here, number, shield).unwrap().1.wait().unwrap();
    says(&world, HERE, number, "surname", "Low");
    assert_eq!(listed(&world, &here).len(), 1, "a shielded child's stand on the list of its own team");
    let mut corrected = ava("s-1");
    corrected["surname"] = json!("Low");
    world.post(SCHOOL, "child.described", &json!({"child": corrected}));
    assert_eq!(listed(&world, &here), [] as [Value; 0], "at once, folded into rows or not");
    world.settle();
    assert_eq!(listed(&world, &here), [] as [Value; 0]);
}

#[test]
fn a_discrepancy_follows_its_record_to_another_authority_and_into_another_record() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let other = world.child(SCHOOL, &zebedee("s-2"));
    let (here, there) = (world.user(Role::DataManager, HERE), world.user(Role::DataManager, THERE));
    says(&world, HERE, number, "surname", "Low");
    let to = id(THERE);
    let (transfer, pending) = world.directory.propose_transfer(&here, number, &to).unwrap();
    pending.wait().unwrap();
    world.directory.decide_transfer(&there, transfer, Decision::Accept).unwrap().wait().unwrap();
    world.settle();
    assert_eq!((listed(&world, &here).len(), listed(&world, &there).len()), (0, 1));
    let ask = MergeAsk { stays: other, absorbed: number, despite: false };
    let merged = world.directory.merge_children(&there, ask).unwrap().wait().unwrap();
    assert_eq!(merged.kind, OutcomeKind::Recorded, "{merged:?}");
    world.settle();
    assert_eq!(listed(&world, &there)[0]["child_number"], json!(other));
    assert_eq!(listed(&world.reopened(), &there)[0]["child_number"], json!(other));
}

#[test]
fn what_a_sensitive_service_says_goes_from_the_list_with_its_consent() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (here, _) = teams(&world);
    let mut child = ava("c-1");
    child["child_number"] = json!(number);
    child["surname"] = json!("Low");
    world.sensitive(&child);
    let known = json!({"local_ref": "c-1"});
    world.settle();
    assert_eq!(listed(&world, &here)[0]["supplier"], json!(CLINIC));
    let withdrawn = json!({"child": known, "episode_ref": "ep-1", "decision": "withdrawn",
        "given_by": "child", "competence": "presumed_12_or_over", "method": "written", "notice_version": "v1",
        "decided_on": "2026-11-21"});
    assert_eq!(world.post(CLINIC, "consent.recorded", &withdrawn).kind, OutcomeKind::Recorded);
    assert_eq!(listed(&world, &here), [] as [Value; 0]);
}
