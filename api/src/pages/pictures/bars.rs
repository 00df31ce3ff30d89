//! Bars: so many of each, from nought. The table below has the same numbers.

use askama::Template;

use super::{Length, in_two};
use crate::pages::kit::Picture;

const LEFT: f64 = 290.0;
const WIDTH: f64 = 350.0;
const ROW: f64 = 40.0;

/// Letters of a label.
const LABEL_MAX: usize = 38;

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
struct Bars {
    title: String,
    height: f64,
    drawn: Vec<Drawn>,
    description: String,
}

/// Draws bars; `None` where there is none.
pub(crate) fn bars(title: &str, bars: &[Bar]) -> Option<Picture> {
    let most = bars.iter().filter_map(|bar| bar.count).max()?.max(1);
    let drawn = bars.iter().zip(0_u16..).map(|(bar, index)| {
        let y = ROW * f64::from(index) + 4.0;
        let width = bar.count.map_or(0.0, |count| WIDTH * share(count, most));
        Drawn {
            label: in_two(&bar.label, LABEL_MAX),
            y,
            text_y: if bar.label.chars().count() > LABEL_MAX { y + 8.0 } else { y + 16.0 },
            number_y: y + 16.0,
            width,
            number_x: LEFT + width + 6.0,
            number: said(bar),
        }
    });
    let drawn: Vec<Drawn> = drawn.collect();
    let picture = Bars {
        title: title.to_owned(),
        height: drawn.iter().map(|bar| bar.y + ROW).fold(0.0, f64::max),
        drawn,
        description: bars
            .iter()
            .map(|bar| format!("{}: {}", bar.label, said(bar)))
            .collect::<Vec<_>>()
            .join(". "),
    };
    Some(Picture { svg: picture.render().ok()?, label: title.to_owned(), caption: None })
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
        let svg = bars("Looks", &[bar("a", Some(10)), bar("b", Some(5)), bar("c", None)]).unwrap().svg;
        assert!(
            svg.contains("width=\"350\"") && svg.contains("width=\"175\"") && svg.contains("width=\"0\""),
            "{svg}"
        );
        assert!(svg.contains("fewer than 5"));
        assert!(bars("Looks", &[]).is_none());
    }
}
