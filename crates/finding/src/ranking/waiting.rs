//! Who waits to be judged, and the best judged so far.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use crate::{
    index::Wanted,
    judge::{Verdict, WHOLE},
    outline::Outline,
    table::Slot,
    weight,
};

/// A child that may be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiter {
    pub(super) slot: Slot,
    /// The day of birth under which it was found; the last there is where no list told it.
    pub(super) day: u16,
    pub(super) outline: Outline,
    pub(super) names: Names,
}

/// What names were taken to score at most, as far as comparing the words would tell more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// The forename, where its word bounds it.
    pub(super) forename: Option<i32>,
    /// The surname, which is not near and at most loosely alike.
    pub(super) surname_loose: Option<i32>,
}

impl Names {
    pub(super) fn taken(self) -> i32 {
        self.forename.unwrap_or_default() + self.surname_loose.unwrap_or_default()
    }
}

/// Who is to be judged, by what they could score at most.
#[derive(Default)]
pub(super) struct Waiting(BTreeMap<i32, Vec<Waiter>>);

impl Waiting {
    /// Lets a child wait.
    pub(super) fn put(&mut self, most: i32, waiter: Waiter) {
        self.0.entry(most).or_default().push(waiter);
    }

    /// Takes those who could score most, `least` or more; the youngest first, who come before others alike.
    pub(super) fn next(&mut self, least: i32) -> Option<(i32, Vec<Waiter>)> {
        let first = self.0.last_entry().filter(|first| *first.key() >= least)?;
        let (most, mut waiters) = first.remove_entry();
        waiters.sort_unstable_by_key(|waiter| Reverse(waiter.day));
        Some((most, waiters))
    }
}

/// By what the found stand in order: exact, share, day of birth, child number.
type Place = (bool, i32, u16, Reverse<u64>);

/// The best found so far.
pub(super) struct Best {
    wanted: Wanted,
    count: usize,
    found: BinaryHeap<Reverse<Place>>,
}

impl Best {
    pub(super) fn new(wanted: Wanted) -> Best {
        Best { wanted, count: 0, found: BinaryHeap::new() }
    }

    /// Tells whether anybody was found.
    pub(super) fn any(&self) -> bool {
        self.count > 0
    }

    pub(super) fn note(&mut self, verdict: Verdict, number: u64) {
        self.count += 1;
        self.found.push(Reverse((verdict.exact, verdict.share, verdict.born, Reverse(number))));
        if self.found.len() > self.wanted.best {
            self.found.pop();
        }
    }

    /// The share below which nobody is found any more.
    pub(super) fn least(&self) -> i32 {
        self.last().map_or(weight::SHARE_MIN, |(_, share, ..)| share)
    }

    /// Tells whether the best stand, as nobody who is not judged yet could reach more than `share`.
    pub(super) fn are_settled(&self, share: i32) -> bool {
        let last = self.found.peek().filter(|_| self.found.len() >= self.wanted.best);
        last.is_some_and(|Reverse((_, least, ..))| *least > share)
    }

    /// Tells whether one who could reach `share` at most, born that day or before, comes after all who are wanted.
    ///
    /// Who is exact could reach the whole: beside one at the whole who is not, neither day nor number tells.
    pub(super) fn is_beyond(&self, share: i32, day: u16, number: impl FnOnce() -> Option<u64>) -> bool {
        let Some((exact, least, youngest, Reverse(highest))) = self.last() else {
            return share < weight::SHARE_MIN;
        };
        if share != least || !exact && least >= WHOLE {
            return share < least;
        }
        day < youngest || day == youngest && number().is_none_or(|number| number > highest)
    }

    /// The last of the best, once there are as many in all as are counted: until then everybody who can be meant is
    /// looked for.
    fn last(&self) -> Option<Place> {
        self.found.peek().filter(|_| self.count >= self.wanted.counted).map(|Reverse(last)| *last)
    }
}
