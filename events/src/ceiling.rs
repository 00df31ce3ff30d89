//! Ceilings: how much one account may try by the hour and by the day before it is asked to sign in again.
//!
//! Counted is what somebody is answered, never what is hidden from them: a number that nobody has and a concealed
//! one count alike. Source: rules.md 5.1; domain.md Q3; docs/decisions/0045-ceilings-by-standing.md.

#[cfg(test)]
mod spec;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::england_day;

/// Lowest ceiling that a policy may set: a slip of the hand keeps nobody from working.
const LIMIT_MIN: u32 = 10;

/// Highest ceilings that a policy may set, of an hour and of a day: no policy lets a directory be copied by looking.
const HOUR_MAX: u32 = 1_000;
const DAY_MAX: u32 = 5_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Searches, each page one, refused ones too.
    Searches,
    /// Children listed on pages of searches.
    Listed,
    /// Records opened.
    Opened,
    /// What came to nothing: nobody found or too many, too little asked, a number that nobody has, a refusal.
    Fruitless,
}

/// Within what time it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// An hour of the clock: within any sixty minutes at most twice the ceiling.
    Hour,
    /// A civil day in England.
    Day,
}

/// The ceilings of one thing counted. What reaches one is still answered; what follows is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Of an hour; 10-1,000.
    pub hour: u32,
    /// Of a day; no fewer than of an hour, at most 5,000.
    pub day: u32,
}

/// The ceilings of one account, as the policy sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ceilings {
    /// Of searches.
    pub searches: Limits,
    /// Of children listed.
    pub listed: Limits,
    /// Of records opened.
    pub opened: Limits,
    /// Of what came to nothing.
    pub fruitless: Limits,
}

/// One attempt, by what was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// A page of a search with children on it.
    Found {
        /// How many; at most ten.
        listed: u32,
    },
    /// A search without a child on its page, or refused.
    FoundNothing,
    /// A record was opened.
    Opened,
    /// A record was not opened, or a number named that nobody has.
    OpenedNothing,
}

/// A ceiling that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Of what.
    pub counted: Counted,
    /// Within what time.
    pub within: Span,
    /// The ceiling, as the policy set it that day.
    pub limit: u32,
}

/// What one account tried in the hour and on the day of its newest attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    hour: i64,
    day: NaiveDate,
    of_hour: [u32; 4],
    of_day: [u32; 4],
}

impl Counted {
    /// Everything that is counted.
    pub const ALL: [Counted; 4] = [Counted::Searches, Counted::Listed, Counted::Opened, Counted::Fruitless];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Counted::Searches => "searches",
            Counted::Listed => "listed",
            Counted::Opened => "opened",
            Counted::Fruitless => "fruitless",
        }
    }
}

impl Span {
    /// Both.
    pub const ALL: [Span; 2] = [Span::Hour, Span::Day];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Span::Hour => "hour",
            Span::Day => "day",
        }
    }
}

impl Default for Ceilings {
    /// Nobody looks for more than a child a minute by hand, which makes 60 in an hour, and 375 on a day of whose
    /// load the busiest hour has 16 % (scale.md 1): so many, each with a second page, a full first one, an opening
    /// and every second try in vain, are below every one of these.
    fn default() -> Ceilings {
        Ceilings {
            searches: Limits { hour: 150, day: 800 },
            listed: Limits { hour: 600, day: 2_400 },
            opened: Limits { hour: 100, day: 400 },
            fruitless: Limits { hour: 60, day: 240 },
        }
    }
}

impl Ceilings {
    /// The ceilings of one thing counted.
    pub fn of(&self, counted: Counted) -> Limits {
        match counted {
            Counted::Searches => self.searches,
            Counted::Listed => self.listed,
            Counted::Opened => self.opened,
            Counted::Fruitless => self.fruitless,
        }
    }

    /// Tells whether each is one that a policy may set.
    pub fn in_range(&self) -> bool {
        Counted::ALL.into_iter().map(|counted| self.of(counted)).all(|limits| {
            (LIMIT_MIN..=HOUR_MAX).contains(&limits.hour) && (limits.hour..=DAY_MAX).contains(&limits.day)
        })
    }

    /// The first ceiling that a tally has reached: of a day before of an hour, in the order of [`Counted::ALL`].
    pub fn reached(&self, tally: &Tally) -> Option<Reached> {
        let all = [Span::Day, Span::Hour].into_iter();
        all.flat_map(|within| Counted::ALL.into_iter().map(move |counted| (counted, within)))
            .map(|(counted, within)| {
                let limits = self.of(counted);
                let limit = if within == Span::Day { limits.day } else { limits.hour };
                Reached { counted, within, limit }
            })
            .find(|reached| tally.count(reached.counted, reached.within) >= reached.limit)
    }
}

impl Tally {
    /// Nothing tried yet, at this moment.
    pub fn begun(now: DateTime<Utc>) -> Tally {
        Tally { hour: hour_of(now), day: england_day(now), of_hour: [0; 4], of_day: [0; 4] }
    }

    /// How many there were of one thing in the hour or on the day of the newest attempt.
    pub fn count(&self, counted: Counted, within: Span) -> u32 {
        let counts = if within == Span::Hour { &self.of_hour } else { &self.of_day };
        Counted::ALL
            .into_iter()
            .zip(counts)
            .filter(|(known, _)| *known == counted)
            .map(|(_, count)| *count)
            .sum()
    }

    /// The civil day that is counted.
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// Counts one attempt; a new hour or day begins from nothing.
    pub fn add(&mut self, attempt: Attempt, now: DateTime<Utc>) {
        let begun = Tally::begun(now);
        if self.hour != begun.hour {
            (self.hour, self.of_hour) = (begun.hour, begun.of_hour);
        }
        if self.day != begun.day {
            (self.day, self.of_day) = (begun.day, begun.of_day);
        }
        let more = match attempt {
            Attempt::Found { listed } => [1, listed, 0, 0],
            Attempt::FoundNothing => [1, 0, 0, 1],
            Attempt::Opened => [0, 0, 1, 0],
            Attempt::OpenedNothing => [0, 0, 0, 1],
        };
        for counts in [&mut self.of_hour, &mut self.of_day] {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count = count.saturating_add(more));
        }
    }
}

fn hour_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(3_600)
}
