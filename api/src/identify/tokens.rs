//! Tokens: opaque, drawn at random, kept as their hash and in memory only.
//!
//! A restart signs everybody out; nothing that a disk or a backup holds lets anyone in. A person's session ends
//! after an hour without a request, and a person has a few at once.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{digest, rand};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use directory::{ClientIdentity, Directory};
use events::organisation::client::Proof;
use vocabulary::{AccountId, ClientId, KeyedRef, PasskeyId, Thumbprint};

use crate::pages::Visit;

/// Most tokens at once, some 20 MB: a region's practitioners in the morning, four times over.
const TOKENS_MAX: usize = 100_000;

/// Bytes of a token: more than anyone guesses.
const TOKEN_BYTES: usize = 32;

/// How long a PIN given holds (contract.md section 2).
pub(super) const STEP_UP_MINUTES: i64 = 5;

/// How long a person's session lasts without a request: a visit, not a shift.
const IDLE_MINUTES: i64 = 60;

/// The same in seconds, for a page to warn before.
pub(crate) const IDLE_SECONDS: i64 = IDLE_MINUTES * 60;

/// Most sessions of one person at once: a desk, a telephone, and one that was forgotten. The oldest ends.
const SESSIONS_MAX: usize = 3;

type Hash = [u8; digest::SHA256_OUTPUT_LEN];

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A case management system's.
    Client(Holder),
    /// A person's who signed in here.
    Staff {
        /// Whose account.
        account: AccountId,
        /// When they signed in: newer credentials end what older ones began.
        since: DateTime<Utc>,
        /// What they signed in by: removed, it takes the session with it.
        began: Began,
        /// Until when a PIN given holds.
        stepped_up_until: Option<DateTime<Utc>>,
    },
}

/// What a session began by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Began {
    /// Password and one-time code.
    Password,
    /// A passkey.
    Passkey(PasskeyId),
    /// A sign-in at an identity provider.
    Identity(KeyedRef),
}

/// A client with a token, and what the token is good beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    /// Which client.
    pub(crate) client: ClientId,
    /// What it proved itself by; retired, it takes the token with it.
    pub(crate) proof: Proof,
    /// The certificate that the token is bound to (RFC 8705), if the client is.
    pub(crate) certificate: Option<Thumbprint>,
}

impl Holder {
    /// The client as it stands, in the midst of a stream: unless it was revoked, or what it proved itself by was
    /// retired. That its token expires meanwhile cuts nothing (contract.md section 2).
    pub(crate) fn still(&self, directory: &Directory) -> Option<ClientIdentity> {
        directory.client_proven(&self.client, &self.proof, self.certificate.as_ref())
    }
}

/// A token as it is told once. Never printed.
pub(crate) struct Token(pub(crate) String);

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(..)")
    }
}

/// Everybody who is signed in.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<Held>);

#[derive(Default)]
struct Held {
    owners: HashMap<Hash, Session>,
    by_end: BTreeSet<(DateTime<Utc>, Hash)>,
    /// The sessions of each person, oldest first.
    of_person: HashMap<AccountId, Vec<Hash>>,
}

struct Session {
    owner: Owner,
    /// When it ends unless it is used before.
    ends: DateTime<Utc>,
    /// When it ends however much it is used.
    last: DateTime<Utc>,
    /// What pages remember of it.
    visit: Visit,
}

impl Held {
    fn remove(&mut self, hash: &Hash) {
        let Some(session) = self.owners.remove(hash) else { return };
        self.by_end.remove(&(session.ends, *hash));
        if let Owner::Staff { account, .. } = session.owner
            && let Some(own) = self.of_person.get_mut(&account)
        {
            own.retain(|other| other != hash);
            if own.is_empty() {
                self.of_person.remove(&account);
            }
        }
    }
}

/// When a session ends unless it is used before: a client's with its time, a person's after an hour.
fn ends(owner: &Owner, now: DateTime<Utc>, last: DateTime<Utc>) -> DateTime<Utc> {
    match owner {
        Owner::Client(_) => last,
        Owner::Staff { .. } => last.min(now + Duration::minutes(IDLE_MINUTES)),
    }
}

impl Tokens {
    /// Draws a token for `owner`, good until `expires_at`.
    ///
    /// A full table forgets whichever token ends first: its owner signs in again.
    pub(crate) fn issue(&self, owner: Owner, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Token {
        let mut bytes = [0; TOKEN_BYTES];
        let filled = rand::fill(&mut bytes);
        assert!(filled.is_ok(), "the operating system gives no randomness: no token can be drawn safely");
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let hash = hash_of(&token);
        let mut held = self.held(now);
        while held.owners.len() >= TOKENS_MAX
            && let Some((_, first)) = held.by_end.first().copied()
        {
            held.remove(&first);
        }
        if let Owner::Staff { account, .. } = owner {
            let own = held.of_person.entry(account).or_default();
            own.push(hash);
            let oldest = (own.len() > SESSIONS_MAX).then(|| own.first().copied()).flatten();
            if let Some(oldest) = oldest {
                held.remove(&oldest);
            }
        }
        let ends = ends(&owner, now, expires_at);
        held.by_end.insert((ends, hash));
        let session = Session { owner, ends, last: expires_at, visit: Visit::default() };
        held.owners.insert(hash, session);
        Token(token)
    }

    /// Ends a session at once.
    pub(crate) fn forget(&self, token: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash_of(token));
    }

    /// Whose token this is; `None` when it is unknown or has expired.
    pub(crate) fn owner(&self, token: &str, now: DateTime<Utc>) -> Option<Owner> {
        let hash = hash_of(token);
        let mut held = self.held(now);
        let session = held.owners.get_mut(&hash)?;
        let (owner, before) = (session.owner.clone(), session.ends);
        let after = ends(&owner, now, session.last);
        if after > before {
            session.ends = after;
            held.by_end.remove(&(before, hash));
            held.by_end.insert((after, hash));
        }
        Some(owner)
    }

    /// Remembers that the PIN was given with this token.
    pub(crate) fn step_up(&self, token: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = now + Duration::minutes(STEP_UP_MINUTES);
        match self.held(now).owners.get_mut(&hash_of(token)) {
            Some(Session { owner: Owner::Staff { stepped_up_until, .. }, .. }) => {
                *stepped_up_until = Some(until);
                Some(until)
            }
            Some(Session { owner: Owner::Client(_), .. }) | None => None,
        }
    }

    /// Reads or changes what pages remember of a session; `None` when it has ended.
    pub(crate) fn visit<T>(
        &self,
        token: &str,
        now: DateTime<Utc>,
        with: impl FnOnce(&mut Visit) -> T,
    ) -> Option<T> {
        self.held(now).owners.get_mut(&hash_of(token)).map(|session| with(&mut session.visit))
    }

    /// How many are held. Those that have expired go at the next use.
    pub(crate) fn count(&self) -> u64 {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        u64::try_from(held.owners.len()).unwrap_or(u64::MAX)
    }

    /// The table, without those that have expired.
    fn held(&self, now: DateTime<Utc>) -> MutexGuard<'_, Held> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((end, hash)) = held.by_end.first().copied()
            && end <= now
        {
            held.remove(&hash);
        }
        held
    }
}

/// The hash under which a token is kept; comparing hashes tells nothing of the token by its timing.
fn hash_of(token: &str) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn client() -> Owner {
        Owner::Client(Holder {
            client: ClientId("client-0000000000000001".to_owned()),
            proof: Proof::Secret(1),
            certificate: None,
        })
    }

    #[test]
    fn a_token_is_known_until_it_expires_and_no_longer() {
        let tokens = Tokens::default();
        let token = tokens.issue(client(), noon(), noon() + Duration::minutes(10));
        assert_eq!(tokens.owner(&token.0, noon() + Duration::seconds(599)), Some(client()));
        assert_eq!(tokens.owner(&token.0, noon() + Duration::minutes(10)), None);
        assert_eq!(tokens.count(), 0);
    }

    #[test]
    fn no_two_tokens_are_alike_and_none_prints() {
        let tokens = Tokens::default();
        let end = noon() + Duration::minutes(10);
        let (one, other) = (tokens.issue(client(), noon(), end), tokens.issue(client(), noon(), end));
        assert_ne!(one.0, other.0);
        assert_eq!(one.0.len(), 43);
        assert_eq!(format!("{one:?}"), "Token(..)");
        assert_eq!(tokens.owner("nobody's", noon()), None);
    }

    #[test]
    fn a_full_table_forgets_whichever_ends_first() {
        let tokens = Tokens::default();
        let first = tokens.issue(client(), noon(), noon() + Duration::minutes(1));
        for _ in 0..TOKENS_MAX {
            tokens.issue(client(), noon(), noon() + Duration::minutes(10));
        }
        assert_eq!(tokens.owner(&first.0, noon()), None);
        assert_eq!(tokens.count(), TOKENS_MAX as u64);
    }

    fn staff(number: u128) -> Owner {
        let account = format!("{number:032x}").parse().unwrap();
        Owner::Staff { account, since: noon(), began: Began::Password, stepped_up_until: None }
    }

    #[test]
    fn a_session_lasts_while_it_is_used_and_ends_after_an_hour_without() {
        let tokens = Tokens::default();
        let token = tokens.issue(staff(1), noon(), noon() + Duration::hours(10));
        for half_hours in 1..20 {
            let at = noon() + Duration::minutes(30 * half_hours);
            assert_eq!(tokens.owner(&token.0, at), Some(staff(1)), "{half_hours}");
        }
        assert_eq!(tokens.owner(&token.0, noon() + Duration::hours(10)), None, "ten hours are the most");
        let idle = tokens.issue(staff(2), noon(), noon() + Duration::hours(10));
        assert_eq!(tokens.owner(&idle.0, noon() + Duration::minutes(60)), None);
    }

    #[test]
    fn a_persons_fourth_session_ends_the_first_and_nobody_elses() {
        let tokens = Tokens::default();
        let end = noon() + Duration::hours(10);
        let other = tokens.issue(staff(2), noon(), end);
        let own: Vec<Token> = (0..4).map(|_| tokens.issue(staff(1), noon(), end)).collect();
        assert_eq!(tokens.owner(&own[0].0, noon()), None);
        assert!(own[1..].iter().all(|token| tokens.owner(&token.0, noon()).is_some()));
        assert_eq!(tokens.owner(&other.0, noon()), Some(staff(2)));
        assert_eq!(tokens.count(), 4);
    }

    #[test]
    fn a_session_that_was_ended_is_known_no_more() {
        let tokens = Tokens::default();
        let token = tokens.issue(staff(1), noon(), noon() + Duration::hours(1));
        tokens.forget(&token.0);
        tokens.forget("nobody's");
        assert_eq!(tokens.owner(&token.0, noon()), None);
    }

    #[test]
    fn a_step_up_is_a_persons_and_lasts_five_minutes() {
        let tokens = Tokens::default();
        let end = noon() + Duration::hours(1);
        let account: AccountId = "0190a3c4d5e67f8091a2b3c4d5e6f708".parse().unwrap();
        let token = tokens.issue(
            Owner::Staff { account, since: noon(), began: Began::Password, stepped_up_until: None },
            noon(),
            end,
        );
        assert_eq!(tokens.step_up(&token.0, noon()), Some(noon() + Duration::minutes(5)));
        let machine = tokens.issue(client(), noon(), end);
        assert_eq!(tokens.step_up(&machine.0, noon()), None);
    }
}
