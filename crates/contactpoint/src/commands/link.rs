//! `link`: record linkage of two files, or of one within itself, by the code of the feeds and without a directory.
//!
//! Source: contract.md section 1; docs/linkage.md has the measurements.

use std::{fmt, path::PathBuf};

use finding::lists;
use linkage::{model::Model, person::Person};
use serde::Serialize;

use crate::{
    exit::Status,
    feed::{
        columns::{self, Side},
        people::People,
    },
    output::Out,
    results,
    stopwatch::Stopwatch,
};

/// Which files.
#[derive(Debug, clap::Args)]
pub(crate) struct Link {
    /// The people to link, as children.csv; `local_ref` alone must have a value
    left: PathBuf,
    /// The people to link them with; without it the first file is linked within itself
    right: Option<PathBuf>,
    /// Which columns are which fields: tables `left` and `right`, or `both`
    #[arg(long, value_name = "FILE.toml")]
    columns: Option<PathBuf>,
    /// Where to write the pairs, best first: `left_id,right_id,probability,outcome`
    #[arg(long, value_name = "LINKS.csv")]
    out: PathBuf,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    left: usize,
    right: usize,
    matches: usize,
    possible: usize,
    seconds: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { left, right, matches, possible, seconds } = self;
        write!(out, "{left} people with {right}: {matches} matches, {possible} possible, in {seconds:.1} s")
    }
}

impl Link {
    /// Links and writes every pair that is worth a line.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let watch = Stopwatch::start();
        let table = self.columns.as_deref().map(columns::table).transpose()?;
        let left = People::read(&self.left, Side::Left, table.as_deref())?;
        let right = self
            .right
            .as_deref()
            .map(|path| People::read(path, Side::Right, table.as_deref()))
            .transpose()?;
        let people = |people: &People| people.told.iter().map(Person::of).collect::<Vec<_>>();
        let (lefts, rights) = (people(&left), right.as_ref().map(people));
        let links = lists::link(&lefts, rights.as_deref(), &Model::children());
        let right = right.as_ref().unwrap_or(&left);
        let name = |refs: &[String], place: u32| refs.get(place as usize).cloned().unwrap_or_default();
        let rows = links.iter().map(|link| {
            let outcome = if link.is_match { "match" } else { "possible" };
            let probability = digits(link.probability);
            [name(&left.refs, link.left), name(&right.refs, link.right), probability, outcome.to_owned()]
        });
        results::write(&self.out, ["left_id", "right_id", "probability", "outcome"], rows)?;
        let matches = links.iter().filter(|link| link.is_match).count();
        out.tell(&Report {
            left: left.refs.len(),
            right: right.refs.len(),
            matches,
            possible: links.len() - matches,
            seconds: watch.elapsed().as_secs_f64(),
        })?;
        Ok(Status::Done)
    }
}

/// A probability with 17 significant digits, none of them an exponent.
fn digits(probability: f64) -> String {
    let leading = if probability >= 1.0 { 0 } else { places_before(probability) };
    format!("{probability:.*}", 16 + leading)
}

/// How many places after the point the first digit that is not 0 stands.
fn places_before(probability: f64) -> usize {
    (1..=300)
        .find(|places| probability * 10_f64.powi(*places) >= 1.0)
        .map_or(1, |places| places.unsigned_abs() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_have_seventeen_significant_digits() {
        assert_eq!(digits(1.0), "1.0000000000000000");
        assert_eq!(digits(0.5), "0.50000000000000000");
        assert_eq!(digits(0.0125), "0.012500000000000001");
    }
}
