//! Specs of the scope: by what a record opens in a targeted directory, when it closes, and what opens it again.

use chrono::Duration;
use vocabulary::ServiceClass;

use super::{Closed, Command, Opening, Refusal, Reopened};
use crate::{
    child::{self, Event, RecordState, examples::*},
    decider::Decider,
    policy::Scope,
    spec::{Given, NOW},
};

fn open(scope: Scope, by: Opening) -> child::Command {
    child::Command::Scope(Command::Open { scope, by })
}

fn settle(scope: Scope) -> child::Command {
    child::Command::Scope(Command::Settle { scope })
}

fn closed(on: &str) -> Event {
    Event::RecordClosed(Closed { on: day(on) })
}

fn reopened(on: &str) -> Event {
    Event::RecordReopened(Reopened { on: day(on) })
}

/// What happens to a record that nobody works with, for whoever needs one of each event.
pub(in crate::child) fn closed_and_reopened() -> Vec<Event> {
    let later = NOW + Duration::days(super::DAYS_OPENED_BY_HAND);
    let mut events = Vec::new();
    for scope in [Scope::Targeted, Scope::Universal] {
        let child = opened().and(events.clone()).state();
        events.extend(child::Child::decide(&child, &settle(scope), later).unwrap());
    }
    events
}

const WAYS: [Opening; 6] = [
    Opening::Told,
    Opening::Involvement(ServiceClass::Universal),
    Opening::Involvement(ServiceClass::Additional),
    Opening::Involvement(ServiceClass::Sensitive),
    Opening::Involvement(ServiceClass::Protected),
    Opening::ByHand,
];

refusals! { "../scope.rs";
    nothing_told_of_a_child_opens_a_record_where_no_additional_service_works_with_it:
        unopened(), open(Scope::Targeted, Opening::Told) => Refusal::OutOfScope;
}

#[test]
fn in_a_universal_directory_anything_opens_a_record_and_in_a_targeted_one_what_the_rule_says() {
    for (number, way) in WAYS.into_iter().enumerate() {
        unopened().when(open(Scope::Universal, way)).then_nothing();
        let targeted = unopened().when(open(Scope::Targeted, way));
        if number < 2 {
            targeted.then_refused(Refusal::OutOfScope);
        } else {
            targeted.then_nothing();
        }
    }
}

#[test]
fn a_record_closes_a_year_after_the_last_additional_involvement_and_never_in_a_universal_directory() {
    let story = opened().then_came([start(FIRST).into(), ward_start(SECOND).until("2026-05-20").into()]);
    let state = story
        .at("2027-05-19T12:00:00Z".parse().unwrap())
        .when(settle(Scope::Targeted))
        .then_nothing()
        .at("2027-05-20T12:00:00Z".parse().unwrap())
        .when(settle(Scope::Universal))
        .then_nothing()
        .when(settle(Scope::Targeted))
        .then([closed("2027-05-20")])
        .when(settle(Scope::Targeted))
        .then_nothing()
        .state();
    let on = |text: &str| state.record_state(day(text));
    assert_eq!(on("2027-05-19"), RecordState::Live, "as it was then");
    assert_eq!(on("2027-05-20"), RecordState::ArchivedYear1);
    assert_eq!(on("2028-06-01"), RecordState::ArchivedYears2To6);
}

#[test]
fn an_open_entry_keeps_a_record_open_and_one_in_error_or_without_consent_does_not() {
    let much_later = |story: Given<child::Child>| story.days_later(800).when(settle(Scope::Targeted));
    much_later(opened().then_came([ward_start(FIRST).into()])).then_nothing();
    let in_error = involvement_in_error(ward_start(FIRST), by(ward()));
    much_later(opened().then_came(in_error)).then([closed("2028-08-09")]);
    let withdrawn = [consent_given(), clinic_start(SECOND).into(), consent_withdrawn()];
    much_later(opened().then_came(withdrawn)).then([closed("2028-08-09")]);
    // A school's roll is no additional service.
    much_later(opened().then_came([start(FIRST).into()])).then([closed("2028-08-09")]);
}

#[test]
fn what_a_person_opened_by_hand_waits_a_month_for_the_involvement_that_it_was_opened_for() {
    opened()
        .days_later(29)
        .when(settle(Scope::Targeted))
        .then_nothing()
        .days_later(1)
        .when(settle(Scope::Targeted))
        .then([closed("2026-07-01")]);
}

#[test]
fn a_new_involvement_or_a_wider_scope_opens_a_closed_record_again_and_a_description_does_not() {
    let shut =
        || opened().days_later(40).when(settle(Scope::Targeted)).then([closed("2026-07-11")]).days_later(10);
    shut().when(open(Scope::Targeted, Opening::Told)).then_nothing();
    shut().when(open(Scope::Targeted, WAYS[1])).then_nothing();
    for way in [WAYS[2], Opening::ByHand] {
        let again = shut().when(open(Scope::Targeted, way)).then([reopened("2026-07-21")]);
        again.when(settle(Scope::Targeted)).then_nothing();
    }
    shut().when(settle(Scope::Universal)).then([reopened("2026-07-21")]);
    let live = shut().when(settle(Scope::Universal)).then([reopened("2026-07-21")]).state();
    assert_eq!(live.record_state(day("2026-07-21")), RecordState::Live);
}

fn involvement_in_error(start: Start, by: child::involvement::Changer) -> [child::Command; 2] {
    let error = child::involvement::Command::EnterInError { by, involvement: FIRST };
    [start.into(), child::Command::Involvement(error)]
}
