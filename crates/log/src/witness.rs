//! What a witness says to a new checkpoint: pure, from what it was sent and the newest one it has cosigned.
//!
//! Source: C2SP tlog-witness. The witness keeps, for each log it follows, the newest checkpoint it cosigned, durably
//! and before it answers; so it never cosigns two roots of one size, and never goes back.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    leaf::Hash,
    merkle,
    note::VerifierKey,
};

/// Most nodes of a consistency proof (C2SP tlog-witness).
const NODES_MAX: usize = 63;

/// Why a checkpoint is not cosigned; each has a status of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCosigned {
    /// 400: the request is not an old size, a proof, an empty line and a checkpoint.
    #[error("the request is not an old size, a consistency proof, an empty line and a checkpoint")]
    Form,
    /// 404: no log of this name is followed.
    #[error("no log of this name is followed")]
    UnknownLog,
    /// 403: none of the signatures is by the log's key.
    #[error("the checkpoint is not signed by its log")]
    Unsigned,
    /// 409: another checkpoint was cosigned last; this is its size.
    #[error("the newest checkpoint that was cosigned has {0} records")]
    Conflict(u64),
    /// 422: the proof does not lead from the last checkpoint to this one.
    #[error("the checkpoint does not continue the one that was cosigned last")]
    Unproven,
}

/// A request to cosign, taken apart and not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission<'r> {
    /// The size that the log believes was cosigned last.
    pub old: u64,
    /// From that size to the new one.
    pub proof: Vec<Hash>,
    /// The new checkpoint, a signed note.
    pub note: &'r str,
}

impl<'r> Submission<'r> {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// `Form`.
    pub fn read(body: &'r str) -> Result<Submission<'r>, NotCosigned> {
        let (head, note) = body.split_once("\n\n").ok_or(NotCosigned::Form)?;
        let mut lines = head.lines();
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or(NotCosigned::Form)?;
        let plain = old == "0" || !old.is_empty() && !old.starts_with(['0', '+']);
        let old = old.parse().ok().filter(|_| plain).ok_or(NotCosigned::Form)?;
        let read = |line: &str| STANDARD.decode(line).ok()?.try_into().ok();
        let proof: Option<Vec<Hash>> = lines.map(read).collect();
        let proof = proof.filter(|nodes| nodes.len() <= NODES_MAX).ok_or(NotCosigned::Form)?;
        Ok(Submission { old, proof, note })
    }

    /// Writes the body of a request.
    pub fn written(&self) -> String {
        let mut body = format!("old {}\n", self.old);
        for node in &self.proof {
            body.push_str(&STANDARD.encode(node));
            body.push('\n');
        }
        body + "\n" + self.note
    }

    /// The name of the log, as the checkpoint says it.
    pub fn origin(&self) -> Option<&str> {
        self.note.lines().next()
    }

    /// Judges whether the checkpoint may be cosigned; answers it.
    ///
    /// `last` is the newest that this witness has cosigned of this log.
    ///
    /// # Errors
    /// In the order of the protocol: `UnknownLog`, `Unsigned`, `Form`, `Conflict`, `Unproven`.
    pub fn judged(&self, logs: &[VerifierKey], last: Option<&Checkpoint>) -> Result<Checkpoint, NotCosigned> {
        let mut of_origin = logs.iter().filter(|key| Some(key.name()) == self.origin()).peekable();
        if of_origin.peek().is_none() {
            return Err(NotCosigned::UnknownLog);
        }
        let mut verdict = NotCosigned::Unsigned;
        let opened = of_origin.find_map(|key| match Checkpoint::open(self.note, key) {
            Ok(checkpoint) => Some(checkpoint),
            Err(CheckpointError::Form) => {
                verdict = NotCosigned::Form;
                None
            }
            Err(CheckpointError::Note(_) | CheckpointError::Origin) => None,
        });
        let checkpoint = opened.ok_or(verdict)?;
        let (size, root) = last.map_or((0, merkle::empty_root()), |last| (last.size, last.root));
        if self.old > checkpoint.size {
            return Err(NotCosigned::Form);
        }
        if self.old != size || (size == checkpoint.size && last.is_some() && root != checkpoint.root) {
            return Err(NotCosigned::Conflict(size));
        }
        if merkle::continues(size, &root, checkpoint.size, &checkpoint.root, &self.proof) {
            Ok(checkpoint)
        } else {
            Err(NotCosigned::Unproven)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        disk::MemoryDisk,
        merkle::{consistency_proof, leaf_hash},
        note::SigningKey,
        tiles::{Edge, Tiles},
    };
    use std::sync::Arc;

    const ORIGIN: &str = "invented.example/log";

    /// A log whose records are the numbers up to a size, of which those from `other` on are others.
    struct Log {
        tiles: Tiles,
        key: SigningKey,
        other: u64,
    }

    impl Log {
        fn new(other: u64) -> Log {
            let key = SigningKey::from_seed(ORIGIN, [7; 32]).unwrap();
            Log { tiles: Tiles::new(Arc::new(MemoryDisk::new())), key, other }
        }

        fn at(&self, size: u64) -> Checkpoint {
            let mut edge = Edge::new();
            for number in 0..size {
                let leaf = leaf_hash(&(number + u64::from(number >= self.other) * 1_000).to_be_bytes());
                edge.push(leaf, &mut |name, hashes| self.tiles.write(name, hashes)).unwrap();
            }
            for (name, hashes) in edge.partial() {
                self.tiles.write(name, hashes).unwrap();
            }
            Checkpoint { origin: ORIGIN.to_owned(), size, root: edge.root() }
        }

        fn submitted(&self, old: u64, new: u64) -> String {
            let note = self.at(new).sign(&self.key);
            let proof = consistency_proof(&self.tiles.tree(new), old, new).unwrap();
            Submission { old, proof, note: &note }.written()
        }
    }

    fn judged(body: &str, last: Option<&Checkpoint>) -> Result<Checkpoint, NotCosigned> {
        let known = [SigningKey::from_seed(ORIGIN, [7; 32]).unwrap().verifier().clone()];
        Submission::read(body)?.judged(&known, last)
    }

    #[test]
    fn a_log_that_goes_on_is_cosigned_from_each_size_to_each() {
        let log = Log::new(u64::MAX);
        for new in [0, 1, 2, 7, 8, 40, 300] {
            assert_eq!(judged(&log.submitted(0, new), None).unwrap(), log.at(new));
            for old in [1, 2, 7, 8, 40].into_iter().filter(|old| *old <= new) {
                assert_eq!(
                    judged(&log.submitted(old, new), Some(&log.at(old))).unwrap(),
                    log.at(new),
                    "{old} {new}"
                );
            }
        }
    }

    #[test]
    fn a_fork_a_rollback_and_a_second_root_of_one_size_are_never_cosigned() {
        let (log, fork) = (Log::new(u64::MAX), Log::new(5));
        let last = log.at(8);
        assert_eq!(judged(&fork.submitted(8, 40), Some(&last)), Err(NotCosigned::Unproven));
        assert_eq!(judged(&fork.submitted(8, 8), Some(&last)), Err(NotCosigned::Conflict(8)));
        assert_eq!(judged(&log.submitted(0, 7), Some(&last)), Err(NotCosigned::Conflict(8)));
        assert_eq!(judged(&fork.submitted(0, 40), Some(&last)), Err(NotCosigned::Conflict(8)));
        assert_eq!(judged(&log.submitted(8, 8), Some(&last)).unwrap(), last, "the same again is the same");
    }

    #[test]
    fn what_is_not_of_the_form_or_not_of_a_log_that_is_followed_is_told_as_such() {
        let log = Log::new(u64::MAX);
        let body = log.submitted(0, 3);
        for wrong in ["", "old 0", "old 00\n\nx", "old -1\n\nx", "new 1\n\nx", "old 0\nnothing\n\nx"] {
            assert_eq!(judged(wrong, None), Err(NotCosigned::Form), "{wrong:?}");
        }
        assert_eq!(judged(&body.replace(ORIGIN, "other.example/log"), None), Err(NotCosigned::UnknownLog));
        assert_eq!(judged(&body.replace("\n3\n", "\n4\n"), None), Err(NotCosigned::Unsigned));
        let longer = format!("old 0\n{}\n{}", "AAAA\n".repeat(64), "x");
        assert_eq!(judged(&longer, None), Err(NotCosigned::Form));
        let older = log.submitted(0, 3).replacen("old 0", "old 5", 1);
        assert_eq!(
            judged(&older, Some(&log.at(5))),
            Err(NotCosigned::Form),
            "smaller than what it goes on from"
        );
    }
}
