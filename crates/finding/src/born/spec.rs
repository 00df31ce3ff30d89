//! Levels of birth, and that the days searched hold every child that can be meant.

use proptest::prelude::*;

use super::*;

fn on(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

fn asked(query: &Query) -> Born {
    Born::of(query, on("2025-09-01"))
}

fn day(day: &str) -> Born {
    asked(&Query { date_of_birth: Some(on(day)), ..Query::default() })
}

#[test]
fn the_closer_the_day_the_more_it_weighs() {
    let told = day("2015-04-02");
    let weights: Vec<i32> =
        ["2015-04-02", "2015-02-04", "2015-04-20", "2015-01-01", "2015-11-19", "2013-11-19"]
            .into_iter()
            .map(|held| told.fit(Some(on(held))).weight)
            .collect();
    assert!(weights.windows(2).all(|pair| pair[0] >= pair[1]), "{weights:?}");
    assert_eq!(told.fit(Some(on("2015-04-02"))).kind, BornKind::SameDay);
    assert_eq!(told.fit(Some(on("2005-04-02"))).kind, BornKind::Within, "one digit of the year");
    assert_eq!(told.fit(Some(on("2013-11-19"))).kind, BornKind::Off);
    assert_eq!(told.fit(None).kind, BornKind::Unknown);
}

#[test]
fn an_age_is_counted_on_the_day_of_the_search_and_may_be_one_out() {
    let ten = asked(&Query { age: Some(10), ..Query::default() });
    for (held, kind, exact) in [
        ("2015-09-01", BornKind::Within, true),
        ("2015-09-02", BornKind::Within, false),
        ("2014-09-02", BornKind::Within, true),
        ("2013-09-02", BornKind::Within, false),
        ("2013-09-01", BornKind::Off, false),
        ("2016-09-02", BornKind::Off, false),
    ] {
        let fit = ten.fit(Some(on(held)));
        assert_eq!((fit.kind, fit.exact), (kind, exact), "{held}");
    }
}

#[test]
fn a_span_may_be_open_at_one_end() {
    let from = asked(&Query { birth_from: Some(on("2015-04-02")), ..Query::default() });
    assert!(from.fit(Some(on("2020-01-01"))).exact);
    assert_eq!(from.fit(Some(on("2015-03-20"))).kind, BornKind::Within);
    assert_eq!(from.fit(Some(on("2014-01-01"))).kind, BornKind::Off);
}

#[test]
fn asked_nothing_every_birth_fits() {
    let nothing = asked(&Query::default());
    assert!(nothing.fit(None).exact);
    assert_eq!(nothing.fit(Some(on("2015-04-02"))).kind, BornKind::Unstated);
}

#[test]
fn every_slip_of_a_digit_is_searched_and_little_else() {
    let told = on("2012-10-21");
    let spans = day("2012-10-21").spans();
    let searched = |held: NaiveDate| {
        let filed = filed_birth(Some(held));
        spans.iter().any(|(from, to)| (*from..=*to).contains(&filed))
    };
    let mut held = on("1996-01-01");
    let mut days = 0;
    while held < on("2030-01-01") {
        let can_be_meant = near_day(told, held).kind != BornKind::Off;
        assert!(searched(held) || !can_be_meant, "{held}");
        days += usize::from(searched(held));
        held = held.succ_opt().unwrap();
    }
    assert!(days < 440, "{days} days are searched");
}

#[test]
fn days_are_filed_in_order_and_in_two_bytes() {
    assert_eq!(filed_birth(on("1900-01-01").into()), 1);
    assert_eq!(filed_birth(None), BIRTH_UNKNOWN);
    assert_eq!(filed_birth(Some(NaiveDate::MIN)), 1);
    assert_eq!(filed_birth(Some(NaiveDate::MAX)), u16::MAX);
    assert!(filed_birth(Some(on("2015-04-02"))) < filed_birth(Some(on("2015-04-03"))));
}

proptest! {
    #[test]
    fn every_child_that_can_be_meant_is_filed_in_the_days_searched(
        told in 0..12_000_u64, held in 0..12_000_u64, which in 0..4,
    ) {
        let start = on("1996-01-01");
        let (told, held) = (start + Days::new(told), start + Days::new(held));
        let query = match which {
            0 => Query { date_of_birth: Some(told), ..Query::default() },
            1 => Query { birth_year: Some(told.year()), ..Query::default() },
            2 => Query { age: u8::try_from(age_on(on("2030-01-01"), told)).ok(), ..Query::default() },
            _ => Query { birth_from: Some(told), birth_to: Some(told), ..Query::default() },
        };
        let born = Born::of(&query, on("2030-01-01"));
        let can_be_meant = born.fit(Some(held)).kind != BornKind::Off;
        let filed = filed_birth(Some(held));
        let searched = born.spans().into_iter().any(|(from, to)| (from..=to).contains(&filed));
        prop_assert!(searched || !can_be_meant);
    }
}
