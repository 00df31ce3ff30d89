//! The matcher: which child a description means, among all children held.
//!
//! What a feed row is judged by (matching.md 3, rules.md 2.7). A shielded child is known here twice: by what its
//! record shows, which alone may link to it, and by everything, so that no likeness to it is ever overlooked.

use std::collections::HashMap;

use linkage::{
    centibits::{Centibits, log2, of_share, probability_of_odds, sum},
    choose::{ASK, ASK_SHIELDED},
    keys::{Keys, keys, probes},
    model::{Model, Scales},
    pattern::{Field, Pattern, compare},
    person::Person,
    rarity::Names,
};
use vocabulary::{ChildId, ChildNumber};

use crate::blocks::Blocks;

/// A directory is believed to be of at least so many people, however few it holds: the others may be sent next.
const POPULATION_MIN: u64 = 100_000;

/// How many descriptions in a hundred are of a child already held, when nothing else is known.
const HELD_SHARE: f64 = 0.8;

/// Who shares one key shares it by chance mostly, and the same child is met by many: on the development set the same
/// children are found, of half as many candidates.
const SHARED_KEYS_MIN: usize = 2;

/// Below these odds a candidate takes nothing from another that shows.
const OUT_OF_SIGHT: Centibits = -900;

/// What is known of one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// By what anybody may see of the record, and by verified identifiers: what may link to it.
    pub shown: Person,
    /// By everything, where that is more: on a shielded record.
    pub hidden: Option<Person>,
    /// The number, to order candidates that are alike.
    pub number: ChildNumber,
}

struct Row {
    child: ChildId,
    held: Held,
    keys: Keys,
}

/// Every child held, for matching.
pub struct Matcher {
    model: Model,
    scales: Scales,
    names: Names,
    blocks: Blocks,
    rows: Vec<Option<Row>>,
    free: Vec<u32>,
    places: HashMap<ChildId, u32>,
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
    /// Makes a matcher that knows nobody.
    pub fn new(model: Model) -> Matcher {
        let scales = model.scales();
        Matcher {
            model,
            scales,
            names: Names::of_a_directory(),
            blocks: Blocks::default(),
            rows: Vec::new(),
            free: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Which model weighs.
    pub fn version(&self) -> &str {
        &self.model.version
    }

    /// Puts a child in, in place of what was known of it. Cost: its keys; no other child is touched.
    pub fn put(&mut self, child: ChildId, held: Held) {
        if self.row_of(child).is_some_and(|row| row.held == held) {
            return;
        }
        self.remove(child);
        let place = self.free.pop().unwrap_or_else(|| {
            self.rows.push(None);
            u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
        });
        let keys = keys(held.hidden.as_ref().unwrap_or(&held.shown));
        self.names.count(&held.shown);
        self.blocks.insert(place, &keys);
        self.places.insert(child, place);
        if let Some(row) = self.rows.get_mut(place as usize) {
            *row = Some(Row { child, held, keys });
        }
    }

    /// Takes a child out; nothing happens when it is not in.
    pub fn remove(&mut self, child: ChildId) {
        let Some(place) = self.places.remove(&child) else { return };
        if let Some(row) = self.rows.get_mut(place as usize).and_then(Option::take) {
            self.names.discount(&row.held.shown);
            self.blocks.remove(place, &row.keys);
            self.free.push(place);
        }
    }

    /// How many children are in.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The children that a description may mean, likeliest first, then by number; those that a
    /// person must be asked about, and those who share an identifier.
    ///
    /// Cost: some microseconds for each child that shares a blocking key.
    pub fn candidates(&self, described: &Person) -> Vec<Candidate> {
        self.candidates_by(described, By::Everything)
    }

    /// As [`Matcher::candidates`], by what shows alone: for whoever must not learn of a likeness to what is hidden.
    pub fn candidates_as_shown(&self, described: &Person) -> Vec<Candidate> {
        self.candidates_by(described, By::Shown)
    }

    fn candidates_by(&self, described: &Person, by: By) -> Vec<Candidate> {
        let population = self.names.people().max(POPULATION_MIN);
        let prior = of_share(HELD_SHARE) - of_share(1.0 - HELD_SHARE) - log2(population);
        let mut places = Vec::new();
        self.blocks.candidates(&probes(described), SHARED_KEYS_MIN, &mut places);
        let rows = places.iter().filter_map(|place| self.rows.get(*place as usize)?.as_ref());
        let mut found: Vec<Candidate> =
            rows.map(|row| self.weighed(described, row, prior, population, by)).collect();
        beside_rivals(&mut found);
        found.retain(|candidate| candidate.is_asked_about() || candidate.pattern.shares_identifier());
        found.sort_by_key(|candidate| {
            (-candidate.likeness.max(candidate.odds), candidate.number, candidate.child)
        });
        found
    }

    fn weighed(&self, described: &Person, row: &Row, prior: Centibits, population: u64, by: By) -> Candidate {
        let pattern = compare(described, &row.held.shown, &self.names);
        let weight = self.scales.weigh(&pattern, population);
        let hidden = row.held.hidden.as_ref().filter(|_| by == By::Everything);
        let likeness = hidden.map_or(weight.likelihood, |hidden| {
            self.scales.weigh(&compare(described, hidden, &self.names), population).likelihood
        });
        Candidate {
            child: row.child,
            number: row.held.number,
            shielded: row.held.hidden.is_some(),
            pattern,
            prior,
            kin: weight.kin,
            rivals: 0,
            odds: prior + weight.likelihood,
            likeness: prior + likeness,
            lines: self.scales.lines(&pattern),
        }
    }

    fn row_of(&self, child: ChildId) -> Option<&Row> {
        self.rows.get(*self.places.get(&child)? as usize)?.as_ref()
    }
}

/// Lets each candidate's odds stand beside the others': two who fit alike have a half each.
fn beside_rivals(found: &mut [Candidate]) {
    // In an order of their own: sums of rounded logarithms depend on it, and places on who came first.
    found.sort_by_key(|candidate| candidate.likeness.max(candidate.odds));
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
mod spec;
