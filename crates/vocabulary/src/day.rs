//! Days: civil days in England. An instant becomes a day by the clock on the wall there.
//!
//! Source: contract.md section 2 ("days are civil days in England").

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::London;

/// The civil day in England at this instant: an hour ahead of UTC in summer.
pub fn england_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&London).date_naive()
}

/// The instant at which a civil day begins in England: an hour before that of UTC in summer.
pub fn england_midnight(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    let early = midnight - TimeDelta::hours(1);
    if england_day(early) == day { early } else { midnight }
}

/// The clock on the wall in England at this instant.
pub fn england_time(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&London).naive_local()
}

/// The instant at which `days` working days have passed since `instant`, by the clock on the wall in England.
///
/// Working days are Monday to Friday; bank holidays are not known here and count as working days. What begins at
/// a weekend begins with the Monday after it. Cost: a step a day.
pub fn working_days_after(instant: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let begun = instant.with_timezone(&London).naive_local();
    let (mut day, time) = match begun.weekday() {
        Weekday::Sat => (begun.date() + TimeDelta::days(2), NaiveTime::MIN),
        Weekday::Sun => (begun.date() + TimeDelta::days(1), NaiveTime::MIN),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => {
            (begun.date(), begun.time())
        }
    };
    for _ in 0..days {
        day += TimeDelta::days(if day.weekday() == Weekday::Fri { 3 } else { 1 });
    }
    let wall = day.and_time(time);
    // Clocks change on Sundays, so that no working day lacks an hour or has one twice.
    London.from_local_datetime(&wall).earliest().map_or_else(|| wall.and_utc(), |at| at.with_timezone(&Utc))
}

/// Whole years from birth to `on`; a birthday on 29 February falls on 1 March in other years.
/// Negative before birth.
pub fn age_on(born: NaiveDate, on: NaiveDate) -> i32 {
    let years = on.year() - born.year();
    if (on.month(), on.day()) < (born.month(), born.day()) { years - 1 } else { years }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_summer_night_in_england_is_already_tomorrow() {
        let late = Utc.with_ymd_and_hms(2026, 7, 1, 23, 30, 0).unwrap();
        assert_eq!(england_day(late), NaiveDate::from_ymd_opt(2026, 7, 2).unwrap());
        let winter = Utc.with_ymd_and_hms(2026, 1, 1, 23, 30, 0).unwrap();
        assert_eq!(england_day(winter), NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    }

    #[test]
    fn a_summer_day_begins_an_hour_early() {
        let begins = |year, month, day| {
            england_midnight(NaiveDate::from_ymd_opt(year, month, day).unwrap()).to_rfc3339()
        };
        assert_eq!(begins(2026, 1, 10), "2026-01-10T00:00:00+00:00");
        assert_eq!(begins(2026, 7, 10), "2026-07-09T23:00:00+00:00");
    }

    #[test]
    fn a_working_day_passes_over_the_weekend_and_over_the_change_of_the_clocks() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let cases = [
            ("2026-11-18T10:00:00Z", 1, "2026-11-19T10:00:00Z"),
            ("2026-11-20T10:00:00Z", 1, "2026-11-23T10:00:00Z"),
            ("2026-11-21T10:00:00Z", 1, "2026-11-24T00:00:00Z"),
            ("2026-11-22T23:59:00Z", 1, "2026-11-24T00:00:00Z"),
            ("2026-11-18T10:00:00Z", 5, "2026-11-25T10:00:00Z"),
            // A Friday in summer time and the Monday after it, in winter time.
            ("2026-10-23T09:00:00Z", 1, "2026-10-26T10:00:00Z"),
            // Half past midnight on a Monday in England is still Sunday in UTC.
            ("2026-07-05T23:30:00Z", 1, "2026-07-06T23:30:00Z"),
        ];
        for (since, days, due) in cases {
            assert_eq!(working_days_after(at(since), days), at(due), "{since} and {days}");
        }
    }

    #[test]
    fn an_age_is_reached_on_the_birthday() {
        let born = NaiveDate::from_ymd_opt(2008, 11, 21).unwrap();
        assert_eq!(age_on(born, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()), 17);
        assert_eq!(age_on(born, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()), 18);
    }
}
