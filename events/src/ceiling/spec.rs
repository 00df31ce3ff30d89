//! Specs of ceilings: what counts as what, and when one is reached.

use chrono::{Duration, TimeZone};

use super::*;

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

/// Ceilings that differ from one another, so that none is taken for another.
fn ceilings() -> Ceilings {
    let limits = |hour: u32| Limits { hour, day: hour * 3 };
    Ceilings { searches: limits(10), listed: limits(20), opened: limits(30), fruitless: limits(40) }
}

/// Every kind of attempt, with what it adds to each count.
const ATTEMPTS: [(Attempt, [u32; 4]); 5] = [
    (Attempt::Found { listed: 1 }, [1, 1, 0, 0]),
    (Attempt::Found { listed: 10 }, [1, 10, 0, 0]),
    (Attempt::FoundNothing, [1, 0, 0, 1]),
    (Attempt::Opened, [0, 0, 1, 0]),
    (Attempt::OpenedNothing, [0, 0, 0, 1]),
];

#[test]
fn every_attempt_counts_as_what_it_was_answered() {
    for (attempt, added) in ATTEMPTS {
        let mut tally = Tally::begun(noon());
        tally.add(attempt, noon());
        for within in Span::ALL {
            assert_eq!(Counted::ALL.map(|counted| tally.count(counted, within)), added, "{attempt:?}");
        }
    }
}

/// One attempt after another of each kind, by the hour and over hours: against a count kept beside.
#[test]
fn a_ceiling_is_reached_by_the_attempt_that_makes_its_number_full_and_by_none_before() {
    let ceilings = ceilings();
    for (attempt, added) in ATTEMPTS {
        for minutes in [0, 1, 7, 59, 61] {
            let mut tally = Tally::begun(noon());
            let mut made: Vec<DateTime<Utc>> = Vec::new();
            for number in 0..150_i32 {
                let now = noon() + Duration::minutes((number * minutes).into());
                made.push(now);
                tally.add(attempt, now);
                let hour = made.iter().filter(|at| hour_of(**at) == hour_of(now)).count();
                let day = made.iter().filter(|at| england_day(**at) == england_day(now)).count();
                let full = |counted: Counted, within: Span| {
                    let times = u32::try_from(if within == Span::Hour { hour } else { day }).unwrap();
                    let place = Counted::ALL.into_iter().position(|known| known == counted).unwrap();
                    let limits = ceilings.of(counted);
                    let limit = if within == Span::Hour { limits.hour } else { limits.day };
                    (times * added[place] >= limit).then_some(Reached { counted, within, limit })
                };
                let expected = [Span::Day, Span::Hour]
                    .into_iter()
                    .find_map(|within| Counted::ALL.into_iter().find_map(|counted| full(counted, within)));
                assert_eq!(ceilings.reached(&tally), expected, "{attempt:?} {minutes} {number}");
            }
        }
    }
}

#[test]
fn a_count_that_cannot_grow_stays_where_it_is() {
    let mut tally = Tally::begun(noon());
    for _ in 0..2 {
        tally.add(Attempt::Found { listed: u32::MAX }, noon());
    }
    assert_eq!(tally.count(Counted::Listed, Span::Day), u32::MAX);
}

/// The load that the defaults are argued from (scale.md 1): a child a minute, 16 % of a day in its busiest hour.
#[test]
fn whoever_looks_for_a_child_a_minute_meets_no_ceiling_in_an_hour_nor_on_a_day() {
    let defaults = Ceilings::default();
    let mut tally = Tally::begun(noon());
    let searched = |kept: &mut Tally, number: u32, at: DateTime<Utc>| {
        // Every second search finds nobody and is asked again; every other fills a page and turns to a second.
        if number.is_multiple_of(2) {
            kept.add(Attempt::FoundNothing, at);
        }
        kept.add(Attempt::Found { listed: 6 }, at);
        kept.add(Attempt::Opened, at);
    };
    for number in 0..60 {
        searched(&mut tally, number, noon());
        assert_eq!(defaults.reached(&tally), None, "{number}");
    }
    for number in 60..375 {
        // The other hours of the day, each with less than the busiest.
        let at = noon() - Duration::hours(1) - Duration::hours(i64::from(number % 9));
        searched(&mut tally, number, at);
        assert_eq!(defaults.reached(&tally), None, "{number}");
    }
}

#[test]
fn ceilings_lie_between_what_work_needs_and_what_would_copy_a_directory() {
    assert!(Ceilings::default().in_range());
    for counted in Counted::ALL {
        let with = |hour: u32, day: u32| {
            let mut ceilings = Ceilings::default();
            let limits = match counted {
                Counted::Searches => &mut ceilings.searches,
                Counted::Listed => &mut ceilings.listed,
                Counted::Opened => &mut ceilings.opened,
                Counted::Fruitless => &mut ceilings.fruitless,
            };
            *limits = Limits { hour, day };
            ceilings.in_range()
        };
        for (hour, day, fits) in [
            (10, 10, true),
            (1_000, 5_000, true),
            (9, 100, false),
            (1_001, 5_000, false),
            (100, 99, false),
            (100, 5_001, false),
        ] {
            assert_eq!(with(hour, day), fits, "{counted:?} {hour} {day}");
        }
    }
}
