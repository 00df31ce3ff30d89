//! Signed notes and the keys that sign them.
//!
//! Source: C2SP signed-note; the forms of keys are those of Go's `sumdb/note`. Signatures are Ed25519.

use std::{fmt, io, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use aws_lc_rs::{
    rand::{SecureRandom, SystemRandom},
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Number of Ed25519 in signed notes.
pub(crate) const ALGORITHM: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";
/// Begins each line of a signature: an em dash and a space.
pub(crate) const SIGNATURE: &str = "\u{2014} ";

/// Signs notes under a name.
pub struct SigningKey {
    seed: [u8; 32],
    pair: Ed25519KeyPair,
    verifier: VerifierKey,
}

/// Checks the notes signed under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: u8,
    id: [u8; 4],
    public: [u8; 32],
}

/// Why a key could not be made, read or kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The name is empty or has a space, a plus sign or a control character.
    #[error("a key's name has no space, plus sign or control character and is not empty")]
    Name,
    /// The text is no key of this form.
    #[error("the text is not a key of the form name+hash+base64")]
    Form,
    /// The source of randomness failed.
    #[error("the system gave no randomness")]
    Randomness,
    /// The key's file could not be read or written.
    #[error("the key's file could not be read or written")]
    File(#[from] io::Error),
}

/// Why a note is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not a text followed by an empty line and signatures.
    #[error("the note is not a text followed by signatures")]
    Form,
    /// None of its signatures is by the key asked for.
    #[error("the note has no signature by this key")]
    Unsigned,
    /// The signature by the key asked for is not over this text.
    #[error("the note's signature does not fit its text")]
    Signature,
}

impl fmt::Debug for SigningKey {
    /// Shows the public half only.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SigningKey").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Draws a new key for `name`.
    ///
    /// # Errors
    /// `Name`, `Randomness`.
    pub fn generate(name: &str) -> Result<SigningKey, KeyError> {
        SigningKey::drawn(name, ALGORITHM)
    }

    /// Draws a new key for signatures of this algorithm.
    pub(crate) fn drawn(name: &str, algorithm: u8) -> Result<SigningKey, KeyError> {
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).map_err(|_unspecified| KeyError::Randomness)?;
        SigningKey::of_seed(name, seed, algorithm)
    }

    /// The key with this name and seed.
    ///
    /// # Errors
    /// `Name`; `Form` for a seed that makes no key.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<SigningKey, KeyError> {
        SigningKey::of_seed(name, seed, ALGORITHM)
    }

    pub(crate) fn of_seed(name: &str, seed: [u8; 32], algorithm: u8) -> Result<SigningKey, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_rejected| KeyError::Form)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Form)?;
        Ok(SigningKey { seed, pair, verifier: VerifierKey::new(name, public, algorithm)? })
    }

    /// Keeps the key in a new file that only its owner reads.
    ///
    /// # Errors
    /// `File`; a file that is already there is never overwritten.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let (name, id) = (&self.verifier.name, hexadecimal(self.verifier.id));
        let key = STANDARD.encode(with_algorithm(self.verifier.algorithm, &self.seed));
        writeln!(file, "{PRIVATE}{name}+{id}+{key}")?;
        file.sync_all()?;
        match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => std::fs::File::open(folder)?.sync_all()?,
            None => std::fs::File::open(".")?.sync_all()?,
        }
        Ok(())
    }

    /// Reads a key that [`SigningKey::save`] kept.
    ///
    /// # Errors
    /// `File`, `Form`.
    pub fn load(path: &Path) -> Result<SigningKey, KeyError> {
        SigningKey::loaded(path, ALGORITHM)
    }

    pub(crate) fn loaded(path: &Path, algorithm: u8) -> Result<SigningKey, KeyError> {
        let text = std::fs::read_to_string(path)?;
        let kept = text.trim_end().strip_prefix(PRIVATE).ok_or(KeyError::Form)?;
        let (name, id, seed) = parts(kept, algorithm)?;
        let key = SigningKey::of_seed(name, seed, algorithm)?;
        if key.verifier.id == id { Ok(key) } else { Err(KeyError::Form) }
    }

    /// The key that checks what this one signs.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a text, which ends with a line break; answers the whole note.
    pub fn sign(&self, text: &str) -> String {
        format!("{text}\n{}", self.verifier.line(&self.signature(text.as_bytes())))
    }

    pub(crate) fn signature(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(bytes).as_ref().to_vec()
    }
}

impl VerifierKey {
    fn new(name: &str, public: [u8; 32], algorithm: u8) -> Result<VerifierKey, KeyError> {
        let bad = |letter: char| letter == '+' || letter.is_whitespace() || letter.is_control();
        if name.is_empty() || name.contains(bad) {
            return Err(KeyError::Name);
        }
        let mut hasher = Sha256::new();
        hasher.update(name.as_bytes());
        hasher.update(b"\n");
        hasher.update(with_algorithm(algorithm, &public));
        let id = hasher.finalize().first_chunk().copied().unwrap_or_default();
        Ok(VerifierKey { name: name.to_owned(), algorithm, id, public })
    }

    /// Reads a key of the form `name+hash+base64`.
    ///
    /// # Errors
    /// `Form`, `Name`.
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        VerifierKey::read(text, ALGORITHM)
    }

    pub(crate) fn read(text: &str, algorithm: u8) -> Result<VerifierKey, KeyError> {
        let (name, id, public) = parts(text.trim(), algorithm)?;
        let key = VerifierKey::new(name, public, algorithm)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Form) }
    }

    /// The name it signs under, which is the origin of a log's checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checks a note; answers the text that was signed.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = split(note)?;
        let mut verdict = NoteError::Unsigned;
        for line in signatures.lines() {
            let signature = Signature::read(line)?;
            if !self.signed(&signature) {
                continue;
            }
            if self.verifies(text.as_bytes(), &signature.bytes) {
                return Ok(text);
            }
            verdict = NoteError::Signature;
        }
        Err(verdict)
    }

    /// Whether a line says that it is this key's.
    pub(crate) fn signed(&self, signature: &Signature<'_>) -> bool {
        signature.name == self.name && signature.id == self.id
    }

    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.public).verify(text, signature).is_ok()
    }

    /// Writes a line of a signature by this key.
    pub(crate) fn line(&self, signature: &[u8]) -> String {
        let mut signed = self.id.to_vec();
        signed.extend_from_slice(signature);
        format!("{SIGNATURE}{} {}\n", self.name, STANDARD.encode(signed))
    }
}

/// A line of a signature, taken apart and not believed.
pub(crate) struct Signature<'n> {
    pub(crate) name: &'n str,
    pub(crate) id: [u8; 4],
    /// What stands behind the id of the key.
    pub(crate) bytes: Vec<u8>,
}

impl<'n> Signature<'n> {
    pub(crate) fn read(line: &'n str) -> Result<Signature<'n>, NoteError> {
        let (name, signature) =
            line.strip_prefix(SIGNATURE).and_then(|rest| rest.rsplit_once(' ')).ok_or(NoteError::Form)?;
        let signature = STANDARD.decode(signature).map_err(|_| NoteError::Form)?;
        let (id, bytes) = signature.split_first_chunk::<4>().ok_or(NoteError::Form)?;
        Ok(Signature { name, id: *id, bytes: bytes.to_vec() })
    }
}

/// The text of a note, with its last line break, and the lines of its signatures.
pub(crate) fn split(note: &str) -> Result<(&str, &str), NoteError> {
    let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
    Ok((note.get(..=text.len()).ok_or(NoteError::Form)?, signatures))
}

impl fmt::Display for VerifierKey {
    /// Writes the form `name+hash+base64`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode(with_algorithm(self.algorithm, &self.public));
        write!(out, "{}+{}+{key}", self.name, hexadecimal(self.id))
    }
}

fn with_algorithm(algorithm: u8, key: &[u8; 32]) -> [u8; 33] {
    let mut data = [algorithm; 33];
    if let Some(place) = data.last_chunk_mut::<32>() {
        *place = *key;
    }
    data
}

/// Name, id and key of a text of the form `name+hash+base64`.
fn parts(text: &str, wanted: u8) -> Result<(&str, [u8; 4], [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    let id = Some(id).filter(|id| id.len() == 8).and_then(|id| u32::from_str_radix(id, 16).ok());
    let key = STANDARD.decode(key).map_err(|_| KeyError::Form)?;
    let (algorithm, key) = key.split_first().ok_or(KeyError::Form)?;
    let key = key.try_into().map_err(|_| KeyError::Form)?;
    match id {
        Some(id) if *algorithm == wanted => Ok((name, id.to_be_bytes(), key)),
        Some(_) | None => Err(KeyError::Form),
    }
}

fn hexadecimal(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's package documentation.
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_example_of_the_format_is_believed_and_nothing_else() {
        let key = VerifierKey::parse(PUBLIC).unwrap();
        assert_eq!(key.to_string(), PUBLIC);
        assert!(key.open(NOTE).unwrap().ends_with("problem is.\n"));
        assert_eq!(key.open(&NOTE.replace("answer", "cause")), Err(NoteError::Signature));
        assert_eq!(key.open("no signature\n"), Err(NoteError::Form));
        let other = SigningKey::generate("invented.example/log").unwrap();
        assert_eq!(other.verifier().open(NOTE), Err(NoteError::Unsigned));
    }

    #[test]
    fn a_key_that_was_kept_signs_the_same_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.key");
        let key = SigningKey::generate("invented.example/log").unwrap();
        key.save(&path).unwrap();
        let again = SigningKey::load(&path).unwrap();
        assert_eq!(again.sign("text\n"), key.sign("text\n"));
        assert_eq!(VerifierKey::parse(&key.verifier().to_string()).unwrap(), *key.verifier());
        assert!(matches!(key.save(&path), Err(KeyError::File(_))));
    }

    #[test]
    fn a_name_that_would_not_survive_a_note_is_refused() {
        for name in ["", "two words", "a+b", "a\nb"] {
            assert!(matches!(SigningKey::generate(name), Err(KeyError::Name)), "{name:?}");
        }
    }
}
