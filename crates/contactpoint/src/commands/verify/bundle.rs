//! Checking an evidence bundle: what it claims, against the log's signature, by whoever has its key.

use std::{fmt, fs, io, path::Path, sync::Arc};

use event_log::{disk::RealDisk, leaf::Hash, merkle::consistency_proof, note::VerifierKey, tiles::Tiles};
use evidence::{Checked, Refused, Trust, check};
use serde::Serialize;

use super::{Verify, read, witnessed::instant};
use crate::{
    exit::{Status, usage},
    output::Out,
    settings::{Flags, Settings},
};

/// What was found of a bundle.
#[derive(Debug, Serialize)]
struct Found {
    believed: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    checked: Option<Checked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(found) = &self.checked else {
            return write!(out, "refused: {}", self.problem.as_deref().unwrap_or_default());
        };
        write!(
            out,
            "believed: {} records of case {}, in the log {} of {} records, borne by it at {}",
            found.records, found.case, found.log, found.size, found.made_at
        )?;
        write!(
            out,
            "\nproven to the letter: {}; stated by the log's operator: {} records and {} views; removed: {}",
            found.opened, found.stated, found.views, found.removed
        )?;
        if found.key_known {
            write!(out, "\nsigned with the key that was given, {}", found.log_key)?;
        } else {
            write!(
                out,
                "\nsigned with a key that only the bundle speaks for: compare it with the one that the log's operator \
                 and its witnesses publish, or name it with --log-key\n{}",
                found.log_key
            )?;
        }
        for one in &found.cosigned {
            let known = if one.key_known { "" } else { ", whose key only the bundle speaks for" };
            write!(out, "\ncosigned by {} at {}{known}", one.witness, instant(one.at))?;
        }
        if found.cosigned.is_empty() {
            write!(out, "\nno witness cosigned it")?;
        }
        if let Some(size) = found.checkpoint {
            write!(out, "\nthe checkpoint given, of {size} records, is of the same history")?;
        }
        Ok(())
    }
}

impl Verify {
    /// Checks a bundle.
    pub(super) fn check_bundle(&self, file: &Path, out: Out) -> anyhow::Result<Status> {
        let bytes =
            fs::read(file).map_err(|error| usage(format!("{} cannot be read: {error}", file.display())))?;
        let log_key = match &self.log_key {
            None => None,
            Some(named) => Some(
                VerifierKey::parse(&read(named)?)
                    .map_err(|error| usage(format!("the log key cannot be read: {error}")))?,
            ),
        };
        let witnesses = self.witnesses()?;
        let checkpoint = self.checkpoint.as_deref().map(read).transpose()?;
        let settings = Settings::read(&self.place, &Flags::default())?;
        let tiles =
            settings.folders().ok().map(|folders| Tiles::new(Arc::new(RealDisk::new(folders.tiles()))));
        let continuing = |old: u64, new: u64| -> io::Result<Vec<Hash>> {
            match &tiles {
                Some(tiles) => consistency_proof(&tiles.tree(new), old, new),
                None => Err(io::ErrorKind::NotFound.into()),
            }
        };
        let trust = Trust {
            log_key: log_key.as_ref(),
            witnesses: &witnesses,
            checkpoint: checkpoint.as_deref(),
            continuing: tiles.is_some().then_some(&continuing),
        };
        let (found, status) = match check(&bytes, &trust) {
            Ok(checked) => (Found { believed: true, checked: Some(checked), problem: None }, Status::Done),
            Err(Refused::Tiles(error)) => return Err(error.into()),
            Err(needed @ Refused::TilesNeeded { .. }) => {
                return Err(usage(format!("{needed}; name the data folder with --data DIR")));
            }
            Err(refused) => {
                let found = Found { believed: false, checked: None, problem: Some(refused.to_string()) };
                (found, Status::Integrity)
            }
        };
        out.tell(&found)?;
        Ok(status)
    }
}
