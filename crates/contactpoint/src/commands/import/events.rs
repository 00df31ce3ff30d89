//! `import events`: `CloudEvents` of a client, one a line, exactly as the API takes them.
//!
//! Ids are remembered, so an import that was cut short is run again from the start: what went in answers
//! `duplicate`. Source: contract.md section 3.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::Context;
use api::wire::lines::{Line, Lines};
use directory::{Mode, Outcome, OutcomeKind, Sender};
use serde::Serialize;
use vocabulary::ClientId;

use super::{rejects_line, status};
use crate::{
    clock,
    exit::{Status, usage},
    feed::rejects::{self, List, Reject},
    loading::{self, Codes, Counts, Loader},
    opening::{Fresh, open},
    output::{Out, say},
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Rejects remembered for the file beside; the codes of all are counted.
const REJECTS_MAX: usize = 100_000;

/// Which file, of which client.
#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    /// The file, one CloudEvent a line; `-` reads stdin
    file: PathBuf,
    /// The client that sends
    #[arg(long, value_name = "ID")]
    client: String,
    #[command(flatten)]
    place: Place,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    events: u64,
    #[serde(flatten)]
    counts: Counts,
    /// How often each code was given with a refusal.
    codes: Codes,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejects: Option<PathBuf>,
    seconds: f64,
    events_a_second: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} events in {:.1} s, {:.0} a second: {}",
            self.events, self.seconds, self.events_a_second, self.counts
        )?;
        for (code, times) in &self.codes {
            write!(out, "\n{times} refused: {code}")?;
        }
        rejects_line(out, self.rejects.as_ref())
    }
}

/// What has been taken so far.
struct Taking<'d> {
    loader: Loader<'d, u64>,
    sender: Sender,
    line: u64,
    counts: Counts,
    codes: Codes,
    rejects: Vec<Reject>,
}

impl Events {
    /// Sends every line.
    pub(super) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let stdin = self.file == Path::new("-");
        let mut input: Box<dyn Read> = if stdin {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(&self.file);
            Box::new(file.map_err(|error| usage(format!("{} cannot be read: {error}", self.file.display())))?)
        };
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let identity = directory
            .client(&ClientId(self.client.clone()))
            .ok_or_else(|| usage(format!("there is no client {}", self.client)))?;
        identity.may_supply.context("the client's organisation may not supply")?;
        let mut taking = Taking {
            loader: Loader::new(&directory, Mode::Record),
            sender: identity.sender,
            line: 0,
            counts: Counts::default(),
            codes: Codes::new(),
            rejects: Vec::new(),
        };
        let watch = Stopwatch::start();
        let progress = bar("events", 0);
        let mut lines = Lines::default();
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let read = input.read(&mut chunk).context("the events cannot be read to their end")?;
            let mut failed = None;
            let mut take = |line: Line<'_>| {
                if failed.is_none() {
                    failed = taking.take(line).err();
                }
            };
            match chunk.get(..read).filter(|bytes| !bytes.is_empty()) {
                Some(bytes) => lines.push(bytes, &mut take),
                None => lines.finish(&mut take),
            }
            if let Some(error) = failed {
                return Err(error);
            }
            progress.set_position(taking.line);
            if read == 0 {
                break;
            }
        }
        let rest = taking.loader.settle()?;
        taking.note(rest);
        progress.finish_and_clear();
        let report = taking.report(if stdin { None } else { Some(self.file.as_path()) }, watch)?;
        out.tell(&report)?;
        Ok(status(report.counts.refused))
    }
}

impl Taking<'_> {
    fn take(&mut self, line: Line<'_>) -> anyhow::Result<()> {
        self.line += 1;
        match line {
            Line::TooLong => self.refuse(self.line, "", "event_too_large"),
            Line::Event(bytes) => match loading::read(bytes) {
                Err(unread) => self.refuse(self.line, &unread.fault.pointer, unread.fault.code),
                Ok(event) => {
                    let settled = self.loader.submit(&self.sender, event, self.line)?;
                    self.note(settled);
                }
            },
        }
        Ok(())
    }

    fn note(&mut self, settled: Vec<(u64, Outcome)>) {
        for (line, outcome) in settled {
            match (outcome.kind, &outcome.problem) {
                (OutcomeKind::Refused, Some(problem)) => self.refuse(line, "", &problem.code),
                (kind, _) => self.counts.count(kind),
            }
        }
    }

    fn refuse(&mut self, line: u64, field: &str, code: &str) {
        self.counts.count(OutcomeKind::Refused);
        *self.codes.entry(code.to_owned()).or_default() += 1;
        if self.rejects.len() < REJECTS_MAX {
            self.rejects.push(Reject::new(line, field, code));
        }
    }

    fn report(mut self, file: Option<&Path>, watch: Stopwatch) -> anyhow::Result<Report> {
        let rejects = if let Some(file) = file {
            rejects::keep(file, List::Rejects, &mut self.rejects)?
        } else {
            for reject in &self.rejects {
                say(format_args!("line {}: {} {}", reject.line, reject.field, reject.code));
            }
            None
        };
        Ok(Report {
            events: self.counts.total(),
            counts: self.counts,
            codes: self.codes,
            rejects,
            seconds: watch.elapsed().as_secs_f64(),
            events_a_second: watch.rate(self.counts.total()),
        })
    }
}
