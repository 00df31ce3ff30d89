//! Keys of an invented provider: published, signing rightly, and signing as forgers would.

use std::sync::LazyLock;

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// One key of the provider.
pub(crate) enum ProviderKey {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(&'static RsaKeyPair),
}

impl ProviderKey {
    pub(crate) fn ed25519() -> ProviderKey {
        ProviderKey::Ed25519(Ed25519KeyPair::generate().unwrap())
    }

    pub(crate) fn p256() -> ProviderKey {
        ProviderKey::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub(crate) fn rsa() -> ProviderKey {
        // One for all tests: drawing it takes half a second.
        static PAIR: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
        ProviderKey::Rsa(&PAIR)
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        let written = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            ProviderKey::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig", "x": written(pair.public_key().as_ref())})
            }
            ProviderKey::P256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": written(&point[1..33]), "y": written(&point[33..])})
            }
            ProviderKey::Rsa(pair) => {
                let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
                let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
                json!({"kty": "RSA", "kid": kid, "n": written(n), "e": written(e)})
            }
        }
    }

    pub(super) fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match (self, algorithm) {
            (_, "none") => Vec::new(),
            // As whoever holds the public half alone would forge.
            (_, "HS256") => {
                let secret = self.jwk("").to_string();
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message).as_ref().to_vec()
            }
            (ProviderKey::Ed25519(pair), _) => pair.sign(message).as_ref().to_vec(),
            (ProviderKey::P256(pair), _) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            (ProviderKey::Rsa(pair), _) => {
                let encoding: &'static dyn signature::RsaEncoding = match algorithm {
                    "PS256" => &RSA_PSS_SHA256,
                    "RS512" => &RSA_PKCS1_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signed = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut signed).unwrap();
                signed
            }
        }
    }
}
