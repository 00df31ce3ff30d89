//! Texts made comparable: marks stripped, letters folded, signs dropped.
//!
//! Source: matching.md 3.1. NFKD, then a table for the letters that do not decompose; other scripts stay.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use vocabulary::text::NAME_CHARACTERS_MAX;

/// Shortest word of a compound name that may be matched on its own: shorter ones are particles.
const PART_LETTERS_MIN: usize = 3;

/// Words that many compound names share, so that they tell nobody from anybody.
const PARTICLES: &[&str] =
    &["abd", "abu", "ben", "bin", "bint", "das", "del", "den", "der", "dos", "ibn", "ter", "van", "von"];

/// Words of an address that belong to the house and not to the street.
const HOUSE_WORDS: &[&str] = &["apartment", "apt", "flat", "house", "no", "number", "room", "unit"];

/// Words of streets and what they are short for. `st` is a street at the end and a saint before.
const STREET_WORDS: &[(&str, &str)] = &[
    ("av", "avenue"),
    ("ave", "avenue"),
    ("cl", "close"),
    ("cres", "crescent"),
    ("cresc", "crescent"),
    ("crt", "court"),
    ("ct", "court"),
    ("dr", "drive"),
    ("gdns", "gardens"),
    ("gr", "grove"),
    ("gro", "grove"),
    ("la", "lane"),
    ("ln", "lane"),
    ("pk", "park"),
    ("pl", "place"),
    ("rd", "road"),
    ("sq", "square"),
    ("str", "street"),
    ("tce", "terrace"),
    ("ter", "terrace"),
    ("terr", "terrace"),
    ("wy", "way"),
];

/// The words of a text: lower case, no marks, no apostrophes or dots; any other sign parts two words.
pub fn words(text: &str) -> Vec<String> {
    if text.is_ascii() {
        // Such letters decompose into themselves; most texts are of them alone, and are read three times as fast.
        return parted(text.chars());
    }
    parted(text.nfkd().filter(|character| !is_combining_mark(*character)))
}

fn parted(characters: impl Iterator<Item = char>) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in characters.take(NAME_CHARACTERS_MAX * 2) {
        if matches!(character, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | '.') {
            continue;
        }
        if character.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                fold(character, word);
            }
        } else if words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn fold(character: char, word: &mut String) {
    match character {
        letter if letter.is_ascii() => word.push(letter.to_ascii_lowercase()),
        'ł' | 'Ł' => word.push('l'),
        'ø' | 'Ø' => word.push('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => word.push('d'),
        'ħ' | 'Ħ' => word.push('h'),
        'ı' => word.push('i'),
        'ß' | 'ẞ' => word.push_str("ss"),
        'æ' | 'Æ' | 'ə' | 'Ə' => word.push_str("ae"),
        'œ' | 'Œ' => word.push_str("oe"),
        'þ' | 'Þ' => word.push_str("th"),
        other => word.extend(other.to_lowercase().filter(|folded| !is_combining_mark(*folded))),
    }
}

/// A name as one word, and its parts where it has several that can stand alone.
pub fn name(text: &str) -> (String, Vec<String>) {
    let mut words = words(text);
    let whole = words.concat();
    if words.len() < 2 {
        return (whole, Vec::new());
    }
    words.retain(|word| {
        word.chars().count() >= PART_LETTERS_MIN && !PARTICLES.contains(&word.as_str()) && *word != whole
    });
    (whole, words)
}

/// Tells whether a forename criterion is an initial: one letter.
pub fn is_initial(text: &str) -> bool {
    !text.contains('*') && words(text).concat().chars().count() == 1
}

/// The first line of an address, as street and house: `("mill lane", Some("12"))`; the street may be empty.
pub fn street(line: &str) -> (String, Option<String>) {
    let mut house = None;
    let mut street: Vec<String> = Vec::new();
    for word in words(line) {
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            // The last number before the street is the house's; one before it is the flat's.
            house = Some(word);
        } else if !HOUSE_WORDS.contains(&word.as_str()) || !street.is_empty() {
            street.push(word);
        }
    }
    let last = street.len().saturating_sub(1);
    for (place, word) in street.iter_mut().enumerate() {
        if word == "st" {
            if place == last && last > 0 { "street" } else { "saint" }.clone_into(word);
        } else if place > 0
            && let Some((_, long)) = STREET_WORDS.iter().find(|(short, _)| short == word)
        {
            (*long).clone_into(word);
        }
    }
    (street.join(" "), house)
}

/// A town as one line of words.
pub fn town(text: &str) -> String {
    words(text).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_signs_do_not_part_two_spellings_of_one_name() {
        for (left, right) in [
            ("Zoë", "ZOE"),
            ("Łukasz", "Lukasz"),
            ("O'Brien", "O’BRIEN"),
            ("Anne-Marie", "anne marie"),
            ("Anne-Marie", "Annemarie"),
            ("Ağaoğlu", "Agaoglu"),
            ("Groß", "gross"),
            ("St. John", "St John"),
            ("İpek", "ipek"),
        ] {
            assert_eq!(name(left).0, name(right).0, "{left}");
        }
        assert_eq!(name("محمد").0, "محمد");
        assert_eq!(name("--").0, "");
    }

    #[test]
    fn a_compound_name_has_parts_and_particles_are_none() {
        assert_eq!(name("Hall-Thatcher").1, ["hall", "thatcher"]);
        assert_eq!(name("van der Berg").1, ["berg"]);
        assert!(name("Lowe").1.is_empty());
    }

    #[test]
    fn a_street_is_read_without_house_and_in_full_words() {
        let plain = |line: &str| street(line).0;
        assert_eq!(street("12 Mill Ln"), ("mill lane".to_owned(), Some("12".to_owned())));
        assert_eq!(street("Flat 15, 54B Exeter Road"), ("exeter road".to_owned(), Some("54b".to_owned())));
        assert_eq!(plain("St Mary's St."), "saint marys street");
        assert_eq!(plain("The Crescent Road"), "the crescent road");
        assert_eq!(plain("Avenue"), "avenue");
        assert_eq!(plain("12"), "");
    }

    #[test]
    fn an_initial_is_one_letter() {
        assert!(
            is_initial("A") && is_initial("é.") && !is_initial("Al") && !is_initial("A*") && !is_initial("")
        );
    }
}
