//! Specs of ceilings that an account reached: what goes on, what opens the rest again, and who.

use vocabulary::{AccessReason, Position};

use super::*;
use crate::{
    ceiling::{Counted, Span},
    spec::{KEY, given},
    standing::{Standing, is_urgent},
};

fn reached() -> Reached {
    Reached { counted: Counted::Fruitless, within: Span::Hour, limit: 60 }
}

fn active() -> Vec<Event> {
    let mut history = vec![created()];
    history.extend(gates("2028-01-01", "2028-01-01"));
    history.extend([Event::CredentialsSet(credentials()), Event::AccountActivated { by: Some(manager()) }]);
    history
}

/// An account after these events, a minute apart, beginning at a day and a time.
fn after(events: &[(&str, Event)]) -> Account {
    let mut state = Account::default();
    let when = |at| When { happened_at: at, recorded_at: at, key: KEY, position: Position::ZERO };
    for event in active() {
        Account::evolve(&mut state, &event, when(NOW));
    }
    for (at, event) in events {
        let at: DateTime<Utc> = at.parse().unwrap();
        Account::evolve(&mut state, event, when(at));
    }
    state
}

const FIRST: &str = "2026-11-21T09:00:00Z";
const SECOND: &str = "2026-11-21T11:00:00Z";
const BETWEEN: &str = "2026-11-21T10:00:00Z";
const NEXT_DAY: &str = "2026-11-22T09:00:00Z";

fn signed_in() -> Event {
    Event::SignedIn { code_step: 7 }
}

fn reinstated() -> Event {
    Event::AccountReinstated { by: Some(manager()) }
}

fn ceiling() -> Event {
    Event::CeilingReached(reached())
}

/// Every history that matters, with what it leaves open: nothing, the urgent until a sign-in, or until somebody acts.
#[test]
fn what_a_ceiling_leaves_open_follows_from_how_many_there_were_that_day_and_who_acted_since() {
    let table: [(&[(&str, Event)], Looking); 10] = [
        (&[], Looking::Free),
        (&[(FIRST, ceiling())], Looking::SignInAgain),
        (&[(FIRST, ceiling()), (BETWEEN, signed_in())], Looking::Free),
        (&[(FIRST, ceiling()), (BETWEEN, reinstated())], Looking::Free),
        (&[(FIRST, ceiling()), (SECOND, ceiling())], Looking::Rests),
        (&[(FIRST, ceiling()), (BETWEEN, signed_in()), (SECOND, ceiling())], Looking::Rests),
        (
            &[(FIRST, ceiling()), (BETWEEN, signed_in()), (SECOND, ceiling()), (NEXT_DAY, signed_in())],
            Looking::Rests,
        ),
        (
            &[(FIRST, ceiling()), (BETWEEN, signed_in()), (SECOND, ceiling()), (NEXT_DAY, reinstated())],
            Looking::Free,
        ),
        // Somebody who acted counts for more than a sign-in: the next one is the first again.
        (&[(FIRST, ceiling()), (BETWEEN, reinstated()), (SECOND, ceiling())], Looking::SignInAgain),
        (&[(FIRST, ceiling()), (BETWEEN, signed_in()), (NEXT_DAY, ceiling())], Looking::SignInAgain),
    ];
    let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    for (events, looking) in table {
        let account = after(events);
        assert_eq!(account.ceilings.looking(), looking, "{events:?}");
        for standing in [account.standing(now, 72), account.standing_unsigned(now, 72, 13)] {
            for reason in AccessReason::ALL {
                let expected = match looking {
                    Looking::Free => Ok(()),
                    Looking::SignInAgain | Looking::Rests if is_urgent(reason) => Ok(()),
                    Looking::SignInAgain => Err(Refusal::CeilingReached),
                    Looking::Rests => Err(Refusal::CeilingReachedAgain),
                };
                assert_eq!(standing.permits(reason), expected, "{events:?} {reason:?}");
            }
            assert_eq!(standing.good().is_ok(), looking == Looking::Free, "nothing else goes on meanwhile");
        }
    }
}

#[test]
fn a_ceiling_bars_nobody_from_signing_in_and_frees_nobody_who_is_barred() {
    let sign_in = |step| Command::SignIn { code_step: step, grace_hours: 72 };
    let history = || active().into_iter().chain([ceiling()]);
    given::<Account>(history()).when(sign_in(8)).then([Event::SignedIn { code_step: 8 }]);
    let suspended =
        || history().chain([Event::AccountSuspended { ground: SuspensionGround::MisuseSuspected }]);
    given::<Account>(suspended()).when(sign_in(8)).then_refused(Refusal::Suspended);
    let state =
        after(&[(FIRST, ceiling()), (SECOND, Event::AccountSuspended { ground: SuspensionGround::Absent })]);
    assert_eq!(state.standing(NOW, 72), Standing::None { because: Refusal::Suspended });
}

#[test]
fn a_passkey_that_asked_for_the_pin_is_an_own_sign_in_too() {
    let passkey: PasskeyId = "aW52ZW50ZWQtcGFzc2tleS0x".parse().unwrap();
    let signed = Event::SignedInByPasskey { passkey, sign_count: 1 };
    assert_eq!(after(&[(FIRST, ceiling()), (BETWEEN, signed)]).ceilings.looking(), Looking::Free);
    for other in [Event::SteppedUp, Event::CodeReadOut { code_step: 9 }] {
        assert_eq!(after(&[(FIRST, ceiling()), (BETWEEN, other)]).ceilings.looking(), Looking::SignInAgain);
    }
}

#[test]
fn the_first_of_a_row_says_it_for_all_and_somebody_else_ends_it() {
    let reach = || Command::ReachCeiling(reached());
    given::<Account>(active()).when(reach()).then([ceiling()]).when(reach()).then_nothing();
    let reinstate = |by| Command::Reinstate { by: Some(by) };
    given::<Account>(active()).when(reinstate(manager())).then_nothing();
    let history = || active().into_iter().chain([ceiling(), ceiling()]);
    given::<Account>(history()).when(reinstate(account(1))).then_refused(Refusal::OwnAccount);
    given::<Account>(history())
        .when(reinstate(manager()))
        .then([reinstated()])
        .when(reach())
        .then([ceiling()]);
}
