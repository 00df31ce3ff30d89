//! The Merkle leaf of a record and the chain over the leaves of the batches.
//!
//! Leaf data is SHA-256(packed header) and SHA-256(payload), 64 bytes; the leaf hash is RFC 6962's. The chain
//! is the segment files' own and serves recovery: SHA-256(chain before ‖ leaf hashes of the batch).

use sha2::{Digest, Sha256};

use crate::{Payload, header::PACKED};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Chain before the first batch of the log.
pub(crate) const CHAIN_START: Hash = [0; 32];

/// Bytes of a leaf's data.
pub const LEAF_DATA: usize = 64;

/// The data of a record's leaf, from its packed header and its payload.
pub fn data(packed: &[u8; PACKED], payload: Payload<'_>) -> [u8; LEAF_DATA] {
    let mut data = [0; LEAF_DATA];
    let (head, tail) = data.split_at_mut(32);
    head.copy_from_slice(&Sha256::digest(packed));
    tail.copy_from_slice(&payload.digest());
    data
}

/// The leaf hash of a record: SHA-256(0x00 ‖ leaf data).
pub fn hash(packed: &[u8; PACKED], payload: Payload<'_>) -> Hash {
    crate::merkle::leaf_hash(&data(packed, payload))
}

/// The chain after a batch.
pub(crate) fn chain<'a>(before: &Hash, leaves: impl Iterator<Item = &'a Hash>) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before);
    for leaf in leaves {
        hasher.update(leaf);
    }
    hasher.finalize().into()
}
