//! Specs of linked identities: linked, used, removed.

use super::*;

fn linked(number: u128) -> LinkedIdentity {
    LinkedIdentity { identity: KeyedRef::from_u128(number), provider: "haringey".parse().unwrap() }
}

fn known(number: u128) -> Event {
    Event::IdentityLinked(linked(number))
}

fn at_their_desk(more: Vec<Event>) -> Vec<Event> {
    at_work(LATER, LATER, more)
}

fn link(number: u128) -> Command {
    Command::Identity(IdentityAct::Link(linked(number)))
}

fn unlink(number: u128) -> Command {
    Command::Identity(IdentityAct::Unlink { identity: KeyedRef::from_u128(number) })
}

fn sign_in_as(number: u128) -> Command {
    Command::Identity(IdentityAct::SignIn { identity: KeyedRef::from_u128(number), grace_hours: 72 })
}

#[test]
fn an_identity_is_linked_once_and_three_are_the_most() {
    let story = given::<Account>(at_their_desk(vec![])).when(link(1)).then([known(1)]);
    story.when(link(1)).then_refused(Refusal::IdentityKnown);
    given::<Account>(at_their_desk(vec![known(1), known(2), known(3)]))
        .when(link(4))
        .then_refused(Refusal::IdentitiesTooMany);
}

#[test]
fn only_an_account_in_use_that_has_a_password_links_an_identity() {
    given::<Account>([]).when(link(1)).then_refused(Refusal::Unknown);
    given::<Account>([created()]).when(link(1)).then_refused(Refusal::NotActivated);
    given::<Account>([created(), activated()]).when(link(1)).then_refused(Refusal::CredentialsMissing);
    for (ended, refusal) in [(suspended(), Refusal::Suspended), (Event::AccountClosed, Refusal::Closed)] {
        given::<Account>(at_their_desk(vec![ended])).when(link(1)).then_refused(refusal);
    }
}

#[test]
fn a_sign_in_by_a_linked_identity_is_refused_as_one_by_password_is() {
    let lapsed = |training: &str, more: Vec<Event>| {
        let mut events = vec![known(1)];
        events.extend(more);
        at_work(LATER, training, events)
    };
    let table = [
        (vec![], Refusal::Unknown),
        (lapsed(LATER, vec![Event::AccountClosed]), Refusal::Closed),
        (lapsed(LATER, vec![suspended()]), Refusal::Suspended),
        (lapsed("2026-05-01", vec![]), Refusal::GateExpired { gate: Gate::Training }),
        (at_their_desk(vec![]), Refusal::IdentityUnknown),
        (at_their_desk(vec![known(2)]), Refusal::IdentityUnknown),
    ];
    for (events, refusal) in table {
        given::<Account>(events).when(sign_in_as(1)).then_refused(refusal);
    }
    // In the time of grace a person may sign in; each look then decides.
    let identity = KeyedRef::from_u128(1);
    given::<Account>(lapsed("2026-05-31", vec![]))
        .when(sign_in_as(1))
        .then([Event::SignedInByIdentity { identity }]);
}

#[test]
fn a_removed_identity_signs_nobody_in_and_may_be_linked_again() {
    let identity = KeyedRef::from_u128(1);
    given::<Account>(at_their_desk(vec![known(1)]))
        .when(unlink(1))
        .then([Event::IdentityUnlinked { identity }])
        .when(sign_in_as(1))
        .then_refused(Refusal::IdentityUnknown);
    given::<Account>(at_their_desk(vec![known(1), Event::IdentityUnlinked { identity }]))
        .when(link(1))
        .then([known(1)]);
    given::<Account>(at_their_desk(vec![])).when(unlink(1)).then_refused(Refusal::IdentityUnknown);
}

#[test]
fn enrolling_anew_ends_every_linked_identity() {
    let renewed = vec![known(1), known(2), Event::CredentialsSet(credentials())];
    assert!(given::<Account>(at_their_desk(renewed.clone())).state().identities.is_empty());
    given::<Account>(at_their_desk(renewed)).when(sign_in_as(1)).then_refused(Refusal::IdentityUnknown);
}

#[test]
fn signing_in_by_a_linked_identity_wakes_a_dormant_account() {
    let later = "2027-07-01T09:00:00Z".parse().unwrap();
    let signed_in = Event::SignedInByIdentity { identity: KeyedRef::from_u128(1) };
    let state = given::<Account>(at_their_desk(vec![known(1)])).at(NOW).and([signed_in]).state();
    assert_eq!(state.signed_in_at, Some(NOW));
    assert_eq!(state.dormant_since(later, 13), Some(day("2027-07-01")));
}
