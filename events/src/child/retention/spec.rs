//! Specs of retention: when a record goes to the archive and comes back, who may stay, and what keeps a record.

mod model;

use vocabulary::{AccountId, HoldId, Label, Method};

use super::*;
use crate::child::{self, RecordState, examples::*, identity, lifecycle};

const ONE: AccountId = AccountId::from_u128(1);
const OTHER: AccountId = AccountId::from_u128(2);
const HOLD: HoldId = HoldId::from_u128(7);

fn asks(command: Command) -> child::Command {
    child::Command::Retention(command)
}

fn settle() -> child::Command {
    asks(Command::Settle)
}

fn extend(on: &str) -> child::Command {
    asks(Command::ExtendAge {
        basis: ExtensionBasis::CareLeaver,
        method: Method::FaceToFace,
        notice_version: Label::new("2026-1").unwrap(),
        decided_on: day(on),
    })
}

fn withdraw(on: &str) -> child::Command {
    asks(Command::WithdrawAge { decided_on: day(on) })
}

fn place(by: AccountId) -> child::Command {
    let reference = Reference::new("HC-2026-17").unwrap();
    asks(Command::PlaceHold { hold: HOLD, ground: HoldGround::LegalClaim, reference, by })
}

fn lift(by: AccountId) -> child::Command {
    asks(Command::LiftHold { hold: HOLD, by })
}

fn died(on: &str) -> child::Command {
    child::Command::Lifecycle(lifecycle::Command::NotifyDeath { supplier: ward(), on: day(on) })
}

fn left(on: &str) -> child::Command {
    let intends_return = vocabulary::IntendsReturn::Unknown;
    child::Command::Lifecycle(lifecycle::Command::StateDeparture {
        supplier: ward(),
        on: day(on),
        intends_return,
    })
}

/// A record of which everything is said that can be said of how long it is kept.
pub(in crate::child) fn story() -> Vec<child::Command> {
    let register = identity::Command::Register { number: number(), authority: authority(), by_hand: None };
    let supplier = school();
    let judgement = identity::Judgement::New;
    let link = identity::Command::Link { supplier, local_ref: AT_SCHOOL, judgement, weighing: None };
    vec![
        child::Command::Identity(register),
        child::Command::Identity(link),
        describe(AT_SCHOOL, school(), born_on("2009-01-01")),
        extend("2026-05-01"),
        withdraw("2026-05-02"),
        place(ONE),
        lift(OTHER),
        died("2025-05-30"),
        settle(),
        died("2026-05-30"),
        settle(),
    ]
}

refusals! { "../retention.rs";
    a_record_that_nobody_opened_comes_first: unopened(), settle() => Refusal::NotRegistered;
    then_a_word_of_the_future: opened_for(born_on("2009-01-01")), extend("2026-06-02")
        => Refusal::InFuture { on: day("2026-06-02") };
    and_one_of_somebody_too_young: opened_for(born_on("2010-06-02")), extend("2026-06-01") => Refusal::TooYoung;
    then_one_that_was_overtaken: opened_for(born_on("2009-01-01")).then_came([extend("2026-05-02")]),
        extend("2026-05-01") => Refusal::Overtaken;
    and_one_that_comes_when_the_record_is_gone: opened_for(born_on("2008-06-02")).days_later(1),
        extend("2026-06-01") => Refusal::Archived;
    what_was_not_agreed_is_not_taken_back: opened(), withdraw("2026-06-01") => Refusal::NotExtended;
    a_hold_that_nobody_placed_is_not_lifted: opened(), lift(ONE) => Refusal::HoldUnknown;
    nor_by_whoever_placed_it: opened().then_came([place(ONE)]), lift(ONE) => Refusal::OwnHold;
    and_there_are_not_too_many: opened().then_came((0..50).map(|number| {
        let reference = Reference::new(&format!("HC-{number}")).unwrap();
        let hold = HoldId::from_u128(100 + number);
        asks(Command::PlaceHold { hold, ground: HoldGround::LegalClaim, reference, by: ONE })
    })), place(ONE) => Refusal::TooManyHolds;
}

#[test]
fn a_record_is_archived_once_it_is_due_and_once() {
    opened_for(born_on("2008-06-02"))
        .when(settle())
        .then_nothing()
        .days_later(1)
        .when(settle())
        .then([Event::RecordArchived(Archived { on: day("2026-06-02") })])
        .when(settle())
        .then_nothing();
}

#[test]
fn a_death_that_was_told_of_another_brings_the_record_back() {
    let story = opened().then_came([died("2025-06-01")]);
    let story = story.when(settle()).then([Event::RecordArchived(Archived { on: day("2026-06-01") })]);
    let told = story.then_came([died("2026-05-01")]);
    told.when(settle())
        .then([Event::RecordRestored(Restored { on: day("2026-06-01") })])
        .when(settle())
        .then_nothing();
}

#[test]
fn a_record_is_archived_three_years_after_leaving_england() {
    let gone = opened().then_came([left("2023-06-02")]).state();
    assert_eq!(gone.archived_since(day("2026-06-01")), None);
    assert_eq!(gone.archived_since(day("2026-06-02")), Some(day("2026-06-02")));
}

#[test]
fn a_young_person_who_agrees_stays_until_twenty_five() {
    let young = || opened_for(born_on("2008-06-02")).then_came([extend("2026-06-01")]);
    let child = young().state();
    assert_eq!(child.record_state(day("2033-06-01")), RecordState::Live);
    assert_eq!(child.record_state(day("2033-06-02")), RecordState::ArchivedYear1);
    assert_eq!(child.archives_on(), Some(day("2033-06-02")));
    let gone = young().days_later(400).then_came([withdraw("2027-07-01")]).state();
    assert_eq!(gone.archives_on(), Some(day("2027-07-01")));
    let early = opened_for(born_on("2009-06-02")).then_came([extend("2026-05-01"), withdraw("2026-06-01")]);
    assert_eq!(early.state().archives_on(), Some(day("2027-06-02")), "never before eighteen");
}

#[test]
fn a_death_is_the_end_of_staying_too() {
    let child =
        opened_for(born_on("2009-01-01")).then_came([extend("2026-05-01"), died("2026-05-30")]).state();
    assert_eq!(child.archives_on(), Some(day("2027-05-30")));
    assert_eq!(child.record_state(day("2027-05-30")), RecordState::ArchivedYear1);
}

#[test]
fn a_record_may_be_purged_six_years_after_it_went_to_the_archive_unless_something_keeps_it() {
    let after = |asked: Vec<child::Command>| {
        opened_for(born_on("2008-06-02")).days_later(1).then_came(asked).state().purged_from()
    };
    let due = Some(day("2032-06-02"));
    assert_eq!(after(Vec::new()), None, "nobody has said that it is in the archive");
    assert_eq!(after(vec![settle()]), due);
    assert_eq!(after(vec![settle(), place(ONE)]), None);
    assert_eq!(after(vec![settle(), place(ONE), lift(OTHER)]), due);
}

#[test]
fn a_hold_is_placed_once_and_lifted_by_another() {
    let reference = Reference::new("HC-2026-17").unwrap();
    let placed = HoldPlaced { hold: HOLD, ground: HoldGround::LegalClaim, reference, by: ONE };
    opened()
        .when(place(ONE))
        .then([Event::LegalHoldPlaced(placed)])
        .when(place(ONE))
        .then_nothing()
        .when(lift(OTHER))
        .then([Event::LegalHoldLifted(HoldLifted { hold: HOLD, by: OTHER })]);
}

#[test]
fn the_key_of_what_was_withdrawn_is_spent_and_so_is_that_of_a_suspicion_that_lapsed() {
    let given = opened().then_came([consent_given()]).state();
    assert_eq!(given.keys_spent().count(), 0);
    let withdrawn = opened().then_came([consent_given(), consent_withdrawn()]).state();
    let spent: Vec<_> = withdrawn.keys_spent().map(|(_, day)| day).collect();
    assert_eq!(spent, [day("2026-07-01")], "thirty days after it was recorded");
    let again = opened()
        .then_came([
            consent_given(),
            consent_withdrawn(),
            decided(vocabulary::ConsentDecision::Given, "2026-05-25"),
        ])
        .state();
    assert_eq!(again.keys_spent().count(), 1, "the old key goes, whatever came after");
    let suspected = opened().then_came([harm("2026-07-01", child::consent::Review::First)]).state();
    assert_eq!(suspected.keys_spent().map(|(_, day)| day).collect::<Vec<_>>(), [day("2026-07-31")]);
}
