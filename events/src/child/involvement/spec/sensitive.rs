//! Specs of sensitive and protected services: nothing is held without what permits it.

use super::*;
use crate::child::{
    consent::{Basis, Review},
    details::OlderVersion,
    shield::{self, Ground, Requested},
};

fn basis_of(events: &[Event]) -> Option<Basis> {
    match events {
        [Event::InvolvementStarted(started)] => started.basis,
        other => panic!("one start was expected, not {} events", other.len()),
    }
}

/// I-11
#[test]
fn a_sensitive_service_is_recorded_with_consent_or_on_suspicion_of_significant_harm() {
    let consented = opened().then_came([consent_given()]);
    let _ = consented
        .when(clinic_start(FIRST))
        .then_some(|events| assert_eq!(basis_of(events), Some(Basis::Consent)));
    let suspected = opened().then_came([harm("2026-11-01", Review::First)]);
    let _ = suspected
        .when(clinic_start(FIRST))
        .then_some(|events| assert_eq!(basis_of(events), Some(Basis::SignificantHarm)));
    for service in [ServiceType::SexualHealth, ServiceType::MentalHealth, ServiceType::SubstanceMisuse] {
        opened().when(clinic_start(FIRST).of(service)).then_refused(Refusal::NoBasis);
    }
}

/// I-11
#[test]
fn consent_to_one_episode_permits_no_other() {
    let story = opened().then_came([consent_given()]);
    story.when(clinic_start(FIRST).in_episode(EPISODE_2)).then_refused(Refusal::NoBasis);
}

/// I-12
#[test]
fn once_the_review_is_overdue_the_entry_stands_no_more_and_takes_nothing_new() {
    let story = opened().then_came([harm("2026-06-10", Review::First), clinic_start(FIRST).nurse().into()]);
    let child = story.state();
    assert!(child.stands(held(&child, FIRST), day("2026-06-10")));
    assert!(!child.stands(held(&child, FIRST), day("2026-06-11")));

    let lapsed = || {
        opened()
            .then_came([harm("2026-06-10", Review::First), clinic_start(FIRST).nurse().into()])
            .days_later(10)
    };
    let renamed = Updated { team: Told::Value(label("Evening clinic")), ..nothing_of(FIRST) };
    lapsed().when(update(by(clinic()), renamed)).then_refused(Refusal::NoBasis);
    lapsed().when(indicate(FIRST, by(clinic()), TODAY)).then_refused(Refusal::NoBasis);
    lapsed().when(clinic_start(FIRST).nurse()).then_refused(Refusal::NoBasis);
    lapsed().when(change_contacts(clinic(), vec![telephone("999")])).then_refused(Refusal::Unknown);
    let _ = lapsed().then_came([end(FIRST, by(clinic()), TODAY), in_error(FIRST, by(clinic()))]);
}

#[test]
fn a_lapsed_entry_comes_back_under_another_episode_that_permits_it() {
    let lapsed =
        opened().then_came([harm("2026-06-10", Review::First), clinic_start(FIRST).into()]).days_later(10);
    let consented = child::consent::Command::Decide {
        episode: EPISODE_2,
        supplier: clinic(),
        decision: vocabulary::ConsentDecision::Given,
        given_by: vocabulary::GivenBy::Child,
        competence: vocabulary::Competence::AssessedCompetent,
        method: vocabulary::Method::Written,
        notice_version: label("v3"),
        decided_on: day(TODAY),
        presumed_age: 12,
    };
    let story = lapsed.then_came([child::Command::Consent(consented)]);
    story
        .when(clinic_start(FIRST).in_episode(EPISODE_2))
        .then_some(|events| assert_eq!(basis_of(events), Some(Basis::Consent)));
}

#[test]
fn an_entry_that_stands_keeps_its_episode() {
    let story = opened().then_came([consent_given(), clinic_start(FIRST).into()]);
    story.when(clinic_start(FIRST).in_episode(EPISODE_2)).then_refused(Refusal::Differs);
}

/// I-12
#[test]
fn what_is_told_of_a_sensitive_entry_names_the_episode_whose_key_must_seal_it() {
    let story = opened().then_came([consent_given(), clinic_start(FIRST).nurse().version(5).into()]);
    let story = story.when(clinic_start(FIRST).nurse().version(4)).then_some(|events| {
        assert!(matches!(events, [Event::OlderVersionReceived(OlderVersion { episode, .. })] if *episode == Some(EPISODE)));
    });
    let desk = vec![telephone("020 7946 0009")];
    story
        .when(change_contacts(clinic(), desk.clone()))
        .then([Event::InvolvementUpdated(Updated { contacts: Some(desk), ..nothing_of(FIRST) })]);
}

/// Rules.md 1.4.
#[test]
fn a_protected_service_asks_for_a_shield_at_once_and_only_once() {
    let requested = Event::ShieldRequested(Requested {
        shield: SHIELD,
        by: refuge(),
        ground: Ground::ProtectedService,
        holds_addresses: true,
    });
    let story =
        opened().when(refuge_start(FIRST)).then_some(|events| assert_eq!(events.last(), Some(&requested)));
    let story = story.when(refuge_start(FIRST)).then_nothing();
    story.when(refuge_start(SECOND).asking(SHIELD_2)).then_some(|events| assert_eq!(events.len(), 1));
}

/// Rules.md 1.4.
#[test]
fn a_shield_on_another_ground_does_not_stand_in_for_the_one_a_protected_service_asks_for() {
    let apply = |ground| {
        let (shield, review_by) = (SHIELD_2, day("2026-11-01"));
        child::Command::Shield(shield::Command::Apply { shield, ground, review_by })
    };
    let asked = |ground, count| {
        let story = opened().then_came([apply(ground)]);
        let _ = story.when(refuge_start(FIRST)).then_some(|events| assert_eq!(events.len(), count));
    };
    asked(Ground::DomesticAbuse, 2);
    asked(Ground::ProtectedService, 1);
}

/// Rules.md 1.4.
#[test]
fn no_later_word_gives_a_protected_service_an_address() {
    let story = || opened().then_came([refuge_start(FIRST).nurse().into()]);
    let moved = Updated { contacts: Some(vec![postal("2 Safe Street")]), ..nothing_of(FIRST) };
    story().when(update(by(refuge()), moved)).then_refused(Refusal::AddressNotTaken);
    story()
        .when(change_contacts(refuge(), vec![postal("2 Safe Street")]))
        .then_refused(Refusal::AddressNotTaken);
}
