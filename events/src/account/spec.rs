//! Specs of accounts: gates, standing, sign-in.

mod ceilings;
mod declarations;
mod enrolment;
mod identities;
mod passkeys;

use vocabulary::{PersonName, Role};

use super::*;
use crate::spec::{NOW, given};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn account(number: u128) -> AccountId {
    AccountId::new(uuid::Uuid::from_u128(number))
}

fn nurse() -> Created {
    Created {
        account: account(1),
        username: Username::new("n.okoro").unwrap(),
        name: PersonName::new("Ngozi Okoro").unwrap(),
        organisation: "ods:RX1".parse().unwrap(),
        role: Role::Practitioner,
    }
}

fn manager() -> AccountId {
    account(2)
}

fn created() -> Event {
    Event::AccountCreated(nurse())
}

fn passed(gate: Gate, valid_until: Option<&str>) -> Event {
    Event::GateRecorded { gate, by: Some(manager()), valid_until: valid_until.map(day) }
}

fn credentials() -> Credentials {
    let secret = |text: &str| Secret::new(text.to_owned());
    Credentials {
        password_hash: secret("password-hash"),
        totp_secret: secret("totp-seed"),
        pin_hash: secret("pin-hash"),
    }
}

/// All gates, the check until one day and the training until another.
fn gates(check: &str, training: &str) -> Vec<Event> {
    Gate::REQUIRED
        .into_iter()
        .map(|gate| match gate {
            Gate::DisclosureCheck => passed(gate, Some(check)),
            Gate::Training => passed(gate, Some(training)),
            Gate::EligibleRole
            | Gate::ManagerAuthorisation
            | Gate::Agreement
            | Gate::Monitoring
            | Gate::Token => passed(gate, None),
        })
        .collect()
}

fn activated() -> Event {
    Event::AccountActivated { by: Some(manager()) }
}

fn suspended() -> Event {
    Event::AccountSuspended { ground: SuspensionGround::MisuseSuspected }
}

/// Created, gates passed, credentials set, activated; then `more`.
fn at_work(check: &str, training: &str, more: Vec<Event>) -> Vec<Event> {
    let mut events = vec![created()];
    events.extend(gates(check, training));
    events.extend([Event::CredentialsSet(credentials()), activated()]);
    events.extend(more);
    events
}

const LATER: &str = "2027-06-01";

fn sign_in(code_step: u64) -> Command {
    Command::SignIn { code_step, grace_hours: 72 }
}

#[test]
fn an_account_is_created_once() {
    given::<Account>([]).when(Command::Create(nurse())).then([created()]);
    given::<Account>([created()]).when(Command::Create(nurse())).then_nothing();
    let other = Created { role: Role::Auditor, ..nurse() };
    given::<Account>([created()]).when(Command::Create(other)).then_refused(Refusal::AlreadyCreated);
}

/// The table of standing, in its order of precedence.
#[test]
fn the_first_obstacle_is_told() {
    let none = |because| Standing::None { because };
    let expired = |gate| Refusal::GateExpired { gate };
    let grace = |since: &str, gate| Standing::Grace { since: day(since), because: expired(gate) };
    let (old, lapsed) = ("2026-05-01", "2026-05-31");
    let table = [
        (vec![], none(Refusal::Unknown)),
        (vec![created(), suspended(), Event::AccountClosed], none(Refusal::Closed)),
        (vec![created(), suspended()], none(Refusal::Suspended)),
        (vec![created()], none(Refusal::NotActivated)),
        (vec![created(), activated()], none(Refusal::GateMissing { gate: Gate::EligibleRole })),
        (
            vec![created(), passed(Gate::EligibleRole, None), activated()],
            none(Refusal::GateMissing { gate: Gate::ManagerAuthorisation }),
        ),
        (at_work(old, old, vec![]), none(expired(Gate::DisclosureCheck))),
        (at_work(lapsed, old, vec![]), none(expired(Gate::Training))),
        (at_work(lapsed, lapsed, vec![]), grace("2026-06-01", Gate::DisclosureCheck)),
        (at_work(LATER, lapsed, vec![]), grace("2026-06-01", Gate::Training)),
        (at_work(LATER, lapsed, vec![suspended()]), none(Refusal::Suspended)),
        (at_work(LATER, "2026-06-01", vec![]), Standing::Good),
        (at_work(LATER, LATER, vec![passed(Gate::Monitoring, Some(old))]), none(expired(Gate::Monitoring))),
        (at_work(LATER, LATER, vec![]), Standing::Good),
    ];
    for (events, expected) in table {
        assert_eq!(given::<Account>(events.clone()).state().standing(NOW, 72), expected, "{events:?}");
    }
}

#[test]
fn grace_leaves_the_two_urgent_reasons_open_and_nothing_else() {
    use vocabulary::AccessReason;
    let standing = given::<Account>(at_work(LATER, "2026-05-31", vec![])).state().standing(NOW, 72);
    for reason in AccessReason::ALL {
        let urgent = [AccessReason::Emergency, AccessReason::ChildProtectionEnquiry].contains(&reason);
        assert_eq!(standing.permits(reason).is_ok(), urgent, "{reason:?}");
    }
    assert_eq!(standing.good(), Err(Refusal::GateExpired { gate: Gate::Training }));
}

/// I-21.
#[test]
fn nobody_authorises_activates_or_reinstates_themself() {
    let own = Some(account(1));
    let gate = Command::RecordGate { gate: Gate::ManagerAuthorisation, by: own, valid_until: None };
    given::<Account>([created()]).when(gate).then_refused(Refusal::OwnAccount);
    given::<Account>(at_work(LATER, LATER, vec![]))
        .when(Command::Activate { by: own })
        .then_refused(Refusal::OwnAccount);
    given::<Account>(at_work(LATER, LATER, vec![suspended()]))
        .when(Command::Reinstate { by: own })
        .then_refused(Refusal::OwnAccount);
}

#[test]
fn checks_and_training_name_a_last_day_within_three_years() {
    let record = |valid_until: Option<&str>| Command::RecordGate {
        gate: Gate::DisclosureCheck,
        by: Some(manager()),
        valid_until: valid_until.map(day),
    };
    for (valid_until, refusal) in [
        (None, Refusal::GateUndated),
        (Some("2026-05-31"), Refusal::GateOutOfRange),
        (Some("2029-06-02"), Refusal::GateOutOfRange),
    ] {
        given::<Account>([created()]).when(record(valid_until)).then_refused(refusal);
    }
    given::<Account>([created()])
        .when(record(Some("2029-06-01")))
        .then([passed(Gate::DisclosureCheck, Some("2029-06-01"))])
        .when(record(Some("2029-06-01")))
        .then_nothing();
}

#[test]
fn activation_is_refused_in_this_order() {
    let activate = || Command::Activate { by: Some(manager()) };
    let set = || Event::CredentialsSet(credentials());
    let with = |check: &str, more: Vec<Event>| {
        let mut events = vec![created()];
        events.extend(gates(check, LATER));
        events.extend(more);
        events
    };
    given::<Account>([]).when(activate()).then_refused(Refusal::Unknown);
    given::<Account>(with(LATER, vec![Event::AccountClosed])).when(activate()).then_refused(Refusal::Closed);
    given::<Account>([created()]).when(activate()).then_refused(Refusal::CredentialsMissing);
    given::<Account>([created(), set()])
        .when(activate())
        .then_refused(Refusal::GateMissing { gate: Gate::EligibleRole });
    // Activation knows no grace: whoever starts, starts with everything in order.
    given::<Account>(with("2026-05-31", vec![set()]))
        .when(activate())
        .then_refused(Refusal::GateExpired { gate: Gate::DisclosureCheck });
    given::<Account>(with(LATER, vec![set()]))
        .when(activate())
        .then([activated()])
        .when(activate())
        .then_nothing();
}

#[test]
fn a_code_is_taken_once_and_no_older_one_after_it() {
    let story = given::<Account>(at_work(LATER, LATER, vec![]))
        .when(sign_in(100))
        .then([Event::SignedIn { code_step: 100 }]);
    story.when(sign_in(100)).then_refused(Refusal::CodeUsed);
    let used = || at_work(LATER, LATER, vec![Event::SignedIn { code_step: 100 }]);
    given::<Account>(used()).when(sign_in(99)).then_refused(Refusal::CodeUsed);
    given::<Account>(used()).when(sign_in(101)).then([Event::SignedIn { code_step: 101 }]);
    // A new seed counts anew: a code of the old one says nothing about it.
    let mut renewed = used();
    renewed.push(Event::CredentialsSet(credentials()));
    given::<Account>(renewed).when(sign_in(100)).then([Event::SignedIn { code_step: 100 }]);
}

#[test]
fn signing_in_is_refused_in_this_order() {
    let mut without = vec![created()];
    without.extend(gates(LATER, LATER));
    without.push(activated());
    let table = [
        (vec![], Refusal::Unknown),
        (at_work(LATER, LATER, vec![suspended(), Event::AccountClosed]), Refusal::Closed),
        (at_work(LATER, LATER, vec![suspended()]), Refusal::Suspended),
        (vec![created()], Refusal::NotActivated),
        (at_work(LATER, "2026-05-01", vec![]), Refusal::GateExpired { gate: Gate::Training }),
        (without, Refusal::CredentialsMissing),
        (at_work(LATER, LATER, vec![Event::SignedIn { code_step: 7 }]), Refusal::CodeUsed),
    ];
    for (events, refusal) in table {
        given::<Account>(events).when(sign_in(7)).then_refused(refusal);
    }
    // In the time of grace a person may sign in; each look then decides.
    given::<Account>(at_work(LATER, "2026-05-31", vec![]))
        .when(sign_in(7))
        .then([Event::SignedIn { code_step: 7 }]);
}

#[test]
fn a_refused_sign_in_is_remembered_even_on_a_closed_account() {
    let refuse = || Command::RefuseSignIn { fault: SignInFault::PasswordWrong };
    let refused = || [Event::SignInRefused { fault: SignInFault::PasswordWrong }];
    given::<Account>([created()]).when(refuse()).then(refused());
    given::<Account>([created(), Event::AccountClosed]).when(refuse()).then(refused());
}

#[test]
fn a_suspension_ends_and_a_closing_does_not() {
    let suspend = || Command::Suspend { ground: SuspensionGround::MisuseSuspected };
    given::<Account>(at_work(LATER, LATER, vec![]))
        .when(suspend())
        .then([suspended()])
        .when(suspend())
        .then_nothing()
        .when(Command::Reinstate { by: Some(manager()) })
        .then([Event::AccountReinstated { by: Some(manager()) }])
        .when(Command::Reinstate { by: Some(manager()) })
        .then_nothing()
        .when(Command::StepUp)
        .then([Event::SteppedUp])
        .when(Command::Close { on: None })
        .then([Event::AccountClosed])
        .when(Command::Close { on: None })
        .then_nothing()
        .when(suspend())
        .then_refused(Refusal::Closed);
    given::<Account>(at_work(LATER, LATER, vec![suspended()]))
        .when(Command::StepUp)
        .then_refused(Refusal::Suspended);
}

#[test]
fn an_account_sleeps_after_thirteen_months_and_wakes_by_its_own_sign_in() {
    let thirteen_months_on = "2027-07-01T09:00:00Z".parse().unwrap();
    let day_before = "2027-06-30T09:00:00Z".parse().unwrap();
    let slept = given::<Account>([created()]).state();
    assert_eq!(slept.dormant_since(day_before, 13), None);
    assert_eq!(slept.dormant_since(thirteen_months_on, 13), Some(day("2027-07-01")));
    let awake = given::<Account>([created()]).at(day_before).and([Event::SignedIn { code_step: 1 }]).state();
    assert_eq!(awake.dormant_since(thirteen_months_on, 13), None);
    assert_eq!(Account::default().dormant_since(NOW, 13), None);
}

#[test]
fn that_an_account_was_woken_is_remembered_from_the_day_on_which_it_was() {
    let (woke, next) = ("2027-07-01T09:00:00Z".parse().unwrap(), "2027-07-02T09:00:00Z".parse().unwrap());
    let signed_in = || [Event::SignedIn { code_step: 1 }];
    let state = given::<Account>([created()]).at(woke).and(signed_in()).at(next).and(signed_in()).state();
    assert!(state.woken_since(day("2027-07-01"), 13) && state.woken_since(day("2027-06-07"), 13));
    assert!(!state.woken_since(day("2027-07-02"), 13), "it woke the day before");
    let sooner = given::<Account>([created()]).at("2027-06-30T09:00:00Z".parse().unwrap()).and(signed_in());
    assert!(!sooner.state().woken_since(day("2027-06-01"), 13), "it did not sleep yet");
    assert!(!given::<Account>([created()]).state().woken_since(day("2026-01-01"), 1));
}

#[test]
fn whoever_did_not_sign_in_here_is_refused_while_dormant() {
    let later = "2027-07-01T09:00:00Z".parse().unwrap();
    let unsigned =
        |more| given::<Account>(at_work(LATER, LATER, more)).state().standing_unsigned(later, 72, 13);
    let dormant = Standing::None { because: Refusal::Dormant };
    assert_eq!(unsigned(vec![]), dormant, "and not the check, which ran out as well");
    assert_eq!(unsigned(vec![suspended()]), Standing::None { because: Refusal::Suspended });
    let awake = given::<Account>(at_work(LATER, LATER, vec![])).state().standing_unsigned(NOW, 72, 13);
    assert_eq!(awake, Standing::Good);
}

#[test]
fn names_and_secrets_never_print() {
    let printed = format!("{:?} {:?}", created(), Event::CredentialsSet(credentials()));
    for text in ["okoro", "Okoro", "hash", "seed"] {
        assert!(!printed.replace("_hash", "").contains(text), "{text}");
    }
}

#[test]
fn a_user_name_is_short_and_without_spaces() {
    for text in ["", "two words", "tab\there", &"x".repeat(65)] {
        assert!(Username::new(text).is_err(), "{text:?}");
    }
    assert!(Username::new("a.b@example.org").is_ok());
}

#[test]
fn a_milder_ground_does_not_take_the_place_of_suspicion() {
    let suspend = |ground| Command::Suspend { ground };
    for milder in
        [SuspensionGround::Absent, SuspensionGround::ManagerRequest, SuspensionGround::CredentialsLost]
    {
        given::<Account>([created(), suspended()]).when(suspend(milder)).then_nothing();
        given::<Account>([created(), Event::AccountSuspended { ground: milder }])
            .when(suspend(SuspensionGround::MisuseSuspected))
            .then([suspended()]);
    }
}
