//! Closed lists of words, and the one way they are read and written.
//!
//! Every list on the outside is closed (contract.md section 3): an unknown word is refused by name.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Visitor};

/// A text that is not one of the words of a closed list, or not of the form asked for.
///
/// Says what was expected and never repeats what was given, since that may be a person's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not {expected}")]
pub struct NotAWord {
    /// What would have been right, as in "a service type of contract section 3".
    pub expected: &'static str,
}

/// Finds `word` in a closed list by the name each member is written with.
///
/// # Errors
/// `NotAWord` with `expected` when no member has that name.
pub(crate) fn find<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    word: &str,
    expected: &'static str,
) -> Result<T, NotAWord> {
    all.iter().copied().find(|member| name(*member) == word).ok_or(NotAWord { expected })
}

/// Reads a word straight from the text that the format holds, without a copy in between.
///
/// # Errors
/// The format's own, or the word's.
pub(crate) fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: fn(&str) -> Result<T, NotAWord>,
) -> Result<T, D::Error> {
    struct Text<T>(fn(&str) -> Result<T, NotAWord>);
    impl<T> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a text")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(parse))
}

/// Gender as held: one of three values, the third being an explicit statement.
///
/// Source: SI 2007/2182 Schedule 1 para 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// The explicit statement "not specified".
    NotSpecified,
}

impl Gender {
    /// Reads the one-letter form of the CSV files: `F`, `M` or `U`, in either case.
    ///
    /// # Errors
    /// `NotAWord` for anything else.
    pub fn from_letter(letter: &str) -> Result<Gender, NotAWord> {
        match letter {
            "F" | "f" => Ok(Gender::Female),
            "M" | "m" => Ok(Gender::Male),
            "U" | "u" => Ok(Gender::NotSpecified),
            _ => Err(NotAWord { expected: "a gender: F, M or U" }),
        }
    }
}

/// Whether a family that left England intends to return within three years.
///
/// Source: SI 2007/2182 Schedule 1 para 2(d).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntendsReturn {
    /// Intends to return within three years.
    Yes,
    /// Does not.
    No,
    /// Not known.
    Unknown,
}
