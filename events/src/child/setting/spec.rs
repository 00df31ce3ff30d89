//! Specs of settings: 'educated otherwise' is a value, and each source has its own word.

use chrono::NaiveDate;
use vocabulary::{KeyedRef, OrganisationId};

use super::{Command, EducationStated, PrimaryCareStated, Refusal};
use crate::{
    child::{self, Event, examples::*},
    supplied::{EducationState, PrimaryCareState},
};

const TOMORROW: &str = "2026-06-02";
const TODAY: &str = "2026-06-01";

fn on(text: &str) -> NaiveDate {
    day(text)
}

fn education(
    source: (KeyedRef, OrganisationId),
    state: EducationState,
    organisation: Option<OrganisationId>,
    since: &str,
) -> child::Command {
    let (source, supplier) = source;
    child::Command::Setting(Command::StateEducation { source, supplier, state, organisation, on: on(since) })
}

fn primary_care(
    state: PrimaryCareState,
    organisation: Option<OrganisationId>,
    since: &str,
) -> child::Command {
    child::Command::Setting(Command::StatePrimaryCare {
        source: ON_WARD,
        supplier: ward(),
        state,
        organisation,
        on: on(since),
    })
}

fn of_school() -> (KeyedRef, OrganisationId) {
    (AT_SCHOOL, school())
}

fn of_ward() -> (KeyedRef, OrganisationId) {
    (ON_WARD, ward())
}

refusals! { "../setting.rs";
    a_record_that_nobody_opened_comes_first: unopened(),
        education(of_school(), EducationState::Attending, None, TOMORROW) => Refusal::NotRegistered;
    then_attending_without_a_school: opened(),
        education(of_school(), EducationState::Attending, None, TOMORROW) => Refusal::OrganisationMissing;
    and_registered_without_a_practice: opened(), primary_care(PrimaryCareState::Registered, None, TOMORROW)
        => Refusal::OrganisationMissing;
    then_a_school_for_who_attends_none: opened(),
        education(of_school(), EducationState::EducatedOtherwise, Some(school()), TOMORROW)
        => Refusal::OrganisationNotTaken;
    and_a_practice_for_who_has_none: opened(),
        primary_care(PrimaryCareState::NoneKnown, Some(ward()), TOMORROW) => Refusal::OrganisationNotTaken;
    then_a_day_in_the_future: opened(),
        education(of_school(), EducationState::NoneKnown, None, TOMORROW)
        => Refusal::InFuture { on: on(TOMORROW) };
}

#[test]
fn a_repeated_setting_records_nothing_new() {
    let attends = education(of_school(), EducationState::Attending, Some(school()), TODAY);
    opened()
        .when(attends.clone())
        .then([Event::EducationStated(EducationStated {
            source: AT_SCHOOL,
            supplier: school(),
            state: EducationState::Attending,
            organisation: Some(school()),
            on: on(TODAY),
        })])
        .when(attends)
        .then_nothing();
    let registered = primary_care(PrimaryCareState::NoneKnown, None, TODAY);
    opened()
        .when(registered.clone())
        .then([Event::PrimaryCareStated(PrimaryCareStated {
            source: ON_WARD,
            supplier: ward(),
            state: PrimaryCareState::NoneKnown,
            organisation: None,
            on: on(TODAY),
        })])
        .when(registered)
        .then_nothing();
}

#[test]
fn of_two_sources_the_newest_day_stands_and_of_one_day_the_last_word() {
    let story = opened().then_came([
        education(of_school(), EducationState::EducatedOtherwise, None, TODAY),
        education(of_ward(), EducationState::Attending, Some(school()), "2025-09-01"),
    ]);
    let current = |child: &child::Child| child.current_education().map(|education| education.state);
    assert_eq!(current(&story.state()), Some(EducationState::EducatedOtherwise));
    let same_day = opened().then_came([
        education(of_school(), EducationState::EducatedOtherwise, None, TODAY),
        education(of_ward(), EducationState::NoneKnown, None, TODAY),
    ]);
    assert_eq!(current(&same_day.state()), Some(EducationState::NoneKnown));
}
