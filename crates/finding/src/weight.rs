//! What each criterion weighs: hundredths of a bit, rounded by hand.
//!
//! Source: matching.md 3.3, without term frequencies: how common a name is would be counted over children that
//! the viewer may not see (rules.md 2.3). The linkage work replaces these by a fitted model for feeds.

/// Child number.
pub(crate) const NUMBER: i32 = 3000;
/// Surname.
pub(crate) const SURNAME: i32 = 1000;
/// Forename.
pub(crate) const FORENAME: i32 = 800;
/// Initial of the forename.
pub(crate) const INITIAL: i32 = 300;
/// Day of birth.
pub(crate) const DAY: i32 = 1200;
/// Year of birth.
pub(crate) const YEAR: i32 = 500;
/// Age.
pub(crate) const AGE: i32 = 450;
/// Span of days of birth.
pub(crate) const SPAN: i32 = 400;
/// Gender; a different one costs three times what the same one earns.
pub(crate) const GENDER: i32 = 100;
/// Full postcode.
pub(crate) const POSTCODE: i32 = 800;
/// Outcode or its letters.
pub(crate) const AREA: i32 = 350;
/// Street.
pub(crate) const STREET: i32 = 600;
/// Post town.
pub(crate) const TOWN: i32 = 150;

/// Least share of what was possible, in millionths, that a fuzzy search answers.
pub(crate) const SHARE_MIN: i32 = 400_000;

/// Turns points of likeness, 0-1000, into weight: all of `most` for the same, minus four fifths for nothing.
pub(crate) fn of_points(points: u16, most: i32) -> i32 {
    most * (i32::from(points) * 9 - 4000) / 5000
}
