//! `import events`: `CloudEvents` of a client, one a line, exactly as the API takes them.
//!
//! In a first load children are filed side by side, the events of each in their order. An import that was cut short is run again and
//! goes on where it was; what went in after its last mark answers `duplicate`. Source: contract.md section 3.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use api::wire::lines::{Line, Lines};
use directory::{Directory, Mode, Sender};
use indicatif::ProgressBar;
use serde::Serialize;
use vocabulary::ClientId;

use super::{
    lanes::{Lanes, Tally},
    mark::{Mark, Marked},
    rejects_line, status,
};
use crate::{
    clock,
    exit::{Status, usage},
    feed::rejects::{self, List},
    loading::{self, Codes, Counts},
    opening::{Fresh, open},
    output::{Out, say},
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// How often it is marked how far the import came: so much is looked at again after a kill.
const MARKED_EVERY: Duration = Duration::from_secs(2);

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
    /// The first load of a supplier whose references are each of another child: nobody is compared with others
    #[arg(long)]
    first_load: bool,
    #[command(flatten)]
    place: Place,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    events: u64,
    /// Of these, what an earlier run had taken before it was cut short.
    #[serde(skip_serializing_if = "is_none")]
    resumed: u64,
    #[serde(flatten)]
    counts: Counts,
    /// How often each code was given with a refusal.
    codes: Codes,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejects: Option<PathBuf>,
    seconds: f64,
    events_a_second: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_none(count: &u64) -> bool {
    *count == 0
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
struct Taking<'d, 'scope> {
    directory: &'d Directory,
    sender: &'d Sender,
    lanes: Lanes<'scope>,
    /// Events met, those of an earlier run included.
    line: u64,
    /// Over the lines met.
    checksum: u32,
    /// How far an earlier run came; nothing before it is sent again.
    mark: Mark,
    marked: Marked,
    tally: Tally,
    kept: Stopwatch,
}

impl Events {
    /// Sends every line.
    pub(super) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let stdin = self.file == Path::new("-");
        let (mut input, bytes): (Box<dyn Read>, u64) = if stdin {
            (Box::new(io::stdin().lock()), 0)
        } else {
            let opened = File::open(&self.file).and_then(|file| Ok((file.metadata()?.len(), file)));
            let (bytes, file) =
                opened.map_err(|error| usage(format!("{} cannot be read: {error}", self.file.display())))?;
            (Box::new(file), bytes)
        };
        let folders = settings.folders()?;
        let directory = open(&folders, clock::of(&settings), Fresh::Refuse)?;
        let client = ClientId(self.client.clone());
        let identity =
            directory.client(&client).ok_or_else(|| usage(format!("there is no client {}", self.client)))?;
        identity.may_supply.context("the client's organisation may not supply")?;
        let watch = Stopwatch::start();
        let progress = bar("bytes", bytes);
        let marked = Marked::of(&folders.data, &client);
        let mark = marked.read().unwrap_or_default();
        let resumed = mark.events;
        if resumed > 0 {
            say(format_args!("going on after the first {resumed} events, which are in"));
        }
        let mode = if self.first_load { Mode::FirstLoad } else { Mode::Record };
        let tally = std::thread::scope(|scope| {
            let mut taking = Taking {
                directory: &directory,
                sender: &identity.sender,
                lanes: Lanes::start(scope, &directory, &identity.sender, mode)?,
                line: 0,
                checksum: 0,
                mark,
                marked,
                tally: Tally::default(),
                kept: Stopwatch::start(),
            };
            let read = taking.read(&mut *input, &progress);
            taking.end(read)
        })?;
        progress.finish_and_clear();
        loading::caught_up(&directory)?;
        directory.keep_all();
        let report = report(tally, if stdin { None } else { Some(self.file.as_path()) }, (watch, resumed))?;
        out.tell(&report)?;
        Ok(status(report.counts.refused))
    }
}

impl Taking<'_, '_> {
    /// Reads to the end, or to what stops it.
    fn read(&mut self, input: &mut dyn Read, progress: &ProgressBar) -> anyhow::Result<()> {
        let mut lines = Lines::default();
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let read = input.read(&mut chunk).context("the events cannot be read to their end")?;
            let mut failed = None;
            let mut take = |line: Line<'_>| {
                if failed.is_none() {
                    failed = self.take(line).err();
                }
            };
            match chunk.get(..read).filter(|bytes| !bytes.is_empty()) {
                Some(bytes) => lines.push(bytes, &mut take),
                None => lines.finish(&mut take),
            }
            if let Some(error) = failed {
                return Err(error);
            }
            progress.inc(read as u64);
            self.directory.keep_up();
            if read == 0 {
                return Ok(());
            }
            if self.kept.elapsed() >= MARKED_EVERY && self.line > self.mark.events {
                self.settle()?;
                self.marked.keep(self.line, self.checksum, &self.tally)?;
                self.kept = Stopwatch::start();
            }
        }
    }

    /// Ends the lanes, and tells what came of all.
    fn end(mut self, read: anyhow::Result<()>) -> anyhow::Result<Tally> {
        let whole = read.and_then(|()| self.settle()).and_then(|()| {
            if self.line < self.mark.events { Err(self.another_file()) } else { self.marked.end() }
        });
        // Why a lane ended says more than that it did.
        self.lanes.end()?;
        whole.map(|()| self.tally)
    }

    fn settle(&mut self) -> anyhow::Result<()> {
        let settled = self.lanes.settled()?;
        self.tally.add(settled);
        self.tally.rejects.truncate(REJECTS_MAX);
        Ok(())
    }

    fn take(&mut self, line: Line<'_>) -> anyhow::Result<()> {
        self.line += 1;
        let bytes = match line {
            Line::TooLong => &[],
            Line::Event(bytes) => bytes,
        };
        self.checksum = crc32c::crc32c_append(self.checksum, bytes);
        if self.line <= self.mark.events {
            if self.line == self.mark.events {
                if self.checksum != self.mark.checksum {
                    return Err(self.another_file());
                }
                (self.tally.counts, self.tally.codes) = (self.mark.counts, self.mark.codes.clone());
            }
            return Ok(());
        }
        match line {
            Line::TooLong => self.tally.refuse(self.line, "", "event_too_large"),
            Line::Event(_) => match loading::read(bytes) {
                Err(unread) => self.tally.refuse(self.line, &unread.fault.pointer, unread.fault.code),
                Ok(event) => {
                    let order = if self.lanes.are_several() {
                        self.directory.order_of(self.sender, &event)?
                    } else {
                        Some(0)
                    };
                    self.lanes.send(self.line, event, order)?;
                }
            },
        }
        Ok(())
    }

    fn another_file(&self) -> anyhow::Error {
        usage(format!(
            "this is not the file of the import that was cut short; bring that one, or remove {}",
            self.marked.path().display()
        ))
    }
}

fn report(
    mut tally: Tally,
    file: Option<&Path>,
    (watch, resumed): (Stopwatch, u64),
) -> anyhow::Result<Report> {
    let rejects = if let Some(file) = file {
        rejects::keep(file, List::Rejects, &mut tally.rejects)?
    } else {
        for reject in &tally.rejects {
            say(format_args!("line {}: {} {}", reject.line, reject.field, reject.code));
        }
        None
    };
    Ok(Report {
        events: tally.counts.total(),
        resumed,
        counts: tally.counts,
        codes: tally.codes,
        rejects,
        seconds: watch.elapsed().as_secs_f64(),
        events_a_second: watch.rate(tally.counts.total().saturating_sub(resumed)),
    })
}
