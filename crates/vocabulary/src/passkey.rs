//! Words of passkeys: the id by which an authenticator knows its key again.
//!
//! Source: W3C Web Authentication Level 3, `credential ID`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{NotAWord, wording::read};

/// Lengths of an id in base64url: 16 to 1,023 bytes, as Web Authentication has them.
const CHARACTERS: std::ops::RangeInclusive<usize> = 22..=1_364;

/// The id of a passkey in base64url without padding. Drawn by the authenticator; tells nothing of its person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PasskeyId(String);

impl PasskeyId {
    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PasskeyId {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let signs = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        // No number of bytes is written in four characters and one more.
        if CHARACTERS.contains(&text.len()) && text.len() % 4 != 1 && text.bytes().all(signs) {
            Ok(PasskeyId(text.to_owned()))
        } else {
            Err(NotAWord { expected: "a passkey's id: 16 to 1,023 bytes in base64url without padding" })
        }
    }
}

impl fmt::Display for PasskeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> Deserialize<'de> for PasskeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_base64url_of_sixteen_bytes_and_more() {
        for fine in ["A".repeat(22), "a-_9".repeat(16), "b".repeat(1_364)] {
            assert_eq!(fine.parse::<PasskeyId>().map(|id| id.to_string()), Ok(fine));
        }
        for bad in ["", &"A".repeat(21), &"A".repeat(25), &"A".repeat(1_366), &format!("{}=", "A".repeat(22))]
        {
            assert!(bad.parse::<PasskeyId>().is_err(), "{bad}");
        }
    }
}
