//! The only doors to the outside world: the clock and the source of new ids.
//!
//! Floors 0 to 3 have no word for the present moment; here it enters, as an argument (house rules, 9).

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vault::Vault;

/// Tells the present moment.
pub trait Clock: Send + Sync {
    /// UTC, to the microsecond; never runs backwards within a process.
    fn now(&self) -> DateTime<Utc>;
}

/// Draws new ids.
pub trait Ids: Send + Sync {
    /// A new id that nobody can foresee.
    fn next(&self) -> Uuid;
}

/// The clock of the machine, held from running backwards.
#[derive(Debug, Default)]
pub struct SystemClock(Latest);

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "this is the clock port itself")]
        let now = std::time::SystemTime::now();
        self.0.at_least(DateTime::<Utc>::from(now))
    }
}

/// A clock that starts at a told instant and moves as it is told to, for demo, generate and tests only.
#[derive(Debug)]
pub struct ToldClock(Latest);

impl ToldClock {
    /// Starts at `instant`.
    pub fn new(instant: DateTime<Utc>) -> ToldClock {
        let clock = ToldClock(Latest::default());
        clock.0.at_least(instant);
        clock
    }

    /// Moves on to `instant`; an earlier one changes nothing.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.0.at_least(instant);
    }

    /// Moves on by `delta`; a negative one changes nothing.
    pub fn advance(&self, delta: TimeDelta) {
        self.0.at_least(self.now() + delta);
    }
}

impl Clock for ToldClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.at_least(DateTime::<Utc>::MIN_UTC)
    }
}

/// The machine's clock set off by a fixed difference, so that a told start goes on in real time.
#[derive(Debug)]
pub struct ShiftedClock {
    machine: SystemClock,
    shift: TimeDelta,
}

impl ShiftedClock {
    /// Starts at `instant` and runs from there as time passes.
    pub fn starting_at(instant: DateTime<Utc>) -> ShiftedClock {
        let machine = SystemClock::default();
        let shift = instant - machine.now();
        ShiftedClock { machine, shift }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        self.machine.now() + self.shift
    }
}

/// The latest instant told, in whole microseconds.
#[derive(Debug, Default)]
struct Latest(Mutex<Option<DateTime<Utc>>>);

impl Latest {
    fn at_least(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let whole = instant.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(instant);
        let mut latest = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = latest.map_or(whole, |latest| latest.max(whole));
        *latest = Some(now);
        now
    }
}

/// Ids from the vault's source of randomness.
pub struct RandomIds(pub std::sync::Arc<Vault>);

impl Ids for RandomIds {
    fn next(&self) -> Uuid {
        let mut bytes = [0; 16];
        let filled = self.0.fill(&mut bytes);
        assert!(filled.is_ok(), "the operating system gives no randomness: no id can be drawn safely");
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// Ids that follow from a seed, so that what is invented comes out the same again: for demo and tests only.
///
/// Whoever knows the seed foresees them. Each is the hash of the seed and a count.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededIds {
    /// Starts at the first id of `seed`.
    pub fn new(seed: u64) -> SeededIds {
        SeededIds { seed, drawn: AtomicU64::new(0) }
    }
}

impl Ids for SeededIds {
    fn next(&self) -> Uuid {
        let count = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(count.to_be_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest;
        uuid::Builder::from_random_bytes(first).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_runs_backwards() {
        let noon = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = ToldClock::new(noon);
        clock.set(noon - TimeDelta::hours(1));
        clock.advance(TimeDelta::hours(-2));
        assert_eq!(clock.now(), noon);
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(clock.now(), noon + TimeDelta::seconds(1));
    }
}
