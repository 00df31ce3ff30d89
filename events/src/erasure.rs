//! Erasure: keys ordered to be destroyed, and destroyed; told in clear, with nothing of what they sealed.
//!
//! Of each record one stream; of each list of records to be purged one ([`purge`]); and one of the nights that were
//! counted and of what is certified to be gone ([`nights`]). Source: domain.md I-28 (erasure only through key
//! destruction), 4.6; rules.md 3.3 (withdrawn: on schedule).

pub mod nights;
pub mod purge;

#[cfg(test)]
mod spec;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ChildId, KeyId, OrganisationId, PurgeId, Stream, england_day};

use crate::decider::{Decider, When};

/// Most keys of one order: a child's own, its episodes and shields.
pub const KEYS_MAX: usize = 256;

/// Why keys are destroyed. Coarse: the order stands in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The time to keep it is over.
    RetentionOver,
    /// What permitted to hold it was taken back.
    PermissionEnded,
    /// A court or the commissioner ordered it.
    Ordered,
}

/// What happened to keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// Keys are to be destroyed from a day on.
    ErasureOrdered {
        /// Whose payloads they seal.
        stream: Stream,
        /// Which.
        keys: Vec<KeyId>,
        /// Why.
        ground: Ground,
        /// Not before this day.
        due_on: NaiveDate,
    },
    /// Keys were destroyed; what they sealed is forgotten.
    KeysDestroyed {
        /// Whose payloads they sealed.
        stream: Stream,
        /// Which.
        keys: Vec<KeyId>,
    },
    /// Records whose time is over were put on a list; a long list comes in parts.
    PurgeProposed {
        /// The list.
        purge: PurgeId,
        /// The authority that answers for them.
        authority: OrganisationId,
        /// Whose records.
        children: Vec<ChildId>,
    },
    /// Somebody approved the list.
    PurgeApproved {
        /// Who.
        by: AccountId,
        /// For whom they spoke.
        side: purge::Side,
    },
    /// Somebody stopped it.
    PurgeCancelled {
        /// Who.
        by: AccountId,
    },
    /// The list was gone through.
    PurgeFinished {
        /// Records whose keys were destroyed.
        purged: u64,
        /// Records that were to stay after all.
        spared: u64,
    },
    /// A night came in which it was asked what is to be kept.
    NightCounted {
        /// By the day on which it began.
        night: NaiveDate,
    },
    /// Of every key that was told destroyed up to a position nothing is left in rows, index and segments.
    ErasureCertified(nights::Certificate),
}

/// What is remembered of one child's erasures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Keys ordered and not destroyed yet, with the day from which they may be.
    pub ordered: BTreeMap<KeyId, NaiveDate>,
    /// Keys destroyed.
    pub destroyed: BTreeSet<KeyId>,
}

/// What may be asked about erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Order keys to be destroyed.
    Order { stream: Stream, keys: Vec<KeyId>, ground: Ground, due_on: NaiveDate },
    /// Tell that they were.
    Destroy { stream: Stream, keys: Vec<KeyId> },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No key, or too many.
    #[error("an order names 1 to {KEYS_MAX} keys")]
    KeysOutOfRange,
    /// Payloads in clear have no key to destroy.
    #[error("payloads in clear have no key to destroy")]
    InClear,
    /// A key that nobody ordered to be destroyed.
    #[error("a key was not ordered to be destroyed")]
    NotOrdered,
    /// A key before its day.
    #[error("a key is not due before {due_on}")]
    NotDue {
        /// Its day.
        due_on: NaiveDate,
    },
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::KeysOutOfRange => "keys_out_of_range",
            Refusal::InClear => "payload_in_clear",
            Refusal::NotOrdered => "erasure_not_ordered",
            Refusal::NotDue { .. } => "erasure_not_due",
        }
    }
}

impl Decider for Erasure {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Erasure;

    fn decide(state: &Erasure, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let (Command::Order { keys: named, .. } | Command::Destroy { keys: named, .. }) = command;
        if !(1..=KEYS_MAX).contains(&named.len()) {
            return Err(Refusal::KeysOutOfRange);
        }
        if named.contains(&KeyId::CLEAR) {
            return Err(Refusal::InClear);
        }
        let left: Vec<KeyId> = named.iter().copied().filter(|key| !state.destroyed.contains(key)).collect();
        match command {
            Command::Order { stream, ground, due_on, .. } => {
                let keys: Vec<KeyId> =
                    left.into_iter().filter(|key| state.ordered.get(key) != Some(due_on)).collect();
                if keys.is_empty() {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::ErasureOrdered { stream: *stream, keys, ground: *ground, due_on: *due_on }])
            }
            Command::Destroy { stream, .. } => {
                let today = england_day(now);
                for key in &left {
                    let due_on = *state.ordered.get(key).ok_or(Refusal::NotOrdered)?;
                    if due_on > today {
                        return Err(Refusal::NotDue { due_on });
                    }
                }
                if left.is_empty() {
                    return Ok(Vec::new());
                }
                Ok(vec![Event::KeysDestroyed { stream: *stream, keys: left }])
            }
        }
    }

    fn evolve(state: &mut Erasure, event: &Event, _when: When) {
        match event {
            Event::ErasureOrdered { keys, due_on, .. } => {
                state.ordered.extend(keys.iter().map(|key| (*key, *due_on)));
            }
            Event::KeysDestroyed { keys, .. } => {
                for key in keys {
                    state.ordered.remove(key);
                    state.destroyed.insert(*key);
                }
            }
            Event::PurgeProposed { .. }
            | Event::PurgeApproved { .. }
            | Event::PurgeCancelled { .. }
            | Event::PurgeFinished { .. }
            | Event::NightCounted { .. }
            | Event::ErasureCertified(_) => (),
        }
    }
}
