//! One figure: what one workload did, as one line of JSON. Whoever measures anything beside writes the same line.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// Who was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// This program.
    Contactpoint,
    /// The yardstick.
    Postgresql,
}

/// How many were found of whom one looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recall {
    /// Questions asked.
    pub(crate) asked: u64,
    /// The child meant was among the first ten.
    pub(crate) ten: f64,
    /// Among the first twenty.
    pub(crate) twenty: f64,
    /// The same where the first letter of the surname was right.
    pub(crate) twenty_letter_right: f64,
    /// The same where it was wrong; none where it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) twenty_letter_wrong: Option<f64>,
}

/// What one workload did within a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// Whose.
    pub(crate) side: Side,
    /// Children in it.
    pub(crate) children: u64,
    /// Which work.
    pub(crate) workload: String,
    /// Connections that asked again at once.
    pub(crate) connections: u64,
    /// How long, without the warm-up.
    pub(crate) seconds: f64,
    /// What was done and answered for; a failure is none.
    pub(crate) operations: u64,
    /// The same a second.
    pub(crate) ops_a_second: f64,
    /// Times to answer, in milliseconds.
    pub(crate) p50_ms: f64,
    /// The ninety-ninth of a hundred.
    pub(crate) p99_ms: f64,
    /// The longest.
    pub(crate) max_ms: f64,
    /// What failed or was refused.
    pub(crate) errors: u64,
    /// How often with which code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) codes: BTreeMap<String, u64>,
    /// Rows listed by an answer, in the mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rows_listed: Option<f64>,
    /// Whether the right child was found; from a pass of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recall: Option<Recall>,
    /// Processor time of the server an operation, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) server_cpu_us: Option<f64>,
    /// The same of whoever asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_cpu_us: Option<f64>,
    /// Cores that others kept busy meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) other_cores: Option<f64>,
    /// Bytes that the server held at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resident: Option<u64>,
    /// Seconds after the end until every read model had followed; none where it did not within a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) behind_seconds: Option<f64>,
}

impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {} connections: {:.0} a second, p50 {:.2} ms, p99 {:.2} ms, max {:.0} ms, {} errors",
            self.workload,
            self.connections,
            self.ops_a_second,
            self.p50_ms,
            self.p99_ms,
            self.max_ms,
            self.errors
        )?;
        if let Some(recall) = &self.recall {
            write!(out, ", among twenty {:.4}", recall.twenty)?;
        }
        if let Some(micros) = self.server_cpu_us {
            write!(out, ", server {micros:.0} µs")?;
        }
        if let Some(seconds) = self.behind_seconds {
            write!(out, ", followed after {seconds:.2} s")?;
        }
        Ok(())
    }
}

/// Anything else that was measured once: a number with its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Single {
    /// Whose.
    pub(crate) side: Side,
    /// Children in it.
    pub(crate) children: u64,
    /// What.
    pub(crate) measure: String,
    /// How much, in the unit that the name tells.
    pub(crate) value: f64,
}

/// A line of results.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line {
    /// A figure.
    Figure(Box<Figure>),
    /// Another number.
    Single(Single),
    /// The machine that it was measured on: what it is called.
    Machine {
        /// In words.
        machine: String,
        /// Children in it.
        children: u64,
    },
}
