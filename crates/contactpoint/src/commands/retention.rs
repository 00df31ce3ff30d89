//! `retention`: tonight's work on what is to be kept, for a directory that is not served at night.
//!
//! A server does the same by itself once a night. Safe to repeat. Source: domain.md 4.6; ADR-0050.

use std::fmt;

use directory::{Night, night_of};
use serde::Serialize;

use crate::{
    clock,
    exit::Status,
    loading,
    opening::{Fresh, open},
    output::{Out, say},
    settings::{Flags, Place, Settings},
};

/// Where.
#[derive(Debug, clap::Args)]
pub(crate) struct Retention {
    #[command(flatten)]
    place: Place,
}

/// What came of the night.
#[derive(Debug, Serialize)]
struct Report {
    /// The night, by the day on which it began.
    night: chrono::NaiveDate,
    /// The clock may have leapt, and nothing was done but to count the night.
    unsteady: bool,
    settled: u64,
    proposed: u64,
    purged: u64,
    spared: u64,
    keys_destroyed: u64,
    payloads_replaced: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unsteady {
            return write!(
                out,
                "the night of {} was counted; nothing else is done before a week of nights agrees with this clock",
                self.night
            );
        }
        write!(
            out,
            "the night of {}: {} records to the archive or back, {} put on lists, {} purged, {} spared, {} keys destroyed, {} payloads gone from the log",
            self.night,
            self.settled,
            self.proposed,
            self.purged,
            self.spared,
            self.keys_destroyed,
            self.payloads_replaced
        )
    }
}

impl Retention {
    /// Does the night's work, and lets the read models follow.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let night = night_of(directory.now());
        let Night { unsteady, settled, proposed, purged, spared, keys, payloads } = directory.retain()?;
        loading::caught_up(&directory)?;
        if let Err(error) = directory.save_index() {
            say(format_args!("the index was not kept, and is made anew at the next opening: {error}"));
        }
        out.tell(&Report {
            night,
            unsteady,
            settled,
            proposed,
            purged,
            spared,
            keys_destroyed: keys,
            payloads_replaced: payloads,
        })?;
        Ok(Status::Done)
    }
}
