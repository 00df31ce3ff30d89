//! Specs of involvements: every refusal in its order, the period, and who may change one.

mod between;
mod lead;
mod notification;
mod repeated;
mod sensitive;

use super::{
    AssessmentIndicated, AssessmentWithdrawn, Changer, Command, Ended, InError, Involvement,
    PractitionerContactsChanged, Refusal, Updated,
};
use crate::{
    child::{self, Event, examples::*, lifecycle},
    told::Told,
};
use vocabulary::{Contact, InvolvementId, NotAWord, ServiceType, contact::CONTACTS_MAX};

const TODAY: &str = "2026-06-01";
const TOMORROW: &str = "2026-06-02";

/// Everything about this start is wrong.
fn worst() -> Start {
    start(FIRST).nobody().reached_by(Vec::new()).since("2026-08-31").until("2015-04-01").in_episode(EPISODE)
}

fn not_a_number() -> NotAWord {
    telephone("no number").checked().unwrap_err()
}

fn many() -> Vec<Contact> {
    vec![telephone("020 7946 0000"); CONTACTS_MAX + 1]
}

/// The school works with Ava, and the ward did until April.
fn working() -> crate::spec::Given<child::Child> {
    opened().then_came([start(FIRST).into(), ward_start(SECOND).until("2026-04-01").into()])
}

fn in_error(id: InvolvementId, by: Changer) -> child::Command {
    child::Command::Involvement(Command::EnterInError { by, involvement: id })
}

fn indicate(id: InvolvementId, by: Changer, on: &str) -> child::Command {
    child::Command::Involvement(Command::IndicateAssessment { by, involvement: id, on: day(on) })
}

fn withdraw(id: InvolvementId, by: Changer, on: &str) -> child::Command {
    child::Command::Involvement(Command::WithdrawAssessment { by, involvement: id, on: day(on) })
}

fn relinquish(id: InvolvementId, by: Changer) -> child::Command {
    child::Command::Involvement(Command::RelinquishLead { by, involvement: id })
}

fn change_contacts(supplier: vocabulary::OrganisationId, contacts: Vec<Contact>) -> child::Command {
    child::Command::Involvement(Command::ChangeContacts { supplier, practitioner_ref: NURSE, contacts })
}

fn died(on: &str) -> child::Command {
    child::Command::Lifecycle(lifecycle::Command::NotifyDeath { supplier: ward(), on: day(on) })
}

fn nothing_of(id: InvolvementId) -> Updated {
    Updated::nothing_of(id)
}

fn held(child: &child::Child, id: InvolvementId) -> &Involvement {
    &child.involvements[&id]
}

refusals! { "../involvement/refusal.rs";
    a_record_that_nobody_opened_comes_first: unopened(), worst() => Refusal::NotRegistered;
    then_anothers_involvement: working(), worst().by(ON_WARD, ward()) => Refusal::AnothersInvolvement;
    then_one_that_was_entered_in_error: working().then_came([in_error(FIRST, by(school()))]),
        worst().of(ServiceType::Refuge) => Refusal::InError;
    then_another_service_than_before: working(), worst().of(ServiceType::Refuge) => Refusal::Differs;
    then_nobody_named: opened(), worst() => Refusal::NobodyNamed;
    then_no_contact: opened(), worst().team("Year 6") => Refusal::ContactCount;
    or_too_many: opened(), worst().team("Year 6").reached_by(many()) => Refusal::ContactCount;
    then_an_address_of_a_protected_service: opened(),
        refuge_start(FIRST).reached_by(vec![telephone("no number"), postal("2 Safe Street")])
        => Refusal::AddressNotTaken;
    then_the_form_of_the_contacts: opened(),
        worst().team("Year 6").reached_by(vec![telephone("no number")]) => Refusal::Malformed(not_a_number());
    then_a_start_too_far_ahead: opened(),
        worst().team("Year 6").reached_by(vec![telephone("999")])
        => Refusal::StartsTooFarAhead { started_on: day("2026-08-31") };
    then_a_start_before_birth: opened(), start(FIRST).since("2015-04-01").until("2015-03-01").in_episode(EPISODE)
        => Refusal::StartsBeforeBirth { started_on: day("2015-04-01") };
    then_an_end_before_the_start: opened(), start(FIRST).since("2026-07-01").until(TOMORROW).in_episode(EPISODE)
        => Refusal::EndsBeforeStart { started_on: day("2026-07-01"), ended_on: day(TOMORROW) };
    then_an_end_in_the_future: opened(), start(FIRST).until(TOMORROW).in_episode(EPISODE)
        => Refusal::EndsInFuture { ended_on: day(TOMORROW) };
    then_a_start_after_death: opened().then_came([died("2026-02-28")]), start(FIRST).in_episode(EPISODE)
        => Refusal::AfterDeath;
    then_an_episode_of_no_sensitive_service: opened(), start(FIRST).in_episode(EPISODE)
        => Refusal::EpisodeNotTaken;
    or_a_sensitive_service_without_one: opened(), clinic_start(FIRST).without_episode()
        => Refusal::EpisodeMissing;
    then_no_consent_and_no_suspected_harm: opened(), clinic_start(FIRST) => Refusal::NoBasis;
    what_nobody_recorded_is_not_changed: opened(), end(FIRST, by(ward()), TOMORROW) => Refusal::Unknown;
    nor_by_another: working(), end(FIRST, by(ward()), TOMORROW) => Refusal::AnothersInvolvement;
    what_has_ended_takes_no_role: working(), name_lead(SECOND, by(ward())) => Refusal::HasEnded;
    what_has_not_begun_takes_no_role: opened().then_came([start(FIRST).since(TOMORROW).into()]),
        name_lead(FIRST, by(school())) => Refusal::NotBegun { started_on: day(TOMORROW) };
    a_role_that_is_taken_is_not_given_again: working().then_came([ward_start(THIRD).leading().into()]),
        name_lead(FIRST, by(school())) => Refusal::LeadTaken;
    an_assessment_is_not_of_the_future: working(), indicate(FIRST, by(school()), TOMORROW)
        => Refusal::InFuture { on: day(TOMORROW) };
}

/// I-5
#[test]
fn an_end_lies_not_before_the_start_and_neither_lies_where_it_cannot() {
    let begins = |on| opened().when(start(FIRST).since(on)).then_some(|events| assert_eq!(events.len(), 1));
    begins("2015-04-02");
    begins("2026-08-30");
    opened().when(start(FIRST).since(TODAY).until(TODAY)).then_some(|events| assert_eq!(events.len(), 1));
    let ends = |on| working().when(end(FIRST, by(school()), on));
    ends(TODAY).then([Event::InvolvementEnded(Ended {
        involvement: FIRST,
        ended_on: day(TODAY),
        version: None,
    })]);
    ends("2026-02-28").then_refused(Refusal::EndsBeforeStart {
        started_on: day("2026-03-01"),
        ended_on: day("2026-02-28"),
    });
    let moved = Updated { started_on: Some(day("2026-05-01")), ..nothing_of(SECOND) };
    working().when(update(by(ward()), moved)).then_refused(Refusal::EndsBeforeStart {
        started_on: day("2026-05-01"),
        ended_on: day("2026-04-01"),
    });
}

#[test]
fn a_start_that_lies_ahead_shows_from_its_day() {
    let child = opened().then_came([start(FIRST).since(TOMORROW).into()]).state();
    let visible = |on| held(&child, FIRST).is_current(day(on), super::ENDED_VISIBLE_DAYS);
    assert_eq!((visible(TODAY), visible(TOMORROW)), (false, true));
    assert!(!held(&child, FIRST).is_open(day(TODAY)));
}

#[test]
fn an_ended_entry_shows_for_a_year_and_a_sensitive_one_not_a_day() {
    let story = working().then_came([consent_given(), clinic_start(THIRD).until("2026-04-01").into()]);
    let child = story.state();
    let shows = |id, on| held(&child, id).is_current(day(on), super::ENDED_VISIBLE_DAYS);
    assert_eq!((shows(SECOND, "2027-04-01"), shows(SECOND, "2027-04-02")), (true, false));
    assert_eq!((shows(THIRD, "2026-03-31"), shows(THIRD, "2026-04-01")), (true, false));
}

/// I-15
#[test]
fn only_the_organisation_that_recorded_an_involvement_or_the_team_changes_it() {
    let renamed = Updated { team: Told::Value(label("Year 7")), ..nothing_of(FIRST) };
    let commands = |by: Changer| {
        [
            update(by.clone(), renamed.clone()),
            end(FIRST, by.clone(), TODAY),
            in_error(FIRST, by.clone()),
            indicate(FIRST, by.clone(), TODAY),
            withdraw(FIRST, by.clone(), TODAY),
            name_lead(FIRST, by.clone()),
            relinquish(FIRST, by),
        ]
    };
    for command in commands(by(ward())) {
        working().when(command).then_refused(Refusal::AnothersInvolvement);
    }
    for command in commands(by(school())).into_iter().chain(commands(Changer::Team)) {
        let _ = working().when(command).then_some(|_| ());
    }
    let of_national_supplier = start(THIRD).by(ON_WARD, ward()).of_organisation(school());
    let whose_it_is = end(THIRD, by(school()), TODAY);
    let _ = opened().then_came([of_national_supplier.into(), whose_it_is]);
}

#[test]
fn what_was_entered_in_error_is_shown_to_nobody_and_stays_so() {
    let story = working()
        .when(in_error(FIRST, by(school())))
        .then([Event::InvolvementEnteredInError(InError { involvement: FIRST })])
        .when(in_error(FIRST, by(school())))
        .then_nothing();
    let child = story.state();
    assert!(!child.stands(held(&child, FIRST), day(TODAY)));
}

#[test]
fn an_assessment_is_indicated_and_withdrawn_once_and_what_is_repeated_late_changes_nothing() {
    let on = |text| AssessmentIndicated { involvement: FIRST, on: day(text) };
    let story = working()
        .when(indicate(FIRST, by(school()), "2026-05-01"))
        .then([Event::CommonAssessmentIndicated(on("2026-05-01"))])
        .when(indicate(FIRST, by(school()), "2026-05-01"))
        .then_nothing()
        .when(withdraw(FIRST, by(school()), "2026-04-30"))
        .then_nothing()
        .when(withdraw(FIRST, by(school()), "2026-05-20"))
        .then([Event::CommonAssessmentWithdrawn(AssessmentWithdrawn {
            involvement: FIRST,
            on: day("2026-05-20"),
        })])
        .when(withdraw(FIRST, by(school()), "2026-05-20"))
        .then_nothing()
        .when(indicate(FIRST, by(school()), "2026-05-01"))
        .then_nothing();
    assert_eq!(held(&story.state(), FIRST).common_assessment_on, None);
}

#[test]
fn a_practitioners_contacts_change_on_every_open_entry_of_the_supplier_and_on_no_others() {
    let desk = vec![telephone("020 7946 0009")];
    let story = opened().then_came([
        start(FIRST).nurse().into(),
        start(SECOND).nurse().until("2026-04-01").into(),
        ward_start(THIRD).nurse().into(),
    ]);
    let story = story
        .when(change_contacts(school(), desk.clone()))
        .then([Event::PractitionerContactsChanged(PractitionerContactsChanged {
            supplier: school(),
            practitioner_ref: NURSE,
            contacts: desk.clone(),
        })])
        .when(change_contacts(school(), desk.clone()))
        .then_nothing();
    let child = story.state();
    let changed = |id| held(&child, id).contacts == desk;
    assert_eq!((changed(FIRST), changed(SECOND), changed(THIRD)), (true, false, false));
    working().when(change_contacts(school(), many())).then_refused(Refusal::Unknown);
}
