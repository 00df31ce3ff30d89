//! Keys of invented clients, and what they sign: rightly, and in every way that forges.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use directory::read_public_key;
use events::organisation::client::Key;
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign};
use serde_json::{Value, json};

/// For whom an assertion for a token is meant: the server's address where nothing else is set.
pub(crate) const TOKEN_ENDPOINT: &str = "http://127.0.0.1:8080/oauth/token";

/// For whom an assertion about an acting user is meant.
pub(crate) const AUDIENCE: &str = "http://127.0.0.1:8080/api/v1";

/// One key of a client, both halves.
pub(crate) struct Pair {
    pub(crate) kid: String,
    algorithm: Algorithm,
    private: EncodingKey,
    spki: Vec<u8>,
}

impl Pair {
    pub(crate) fn ed25519(kid: &str) -> Pair {
        let pair = Ed25519KeyPair::generate().unwrap();
        let private = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
        let spki = pair.public_key().as_der().unwrap().as_ref().to_vec();
        Pair { kid: kid.to_owned(), algorithm: Algorithm::EdDSA, private, spki }
    }

    pub(crate) fn p256(kid: &str) -> Pair {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).unwrap();
        let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec();
        let private = EncodingKey::from_ec_der(document.as_ref());
        Pair { kid: kid.to_owned(), algorithm: Algorithm::ES256, private, spki }
    }

    /// An RSA key named for its algorithm.
    pub(crate) fn rsa(kid: &str) -> Pair {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let private = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec();
        let algorithm = kid.to_uppercase().parse().unwrap();
        // Within PKCS #8 the key itself (PKCS #1) comes after a head of this length, for keys of this size.
        let private = EncodingKey::from_rsa_der(&private.as_ref()[26..]);
        Pair { kid: kid.to_owned(), algorithm, private, spki }
    }

    /// The half that the directory is given, as PEM.
    pub(crate) fn pem(&self) -> String {
        let body = STANDARD.encode(&self.spki);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// As it is read.
    pub(crate) fn public(&self) -> Key {
        let algorithm = format!("{:?}", self.algorithm).parse().unwrap();
        read_public_key(&self.pem(), Some(self.kid.parse().unwrap()), Some(algorithm)).unwrap()
    }

    /// The public half of a P-256 key as JWK.
    pub(crate) fn jwk(&self) -> Value {
        let point = &self.spki[self.spki.len() - 64..];
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[..32]), URL_SAFE_NO_PAD.encode(&point[32..]));
        json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    }

    /// Signs these claims under this header, `alg` put in.
    pub(crate) fn signed(&self, header: &Value, claims: &Value) -> String {
        let header = changed(header, &json!({"alg": format!("{:?}", self.algorithm)}));
        let message = message(&header, claims);
        let signature = sign(message.as_bytes(), &self.private, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

/// An object with some members changed; `null` takes one away.
pub(crate) fn changed(object: &Value, changes: &Value) -> Value {
    let mut members = object.as_object().unwrap().clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    Value::Object(members)
}

/// What is unsigned and says so.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.", message(&changed(header, &json!({"alg": "none"})), claims))
}

/// The oldest forgery: signed with a shared secret, which is the public key that everybody has.
pub(crate) fn hmac_by_public_key(pair: &Pair, claims: &Value) -> String {
    let header = json!({"alg": "HS256", "typ": "acting-user+jwt", "kid": pair.kid});
    let message = message(&header, claims);
    let signature =
        sign(message.as_bytes(), &EncodingKey::from_secret(pair.pem().as_bytes()), Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

fn message(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}
