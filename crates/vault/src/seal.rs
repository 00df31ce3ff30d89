//! Sealing: AES-256-GCM-SIV under a key derived from the slot's, bound to what the caller names (RFC 8452).
//!
//! Payloads of the log, values of rows and pieces of snapshots have a key each, by the one-step derivation of NIST SP 800-56C, section
//! 4.1, with SHA-256: so a row can never be passed off as a payload, nor tell anything about one. Besides the
//! caller's `binds`, the key id and the number of the dictionary are authenticated. Plain text is packed, ended
//! with 0x80 and filled with zeros to a multiple of 16 (ISO/IEC 7816-4), so that lengths say little. Pieces of a
//! snapshot are neither packed nor filled: they are a megabyte each, and packing takes ten times as long as sealing.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use vocabulary::stream::KeyId;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::opening::OpeningKey;
use crate::pack::{self, Effort};
use crate::slot::{ROOT_BYTES, Root};

pub(crate) const TAG_BYTES: usize = 16;
/// Sealed lengths are multiples of this: a forename more or less does not show.
pub(crate) const PAD_BYTES: usize = 16;
pub(crate) const PAD: u8 = 0x80;
/// The longest binding: a header's stream, event id, key id and schema are 51 bytes.
pub const BINDS_BYTES_MAX: usize = 128;
const PLACE_BYTES: usize = 9;

/// What a slot's key is derived for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use {
    /// Payloads of the log.
    Payload,
    /// Values of rows.
    Row,
    /// Pieces of a snapshot.
    Piece,
}

impl Use {
    /// The fixed information of the derivation; 16 bytes, so that one block of SHA-256 is enough.
    fn label(self) -> &'static [u8; 16] {
        match self {
            Use::Payload => b"cp-payload-key-1",
            Use::Row => b"cp-row-value-k-1",
            Use::Piece => b"cp-snap-piece-k1",
        }
    }

    /// How hard to pack it: a payload is written once, a row again and again.
    fn effort(self) -> Effort {
        match self {
            Use::Payload => Effort::Full,
            Use::Row | Use::Piece => Effort::Quick,
        }
    }

    fn cipher(self, root: &Root) -> Result<LessSafeKey, VaultError> {
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, self.key(root).as_slice())?))
    }

    /// The key that seals for this use.
    fn key(self, root: &Root) -> Zeroizing<[u8; 32]> {
        let mut input = Zeroizing::new([0; 4 + ROOT_BYTES + 16]);
        input[..4].copy_from_slice(&1_u32.to_be_bytes());
        input[4..4 + ROOT_BYTES].copy_from_slice(root.as_slice());
        input[4 + ROOT_BYTES..].copy_from_slice(self.label());
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(digest(&SHA256, input.as_slice()).as_ref());
        key
    }
}

/// What is authenticated beside the sealed bytes: key id, dictionary, and what the caller binds.
pub(crate) struct Bound {
    bytes: [u8; PLACE_BYTES + BINDS_BYTES_MAX],
    length: usize,
}

impl Bound {
    pub(crate) fn new(key: KeyId, binds: &[u8]) -> Result<Bound, VaultError> {
        let mut bytes = [0; PLACE_BYTES + BINDS_BYTES_MAX];
        bytes[..4].copy_from_slice(&key.pool.to_le_bytes());
        bytes[4..8].copy_from_slice(&key.slot.to_le_bytes());
        let length = PLACE_BYTES + binds.len();
        bytes
            .get_mut(PLACE_BYTES..length)
            .ok_or(VaultError::BindsTooLong { length: binds.len() })?
            .copy_from_slice(binds);
        Ok(Bound { bytes, length })
    }

    fn with(&mut self, dictionary: u8) -> Aad<&[u8]> {
        Aad::from(self.with_dictionary(dictionary))
    }

    /// The bytes that are authenticated.
    pub(crate) fn with_dictionary(&mut self, dictionary: u8) -> &[u8] {
        self.bytes[PLACE_BYTES - 1] = dictionary;
        &self.bytes[..self.length]
    }
}

/// The key that opens the one payload sealed under this nonce.
pub(crate) fn opening_key(root: &Root, nonce: [u8; 12]) -> Result<OpeningKey, VaultError> {
    OpeningKey::derive(Use::Payload.key(root).as_slice(), nonce)
}

/// Packs, pads and seals `plain` onto the end of `into`; answers the dictionary.
pub(crate) fn seal(
    (root, used): (&Root, Use),
    key: KeyId,
    nonce: [u8; 12],
    binds: &[u8],
    plain: &[u8],
    into: &mut Vec<u8>,
) -> Result<u8, VaultError> {
    let mut bound = Bound::new(key, binds)?;
    let start = into.len();
    let dictionary = pack::pack(used.effort(), plain, into)?;
    into.push(PAD);
    into.resize(start + (into.len() - start).next_multiple_of(PAD_BYTES), 0);
    let (_, text) = into.split_at_mut(start);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = used.cipher(root)?.seal_in_place_separate_tag(nonce, bound.with(dictionary), text)?;
    into.extend_from_slice(tag.as_ref());
    Ok(dictionary)
}

/// Seals `bytes` where they are, neither packed nor padded; the tag comes after them.
pub(crate) fn seal_in_place(
    (root, used): (&Root, Use),
    key: KeyId,
    nonce: [u8; 12],
    binds: &[u8],
    bytes: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let mut bound = Bound::new(key, binds)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = used.cipher(root)?.seal_in_place_separate_tag(nonce, bound.with(0), bytes)?;
    bytes.extend_from_slice(tag.as_ref());
    Ok(())
}

/// Opens what [`seal_in_place`] sealed, where it is.
pub(crate) fn open_in_place(
    (root, used): (&Root, Use),
    key: KeyId,
    nonce: [u8; 12],
    binds: &[u8],
    sealed: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let mut bound = Bound::new(key, binds)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    let opened = used.cipher(root)?.open_in_place(nonce, bound.with(0), sealed);
    let length = opened.map_err(|_| VaultError::Altered { key })?.len();
    sealed.truncate(length);
    Ok(())
}

/// Opens what [`seal`] sealed and expands it into `into`, which is cleared first.
pub(crate) fn open(
    (root, used): (&Root, Use),
    key: KeyId,
    nonce: [u8; 12],
    binds: &[u8],
    (dictionary, sealed): (u8, &[u8]),
    into: &mut Vec<u8>,
) -> Result<(), VaultError> {
    let altered = VaultError::Altered { key };
    let Some((text, tag)) = sealed.split_last_chunk::<TAG_BYTES>() else { return Err(altered) };
    if text.is_empty() || text.len() > pack::PLAIN_BYTES_MAX + PAD_BYTES {
        return Err(altered);
    }
    let mut bound = Bound::new(key, binds)?;
    let cipher = used.cipher(root)?;
    pack::expand(dictionary, text.len(), into, |room| {
        let nonce = Nonce::assume_unique_for_key(nonce);
        cipher.open_separate_gather(nonce, bound.with(dictionary), text, tag, room).map_err(|_| altered)?;
        let end = room.iter().rposition(|byte| *byte != 0).filter(|end| room.get(*end) == Some(&PAD));
        end.ok_or(VaultError::Unpackable { dictionary })
    })
}
