//! `archive`: carries the log's oldest months to a second folder, on a cheaper disk, also while serving.
//!
//! The log needs that folder from then on; it may be cut short at any moment and begun again. Source: ADR-0031.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use anyhow::Context;
use chrono::DateTime;
use event_log::{
    archive::{Archivist, Surveyed},
    disk::RealDisk,
};
use serde::Serialize;
use vocabulary::england_day;

use crate::{
    exit::{Status, usage},
    moment::Month,
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings, whole},
    stopwatch::Stopwatch,
};

/// What to carry, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Archive {
    #[command(flatten)]
    place: Place,
    /// The folder for old segments: one that is there, on another disk, and the same each time
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// The first month that stays
    #[arg(long, value_name = "YYYY-MM")]
    before: Month,
    /// Only tell what would be carried
    #[arg(long)]
    dry_run: bool,
}

/// What was carried, or would be.
#[derive(Debug, Serialize)]
struct Report {
    folder: String,
    before: Month,
    dry_run: bool,
    segments: u32,
    bytes: u64,
    records: u64,
    looks: u64,
    months: Vec<Carried>,
    seconds: f64,
}

/// What ends in one month.
#[derive(Debug, Default, Serialize)]
struct Carried {
    month: String,
    segments: u32,
    bytes: u64,
    records: u64,
    looks: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for month in &self.months {
            writeln!(
                out,
                "{}  {} segments, {} MB, {} records, {} % looks",
                month.month,
                month.segments,
                month.bytes >> 20,
                month.records,
                share(month.looks, month.records)
            )?;
        }
        let done = if self.dry_run { "would be carried" } else { "carried" };
        write!(
            out,
            "{} segments, {} MB, {} records of which {} % are looks, {done} to {}",
            self.segments,
            self.bytes >> 20,
            self.records,
            share(self.looks, self.records),
            self.folder
        )
    }
}

/// The share of looks in a hundred.
fn share(looks: u64, records: u64) -> u64 {
    (looks * 100).checked_div(records).unwrap_or(0)
}

impl Archive {
    /// Plans, and carries what was planned.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let folders = settings.folders()?;
        if !folders.log().is_dir() {
            return Err(usage(format!("there is no directory in {}", folders.data.display())));
        }
        let to = whole(&self.to);
        if !to.is_dir() {
            return Err(usage(format!("there is no folder {}; is its disk mounted?", to.display())));
        }
        let real = |folder: &PathBuf| {
            folder.canonicalize().with_context(|| format!("{} cannot be read", folder.display()))
        };
        if real(&to)?.starts_with(real(&folders.data)?) || to.starts_with(&folders.keys) {
            return Err(usage("the archive does not belong into the data folder or the keys folder"));
        }
        let folder = to.to_str().ok_or_else(|| usage("the folder's name is no UTF-8"))?;
        let watch = Stopwatch::start();
        let here = Arc::new(RealDisk::new(folders.log()));
        let mut archivist = Archivist::new(here, Arc::new(RealDisk::new(&to)), folder)?;
        if !self.dry_run {
            archivist.settle()?;
        }
        let progress = bar("segments read", 0);
        let planned = archivist.plan(self.before.begins().timestamp_micros(), &mut |_| progress.inc(1))?;
        progress.finish_and_clear();
        if !self.dry_run {
            let carrying = bar("segments carried", planned.len() as u64);
            for segment in &planned {
                archivist.carry(segment)?;
                carrying.inc(1);
            }
            carrying.finish_and_clear();
        }
        let sum = |part: fn(&Surveyed) -> u64| planned.iter().map(part).sum();
        out.tell(&Report {
            folder: folder.to_owned(),
            before: self.before,
            dry_run: self.dry_run,
            segments: u32::try_from(planned.len()).unwrap_or(u32::MAX),
            bytes: sum(|segment| segment.bytes.into()),
            records: sum(|segment| segment.records),
            looks: sum(|segment| segment.looks),
            months: by_month(&planned),
            seconds: watch.elapsed().as_secs_f64(),
        })?;
        Ok(Status::Done)
    }
}

/// Sums segments up by the month in which their newest record was recorded.
fn by_month(planned: &[Surveyed]) -> Vec<Carried> {
    let mut months: BTreeMap<String, Carried> = BTreeMap::new();
    for segment in planned {
        let newest = DateTime::from_timestamp_micros(segment.newest).unwrap_or_default();
        let month = england_day(newest).format("%Y-%m").to_string();
        let sums = months.entry(month.clone()).or_default();
        sums.month = month;
        sums.segments += 1;
        sums.bytes += u64::from(segment.bytes);
        sums.records += segment.records;
        sums.looks += segment.looks;
    }
    months.into_values().collect()
}
