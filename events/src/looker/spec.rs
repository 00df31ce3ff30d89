//! Specs of lookers: the table of refusals, each line one step further in the order of precedence.

use chrono::NaiveDate;

use super::*;
use crate::account::Gate;

fn account(number: u128) -> AccountId {
    AccountId::new(uuid::Uuid::from_u128(number))
}

fn looker(role: Role) -> Looker {
    Looker {
        account: account(1),
        role,
        channel: Channel::Web,
        assurance: Assurance::OwnSignIn,
        step_up: StepUp::Absent,
        standing: Standing::Good,
        organisation: Standing::Good,
        caller: None,
    }
}

fn caller(number: u128, role: Role) -> Caller {
    Caller { account: account(number), role, standing: Standing::Good, organisation: Standing::Good }
}

fn mediator(caller: Option<Caller>) -> Looker {
    Looker { channel: Channel::Mediated, caller, ..looker(Role::Mediator) }
}

fn lapsed() -> account::Refusal {
    account::Refusal::GateExpired { gate: Gate::Training }
}

fn grace<R>(because: R) -> Standing<R> {
    Standing::Grace { since: NaiveDate::default(), because }
}

fn permitted(looker: &Looker, reason: Option<AccessReason>) -> Result<AccessReason, Refusal> {
    looker.permitted(reason, &Reasons::default())
}

const EMERGENCY: Option<AccessReason> = Some(AccessReason::Emergency);

#[test]
fn looks_are_refused_in_this_order() {
    let nurse = looker(Role::Practitioner);
    let suspended = Standing::None { because: account::Refusal::Suspended };
    let unaccredited = Standing::None { because: organisation::Refusal::NotAccredited };
    let table = [
        (
            Looker {
                standing: suspended.clone(),
                organisation: unaccredited.clone(),
                ..looker(Role::Operator)
            },
            None,
            Refusal::Account(account::Refusal::Suspended),
        ),
        (
            Looker { organisation: unaccredited.clone(), ..looker(Role::Operator) },
            None,
            Refusal::Organisation(organisation::Refusal::NotAccredited),
        ),
        (looker(Role::Operator), None, Refusal::RoleMayNotLook),
        (looker(Role::UserManager), EMERGENCY, Refusal::RoleMayNotLook),
        (mediator(None), None, Refusal::CallerMissing),
        (mediator(Some(caller(1, Role::Practitioner))), None, Refusal::CallerIsLooker),
        (Looker { caller: Some(caller(2, Role::Practitioner)), ..nurse.clone() }, None, Refusal::NotMediator),
        (
            mediator(Some(Caller { standing: suspended, ..caller(2, Role::Practitioner) })),
            None,
            Refusal::Account(account::Refusal::Suspended),
        ),
        (
            mediator(Some(Caller { organisation: unaccredited.clone(), ..caller(2, Role::Practitioner) })),
            None,
            Refusal::Organisation(organisation::Refusal::NotAccredited),
        ),
        (mediator(Some(caller(2, Role::Administrator))), None, Refusal::RoleMayNotLook),
        (nurse.clone(), None, Refusal::ReasonMissing),
        (
            Looker { standing: grace(lapsed()), ..nurse.clone() },
            Some(AccessReason::Audit),
            Refusal::ReasonNotPermitted,
        ),
        (
            Looker { standing: grace(lapsed()), ..nurse.clone() },
            Some(AccessReason::Assessment),
            Refusal::Account(lapsed()),
        ),
        (
            Looker { organisation: grace(organisation::Refusal::NotAccredited), ..nurse },
            Some(AccessReason::Assessment),
            Refusal::Organisation(organisation::Refusal::NotAccredited),
        ),
        (
            mediator(Some(Caller { standing: grace(lapsed()), ..caller(2, Role::Practitioner) })),
            Some(AccessReason::Assessment),
            Refusal::Account(lapsed()),
        ),
        (
            mediator(Some(Caller {
                organisation: grace(organisation::Refusal::AgreementExpired),
                ..caller(2, Role::Practitioner)
            })),
            Some(AccessReason::Assessment),
            Refusal::Organisation(organisation::Refusal::AgreementExpired),
        ),
    ];
    for (looker, reason, refusal) in table {
        assert_eq!(permitted(&looker, reason), Err(refusal));
    }
}

#[test]
fn a_look_in_the_time_of_grace_is_open_for_the_two_urgent_reasons() {
    let late = Looker {
        standing: grace(lapsed()),
        organisation: grace(organisation::Refusal::AgreementExpired),
        ..looker(Role::Practitioner)
    };
    for reason in [AccessReason::Emergency, AccessReason::ChildProtectionEnquiry] {
        assert_eq!(permitted(&late, Some(reason)), Ok(reason));
    }
}

/// I-20.
#[test]
fn a_mediated_look_has_two_different_people_and_the_callers_reason() {
    let mediated = mediator(Some(caller(2, Role::Practitioner)));
    assert_eq!(permitted(&mediated, EMERGENCY), Ok(AccessReason::Emergency));
    let plain = Some(AccessReason::MediatedRequest);
    assert_eq!(permitted(&mediated, plain), Ok(AccessReason::MediatedRequest));
    assert_eq!(permitted(&mediated, Some(AccessReason::Shielding)), Err(Refusal::ReasonNotPermitted));
    let nobodys = looker(Role::Practitioner);
    assert_eq!(permitted(&nobodys, plain), Err(Refusal::ReasonNotPermitted));
}

/// I-19, the second half.
#[test]
fn the_relation_that_a_reason_demands_is_there() {
    let table = [
        (Demand::Nothing, false, false, Ok(Relation::NoneHeld)),
        (Demand::Nothing, true, true, Ok(Relation::OwnOpenEntry)),
        (Demand::Nothing, false, true, Ok(Relation::CaseReference)),
        (Demand::OwnOpenEntry, false, true, Err(Refusal::OwnEntryMissing)),
        (Demand::OwnOpenEntry, true, false, Ok(Relation::OwnOpenEntry)),
        (Demand::CaseReference, true, false, Err(Refusal::CaseReferenceMissing)),
        (Demand::CaseReference, true, true, Ok(Relation::CaseReference)),
        (Demand::Request, true, false, Err(Refusal::RequestMissing)),
        (Demand::Request, false, true, Ok(Relation::Request)),
    ];
    for (demand, own_entry, reference, verdict) in table {
        let grounds = Grounds { own_entry, reference, related: false };
        assert_eq!(grounds.held(demand), verdict, "{demand:?}");
        // I-21: whatever the reason demands, and whatever else is there.
        let related = Grounds { related: true, ..grounds };
        assert_eq!(related.held(demand), Err(Refusal::DeclaredRelationship), "{demand:?}");
    }
}
