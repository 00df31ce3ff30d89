//! Specs of responsibility: proposed by one, accepted by the other, and by nobody else.

use vocabulary::{Address, OrganisationId, Postcode, TransferId};

use super::{Accepted, Agreed, Command, Decision, Declined, Proposed, Refusal};
use crate::{
    child::{self, Event, examples::*, identity, shield},
    supplied::{SuppliedAddress, SuppliedChild},
    told::Told,
};

const MOVE: TransferId = TransferId::from_u128(0x91);
const OTHER_MOVE: TransferId = TransferId::from_u128(0x92);

fn there() -> OrganisationId {
    "gss:E08000003".parse().unwrap()
}

fn elsewhere() -> OrganisationId {
    "gss:E06000001".parse().unwrap()
}

fn asked(command: Command) -> child::Command {
    child::Command::Responsibility(command)
}

fn propose(to: OrganisationId, by: OrganisationId) -> child::Command {
    asked(Command::Propose { transfer: MOVE, to, by, pool: pool() })
}

fn postcode() -> Postcode {
    "M1 1AE".parse().unwrap()
}

fn place(transfer: TransferId) -> child::Command {
    asked(Command::Place { transfer, to: there(), at: postcode(), pool: pool() })
}

fn decide(by: OrganisationId, decision: Decision) -> child::Command {
    asked(Command::Decide { transfer: MOVE, by, decision })
}

fn proposed(by: Option<OrganisationId>) -> Event {
    Event::ResponsibilityTransferProposed(Proposed { transfer: MOVE, from: authority(), to: there(), by })
}

fn accepted() -> Event {
    Event::ResponsibilityTransferAccepted(Accepted { transfer: MOVE, to: there() })
}

/// What the school says of the child once it lives far away.
fn lives_there() -> child::Command {
    let far = Address { lines: vec!["3 Dock Street".to_owned()], town: None, postcode: Some(postcode()) };
    let told = SuppliedChild { address: Told::Value(SuppliedAddress::Known(far)), ..ava() };
    describe_version(AT_SCHOOL, school(), told, None)
}

/// A record whose child moved, of which each thing that can be said of the move is said.
pub(in crate::child) fn story() -> Vec<child::Command> {
    vec![
        child::Command::Identity(identity::Command::Register {
            number: number(),
            authority: authority(),
            by_hand: None,
        }),
        lives_there(),
        place(MOVE),
        decide(there(), Decision::Accept),
        decide(there(), Decision::Decline),
        propose(there(), there()),
        decide(authority(), Decision::Accept),
    ]
}

refusals! { "../responsibility.rs";
    a_record_that_nobody_opened_comes_first: unopened(), decide(there(), Decision::Accept)
        => Refusal::NotRegistered;
    who_answers_already_is_given_nothing: opened(), propose(authority(), elsewhere())
        => Refusal::AnswersAlready;
    a_third_authority_proposes_nothing: opened(), propose(there(), elsewhere()) => Refusal::NotAParty;
    what_nobody_proposed_is_not_decided: opened(), decide(elsewhere(), Decision::Accept) => Refusal::Unknown;
    a_third_authority_decides_nothing: opened().then_came([propose(there(), authority())]),
        decide(elsewhere(), Decision::Decline) => Refusal::NotAParty;
    nobody_accepts_for_the_other: opened().then_came([propose(there(), authority())]),
        decide(authority(), Decision::Accept) => Refusal::AwaitsOther;
}

/// I-1
#[test]
fn what_one_authority_proposes_the_other_accepts_and_then_it_answers() {
    for (by, other) in [(authority(), there()), (there(), authority())] {
        let moved = opened()
            .when(propose(there(), by.clone()))
            .then([proposed(Some(by.clone()))])
            .when(propose(there(), by))
            .then_nothing();
        assert_eq!(moved.state().authority, Some(authority()), "a proposal moves nothing");
        let story = opened().and([proposed(Some(other.clone()))]);
        let last = if other == there() { authority() } else { there() };
        let child = story.when(decide(last, Decision::Accept)).then([accepted()]).state();
        assert_eq!((child.authority, child.transfers.len()), (Some(there()), 0));
    }
}

#[test]
fn either_declines_and_who_proposed_may_take_it_back() {
    for by in [authority(), there()] {
        let declined = Event::ResponsibilityTransferDeclined(Declined { transfer: MOVE, by: by.clone() });
        let child = opened()
            .and([proposed(Some(authority()))])
            .when(decide(by, Decision::Decline))
            .then([declined])
            .state();
        assert_eq!((child.authority, child.transfers.len()), (Some(authority()), 0));
    }
}

/// Rules.md 1.3: it moves by agreement, whatever a feed says.
#[test]
fn a_new_address_elsewhere_proposes_the_move_to_both_and_both_must_agree() {
    let agreed = Event::ResponsibilityTransferAgreed(Agreed { transfer: MOVE, by: there() });
    opened()
        .when(place(MOVE))
        .then_nothing()
        .then_came([lives_there()])
        .when(place(MOVE))
        .then([proposed(None)])
        .when(place(OTHER_MOVE))
        .then_nothing()
        .when(decide(there(), Decision::Accept))
        .then([agreed])
        .when(decide(authority(), Decision::Accept))
        .then([accepted()])
        .when(place(OTHER_MOVE))
        .then_nothing();
}

#[test]
fn what_the_address_proposed_is_agreed_to_by_proposing_it() {
    let agreed = Event::ResponsibilityTransferAgreed(Agreed { transfer: MOVE, by: there() });
    opened()
        .and([proposed(None)])
        .when(propose(there(), there()))
        .then([agreed])
        .when(propose(there(), authority()))
        .then([accepted()]);
}

/// Rules.md 1.4, 2.3: where a shielded child went is told to no other authority.
#[test]
fn an_address_that_is_shielded_or_waits_for_a_shield_proposes_nothing() {
    let shielded = child::Command::Shield(shield::Command::Apply {
        shield: SHIELD,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-30"),
    });
    opened().then_came([lives_there(), shielded]).when(place(MOVE)).then_nothing();
    let refuge = start(FIRST).by(ELSEWHERE, refuge()).of(vocabulary::ServiceType::Refuge);
    opened().then_came([refuge.into(), lives_there()]).when(place(MOVE)).then_nothing();
}

/// I-1: the pool is nobody who could agree.
#[test]
fn an_authority_takes_a_child_of_the_pool_at_once() {
    let taken = Event::ResponsibilityTransferProposed(Proposed {
        transfer: MOVE,
        from: pool(),
        to: there(),
        by: Some(there()),
    });
    let pooled = Event::AuthorityAllocated(identity::AuthorityAllocated { authority: pool() });
    let child = opened().and([pooled]).when(propose(there(), there())).then([taken, accepted()]).state();
    assert_eq!((child.authority, child.transfers.len()), (Some(there()), 0));
}
