//! `backup`: copies log and keys while they are served, and verifies the copy.
//!
//! Rows, index and tiles are left out: all are made again from the log.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use directory::Folders;
use event_log::{
    integrator::CHECKPOINT,
    verify::{VerifyOptions, verify},
};
use serde::Serialize;
use vault::VaultError;

use super::verify::hexadecimal;
use crate::{
    clock, copying,
    exit::{Status, usage},
    output::Out,
    progress::bar,
    settings::{Flags, Place, Settings, whole},
    stopwatch::Stopwatch,
};

/// What to copy, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    /// A new folder for the copy of the log
    #[arg(long, value_name = "DIR2", required_unless_present = "expire")]
    to: Option<PathBuf>,
    /// A new folder for the copy of the keys; keep it apart from the log
    #[arg(long, value_name = "DIR3")]
    keys_to: Option<PathBuf>,
    /// Instead: destroy the epochs' keys in an old copy of the keys, so that nothing in it can be read any more
    #[arg(long, value_name = "DIR3", conflicts_with_all = ["to", "keys_to"])]
    expire: Option<PathBuf>,
}

/// What was expired.
#[derive(Debug, Serialize)]
struct Expired {
    folder: String,
    /// Keys of epochs that were destroyed.
    epochs: usize,
}

impl fmt::Display for Expired {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the keys in {} are noise: {} epochs were destroyed", self.folder, self.epochs)
    }
}

/// What was copied.
#[derive(Debug, Serialize)]
struct Report {
    records: u64,
    root: String,
    bytes: u64,
    /// Size of the newest signed checkpoint; the copy was compared with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<u64>,
    torn_bytes: u32,
    keys: bool,
    seconds: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = if self.keys { "log and keys" } else { "the log, without keys," };
        write!(
            out,
            "{keys} copied in {:.1} s and verified: {} records, root {}",
            self.seconds, self.records, self.root
        )
    }
}

impl Backup {
    /// Copies, then verifies.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let folders = settings.folders()?;
        let Some(to) = &self.to else { return expire(self.expire.as_deref(), &folders, out) };
        if !folders.log().is_dir() {
            return Err(usage(format!("there is no directory in {}", folders.data.display())));
        }
        if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(usage(format!("{} is not empty", to.display())));
        }
        if self.keys_to.as_ref().is_some_and(|keys| keys.starts_with(to)) {
            return Err(usage("the keys do not belong into the folder of the log"));
        }
        let watch = Stopwatch::start();
        fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
        // The checkpoint before the log: what was signed is then surely in the copy.
        let checkpoint = match fs::read_to_string(folders.tiles().join(CHECKPOINT)) {
            Ok(note) => Some(note),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).context("the newest checkpoint cannot be read"),
        };
        if let Some(note) = &checkpoint {
            copying::write_whole(&to.join(CHECKPOINT), note.as_bytes(), 0o644)?;
        }
        copying::alongside(&folders.data, to)?;
        let progress = bar("bytes", 1);
        progress.set_length(0);
        let copy = to.join("log");
        let bytes = copying::log(&folders.log(), &copy, &progress)?;
        if let Some(keys_to) = &self.keys_to {
            copying::keys(&folders.keys, &whole(keys_to)).context("the keys cannot be copied")?;
        }
        let options = VerifyOptions { checkpoint: checkpoint.as_deref(), ..VerifyOptions::default() };
        let verified = verify(&copy, options, &mut |_| ()).context("the copy is not whole")?;
        progress.finish_and_clear();
        let made = directory::backups::Backup {
            at: clock::of(&settings).now(),
            records: verified.records,
            keys: self.keys_to.is_some(),
        };
        // The copy is made all the same: whoever makes it may have no right to write beside the log.
        if let Err(error) = made.note(&folders.data) {
            tracing::warn!(%error, "that a backup was made could not be noted in the data folder");
        }
        out.tell(&Report {
            records: verified.records,
            root: hexadecimal(&verified.root),
            bytes,
            checkpoint: verified.checkpoint,
            torn_bytes: verified.torn_bytes,
            keys: self.keys_to.is_some(),
            seconds: watch.elapsed().as_secs_f64(),
        })?;
        Ok(Status::Done)
    }
}

/// Lets an old copy of the keys expire.
fn expire(copy: Option<&Path>, folders: &Folders, out: Out) -> anyhow::Result<Status> {
    let Some(copy) = copy.map(whole) else { return Err(usage("name a folder with --to or --expire")) };
    let real = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if real(&copy) == real(&folders.keys) {
        return Err(usage(format!("{} holds the keys of the directory itself", copy.display())));
    }
    let epochs = match vault::expire_backup(&copy) {
        Err(VaultError::NoKeys { .. }) => {
            return Err(usage(format!(
                "{} holds no epoch's key; it may have expired before",
                copy.display()
            )));
        }
        expired => expired.context("the copy of the keys cannot be expired")?,
    };
    out.tell(&Expired { folder: copy.display().to_string(), epochs })?;
    Ok(Status::Done)
}
