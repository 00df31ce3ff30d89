//! Merging: two records are of one child, or are told apart; and the whole that merged records make.
//!
//! A merge is two facts, one in each child's stream, and so is its end (ADR-0013). Each stream goes on telling
//! what was told of it, so that a split undoes exactly what the merge did; what is shown and what is decided
//! upon is [`Child::joined`]. Source: matching.md 3.6; domain.md 4.4; invariants I-7 and I-8.

#[cfg(test)]
mod spec;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, KeyedRef, OrganisationId, Position};

use super::{Child, Event, details, involvement, lifecycle, setting, shield};
use crate::decider::When;

/// A person decided that this record and another are of one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamePerson {
    /// The other record.
    pub other: ChildId,
    /// This record's number is the one that answers; the other's leads to it.
    pub stays: bool,
    /// Who speaks of this record and is told that another number answers now.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tells: BTreeSet<OrganisationId>,
}

/// A person decided that this record is not of the same child as another, or as a reference means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSamePerson {
    /// As what.
    pub other: Other,
    /// Who speaks of this record and is told that its own number answers again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tells: BTreeSet<OrganisationId>,
}

/// What a record is told apart from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// Another record.
    Child(ChildId),
    /// A supplier's reference: no description under it is ever matched to this record again.
    LocalRef(KeyedRef),
}

/// What is known of this record and another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// They are of one child, as last decided.
    pub same: bool,
    /// This record stays, or stayed, of the two.
    pub stays: bool,
    /// At which position that was decided.
    pub since: Position,
    /// From which position to which they were one before; each span is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<(Position, Position)>,
}

/// What may be asked about merging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Say that another record is of this child.
    Merge {
        /// The other.
        other: ChildId,
        /// This one stays.
        stays: bool,
        /// Although the two were told apart.
        despite: bool,
    },
    /// Say that it is not; of two that were merged this is the split.
    TellApart {
        /// As what.
        other: Other,
        /// The shield that both had as one, for a record that has none of its own: a split lifts no shield.
        shield: Option<shield::Applied>,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The record was merged into another, which must be named in its place.
    #[error("this record was merged into another; name that one")]
    MergedAlready,
    /// A person said that the two are not of one child.
    #[error("these two were told apart; say so if they are of one child all the same")]
    ToldApart,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::MergedAlready => "merged_already",
            Refusal::ToldApart => "not_same_person",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    match command {
        Command::Merge { other, stays, despite } => match child.ties.get(other) {
            Some(tie) if tie.same => Ok(Vec::new()),
            Some(_) if !despite => Err(Refusal::ToldApart),
            Some(_) | None if !stays && child.merged_into().is_some() => Err(Refusal::MergedAlready),
            Some(_) | None => {
                let tells = if *stays { BTreeSet::new() } else { child.speakers() };
                Ok(vec![Event::SamePerson(SamePerson { other: *other, stays: *stays, tells })])
            }
        },
        Command::TellApart { other, shield } => {
            let known = match other {
                Other::Child(other) => child.ties.get(other).is_some_and(|tie| !tie.same),
                Other::LocalRef(reference) => child.told_apart.contains(reference),
            };
            if known {
                return Ok(Vec::new());
            }
            let shield = shield.clone().filter(|_| !child.is_shielded()).map(Event::ShieldApplied);
            let leaves = matches!(other, Other::Child(other) if child.merged_into() == Some(*other));
            let tells = if leaves { child.speakers() } else { BTreeSet::new() };
            let apart = Event::NotSamePerson(NotSamePerson { other: *other, tells });
            Ok(shield.into_iter().chain([apart]).collect())
        }
    }
}

pub(super) fn same_person(child: &mut Child, event: &SamePerson, when: When) {
    let spans = child.ties.remove(&event.other).map(|tie| tie.spans).unwrap_or_default();
    let tie = Tie { same: true, stays: event.stays, since: when.position, spans };
    child.ties.insert(event.other, tie);
}

pub(super) fn not_same_person(child: &mut Child, event: &NotSamePerson, when: When) {
    match event.other {
        Other::LocalRef(reference) => {
            child.told_apart.insert(reference);
        }
        Other::Child(other) => {
            let tie = child.ties.entry(other).or_insert(Tie {
                same: false,
                stays: true,
                since: when.position,
                spans: Vec::new(),
            });
            if tie.same {
                tie.spans.push((tie.since, when.position));
            }
            tie.same = false;
            tie.since = when.position;
        }
    }
}

impl Child {
    /// The record that this one was merged into, if it was.
    pub fn merged_into(&self) -> Option<ChildId> {
        self.ties.iter().find(|(_, tie)| tie.same && !tie.stays).map(|(other, _)| *other)
    }

    /// The suppliers that know this record by a reference.
    fn speakers(&self) -> BTreeSet<OrganisationId> {
        self.refs.values().map(|known| known.supplier.clone()).collect()
    }

    /// The whole that this record and those merged into it make, whatever the order of the others.
    ///
    /// Number and authority are this record's; every word, entry and restriction of each stands: what is shielded
    /// in one is shielded in the whole, and where one holds addresses back, the newer ones of the others are left
    /// out. Cost: a copy of each.
    #[must_use]
    pub fn joined<'a>(&self, others: impl IntoIterator<Item = &'a Child>) -> Child {
        let others: Vec<&Child> = others.into_iter().collect();
        let mut whole = self.clone();
        for other in &others {
            whole.registered_at = earlier(whole.registered_at, other.registered_at);
            whole.as_at = whole.as_at.max(other.as_at);
            add(&mut whole.refs, &other.refs, |own, theirs| own.disputed |= theirs.disputed);
            details::joined(&mut whole, other);
            setting::joined(&mut whole, other);
            add(&mut whole.involvements, &other.involvements, |own, theirs| {
                if own.position < theirs.position {
                    own.clone_from(theirs);
                }
            });
            add(&mut whole.episodes, &other.episodes, |own, theirs| {
                // One episode told under two references: what was withdrawn under either is withdrawn.
                if theirs.withdrawn && !own.withdrawn {
                    own.clone_from(theirs);
                }
            });
            add(&mut whole.shields, &other.shields, |_, _| ());
            add(&mut whole.shield_requests, &other.shield_requests, |_, _| ());
            add(&mut whole.withdrawals, &other.withdrawals, |own, theirs| *own = (*own).max(*theirs));
            add(&mut whole.holds, &other.holds, |_, _| ());
            lifecycle::joined(&mut whole, other);
        }
        let held_since = whole.addresses_held_since();
        if let Some(since) = held_since {
            for source in whole.statements.keys().copied().collect::<Vec<KeyedRef>>() {
                let own = std::iter::once(self).chain(others.iter().copied());
                let held_there =
                    own.filter(|part| part.statements.contains_key(&source)).all(Child::holds_addresses);
                if !held_there {
                    details::hold_since(&mut whole, &source, since);
                }
            }
        }
        lifecycle::settle(&mut whole);
        whole
    }

    /// The lead roles to be given up because two records have become one, unless a shield hides them still (I-6).
    pub fn leads_given_up(&self, today: NaiveDate) -> Vec<Event> {
        if self.is_shielded() { Vec::new() } else { involvement::leads_given_up(self, None, today) }
    }

    /// Since when addresses are held back, where they are.
    fn addresses_held_since(&self) -> Option<Position> {
        let holding = self.shield_requests.values().filter(|request| request.holds_addresses);
        holding.map(|request| request.position).min()
    }
}

fn earlier(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Adds what the other has; what both have is settled by `both`.
fn add<K: Ord + Copy, V: Clone>(
    own: &mut BTreeMap<K, V>,
    others: &BTreeMap<K, V>,
    both: impl Fn(&mut V, &V),
) {
    for (key, theirs) in others {
        match own.get_mut(key) {
            Some(held) => both(held, theirs),
            None => {
                own.insert(*key, theirs.clone());
            }
        }
    }
}
