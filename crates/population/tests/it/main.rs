//! Holds invented England to its contract: bytes, shares, numbers, events, and the story of Child V.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read what it made has failed")]

mod contract;
mod document;
mod england;
mod events;
mod sandbox;
mod story;

use chrono::NaiveDate;

/// The day on which every test tells ages.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}
