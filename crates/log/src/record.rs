//! A record: one frame of the log, proposed by a caller and read back.
//!
//! Source: house rules, section 4.1 (frames) and 4.2 (the leaf).

use std::fmt;

use sha2::{Digest, Sha256};
use vocabulary::stream::{Position, Revision};

use crate::header::Header;

/// Most bytes of one record's payload: a megabyte, far beyond any event, so that one request cannot fill a
/// segment.
pub const PAYLOAD_BYTES_MAX: usize = 1 << 20;

/// One record to be written; several facts may sit in its payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposed {
    /// What is known of it in clear.
    pub header: Header,
    /// Its content, sealed by the caller; at most [`PAYLOAD_BYTES_MAX`].
    pub payload: Vec<u8>,
    /// Version of the dictionary with which the payload was compressed; 0 for none.
    pub dictionary: u8,
}

impl fmt::Debug for Proposed {
    /// Shows the payload's length only: a payload in clear may name a person.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Proposed")
            .field("header", &self.header)
            .field("payload_bytes", &self.payload.len())
            .field("dictionary", &self.dictionary)
            .finish()
    }
}

/// The content of a record as it stands in the log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// As it was written.
    Kept(&'a [u8]),
    /// Replaced by its SHA-256, so that every proof still holds.
    Erased([u8; 32]),
}

impl Payload<'_> {
    /// SHA-256 of the payload as it was written.
    pub fn digest(&self) -> [u8; 32] {
        match self {
            Payload::Kept(bytes) => Sha256::digest(bytes).into(),
            Payload::Erased(digest) => *digest,
        }
    }
}

impl fmt::Debug for Payload<'_> {
    /// Shows the payload's length only: a payload in clear may name a person.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Payload::Kept(bytes) => write!(out, "Kept({} bytes)", bytes.len()),
            Payload::Erased(_) => write!(out, "Erased"),
        }
    }
}

/// One record as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordRef<'a> {
    /// Its place in the whole log; the first record stands at 1.
    pub position: Position,
    /// Its place in its stream; the first record makes revision 1.
    pub revision: Revision,
    /// What is known of it in clear.
    pub header: Header,
    /// Version of the dictionary with which the payload was compressed; 0 for none.
    pub dictionary: u8,
    /// Its content.
    pub payload: Payload<'a>,
}
