//! The evidence bundle of a case: what was replayed, with all that is needed to check it without us.
//!
//! One ZIP file, nothing in it compressed. `bundle.json` holds what is claimed: whose case, who approved it, and of
//! each record its header, its sealed payload, the key that opens this payload and no other, and its text.
//! `proofs.json` holds what proves it: the signed checkpoint, a path from each record to its root, and the record
//! `bundle_made`, by which the log itself bears the SHA-256 of `bundle.json`. What each binding is worth is said in
//! ADR-0052 and in the README of every bundle. [`check`] is pure: no clock, no folder, no network.

mod check;
mod claims;
mod encoding;
mod zip;

pub use check::{Checked, Continuing, Cosigned, Refused, Trust, check};
pub use claims::{CaseClaim, ChildClaim, Claims, Inclusion, Proofs, RecordClaim, SealedClaim, Shown, moment};
pub use encoding::{hexadecimal, sha256};
pub use zip::{FILE_BYTES_MAX, ZipError};

use std::collections::BTreeMap;

/// What the first field of both documents says.
pub const FORMAT: &str = "contactpoint evidence bundle, version 1";

/// Names of the files of a bundle.
pub(crate) const CLAIMS: &str = "bundle.json";
pub(crate) const PROOFS: &str = "proofs.json";

/// The files that explain a bundle and help to check it; the claims bind them by their SHA-256.
fn explaining() -> [(&'static str, &'static [u8]); 3] {
    [
        ("README.txt", include_bytes!("README.txt")),
        ("dictionary-1.zstd", vault::dictionary::bytes(1).unwrap_or_default()),
        ("verify.html", include_bytes!("verify.html")),
    ]
}

/// SHA-256 of the files that explain a bundle, by name.
pub fn helping() -> BTreeMap<String, String> {
    let digest = |bytes: &[u8]| hexadecimal(&sha256(bytes));
    explaining().into_iter().map(|(name, bytes)| (name.to_owned(), digest(bytes))).collect()
}

/// Packs a bundle of these claims, as they were written and hashed, and these proofs.
///
/// # Errors
/// A file is larger than a ZIP file holds.
pub fn pack(claims: &[u8], proofs: &Proofs) -> Result<Vec<u8>, ZipError> {
    let proofs = serde_json::to_vec(proofs).unwrap_or_default();
    let mut files: Vec<(&str, &[u8])> = explaining().to_vec();
    files.push((CLAIMS, claims));
    files.push((PROOFS, &proofs));
    zip::write(&files)
}
