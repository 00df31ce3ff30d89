//! What a child is called: forename and surname, exact or near, straight or changed about.
//!
//! Source: matching.md 3.3. A name criterion is compared once with each distinct word and the answer kept, so
//! that a thousand children of one surname cost one comparison.

mod bounding;

use linkage::{
    normal,
    resemblance::{Comparer, Kind, POINTS_MAX, Resemblance},
    spelling::Spelling,
};

use crate::{
    lexicon::{Lexicon, Word},
    numbered::WordMap,
    query::{Query, stated},
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

/// Points of two edits where nothing else is alike; from there on a likeness tells something where nobody else is found.
const FAINT_POINTS: u16 = 350;

/// Most points of a likeness that no table lists: a loose one, or a middle name.
const LOOSE_POINTS_MAX: u16 = 700;

/// One name criterion.
pub(crate) enum AskedName {
    /// A name in full, and the answers so far.
    Full(Box<FullName>),
    /// One letter.
    Initial(String),
    /// The start of a name, asked for by wildcards: what stands before, between and after them.
    Start(Vec<String>),
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
    /// By so few letters that it tells something only where nobody else is found.
    Faint,
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
        if text.contains('*') {
            return Some(AskedName::Start(
                text.split('*').map(|piece| normal::words(piece).concat()).collect(),
            ));
        }
        let (whole, parts) = normal::name(text);
        let ready = |name: &str| Comparer::new(Spelling::name(name));
        let parts = parts.iter().map(|part| ready(part)).collect();
        Some(AskedName::Full(Box::new(FullName { whole: ready(&whole), parts, answers: WordMap::default() })))
    }

    /// Tells whether a whole name is near it.
    fn is_answered_by(&self, held: &Spelling) -> bool {
        match self {
            AskedName::Full(name) => name.whole.compare(held).is_near(),
            AskedName::Initial(start) => held.text.starts_with(start.as_str()),
            AskedName::Start(pieces) => is_begun(pieces, &held.text),
        }
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

    /// Every word that answers it exactly; none for an initial.
    pub(crate) fn exact_words(&self, lexicon: &Lexicon) -> Option<Vec<Word>> {
        match self {
            AskedName::Full(name) => Some(lexicon.word(&name.whole.asked().text).into_iter().collect()),
            AskedName::Start(pieces) => {
                let begun = pieces.first().map_or_else(Vec::new, |start| lexicon.starting(start));
                let fits =
                    |word: &Word| lexicon.spelling(*word).is_some_and(|held| is_begun(pieces, &held.text));
                Some(begun.into_iter().filter(fits).collect())
            }
            AskedName::Initial(_) => None,
        }
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
            AskedName::Initial(start) => held.as_begun(lexicon, |text| text.starts_with(start.as_str())),
            AskedName::Start(pieces) => held.as_begun(lexicon, |text| is_begun(pieces, text)),
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

impl HeldName {
    /// The same where the whole of the word begins as was asked for; else nothing.
    fn as_begun(self, lexicon: &Lexicon, begins: impl Fn(&str) -> bool) -> Resemblance {
        let held = lexicon.spelling(self.word).filter(|held| !self.part && begins(&held.text));
        held.map_or(Resemblance::APART, |_| Resemblance { kind: Kind::Same, points: POINTS_MAX })
    }
}

/// Tells whether a word has the pieces in this order, the first at its start and the last at its end.
fn is_begun(pieces: &[String], word: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return false };
    let Some((last, between)) = rest.split_last() else { return word == first };
    let begun = word.strip_prefix(first.as_str());
    let left = between.iter().fold(begun, |left, piece| Some(left?.split_once(piece.as_str())?.1));
    left.is_some_and(|left| left.ends_with(last.as_str()))
}

impl Query {
    /// Tells whether a name, as written, answers the names asked for, straight or changed about.
    ///
    /// For telling which of several former names a search matched; the index itself compares words that it holds.
    pub fn is_answered_by(&self, forename: &str, surname: &str) -> bool {
        let called = AskedName::forename(self.forename.as_deref());
        let named = AskedName::surname(self.surname.as_deref());
        let part = |asked: &Option<AskedName>, held: &str| {
            asked.as_ref().is_none_or(|asked| asked.is_answered_by(&Spelling::name(&normal::name(held).0)))
        };
        let is_initial = matches!(called, Some(AskedName::Initial(_)));
        part(&called, forename) && part(&named, surname)
            || !is_initial && part(&called, surname) && part(&named, forename)
    }
}

impl NameFit {
    fn nearness(self) -> Nearness {
        if self.near { Nearness::Near } else { Nearness::of_points(self.points) }
    }
}

impl Nearness {
    /// Of a likeness that no table lists.
    fn of_points(points: u16) -> Nearness {
        match points {
            LOOSE_POINTS_MIN.. => Nearness::Loose,
            FAINT_POINTS.. => Nearness::Faint,
            _ => Nearness::Apart,
        }
    }
}

impl FullName {
    fn comparers(&self) -> impl Iterator<Item = (bool, &Comparer)> {
        [(false, &self.whole)].into_iter().chain(self.parts.iter().map(|part| (true, part)))
    }

    /// The words near the whole or a part, with how near; some more than once.
    fn near(&self, lexicon: &Lexicon) -> impl Iterator<Item = (Word, Resemblance)> {
        self.comparers().flat_map(|(_, comparer)| lexicon.near(comparer).to_vec())
    }

    fn compare_with(&mut self, word: Word, held: &Spelling) -> Resemblance {
        let found = self.comparers().fold(Resemblance::APART, |found, (part, comparer)| {
            let one = comparer.compare(held);
            found.or(if part { one.of_part() } else { one })
        });
        let found = if found.points < FAINT_POINTS && self.whole.is_within_two_edits(held) {
            Resemblance { kind: Kind::Loose, points: FAINT_POINTS }
        } else {
            found
        };
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
