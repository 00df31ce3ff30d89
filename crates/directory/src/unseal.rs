//! From an entry to a sealed record of the log, and back.
//!
//! The salt is random, so that nobody guesses a header from its published leaf hash; its first 12 bytes are the
//! nonce, so that it is stored once. Source: house rules section 4.2, 4.3.

use chrono::{DateTime, Utc};
use event_log::{Header, Payload as Stored, Proposed, RecordRef};
use events::{
    codec::{self, DecodeError},
    recorded::{Entry, Payload, Recorded},
};
use vault::{Opened, Vault, VaultError};
use vocabulary::{BodyHash, EventId, KeyId, Position, Stream};

/// What is known of a record in clear before it is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sealing {
    /// Its stream.
    pub(crate) stream: Stream,
    /// Its id.
    pub(crate) event_id: EventId,
    /// Hash of a supplier's event as sent; all zero where there was none.
    pub(crate) body: BodyHash,
    /// The key that seals it; [`KeyId::CLEAR`] for none.
    pub(crate) key: KeyId,
    /// When it happened, as told.
    pub(crate) happened_at: DateTime<Utc>,
    /// When we record it.
    pub(crate) recorded_at: DateTime<Utc>,
}

/// Why an entry could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key is destroyed or damaged, or the system gave no random bytes.
    #[error("a record could not be sealed")]
    Vault(#[from] VaultError),
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum UnsealError {
    /// The seal does not open: damaged, moved, or its key is not here.
    #[error("the record at position {position} could not be opened")]
    Vault {
        /// Where it stands.
        position: Position,
        /// Why.
        #[source]
        source: VaultError,
    },
    /// What is in it is not known to this version, or was not written by us.
    #[error("the record at position {position} could not be read")]
    Decode {
        /// Where it stands.
        position: Position,
        /// Why.
        #[source]
        source: DecodeError,
    },
    /// A time beyond what a calendar holds.
    #[error("the record at position {position} has a time that no calendar holds")]
    Time {
        /// Where it stands.
        position: Position,
    },
}

impl UnsealError {
    /// The stable name of the error, for logs and callers.
    pub fn code(&self) -> &'static str {
        match self {
            UnsealError::Vault { .. } => "record_unopened",
            UnsealError::Decode { .. } => "record_unreadable",
            UnsealError::Time { .. } => "record_time",
        }
    }
}

/// Writes an entry as today's JSON and seals it.
///
/// # Errors
/// `Vault`: nothing was sealed.
pub(crate) fn seal(vault: &Vault, sealing: &Sealing, entry: &Entry) -> Result<Proposed, SealError> {
    let mut salt = [0; 16];
    vault.fill(&mut salt)?;
    let header = Header {
        salt,
        stream: sealing.stream,
        event_id: sealing.event_id,
        body_hash: sealing.body,
        happened_at: sealing.happened_at.timestamp_micros(),
        recorded_at: sealing.recorded_at.timestamp_micros(),
        // No finer than the family of the stream, which stands in clear anyway: a type may be sensitive.
        class: sealing.stream.kind as u8,
        key: sealing.key,
        schema: codec::SCHEMA,
    };
    let sealed = vault.seal(sealing.key, nonce(salt), &header.sealing_binds(), &codec::encode(entry))?;
    Ok(Proposed { header, payload: sealed.bytes, dictionary: sealed.dictionary })
}

/// Opens a record and reads it; erased when its key or its payload is gone.
///
/// # Errors
/// `Vault`, `Decode`, `Time`: what it says is not known.
pub(crate) fn unseal(vault: &Vault, record: RecordRef<'_>) -> Result<Recorded, UnsealError> {
    unseal_in(vault, record, &mut Vec::new())
}

/// As [`unseal`], in room that is used again: for many records.
///
/// # Errors
/// As [`unseal`].
pub(crate) fn unseal_in(
    vault: &Vault,
    record: RecordRef<'_>,
    plain: &mut Vec<u8>,
) -> Result<Recorded, UnsealError> {
    let position = record.position;
    let header = record.header;
    let time = |micros| DateTime::from_timestamp_micros(micros).ok_or(UnsealError::Time { position });
    Ok(Recorded {
        position,
        revision: record.revision,
        stream: header.stream,
        id: header.event_id,
        key: header.key,
        happened_at: time(header.happened_at)?,
        recorded_at: time(header.recorded_at)?,
        payload: open(vault, record, plain)?,
    })
}

fn open(vault: &Vault, record: RecordRef<'_>, plain: &mut Vec<u8>) -> Result<Payload, UnsealError> {
    let (header, position) = (record.header, record.position);
    let Stored::Kept(sealed) = record.payload else { return Ok(Payload::Erased) };
    let opened = vault
        .open_payload(
            header.key,
            nonce(header.salt),
            &header.sealing_binds(),
            record.dictionary,
            sealed,
            plain,
        )
        .map_err(|source| UnsealError::Vault { position, source })?;
    match opened {
        Opened::Erased => Ok(Payload::Erased),
        Opened::Plain => codec::decode(header.stream.kind, header.schema, plain)
            .map(Payload::Open)
            .map_err(|source| UnsealError::Decode { position, source }),
    }
}

/// The first 12 bytes of the salt.
pub(crate) fn nonce(salt: [u8; 16]) -> [u8; 12] {
    let [first @ .., _, _, _, _] = salt;
    first
}
