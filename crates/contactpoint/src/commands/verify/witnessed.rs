//! Which witnesses cosigned: their keys as they are named, and what each of them said.

use std::fmt;

use chrono::DateTime;
use event_log::{
    checkpoint::{Checkpoint, CheckpointError},
    cosignature::CosignerKey,
    verify::VerifyError,
};
use serde::Serialize;

use super::{Verify, read};
use crate::exit::usage;

/// What a witness said of a log.
#[derive(Debug, Serialize)]
pub(super) struct Cosigned {
    witness: String,
    /// Size of the newest checkpoint here that it cosigned.
    size: u64,
    /// When, in seconds since 1970.
    at: u64,
}

impl fmt::Display for Cosigned {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cosigned up to position {} by {} at {}", self.size, self.witness, instant(self.at))
    }
}

/// What the witnesses said that were asked for.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) cosigned: Vec<Cosigned>,
    pub(super) missed: Vec<String>,
}

/// Looks for what each witness cosigned among signed checkpoints of the log.
///
/// # Errors
/// A line that says to be a witness's and is not.
pub(super) fn said(witnesses: &[CosignerKey], notes: &[&str]) -> Result<Said, VerifyError> {
    let mut said = Said::default();
    for witness in witnesses {
        let mut newest: Option<(u64, u64)> = None;
        for note in notes {
            let size = Checkpoint::parse(note).map_or(0, |checkpoint| checkpoint.size);
            newest = newest.max(witness.cosigned(note).map_err(CheckpointError::from)?.map(|at| (size, at)));
        }
        match newest {
            Some((size, at)) => {
                said.cosigned.push(Cosigned { witness: witness.name().to_owned(), size, at });
            }
            None => said.missed.push(witness.name().to_owned()),
        }
    }
    Ok(said)
}

/// A moment in seconds since 1970, for people.
pub(super) fn instant(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    at.map_or_else(
        || format!("{seconds} seconds since 1970"),
        |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

impl Verify {
    /// The keys of the witnesses that were named.
    pub(super) fn witnesses(&self) -> anyhow::Result<Vec<CosignerKey>> {
        let Some(file) = &self.witness_keys else { return Ok(Vec::new()) };
        let text = read(file)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines
            .map(|line| {
                CosignerKey::parse(line)
                    .map_err(|error| usage(format!("a witness's key cannot be read: {error}")))
            })
            .collect()
    }
}
