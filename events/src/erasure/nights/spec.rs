//! Specs of counted nights: each once, and a leap of the clock brings one.

use chrono::Days;

use super::*;
use crate::spec::given;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn count(night: &str) -> Command {
    Command::Count { night: day(night) }
}

fn certificate(through: u64) -> Certificate {
    Certificate { through: Position(through), keys: 2, payloads: 5, segments: 1 }
}

#[test]
fn a_night_is_counted_once() {
    given::<Nights>([])
        .when(count("2026-06-01"))
        .then([Event::NightCounted { night: day("2026-06-01") }])
        .when(count("2026-06-01"))
        .then_nothing()
        .when(count("2026-06-02"))
        .then([Event::NightCounted { night: day("2026-06-02") }]);
}

#[test]
fn a_clock_that_leaps_by_ten_years_brings_one_night() {
    let nights = |days: u64| {
        let first = day("2026-06-01");
        let counted = (0..days).map(|on| first + Days::new(on)).chain([day("2036-06-01")]);
        Nights { counted: counted.collect(), certified: None }
    };
    assert!(!nights(300).suffice(day("2026-06-01")));
    assert_eq!(nights(300).since(day("2030-01-01")), 1);
    assert!(nights(NIGHTS_IN_ARCHIVE as u64 - 1).suffice(day("2026-06-01")));
    assert!(!nights(NIGHTS_IN_ARCHIVE as u64 - 1).suffice(day("2026-06-02")));
}

#[test]
fn a_certificate_reaches_further_than_the_one_before() {
    given::<Nights>([])
        .when(Command::Certify(certificate(7)))
        .then([Event::ErasureCertified(certificate(7))])
        .when(Command::Certify(certificate(7)))
        .then_nothing()
        .when(Command::Certify(certificate(6)))
        .then_refused(Refusal::Certified);
}
