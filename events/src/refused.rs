//! The stable name of a refusal, as facts keep it.
//!
//! Facts outlive the enums that they were refused by, so a name is kept and not a variant.

use serde::{Deserialize, Deserializer, Serialize};
use vocabulary::NotAWord;

/// Longest name of a refusal, in characters: four words with room.
pub const CODE_CHARACTERS_MAX: usize = 48;

/// A refusal's name: 1-48 small letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// Takes a name.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, too long or holds another sign.
    pub fn new(text: &str) -> Result<Code, NotAWord> {
        let fits = (1..=CODE_CHARACTERS_MAX).contains(&text.len());
        let snake =
            text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if fits && snake {
            Ok(Code(text.to_owned()))
        } else {
            Err(NotAWord { expected: "a code of at most 48 small letters, digits and underscores" })
        }
    }

    /// What stands where a name could not be kept.
    pub fn unreadable() -> Code {
        Code("unreadable".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Code::new(&text).map_err(serde::de::Error::custom)
    }
}
