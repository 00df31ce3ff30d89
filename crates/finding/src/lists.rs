//! Two lists of people against one another, or one within itself: record linkage without a directory.
//!
//! The same comparison, model and choice as a feed's (contract.md section 1, `link`). How rare names are and what
//! the lists' own mistakes are like is learnt from the lists first, without truth.

mod blocks;
mod closure;
mod rivals;

use std::collections::BTreeMap;

use linkage::{
    centibits::{Centibits, not, of_share},
    choose::LINK,
    keys::{Keys, keys, probes},
    learn::{Counts, Evidence, learn},
    model::Model,
    pattern::{Pattern, compare},
    person::Person,
    rarity::Names,
};

use blocks::Blocks;
use rivals::Rivalry;

/// Pairs drawn at random, to learn what chance makes: enough to meet a level of one in ten thousand, and for
/// short lists a hundred a person.
const RANDOM_PAIRS: u64 = 400_000;
const RANDOM_PAIRS_A_PERSON: usize = 100;

/// Below this probability a pair is not worth a line.
pub const WORTH_A_LINE: f64 = 0.01;

/// However many matches a list seems to hold, one description in ten is believed to be of somebody else.
const HELD_MAX: f64 = 0.9;

/// One pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Place in the left list.
    pub left: u32,
    /// Place in the right list, or a later one in the left where it is linked within itself.
    pub right: u32,
    /// How likely the two are one person.
    pub probability: f64,
    /// That is enough, and no identifier speaks against it.
    pub is_match: bool,
}

/// Two people by their places.
type Pair = (u32, u32);

/// A pair that shares a blocking key.
struct Candidate {
    pair: Pair,
    pattern: Pattern,
}

/// Two lists, or one beside itself.
struct Lists<'a> {
    left: &'a [Person],
    right: &'a [Person],
    within: bool,
    names: Names,
    left_keys: Vec<Keys>,
    /// None of its own where one list is linked within itself.
    right_keys: Vec<Keys>,
}

/// Links, best first, then by places.
///
/// Cost: some microseconds a pair that shares a blocking key, twenty or so a person; memory about 1 KB a person.
pub fn link(left: &[Person], right: Option<&[Person]>, model: &Model) -> Vec<Link> {
    let mut names = Names::default();
    for person in left.iter().chain(right.into_iter().flatten()) {
        names.count(person);
    }
    let lists = Lists {
        left,
        right: right.unwrap_or(left),
        within: right.is_none(),
        names,
        left_keys: left.iter().map(keys).collect(),
        right_keys: right.into_iter().flatten().map(keys).collect(),
    };
    let candidates = lists.candidates();
    let (scales, prior) = lists.learnt(&candidates, model);
    let population = u64::try_from(left.len()).unwrap_or(u64::MAX);
    let odds: Vec<(Pair, Centibits)> = candidates
        .iter()
        .map(|candidate| (candidate.pair, prior + scales.weigh(&candidate.pattern, population).likelihood))
        .collect();
    let mut probable = Rivalry { lists: &lists, scales: &scales, prior, population }.judge(&odds);
    if lists.within {
        closure::close(&mut probable);
    }
    let conflicting: BTreeMap<Pair, bool> = candidates
        .iter()
        .map(|candidate| (candidate.pair, candidate.pattern.identifiers_conflict()))
        .collect();
    let mut links: Vec<Link> = probable
        .into_iter()
        .filter(|(_, probability)| *probability >= WORTH_A_LINE)
        .map(|(pair, probability)| Link {
            left: pair.0,
            right: pair.1,
            probability,
            is_match: probability >= LINK && !conflicting.get(&pair).copied().unwrap_or_default(),
        })
        .collect();
    links.sort_by(|one, other| {
        let places = (one.left, one.right).cmp(&(other.left, other.right));
        other.probability.total_cmp(&one.probability).then(places)
    });
    links
}

impl Lists<'_> {
    fn candidates(&self) -> Vec<Candidate> {
        let mut blocks = Blocks::default();
        for (place, keys) in (0_u32..).zip(&self.left_keys) {
            blocks.insert(place, keys);
        }
        let mut candidates = Vec::new();
        let mut found = Vec::new();
        for (place, person) in (0_u32..).zip(self.right) {
            blocks.candidates(&probes(person), &mut found);
            for other in found.iter().copied().filter(|other| !self.within || *other < place) {
                if let Some(held) = self.left.get(other as usize) {
                    candidates.push(Candidate {
                        pair: (other, place),
                        pattern: compare(held, person, &self.names),
                    });
                }
            }
        }
        candidates
    }

    /// What the lists teach: scales, and the odds that two drawn at random are one person, beside those that a
    /// description is of nobody in the other list.
    fn learnt(&self, candidates: &[Candidate], model: &Model) -> (linkage::model::Scales, Centibits) {
        let mut met = Counts::new();
        for candidate in candidates {
            *met.entry(candidate.pattern).or_default() += 1;
        }
        let (left, right) = (plain(self.left.len()), plain(self.right.len()));
        let pairs = if self.within { left * (left - 1.0) / 2.0 } else { left * right }.max(1.0);
        let random = self.random_pairs();
        let population = u64::try_from(self.left.len()).unwrap_or(u64::MAX);
        let evidence = Evidence { candidates: &met, random: &random, pairs, population };
        let learnt = learn("of-the-lists", model, &evidence);
        let held = (learnt.matches / right.max(1.0)).min(HELD_MAX);
        (learnt.model.scales(), of_share(learnt.matches / pairs) - not(of_share(held)))
    }

    /// Pairs drawn by a counter from the people in the order of their keys: whatever order the files have, the
    /// same pairs.
    fn random_pairs(&self) -> Counts {
        let in_order = |of: &[Keys]| {
            let mut places: Vec<usize> = (0..of.len()).collect();
            places.sort_by_key(|place| of.get(*place).map(|keys| &keys.sure));
            places
        };
        let left = in_order(&self.left_keys);
        let right = if self.within { left.clone() } else { in_order(&self.right_keys) };
        let mut counts = Counts::new();
        let enough = (self.left.len() + self.right.len()) * RANDOM_PAIRS_A_PERSON;
        for draw in 0..RANDOM_PAIRS.min(u64::try_from(enough).unwrap_or(RANDOM_PAIRS)) {
            let one = left.get(drawn(2 * draw, left.len())).and_then(|place| self.left.get(*place));
            let other = right.get(drawn(2 * draw + 1, right.len())).and_then(|place| self.right.get(*place));
            if let (Some(one), Some(other)) = (one, other)
                && !std::ptr::eq(one, other)
            {
                *counts.entry(compare(one, other, &self.names)).or_default() += 1;
            }
        }
        counts
    }
}

/// A place below `length`, by splitmix64.
fn drawn(number: u64, length: usize) -> usize {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let below = u64::try_from(length.max(1)).unwrap_or(1);
    usize::try_from(mixed % below).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "lists are far below 2^53")]
fn plain(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod spec;
