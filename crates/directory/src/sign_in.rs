//! Signing in: password and one-time code, and the PIN at step-up (rules.md 5.2).
//!
//! One answer for every wrong sign-in, so that nobody learns which part was wrong or whether a name exists.
//! Hashing takes tens of milliseconds by design: call these off the runtime's own threads.

mod devices;
mod enrolling;
mod marks;
mod tries;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use chrono::{DateTime, Utc};
use events::{
    account::{self, Account, Credentials, SignInFault},
    recorded::Actor,
    secret::Secret,
};
use totp_rs::{Builder, Secret as Seed, Totp};
use vault::{Purpose, Vault};
use vocabulary::{AccountId, OrganisationId, Role};

use crate::{
    Directory,
    register::{ActError, Acting},
};

pub use enrolling::{EnrolError, Enrolled};
pub(crate) use enrolling::{drawn_code, hash_enrolment};
pub(crate) use tries::{Source, Tries};

/// Letters and digits of a password or secret made here.
const SECRET_BYTES: usize = 24;

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose account.
    pub account: AccountId,
    /// In which role.
    pub role: Role,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// What the same device sends at its next sign-in, so that strangers' wrong tries do not keep it waiting.
    pub device: String,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something of it was wrong: always the same answer.
    #[error("user name, password or code is not right, or the account may not sign in")]
    Refused,
    /// Too many wrong tries.
    #[error("too many wrong tries; wait {retry_after_seconds} seconds")]
    Wait {
        /// How long to wait.
        retry_after_seconds: i64,
    },
    /// The sign-in could not be recorded.
    #[error("the sign-in could not be recorded")]
    Machine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Directory {
    /// Signs a person in. Blocks for the hashing and for the disk: a code is taken once, durably.
    ///
    /// # Errors
    /// `Refused`: always the same, whatever was wrong. `Wait`: too many wrong tries. `Machine`: try again.
    pub fn sign_in(
        &self,
        username: &str,
        password: &str,
        otp: &str,
        device: Option<&str>,
    ) -> Result<SignedIn, SignInError> {
        let now = self.clock().now();
        let Some(id) = self.account_of_username(username) else {
            // As much work as for a known name, so that the time taken tells nothing.
            let _ = password_is(password, NOBODY);
            return Err(SignInError::Refused);
        };
        let source = self.known_device(id, device).map_or(Source::Strangers, Source::Device);
        if let Some(seconds) = self.tries().wait(id, source, now) {
            return Err(SignInError::Wait { retry_after_seconds: seconds });
        }
        let (created, credentials, grace_hours) = {
            let register = self.register();
            let held = register.account(id);
            let created = held.and_then(|held| held.created.clone());
            let credentials = held.and_then(|held| held.credentials.clone());
            (created, credentials, register.policy().grace_hours)
        };
        let (Some(created), Some(credentials)) = (created, credentials) else {
            let _ = password_is(password, NOBODY);
            return Err(SignInError::Refused);
        };
        if !password_is(password, credentials.password_hash.expose()) {
            return Err(self.wrong(id, source, SignInFault::PasswordWrong, now));
        }
        let Some(step) = code_step(credentials.totp_secret.expose(), otp, now) else {
            return Err(self.wrong(id, source, SignInFault::CodeWrong, now));
        };
        let acting = Acting { by: Actor::System, now };
        let asked = account::Command::SignIn { code_step: step, grace_hours };
        match self.act::<Account>(&acting, &id, &asked) {
            Ok(Some((_, ticket))) => {
                ticket.wait().map_err(machine)?;
                self.tries().right(id, source);
                Ok(SignedIn {
                    account: id,
                    role: created.role,
                    organisation: created.organisation,
                    device: self.device(id),
                })
            }
            Ok(None) => Err(SignInError::Refused),
            Err(ActError::Refused(account::Refusal::CodeUsed)) => {
                Err(self.wrong(id, source, SignInFault::CodeUsed, now))
            }
            Err(ActError::Refused(_)) => Err(self.wrong(id, source, SignInFault::NotInGoodStanding, now)),
            Err(other) => Err(machine(other)),
        }
    }

    /// Checks the PIN of a person who is signed in already. Blocks as [`Directory::sign_in`] does.
    ///
    /// # Errors
    /// As [`Directory::sign_in`].
    pub fn step_up(&self, id: AccountId, pin: &str) -> Result<(), SignInError> {
        let now = self.clock().now();
        if let Some(seconds) = self.tries().wait(id, Source::StepUp, now) {
            return Err(SignInError::Wait { retry_after_seconds: seconds });
        }
        let hash =
            self.register().account(id).and_then(|held| Some(held.credentials.as_ref()?.pin_hash.clone()));
        if !hash.is_some_and(|hash| password_is(pin, hash.expose())) {
            return Err(self.wrong(id, Source::StepUp, SignInFault::PinWrong, now));
        }
        match self.act::<Account>(&Acting { by: Actor::System, now }, &id, &account::Command::StepUp) {
            Ok(Some((_, ticket))) => {
                ticket.wait().map(|_| self.tries().right(id, Source::StepUp)).map_err(machine)
            }
            Ok(None) => Ok(()),
            Err(ActError::Refused(_)) => Err(SignInError::Refused),
            Err(other) => Err(machine(other)),
        }
    }

    /// Remembers a wrong try and answers with the one refusal.
    pub(crate) fn wrong(
        &self,
        id: AccountId,
        source: Source,
        fault: SignInFault,
        now: DateTime<Utc>,
    ) -> SignInError {
        self.tries().wrong(id, source, now);
        let asked = account::Command::RefuseSignIn { fault };
        match self.act::<Account>(&Acting { by: Actor::System, now }, &id, &asked) {
            Ok(_) | Err(ActError::Refused(_)) => SignInError::Refused,
            Err(other) => machine(other),
        }
    }
}

pub(crate) fn machine(error: impl std::error::Error + Send + Sync + 'static) -> SignInError {
    SignInError::Machine(Box::new(error))
}

/// The hash of a password that nobody has, for names that nobody has.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$\
                      Vm5kQ2pYc2N6Q1p5b2JnR0ZkU2hqS2xRd0VydFl1SW8";

/// Checks a password against its hash. Cost: some 20 ms by design.
fn password_is(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The step of a one-time code that is right at `now`, one step early or late allowed.
pub(crate) fn code_step(seed: &str, code: &str, now: DateTime<Utc>) -> Option<u64> {
    let seconds = u64::try_from(now.timestamp()).ok()?;
    totp(seed)?.check(code, seconds)
}

fn totp(seed: &str) -> Option<Totp> {
    Builder::new().with_secret(Seed::try_from_base32(seed).ok()?).build().ok()
}

/// Tells whether a client's secret is the one whose keyed hash is held; takes the same time either way.
pub(crate) fn secret_is(vault: &Vault, secret: &str, held: &str) -> bool {
    secret_same(&hash_secret(vault, secret), held)
}

/// Compares two hashes in a time that tells nothing of where they differ.
pub(crate) fn secret_same(hashed: &str, held: &str) -> bool {
    let same = hashed.bytes().zip(held.bytes()).fold(0, |differ, (left, right)| differ | (left ^ right)) == 0;
    same && hashed.len() == held.len()
}

/// The keyed hash of a client's secret: long and random, so that it needs no slow hashing.
pub(crate) fn hash_secret(vault: &Vault, secret: &str) -> String {
    let hash = vault.keyed_hash(Purpose::Token, &[b"client_secret", secret.as_bytes()]);
    uuid::Uuid::from_bytes(hash).simple().to_string()
}

/// Secrets as they are shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownOnce {
    /// The password.
    pub password: String,
    /// The seed of the one-time codes, in base 32.
    pub totp_secret: String,
    /// The PIN.
    pub pin: String,
}

impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ShownOnce(..)")
    }
}

/// Hashes what a person signs in with. `rounds` of one are for demo and tests only.
///
/// # Errors
/// The hashing failed.
pub(crate) fn hashed(
    vault: &Vault,
    shown: &ShownOnce,
    cost: Cost,
) -> Result<Credentials, argon2::password_hash::Error> {
    let params = match cost {
        Cost::Full => argon2::Params::default(),
        Cost::Demo => argon2::Params::new(argon2::Params::MIN_M_COST, 1, 1, None).unwrap_or_default(),
    };
    let argon = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash = |text: &str| {
        let mut salt = [0; 16];
        let filled = vault.fill(&mut salt);
        assert!(filled.is_ok(), "the operating system gives no randomness: no salt can be drawn safely");
        argon
            .hash_password_with_salt(text.as_bytes(), &salt)
            .map(|hash: PasswordHash| Secret::new(hash.to_string()))
    };
    Ok(Credentials {
        password_hash: hash(&shown.password)?,
        totp_secret: Secret::new(shown.totp_secret.clone()),
        pin_hash: hash(&shown.pin)?,
    })
}

/// How much work a password's hash costs whoever guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// What is right for a person's password.
    Full,
    /// For invented people only.
    Demo,
}

/// Makes a secret of random letters and digits.
pub(crate) fn drawn(vault: &Vault) -> String {
    let mut bytes = [0; SECRET_BYTES];
    let filled = vault.fill(&mut bytes);
    assert!(filled.is_ok(), "the operating system gives no randomness: no secret can be drawn safely");
    Seed::from(bytes.to_vec()).to_base32().to_lowercase()
}
