//! Plots of a workload against the number of children, as SVG that says in words what it shows.

use std::fmt::Write as _;

use super::{
    figure::Side,
    table::{Results, number},
    targets::Rate,
};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 50.0;

/// One line of a plot: children and operations a second.
type Points = Vec<(f64, f64)>;

/// The plot of a workload: both sides and the target, both axes by powers of ten. None where nothing was measured.
pub(crate) fn svg(rate: &Rate, all: &[Results]) -> Option<String> {
    let ours = points(all, Side::Contactpoint, rate.ours);
    let theirs = points(all, Side::Postgresql, rate.theirs);
    if ours.is_empty() {
        return None;
    }
    let target = rate.least;
    let rates = ours.iter().chain(&theirs).map(|(_, value)| *value).chain(target);
    let (low, high) = decades(rates);
    let (fewest, most) = decades(ours.iter().chain(&theirs).map(|(children, _)| *children));
    let across =
        |children: f64| LEFT + (WIDTH - LEFT - RIGHT) * (children.log10() - fewest) / (most - fewest);
    let up = |value: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value.log10() - low) / (high - low);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{}, operations a second by the number of children</title>\n<desc id=\"desc\">{}</desc>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"15\">{}</text>\n",
        rate.work,
        described(&ours, &theirs, target),
        rate.work,
    );
    let mut decade = low;
    while decade <= high + 0.5 {
        let value = 10_f64.powf(decade);
        let at = up(value);
        let end = WIDTH - RIGHT;
        let _written = write!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{end}\" y2=\"{at:.1}\" stroke=\"#dddddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            LEFT - 8.0,
            at + 4.0,
            short(value)
        );
        decade += 1.0;
    }
    for (children, _) in &ours {
        let _written = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            across(*children),
            HEIGHT - BOTTOM + 20.0,
            short(*children)
        );
    }
    let _written = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">children</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 10.0
    );
    if let Some(target) = target {
        let at = up(target);
        let end = WIDTH - RIGHT;
        let _drawn = write!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{end}\" y2=\"{at:.1}\" stroke=\"#333333\" \
             stroke-dasharray=\"6 4\"/>\n<text x=\"{:.1}\" y=\"{:.1}\">target</text>\n",
            end + 8.0,
            at + 4.0
        );
    }
    for (name, colour, dashes, points) in
        [("ours", "#0b5cad", "", &ours), ("PostgreSQL", "#b3541e", "2 3", &theirs)]
    {
        let path: Vec<String> = points
            .iter()
            .map(|(children, value)| format!("{:.1},{:.1}", across(*children), up(*value)))
            .collect();
        let Some(last) = points.last() else { continue };
        let _line = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
             stroke-dasharray=\"{dashes}\"/>",
            path.join(" ")
        );
        for (children, value) in points {
            let _point = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>",
                across(*children),
                up(*value)
            );
        }
        let _name = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
            across(last.0) + 10.0,
            up(last.1) - 6.0
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

#[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 52 bits")]
fn points(all: &[Results], side: Side, workload: &str) -> Points {
    let point = |results: &Results| {
        let best = results.best(side, workload)?;
        (best.ops_a_second > 0.0).then_some((results.children as f64, best.ops_a_second))
    };
    all.iter().filter_map(point).collect()
}

/// The powers of ten between which all values lie; at least one apart.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        low = low.min(value.log10().floor());
        high = high.max(value.log10().ceil());
    }
    (low, if high > low { high } else { low + 1.0 })
}

/// What the plot shows, in words.
fn described(ours: &Points, theirs: &Points, target: Option<f64>) -> String {
    let told = |points: &Points| {
        let each =
            points.iter().map(|(children, value)| format!("{} at {}", number(*value), number(*children)));
        each.collect::<Vec<_>>().join(", ")
    };
    let mut text = format!("Ours: {}.", told(ours));
    if !theirs.is_empty() {
        let _written = write!(text, " PostgreSQL: {}.", told(theirs));
    }
    if let Some(target) = target {
        let _written = write!(text, " The target at 12,000,000 is {}.", number(target));
    }
    text
}

/// A round number in few letters.
fn short(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{} M", value / 1e6),
        value if value >= 1e3 => format!("{} k", value / 1e3),
        value => format!("{value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::targets::RATES;

    fn results() -> Vec<Results> {
        let line = |children: u64, ops: f64| {
            serde_json::from_str(&format!(
                r#"{{"side":"contactpoint","children":{children},"workload":"view","connections":32,"seconds":2.0,
                "operations":1,"ops_a_second":{ops},"p50_ms":1.0,"p99_ms":2.0,"max_ms":3.0,"errors":0}}"#
            ))
            .unwrap()
        };
        Results::sorted(vec![line(1_000_000, 30_000.0), line(100_000, 40_000.0)])
    }

    #[test]
    fn a_plot_says_in_words_what_it_shows_and_stays_on_its_paper() {
        let rate = RATES.iter().find(|rate| rate.ours == "view").unwrap();
        let drawn = svg(rate, &results()).unwrap();
        assert!(drawn.contains("<title id=\"title\">record opened"));
        assert!(
            drawn.contains(
                "Ours: 40,000 at 100,000, 30,000 at 1,000,000. The target at 12,000,000 is 25,000."
            )
        );
        for mark in ["cx=\"", "cy=\""] {
            for place in drawn.split(mark).skip(1) {
                let at: f64 = place.split('"').next().unwrap().parse().unwrap();
                assert!((0.0..=WIDTH).contains(&at), "{at}");
            }
        }
        assert_eq!(drawn.matches("<circle").count(), 2);
    }

    #[test]
    fn of_what_was_not_measured_there_is_no_plot() {
        assert!(RATES.iter().filter(|rate| rate.ours != "view").all(|rate| svg(rate, &results()).is_none()));
    }
}
