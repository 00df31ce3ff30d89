//! Classes of days of birth: those that score alike, the best first, and of those the youngest.

use std::collections::BTreeMap;

use crate::table::Span;

/// Days that score alike.
pub(super) struct Class {
    /// What a child could score who is filed under one of them.
    pub(super) most: i32,
    /// The last of them: who scores alike stands by the day of birth.
    pub(super) youngest: u16,
    pub(super) spans: Vec<Span>,
}

/// Years of the first two parts of a childhood, counted back from its end: a ninth of it, and as much again twice.
const PARTS: [u16; 2] = [2, 6];
const YEAR: u16 = 365;

/// Every day there is up to today and beyond, in parts: where nothing is asked of birth, the youngest alone may do.
pub(super) fn of_all(today: u16) -> Vec<Class> {
    let mut last = u16::MAX;
    let mut parts = Vec::new();
    for first in PARTS.map(|years| today.saturating_sub(years * YEAR)).into_iter().chain([0]) {
        parts.push(Class { most: 0, youngest: last, spans: vec![(first, last)] });
        last = first.saturating_sub(1);
    }
    parts
}

/// The days of some runs, each from a first day on, by what they score.
pub(super) fn of(runs: &[(u16, Vec<i32>)]) -> Vec<Class> {
    let mut by_most: BTreeMap<i32, Vec<Span>> = BTreeMap::new();
    for (first, run) in runs {
        let mut day = *first;
        for alike in run.chunk_by(|one, next| one == next) {
            let last = day.saturating_add(u16::try_from(alike.len() - 1).unwrap_or(u16::MAX));
            if let Some(most) = alike.first() {
                by_most.entry(*most).or_default().push((day, last));
            }
            day = last.saturating_add(1);
        }
    }
    let class = |(most, spans): (i32, Vec<Span>)| {
        let youngest = spans.iter().map(|span| span.1).max().unwrap_or_default();
        Class { most, youngest, spans }
    };
    by_most.into_iter().rev().map(class).collect()
}
