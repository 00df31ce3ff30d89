//! `generate`: invented England as files, the same bytes for the same seed.

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::NaiveDate;
use population::{Feed, Population, Relation};
use serde::Serialize;
use vocabulary::england_day;

use crate::{
    clock,
    exit::{Status, usage},
    output::{Out, closed, say},
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Children written before the progress is told: some 30 ms of work.
const STRIDE: u64 = 2_000;

/// Which child each reference of each feed means.
const TRUTH: &str = "truth.csv";

/// What to invent.
#[derive(Debug, clap::Args)]
pub(crate) struct Generate {
    /// How many children
    #[arg(long, value_name = "N")]
    children: u64,
    /// The seed: the same one makes the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The day on which ages are told [default: today]
    #[arg(long, value_name = "DAY")]
    as_at: Option<NaiveDate>,
    /// Also write three feeds about the same children, each as its sender knows them, with the truth beside
    #[arg(long)]
    feeds: bool,
    /// Write rows for a relational database instead, the yardstick beside: the same children, and what is asked
    #[arg(long, conflicts_with = "feeds")]
    tables: bool,
    /// How many questions and changes stand among the rows
    #[arg(long, value_name = "N", default_value_t = 200_000, requires = "tables")]
    asked: u64,
    /// Where to write organisations.csv, children.csv and events.ndjson; `-` prints the events alone
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// What was written.
#[derive(Debug, Serialize)]
struct Written {
    children: u64,
    organisations: u64,
    events: u64,
    as_at: NaiveDate,
    seed: u64,
    seconds: f64,
    files: Vec<PathBuf>,
}

impl fmt::Display for Written {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} children, {} organisations and {} events of an invented England on {} (seed {}) in {:.1} s",
            self.children, self.organisations, self.events, self.as_at, self.seed, self.seconds
        )
    }
}

impl Generate {
    /// Writes the files, or the events on stdout.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        if self.children > population::CHILDREN_OF_ENGLAND {
            return Err(usage(format!("England has at most {} children", population::CHILDREN_OF_ENGLAND)));
        }
        let settings = Settings::read(&Place::default(), &Flags::default())?;
        let as_at = self.as_at.unwrap_or_else(|| england_day(clock::of(&settings).now()));
        let england = Population::sized(self.seed, as_at, self.children);
        if self.out == Path::new("-") {
            return self.print(&england);
        }
        let watch = Stopwatch::start();
        fs::create_dir_all(&self.out).with_context(|| format!("{} cannot be made", self.out.display()))?;
        if self.tables {
            let files = self.relations(&england)?;
            return self.told(out, &england, 0, files, watch);
        }
        let [organisations, children, events] =
            ["organisations.csv", "children.csv", "events.ndjson"].map(|name| self.out.join(name));
        england.write_organisations(&mut create(&organisations)?)?;
        let mut table = create(&children)?;
        england.write_children(0..self.children, &mut table)?;
        table.flush()?;
        let mut lines = Counted { inner: create(&events)?, lines: 0 };
        self.tell(&england, &mut lines)?;
        lines.flush()?;
        let feeds = if self.feeds { self.feeds(&england)? } else { Vec::new() };
        let files = [vec![organisations, children, events], feeds].concat();
        self.told(out, &england, lines.lines, files, watch)
    }

    fn told(
        &self,
        out: Out,
        england: &Population,
        events: u64,
        files: Vec<PathBuf>,
        watch: Stopwatch,
    ) -> anyhow::Result<Status> {
        let written = Written {
            children: self.children,
            organisations: england.organisations().map(|_| 1).sum(),
            events,
            as_at: england.as_at(),
            seed: self.seed,
            seconds: watch.elapsed().as_secs_f64(),
            files,
        };
        out.tell(&written)?;
        Ok(Status::Done)
    }

    /// Writes organisations.csv and the rows; answers the files.
    fn relations(&self, england: &Population) -> anyhow::Result<Vec<PathBuf>> {
        let organisations = self.out.join("organisations.csv");
        england.write_organisations(&mut create(&organisations)?)?;
        let mut files = vec![organisations];
        for relation in Relation::ALL {
            let path = self.out.join(relation.file());
            let mut file = create(&path)?;
            england.write_relation(relation, self.children, self.asked, &mut file)?;
            file.flush()?;
            files.push(path);
        }
        Ok(files)
    }

    /// Writes the feeds and the truth about them; answers the files.
    fn feeds(&self, england: &Population) -> anyhow::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for feed in Feed::ALL {
            let path = self.out.join(feed.file());
            let mut file = create(&path)?;
            england.write_feed(feed, 0..self.children, &mut file)?;
            file.flush()?;
            files.push(path);
        }
        let path = self.out.join(TRUTH);
        let mut truth = create(&path)?;
        england.write_truth(0..self.children, &mut truth)?;
        truth.flush()?;
        files.push(path);
        Ok(files)
    }

    fn print(&self, england: &Population) -> anyhow::Result<Status> {
        let mut lines = Counted { inner: io::stdout().lock(), lines: 0 };
        self.tell(england, &mut lines).map_err(closed)?;
        say(format_args!("{} events", lines.lines));
        Ok(Status::Done)
    }

    fn tell(&self, england: &Population, out: &mut impl Write) -> io::Result<()> {
        let progress = bar("children", self.children);
        for first in (0..self.children).step_by(usize::try_from(STRIDE).unwrap_or(usize::MAX)) {
            let end = (first + STRIDE).min(self.children);
            england.write_events(first..end, out)?;
            progress.set_position(end);
        }
        progress.finish_and_clear();
        Ok(())
    }
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("{} cannot be made", path.display()))?))
}

/// Counts the lines that pass.
struct Counted<W> {
    inner: W,
    lines: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let passed = bytes.get(..written).unwrap_or_default();
        self.lines += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
