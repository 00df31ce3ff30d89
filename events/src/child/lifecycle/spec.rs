//! Specs of the life cycle: each supplier's own word on death and departure, and the newer of two that differ.

use vocabulary::{AddressState, IntendsReturn, OrganisationId};

use super::{Command, Died, LeftEngland, Refusal};
use crate::{
    child::{self, Event, examples::*, identity},
    supplied::SuppliedChild,
};

fn died(supplier: OrganisationId, on: &str) -> child::Command {
    child::Command::Lifecycle(Command::NotifyDeath { supplier, on: day(on) })
}

fn left(supplier: OrganisationId, on: &str) -> child::Command {
    let intends_return = IntendsReturn::Unknown;
    child::Command::Lifecycle(Command::StateDeparture { supplier, on: day(on), intends_return })
}

fn living(line: &str) -> child::Command {
    let child = SuppliedChild { address: living_at(line), ..ava() };
    describe(AT_SCHOOL, school(), child)
}

refusals! { "../lifecycle.rs";
    a_record_that_nobody_opened_comes_first: unopened(), died(ward(), "2026-06-02") => Refusal::NotRegistered;
    then_a_death_in_the_future: opened(), died(ward(), "2026-06-02")
        => Refusal::InFuture { on: day("2026-06-02") };
    and_a_departure_in_the_future: opened(), left(ward(), "2026-06-02")
        => Refusal::InFuture { on: day("2026-06-02") };
    then_a_death_before_birth: opened(), died(ward(), "2015-04-01")
        => Refusal::BeforeBirth { on: day("2015-04-01") };
}

#[test]
fn a_death_is_told_once_by_each_supplier_and_no_answer_tells_of_anothers() {
    let story = opened()
        .when(died(ward(), "2026-05-30"))
        .then([Event::ChildDied(Died { supplier: ward(), on: day("2026-05-30") })])
        .when(died(ward(), "2026-05-30"))
        .then_nothing()
        .when(died(school(), "2026-05-30"))
        .then([Event::ChildDied(Died { supplier: school(), on: day("2026-05-30") })]);
    assert_eq!(story.state().life.died_on, Some(day("2026-05-30")));
}

/// I-2
#[test]
fn an_address_and_left_england_exclude_each_other_and_the_newer_word_stands() {
    let story = opened()
        .then_came([living("1 Old Road")])
        .when(left(ward(), "2026-05-01"))
        .then([Event::ChildLeftEngland(LeftEngland {
            supplier: ward(),
            on: day("2026-05-01"),
            intends_return: IntendsReturn::Unknown,
        })])
        .when(left(ward(), "2026-05-01"))
        .then_nothing();
    let gone = opened().then_came([living("1 Old Road"), left(ward(), "2026-05-01")]).state();
    assert!(gone.life.left_england.is_some() && gone.address().is_none());
    assert_eq!(gone.previous_addresses().count(), 1, "the address left behind still finds the child");

    let back = story.then_came([living("2 New Road"), left(ward(), "2026-05-01")]).state();
    assert!(back.life.left_england.is_none());
    assert!(matches!(back.address(), Some(AddressState::Known(_))));
}

/// I-2
#[test]
fn a_departure_stands_again_when_the_address_told_since_is_disputed() {
    let dispute = child::Command::Identity(identity::Command::Dispute { local_ref: AT_SCHOOL });
    let story = opened().then_came([left(ward(), "2026-05-01"), living("2 New Road"), dispute]);
    assert!(story.state().life.left_england.is_some());
}

#[test]
fn a_death_that_only_a_disputed_source_told_is_not_held_against_the_child() {
    let dispute = child::Command::Identity(identity::Command::Dispute { local_ref: ON_WARD });
    assert_eq!(opened().then_came([died(ward(), "2026-05-30"), dispute]).state().life.died_on, None);
}
