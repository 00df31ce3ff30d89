//! A checkpoint: the log's origin, size and root, signed.
//!
//! Source: C2SP tlog-checkpoint.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    leaf::Hash,
    note::{NoteError, SigningKey, VerifierKey},
};

/// What a log says of itself at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also the name of its key.
    pub origin: String,
    /// Number of records.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Its note is not believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Its text is not an origin, a size and a root.
    #[error("the checkpoint is not an origin, a size and a root")]
    Form,
    /// It is another log's.
    #[error("the checkpoint is of another log")]
    Origin,
}

impl Checkpoint {
    /// Signs the checkpoint; answers the whole note.
    pub fn sign(&self, key: &SigningKey) -> String {
        let root = STANDARD.encode(self.root);
        key.sign(&format!("{}\n{}\n{root}\n", self.origin, self.size))
    }

    /// Reads a signed checkpoint and checks that the key's log made it.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
        let checkpoint = Checkpoint::parse(key.open(note)?).ok_or(CheckpointError::Form)?;
        if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }

    /// Reads a checkpoint without believing it: nothing is checked but its form.
    pub fn parse(text: &str) -> Option<Checkpoint> {
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let plain = size == "0" || (!size.starts_with(['0', '+']) && !size.is_empty());
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        Some(Checkpoint { origin: origin.to_owned(), size: size.parse().ok().filter(|_| plain)?, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_believed_from_its_own_log_only() {
        let key = SigningKey::generate("invented.example/log").unwrap();
        let checkpoint = Checkpoint { origin: "invented.example/log".to_owned(), size: 12, root: [7; 32] };
        let note = checkpoint.sign(&key);
        assert_eq!(Checkpoint::open(&note, key.verifier()), Ok(checkpoint.clone()));
        let changed = note.replace("\n12\n", "\n13\n");
        assert_eq!(
            Checkpoint::open(&changed, key.verifier()),
            Err(CheckpointError::Note(NoteError::Signature))
        );
        let foreign = Checkpoint { origin: "other.example/log".to_owned(), ..checkpoint }.sign(&key);
        assert_eq!(Checkpoint::open(&foreign, key.verifier()), Err(CheckpointError::Origin));
    }

    #[test]
    fn a_size_is_written_in_one_way_only() {
        for text in ["o\n+1\n", "o\n01\n", "o\n\n", "o\n-1\n", "o\n1"] {
            let root = STANDARD.encode([7; 32]);
            assert_eq!(Checkpoint::parse(&format!("{text}{root}\n")), None, "{text:?}");
        }
    }
}
