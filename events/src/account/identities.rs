//! Linked identities of an account: linked by its person, good for signing in, removed.
//!
//! Source: `OpenID` Connect Core 1.0; rules.md 5.2; ADR-0044.

use chrono::{DateTime, Utc};
use vocabulary::{KeyedRef, ProviderName};

use super::{Account, Event, LinkedIdentity, Refusal, decide::may_sign_in};
use crate::decider::When;

/// Linked identities of one account at once: an employer's, a national one, and what replaces one of them.
pub const IDENTITIES_MAX: usize = 3;

/// A linked identity as remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldIdentity {
    /// The provider, as the settings named it when it was linked.
    pub provider: ProviderName,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
}

/// What may be asked about a linked identity. That no other account has it is asked apart, of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum IdentityAct {
    /// Link it: its person has just stepped up, and signed in there.
    Link(LinkedIdentity),
    /// Remove it.
    Unlink { identity: KeyedRef },
    /// Sign in: what the provider said is believed. `grace_hours` is policy.
    SignIn { identity: KeyedRef, grace_hours: u32 },
}

/// What follows from a request about a linked identity of an account that is not closed.
pub(super) fn decide(
    account: &Account,
    act: &IdentityAct,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    match act {
        IdentityAct::Link(linked) => link(account, linked, now),
        IdentityAct::Unlink { identity } => {
            held(account, *identity)?;
            Ok(vec![Event::IdentityUnlinked { identity: *identity }])
        }
        IdentityAct::SignIn { identity, grace_hours } => {
            may_sign_in(account, now, *grace_hours)?;
            held(account, *identity)?;
            Ok(vec![Event::SignedInByIdentity { identity: *identity }])
        }
    }
}

fn link(account: &Account, linked: &LinkedIdentity, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    account.in_use(now)?;
    if account.credentials.is_none() {
        return Err(Refusal::CredentialsMissing);
    }
    if account.identities.contains_key(&linked.identity) {
        return Err(Refusal::IdentityKnown);
    }
    if account.identities.len() >= IDENTITIES_MAX {
        return Err(Refusal::IdentitiesTooMany);
    }
    Ok(vec![Event::IdentityLinked(linked.clone())])
}

fn held(account: &Account, identity: KeyedRef) -> Result<&HeldIdentity, Refusal> {
    account.identities.get(&identity).ok_or(Refusal::IdentityUnknown)
}

/// Moves the account on by what happened to one of its linked identities.
pub(super) fn evolve(account: &mut Account, event: &Event, when: When) {
    if let Event::IdentityLinked(linked) = event {
        let held = HeldIdentity { provider: linked.provider.clone(), linked_at: when.recorded_at };
        account.identities.insert(linked.identity, held);
    } else if let Event::IdentityUnlinked { identity } = event {
        account.identities.remove(identity);
    } else if let Event::SignedInByIdentity { .. } = event {
        account.signed_in(when.recorded_at);
    }
}
