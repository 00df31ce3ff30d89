//! `import organisations`: one row an organisation; what is so already adds nothing.

use std::{fmt, path::PathBuf};

use anyhow::Context;
use serde::Serialize;

use super::{rejects_line, status};
use crate::{
    clock,
    demo::england::bring_in,
    exit::{Status, usage},
    feed::{
        columns::{Columns, Side},
        lines, organisations,
        rejects::{self, List},
    },
    opening::{Fresh, open},
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Which file.
#[derive(Debug, clap::Args)]
pub(crate) struct Organisations {
    /// The file, as organisations.csv
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    rows: u64,
    recorded: u64,
    unchanged: u64,
    rejected: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejects: Option<PathBuf>,
    seconds: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} rows in {:.1} s: {} recorded, {} unchanged, {} rejected",
            self.rows, self.seconds, self.recorded, self.unchanged, self.rejected
        )?;
        rejects_line(out, self.rejects.as_ref())
    }
}

impl Organisations {
    /// Brings in every row that can be read.
    pub(super) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let file = self.file.display();
        let reader = lines::table(&self.file);
        let mut reader = reader.map_err(|error| usage(format!("{file} cannot be read: {error}")))?;
        let header = reader.byte_headers().with_context(|| format!("{file} has no header line"))?;
        let columns = Columns::lay(organisations::FIELDS, header, Side::Left, None)?;
        let settings = Settings::read(&self.place, &Flags::default())?;
        let mut rows = Vec::new();
        let mut rejected = Vec::new();
        let mut read = 0;
        for record in reader.byte_records() {
            let record = record.with_context(|| format!("{file} cannot be read to its end"))?;
            let line = record.position().map_or(0, csv::Position::line);
            read += 1;
            match organisations::row(&columns, &record, line) {
                Ok(row) => rows.push(row),
                Err(faults) => rejected.extend(faults),
            }
        }
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Make)?;
        let watch = Stopwatch::start();
        let taken = rows.len() as u64;
        let progress = bar("organisations", taken);
        let recorded = bring_in(&directory, rows, &progress)?;
        progress.finish_and_clear();
        let report = Report {
            rows: read,
            recorded,
            unchanged: taken - recorded,
            rejected: read - taken,
            rejects: rejects::keep(&self.file, List::Rejects, &mut rejected)?,
            seconds: watch.elapsed().as_secs_f64(),
        };
        out.tell(&report)?;
        Ok(status(report.rejected))
    }
}
