//! Classes of days of birth: those that score alike, the best first.

use std::collections::BTreeMap;

use crate::{judge::Asked, table::Span};

/// Days that score alike.
pub(super) struct Class {
    /// What a child could score who is filed under one of them.
    pub(super) most: i32,
    pub(super) spans: Vec<Span>,
}

/// Every day under which a child could be filed who can be meant.
pub(super) fn of(asked: &Asked) -> Vec<Class> {
    if asked.born.possible() == 0 {
        return vec![Class { most: 0, spans: asked.born.spans() }];
    }
    let mut by_most: BTreeMap<i32, Vec<Span>> = BTreeMap::new();
    for (from, to) in asked.born.spans() {
        let mut run: Option<(i32, Span)> = None;
        for day in from..=to {
            let most = asked.born.most_if_filed(day);
            match &mut run {
                Some((alike, (_, last))) if *alike == most => *last = day,
                _ => {
                    if let Some((before, span)) = run.replace((most, (day, day))) {
                        by_most.entry(before).or_default().push(span);
                    }
                }
            }
        }
        if let Some((most, span)) = run {
            by_most.entry(most).or_default().push(span);
        }
    }
    by_most.into_iter().rev().map(|(most, spans)| Class { most, spans }).collect()
}
