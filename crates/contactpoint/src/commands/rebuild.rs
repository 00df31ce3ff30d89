//! `rebuild`: folds read models again from the log, puts them in place, and says whether anything differs.

use std::fmt;

use directory::{Directory, rows::Digest};
use serde::Serialize;

use super::verify::hexadecimal;
use crate::{
    clock,
    exit::{Status, usage},
    memory,
    opening::{Fresh, open},
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Which models.
#[derive(Debug, clap::Args)]
pub(crate) struct Rebuild {
    /// One model; without it all of them
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// One model rebuilt.
#[derive(Debug, Serialize)]
struct Model {
    name: &'static str,
    rows: u64,
    before: String,
    after: String,
    identical: bool,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    events: u64,
    seconds: f64,
    events_a_second: f64,
    /// The most memory that the process ever held, in bytes; absent where the system does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_memory_bytes: Option<u64>,
    identical: bool,
    models: Vec<Model>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for model in &self.models {
            let same = if model.identical { "identical" } else { "DIFFERENT" };
            writeln!(out, "{:20} {same}, {} rows", model.name, model.rows)?;
        }
        write!(out, "{} events in {:.2} s, {:.0} a second", self.events, self.seconds, self.events_a_second)?;
        match self.peak_memory_bytes {
            Some(bytes) => write!(out, ", at most {} MB of memory", bytes >> 20),
            None => Ok(()),
        }
    }
}

impl Rebuild {
    /// Rebuilds, and compares what was with what is.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let all = directory.models();
        let names: Vec<&'static str> = match &self.model {
            None => all,
            Some(name) => {
                let known = all.iter().copied().find(|known| known == name);
                vec![known.ok_or_else(|| {
                    usage(format!("there is no model {name}; there are {}", all.join(", ")))
                })?]
            }
        };
        // Opening has folded all there is, and nobody writes beside this process: both are as of one position.
        let before = digests(&directory, &names)?;
        let head = directory.head()?.0;
        let progress = bar("events", head);
        let watch = Stopwatch::start();
        let rebuilt = directory.rebuild(&names, &mut |records| progress.set_position(records))?;
        let (seconds, rate) = (watch.elapsed().as_secs_f64(), watch.rate(rebuilt.records));
        progress.finish_and_clear();
        let after = digests(&directory, &names)?;
        let models: Vec<Model> = names
            .iter()
            .zip(before.iter().zip(&after))
            .map(|(name, (before, after))| Model {
                name,
                rows: after.rows,
                identical: before == after,
                before: hexadecimal(&before.hash),
                after: hexadecimal(&after.hash),
            })
            .collect();
        let report = Report {
            events: rebuilt.records,
            seconds,
            events_a_second: rate,
            peak_memory_bytes: memory::peak(),
            identical: models.iter().all(|model| model.identical),
            models,
        };
        out.tell(&report)?;
        Ok(if report.identical { Status::Done } else { Status::Integrity })
    }
}

/// One pass over the rows that are read now, each opened, with where its postings lead from.
fn digests(directory: &Directory, names: &[&'static str]) -> anyhow::Result<Vec<Digest>> {
    let progress = bar("models read", names.len() as u64);
    let digests = names
        .iter()
        .map(|name| {
            progress.inc(1);
            Ok(directory.digest(name)?)
        })
        .collect();
    progress.finish_and_clear();
    digests
}
