//! Specs of merging: two facts, their end, and the whole that they make.

use std::collections::BTreeSet;

use uuid::Uuid;
use vocabulary::{ChildId, OrganisationId, ServiceType};

use super::{Command, NotSamePerson, Other, Refusal, SamePerson};
use crate::{
    child::{self, Child, Event, consent, examples::*, shield},
    supplied::SuppliedChild,
    told::Told,
};

const OTHER: ChildId = ChildId::new(Uuid::from_u128(0xd1));
const THIRD_RECORD: ChildId = ChildId::new(Uuid::from_u128(0xd2));

fn merge(other: ChildId, stays: bool) -> child::Command {
    child::Command::Merging(Command::Merge { other, stays, despite: false })
}

fn merge_despite(other: ChildId) -> child::Command {
    child::Command::Merging(Command::Merge { other, stays: true, despite: true })
}

fn apart(other: Other, shield: Option<shield::Applied>) -> child::Command {
    child::Command::Merging(Command::TellApart { other, shield })
}

fn shield() -> shield::Applied {
    shield::Applied { shield: SHIELD, ground: shield::Ground::DomesticAbuse, review_by: day("2026-11-01") }
}

fn shielded() -> child::Command {
    let shield::Applied { shield, ground, review_by } = shield();
    child::Command::Shield(shield::Command::Apply { shield, ground, review_by })
}

/// Everyone who knows Ava by a reference.
fn everyone() -> BTreeSet<OrganisationId> {
    [school(), ward(), clinic()].into()
}

refusals! { "../merging.rs";
    a_record_that_nobody_opened_is_not_merged: unopened(), merge(OTHER, true) => Refusal::NotRegistered;
    nor_one_that_was_merged_into_another: opened().then_came([merge(OTHER, false)]), merge(THIRD_RECORD, false)
        => Refusal::MergedAlready;
    nor_two_that_were_told_apart: opened().then_came([apart(Other::Child(OTHER), None)]), merge(OTHER, true)
        => Refusal::ToldApart;
}

#[test]
fn a_merge_is_said_once() {
    let said = Event::SamePerson(SamePerson { other: OTHER, stays: true, tells: [].into() });
    opened().when(merge(OTHER, true)).then([said]).when(merge(OTHER, true)).then_nothing();
}

#[test]
fn whoever_speaks_of_the_record_that_is_absorbed_is_told() {
    let said = SamePerson { other: OTHER, stays: false, tells: everyone() };
    opened().when(merge(OTHER, false)).then([Event::SamePerson(said)]);
}

#[test]
fn who_told_two_apart_may_think_better_of_it() {
    let story = opened().then_came([merge(OTHER, false), apart(Other::Child(OTHER), None)]);
    let story = story.when(apart(Other::Child(OTHER), None)).then_nothing();
    let child = story.then_came([merge_despite(OTHER)]).state();
    let tie = &child.ties[&OTHER];
    assert_eq!((tie.same, tie.stays, tie.spans.len()), (true, true, 1));
    assert_eq!(child.merged_into(), None);
}

#[test]
fn a_split_lifts_no_shield() {
    let alone = opened().then_came([merge(OTHER, false)]);
    alone.when(apart(Other::Child(OTHER), Some(shield()))).then([
        Event::ShieldApplied(shield()),
        Event::NotSamePerson(NotSamePerson { other: Other::Child(OTHER), tells: everyone() }),
    ]);
    let own = opened().then_came([shielded(), merge(OTHER, false)]);
    own.when(apart(Other::Child(OTHER), Some(shield())))
        .then([Event::NotSamePerson(NotSamePerson { other: Other::Child(OTHER), tells: everyone() })]);
}

#[test]
fn a_reference_is_told_apart_once() {
    let said = Event::NotSamePerson(NotSamePerson { other: Other::LocalRef(ELSEWHERE), tells: [].into() });
    let story = opened().when(apart(Other::LocalRef(ELSEWHERE), None)).then([said]);
    story.when(apart(Other::LocalRef(ELSEWHERE), None)).then_nothing();
}

/// Another record, of whom a ward alone told: as Eva, elsewhere.
fn double(commands: impl IntoIterator<Item = child::Command>) -> Child {
    let told = SuppliedChild {
        forename: Some(name("Eva")),
        previous_surname: Told::Value(name("Birch")),
        address: living_at("2 New Road"),
        ..ava()
    };
    // Told after everything else of these specs.
    let before = std::iter::repeat_n(linked(ON_WARD, ward()), 20);
    crate::spec::given([registered()].into_iter().chain(before))
        .then_came([describe(ON_WARD, ward(), told)])
        .then_came(commands)
        .state()
}

#[test]
fn the_whole_has_every_word_and_entry_and_the_number_of_the_one_that_stays() {
    let works = start(FIRST).by(ON_WARD, ward()).of(ServiceType::HospitalInpatient);
    let whole = opened().state().joined([&double([works.into()])]);
    assert_eq!(whole.number, Some(number()));
    assert_eq!(whole.forename(), Some(&name("Ava")));
    assert!(whole.former_names().contains(&(name("Eva"), name("Lowe"))));
    assert!(whole.involvements.contains_key(&FIRST));
    assert!(whole.refs.contains_key(&AT_SCHOOL) && whole.refs.contains_key(&ON_WARD));
}

#[test]
fn the_whole_is_shielded_if_any_of_it_is() {
    let (one, other) = (opened().state(), double([shielded()]));
    assert!(one.joined([&other]).is_shielded() && other.joined([&one]).is_shielded());
}

#[test]
fn what_was_withdrawn_in_one_is_withdrawn_in_the_whole() {
    let (given, withdrawn) = (
        opened().then_came([consent_given()]).state(),
        opened().then_came([consent_given(), consent_withdrawn()]).state(),
    );
    for whole in [given.joined([&withdrawn]), withdrawn.joined([&given])] {
        assert!(whole.episodes.values().all(|episode: &consent::Episode| episode.withdrawn));
    }
}

#[test]
fn while_one_holds_addresses_back_the_newer_ones_of_the_others_are_left_out() {
    let awaiting = opened().then_came([refuge_start(FIRST).into()]).state();
    let safe = describe(ON_WARD, ward(), SuppliedChild { address: living_at("9 Safe Street"), ..ava() });
    let later = double([start(SECOND).by(ON_WARD, ward()).of(ServiceType::HospitalInpatient).into(), safe]);
    let held = awaiting.shield_requests.values().next().unwrap().position;
    assert!(later.statements[&ON_WARD].since.values().any(|since| *since > held), "told later");
    assert_eq!(awaiting.joined([&later]).address(), None);
}

#[test]
fn the_whole_is_the_same_whatever_the_order_of_the_others() {
    let (one, two, three) = (
        opened().state(),
        double([shielded()]),
        opened().then_came([consent_given(), consent_withdrawn()]).state(),
    );
    assert_eq!(one.joined([&two, &three]), one.joined([&three, &two]));
}
