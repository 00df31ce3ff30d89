//! Places: addresses and postcodes.
//!
//! Source: SI 2007/2182 Schedule 1 para 2: a current address, "no known address", or "left England".

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::NotAWord;

/// Longest line of an address, in characters: Royal Mail's own label allows 60; doubled.
pub const ADDRESS_LINE_CHARACTERS_MAX: usize = 120;

/// Most lines of an address before town and postcode.
pub const ADDRESS_LINES_MAX: usize = 5;

/// A United Kingdom postcode in its canonical form, as in `N17 6AA`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode(String);

impl Postcode {
    /// The whole, with its one space.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the space, as in `N17`: 2-4 characters.
    pub fn outcode(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// The letters that the outcode begins with, as in `N`: one or two.
    pub fn area(&self) -> &str {
        let outcode = self.outcode();
        let end = outcode.find(|character: char| character.is_ascii_digit()).unwrap_or(outcode.len());
        outcode.get(..end).unwrap_or_default()
    }
}

impl FromStr for Postcode {
    type Err = NotAWord;

    /// Reads a postcode in either case, with or without its space.
    fn from_str(text: &str) -> Result<Self, NotAWord> {
        const EXPECTED: NotAWord = NotAWord { expected: "a United Kingdom postcode, as in N17 6AA" };
        let packed: String = text
            .chars()
            .filter(|character| !character.is_whitespace())
            .map(|character| character.to_ascii_uppercase())
            .collect();
        if !packed.is_ascii() || !(5..=7).contains(&packed.len()) {
            return Err(EXPECTED);
        }
        let (outcode, incode) = packed.split_at(packed.len() - 3);
        if is_outcode(outcode) && is_incode(incode.as_bytes()) {
            Ok(Postcode(format!("{outcode} {incode}")))
        } else {
            Err(EXPECTED)
        }
    }
}

/// Tells whether this could be an outcode: A9, A99, AA9, AA99, A9A or AA9A.
pub fn is_outcode(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|character| match character {
            'A'..='Z' => 'A',
            '0'..='9' => '9',
            _ => '?',
        })
        .collect();
    matches!(shape.as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A")
}

fn is_incode(text: &[u8]) -> bool {
    matches!(text, [b'0'..=b'9', b'A'..=b'Z', b'A'..=b'Z'])
}

impl fmt::Debug for Postcode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Postcode(..)")
    }
}

impl Serialize for Postcode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Postcode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, str::parse)
    }
}

/// An address as a supplier gave it: 0-5 lines, a town, a postcode; at least one of them present.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// House and street, most particular first; each 1-120 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// The post town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// The postcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Postcode>,
}

impl Address {
    /// Checks the lengths and that there is something in it.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, has over 5 lines, or a line or town over 120 characters or with controls.
    pub fn checked(self) -> Result<Address, NotAWord> {
        let something = !self.lines.is_empty() || self.town.is_some() || self.postcode.is_some();
        let few = self.lines.len() <= ADDRESS_LINES_MAX;
        let short = self.lines.iter().chain(&self.town).all(|line| {
            (1..=ADDRESS_LINE_CHARACTERS_MAX).contains(&line.trim().chars().count())
                && !line.chars().any(char::is_control)
        });
        if something && few && short {
            Ok(self)
        } else {
            Err(NotAWord {
                expected: "an address: at most 5 lines of at most 120 characters, a town, a postcode",
            })
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Address(..)")
    }
}

/// Where a child lives, as one of three values; never two at once (invariant I-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AddressState {
    /// There is a current address.
    Known(Address),
    /// The explicit statement that there is none known.
    NoneKnown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postcode_is_read_in_any_spacing_and_written_in_one() {
        for text in ["n176aa", "N17 6AA", " n17  6aa "] {
            assert_eq!(text.parse::<Postcode>().unwrap().as_str(), "N17 6AA");
        }
        let code: Postcode = "EC1A 1BB".parse().unwrap();
        assert_eq!((code.outcode(), code.area()), ("EC1A", "EC"));
        for text in ["", "N17", "12345", "NN17 66A", "É17 6AA"] {
            assert!(text.parse::<Postcode>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_holds_something_and_not_too_much() {
        let line = |text: &str| Address { lines: vec![text.to_owned()], town: None, postcode: None };
        assert!(line("12 Mill Lane").checked().is_ok());
        assert!(line(&"x".repeat(121)).checked().is_err());
        assert!(line("a\u{7}b").checked().is_err());
        assert!(Address { lines: vec![], town: None, postcode: None }.checked().is_err());
    }
}
