//! Bars: so many of each, from nought. The table below has the same numbers.

use askama::Template;

use super::{Length, in_two};
use crate::pages::kit::Picture;

/// Where things stand, for a desk or for a telephone.
struct Layout {
    width: f64,
    /// Where bars begin, and how long the longest is.
    left: f64,
    longest: f64,
    row: f64,
    /// The bar and the label, below the top of their row.
    bar: f64,
    label: f64,
    /// Letters of a line of the label.
    letters: usize,
}

/// Labels left of their bars.
const WIDE: Layout =
    Layout { width: 720.0, left: 290.0, longest: 350.0, row: 40.0, bar: 4.0, label: 20.0, letters: 38 };

/// Labels above their bars.
const NARROW: Layout =
    Layout { width: 340.0, left: 0.0, longest: 250.0, row: 62.0, bar: 34.0, label: 28.0, letters: 44 };

/// One bar. What is suppressed has no number, and is drawn as none.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) count: Option<u64>,
}

struct Drawn {
    label: (String, String),
    y: f64,
    text_y: f64,
    number_y: f64,
    width: f64,
    number_x: f64,
    number: String,
}

#[derive(Template)]
#[template(path = "pictures/bars.html")]
struct Bars<'a> {
    title: &'a str,
    width: f64,
    left: f64,
    height: f64,
    drawn: Vec<Drawn>,
    description: &'a str,
}

/// Draws bars; `None` where there is none.
pub(crate) fn bars(title: &str, bars: &[Bar]) -> Option<Picture> {
    let most = bars.iter().filter_map(|bar| bar.count).max()?.max(1);
    let said = bars.iter().map(|bar| format!("{}: {}", bar.label, said(bar)));
    let description = said.collect::<Vec<_>>().join(". ");
    let drawn = |layout: &Layout| {
        let drawn = drawn(bars, most, layout);
        let height = drawn.iter().map(|bar| bar.y - layout.bar + layout.row).fold(0.0, f64::max);
        let (width, left) = (layout.width, layout.left);
        Bars { title, width, left, height, drawn, description: &description }.render().ok()
    };
    Some(Picture { wide: drawn(&WIDE)?, narrow: drawn(&NARROW)?, label: title.to_owned(), caption: None })
}

fn drawn(bars: &[Bar], most: u64, layout: &Layout) -> Vec<Drawn> {
    let drawn = bars.iter().zip(0_u16..).map(|(bar, index)| {
        let top = layout.row * f64::from(index);
        let width = bar.count.map_or(0.0, |count| layout.longest * share(count, most));
        // A label of two lines ends where one of one line does.
        let lines = if bar.label.chars().count() > layout.letters { 2.0 } else { 1.0 };
        let one_line_up = if layout.left > 0.0 { 8.0 } else { 15.0 };
        Drawn {
            label: in_two(&bar.label, layout.letters),
            y: top + layout.bar,
            text_y: top + layout.label - one_line_up * (lines - 1.0),
            number_y: top + layout.bar + 16.0,
            width,
            number_x: layout.left + width + 6.0,
            number: said(bar),
        }
    });
    drawn.collect()
}

fn said(bar: &Bar) -> String {
    bar.count.map_or_else(|| "fewer than 5".to_owned(), |count| count.to_string())
}

/// Which part of the most this is.
#[expect(clippy::cast_precision_loss, reason = "a picture's width needs no more than a float tells")]
fn share(count: u64, most: u64) -> f64 {
    count as f64 / most as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_at_nought_and_what_is_suppressed_has_no_number() {
        let bar = |label: &str, count| Bar { label: label.to_owned(), count };
        let drawn = bars("Looks", &[bar("a", Some(10)), bar("b", Some(5)), bar("c", None)]).unwrap();
        for (svg, widths) in [(drawn.wide, ["350", "175", "0"]), (drawn.narrow, ["250", "125", "0"])] {
            assert!(widths.iter().all(|width| svg.contains(&format!("width=\"{width}\""))), "{svg}");
            assert!(svg.contains("fewer than 5"));
        }
        assert!(bars("Looks", &[]).is_none());
    }
}
