//! What clients prove themselves by: what is sent, and what is shown.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::words::{Instant, OrganisationId};

/// A public key that a client signs by.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewKey {
    /// PEM beginning with `BEGIN PUBLIC KEY`, or a JWK as text: Ed25519, P-256, or RSA of 2,048 to 4,096 bits.
    public_key: String,
    /// `kid` in what is signed by it; the JWK's own, else the key's SHA-256, where absent.
    kid: Option<String>,
    /// `EdDSA`, `ES256`, `RS256`, `RS512` or `PS256`; must be told for RSA where the JWK does not.
    algorithm: Option<String>,
}

/// A certificate that a client connects with.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewCertificate {
    /// PEM beginning with `BEGIN CERTIFICATE`.
    certificate: String,
}

/// From when on something is good no more; now, where absent. It never returns, and is never put off.
#[derive(ToSchema)]
pub(in crate::openapi) struct Retirement {
    retired_from: Option<Instant>,
}

/// A key or certificate that was added.
#[derive(ToSchema)]
pub(in crate::openapi) struct CredentialAdded {
    /// The key's name, or the certificate's SHA-256.
    id: String,
    changed: bool,
    position: Option<i64>,
}

/// A secret, shown once.
#[derive(ToSchema)]
pub(in crate::openapi) struct SecretShownOnce {
    number: u32,
    client_secret: String,
    position: Option<i64>,
}

/// One thing that a client proves itself by.
#[derive(ToSchema)]
pub(in crate::openapi) struct Credential {
    /// `secret`, `key` or `certificate`.
    kind: String,
    /// A secret's number, a key's name, a certificate's SHA-256.
    id: String,
    algorithm: Option<String>,
    /// `good`, `ending` or `retired`.
    state: String,
    retired_from: Option<Instant>,
}

/// A client with what it proves itself by.
#[derive(ToSchema)]
pub(in crate::openapi) struct ClientShown {
    client_id: String,
    organisation: OrganisationId,
    credentials: Vec<Credential>,
}
