//! What an authenticator said: read, and believed or not.
//!
//! The relying party's own steps of Web Authentication 7.1 and 7.2, for attestation `none`. Pure: keys, words and
//! bytes in, a verdict out. Cost: one signature checked, 0.1 to 0.2 ms.

use aws_lc_rs::{
    digest,
    signature::{
        ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
    },
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use events::{account::Passkey, organisation::client::PublicKey};
use serde::Deserialize;
use vocabulary::{PasskeyId, SignatureAlgorithm};

use super::{Made, PasskeyFault, RelyingParty, Signed};
use crate::public_keys::read_spki;

/// Longest of the two texts that are read, in bytes; a browser's client data takes some 200.
const BYTES_MAX: usize = 8_192;

/// Flags of the authenticator's data (Web Authentication 6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_BACKED_UP: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HOLDS_KEY: u8 = 0x40;

/// Which of the two acts was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// A new key.
    Create,
    /// A signature by a known one.
    Get,
}

impl Act {
    fn name(self) -> &'static str {
        match self {
            Act::Create => "webauthn.create",
            Act::Get => "webauthn.get",
        }
    }
}

/// What the browser says the authenticator was asked for. Other members are passed over, as 5.8.1 asks.
#[derive(Deserialize)]
pub(super) struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl ClientData {
    /// Reads it.
    pub(super) fn read(bytes: &[u8]) -> Result<ClientData, PasskeyFault> {
        if bytes.len() > BYTES_MAX {
            return Err(PasskeyFault::Malformed);
        }
        serde_json::from_slice(bytes).map_err(|_| PasskeyFault::Malformed)
    }

    /// The challenge that was signed, as bytes.
    pub(super) fn challenge(&self) -> Result<Vec<u8>, PasskeyFault> {
        URL_SAFE_NO_PAD.decode(&self.challenge).map_err(|_| PasskeyFault::Malformed)
    }

    fn judge(&self, act: Act, party: &RelyingParty) -> Result<(), PasskeyFault> {
        if self.r#type != act.name() {
            Err(PasskeyFault::Act)
        } else if self.origin != party.origin || self.cross_origin {
            Err(PasskeyFault::Origin)
        } else {
            Ok(())
        }
    }
}

/// The authenticator's data: who asked, what the person did, how often it signed.
struct Data<'a> {
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

impl Data<'_> {
    fn read<'a>(bytes: &'a [u8], party: &RelyingParty) -> Result<Data<'a>, PasskeyFault> {
        if bytes.len() > BYTES_MAX {
            return Err(PasskeyFault::Malformed);
        }
        let (asker, rest) =
            bytes.split_at_checked(digest::SHA256_OUTPUT_LEN).ok_or(PasskeyFault::Malformed)?;
        let (flags, rest) = rest.split_first().ok_or(PasskeyFault::Malformed)?;
        let (sign_count, rest) = rest.split_first_chunk().ok_or(PasskeyFault::Malformed)?;
        let (flags, sign_count) = (*flags, u32::from_be_bytes(*sign_count));
        if asker != digest::digest(&digest::SHA256, party.id.as_bytes()).as_ref() {
            return Err(PasskeyFault::Asker);
        }
        if flags & PRESENT == 0 || flags & VERIFIED == 0 {
            return Err(PasskeyFault::Unverified);
        }
        if flags & BACKED_UP != 0 && flags & MAY_BE_BACKED_UP == 0 {
            return Err(PasskeyFault::Malformed);
        }
        Ok(Data { flags, sign_count, rest })
    }
}

/// A new key, once the browser and the authenticator are believed. Its maker is asked for no proof of its make.
pub(super) fn created(party: &RelyingParty, said: &ClientData, made: &Made) -> Result<Passkey, PasskeyFault> {
    said.judge(Act::Create, party)?;
    let data = Data::read(&made.authenticator_data, party)?;
    // The maker's number, the length of the id, the id, and the key once more in another form.
    let (_, rest) = data.rest.split_at_checked(16).ok_or(PasskeyFault::Malformed)?;
    let (length, rest) = rest.split_first_chunk().ok_or(PasskeyFault::Malformed)?;
    let (id, key) =
        rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(PasskeyFault::Malformed)?;
    let same: bool = URL_SAFE_NO_PAD.encode(id) == made.id.as_str();
    if data.flags & HOLDS_KEY == 0 || !same || key.is_empty() {
        return Err(PasskeyFault::Malformed);
    }
    let algorithm = algorithm_of(made.algorithm).ok_or(PasskeyFault::Key)?;
    let der = read_spki(&made.public_key, algorithm).map_err(|_| PasskeyFault::Key)?;
    let public_key = PublicKey::try_from(STANDARD.encode(der)).map_err(|_| PasskeyFault::Key)?;
    Ok(Passkey { passkey: made.id.clone(), algorithm, public_key, sign_count: data.sign_count })
}

/// How often the key signed, once it is found that it did.
pub(super) fn signed(
    party: &RelyingParty,
    said: &ClientData,
    signed: &Signed,
    key: &Passkey,
) -> Result<u32, PasskeyFault> {
    said.judge(Act::Get, party)?;
    let data = Data::read(&signed.authenticator_data, party)?;
    let der = STANDARD.decode(key.public_key.as_str()).map_err(|_| PasskeyFault::Key)?;
    let key = ParsedPublicKey::new(checked_by(key.algorithm)?, &der).map_err(|_| PasskeyFault::Key)?;
    let over = digest::digest(&digest::SHA256, &signed.client_data);
    let over = [signed.authenticator_data.as_slice(), over.as_ref()].concat();
    key.verify_sig(&over, &signed.signature).map_err(|_| PasskeyFault::Signature)?;
    Ok(data.sign_count)
}

/// The algorithms that are asked for, best first, by their numbers in COSE (RFC 9053, RFC 8812).
pub(super) const ALGORITHMS: [(i64, SignatureAlgorithm); 3] =
    [(-8, SignatureAlgorithm::EdDsa), (-7, SignatureAlgorithm::Es256), (-257, SignatureAlgorithm::Rs256)];

fn algorithm_of(number: i64) -> Option<SignatureAlgorithm> {
    ALGORITHMS.into_iter().find(|(known, _)| *known == number).map(|(_, algorithm)| algorithm)
}

fn checked_by(algorithm: SignatureAlgorithm) -> Result<&'static dyn VerificationAlgorithm, PasskeyFault> {
    match algorithm {
        SignatureAlgorithm::EdDsa => Ok(&ED25519),
        SignatureAlgorithm::Es256 => Ok(&ECDSA_P256_SHA256_ASN1),
        SignatureAlgorithm::Rs256 => Ok(&RSA_PKCS1_2048_8192_SHA256),
        SignatureAlgorithm::Rs512 | SignatureAlgorithm::Ps256 => Err(PasskeyFault::Key),
    }
}

/// A key that nobody holds, for names that nobody has: a wrong answer takes as long as for a known name.
pub(super) fn nobodys() -> Option<Passkey> {
    let public_key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBi7LuyzHdsTYVA5vMK85KvYbzzuPl4ieeoZe+Q5ozIrV9mFAfA5ixtiKgMG0\
                      mh4YpMuMz5M752CPcPEG3LKd7g==";
    let passkey: PasskeyId = "bm9ib2R5J3MgcGFzc2tleS0w".parse().ok()?;
    let public_key = PublicKey::try_from(public_key.to_owned()).ok()?;
    Some(Passkey { passkey, algorithm: SignatureAlgorithm::Es256, public_key, sign_count: 0 })
}

#[cfg(test)]
mod tests {
    //! Made and signed once by another implementation, passkey-client 0.6.0 of passkey-rs, for an invented address.

    use super::*;

    const ID: &str = "yNhKdo9g3fVscRDaPX29Yg";
    const MADE_CLIENT_DATA: &str = "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQUFFQ0F3UUZCZ2NJQ1FvTERBME9EeEFSRWhN\
         VUZSWVhHQmthR3h3ZEhoOCIsIm9yaWdpbiI6Imh0dHBzOi8vZGlyZWN0b3J5LmV4YW1wbGUiLCJjcm9zc09yaWdp\
         biI6ZmFsc2V9";
    const MADE_DATA: &str = "RoGqFkEODMYMrmFSRO0D3FE2MjlemGhulIRX3sgiGvxdAAAAAAAAAAAAAAAAAAAAAAAAAAAAEMjYSnaPYN31bHEQ\
         2j19vWKlAQIDJiABIVggn8UFgZ_5bX88hv-QJ8pXuDaJRQMiWTl1AqRGlhQYn1UiWCDEy0wp_qKMKw5VH5cUQEFb\
         XMi50NHtU_bM4_m_UHkPEQ";
    const PUBLIC_KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEn8UFgZ_5bX88hv-QJ8pXuDaJRQMiWTl1AqRGlhQYn1XEy0wp_qKM\
         Kw5VH5cUQEFbXMi50NHtU_bM4_m_UHkPEQ";
    const SIGNED_CLIENT_DATA: &str = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiSUNFaUl5UWxKaWNvS1NvckxDMHVMekF4TWpNME5U\
         WTNPRGs2T3p3OVBqOCIsIm9yaWdpbiI6Imh0dHBzOi8vZGlyZWN0b3J5LmV4YW1wbGUiLCJjcm9zc09yaWdpbiI6\
         ZmFsc2V9";
    const SIGNED_DATA: &str = "RoGqFkEODMYMrmFSRO0D3FE2MjlemGhulIRX3sgiGvwdAAAAAQ";
    const SIGNATURE: &str = "MEQCIGRfAnq--SFz044y9Mqgd9dsuu50b6fJTZBXVYjCLH2XAiAURTTaVIWQbPJFVIfcWO3y76aEgQBSgdomdHtC\
         1iWG1w";

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn party() -> RelyingParty {
        RelyingParty { id: "directory.example".to_owned(), origin: "https://directory.example".to_owned() }
    }

    fn made() -> Made {
        Made {
            id: ID.parse().unwrap(),
            client_data: bytes(MADE_CLIENT_DATA),
            authenticator_data: bytes(MADE_DATA),
            public_key: bytes(PUBLIC_KEY),
            algorithm: -7,
        }
    }

    fn signature() -> Signed {
        Signed {
            id: ID.parse().unwrap(),
            client_data: bytes(SIGNED_CLIENT_DATA),
            authenticator_data: bytes(SIGNED_DATA),
            signature: bytes(SIGNATURE),
            user: None,
        }
    }

    fn create(party: &RelyingParty, made: &Made) -> Result<Passkey, PasskeyFault> {
        created(party, &ClientData::read(&made.client_data)?, made)
    }

    fn get(party: &RelyingParty, given: &Signed) -> Result<u32, PasskeyFault> {
        let key = create(&self::party(), &made())?;
        signed(party, &ClientData::read(&given.client_data)?, given, &key)
    }

    #[test]
    fn what_another_implementation_made_and_signed_is_believed() {
        let key = create(&party(), &made()).unwrap();
        assert_eq!((key.algorithm, key.sign_count), (SignatureAlgorithm::Es256, 0));
        assert_eq!(get(&party(), &signature()), Ok(1));
        let said = ClientData::read(&signature().client_data).unwrap();
        assert_eq!(said.challenge().unwrap(), (0x20..0x40).collect::<Vec<u8>>());
    }

    #[test]
    fn each_word_of_the_relying_party_counts() {
        let elsewhere = RelyingParty { origin: "https://directory.example:8443".to_owned(), ..party() };
        let other = RelyingParty { id: "example".to_owned(), ..party() };
        assert_eq!(create(&elsewhere, &made()), Err(PasskeyFault::Origin));
        assert_eq!(create(&other, &made()), Err(PasskeyFault::Asker));
        assert_eq!(get(&elsewhere, &signature()), Err(PasskeyFault::Origin));
        assert_eq!(get(&other, &signature()), Err(PasskeyFault::Asker));
    }

    #[test]
    fn no_bit_that_was_signed_can_be_turned_over() {
        let whole = signature();
        for place in 0..whole.authenticator_data.len() * 8 {
            let mut turned = whole.clone();
            turned.authenticator_data[place / 8] ^= 1 << (place % 8);
            assert!(get(&party(), &turned).is_err(), "bit {place} of the data");
        }
        for place in 0..whole.client_data.len() {
            let mut turned = whole.clone();
            turned.client_data[place] ^= 1;
            assert!(get(&party(), &turned).is_err(), "byte {place} of the client data");
        }
        for place in 0..whole.signature.len() {
            let mut turned = whole.clone();
            turned.signature[place] ^= 1;
            assert!(get(&party(), &turned).is_err(), "byte {place} of the signature");
        }
    }

    #[test]
    fn presence_and_the_question_for_the_pin_are_both_demanded() {
        for (flag, fault) in [(PRESENT, PasskeyFault::Unverified), (VERIFIED, PasskeyFault::Unverified)] {
            let (mut new, mut known) = (made(), signature());
            new.authenticator_data[32] &= !flag;
            known.authenticator_data[32] &= !flag;
            assert_eq!(create(&party(), &new), Err(fault), "{flag}");
            assert_eq!(get(&party(), &known), Err(fault), "{flag}");
        }
        let mut keyless = made();
        keyless.authenticator_data[32] &= !HOLDS_KEY;
        assert_eq!(create(&party(), &keyless), Err(PasskeyFault::Malformed));
    }

    #[test]
    fn a_text_cut_anywhere_is_refused_and_breaks_nothing() {
        let whole = made();
        // The key in its other form is not read: cut within it, the rest stands.
        let ends = 37 + 16 + 2 + 16;
        for length in 0..=ends {
            let data = whole.authenticator_data[..length].to_vec();
            let cut = Made { authenticator_data: data, ..whole.clone() };
            assert_eq!(create(&party(), &cut), Err(PasskeyFault::Malformed), "{length}");
        }
        for length in 0..whole.client_data.len() {
            assert!(ClientData::read(&whole.client_data[..length]).is_err(), "{length}");
        }
        let long = Made { client_data: vec![b' '; BYTES_MAX + 1], ..whole.clone() };
        assert_eq!(create(&party(), &long), Err(PasskeyFault::Malformed));
    }

    #[test]
    fn a_key_of_another_kind_or_algorithm_is_not_taken() {
        for algorithm in [-8, -257, -35, 0] {
            let other = Made { algorithm, ..made() };
            assert_eq!(create(&party(), &other), Err(PasskeyFault::Key), "{algorithm}");
        }
        let other = Made { public_key: vec![4; 65], ..made() };
        assert_eq!(create(&party(), &other), Err(PasskeyFault::Key));
    }

    #[test]
    fn nobodys_key_is_one_that_can_be_checked() {
        let said = ClientData::read(&signature().client_data).unwrap();
        let judged = signed(&party(), &said, &signature(), &nobodys().unwrap());
        assert_eq!(judged, Err(PasskeyFault::Signature));
    }
}
