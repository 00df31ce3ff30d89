//! Secrets as kept: hashes of passwords and PINs, seeds of one-time codes. Never printed.
//!
//! Source: rules.md 5.2. Hashing and checking are the directory's; here they are opaque.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One secret, opaque here; prints as `Secret(..)`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret as it is to be kept.
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// The secret itself, for checking against.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(..)")
    }
}
