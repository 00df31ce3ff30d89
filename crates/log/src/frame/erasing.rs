//! Erasing a record where it stands: its payload gives way to its SHA-256, and nothing else of it changes.

use super::{ERASED, Place, RECORD_HEAD, narrow, read_record, seal};
use crate::{Harm, Payload, leaf::Hash};

/// Where the fields lie in a record's head that an erasure changes.
const PAYLOAD_LENGTH: std::ops::Range<usize> = 8..12;
const STATE: usize = 41;
const PAYLOAD_CRC: std::ops::Range<usize> = 44..48;

/// Erases the record that `frame` holds from end to end and that stands at `place`; answers the bytes of the payload
/// that is gone, or nothing where it was erased before.
///
/// Every record leaves room for a hash, so that this always fits. Cost: two checksums and one hash of the payload.
///
/// # Errors
/// The record is not what was written, or the frame ends elsewhere; nothing was changed.
pub(crate) fn erase(frame: &mut [u8], place: Place) -> Result<Option<u32>, Harm> {
    let record = read_record(frame, place)?;
    if record.length as usize != frame.len() {
        return Err(Harm::FrameHeader);
    }
    let Payload::Kept(payload) = record.payload else { return Ok(None) };
    let (gone, digest) = (narrow(payload.len()), record.payload.digest());
    let Some((head, room)) = frame.split_first_chunk_mut::<RECORD_HEAD>() else {
        return Err(Harm::FrameHeader);
    };
    room.fill(0);
    let Some(first) = room.first_chunk_mut::<{ size_of::<Hash>() }>() else { return Err(Harm::FrameHeader) };
    *first = digest;
    let fields: [(std::ops::Range<usize>, [u8; 4]); 2] = [
        (PAYLOAD_LENGTH, narrow(digest.len()).to_be_bytes()),
        (PAYLOAD_CRC, crc32c::crc32c(&digest).to_be_bytes()),
    ];
    for (at, bytes) in fields {
        if let Some(field) = head.get_mut(at) {
            field.copy_from_slice(&bytes);
        }
    }
    if let Some(state) = head.get_mut(STATE) {
        *state = ERASED;
    }
    seal(head);
    Ok(Some(gone))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use vocabulary::stream::{BodyHash, EventId, KeyId, Position, Stream, StreamKind};

    use super::*;
    use crate::{
        Header,
        frame::{draft, place, record_bytes},
        leaf,
    };

    #[test]
    fn an_erased_record_keeps_its_place_its_header_and_its_leaf_whatever_its_length() {
        for length in [0, 1, 31, 32, 33, 40, 96, 511, 512, 4_096] {
            let header = Header {
                salt: [3; 16],
                stream: Stream::new(StreamKind::Child, Uuid::from_u128(4)),
                event_id: EventId(Uuid::from_u128(5)),
                body_hash: BodyHash([6; 16]),
                happened_at: 7,
                recorded_at: 8,
                class: 1,
                key: KeyId { pool: 9, slot: 10 },
                schema: 11,
            };
            let payload: Vec<u8> = (0..length).map(|at: usize| at.to_le_bytes()[0] | 1).collect();
            let (stands, before) = (Place { segment: 3, offset: 512 }, Place { segment: 2, offset: 1_024 });
            let mut frame = Vec::new();
            draft(&mut frame, &header.pack(), Payload::Kept(&payload), 2);
            place(&mut frame, stands, Position(77), 5, before);
            let original = frame.clone();
            let kept = read_record(&original, stands).unwrap();

            assert_eq!(erase(&mut frame, stands), Ok(Some(narrow(length))));
            let erased = read_record(&frame, stands).unwrap();
            assert_eq!(frame.len(), record_bytes(length));
            assert_eq!(
                (erased.position, erased.revision, erased.previous, erased.header, erased.dictionary),
                (kept.position, kept.revision, kept.previous, kept.header, kept.dictionary)
            );
            assert!(matches!(erased.payload, Payload::Erased(_)));
            assert_eq!(leaf::hash(erased.packed, erased.payload), leaf::hash(kept.packed, kept.payload));
            let left = payload.windows(8).any(|part| frame.windows(8).any(|bytes| bytes == part));
            assert!(!left, "nothing of a payload of {length} bytes is left");
            assert_eq!(erase(&mut frame, stands), Ok(None), "once is enough");
            assert_eq!(erase(&mut original.clone(), before), Err(Harm::Misplaced));
        }
    }
}
