//! Keyed hashes: names for things that must be found again but never read back (RFC 2104, SHA-256).
//!
//! One key for each purpose is derived from the index key, so that hashes of two purposes cannot be matched. The
//! index key lies in `index-key`, wrapped by the current epoch; its value never changes, since hashes are stored.

use std::path::{Path, PathBuf};

use aws_lc_rs::{hmac, rand};
use vocabulary::stream::KeyId;
use zeroize::Zeroizing;

use crate::epoch::Epochs;
use crate::error::VaultError;
use crate::folder;
use crate::slot::{ROOT_BYTES, Root, SLOT_BYTES, Slot};

const FILE: &str = "index-key";
/// Where the index key stands, as far as wrapping is concerned: in the reserved pool, where no slot is.
const PLACE: KeyId = KeyId { pool: 0, slot: 1 };

/// What a keyed hash is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The id of a record, from a supplier's client and its event id.
    EventId,
    /// The body of a supplier's event, as sent.
    EventBody,
    /// A supplier's own reference of a child.
    LocalRef,
    /// A supplier's own reference of an involvement.
    InvolvementRef,
    /// A supplier's own reference of a practitioner, carer or episode.
    PersonRef,
    /// An identifier given by another body.
    Identifier,
    /// A user name.
    Login,
    /// A token of a session, a client or an invitation.
    Token,
    /// The key of a row that is to be found by what it says.
    RowKey,
    /// The head of a snapshot, so that nobody else can name a key in it.
    Snapshot,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Purpose; 10] = [
        Purpose::EventId,
        Purpose::EventBody,
        Purpose::LocalRef,
        Purpose::InvolvementRef,
        Purpose::PersonRef,
        Purpose::Identifier,
        Purpose::Login,
        Purpose::Token,
        Purpose::RowKey,
        Purpose::Snapshot,
    ];

    /// The word that its key is derived with. Stored hashes depend on it: it never changes.
    fn label(self) -> &'static str {
        match self {
            Purpose::EventId => "event id",
            Purpose::EventBody => "event body",
            Purpose::LocalRef => "local ref",
            Purpose::InvolvementRef => "involvement ref",
            Purpose::PersonRef => "person ref",
            Purpose::Identifier => "identifier",
            Purpose::Login => "login",
            Purpose::Token => "token",
            Purpose::RowKey => "row key",
            Purpose::Snapshot => "snapshot",
        }
    }
}

/// The keys of all purposes, ready for use.
pub(crate) struct KeyedHashes {
    root: Root,
    keys: [hmac::Key; Purpose::ALL.len()],
}

impl KeyedHashes {
    /// Draws the index key of a new keys folder.
    pub(crate) fn create(folder: &Path, epochs: &Epochs) -> Result<KeyedHashes, VaultError> {
        let mut root = Zeroizing::new([0; ROOT_BYTES]);
        rand::fill(root.as_mut_slice())?;
        let hashes = KeyedHashes::around(root);
        hashes.write(folder, epochs)?;
        Ok(hashes)
    }

    /// Reads the index key.
    pub(crate) fn open(folder: &Path, epochs: &Epochs) -> Result<KeyedHashes, VaultError> {
        let file = path_of(folder);
        let bytes = folder::read_whole(&file)?.ok_or(VaultError::NoKeys { folder: folder.to_owned() })?;
        let damaged = || VaultError::DamagedFile { file: file.clone() };
        let bytes = <&[u8; SLOT_BYTES]>::try_from(bytes.as_slice()).map_err(|_| damaged())?;
        match Slot::read(PLACE, bytes) {
            Slot::Live { epoch, wrapped } => Ok(KeyedHashes::around(epochs.unwrap(PLACE, epoch, &wrapped)?)),
            Slot::Destroyed | Slot::Damaged => Err(damaged()),
        }
    }

    /// Writes the index key, wrapped by the current epoch.
    pub(crate) fn write(&self, folder: &Path, epochs: &Epochs) -> Result<(), VaultError> {
        folder::write_whole(&path_of(folder), &epochs.wrap(PLACE, &self.root)?)
    }

    /// Hashes `parts`, each with its length before it, so that no two lists of parts read alike.
    pub(crate) fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 16] {
        // The purposes are numbered from 0 in the order of their keys.
        let mut context = hmac::Context::with_key(&self.keys[purpose as usize]);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&context.sign().as_ref()[..16]);
        hash
    }

    fn around(root: Root) -> KeyedHashes {
        let index = hmac::Key::new(hmac::HMAC_SHA256, root.as_slice());
        let keys = Purpose::ALL.map(|purpose| {
            let derived = hmac::sign(&index, purpose.label().as_bytes());
            hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
        });
        KeyedHashes { root, keys }
    }
}

/// Copies the index key, wrapped as it is, to another keys folder.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), VaultError> {
    let bytes = folder::read_whole(&path_of(from))?.ok_or(VaultError::NoKeys { folder: from.to_owned() })?;
    folder::write_whole(&path_of(to), &bytes)
}

fn path_of(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
