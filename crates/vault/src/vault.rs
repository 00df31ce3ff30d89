//! The vault itself: what the rest of the directory may ask of its keys.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use vocabulary::stream::KeyId;

use crate::block::Room;
use crate::error::VaultError;
use crate::keyed_hash::Purpose;
use crate::mint::{self, Mint};
use crate::rings::Rings;
use crate::seal::{self, Use};
use crate::{backup, pack};

/// Blocks of 1,024 keys held in memory at most: 18.4 million keys, 590 MB of the 0.6 GB that keys may take.
const BLOCKS_HELD_MAX: usize = 18_000;

/// The keys of one directory: mints, seals, opens and destroys. Shared by all threads.
pub struct Vault {
    rings: Arc<Rings>,
    mint: Arc<Mint>,
    minter: Option<JoinHandle<()>>,
    damaged: Vec<KeyId>,
    destructions: AtomicU64,
}

/// A payload as it goes into the log.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The sealed bytes, tag included; in clear under [`KeyId::CLEAR`].
    pub bytes: Vec<u8>,
    /// The dictionary it was packed with; 0 when it was not. To be stored beside the bytes.
    pub dictionary: u8,
}

/// What became of something that was to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// The plain bytes are in the buffer.
    Plain,
    /// The key is destroyed, and with it what it sealed; the buffer is empty.
    Erased,
}

impl Vault {
    /// Makes a fresh keys folder, mode 0700, with files of mode 0600, and opens it.
    ///
    /// Cost: some ten waits for the disk. Cut short, it leaves a folder in which it can be called again.
    ///
    /// # Errors
    /// `AlreadyThere`: the folder holds keys. `InUse`, `Io`, `Stopped`, `Cipher`.
    pub fn create(folder: &Path) -> Result<Vault, VaultError> {
        let rings = Rings::create(folder, Room::new(BLOCKS_HELD_MAX))?;
        let pool = mint::begin(&rings)?;
        let (number, end) = (pool.number, pool.end());
        Vault::around(rings, Mint::new(number, 1, end), Vec::new())
    }

    /// Opens a keys folder for this process alone and looks at every slot.
    ///
    /// Damaged slots do not stop it: [`Vault::damaged`] names them. Cost: reads 64 bytes a key, about a second
    /// for 12 million.
    ///
    /// # Errors
    /// `InUse`: another process has it. `NoKeys`, `DamagedFile`, `EpochMissing`, `Exposed`, `Io`.
    pub fn open(folder: &Path) -> Result<Vault, VaultError> {
        Vault::open_with(folder, Room::new(BLOCKS_HELD_MAX))
    }

    pub(crate) fn open_with(folder: &Path, room: Room) -> Result<Vault, VaultError> {
        let no_keys = || VaultError::NoKeys { folder: folder.to_owned() };
        let number = mint::read(folder)?.ok_or_else(no_keys)?;
        let (rings, damaged) = Rings::open(folder, room)?;
        let end = rings.pool(number).ok_or_else(no_keys)?.end();
        // Nothing that was in the file is handed out again, whether or not the log remembers it.
        Vault::around(rings, Mint::new(number, end, end), damaged)
    }

    fn around(rings: Rings, mint: Mint, damaged: Vec<KeyId>) -> Result<Vault, VaultError> {
        let (rings, mint) = (Arc::new(rings), Arc::new(mint));
        let theirs = (Arc::clone(&rings), Arc::clone(&mint));
        let minter = thread::Builder::new()
            .name("key minter".to_owned())
            .spawn(move || theirs.1.serve(&theirs.0))
            .map_err(VaultError::io("start the thread that mints"))?;
        Ok(Vault { rings, mint, minter: Some(minter), damaged, destructions: AtomicU64::new(0) })
    }

    /// The slots that were neither keys nor zero when the vault was opened: torn writes or rot.
    ///
    /// One that no header in the log names was cut off before it was durable and never handed out: harmless.
    pub fn damaged(&self) -> &[KeyId] {
        &self.damaged
    }

    /// Hands out a key that was never handed out before and is durable already.
    ///
    /// Waits for a disk only when callers outrun the thread that mints ahead, and for the first key after
    /// [`Vault::open`] unless [`Vault::mint_ahead`] was called.
    ///
    /// # Errors
    /// `Io`: no more keys could be written, as on a full disk; ask again later. `Stopped`: open the vault anew.
    pub fn mint(&self) -> Result<KeyId, VaultError> {
        self.mint.next()
    }

    /// Waits until keys are minted ahead, so that the first caller of [`Vault::mint`] need not.
    ///
    /// # Errors
    /// As [`Vault::mint`].
    pub fn mint_ahead(&self) -> Result<(), VaultError> {
        self.mint.fill()
    }

    /// Never hands out `key`: to be called at start-up for key ids that headers in the log name.
    ///
    /// The highest slot of each pool is enough: a slot in the pool's file is never handed out again anyway, and one
    /// beyond it says that the keys are older than the log, so that minting goes on in a new pool.
    pub fn mark_assigned(&self, key: KeyId) {
        if let Some(pool) = self.rings.pool(key.pool) {
            self.mint.skip(key, pool.end());
        }
    }

    /// Packs and seals a payload of the log under `key`, bound to `nonce` and `binds`.
    ///
    /// `binds` (at most 128 bytes) is what must be the same again to open it: stream, event id, schema. A nonce
    /// used twice shows that two payloads are equal, and no more. Under [`KeyId::CLEAR`] the bytes pass as they are.
    ///
    /// # Errors
    /// `DestroyedKey`, `UnknownKey`, `DamagedKey`, `TooLong`, `BindsTooLong`, `Io`, `Cipher`.
    pub fn seal(
        &self,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        plain: &[u8],
    ) -> Result<Sealed, VaultError> {
        if key == KeyId::CLEAR {
            return Ok(Sealed { bytes: plain.to_vec(), dictionary: 0 });
        }
        let root = self.rings.root(key)?.ok_or(VaultError::DestroyedKey { key })?;
        let mut bytes = Vec::new();
        let dictionary = seal::seal((&root, Use::Payload), key, nonce, binds, plain, &mut bytes)?;
        Ok(Sealed { bytes, dictionary })
    }

    /// Opens a payload of the log into `into`, which is cleared first.
    ///
    /// # Errors
    /// `Altered`: not what was sealed under this key, nonce, binding and dictionary. `UnknownDictionary`: sealed by
    /// a later version. `UnknownKey`, `DamagedKey`, `Unpackable`, `BindsTooLong`, `Io`, `Cipher`.
    pub fn open_payload(
        &self,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        dictionary: u8,
        sealed: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<Opened, VaultError> {
        self.open_as(Use::Payload, key, nonce, binds, (dictionary, sealed), into)
    }

    /// Packs and seals the value of a row onto the end of `into`, under a key that no payload has.
    ///
    /// `nonce` is the caller's and is not stored: the row's revision, or 12 bytes kept beside the row. `binds` is
    /// the row's model and key. The first byte is the dictionary.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal_row(
        &self,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        plain: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<(), VaultError> {
        let first = into.len();
        into.push(0);
        if key == KeyId::CLEAR {
            into.extend_from_slice(plain);
            return Ok(());
        }
        let root = self.rings.root(key)?.ok_or(VaultError::DestroyedKey { key })?;
        let dictionary = seal::seal((&root, Use::Row), key, nonce, binds, plain, into)?;
        if let Some(place) = into.get_mut(first) {
            *place = dictionary;
        }
        Ok(())
    }

    /// Opens the value of a row into `into`, which is cleared first.
    ///
    /// # Errors
    /// As [`Vault::open_payload`].
    pub fn open_row(
        &self,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        sealed: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<Opened, VaultError> {
        let (dictionary, sealed) = sealed.split_first().ok_or(VaultError::Altered { key })?;
        self.open_as(Use::Row, key, nonce, binds, (*dictionary, sealed), into)
    }

    /// Seals a piece of a snapshot where it is, under a key that neither payload nor row has; 16 bytes longer.
    ///
    /// Not packed and not padded: numbers do not compress, and the length of all is no secret. `nonce` is the number
    /// of the piece, under a key that seals one snapshot and nothing else.
    ///
    /// # Errors
    /// `DestroyedKey`, `UnknownKey`, `DamagedKey`, `TooLong`, `BindsTooLong`, `Io`, `Cipher`.
    pub fn seal_piece(
        &self,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        bytes: &mut Vec<u8>,
    ) -> Result<(), VaultError> {
        if bytes.len() > pack::PLAIN_BYTES_MAX {
            return Err(VaultError::TooLong { length: bytes.len() });
        }
        let root = self.rings.root(key)?.ok_or(VaultError::DestroyedKey { key })?;
        seal::seal_in_place((&root, Use::Piece), key, nonce, binds, bytes)
    }

    /// Opens a piece of a snapshot where it is.
    ///
    /// # Errors
    /// `Altered`: not what was sealed under this key, nonce and binding. `UnknownKey`, `DamagedKey`, `BindsTooLong`,
    /// `Io`, `Cipher`.
    pub fn open_piece(
        &self,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        sealed: &mut Vec<u8>,
    ) -> Result<Opened, VaultError> {
        let Some(root) = self.rings.root(key)? else {
            sealed.clear();
            return Ok(Opened::Erased);
        };
        seal::open_in_place((&root, Use::Piece), key, nonce, binds, sealed)?;
        Ok(Opened::Plain)
    }

    fn open_as(
        &self,
        used: Use,
        key: KeyId,
        nonce: [u8; 12],
        binds: &[u8],
        (dictionary, sealed): (u8, &[u8]),
        into: &mut Vec<u8>,
    ) -> Result<Opened, VaultError> {
        into.clear();
        if key == KeyId::CLEAR {
            pack::expand(dictionary, sealed.len(), into, |room| {
                room.copy_from_slice(sealed);
                Ok(room.len())
            })?;
            return Ok(Opened::Plain);
        }
        let Some(root) = self.rings.root(key)? else { return Ok(Opened::Erased) };
        seal::open((&root, used), key, nonce, binds, (dictionary, sealed), into)?;
        Ok(Opened::Plain)
    }

    /// Destroys a key: no reader finds it from now on, and its slot is zero, durably, when this returns.
    ///
    /// Said again, it makes sure again. A key that is not in this vault reads as destroyed until it is closed, so
    /// that erasures can be replayed over an older backup. Cost: one wait for the disk.
    ///
    /// # Errors
    /// `Io`: the slot may still be on disk; ask again. `Stopped`: open the vault anew, and ask again.
    pub fn destroy(&self, key: KeyId) -> Result<(), VaultError> {
        self.destroy_all(&[key])
    }

    /// Destroys many keys with one wait for the disk a pool.
    ///
    /// # Errors
    /// As [`Vault::destroy`].
    pub fn destroy_all(&self, keys: &[KeyId]) -> Result<(), VaultError> {
        self.mint.check()?;
        let destroyed = self.mint.note(self.rings.destroy(keys));
        self.destructions.fetch_add(1, Ordering::AcqRel);
        destroyed
    }

    /// How many times keys were destroyed since the vault was opened: while it stays the same, so does every answer
    /// of [`Vault::is_destroyed`].
    pub fn destructions(&self) -> u64 {
        self.destructions.load(Ordering::Acquire)
    }

    /// Whether this key is destroyed; no for one that is damaged or unknown.
    pub fn is_destroyed(&self, key: KeyId) -> bool {
        matches!(self.rings.root(key), Ok(None))
    }

    /// Hashes `parts` under the key of `purpose`: 16 bytes that stay the same for as long as the keys folder lives.
    pub fn keyed_hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 16] {
        self.rings.hashes.hash(purpose, parts)
    }

    /// Fills `bytes` with random ones.
    ///
    /// # Errors
    /// `Cipher`: the system gave none.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), VaultError> {
        Ok(aws_lc_rs::rand::fill(bytes)?)
    }

    /// Begins an epoch: wraps every key anew and destroys the epoch before, so that older slots and their backups
    /// are noise wherever the old epoch's key is gone too.
    ///
    /// Cut short at any point it can be called again, and finishes. Readers go on; minting and destroying wait for
    /// a block at a time. Cost: reads and writes 64 bytes a key.
    ///
    /// # Errors
    /// `DamagedKey`: a slot does not unwrap; destroy it or restore it, then call again. `Io`, `Stopped`, `Cipher`.
    pub fn rotate_epoch(&self) -> Result<(), VaultError> {
        self.mint.check()?;
        self.mint.note(self.rings.rotate())
    }

    /// Copies the keys to another folder while serving; durable when this returns.
    ///
    /// The copy can be opened and restored as it is. Its folder `epochs` is what makes the slots readable: hold it
    /// apart from them, and destroy it when the backup's time is over. Back up the log first, so that every key
    /// that its copy names is in this one.
    ///
    /// # Errors
    /// `AlreadyThere`: the other folder holds keys. `Io`.
    pub fn backup_to(&self, folder: &Path) -> Result<(), VaultError> {
        backup::back_up(&self.rings, folder)
    }

    /// Restores the backup `from` into the folder `to`, opens it, and begins a new pool, so that no key id is
    /// handed out that was handed out after the backup.
    ///
    /// Before it serves, every erasure in the log is to be replayed by [`Vault::destroy_all`].
    ///
    /// # Errors
    /// `AlreadyThere`: `to` holds keys. `NoKeys`: `from` holds none. Otherwise as [`Vault::open`].
    pub fn restore(from: &Path, to: &Path) -> Result<Vault, VaultError> {
        backup::restore(from, to)?;
        {
            let (rings, _) = Rings::open(to, Room::new(0))?;
            mint::begin(&rings)?;
        }
        Vault::open(to)
    }

    /// The keys themselves, for what is derived from them.
    pub(crate) fn rings(&self) -> &Rings {
        &self.rings
    }

    fn stop(&mut self) {
        self.mint.close();
        if let Some(minter) = self.minter.take() {
            // A thread that panicked has said so already.
            drop(minter.join());
        }
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Vault").field("folder", &self.rings.folder).finish_non_exhaustive()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes may be in clear.
        out.debug_struct("Sealed")
            .field("length", &self.bytes.len())
            .field("dictionary", &self.dictionary)
            .finish()
    }
}
