//! `restore`: makes a directory from a backup, into a fresh folder only.
//!
//! The copy is verified first. What was ordered to be forgotten up to the end of the backup is forgotten before the
//! directory opens, even where the log is restored up to an earlier moment, and so is what a newer copy of the log
//! orders: a backup is no way back for erased data.
//! Rows are folded from the log.

mod erasures;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use directory::Folders;
use erasures::Erasures;
use event_log::{
    EventLog, Options, RecordRef, Segments,
    integrator::CHECKPOINT,
    verify::{VerifyOptions, verify},
};
use serde::Serialize;
use vault::Vault;
use vocabulary::Position;

use super::verify::hexadecimal;
use crate::{
    clock, copying,
    exit::{Status, usage},
    moment,
    opening::{Fresh, open},
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings, whole},
    stopwatch::Stopwatch,
};

/// Records copied before the disk is waited for.
const GROUP: u32 = 1_000;

/// Where from, where to, and up to when.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The folder that `backup --to` made
    #[arg(long, value_name = "DIR2")]
    from: PathBuf,
    /// The folder that `backup --keys-to` made; without it the keys must be in place
    #[arg(long, value_name = "DIR3")]
    keys_from: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// Leave out what was recorded after this position, day or instant
    #[arg(long, value_name = "POSITION or TIME")]
    until: Option<Until>,
    /// A newer backup of the same log: what was erased since this one is erased as well
    #[arg(long, value_name = "DIR4")]
    erasures_from: Option<PathBuf>,
}

/// Where to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Position(Position),
    Time(DateTime<Utc>),
}

impl std::str::FromStr for Until {
    type Err = String;

    fn from_str(text: &str) -> Result<Until, String> {
        if let Ok(position) = text.parse() {
            return Ok(Until::Position(Position(position)));
        }
        let time = moment::last_of(text);
        time.map(Until::Time).map_err(|_| "a position, a day or an instant of RFC 3339 is needed".to_owned())
    }
}

impl Until {
    fn takes(self, record: &RecordRef<'_>) -> bool {
        match self {
            Until::Position(last) => record.position <= last,
            Until::Time(last) => record.header.recorded_at <= last.timestamp_micros(),
        }
    }
}

/// What was restored.
#[derive(Debug, Serialize)]
struct Report {
    records: u64,
    root: String,
    /// Records of the backup that were left out.
    left_out: u64,
    /// Keys that the log ordered to be destroyed, and that are.
    keys_destroyed: usize,
    /// Records of erasures that the restored log lacked and that were appended.
    erasures_appended: u64,
    seconds: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} records restored in {:.1} s, root {}", self.records, self.seconds, self.root)?;
        if self.left_out > 0 {
            write!(out, "\n{} later records were left out", self.left_out)?;
        }
        write!(out, "\n{} keys are destroyed, as the log orders", self.keys_destroyed)
    }
}

impl Restore {
    /// Restores, verifies, forgets and opens.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let folders = settings.folders()?;
        let copy = self.from.join("log");
        if !copy.is_dir() {
            return Err(usage(format!("{} is no backup: it has no log", self.from.display())));
        }
        if fs::read_dir(&folders.data).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(usage(format!("{} is not empty", folders.data.display())));
        }
        if folders.keys.starts_with(&folders.data) {
            return Err(usage("the keys do not belong into the data folder"));
        }
        let watch = Stopwatch::start();
        let checkpoint = fs::read_to_string(self.from.join(CHECKPOINT)).ok();
        let options = VerifyOptions { checkpoint: checkpoint.as_deref(), ..VerifyOptions::default() };
        let found = verify(&copy, options, &mut |_| ()).context("the backup is not whole")?;
        let vault = self.keys(&folders)?;
        fs::create_dir_all(&folders.data)?;
        copying::alongside(&self.from, &folders.data)?;
        let progress = bar("bytes", 1);
        progress.set_length(0);
        let erasures = match self.until {
            None => {
                copying::log(&copy, &folders.log(), &progress)?;
                let (log, _) = Segments::open(folders.log(), Options::default())?;
                self.erasures(&log)?
            }
            Some(until) => {
                // Opening may cut a torn tail, which is not to be done to the backup itself.
                let aside = folders.data.join("restoring");
                copying::log(&copy, &aside, &progress)?;
                let (log, _) = Segments::open(&aside, Options::default())?;
                append(&log, &folders.log(), until)?;
                let erasures = self.erasures(&log)?;
                drop(log);
                fs::remove_dir_all(&aside)?;
                erasures
            }
        };
        let (keys_destroyed, erasures_appended) = erasures.carry_out(&vault, &folders.log())?;
        progress.finish_and_clear();
        drop(vault);
        let restored = verify(&folders.log(), VerifyOptions::default(), &mut |_| ())
            .context("the restored log is not whole")?;
        // Opening folds the rows, so that serving begins at once.
        drop(open(&folders, clock::of(&settings), Fresh::Refuse)?);
        out.tell(&Report {
            records: restored.records,
            root: hexadecimal(&restored.root),
            left_out: (found.records + erasures_appended).saturating_sub(restored.records),
            keys_destroyed,
            erasures_appended,
            seconds: watch.elapsed().as_secs_f64(),
        })?;
        Ok(Status::Done)
    }

    /// What the backup orders to be forgotten, and what a newer one does.
    fn erasures(&self, log: &Segments) -> anyhow::Result<Erasures> {
        let own = Erasures::of(log)?;
        let Some(newer) = &self.erasures_from else { return Ok(own) };
        let copy = newer.join("log");
        if !copy.is_dir() {
            return Err(usage(format!("{} is no backup: it has no log", newer.display())));
        }
        own.and_of_copy(&copy, erasures::end_of(log)?)
    }

    fn keys(&self, folders: &Folders) -> anyhow::Result<Vault> {
        match &self.keys_from {
            None if folders.keys.is_dir() => Ok(Vault::open(&folders.keys)?),
            None => Err(usage(format!("there are no keys in {}; name --keys-from", folders.keys.display()))),
            Some(from) => {
                let from = &whole(from);
                let vault = Vault::restore(from, &folders.keys).context("the keys cannot be restored")?;
                copying::signing_key(from, &folders.keys)?;
                Ok(vault)
            }
        }
    }
}

/// Appends the records of `log` up to `until` to a fresh log in `to`, what was erased as it is. Leaves do not know
/// where they stand, so that the tree over them has the same root as it had then.
fn append(log: &Segments, to: &Path, until: Until) -> anyhow::Result<()> {
    let (target, _) = Segments::open(to, Options::default())?;
    let mut after = Position::ZERO;
    let mut over = false;
    while !over {
        let mut tickets = Vec::new();
        let reached = log.read_all(after, GROUP, &mut |record| {
            over |= !until.takes(&record);
            if !over {
                tickets.push(target.submit_again(record));
            }
        })?;
        for ticket in tickets {
            ticket.wait().context("the restored log took no more")?;
        }
        if reached == after {
            break;
        }
        after = reached;
    }
    target.close();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_position_a_day_or_an_instant() {
        assert_eq!("81234".parse(), Ok(Until::Position(Position(81_234))));
        let end = DateTime::from_timestamp_micros(1_795_219_199_999_999).unwrap();
        assert_eq!("2026-11-20".parse(), Ok(Until::Time(end)));
        let nine = DateTime::from_timestamp(1_795_165_200, 0).unwrap();
        assert_eq!("2026-11-20T09:00:00Z".parse(), Ok(Until::Time(nine)));
        assert!("soon".parse::<Until>().is_err());
    }
}
