//! Specs of openings: what is told before anything is shown, and the override's table.

use std::cmp::Ordering;

use vocabulary::{AccountId, Assurance, Channel};

use super::*;
use crate::{account, looker::StepUp, policy::Policy, spec::given, standing::Standing};

fn access() -> AccessId {
    AccessId::new(uuid::Uuid::from_u128(1))
}

fn social_worker() -> Looker {
    Looker {
        account: AccountId::new(uuid::Uuid::from_u128(1)),
        role: Role::PractitionerOverride,
        channel: Channel::Web,
        assurance: Assurance::OwnSignIn,
        step_up: StepUp::Fresh,
        standing: Standing::Good,
        organisation: Standing::Good,
        caller: None,
    }
}

fn investigator() -> Looker {
    Looker { role: Role::Investigator, ..social_worker() }
}

fn asked() -> Open {
    Open {
        access: access(),
        number: ChildNumber::from_draw(1),
        looker: social_worker(),
        reason: Some(AccessReason::ChildProtectionEnquiry),
        search: None,
        case: None,
        case_ref: None,
        own_entry: false,
        related: false,
        other_authority: false,
        canary: false,
        called_back: false,
        override_ground: None,
        leads: Vec::new(),
        groups: vec![FieldGroup::A, FieldGroup::B],
        record_state: RecordState::Live,
        policy: Arc::new(InForce::default()),
    }
}

fn opened() -> RecordOpened {
    RecordOpened {
        access: access(),
        number: ChildNumber::from_draw(1),
        reason: AccessReason::ChildProtectionEnquiry,
        relation: Relation::NoneHeld,
        search: None,
        case: None,
        case_ref: None,
        other_authority: false,
        tells: Vec::new(),
        groups: vec![FieldGroup::A, FieldGroup::B],
        record_state: RecordState::Live,
        policy_version: 0,
    }
}

fn overriding() -> Open {
    Open { override_ground: Some(OverrideGround::Section47), record_state: RecordState::Shielded, ..asked() }
}

fn open(open: Open) -> Command {
    Command::Open(Box::new(open))
}

fn told(opened: RecordOpened) -> Event {
    Event::RecordOpened(Box::new(opened))
}

/// I-18: the fact names what will be shown; the directory shows nothing without it.
#[test]
fn no_read_without_a_preceding_access_event() {
    given::<Access>([]).when(open(asked())).then([told(opened())]);
    // A second look is a second fact: nothing is "already so".
    given::<Access>([told(opened())]).when(open(asked())).then([told(opened())]);
}

/// Rules.md 4.3: looks across authorities are allowed, and always sampled.
#[test]
fn a_look_across_authorities_says_so_unless_ones_organisation_works_with_the_child() {
    let across = Open { other_authority: true, ..asked() };
    given::<Access>([])
        .when(open(across.clone()))
        .then([told(RecordOpened { other_authority: true, ..opened() }), drawn([Lot::OtherAuthority])]);
    let working = RecordOpened { relation: Relation::OwnOpenEntry, ..opened() };
    given::<Access>([]).when(open(Open { own_entry: true, ..across })).then([told(working)]);
}

/// I-19.
#[test]
fn reason_permitted_for_the_role_and_required_relationship_satisfied() {
    let because = |reason| Open { reason: Some(reason), ..asked() };
    let table = [
        (because(AccessReason::Audit), looker::Refusal::ReasonNotPermitted),
        (because(AccessReason::ContinuingSupport), looker::Refusal::OwnEntryMissing),
        (because(AccessReason::RecordInvolvement), looker::Refusal::OwnEntryMissing),
        (
            Open { looker: investigator(), ..because(AccessReason::CaseReview) },
            looker::Refusal::CaseReferenceMissing,
        ),
        (
            Open {
                looker: Looker { role: Role::AuthorityTeam, ..social_worker() },
                ..because(AccessReason::SubjectAccess)
            },
            looker::Refusal::RequestMissing,
        ),
        (Open { reason: None, ..asked() }, looker::Refusal::ReasonMissing),
        // I-21: in an emergency too, and before it is asked what the reason demands.
        (Open { related: true, ..because(AccessReason::Emergency) }, looker::Refusal::DeclaredRelationship),
    ];
    for (asked, refusal) in table {
        given::<Access>([]).when(open(asked)).then_refused(Refusal::Look(refusal));
    }
    let own = Open { own_entry: true, ..because(AccessReason::ContinuingSupport) };
    given::<Access>([]).when(open(own)).then([told(RecordOpened {
        reason: AccessReason::ContinuingSupport,
        relation: Relation::OwnOpenEntry,
        ..opened()
    })]);
}

#[test]
fn a_case_is_named_by_its_id_or_by_its_reference() {
    let review = || Open { looker: investigator(), reason: Some(AccessReason::CaseReview), ..asked() };
    let case = Some(CaseId::new(uuid::Uuid::from_u128(2)));
    let case_ref = Some(case::Reference::new("SCR/2026-4").unwrap());
    let reviewed =
        || RecordOpened { reason: AccessReason::CaseReview, relation: Relation::CaseReference, ..opened() };
    given::<Access>([])
        .when(open(Open { case, ..review() }))
        .then([told(RecordOpened { case, ..reviewed() })]);
    given::<Access>([])
        .when(open(Open { case_ref: case_ref.clone(), ..review() }))
        .then([told(RecordOpened { case_ref, ..reviewed() })]);
}

/// I-22.
#[test]
fn an_override_opens_an_investigation_in_the_same_append() {
    given::<Access>([]).when(open(overriding())).then([
        told(RecordOpened { record_state: RecordState::Shielded, ..opened() }),
        Event::ShieldOverridden { access: access(), ground: OverrideGround::Section47 },
        Event::InvestigationOpened { access: access() },
        drawn([Lot::Override]),
    ]);
}

fn drawn<const N: usize>(lots: [Lot; N]) -> Event {
    Event::ReviewDrawn { access: access(), lots: lots.into() }
}

/// Rules.md 5.1, 5.3: every look in the time of grace is reviewed, and every one that was called back.
#[test]
fn looks_that_are_always_reviewed_are_drawn_in_the_same_append() {
    let since = "2026-06-01".parse().unwrap();
    let grace = Standing::Grace { since, because: account::Refusal::Unknown };
    let looker = Looker { standing: grace, ..social_worker() };
    given::<Access>([]).when(open(Open { looker, ..asked() })).then([told(opened()), drawn([Lot::Grace])]);
    for because in [account::Refusal::CeilingReached, account::Refusal::CeilingReachedAgain] {
        let over = Looker { standing: Standing::Grace { since, because }, ..social_worker() };
        let seen = [told(opened()), drawn([Lot::OverCeiling])];
        given::<Access>([]).when(open(Open { looker: over, ..asked() })).then(seen);
    }
    given::<Access>([])
        .when(open(Open { called_back: true, ..asked() }))
        .then([told(opened()), drawn([Lot::CalledBack])]);
}

/// Domain.md 6.3: a share of ordinary looks, by the look's own id alone.
#[test]
fn an_ordinary_look_is_drawn_by_its_id_in_the_share_of_the_policy() {
    let mut policy = InForce::default();
    policy.settings.sampling.ordinary_percent = 100;
    given::<Access>([])
        .when(open(Open { policy: Arc::new(policy), ..asked() }))
        .then([told(opened()), drawn([Lot::Ordinary])]);
}

/// I-22. Each line is one step further in the order of precedence.
#[test]
fn overrides_are_refused_in_this_order() {
    let assessment = Some(AccessReason::Assessment);
    let weak = Looker {
        role: Role::Practitioner,
        assurance: Assurance::AssertedByCms,
        step_up: StepUp::Absent,
        ..social_worker()
    };
    let table = [
        (
            Open { reason: None, looker: weak.clone(), record_state: RecordState::Live, ..overriding() },
            Refusal::Look(looker::Refusal::ReasonMissing),
        ),
        (
            Open {
                looker: Looker { channel: Channel::Cms, ..weak.clone() },
                reason: assessment,
                record_state: RecordState::Live,
                ..overriding()
            },
            Refusal::NothingToOverride,
        ),
        (
            Open {
                looker: Looker { channel: Channel::Cms, ..weak.clone() },
                reason: assessment,
                ..overriding()
            },
            Refusal::OverrideThroughCms,
        ),
        (
            Open {
                looker: Looker { channel: Channel::Mediated, ..weak.clone() },
                reason: assessment,
                ..overriding()
            },
            Refusal::OverrideMediated,
        ),
        (Open { looker: weak.clone(), reason: assessment, ..overriding() }, Refusal::OverrideRightMissing),
        (
            Open {
                looker: Looker { role: Role::PractitionerOverride, ..weak.clone() },
                reason: assessment,
                ..overriding()
            },
            Refusal::OverrideReason,
        ),
        (
            Open { looker: Looker { role: Role::PractitionerOverride, ..weak }, ..overriding() },
            Refusal::OverrideSignIn,
        ),
        (
            Open { looker: Looker { step_up: StepUp::Absent, ..social_worker() }, ..overriding() },
            Refusal::StepUpMissing,
        ),
    ];
    for (asked, refusal) in table {
        given::<Access>([]).when(open(asked)).then_refused(refusal);
    }
}

#[test]
fn a_record_in_the_archive_has_no_shield_to_override() {
    for record_state in [RecordState::ArchivedYear1, RecordState::ArchivedYears2To6, RecordState::Quarantined]
    {
        given::<Access>([])
            .when(open(Open { record_state, ..overriding() }))
            .then_refused(Refusal::NothingToOverride);
    }
}

fn replayed() -> Replayed {
    Replayed {
        access: access(),
        case: CaseId::new(uuid::Uuid::from_u128(2)),
        as_of: Some(crate::spec::NOW),
        as_of_position: None,
        compared_with: None,
        compared_with_position: None,
        as_seen_by: Some(SeenBy::Role(Role::Practitioner)),
        policy_version: 0,
    }
}

fn replay(looker: Looker, usable: Result<(), case::Refusal>) -> Command {
    asked_to_replay(looker, false, usable)
}

fn asked_to_replay(looker: Looker, related: bool, usable: Result<(), case::Refusal>) -> Command {
    Command::Replay(Box::new(Replay { looker, related, usable, replayed: replayed() }))
}

#[test]
fn a_replay_is_told_first_and_refused_in_this_order() {
    let closed = || Err(case::Refusal::Closed);
    let late =
        Standing::Grace { since: chrono::NaiveDate::default(), because: account::Refusal::NotActivated };
    given::<Access>([])
        .when(replay(Looker { standing: late, ..social_worker() }, closed()))
        .then_refused(looker::Refusal::Account(account::Refusal::NotActivated));
    given::<Access>([]).when(replay(social_worker(), closed())).then_refused(Refusal::NotInvestigator);
    given::<Access>([])
        .when(asked_to_replay(investigator(), true, closed()))
        .then_refused(looker::Refusal::DeclaredRelationship);
    given::<Access>([]).when(replay(investigator(), closed())).then_refused(case::Refusal::Closed);
    given::<Access>([]).when(replay(investigator(), Ok(()))).then([Event::HistoryReplayed(replayed())]);
}

#[test]
fn a_refused_opening_is_a_fact_too() {
    let code = Code::new(Refusal::StepUpMissing.code()).unwrap();
    given::<Access>([])
        .when(Command::Refuse { code: code.clone(), reason: Some(AccessReason::Emergency) })
        .then([Event::OpeningRefused { code, reason: Some(AccessReason::Emergency) }]);
}

#[test]
fn opening_a_canary_raises_the_alarm_in_the_same_append_whoever_works_with_the_child() {
    let alarm = Event::AlertRaised { access: access(), signals: vec![Signal::Canary], looked: None };
    given::<Access>([]).when(open(Open { canary: true, ..asked() })).then([told(opened()), alarm.clone()]);
    let working = RecordOpened { relation: Relation::OwnOpenEntry, ..opened() };
    given::<Access>([])
        .when(open(Open { canary: true, own_entry: true, ..asked() }))
        .then([told(working), alarm]);
}

fn looked() -> Looked {
    Looked {
        position: Position(7),
        at: DateTime::UNIX_EPOCH,
        account: AccountId::new(uuid::Uuid::from_u128(1)),
        organisation: "org:a".parse().unwrap(),
        on_behalf_of: None,
    }
}

fn reviewed(before: Option<ReviewOutcome>, outcome: ReviewOutcome) -> Review {
    let looked = vec![AccountId::new(uuid::Uuid::from_u128(1)), AccountId::new(uuid::Uuid::from_u128(2))];
    Review { access: access(), by: AccountId::new(uuid::Uuid::from_u128(3)), looked, before, outcome }
}

/// I-21.
#[test]
fn nobody_reviews_their_own_look_or_one_made_for_them() {
    for own in [1, 2] {
        let by = AccountId::new(uuid::Uuid::from_u128(own));
        let review = Review { by, ..reviewed(None, ReviewOutcome::Explained) };
        given::<Access>([]).when(Command::Review(review)).then_refused(Refusal::OwnLook);
    }
}

#[test]
fn a_graver_outcome_may_follow_a_milder_one_and_never_the_other_way_about() {
    for before in std::iter::once(None).chain(ReviewOutcome::ALL.map(Some)) {
        for outcome in ReviewOutcome::ALL {
            let asked = given::<Access>([]).when(Command::Review(reviewed(before, outcome)));
            match before.cmp(&Some(outcome)) {
                Ordering::Equal => {
                    asked.then_nothing();
                }
                Ordering::Greater => asked.then_refused(Refusal::GraverOutcomeStands),
                Ordering::Less => {
                    asked.then([Event::ReviewClosed { access: access(), outcome }]);
                }
            }
        }
    }
}

#[test]
fn an_alert_is_raised_for_something_new_only() {
    let alert = |signals: &[Signal], before: &[Signal]| Command::Alert {
        access: access(),
        signals: signals.to_vec(),
        before: before.to_vec(),
        looked: looked(),
    };
    let (sweep, burst) = (Signal::Sweep, Signal::Burst);
    given::<Access>([]).when(alert(&[], &[])).then_nothing();
    given::<Access>([]).when(alert(&[burst], &[sweep, burst])).then_nothing();
    given::<Access>([]).when(alert(&[sweep, burst], &[burst])).then([Event::AlertRaised {
        access: access(),
        signals: vec![sweep, burst],
        looked: Some(looked()),
    }]);
}

#[test]
fn a_look_tells_the_lead_professional_where_the_policy_says_so_and_else_nobody() {
    let lead = ToldLead {
        involvement: vocabulary::InvolvementId::new(uuid::Uuid::from_u128(0x11)),
        organisation: "urn:100001".parse().unwrap(),
        looked: "ods:WARD1".parse().unwrap(),
    };
    let asked = || Open { leads: vec![lead.clone()], ..asked() };
    let told_by = |settings: Policy| {
        let policy = Arc::new(InForce { settings, ..InForce::default() });
        let mut tells = Vec::new();
        let _ = given::<Access>([]).when(open(Open { policy, ..asked() })).then_some(|events| {
            let Event::RecordOpened(opened) = &events[0] else { panic!("it is told first") };
            tells.clone_from(&opened.tells);
        });
        tells
    };
    assert_eq!(told_by(Policy::default()), []);
    assert_eq!(told_by(Policy { look_tells_lead: true, ..Policy::default() }), std::slice::from_ref(&lead));
}
