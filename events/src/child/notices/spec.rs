//! Specs of notices: one a household, a copy from an age, carers apart by themselves, shields through the team.

use vocabulary::{IntendsReturn, Postcode};

use super::*;
use crate::{
    child::{self, examples::*, identity, lifecycle, shield},
    spec::Given as Story,
    supplied::{SuppliedAddress, SuppliedChild, SuppliedRef},
    told::Told as Word,
};

const MOTHER: KeyedRef = KeyedRef::new(uuid::Uuid::from_u128(0xca));
const FATHER: KeyedRef = KeyedRef::new(uuid::Uuid::from_u128(0xcb));

fn notice(publication: u32, audience: Audience, means: Means) -> Given {
    Given { publication, version: label("2026-1"), audience, means }
}

fn of_household(publication: u32) -> Given {
    notice(publication, Audience::Household, Means::Post)
}

fn give(given: Given) -> child::Command {
    child::Command::Notices(Command::Give { given, notice_age: 12 })
}

fn include(parent: bool) -> child::Command {
    child::Command::Notices(Command::IncludeParent(parent))
}

fn own_copy() -> Given {
    notice(1, Audience::OwnCopy, Means::InPerson)
}

fn of_father() -> Given {
    notice(1, Audience::CarerApart(FATHER), Means::Post)
}

/// Every event of notices, upon what each left behind.
pub(in crate::child) fn story() -> Vec<child::Command> {
    let register = identity::Command::Register { number: number(), authority: authority(), by_hand: None };
    let (supplier, judgement) = (school(), identity::Judgement::New);
    let link = identity::Command::Link { supplier, local_ref: AT_SCHOOL, judgement, weighing: None };
    vec![
        child::Command::Identity(register),
        child::Command::Identity(link),
        describe(AT_SCHOOL, school(), family("12 Mill Lane", "3 Far Road, Leeds")),
        give(of_household(1)),
        give(of_father()),
        include(true),
        include(false),
    ]
}

/// Ava at 12 Mill Lane with her mother; her father elsewhere, or wherever his address says.
fn family(home: &str, his: &str) -> SuppliedChild {
    let postcode: Option<Postcode> = "N17 6AA".parse().ok();
    let address = Address { lines: vec![home.to_owned()], town: Some("London".to_owned()), postcode };
    let carer_ref = SuppliedRef::try_from(FATHER.to_string()).unwrap();
    let father = SuppliedCarer { carer_ref, name: name("Paul Lowe"), ..carer(postal(his)) };
    SuppliedChild {
        address: Word::Value(SuppliedAddress::Known(address)),
        carers: Word::Value(vec![carer(postal(home)), father]),
        ..ava()
    }
}

fn at_home() -> Story<Child> {
    opened_for(family("12 Mill Lane", "3 Far Road, Leeds"))
}

fn shielded() -> Story<Child> {
    let applied = shield::Applied {
        shield: SHIELD,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-01"),
    };
    at_home().and([Event::ShieldApplied(applied)])
}

fn gone() -> Story<Child> {
    let left = lifecycle::LeftEngland {
        supplier: school(),
        on: day("2026-05-30"),
        intends_return: IntendsReturn::No,
    };
    at_home().and([Event::ChildLeftEngland(left)])
}

refusals! { "../notices.rs";
    a_record_that_nobody_opened_comes_first: unopened(), include(true) => Refusal::NotRegistered;
    nobody_is_told_of_a_child_who_left: gone(), give(of_household(1)) => Refusal::NotLive;
    a_shielded_home_is_told_through_the_team_alone: shielded(), give(of_household(1)) => Refusal::ThroughTeam;
    a_copy_of_ones_own_begins_with_an_age: at_home(), give(own_copy()) => Refusal::TooYoung;
    a_home_must_be_known: opened(), give(of_household(1)) => Refusal::NobodyThere;
}

#[test]
fn a_household_is_told_once_a_publication_and_again_where_it_lives_next() {
    let story = at_home().when(give(of_household(1))).then([Event::NoticeGiven(of_household(1))]);
    let story = story.when(give(of_household(1))).then_nothing();
    let story = story.when(give(of_household(2))).then([Event::NoticeGiven(of_household(2))]);
    let story = story.when(give(of_household(1))).then_nothing();
    let moved = family("4 New Road", "3 Far Road, Leeds");
    let state = story.and([stated(AT_SCHOOL, school(), moved)]).state();
    assert_eq!((state.household_told(), state.apart_told(FATHER)), (0, 0));
}

#[test]
fn a_carer_who_lives_elsewhere_is_told_by_themself_and_one_who_lives_there_with_the_household() {
    let story = at_home();
    assert_eq!(at_home().state().carers_apart(), [FATHER]);
    let mother = notice(1, Audience::CarerApart(MOTHER), Means::Post);
    at_home().when(give(mother)).then_refused(child::Refusal::Notices(Refusal::NobodyThere));
    let story = story.when(give(of_father())).then([Event::NoticeGiven(of_father())]);
    let story = story.when(give(of_household(1))).then_some(|events| assert_eq!(events.len(), 1));
    let state = story.state();
    assert_eq!((state.household_told(), state.apart_told(FATHER)), (1, 1));
    for same in ["12 Mill Lane", "12, mill lane", "12 Mill Lane, London N17 6AA", "12 Mill Lane N17 6AA"] {
        assert_eq!(opened_for(family("12 Mill Lane", same)).state().carers_apart(), [], "{same}");
    }
    for other in ["112 Mill Lane", "12 Mill Lane, Leeds LS1 1AA", "2 Mill Lane, London N17 6AA"] {
        assert_eq!(opened_for(family("12 Mill Lane", other)).state().carers_apart(), [FATHER], "{other}");
    }
}

#[test]
fn a_child_of_twelve_has_a_copy_whatever_the_household_had() {
    let twelve = SuppliedChild { date_of_birth: Some(day("2014-06-01")), ..family("12 Mill Lane", "") };
    let story = opened_for(twelve).when(give(of_household(1))).then_some(|_| ());
    assert!(story.when(give(own_copy())).then([Event::NoticeGiven(own_copy())]).state().own_copy_told() == 1);
}

#[test]
fn through_the_team_a_shielded_home_is_told() {
    let through_team = notice(1, Audience::Household, Means::ThroughTeam);
    shielded().when(give(through_team.clone())).then([Event::NoticeGiven(through_team)]);
}

#[test]
fn notices_and_the_mark_move_nothing_that_anybody_sees() {
    let told = at_home().when(give(of_household(1))).then_some(|_| ());
    let told = told.when(include(true)).then([Event::ParentIncluded(ParentIncluded {})]);
    let told = told.when(include(true)).then_nothing();
    let marked = told.days_later(1).when(include(false)).then([Event::ParentLeftOut(ParentLeftOut {})]);
    let unseen = Child { notices: Notices::default(), ..marked.state() };
    assert_eq!(unseen, at_home().state());
}
