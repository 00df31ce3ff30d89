//! Passkeys: a second way to sign in and to step up, by a key that a device or a token keeps to itself.
//!
//! The authenticator asks for its own PIN, finger or face each time, which stands for the PIN of rules.md 5.2.
//! Names that nobody has are answered like names that somebody has. Source: W3C Web Authentication Level 3;
//! ADR-0041.

mod challenges;
mod said;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use events::{
    account::{self, Account, HeldPasskey, PasskeyAct, SignInFault},
    looker::StepUp,
    recorded::Actor,
};
use vault::Purpose as Keyed;
use vocabulary::{AccountId, PasskeyId};

use crate::{
    Directory, Person,
    admin::{Acted, AdminError},
    keying,
    register::{ActError, Acting},
    sign_in::{SignInError, SignedIn, Source, machine},
};

pub(crate) use challenges::Challenges;
use challenges::{CHALLENGE_BYTES, Challenge, Purpose};
use said::ClientData;

/// Whom a passkey is made for: this server, as browsers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host, as in `directory.example`.
    pub id: String,
    /// Scheme, host, and port unless it is the scheme's own, as in `https://directory.example`.
    pub origin: String,
}

/// A new key as an authenticator made it.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its id.
    pub id: PasskeyId,
    /// What the browser asked for, as JSON.
    pub client_data: Vec<u8>,
    /// What the authenticator says of itself and of the person.
    pub authenticator_data: Vec<u8>,
    /// The public half (`SubjectPublicKeyInfo`, DER).
    pub public_key: Vec<u8>,
    /// The number of its algorithm in COSE.
    pub algorithm: i64,
}

/// A signature by a key that is known.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The key's id.
    pub id: PasskeyId,
    /// What the browser asked for, as JSON.
    pub client_data: Vec<u8>,
    /// What the authenticator says of itself and of the person.
    pub authenticator_data: Vec<u8>,
    /// The signature over both.
    pub signature: Vec<u8>,
    /// For whom the authenticator keeps the key, where it says so: the account's own bytes.
    pub user: Option<Vec<u8>>,
}

/// What an authenticator is asked to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakingAsked {
    /// The challenge, in base64url.
    pub challenge: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// The account's own bytes, in base64url.
    pub user: String,
    /// Under which name the authenticator shows the key to its person.
    pub username: String,
    /// The passkeys that the account has, so that no authenticator makes a second.
    pub known: Vec<PasskeyId>,
    /// The algorithms that are taken, best first, by their numbers in COSE.
    pub algorithms: Vec<i64>,
}

/// What an authenticator is asked to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningAsked {
    /// The challenge, in base64url.
    pub challenge: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// By which keys: the account's, or for a name that has none invented ones that stay the same.
    pub allowed: Vec<PasskeyId>,
}

/// Why what an authenticator said is not believed. For the operator's log and for whoever registers a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyFault {
    /// Not of its form.
    #[error("what the authenticator said is not of its form")]
    Malformed,
    /// No such challenge is open, or for something else.
    #[error("the challenge is not open: it is good once, for two minutes, and for what it was asked for")]
    Challenge,
    /// Made where signed, or the other way round.
    #[error("the authenticator was asked for something else")]
    Act,
    /// Another site's.
    #[error("the browser was at another address than this server's public one")]
    Origin,
    /// For another server.
    #[error("the authenticator was asked by another server")]
    Asker,
    /// Neither PIN nor finger nor face was asked for.
    #[error("the authenticator did not ask for PIN, finger or face")]
    Unverified,
    /// Of a kind that is not taken.
    #[error("the key is not of Ed25519, of P-256, or of RSA with 2,048 to 4,096 bits")]
    Key,
    /// Not by this key.
    #[error("the signature is not the key's")]
    Signature,
    /// Of another account.
    #[error("the key is another account's")]
    Account,
}

impl Directory {
    /// Asks for a passkey to be made for a person who is signed in and has just stepped up.
    ///
    /// # Errors
    /// `Refused`: not without the PIN, and only by one's own sign-in.
    pub fn ask_for_passkey(&self, person: &Person) -> Result<MakingAsked, AdminError> {
        if person.step_up != StepUp::Fresh {
            let detail = "a passkey is registered after the PIN was given again".to_owned();
            return Err(AdminError::Refused { code: "step_up_missing", detail });
        }
        let held = self.register().account(person.account).cloned().ok_or(AdminError::Unknown)?;
        let username = held.created.ok_or(AdminError::Unknown)?.username.as_str().to_owned();
        let (challenge, expires_at) = self.challenge(Purpose::Registration(person.account));
        Ok(MakingAsked {
            challenge,
            expires_at,
            user: URL_SAFE_NO_PAD.encode(bytes_of(person.account)),
            username,
            known: held.passkeys.into_keys().collect(),
            algorithms: said::ALGORITHMS.into_iter().map(|(number, _)| number).collect(),
        })
    }

    /// Registers the passkey that was made.
    ///
    /// # Errors
    /// `Refused`: what the authenticator said is not believed (`passkey_not_accepted`), or a rule said no.
    pub fn register_passkey(
        &self,
        person: &Person,
        party: &RelyingParty,
        made: &Made,
    ) -> Result<Acted, AdminError> {
        let believed = ClientData::read(&made.client_data).and_then(|said| {
            if self.taken_challenge(&said)? != Purpose::Registration(person.account) {
                return Err(PasskeyFault::Challenge);
            }
            said::created(party, &said, made)
        });
        let passkey = believed.map_err(|fault| AdminError::Refused {
            code: "passkey_not_accepted",
            detail: fault.to_string(),
        })?;
        self.act_on_own_account(person, &account::Command::Passkey(PasskeyAct::Register(passkey)))
    }

    /// Removes one of a person's own passkeys, and with it the sessions that it began.
    ///
    /// # Errors
    /// `Unknown`: they have no such passkey.
    pub fn remove_passkey(&self, person: &Person, passkey: &PasskeyId) -> Result<Acted, AdminError> {
        if !self.passkeys_of(person.account).iter().any(|(known, _)| known == passkey) {
            return Err(AdminError::Unknown);
        }
        let command = account::Command::Passkey(PasskeyAct::Remove { passkey: passkey.clone() });
        self.act_on_own_account(person, &command)
    }

    /// The passkeys of an account, each with the time at which it was registered.
    pub fn passkeys_of(&self, account: AccountId) -> Vec<(PasskeyId, DateTime<Utc>)> {
        let register = self.register();
        let held = register.account(account).map(|held| &held.passkeys);
        let held = held.into_iter().flatten();
        held.map(|(passkey, held)| (passkey.clone(), held.registered_at)).collect()
    }

    /// Whether a passkey is the one by which an account was signed in at that time.
    pub fn passkey_stands_since(
        &self,
        account: AccountId,
        passkey: &PasskeyId,
        since: DateTime<Utc>,
    ) -> bool {
        let register = self.register();
        let held = register.account(account).and_then(|held| held.passkeys.get(passkey));
        held.is_some_and(|held| held.registered_at <= since)
    }

    /// Asks for a signature by whoever signs in under this name. Answers alike whether or not anybody has it.
    pub fn ask_passkey_sign_in(&self, username: &str) -> SigningAsked {
        let account = self.account_of_username(username);
        let mut allowed = account.map(|account| self.allowed(account)).unwrap_or_default();
        let with_passkeys = account.filter(|_| !allowed.is_empty());
        if allowed.is_empty() {
            allowed = self.invented(username);
        }
        let (challenge, expires_at) = self.challenge(Purpose::SignIn(with_passkeys));
        SigningAsked { challenge, expires_at, allowed }
    }

    /// Asks for a signature by a person who is signed in and steps up.
    pub fn ask_passkey_step_up(&self, account: AccountId) -> SigningAsked {
        let (challenge, expires_at) = self.challenge(Purpose::StepUp(account));
        SigningAsked { challenge, expires_at, allowed: self.allowed(account) }
    }

    /// Signs a person in by a passkey. Blocks for the disk. Nothing here can be guessed, so that wrong tries keep
    /// nobody waiting; of many only the first few of a minute are recorded.
    ///
    /// # Errors
    /// `Refused`: always the same, whatever was wrong. `Machine`: try again.
    pub fn sign_in_by_passkey(&self, party: &RelyingParty, signed: &Signed) -> Result<SignedIn, SignInError> {
        let said = ClientData::read(&signed.client_data).map_err(|_| SignInError::Refused)?;
        let Ok(Purpose::SignIn(asked)) = self.taken_challenge(&said) else {
            return Err(SignInError::Refused);
        };
        let Some(id) = asked else {
            let _ = said::nobodys().map(|key| said::signed(party, &said, signed, &key));
            return Err(SignInError::Refused);
        };
        let sign_count = self.believed(id, party, &said, signed)?;
        let (created, grace_hours) = {
            let register = self.register();
            let created = register.account(id).and_then(|held| held.created.clone());
            (created.ok_or(SignInError::Refused)?, register.policy().grace_hours)
        };
        let passkey = signed.id.clone();
        self.signed_by(
            id,
            &account::Command::Passkey(PasskeyAct::SignIn { passkey, sign_count, grace_hours }),
        )?;
        Ok(SignedIn {
            account: id,
            role: created.role,
            organisation: created.organisation,
            device: self.device(id),
        })
    }

    /// Steps a person up by a passkey, in place of the PIN. Blocks for the disk.
    ///
    /// # Errors
    /// As [`Directory::sign_in_by_passkey`].
    pub fn step_up_by_passkey(
        &self,
        id: AccountId,
        party: &RelyingParty,
        signed: &Signed,
    ) -> Result<(), SignInError> {
        let said = ClientData::read(&signed.client_data).map_err(|_| SignInError::Refused)?;
        if self.taken_challenge(&said) != Ok(Purpose::StepUp(id)) {
            return Err(self.doubted(id, PasskeyFault::Challenge));
        }
        let sign_count = self.believed(id, party, &said, signed)?;
        let passkey = signed.id.clone();
        self.signed_by(id, &account::Command::Passkey(PasskeyAct::StepUp { passkey, sign_count }))
    }

    /// How often the account's key signed, once it is found that it did.
    fn believed(
        &self,
        id: AccountId,
        party: &RelyingParty,
        said: &ClientData,
        signed: &Signed,
    ) -> Result<u32, SignInError> {
        let held: Option<HeldPasskey> =
            self.register().account(id).and_then(|held| held.passkeys.get(&signed.id).cloned());
        let others = signed.user.as_deref().is_some_and(|user| user != bytes_of(id));
        let judged = match held {
            Some(held) if !others => said::signed(party, said, signed, &held.key),
            Some(_) | None => Err(PasskeyFault::Account),
        };
        judged.map_err(|fault| self.doubted(id, fault))
    }

    /// Records what was signed, durably.
    fn signed_by(&self, id: AccountId, asked: &account::Command) -> Result<(), SignInError> {
        let now = self.clock().now();
        match self.act::<Account>(&Acting { by: Actor::System, now }, &id, asked) {
            Ok(Some((_, ticket))) => {
                ticket.wait().map_err(machine)?;
                self.tries().right(id, Source::Passkey);
                Ok(())
            }
            Ok(None) => Err(SignInError::Refused),
            Err(ActError::Refused(account::Refusal::PasskeyCopied)) => {
                Err(self.wrong(id, Source::Passkey, SignInFault::PasskeyCopied, now))
            }
            Err(ActError::Refused(account::Refusal::PasskeyUnknown)) => {
                Err(self.wrong(id, Source::Passkey, SignInFault::PasskeyWrong, now))
            }
            Err(ActError::Refused(_)) => {
                Err(self.wrong(id, Source::Passkey, SignInFault::NotInGoodStanding, now))
            }
            Err(other) => Err(machine(other)),
        }
    }

    /// Remembers a signature that is not believed, unless many were lately.
    fn doubted(&self, id: AccountId, fault: PasskeyFault) -> SignInError {
        let now = self.clock().now();
        tracing::info!(%fault, "what a passkey signed was refused");
        if self.tries().wait(id, Source::Passkey, now).is_some() {
            return SignInError::Refused;
        }
        self.wrong(id, Source::Passkey, SignInFault::PasskeyWrong, now)
    }

    fn challenge(&self, purpose: Purpose) -> (String, DateTime<Utc>) {
        let mut challenge: Challenge = [0; CHALLENGE_BYTES];
        let filled = self.vault().fill(&mut challenge);
        assert!(filled.is_ok(), "the operating system gives no randomness: no challenge can be drawn safely");
        let expires_at = self.challenges().open(challenge, purpose, self.clock().now());
        (URL_SAFE_NO_PAD.encode(challenge), expires_at)
    }

    fn taken_challenge(&self, said: &ClientData) -> Result<Purpose, PasskeyFault> {
        let challenge = said.challenge()?;
        self.challenges().take(&challenge, self.clock().now()).ok_or(PasskeyFault::Challenge)
    }

    fn allowed(&self, account: AccountId) -> Vec<PasskeyId> {
        self.passkeys_of(account).into_iter().map(|(passkey, _)| passkey).collect()
    }

    /// Ids of passkeys that nobody has, always the same for one name: one or two, of the lengths that are common.
    fn invented(&self, username: &str) -> Vec<PasskeyId> {
        let login = keying::login(self.vault(), username).to_string();
        let drawn =
            |number: u8| self.vault().keyed_hash(Keyed::Token, &[b"no passkey", login.as_bytes(), &[number]]);
        let [how_many, length, ..] = drawn(0);
        (0..=u8::from(how_many % 4 == 0))
            .filter_map(|number| {
                let bytes = [drawn(2 * number + 1), drawn(2 * number + 2)].concat();
                let length = if length % 4 == 0 { 16 } else { 32 };
                URL_SAFE_NO_PAD.encode(bytes.get(..length)?).parse().ok()
            })
            .collect()
    }
}

/// The bytes by which an authenticator knows an account: its id, which tells nothing of its person.
fn bytes_of(account: AccountId) -> [u8; 16] {
    account.0.into_bytes()
}
