//! The keys that a provider publishes (RFC 7517), and what is signed by one of them.
//!
//! Four algorithms are taken, and of a key only those of its kind: a header decides between RS256 and PS256 and
//! about nothing else. Keys that cannot be read, that do not sign or that hold a private half are passed over.

use events::{
    assertion,
    id_token::{Fault, IdTokenClaims, is_id_token},
};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::value::RawValue;
use vocabulary::SignatureAlgorithm;

use crate::{
    assertions::signed_claims,
    public_keys::{PublishedKey, read_published},
};

/// Most keys of a provider that are read; the largest publish some ten.
const KEYS_MAX: usize = 64;

/// Longest ID token, in bytes: some providers tell of every group that a person is in.
const TOKEN_BYTES_MAX: usize = 32_768;

/// The keys of a provider, as it published them.
#[derive(Debug, Clone, Default)]
pub struct ProviderKeys(Vec<PublishedKey>);

#[derive(Deserialize)]
struct Published {
    keys: Vec<Box<RawValue>>,
}

impl ProviderKeys {
    /// Reads a set of keys. `None` where it is not one, or holds none that can be used.
    pub fn read(document: &[u8]) -> Option<ProviderKeys> {
        let published: Published = serde_json::from_slice(document).ok()?;
        let keys = published.keys.iter().take(KEYS_MAX);
        let keys: Vec<_> = keys.filter_map(|key| read_published(key.get())).collect();
        (!keys.is_empty()).then_some(ProviderKeys(keys))
    }

    /// The claims of an ID token, once its signature was found to be one of these keys'.
    pub(super) fn claims(&self, token: &str) -> Result<IdTokenClaims, Fault> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Fault::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Fault::Malformed)?;
        if header.crit.is_some() || !is_id_token(header.typ.as_deref()) {
            return Err(Fault::Type);
        }
        let algorithm = taken(header.alg).ok_or(Fault::Algorithm)?;
        let key = self.named(header.kid.as_deref(), algorithm)?;
        signed_claims(token, algorithm, &key.der).map_err(|fault| {
            if fault == assertion::Fault::Signature { Fault::Signature } else { Fault::Malformed }
        })
    }

    /// The key of that name; without a name the only one that signs by this algorithm.
    fn named(&self, name: Option<&str>, algorithm: SignatureAlgorithm) -> Result<&PublishedKey, Fault> {
        let signs = |key: &&PublishedKey| key.algorithms.contains(&algorithm);
        let Some(name) = name else {
            let mut fitting = self.0.iter().filter(signs);
            let only = fitting.next().ok_or(Fault::Key)?;
            return if fitting.next().is_none() { Ok(only) } else { Err(Fault::Key) };
        };
        let mut named = self.0.iter().filter(|key| key.kid.as_deref() == Some(name)).peekable();
        if named.peek().is_none() {
            return Err(Fault::Key);
        }
        named.find(signs).ok_or(Fault::Algorithm)
    }
}

/// The algorithms that are taken. What a secret would be enough to sign by is never among them.
fn taken(algorithm: Algorithm) -> Option<SignatureAlgorithm> {
    [
        (Algorithm::RS256, SignatureAlgorithm::Rs256),
        (Algorithm::PS256, SignatureAlgorithm::Ps256),
        (Algorithm::ES256, SignatureAlgorithm::Es256),
        (Algorithm::EdDSA, SignatureAlgorithm::EdDsa),
    ]
    .into_iter()
    .find_map(|(told, ours)| (told == algorithm).then_some(ours))
}
