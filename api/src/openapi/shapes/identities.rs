//! What is said about identity providers and linked identities.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::words::{Id, Instant};

/// Where a browser is to be sent.
#[derive(ToSchema)]
pub(in crate::openapi) struct SentToProvider {
    /// The provider's address, with everything that it needs to know.
    authorization_url: String,
    /// What only the browser that is sent may keep; it goes back with `state` and `code`.
    binding: String,
    expires_at: Instant,
}

/// Linked identities.
#[derive(ToSchema)]
pub(in crate::openapi) struct Identities {
    identities: Vec<LinkedIdentity>,
}

/// A linked identity; as whom there is kept as a keyed hash and shown to nobody.
#[derive(ToSchema)]
pub(in crate::openapi) struct LinkedIdentity {
    id: Id,
    /// What the operator of the directory called the provider when it was linked.
    provider: String,
    linked_at: Instant,
}
