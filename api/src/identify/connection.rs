//! The connection a request came over: which certificate the client showed, if it showed one.
//!
//! Told by the server's own handshake and by nothing else: a header that a proxy might set is never read.

use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use axum::http::Extensions;
use vocabulary::Thumbprint;

/// The certificate of a connection, kept with each of its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown(Thumbprint);

impl Shown {
    /// Takes a certificate as it was sent (DER), after its chain was verified.
    pub(crate) fn certificate(der: &[u8]) -> Shown {
        let mut bytes = [0; SHA256_OUTPUT_LEN];
        bytes.copy_from_slice(digest(&SHA256, der).as_ref());
        Shown(Thumbprint::new(bytes))
    }
}

/// The certificate that came with the connection of a request.
pub(crate) fn shown(extensions: &Extensions) -> Option<&Thumbprint> {
    extensions.get().map(|Shown(thumbprint)| thumbprint)
}
