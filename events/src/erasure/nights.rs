//! Nights: what time has really passed, and what is certified to be gone.
//!
//! A clock can be wrong by years, and a purge cannot be taken back. So each night in which it was asked what is to be
//! kept is counted by an event, and a record is purged only once enough nights were counted since it went to the
//! archive: a clock that leaps ahead brings one night. Source: rules for the life cycle (clock jumps never purge
//! early); reliability notes, section 5 (clock); ADR-0050.

#[cfg(test)]
mod spec;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::Position;

use super::Event;
use crate::decider::{Decider, When};

/// Nights that must be counted between the archive and the purge: six years of them, five a year missed at most.
pub const NIGHTS_IN_ARCHIVE: usize = 6 * 360;

/// What was looked at and done before it was said that nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Certificate {
    /// Every key told destroyed up to this position.
    pub through: Position,
    /// How many keys were told destroyed since the certificate before.
    pub keys: u64,
    /// Payloads that were replaced by their hashes since then.
    pub payloads: u64,
    /// Segments that were written anew since then.
    pub segments: u64,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nights {
    /// Every night counted.
    pub counted: BTreeSet<NaiveDate>,
    /// The last certificate.
    pub certified: Option<Certificate>,
}

/// What may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Count a night.
    Count {
        /// By the day on which it began.
        night: NaiveDate,
    },
    /// Certify.
    Certify(Certificate),
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A certificate reaches at least as far as the one before.
    #[error("a later position is certified already")]
    Certified,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Certified => "erasure_certified",
        }
    }
}

impl Decider for Nights {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Nights;

    fn decide(state: &Nights, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Count { night } if state.counted.contains(night) => Ok(Vec::new()),
            Command::Count { night } => Ok(vec![Event::NightCounted { night: *night }]),
            Command::Certify(certificate) => match &state.certified {
                Some(last) if last.through > certificate.through => Err(Refusal::Certified),
                Some(last) if last.through == certificate.through => Ok(Vec::new()),
                Some(_) | None => Ok(vec![Event::ErasureCertified(*certificate)]),
            },
        }
    }

    fn evolve(state: &mut Nights, event: &Event, _when: When) {
        match event {
            Event::NightCounted { night } => {
                state.counted.insert(*night);
            }
            Event::ErasureCertified(certificate) => state.certified = Some(*certificate),
            Event::ErasureOrdered { .. }
            | Event::KeysDestroyed { .. }
            | Event::PurgeProposed { .. }
            | Event::PurgeApproved { .. }
            | Event::PurgeCancelled { .. }
            | Event::PurgeFinished { .. } => (),
        }
    }
}

impl Nights {
    /// How many nights were counted that began on this day or later.
    ///
    /// Cost: one step a night counted since.
    pub fn since(&self, day: NaiveDate) -> usize {
        self.counted.range(day..).count()
    }

    /// Whether a record that went to the archive on a day has been there for as many nights as it must.
    pub fn suffice(&self, archived_on: NaiveDate) -> bool {
        self.since(archived_on) >= NIGHTS_IN_ARCHIVE
    }
}
