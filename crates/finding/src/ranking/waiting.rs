//! Who waits to be judged, and the best judged so far.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    judge::{Verdict, WHOLE},
    table::Slot,
    weight,
};

/// A child that may be read, with what its names were taken to score at most.
pub(super) type Waiter = (Slot, Taken);

/// What names were taken to score at most, as far as comparing the words would tell more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// The forename, where its word bounds it.
    pub(super) forename: Option<i32>,
    /// The surname, which is not near, is at most loosely alike.
    pub(super) surname_loose: bool,
}

impl Taken {
    /// A forename, beside a surname that is on a list.
    pub(super) fn of(forename: i32) -> Taken {
        Taken { forename: Some(forename), surname_loose: false }
    }
}

/// Who is to be judged, by what they could score at most.
pub(super) struct Waiting {
    by_most: Vec<Vec<Waiter>>,
    /// Above this nobody waits.
    top: usize,
}

impl Waiting {
    /// With room for scores up to `possible`.
    pub(super) fn new(possible: i32) -> Waiting {
        let places = usize::try_from(possible).unwrap_or_default() + 1;
        Waiting { by_most: vec![Vec::new(); places], top: 0 }
    }

    /// Lets a child wait; one who could score nothing is nobody's answer.
    pub(super) fn put(&mut self, most: i32, waiter: Waiter) {
        let Ok(most) = usize::try_from(most) else { return };
        let most = most.min(self.by_most.len() - 1);
        if let Some(waiters) = self.by_most.get_mut(most) {
            waiters.push(waiter);
            self.top = self.top.max(most);
        }
    }

    /// Takes those who could score most, `least` or more.
    pub(super) fn next(&mut self, least: i32) -> Option<(i32, Vec<Waiter>)> {
        let least = usize::try_from(least).unwrap_or_default();
        loop {
            let waiters = self.by_most.get_mut(self.top).filter(|_| self.top >= least)?;
            if !waiters.is_empty() {
                return Some((i32::try_from(self.top).unwrap_or(i32::MAX), std::mem::take(waiters)));
            }
            self.top = self.top.checked_sub(1)?;
        }
    }
}

/// The best found so far.
pub(super) struct Best {
    wanted: usize,
    found: BinaryHeap<Reverse<(bool, i32, Reverse<u64>)>>,
}

impl Best {
    pub(super) fn new(wanted: usize) -> Best {
        Best { wanted, found: BinaryHeap::new() }
    }

    pub(super) fn note(&mut self, verdict: Verdict, number: u64) {
        self.found.push(Reverse((verdict.exact, verdict.share, Reverse(number))));
        if self.found.len() > self.wanted {
            self.found.pop();
        }
    }

    /// The share below which nobody is found any more.
    pub(super) fn least(&self) -> i32 {
        self.last().map_or(weight::SHARE_MIN, |(_, share, _)| share)
    }

    /// The child number above which nobody is found any more who could reach `share` at most.
    ///
    /// Who is exact could reach the whole: beside one at the whole who is not, nothing is told.
    pub(super) fn number_max(&self, share: i32) -> Option<u64> {
        let (exact, least, Reverse(number)) = self.last()?;
        (share == least && (exact || least < WHOLE)).then_some(number)
    }

    fn last(&self) -> Option<(bool, i32, Reverse<u64>)> {
        self.found.peek().filter(|_| self.found.len() >= self.wanted).map(|Reverse(last)| *last)
    }
}
