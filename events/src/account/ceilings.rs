//! What a ceiling that was reached leaves open to an account, and what opens it again.
//!
//! As where a date ran out, the two urgent reasons go on, every look reviewed (rules.md 5.1). The person's own
//! sign-in opens the rest once a day; a second time it takes somebody else, who reinstates the account.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::england_day;

use super::Refusal;
use crate::standing::Standing;

/// The ceilings that an account reached, as far as they still matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CeilingsReached {
    /// The civil day of the newest.
    on: Option<NaiveDate>,
    /// How many on that day.
    times: u32,
    /// What they left open.
    looking: Looking,
    /// When they last ceased to matter: what was tried before counts no more.
    lifted_at: Option<DateTime<Utc>>,
}

/// What is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looking {
    /// Everything.
    #[default]
    Free,
    /// The two urgent reasons, until the person signs in here again.
    SignInAgain,
    /// The two urgent reasons, until somebody else reinstates the account.
    Rests,
}

impl CeilingsReached {
    /// The civil day on which it last reached one.
    pub fn newest_on(&self) -> Option<NaiveDate> {
        self.on
    }

    /// What is left open.
    pub fn looking(&self) -> Looking {
        self.looking
    }

    /// When they last ceased to matter.
    pub fn lifted_at(&self) -> Option<DateTime<Utc>> {
        self.lifted_at
    }

    /// The standing that they leave: good, or as in a time of grace.
    pub(super) fn standing(&self) -> Standing<Refusal> {
        let because = match self.looking {
            Looking::Free => return Standing::Good,
            Looking::SignInAgain => Refusal::CeilingReached,
            Looking::Rests => Refusal::CeilingReachedAgain,
        };
        Standing::Grace { since: self.on.unwrap_or_default(), because }
    }

    pub(super) fn reached(&mut self, now: DateTime<Utc>) {
        let today = england_day(now);
        self.times = if self.on == Some(today) { self.times + 1 } else { 1 };
        self.on = Some(today);
        self.looking = if self.times == 1 { Looking::SignInAgain } else { Looking::Rests };
    }

    pub(super) fn signed_in(&mut self, now: DateTime<Utc>) {
        if self.looking == Looking::SignInAgain {
            self.looking = Looking::Free;
            self.lifted_at = Some(now);
        }
    }

    pub(super) fn reinstated(&mut self, now: DateTime<Utc>) {
        *self = CeilingsReached { lifted_at: Some(now), ..CeilingsReached::default() };
    }
}
