//! Specs of what happens between services: contact that was made, and what was decided not to be shared.

use super::*;
use crate::child::{
    involvement::{Contacted, NotShared, Withholding},
    shield,
};

/// The school and the ward work with Ava, and so does the clinic, with consent.
fn beside() -> crate::spec::Given<child::Child> {
    opened().then_came([
        start(FIRST).into(),
        ward_start(SECOND).into(),
        consent_given(),
        clinic_start(THIRD).into(),
    ])
}

fn contacted(involvement: InvolvementId, with: InvolvementId, on: &str) -> Contacted {
    Contacted { involvement, with, on: day(on) }
}

fn make_contact(organisation: vocabulary::OrganisationId, told: Contacted) -> child::Command {
    child::Command::Involvement(Command::MakeContact { organisation, told })
}

fn not_shared(involvement: InvolvementId, with: Option<InvolvementId>) -> NotShared {
    NotShared { involvement, with, because: Withholding::NotNecessary, on: day(TODAY) }
}

fn decline(organisation: vocabulary::OrganisationId, told: NotShared) -> child::Command {
    child::Command::Involvement(Command::DeclineSharing { organisation, told })
}

#[test]
fn that_two_services_got_in_touch_is_said_once_a_day() {
    let told = contacted(FIRST, SECOND, TODAY);
    let story = beside()
        .when(make_contact(school(), told.clone()))
        .then([Event::ContactMade(told.clone())])
        .when(make_contact(school(), told))
        .then_nothing();
    let before = contacted(FIRST, SECOND, "2026-05-01");
    let child = story.then_came([make_contact(school(), before)]).state();
    assert_eq!(held(&child, FIRST).contacted[&SECOND], day(TODAY), "the newest is remembered");
}

#[test]
fn what_is_decided_not_to_be_shared_is_said_once_with_whom_or_with_nobody() {
    for with in [Some(SECOND), None] {
        let told = not_shared(FIRST, with);
        let story = beside()
            .when(decline(school(), told.clone()))
            .then([Event::SharingDeclined(told.clone())])
            .when(decline(school(), told))
            .then_nothing();
        assert!(held(&story.state(), FIRST).not_shared.is_some());
    }
    let by_clinic = not_shared(THIRD, Some(FIRST));
    let _ = beside().when(decline(clinic(), by_clinic.clone())).then([Event::SharingDeclined(by_clinic)]);
}

#[test]
fn only_for_an_own_open_entry_and_only_of_one_that_is_seen() {
    let contact = |story: crate::spec::Given<child::Child>, own, with| {
        story.when(make_contact(school(), contacted(own, with, TODAY)))
    };
    contact(beside(), SECOND, FIRST).then_refused(Refusal::Unknown);
    contact(beside(), FIRST, FIRST).then_refused(Refusal::Unknown);
    contact(beside(), FIRST, THIRD).then_refused(Refusal::Unknown);
    let ended = beside().then_came([end(FIRST, by(school()), TODAY)]);
    contact(ended, FIRST, SECOND).then_refused(Refusal::HasEnded);
    let shielded = child::Command::Shield(shield::Command::Apply {
        shield: SHIELD_2,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-01"),
    });
    contact(beside().then_came([shielded]), FIRST, SECOND).then_refused(Refusal::Unknown);
    let ahead = contacted(FIRST, SECOND, TOMORROW);
    let refused = Refusal::InFuture { on: day(TOMORROW) };
    beside().when(make_contact(school(), ahead)).then_refused(refused.clone());
    let withheld = NotShared { on: day(TOMORROW), ..not_shared(FIRST, None) };
    beside().when(decline(school(), withheld)).then_refused(refused);
    beside().when(decline(school(), not_shared(FIRST, Some(THIRD)))).then_refused(Refusal::Unknown);
    beside().when(decline(school(), not_shared(SECOND, None))).then_refused(Refusal::Unknown);
}
