//! How alike two spellings are: the kind of likeness, and points that order likenesses.
//!
//! Source: matching.md 3.3 (levels of names). Whole numbers throughout, so that ranks are the same everywhere.

use std::fmt;

use rapidfuzz::distance::{jaro_winkler::BatchComparator, osa};

use crate::{
    nickname::{self, Others},
    spelling::{Letters, Spelling},
};

/// Shortest text of which one edit says little enough: below it every name is one edit from many.
pub const EDITED_LETTERS_MIN: usize = 3;

/// Longest name that is short: a slip in it, or a vowel heard otherwise, leaves few of its letters alike.
const SHORT_LETTERS_MAX: usize = 3;

/// Shortest start that stands for a whole name (rules.md 4.1 has the same for wildcards).
pub const START_LETTERS_MIN: usize = 3;

/// Shortest ending that two forms of a name share, as Tobias and Bias do.
const ENDING_LETTERS_MIN: usize = 3;

/// Jaro-Winkler, in thousandths, below which two names that share a sound key are still two names.
const SOUND_JARO_MIN: u16 = 700;

/// Jaro-Winkler, in thousandths, below which two names have nothing to do with each other.
const LOOSE_JARO_MIN: u16 = 750;

/// Jaro likeness, in thousandths, from which the same start counts beside it.
const WINKLER_MIN: u32 = 700;

/// Points of a slip in a short name.
const SLIP_POINTS: u16 = 450;

/// Points of one name that ends as another.
const ENDING_POINTS: u16 = 550;

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
    related(asked, held, |text| strsim::jaro_winkler(&asked.text, text), nickname::share)
}

/// One spelling made ready to be compared with many, each comparison in half the time of [`compare`]'s.
pub struct Comparer {
    asked: Spelling,
    /// None where it is written with other letters than those of ASCII.
    batch: Option<BatchComparator<u8>>,
    letters: Letters,
    forms: Others,
}

impl Comparer {
    /// Makes a spelling ready: as dear as two comparisons.
    pub fn new(asked: Spelling) -> Comparer {
        let batch = asked.text.is_ascii().then(|| BatchComparator::new(asked.text.bytes()));
        Comparer { batch, letters: Letters::of(&asked.text), forms: Others::of(&asked.text), asked }
    }

    /// The spelling.
    pub fn asked(&self) -> &Spelling {
        &self.asked
    }

    /// As [`compare`], to the point.
    pub fn compare(&self, held: &Spelling) -> Resemblance {
        let jaro = |text: &str| match &self.batch {
            Some(batch) if text.is_ascii() => batch.similarity(text.bytes()),
            Some(_) | None => strsim::jaro_winkler(&self.asked.text, text),
        };
        related(&self.asked, held, jaro, |_, text| self.forms.contains(text))
    }

    /// Tells whether a text may be one edit away or another spelling of one sound, by its letters; some are not.
    /// Cost: some ns.
    pub fn may_be_near(&self, held: Letters) -> bool {
        self.letters.may_be_within(1, held) || self.letters.may_be_alike(held)
    }

    /// Tells whether two letters more, less, other, or neighbours changed about make one of the other: where that is no
    /// more than half of the longer. Cost: some 100 ns.
    pub fn is_within_two_edits(&self, held: &Spelling) -> bool {
        if !self.may_be_within_two_edits(Letters::of(&held.text)) {
            return false;
        }
        let most = osa::Args::default().score_cutoff(2);
        let (shorter, longer) = (self.asked.letters.min(held.letters), self.asked.letters.max(held.letters));
        shorter >= EDITED_LETTERS_MIN
            && longer > EDITED_LETTERS_MIN
            && match &self.batch {
                Some(_) if held.text.is_ascii() => {
                    osa::distance_with_args(self.asked.text.bytes(), held.text.bytes(), &most).is_some()
                }
                Some(_) | None => {
                    osa::distance_with_args(self.asked.text.chars(), held.text.chars(), &most).is_some()
                }
            }
    }

    /// Tells whether a text may be within two edits, by its letters; some are not. Cost: some ns.
    pub fn may_be_within_two_edits(&self, held: Letters) -> bool {
        self.letters.may_be_within(2, held)
    }

    /// The most points that a text may have that is not near, by its letters; most have fewer. Cost: some ns.
    pub fn most_if_loose(&self, held: Letters) -> u16 {
        let alike = self.letters.most_alike(held);
        let alike = if alike < WINKLER_MIN {
            alike
        } else {
            let begun = self.asked.text.bytes().take(4).take_while(|sign| held.may_have(*sign)).count();
            alike + (1000 - alike) * u32::try_from(begun).unwrap_or(4) / 10 + 1
        };
        let by_letters = u16::try_from(alike).unwrap_or(u16::MAX).min(1000);
        let by_letters = by_letters.checked_sub(LOOSE_JARO_MIN).map_or(0, loose_points);
        let by_ending = if self.letters.may_hold(held) { ENDING_POINTS } else { 0 };
        let by_slip = if self.asked.letters <= SHORT_LETTERS_MAX { SLIP_POINTS } else { 0 };
        by_letters.max(by_ending).max(by_slip)
    }
}

impl fmt::Debug for Comparer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Comparer").field(&self.asked).finish()
    }
}

fn related(
    asked: &Spelling,
    held: &Spelling,
    jaro: impl Fn(&str) -> f64,
    share: impl Fn(&str, &str) -> bool,
) -> Resemblance {
    if asked.text == held.text {
        return Resemblance { kind: Kind::Same, points: POINTS_MAX };
    }
    let jaro = thousandths(jaro(&held.text));
    let mut found = Resemblance::APART;
    let mut note = |kind, points| found = found.or(Resemblance { kind, points });
    if share(&asked.text, &held.text) {
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
        note(Kind::Loose, loose_points(jaro - LOOSE_JARO_MIN));
    }
    if short_slip(asked, held) {
        note(Kind::Loose, SLIP_POINTS);
    }
    if ending(&asked.text, &held.text) {
        note(Kind::Loose, ENDING_POINTS);
    }
    found
}

/// The points of so many thousandths beyond what two names have that have nothing to do with each other.
fn loose_points(beyond: u16) -> u16 {
    300 + beyond * 8 / 5
}

/// Tells whether one letter more, less, other, or two neighbours changed about make one of the other.
fn one_edit(asked: &Spelling, held: &Spelling) -> bool {
    asked.letters.min(held.letters) >= EDITED_LETTERS_MIN
        && asked.letters.abs_diff(held.letters) <= 1
        && within_one_edit(&asked.text, &held.text)
}

/// Two short names with the same first letter, one edit apart, as Ha and Ho are, or of one sound, as Jy and Jia are:
/// of three letters each is too much for a share of letters to tell anything.
fn short_slip(asked: &Spelling, held: &Spelling) -> bool {
    let letters = asked.letters.max(held.letters);
    let slipped = letters < EDITED_LETTERS_MIN && within_one_edit(&asked.text, &held.text);
    let heard = letters <= SHORT_LETTERS_MAX && asked.sounds_like(held);
    (slipped || heard) && asked.text.chars().next() == held.text.chars().next()
}

/// Tells whether two texts are the same but for one letter more, less, other, or two neighbours changed about.
///
/// As an optimal string alignment distance of 1 at most, without its table.
pub(crate) fn within_one_edit(one: &str, other: &str) -> bool {
    let (mut left, mut right) = (one.chars(), other.chars());
    loop {
        let rest = (left.as_str(), right.as_str());
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(from), Some(to)) if from == to => (),
            (from, to) => {
                let (behind, beyond) = (left.as_str(), right.as_str());
                let swapped = from.is_some() && to.is_some() && left.next() == to && right.next() == from;
                return behind == beyond
                    || behind == rest.1
                    || rest.0 == beyond
                    || swapped && left.as_str() == right.as_str();
            }
        }
    }
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
    long.ends_with(short) && short.chars().count() >= ENDING_LETTERS_MIN
}

/// A share in thousandths.
fn thousandths(share: f64) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies in 0-1000")]
    let whole = (share * 1000.0).round().clamp(0.0, 1000.0) as u16;
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert_eq!(kind("jy", "jia"), Kind::Loose);
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

    proptest! {
        #[test]
        fn a_spelling_made_ready_is_compared_alike(asked in "[abelmnor é]{0,9}", held in "[abelmnor é]{0,9}") {
            let (asked, held) = (Spelling::name(&asked), Spelling::name(&held));
            prop_assert_eq!(Comparer::new(asked.clone()).compare(&held), compare(&asked, &held));
        }

        #[test]
        fn whoever_is_loosely_alike_may_be_so_by_the_letters(asked in "[abelm]{0,9}", held in "[abelm]{0,9}") {
            let (asked, held) = (Spelling::name(&asked), Spelling::name(&held));
            let ready = Comparer::new(asked);
            let (found, letters) = (ready.compare(&held), Letters::of(&held.text));
            prop_assert!(found.kind != Kind::Loose || found.points <= ready.most_if_loose(letters));
            let near = matches!(found.kind, Kind::OneEdit | Kind::Sound);
            prop_assert!(!near || ready.may_be_near(letters));
            let (one, other) = (&ready.asked().text, &held.text);
            let within = strsim::osa_distance(one, other) <= 2;
            prop_assert!(!within || ready.may_be_within_two_edits(letters));
            let told = one.len().min(other.len()) >= 3 && one.len().max(other.len()) > 3;
            prop_assert_eq!(ready.is_within_two_edits(&held), within && told);
            prop_assert!(!other.starts_with(&**one) || Letters::of(one).may_begin(letters));
        }

        #[test]
        fn one_edit_is_what_the_distance_says(one in "[abé]{0,6}", other in "[abé]{0,6}") {
            prop_assert_eq!(within_one_edit(&one, &other), strsim::osa_distance(&one, &other) <= 1);
        }
    }

    #[test]
    fn every_forename_and_nickname_is_compared_alike_when_made_ready() {
        let names = nickname::all();
        for asked in names.iter().step_by(23) {
            let asked = Spelling::name(asked);
            let ready = Comparer::new(asked.clone());
            for held in &names {
                let held = Spelling::name(held);
                let found = ready.compare(&held);
                assert_eq!(found, compare(&asked, &held), "{asked:?} {held:?}");
                let letters = Letters::of(&held.text);
                assert!(
                    found.kind != Kind::Loose || found.points <= ready.most_if_loose(letters),
                    "{asked:?} {held:?}"
                );
                let near = matches!(found.kind, Kind::OneEdit | Kind::Sound);
                assert!(!near || ready.may_be_near(letters), "{asked:?} {held:?}");
            }
        }
    }
}
