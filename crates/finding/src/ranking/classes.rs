//! Classes of days of birth: those that score alike, the best first.

use std::collections::BTreeMap;

use crate::table::Span;

/// Days that score alike.
pub(super) struct Class {
    /// What a child could score who is filed under one of them.
    pub(super) most: i32,
    pub(super) spans: Vec<Span>,
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
    by_most.into_iter().rev().map(|(most, spans)| Class { most, spans }).collect()
}
