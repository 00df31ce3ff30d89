//! The index: children put in and taken out one at a time, searched by what a viewer may match on.
//!
//! Source: rules.md 2.4 and 4; house.md 4.7. What a viewer may not see is taken away before anything is
//! counted, weighed, ordered or cut.

use std::{cmp::Reverse, collections::HashMap};

use chrono::NaiveDate;
use vocabulary::{ChildId, ChildNumber};

use crate::{
    candidates,
    entry::Entry,
    judge::{Asked, Search, Verdict, WHOLE},
    postings::{Postings, Slot},
    query::Query,
    row::{Lexicons, Row},
    sight::Sight,
};

/// Most children that one search finds (rules.md 4.2).
pub const FOUND_MAX: usize = 50;

/// Every child that may be found, in memory.
#[derive(Default)]
pub struct Index {
    lexicons: Lexicons,
    postings: Postings,
    rows: Vec<Option<Row>>,
    free: Vec<Slot>,
    slots: HashMap<ChildId, Slot>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Nobody whom this viewer may find so.
    None,
    /// Over [`FOUND_MAX`] children fit exactly; only an exact or wildcard search answers this.
    TooMany,
    /// 1 to [`FOUND_MAX`] children: exact ones first, then by score, then by child number.
    Found(Vec<Hit>),
}

/// One child found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The child.
    pub child: ChildId,
    /// How well it fits, 0 to 1: a share of what the criteria that count could weigh, in millionths.
    pub score: f64,
    /// Every criterion that counts is met exactly.
    pub exact: bool,
    /// It fits by a former name.
    pub matched_former: bool,
}

impl Index {
    /// Makes an empty index.
    pub fn new() -> Index {
        Index::default()
    }

    /// Puts a child in, in place of what was known of it.
    ///
    /// Cost: about a dozen insertions into sorted sets; no other child is touched. Holds fewer than 2^32.
    pub fn put(&mut self, child: ChildId, entry: Entry) {
        if self.get(child) == Some(&entry) {
            return;
        }
        self.remove(child);
        let row = Row::take(&mut self.lexicons, child, entry);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.rows.push(None);
            Slot(u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX))
        });
        self.postings.insert(slot, &row);
        self.slots.insert(child, slot);
        if let Some(place) = self.rows.get_mut(slot.0 as usize) {
            *place = Some(row);
        }
    }

    /// Takes a child out; nothing happens when it is not in.
    pub fn remove(&mut self, child: ChildId) {
        let Some(slot) = self.slots.remove(&child) else { return };
        if let Some(row) = self.rows.get_mut(slot.0 as usize).and_then(Option::take) {
            self.postings.remove(slot, &row);
            row.release(&mut self.lexicons);
            self.free.push(slot);
        }
    }

    /// What is known of a child.
    pub fn get(&self, child: ChildId) -> Option<&Entry> {
        self.slots.get(&child).and_then(|slot| self.row(*slot)).map(|row| &row.entry)
    }

    /// How many children are in.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Tells whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Searches on `today`, a civil day in England, by what `sight` lets this viewer match on.
    ///
    /// A criterion on a field that is not in a child's sight counts as not stated for that child, and the rest
    /// must be enough (rules.md 4.1). A query with a bad wildcard finds nobody; see [`Query::check`].
    /// Cost: in the children that share the rarest criterion; `sight` is asked once for each of them.
    pub fn search(&self, query: &Query, today: NaiveDate, sight: &dyn Fn(&Entry) -> Sight) -> Found {
        if query.check().is_err() {
            return Found::None;
        }
        let mut asked = Asked::of(query, today);
        let mut verdicts: Vec<(Verdict, ChildNumber, ChildId)> = Vec::new();
        for slot in candidates::of(&asked, &self.lexicons, &self.postings) {
            let Some(row) = self.row(slot) else { continue };
            let Sight::Fields(fields) = sight(&row.entry) else { continue };
            if let Some(verdict) = asked.judge(row, fields, &self.lexicons) {
                verdicts.push((verdict, row.entry.number, row.child));
            }
        }
        if asked.search == Search::Exact && verdicts.len() > FOUND_MAX {
            return Found::TooMany;
        }
        verdicts.sort_unstable_by_key(|(verdict, number, child)| {
            (Reverse(verdict.exact), Reverse(verdict.share), *number, *child)
        });
        verdicts.truncate(FOUND_MAX);
        if verdicts.is_empty() {
            return Found::None;
        }
        Found::Found(verdicts.into_iter().map(|(verdict, _, child)| hit(verdict, child)).collect())
    }

    fn row(&self, slot: Slot) -> Option<&Row> {
        self.rows.get(slot.0 as usize).and_then(Option::as_ref)
    }
}

fn hit(verdict: Verdict, child: ChildId) -> Hit {
    Hit {
        child,
        score: f64::from(verdict.share) / f64::from(WHOLE),
        exact: verdict.exact,
        matched_former: verdict.former,
    }
}

#[cfg(test)]
pub(crate) mod invented;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod spec;
