//! Specs of notifications: who is told that a service began or stopped, and who never is.

use super::*;
use crate::child::{
    involvement::{Acknowledged, Change, NOTIFICATIONS_MAX, Notified},
    shield,
};
use vocabulary::Position;

fn notified(involvement: InvolvementId, change: Change, told: &[InvolvementId]) -> Event {
    Event::InvolvementNotified(Notified { involvement, change, told: told.to_vec() })
}

fn acknowledge(organisation: vocabulary::OrganisationId, notification: u64) -> child::Command {
    child::Command::Involvement(Command::Acknowledge { organisation, notification: Position(notification) })
}

/// What is told beside what happened.
#[track_caller]
fn tells(story: crate::spec::Given<child::Child>, command: impl Into<child::Command>) -> Vec<Event> {
    let mut told = Vec::new();
    let _ = story.when(command).then_some(|events| {
        let notifications = events.iter().filter(|event| matches!(event, Event::InvolvementNotified(_)));
        told.extend(notifications.cloned());
    });
    told
}

/// The school works with Ava, and so does the clinic, with consent.
fn working_apart() -> crate::spec::Given<child::Child> {
    working().then_came([consent_given(), clinic_start(THIRD).into()])
}

const FOURTH: InvolvementId = InvolvementId::new(uuid::Uuid::from_u128(0x14));

#[test]
fn a_new_involvement_tells_those_who_still_work_with_the_child() {
    assert_eq!(
        tells(working(), ward_start(THIRD)),
        [notified(THIRD, Change::Started, &[FIRST])],
        "not the ward of before, whose entry ended"
    );
    assert_eq!(
        tells(working_apart(), ward_start(FOURTH)),
        [notified(FOURTH, Change::Started, &[FIRST, THIRD])],
        "whom nobody sees is told too"
    );
    let stored = serde_json::to_string(&tells(working_apart(), ward_start(FOURTH))).unwrap();
    assert!(!stored.contains(clinic().as_str()), "by its entry alone: {stored}");
}

#[test]
fn the_end_of_one_is_told_once() {
    let ended = || notified(THIRD, Change::Ended, &[FIRST]);
    let by_update = Updated { ended_on: Told::Value(day(TODAY)), ..nothing_of(THIRD) };
    for way in [end(THIRD, by(ward()), TODAY), update(by(ward()), by_update)] {
        let story = working().then_came([ward_start(THIRD).into()]);
        assert_eq!(tells(story, way), [ended()]);
    }
    let story = working().then_came([ward_start(THIRD).into(), end(THIRD, by(ward()), TODAY)]);
    assert_eq!(tells(story, end(THIRD, by(ward()), "2026-05-31")), [], "an end that is corrected");
}

#[test]
fn a_sensitive_or_protected_entry_tells_nobody() {
    let story = || working().then_came([consent_given()]);
    assert_eq!(tells(story(), clinic_start(THIRD)), []);
    assert_eq!(tells(story(), refuge_start(THIRD)), []);
    assert_eq!(tells(working_apart(), end(THIRD, by(clinic()), TODAY)), []);
}

#[test]
fn what_nobody_may_see_at_this_moment_is_told_to_nobody() {
    let shielded = child::Command::Shield(shield::Command::Apply {
        shield: SHIELD_2,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-01"),
    });
    assert_eq!(tells(working().then_came([shielded]), ward_start(THIRD)), []);
    let grown_up = opened_for(born_on("2008-06-02")).then_came([start(FIRST).into()]);
    assert_eq!(tells(grown_up.days_later(1), ward_start(THIRD)), [], "in the archive");
    assert_eq!(tells(working(), ward_start(THIRD).since(TOMORROW)), [], "it begins tomorrow");
    assert_eq!(tells(working(), ward_start(THIRD).until("2026-05-01")), [], "it was over before it was told");
}

#[test]
fn nobody_is_told_of_what_is_their_own_or_what_they_said_themselves() {
    assert_eq!(tells(working(), start(THIRD)), [], "two entries of one school");
    assert_eq!(
        tells(working(), start(THIRD).of_organisation(ward())),
        [],
        "what the school says of the ward"
    );
}

#[test]
fn a_repeated_start_tells_nothing_new() {
    let story = working().then_came([ward_start(THIRD).into()]);
    let _ = story.when(ward_start(THIRD)).then_nothing();
}

#[test]
fn whoever_was_told_says_once_that_it_was_seen() {
    let story = working().then_came([ward_start(THIRD).into()]);
    let notification =
        *notifications_of_school(&working().then_came([ward_start(THIRD).into()]).state()).first().unwrap();
    let seen = Event::NotificationAcknowledged(Acknowledged { involvement: FIRST, notification });
    let story = story
        .when(acknowledge(school(), notification.0))
        .then([seen])
        .when(acknowledge(school(), notification.0))
        .then_nothing();
    story.when(acknowledge(ward(), notification.0)).then_refused(Refusal::Unknown);
    working().when(acknowledge(school(), notification.0)).then_refused(Refusal::Unknown);
}

fn notifications_of_school(child: &child::Child) -> Vec<Position> {
    held(child, FIRST).notifications.keys().copied().collect()
}

#[test]
fn the_newest_notices_are_kept_with_an_entry() {
    let mut story = working();
    for number in 0..=NOTIFICATIONS_MAX as u128 {
        let id = InvolvementId::new(uuid::Uuid::from_u128(0x100 + number));
        story = story.then_came([ward_start(id).into()]);
    }
    let child = story.state();
    let kept: Vec<_> =
        held(&child, FIRST).notifications.values().map(|notification| notification.of).collect();
    assert_eq!(kept.len(), NOTIFICATIONS_MAX);
    assert!(!kept.contains(&InvolvementId::new(uuid::Uuid::from_u128(0x100))), "the oldest went");
}
