//! Retention: once a night records go to the archive, keys that nothing permits any longer are destroyed, and records
//! whose time is over are put on a list, approved by two people and purged.
//!
//! `settling.rs` says where records are, `forgetting.rs` destroys keys and forgets what they sealed, `purging.rs` keeps
//! the lists, `by_hand.rs` is what people say of one record. Source: domain.md 4.6; rules.md 3.3; invariants I-23,
//! I-28; ADR-0050.

mod by_hand;
mod forgetting;
mod purging;
mod settling;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use event_log::Ticket;
use events::{
    erasure::nights::{self, Certificate, Nights},
    recorded::Actor,
};
use vocabulary::{Position, england_day, england_time};

use crate::{
    Directory,
    compacting::CompactError,
    disclose::LookError,
    register::{ActError, Acting, Kept},
};

pub use by_hand::HoldAsk;
pub use purging::PurgeWaiting;

/// The civil hour in England at which a night begins for whatever is done once a night.
const NIGHT_BEGINS: i64 = 2;

/// Days looked back upon before anything is done, and how many of their nights must have been counted: a clock that
/// leapt has counted one.
const STEADY_DAYS: u64 = 14;
const STEADY_NIGHTS: usize = 7;

/// What one night came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Night {
    /// The clock may have leapt: the night was counted, and nothing else was done.
    pub unsteady: bool,
    /// Records of which it was said that they are in the archive, or that they are not.
    pub settled: u64,
    /// Records put on a list to be purged.
    pub proposed: u64,
    /// Records purged.
    pub purged: u64,
    /// Records on a list that were to stay after all.
    pub spared: u64,
    /// Keys destroyed.
    pub keys: u64,
    /// Payloads of the log that gave way to their hash.
    pub payloads: u64,
}

/// Why a night's work was cut short; what was told stands, and whoever asks again goes on.
#[derive(Debug, thiserror::Error)]
pub enum RetainError {
    /// What is due could not be read or told.
    #[error("what is due could not be read or told")]
    Look(#[from] LookError),
    /// What was forgotten could not be taken out of the files; its keys are destroyed all the same.
    #[error("what was forgotten could not be taken out of the files")]
    Compact(#[from] CompactError),
}

/// The night that an instant belongs to, by the day on which it began.
pub fn night_of(now: DateTime<Utc>) -> NaiveDate {
    (england_time(now) - TimeDelta::hours(NIGHT_BEGINS)).date()
}

impl Directory {
    /// Does a night's work on what is to be kept. Safe to repeat: what was done is done once.
    ///
    /// Cost: one posting a record that is due, one append each that is settled; three appends and two waits for the
    /// disk a batch of those that are destroyed, and then as [`Directory::compact`]. Whoever files waits for a batch at a
    /// time.
    ///
    /// # Errors
    /// A machine failed; what was told stands, and asked again it goes on.
    pub fn retain(&self) -> Result<Night, RetainError> {
        let now = self.clock().now();
        let (tonight, today) = (night_of(now), england_day(now));
        awaited(self.system_act::<Nights>(&(), &nights::Command::Count { night: tonight })?)?;
        let (steady, astray) = {
            let register = self.register();
            let counted = register.nights();
            (is_steady(counted, tonight), counted.counted.last().is_some_and(|last| *last > tonight))
        };
        if !steady {
            return Ok(Night { unsteady: true, ..Night::default() });
        }
        let mut night = Night::default();
        if astray {
            // Nights were counted that have not come yet: what was archived by that clock comes back.
            night.settled += self.settle_all()?;
        }
        let due = self.settle_due(today)?;
        night.settled += due.settled;
        night.keys += self.destroy_spent(&due.spent)?;
        night.keys += self.destroy_ended_items(today)?;
        night.proposed = self.propose_purges(due.purgeable)?;
        let purged = self.carry_out_purges(now, today)?;
        night.purged = purged.records;
        night.spared = purged.spared;
        night.keys += purged.keys;
        night.payloads = self.certify()?;
        Ok(night)
    }

    /// Takes what was forgotten out of every file, and certifies it. Answers how many payloads gave way to their hash.
    fn certify(&self) -> Result<u64, RetainError> {
        let done = self.compact()?;
        if done.as_of > Position::ZERO {
            let certificate = Certificate {
                through: done.as_of,
                keys: done.keys,
                payloads: done.payloads,
                segments: done.segments_rewritten.into(),
            };
            awaited(self.system_act::<Nights>(&(), &nights::Command::Certify(certificate))?)?;
        }
        Ok(done.payloads)
    }

    /// Acts on something that the register keeps, for nobody but the directory itself.
    fn system_act<K: Kept>(&self, id: &K::Id, command: &K::Command) -> Result<Option<Ticket>, LookError>
    where
        K::Refusal: std::error::Error + 'static,
    {
        let acting = Acting { by: Actor::System, now: self.clock().now() };
        match self.act::<K>(&acting, id, command) {
            Ok(acted) => Ok(acted.map(|(_, ticket)| ticket)),
            // The directory asks nothing that its own rules refuse, unless somebody was quicker.
            Err(ActError::Refused(_)) => Ok(None),
            Err(ActError::Seal(error)) => Err(LookError::File(crate::FileError::Seal(error))),
            Err(ActError::Key(error)) => Err(LookError::File(crate::FileError::Key(error))),
            Err(ActError::Append(error)) => Err(error.into()),
        }
    }
}

/// Waits until what was told is durable.
fn awaited(ticket: Option<Ticket>) -> Result<(), LookError> {
    match ticket {
        Some(ticket) => Ok(ticket.wait().map(drop)?),
        None => Ok(()),
    }
}

/// Whether enough of the last nights were counted, or all since the first.
fn is_steady(nights: &Nights, tonight: NaiveDate) -> bool {
    let from = tonight.checked_sub_days(Days::new(STEADY_DAYS - 1)).unwrap_or(tonight);
    let lately = nights.counted.range(from..=tonight).count();
    lately >= STEADY_NIGHTS.min(nights.counted.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn counted(days: impl IntoIterator<Item = NaiveDate>) -> Nights {
        Nights { counted: days.into_iter().collect(), certified: None }
    }

    #[test]
    fn a_night_begins_at_two_by_the_clock_on_the_wall() {
        let night = |text: &str| night_of(text.parse().unwrap()).to_string();
        assert_eq!(night("2026-07-01T00:59:59Z"), "2026-06-30", "one minute to two, British Summer Time");
        assert_eq!(night("2026-07-01T01:00:00Z"), "2026-07-01");
        assert_eq!(night("2026-12-01T01:59:59Z"), "2026-11-30");
        assert_eq!(night("2026-12-01T02:00:00Z"), "2026-12-01");
    }

    #[test]
    fn a_clock_that_leapt_is_not_believed_until_a_week_of_nights_agrees_with_it() {
        let year = || (0..300).map(|on| day("2026-01-01") + Days::new(on));
        assert!(is_steady(&counted([day("2026-01-01")]), day("2026-01-01")), "the first night of all");
        assert!(is_steady(&counted(year()), day("2026-10-27")));
        let leapt = |nights: u64| (0..nights).map(|on| day("2036-01-01") + Days::new(on));
        assert!(!is_steady(&counted(year().chain(leapt(1))), day("2036-01-01")));
        assert!(!is_steady(&counted(year().chain(leapt(6))), day("2036-01-06")));
        assert!(is_steady(&counted(year().chain(leapt(7))), day("2036-01-07")));
    }
}
