//! The matcher: which child a description means, among all children held.
//!
//! What a feed row is judged by (matching.md 3, rules.md 2.7). A shielded child is known here twice: by what its
//! record shows, which alone may link to it, and by everything, so that no likeness to it is ever overlooked.

use linkage::{
    centibits::{Centibits, log2, of_share, probability_of_odds, sum},
    choose::{ASK, ASK_SHIELDED},
    model::{Model, Scales},
    pattern::{Field, Pattern, compare},
    person::Person,
};
use vocabulary::{ChildId, ChildNumber};

use crate::{facts::Facts, index::Index, probing};

/// A directory is believed to be of at least so many people, however few it holds: the others may be sent next.
pub(crate) const POPULATION_MIN: u64 = 100_000;

/// How many descriptions in a hundred are of a child already held, when nothing else is known.
const HELD_SHARE: f64 = 0.8;

/// Below these odds a candidate takes nothing from another that shows.
const OUT_OF_SIGHT: Centibits = -900;

/// What one child is matched with. A postcode of more than seven signs is left out: a directory holds none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// By what anybody may see of the record, and by verified identifiers: what may link to it.
    pub shown: Person,
    /// By everything, where that is more: on a shielded record.
    pub hidden: Option<Person>,
    /// The number, to order candidates that are alike.
    pub number: ChildNumber,
}

/// What weighs descriptions against the children of an [`Index`].
pub struct Matcher {
    model: Model,
    pub(crate) scales: Scales,
}

/// By how much of a child it is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Everything,
    Shown,
}

/// One child that a description may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub child: ChildId,
    /// Its number.
    pub number: ChildNumber,
    /// Its record is shielded.
    pub shielded: bool,
    /// How what is shown compares.
    pub pattern: Pattern,
    /// Logarithm of the odds before anything was compared.
    pub prior: Centibits,
    /// What is taken because siblings and twins agree on much.
    pub kin: Centibits,
    /// What is taken because others could be meant too.
    pub rivals: Centibits,
    /// Logarithm of the odds by what is shown: prior and lines, less kin and rivals.
    pub odds: Centibits,
    /// Logarithm of the odds by everything: the same, but for a shielded record.
    pub likeness: Centibits,
    /// What each field said, of what is shown.
    pub lines: Vec<(Field, Centibits)>,
}

impl Candidate {
    /// How likely the child is meant, by what is shown.
    pub fn probability(&self) -> f64 {
        probability_of_odds(self.odds)
    }

    /// Tells whether a person must be asked about this child, unless the description is surely another's.
    pub fn is_asked_about(&self) -> bool {
        self.likeness() >= if self.shielded { ASK_SHIELDED } else { ASK }
    }

    /// How likely it is by everything.
    pub fn likeness(&self) -> f64 {
        probability_of_odds(self.likeness.max(self.odds))
    }
}

impl Matcher {
    /// Makes a matcher that weighs by `model`.
    pub fn new(model: Model) -> Matcher {
        let scales = model.scales();
        Matcher { model, scales }
    }

    /// Which model weighs.
    pub fn version(&self) -> &str {
        &self.model.version
    }

    /// The children that a description may mean, likeliest first, then by number; those that a
    /// person must be asked about, and those who share an identifier.
    ///
    /// Cost: some microseconds for each child that shares a name and a year, a home, or an identifier.
    pub fn candidates(&self, index: &Index, described: &Person) -> Vec<Candidate> {
        self.candidates_by(index, described, By::Everything)
    }

    /// As [`Matcher::candidates`], by what shows alone: for whoever must not learn of a likeness to what is hidden.
    pub fn candidates_as_shown(&self, index: &Index, described: &Person) -> Vec<Candidate> {
        self.candidates_by(index, described, By::Shown)
    }

    fn candidates_by(&self, index: &Index, described: &Person, by: By) -> Vec<Candidate> {
        let mut found = self.weighed(index, described, by);
        beside_rivals(&mut found);
        found.retain(|candidate| candidate.is_asked_about() || candidate.pattern.shares_identifier());
        found.sort_by_key(|candidate| {
            (-candidate.likeness.max(candidate.odds), candidate.number, candidate.child)
        });
        for candidate in &mut found {
            candidate.lines = self.scales.lines(&candidate.pattern);
        }
        found
    }

    /// Whoever shares enough, each alone.
    fn weighed(&self, index: &Index, described: &Person, by: By) -> Vec<Candidate> {
        let population = index.bearers.people().max(POPULATION_MIN);
        let prior = of_share(HELD_SHARE) - of_share(1.0 - HELD_SHARE) - log2(population);
        let weighing = Weighing { scales: &self.scales, index, prior, population };
        let described = Known { shown: described, hidden: None };
        let mut facts = Facts::default();
        let mut found: Vec<Candidate> = Vec::new();
        for slot in probing::slots(index, described.shown) {
            let Some(child) = index.read(slot, &mut facts) else { continue };
            let Some(matched) = &facts.matched else { continue };
            let shown = matched.shown.person(&index.lexicons);
            let hidden = matched.hidden.as_ref().filter(|_| by == By::Everything);
            let hidden = hidden.map(|hidden| hidden.person(&index.lexicons));
            let held = Known { shown: &shown, hidden: hidden.as_ref() };
            let mut candidate = weighing.weighed(described, (child, facts.child_number()), held);
            candidate.shielded = matched.hidden.is_some();
            found.push(candidate);
        }
        found
    }
}

/// How somebody is known: by what shows, and by everything where that is more.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) shown: &'a Person,
    pub(crate) hidden: Option<&'a Person>,
}

impl<'a> Known<'a> {
    fn all(self) -> &'a Person {
        self.hidden.unwrap_or(self.shown)
    }
}

/// What two are weighed by.
pub(crate) struct Weighing<'a> {
    pub(crate) scales: &'a Scales,
    pub(crate) index: &'a Index,
    pub(crate) prior: Centibits,
    pub(crate) population: u64,
}

impl Weighing<'_> {
    /// Weighs somebody beside a child, alone and without its lines.
    pub(crate) fn weighed(
        &self,
        described: Known<'_>,
        (child, number): (ChildId, ChildNumber),
        held: Known<'_>,
    ) -> Candidate {
        let rarity = self.index.bearers.rarity(&self.index.lexicons.names);
        let pattern = compare(described.shown, held.shown, &rarity);
        let weight = self.scales.weigh(&pattern, self.population);
        let shielded = described.hidden.is_some() || held.hidden.is_some();
        let likeness = if shielded {
            let of_all = compare(described.all(), held.all(), &rarity);
            self.scales.weigh(&of_all, self.population).likelihood
        } else {
            weight.likelihood
        };
        Candidate {
            child,
            number,
            shielded,
            pattern,
            prior: self.prior,
            kin: weight.kin,
            rivals: 0,
            odds: self.prior + weight.likelihood,
            likeness: self.prior + likeness,
            lines: Vec::new(),
        }
    }
}

/// Lets each candidate's odds stand beside the others': two who fit alike have a half each.
fn beside_rivals(found: &mut [Candidate]) {
    // In an order of their own: sums of rounded logarithms depend on it, and places on who came first.
    found
        .sort_by_key(|candidate| (candidate.likeness.max(candidate.odds), candidate.number, candidate.child));
    let alone: Vec<Centibits> =
        found.iter().map(|candidate| candidate.likeness.max(candidate.odds)).collect();
    for (at, candidate) in found.iter_mut().enumerate() {
        let others = alone.iter().enumerate().filter(|(other, odds)| *other != at && **odds > OUT_OF_SIGHT);
        candidate.rivals = others.fold(0, |whole, (_, odds)| sum(whole, *odds));
        candidate.odds -= candidate.rivals;
        candidate.likeness -= candidate.rivals;
    }
}

#[cfg(test)]
pub(crate) mod properties;
#[cfg(test)]
pub(crate) mod spec;
