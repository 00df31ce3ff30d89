//! The key that opens one payload and no other: what AES-256-GCM-SIV derives for one nonce (RFC 8452, section 4).
//!
//! GCM-SIV never seals with the key it is given: for each nonce it derives two keys by encrypting counters beside
//! the nonce, and works with those. Given away, they open what was sealed under that nonce, and tell nothing of the
//! key they came from nor of any other nonce: to find either is to break AES. So a record can be handed to somebody
//! who has no key of ours, who checks the tag and reads it.
//!
//! What is lost: with the derived keys in hand anybody can make other bytes that open under them. They prove
//! something only of sealed bytes that are bound elsewhere, as the log's leaf binds their SHA-256.

use aws_lc_rs::{
    aead::NONCE_LEN,
    cipher::{AES_256, EncryptingKey, UnboundCipherKey},
};
use vocabulary::stream::KeyId;
use zeroize::Zeroize;

use crate::{
    error::VaultError,
    pack,
    seal::{self, Bound, PAD, PAD_BYTES, TAG_BYTES},
    vault::Vault,
};

const BLOCK: usize = 16;

/// The two keys that open one payload.
#[derive(Clone, PartialEq, Eq)]
pub struct OpeningKey {
    /// Key of POLYVAL, which the tag is made with.
    pub authentication: [u8; 16],
    /// Key of AES-256, which encrypts text and tag.
    pub encryption: [u8; 32],
}

impl Drop for OpeningKey {
    fn drop(&mut self) {
        self.authentication.zeroize();
        self.encryption.zeroize();
    }
}

impl std::fmt::Debug for OpeningKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OpeningKey").finish_non_exhaustive()
    }
}

impl OpeningKey {
    /// Derives the keys of a nonce from the key that seals.
    pub(crate) fn derive(sealing: &[u8], nonce: [u8; NONCE_LEN]) -> Result<OpeningKey, VaultError> {
        let cipher = Cipher::new(sealing)?;
        let mut derived = [0; 48];
        for (counter, half) in (0_u32..).zip(derived.chunks_exact_mut(8)) {
            let mut block = [0; BLOCK];
            block[..4].copy_from_slice(&counter.to_le_bytes());
            block[4..].copy_from_slice(&nonce);
            half.copy_from_slice(&cipher.encrypt(block)?[..8]);
        }
        let mut opening = OpeningKey { authentication: [0; 16], encryption: [0; 32] };
        opening.authentication.copy_from_slice(&derived[..16]);
        opening.encryption.copy_from_slice(&derived[16..]);
        derived.zeroize();
        Ok(opening)
    }

    /// Opens a payload that was sealed under this nonce, and expands it. Needs no vault.
    ///
    /// # Errors
    /// `Altered`: not what was sealed under key, nonce, binding and dictionary. `UnknownDictionary`, `Unpackable`,
    /// `BindsTooLong`, `Cipher`.
    pub fn open(
        &self,
        key: KeyId,
        nonce: [u8; NONCE_LEN],
        binds: &[u8],
        (dictionary, sealed): (u8, &[u8]),
    ) -> Result<Vec<u8>, VaultError> {
        let altered = VaultError::Altered { key };
        let Some((text, tag)) = sealed.split_last_chunk::<TAG_BYTES>() else { return Err(altered) };
        if text.is_empty() || text.len() > pack::PLAIN_BYTES_MAX + PAD_BYTES {
            return Err(altered);
        }
        let mut bound = Bound::new(key, binds)?;
        let plain = self.decrypt(nonce, bound.with_dictionary(dictionary), text, tag)?.ok_or(altered)?;
        let mut into = Vec::new();
        pack::expand(dictionary, plain.len(), &mut into, |room| {
            room.copy_from_slice(&plain);
            let end = room.iter().rposition(|byte| *byte != 0).filter(|end| room.get(*end) == Some(&PAD));
            end.ok_or(VaultError::Unpackable { dictionary })
        })?;
        Ok(into)
    }

    /// The plain text, where the tag fits.
    fn decrypt(
        &self,
        nonce: [u8; NONCE_LEN],
        bound: &[u8],
        text: &[u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let cipher = Cipher::new(&self.encryption)?;
        let [c0, c1, c2, c3, rest @ ..] = *tag;
        let first = u32::from_le_bytes([c0, c1, c2, c3]);
        let mut plain = text.to_vec();
        for (number, part) in (0_u32..).zip(plain.chunks_mut(BLOCK)) {
            let mut counter = [0; BLOCK];
            counter[..4].copy_from_slice(&first.wrapping_add(number).to_le_bytes());
            counter[4..].copy_from_slice(&rest);
            counter[BLOCK - 1] |= 0x80;
            for (byte, mask) in part.iter_mut().zip(cipher.encrypt(counter)?) {
                *byte ^= mask;
            }
        }
        let mut hashed = polyval(u128::from_le_bytes(self.authentication), bound, &plain).to_le_bytes();
        for (byte, mask) in hashed.iter_mut().zip(nonce) {
            *byte ^= mask;
        }
        hashed[BLOCK - 1] &= 0x7F;
        Ok((cipher.encrypt(hashed)? == *tag).then_some(plain))
    }
}

impl Vault {
    /// The key that opens the one payload sealed under `key` and `nonce`, to be given away with it; `None` once the
    /// key is destroyed.
    ///
    /// # Errors
    /// `UnknownKey`, `DamagedKey`, `Io`, `Cipher`.
    pub fn opening_key(&self, key: KeyId, nonce: [u8; 12]) -> Result<Option<OpeningKey>, VaultError> {
        self.rings().root(key)?.map(|root| seal::opening_key(&root, nonce)).transpose()
    }
}

/// AES-256 of single blocks.
struct Cipher(EncryptingKey);

impl Cipher {
    fn new(key: &[u8]) -> Result<Cipher, VaultError> {
        Ok(Cipher(EncryptingKey::ecb(UnboundCipherKey::new(&AES_256, key)?)?))
    }

    fn encrypt(&self, mut block: [u8; BLOCK]) -> Result<[u8; BLOCK], VaultError> {
        self.0.encrypt(&mut block)?;
        Ok(block)
    }
}

/// POLYVAL over what is bound, the text and both lengths, each filled with zeros to whole blocks.
fn polyval(key: u128, bound: &[u8], text: &[u8]) -> u128 {
    let bits = |bytes: &[u8]| (bytes.len() as u64) * 8;
    let lengths = u128::from(bits(text)) << 64 | u128::from(bits(bound));
    let blocks = bound.chunks(BLOCK).chain(text.chunks(BLOCK)).map(|part| {
        let mut block = [0; BLOCK];
        block[..part.len()].copy_from_slice(part);
        u128::from_le_bytes(block)
    });
    blocks.chain([lengths]).fold(0, |sum, block| dot(sum ^ block, key))
}

/// The product of two elements of the field, times x^-128 (RFC 8452, section 3). One bit at a time: no table that
/// depends on the key, and a few microseconds a payload.
fn dot(left: u128, right: u128) -> u128 {
    // (x^128 + x^127 + x^126 + x^121 + 1) / x, without the fraction.
    const REDUCTION: u128 = 1 << 127 | 1 << 126 | 1 << 125 | 1 << 120;
    let mut product = 0_u128;
    for bit in 0..128 {
        product ^= right & 0_u128.wrapping_sub(left >> bit & 1);
        product = product >> 1 ^ REDUCTION & 0_u128.wrapping_sub(product & 1);
    }
    product
}

#[cfg(test)]
mod spec {
    use super::*;
    use crate::Opened;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        let mut bytes = [0; N];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
        }
        bytes
    }

    #[test]
    fn polyval_and_the_derived_keys_are_those_of_the_standard() {
        // RFC 8452, appendix A.
        let key = u128::from_le_bytes(bytes("25629347589242761d31f826ba4b757b"));
        let text: [u8; 32] = bytes("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
        let blocks = text.chunks(16).map(|part| u128::from_le_bytes(part.try_into().unwrap()));
        let hash = blocks.fold(0, |sum, block| dot(sum ^ block, key));
        assert_eq!(hash.to_le_bytes(), bytes("f7a3b47b846119fae5b7866cf5e5b77e"));
        // Appendix C.2, the key 01 and the nonce 03.
        let mut sealing = [0; 32];
        sealing[0] = 1;
        let mut nonce = [0; 12];
        nonce[0] = 3;
        let opening = OpeningKey::derive(&sealing, nonce).unwrap();
        assert_eq!(opening.authentication, bytes("b5d3c529dfafac43136d2d11be284d7f"));
        assert_eq!(
            opening.encryption,
            bytes("b914f4742be9e1d7a2f84addbf96dec3456e3c6c05ecc157cdbf0700fedad222")
        );
    }

    #[test]
    fn the_key_of_one_payload_opens_it_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(folder.path()).unwrap();
        let key = vault.mint().unwrap();
        for length in [1, 15, 16, 17, 100, 400, 5_000] {
            let plain: Vec<u8> =
                (0..length).map(|at: u32| at.wrapping_mul(0x9E37_79B9).to_be_bytes()[0]).collect();
            let nonce = [length.to_le_bytes()[0]; 12];
            let sealed = vault.seal(key, nonce, b"bound", &plain).unwrap();
            let opening = vault.opening_key(key, nonce).unwrap().unwrap();
            let with = |binds: &[u8], under, dictionary, bytes: &[u8]| {
                opening.open(key, under, binds, (dictionary, bytes))
            };
            assert_eq!(with(b"bound", nonce, sealed.dictionary, &sealed.bytes).unwrap(), plain);
            assert!(with(b"other", nonce, sealed.dictionary, &sealed.bytes).is_err());
            assert!(with(b"bound", [99; 12], sealed.dictionary, &sealed.bytes).is_err());
            assert!(with(b"bound", nonce, sealed.dictionary ^ 1, &sealed.bytes).is_err());
            for at in [0, sealed.bytes.len() / 2, sealed.bytes.len() - 1] {
                let mut altered = sealed.bytes.clone();
                altered[at] ^= 1;
                assert!(with(b"bound", nonce, sealed.dictionary, &altered).is_err());
            }
            let beside = vault.seal(key, [77; 12], b"bound", &plain).unwrap();
            assert!(with(b"bound", [77; 12], beside.dictionary, &beside.bytes).is_err());
        }
    }

    #[test]
    fn a_destroyed_key_gives_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(folder.path()).unwrap();
        let key = vault.mint().unwrap();
        let sealed = vault.seal(key, [1; 12], b"", b"invented").unwrap();
        vault.destroy(key).unwrap();
        assert_eq!(vault.opening_key(key, [1; 12]).unwrap(), None);
        let mut into = Vec::new();
        let opened = vault.open_payload(key, [1; 12], b"", sealed.dictionary, &sealed.bytes, &mut into);
        assert_eq!(opened.unwrap(), Opened::Erased);
    }
}
