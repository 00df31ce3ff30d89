//! What must be reached at twelve million children on two cores, and whether it was.
//!
//! Source: scale.md section 5.

use super::figure::{Figure, Single};

/// The number of children that the targets stand for.
pub(crate) const ENGLAND: u64 = 12_000_000;
/// Read models may be so far behind at the end, in seconds.
const BEHIND_MAX: f64 = 1.0;
/// Of 1,000 requests at most one may fail, else what was measured is another thing.
const ERRORS_A_THOUSAND_MAX: u64 = 1;

/// One line of the table that is a rate.
pub(crate) struct Rate {
    /// In words.
    pub(crate) work: &'static str,
    /// The workload of this program.
    pub(crate) ours: &'static str,
    /// The workload of the yardstick.
    pub(crate) theirs: &'static str,
    /// Operations a second that must be reached, where a target stands.
    pub(crate) least: Option<f64>,
    /// Milliseconds within which 99 of 100 answers must lie.
    p99_max: Option<f64>,
    /// Shares of children found among twenty: of all questions, and of those with a right first letter.
    found: Option<(f64, f64)>,
}

/// Every rate.
pub(crate) const RATES: [Rate; 8] = [
    Rate {
        p99_max: Some(10.0),
        found: Some((0.995, 0.999)),
        ..rate("misspelt search, recorded first, of best recall", "search", "search", Some(10_000.0))
    },
    rate("misspelt search, beside sounds alike, of low recall", "search", "search-phonetic", None),
    rate("misspelt search, beside a web service over that", "search", "web-search", None),
    rate("search by the right names, recorded first", "search-exact", "search-exact", None),
    rate("record opened, the look recorded first", "view", "view", Some(25_000.0)),
    rate("record opened, beside a web service", "view", "web-view", None),
    rate("event of a known child, each durable", "event", "event", Some(20_000.0)),
    rate("events as a stream, beside 500 a statement", "stream", "stream", Some(150_000.0)),
];

const fn rate(work: &'static str, ours: &'static str, theirs: &'static str, least: Option<f64>) -> Rate {
    Rate { work, ours, theirs, least, p99_max: None, found: None }
}

/// One line of the table that is a single number.
pub(crate) struct Amount {
    /// In words, with the unit.
    pub(crate) work: &'static str,
    /// What it is called in results.
    pub(crate) measure: &'static str,
    /// What must be reached.
    pub(crate) bound: Bound,
    /// Whether it grows with the number of children, so that it is judged at the whole of England alone.
    pub(crate) grows: bool,
}

/// A bound.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    /// Not less.
    Least(f64),
    /// Not more.
    Most(f64),
    /// None stands.
    None,
}

const GIGABYTE: f64 = 1e9;

/// Every single number.
pub(crate) const AMOUNTS: [Amount; 8] = [
    // 55 million events in 15 minutes.
    amount("opening load, events a second", "load_events_a_second", Bound::Least(61_000.0), false),
    amount("opening load, children a second", "load_children_a_second", Bound::None, false),
    amount("all children compared with one another, seconds", "compare_seconds", Bound::None, true),
    // 55 million events in 6 minutes.
    amount(
        "rebuild of every model, events a second",
        "rebuild_events_a_second",
        Bound::Least(153_000.0),
        false,
    ),
    amount("restart to ready, page cache dropped, seconds", "restart_cold_seconds", Bound::Most(20.0), true),
    amount("restart to ready after a kill, seconds", "restart_killed_seconds", Bound::None, true),
    amount("memory under load, bytes", "resident", Bound::Most(4.0 * GIGABYTE), true),
    amount("disk, bytes a child", "disk_bytes_a_child", Bound::Most(2_000.0), false),
];

const fn amount(work: &'static str, measure: &'static str, bound: Bound, grows: bool) -> Amount {
    Amount { work, measure, bound, grows }
}

impl Rate {
    /// Why a figure does not reach the target; none where it does, or where no target stands.
    pub(crate) fn faults(&self, figure: &Figure) -> Vec<String> {
        let mut faults = Vec::new();
        if self.least.is_some_and(|least| figure.ops_a_second < least) {
            faults.push("rate".to_owned());
        }
        if self.p99_max.is_some_and(|most| figure.p99_ms > most) {
            faults.push(format!("p99 {:.0} ms", figure.p99_ms));
        }
        if let (Some((all, right)), Some(recall)) = (self.found, &figure.recall) {
            if recall.twenty < all {
                faults.push(format!("found {:.4}", recall.twenty));
            }
            if recall.twenty_letter_right < right {
                faults.push(format!("found {:.4} with a right first letter", recall.twenty_letter_right));
            }
        }
        if self.least.is_some() && figure.behind_seconds.is_none_or(|seconds| seconds > BEHIND_MAX) {
            let behind =
                figure.behind_seconds.map_or("a minute".to_owned(), |seconds| format!("{seconds:.1} s"));
            faults.push(format!("read models behind by {behind}"));
        }
        if figure.errors * 1_000 > (figure.operations + figure.errors) * ERRORS_A_THOUSAND_MAX {
            faults.push(format!("{} errors", figure.errors));
        }
        faults
    }
}

impl Amount {
    /// Whether a number reaches the target; none where it is not judged.
    pub(crate) fn is_held(&self, single: &Single) -> Option<bool> {
        if self.grows && single.children < ENGLAND {
            return None;
        }
        match self.bound {
            Bound::Least(least) => Some(single.value >= least),
            Bound::Most(most) => Some(single.value <= most),
            Bound::None => None,
        }
    }
}
