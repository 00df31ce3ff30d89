//! Specs of passkeys: registered, used, counted, removed.

use super::*;

fn passkey(number: u8, sign_count: u32) -> Passkey {
    let public_key = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=".to_owned();
    Passkey {
        passkey: format!("{number}aW52ZW50ZWQtcGFzc2tleS0").parse().unwrap(),
        algorithm: vocabulary::SignatureAlgorithm::EdDsa,
        public_key: public_key.try_into().unwrap(),
        sign_count,
    }
}

fn registered(number: u8, sign_count: u32) -> Event {
    Event::PasskeyRegistered(passkey(number, sign_count))
}

fn at_their_desk(more: Vec<Event>) -> Vec<Event> {
    at_work(LATER, LATER, more)
}

fn sign_in_by(number: u8, sign_count: u32) -> Command {
    Command::Passkey(PasskeyAct::SignIn { passkey: passkey(number, 0).passkey, sign_count, grace_hours: 72 })
}

fn step_up_by(number: u8, sign_count: u32) -> Command {
    Command::Passkey(PasskeyAct::StepUp { passkey: passkey(number, 0).passkey, sign_count })
}

#[test]
fn a_passkey_is_registered_once_and_five_are_the_most() {
    let register = |number| Command::Passkey(PasskeyAct::Register(passkey(number, 0)));
    let story = given::<Account>(at_their_desk(vec![])).when(register(1)).then([registered(1, 0)]);
    story.when(register(1)).then_refused(Refusal::PasskeyKnown);
    let full: Vec<Event> = (1..=5).map(|number| registered(number, 0)).collect();
    given::<Account>(at_their_desk(full)).when(register(6)).then_refused(Refusal::PasskeysTooMany);
}

#[test]
fn only_an_account_in_use_that_has_a_password_registers_a_passkey() {
    let register = || Command::Passkey(PasskeyAct::Register(passkey(1, 0)));
    given::<Account>([]).when(register()).then_refused(Refusal::Unknown);
    given::<Account>([created()]).when(register()).then_refused(Refusal::NotActivated);
    given::<Account>([created(), activated()]).when(register()).then_refused(Refusal::CredentialsMissing);
    for (ended, refusal) in [(suspended(), Refusal::Suspended), (Event::AccountClosed, Refusal::Closed)] {
        given::<Account>(at_their_desk(vec![ended])).when(register()).then_refused(refusal);
    }
}

#[test]
fn a_sign_in_by_passkey_is_refused_as_one_by_password_is() {
    let lapsed = |training: &str, more: Vec<Event>| {
        let mut events = vec![registered(1, 0)];
        events.extend(more);
        at_work(LATER, training, events)
    };
    let table = [
        (vec![], Refusal::Unknown),
        (lapsed(LATER, vec![Event::AccountClosed]), Refusal::Closed),
        (lapsed(LATER, vec![suspended()]), Refusal::Suspended),
        (lapsed("2026-05-01", vec![]), Refusal::GateExpired { gate: Gate::Training }),
        (at_their_desk(vec![]), Refusal::PasskeyUnknown),
    ];
    for (events, refusal) in table {
        given::<Account>(events).when(sign_in_by(1, 0)).then_refused(refusal);
    }
    // In the time of grace a person may sign in; each look then decides.
    let passkey = passkey(1, 0).passkey;
    given::<Account>(lapsed("2026-05-31", vec![]))
        .when(sign_in_by(1, 0))
        .then([Event::SignedInByPasskey { passkey, sign_count: 0 }]);
}

#[test]
fn a_count_only_grows_and_one_that_never_counts_stays_at_nothing() {
    let passkey = passkey(1, 0).passkey;
    let counting = || at_their_desk(vec![registered(1, 6)]);
    for stale in [0, 5, 6] {
        given::<Account>(counting()).when(sign_in_by(1, stale)).then_refused(Refusal::PasskeyCopied);
        given::<Account>(counting()).when(step_up_by(1, stale)).then_refused(Refusal::PasskeyCopied);
    }
    let signed_in = Event::SignedInByPasskey { passkey: passkey.clone(), sign_count: 7 };
    let stepped_up = Event::SteppedUpByPasskey { passkey, sign_count: 9 };
    given::<Account>(counting())
        .when(sign_in_by(1, 7))
        .then([signed_in])
        .when(step_up_by(1, 9))
        .then([stepped_up])
        .when(sign_in_by(1, 9))
        .then_refused(Refusal::PasskeyCopied);
}

#[test]
fn a_removed_passkey_signs_nobody_in_and_may_be_registered_again() {
    let remove = || Command::Passkey(PasskeyAct::Remove { passkey: passkey(1, 0).passkey });
    given::<Account>(at_their_desk(vec![registered(1, 0)]))
        .when(remove())
        .then([Event::PasskeyRemoved { passkey: passkey(1, 0).passkey }])
        .when(sign_in_by(1, 0))
        .then_refused(Refusal::PasskeyUnknown);
    given::<Account>(at_their_desk(vec![])).when(remove()).then_refused(Refusal::PasskeyUnknown);
    let again = vec![registered(1, 0), Event::PasskeyRemoved { passkey: passkey(1, 0).passkey }];
    given::<Account>(at_their_desk(again))
        .when(Command::Passkey(PasskeyAct::Register(passkey(1, 0))))
        .then([registered(1, 0)]);
}

#[test]
fn enrolling_anew_ends_every_passkey() {
    let renewed = vec![registered(1, 0), registered(2, 0), Event::CredentialsSet(credentials())];
    assert!(given::<Account>(at_their_desk(renewed.clone())).state().passkeys.is_empty());
    given::<Account>(at_their_desk(renewed)).when(sign_in_by(1, 0)).then_refused(Refusal::PasskeyUnknown);
}

#[test]
fn signing_in_by_a_passkey_wakes_a_dormant_account() {
    let later = "2027-07-01T09:00:00Z".parse().unwrap();
    let signed_in = Event::SignedInByPasskey { passkey: passkey(1, 0).passkey, sign_count: 0 };
    let state = given::<Account>(at_their_desk(vec![registered(1, 0)])).at(NOW).and([signed_in]).state();
    assert_eq!(state.signed_in_at, Some(NOW));
    assert_eq!(state.dormant_since(later, 13), Some(day("2027-07-01")));
}
