//! Notices: who is to be told, one a household, the child from twelve, carers apart, shielded homes through the team.

use chrono::Duration;
use directory::{HandError, NoticeAsk, NoticeFor, NoticeItem, NoticeQuery, OutcomeKind, Person, ShieldAsk};
use events::child::{
    notices::{Audience, Means},
    shield::Ground,
};
use serde_json::{Value, json};
use vocabulary::{ChildNumber, KeyedRef, Label, Role, england_day};

use crate::{
    reports::pupil,
    world::{HERE, NATIONAL, SCHOOL, THERE, World, ava, not_shown, now, refused, zebedee},
};

/// A child of Mill Lane, whose father lives in Far Road.
fn sibling(reference: &str, forename: &str, born: &str) -> Value {
    let mut child = ava(reference);
    child["forename"] = json!(forename);
    child["date_of_birth"] = json!(born);
    child["carers"] = json!([
        {"carer_ref": "m", "name": "Mary Lowe", "relation": "parental_responsibility", "contacts": [
            {"kind": "address", "value": "12 Mill Lane, London"}]},
        {"carer_ref": reference, "name": "Paul Lowe", "relation": "parental_responsibility", "contacts": [
            {"kind": "address", "value": "3 Far Road, Leeds"}]}]);
    child
}

fn published(world: &World, version: &str) {
    let administrator = world.user(Role::Administrator, NATIONAL);
    let version = Label::new(version).unwrap();
    world.directory.publish_notice(&administrator, version, None).unwrap();
}

fn asked(whom: NoticeFor) -> NoticeQuery {
    NoticeQuery { whom, shielded: false, after: None }
}

fn due(world: &World, team: &Person, query: NoticeQuery) -> Vec<NoticeItem> {
    world.settle();
    let page = now(world.directory.notices_due(team, query)).unwrap().into_view();
    assert_eq!(page.next, None);
    page.due
}

fn numbers(items: &[NoticeItem]) -> Vec<ChildNumber> {
    items.iter().map(|item| item.child_number).collect()
}

fn give(world: &World, team: &Person, number: ChildNumber, audience: Audience) {
    let ask = NoticeAsk { number, audience, means: Means::Post };
    let outcome = world.directory.give_notice(team, ask).unwrap().wait().unwrap();
    assert_eq!(outcome.kind, OutcomeKind::Recorded, "{outcome:?}");
}

fn problem(world: &World, team: &Person, ask: NoticeAsk) -> String {
    let outcome = world.directory.give_notice(team, ask).unwrap().wait().unwrap();
    outcome.problem.unwrap().code.into_owned()
}

fn shield(world: &World, team: &Person, number: ChildNumber) {
    let review_by = Some(england_day(world.directory.now()) + Duration::days(90));
    let asked = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by };
    world.directory.shield(team, number, asked).unwrap().1.wait().unwrap();
}

#[test]
fn one_notice_tells_a_household_and_each_publication_is_due_anew() {
    let world = World::new();
    let ava = world.child(SCHOOL, &sibling("s-1", "Ava", "2013-04-02"));
    let ben = world.child(SCHOOL, &sibling("s-2", "Benedict", "2017-07-07"));
    let elsewhere = world.child(SCHOOL, &zebedee("s-3"));
    let (team, there) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::AuthorityTeam, THERE));
    assert!(due(&world, &team, asked(NoticeFor::Household)).is_empty(), "nothing is published");
    let early = NoticeAsk { number: ava, audience: Audience::Household, means: Means::Post };
    assert_eq!(refused(world.directory.give_notice(&team, early)), "notice_unpublished");
    published(&world, "2026-1");
    let household = due(&world, &team, asked(NoticeFor::Household));
    let [item] = &household[..] else { panic!("{household:?}") };
    let mut both = vec![item.child_number];
    both.extend(&item.with);
    both.sort_unstable();
    let mut expected = vec![ava, ben];
    expected.sort_unstable();
    assert_eq!((both, &item.last_version), (expected, &None));
    assert_eq!(numbers(&due(&world, &there, asked(NoticeFor::Household))), [elsewhere]);
    give(&world, &team, ben, Audience::Household);
    assert!(due(&world, &team, asked(NoticeFor::Household)).is_empty());
    // Who is born into a home that was told, or comes there, is told of with it.
    let baby = world.child(SCHOOL, &sibling("s-4", "Cassandra", "2026-11-01"));
    assert!(due(&world, &team, asked(NoticeFor::Household)).is_empty());
    published(&world, "2026-2");
    let again = due(&world, &team, asked(NoticeFor::Household));
    assert_eq!((again.len(), again[0].with.len()), (1, 2), "{again:?}");
    let moved = json!({"local_ref": "s-4", "forename": "Cassandra", "surname": "Lowe", "gender": "female",
        "date_of_birth": "2026-11-01", "address": {"lines": ["9 New Row"], "postcode": "N17 6AB"}});
    give(&world, &team, ava, Audience::Household);
    world.post(SCHOOL, "child.described", &json!({"child": moved}));
    assert_eq!(numbers(&due(&world, &team, asked(NoticeFor::Household))), [baby], "another home");
}

#[test]
fn a_copy_is_due_from_twelve_and_the_mark_for_a_parent_stands_there_and_on_no_record() {
    let world = World::new();
    let ava = world.child(SCHOOL, &sibling("s-1", "Ava", "2013-04-02"));
    let young = world.child(SCHOOL, &sibling("s-2", "Benedict", "2014-11-22"));
    let team = world.user(Role::AuthorityTeam, HERE);
    published(&world, "2026-1");
    let marked = world.directory.include_parent(&team, ava, true).unwrap().wait().unwrap();
    assert_eq!(marked.kind, OutcomeKind::Recorded);
    let copies = due(&world, &team, asked(NoticeFor::OwnCopy));
    assert_eq!(
        copies.iter().map(|item| (item.child_number, item.parent_too)).collect::<Vec<_>>(),
        [(ava, true)]
    );
    let early = NoticeAsk { number: young, audience: Audience::OwnCopy, means: Means::InPerson };
    assert_eq!(problem(&world, &team, early), "notice_too_young");
    let record = world.record(&team, ava).to_string();
    assert!(!record.contains("notice") && !record.contains("parent_too"), "{record}");
    give(&world, &team, ava, Audience::OwnCopy);
    assert!(due(&world, &team, asked(NoticeFor::OwnCopy)).is_empty());
    world.pass(Duration::days(1));
    assert_eq!(numbers(&due(&world, &team, asked(NoticeFor::OwnCopy))), [young], "twelve today");
    let unmarked = world.directory.include_parent(&team, ava, false).unwrap().wait().unwrap();
    assert_eq!(unmarked.kind, OutcomeKind::Recorded);
}

#[test]
fn a_carer_who_lives_elsewhere_is_told_once_of_all_their_children() {
    let world = World::new();
    let ava = world.child(SCHOOL, &sibling("s-1", "Ava", "2013-04-02"));
    let ben = world.child(SCHOOL, &sibling("s-2", "Benedict", "2017-07-07"));
    let team = world.user(Role::AuthorityTeam, HERE);
    published(&world, "2026-1");
    give(&world, &team, ava, Audience::Household);
    let apart = due(&world, &team, asked(NoticeFor::CarerApart));
    let [item] = &apart[..] else { panic!("{apart:?}") };
    assert!([ava, ben].contains(&item.child_number) && item.carers.len() == 1, "{item:?}");
    let text = serde_json::to_string(item).unwrap();
    assert!(!text.contains("Far Road") && !text.contains("Mill Lane"), "no page holds an address: {text}");
    let aunt = world.user(Role::AuthorityTeam, HERE);
    world.directory.declare_relationship(&aunt, ben).unwrap();
    assert!(due(&world, &aunt, asked(NoticeFor::CarerApart)).is_empty(), "of that home she deals with none");
    let by_aunt = NoticeAsk { number: ava, audience: Audience::Household, means: Means::Post };
    assert_eq!(refused(world.directory.give_notice(&aunt, by_aunt)), "declared_relationship");
    let nobody = Audience::CarerApart(KeyedRef::from_u128(7));
    let wrong = NoticeAsk { number: ava, audience: nobody, means: Means::Post };
    assert_eq!(problem(&world, &team, wrong), "notice_nobody_there");
    give(&world, &team, item.child_number, Audience::CarerApart(item.carers[0]));
    assert!(due(&world, &team, asked(NoticeFor::CarerApart)).is_empty());
}

#[test]
fn a_shielded_home_stands_on_a_list_of_its_own_names_nobody_beside_it_and_is_told_through_the_team() {
    let world = World::new();
    let ava = world.child(SCHOOL, &sibling("s-1", "Ava", "2013-04-02"));
    let ben = world.child(SCHOOL, &sibling("s-2", "Benedict", "2017-07-07"));
    let team = world.user(Role::AuthorityTeam, HERE);
    published(&world, "2026-1");
    shield(&world, &team, ava);
    let open = due(&world, &team, asked(NoticeFor::Household));
    assert_eq!((numbers(&open), open[0].with.len()), (vec![ben], 0));
    let hidden = NoticeQuery { shielded: true, ..asked(NoticeFor::Household) };
    let through_team = due(&world, &team, hidden);
    assert_eq!((numbers(&through_team), through_team[0].with.len()), (vec![ava], 0));
    let by_post = NoticeAsk { number: ava, audience: Audience::Household, means: Means::Post };
    assert_eq!(problem(&world, &team, by_post), "notice_through_team");
    // What the open home is told leaves the shielded one due.
    give(&world, &team, ben, Audience::Household);
    assert_eq!(numbers(&due(&world, &team, hidden)), [ava]);
    let ask = NoticeAsk { means: Means::ThroughTeam, ..by_post };
    assert_eq!(world.directory.give_notice(&team, ask).unwrap().wait().unwrap().kind, OutcomeKind::Recorded);
    assert!(due(&world, &team, hidden).is_empty());
}

#[test]
fn notices_are_the_teams_own_and_each_page_ends_where_the_next_begins() {
    let world = World::new();
    let mut all: Vec<ChildNumber> =
        (0..60).map(|number| world.child(SCHOOL, &pupil(number, "N17"))).collect();
    let (team, there) = (world.user(Role::AuthorityTeam, HERE), world.user(Role::AuthorityTeam, THERE));
    let nurse = world.user(Role::Practitioner, SCHOOL);
    published(&world, "2026-1");
    world.settle();
    let page = |after| {
        let query = NoticeQuery { after, ..asked(NoticeFor::Household) };
        now(world.directory.notices_due(&team, query)).unwrap().into_view()
    };
    let first = page(None);
    assert_eq!((first.due.len(), first.notice_version.as_ref().unwrap().as_str()), (50, "2026-1"));
    let second = page(Some(first.next.unwrap().parse().unwrap()));
    assert_eq!((second.due.len(), second.next), (10, None));
    let mut listed = [numbers(&first.due), numbers(&second.due)].concat();
    listed.sort_unstable();
    all.sort_unstable();
    assert_eq!(listed, all);
    let list =
        |person: &Person| not_shown(now(world.directory.notices_due(person, asked(NoticeFor::Household))));
    assert_eq!(list(&nurse), "not_responsible_authority");
    let ask = NoticeAsk { number: all[0], audience: Audience::Household, means: Means::Post };
    assert!(matches!(world.directory.give_notice(&there, ask), Err(HandError::Unknown)));
    assert_eq!(refused(world.directory.include_parent(&nurse, all[0], true)), "not_responsible_authority");
    let aunt = world.user(Role::AuthorityTeam, HERE);
    world.directory.declare_relationship(&aunt, listed[0]).unwrap();
    assert_eq!(refused(world.directory.give_notice(&aunt, ask)), "declared_relationship");
    let version = Label::new("2026-2").unwrap();
    assert!(world.directory.publish_notice(&team, version, None).is_err(), "a team publishes nothing");
}
