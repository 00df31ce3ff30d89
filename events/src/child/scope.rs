//! Scope: whether a record is held of this child, where only those are whom an additional service works with.
//!
//! In a universal directory nothing of this happens. In a targeted one a record opens with the first additional,
//! sensitive or protected involvement and closes a year after the last; a new one opens it again.
//! Source: rules.md 1.1; docs/proportionality.md; ADR-0046.

#[cfg(test)]
pub(super) mod spec;

use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{ServiceClass, england_day};

use super::{Child, Event};
use crate::{decider::When, policy::Scope};

/// How long a record that a person opened by hand waits for the involvement that it was opened for.
pub const DAYS_OPENED_BY_HAND: i64 = 30;

/// How many months after the last involvement a record closes.
const MONTHS_AFTER_LAST: Months = Months::new(12);

/// The record closed, since no additional service has worked with the child for a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// On which day.
    pub on: NaiveDate,
}

/// The record opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// On which day.
    pub on: NaiveDate,
}

/// By what a record may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// An involvement of this class.
    Involvement(ServiceClass),
    /// A person who recorded by hand, after a search that found nobody.
    ByHand,
    /// Something else was told of the child.
    Told,
}

impl Opening {
    /// Whether a record opens by it in a targeted directory.
    fn opens(self) -> bool {
        match self {
            Opening::ByHand
            | Opening::Involvement(
                ServiceClass::Additional | ServiceClass::Sensitive | ServiceClass::Protected,
            ) => true,
            Opening::Involvement(ServiceClass::Universal) | Opening::Told => false,
        }
    }
}

/// What may be asked about the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Open a record, or a closed one again, by what is told next.
    Open {
        /// For whom records are opened.
        scope: Scope,
        /// By what.
        by: Opening,
    },
    /// Close the record if it is due, or open it again where the scope has become wider.
    Settle {
        /// For whom records are opened.
        scope: Scope,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// This directory holds only children whom an additional service works with.
    #[error(
        "this directory opens a record with an additional or sensitive service's involvement only; nothing of this child was kept"
    )]
    OutOfScope,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::OutOfScope => "out_of_scope",
        }
    }
}

pub(super) fn decide(child: &Child, command: Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    let on = england_day(now);
    match command {
        Command::Open { scope: Scope::Targeted, by } if !child.is_registered() && !by.opens() => {
            Err(Refusal::OutOfScope)
        }
        Command::Open { scope, by } => {
            let reopens = by.opens() || scope == Scope::Universal;
            Ok(reopened(child, on).filter(|_| reopens).into_iter().collect())
        }
        Command::Settle { .. } if !child.is_registered() => Ok(Vec::new()),
        Command::Settle { scope: Scope::Universal } => Ok(reopened(child, on).into_iter().collect()),
        Command::Settle { scope: Scope::Targeted } => {
            let due = child.closes_on(on).is_some_and(|day| day <= on);
            Ok(match (child.life.closed_on, due) {
                (None, true) => vec![Event::RecordClosed(Closed { on })],
                (Some(_), false) => vec![Event::RecordReopened(Reopened { on })],
                (None, false) | (Some(_), true) => Vec::new(),
            })
        }
    }
}

fn reopened(child: &Child, on: NaiveDate) -> Option<Event> {
    child.life.closed_on.map(|_| Event::RecordReopened(Reopened { on }))
}

pub(super) fn was_closed(child: &mut Child, event: &Closed) {
    child.life.closed_on = Some(event.on);
}

pub(super) fn was_reopened(child: &mut Child, when: When) {
    child.life.closed_on = None;
    child.life.reopened_at = Some(when.recorded_at);
}

impl Child {
    /// The day on which the record closes in a targeted directory; none while an additional service works with the
    /// child. An entry in error, and one without what permits it, keeps no record open.
    pub fn closes_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        let keeps = |held: &&super::involvement::Involvement| {
            held.class() != ServiceClass::Universal && !held.in_error && self.is_permitted(held, today)
        };
        let mut last = None;
        for held in self.involvements.values().filter(keeps) {
            last = last.max(Some(held.ended_on?));
        }
        let opened = self.life.reopened_at.max(self.registered_at).map(england_day);
        let by_hand = opened.map(|day| day + Duration::days(DAYS_OPENED_BY_HAND));
        last.and_then(|day| day.checked_add_months(MONTHS_AFTER_LAST)).max(by_hand)
    }
}
