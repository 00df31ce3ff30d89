//! The ledger: the tree over the log, its signed checkpoint and its tiles. Leaf hashes only.
//!
//! Source: house rules section 9; rules.md 6.4; ADR-0007.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use event_log::{
    checkpoint::Checkpoint,
    cosignature::{CosignerKey, cosigned_note},
    disk::{RealDisk, replace},
    integrator::{CHECKPOINT, IntegrateError, Integrator},
    note::{KeyError, SigningKey},
    tiles::Tiles,
};
use vocabulary::Position;

use crate::{Directory, open::Folders};

/// What the ledger of a directory is called, in the first line of its checkpoints.
pub const ORIGIN: &str = "contactpoint.example/log";

/// File in the keys folder that signs checkpoints.
const LOG_KEY: &str = "log-key";

/// File in the data folder that says how to check them; public.
const VERIFIER: &str = "log-key.pub";

/// File beside the tiles that holds the newest checkpoint that a witness cosigned.
const WITNESSED: &str = "checkpoint.witnessed";

/// Records taken into the tree at once.
const BUDGET: u32 = 10_000;

/// The tree beside a log.
pub struct Ledger {
    integrator: Mutex<Integrator>,
    folder: PathBuf,
    verifier: String,
    witnesses: Vec<CosignerKey>,
}

/// Why the ledger could not be opened or grown.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The signing key could not be read or made.
    #[error("the key that signs checkpoints could not be read or made")]
    Key(#[from] KeyError),
    /// The tree could not be grown.
    #[error("the tree could not be grown")]
    Integrate(#[from] IntegrateError),
    /// A file could not be read or written.
    #[error("a file of the ledger could not be read or written")]
    Io(#[from] std::io::Error),
}

impl Ledger {
    /// Opens the ledger in `folders`, drawing a signing key the first time.
    ///
    /// # Errors
    /// The key or the tiles are not what they were.
    pub fn open(folders: &Folders) -> Result<Ledger, LedgerError> {
        let path = folders.keys.join(LOG_KEY);
        let key = if path.exists() {
            SigningKey::load(&path)?
        } else {
            let key = SigningKey::generate(ORIGIN)?;
            key.save(&path)?;
            key
        };
        let verifier = key.verifier().to_string();
        std::fs::write(folders.data.join(VERIFIER), format!("{verifier}\n"))?;
        let folder = folders.tiles();
        std::fs::create_dir_all(&folder)?;
        let integrator = Integrator::open(Arc::new(RealDisk::new(&folder)), key)?;
        Ok(Ledger { integrator: Mutex::new(integrator), folder, verifier, witnesses: Vec::new() })
    }

    /// Takes the cosignatures of these witnesses and of no others.
    #[must_use]
    pub fn witnessed_by(mut self, witnesses: Vec<CosignerKey>) -> Ledger {
        self.witnesses = witnesses;
        self
    }

    /// The newest signed checkpoint, a C2SP signed note; `None` before the first. It bears the cosignatures of those
    /// witnesses that cosigned this very one.
    ///
    /// # Errors
    /// `Io`.
    pub fn checkpoint(&self) -> Result<Option<String>, LedgerError> {
        let newest = self.note(CHECKPOINT)?;
        let witnessed = self.witnessed()?;
        let size = |note: &Option<String>| note.as_deref().and_then(Checkpoint::parse).map(|one| one.size);
        Ok(if witnessed.is_some() && size(&witnessed) == size(&newest) { witnessed } else { newest })
    }

    fn note(&self, name: &str) -> Result<Option<String>, LedgerError> {
        read(&self.folder.join(name)).map(|bytes| bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// The newest checkpoint that today's witnesses cosigned, with their cosignatures alone.
    fn witnessed(&self) -> Result<Option<String>, LedgerError> {
        let Some(kept) = self.note(WITNESSED)? else { return Ok(None) };
        // The log's own signature comes first, then those of whoever was a witness at that time.
        let own = kept.split_inclusive('\n').scan(false, |signed, line| {
            let before = *signed;
            *signed |= line.starts_with('\u{2014}');
            (!before).then_some(line)
        });
        let own: String = own.collect();
        let lines = kept.get(own.len()..).unwrap_or_default();
        let note = cosigned_note(&own, lines, &self.witnesses);
        Ok(Some(note).filter(|note| note.len() > own.len()))
    }

    /// Keeps what witnesses said of a checkpoint, durably; lines that are none of theirs are left out. Answers how
    /// many cosigned it.
    ///
    /// # Errors
    /// `Io`.
    pub fn keep_cosignatures(&self, note: &str, lines: &str) -> Result<usize, LedgerError> {
        let whole = cosigned_note(note, lines, &self.witnesses);
        let count = self.cosigners_of(&whole).len();
        if count > 0 {
            replace(&RealDisk::new(&self.folder), WITNESSED, whole.as_bytes())?;
        }
        Ok(count)
    }

    /// The keys of those witnesses that cosigned a checkpoint.
    pub(crate) fn cosigners_of(&self, note: &str) -> Vec<String> {
        let cosigned = |witness: &&CosignerKey| matches!(witness.cosigned(note), Ok(Some(_)));
        self.witnesses.iter().filter(cosigned).map(ToString::to_string).collect()
    }

    /// Lets `prove` read the tiles under a checkpoint that covers `position`, a cosigned one where there is one; no
    /// newer one is put in place meanwhile.
    pub(crate) fn proving<R, E: From<LedgerError>>(
        &self,
        position: Position,
        prove: impl FnOnce(&str, &Tiles) -> Result<R, E>,
    ) -> Result<R, E> {
        let integrator = self.integrator.lock().unwrap_or_else(PoisonError::into_inner);
        let covers =
            |note: &String| Checkpoint::parse(note).is_some_and(|checkpoint| checkpoint.size >= position.0);
        let witnessed = self.witnessed()?.filter(covers);
        let note = match witnessed {
            Some(note) => note,
            None => self.note(CHECKPOINT)?.unwrap_or_default(),
        };
        prove(&note, integrator.tiles())
    }

    /// Whether a checkpoint over `position` bears a witness's cosignature, or there is no witness to wait for.
    ///
    /// # Errors
    /// `Io`.
    pub fn is_witnessed(&self, position: Position) -> Result<bool, LedgerError> {
        let witnessed = self.witnessed()?.as_deref().and_then(Checkpoint::parse);
        Ok(self.witnesses.is_empty() || witnessed.is_some_and(|checkpoint| checkpoint.size >= position.0))
    }

    /// A tile by its C2SP path below `tile/`, as in `0/000` or `0/000.p/5`.
    ///
    /// # Errors
    /// `Io`.
    pub fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let plain =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
        let named = path.split('/').all(|part| plain(part.strip_suffix(".p").unwrap_or(part)));
        if named { read(&self.folder.join("tile").join(path)) } else { Ok(None) }
    }

    /// The key that checks checkpoints, as `name+hash+key`.
    pub fn verifier(&self) -> &str {
        &self.verifier
    }
}

impl Directory {
    /// Takes every durable record into the tree and publishes a checkpoint if there was news.
    ///
    /// # Errors
    /// The log is shorter than what was signed, or the disk failed.
    pub fn integrate(&self, ledger: &Ledger) -> Result<Position, LedgerError> {
        let mut integrator = ledger.integrator.lock().unwrap_or_else(PoisonError::into_inner);
        let before = integrator.checkpoint().size;
        let mut reached = Position(before);
        loop {
            let now = integrator.follow(self.log(), BUDGET)?;
            if now == reached {
                break;
            }
            reached = now;
        }
        if reached.0 > before || !ledger.folder.join(CHECKPOINT).exists() {
            integrator.publish()?;
        }
        Ok(reached)
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, LedgerError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
