//! `rebuild`: throws read models away, folds them again from the log, and says whether anything differs.

use std::fmt;

use directory::{Directory, catch_up::Compared};
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
        let before = compared(&directory, &names)?;
        let head = directory.head()?.0;
        let progress = bar("events", head);
        let watch = Stopwatch::start();
        let rebuilt = directory.rebuild(&names, &mut |records| progress.set_position(records))?;
        let (seconds, rate) = (watch.elapsed().as_secs_f64(), watch.rate(rebuilt.records));
        progress.finish_and_clear();
        // Compared with a fold of its own once more: what stands now is what the log says.
        let after = compared(&directory, &names)?;
        let models: Vec<Model> = before
            .iter()
            .zip(&after)
            .map(|(before, after)| Model {
                name: after.model,
                rows: after.live.rows,
                identical: before.live == after.live && after.is_identical(),
                before: hexadecimal(&before.live.hash),
                after: hexadecimal(&after.live.hash),
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

fn compared(directory: &Directory, names: &[&'static str]) -> anyhow::Result<Vec<Compared>> {
    let progress = bar("models compared", names.len() as u64);
    let compared = names
        .iter()
        .map(|name| {
            progress.inc(1);
            Ok(directory.compare(name)?)
        })
        .collect();
    progress.finish_and_clear();
    compared
}
