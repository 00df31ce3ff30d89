//! Identifiers of other bodies: the NHS number and the unique pupil number, each with its check.
//!
//! Source: SI 2007/2182 Schedule 1 para 18 and regulation 6(3)(c); invariant I-29.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::NotAWord;

/// Whose identifier it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Allocated by the health service.
    NhsNumber,
    /// Unique pupil number, allocated by education.
    Upn,
}

/// Ten digits, the last a modulus-11 check digit. Spaces are taken out when read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber(String);

/// A letter, eleven digits and a digit or letter; the first letter checks the rest (modulus 23).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upn(String);

/// The check letters of a UPN in the order of their remainder: I, O and S are left out.
const UPN_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

impl NhsNumber {
    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The check digit for nine digits, or `None` where the scheme allots none (a remainder of 10).
    pub fn check_digit(nine: [u8; 9]) -> Option<u8> {
        let sum: u32 =
            nine.iter().zip((2..=10_u32).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        match 11 - sum % 11 {
            11 => Some(0),
            10 => None,
            digit => u8::try_from(digit).ok(),
        }
    }
}

impl FromStr for NhsNumber {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        const EXPECTED: NotAWord = NotAWord { expected: "an NHS number: ten digits, the last a check digit" };
        let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
        let [body @ .., last] = digits.as_slice() else { return Err(EXPECTED) };
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(EXPECTED);
        }
        let mut nine: [u8; 9] = body.try_into().map_err(|_| EXPECTED)?;
        for digit in &mut nine {
            *digit -= b'0';
        }
        // Ten noughts pass the check and are nobody's: systems write them where they have no number.
        if NhsNumber::check_digit(nine) != Some(last - b'0') || nine == [0; 9] {
            return Err(EXPECTED);
        }
        String::from_utf8(digits).map(NhsNumber).map_err(|_| EXPECTED)
    }
}

impl Upn {
    /// The thirteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The check letter for the twelve characters after it: eleven digits, then a digit or letter.
    pub fn check_letter(twelve: &[u8; 12]) -> Option<u8> {
        let mut sum = 0_usize;
        for (index, byte) in twelve.iter().enumerate() {
            let value = match byte {
                b'0'..=b'9' => usize::from(byte - b'0'),
                // A temporary UPN ends in a letter, counted by its place among the check letters.
                letter if index == 11 => UPN_LETTERS.iter().position(|known| known == letter)?,
                _ => return None,
            };
            sum += value * (index + 2);
        }
        UPN_LETTERS.get(sum % 23).copied()
    }
}

impl FromStr for Upn {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        const EXPECTED: NotAWord =
            NotAWord { expected: "a unique pupil number: a check letter, eleven digits, a digit or letter" };
        let upper = text.trim().to_ascii_uppercase();
        let [letter, rest @ ..] = upper.as_bytes() else { return Err(EXPECTED) };
        let twelve: &[u8; 12] = rest.try_into().map_err(|_| EXPECTED)?;
        if Upn::check_letter(twelve) == Some(*letter) { Ok(Upn(upper)) } else { Err(EXPECTED) }
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("NhsNumber(..)")
    }
}

impl fmt::Debug for Upn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Upn(..)")
    }
}

impl Serialize for NhsNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Serialize for Upn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NhsNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, str::parse)
    }
}

impl<'de> Deserialize<'de> for Upn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_are_accepted() {
        assert!("943 476 5919".parse::<NhsNumber>().is_ok());
        assert!("9434765918".parse::<NhsNumber>().is_err());
        assert!("7880559620".parse::<NhsNumber>().is_ok());
    }

    #[test]
    fn ten_noughts_are_nobodys_number() {
        assert!("0000000000".parse::<NhsNumber>().is_err());
        assert!("000 000 0000".parse::<NhsNumber>().is_err());
    }

    #[test]
    fn a_upn_is_checked_by_its_first_letter() {
        assert!("Y228235821866".parse::<Upn>().is_ok());
        assert!("A228235821866".parse::<Upn>().is_err());
        assert!("Y22823582186".parse::<Upn>().is_err());
    }
}
