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
    integrator::{CHECKPOINT, IntegrateError, Integrator, WITNESSED},
    merkle::consistency_proof,
    note::{KeyError, SigningKey},
    tiles::Tiles,
    witness::Submission,
};
use vocabulary::Position;

use crate::{Directory, open::Folders};

/// What the ledger of a directory is called, in the first line of its checkpoints.
pub const ORIGIN: &str = "contactpoint.example/log";

/// File in the keys folder that signs checkpoints.
const LOG_KEY: &str = "log-key";

/// File in the data folder that says how to check them; public.
const VERIFIER: &str = "log-key.pub";

/// Records taken into the tree at once.
const BUDGET: u32 = 10_000;

/// The tree beside a log.
pub struct Ledger {
    integrator: Mutex<Integrator>,
    folder: PathBuf,
    verifier: String,
    witnesses: Vec<CosignerKey>,
    /// Held while cosignatures are put beside those that are kept.
    keeping: Mutex<()>,
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
        let (integrator, keeping) = (Mutex::new(integrator), Mutex::new(()));
        Ok(Ledger { integrator, folder, verifier, witnesses: Vec::new(), keeping })
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

    /// The newest signed checkpoint and its size, whoever has cosigned it.
    ///
    /// # Errors
    /// `Io`.
    pub fn newest(&self) -> Result<Option<(u64, String)>, LedgerError> {
        let note = self.note(CHECKPOINT)?;
        Ok(note.and_then(|note| Some((Checkpoint::parse(&note)?.size, note))))
    }

    /// What a witness is sent that has cosigned `old` records last, to cosign this checkpoint.
    ///
    /// # Errors
    /// `Io`: a tile could not be read.
    pub fn submission(&self, old: u64, note: &str) -> Result<String, LedgerError> {
        // Held, so that no narrower tile goes while it is read.
        let integrator = self.integrator.lock().unwrap_or_else(PoisonError::into_inner);
        let size = Checkpoint::parse(note).map_or(0, |checkpoint| checkpoint.size);
        let proof = consistency_proof(&integrator.tiles().tree(size), old, size)?;
        Ok(Submission { old, proof, note }.written())
    }

    /// Keeps what witnesses said of a checkpoint, beside what others said of the same one; lines that are none of
    /// theirs are left out, and what is kept of a newer one stays.
    ///
    /// # Errors
    /// `Io`.
    pub fn keep_cosignatures(&self, note: &str, lines: &str) -> Result<(), LedgerError> {
        let _alone = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = self.witnessed()?.unwrap_or_default();
        let size = |text: &str| Checkpoint::parse(text).map(|checkpoint| checkpoint.size);
        if size(&kept) > size(note) {
            return Ok(());
        }
        let before = kept.strip_prefix(note).unwrap_or_default();
        let whole = cosigned_note(note, &format!("{before}{lines}"), &self.witnesses);
        if whole.len() > note.len() {
            replace(&RealDisk::new(&self.folder), WITNESSED, whole.as_bytes())?;
        }
        Ok(())
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

    /// Each of today's witnesses by its name, with the size of the newest cosigned checkpoint where it cosigned that one.
    ///
    /// # Errors
    /// `Io`.
    pub fn witnesses(&self) -> Result<Vec<(&str, Option<u64>)>, LedgerError> {
        let kept = self.witnessed()?.unwrap_or_default();
        let size = Checkpoint::parse(&kept).map(|checkpoint| checkpoint.size);
        let told = self.witnesses.iter().map(|witness| {
            let cosigned = matches!(witness.cosigned(&kept), Ok(Some(_)));
            (witness.name(), size.filter(|_| cosigned))
        });
        Ok(told.collect())
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

#[cfg(test)]
mod tests {
    use event_log::cosignature::{CosigningKey, signed_by_these_alone};

    use super::*;

    #[test]
    fn what_several_witnesses_say_of_one_checkpoint_is_kept_together_and_of_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::beside(&folder.path().join("data"));
        std::fs::create_dir_all(&folders.keys).unwrap();
        std::fs::create_dir_all(&folders.data).unwrap();
        let drawn = |name: &str| CosigningKey::generate(name).unwrap();
        let (one, other, stranger) = (drawn("a.example/w"), drawn("b.example/w"), drawn("c.example/w"));
        let witnesses = vec![one.cosigner(), other.cosigner()];
        let ledger = Ledger::open(&folders).unwrap().witnessed_by(witnesses.clone());
        ledger.integrator.lock().unwrap().publish().unwrap();
        let (_, note) = ledger.newest().unwrap().unwrap();
        assert!(!ledger.is_witnessed(Position(0)).unwrap());
        assert_eq!(ledger.witnesses().unwrap(), [("a.example/w", None), ("b.example/w", None)]);
        for (key, seconds) in [(&stranger, 1), (&one, 2), (&other, 3), (&one, 4)] {
            ledger.keep_cosignatures(&note, &key.cosign(&note, seconds).unwrap()).unwrap();
        }
        let kept = ledger.checkpoint().unwrap().unwrap();
        assert_eq!(ledger.cosigners_of(&kept).len(), 2);
        assert_eq!(ledger.witnesses().unwrap(), [("a.example/w", Some(0)), ("b.example/w", Some(0))]);
        let log = event_log::note::VerifierKey::parse(ledger.verifier()).unwrap();
        assert!(signed_by_these_alone(&kept, &log, &witnesses), "{kept}");
        // Whoever is a witness no longer is left out of what is served.
        let fewer = Ledger::open(&folders).unwrap().witnessed_by(vec![other.cosigner()]);
        assert_eq!(fewer.cosigners_of(&fewer.checkpoint().unwrap().unwrap()), [other.cosigner().to_string()]);
    }
}
