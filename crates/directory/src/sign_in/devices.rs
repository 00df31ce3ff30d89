//! Known devices: what a device sends back to show that it has signed in to this account before.
//!
//! Nothing is kept: the word is a number and its keyed hash, bound to the account and to the credentials of the
//! day, so that new credentials forget every device. It opens nothing; it only says whose wrong tries are whose.

use uuid::Uuid;
use vault::Purpose;
use vocabulary::AccountId;

use super::secret_same;
use crate::Directory;

/// Characters of each half of a device's word: sixteen bytes, written in hexadecimal digits.
const HALF: usize = 32;

impl Directory {
    /// A new device's word.
    pub(crate) fn device(&self, account: AccountId) -> String {
        let number = self.ids().next();
        format!("{}{}", number.simple(), self.device_hash(account, number))
    }

    /// The number of a device that signed in to this account before, by its word.
    pub(super) fn known_device(&self, account: AccountId, word: Option<&str>) -> Option<[u8; 16]> {
        let (number, hash) = word?.split_at_checked(HALF)?;
        let number = Uuid::try_parse(number).ok()?;
        secret_same(&self.device_hash(account, number), hash).then(|| number.into_bytes())
    }

    /// The number of a device that signed in before to the account of this name, by its word: nothing of either is
    /// told to whoever asks, and it opens nothing.
    pub fn device_known(&self, username: &str, word: Option<&str>) -> Option<[u8; 16]> {
        self.known_device(self.account_of_username(username)?, word)
    }

    fn device_hash(&self, account: AccountId, number: Uuid) -> String {
        let set_at = self.register().account(account).and_then(|held| held.credentials_at);
        let set_at = set_at.map_or(0, |instant| instant.timestamp_micros()).to_be_bytes();
        let account = account.to_string();
        let hash = self
            .vault()
            .keyed_hash(Purpose::Token, &[b"device", account.as_bytes(), &set_at, number.as_bytes()]);
        Uuid::from_bytes(hash).simple().to_string()
    }
}
