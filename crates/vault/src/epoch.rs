//! Epochs: the keys that wrap the slots. One is current; destroying an old one ages out old backups.
//!
//! A slot is wrapped by AES-256-GCM-SIV under the key of its epoch. Each epoch's key lies in a file of its own,
//! `epochs/epoch-NNNNNNNN`, so that a backup can hold it apart from the slots: slots without their epoch are noise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use vocabulary::stream::KeyId;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::folder;
use crate::slot::{ROOT_BYTES, Root, SLOT_BYTES, Slot, WRAPPED_BYTES};

/// The folder of the epochs' keys within the keys folder.
pub(crate) const FOLDER: &str = "epochs";
const PREFIX: &str = "epoch-";
const MAGIC: &[u8; 8] = b"CP-EPOCH";
/// Magic, number, key, CRC32C.
const FILE_BYTES: usize = 8 + 4 + 32 + 4;

/// The keys of all epochs at hand.
pub(crate) struct Epochs {
    keys: BTreeMap<u32, LessSafeKey>,
}

impl Epochs {
    /// Makes the first epoch of a new keys folder.
    pub(crate) fn create(folder: &Path) -> Result<Epochs, VaultError> {
        folder::make(&folder.join(FOLDER))?;
        folder::sync(folder)?;
        let mut epochs = Epochs { keys: BTreeMap::new() };
        epochs.add(1, draw(folder, 1)?);
        Ok(epochs)
    }

    /// Reads the keys of all epochs in the folder.
    pub(crate) fn open(folder: &Path) -> Result<Epochs, VaultError> {
        let mut keys = BTreeMap::new();
        for (number, path) in folder::numbered(&folder.join(FOLDER), PREFIX)? {
            let bytes = Zeroizing::new(folder::read_whole(&path)?.unwrap_or_default());
            let key = parse(number, &bytes).ok_or_else(|| VaultError::DamagedFile { file: path.clone() })?;
            keys.insert(number, key);
        }
        Ok(Epochs { keys })
    }

    /// Wraps with this epoch from now on, if it is the newest.
    pub(crate) fn add(&mut self, number: u32, key: LessSafeKey) {
        self.keys.insert(number, key);
    }

    /// Forgets the key of an epoch.
    pub(crate) fn forget(&mut self, number: u32) {
        self.keys.remove(&number);
    }

    /// Every epoch whose key is at hand, oldest first.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        self.keys.keys().copied().collect()
    }

    /// Wraps `root` for the place of `key`, under the current epoch.
    pub(crate) fn wrap(&self, key: KeyId, root: &[u8; ROOT_BYTES]) -> Result<[u8; SLOT_BYTES], VaultError> {
        let (epoch, wrapping) = self.keys.last_key_value().ok_or(VaultError::EpochMissing { epoch: 1 })?;
        let mut wrapped = [0; WRAPPED_BYTES];
        let (text, tag) = wrapped.split_at_mut(ROOT_BYTES);
        text.copy_from_slice(root);
        let sealed =
            wrapping.seal_in_place_separate_tag(nonce_of(key), Aad::from(epoch.to_le_bytes()), text)?;
        tag.copy_from_slice(sealed.as_ref());
        Ok(Slot::write(key, *epoch, &wrapped))
    }

    /// Unwraps what stands at the place of `key`.
    pub(crate) fn unwrap(
        &self,
        key: KeyId,
        epoch: u32,
        wrapped: &[u8; WRAPPED_BYTES],
    ) -> Result<Root, VaultError> {
        let wrapping = self.keys.get(&epoch).ok_or(VaultError::EpochMissing { epoch })?;
        let (text, tag) = wrapped.split_at(ROOT_BYTES);
        let mut root = Zeroizing::new([0; ROOT_BYTES]);
        wrapping
            .open_separate_gather(
                nonce_of(key),
                Aad::from(epoch.to_le_bytes()),
                text,
                tag,
                root.as_mut_slice(),
            )
            .map_err(|_| VaultError::DamagedKey { key })?;
        Ok(root)
    }
}

/// The place is the nonce: under one epoch each place wraps one key, and a slot moved elsewhere is refused.
fn nonce_of(key: KeyId) -> Nonce {
    let place = (u128::from(key.pool) << 32) | u128::from(key.slot);
    let mut nonce = [0; 12];
    nonce.copy_from_slice(&place.to_le_bytes()[..12]);
    Nonce::assume_unique_for_key(nonce)
}

/// Draws the key of an epoch and makes it durable.
pub(crate) fn draw(folder: &Path, number: u32) -> Result<LessSafeKey, VaultError> {
    let mut drawn = Zeroizing::new([0; ROOT_BYTES]);
    rand::fill(drawn.as_mut_slice())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_BYTES));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&number.to_le_bytes());
    bytes.extend_from_slice(drawn.as_slice());
    let crc = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&crc.to_le_bytes());
    folder::write_whole(&path_of(folder, number), &bytes)?;
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, drawn.as_slice())?))
}

/// Destroys the file of an epoch: whatever is wrapped by it and is not elsewhere with its key is noise from now on.
pub(crate) fn destroy(folder: &Path, number: u32) -> Result<(), VaultError> {
    folder::wipe(&path_of(folder, number))
}

/// When the newest epoch of a keys folder began there, as the file of its key says; nothing where it holds none.
///
/// # Errors
/// `Io`.
pub fn epoch_began(folder: &Path) -> Result<Option<SystemTime>, VaultError> {
    let newest =
        folder::numbered(&folder.join(FOLDER), PREFIX)?.into_iter().max_by_key(|(number, _)| *number);
    let Some((_, path)) = newest else { return Ok(None) };
    let written = std::fs::metadata(&path).and_then(|file| file.modified());
    written.map(Some).map_err(VaultError::io("look at the key of an epoch"))
}

/// Destroys the keys of all epochs of a backup for good, after which every slot in it is noise; answers how many
/// there were. A folder that a vault has open is left alone.
///
/// # Errors
/// `InUse`; `NoKeys`: there is none, or it expired before. `Io`: ask again.
pub fn expire_backup(folder: &Path) -> Result<usize, VaultError> {
    let within = folder.join(FOLDER);
    if !within.is_dir() {
        return Err(VaultError::NoKeys { folder: folder.to_owned() });
    }
    let _alone = folder::hold(folder)?;
    let epochs = folder::numbered(&within, PREFIX)?;
    for (number, _) in &epochs {
        destroy(folder, *number)?;
    }
    folder::wipe_all_unfinished(&within)?;
    if epochs.is_empty() {
        return Err(VaultError::NoKeys { folder: folder.to_owned() });
    }
    Ok(epochs.len())
}

/// Copies the files of all epochs to another keys folder.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), VaultError> {
    folder::make(&to.join(FOLDER))?;
    folder::sync(to)?;
    for (number, path) in folder::numbered(&from.join(FOLDER), PREFIX)? {
        if let Some(bytes) = folder::read_whole(&path)?.map(Zeroizing::new) {
            folder::write_whole(&path_of(to, number), &bytes)?;
        }
    }
    Ok(())
}

fn path_of(folder: &Path, number: u32) -> PathBuf {
    folder.join(FOLDER).join(format!("{PREFIX}{number:08x}"))
}

fn parse(number: u32, bytes: &[u8]) -> Option<LessSafeKey> {
    let (covered, crc) = bytes.split_last_chunk::<4>()?;
    let rest = covered.strip_prefix(MAGIC)?;
    let (told, key) = rest.split_first_chunk::<4>()?;
    let sound = bytes.len() == FILE_BYTES
        && crc32c::crc32c(covered).to_le_bytes() == *crc
        && u32::from_le_bytes(*told) == number;
    let key = UnboundKey::new(&AES_256_GCM_SIV, key).ok()?;
    sound.then(|| LessSafeKey::new(key))
}
