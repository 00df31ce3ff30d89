//! Specs of purge lists: two people of two sides, a waiting time, and an end.

use super::*;
use crate::spec::given;

fn list() -> PurgeId {
    PurgeId::from_u128(9)
}

fn authority() -> OrganisationId {
    "gss:E09000014".parse().unwrap()
}

fn child(number: u128) -> ChildId {
    ChildId::from_u128(number)
}

const MANAGER: AccountId = AccountId::from_u128(1);
const ADMINISTRATOR: AccountId = AccountId::from_u128(2);
const OTHER: AccountId = AccountId::from_u128(3);

fn propose(children: Vec<ChildId>) -> Command {
    Command::Propose { purge: list(), authority: authority(), children }
}

fn proposed() -> Event {
    Event::PurgeProposed { purge: list(), authority: authority(), children: vec![child(1), child(2)] }
}

fn approve(by: AccountId, side: Side) -> Command {
    Command::Approve { by, side }
}

fn approved(by: AccountId, side: Side) -> Event {
    Event::PurgeApproved { by, side }
}

#[test]
fn two_people_of_two_sides_approve_a_list_and_it_is_gone_through_once() {
    given::<Purge>([])
        .when(propose(vec![child(1), child(2)]))
        .then([proposed()])
        .when(approve(MANAGER, Side::Authority))
        .then([approved(MANAGER, Side::Authority)])
        .when(approve(MANAGER, Side::Administration))
        .then_refused(Refusal::OwnApproval);
    given::<Purge>([proposed(), approved(MANAGER, Side::Authority)])
        .when(approve(OTHER, Side::Authority))
        .then_refused(Refusal::SameSide);
    given::<Purge>([proposed(), approved(ADMINISTRATOR, Side::Administration)])
        .when(approve(MANAGER, Side::Authority))
        .then([approved(MANAGER, Side::Authority)])
        .when(Command::Finish { purged: 2, spared: 0 })
        .then([Event::PurgeFinished { purged: 2, spared: 0 }])
        .when(Command::Cancel { by: OTHER })
        .then_refused(Refusal::Over);
}

#[test]
fn what_is_asked_of_a_list_is_refused_in_this_order() {
    given::<Purge>([]).when(propose(Vec::new())).then_refused(Refusal::ChildrenOutOfRange);
    given::<Purge>([]).when(propose(vec![child(1); PART_MAX + 1])).then_refused(Refusal::ChildrenOutOfRange);
    given::<Purge>([]).when(approve(MANAGER, Side::Authority)).then_refused(Refusal::Unknown);
    given::<Purge>([proposed(), Event::PurgeCancelled { by: OTHER }])
        .when(approve(MANAGER, Side::Authority))
        .then_refused(Refusal::Over);
    given::<Purge>([proposed(), approved(MANAGER, Side::Authority)])
        .when(propose(vec![child(3)]))
        .then_refused(Refusal::Over);
    let both = [approved(MANAGER, Side::Authority), approved(ADMINISTRATOR, Side::Administration)];
    given::<Purge>([proposed()].into_iter().chain(both))
        .when(approve(OTHER, Side::Authority))
        .then_refused(Refusal::Approved);
}

#[test]
fn a_list_waits_for_its_time_and_for_nights_that_were_counted() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let approval = |by, side, text| Approval { by, side, at: at(text) };
    let list = Purge {
        authority: Some(authority()),
        approvals: vec![
            approval(MANAGER, Side::Authority, "2026-06-01T09:00:00Z"),
            approval(ADMINISTRATOR, Side::Administration, "2026-06-02T09:00:00Z"),
        ],
        ..Purge::default()
    };
    let waiting = Duration::hours(72);
    assert_eq!(list.due_at(waiting), Some(at("2026-06-05T09:00:00Z")));
    assert!(!list.is_due(at("2026-06-05T08:59:59Z"), waiting, |_| NIGHTS_WAITED));
    assert!(!list.is_due(at("2036-06-05T09:00:00Z"), waiting, |_| 1), "the clock leapt");
    assert!(list.is_due(at("2026-06-05T09:00:00Z"), waiting, |_| NIGHTS_WAITED));
    let half = Purge { approvals: list.approvals[..1].to_vec(), ..list };
    assert!(!half.is_due(at("2036-06-05T09:00:00Z"), waiting, |_| NIGHTS_WAITED));
}
