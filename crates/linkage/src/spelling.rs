//! One name as it is written and as it sounds.
//!
//! Source: matching.md 3.1 and 3.7. Double Metaphone hears English; the second key is plain and hears the
//! spellings that names from other languages are given in English ears: w for v, ph for f, dropped h.

use std::sync::Arc;

use rphonetic::DoubleMetaphone;

/// Most sounds kept of one name: past six the ends of names say little.
const SOUNDS_MAX: usize = 6;

/// Fewest sounds that say something: with one, Lee, Law and Leah would be the same name.
const SOUNDS_MIN: usize = 2;

/// Marks the plain key, so that the two kinds of key share one table.
const PLAIN: u32 = 1 << 31;

/// A normalised text with its sounds; a street or a town has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// Normalised: see [`crate::normal`].
    pub text: Arc<str>,
    /// Length in characters.
    pub letters: usize,
    /// Packed keys; 0 where there is none. The first two are Double Metaphone's, the last the plain one.
    pub sounds: [u32; 3],
}

/// Which letters a text is written with, and how many: enough to tell most texts apart.
///
/// Four bytes, so that those of many words lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters(u32);

/// A bit for each letter from a to z.
const LETTER_BITS: u32 = 26;
const LETTERS_ANY: Letters = Letters(u32::MAX);

impl Letters {
    /// The letters of a text; any, where it is long or has other signs than a to z.
    pub fn of(text: &str) -> Letters {
        let Some(length) = u32::try_from(text.len()).ok().filter(|length| *length < 1 << (32 - LETTER_BITS))
        else {
            return LETTERS_ANY;
        };
        let mut bits = 0;
        for sign in text.bytes() {
            if !sign.is_ascii_lowercase() {
                return LETTERS_ANY;
            }
            bits |= 1 << (sign - b'a');
        }
        Letters(length << LETTER_BITS | bits)
    }

    fn length(self) -> u32 {
        self.0 >> LETTER_BITS
    }

    /// Tells whether a text may be the start of another.
    pub fn may_begin(self, other: Letters) -> bool {
        self == LETTERS_ANY
            || other == LETTERS_ANY
            || self.length() <= other.length() && self.beside(other) == 0
    }

    /// How many distinct letters another lacks.
    fn beside(self, other: Letters) -> u32 {
        (self.0 & !other.0 & ((1 << LETTER_BITS) - 1)).count_ones()
    }

    /// Tells whether the Jaro likeness of two texts may be 0.7, or one hold all letters of the other.
    pub(crate) fn may_be_alike(self, other: Letters) -> bool {
        if self == LETTERS_ANY || other == LETTERS_ANY {
            return true;
        }
        let (sum, product) = (self.length() + other.length(), self.length() * other.length());
        self.may_hold(other) || 10 * self.matched(other) * sum >= 11 * product
    }

    /// Tells whether one of two texts may be a part of the other.
    pub(crate) fn may_hold(self, other: Letters) -> bool {
        self == LETTERS_ANY || other == LETTERS_ANY || self.beside(other) == 0 || other.beside(self) == 0
    }

    /// How many letters of either may match: each that the other lacks cannot.
    fn matched(self, other: Letters) -> u32 {
        let (own, others) = (self.beside(other), other.beside(self));
        self.length().saturating_sub(own).min(other.length().saturating_sub(others))
    }

    /// The most that the Jaro likeness of two texts may be, in thousandths.
    pub(crate) fn most_alike(self, other: Letters) -> u32 {
        let product = self.length() * other.length();
        if self == LETTERS_ANY || other == LETTERS_ANY || product == 0 {
            return 1000;
        }
        match self.matched(other) {
            0 => 0,
            matched => {
                let thousandths = (1000 * matched * (self.length() + other.length()) / product + 1000) / 3;
                // Rounded up, and to the whole at most.
                (thousandths + 1).min(1000)
            }
        }
    }

    /// Tells whether a sign may be among the letters.
    pub(crate) fn may_have(self, sign: u8) -> bool {
        self == LETTERS_ANY || sign.is_ascii_lowercase() && self.0 & 1 << (sign - b'a') != 0
    }

    /// Tells whether two texts may be the same but for so many edits: each then lacks as many letters of the other at
    /// most.
    pub(crate) fn may_be_within(self, edits: u32, other: Letters) -> bool {
        self == LETTERS_ANY
            || other == LETTERS_ANY
            || self.length().abs_diff(other.length()) <= edits
                && self.beside(other) <= edits
                && other.beside(self) <= edits
    }
}

impl Spelling {
    /// A name of a person, normalised already.
    pub fn name(text: &str) -> Spelling {
        let [first, second] = metaphone(text);
        Spelling { sounds: [first, second, plain(text)], ..Spelling::place(text) }
    }

    /// A street or a town, normalised already: it is compared as written.
    pub fn place(text: &str) -> Spelling {
        Spelling { text: text.into(), letters: text.chars().count(), sounds: [0; 3] }
    }

    /// Tells whether any key is shared.
    pub fn sounds_like(&self, other: &Spelling) -> bool {
        self.sounds.iter().any(|sound| *sound != 0 && other.sounds.contains(sound))
    }
}

/// Double Metaphone's two keys, packed five bits a letter.
///
/// Six letters and not the usual four: with four, Muhammad Ali and Muhammad Umar would sound the same.
fn metaphone(text: &str) -> [u32; 2] {
    if !text.bytes().all(|byte| byte.is_ascii_lowercase()) || text.is_empty() {
        return [0; 2];
    }
    let keys = DoubleMetaphone::new(Some(SOUNDS_MAX)).double_metaphone(text);
    // The letters of a key are A to Z, and 0 for th, whose last five bits are those of P.
    let letter = |byte: u8| u32::from(if byte == b'0' { 27 } else { byte & 31 });
    let pack = |key: &str| key.bytes().take(SOUNDS_MAX).fold(0, |packed, byte| packed << 5 | letter(byte));
    let (first, second) = (pack(&keys.primary()), pack(&keys.alternate()));
    [first, if second == first { 0 } else { second }]
}

/// The classes of consonants that are heard alike; vowels only part them, a first one counts.
fn plain(text: &str) -> u32 {
    let mut packed = 0;
    let mut kept = 0;
    let mut last = 0;
    let mut letters = text.chars().peekable();
    let mut first = true;
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let class = match (letter, next) {
            ('a' | 'e' | 'i' | 'o' | 'u', _) if first => 1,
            ('y' | 'j', Some('a' | 'e' | 'i' | 'o' | 'u')) if first => 2,
            ('p', Some('h')) | ('f' | 'v' | 'w', _) => 3,
            ('b' | 'p', _) => 4,
            ('c', Some('h' | 'z')) => 5,
            ('c' | 'k' | 'q' | 'x', _) => 6,
            ('s' | 'z', _) => 7,
            ('d', _) => 8,
            ('t', _) => 9,
            ('g', _) => 10,
            ('l', _) => 11,
            ('m', _) => 12,
            ('n', _) => 13,
            ('r', _) => 14,
            // An h is heard by some and not by others; it neither counts nor parts, nor is it a first letter.
            ('h', _) => last,
            _ => 0,
        };
        if class != 0 && class != last && kept < SOUNDS_MAX {
            packed = packed << 4 | class;
            kept += 1;
        }
        last = class;
        first &= letter == 'h';
    }
    if kept < SOUNDS_MIN { 0 } else { packed | PLAIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_share_a_key() {
        for (left, right) in [
            ("smith", "smyth"),
            ("mohammed", "muhamad"),
            ("yousaf", "yusuf"),
            ("oluwadamilola", "oluvadamylola"),
            ("hannah", "anna"),
            ("phoebe", "foebe"),
            ("catherine", "katharine"),
            ("chaudhry", "choudhury"),
            ("ogunleye", "ogoonleye"),
        ] {
            assert!(Spelling::name(left).sounds_like(&Spelling::name(right)), "{left} {right}");
        }
        assert!(!Spelling::name("lee").sounds_like(&Spelling::name("khan")));
    }

    #[test]
    fn texts_of_other_scripts_have_no_sounds_and_do_no_harm() {
        for text in ["", "محمد", "李", "x1", "a b"] {
            assert_eq!(metaphone(text), [0; 2], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_of_letters_has_keys_that_can_be_taken(text in "[a-z]{0,14}") {
            let spelling = Spelling::name(&text);
            proptest::prop_assert_eq!(spelling.letters, text.len());
        }
    }
}
