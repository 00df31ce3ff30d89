//! The header of a record: what the Merkle leaf covers beside the payload.
//!
//! It holds no position, offset or log id, so that a copy to another engine has the same tree root.
//! Every number is stored big end first.

use uuid::Uuid;
use vocabulary::stream::{BodyHash, EventId, KeyId, Stream};

use crate::bytes::{Fill, take};

/// Bytes of a packed header; the format allows at most 112.
pub const PACKED: usize = 92;

/// Bytes that the sealing of a payload binds: stream, event id, schema and key id.
pub const SEALING_BINDS: usize = 43;

/// What is known of a record in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Random bytes, so that nobody can guess a header from its published leaf hash.
    pub salt: [u8; 16],
    /// The stream that the record belongs to.
    pub stream: Stream,
    /// The record's id, unique in the log.
    pub event_id: EventId,
    /// Hash of a supplier's event as sent; all zero where there was none.
    pub body_hash: BodyHash,
    /// When it happened, as told: microseconds since 1970-01-01 UTC.
    pub happened_at: i64,
    /// When we recorded it: microseconds since 1970-01-01 UTC.
    pub recorded_at: i64,
    /// Class of type; the type itself may be sensitive and is sealed.
    pub class: u8,
    /// The key that seals the payload; [`KeyId::CLEAR`] where none does.
    pub key: KeyId,
    /// Version of the payload's shape.
    pub schema: u16,
}

impl Header {
    /// Packs the header into the bytes that are stored and hashed.
    pub fn pack(&self) -> [u8; PACKED] {
        let mut packed = [0; PACKED];
        let mut fill = Fill::new(&mut packed);
        fill.put(&self.salt);
        fill.put(&self.stream.to_bytes());
        fill.put(self.event_id.0.as_bytes());
        fill.put(&self.body_hash.0);
        fill.put(&self.happened_at.to_be_bytes());
        fill.put(&self.recorded_at.to_be_bytes());
        fill.put(&[self.class]);
        fill.put(&self.key.pool.to_be_bytes());
        fill.put(&self.key.slot.to_be_bytes());
        fill.put(&self.schema.to_be_bytes());
        packed
    }

    /// Unpacks what [`Header::pack`] packed; `None` for a kind of stream that we do not know.
    pub fn unpack(packed: &[u8; PACKED]) -> Option<Header> {
        let mut rest = packed.as_slice();
        Some(Header {
            salt: take(&mut rest)?,
            stream: Stream::from_bytes(take(&mut rest)?)?,
            event_id: EventId(Uuid::from_bytes(take(&mut rest)?)),
            body_hash: BodyHash(take(&mut rest)?),
            happened_at: i64::from_be_bytes(take(&mut rest)?),
            recorded_at: i64::from_be_bytes(take(&mut rest)?),
            class: u8::from_be_bytes(take(&mut rest)?),
            key: KeyId {
                pool: u32::from_be_bytes(take(&mut rest)?),
                slot: u32::from_be_bytes(take(&mut rest)?),
            },
            schema: u16::from_be_bytes(take(&mut rest)?),
        })
    }

    /// Packs what the sealing of a payload binds: stream, event id, schema and key id.
    ///
    /// A sealed payload that is moved under another header therefore no longer opens.
    pub fn sealing_binds(&self) -> [u8; SEALING_BINDS] {
        let mut bound = [0; SEALING_BINDS];
        let mut fill = Fill::new(&mut bound);
        fill.put(&self.stream.to_bytes());
        fill.put(self.event_id.0.as_bytes());
        fill.put(&self.schema.to_be_bytes());
        fill.put(&self.key.pool.to_be_bytes());
        fill.put(&self.key.slot.to_be_bytes());
        bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::stream::StreamKind;

    fn header() -> Header {
        Header {
            salt: [7; 16],
            stream: Stream::new(StreamKind::Child, Uuid::from_u128(1)),
            event_id: EventId(Uuid::from_u128(2)),
            body_hash: BodyHash([3; 16]),
            happened_at: -4,
            recorded_at: 5,
            class: 6,
            key: KeyId { pool: 7, slot: 8 },
            schema: 9,
        }
    }

    #[test]
    fn a_header_survives_packing() {
        assert_eq!(Header::unpack(&header().pack()), Some(header()));
    }

    #[test]
    fn the_sealing_binds_stream_id_schema_and_key_and_no_time() {
        let later = Header { recorded_at: 99, happened_at: 98, salt: [0; 16], ..header() };
        assert_eq!(later.sealing_binds(), header().sealing_binds());
        let other_schema = Header { schema: 10, ..header() };
        assert_ne!(other_schema.sealing_binds(), header().sealing_binds());
        let other_key = Header { key: KeyId::CLEAR, ..header() };
        assert_ne!(other_key.sealing_binds(), header().sealing_binds());
    }

    #[test]
    fn an_unknown_kind_of_stream_is_no_header() {
        let mut packed = header().pack();
        packed[16] = 0;
        assert_eq!(Header::unpack(&packed), None);
    }
}
