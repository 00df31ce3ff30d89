//! What came of the requests of one workload, counted while it runs.

use std::{collections::BTreeMap, time::Duration};

use super::{
    figure::{Figure, Side},
    machine::Used,
    spread::Spread,
};

/// What came of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Came {
    /// It was done, and listed so many rows where they were counted.
    Done(Option<u64>),
    /// It failed or was refused: the code.
    Failed(String),
}

/// Counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    spread: Spread,
    operations: u64,
    errors: u64,
    codes: BTreeMap<String, u64>,
    rows: u64,
    counted: u64,
}

impl Tally {
    /// Notes what came of one request.
    pub(crate) fn note(&mut self, came: Came, time: Duration) {
        match came {
            Came::Done(rows) => {
                self.done(1, time);
                self.rows += rows.unwrap_or(0);
                self.counted += u64::from(rows.is_some());
            }
            Came::Failed(code) => self.failed(code),
        }
    }

    /// Notes operations that were answered together.
    pub(crate) fn done(&mut self, operations: u64, time: Duration) {
        self.operations += operations;
        self.spread.note(time, operations);
    }

    /// Notes one that failed.
    pub(crate) fn failed(&mut self, code: String) {
        self.errors += 1;
        *self.codes.entry(code).or_default() += 1;
    }

    /// The figure that the counts make.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people needs no more than 52 bits")]
    pub(crate) fn figure(self, workload: &str, children: u64, connections: u64, used: Used) -> Figure {
        let operations = self.operations as f64;
        let each = |seconds: f64| seconds * 1e6 / operations.max(1.0);
        Figure {
            side: Side::Contactpoint,
            children,
            workload: workload.to_owned(),
            connections,
            seconds: used.seconds,
            operations: self.operations,
            ops_a_second: operations / used.seconds,
            p50_ms: self.spread.percentile(50),
            p99_ms: self.spread.percentile(99),
            max_ms: self.spread.longest(),
            errors: self.errors,
            codes: self.codes,
            rows_listed: (self.counted > 0).then(|| self.rows as f64 / self.counted as f64),
            recall: None,
            server_cpu_us: used.server.map(each),
            client_cpu_us: used.own.map(each),
            other_cores: used.other_cores,
            resident: None,
            behind_seconds: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_counted_as_an_error_and_never_as_an_operation() {
        let mut tally = Tally::default();
        tally.note(Came::Done(Some(10)), Duration::from_millis(2));
        tally.note(Came::Done(None), Duration::from_millis(4));
        tally.note(Came::Failed("overloaded".to_owned()), Duration::from_millis(9));
        let used = Used { seconds: 2.0, server: Some(1.0), own: None, other_cores: None };
        let figure = tally.figure("search", 5, 1, used);
        assert_eq!((figure.operations, figure.errors, figure.codes["overloaded"]), (2, 1, 1));
        assert!((figure.ops_a_second - 1.0).abs() < 1e-9);
        assert!((figure.server_cpu_us.unwrap() - 500_000.0).abs() < 1e-6);
        assert!((figure.max_ms - 4.0).abs() < 1e-9);
        assert!((figure.rows_listed.unwrap() - 10.0).abs() < 1e-9);
    }
}
