//! Tokens: opaque, drawn at random, kept as their hash and in memory only.
//!
//! A restart signs everybody out; nothing that a disk or a backup holds lets anyone in.

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
use vocabulary::{AccountId, ClientId, Thumbprint};

/// Most tokens at once, some 20 MB: a region's practitioners in the morning, four times over.
const TOKENS_MAX: usize = 100_000;

/// Bytes of a token: more than anyone guesses.
const TOKEN_BYTES: usize = 32;

/// How long a PIN given holds (contract.md section 2).
const STEP_UP_MINUTES: i64 = 5;

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
        /// Until when a PIN given holds.
        stepped_up_until: Option<DateTime<Utc>>,
    },
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
    owners: HashMap<Hash, (Owner, DateTime<Utc>)>,
    by_end: BTreeSet<(DateTime<Utc>, Hash)>,
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
            && let Some((_, first)) = held.by_end.pop_first()
        {
            held.owners.remove(&first);
        }
        held.owners.insert(hash, (owner, expires_at));
        held.by_end.insert((expires_at, hash));
        Token(token)
    }

    /// Whose token this is; `None` when it is unknown or has expired.
    pub(crate) fn owner(&self, token: &str, now: DateTime<Utc>) -> Option<Owner> {
        self.held(now).owners.get(&hash_of(token)).map(|(owner, _)| owner.clone())
    }

    /// Remembers that the PIN was given with this token.
    pub(crate) fn step_up(&self, token: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = now + Duration::minutes(STEP_UP_MINUTES);
        match self.held(now).owners.get_mut(&hash_of(token)) {
            Some((Owner::Staff { stepped_up_until, .. }, _)) => {
                *stepped_up_until = Some(until);
                Some(until)
            }
            Some((Owner::Client(_), _)) | None => None,
        }
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
            held.by_end.pop_first();
            held.owners.remove(&hash);
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

    #[test]
    fn a_step_up_is_a_persons_and_lasts_five_minutes() {
        let tokens = Tokens::default();
        let end = noon() + Duration::hours(1);
        let account: AccountId = "0190a3c4d5e67f8091a2b3c4d5e6f708".parse().unwrap();
        let token = tokens.issue(Owner::Staff { account, stepped_up_until: None }, noon(), end);
        assert_eq!(tokens.step_up(&token.0, noon()), Some(noon() + Duration::minutes(5)));
        let machine = tokens.issue(client(), noon(), end);
        assert_eq!(tokens.step_up(&machine.0, noon()), None);
    }
}
