//! Marks: what a browser keeps beside a session's token, to say whose session it was when nobody else knows any more.
//!
//! Nothing is kept: a mark is the account and a keyed hash of it with the token, which outlasts the session and a
//! restart. It opens nothing; it only says to whom something belongs that came too late.

use vault::Purpose;
use vocabulary::AccountId;

use super::secret_same;
use crate::Directory;

/// Characters of each half of a mark: sixteen bytes, written in hexadecimal digits.
const HALF: usize = 32;

impl Directory {
    /// The mark of a session that begins.
    pub fn session_mark(&self, account: AccountId, token: &str) -> String {
        format!("{account}{}", self.mark_hash(&account.to_string(), token))
    }

    /// Whose session this was, by its token and its mark; `None` where it was never one of ours.
    pub fn session_marked(&self, token: &str, mark: &str) -> Option<AccountId> {
        let (account, hash) = mark.split_at_checked(HALF)?;
        let own = secret_same(&self.mark_hash(account, token), hash);
        own.then(|| account.parse().ok()).flatten()
    }

    fn mark_hash(&self, account: &str, token: &str) -> String {
        let hash =
            self.vault().keyed_hash(Purpose::Token, &[b"session", account.as_bytes(), token.as_bytes()]);
        uuid::Uuid::from_bytes(hash).simple().to_string()
    }
}
