//! The name of an identity provider, as the operator of the directory calls it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{NotAWord, wording::read};

/// Longest name: it stands in settings, in a page's list and in records.
const CHARACTERS_MAX: usize = 40;

/// The name of an identity provider: small letters, digits and hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProviderName(String);

impl ProviderName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderName {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let signs = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let begins = text.starts_with(|first: char| first.is_ascii_lowercase());
        if begins && text.len() <= CHARACTERS_MAX && text.bytes().all(signs) {
            Ok(ProviderName(text.to_owned()))
        } else {
            Err(NotAWord { expected: "a provider's name: 1 to 40 small letters, digits and hyphens" })
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> Deserialize<'de> for ProviderName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_small_letters_digits_and_hyphens() {
        for fine in ["haringey", "nhs-cis2", "a"] {
            assert_eq!(fine.parse::<ProviderName>().map(|name| name.to_string()), Ok(fine.to_owned()));
        }
        for bad in ["", "2nd", "-a", "Haringey", "a b", "a/b", &"a".repeat(41)] {
            assert!(bad.parse::<ProviderName>().is_err(), "{bad}");
        }
    }
}
