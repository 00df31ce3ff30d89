//! Short texts with a form: names of people, and labels of jobs and teams. Neither can carry prose.
//!
//! Source: domain.md 1.2 (no free text about a child; at most 80 characters on job and team names).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::NotAWord;

/// Longest name of a person, in characters: the longest passport field is 39 a part, doubled.
pub const NAME_CHARACTERS_MAX: usize = 80;

/// Longest job, team or organisation label, in characters (domain.md 1.2).
pub const LABEL_CHARACTERS_MAX: usize = 80;

/// Most words in a label: enough for "North East Child and Adolescent Team", too few for a sentence.
pub const LABEL_WORDS_MAX: usize = 8;

/// Part of a person's name: 1-80 characters, letters of any script, spaces, hyphens, apostrophes, dots.
///
/// Prints as `PersonName(..)`, so that a log line cannot hold it by accident.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PersonName(String);

impl PersonName {
    /// Takes a name as given, trimmed.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, over 80 characters, or holds a digit, a control or another sign.
    pub fn new(text: &str) -> Result<PersonName, NotAWord> {
        const EXPECTED: NotAWord =
            NotAWord { expected: "a name: 1 to 80 letters, spaces, hyphens, apostrophes or dots" };
        let name = text.trim();
        let fits = (1..=NAME_CHARACTERS_MAX).contains(&name.chars().count());
        let lettered = name.chars().any(char::is_alphabetic);
        if fits && lettered && name.chars().all(belongs_in_a_name) {
            Ok(PersonName(name.to_owned()))
        } else {
            Err(EXPECTED)
        }
    }

    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Letters of any script with their combining marks, and the signs that names are written with.
fn belongs_in_a_name(character: char) -> bool {
    character.is_alphabetic()
        || matches!(character, ' ' | '-' | '\'' | '.' | '’' | '‘' | '`' | '´' | 'ʼ' | '·' | '‐' | '\u{a0}')
        || ('\u{300}'..='\u{36f}').contains(&character)
        || is_mark_of_a_script(character)
}

/// The signs of Indic, Burmese and Thai script that silence a vowel, mark a borrowed sound or tell a tone: no letters
/// by themselves, and part of many names.
fn is_mark_of_a_script(character: char) -> bool {
    match u32::from(character) {
        // Ten scripts lie 128 apart from Devanagari on, each with its nukta and its virama at the same places.
        indic @ 0x900..=0xdff => matches!(indic % 0x80, 0x3c | 0x4d) || indic == 0xdca,
        0xe48..=0xe4c | 0x1037 | 0x1039 | 0x103a => true,
        _ => false,
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PersonName(..)")
    }
}

impl<'de> Deserialize<'de> for PersonName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, PersonName::new)
    }
}

/// A job, a team or an organisation's name: 1-80 characters, at most 8 words, no sentence marks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// Takes a label as given, trimmed.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, too long, of too many words, or holds a control or a sentence mark.
    pub fn new(text: &str) -> Result<Label, NotAWord> {
        const EXPECTED: NotAWord =
            NotAWord { expected: "a label: 1 to 80 characters, at most 8 words, no sentence" };
        let label = text.trim();
        let fits = (1..=LABEL_CHARACTERS_MAX).contains(&label.chars().count());
        let words = label.split_whitespace().count();
        let barred = |character: char| {
            matches!(character, '?' | '!' | ';' | ':' | '"' | '<' | '>' | '=' | '@') || character.is_control()
        };
        let sentence = label.chars().any(barred) || label.contains(". ");
        if fits && words <= LABEL_WORDS_MAX && !sentence {
            Ok(Label(label.to_owned()))
        } else {
            Err(EXPECTED)
        }
    }

    /// The label as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Label(..)")
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, Label::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_script_are_names_and_never_print() {
        for name in [
            "Zoë",
            "O'Brien",
            "O’Brien",
            "Anne-Marie",
            "José María",
            "Łukasz",
            "محمد",
            "St. John",
            "李",
            "कृष्णा",
            "फ़ातिमा",
            "শ্রেয়া",
            "សុខ",
        ] {
            assert!(PersonName::new(name).is_ok(), "{name}");
        }
        assert_eq!(format!("{:?}", PersonName::new("Ava").unwrap()), "PersonName(..)");
    }

    #[test]
    fn numbers_and_signs_are_no_names() {
        for text in ["", "  ", "R2D2", "<script>", "a\nb", "--", &"x".repeat(81)] {
            assert!(PersonName::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_sentence_is_no_label() {
        assert!(Label::new("Assessment").is_ok());
        assert!(Label::new("St Mary's Hospital").is_ok());
        for text in ["", "He was seen. Again", "one two three four five six seven eight nine", "why?", "a\tb"]
        {
            assert!(Label::new(text).is_err(), "{text:?}");
        }
    }
}
