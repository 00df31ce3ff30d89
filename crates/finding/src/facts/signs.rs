//! Identifiers as numbers: an NHS number in six bytes, a pupil number in seven.

/// An identifier, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signs {
    /// Digits, behind a 1 that keeps leading zeros; a letter before them as 1 to 26.
    Number { digits: u64, letter: u8 },
    /// Anything else.
    Text(Box<str>),
}

/// Most digits that are packed: they and a letter have room in 64 bits.
const DIGITS_MAX: usize = 16;

impl Signs {
    pub(crate) fn of(text: &str) -> Signs {
        let (letter, digits) = match text.as_bytes() {
            [first @ b'A'..=b'Z', rest @ ..] => (first - b'A' + 1, rest),
            all => (0, all),
        };
        if digits.len() > DIGITS_MAX || !digits.iter().all(u8::is_ascii_digit) {
            return Signs::Text(text.into());
        }
        let digits = digits.iter().fold(1, |whole, digit| whole * 10 + u64::from(digit - b'0'));
        Signs::Number { digits, letter }
    }

    pub(crate) fn text(&self) -> Box<str> {
        match self {
            Signs::Text(text) => text.clone(),
            Signs::Number { digits, letter } => {
                let digits = digits.to_string();
                let digits = digits.get(1..).unwrap_or_default();
                match letter.checked_sub(1) {
                    Some(letter) => format!("{}{digits}", char::from(b'A' + letter)).into_boxed_str(),
                    None => digits.into(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_reads_as_it_was_written() {
        for text in
            ["9434765919", "0000000001", "H801200001001", "A12B", "", "Z", "12345678901234567", "UNKNOWN"]
        {
            assert_eq!(&*Signs::of(text).text(), text);
        }
    }
}
