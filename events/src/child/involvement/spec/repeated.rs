//! Specs of repetition: a feed that says the same again, says more, or says something older.

use super::*;
use crate::{
    child::details::OlderVersion,
    supplied::{Supplied, SuppliedChild, SuppliedPractitioner, SuppliedRef},
};

fn reference(id: InvolvementId) -> SuppliedRef {
    SuppliedRef::try_from(id.to_string()).unwrap()
}

/// I-16
#[test]
fn a_repeated_feed_records_nothing_new() {
    working().when(start(FIRST)).then_nothing();
    working().when(update(by(school()), nothing_of(FIRST))).then_nothing();
    working().when(end(SECOND, by(ward()), "2026-04-01")).then_nothing();
}

#[test]
fn a_start_told_otherwise_is_an_update_of_what_differs() {
    working().when(start(FIRST).team("Year 7")).then([Event::InvolvementUpdated(Updated {
        team: Told::Value(label("Year 7")),
        ..nothing_of(FIRST)
    })]);
    working().when(start(FIRST).nobody().nurse()).then([Event::InvolvementUpdated(Updated {
        practitioner: Told::Value(nurse()),
        team: Told::TakenBack,
        ..nothing_of(FIRST)
    })]);
}

#[test]
fn a_start_told_again_after_the_end_does_not_open_it_again() {
    let story = working().then_came([end(FIRST, by(school()), TODAY)]).when(start(FIRST)).then_nothing();
    assert_eq!(held(&story.state(), FIRST).ended_on, Some(day(TODAY)));
}

#[test]
fn a_start_told_again_as_lead_takes_the_role_if_it_is_free() {
    let story = working().then_came([start(FIRST).leading().into()]);
    assert!(held(&story.state(), FIRST).lead_professional);
    working().then_came([start(FIRST).leading().into()]).when(start(FIRST).leading()).then_nothing();
}

#[test]
fn null_takes_an_end_back_and_what_is_absent_stays() {
    let reopened = Updated { ended_on: Told::TakenBack, ..nothing_of(SECOND) };
    let story = working().then_came([update(by(ward()), reopened)]);
    let child = story.state();
    assert_eq!(held(&child, SECOND).ended_on, None);
    assert_eq!(held(&child, SECOND).contacts, [telephone("020 7946 0000")]);
}

#[test]
fn an_ended_involvement_is_still_corrected() {
    let corrected = Updated { contacts: Some(vec![telephone("020 7946 0009")]), ..nothing_of(SECOND) };
    let story = working().then_came([update(by(ward()), corrected), end(SECOND, by(ward()), "2026-04-02")]);
    let child = story.state();
    assert_eq!(held(&child, SECOND).contacts, [telephone("020 7946 0009")]);
    assert_eq!(held(&child, SECOND).ended_on, Some(day("2026-04-02")));
}

#[test]
fn nobody_is_left_to_name_after_an_update_is_refused() {
    let emptied = Updated { team: Told::TakenBack, ..nothing_of(FIRST) };
    working().when(update(by(school()), emptied)).then_refused(Refusal::NobodyNamed);
}

fn kept(told: Supplied) -> Event {
    Event::OlderVersionReceived(OlderVersion {
        source: AT_SCHOOL,
        supplier: school(),
        version: 4,
        told: Box::new(told),
        episode: None,
    })
}

/// The fifth version of a start is known.
fn at_fifth() -> crate::spec::Given<child::Child> {
    opened().then_came([start(FIRST).version(5).into()])
}

/// I-17
#[test]
fn an_older_version_of_an_update_is_kept_in_history_once_and_changes_nothing() {
    let older = Updated { team: Told::Value(label("Year 5")), version: Some(4), ..nothing_of(FIRST) };
    let told = Supplied::InvolvementUpdated(crate::supplied::InvolvementUpdated {
        involvement_ref: reference(FIRST),
        practitioner: Told::Unsaid,
        team: Told::Value(label("Year 5")),
        contacts: None,
        started_on: None,
        ended_on: Told::Unsaid,
        version: Some(4),
    });
    let story = at_fifth()
        .when(update(by(school()), older.clone()))
        .then([kept(told)])
        .when(update(by(school()), older))
        .then_nothing();
    assert_eq!(held(&story.state(), FIRST).team, Some(label("Year 6")));
}

/// I-17
#[test]
fn an_older_version_of_an_end_is_kept_in_history_once_and_changes_nothing() {
    let ended = child::Command::Involvement(Command::End {
        by: by(school()),
        involvement: FIRST,
        ended_on: day("2026-05-01"),
        version: Some(4),
    });
    let told = Supplied::InvolvementEnded {
        involvement_ref: reference(FIRST),
        ended_on: day("2026-05-01"),
        version: Some(4),
    };
    let story = at_fifth().when(ended.clone()).then([kept(told)]).when(ended).then_nothing();
    assert_eq!(held(&story.state(), FIRST).ended_on, None);
}

/// I-17
#[test]
fn an_older_version_of_a_start_is_kept_in_history_once_and_changes_nothing() {
    let older = || start(FIRST).team("Year 5").nurse().leading().version(4);
    let told = Supplied::InvolvementStarted(crate::supplied::InvolvementStarted {
        child: SuppliedChild {
            local_ref: Some(SuppliedRef::try_from(AT_SCHOOL.to_string()).unwrap()),
            ..SuppliedChild::default()
        },
        involvement_ref: reference(FIRST),
        service_type: ServiceType::School,
        organisation: Some(school()),
        practitioner: Some(SuppliedPractitioner {
            practitioner_ref: SuppliedRef::try_from(NURSE.to_string()).unwrap(),
            name: nurse().name,
            job: nurse().job,
        }),
        team: Some(label("Year 5")),
        contacts: vec![telephone("020 7946 0000")],
        started_on: day("2026-03-01"),
        ended_on: None,
        lead_professional: Some(true),
        episode_ref: None,
        version: Some(4),
    });
    let child = at_fifth().when(older()).then([kept(told)]).when(older()).then_nothing().state();
    assert_eq!(held(&child, FIRST).team, Some(label("Year 6")));
    assert!(!held(&child, FIRST).lead_professional);
}

/// I-16, I-17
#[test]
fn a_version_with_nothing_new_is_remembered_so_that_an_older_one_stays_older() {
    let story = opened()
        .then_came([start(FIRST).version(1).into()])
        .when(start(FIRST).version(3))
        .then([Event::InvolvementUpdated(Updated { version: Some(3), ..nothing_of(FIRST) })])
        .when(start(FIRST).version(3))
        .then_nothing()
        .when(start(FIRST).version(1))
        .then_nothing()
        .then_came([start(FIRST).team("Year 5").version(2).into()]);
    assert_eq!(held(&story.state(), FIRST).team, Some(label("Year 6")));
}
