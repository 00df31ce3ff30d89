//! Specs of the lead professional: at most one in anyone's sight, and no refusal tells of a hidden one.

use super::*;
use crate::child::{
    involvement::{LeadClashed, LeadNamed, LeadRelinquished},
    shield,
};

fn named(involvement: InvolvementId) -> Event {
    Event::LeadProfessionalNamed(LeadNamed { involvement })
}

fn shielded() -> child::Command {
    child::Command::Shield(shield::Command::Apply {
        shield: SHIELD_2,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-01"),
    })
}

/// I-6
#[test]
fn the_role_is_taken_once_and_given_up_once() {
    let story = working()
        .when(name_lead(FIRST, by(school())))
        .then([named(FIRST)])
        .when(name_lead(FIRST, by(school())))
        .then_nothing();
    story
        .when(relinquish(FIRST, by(school())))
        .then([Event::LeadProfessionalRelinquished(LeadRelinquished { involvement: FIRST })])
        .when(relinquish(FIRST, by(school())))
        .then_nothing();
}

/// I-6
#[test]
fn a_taken_role_is_refused_alone_and_the_involvement_stands() {
    let story = working().then_came([name_lead(FIRST, by(school()))]);
    story.when(ward_start(THIRD).leading()).then_some(|events| {
        assert!(matches!(events, [Event::InvolvementStarted(_), Event::InvolvementNotified(_)]));
    });
}

/// I-6
#[test]
fn an_involvement_that_ends_or_is_taken_back_holds_the_role_no_more() {
    let leading = || working().then_came([name_lead(FIRST, by(school()))]);
    let by_update = Updated { ended_on: Told::Value(day(TODAY)), ..nothing_of(FIRST) };
    let put_off = Updated { started_on: Some(day(TOMORROW)), ..nothing_of(FIRST) };
    let ways = [
        end(FIRST, by(school()), TODAY),
        update(by(school()), by_update),
        update(by(school()), put_off),
        in_error(FIRST, by(school())),
    ];
    for way in ways {
        let story = leading().then_came([way]);
        assert!(!held(&story.state(), FIRST).lead_professional);
    }
    let reopened = Updated { ended_on: Told::TakenBack, ..nothing_of(FIRST) };
    let story = leading().then_came([end(FIRST, by(school()), TODAY), update(by(school()), reopened)]);
    assert!(!held(&story.state(), FIRST).lead_professional);
}

/// I-6
#[test]
fn a_role_held_where_the_sender_cannot_see_is_given_and_the_clash_is_the_teams() {
    let hidden =
        opened().then_came([consent_given(), clinic_start(THIRD).leading().into(), start(FIRST).into()]);
    hidden.when(name_lead(FIRST, by(school()))).then([
        named(FIRST),
        Event::LeadProfessionalClashed(LeadClashed { involvement: FIRST, with: THIRD }),
    ]);
    let protected = opened().then_came([refuge_start(THIRD).leading().into(), start(FIRST).into()]);
    protected.when(name_lead(FIRST, by(school()))).then_some(|events| assert_eq!(events.len(), 2));
    let shielded =
        working().then_came([name_lead(FIRST, by(school())), ward_start(THIRD).into(), shielded()]);
    shielded.when(name_lead(THIRD, by(ward()))).then_some(|events| assert_eq!(events.len(), 2));
}

/// I-6
#[test]
fn a_hidden_holder_does_not_let_a_visible_one_be_overlooked() {
    // The hidden one has the lower id, and so is met first.
    let story = opened().then_came([
        consent_given(),
        clinic_start(FIRST).leading().into(),
        ward_start(SECOND).leading().into(),
        start(THIRD).into(),
    ]);
    story.when(name_lead(THIRD, by(school()))).then_refused(Refusal::LeadTaken);
}

/// I-6
#[test]
fn the_team_sees_every_holder_and_gives_no_role_twice() {
    let story =
        opened().then_came([consent_given(), clinic_start(THIRD).leading().into(), start(FIRST).into()]);
    story.when(name_lead(FIRST, Changer::Team)).then_refused(Refusal::LeadTaken);
}

/// I-6, I-12
#[test]
fn an_entry_whose_consent_has_lapsed_neither_takes_the_role_nor_stands_in_its_way() {
    let lapsed = || {
        opened()
            .then_came([
                harm("2026-06-10", child::consent::Review::First),
                clinic_start(SECOND).leading().into(),
                start(FIRST).into(),
            ])
            .days_later(10)
    };
    lapsed().when(name_lead(FIRST, by(school()))).then([named(FIRST)]);
    let story = lapsed().then_came([relinquish(SECOND, by(clinic()))]);
    story.when(name_lead(SECOND, by(clinic()))).then_refused(Refusal::NoBasis);
}
