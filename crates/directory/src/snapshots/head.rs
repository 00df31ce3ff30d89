//! What stands in clear before a snapshot: which key seals it, and what it knows of.
//!
//! A hash under the vault's own key ends it, so that nobody who can write to the data folder can name a key there
//! that is then destroyed, or a position that the pieces were not sealed for.

use projections::{ChildRecord, ReadModel};
use vault::{Purpose, Vault};
use vocabulary::{KeyId, Position};

/// How children become entries, and how files are laid out. To be raised with every change of `entry.rs`, or of the
/// head and the pieces: what was kept by the old way is made anew.
pub(super) const MADE: u32 = 1;

const MAGIC: [u8; 8] = *b"cp-snaps";

/// Room for the name of the model whose rows the entries were made of.
const MODEL_BYTES: usize = 32;

const HASH_BYTES: usize = 16;

/// Bytes of a head.
pub(super) const HEAD_BYTES: usize = 104 + HASH_BYTES;

/// The head of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) made: u32,
    pub(super) model: [u8; MODEL_BYTES],
    pub(super) generation: u32,
    /// Seals this generation and nothing else.
    pub(super) key: KeyId,
    /// Every record of a child up to here is known, and none after it.
    pub(super) position: Position,
    /// The leaf hash of the record at that position.
    pub(super) record: [u8; 32],
    pub(super) children: u64,
}

impl Head {
    /// The name of today's model.
    pub(super) fn model() -> [u8; MODEL_BYTES] {
        let mut model = [0; MODEL_BYTES];
        model.iter_mut().zip(ChildRecord::NAME.bytes()).for_each(|(place, byte)| *place = byte);
        model
    }

    /// Tells whether this version makes the same of the same children.
    pub(super) fn is_of_this_version(&self) -> bool {
        self.made == MADE && self.model == Head::model()
    }

    pub(super) fn write(&self, vault: &Vault) -> [u8; HEAD_BYTES] {
        let parts: [&[u8]; 9] = [
            &MAGIC,
            &self.made.to_le_bytes(),
            &self.generation.to_le_bytes(),
            &self.key.pool.to_le_bytes(),
            &self.key.slot.to_le_bytes(),
            &self.position.0.to_le_bytes(),
            &self.record,
            &self.children.to_le_bytes(),
            &self.model,
        ];
        let mut told = parts.concat();
        told.extend_from_slice(&vault.keyed_hash(Purpose::Snapshot, &[&told]));
        let mut bytes = [0; HEAD_BYTES];
        bytes.iter_mut().zip(told).for_each(|(place, byte)| *place = byte);
        bytes
    }

    /// Reads a head; `None` where this vault's directory did not write it.
    pub(super) fn read(bytes: &[u8; HEAD_BYTES], vault: &Vault) -> Option<Head> {
        let (mut told, hash) = bytes.split_last_chunk::<HASH_BYTES>()?;
        if vault.keyed_hash(Purpose::Snapshot, &[told]) != *hash || take(&mut told)? != MAGIC {
            return None;
        }
        Some(Head {
            made: u32::from_le_bytes(take(&mut told)?),
            generation: u32::from_le_bytes(take(&mut told)?),
            key: KeyId {
                pool: u32::from_le_bytes(take(&mut told)?),
                slot: u32::from_le_bytes(take(&mut told)?),
            },
            position: Position(u64::from_le_bytes(take(&mut told)?)),
            record: take(&mut told)?,
            children: u64::from_le_bytes(take(&mut told)?),
            model: take(&mut told)?,
        })
    }

    /// What every piece is bound to beside its number.
    pub(super) fn hash(bytes: &[u8; HEAD_BYTES]) -> [u8; HASH_BYTES] {
        bytes.last_chunk().copied().unwrap_or_default()
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}
