//! Public keys as vendors give them: a JWK (RFC 7517) or PEM, made one form and looked at before it is taken.
//!
//! Takes Ed25519 (`EdDSA`), P-256 (ES256) and RSA of 2,048 to 4,096 bits (RS256, RS512, PS256; which of the three
//! must be told). What reads a key here is what checks signatures later, so that none is taken that fails then.

use aws_lc_rs::{
    digest,
    encoding::AsDer,
    rsa::{PublicEncryptingKey, PublicKeyComponents},
    signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, VerificationAlgorithm},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use events::organisation::client::{Key, PublicKey};
use rustls_pki_types::{CertificateDer, SubjectPublicKeyInfoDer, pem::PemObject};
use serde::Deserialize;
use vocabulary::{KeyName, NotAWord, SignatureAlgorithm, Thumbprint};

/// Sizes of RSA keys in bits that are strong enough and do not make every request slow.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=4_096;

/// Longest text that is read as a key; RSA of 4,096 bits takes under a thousand characters in either form.
const CHARACTERS_MAX: usize = 8_192;

/// Longest key of a provider's set: with it come the certificates of those above it.
const JWK_CHARACTERS_MAX: usize = 32_768;

/// Why a key is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Neither a JWK nor PEM of a public key.
    #[error("not a public key: give one JWK, or PEM beginning with BEGIN PUBLIC KEY")]
    Malformed,
    /// It holds the private half as well.
    #[error("this is a private key: it stays with its owner; give the public one")]
    Private,
    /// Of another kind than can be checked here.
    #[error("not a key of Ed25519, of P-256, or of RSA with 2,048 to 4,096 bits")]
    Kind,
    /// Its algorithm is not told, or is not one of its kind.
    #[error(
        "name the algorithm of the key: EdDSA for Ed25519, ES256 for P-256, RS256, RS512 or PS256 for RSA"
    )]
    Algorithm,
    /// Not a certificate.
    #[error("not a certificate: give PEM beginning with BEGIN CERTIFICATE")]
    Certificate,
    /// Its name is not of its form.
    #[error(transparent)]
    Name(#[from] NotAWord),
}

/// The members of a JWK that matter here; others are passed over, as RFC 7517 section 4 asks.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    d: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    used_for: Option<String>,
}

/// A key of the set that an identity provider publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedKey {
    /// Its name.
    pub(crate) kid: Option<String>,
    /// The algorithms that it may be used with, at least one.
    pub(crate) algorithms: Vec<SignatureAlgorithm>,
    /// The public half, as signatures are checked by it.
    pub(crate) der: Vec<u8>,
}

/// Which kind of key it is, by what parsed it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ed25519,
    P256,
    Rsa,
}

/// Reads a public key. A name that is told comes before the key's own; without either it is named by its SHA-256.
///
/// # Errors
/// `KeyFault`, the first that applies.
pub fn read_public_key(
    text: &str,
    told_name: Option<KeyName>,
    told_algorithm: Option<SignatureAlgorithm>,
) -> Result<Key, KeyFault> {
    let text = text.trim();
    if text.len() > CHARACTERS_MAX {
        return Err(KeyFault::Malformed);
    }
    let (kind, der, own_name, own_algorithm) = if text.starts_with('{') {
        let jwk: Jwk = serde_json::from_str(text).map_err(|_| KeyFault::Malformed)?;
        if jwk.d.is_some() {
            return Err(KeyFault::Private);
        }
        let (kind, der) = of_jwk(&jwk)?;
        (kind, der, jwk.kid, jwk.alg)
    } else {
        let (kind, der) = of_pem(text)?;
        (kind, der, None, None)
    };
    let algorithm = match (told_algorithm, own_algorithm) {
        (None, Some(own)) => Some(own.parse().map_err(|_| KeyFault::Algorithm)?),
        (told, _) => told,
    };
    let name = match (told_name, own_name) {
        (Some(told), _) => told,
        (None, Some(own)) => own.parse()?,
        (None, None) => URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &der)).parse()?,
    };
    let public_key = PublicKey::try_from(STANDARD.encode(&der))?;
    Ok(Key { kid: name, algorithm: pinned(kind, algorithm)?, public_key })
}

/// Reads a key that a provider publishes. `None`: it does not sign, or not by an algorithm that is taken.
///
/// Providers often publish RSA keys without their algorithm: those are good for both RS256 and PS256.
pub(crate) fn read_published(jwk: &str) -> Option<PublishedKey> {
    let jwk: Jwk = Some(jwk)
        .filter(|jwk| jwk.len() <= JWK_CHARACTERS_MAX)
        .and_then(|jwk| serde_json::from_str(jwk).ok())?;
    if jwk.d.is_some() || jwk.used_for.as_deref().is_some_and(|used_for| used_for != "sig") {
        return None;
    }
    let (kind, der) = of_jwk(&jwk).ok()?;
    let of_kind: &[SignatureAlgorithm] = match kind {
        Kind::Ed25519 => &[SignatureAlgorithm::EdDsa],
        Kind::P256 => &[SignatureAlgorithm::Es256],
        Kind::Rsa => &[SignatureAlgorithm::Rs256, SignatureAlgorithm::Ps256],
    };
    let told = match &jwk.alg {
        Some(told) => Some(told.parse::<SignatureAlgorithm>().ok()?),
        None => None,
    };
    let algorithms = of_kind.iter().copied().filter(|own| told.is_none_or(|told| told == *own));
    let key = PublishedKey { kid: jwk.kid, algorithms: algorithms.collect(), der };
    (!key.algorithms.is_empty()).then_some(key)
}

/// The SHA-256 of the first certificate in PEM, by which a client is bound to it.
///
/// # Errors
/// `Certificate`: there is none.
pub fn read_thumbprint(pem: &str) -> Result<Thumbprint, KeyFault> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyFault::Certificate)?;
    let mut bytes = [0; digest::SHA256_OUTPUT_LEN];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, &der).as_ref());
    Ok(Thumbprint::new(bytes))
}

/// The one algorithm that a key is used with.
fn pinned(kind: Kind, told: Option<SignatureAlgorithm>) -> Result<SignatureAlgorithm, KeyFault> {
    use SignatureAlgorithm::{EdDsa, Es256, Ps256, Rs256, Rs512};
    match (kind, told) {
        (Kind::Ed25519, None | Some(EdDsa)) => Ok(EdDsa),
        (Kind::P256, None | Some(Es256)) => Ok(Es256),
        (Kind::Rsa, Some(rsa @ (Rs256 | Rs512 | Ps256))) => Ok(rsa),
        (Kind::Ed25519 | Kind::P256 | Kind::Rsa, _) => Err(KeyFault::Algorithm),
    }
}

fn of_jwk(jwk: &Jwk) -> Result<(Kind, Vec<u8>), KeyFault> {
    let bytes = |member: &Option<String>| {
        let text = member.as_deref().ok_or(KeyFault::Malformed)?;
        URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault::Malformed)
    };
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => Ok((Kind::Ed25519, parsed(&ED25519, &bytes(&jwk.x)?)?)),
        ("EC", Some("P-256")) => {
            // The point as SEC 1 writes it: uncompressed, then both coordinates.
            let point = [vec![4], bytes(&jwk.x)?, bytes(&jwk.y)?].concat();
            Ok((Kind::P256, parsed(&ECDSA_P256_SHA256_FIXED, &point)?))
        }
        ("RSA", None) => {
            let key = PublicKeyComponents { n: bytes(&jwk.n)?, e: bytes(&jwk.e)? };
            let der = key.as_der().map_err(|_| KeyFault::Malformed)?;
            Ok((Kind::Rsa, sized(der.as_ref())?))
        }
        ("oct", _) => Err(KeyFault::Private),
        _ => Err(KeyFault::Kind),
    }
}

fn of_pem(text: &str) -> Result<(Kind, Vec<u8>), KeyFault> {
    if text.contains("PRIVATE KEY-----") {
        return Err(KeyFault::Private);
    }
    let der = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyFault::Malformed)?;
    of_spki(&der)
}

/// Reads a public key as X.509 writes it, for the one algorithm that it is used with.
///
/// # Errors
/// `Kind`, `Algorithm`.
pub(crate) fn read_spki(der: &[u8], algorithm: SignatureAlgorithm) -> Result<Vec<u8>, KeyFault> {
    let (kind, der) = of_spki(der)?;
    pinned(kind, Some(algorithm)).map(|_| der)
}

fn of_spki(der: &[u8]) -> Result<(Kind, Vec<u8>), KeyFault> {
    parsed(&ED25519, der)
        .map(|der| (Kind::Ed25519, der))
        .or_else(|_| parsed(&ECDSA_P256_SHA256_FIXED, der).map(|der| (Kind::P256, der)))
        .or_else(|_| sized(der).map(|der| (Kind::Rsa, der)))
}

/// The key in the one form, once it was found to be a key: a point on its curve.
fn parsed(algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let key = ParsedPublicKey::new(algorithm, bytes).map_err(|_| KeyFault::Kind)?;
    key.as_der().map(|der| der.as_ref().to_vec()).map_err(|_| KeyFault::Kind)
}

/// The key in the one form, once it was found to be of RSA and of a size that is taken.
fn sized(given: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let key = PublicEncryptingKey::from_der(given).map_err(|_| KeyFault::Kind)?;
    if !RSA_BITS.contains(&key.key_size_bits()) {
        return Err(KeyFault::Kind);
    }
    key.as_der().map(|der| der.as_ref().to_vec()).map_err(|_| KeyFault::Kind)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        rsa::KeySize,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair},
    };

    use super::*;

    fn read(text: &str) -> Result<Key, KeyFault> {
        read_public_key(text, None, None)
    }

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    fn written(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn rsa(size: KeySize, told: SignatureAlgorithm) -> Result<Key, KeyFault> {
        let pair = RsaKeyPair::generate(size).unwrap();
        let der = AsDer::as_der(pair.public_key()).unwrap();
        read_public_key(&pem("PUBLIC KEY", der.as_ref()), None, Some(told))
    }

    #[test]
    fn a_key_is_the_same_whichever_way_it_is_given() {
        let ed = Ed25519KeyPair::generate().unwrap();
        let der = ed.public_key().as_der().unwrap();
        let of_pem = read(&pem("PUBLIC KEY", der.as_ref())).unwrap();
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, written(ed.public_key().as_ref()));
        assert_eq!(read(&jwk).unwrap(), of_pem);
        assert_eq!(of_pem.algorithm, SignatureAlgorithm::EdDsa);
        assert_eq!(of_pem.kid.as_str().len(), 43);
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = ec.public_key().as_ref();
        let (x, y) = (written(&point[1..33]), written(&point[33..]));
        let point_jwk =
            format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","kid":"2026-11","use":"sig"}}"#);
        let of_jwk = read(&point_jwk).unwrap();
        let point_der = AsDer::as_der(ec.public_key()).unwrap();
        let named =
            read_public_key(&pem("PUBLIC KEY", point_der.as_ref()), Some("2026-11".parse().unwrap()), None);
        assert_eq!(named.unwrap(), of_jwk);
        assert_eq!((of_jwk.algorithm, of_jwk.kid.as_str()), (SignatureAlgorithm::Es256, "2026-11"));
    }

    #[test]
    fn an_rsa_key_says_which_of_three_algorithms_and_is_of_some_size() {
        assert_eq!(
            rsa(KeySize::Rsa2048, SignatureAlgorithm::Rs512).unwrap().algorithm,
            SignatureAlgorithm::Rs512
        );
        assert_eq!(rsa(KeySize::Rsa2048, SignatureAlgorithm::Es256), Err(KeyFault::Algorithm));
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
        let jwk = |alg: &str| {
            let (n, e) =
                (written(n.big_endian_without_leading_zero()), written(e.big_endian_without_leading_zero()));
            format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"{alg}}}"#)
        };
        assert_eq!(read(&jwk(r#","alg":"PS256""#)).unwrap().algorithm, SignatureAlgorithm::Ps256);
        assert_eq!(read(&jwk("")), Err(KeyFault::Algorithm));
        assert_eq!(read(&jwk(r#","alg":"none""#)), Err(KeyFault::Algorithm));
        assert_eq!(read(&jwk(r#","alg":"HS256""#)), Err(KeyFault::Algorithm));
        // 1,024 bits: the modulus of the key above cut in two.
        let short = format!(r#"{{"kty":"RSA","alg":"RS256","n":"{}","e":"AQAB"}}"#, written(&[0xc7; 128]));
        assert!(read(&short).is_err());
    }

    #[test]
    fn a_certificate_is_known_by_the_sha_256_of_its_bytes() {
        let shown = read_thumbprint(&pem("CERTIFICATE", b"abc")).unwrap().to_string();
        assert_eq!(shown, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(read_thumbprint(&pem("PUBLIC KEY", b"abc")), Err(KeyFault::Certificate));
    }

    #[test]
    fn what_is_not_one_public_key_is_refused() {
        let ed = Ed25519KeyPair::generate().unwrap();
        let private = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&ed).unwrap();
        let der = ed.public_key().as_der().unwrap();
        let x = written(ed.public_key().as_ref());
        let table = [
            (String::new(), KeyFault::Malformed),
            ("{".to_owned(), KeyFault::Malformed),
            (r#"{"keys":[]}"#.to_owned(), KeyFault::Malformed),
            (pem("CERTIFICATE", der.as_ref()), KeyFault::Malformed),
            (pem("PRIVATE KEY", private.as_ref()), KeyFault::Private),
            (format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{x}"}}"#), KeyFault::Private),
            (r#"{"kty":"oct","k":"c2VjcmV0"}"#.to_owned(), KeyFault::Private),
            (format!(r#"{{"kty":"OKP","crv":"X25519","x":"{x}"}}"#), KeyFault::Kind),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#.to_owned(), KeyFault::Kind),
            // A point that is not on the curve.
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{x}"}}"#), KeyFault::Kind),
            (pem("PUBLIC KEY", b"nothing of a key"), KeyFault::Kind),
            (" ".repeat(10) + &"x".repeat(CHARACTERS_MAX + 1), KeyFault::Malformed),
        ];
        for (text, fault) in table {
            assert_eq!(read(&text), Err(fault), "{text}");
        }
        let spaced = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"a key"}}"#);
        assert!(matches!(read(&spaced), Err(KeyFault::Name(_))));
    }
}
