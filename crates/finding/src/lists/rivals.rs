//! Rivals: how likely a pair is beside the other pairs of the same two people.
//!
//! Source: matching.md 3.4. A description is of one person, so whoever else it might be takes a part; but two
//! descriptions of one person in the other list are no rivals of each other.

use std::collections::{BTreeMap, HashMap};

use linkage::{
    centibits::{Centibits, probability_of_odds},
    choose::against,
    model::Scales,
    pattern::compare,
    person::Person,
};

use super::{Lists, Pair};

/// From these odds on two of one list, one beside the other, are one person.
const ONE_PERSON: Centibits = 0;

/// Odds from which a pair counts for sure: six bits.
const SURE: Centibits = 600;

/// One in so many met twice makes a list one in which people come twice.
const TWICE_SHARE: u32 = 20;

/// Odds below this take nothing from anybody that shows, and are not worth a line themselves: one in 128.
const OUT_OF_SIGHT: Centibits = -700;

/// The judgement of all pairs.
pub(super) struct Rivalry<'a> {
    pub(super) lists: &'a Lists<'a>,
    pub(super) scales: &'a Scales,
    pub(super) prior: Centibits,
    pub(super) population: u64,
}

/// By whom one person is met, with what odds.
type Met = HashMap<u32, Vec<(u32, Centibits)>>;

impl Rivalry<'_> {
    /// The probability of each pair, the lesser of what it is on either side.
    pub(super) fn judge(&self, pairs: &[(Pair, Centibits)]) -> BTreeMap<Pair, f64> {
        let (mut of_right, mut of_left) = (Met::new(), Met::new());
        for ((left, right), odds) in pairs {
            of_right.entry(*right).or_default().push((*left, *odds));
            let of_left = if self.lists.within { &mut of_right } else { &mut of_left };
            of_left.entry(*left).or_default().push((*right, *odds));
        }
        let mut probable = BTreeMap::new();
        let mut note = |one: u32, other: u32, probability: f64| {
            let pair = if self.lists.within { (one.min(other), one.max(other)) } else { (one, other) };
            probable
                .entry(pair)
                .and_modify(|known: &mut f64| *known = known.min(probability))
                .or_insert(probability);
        };
        // Where people come twice in a list, two who fit one of the other list are no rivals.
        let free = |met: &Met| !self.lists.within && come_twice(met);
        let (free_left, free_right) = (free(&of_right), free(&of_left));
        for (right, rivals) in &of_right {
            for (left, probability) in self.shared(rivals, self.lists.left, free_left) {
                note(left, *right, probability);
            }
        }
        for (left, rivals) in &of_left {
            for (right, probability) in self.shared(rivals, self.lists.right, free_right) {
                note(*left, right, probability);
            }
        }
        probable
    }

    fn shared(&self, rivals: &[(u32, Centibits)], people: &[Person], free: bool) -> Vec<(u32, f64)> {
        let probability = |(at, (rival, odds)): (usize, &(u32, Centibits))| {
            let others = rivals.iter().enumerate().filter(|(other_at, (other, theirs))| {
                *other_at != at && *theirs > OUT_OF_SIGHT && !self.are_one(people, *rival, *other)
            });
            let others: Vec<Centibits> = if free || *odds <= OUT_OF_SIGHT {
                Vec::new()
            } else {
                others.map(|(_, (_, theirs))| *theirs).collect()
            };
            (*rival, probability_of_odds(against(*odds, &others)))
        };
        rivals.iter().enumerate().map(probability).collect()
    }

    fn are_one(&self, people: &[Person], one: u32, other: u32) -> bool {
        let (Some(one), Some(other)) = (people.get(one as usize), people.get(other as usize)) else {
            return false;
        };
        let pattern = compare(one, other, &self.lists.names);
        self.prior + self.scales.weigh(&pattern, self.population).likelihood >= ONE_PERSON
    }
}

/// Tells whether one list holds people more than once, by how many of the other are met twice for sure.
fn come_twice(met: &Met) -> bool {
    let sure = |rivals: &Vec<(u32, Centibits)>| rivals.iter().filter(|(_, odds)| *odds >= SURE).count();
    let (once, twice) = met
        .values()
        .map(sure)
        .fold((0_u32, 0_u32), |(once, twice), met| (once + u32::from(met > 0), twice + u32::from(met > 1)));
    twice.saturating_mul(TWICE_SHARE) > once
}
