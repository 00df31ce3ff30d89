//! Moments as they are typed: an instant, or a day or a month, which means all of that civil day or month in England.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Serialize;
use vocabulary::england_day;

/// Reads an instant of RFC 3339, or a day as its last microsecond.
///
/// # Errors
/// The sentence that says what is needed.
pub(crate) fn last_of(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.with_timezone(&Utc));
    }
    let needed = || "a day or an instant of RFC 3339 is needed".to_owned();
    let next = text.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt()).ok_or_else(needed)?;
    Ok(begins(next) - TimeDelta::microseconds(1))
}

/// When a day begins in England.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    // In summer a day begins in England an hour before it does in UTC.
    let early = midnight - TimeDelta::hours(1);
    if england_day(early) == day { early } else { midnight }
}

/// A month, typed as `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub(crate) struct Month(NaiveDate);

impl Month {
    /// When it begins in England.
    pub(crate) fn begins(self) -> DateTime<Utc> {
        begins(self.0)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.0.format("%Y-%m").to_string()
    }
}

impl std::str::FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Month, String> {
        let first = format!("{text}-01").parse().ok().filter(|_| text.len() == "YYYY-MM".len());
        first.map(Month).ok_or_else(|| "a month is needed, as 2026-11".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_england() {
        let ends = |day: &str| last_of(day).unwrap().to_rfc3339();
        assert_eq!(ends("2026-11-20"), "2026-11-20T23:59:59.999999+00:00");
        assert_eq!(ends("2026-07-01"), "2026-07-01T22:59:59.999999+00:00");
        assert_eq!(ends("2026-11-20T09:00:00Z"), "2026-11-20T09:00:00+00:00");
        assert!(last_of("soon").is_err());
    }

    #[test]
    fn a_month_begins_at_midnight_in_england() {
        let begins = |month: &str| month.parse::<Month>().unwrap().begins().to_rfc3339();
        assert_eq!(begins("2026-11"), "2026-11-01T00:00:00+00:00");
        assert_eq!(begins("2026-07"), "2026-06-30T23:00:00+00:00");
        for text in ["2026", "2026-13", "2026-1", "2026-011", "soon"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
