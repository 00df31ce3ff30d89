//! When a child was born: day, year, span or age, exact or near.
//!
//! Source: matching.md 3.3 (levels of the date of birth). Of several criteria the most precise decides whether
//! a child can be meant; the others only weigh.

use chrono::{Datelike, Days, Months, NaiveDate};
use linkage::birth::{digit_neighbours, one_digit};

use crate::{query::Query, weight};

/// Days between what is told and what is held that still may be a slip.
const SLIP_DAYS_MAX: i64 = 31;

/// Years of age or of birth that a viewer may be out by.
const SLIP_YEARS: i32 = 1;

/// The day under which children of unknown birth are filed.
const BIRTH_UNKNOWN: u16 = 0;

/// 1899-12-31 as days from the common era.
const DAY_ZERO: i32 = 693_595;

/// What is asked about birth.
#[derive(Debug, Clone)]
pub(crate) struct Born {
    day: Option<NaiveDate>,
    year: Option<i32>,
    age: Option<i32>,
    span: Option<(NaiveDate, NaiveDate)>,
    today: NaiveDate,
}

/// How what is held answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BornFit {
    pub(crate) kind: BornKind,
    pub(crate) weight: i32,
    pub(crate) exact: bool,
}

/// Whether the child can be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BornKind {
    /// Nothing was asked.
    Unstated,
    /// Nothing is held.
    Unknown,
    /// Too far off.
    Off,
    /// Near enough.
    Within,
    /// The very day.
    SameDay,
}

impl Born {
    pub(crate) fn of(query: &Query, today: NaiveDate) -> Born {
        let span = (query.birth_from.is_some() || query.birth_to.is_some())
            .then(|| (query.birth_from.unwrap_or(NaiveDate::MIN), query.birth_to.unwrap_or(NaiveDate::MAX)));
        let age = query.age.map(i32::from);
        // Nobody was born in a year of five digits; the bound keeps the sums below from overflowing.
        let year = query.birth_year.map(|year| year.clamp(0, 9999));
        Born { day: query.date_of_birth, year, age, span, today }
    }

    pub(crate) fn day(&self) -> Option<NaiveDate> {
        self.day
    }

    /// The most that could be scored.
    pub(crate) fn possible(&self) -> i32 {
        [
            self.day.map(|_| weight::DAY),
            self.year.map(|_| weight::YEAR),
            self.age.map(|_| weight::AGE),
            self.span.map(|_| weight::SPAN),
        ]
        .into_iter()
        .flatten()
        .sum()
    }

    /// Weighs the day held.
    pub(crate) fn fit(&self, held: Option<NaiveDate>) -> BornFit {
        let Some(held) = held else {
            let nothing_asked = self.possible() == 0;
            let kind = if nothing_asked { BornKind::Unstated } else { BornKind::Unknown };
            return BornFit { kind, weight: 0, exact: nothing_asked };
        };
        // Most precise first: the first one stated decides.
        let fits = [
            self.day.map(|day| near_day(day, held)),
            self.year.map(|year| near_count(held.year() - year, weight::YEAR)),
            self.age.map(|age| near_count(age_on(self.today, held) - age, weight::AGE)),
            self.span.map(|span| near_span(span, held)),
        ];
        let mut stated = fits.into_iter().flatten();
        let Some(first) = stated.next() else {
            return BornFit { kind: BornKind::Unstated, weight: 0, exact: true };
        };
        stated.fold(first, |sum, next| BornFit {
            kind: sum.kind,
            weight: sum.weight + next.weight,
            exact: sum.exact && next.exact,
        })
    }

    /// The most that a child could score who is filed under a day.
    pub(crate) fn most_if_filed(&self, day: u16) -> i32 {
        if self.possible() == 0 || day == BIRTH_UNKNOWN {
            return 0;
        }
        // At either end children of other days are filed too.
        let held = NaiveDate::from_num_days_from_ce_opt(DAY_ZERO + i32::from(day));
        if matches!(day, 1 | u16::MAX) { self.possible() } else { self.fit(held).weight }
    }

    /// The spans of days in which every child that can be meant was born, as filed; of unknown birth too.
    pub(crate) fn spans(&self) -> Vec<(u16, u16)> {
        let around = |from: NaiveDate, to: NaiveDate| {
            let slip = Days::new(SLIP_DAYS_MAX.unsigned_abs());
            let from = from.checked_sub_days(slip).unwrap_or(NaiveDate::MIN);
            (filed(from), filed(to.checked_add_days(slip).unwrap_or(NaiveDate::MAX)))
        };
        let year = |year: i32| (new_year(year), new_year(year.saturating_add(1)));
        let mut spans = match (self.day, self.year, self.age, self.span) {
            (Some(day), ..) => {
                let mut spans: Vec<_> =
                    digit_neighbours(day).into_iter().map(|day| (filed(day), filed(day))).collect();
                spans.push(around(day, day));
                spans.push((filed(year(day.year()).0), filed(year(day.year()).1)));
                spans
            }
            (None, Some(born), ..) => {
                vec![(filed(year(born - SLIP_YEARS).0), filed(year(born + SLIP_YEARS).1))]
            }
            (None, None, Some(age), _) => {
                let years_ago = |years: i32| {
                    let months = Months::new(years.unsigned_abs() * 12);
                    self.today.checked_sub_months(months).unwrap_or(NaiveDate::MIN)
                };
                // One day more at either end, for those born on 29 February.
                let youngest = if age < SLIP_YEARS { NaiveDate::MAX } else { years_ago(age - SLIP_YEARS) };
                vec![around(years_ago(age + SLIP_YEARS + 1), youngest)]
            }
            (None, None, None, Some((from, to))) => vec![around(from, to)],
            (None, None, None, None) => vec![(0, u16::MAX)],
        };
        spans.push((BIRTH_UNKNOWN, BIRTH_UNKNOWN));
        merged(spans)
    }
}

impl Born {
    /// The first day, as filed, on which somebody was born who is certainly under an age today.
    pub(crate) fn under(&self, age: u32) -> u16 {
        let birthday = self.today.checked_sub_months(Months::new(age.saturating_mul(12)));
        // A day more, for those born on 29 February.
        birthday.and_then(|day| day.checked_add_days(Days::new(2))).map_or(u16::MAX, filed)
    }
}

/// The day under which a child is filed: days since 1899, so that two bytes hold them until 2079.
pub(crate) fn filed_birth(born: Option<NaiveDate>) -> u16 {
    born.map_or(BIRTH_UNKNOWN, filed)
}

fn filed(day: NaiveDate) -> u16 {
    // Days outside are filed at either end: found with more company, never lost.
    let since = (day.num_days_from_ce() - DAY_ZERO).clamp(1, i32::from(u16::MAX));
    u16::try_from(since).unwrap_or(u16::MAX)
}

fn new_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX)
}

/// Sorted, and none inside another, so that no child is met twice.
fn merged(mut spans: Vec<(u16, u16)>) -> Vec<(u16, u16)> {
    spans.sort_unstable();
    let mut merged: Vec<(u16, u16)> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            Some(_) | None => merged.push((from, to)),
        }
    }
    merged
}

/// Whole years of age on a day; under 0 before birth.
pub(crate) fn age_on(day: NaiveDate, born: NaiveDate) -> i32 {
    let before_birthday = (day.month(), day.day()) < (born.month(), born.day());
    day.year() - born.year() - i32::from(before_birthday)
}

fn near_count(off_by: i32, most: i32) -> BornFit {
    match off_by.abs() {
        0 => BornFit { kind: BornKind::Within, weight: most, exact: true },
        SLIP_YEARS => BornFit { kind: BornKind::Within, weight: most * 2 / 5, exact: false },
        _ => BornFit { kind: BornKind::Off, weight: -most, exact: false },
    }
}

fn near_span((from, to): (NaiveDate, NaiveDate), held: NaiveDate) -> BornFit {
    let exact = from <= held && held <= to;
    let slip = from.signed_duration_since(held).max(held.signed_duration_since(to)).num_days();
    match (exact, slip <= SLIP_DAYS_MAX) {
        (true, _) => BornFit { kind: BornKind::Within, weight: weight::SPAN, exact },
        (false, true) => BornFit { kind: BornKind::Within, weight: weight::SPAN / 3, exact },
        (false, false) => BornFit { kind: BornKind::Off, weight: -weight::SPAN, exact },
    }
}

fn near_day(asked: NaiveDate, held: NaiveDate) -> BornFit {
    if asked == held {
        return BornFit { kind: BornKind::SameDay, weight: weight::DAY, exact: true };
    }
    let same_year = asked.year() == held.year();
    let swapped = same_year && asked.month() == held.day() && asked.day() == held.month();
    let new_year = |day: NaiveDate| (day.month(), day.day()) == (1, 1);
    let days = asked.signed_duration_since(held).num_days().abs();
    let tenths = if swapped || one_digit(asked, held) {
        7
    } else if same_year && (new_year(asked) || new_year(held)) || days <= SLIP_DAYS_MAX {
        // The first of January is what is written down when only the year is known.
        4
    } else if same_year {
        1
    } else {
        return BornFit { kind: BornKind::Off, weight: -weight::DAY, exact: false };
    };
    BornFit { kind: BornKind::Within, weight: weight::DAY * tenths / 10, exact: false }
}

#[cfg(test)]
mod spec;
