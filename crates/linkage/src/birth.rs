//! Days of birth: how one may have been written for another.
//!
//! Source: matching.md 3.3 (day and month changed about, one digit, the first of January, days and years near).

use chrono::{Datelike, NaiveDate};

/// Days by which two sources may differ who mean one day: the day of birth and of its registration.
const SLIP_DAYS_MAX: i64 = 31;

/// Years by which they may.
const SLIP_YEARS_MAX: i32 = 2;

/// How one day of birth stands to another, closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BirthLevel {
    /// The same day.
    Same,
    /// Day and month changed about.
    Swapped,
    /// One digit differs, or two neighbours changed places.
    OneDigit,
    /// The same year, and one of them the first of January: what is written when only the year is known.
    NewYear,
    /// Up to 31 days apart.
    NearDays,
    /// The same year.
    SameYear,
    /// Up to two years apart.
    NearYears,
    /// Another day.
    Else,
}

/// Compares two days of birth.
pub fn compare(left: NaiveDate, right: NaiveDate) -> BirthLevel {
    if left == right {
        return BirthLevel::Same;
    }
    let same_year = left.year() == right.year();
    let new_year = |day: NaiveDate| (day.month(), day.day()) == (1, 1);
    if same_year && left.month() == right.day() && left.day() == right.month() {
        BirthLevel::Swapped
    } else if same_year && (new_year(left) || new_year(right)) {
        BirthLevel::NewYear
    } else if one_digit(left, right) {
        BirthLevel::OneDigit
    } else if left.signed_duration_since(right).num_days().abs() <= SLIP_DAYS_MAX {
        BirthLevel::NearDays
    } else if same_year {
        BirthLevel::SameYear
    } else if left.year().abs_diff(right.year()) <= SLIP_YEARS_MAX.unsigned_abs() {
        BirthLevel::NearYears
    } else {
        BirthLevel::Else
    }
}

/// Eight digits of which one differs, or two neighbours changed places.
pub fn one_digit(asked: NaiveDate, held: NaiveDate) -> bool {
    let (asked, held) = (digits(asked), digits(held));
    let mut off = asked.iter().zip(&held).enumerate().filter(|(_, (left, right))| left != right);
    match (off.next(), off.next(), off.next()) {
        (Some(_), None, _) => true,
        (Some((first, one)), Some((second, other)), None) => {
            second == first + 1 && one.0 == other.1 && one.1 == other.0
        }
        _ => false,
    }
}

/// The eight digits of a day, as in 2015 04 02.
fn digits(day: NaiveDate) -> [u32; 8] {
    let number = day.year().unsigned_abs() % 10_000 * 10_000 + day.month() * 100 + day.day();
    let mut places = [0; 8];
    let mut rest = number;
    for place in places.iter_mut().rev() {
        *place = rest % 10;
        rest /= 10;
    }
    places
}

/// Every day of which one digit differs, or two neighbours changed places.
pub fn digit_neighbours(day: NaiveDate) -> Vec<NaiveDate> {
    let written = digits(day);
    let mut days = Vec::new();
    for place in 0..written.len() {
        for digit in 0..10 {
            let mut changed = written;
            if let Some(at) = changed.get_mut(place) {
                *at = digit;
            }
            days.extend(read(changed));
        }
        if place > 0 {
            let mut changed = written;
            changed.swap(place - 1, place);
            days.extend(read(changed));
        }
    }
    days
}

/// The day that eight digits write, where there is one.
fn read(digits: [u32; 8]) -> Option<NaiveDate> {
    let number = digits.into_iter().fold(0, |number, digit| number * 10 + digit);
    let year = i32::try_from(number / 10_000).ok()?;
    NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(left: &str, right: &str) -> BirthLevel {
        compare(left.parse().unwrap(), right.parse().unwrap())
    }

    #[test]
    fn each_slip_of_the_pen_has_its_level() {
        assert_eq!(level("2015-04-02", "2015-04-02"), BirthLevel::Same);
        assert_eq!(level("2015-04-02", "2015-02-04"), BirthLevel::Swapped);
        assert_eq!(level("2015-04-02", "2015-04-22"), BirthLevel::OneDigit);
        assert_eq!(level("2015-04-02", "2016-04-02"), BirthLevel::OneDigit);
        assert_eq!(level("2015-04-12", "2015-04-21"), BirthLevel::OneDigit);
        assert_eq!(level("2015-04-02", "2015-01-01"), BirthLevel::NewYear);
        assert_eq!(level("2015-03-25", "2015-04-19"), BirthLevel::NearDays);
        assert_eq!(level("2015-03-25", "2015-11-19"), BirthLevel::SameYear);
        assert_eq!(level("2015-03-25", "2013-11-19"), BirthLevel::NearYears);
        assert_eq!(level("2015-03-25", "2001-11-19"), BirthLevel::Else);
    }
}
