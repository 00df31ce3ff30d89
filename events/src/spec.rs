//! Given, when, then: how a rule is told as a test.
//!
//! ```text
//! given::<Case>([opened()]).when(approve(BOB)).then([approved(BOB)]);
//! given::<Case>([opened()]).when(approve(ANN)).then_refused(Refusal::OwnCase);
//! ```
//!
//! Source: house rules section 9 (test language).

use chrono::{DateTime, Duration, NaiveDate, Utc};
use vocabulary::{KeyId, Position};

use crate::decider::{Decider, When};

/// The present of every spec that names no other: a Monday morning in England's summer.
pub const NOW: DateTime<Utc> = match NaiveDate::from_ymd_opt(2026, 6, 1) {
    Some(day) => match day.and_hms_opt(9, 0, 0) {
        Some(instant) => instant.and_utc(),
        None => DateTime::UNIX_EPOCH,
    },
    None => DateTime::UNIX_EPOCH,
};

/// The key that seals what a spec gives, unless it names another.
pub const KEY: KeyId = KeyId { pool: 1, slot: 1 };

/// What had happened, and what time it is.
#[derive(Debug)]
pub struct Given<D: Decider> {
    history: Vec<(D::Event, When)>,
    key: KeyId,
    now: DateTime<Utc>,
}

/// What was decided.
#[derive(Debug)]
pub struct Decided<D: Decider> {
    history: Vec<(D::Event, When)>,
    key: KeyId,
    now: DateTime<Utc>,
    outcome: Result<Vec<D::Event>, D::Refusal>,
}

/// Begins a spec: these events were recorded one after another at [`NOW`], at positions from 1.
pub fn given<D: Decider>(events: impl IntoIterator<Item = D::Event>) -> Given<D> {
    Given { history: Vec::new(), key: KEY, now: NOW }.and(events)
}

impl<D: Decider> Given<D> {
    /// Moves the clock: what is given or asked from here on is recorded at this instant.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Given<D> {
        self.now = now;
        self
    }

    /// Moves the clock by whole days.
    #[must_use]
    pub fn days_later(self, days: i64) -> Given<D> {
        let now = self.now + Duration::days(days);
        self.at(now)
    }

    /// Names the key that seals what is given from here on.
    #[must_use]
    pub fn sealed_by(mut self, key: KeyId) -> Given<D> {
        self.key = key;
        self
    }

    /// More that had happened.
    #[must_use]
    pub fn and(mut self, events: impl IntoIterator<Item = D::Event>) -> Given<D> {
        for event in events {
            let position =
                u64::try_from(self.history.len()).map_or(Position::ZERO, |length| Position(length + 1));
            let when = When { happened_at: self.now, recorded_at: self.now, position, key: self.key };
            self.history.push((event, when));
        }
        self
    }

    /// What is remembered now, for rules that are read off the state.
    pub fn state(self) -> D::State {
        crate::decider::fold::<D>(self.history)
    }

    /// Asks for something, now.
    #[must_use]
    pub fn when(self, command: impl Into<D::Command>) -> Decided<D> {
        let state = crate::decider::fold::<D>(self.history.iter().cloned());
        let outcome = D::decide(&state, &command.into(), self.now);
        Decided { history: self.history, key: self.key, now: self.now, outcome }
    }
}

impl<D: Decider> Decided<D> {
    /// Exactly these events follow. Hands back what has happened now, so that a story can go on.
    ///
    /// # Panics
    /// When anything else follows.
    #[track_caller]
    pub fn then(self, expected: impl IntoIterator<Item = D::Event>) -> Given<D> {
        let expected: Vec<D::Event> = expected.into_iter().collect();
        assert_eq!(self.outcome.as_ref(), Ok(&expected), "other events were expected");
        self.go_on(expected)
    }

    /// It is so already: nothing follows.
    ///
    /// # Panics
    /// When anything follows.
    #[track_caller]
    pub fn then_nothing(self) -> Given<D> {
        self.then([])
    }

    /// A rule says no.
    ///
    /// # Panics
    /// When none or another does.
    #[track_caller]
    pub fn then_refused(self, refusal: impl Into<D::Refusal>) {
        assert_eq!(self.outcome, Err(refusal.into()), "another refusal was expected");
    }

    /// Something follows; `look` judges it.
    ///
    /// # Panics
    /// When a rule says no.
    #[track_caller]
    pub fn then_some(self, look: impl FnOnce(&[D::Event])) -> Given<D> {
        let events = self.outcome.as_ref().map_or_else(|_| Vec::new(), Clone::clone);
        assert!(self.outcome.is_ok(), "refused: {:?}", self.outcome);
        look(&events);
        self.go_on(events)
    }

    fn go_on(self, events: Vec<D::Event>) -> Given<D> {
        Given { history: self.history, key: self.key, now: self.now }.and(events)
    }
}
