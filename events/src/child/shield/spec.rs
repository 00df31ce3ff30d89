//! Specs of shields: asked for, decided by an authority, reviewed within six months, lifted.

use super::{Applied, Command, Ground, Lifted, Refusal, Refused, Requested, Reviewed};
use crate::child::{self, Event, examples::*, involvement};

const REVIEW: &str = "2026-11-30";
const LATEST: &str = "2026-12-01";
const TOO_LATE: &str = "2026-12-02";

fn asked(command: Command) -> child::Command {
    child::Command::Shield(command)
}

fn request() -> child::Command {
    asked(Command::Request { shield: SHIELD, by: ward(), ground: Ground::DomesticAbuse })
}

fn apply(shield: vocabulary::ShieldId, review_by: &str) -> child::Command {
    asked(Command::Apply { shield, ground: Ground::DomesticAbuse, review_by: day(review_by) })
}

fn keep(review_by: &str) -> child::Command {
    asked(Command::Keep { shield: SHIELD, review_by: day(review_by) })
}

fn lift(shield: vocabulary::ShieldId) -> child::Command {
    asked(Command::Lift { shield })
}

fn refuse() -> child::Command {
    asked(Command::Refuse { shield: SHIELD })
}

refusals! { "../shield.rs";
    a_record_that_nobody_opened_comes_first: unopened(), keep(TOO_LATE) => Refusal::NotRegistered;
    then_a_shield_that_does_not_stand: opened(), keep(TOO_LATE) => Refusal::Unknown;
    what_nobody_asked_for_is_not_refused: opened(), refuse() => Refusal::Unknown;
    what_does_not_stand_is_not_lifted: opened(), lift(SHIELD) => Refusal::Unknown;
    then_a_review_too_far_away: opened().then_came([apply(SHIELD, REVIEW)]), keep(TOO_LATE)
        => Refusal::ReviewOutOfRange;
    or_in_the_past: opened(), apply(SHIELD, "2026-05-31") => Refusal::ReviewOutOfRange;
}

#[test]
fn a_shield_stands_from_its_day_until_it_is_lifted_and_each_step_is_told_once() {
    let applied = Applied { shield: SHIELD, ground: Ground::DomesticAbuse, review_by: day(REVIEW) };
    let requested =
        Requested { shield: SHIELD, by: ward(), ground: Ground::DomesticAbuse, holds_addresses: false };
    let story = opened()
        .when(request())
        .then([Event::ShieldRequested(requested)])
        .when(request())
        .then_nothing()
        .when(apply(SHIELD, REVIEW))
        .then([Event::ShieldApplied(applied)])
        .when(apply(SHIELD, REVIEW))
        .then_nothing()
        .when(request())
        .then_nothing()
        .when(keep(LATEST))
        .then([Event::ShieldReviewed(Reviewed { shield: SHIELD, review_by: day(LATEST) })])
        .when(keep(LATEST))
        .then_nothing();
    let story = story.when(lift(SHIELD)).then([Event::ShieldLifted(Lifted { shield: SHIELD })]);
    assert!(!story.state().is_shielded());
}

#[test]
fn a_request_that_is_refused_shields_nothing() {
    let story = opened()
        .then_came([request()])
        .when(refuse())
        .then([Event::ShieldRefused(Refused { shield: SHIELD })]);
    let child = story.state();
    assert!(child.shield_requests.is_empty() && !child.is_shielded());
}

#[test]
fn a_record_is_shielded_while_any_shield_stands() {
    let story = opened().then_came([apply(SHIELD, REVIEW), apply(SHIELD_2, REVIEW), lift(SHIELD)]);
    assert!(story.state().is_shielded());
}

/// I-6
#[test]
fn of_leads_that_a_shield_hid_from_each_other_only_the_last_named_stays_when_it_is_lifted() {
    let story = opened().then_came([
        start(FIRST).into(),
        ward_start(SECOND).into(),
        apply(SHIELD, REVIEW),
        name_lead(SECOND, by(ward())),
        name_lead(FIRST, by(school())),
    ]);
    let relinquished = involvement::LeadRelinquished { involvement: SECOND };
    story.when(lift(SHIELD)).then([
        Event::ShieldLifted(Lifted { shield: SHIELD }),
        Event::LeadProfessionalRelinquished(relinquished),
    ]);
}
