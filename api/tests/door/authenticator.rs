//! A security token in software: makes a key, asks for its PIN, signs; rightly, and in every way that forges.

use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The address of the server that the token is made for, and its host.
pub(crate) const ADDRESS: &str = "https://directory.example";
const HOST: &str = "directory.example";

/// Flags of the authenticator's data: the person was there, and was asked for the PIN; a key follows.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HOLDS_KEY: u8 = 0x40;

/// A token with one key.
pub(crate) struct Token {
    pair: EcdsaKeyPair,
    id: Vec<u8>,
    pub(crate) count: u32,
}

/// What the browser and the token say; each field may be a lie.
pub(crate) struct Says {
    pub(crate) act: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) host: &'static str,
    pub(crate) verified: bool,
    pub(crate) framed: bool,
}

impl Says {
    pub(crate) fn made() -> Says {
        Says { act: "webauthn.create", origin: ADDRESS, host: HOST, verified: true, framed: false }
    }

    pub(crate) fn signed() -> Says {
        Says { act: "webauthn.get", ..Says::made() }
    }
}

impl Token {
    pub(crate) fn new(number: u8) -> Token {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref()).unwrap();
        Token { pair, id: vec![number; 32], count: 0 }
    }

    pub(crate) fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.id)
    }

    fn client_data(asked: &Value, says: &Says) -> Vec<u8> {
        let said = json!({
            "type": says.act, "challenge": asked["options"]["challenge"], "origin": says.origin,
            "crossOrigin": says.framed
        });
        serde_json::to_vec(&said).unwrap()
    }

    fn data(&self, says: &Says, flags: u8) -> Vec<u8> {
        let verified = if says.verified { VERIFIED } else { 0 };
        let mut data = digest(&SHA256, says.host.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// What `navigator.credentials.create` gives, as a browser writes it.
    pub(crate) fn makes(&self, asked: &Value, says: &Says) -> Value {
        let mut data = self.data(says, HOLDS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // The key in COSE: a map of five (RFC 9053 section 7.1).
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(x);
        data.extend([0x22, 0x58, 32]);
        data.extend(y);
        let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(self.pair.public_key()).unwrap();
        json!({"passkey": {
            "id": self.id(), "rawId": self.id(), "type": "public-key", "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {}, "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(Token::client_data(asked, says)),
                "authenticatorData": URL_SAFE_NO_PAD.encode(&data), "transports": ["usb"],
                "publicKey": URL_SAFE_NO_PAD.encode(spki.as_ref()), "publicKeyAlgorithm": -7,
                "attestationObject": "o2NmbXRkbm9uZQ"
            }
        }})
    }

    /// What `navigator.credentials.get` gives, as a browser writes it.
    pub(crate) fn signs(&self, asked: &Value, says: &Says) -> Value {
        let (client_data, data) = (Token::client_data(asked, says), self.data(says, 0));
        let over = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &over).unwrap();
        json!({"passkey": {
            "id": self.id(), "rawId": self.id(), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature.as_ref())
            }
        }})
    }
}
