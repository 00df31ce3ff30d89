//! Specs of identity: one record, one authority, and references that are linked, disputed and taken back.

use chrono::{DateTime, Duration, Utc};
use vocabulary::AccountId;

use super::{
    AuthorityAllocated, ByHand, Command, EnteredInError, Judgement, LinkDisputed, LocalRefsMerged, Refusal,
    Registered,
};
use crate::{
    child::{self, Child, Event, examples::*, lifecycle},
    spec::{NOW, given},
};

const ANN: AccountId = AccountId::new(uuid::Uuid::from_u128(1));
const BOB: AccountId = AccountId::new(uuid::Uuid::from_u128(2));

fn asked(command: Command) -> child::Command {
    child::Command::Identity(command)
}

fn register(by_hand: Option<ByHand>) -> child::Command {
    asked(Command::Register { number: number(), authority: authority(), by_hand })
}

/// A search of Ann's that found nobody, cited by Ann.
fn searched(at: DateTime<Utc>) -> ByHand {
    ByHand { user: ANN, search: SEARCH, searched_by: ANN, searched_at: at, shown: 0 }
}

fn an_hour_ago() -> DateTime<Utc> {
    NOW - Duration::hours(1)
}

fn link(judgement: Judgement) -> child::Command {
    asked(Command::Link { supplier: school(), local_ref: AT_SCHOOL, judgement, weighing: None })
}

fn dispute() -> child::Command {
    asked(Command::Dispute { local_ref: AT_SCHOOL })
}

fn merge(from: vocabulary::KeyedRef, to: vocabulary::KeyedRef) -> child::Command {
    asked(Command::MergeRefs { supplier: school(), from, to })
}

fn in_error() -> child::Command {
    asked(Command::EnterInError { local_ref: AT_SCHOOL })
}

fn allocate() -> child::Command {
    asked(Command::Allocate { pool: pool(), authority: authority() })
}

refusals! { "../identity.rs";
    a_second_record_comes_first: opened(), register(Some(ByHand { user: BOB, ..searched(an_hour_ago()) }))
        => Refusal::AlreadyRegistered;
    then_whose_search_it_was: unopened(), register(Some(ByHand { user: BOB, shown: 1, ..searched(an_hour_ago()) }))
        => Refusal::SearchByAnother;
    then_how_old_it_is: unopened(), register(Some(ByHand { shown: 1, ..searched(an_hour_ago()) }))
        => Refusal::SearchTooOld;
    then_whom_it_showed: unopened(), register(Some(ByHand { shown: 1, ..searched(NOW) }))
        => Refusal::SearchFoundChildren;
    nothing_is_asked_of_a_record_that_nobody_opened: unopened(), link(Judgement::New)
        => Refusal::NotRegistered;
    only_a_linked_reference_is_disputed: given::<Child>([registered()]), dispute() => Refusal::RefNotLinked;
    only_a_linked_reference_is_taken_back: given::<Child>([registered()]), in_error() => Refusal::RefNotLinked;
    only_linked_references_are_merged: given::<Child>([registered()]), merge(AT_SCHOOL, ELSEWHERE)
        => Refusal::RefNotLinked;
    anothers_reference_is_not_merged: opened(), merge(ON_WARD, AT_SCHOOL) => Refusal::RefNotLinked;
    nor_merged_into: opened(), merge(AT_SCHOOL, ON_WARD) => Refusal::RefNotLinked;
}

/// I-3
#[test]
fn a_record_opened_by_hand_cites_the_search_that_found_nobody() {
    let half_an_hour = searched(NOW - Duration::minutes(30));
    unopened().when(register(Some(half_an_hour))).then([Event::ChildRegistered(Registered {
        number: number(),
        authority: authority(),
        search: Some(SEARCH),
    })]);
    let longer = searched(NOW - Duration::minutes(30) - Duration::seconds(1));
    unopened().when(register(Some(longer))).then_refused(Refusal::SearchTooOld);
}

/// I-1
#[test]
fn a_record_has_exactly_one_authority_from_its_first_fact_on() {
    assert_eq!(unopened().state().authority, None);
    let opened = unopened().then_came([register(None)]).state();
    assert_eq!((opened.is_registered(), opened.authority), (true, Some(authority())));
    given::<Child>([registered()]).when(register(None)).then_refused(Refusal::AlreadyRegistered);
}

/// I-1
#[test]
fn the_pool_gives_a_record_away_once_and_no_authority_is_given_anothers() {
    let pooled = Event::ChildRegistered(Registered { number: number(), authority: pool(), search: None });
    let story = given::<Child>([pooled])
        .when(allocate())
        .then([Event::AuthorityAllocated(AuthorityAllocated { authority: authority() })])
        .when(allocate())
        .then_nothing()
        .when(asked(Command::Allocate { pool: pool(), authority: school() }))
        .then_nothing();
    assert_eq!(story.state().authority, Some(authority()));
}

#[test]
fn a_reference_is_linked_once() {
    given::<Child>([registered()])
        .when(link(Judgement::New))
        .then([linked(AT_SCHOOL, school())])
        .when(link(Judgement::ChildNumber))
        .then_nothing();
}

#[test]
fn a_dispute_hides_what_was_said_under_the_reference_until_a_person_decides() {
    let story = opened().then_came([start(FIRST).into()]);
    let story = story
        .when(dispute())
        .then([Event::LinkDisputed(LinkDisputed { local_ref: AT_SCHOOL })])
        .when(dispute())
        .then_nothing()
        .when(link(Judgement::NameBirthAndPostcode))
        .then_nothing();
    let hidden = story.state();
    assert_eq!(hidden.forename(), None);
    assert!(!hidden.stands(&hidden.involvements[&FIRST], day("2026-06-01")));

    let decided = opened().then_came([start(FIRST).into(), dispute(), link(Judgement::Decided)]).state();
    assert_eq!(decided.forename(), Some(&name("Ava")));
    assert!(decided.stands(&decided.involvements[&FIRST], day("2026-06-01")));
}

/// I-6
#[test]
fn a_lead_that_a_dispute_hid_gives_way_to_the_one_taken_meanwhile() {
    let story = opened().then_came([
        start(FIRST).leading().into(),
        ward_start(SECOND).into(),
        dispute(),
        name_lead(SECOND, by(ward())),
        link(Judgement::Decided),
    ]);
    let child = story.state();
    let leads: Vec<_> =
        child.involvements.iter().filter(|(_, held)| held.lead_professional).map(|(id, _)| *id).collect();
    assert_eq!(leads, [SECOND]);
}

#[test]
fn a_merged_reference_leaves_the_newer_word_of_each_field_under_the_one_that_stays() {
    let second = crate::supplied::SuppliedChild { known_as: crate::told::Told::Value(name("Avie")), ..ava() };
    let merged =
        Event::LocalRefsMerged(LocalRefsMerged { supplier: school(), from: AT_SCHOOL, to: ELSEWHERE });
    let story = opened()
        .and([linked(ELSEWHERE, school()), stated(ELSEWHERE, school(), second)])
        .then_came([start(FIRST).into(), describe(AT_SCHOOL, school(), born_on("2015-04-03"))])
        .when(merge(AT_SCHOOL, ELSEWHERE))
        .then([merged])
        .when(merge(AT_SCHOOL, ELSEWHERE))
        .then_nothing();
    let child = story.state();
    assert!(!child.refs.contains_key(&AT_SCHOOL) && !child.statements.contains_key(&AT_SCHOOL));
    assert_eq!(child.known_as(), Some(&name("Avie")));
    assert_eq!(child.date_of_birth(), Some(day("2015-04-03")));
    assert_eq!(child.involvements[&FIRST].source, ELSEWHERE);
}

#[test]
fn a_merge_hides_what_either_reference_disputed() {
    let merged =
        opened().and([linked(ELSEWHERE, school())]).then_came([dispute(), merge(AT_SCHOOL, ELSEWHERE)]);
    assert!(merged.state().is_disputed(&ELSEWHERE));
}

#[test]
fn what_is_entered_in_error_goes_whole_and_its_reference_is_free_again() {
    let renamed = crate::supplied::SuppliedChild { surname: Some(name("Kerr")), ..ava() };
    let died = child::Command::Lifecycle(lifecycle::Command::NotifyDeath {
        supplier: school(),
        on: day("2026-05-30"),
    });
    let story = opened()
        .then_came([describe(AT_SCHOOL, school(), renamed), start(FIRST).into(), died])
        .when(in_error())
        .then([Event::ChildEnteredInError(EnteredInError { local_ref: AT_SCHOOL })]);
    let child = story.state();
    assert!(child.statements.is_empty() && child.former_names.is_empty() && child.involvements.is_empty());
    assert_eq!(child.life.died_on, None);
    assert!(!child.refs.contains_key(&AT_SCHOOL) && child.is_registered());
}

#[test]
fn consent_given_about_another_child_goes_with_the_clinics_last_reference() {
    let clinic_in_error = asked(Command::EnterInError { local_ref: IN_CLINIC });
    let child = opened().then_came([consent_given(), clinic_in_error]).state();
    assert!(child.episodes.is_empty());
}
