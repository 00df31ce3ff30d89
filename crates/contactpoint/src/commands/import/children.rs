//! `import children`: a data feed as a file. Rows are judged, matched, then linked, created, updated or queued.
//!
//! Source: contract.md section 1; rules.md 2.7.

use std::{collections::BTreeSet, fmt, fs, path::PathBuf};

use anyhow::Context;
use csv::ByteRecord;
use directory::{Directory, Mode, Outcome, OutcomeKind, Sender};
use events::child::details::Refusal;
use serde::Serialize;
use vocabulary::{ClientId, OrganisationId, england_day};

use super::{
    parts::{Next, parts},
    rejects_line, status,
};
use crate::{
    clock,
    exit::{Status, usage},
    feed::{
        children::{self, ChildRow},
        columns::{self, Columns, Side},
        lines,
        quality::Quality,
        rejects::{self, List, Reject},
    },
    loading::{Counts, Loader},
    opening::{Fresh, open},
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Which file, of which supplier.
#[derive(Debug, clap::Args)]
pub(crate) struct Children {
    /// The file, as children.csv
    file: PathBuf,
    /// The organisation whose references these are
    #[arg(long, value_name = "ORG")]
    supplier: OrganisationId,
    /// Which columns are which fields
    #[arg(long, value_name = "FILE.toml")]
    columns: Option<PathBuf>,
    /// Judge every row and record nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what came of each part of each row to this file: line, field, outcome and child number
    #[arg(long, value_name = "FILE.csv")]
    outcomes: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    rows: u64,
    taken: u64,
    rejected: u64,
    /// The outcomes of the events that rows became: descriptions and settings.
    events: Counts,
    dry_run: bool,
    /// What the rows that were taken lack or hold that is hardly meant, by field and code.
    quality: Quality,
    /// What was wrong with those that were rejected, by field and code.
    faults: Quality,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejects: Option<PathBuf>,
    /// Lines and fields in which another word than the supplier's stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    discrepancies: Option<PathBuf>,
    seconds: f64,
    rows_a_second: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried = if self.dry_run { " (dry run: nothing was recorded)" } else { "" };
        write!(
            out,
            "{} rows in {:.1} s, {:.0} a second{tried}: {} taken, {} rejected\nevents: {}",
            self.rows, self.seconds, self.rows_a_second, self.taken, self.rejected, self.events
        )?;
        if !self.quality.is_empty() {
            write!(out, "\nof the rows taken:{}", self.quality)?;
        }
        if !self.faults.is_empty() {
            write!(out, "\nof the rows rejected:{}", self.faults)?;
        }
        rejects_line(out, self.rejects.as_ref())?;
        match &self.discrepancies {
            Some(path) => write!(out, "\nwhere another word stands, by line and field: {}", path.display()),
            None => Ok(()),
        }
    }
}

/// What has been taken so far.
struct Taking<'d> {
    directory: &'d Directory,
    sender: Sender,
    loader: Loader<'d, (u64, &'static str)>,
    /// References of this file, so that a second row of one is told and not taken for a change.
    seen: BTreeSet<String>,
    events: Counts,
    rejects: Vec<Reject>,
    discrepancies: Vec<Reject>,
    /// Lines that were rejected, each once.
    rejected: BTreeSet<u64>,
    quality: Quality,
    dry_run: bool,
    /// Where outcomes are written, if they are asked for.
    outcomes: Option<csv::Writer<fs::File>>,
}

impl Children {
    /// Takes every row that can be taken.
    pub(super) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let file = self.file.display();
        let reader = lines::table(&self.file);
        let mut reader = reader.map_err(|error| usage(format!("{file} cannot be read: {error}")))?;
        let table = self.columns.as_deref().map(columns::table).transpose()?;
        let header = reader.byte_headers().with_context(|| format!("{file} has no header line"))?;
        let columns = Columns::lay(children::FIELDS, header, Side::Left, table.as_deref())?;
        let length = fs::metadata(&self.file).map_or(0, |data| data.len());
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let mut taking = Taking {
            directory: &directory,
            sender: sender(&directory, &self.supplier)?,
            loader: Loader::new(&directory, if self.dry_run { Mode::DryRun } else { Mode::Record }),
            seen: BTreeSet::new(),
            events: Counts::default(),
            rejects: Vec::new(),
            discrepancies: Vec::new(),
            rejected: BTreeSet::new(),
            quality: Quality::default(),
            dry_run: self.dry_run,
            outcomes: self.outcomes.as_deref().map(outcomes).transpose()?,
        };
        let watch = Stopwatch::start();
        let progress = bar("bytes", length);
        let mut rows = 0;
        let mut record = ByteRecord::new();
        while reader
            .read_byte_record(&mut record)
            .with_context(|| format!("{file} cannot be read to its end"))?
        {
            taking.take(&columns, &record)?;
            rows += 1;
            progress.set_position(record.position().map_or(0, csv::Position::byte));
        }
        let rest = taking.loader.settle()?;
        taking.note(rest)?;
        if let Some(mut written) = taking.outcomes.take() {
            written.flush().context("the outcomes could not be written")?;
        }
        progress.finish_and_clear();
        let rejected = taking.rejected.len() as u64;
        let report = Report {
            rows,
            taken: rows - rejected,
            rejected,
            events: taking.events,
            quality: taking.quality,
            faults: Quality::of(&taking.rejects),
            dry_run: self.dry_run,
            rejects: rejects::keep(&self.file, List::Rejects, &mut taking.rejects)?,
            discrepancies: rejects::keep(&self.file, List::Discrepancies, &mut taking.discrepancies)?,
            seconds: watch.elapsed().as_secs_f64(),
            rows_a_second: watch.rate(rows),
        };
        out.tell(&report)?;
        Ok(status(rejected))
    }
}

/// A file of outcomes, begun.
fn outcomes(path: &std::path::Path) -> anyhow::Result<csv::Writer<fs::File>> {
    let mut table = csv::Writer::from_path(path)
        .map_err(|error| usage(format!("{} cannot be written: {error}", path.display())))?;
    table.write_record(["line", "field", "outcome", "child_number"])?;
    Ok(table)
}

/// The supplier as a sender of files: its ids are remembered apart from those of its clients.
fn sender(directory: &Directory, supplier: &OrganisationId) -> anyhow::Result<Sender> {
    let held = directory.list_organisations().into_iter().find(|(id, _)| id == supplier);
    let (organisation, held) =
        held.ok_or_else(|| usage(format!("no organisation {supplier} is registered; import it first")))?;
    held.may_supply(england_day(directory.now()), &directory.conditions())
        .with_context(|| format!("{supplier} may not supply"))?;
    let kind = held.details.map(|details| details.kind).context("the organisation has no kind")?;
    Ok(Sender {
        client: ClientId(format!("file-{organisation}")),
        organisation,
        kind,
        states_others: held.agreement.is_some_and(|agreement| agreement.states_others),
    })
}

impl Taking<'_> {
    fn take(&mut self, columns: &Columns, record: &ByteRecord) -> anyhow::Result<()> {
        let line = record.position().map_or(0, csv::Position::line);
        let now = self.directory.now();
        let today = england_day(now);
        let row = match children::row(columns, record, line, today) {
            Ok(row) => row,
            Err(faults) => {
                self.rejected.insert(line);
                self.rejects.extend(faults);
                return Ok(());
            }
        };
        if !self.seen.insert(row.local_ref.as_str().to_owned()) {
            self.reject(line, "local_ref", "local_ref_repeated");
            return Ok(());
        }
        self.quality.row(&row);
        self.send(line, &row, now)
    }

    fn send(&mut self, line: u64, row: &ChildRow, now: chrono::DateTime<chrono::Utc>) -> anyhow::Result<()> {
        for part in parts(row, england_day(now), self.dry_run)? {
            let field = part.field;
            match part.next(self.directory, &self.sender, row.local_ref.as_str(), now)? {
                Next::Known => self.events.count(OutcomeKind::Duplicate),
                Next::Send(event) => {
                    let settled = self.loader.submit(&self.sender, *event, (line, field))?;
                    self.note(settled)?;
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, settled: Vec<((u64, &'static str), Outcome)>) -> anyhow::Result<()> {
        for ((line, field), outcome) in settled {
            if let Some(table) = &mut self.outcomes {
                let number = outcome.child_number.map(|number| number.to_string()).unwrap_or_default();
                table
                    .write_record([line.to_string().as_str(), field, outcome.kind.name(), &number])
                    .context("the outcomes could not be written")?;
            }
            self.events.count(outcome.kind);
            let differing = outcome.discrepancies.iter();
            self.discrepancies.extend(differing.map(|one| Reject::new(line, one.name(), "differs")));
            if outcome.kind == OutcomeKind::Refused {
                let code = outcome.problem.map_or_else(String::new, |problem| problem.code.into_owned());
                // Whether somebody of age is held still is the directory's to say; the column is known here.
                let field = if code == Refusal::Adult.code() { "dob" } else { field };
                self.reject(line, field, &code);
            }
        }
        Ok(())
    }

    fn reject(&mut self, line: u64, field: &str, code: &str) {
        self.rejected.insert(line);
        self.rejects.push(Reject::new(line, field, code));
    }
}
