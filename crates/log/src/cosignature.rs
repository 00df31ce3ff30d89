//! Cosignatures: what a witness says of a checkpoint, and the keys that say it.
//!
//! A witness signs that at some moment this was the newest checkpoint of the log that it had seen, and that it went
//! on from every one it had signed before. Source: C2SP tlog-cosignature, version 1 (Ed25519 with a timestamp).

use std::{fmt, path::Path};

use crate::{
    checkpoint::Checkpoint,
    note::{KeyError, NoteError, Signature, SigningKey, VerifierKey, split},
};

/// Number of timestamped Ed25519 cosignatures in signed notes.
const ALGORITHM: u8 = 4;
/// Bytes of the time before the signature, in seconds since 1970, big end first.
const TIME_BYTES: usize = 8;

/// Cosigns checkpoints under the name of a witness.
#[derive(Debug)]
pub struct CosigningKey(SigningKey);

/// Checks the cosignatures of a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignerKey(VerifierKey);

impl CosigningKey {
    /// Draws a new key for a witness of this name.
    ///
    /// # Errors
    /// `Name`, `Randomness`.
    pub fn generate(name: &str) -> Result<CosigningKey, KeyError> {
        SigningKey::drawn(name, ALGORITHM).map(CosigningKey)
    }

    /// The key with this name and seed.
    ///
    /// # Errors
    /// `Name`; `Form` for a seed that makes no key.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<CosigningKey, KeyError> {
        SigningKey::of_seed(name, seed, ALGORITHM).map(CosigningKey)
    }

    /// Reads a key that [`CosigningKey::save`] kept.
    ///
    /// # Errors
    /// `File`, `Form`.
    pub fn load(path: &Path) -> Result<CosigningKey, KeyError> {
        SigningKey::loaded(path, ALGORITHM).map(CosigningKey)
    }

    /// Keeps the key in a file that only its owner may read, durably.
    ///
    /// # Errors
    /// `File`; a file that is already there is never overwritten.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        self.0.save(path)
    }

    /// The key that checks what this one signs.
    pub fn cosigner(&self) -> CosignerKey {
        CosignerKey(self.0.verifier().clone())
    }

    /// Cosigns the text of a checkpoint at a moment, in seconds since 1970; answers the line, line break included.
    ///
    /// # Errors
    /// `Form`: the note is no text followed by signatures.
    pub fn cosign(&self, note: &str, seconds: u64) -> Result<String, NoteError> {
        let (text, _) = split(note)?;
        let mut signed = seconds.to_be_bytes().to_vec();
        signed.extend_from_slice(&self.0.signature(message(text, seconds).as_bytes()));
        Ok(self.0.verifier().line(&signed))
    }
}

impl CosignerKey {
    /// Reads a key of the form `name+hash+base64`.
    ///
    /// # Errors
    /// `Form`, `Name`.
    pub fn parse(text: &str) -> Result<CosignerKey, KeyError> {
        VerifierKey::read(text, ALGORITHM).map(CosignerKey)
    }

    /// The witness's name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// When this witness cosigned the checkpoint, in seconds since 1970; `None` where it did not.
    ///
    /// # Errors
    /// `Form`: the note is none. `Signature`: a line that says to be this witness's is not.
    pub fn cosigned(&self, note: &str) -> Result<Option<u64>, NoteError> {
        let (text, signatures) = split(note)?;
        for line in signatures.lines() {
            let signature = Signature::read(line)?;
            if self.0.signed(&signature) {
                let (time, bytes) =
                    signature.bytes.split_first_chunk::<TIME_BYTES>().ok_or(NoteError::Signature)?;
                let seconds = u64::from_be_bytes(*time);
                let fits = self.0.verifies(message(text, seconds).as_bytes(), bytes);
                return if fits { Ok(Some(seconds)) } else { Err(NoteError::Signature) };
            }
        }
        Ok(None)
    }
}

impl fmt::Display for CosignerKey {
    /// Writes the form `name+hash+base64`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Puts the lines of cosignatures behind a signed checkpoint, the first by each of these witnesses that holds.
pub fn cosigned_note(note: &str, lines: &str, witnesses: &[CosignerKey]) -> String {
    let mut whole = note.to_owned();
    for line in lines.lines() {
        let one = format!("{note}{line}\n");
        let holds = |witness: &CosignerKey| {
            Signature::read(line).is_ok_and(|signature| witness.0.signed(&signature))
                && matches!(witness.cosigned(&one), Ok(Some(_)))
                && matches!(witness.cosigned(&whole), Ok(None))
        };
        if witnesses.iter().any(holds) {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole
}

/// Whether every line of a signature is the log's or one of these witnesses', and all of them hold.
pub fn signed_by_these_alone(note: &str, log: &VerifierKey, witnesses: &[CosignerKey]) -> bool {
    let Ok((_, signatures)) = split(note) else { return false };
    let mut seen = Vec::new();
    for line in signatures.lines() {
        let Ok(signature) = Signature::read(line) else { return false };
        let known = log.signed(&signature) || witnesses.iter().any(|witness| witness.0.signed(&signature));
        if !known || seen.contains(&(signature.name, signature.id)) {
            return false;
        }
        seen.push((signature.name, signature.id));
    }
    let written = signatures.ends_with('\n') && !signatures.contains('\r');
    let hold = |witness: &CosignerKey| matches!(witness.cosigned(note), Ok(Some(_)));
    written && Checkpoint::open(note, log).is_ok() && witnesses.iter().all(hold)
}

/// What a cosignature is over.
fn message(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (SigningKey, String) {
        let key = SigningKey::from_seed("invented.example/log", [7; 32]).unwrap();
        let checkpoint = Checkpoint { origin: "invented.example/log".to_owned(), size: 12, root: [7; 32] };
        let note = checkpoint.sign(&key);
        (key, note)
    }

    #[test]
    fn a_witness_says_when_it_saw_a_checkpoint_and_nothing_of_another() {
        let (log, note) = signed();
        let witness = CosigningKey::from_seed("witness.example/w1", [8; 32]).unwrap();
        let key = CosignerKey::parse(&witness.cosigner().to_string()).unwrap();
        assert_eq!(key.cosigned(&note), Ok(None));
        let line = witness.cosign(&note, 1_800_000_000).unwrap();
        let whole = cosigned_note(&note, &line, std::slice::from_ref(&key));
        assert_eq!(key.cosigned(&whole), Ok(Some(1_800_000_000)));
        assert!(Checkpoint::open(&whole, log.verifier()).is_ok(), "the log's own signature stands beside it");
        assert!(signed_by_these_alone(&whole, log.verifier(), std::slice::from_ref(&key)));
        let again = witness.cosign(&note, 1_800_000_001).unwrap();
        assert_eq!(cosigned_note(&note, &format!("{line}{again}"), std::slice::from_ref(&key)), whole);
        assert!(!signed_by_these_alone(&whole, log.verifier(), &[]));
        assert!(!signed_by_these_alone(&note, log.verifier(), std::slice::from_ref(&key)));
        let other = whole.replace("\n12\n", "\n13\n");
        assert_eq!(key.cosigned(&other), Err(NoteError::Signature));
    }

    #[test]
    fn a_line_by_somebody_else_or_that_does_not_hold_is_left_out() {
        let (_, note) = signed();
        let witness = CosigningKey::from_seed("witness.example/w1", [8; 32]).unwrap();
        let impostor = CosigningKey::from_seed("witness.example/w1", [9; 32]).unwrap();
        let key = witness.cosigner();
        let foreign = impostor.cosign(&note, 1).unwrap();
        assert_eq!(cosigned_note(&note, &foreign, std::slice::from_ref(&key)), note);
        let elsewhere = witness.cosign(&note.replace("\n12\n", "\n13\n"), 1).unwrap();
        assert_eq!(cosigned_note(&note, &elsewhere, std::slice::from_ref(&key)), note);
        assert_eq!(cosigned_note(&note, "no line of a signature\n", &[key]), note);
    }

    #[test]
    fn the_keys_of_logs_and_witnesses_are_not_taken_for_one_another() {
        let (log, _) = signed();
        let witness = CosigningKey::generate("witness.example/w1").unwrap();
        assert!(CosignerKey::parse(&log.verifier().to_string()).is_err());
        assert!(VerifierKey::parse(&witness.cosigner().to_string()).is_err());
    }
}
