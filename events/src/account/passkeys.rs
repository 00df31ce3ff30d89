//! Passkeys of an account: registered by its person, counted at each use, removed.
//!
//! Source: rules.md 5.2; W3C Web Authentication Level 3; ADR-0041.

use chrono::{DateTime, Utc};
use vocabulary::PasskeyId;

use super::{Account, Event, Passkey, Refusal, decide::may_sign_in};
use crate::decider::When;

/// Passkeys of one account at once: a telephone, a desk, a token, and what replaces them.
pub const PASSKEYS_MAX: usize = 5;

/// A passkey as remembered, with the newest of its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPasskey {
    /// The key.
    pub key: Passkey,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

/// What may be asked about a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum PasskeyAct {
    /// Register it: its person has just stepped up.
    Register(Passkey),
    /// Remove it.
    Remove { passkey: PasskeyId },
    /// Sign in: what it signed was found right. `grace_hours` is policy.
    SignIn { passkey: PasskeyId, sign_count: u32, grace_hours: u32 },
    /// Step up: what it signed was found right.
    StepUp { passkey: PasskeyId, sign_count: u32 },
}

/// What follows from a request about a passkey of an account that is not closed.
pub(super) fn decide(account: &Account, act: &PasskeyAct, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    match act {
        PasskeyAct::Register(passkey) => register(account, passkey, now),
        PasskeyAct::Remove { passkey } => {
            held(account, passkey)?;
            Ok(vec![Event::PasskeyRemoved { passkey: passkey.clone() }])
        }
        PasskeyAct::SignIn { passkey, sign_count, grace_hours } => {
            may_sign_in(account, now, *grace_hours)?;
            counts_on(held(account, passkey)?, *sign_count)?;
            let (passkey, sign_count) = (passkey.clone(), *sign_count);
            Ok(vec![Event::SignedInByPasskey { passkey, sign_count }])
        }
        PasskeyAct::StepUp { passkey, sign_count } => {
            account.in_use(now)?;
            counts_on(held(account, passkey)?, *sign_count)?;
            let (passkey, sign_count) = (passkey.clone(), *sign_count);
            Ok(vec![Event::SteppedUpByPasskey { passkey, sign_count }])
        }
    }
}

fn register(account: &Account, passkey: &Passkey, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    account.in_use(now)?;
    if account.credentials.is_none() {
        return Err(Refusal::CredentialsMissing);
    }
    if account.passkeys.contains_key(&passkey.passkey) {
        return Err(Refusal::PasskeyKnown);
    }
    if account.passkeys.len() >= PASSKEYS_MAX {
        return Err(Refusal::PasskeysTooMany);
    }
    Ok(vec![Event::PasskeyRegistered(passkey.clone())])
}

fn held<'a>(account: &'a Account, passkey: &PasskeyId) -> Result<&'a HeldPasskey, Refusal> {
    account.passkeys.get(passkey).ok_or(Refusal::PasskeyUnknown)
}

/// A passkey that counts must count on, or two of them sign. One that never counts stays at 0 (Web
/// Authentication 6.1.1).
fn counts_on(held: &HeldPasskey, sign_count: u32) -> Result<(), Refusal> {
    let before = held.key.sign_count;
    if sign_count > before || (before, sign_count) == (0, 0) { Ok(()) } else { Err(Refusal::PasskeyCopied) }
}

/// Moves the account on by what happened to one of its passkeys.
pub(super) fn evolve(account: &mut Account, event: &Event, when: When) {
    if let Event::PasskeyRegistered(key) = event {
        let held = HeldPasskey { key: key.clone(), registered_at: when.recorded_at };
        account.passkeys.insert(key.passkey.clone(), held);
    } else if let Event::PasskeyRemoved { passkey } = event {
        account.passkeys.remove(passkey);
    } else if let Event::SignedInByPasskey { passkey, sign_count } = event {
        account.signed_in(when.recorded_at);
        account.ceilings.signed_in(when.recorded_at);
        counted(account, passkey, *sign_count);
    } else if let Event::SteppedUpByPasskey { passkey, sign_count } = event {
        counted(account, passkey, *sign_count);
    }
}

fn counted(account: &mut Account, passkey: &PasskeyId, sign_count: u32) {
    if let Some(held) = account.passkeys.get_mut(passkey) {
        held.key.sign_count = sign_count;
    }
}
