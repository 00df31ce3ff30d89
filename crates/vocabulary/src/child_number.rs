//! The child number: eleven digits, the last a check digit; drawn at random, never in sequence.
//!
//! Source: contract.md section 2; ISO 7064 MOD 11,10.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::NotAWord;

/// Eleven decimal digits, the last an ISO 7064 MOD 11,10 check digit over the first ten.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChildNumber(u64);

const EXPECTED: NotAWord = NotAWord { expected: "a child number: eleven digits, the last a check digit" };

/// How many numbers there are before the check digit.
const BODIES: u64 = 10_000_000_000;

impl ChildNumber {
    /// Makes a number from a random draw: any 64 bits, folded into ten digits, then the check digit.
    pub fn from_draw(draw: u64) -> ChildNumber {
        let body = draw % BODIES;
        ChildNumber(body * 10 + check_digit(body))
    }

    /// The eleven digits as an integer, leading zeros lost.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

/// ISO 7064 MOD 11,10 over ten digits, most significant first.
fn check_digit(body: u64) -> u64 {
    let mut product = 10;
    let mut place = BODIES / 10;
    while place > 0 {
        let sum = (body / place % 10 + product) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
        place /= 10;
    }
    (11 - product) % 10
}

impl FromStr for ChildNumber {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        if text.len() != 11 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(EXPECTED);
        }
        let value: u64 = text.parse().map_err(|_| EXPECTED)?;
        if check_digit(value / 10) == value % 10 { Ok(ChildNumber(value)) } else { Err(EXPECTED) }
    }
}

impl fmt::Display for ChildNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:011}", self.0)
    }
}

impl fmt::Debug for ChildNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for ChildNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChildNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_example_has_check_digit_five() {
        // ISO 7064 gives 0794 with check digit 5 for MOD 11,10; leading zeros shift the start value,
        // so the ten-digit form is computed here by the definition, digit by digit.
        let product = [0, 7, 9, 4].into_iter().fold(10, |product, digit| {
            let sum = (digit + product) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        assert_eq!((11 - product) % 10, 5);
    }

    #[test]
    fn every_draw_reads_back_and_every_single_wrong_digit_is_found() {
        for draw in (0..200_u64).map(|step| step.wrapping_mul(0x9E37_79B9_7F4A_7C15)) {
            let text = ChildNumber::from_draw(draw).to_string();
            assert_eq!(text.parse::<ChildNumber>().unwrap().to_string(), text);
            for place in 0..11 {
                for digit in b'0'..=b'9' {
                    let mut bytes = text.clone().into_bytes();
                    let same = bytes[place] == digit;
                    bytes[place] = digit;
                    let wrong = String::from_utf8(bytes).unwrap();
                    assert_eq!(wrong.parse::<ChildNumber>().is_ok(), same);
                }
            }
        }
    }
}
