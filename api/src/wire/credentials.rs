//! The bodies of requests about what clients prove themselves by. Each refuses fields that it does not know.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use vocabulary::{KeyName, SignatureAlgorithm};

/// `POST /api/v1/clients/{id}/keys`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// The public key: PEM, or a JWK as text.
    pub public_key: String,
    /// Its name; the JWK's own, else its SHA-256, where absent.
    pub kid: Option<KeyName>,
    /// The one algorithm it is used with; the JWK's own, else by its kind, where absent.
    pub algorithm: Option<SignatureAlgorithm>,
}

/// `POST /api/v1/clients/{id}/certificates`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCertificate {
    /// The certificate in PEM.
    pub certificate: String,
}

/// `POST …/retirement` of a key, a secret or a certificate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retirement {
    /// From when on it is good no more; now, where absent.
    pub retired_from: Option<DateTime<Utc>>,
}
