//! A moment in a query: an instant, or a civil day in England with its first and last moment.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;
use vocabulary::england_day;

/// An instant of RFC 3339, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum When {
    /// An instant.
    Instant(DateTime<Utc>),
    /// A civil day in England.
    Day(NaiveDate),
}

impl When {
    /// The instant itself, or the first moment of the day.
    pub(crate) fn begins(self) -> DateTime<Utc> {
        match self {
            When::Instant(instant) => instant,
            When::Day(day) => midnight(day),
        }
    }

    /// The instant itself, or the moment at which the day is over.
    pub(crate) fn ends(self) -> DateTime<Utc> {
        match self {
            When::Instant(instant) => instant,
            When::Day(day) => midnight(day.succ_opt().unwrap_or(day)),
        }
    }
}

/// Midnight in England: an hour before that of UTC in summer.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    let utc = day.and_time(NaiveTime::MIN).and_utc();
    let earlier = utc - TimeDelta::hours(1);
    if england_day(earlier) == day { earlier } else { utc }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summer_day_begins_an_hour_earlier() {
        let read = |text: &str| serde_json::from_str::<When>(&format!("\"{text}\"")).unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(read("2026-01-10").begins(), at("2026-01-10T00:00:00Z"));
        assert_eq!(read("2026-01-10").ends(), at("2026-01-11T00:00:00Z"));
        assert_eq!(read("2026-07-10").begins(), at("2026-07-09T23:00:00Z"));
        assert_eq!(read("2026-07-10T12:00:00Z").ends(), at("2026-07-10T12:00:00Z"));
    }
}
