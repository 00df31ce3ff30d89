//! Moments as they are typed: an instant, or a day, which means all of that civil day in England.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
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
    let midnight = next.and_time(NaiveTime::MIN).and_utc();
    // In summer the next day begins in England an hour before it does in UTC.
    let early = midnight - TimeDelta::hours(1);
    let begins = if england_day(early) == next { early } else { midnight };
    Ok(begins - TimeDelta::microseconds(1))
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
}
