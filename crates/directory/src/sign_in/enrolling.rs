//! Enrolment: with a code from the manager a person sets password and PIN and takes up a token.
//!
//! The manager never learns them, and the code works once, within its time. Source: rules.md 5.2; domain.md 5.2
//! gate 8; NIST SP 800-63B 3.1.1 (length before composition).

use std::fmt;

use events::{
    account::{self, Account, SignInFault},
    recorded::Actor,
};
use vault::{Purpose, Vault};

use super::{Cost, ShownOnce, SignInError, Source, drawn, hashed, machine, secret_same};
use crate::{
    Directory,
    register::{ActError, Acting},
};

/// Shortest and longest password, in characters.
const PASSWORD_CHARACTERS: std::ops::RangeInclusive<usize> = 12..=128;

/// Fewest different characters of a password: `aaaaaaaaaaaa` is long and no password.
const DIFFERENT_MIN: usize = 5;

/// Digits of a PIN.
const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=8;

/// Letters and digits of an enrolment code: 80 bits, which somebody can read out and type.
const CODE_CHARACTERS: usize = 16;

/// What a person who enrolled takes up.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The seed of the one-time codes, in base 32; shown once.
    pub totp_secret: String,
}

impl fmt::Debug for Enrolled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Enrolled(..)")
    }
}

/// Why nobody was enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The password is not one to be used.
    #[error("a password has 12 to 128 characters, five of them different, and does not hold the user name")]
    PasswordWeak,
    /// The PIN is not one to be used.
    #[error("a PIN has 4 to 8 digits that are neither all the same nor in a row")]
    PinWeak,
    /// Name or code was wrong, always the same answer; or too many tries, or a machine.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl Directory {
    /// Sets a person's password and PIN and draws the seed of their one-time codes. Blocks for the hashing and for
    /// the disk.
    ///
    /// # Errors
    /// `PasswordWeak`, `PinWeak`: judged first, so that no try is spent on a slip. `SignIn`: name or code is not
    /// right or the code has run out, one answer for all; too many tries; or a machine failed.
    pub fn enrol(
        &self,
        username: &str,
        code: &str,
        password: &str,
        pin: &str,
        cost: Cost,
    ) -> Result<Enrolled, EnrolError> {
        if !is_strong(password, username) {
            return Err(EnrolError::PasswordWeak);
        }
        if !is_pin(pin) {
            return Err(EnrolError::PinWeak);
        }
        let now = self.clock().now();
        let shown = ShownOnce {
            password: password.to_owned(),
            totp_secret: drawn(self.vault()).to_uppercase(),
            pin: pin.to_owned(),
        };
        // Hashed before the code is looked at: a wrong one takes as long as a right one.
        let credentials = hashed(self.vault(), &shown, cost).map_err(machine)?;
        let id = self.account_of_username(username).ok_or(SignInError::Refused)?;
        if let Some(seconds) = self.tries().wait(id, Source::Enrolment, now) {
            return Err(SignInError::Wait { retry_after_seconds: seconds }.into());
        }
        let open = self.register().account(id).and_then(|held| held.enrolment.clone());
        let told = hash_enrolment(self.vault(), &code.trim().to_lowercase());
        if !open.is_some_and(|open| secret_same(&told, open.code_hash.expose())) {
            return Err(self.wrong(id, Source::Enrolment, SignInFault::EnrolmentWrong, now).into());
        }
        let acting = Acting { by: Actor::System, now };
        match self.act::<Account>(&acting, &id, &account::Command::Enrol { credentials }) {
            Ok(Some((_, ticket))) => {
                ticket.wait().map_err(machine)?;
                self.tries().right(id, Source::Enrolment);
                Ok(Enrolled { totp_secret: shown.totp_secret })
            }
            Ok(None) => Err(SignInError::Refused.into()),
            Err(ActError::Refused(_)) => {
                Err(self.wrong(id, Source::Enrolment, SignInFault::EnrolmentWrong, now).into())
            }
            Err(other) => Err(machine(other).into()),
        }
    }
}

/// Long, of different characters, and not the user name with something added.
fn is_strong(password: &str, username: &str) -> bool {
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    let name = username.to_lowercase();
    PASSWORD_CHARACTERS.contains(&password.chars().count())
        && different.len() >= DIFFERENT_MIN
        && !(name.len() >= 3 && password.to_lowercase().contains(&name))
}

/// Digits, neither all the same nor each one more or one less than the one before.
fn is_pin(pin: &str) -> bool {
    let digits: Vec<i32> = pin
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .filter_map(|digit| digit.try_into().ok())
        .collect();
    let steps: Vec<i32> = digits.iter().zip(digits.iter().skip(1)).map(|(one, next)| next - one).collect();
    let in_a_row = [0, 1, -1].into_iter().any(|step| steps.iter().all(|each| *each == step));
    digits.len() == pin.chars().count() && PIN_DIGITS.contains(&digits.len()) && !in_a_row
}

/// The keyed hash of an enrolment code.
pub(crate) fn hash_enrolment(vault: &Vault, code: &str) -> String {
    let hash = vault.keyed_hash(Purpose::Token, &[b"enrolment", code.as_bytes()]);
    uuid::Uuid::from_bytes(hash).simple().to_string()
}

/// Draws an enrolment code.
pub(crate) fn drawn_code(vault: &Vault) -> String {
    let mut code = drawn(vault);
    code.truncate(CODE_CHARACTERS);
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_of_different_characters_and_not_the_user_name() {
        for strong in ["an invented password", "zwölf Zeichen", "correct horse battery"] {
            assert!(is_strong(strong, "n.okoro"), "{strong}");
        }
        for weak in ["short", "aaaaaaaaaaaa", "abababababab", "my N.Okoro password", &"long ".repeat(26)] {
            assert!(!is_strong(weak, "n.okoro"), "{weak}");
        }
    }

    #[test]
    fn a_pin_is_digits_neither_alike_nor_in_a_row() {
        for good in ["4821", "90210", "11223344"] {
            assert!(is_pin(good), "{good}");
        }
        for bad in ["123", "1111", "1234", "8765", "12a4", "123456789", ""] {
            assert!(!is_pin(bad), "{bad}");
        }
    }
}
