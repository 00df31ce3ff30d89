//! One table of results: each line of work on both sides, their ratio, the target, and whether it is held.

use std::fmt::Write as _;

use super::{
    figure::{Figure, Line, Side, Single},
    targets::{AMOUNTS, Bound, RATES},
};

/// Where the table stands in a document.
const BEGINS: &str = "<!-- measured: national begins -->";
const ENDS: &str = "<!-- measured: national ends -->";

/// What was measured with one number of children.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// How many children.
    pub(crate) children: u64,
    /// On which machine.
    machine: Option<String>,
    figures: Vec<Figure>,
    singles: Vec<Single>,
}

impl Results {
    /// Sorts lines by their number of children, fewest first.
    pub(crate) fn sorted(lines: Vec<Line>) -> Vec<Results> {
        let mut all: Vec<Results> = Vec::new();
        for line in lines {
            let children = match &line {
                Line::Figure(figure) => figure.children,
                Line::Single(single) => single.children,
                Line::Machine { children, .. } => *children,
            };
            let place = all.iter().position(|results| results.children == children).unwrap_or_else(|| {
                all.push(Results { children, ..Results::default() });
                all.len() - 1
            });
            let Some(results) = all.get_mut(place) else { continue };
            match line {
                Line::Figure(figure) => results.figures.push(*figure),
                Line::Single(single) => results.singles.push(single),
                Line::Machine { machine, .. } => results.machine = Some(machine),
            }
        }
        all.sort_by_key(|results| results.children);
        all
    }

    /// The better figure of a workload, of the numbers of connections that were tried.
    pub(crate) fn best(&self, side: Side, workload: &str) -> Option<&Figure> {
        let all = self.figures.iter().filter(|figure| figure.side == side && figure.workload == workload);
        all.max_by(|one, other| one.ops_a_second.total_cmp(&other.ops_a_second))
    }

    /// A number that was measured once; the last where it was measured again. Memory is the most of all figures.
    fn single(&self, side: Side, measure: &str) -> Option<Single> {
        if measure == "resident" {
            let most = self
                .figures
                .iter()
                .filter(|figure| figure.side == side)
                .filter_map(|one| one.resident)
                .max()?;
            #[expect(clippy::cast_precision_loss, reason = "bytes for people need no more than 52 bits")]
            let value = most as f64;
            return Some(Single { side, children: self.children, measure: measure.to_owned(), value });
        }
        self.singles.iter().rfind(|single| single.side == side && single.measure == measure).cloned()
    }

    /// The table, as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### {} children\n\n", grouped(self.children));
        if let Some(machine) = &self.machine {
            let _written = write!(text, "{machine}\n\n");
        }
        text.push_str(
            "| work | PostgreSQL | ours | ratio | target at 12 million | |\n|---|---:|---:|---:|---:|---|\n",
        );
        for rate in &RATES {
            let ours = self.best(Side::Contactpoint, rate.ours);
            let theirs = self.best(Side::Postgresql, rate.theirs);
            let target = rate.least.map_or("-".to_owned(), |least| format!("{} a second", number(least)));
            let verdict = match ours {
                None => "not measured".to_owned(),
                Some(_) if rate.least.is_none() => String::new(),
                Some(figure) => {
                    let faults = rate.faults(figure);
                    if faults.is_empty() {
                        "held".to_owned()
                    } else {
                        format!("missed: {}", faults.join(", "))
                    }
                }
            };
            let told = |figure: Option<&Figure>| {
                figure.map_or("-".to_owned(), |figure| format!("{} a second", number(figure.ops_a_second)))
            };
            let ratio = ratio(ours.map(|one| one.ops_a_second), theirs.map(|one| one.ops_a_second));
            line(&mut text, [rate.work, &told(theirs), &told(ours), &ratio, &target, &verdict]);
        }
        for amount in &AMOUNTS {
            let ours = self.single(Side::Contactpoint, amount.measure);
            let theirs = self.single(Side::Postgresql, amount.measure);
            let target = match amount.bound {
                Bound::Least(least) => format!("at least {}", number(least)),
                Bound::Most(most) => format!("at most {}", number(most)),
                Bound::None => "-".to_owned(),
            };
            let verdict = match ours.as_ref().map(|single| amount.is_held(single)) {
                None => "not measured",
                Some(None) => "",
                Some(Some(true)) => "held",
                Some(Some(false)) => "missed",
            };
            let told =
                |single: &Option<Single>| single.as_ref().map_or("-".to_owned(), |one| number(one.value));
            let ratio = ratio(ours.as_ref().map(|one| one.value), theirs.as_ref().map(|one| one.value));
            line(&mut text, [amount.work, &told(&theirs), &told(&ours), &ratio, &target, verdict]);
        }
        text.push('\n');
        self.details(&mut text);
        text
    }

    /// Every figure with what it cost, and every other number.
    fn details(&self, text: &mut String) {
        text.push_str(
            "| workload | connections | seconds | a second | p50, p99, max ms | errors | rows | found in 20 \
             (letter right, wrong) | server, client µs | other cores | behind s |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for figure in &self.figures {
            let side = match figure.side {
                Side::Contactpoint => "ours",
                Side::Postgresql => "PostgreSQL",
            };
            let dash = || "-".to_owned();
            let found = figure.recall.map_or_else(dash, |recall| {
                let wrong = recall.twenty_letter_wrong.map_or_else(dash, |wrong| format!("{wrong:.3}"));
                format!("{:.4} ({:.4}, {wrong})", recall.twenty, recall.twenty_letter_right)
            });
            let micros = |micros: Option<f64>| micros.map_or_else(dash, |micros| format!("{micros:.0}"));
            let told = |value: Option<f64>| value.map_or_else(dash, |value| format!("{value:.2}"));
            let cells = [
                format!("{side}: {}", figure.workload),
                figure.connections.to_string(),
                format!("{:.0}", figure.seconds),
                number(figure.ops_a_second),
                format!("{:.2}, {:.1}, {:.0}", figure.p50_ms, figure.p99_ms, figure.max_ms),
                grouped(figure.errors),
                told(figure.rows_listed),
                found,
                format!("{}, {}", micros(figure.server_cpu_us), micros(figure.client_cpu_us)),
                told(figure.other_cores),
                told(figure.behind_seconds),
            ];
            line(text, cells.each_ref().map(String::as_str));
        }
        text.push('\n');
        for single in &self.singles {
            let side = match single.side {
                Side::Contactpoint => "ours",
                Side::Postgresql => "PostgreSQL",
            };
            let _written = writeln!(text, "- {side}, {}: {}", single.measure, number(single.value));
        }
    }
}

/// What an operation costs the server at each number of children, beside the fewest; nothing where there is one.
pub(crate) fn costs(all: &[Results]) -> String {
    let Some(fewest) = all.first().filter(|_| all.len() > 1) else { return String::new() };
    let mut text = "### Cost an operation\n\n| workload | children | server µs | beside the fewest |\n|---|---:|---:|---:|\n"
        .to_owned();
    for workload in ["search", "view", "event", "stream"] {
        let cost = |results: &Results| results.best(Side::Contactpoint, workload)?.server_cpu_us;
        for results in all {
            let Some(micros) = cost(results) else { continue };
            let beside = ratio(Some(micros), cost(fewest));
            line(&mut text, [workload, &grouped(results.children), &number(micros), &beside]);
        }
    }
    text.push('\n');
    text
}

fn line<const WIDTH: usize>(text: &mut String, cells: [&str; WIDTH]) {
    let _written = writeln!(text, "| {} |", cells.join(" | "));
}

fn ratio(ours: Option<f64>, theirs: Option<f64>) -> String {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if theirs > 0.0 => format!("{:.2}", ours / theirs),
        _ => "-".to_owned(),
    }
}

/// A number as people read it: whole from a hundred on.
pub(crate) fn number(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.2}");
    }
    let whole = format!("{value:.0}");
    whole.parse().map_or(whole, grouped)
}

/// A whole number with its thousands apart.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Puts the tables into a document, in place of those that stand there; none where it has no place for them.
pub(crate) fn replaced(document: &str, tables: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGINS)?;
    let (_, after) = rest.split_once(ENDS)?;
    Some(format!("{before}{BEGINS}\n\n{}\n\n{ENDS}{after}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(side: &str, workload: &str, connections: u64, ops: f64, behind: f64) -> String {
        format!(
            r#"{{"side":"{side}","children":1000,"workload":"{workload}","connections":{connections},"seconds":2.0,
            "operations":10000,"ops_a_second":{ops},"p50_ms":1.0,"p99_ms":2.0,"max_ms":3.0,"errors":0,
            "behind_seconds":{behind}}}"#
        )
    }

    fn results(lines: &[String]) -> Results {
        let read = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [one] = <[Results; 1]>::try_from(Results::sorted(read)).unwrap();
        one
    }

    fn row<'t>(table: &'t str, work: &str) -> &'t str {
        table.lines().find(|line| line.starts_with(&format!("| {work}"))).unwrap()
    }

    #[test]
    fn the_better_number_of_connections_counts_and_a_miss_is_called_one() {
        let table = results(&[
            figure("contactpoint", "view", 32, 20_000.0, 0.1),
            figure("contactpoint", "view", 256, 30_000.0, 0.1),
            figure("postgresql", "view", 32, 6_000.0, 0.0),
            figure("contactpoint", "event", 32, 19_000.0, 0.1),
            figure("contactpoint", "stream", 8, 200_000.0, 1.5),
        ])
        .markdown();
        let opened = row(&table, "record opened");
        assert!(
            opened.contains("| 6,000 a second | 30,000 a second | 5.00 | 25,000 a second | held |"),
            "{opened}"
        );
        assert!(row(&table, "event of a known child").ends_with("| missed: rate |"));
        assert!(row(&table, "events as a stream").ends_with("| missed: read models behind by 1.5 s |"));
        assert!(row(&table, "misspelt search").ends_with("| not measured |"));
    }

    #[test]
    fn what_grows_with_the_children_is_judged_at_the_whole_of_england_alone() {
        let at = |children: u64, value: f64| {
            let line = format!(
                r#"{{"side":"contactpoint","children":{children},"measure":"restart_cold_seconds","value":{value}}}"#
            );
            row(&results(&[line]).markdown(), "restart to ready, page cache").to_owned()
        };
        assert!(at(1_000, 1.0).ends_with("|  |"));
        assert!(at(12_000_000, 21.0).ends_with("| missed |"));
        assert!(at(12_000_000, 19.0).ends_with("| held |"));
    }

    #[test]
    fn tables_take_the_place_of_those_before_and_of_nothing_else() {
        let document = format!("before\n{BEGINS}\nold\n{ENDS}\nafter\n");
        let new = replaced(&document, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGINS}\n\nnew\n\n{ENDS}\nafter\n"));
        assert_eq!(replaced("no place", "new"), None);
    }

    #[test]
    fn costs_are_told_beside_the_fewest_children_and_of_one_number_not_at_all() {
        let at = |children: u64, micros: f64| {
            let line = figure("contactpoint", "view", 32, 10.0, 0.0)
                .replace("\"children\":1000", &format!("\"children\":{children}"))
                .replace("\"errors\":0", &format!("\"errors\":0,\"server_cpu_us\":{micros}"));
            serde_json::from_str(&line).unwrap()
        };
        let both = costs(&Results::sorted(vec![at(1_000, 100.0), at(200, 80.0)]));
        assert!(both.contains("| view | 1,000 | 100 | 1.25 |"), "{both}");
        assert_eq!(costs(&Results::sorted(vec![at(200, 80.0)])), "");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            (number(1_234_567.4), number(999.6), number(2.715)),
            ("1,234,567".into(), "1,000".into(), "2.71".into())
        );
    }
}
