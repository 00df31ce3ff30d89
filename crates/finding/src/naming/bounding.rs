//! What a child could score at most by a name, told by words alone: bounds for the ranking.

use linkage::resemblance::POINTS_MAX;

use super::{AskedName, FAINT_POINTS, FullName, LOOSE_POINTS_MAX, MIDDLE_POINTS, Nearness};
use crate::{
    facts::Lexicons,
    labels::Label,
    lexicon::{Lexicon, Word},
    outline::{Middles, Outline, Told},
    weight,
};

impl AskedName {
    /// Every word near it with the most that a child who has it could score, `LOOSE_POINTS_MAX` at the least; the
    /// best first. None for an initial.
    pub(crate) fn near_weighed(&mut self, lexicon: &Lexicon, full: i32) -> Option<Vec<(Word, i32)>> {
        let words = match self {
            AskedName::Full(name) if name.parts.is_empty() => {
                let found: Vec<_> = name.near(lexicon).collect();
                // Each was compared with the whole to be found, and that is its answer.
                name.answers.extend(found.iter().copied());
                found.into_iter().map(|(word, _)| word).collect()
            }
            AskedName::Full(_) | AskedName::Initial(_) | AskedName::Start(_) => self.near_words(lexicon)?,
        };
        let most = self.most(full);
        let mut points = |word: Word| match (&mut *self, lexicon.spelling(word)) {
            (AskedName::Full(name), Some(spelling)) => match name.answers.get(&word) {
                Some(known) => known.points,
                None => name.compare_with(word, spelling).points,
            },
            (AskedName::Full(_) | AskedName::Initial(_) | AskedName::Start(_), _) => POINTS_MAX,
        };
        let weighed = |word: Word| (word, weight::of_points(points(word).max(LOOSE_POINTS_MAX), most));
        let mut weighed: Vec<_> = words.into_iter().map(weighed).collect();
        weighed.sort_by_key(|(_, by_word)| std::cmp::Reverse(*by_word));
        Some(weighed)
    }

    /// The most that a child could score by it of whose names none is near.
    pub(crate) fn most_if_loose(&self, full: i32) -> i32 {
        weight::of_points(LOOSE_POINTS_MAX, self.most(full))
    }

    /// The middle names that answer it.
    pub(crate) fn middles(&self, lexicon: &Lexicon) -> Middles {
        let AskedName::Full(name) = self else { return Middles::of([].into_iter()) };
        Middles::of(name.comparers().filter_map(|(_, comparer)| lexicon.word(&comparer.asked().text)))
    }

    /// The most that a child could score by it as a forename, and whether it may be near.
    ///
    /// A word that is compared nowhere yet is none of those near, which [`AskedName::near_weighed`] has compared.
    pub(crate) fn most_in(&self, outline: Outline, middles: Middles, lexicon: &Lexicon) -> (i32, bool) {
        let AskedName::Full(name) = self else { return (weight::INITIAL, false) };
        let Told::One(word) = outline.forename() else { return (weight::FORENAME, true) };
        let middle = if outline.may_have_middle(middles) { MIDDLE_POINTS } else { 0 };
        let (points, near) = name.most_of(word, lexicon);
        (weight::of_points(points.max(middle), weight::FORENAME), near)
    }

    /// As [`AskedName::most_in`], with the word compared.
    pub(crate) fn most_of(&mut self, outline: Outline, middles: Middles, lexicon: &Lexicon) -> i32 {
        if let (AskedName::Full(name), Told::One(word)) = (&mut *self, outline.forename()) {
            name.know(word, lexicon);
        }
        self.most_in(outline, middles, lexicon).0
    }

    /// As [`AskedName::most_of`], of one who has several forenames, as written.
    pub(crate) fn most_of_several(
        &mut self,
        labels: &[Label],
        outline: Outline,
        middles: Middles,
        lexicons: &Lexicons,
    ) -> i32 {
        let AskedName::Full(name) = self else { return weight::INITIAL };
        let mut most = if outline.may_have_middle(middles) { MIDDLE_POINTS } else { 0 };
        for read in labels.iter().filter_map(|label| lexicons.written.kept(*label)) {
            for word in read.whole.iter().chain(read.parts()) {
                name.know(*word, &lexicons.names);
                most = most.max(name.most_of(*word, &lexicons.names).0);
            }
        }
        weight::of_points(most, weight::FORENAME)
    }

    /// The most that a child could score by it as a surname who is on no list of one near, and how near it may be.
    pub(crate) fn most_beside(&self, surname: Told, lexicon: &Lexicon) -> (i32, Nearness) {
        let points = match (self, surname) {
            (AskedName::Full(name), Told::One(word)) => name.most_of(word, lexicon).0.min(LOOSE_POINTS_MAX),
            (AskedName::Full(_) | AskedName::Initial(_) | AskedName::Start(_), _) => LOOSE_POINTS_MAX,
        };
        (weight::of_points(points, weight::SURNAME), Nearness::of_points(points))
    }

    /// The most that a child could score by it, weighed as `full`, who has a name near it; none who has not.
    pub(crate) fn most_if_near(&self, told: Told, full: i32) -> Option<i32> {
        let (AskedName::Full(name), Told::One(word)) = (self, told) else { return Some(full) };
        let known = name.answers.get(&word).filter(|known| known.is_near())?;
        Some(weight::of_points(known.points, full))
    }

    /// As the first of [`AskedName::most_beside`], with the word compared.
    pub(crate) fn most_of_surname(&mut self, surname: Told, lexicon: &Lexicon) -> i32 {
        if let (AskedName::Full(name), Told::One(word)) = (&mut *self, surname) {
            name.know(word, lexicon);
        }
        self.most_beside(surname, lexicon).0
    }
}

impl FullName {
    /// The most points that a word could have, and whether it is near: of one not compared yet by its letters.
    fn most_of(&self, word: Word, lexicon: &Lexicon) -> (u16, bool) {
        if let Some(known) = self.answers.get(&word) {
            return (known.points, known.is_near());
        }
        let points = match lexicon.letters(word) {
            Some(letters) => match self.whole.most_if_loose(letters) {
                points if points >= FAINT_POINTS => points,
                _ if self.whole.may_be_within_two_edits(letters) => FAINT_POINTS,
                points => points,
            },
            None => LOOSE_POINTS_MAX,
        };
        (points, false)
    }

    /// Compares with a word, once.
    fn know(&mut self, word: Word, lexicon: &Lexicon) {
        if !self.answers.contains_key(&word)
            && let Some(spelling) = lexicon.spelling(word)
        {
            self.compare_with(word, spelling);
        }
    }
}
