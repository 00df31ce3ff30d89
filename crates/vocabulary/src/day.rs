//! Days: civil days in England. An instant becomes a day by the clock on the wall there.
//!
//! Source: contract.md section 2 ("days are civil days in England").

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::London;

/// The civil day in England at this instant: an hour ahead of UTC in summer.
pub fn england_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&London).date_naive()
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
    fn an_age_is_reached_on_the_birthday() {
        let born = NaiveDate::from_ymd_opt(2008, 11, 21).unwrap();
        assert_eq!(age_on(born, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()), 17);
        assert_eq!(age_on(born, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()), 18);
    }
}
