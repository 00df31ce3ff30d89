//! `compare`: every child held beside all others, as after a first load; pairs that may be one child wait for a person.
//!
//! It changes no record and may be run again at any time. Source: ADR-0036; contract.md section 2 (`/queue`).

use std::fmt;

use directory::Compared;
use serde::Serialize;

use crate::{
    clock,
    exit::Status,
    loading, memory,
    opening::{Fresh, open},
    output::{Out, say},
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// Where.
#[derive(Debug, clap::Args)]
pub(crate) struct Compare {
    #[command(flatten)]
    place: Place,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    children: usize,
    /// Pairs that may be one child.
    alike: usize,
    /// Of these, put on the identity queue now.
    queued: usize,
    /// Of these, waiting there before, or decided by a person.
    known: usize,
    /// Without opening the directory and without what the read models took.
    seconds: f64,
    children_a_second: f64,
    /// The most memory that the process ever held, in bytes; absent where the system does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_memory_bytes: Option<u64>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} children in {:.1} s, {:.0} a second: {} pairs may be one child; {} queued, {} known before",
            self.children, self.seconds, self.children_a_second, self.alike, self.queued, self.known
        )
    }
}

impl Compare {
    /// Compares, and lets the read models follow.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let progress = bar("entries compared", 0);
        let watch = Stopwatch::start();
        let compared = directory.compare_all(&|read, all| {
            progress.set_length(all);
            progress.inc(read);
        })?;
        let (seconds, children_a_second) =
            (watch.elapsed().as_secs_f64(), watch.rate(compared.children as u64));
        progress.finish_and_clear();
        loading::caught_up(&directory)?;
        if let Err(error) = directory.save_index() {
            say(format_args!("the index was not kept, and is made anew at the next opening: {error}"));
        }
        let Compared { children, alike, queued, known } = compared;
        let peak_memory_bytes = memory::peak();
        out.tell(&Report { children, alike, queued, known, seconds, children_a_second, peak_memory_bytes })?;
        Ok(Status::Done)
    }
}
