//! What a child is called: forename and surname, exact or near, straight or changed about.
//!
//! Source: matching.md 3.3. A name criterion is compared once with each distinct word and the answer kept, so
//! that a thousand children of one surname cost one comparison.

use linkage::{
    normal,
    resemblance::{Comparer, Kind, POINTS_MAX, Resemblance},
    spelling::Spelling,
};

use crate::{
    lexicon::{Lexicon, Word},
    numbered::WordMap,
    outline::{Middles, Outline, Told},
    query::stated,
    row::{HeldName, Kinds, NameRole},
    weight,
};

/// What a former name counts beside a borne one, in hundredths.
const FORMER_SHARE: u16 = 95;

/// Points of a middle name that is asked for as the forename.
const MIDDLE_POINTS: u16 = 600;

/// What forename and surname changed about cost, in hundredths of a bit.
pub(crate) const SWAP_COST: i32 = 150;

/// Points from which a likeness without a relation still says something.
const LOOSE_POINTS_MIN: u16 = 380;

/// Most points of a likeness that no table lists: a loose one, or a middle name.
const LOOSE_POINTS_MAX: u16 = 700;

/// One name criterion.
pub(crate) enum AskedName {
    /// A name in full, and the answers so far.
    Full(Box<FullName>),
    /// One letter.
    Initial(String),
    /// The start of a name, asked for by a wildcard.
    Start(String),
}

/// A name in full.
pub(crate) struct FullName {
    whole: Comparer,
    parts: Vec<Comparer>,
    answers: WordMap<Resemblance>,
}

/// How a child's words in one role answer one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NameFit {
    points: u16,
    near: bool,
    exact: bool,
    former: bool,
}

/// How a child's names answer both criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamingFit {
    pub(crate) weight: i32,
    pub(crate) exact: bool,
    pub(crate) former: bool,
    pub(crate) surname: Nearness,
    pub(crate) forename: Nearness,
    /// Both are near the other way about.
    pub(crate) swapped: bool,
}

/// How near one part of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// Not, or not asked for.
    Apart,
    /// By letters alone; no table lists it.
    Loose,
    /// By the first letter, which is all that was asked for.
    Initial,
    /// By a relation that the lexicon lists.
    Near,
}

/// The two name criteria.
pub(crate) struct Naming {
    pub(crate) forename: Option<AskedName>,
    pub(crate) surname: Option<AskedName>,
}

impl AskedName {
    /// Reads a forename criterion: one letter is an initial.
    pub(crate) fn forename(text: Option<&str>) -> Option<AskedName> {
        let text = text.filter(|text| stated(Some(text)))?;
        if normal::is_initial(text) {
            return Some(AskedName::Initial(normal::words(text).concat()));
        }
        AskedName::surname(Some(text))
    }

    /// Reads a surname criterion: some surnames are one letter.
    pub(crate) fn surname(text: Option<&str>) -> Option<AskedName> {
        let text = text.filter(|text| stated(Some(text)))?;
        let (whole, parts) = normal::name(text);
        if text.contains('*') {
            return Some(AskedName::Start(whole));
        }
        let ready = |name: &str| Comparer::new(Spelling::name(name));
        let parts = parts.iter().map(|part| ready(part)).collect();
        Some(AskedName::Full(Box::new(FullName { whole: ready(&whole), parts, answers: WordMap::default() })))
    }

    /// Every word near it; none for an initial, which is near too many to drive a search.
    pub(crate) fn near_words(&self, lexicon: &Lexicon) -> Option<Vec<Word>> {
        match self {
            AskedName::Full(name) => {
                let mut words: Vec<Word> = name.near(lexicon).map(|(word, _)| word).collect();
                words.sort_unstable();
                words.dedup();
                Some(words)
            }
            AskedName::Start(_) => self.exact_words(lexicon),
            AskedName::Initial(_) => None,
        }
    }

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

    /// Every word that answers it exactly; none for an initial.
    pub(crate) fn exact_words(&self, lexicon: &Lexicon) -> Option<Vec<Word>> {
        match self {
            AskedName::Full(name) => Some(lexicon.word(&name.whole.asked().text).into_iter().collect()),
            AskedName::Start(start) => Some(lexicon.starting(start)),
            AskedName::Initial(_) => None,
        }
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

    /// The most that a child could score by it as a surname who is on no list of one near, and whether it may be
    /// loosely alike.
    pub(crate) fn most_beside(&self, surname: Told, lexicon: &Lexicon) -> (i32, bool) {
        let points = match (self, surname) {
            (AskedName::Full(name), Told::One(word)) => name.most_of(word, lexicon).0.min(LOOSE_POINTS_MAX),
            (AskedName::Full(_) | AskedName::Initial(_) | AskedName::Start(_), _) => LOOSE_POINTS_MAX,
        };
        (weight::of_points(points, weight::SURNAME), points >= LOOSE_POINTS_MIN)
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

    fn most(&self, full: i32) -> i32 {
        match self {
            AskedName::Initial(_) => weight::INITIAL,
            AskedName::Full(_) | AskedName::Start(_) => full,
        }
    }

    fn answer(&mut self, held: HeldName, lexicon: &Lexicon) -> Resemblance {
        match self {
            AskedName::Full(name) => {
                let known = name.answers.get(&held.word).copied();
                let compared = || Some(name.compare_with(held.word, lexicon.spelling(held.word)?));
                let whole = known.or_else(compared).unwrap_or(Resemblance::APART);
                if held.part { whole.of_part() } else { whole }
            }
            AskedName::Initial(start) | AskedName::Start(start) => {
                let Some(spelling) = lexicon.spelling(held.word) else { return Resemblance::APART };
                let begins = !held.part && spelling.text.starts_with(start.as_str());
                if begins { Resemblance { kind: Kind::Same, points: POINTS_MAX } } else { Resemblance::APART }
            }
        }
    }

    fn fit(&mut self, role: NameRole, names: &[HeldName], visible: Kinds, lexicon: &Lexicon) -> NameFit {
        let mut best = NameFit { points: 0, near: false, exact: false, former: false };
        for held in names.iter().filter(|held| held.kinds.meet(visible)) {
            let middle = held.role == NameRole::Middle && role == NameRole::Forename;
            if held.role != role && !middle {
                continue;
            }
            let found = self.answer(*held, lexicon);
            let former = held.kinds.only_former(visible);
            let points = match (middle, former) {
                (true, _) if found.kind != Kind::Same => 0,
                (true, _) => MIDDLE_POINTS,
                (false, true) => found.points / 100 * FORMER_SHARE,
                (false, false) => found.points,
            };
            best.near |= !middle && found.is_near();
            best.exact |= !middle && !held.part && found.points == POINTS_MAX;
            if points > best.points {
                (best.points, best.former) = (points, former);
            }
        }
        best
    }
}

impl NameFit {
    fn nearness(self) -> Nearness {
        match (self.near, self.points >= LOOSE_POINTS_MIN) {
            (true, _) => Nearness::Near,
            (false, true) => Nearness::Loose,
            (false, false) => Nearness::Apart,
        }
    }
}

impl FullName {
    fn comparers(&self) -> impl Iterator<Item = (bool, &Comparer)> {
        [(false, &self.whole)].into_iter().chain(self.parts.iter().map(|part| (true, part)))
    }

    /// The words near the whole or a part, with how near; some more than once.
    fn near(&self, lexicon: &Lexicon) -> impl Iterator<Item = (Word, Resemblance)> {
        self.comparers().flat_map(|(_, comparer)| lexicon.near(comparer))
    }

    /// The most points that a word could have, and whether it is near: of one not compared yet by its letters.
    fn most_of(&self, word: Word, lexicon: &Lexicon) -> (u16, bool) {
        if let Some(known) = self.answers.get(&word) {
            return (known.points, known.is_near());
        }
        let loose = lexicon.letters(word).is_none_or(|letters| self.whole.may_be_loose(letters));
        (if loose { LOOSE_POINTS_MAX } else { 0 }, false)
    }

    /// Compares with a word, once.
    fn know(&mut self, word: Word, lexicon: &Lexicon) {
        if !self.answers.contains_key(&word)
            && let Some(spelling) = lexicon.spelling(word)
        {
            self.compare_with(word, spelling);
        }
    }

    fn compare_with(&mut self, word: Word, held: &Spelling) -> Resemblance {
        let found = self.comparers().fold(Resemblance::APART, |found, (part, comparer)| {
            let one = comparer.compare(held);
            found.or(if part { one.of_part() } else { one })
        });
        self.answers.insert(word, found);
        found
    }
}

impl Naming {
    /// The most that could be scored; 0 when no name is asked for.
    pub(crate) fn possible(&self) -> i32 {
        self.surname.as_ref().map_or(0, |name| name.most(weight::SURNAME))
            + self.forename.as_ref().map_or(0, |name| name.most(weight::FORENAME))
    }

    /// Weighs the names that are visible.
    pub(crate) fn fit(&mut self, names: &[HeldName], visible: Kinds, lexicon: &Lexicon) -> NamingFit {
        let mut fit = NamingFit {
            weight: 0,
            exact: true,
            former: false,
            surname: Nearness::Apart,
            forename: Nearness::Apart,
            swapped: false,
        };
        if let Some(asked) = &mut self.surname {
            let found = asked.fit(NameRole::Surname, names, visible, lexicon);
            fit.weight += weight::of_points(found.points, asked.most(weight::SURNAME));
            fit.exact &= found.exact;
            fit.former |= found.former;
            fit.surname = found.nearness();
        }
        if let Some(asked) = &mut self.forename {
            let found = asked.fit(NameRole::Forename, names, visible, lexicon);
            fit.weight += weight::of_points(found.points, asked.most(weight::FORENAME));
            fit.exact &= found.exact;
            fit.former |= found.former;
            fit.forename = match (found.nearness(), &asked) {
                (Nearness::Near, AskedName::Initial(_)) => Nearness::Initial,
                (nearness, _) => nearness,
            };
        }
        if !fit.exact {
            self.change_about(&mut fit, names, visible, lexicon);
        }
        fit
    }

    /// Takes the names the other way about where that is the better fit.
    fn change_about(&mut self, fit: &mut NamingFit, names: &[HeldName], visible: Kinds, lexicon: &Lexicon) {
        let (Some(surname), Some(forename)) = (&mut self.surname, &mut self.forename) else { return };
        if matches!(forename, AskedName::Initial(_)) {
            return;
        }
        let as_forename = surname.fit(NameRole::Forename, names, visible, lexicon);
        let as_surname = forename.fit(NameRole::Surname, names, visible, lexicon);
        if !as_forename.near || !as_surname.near {
            return;
        }
        fit.swapped = true;
        let weight = weight::of_points(as_forename.points, surname.most(weight::SURNAME))
            + weight::of_points(as_surname.points, forename.most(weight::FORENAME))
            - SWAP_COST;
        if weight > fit.weight {
            fit.weight = weight;
            fit.former = as_forename.former || as_surname.former;
        }
    }
}
