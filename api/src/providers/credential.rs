//! How this directory proves itself to a provider: a secret, or what it signs by a key of its own.
//!
//! Source: RFC 6749 section 2.3.1; RFC 7523 section 2.2; `OpenID` Connect Core 1.0 section 9.

use std::fmt;

use aws_lc_rs::{
    rand::{self, SystemRandom},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512,
        RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    },
};
use axum::http::HeaderValue;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use events::secret::Secret;
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde::Serialize;
use std::sync::Arc;
use vocabulary::{KeyName, SignatureAlgorithm};

use super::metadata::encoded;

/// What kind of assertion is sent (RFC 7523 section 2.2).
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Seconds for which an assertion is good: it is signed for one call.
const ASSERTION_SECONDS: i64 = 60;

/// What this directory proves itself by. Never prints.
#[derive(Clone)]
pub enum ClientCredential {
    /// A secret that the provider drew.
    Secret(Secret),
    /// A key of which the provider has the public half.
    Key(Arc<ClientKey>),
}

/// A private key, and how the provider knows it.
pub struct ClientKey {
    name: Option<KeyName>,
    pair: Pair,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>, SignatureAlgorithm, &'static dyn RsaEncoding),
}

/// Why a key or secret is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialFault {
    /// There is nothing in it.
    #[error("the secret is empty")]
    Empty,
    /// No private key.
    #[error("not a private key: give PKCS #8 in PEM, beginning with BEGIN PRIVATE KEY")]
    Malformed,
    /// Of another kind, or for an algorithm that is not its own.
    #[error("the key is of Ed25519, of P-256 or of RSA, and used with an algorithm of its kind")]
    Kind,
}

impl fmt::Debug for ClientCredential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ClientCredential(..)")
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: SignatureAlgorithm,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a KeyName>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl ClientCredential {
    /// Takes a secret as a file holds it: what follows it on its line is not part of it.
    ///
    /// # Errors
    /// `Empty`.
    pub fn secret(text: &str) -> Result<ClientCredential, CredentialFault> {
        let secret = text.trim();
        if secret.is_empty() {
            return Err(CredentialFault::Empty);
        }
        Ok(ClientCredential::Secret(Secret::new(secret.to_owned())))
    }

    /// Takes a private key in PEM; one of RSA signs by RS256 unless told otherwise.
    ///
    /// # Errors
    /// `Malformed`, `Kind`.
    pub fn key(
        pem: &str,
        name: Option<KeyName>,
        told: Option<SignatureAlgorithm>,
    ) -> Result<ClientCredential, CredentialFault> {
        use SignatureAlgorithm::{EdDsa, Es256, Ps256, Rs256, Rs512};
        let der =
            PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| CredentialFault::Malformed)?;
        let der = der.secret_pkcs8_der();
        let is = |own: SignatureAlgorithm| told.is_none_or(|told| told == own);
        let encoding: &'static dyn RsaEncoding = match told {
            Some(Ps256) => &RSA_PSS_SHA256,
            Some(Rs512) => &RSA_PKCS1_SHA512,
            Some(EdDsa | Es256 | Rs256) | None => &RSA_PKCS1_SHA256,
        };
        let pair = if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
            Some(Pair::Ed25519(pair)).filter(|_| is(EdDsa))
        } else if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
            Some(Pair::P256(pair)).filter(|_| is(Es256))
        } else if let Ok(pair) = RsaKeyPair::from_pkcs8(der) {
            let taken = [Rs256, Rs512, Ps256].into_iter().find(|own| told.unwrap_or(Rs256) == *own);
            taken.map(|algorithm| Pair::Rsa(Box::new(pair), algorithm, encoding))
        } else {
            None
        };
        let pair = pair.ok_or(CredentialFault::Kind)?;
        Ok(ClientCredential::Key(Arc::new(ClientKey { name, pair })))
    }

    /// What is signed for one call to the token endpoint; `None` for a secret.
    pub(super) fn assertion(&self, client: &str, endpoint: &str, now: DateTime<Utc>) -> Option<String> {
        let ClientCredential::Key(key) = self else { return None };
        let mut id = [0; 16];
        rand::fill(&mut id).ok()?;
        let iat = now.timestamp();
        let claims = Claims {
            iss: client,
            sub: client,
            aud: endpoint,
            iat,
            exp: iat + ASSERTION_SECONDS,
            jti: URL_SAFE_NO_PAD.encode(id),
        };
        let header = Header { alg: key.algorithm(), typ: "JWT", kid: key.name.as_ref() };
        let part = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
        let header = part(serde_json::to_vec(&header).ok()?);
        let signed = format!("{header}.{}", part(serde_json::to_vec(&claims).ok()?));
        let signature = key.sign(signed.as_bytes())?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl ClientKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        match &self.pair {
            Pair::Ed25519(_) => SignatureAlgorithm::EdDsa,
            Pair::P256(_) => SignatureAlgorithm::Es256,
            Pair::Rsa(_, algorithm, _) => *algorithm,
        }
    }

    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Pair::P256(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Rsa(pair, _, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

/// Id and secret as HTTP Basic, each encoded first as RFC 6749 section 2.3.1 asks.
pub(super) fn basic(client: &str, secret: &str) -> HeaderValue {
    let pair = format!("{}:{}", encoded(client), encoded(secret));
    let header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)));
    let mut header = header.unwrap_or(HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}
