//! What a practitioner half remembers of a child: a surname as heard, a forename, about how old, and roughly where.
//!
//! Source: scale.md section 2 (queries), its classes of slips and their shares.

use chrono::{Days, Months, NaiveDate};

use crate::{
    Home, Population,
    rng::{Draw, Purpose},
};

/// One question, and whom it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The index of the child meant.
    pub child: u64,
    /// With one slip, or two of one in five.
    pub surname: String,
    /// With a slip of one in four.
    pub forename: String,
    /// A year before and after a day up to half a year off.
    pub birth: (NaiveDate, NaiveDate),
    /// The letters of the postcode area; none where nobody is known to have a home.
    pub postcode_area: Option<String>,
    /// The first letter of the surname is another one.
    pub first_letter_wrong: bool,
}

/// In how many surnames of 100,000 the first letter is another one too.
const FIRST_LETTER_WRONG: u32 = 5_000;
const TWO_SLIPS: u32 = 20_000;
const FORENAME_SLIPS: u32 = 25_000;

/// How often somebody with a home is looked for.
const DRAWS_MAX: u32 = 64;

/// Half a year, in days.
const HALF_YEAR: u64 = 182;

/// Spellings that are heard alike; the first that a name has after its first letter is written the other way.
const HEARD_ALIKE: [(&str, &str); 17] = [
    ("ph", "f"),
    ("ck", "k"),
    ("ley", "ly"),
    ("tt", "t"),
    ("ll", "l"),
    ("ie", "ei"),
    ("ss", "s"),
    ("ay", "ey"),
    ("th", "ff"),
    ("c", "k"),
    ("ee", "ea"),
    ("mm", "m"),
    ("s", "z"),
    ("son", "sen"),
    ("ks", "x"),
    ("y", "ie"),
    ("d", "t"),
];

impl Population {
    /// A question about one of the first `children`, the same for the same number. Cost: as of one child.
    pub fn asked(&self, number: u64, children: u64) -> Asked {
        let mut draw = Draw::new(self.seed, Purpose::Queries, number);
        // Whoever asks roughly where a child lives means one with a home.
        let mut index = draw.below(children);
        let mut child = self.child(index);
        for _ in 1..DRAWS_MAX {
            if child.home.is_some() {
                break;
            }
            index = draw.below(children);
            child = self.child(index);
        }
        let area = |home: &Home| home.postcode.chars().take_while(char::is_ascii_alphabetic).collect();
        let slips = if draw.chance(TWO_SLIPS) { 2 } else { 1 };
        let mut surname = slipped(child.surname.as_ref(), slips, &mut draw);
        let forename = slipped(child.forename.as_ref(), u32::from(draw.chance(FORENAME_SLIPS)), &mut draw);
        let off = Days::new(draw.below(2 * HALF_YEAR + 1));
        let about = child.date_of_birth - Days::new(HALF_YEAR) + off;
        let first_letter_wrong = draw.chance(FIRST_LETTER_WRONG);
        if first_letter_wrong {
            let first = surname.chars().next().map_or(0, char::len_utf8);
            let other = letter(&mut draw).to_ascii_uppercase();
            surname.replace_range(..first, &other.to_string());
        }
        Asked {
            child: index,
            first_letter_wrong: first_letter_wrong && !surname.starts_with(first_of(child.surname.as_ref())),
            surname,
            forename,
            birth: (about - Months::new(12), about + Months::new(12)),
            postcode_area: child.home.as_ref().map(area),
        }
    }
}

fn first_of(text: &str) -> char {
    text.chars().next().unwrap_or_default()
}

fn letter(draw: &mut Draw) -> char {
    char::from(b'a' + u8::try_from(draw.below(26)).unwrap_or_default())
}

/// A name with so many slips, its first letter kept; one of two letters stays as it is.
fn slipped(name: &str, slips: u32, draw: &mut Draw) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    for _ in 0..slips {
        if letters.len() >= 3 {
            slip(&mut letters, draw);
        }
    }
    letters.into_iter().collect()
}

fn slip(letters: &mut Vec<char>, draw: &mut Draw) {
    let at = 1 + usize::try_from(draw.below(letters.len() as u64 - 1)).unwrap_or_default();
    match draw.below(100) {
        0..20 => drop(letters.remove(at)),
        20..35 => letters.insert(at, letters[at]),
        35..50 => {
            let next = (at + 1).min(letters.len() - 1);
            letters.swap(at, next);
        }
        50..75 => {
            let places = (at..letters.len()).chain(1..at);
            let vowel = places.into_iter().find(|place| "aeiouy".contains(letters[*place]));
            if let Some(place) = vowel {
                letters[place] = b"aeiouy"[usize::try_from(draw.below(6)).unwrap_or_default()].into();
            }
        }
        75..95 => {
            let mut text: String = letters.iter().collect();
            let heard = HEARD_ALIKE
                .into_iter()
                .find_map(|(from, to)| Some((text.find(from).filter(|place| *place > 0)?, from, to)));
            match heard {
                Some((place, from, to)) => {
                    text.replace_range(place..place + from.len(), to);
                    *letters = text.chars().collect();
                }
                None => drop(letters.remove(at)),
            }
        }
        _ => letters[at] = letter(draw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn england() -> Population {
        Population::sized(7, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), 2_000)
    }

    #[test]
    fn a_question_is_the_same_each_time_and_means_a_child_who_was_born_within_it() {
        let england = england();
        for number in 0..500 {
            let asked = england.asked(number, 2_000);
            assert_eq!(asked, england.asked(number, 2_000));
            let child = england.child(asked.child);
            assert!((asked.birth.0..=asked.birth.1).contains(&child.date_of_birth));
        }
    }

    #[test]
    fn first_letters_are_kept_but_for_one_in_twenty_and_most_surnames_are_misspelt() {
        let england = england();
        let pairs: Vec<(Asked, crate::Child)> = (0..2_000)
            .map(|number| england.asked(number, 2_000))
            .map(|asked| (asked.clone(), england.child(asked.child)))
            .collect();
        let count =
            |fits: &dyn Fn(&(Asked, crate::Child)) -> bool| pairs.iter().filter(|one| fits(one)).count();
        let other_letter =
            count(&|(asked, child)| first_of(&asked.surname) != first_of(child.surname.as_ref()));
        assert_eq!(other_letter, count(&|(asked, _)| asked.first_letter_wrong));
        assert!((60..140).contains(&other_letter), "{other_letter}");
        let misspelt = count(&|(asked, child)| asked.surname != child.surname.as_ref());
        assert!(misspelt > 1_700, "{misspelt}");
    }
}
