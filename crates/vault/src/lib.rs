//! The keys: sealing of payloads and rows, and destruction as the way to forget.
//!
//! Every payload of a child's stream is packed and sealed from its first event. A key is one of many slots in flat
//! files, named by [`KeyId`](vocabulary::stream::KeyId): pool and slot. The header of an event that names a key is
//! its assignment, so handing one out writes nothing. To destroy a key is to zero its slot: what it sealed, in the
//! log, in rows and in all their backups, is noise from then on. Source: house rules, section 4, choices 3 and 4.
//!
//! # The folder
//!
//! | file | holds |
//! |---|---|
//! | `slots-PPPPPPPP` | one pool: 64 bytes a slot, each a key wrapped by an epoch's key, or zeros |
//! | `epochs/epoch-NNNNNNNN` | the key of an epoch, in clear |
//! | `index-key` | what keyed hashes are made with, wrapped likewise |
//! | `minting` | the pool to mint from |
//! | `lock` | locked while a process has the folder |
//!
//! The folder has mode 0700 and its files 0600; a file that others may read is refused. Whoever reads the whole
//! folder reads everything, so it belongs on an encrypted disk of its own, never in the data folder or its backups.
//! Keys are zeroed in memory when dropped, but the system may still swap or dump them: turn both off.
//! Zeros are written in place; a disk that keeps old sectors keeps the old slot, wrapped, until
//! [`Vault::rotate_epoch`] destroys its epoch.
//!
//! # Example
//!
//! ```
//! use vault::{Opened, Vault};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let vault = Vault::create(folder.path())?;
//! let key = vault.mint()?;
//! let nonce = [7; 12];
//! let sealed = vault.seal(key, nonce, b"child-0190", b"an invented fact")?;
//!
//! let mut plain = Vec::new();
//! let opened = vault.open_payload(key, nonce, b"child-0190", sealed.dictionary, &sealed.bytes, &mut plain)?;
//! assert_eq!((opened, plain.as_slice()), (Opened::Plain, b"an invented fact".as_slice()));
//!
//! vault.destroy(key)?;
//! let opened = vault.open_payload(key, nonce, b"child-0190", sealed.dictionary, &sealed.bytes, &mut plain)?;
//! assert_eq!(opened, Opened::Erased);
//! # Ok(())
//! # }
//! ```

mod backup;
mod block;
pub mod dictionary;
mod epoch;
mod error;
mod folder;
mod keyed_hash;
mod locks;
mod mint;
mod opening;
mod pack;
mod pool;
mod rewrite;
mod rings;
mod seal;
mod slot;
mod vault;

pub use epoch::{epoch_began, expire_backup};
pub use error::VaultError;
pub use keyed_hash::Purpose;
pub use opening::OpeningKey;
pub use pack::PLAIN_BYTES_MAX;
pub use seal::BINDS_BYTES_MAX;
pub use vault::{Opened, Sealed, Vault};
