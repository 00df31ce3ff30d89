//! `verify`: proves the log whole, or names the first bad position. Read-only, without lock and without keys.
//!
//! With `--bundle` it checks an evidence bundle instead, which needs no directory.

mod bundle;
mod witnessed;

use std::{fmt, fs, path::PathBuf};

use anyhow::Context;
use event_log::{
    checkpoint::Checkpoint,
    note::VerifierKey,
    verify::{Verified, VerifyError, VerifyOptions, verify},
};
use serde::Serialize;

use witnessed::{Cosigned, Said, said};

use crate::{
    exit::{Status, status_of, usage},
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings},
    stopwatch::Stopwatch,
};

/// The file in the data folder that checks checkpoints; public.
const VERIFIER: &str = "log-key.pub";

/// What to verify.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
    /// The key that checkpoints must be signed with [default: log-key.pub in the data folder]
    #[arg(long, value_name = "FILE")]
    log_key: Option<PathBuf>,
    /// A checkpoint that was kept earlier
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Check an evidence bundle instead of a log; no data folder is needed but for a checkpoint of another size
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// The keys of witnesses that must have cosigned a checkpoint of the log, or the bundle's, one a line
    #[arg(long, alias = "witness-key", value_name = "FILE")]
    witness_keys: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Found {
    whole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segments: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    /// Size of the newest checkpoint beside the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<u64>,
    /// Size of the checkpoint that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<u64>,
    /// Size of the newest checkpoint beside the log that was cosigned, by whomever.
    #[serde(skip_serializing_if = "Option::is_none")]
    witnessed: Option<u64>,
    /// What the witnesses that were named cosigned.
    cosigned: Vec<Cosigned>,
    /// The witnesses that were named and cosigned nothing that is here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missed: Vec<String>,
    /// Whether signatures were checked.
    signatures: bool,
    torn_bytes: u32,
    /// The first bad position.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    seconds: f64,
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(problem) = &self.problem {
            write!(out, "not whole: {problem}")?;
            return match self.position {
                Some(position) => write!(out, "\nfirst bad position: {position}"),
                None => Ok(()),
            };
        }
        write!(
            out,
            "whole: {} records in {} segments, root {}",
            self.records.unwrap_or(0),
            self.segments.unwrap_or(0),
            self.root.as_deref().unwrap_or_default()
        )?;
        match self.published {
            Some(size) if self.signatures => {
                write!(out, "\nsigned up to position {size}, signature checked")?;
            }
            Some(size) => write!(out, "\nsigned up to position {size}, signature not checked: no key")?,
            None => write!(out, "\nno checkpoint lies beside the log")?,
        }
        if let Some(size) = self.checkpoint {
            write!(out, "\nthe checkpoint given, of {size} records, is of this log")?;
        }
        for one in &self.cosigned {
            write!(out, "\n{one}")?;
        }
        for witness in &self.missed {
            write!(out, "\nthe witness {witness} cosigned no checkpoint that is here")?;
        }
        if let (Some(size), [], []) = (self.witnessed, &*self.cosigned, &*self.missed) {
            write!(out, "\ncosigned up to position {size}, not checked: name the keys with --witness-keys")?;
        }
        if self.torn_bytes > 0 {
            write!(
                out,
                "\nthe last {} bytes were cut short by a crash and never acknowledged; opening cuts them off",
                self.torn_bytes
            )?;
        }
        Ok(())
    }
}

impl Verify {
    /// Verifies the log, or a bundle.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        if let Some(file) = &self.bundle {
            return self.check_bundle(file, out);
        }
        let settings = Settings::read(&self.place, &Flags::default())?;
        let folders = settings.folders()?;
        if !folders.data.is_dir() {
            return Err(usage(format!("there is no folder {}", folders.data.display())));
        }
        let verifier = self.verifier(&folders.data.join(VERIFIER))?;
        let checkpoint = match &self.checkpoint {
            None => None,
            Some(file) => Some(read(file)?),
        };
        let witnesses = self.witnesses()?;
        let tiles = folders.tiles();
        let options = VerifyOptions {
            tiles: tiles.is_dir().then_some(tiles.as_path()),
            verifier: verifier.as_ref(),
            checkpoint: checkpoint.as_deref(),
        };
        let watch = Stopwatch::start();
        let progress = bar("records", 0);
        let result = verify(&folders.log(), options, &mut |position| progress.set_position(position));
        progress.finish_and_clear();
        let seconds = watch.elapsed().as_secs_f64();
        let result = result.and_then(|proven| {
            let notes = [proven.witnessed.as_deref(), checkpoint.as_deref()];
            let said = said(&witnesses, &notes.into_iter().flatten().collect::<Vec<_>>())?;
            Ok((proven, said))
        });
        let (found, status) = match result {
            Ok((proven, said)) => {
                let missed = !said.missed.is_empty();
                let found = whole(&proven, said, verifier.is_some(), seconds);
                (found, if missed { Status::CheckFailed } else { Status::Done })
            }
            Err(error) => failed(error, verifier.is_some(), seconds)?,
        };
        out.tell(&found)?;
        Ok(status)
    }

    /// The key to check signatures with: the one named, else the one that lies in the data folder.
    fn verifier(&self, beside: &std::path::Path) -> anyhow::Result<Option<VerifierKey>> {
        let text = match &self.log_key {
            Some(file) => read(file)?,
            None if beside.is_file() => read(beside)?,
            None => return Ok(None),
        };
        match VerifierKey::parse(text.trim()) {
            Ok(key) => Ok(Some(key)),
            Err(error) if self.log_key.is_some() => {
                Err(usage(format!("the log key cannot be read: {error}")))
            }
            Err(error) => Err(error).context("log-key.pub in the data folder cannot be read"),
        }
    }
}

fn read(file: &std::path::Path) -> anyhow::Result<String> {
    fs::read_to_string(file).map_err(|error| usage(format!("{} cannot be read: {error}", file.display())))
}

fn whole(proven: &Verified, said: Said, signatures: bool, seconds: f64) -> Found {
    Found {
        whole: true,
        records: Some(proven.records),
        segments: Some(proven.segments),
        root: Some(hexadecimal(&proven.root)),
        published: proven.published,
        checkpoint: proven.checkpoint,
        witnessed: proven.witnessed.as_deref().and_then(Checkpoint::parse).map(|checkpoint| checkpoint.size),
        cosigned: said.cosigned,
        missed: said.missed,
        signatures,
        torn_bytes: proven.torn_bytes,
        position: None,
        problem: None,
        seconds,
    }
}

/// What is not believed is a finding; a machine that failed is an error.
fn failed(error: VerifyError, signatures: bool, seconds: f64) -> anyhow::Result<(Found, Status)> {
    let (problem, position) = (error.to_string(), error.position());
    let error = anyhow::Error::new(error);
    if status_of(&error) != Status::Integrity {
        return Err(error);
    }
    let found = Found {
        whole: false,
        records: None,
        segments: None,
        root: None,
        published: None,
        checkpoint: None,
        witnessed: None,
        cosigned: Vec::new(),
        missed: Vec::new(),
        signatures,
        torn_bytes: 0,
        position: position.map(|position| position.0),
        problem: Some(problem),
        seconds,
    };
    Ok((found, Status::Integrity))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
