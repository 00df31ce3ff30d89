//! User name: what a person signs in with; never printed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use vocabulary::NotAWord;

/// Longest user name, in characters: the local part of an e-mail address (RFC 5321).
pub const USERNAME_CHARACTERS_MAX: usize = 64;

/// The name a person signs in with; prints as `Username(..)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// Takes a user name as given.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, over 64 characters, or holds a space or a control.
    pub fn new(text: &str) -> Result<Username, NotAWord> {
        let fits = (1..=USERNAME_CHARACTERS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(|character| character.is_whitespace() || character.is_control()) {
            Ok(Username(text.to_owned()))
        } else {
            Err(NotAWord { expected: "a user name: 1 to 64 characters without spaces" })
        }
    }

    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Username(..)")
    }
}

impl<'de> Deserialize<'de> for Username {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Username::new(&text).map_err(serde::de::Error::custom)
    }
}
