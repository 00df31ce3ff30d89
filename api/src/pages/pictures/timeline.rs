//! The timeline: a row an involvement, from its first day to its last; an open end goes past today's line.

use askama::Template;
use chrono::{Datelike, Months, NaiveDate};
use vocabulary::ServiceClass;

use super::{Length, class_of, short};
use crate::pages::{kit::Picture, words};

/// Shortest time that is drawn, in days: less looks like a history that there is not.
const DAYS_MIN: i64 = 180;

/// Where the first row begins.
const TOP: f64 = 34.0;

/// Where things stand, for a desk or for a telephone.
struct Layout {
    width: f64,
    /// Where bars begin and end.
    left: f64,
    right: f64,
    row: f64,
    /// The bar and the label's line, below the top of their row.
    bar: f64,
    label: f64,
    /// Letters of a label.
    letters: usize,
    /// Ticks at most: more would run into each other.
    ticks: usize,
}

/// Labels left of their bars.
const WIDE: Layout = Layout {
    width: 860.0,
    left: 330.0,
    right: 840.0,
    row: 30.0,
    bar: 0.0,
    label: 14.0,
    letters: 46,
    ticks: 8,
};

/// Labels above their bars.
const NARROW: Layout = Layout {
    width: 340.0,
    left: 18.0,
    right: 322.0,
    row: 46.0,
    bar: 20.0,
    label: 14.0,
    letters: 48,
    ticks: 4,
};

/// One involvement.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) class: ServiceClass,
    pub(crate) started_on: NaiveDate,
    pub(crate) ended_on: Option<NaiveDate>,
    pub(crate) lead: bool,
}

struct Drawn {
    label: String,
    words: String,
    class: &'static str,
    y: f64,
    text_y: f64,
    x: f64,
    width: f64,
    open: bool,
}

struct Tick {
    x: f64,
    text: String,
}

#[derive(Template)]
#[template(path = "pictures/timeline.html")]
struct Timeline<'a> {
    width: f64,
    height: f64,
    right: f64,
    bottom: f64,
    rows: Vec<Drawn>,
    ticks: Vec<Tick>,
    today_x: f64,
    description: &'a str,
}

/// Draws involvements, as they stand on `today`.
pub(crate) fn timeline(rows: &[Row], today: NaiveDate) -> Option<Picture> {
    let description = rows.iter().map(in_words).collect::<Vec<_>>().join(". ");
    let drawn = |layout: &Layout| drawn(rows, today, layout, &description)?.render().ok();
    Some(Picture {
        wide: drawn(&WIDE)?,
        narrow: drawn(&NARROW)?,
        label: "When each service was involved".to_owned(),
        caption: Some("A bar for each service, from its first day to its last. A bar that runs past today's line has no end.".to_owned()),
    })
}

fn drawn<'a>(rows: &[Row], today: NaiveDate, layout: &Layout, description: &'a str) -> Option<Timeline<'a>> {
    let first = rows.iter().map(|row| row.started_on).min()?;
    let first = first.min(today - chrono::TimeDelta::days(DAYS_MIN));
    let last =
        rows.iter().filter_map(|row| row.ended_on).chain(rows.iter().map(|row| row.started_on)).max()?;
    let span = (last.max(today) - first).num_days();
    // A little of the time to come, so that an open end can be seen to be one.
    let days = span + span / 20 + 1;
    let wide = layout.right - layout.left;
    let at = |day: NaiveDate| layout.left + wide * as_f64((day - first).num_days()) / as_f64(days);
    let drawn = rows.iter().zip(0_u8..).map(|(row, index)| {
        let top = TOP + layout.row * f64::from(index);
        let (from, to) = (at(row.started_on), row.ended_on.map_or(layout.right, at));
        Drawn {
            label: short(&row.label, layout.letters),
            words: in_words(row),
            class: if row.ended_on.is_some() { "ended" } else { class_of(row.class) },
            y: top + layout.bar,
            text_y: top + layout.label,
            x: from,
            width: (to - from).max(4.0),
            open: row.ended_on.is_none(),
        }
    });
    let drawn: Vec<Drawn> = drawn.collect();
    let bottom = TOP + layout.row * f64::from(u16::try_from(drawn.len()).ok()?);
    let ticks = ticks(first, last.max(today), layout.ticks);
    Some(Timeline {
        width: layout.width,
        height: bottom + 30.0,
        right: layout.right,
        bottom,
        ticks: ticks.into_iter().map(|day| Tick { x: at(day), text: tick(day) }).collect(),
        rows: drawn,
        today_x: at(today),
        description,
    })
}

fn in_words(row: &Row) -> String {
    let until =
        row.ended_on.map_or_else(|| "and goes on".to_owned(), |day| format!("until {}", words::day(day)));
    let lead = if row.lead { ", lead professional" } else { "" };
    format!("{}{lead}: from {} {until}", row.label, words::day(row.started_on))
}

/// Days at which the axis has a line: months, quarters or years, so that there are at most so many.
fn ticks(first: NaiveDate, last: NaiveDate, most: usize) -> Vec<NaiveDate> {
    let start = first.with_day(1).unwrap_or(first);
    for months in [1, 3, 6, 12, 24, 60] {
        let mut ticks = Vec::new();
        let mut month = start;
        // Ticks of a year or less stand at its beginning, so that they are the same whoever looks.
        while !month.month0().is_multiple_of(months.min(12)) {
            month = month + Months::new(1);
        }
        while month <= last && ticks.len() <= most {
            if month >= first {
                ticks.push(month);
            }
            month = month + Months::new(months);
        }
        if ticks.len() <= most {
            return ticks;
        }
    }
    Vec::new()
}

fn tick(day: NaiveDate) -> String {
    if day.month() == 1 { day.year().to_string() } else { day.format("%b %Y").to_string() }
}

/// Days fit a float exactly.
#[expect(clippy::cast_precision_loss, reason = "a count of days is far below 2^52")]
fn as_f64(days: i64) -> f64 {
    days as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_open_bar_runs_past_today_and_an_ended_one_does_not() {
        let row = |ended_on: Option<&str>| Row {
            label: "<b>Social care</b>".to_owned(),
            class: ServiceClass::Additional,
            started_on: day("2026-01-01"),
            ended_on: ended_on.map(day),
            lead: false,
        };
        let open = timeline(&[row(None)], day("2026-11-23")).unwrap();
        for svg in [open.wide, open.narrow] {
            assert!(svg.contains("cp-bar--additional") && svg.contains("and goes on"), "{svg}");
            assert!(!svg.contains("<b>"), "{svg}");
        }
        let ended = timeline(&[row(Some("2026-03-01"))], day("2026-11-23")).unwrap();
        for svg in [ended.wide, ended.narrow] {
            assert!(svg.contains("cp-bar--ended") && svg.contains("until 1 March 2026"), "{svg}");
        }
        assert!(timeline(&[], day("2026-11-23")).is_none());
    }

    #[test]
    fn the_axis_has_few_lines_however_long_the_story() {
        for (first, last) in
            [("2026-05-03", "2026-11-23"), ("2008-01-01", "2026-11-23"), ("2020-02-29", "2026-11-23")]
        {
            for most in [WIDE.ticks, NARROW.ticks] {
                let ticks = ticks(day(first), day(last), most);
                assert!((2..=most).contains(&ticks.len()), "{first}: {ticks:?}");
            }
        }
    }
}
