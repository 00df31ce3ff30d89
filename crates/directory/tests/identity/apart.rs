//! What a person told apart no likeness brings together again.

use directory::{Mode, OutcomeKind, QueueDecision};
use serde_json::json;
use vocabulary::Role;

use crate::world::{FEEDS, World, ava, now};

#[test]
fn a_reference_that_a_person_told_apart_is_never_matched_to_that_child_again() {
    let world = World::new();
    let manager = world.user(Role::DataManager);
    let known = world.described(FEEDS[0], &ava("s-1")).child_number.unwrap();
    let linked = world.described(FEEDS[1], &ava("p-1"));
    assert_eq!(linked.child_number, Some(known), "alike in everything");
    world.said(FEEDS[1], "child.link_disputed", &json!({"local_ref": "p-1"}), Mode::Record);
    let item = now(world.directory.queue(&manager)).unwrap().into_view()[0].id;
    let ended = world.directory.decide_queue(&manager, item, QueueDecision::New).unwrap().wait().unwrap();
    assert_eq!(ended.kind, OutcomeKind::Recorded);
    let mut again = ava("p-1");
    again["middle_names"] = json!("Rose");
    let told = world.described(FEEDS[1], &again);
    assert_eq!(told.kind, OutcomeKind::Recorded, "{told:?}");
    assert_ne!(told.child_number, Some(known));
    assert_eq!(world.described(FEEDS[2], &ava("w-1")).kind, OutcomeKind::Queued, "which of the two?");
}
