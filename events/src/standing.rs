//! Standing: whether an account or an organisation may act, and what a date that ran out leaves open.
//!
//! Source: rules.md 5.1: a date that merely ran out leaves `emergency` and `child_protection_enquiry` open
//! for 72 hours; suspension has no grace.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use vocabulary::{AccessReason, england_day};

/// Whether someone may act; `R` says why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<R> {
    /// In good order.
    Good,
    /// A date ran out a short while ago: the two urgent reasons stay open, every look reviewed.
    Grace {
        /// The first day on which it was no longer in order.
        since: NaiveDate,
        /// What ran out.
        because: R,
    },
    /// May not act.
    None {
        /// The obstacle that comes first in the order of precedence.
        because: R,
    },
}

impl<R: Clone> Standing<R> {
    /// Judges a reason for a look.
    ///
    /// # Errors
    /// The obstacle, unless the standing is good, or in grace and the reason one of the two urgent ones.
    pub fn permits(&self, reason: AccessReason) -> Result<(), R> {
        match self {
            Standing::Good => Ok(()),
            Standing::Grace { .. } if is_urgent(reason) => Ok(()),
            Standing::Grace { because, .. } | Standing::None { because } => Err(because.clone()),
        }
    }

    /// The same standing, its obstacle put in other words.
    pub fn because<S>(self, words: impl FnOnce(R) -> S) -> Standing<S> {
        match self {
            Standing::Good => Standing::Good,
            Standing::Grace { since, because } => Standing::Grace { since, because: words(because) },
            Standing::None { because } => Standing::None { because: words(because) },
        }
    }

    /// Of two standings, the worse; of two equally bad, this one.
    #[must_use]
    pub fn worse(self, other: Standing<R>) -> Standing<R> {
        match (&self, &other) {
            (Standing::None { .. }, _)
            | (Standing::Grace { .. }, Standing::Good | Standing::Grace { .. }) => self,
            (Standing::Good | Standing::Grace { .. }, _) => other,
        }
    }

    /// Judges everything that no grace leaves open: writing, managing, reading reports.
    ///
    /// # Errors
    /// The obstacle, unless the standing is good.
    pub fn good(&self) -> Result<(), R> {
        match self {
            Standing::Good => Ok(()),
            Standing::Grace { because, .. } | Standing::None { because } => Err(because.clone()),
        }
    }
}

/// Tells whether a reason stays open in the time of grace and may override a shield.
pub fn is_urgent(reason: AccessReason) -> bool {
    matches!(reason, AccessReason::Emergency | AccessReason::ChildProtectionEnquiry)
}

/// Judges a date through whose end, in England, something holds.
pub(crate) fn until<R>(last_day: NaiveDate, now: DateTime<Utc>, grace_hours: u32, because: R) -> Standing<R> {
    if england_day(now) <= last_day {
        Standing::Good
    } else if england_day(now - Duration::hours(i64::from(grace_hours))) <= last_day {
        Standing::Grace { since: last_day.checked_add_days(Days::new(1)).unwrap_or(last_day), because }
    } else {
        Standing::None { because }
    }
}
