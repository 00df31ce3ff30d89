//! The hash tree over the records: roots, proofs and their checks.
//!
//! Source: RFC 6962 section 2.1 and RFC 9162 section 2.1.

use sha2::{Digest, Sha256};

use crate::leaf::Hash;

/// Hash of a leaf: SHA-256(0x00 ‖ data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(data);
    hasher.finalize().into()
}

/// Hash of a node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// Root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Hashes of whole subtrees, wherever they are kept.
pub trait Nodes {
    /// Why a node could not be read.
    type Error;

    /// Hash of the whole subtree over the leaves `index << height` to `(index + 1) << height`, end excluded.
    ///
    /// # Errors
    /// As the keeper fails; a node that was never written is an error too.
    fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Root over the leaves `from` to `to`, end excluded; `from` is a multiple of the range's whole subtrees.
///
/// # Errors
/// As [`Nodes::node`].
pub fn range_root<N: Nodes>(nodes: &N, from: u64, to: u64) -> Result<Hash, N::Error> {
    let count = to - from;
    if count == 0 {
        return Ok(empty_root());
    }
    if count.is_power_of_two() {
        return nodes.node(count.trailing_zeros(), from >> count.trailing_zeros());
    }
    let middle = from + largest_power_below(count);
    Ok(node_hash(&range_root(nodes, from, middle)?, &range_root(nodes, middle, to)?))
}

/// Proof that the leaf at `index` is in the tree of `size` leaves, nearest sibling first.
///
/// # Errors
/// As [`Nodes::node`].
pub fn inclusion_proof<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let middle = from + largest_power_below(to - from);
        if index < middle {
            proof.push(range_root(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range_root(nodes, from, middle)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proof that the tree of `old` leaves is the beginning of the tree of `new`; empty where `old` is 0 or `new`.
///
/// # Errors
/// As [`Nodes::node`].
pub fn consistency_proof<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    if old == 0 || old >= new {
        return Ok(Vec::new());
    }
    let (mut from, mut to) = (0, new);
    let mut proof = Vec::new();
    while to != old {
        let middle = from + largest_power_below(to - from);
        if old <= middle {
            proof.push(range_root(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range_root(nodes, from, middle)?);
            from = middle;
        }
    }
    if from != 0 {
        // The old root is not itself a node of the new tree, so the checker needs its last whole part.
        proof.push(range_root(nodes, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that `leaf` is the leaf at `index` of the tree with this size and root (RFC 9162, 2.1.3.2).
pub fn includes(root: &Hash, size: u64, index: u64, leaf: &Hash, proof: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new` (RFC 9162, 2.1.4.2).
pub fn continues(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    let mut rest = proof.iter();
    // Where the old size is a power of two, its root is a node of the new tree and is not sent.
    let first = if old.is_power_of_two() { Some(old_root) } else { rest.next() };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            of_old = node_hash(sibling, &of_old);
            of_new = node_hash(sibling, &of_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node_hash(&of_new, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}

/// The largest power of two below `count`, which is at least 2.
fn largest_power_below(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

#[cfg(test)]
mod spec;
