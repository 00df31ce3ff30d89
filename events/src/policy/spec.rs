//! Specs of policy: two signers, ranges, and the table of reasons.

use vocabulary::{AccessReason, Role};

use super::*;
use crate::{
    ceiling::{Ceilings, Limits},
    spec::{NOW, given},
};

fn signer(number: u128) -> AccountId {
    AccountId::new(uuid::Uuid::from_u128(number))
}

fn change(settings: Policy, signed_by: [u128; 2]) -> Command {
    Command::Change { settings: Box::new(settings), signed_by: signed_by.map(signer) }
}

fn changed(settings: Policy, version: u64) -> Event {
    Event::PolicyChanged { settings: Box::new(settings), signed_by: [signer(1), signer(2)], version }
}

fn targeted() -> Policy {
    Policy { scope: Scope::Targeted, ..Policy::default() }
}

#[test]
fn the_defaults_are_those_of_the_rules() {
    let policy = Policy::default();
    assert_eq!(policy.scope, Scope::Universal);
    assert_eq!((policy.ended_visible_days, policy.presumed_age), (365, 12));
    assert_eq!((policy.brokering_minutes, policy.grace_hours, policy.dormant_months), (30, 72, 13));
    assert_eq!(policy.results_max, 50);
    assert_eq!(policy.in_range(), Ok(()));
    assert_eq!(InForce::default().version, 0);
}

#[test]
fn a_model_is_published_once_and_another_one_in_its_place() {
    let model = |digest: &str| Published {
        model: Code::new("children_1").unwrap(),
        digest: Code::new(digest).unwrap(),
    };
    let (first, other) = (model("0a"), model("0b"));
    given::<InForce>([])
        .when(Command::Publish(first.clone()))
        .then([Event::ModelPublished(first.clone())])
        .when(Command::Publish(first))
        .then_nothing()
        .when(Command::Publish(other.clone()))
        .then([Event::ModelPublished(other)]);
}

#[test]
fn a_version_of_the_notice_is_published_once_and_not_before_its_day() {
    let notice = |version: &str, days: i64| PublishedNotice {
        version: Label::new(version).unwrap(),
        on: england_day(NOW) + chrono::Duration::days(days),
        by: signer(1),
    };
    let publish = |version: &str, days| Command::PublishNotice(notice(version, days));
    given::<InForce>([]).when(publish("2026-1", 1)).then_refused(Refusal::NoticeToCome);
    let story = given::<InForce>([])
        .when(publish("2026-1", 0))
        .then([Event::NoticePublished(notice("2026-1", 0))])
        .when(publish("2026-1", 0))
        .then_nothing()
        .when(publish("2026-2", -3))
        .then([Event::NoticePublished(notice("2026-2", -3))]);
    story.when(publish("2026-1", 0)).then_refused(Refusal::NoticePublished);
}

/// I-25.
#[test]
fn a_policy_needs_two_different_signers() {
    given::<InForce>([]).when(change(targeted(), [1, 1])).then_refused(Refusal::OneSigner);
    given::<InForce>([])
        .when(change(targeted(), [1, 2]))
        .then([changed(targeted(), 1)])
        .when(change(targeted(), [1, 2]))
        .then_nothing()
        .when(change(Policy::default(), [1, 2]))
        .then([changed(Policy::default(), 2)]);
}

#[test]
fn a_setting_outside_the_rules_is_refused_by_name_after_the_signers() {
    let wide = Policy { results_max: 51, ..Policy::default() };
    given::<InForce>([]).when(change(wide.clone(), [1, 1])).then_refused(Refusal::OneSigner);
    let unsampled = Sampling { override_percent: 50, ..Sampling::default() };
    let unseen = Sampling { over_ceiling_percent: 99, ..Sampling::default() };
    let wide_open = Ceilings { listed: Limits { hour: 100, day: 1_000_000 }, ..Ceilings::default() };
    let across = Sampling { other_authority_percent: 2, ..Sampling::default() };
    let table = [
        (wide, "results_max"),
        (Policy { results_max: 0, ..Policy::default() }, "results_max"),
        (Policy { presumed_age: 9, ..Policy::default() }, "presumed_age"),
        (Policy { notice_age: 19, ..Policy::default() }, "notice_age"),
        (Policy { ended_visible_days: -1, ..Policy::default() }, "ended_visible_days"),
        (Policy { brokering_minutes: 0, ..Policy::default() }, "brokering_minutes"),
        (Policy { queue_working_days: 6, ..Policy::default() }, "queue_working_days"),
        (Policy { grace_hours: 97, ..Policy::default() }, "grace_hours"),
        (Policy { dormant_months: 14, ..Policy::default() }, "dormant_months"),
        (
            Policy {
                sampling: Sampling { ordinary_percent: 101, ..Sampling::default() },
                ..Policy::default()
            },
            "sampling",
        ),
        (Policy { sampling: unsampled, ..Policy::default() }, "sampling.override_percent"),
        (Policy { sampling: unseen, ..Policy::default() }, "sampling.over_ceiling_percent"),
        (Policy { sampling: across, ..Policy::default() }, "sampling.other_authority_percent"),
        (Policy { ceilings: wide_open, ..Policy::default() }, "ceilings"),
    ];
    for (settings, setting) in table {
        given::<InForce>([]).when(change(settings, [1, 2])).then_refused(Refusal::OutOfRange { setting });
    }
}

#[test]
fn a_setting_that_an_older_version_did_not_know_takes_its_default() {
    let read: Policy = serde_json::from_str(r#"{"scope":"targeted"}"#).unwrap();
    assert_eq!(read, targeted());
    assert!(serde_json::from_str::<Policy>(r#"{"scope":"targeted","colour":"red"}"#).is_err());
}

/// I-19, the first half: which role may give which reason.
#[test]
fn reason_permitted_for_the_role() {
    let reasons = Reasons::default();
    let blind = [Role::UserManager, Role::CaseApprover, Role::Administrator, Role::Operator];
    for role in Role::ALL {
        assert_eq!(reasons.may_look(role), !blind.contains(&role), "{role:?}");
    }
    let table = [
        (Role::Practitioner, AccessReason::Emergency, true),
        (Role::Practitioner, AccessReason::DataQuality, false),
        (Role::Practitioner, AccessReason::Audit, false),
        (Role::NationalPartner, AccessReason::MissingEducation, true),
        (Role::Mediator, AccessReason::MediatedRequest, true),
        (Role::Mediator, AccessReason::Emergency, false),
        (Role::AuthorityTeam, AccessReason::Shielding, true),
        (Role::DataManager, AccessReason::SubjectAccess, true),
        (Role::Auditor, AccessReason::Audit, true),
        (Role::Auditor, AccessReason::Emergency, false),
        (Role::Investigator, AccessReason::CaseReview, true),
    ];
    for (role, reason, permitted) in table {
        assert_eq!(reasons.permits(role, reason), permitted, "{role:?} {reason:?}");
    }
}

#[test]
fn every_reason_can_be_given_by_someone() {
    let reasons = Reasons::default();
    for reason in AccessReason::ALL {
        assert!(Role::ALL.into_iter().any(|role| reasons.permits(role, reason)), "{reason:?}");
    }
}

#[test]
fn what_one_proposed_is_in_force_once_another_signed_it() {
    let propose = |settings: Policy, by| Command::Propose { settings: Box::new(settings), by: signer(by) };
    let proposed = |proposal, settings: Policy, by| Event::PolicyProposed {
        proposal,
        settings: Box::new(settings),
        by: signer(by),
    };
    let sign = |proposal, by| Command::Sign { proposal, by: signer(by) };
    given::<InForce>([]).when(sign(1, 2)).then_refused(Refusal::ProposalUnknown);
    let waiting = || given::<InForce>([proposed(1, targeted(), 1)]);
    waiting().when(sign(1, 1)).then_refused(Refusal::OneSigner);
    given::<InForce>([])
        .when(propose(targeted(), 1))
        .then([proposed(1, targeted(), 1)])
        .when(propose(targeted(), 1))
        .then_nothing()
        .when(sign(1, 2))
        .then([changed(targeted(), 1)])
        .when(sign(1, 2))
        .then_refused(Refusal::ProposalUnknown);
}

#[test]
fn a_newer_proposal_takes_the_place_of_an_older_and_its_signature() {
    let settings = |days| Box::new(Policy { ended_visible_days: days, ..Policy::default() });
    let proposed = |proposal, days, by| Event::PolicyProposed { proposal, settings: settings(days), by };
    let twice = || given::<InForce>([proposed(1, 100, signer(1)), proposed(2, 200, signer(3))]);
    twice().when(Command::Sign { proposal: 1, by: signer(2) }).then_refused(Refusal::ProposalUnknown);
    twice().when(Command::Sign { proposal: 2, by: signer(2) }).then([Event::PolicyChanged {
        settings: settings(200),
        signed_by: [signer(3), signer(2)],
        version: 1,
    }]);
}

#[test]
fn nothing_outside_the_rules_is_even_proposed() {
    let wide = Box::new(Policy { results_max: 51, ..Policy::default() });
    given::<InForce>([])
        .when(Command::Propose { settings: wide, by: signer(1) })
        .then_refused(Refusal::OutOfRange { setting: "results_max" });
}
