//! Words of a client's credentials: names of keys, algorithms, certificates, and how a person signed in there.
//!
//! Source: RFC 7517 (keys), RFC 7518 and RFC 8037 (algorithms), RFC 8705 (certificates), RFC 8176 (methods).

use std::{fmt, fmt::Write, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    NotAWord,
    wording::{find, read},
};

/// Longest name of a key; a SHA-256 in base64url takes 43 characters, a vendor's own name rarely more.
pub const KEY_NAME_CHARACTERS_MAX: usize = 64;

/// Bytes of a certificate's SHA-256.
const THUMBPRINT_BYTES: usize = 32;

/// The name of one key of a client, `kid` in the header of what it signs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyName(String);

impl KeyName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let signs = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:~=".contains(&byte);
        if (1..=KEY_NAME_CHARACTERS_MAX).contains(&text.len()) && text.bytes().all(signs) {
            Ok(KeyName(text.to_owned()))
        } else {
            Err(NotAWord { expected: "a key's name: 1 to 64 letters, digits and - _ . : ~ =" })
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, str::parse)
    }
}

/// What a client signs by, pinned to its key: what a header says of it decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA, PKCS #1 version 1.5, with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSA, PKCS #1 version 1.5, with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// RSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
}

impl SignatureAlgorithm {
    /// Every one.
    pub const ALL: [SignatureAlgorithm; 5] = [
        SignatureAlgorithm::EdDsa,
        SignatureAlgorithm::Es256,
        SignatureAlgorithm::Rs256,
        SignatureAlgorithm::Rs512,
        SignatureAlgorithm::Ps256,
    ];

    /// The word for it in a header.
    pub fn name(self) -> &'static str {
        match self {
            SignatureAlgorithm::EdDsa => "EdDSA",
            SignatureAlgorithm::Es256 => "ES256",
            SignatureAlgorithm::Rs256 => "RS256",
            SignatureAlgorithm::Rs512 => "RS512",
            SignatureAlgorithm::Ps256 => "PS256",
        }
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let expected = "one of EdDSA, ES256, RS256, RS512 and PS256";
        find(&SignatureAlgorithm::ALL, SignatureAlgorithm::name, text, expected)
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// SHA-256 of a certificate as it is sent (DER); written in 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint([u8; THUMBPRINT_BYTES]);

impl Thumbprint {
    /// Takes the bytes of a SHA-256.
    pub fn new(bytes: [u8; THUMBPRINT_BYTES]) -> Thumbprint {
        Thumbprint(bytes)
    }
}

impl FromStr for Thumbprint {
    type Err = NotAWord;

    /// Takes hexadecimal digits, with or without the colons that OpenSSL writes.
    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let expected = NotAWord { expected: "a certificate's SHA-256: 64 hexadecimal digits" };
        let mut digits = text.chars().filter(|sign| *sign != ':').map(|sign| sign.to_digit(16));
        let mut bytes = [0; THUMBPRINT_BYTES];
        for byte in &mut bytes {
            let (Some(Some(high)), Some(Some(low))) = (digits.next(), digits.next()) else {
                return Err(expected);
            };
            *byte = u8::try_from(high * 16 + low).unwrap_or_default();
        }
        if digits.next().is_none() { Ok(Thumbprint(bytes)) } else { Err(expected) }
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl Serialize for Thumbprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(2 * THUMBPRINT_BYTES);
        write!(text, "{self}").map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Thumbprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, str::parse)
    }
}

/// How a person signed in at a case management system: the registered values of `amr` (RFC 8176).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// By the face.
    Face,
    /// By a fingerprint.
    Fpt,
    /// By the place.
    Geo,
    /// By a key in hardware.
    Hwk,
    /// By the iris.
    Iris,
    /// By questions that only the person can answer.
    Kba,
    /// Over several channels.
    Mca,
    /// By several factors.
    Mfa,
    /// By a one-time code.
    Otp,
    /// By a PIN.
    Pin,
    /// By holding a key.
    Pop,
    /// By a password.
    Pwd,
    /// By a judgement of risk.
    Rba,
    /// By the retina.
    Retina,
    /// By a smart card.
    Sc,
    /// By a text message.
    Sms,
    /// By a key in software.
    Swk,
    /// By a telephone call.
    Tel,
    /// By the person's presence.
    User,
    /// By the voice.
    Vbm,
    /// By the sign-in to Windows.
    Wia,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_without_spaces_quotes_or_controls() {
        let longest = "k".repeat(KEY_NAME_CHARACTERS_MAX);
        for fine in ["2026-11", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "urn:key:1", longest.as_str()]
        {
            assert_eq!(fine.parse::<KeyName>().map(|name| name.to_string()), Ok(fine.to_owned()));
        }
        for bad in ["", "a key", "a\"b", "a\nb", "clé", &"k".repeat(KEY_NAME_CHARACTERS_MAX + 1)] {
            assert!(bad.parse::<KeyName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_algorithm_is_one_of_five_and_never_none_or_symmetric() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(algorithm));
        }
        for bad in ["none", "HS256", "es256", "RS1", ""] {
            assert!(bad.parse::<SignatureAlgorithm>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_thumbprint_is_read_with_colons_and_written_without() {
        let plain = "00ff".repeat(16);
        let colons = ["00:FF"; 16].join(":");
        assert_eq!(colons.parse::<Thumbprint>().map(|read| read.to_string()), Ok(plain.clone()));
        for bad in [&plain[1..], &format!("{plain}0"), &plain.replace('f', "g"), ""] {
            assert!(bad.parse::<Thumbprint>().is_err(), "{bad}");
        }
    }
}
