//! A batch that has its places and waits to be written.
//!
//! What does not depend on the place, that is packing, checksum and leaf hash, is done by the caller's thread, so
//! that the one writer has less to do.

use vocabulary::stream::{Position, Revision, Stream};

use crate::{
    Payload, Proposed, RecordRef,
    frame::{Written, record_bytes},
    header::PACKED,
    leaf::{self, Hash},
};

use super::Place;

/// A batch in flight.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) stream: Stream,
    /// Position of its first record.
    pub(super) first: Position,
    /// The stream's revision before it.
    pub(super) revision: u32,
    /// Address of the stream's record before it; `None` where that one was in flight too.
    pub(super) previous: Option<Place>,
    pub(super) records: Vec<Draft>,
    /// Bytes of its frames.
    pub(super) bytes: usize,
}

/// A record that lacks only its place.
#[derive(Debug)]
pub(super) struct Draft {
    proposed: Proposed,
    packed: [u8; PACKED],
    payload_crc: u32,
    pub(super) leaf: Hash,
}

impl Queued {
    /// Prepares a batch; its places are told later.
    pub(super) fn new(stream: Stream, batch: Vec<Proposed>) -> Queued {
        let bytes = batch.iter().map(|proposed| record_bytes(proposed.payload.len())).sum();
        let records = batch.into_iter().map(Draft::new).collect();
        Queued { stream, first: Position::ZERO, revision: 0, previous: None, records, bytes }
    }

    /// The stream's revision after the batch; `None` beyond what the format counts (4 thousand million).
    pub(super) fn revision_after(&self, revision: u32) -> Option<u32> {
        revision.checked_add(u32::try_from(self.records.len()).ok()?)
    }

    /// Tells the batch's records after revision `after`, as they will be read.
    pub(super) fn tell(&self, after: Revision, each: &mut dyn FnMut(RecordRef<'_>)) {
        for (place, draft) in (0..).zip(&self.records) {
            let revision = Revision(u64::from(self.revision) + place + 1);
            if revision > after {
                each(RecordRef {
                    position: Position(self.first.0 + place),
                    revision,
                    header: draft.proposed.header,
                    dictionary: draft.proposed.dictionary,
                    payload: Payload::Kept(&draft.proposed.payload),
                });
            }
        }
    }
}

impl Draft {
    fn new(proposed: Proposed) -> Draft {
        let packed = proposed.header.pack();
        let leaf = leaf::hash(&packed, Payload::Kept(&proposed.payload));
        Draft { packed, payload_crc: crc32c::crc32c(&proposed.payload), leaf, proposed }
    }

    /// What its frame is written from.
    pub(super) fn written(&self) -> Written<'_> {
        Written {
            packed: &self.packed,
            payload: &self.proposed.payload,
            payload_crc: self.payload_crc,
            dictionary: self.proposed.dictionary,
        }
    }
}
