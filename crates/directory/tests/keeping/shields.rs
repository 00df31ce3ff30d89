//! Shields as their authority keeps them: what waits, what is due, and what a protected service brings about.

use chrono::{Days, Duration, NaiveDate};
use directory::{OutcomeKind, Person, SearchRequest, ShieldAsk, ShieldCursor, ShieldItem};
use events::{child::shield::Ground, search::Criteria};
use serde_json::{Value, json};
use vocabulary::{AccessReason, ChildNumber, Role, ShieldId, england_day};

use crate::world::{
    AID, HERE, NATIONAL, REFUGE, SCHOOL, THERE, World, ava, involvement, not_shown, now, zebedee,
};

fn today(world: &World) -> NaiveDate {
    england_day(world.directory.now())
}

fn in_days(world: &World, days: u64) -> NaiveDate {
    today(world).checked_add_days(Days::new(days)).unwrap()
}

fn decide(world: &World, person: &Person, number: ChildNumber, ask: ShieldAsk) -> ShieldId {
    let (shield, pending) = world.directory.shield(person, number, ask).unwrap();
    assert_eq!(pending.wait().unwrap().kind, OutcomeKind::Recorded);
    world.settle();
    shield
}

fn shield(review_by: Option<NaiveDate>) -> ShieldAsk {
    ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by }
}

fn listed(world: &World, person: &Person) -> Vec<Value> {
    let page = now(world.directory.shield_reviews(person, None)).unwrap().into_view();
    page.items.iter().map(|item| serde_json::to_value(item).unwrap()).collect()
}

#[test]
fn a_shield_is_on_the_list_from_thirty_days_before_its_review_and_stands_when_the_day_has_passed() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let team = world.user(Role::AuthorityTeam, HERE);
    let id = decide(&world, &team, number, shield(Some(in_days(&world, 31))));
    assert_eq!(listed(&world, &team), [] as [Value; 0]);
    world.pass(Duration::days(1));
    let due = listed(&world, &team);
    assert_eq!((&due[0]["kind"], &due[0]["overdue"]), (&json!("review"), &json!(false)));
    assert_eq!(due[0]["shield_id"], json!(id));
    world.pass(Duration::days(31));
    assert_eq!(listed(&world, &team)[0]["overdue"], json!(true));
    let nurse = world.user(Role::Practitioner, SCHOOL);
    assert_eq!(world.record(&nurse, number)["shielded"], json!(true), "a day that passes lifts nothing");
    decide(&world, &team, number, ShieldAsk::Keep { shield: id, review_by: in_days(&world, 170) });
    assert_eq!(listed(&world, &team), [] as [Value; 0]);
}

#[test]
fn what_waits_and_what_is_due_is_its_own_authoritys_alone_and_each_page_is_a_fact_first() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let nurse = world.user(Role::Practitioner, SCHOOL);
    let (here, there) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::DataManager, THERE));
    let asked = decide(&world, &nurse, number, shield(None));
    let before = world.directory.head().unwrap();
    let page = now(world.directory.shield_reviews(&here, None)).unwrap();
    assert!(page.position() > before);
    let ShieldItem::Request { shield_id, child_number, asked_by, .. } = &page.view().items[0] else {
        panic!("{:?}", page.view())
    };
    assert_eq!((*shield_id, *child_number, asked_by.as_str()), (asked, number, SCHOOL));
    assert_eq!(listed(&world, &there), [] as [Value; 0]);
    assert_eq!(not_shown(now(world.directory.shield_reviews(&nurse, None))), "role_may_not_decide");
    decide(&world, &here, number, ShieldAsk::Refuse(asked));
    assert_eq!(listed(&world, &here), [] as [Value; 0]);
}

#[test]
fn requests_stand_before_reviews_and_every_line_is_on_one_page() {
    let world = World::new();
    let number = world.child(SCHOOL, &ava("s-1"));
    let (nurse, team) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
    for days in (0..30).rev() {
        decide(&world, &team, number, shield(Some(in_days(&world, days))));
    }
    for _ in 0..30 {
        decide(&world, &nurse, number, shield(None));
    }
    let first = now(world.directory.shield_reviews(&team, None)).unwrap().into_view();
    let next = first.next.unwrap();
    assert_eq!(next.to_string().parse::<ShieldCursor>(), Ok(next));
    let second = now(world.directory.shield_reviews(&team, Some(next))).unwrap().into_view();
    assert_eq!((first.items.len(), second.items.len(), second.next), (50, 10, None));
    let days: Vec<Option<NaiveDate>> = first
        .items
        .iter()
        .chain(&second.items)
        .map(|item| match item {
            ShieldItem::Request { .. } => None,
            ShieldItem::Review { review_by, .. } => Some(*review_by),
        })
        .collect();
    assert!(days.is_sorted() && days.iter().filter(|day| day.is_none()).count() == 30);
    for wrong in ["", "request", "request-1", "review-2026-1", "other-1-0190a3c4d5e67f8091a2b3c4d5e6f711"] {
        assert!(wrong.parse::<ShieldCursor>().is_err(), "{wrong}");
    }
}

fn found_at(world: &World, person: &Person, postcode: &str) -> usize {
    let criteria = Criteria {
        surname: Some("Lowe".to_owned()),
        postcode: Some(postcode.parse().unwrap()),
        fuzzy: Some(false),
        ..Criteria::default()
    };
    let request = SearchRequest {
        criteria,
        reason: Some(AccessReason::NewReferral),
        page: 1,
        on_behalf_of: None,
        case_ref: None,
    };
    let page = now(world.directory.search(person, request)).unwrap().into_view();
    page.results.len()
}

/// Rules.md 1.4.
#[test]
fn a_protected_service_asks_for_a_shield_at_once_and_a_new_address_waits_for_the_answer() {
    for granted in [false, true] {
        let world = World::new();
        let number = world.child(SCHOOL, &ava("s-1"));
        let (nurse, team) = (world.user(Role::Practitioner, SCHOOL), world.user(Role::AuthorityTeam, HERE));
        let child = json!({"child_number": number, "local_ref": "r-1"});
        let mut placed = involvement(&child, "i-r", "refuge");
        placed["contacts"] = json!([{"kind": "address", "value": "9 Hidden Row"}]);
        let refused = world.post(REFUGE, "involvement.started", &placed);
        assert_eq!(refused.problem.unwrap().code, "address_not_taken");
        let started = world.post(REFUGE, "involvement.started", &involvement(&child, "i-r", "refuge"));
        assert_eq!(started.kind, OutcomeKind::Recorded, "{started:?}");
        world.settle();
        let waiting = listed(&world, &team);
        assert_eq!(waiting[0]["holds_addresses"], json!(true));
        assert_eq!(waiting[0]["ground"], json!("protected_service"));
        let mut moved = ava("s-1");
        moved["address"] = json!({"lines": ["9 Hidden Row"], "town": "London", "postcode": "N17 9ZZ"});
        world.post(SCHOOL, "child.described", &json!({"child": moved}));
        for person in [&nurse, &team] {
            assert_eq!(world.record(person, number)["address"]["postcode"], json!("N17 6AA"));
        }
        assert_eq!((found_at(&world, &nurse, "N17 9ZZ"), found_at(&world, &nurse, "N17 6AA")), (0, 1));
        let shield: ShieldId = serde_json::from_value(waiting[0]["shield_id"].clone()).unwrap();
        let (ground, review_by) = (Ground::ProtectedService, in_days(&world, 100));
        let decision =
            if granted { ShieldAsk::Apply { shield, ground, review_by } } else { ShieldAsk::Refuse(shield) };
        decide(&world, &team, number, decision);
        assert_eq!(world.record(&team, number)["address"]["postcode"], json!("N17 9ZZ"));
        let seen = world.record(&nurse, number);
        if granted {
            assert_eq!((&seen["shielded"], seen.get("address")), (&json!(true), None));
        } else {
            assert_eq!(seen["address"]["postcode"], json!("N17 9ZZ"));
        }
    }
}

/// Rules.md 1.4: what waits for a shield places nobody, the authority least of all.
#[test]
fn an_address_that_waits_takes_no_child_out_of_the_national_pool() {
    let world = World::new();
    let mut nowhere = zebedee("n-1");
    nowhere["address"] = json!("none_known");
    let number = world.child(NATIONAL, &nowhere);
    let team = world.user(Role::AuthorityTeam, THERE);
    let child = json!({"child_number": number, "local_ref": "r-1"});
    let started = world.post(AID, "involvement.started", &involvement(&child, "i-r", "refuge"));
    assert_eq!(started.kind, OutcomeKind::Recorded, "{started:?}");
    world.post(NATIONAL, "child.described", &json!({"child": zebedee("n-1")}));
    assert_eq!(world.record(&team, number)["involvements"], json!([]), "it is not their child");
}
