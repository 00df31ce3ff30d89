//! A row as it is stored: which key seals it, which postings lead to it, and the sealed JSON.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | the key: pool and slot, zero for none |
//! | 12 | nonce, only where there is a key |
//! | 2 | how many postings |
//! | 1 + n each | a posting with its length |
//! | rest | dictionary and sealed JSON, as the vault gives them |
//!
//! The postings stand beside the sealed part, so that they can be taken away when the row's key is gone.

use projections::{Posting, ReadModel, RowKey};
use vault::{Opened, Vault, VaultError};
use vocabulary::KeyId;

use super::RowsError;

/// Most postings of one row. A child with more open entries than that is not found by the rest.
const POSTINGS_MAX: usize = u16::MAX as usize;

/// A row read from the store and not opened yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored<'a> {
    key: KeyId,
    nonce: [u8; 12],
    postings: Vec<Posting>,
    sealed: &'a [u8],
}

impl<'a> Stored<'a> {
    /// Reads the parts; `None` when these bytes are no row.
    pub(super) fn read(mut bytes: &'a [u8]) -> Option<Stored<'a>> {
        let pool = u32::from_be_bytes(take(&mut bytes)?);
        let slot = u32::from_be_bytes(take(&mut bytes)?);
        let key = KeyId { pool, slot };
        let nonce = if key == KeyId::CLEAR { [0; 12] } else { take(&mut bytes)? };
        let count = u16::from_be_bytes(take(&mut bytes)?);
        let mut postings = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let [length] = take(&mut bytes)?;
            let (posting, rest) = bytes.split_at_checked(usize::from(length))?;
            postings.push(Posting(posting.to_vec()));
            bytes = rest;
        }
        Some(Stored { key, nonce, postings, sealed: bytes })
    }

    /// The postings that lead to the row, in order.
    pub(super) fn into_postings(self) -> Vec<Posting> {
        self.postings
    }

    /// The postings that lead to the row, in order.
    pub(super) fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// Opens the row of `M` at `key`; `None` when its key was destroyed.
    pub(super) fn open<M: ReadModel>(
        &self,
        vault: &Vault,
        key: &[u8],
        plain: &mut Vec<u8>,
    ) -> Result<Option<M::Row>, RowsError> {
        match self.open_plain::<M>(vault, key, plain)? {
            Opened::Erased => Ok(None),
            Opened::Plain => {
                serde_json::from_slice(plain).map(Some).map_err(|_| RowsError::Unreadable { model: M::NAME })
            }
        }
    }

    /// Opens the row of `M` at `key` as the JSON that was sealed.
    pub(super) fn open_plain<M: ReadModel>(
        &self,
        vault: &Vault,
        key: &[u8],
        plain: &mut Vec<u8>,
    ) -> Result<Opened, RowsError> {
        vault.open_row(self.key, self.nonce, &binds::<M>(key), self.sealed, plain).map_err(vault_error::<M>)
    }
}

/// A row to be stored, with its postings in order.
pub(super) struct Sealing<'a, M: ReadModel> {
    /// What the row is found by.
    pub(super) key: &'a M::Key,
    /// What it says.
    pub(super) row: &'a M::Row,
    /// The key that seals it.
    pub(super) under: KeyId,
}

impl<M: ReadModel> Sealing<'_, M> {
    /// The postings of the row, in order, each once.
    pub(super) fn postings(&self) -> Vec<Posting> {
        let mut postings = M::postings(self.key, self.row);
        postings.sort_unstable();
        postings.dedup();
        postings.truncate(POSTINGS_MAX);
        postings
    }

    /// The bytes to store; `None` when the key was destroyed, so that there is nothing to keep.
    ///
    /// `nonce` is random and used once; `plain` is room for the row as it is sealed.
    pub(super) fn write(
        &self,
        vault: &Vault,
        nonce: [u8; 12],
        postings: &[Posting],
        plain: &mut Vec<u8>,
    ) -> Result<Option<Vec<u8>>, RowsError> {
        plain.clear();
        serde_json::to_writer(&mut *plain, self.row)
            .map_err(|source| RowsError::Unwritable { model: M::NAME, source })?;
        let mut bytes = Vec::with_capacity(64 + plain.len());
        bytes.extend_from_slice(&self.under.pool.to_be_bytes());
        bytes.extend_from_slice(&self.under.slot.to_be_bytes());
        if self.under != KeyId::CLEAR {
            bytes.extend_from_slice(&nonce);
        }
        bytes.extend_from_slice(&u16::try_from(postings.len()).unwrap_or(u16::MAX).to_be_bytes());
        for posting in postings {
            let length =
                u8::try_from(posting.0.len()).map_err(|_| RowsError::Unreadable { model: M::NAME })?;
            bytes.push(length);
            bytes.extend_from_slice(&posting.0);
        }
        match vault.seal_row(self.under, nonce, &binds::<M>(&self.key.encode()), plain, &mut bytes) {
            Ok(()) => Ok(Some(bytes)),
            Err(VaultError::DestroyedKey { .. }) => Ok(None),
            Err(error) => Err(vault_error::<M>(error)),
        }
    }
}

/// What a sealed row is bound to: a row moved to another key or model no longer opens.
fn binds<M: ReadModel>(key: &[u8]) -> Vec<u8> {
    let mut binds = M::NAME.as_bytes().to_vec();
    binds.push(0);
    binds.extend_from_slice(key);
    binds
}

fn vault_error<M: ReadModel>(source: VaultError) -> RowsError {
    RowsError::Vault { model: M::NAME, source: Box::new(source) }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}
