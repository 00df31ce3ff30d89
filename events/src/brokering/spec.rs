//! Specs of brokering: asked as one looks, answered once, and told alike whether anything is hidden or not.

use chrono::Duration;
use vocabulary::{Assurance, Channel, ContactKind, Role};

use super::*;
use crate::{
    looker::StepUp,
    spec::{NOW, given},
    standing::Standing,
};

fn account(number: u128) -> AccountId {
    AccountId::from_u128(number)
}

fn nurse() -> Looker {
    Looker {
        account: account(1),
        role: Role::Practitioner,
        channel: Channel::Web,
        assurance: Assurance::OwnSignIn,
        step_up: StepUp::Absent,
        standing: Standing::Good,
        organisation: Standing::Good,
        caller: None,
    }
}

fn reached_at(kind: ContactKind, value: &str) -> Contact {
    Contact { kind, used: None, value: value.to_owned(), hours: None }
}

fn haringey() -> OrganisationId {
    "gss:E09000014".parse().unwrap()
}

fn asked() -> Request {
    Request {
        brokering: BrokeringId::from_u128(7),
        child: ChildId::from_u128(8),
        number: ChildNumber::from_draw(1),
        about: About::Sensitive,
        looker: nurse(),
        reason: Some(AccessReason::Assessment),
        search: None,
        case_ref: None,
        own_entry: false,
        related: false,
        contacts: vec![reached_at(ContactKind::Telephone, "020 7946 0001")],
        desk: haringey(),
        policy: Arc::new(InForce::default()),
    }
}

fn request(request: Request) -> Command {
    Command::Request(Box::new(request))
}

fn answer(by: u128, outcome: Outcome) -> Command {
    Command::Answer { by: account(by), outcome }
}

fn requested() -> Event {
    Event::BrokeringRequested(Box::new(Requested {
        brokering: BrokeringId::from_u128(7),
        child: ChildId::from_u128(8),
        number: ChildNumber::from_draw(1),
        about: About::Sensitive,
        reason: AccessReason::Assessment,
        relation: Relation::NoneHeld,
        search: None,
        case_ref: None,
        contacts: vec![reached_at(ContactKind::Telephone, "020 7946 0001")],
        by: account(1),
        desk: haringey(),
        due_by: NOW + Duration::minutes(30),
        policy_version: 0,
    }))
}

#[test]
fn a_request_is_due_within_half_an_hour_and_answered_once_by_another_person() {
    given::<Brokering>([])
        .when(request(asked()))
        .then([requested()])
        .when(request(asked()))
        .then_nothing()
        .when(answer(2, Outcome::ContactMade))
        .then([Event::BrokeringAnswered { outcome: Outcome::ContactMade }])
        .when(answer(3, Outcome::ContactMade))
        .then_nothing()
        .when(answer(2, Outcome::NothingToPassOn))
        .then_refused(Refusal::AlreadyAnswered);
    given::<Brokering>([requested()]).when(answer(1, Outcome::ContactMade)).then_refused(Refusal::OwnRequest);
    given::<Brokering>([]).when(answer(2, Outcome::ContactMade)).then_refused(Refusal::Unknown);
}

#[test]
fn asking_the_desk_is_judged_as_a_look_is_and_then_by_how_to_call_back() {
    let email = reached_at(ContactKind::Email, "duty@haringey.example");
    let prose = reached_at(ContactKind::Mobile, "ask for Jo after five");
    let mut admin = nurse();
    admin.role = Role::Administrator;
    let table = [
        (
            Request { looker: admin, contacts: Vec::new(), ..asked() },
            Refusal::Look(looker::Refusal::RoleMayNotLook),
        ),
        (Request { reason: None, ..asked() }, Refusal::Look(looker::Refusal::ReasonMissing)),
        (
            Request { reason: Some(AccessReason::ContinuingSupport), ..asked() },
            Refusal::Look(looker::Refusal::OwnEntryMissing),
        ),
        (Request { contacts: Vec::new(), ..asked() }, Refusal::TelephoneMissing),
        (Request { contacts: vec![email], ..asked() }, Refusal::TelephoneMissing),
        (Request { contacts: vec![prose; 9], ..asked() }, Refusal::TelephoneMissing),
        (
            Request { contacts: vec![reached_at(ContactKind::Mobile, "ask for Jo")], ..asked() },
            Refusal::ContactInvalid,
        ),
    ];
    for (request_, refusal) in table {
        given::<Brokering>([]).when(request(request_)).then_refused(refusal);
    }
}

/// Rules.md 2.3: a desk that has nobody to ask answers at once; one that asked and was refused, later.
#[test]
fn that_nothing_can_be_passed_on_is_told_when_the_time_is_over_and_never_sooner() {
    let due_by = NOW + Duration::minutes(30);
    let answered = |outcome, minutes| Some(Answered { outcome, at: NOW + Duration::minutes(minutes) });
    let seen = |known, minutes| told(known, due_by, NOW + Duration::minutes(minutes));
    for minutes in 0..30 {
        for known in
            [None, answered(Outcome::NothingToPassOn, 0), answered(Outcome::NothingToPassOn, minutes)]
        {
            assert_eq!(seen(known, minutes), Told::Waiting, "{minutes} minutes, {known:?}");
        }
    }
    let heard = Answered { outcome: Outcome::NothingToPassOn, at: due_by };
    for known in [answered(Outcome::NothingToPassOn, 1), answered(Outcome::NothingToPassOn, 29)] {
        assert_eq!(seen(known, 30), Told::Answered(heard), "when it was answered is not told either");
    }
    let late = Answered { at: NOW + Duration::minutes(50), ..heard };
    assert_eq!(seen(None, 30), Told::Overdue);
    assert_eq!(seen(answered(Outcome::NothingToPassOn, 50), 51), Told::Answered(late));
}

#[test]
fn a_contact_is_told_at_once() {
    let due_by = NOW + Duration::minutes(30);
    for outcome in [Outcome::ContactMade, Outcome::CallbackArranged] {
        let answered = Answered { outcome, at: NOW + Duration::minutes(4) };
        let seen = told(Some(answered), due_by, NOW + Duration::minutes(5));
        assert_eq!(seen, Told::Answered(answered));
    }
}
