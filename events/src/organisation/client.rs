//! Client: a case management system that may connect, and what it proves itself by.
//!
//! Several secrets, keys and certificates are good at once, so that one is changed for another without a gap;
//! each is retired at an instant, now or later, and never returns. Source: rules.md 5.4; contract.md section 2;
//! ADR-0039.

#[cfg(test)]
mod spec;

use std::collections::{BTreeMap, btree_map};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{ClientId, KeyName, NotAWord, SignatureAlgorithm, Thumbprint};

use super::Event;
use crate::secret::Secret;

/// Secrets of one client that may be good at once: the old one and its successor.
pub const SECRETS_MAX: usize = 2;

/// Keys of one client that may be good at once: two sites, each changing one key for another.
pub const KEYS_MAX: usize = 4;

/// Certificates of one client that may be good at once, as for keys.
pub const CERTIFICATES_MAX: usize = 4;

/// Longest public key in base64: RSA of 8,192 bits takes 1,400.
const PUBLIC_KEY_CHARACTERS_MAX: usize = 1_600;

/// How a client names the acting user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActingUser {
    /// By a signed assertion (rules.md 5.4).
    SignedAssertion,
    /// By a bare user name: demo clients only.
    BareUserName,
}

/// A public key as X.509 writes it (`SubjectPublicKeyInfo`), in base64: the body of a PEM file on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(String);

impl PublicKey {
    /// The key in base64.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NotAWord;

    fn try_from(text: String) -> Result<PublicKey, NotAWord> {
        let signs = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        if (1..=PUBLIC_KEY_CHARACTERS_MAX).contains(&text.len()) && text.bytes().all(signs) {
            Ok(PublicKey(text))
        } else {
            Err(NotAWord { expected: "a public key in base64" })
        }
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.0
    }
}

/// A key that a client signs by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its name.
    pub kid: KeyName,
    /// The one algorithm it is used with.
    pub algorithm: SignatureAlgorithm,
    /// The key itself.
    pub public_key: PublicKey,
}

/// A client as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its secrets, by number; none is ever forgotten, so that none returns.
    pub secrets: BTreeMap<u32, HeldSecret>,
    /// Its keys, by name, as for secrets.
    pub keys: BTreeMap<KeyName, HeldKey>,
    /// The certificates it is bound to, as for secrets; bound once, it stays bound.
    pub certificates: BTreeMap<Thumbprint, HeldCertificate>,
    /// How it names the acting user.
    pub acting_user: ActingUser,
    /// May connect no more.
    pub revoked: bool,
}

/// A secret as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSecret {
    /// The secret, hashed.
    pub hash: Secret,
    /// From when on it is good no more; absent while nobody said so.
    pub retired_from: Option<DateTime<Utc>>,
}

/// A key as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldKey {
    /// The one algorithm it is used with.
    pub algorithm: SignatureAlgorithm,
    /// The key itself.
    pub public_key: PublicKey,
    /// From when on it is good no more; absent while nobody said so.
    pub retired_from: Option<DateTime<Utc>>,
}

/// A certificate as remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCertificate {
    /// From when on it is good no more; absent while nobody said so.
    pub retired_from: Option<DateTime<Utc>>,
}

/// What a client proved itself by, as remembered with what it was then given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The secret of this number.
    Secret(u32),
    /// The key of this name.
    Key(KeyName),
}

/// What may be asked about what a client proves itself by. `from` absent is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Add a secret beside those it has.
    AddSecret { secret_hash: Secret },
    /// Retire a secret.
    RetireSecret { number: u32, from: Option<DateTime<Utc>> },
    /// Add a key beside those it has.
    AddKey(Key),
    /// Retire a key.
    RetireKey { kid: KeyName, from: Option<DateTime<Utc>> },
    /// Bind it to a certificate, beside others or as the first.
    BindCertificate { thumbprint: Thumbprint },
    /// Retire a certificate.
    RetireCertificate { thumbprint: Thumbprint, from: Option<DateTime<Utc>> },
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It would have nothing to prove itself by.
    #[error("a client needs a secret or a key")]
    NothingToProveBy,
    /// The client was revoked.
    #[error("the client was revoked; add another")]
    Revoked,
    /// A secret, key or certificate that the client never had.
    #[error("the client has no such secret, key or certificate")]
    CredentialUnknown,
    /// The name, the key or the certificate was used before: none ever returns.
    #[error("a key's name, a key and a certificate are used once; this one was used before")]
    CredentialUsed,
    /// Too many are good at once.
    #[error(
        "a client has at most {SECRETS_MAX} secrets, {KEYS_MAX} keys and {CERTIFICATES_MAX} certificates at once"
    )]
    CredentialsTooMany,
    /// It is retired sooner already: what was to end is not prolonged.
    #[error("it is to be retired sooner already, and is not prolonged")]
    RetiredSooner,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NothingToProveBy => "client_without_credential",
            Refusal::Revoked => "client_revoked",
            Refusal::CredentialUnknown => "credential_unknown",
            Refusal::CredentialUsed => "credential_used",
            Refusal::CredentialsTooMany => "credentials_too_many",
            Refusal::RetiredSooner => "credential_retired_sooner",
        }
    }
}

impl Client {
    /// The secrets that are good at `now`, with their numbers.
    pub fn secrets_at(&self, now: DateTime<Utc>) -> impl Iterator<Item = (u32, &Secret)> {
        let good = move |(_, held): &(&u32, &HeldSecret)| good(held.retired_from, now);
        self.secrets.iter().filter(good).map(|(number, held)| (*number, &held.hash))
    }

    /// The key of this name, if it is good at `now`.
    pub fn key_at(&self, kid: &KeyName, now: DateTime<Utc>) -> Option<&HeldKey> {
        self.keys.get(kid).filter(|held| good(held.retired_from, now))
    }

    /// Tells whether what it proved itself by is still good at `now`.
    pub fn proven_by(&self, proof: &Proof, now: DateTime<Utc>) -> bool {
        match proof {
            Proof::Secret(number) => self.secrets_at(now).any(|(held, _)| held == *number),
            Proof::Key(kid) => self.key_at(kid, now).is_some(),
        }
    }

    /// Tells whether it may speak over a connection on which this certificate was shown, or none.
    ///
    /// A client that was bound once needs one of its certificates for ever: were the last one's retirement to
    /// unbind it, a lost certificate would open what it was to keep shut.
    pub fn connects_with(&self, shown: Option<&Thumbprint>, now: DateTime<Utc>) -> bool {
        let held = |thumbprint| self.certificates.get(thumbprint);
        self.certificates.is_empty()
            || shown.and_then(held).is_some_and(|certificate| good(certificate.retired_from, now))
    }
}

/// A credential is good up to the instant from which it is retired.
fn good(retired_from: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    retired_from.is_none_or(|from| now < from)
}

/// What follows from a request about `client`, whose id is `id`.
pub(super) fn decide(
    id: &ClientId,
    client: &Client,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Option<Event>, Refusal> {
    if client.revoked {
        return Err(Refusal::Revoked);
    }
    let client_id = id.clone();
    match command {
        Command::AddSecret { secret_hash } => {
            fewer_than(SECRETS_MAX, client.secrets.values().map(|held| held.retired_from), now)?;
            let number = client.secrets.keys().next_back().map_or(1, |last| last.saturating_add(1));
            Ok(Some(Event::ClientSecretAdded { client: client_id, number, secret_hash: secret_hash.clone() }))
        }
        Command::RetireSecret { number, from: asked } => {
            let held = client.secrets.get(number).ok_or(Refusal::CredentialUnknown)?;
            let ends = retires(held.retired_from, *asked, now)?;
            Ok(ends.map(|from| Event::ClientSecretRetired { client: client_id, number: *number, from }))
        }
        Command::AddKey(key) => {
            let repeated = client
                .key_at(&key.kid, now)
                .is_some_and(|held| (held.algorithm, &held.public_key) == (key.algorithm, &key.public_key));
            if repeated {
                return Ok(None);
            }
            let used =
                |(kid, held): (&KeyName, &HeldKey)| *kid == key.kid || held.public_key == key.public_key;
            if client.keys.iter().any(used) {
                return Err(Refusal::CredentialUsed);
            }
            fewer_than(KEYS_MAX, client.keys.values().map(|held| held.retired_from), now)?;
            Ok(Some(Event::ClientKeyAdded { client: client_id, key: key.clone() }))
        }
        Command::RetireKey { kid, from: asked } => {
            let held = client.keys.get(kid).ok_or(Refusal::CredentialUnknown)?;
            let ends = retires(held.retired_from, *asked, now)?;
            Ok(ends.map(|from| Event::ClientKeyRetired { client: client_id, kid: kid.clone(), from }))
        }
        Command::BindCertificate { thumbprint } => {
            match client.certificates.get(thumbprint) {
                Some(held) if good(held.retired_from, now) => return Ok(None),
                Some(_) => return Err(Refusal::CredentialUsed),
                None => (),
            }
            fewer_than(CERTIFICATES_MAX, client.certificates.values().map(|held| held.retired_from), now)?;
            Ok(Some(Event::ClientCertificateBound { client: client_id, thumbprint: *thumbprint }))
        }
        Command::RetireCertificate { thumbprint, from: asked } => {
            let held = client.certificates.get(thumbprint).ok_or(Refusal::CredentialUnknown)?;
            let ends = retires(held.retired_from, *asked, now)?;
            Ok(ends.map(|from| Event::ClientCertificateRetired {
                client: client_id,
                thumbprint: *thumbprint,
                from,
            }))
        }
    }
}

fn fewer_than(
    most: usize,
    held: impl Iterator<Item = Option<DateTime<Utc>>>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if held.filter(|from| good(*from, now)).count() < most {
        Ok(())
    } else {
        Err(Refusal::CredentialsTooMany)
    }
}

/// From when on something held is to be retired; `None` when that is so already. Never in the past: what was
/// done with it before now was done by right.
fn retires(
    held: Option<DateTime<Utc>>,
    asked: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Refusal> {
    let from = asked.unwrap_or(now).max(now);
    match held {
        Some(already) if already <= now && asked.is_none_or(|asked| asked <= now) => Ok(None),
        Some(already) if already == from => Ok(None),
        Some(already) if already < from => Err(Refusal::RetiredSooner),
        Some(_) | None => Ok(Some(from)),
    }
}

/// Remembers what happened to a client. What is told of one that was never added changes nothing.
pub(super) fn evolve(entry: btree_map::Entry<'_, ClientId, Client>, event: &Event) {
    if let Event::ClientAdded { secret_hash, acting_user, .. } = event {
        let first = secret_hash.clone().map(|hash| (1, HeldSecret { hash, retired_from: None }));
        entry.or_insert(Client {
            secrets: first.into_iter().collect(),
            keys: BTreeMap::new(),
            certificates: BTreeMap::new(),
            acting_user: *acting_user,
            revoked: false,
        });
        return;
    }
    let btree_map::Entry::Occupied(mut held) = entry else { return };
    let client = held.get_mut();
    match event {
        Event::ClientRevoked { .. } => client.revoked = true,
        Event::ClientSecretAdded { number, secret_hash, .. } => {
            client.secrets.insert(*number, HeldSecret { hash: secret_hash.clone(), retired_from: None });
        }
        Event::ClientSecretRetired { number, from, .. } => {
            if let Some(secret) = client.secrets.get_mut(number) {
                secret.retired_from = Some(*from);
            }
        }
        Event::ClientKeyAdded { key, .. } => {
            let Key { kid, algorithm, public_key } = key.clone();
            client.keys.insert(kid, HeldKey { algorithm, public_key, retired_from: None });
        }
        Event::ClientKeyRetired { kid, from, .. } => {
            if let Some(key) = client.keys.get_mut(kid) {
                key.retired_from = Some(*from);
            }
        }
        Event::ClientCertificateBound { thumbprint, .. } => {
            client.certificates.insert(*thumbprint, HeldCertificate { retired_from: None });
        }
        Event::ClientCertificateRetired { thumbprint, from, .. } => {
            if let Some(certificate) = client.certificates.get_mut(thumbprint) {
                certificate.retired_from = Some(*from);
            }
        }
        Event::ClientAdded { .. }
        | Event::OrganisationRegistered { .. }
        | Event::OrganisationDescribed(_)
        | Event::ConditionMet(_)
        | Event::ConditionWithdrawn { .. }
        | Event::OrganisationAccredited { .. }
        | Event::SharingAgreementSigned(_)
        | Event::SupplyAgreementSigned(_)
        | Event::OrganisationSuspended { .. }
        | Event::OrganisationReinstated
        | Event::MonthReported(_) => (),
    }
}
