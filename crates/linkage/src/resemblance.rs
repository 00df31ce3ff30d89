//! How alike two spellings are: the kind of likeness, and points that order likenesses.
//!
//! Source: matching.md 3.3 (levels of names). Whole numbers throughout, so that ranks are the same everywhere.

use crate::{nickname, spelling::Spelling};

/// Shortest text of which one edit says little enough: below it every name is one edit from many.
pub const EDITED_LETTERS_MIN: usize = 3;

/// Shortest start that stands for a whole name (rules.md 4.1 has the same for wildcards).
pub const START_LETTERS_MIN: usize = 3;

/// Shortest ending that two forms of a name share, as Tobias and Bias do.
const ENDING_LETTERS_MIN: usize = 3;

/// Jaro-Winkler, in thousandths, below which two names that share a sound key are still two names.
const SOUND_JARO_MIN: u16 = 700;

/// Jaro-Winkler, in thousandths, below which two names have nothing to do with each other.
const LOOSE_JARO_MIN: u16 = 750;

/// Points of the same spelling, the most there are.
pub const POINTS_MAX: u16 = 1000;

/// The strongest relation of two spellings. All but the last two are found through the lexicon's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Letter for letter.
    Same,
    /// Forms that one name goes by.
    Nickname,
    /// One letter more, less, other, or two neighbours changed about.
    OneEdit,
    /// Another spelling of one sound.
    Sound,
    /// One is the start of the other.
    Start,
    /// Many letters in common.
    Loose,
    /// Nothing in common.
    Apart,
}

/// A relation with its points, 0-1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resemblance {
    /// The strongest relation.
    pub kind: Kind,
    /// How strong, 0-1000.
    pub points: u16,
}

impl Resemblance {
    /// Two names.
    pub const APART: Resemblance = Resemblance { kind: Kind::Apart, points: 0 };

    /// Tells whether this likeness can make a child a candidate.
    pub fn is_near(self) -> bool {
        self.kind <= Kind::Start
    }

    /// Tells whether two people of these names may be one (twins are not, matching.md 3.3).
    pub fn is_alike(self) -> bool {
        self.kind <= Kind::Sound
    }

    /// The same likeness where only part of a compound name has it.
    #[must_use]
    pub fn of_part(self) -> Resemblance {
        // A start or a loose likeness of a mere part is chance.
        if self.is_alike() { Resemblance { points: self.points * 4 / 5, ..self } } else { Resemblance::APART }
    }

    /// The stronger: more points, then the closer kind.
    #[must_use]
    pub fn or(self, other: Resemblance) -> Resemblance {
        let (kind, points) = (self.kind.min(other.kind), self.points.max(other.points));
        Resemblance { kind, points }
    }
}

/// Compares what is asked with what is held.
pub fn compare(asked: &Spelling, held: &Spelling) -> Resemblance {
    if asked.text == held.text {
        return Resemblance { kind: Kind::Same, points: POINTS_MAX };
    }
    let jaro = jaro_winkler(&asked.text, &held.text);
    let mut found = Resemblance::APART;
    let mut note = |kind, points| found = found.or(Resemblance { kind, points });
    if nickname::share(&asked.text, &held.text) {
        note(Kind::Nickname, 880);
    }
    if one_edit(asked, held) {
        note(Kind::OneEdit, if asked.letters.min(held.letters) > 4 { 900 } else { 820 });
    }
    if jaro >= SOUND_JARO_MIN && asked.sounds_like(held) {
        note(Kind::Sound, 700 + (jaro - SOUND_JARO_MIN) / 2);
    }
    if let Some(points) = start(asked, held) {
        note(Kind::Start, points);
    }
    if jaro >= LOOSE_JARO_MIN {
        note(Kind::Loose, 300 + (jaro - LOOSE_JARO_MIN) * 8 / 5);
    }
    if short_slip(asked, held) {
        note(Kind::Loose, 450);
    }
    if ending(&asked.text, &held.text) {
        note(Kind::Loose, 550);
    }
    found
}

/// Tells whether one letter more, less, other, or two neighbours changed about make one of the other.
fn one_edit(asked: &Spelling, held: &Spelling) -> bool {
    asked.letters.min(held.letters) >= EDITED_LETTERS_MIN
        && asked.letters.abs_diff(held.letters) <= 1
        && strsim::osa_distance(&asked.text, &held.text) <= 1
}

/// Two short names with the same first letter, one edit apart, as Ha and Ho are.
fn short_slip(asked: &Spelling, held: &Spelling) -> bool {
    asked.letters.max(held.letters) < EDITED_LETTERS_MIN
        && asked.text.chars().next() == held.text.chars().next()
        && strsim::osa_distance(&asked.text, &held.text) <= 1
}

/// One is the start of the other; an initial held for a name counts least.
fn start(asked: &Spelling, held: &Spelling) -> Option<u16> {
    let (short, long) = if asked.letters < held.letters { (asked, held) } else { (held, asked) };
    let initial = held.letters == 1;
    if !long.text.starts_with(&*short.text) || !(short.letters >= START_LETTERS_MIN || initial) {
        return None;
    }
    let share = u16::try_from(short.letters * 150 / long.letters.max(1)).unwrap_or_default();
    Some(if initial { 500 } else { 730 + share })
}

/// One is the ending of the other.
fn ending(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    short.chars().count() >= ENDING_LETTERS_MIN && long.ends_with(short)
}

/// Jaro-Winkler in thousandths.
fn jaro_winkler(left: &str, right: &str) -> u16 {
    let thousandths = (strsim::jaro_winkler(left, right) * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies in 0-1000")]
    let whole = thousandths.clamp(0.0, 1000.0) as u16;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(asked: &str, held: &str) -> Kind {
        compare(&Spelling::name(asked), &Spelling::name(held)).kind
    }

    #[test]
    fn each_likeness_has_its_kind() {
        assert_eq!(kind("ava", "ava"), Kind::Same);
        assert_eq!(kind("liz", "elizabeth"), Kind::Nickname);
        assert_eq!(kind("gteene", "greene"), Kind::OneEdit);
        assert_eq!(kind("xmith", "smith"), Kind::OneEdit);
        assert_eq!(kind("bougt", "bogut"), Kind::OneEdit);
        assert_eq!(kind("ogoonleye", "ogunleye"), Kind::Sound);
        assert_eq!(kind("bram", "bramwell"), Kind::Start);
        assert_eq!(kind("thatcher", "cher"), Kind::Loose);
        assert_eq!(kind("khan", "lewis"), Kind::Apart);
    }

    #[test]
    fn the_first_letter_may_be_wrong() {
        assert!(compare(&Spelling::name("bowe"), &Spelling::name("lowe")).is_near());
    }

    #[test]
    fn two_short_names_are_not_one_for_a_letter() {
        assert_eq!(kind("jo", "bo"), Kind::Apart);
    }
}
