//! What can go wrong with keys: each variant names the file or the key, never what was sealed.

use std::io;
use std::path::PathBuf;

use vocabulary::stream::KeyId;

/// Why the vault could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Another process holds the folder. Stop it, or ask it.
    #[error("the keys folder {} is in use by another process", folder.display())]
    InUse {
        /// The keys folder.
        folder: PathBuf,
    },
    /// The folder already holds keys, which are never written over.
    #[error("the folder {} already holds keys", folder.display())]
    AlreadyThere {
        /// The folder that was to become a keys folder.
        folder: PathBuf,
    },
    /// The folder is no keys folder, or one whose creation was cut short.
    #[error("the folder {} holds no keys", folder.display())]
    NoKeys {
        /// The folder that was to be opened.
        folder: PathBuf,
    },
    /// A file with keys may be read by others than its owner. Set it to mode 0600.
    #[error("the file {} may be read by others than its owner", file.display())]
    Exposed {
        /// The file.
        file: PathBuf,
    },
    /// A file of the folder is not what was written there. Restore a backup.
    #[error("the file {} is damaged", file.display())]
    DamagedFile {
        /// The file.
        file: PathBuf,
    },
    /// Slots or the index key are wrapped by an epoch whose key is not here, or was destroyed.
    #[error("the key of epoch {epoch} is not in the keys folder")]
    EpochMissing {
        /// The epoch.
        epoch: u32,
    },
    /// No slot of this vault has that id: the keys are older than the log, or of another directory.
    #[error("key {}/{} is not in this vault", key.pool, key.slot)]
    UnknownKey {
        /// The key.
        key: KeyId,
    },
    /// The slot is neither a key nor zero: a torn write or rot.
    #[error("key {}/{} is damaged", key.pool, key.slot)]
    DamagedKey {
        /// The key.
        key: KeyId,
    },
    /// Nothing can be sealed any more under a destroyed key.
    #[error("key {}/{} is destroyed", key.pool, key.slot)]
    DestroyedKey {
        /// The key.
        key: KeyId,
    },
    /// The sealed bytes are not what was sealed under this key, nonce, binding and dictionary.
    #[error("what is sealed under key {}/{} was altered or belongs elsewhere", key.pool, key.slot)]
    Altered {
        /// The key.
        key: KeyId,
    },
    /// A later version compressed this with a dictionary that this version lacks.
    #[error("dictionary {dictionary} is not known to this version")]
    UnknownDictionary {
        /// The number of the dictionary.
        dictionary: u8,
    },
    /// The bytes under an intact seal do not expand: a fault of ours.
    #[error("a payload could not be packed or expanded with dictionary {dictionary}")]
    Unpackable {
        /// The number of the dictionary.
        dictionary: u8,
    },
    /// Longer than [`PLAIN_BYTES_MAX`](crate::PLAIN_BYTES_MAX).
    #[error("a payload of {length} bytes is longer than {} bytes", crate::PLAIN_BYTES_MAX)]
    TooLong {
        /// Length in bytes.
        length: usize,
    },
    /// The binding is longer than [`BINDS_BYTES_MAX`](crate::BINDS_BYTES_MAX).
    #[error("a binding of {length} bytes is longer than {} bytes", crate::BINDS_BYTES_MAX)]
    BindsTooLong {
        /// Length in bytes.
        length: usize,
    },
    /// A write could not be made durable earlier; nothing is minted or destroyed until the vault is opened anew.
    #[error("the keys folder refused to make a write durable; open it anew")]
    Stopped,
    /// The system gave no random bytes, or the cipher refused to work.
    #[error("the cryptographic library refused to work")]
    Cipher,
    /// The folder could not be read or written.
    #[error("could not {doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

impl VaultError {
    /// Wraps an I/O error with what was being done; for `map_err`.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> VaultError {
        move |source| VaultError::Io { doing, source }
    }
}

impl From<aws_lc_rs::error::Unspecified> for VaultError {
    fn from(_: aws_lc_rs::error::Unspecified) -> VaultError {
        VaultError::Cipher
    }
}
