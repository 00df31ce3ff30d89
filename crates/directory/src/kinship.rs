//! Kinship: which records are of one child, as of this moment.
//!
//! Made of what each record's own stream says. A merge is two facts (ADR-0013): from the first of them on, and
//! until the last word of a split, the records are one, so that the stricter restrictions of each hold.

use std::collections::{BTreeSet, HashMap};

use events::child::Child;
use vocabulary::ChildId;

/// Who says that one record was merged into another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Said {
    by_absorbed: bool,
    by_stays: bool,
}

/// The records that are merged. `HashMap` where order can never show: these are only asked, never listed.
///
/// Memory: some 100 bytes for each record that was ever merged; nothing for the others.
#[derive(Debug, Default)]
pub(crate) struct Kinship {
    said: HashMap<(ChildId, ChildId), Said>,
    into: HashMap<ChildId, ChildId>,
    absorbed: HashMap<ChildId, BTreeSet<ChildId>>,
}

impl Kinship {
    /// Remembers what a record says of others; answers every record whose whole may be another now.
    pub(crate) fn remember(&mut self, id: ChildId, child: &Child) -> BTreeSet<ChildId> {
        let mut touched = BTreeSet::from([id]);
        touched.extend(self.records(id));
        for (other, tie) in &child.ties {
            touched.extend(self.records(*other));
            for stays in [true, false] {
                let says = tie.same && tie.stays == stays;
                let pair = if stays { (*other, id) } else { (id, *other) };
                let said = self.said.entry(pair).or_default();
                *(if stays { &mut said.by_stays } else { &mut said.by_absorbed }) = says;
                self.settle(pair);
            }
            touched.extend(self.records(id));
            touched.extend(self.records(*other));
        }
        touched
    }

    fn settle(&mut self, (absorbed, stays): (ChildId, ChildId)) {
        let said = self.said.get(&(absorbed, stays)).copied().unwrap_or_default();
        if said.by_absorbed || said.by_stays {
            self.into.insert(absorbed, stays);
            self.absorbed.entry(stays).or_default().insert(absorbed);
            return;
        }
        self.said.remove(&(absorbed, stays));
        if self.into.get(&absorbed) == Some(&stays) {
            self.into.remove(&absorbed);
        }
        if let Some(held) = self.absorbed.get_mut(&stays) {
            held.remove(&absorbed);
            if held.is_empty() {
                self.absorbed.remove(&stays);
            }
        }
    }

    /// The record whose number answers for this one.
    pub(crate) fn root(&self, id: ChildId) -> ChildId {
        let mut root = id;
        // No chain is longer than there are merges.
        for _ in 0..=self.into.len() {
            match self.into.get(&root) {
                Some(stays) => root = *stays,
                None => break,
            }
        }
        root
    }

    /// The record that this one was merged into, itself.
    pub(crate) fn merged_into(&self, id: ChildId) -> Option<ChildId> {
        self.into.get(&id).copied()
    }

    /// Every record of the same child, the one that answers first.
    pub(crate) fn records(&self, id: ChildId) -> Vec<ChildId> {
        let mut records = vec![self.root(id)];
        let mut at = 0;
        while let Some(record) = records.get(at).copied() {
            let absorbed = self.absorbed.get(&record).into_iter().flatten();
            let new: Vec<ChildId> = absorbed.filter(|held| !records.contains(held)).copied().collect();
            records.extend(new);
            at += 1;
        }
        records
    }

    /// Every pair of which either says that it was merged: the one absorbed, and the one that stays.
    pub(crate) fn all(&self) -> Vec<(ChildId, ChildId)> {
        let mut pairs: Vec<_> = self.said.keys().copied().collect();
        pairs.sort_unstable();
        pairs
    }

    /// Tells whether the record is merged with any other.
    pub(crate) fn is_merged(&self, id: ChildId) -> bool {
        self.into.contains_key(&id) || self.absorbed.contains_key(&id)
    }
}

#[cfg(test)]
mod tests {
    use events::{
        child::{Event, merging},
        decider::{Decider, When},
    };
    use uuid::Uuid;
    use vocabulary::{KeyId, Position};

    use super::*;

    const A: ChildId = ChildId::new(Uuid::from_u128(0xa));
    const B: ChildId = ChildId::new(Uuid::from_u128(0xb));
    const C: ChildId = ChildId::new(Uuid::from_u128(0xc));

    fn says(child: &mut Child, other: ChildId, same: bool, stays: bool) {
        let event = if same {
            Event::SamePerson(merging::SamePerson { other, stays, tells: BTreeSet::new() })
        } else {
            Event::NotSamePerson(merging::NotSamePerson {
                other: merging::Other::Child(other),
                tells: BTreeSet::new(),
            })
        };
        let at = chrono::DateTime::default();
        let when = When { happened_at: at, recorded_at: at, position: Position(1), key: KeyId::CLEAR };
        Child::evolve(child, &event, when);
    }

    #[test]
    fn one_fact_of_a_merge_is_enough_and_both_of_a_split_are_needed() {
        let (mut a, mut b) = (Child::default(), Child::default());
        let mut kinship = Kinship::default();
        says(&mut a, B, true, false);
        assert_eq!(kinship.remember(A, &a), BTreeSet::from([A, B]));
        assert_eq!((kinship.root(A), kinship.records(B)), (B, vec![B, A]));
        says(&mut b, A, true, true);
        kinship.remember(B, &b);
        says(&mut b, A, false, true);
        kinship.remember(B, &b);
        assert_eq!(kinship.root(A), B, "until the other says so too");
        says(&mut a, B, false, false);
        assert_eq!(kinship.remember(A, &a), BTreeSet::from([A, B]));
        assert_eq!((kinship.root(A), kinship.is_merged(B)), (A, false));
    }

    #[test]
    fn a_chain_of_merges_has_one_number_and_comes_apart_where_it_was_joined() {
        let (mut a, mut b, mut c) = (Child::default(), Child::default(), Child::default());
        let mut kinship = Kinship::default();
        says(&mut a, B, true, false);
        says(&mut b, A, true, true);
        says(&mut b, C, true, false);
        says(&mut c, B, true, true);
        for (id, child) in [(A, &a), (B, &b), (C, &c)] {
            kinship.remember(id, child);
        }
        assert_eq!((kinship.root(A), kinship.records(A)), (C, vec![C, B, A]));
        says(&mut b, C, false, false);
        says(&mut c, B, false, true);
        kinship.remember(B, &b);
        kinship.remember(C, &c);
        assert_eq!((kinship.records(A), kinship.records(C)), (vec![B, A], vec![C]));
    }

    #[test]
    fn two_that_were_split_may_be_merged_the_other_way_round() {
        let (mut a, mut b) = (Child::default(), Child::default());
        let mut kinship = Kinship::default();
        for (same, a_stays) in [(true, false), (false, false), (true, true)] {
            says(&mut a, B, same, a_stays);
            says(&mut b, A, same, !a_stays);
            kinship.remember(A, &a);
            kinship.remember(B, &b);
        }
        assert_eq!((kinship.root(B), kinship.root(A)), (A, A));
    }
}
