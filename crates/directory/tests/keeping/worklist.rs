//! The worklist of an authority: whom it names, to whom, and that each page is a fact.

use directory::{OutcomeKind, ShieldAsk};
use events::child::shield::Ground;
use serde_json::json;
use vocabulary::{ChildNumber, Role};

use crate::{
    reports::pupil,
    world::{HERE, NATIONAL, SCHOOL, THERE, World, not_shown, now},
};

#[test]
fn a_team_reads_its_own_children_without_education_fifty_a_page_and_each_page_is_a_fact() {
    let world = World::new();
    let mut numbers: Vec<ChildNumber> =
        (0..56).map(|number| world.child(SCHOOL, &pupil(number, "N17"))).collect();
    world.child(SCHOOL, &pupil(90, "M1"));
    let educated = |reference: &str, state: &str| {
        let stated = json!({"child": {"local_ref": reference}, "state": state, "on": "2026-11-01",
                            "organisation": (state == "attending").then_some(SCHOOL)});
        assert_eq!(world.post(SCHOOL, "education.stated", &stated).kind, OutcomeKind::Recorded);
    };
    educated("p-0", "attending");
    educated("p-1", "educated_otherwise");
    educated("p-2", "none_known");
    world.settle();
    let team = world.user(Role::AuthorityTeam, HERE);
    let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    let (_, pending) = world.directory.shield(&team, numbers[3], ask).unwrap();
    pending.wait().unwrap();
    let page = |after| {
        let before = world.directory.head().unwrap();
        let shown = now(world.directory.worklist(&team, visibility::Gap::NoEducation, after)).unwrap();
        assert!(shown.position() > before, "the page stands in the log");
        shown.into_view()
    };
    let first = page(None);
    let second = page(first.next);
    assert_eq!((first.children.len(), second.children.len(), second.next), (50, 3, None));
    let mut listed: Vec<ChildNumber> =
        first.children.iter().chain(&second.children).map(|child| child.child_number).collect();
    listed.sort_unstable();
    let left_out = [numbers[0], numbers[1], numbers[3]];
    numbers.retain(|number| !left_out.contains(number));
    numbers.sort_unstable();
    assert_eq!(listed, numbers);
    let line = serde_json::to_value(&first.children[0]).unwrap();
    assert!(line["names"][0]["surname"].is_string() && line["date_of_birth"].is_string(), "{line}");
}

#[test]
fn nobody_but_the_responsible_team_has_a_worklist() {
    let world = World::new();
    world.child(SCHOOL, &pupil(0, "N17"));
    world.settle();
    let asked = |role, organisation| {
        let person = world.user(role, organisation);
        now(world.directory.worklist(&person, visibility::Gap::NoPrimaryCare, None))
    };
    for (role, organisation) in [
        (Role::Practitioner, HERE),
        (Role::UserManager, HERE),
        (Role::Auditor, HERE),
        (Role::Auditor, NATIONAL),
        (Role::Administrator, HERE),
    ] {
        assert_eq!(not_shown(asked(role, organisation)), "role_may_not_decide", "{role:?}");
    }
    assert!(asked(Role::DataManager, THERE).unwrap().view().children.is_empty());
    assert_eq!(asked(Role::DataManager, HERE).unwrap().view().children.len(), 1);
}
