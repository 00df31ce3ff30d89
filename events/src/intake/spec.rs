//! Specs of the intake: an item waits, is decided once, and comes to one end.

use super::*;
use crate::spec::{NOW, given};

fn supplier() -> OrganisationId {
    "ods:RX1".parse().unwrap()
}

fn child() -> ChildId {
    ChildId::new(uuid::Uuid::from_u128(1))
}

fn told() -> Box<Supplied> {
    let text = r#"{"type":"child.described","data":{"child":{"forename":"Ava","surname":"Lowe"}}}"#;
    Box::new(serde_json::from_str(text).unwrap())
}

fn item() -> Queued {
    Queued {
        supplier: supplier(),
        client: Some(ClientId("client-1".to_owned())),
        told: told(),
        local_ref: Some(KeyedRef::new(uuid::Uuid::from_u128(5))),
        candidates: vec![child()],
        weighings: Vec::new(),
        reason: QueueReason::SoundsAlike,
        happened_at: NOW,
    }
}

fn queued() -> Event {
    Event::EventQueued(item())
}

fn behind() -> Waiting {
    Waiting {
        behind: IntakeId::new(uuid::Uuid::from_u128(9)),
        supplier: supplier(),
        client: None,
        told: told(),
        local_ref: None,
        happened_at: NOW,
    }
}

fn waiting() -> Event {
    Event::EventWaiting(behind())
}

fn decide(decision: Decision) -> Command {
    Command::Decide { decision }
}

fn decided(decision: Decision) -> Event {
    Event::QueueDecided { decision }
}

fn recorded() -> Resolved {
    Resolved { outcome: Outcome::Recorded, position: Some(Position(12)), child: Some(child()), problem: None }
}

fn repeated() -> Event {
    Event::StatementRepeated { supplier: supplier(), child: Some(child()) }
}

#[test]
fn an_item_is_queued_decided_and_carried_out() {
    let link = Decision::Link { child: child() };
    let story = given::<Intake>([])
        .when(Command::Queue(item()))
        .then([queued()])
        .when(Command::Queue(item()))
        .then_nothing()
        .when(decide(link))
        .then([decided(link)])
        .when(Command::Resolve(recorded()))
        .then([Event::EventResolved(recorded())])
        .when(Command::Resolve(recorded()))
        .then_nothing();
    assert_eq!(story.state().resolved, Some(recorded()));
}

#[test]
fn an_item_behind_another_is_carried_out_without_a_decision_of_its_own() {
    given::<Intake>([])
        .when(Command::Wait(behind()))
        .then([waiting()])
        .when(Command::Wait(behind()))
        .then_nothing()
        .when(Command::Resolve(recorded()))
        .then([Event::EventResolved(recorded())]);
}

fn alike() -> Likeness {
    let weighing = Weighing {
        model: Code::new("children_1").unwrap(),
        prior: -2_300,
        fields: Vec::new(),
        kin: 0,
        rivals: 0,
        odds: -2_300,
    };
    let other = ChildId::new(uuid::Uuid::from_u128(2));
    Likeness { candidates: [child(), other], weighing, reason: QueueReason::SoundsAlike }
}

#[test]
fn two_records_that_are_alike_wait_once_and_are_decided_like_an_event() {
    let found = || Event::LikenessFound(alike());
    given::<Intake>([])
        .when(Command::Liken(alike()))
        .then([found()])
        .when(Command::Liken(alike()))
        .then_nothing()
        .when(decide(Decision::Reject))
        .then([decided(Decision::Reject)])
        .when(Command::Resolve(recorded()))
        .then([Event::EventResolved(recorded())]);
    given::<Intake>([queued()]).when(Command::Liken(alike())).then_refused(Refusal::AlreadyTaken);
    given::<Intake>([found()]).when(Command::Queue(item())).then_refused(Refusal::AlreadyTaken);
}

#[test]
fn deciding_is_refused_in_this_order() {
    let table = [
        (vec![], Refusal::Unknown),
        (vec![waiting()], Refusal::WaitsBehind),
        (vec![queued(), decided(Decision::New)], Refusal::AlreadyDecided),
        (
            vec![queued(), decided(Decision::Reject), Event::EventResolved(recorded())],
            Refusal::AlreadyDecided,
        ),
        (vec![repeated()], Refusal::AlreadyDecided),
    ];
    for (events, refusal) in table {
        given::<Intake>(events).when(decide(Decision::New)).then_refused(refusal);
    }
}

#[test]
fn an_end_is_refused_in_this_order() {
    let code = Code::new("adult").unwrap();
    let refused = Resolved { outcome: Outcome::Refused, position: None, child: None, problem: None };
    let decided = || vec![queued(), decided(Decision::New)];
    let table = [
        (vec![], recorded(), Refusal::Unknown),
        (vec![queued()], recorded(), Refusal::NotDecided),
        (vec![repeated()], recorded(), Refusal::AlreadyDecided),
        (decided(), refused.clone(), Refusal::EndContradicts),
        (decided(), Resolved { problem: Some(code.clone()), ..recorded() }, Refusal::EndContradicts),
        (
            decided(),
            Resolved { problem: Some(code.clone()), position: Some(Position(1)), ..refused.clone() },
            Refusal::EndContradicts,
        ),
    ];
    for (events, resolved, refusal) in table {
        given::<Intake>(events).when(Command::Resolve(resolved)).then_refused(refusal);
    }
    let said_no = Resolved { problem: Some(code), ..refused };
    given::<Intake>(decided()).when(Command::Resolve(said_no.clone())).then([Event::EventResolved(said_no)]);
}

#[test]
fn an_id_is_taken_once() {
    let repeat = || Command::Repeat { supplier: supplier(), child: Some(child()) };
    let count = || Command::CountRefusal { supplier: supplier() };
    given::<Intake>([]).when(repeat()).then([repeated()]);
    given::<Intake>([]).when(count()).then([Event::ConsentRefusalCounted { supplier: supplier() }]);
    for command in [repeat(), count(), Command::Queue(item()), Command::Wait(behind())] {
        given::<Intake>([repeated()]).when(command).then_refused(Refusal::AlreadyTaken);
    }
    let other = Queued { reason: QueueReason::Several, ..item() };
    given::<Intake>([queued()]).when(Command::Queue(other)).then_refused(Refusal::AlreadyTaken);
}

#[test]
fn a_counted_refusal_of_consent_names_neither_child_nor_service() {
    let stored = serde_json::to_string(&Event::ConsentRefusalCounted { supplier: supplier() }).unwrap();
    assert_eq!(stored, r#"{"type":"consent_refusal_counted","data":{"supplier":"ods:RX1"}}"#);
}
