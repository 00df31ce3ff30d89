//! Specs of enrolment, leaving and codes read out.

use super::*;

fn issue() -> Command {
    Command::IssueEnrolment {
        code_hash: Secret::new("hash".to_owned()),
        expires_at: NOW + chrono::Duration::hours(72),
        by: Some(manager()),
    }
}

fn issued(expires_at: DateTime<Utc>) -> Event {
    Event::EnrolmentIssued { code_hash: Secret::new("hash".to_owned()), expires_at, by: Some(manager()) }
}

#[test]
fn an_enrolment_sets_the_credentials_and_passes_the_gate_of_the_token() {
    let enrol = Command::Enrol { credentials: credentials() };
    let token = Event::GateRecorded { gate: Gate::Token, by: None, valid_until: None };
    given::<Account>([created()])
        .when(issue())
        .then([issued(NOW + chrono::Duration::hours(72))])
        .when(enrol.clone())
        .then([Event::CredentialsSet(credentials()), token])
        .when(enrol)
        .then_refused(Refusal::EnrolmentMissing);
}

#[test]
fn a_code_that_ran_out_enrols_nobody() {
    given::<Account>([created(), issued(NOW)])
        .when(Command::Enrol { credentials: credentials() })
        .then_refused(Refusal::EnrolmentMissing);
}

#[test]
fn nobody_hands_an_enrolment_code_to_themself() {
    let own = Command::IssueEnrolment {
        code_hash: Secret::new("hash".to_owned()),
        expires_at: NOW,
        by: Some(account(1)),
    };
    given::<Account>([created()]).when(own).then_refused(Refusal::OwnAccount);
}

#[test]
fn leaving_closes_the_same_day_and_a_day_to_come_closes_after_it() {
    let leave = |on: Option<&str>| Command::Close { on: on.map(day) };
    for today in [None, Some("2026-06-01"), Some("2026-05-01")] {
        given::<Account>([created()]).when(leave(today)).then([Event::AccountClosed]);
    }
    let leaving = Event::LeavingRecorded { on: day("2026-06-30") };
    given::<Account>([created()])
        .when(leave(Some("2026-06-30")))
        .then([leaving.clone()])
        .when(leave(Some("2026-06-30")))
        .then_nothing();
    given::<Account>([created()]).when(leave(Some("2027-06-02"))).then_refused(Refusal::LeavingOutOfRange);
    let state = given::<Account>([created(), leaving]).state();
    assert!(!state.is_closed(day("2026-06-30")) && state.is_closed(day("2026-07-01")));
}

#[test]
fn a_code_read_out_to_a_mediator_is_taken_once() {
    let read = |code_step| Command::ReadOutCode { code_step };
    let at_work = |more| given::<Account>(at_work("2027-01-01", "2027-01-01", more));
    at_work(vec![])
        .when(read(7))
        .then([Event::CodeReadOut { code_step: 7 }])
        .when(read(7))
        .then_refused(Refusal::CodeUsed);
    at_work(vec![Event::CodeReadOut { code_step: 7 }])
        .when(Command::SignIn { code_step: 7, grace_hours: 72 })
        .then_refused(Refusal::CodeUsed);
}
