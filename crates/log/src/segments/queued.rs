//! A batch that has its places and waits to be written.
//!
//! What does not depend on the place, that is packing, the payloads' checksums and the leaf hashes, is done by the
//! caller's thread, so that the one writer has less to do: it copies the frames in one piece and fills in places.

use vocabulary::stream::{Position, Revision, Stream};

use crate::{
    Header, Payload, Proposed, RecordRef,
    frame::{self, Draft, record_bytes},
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
    /// Its frames, which lack only their places.
    pub(super) frames: Vec<u8>,
    pub(super) drafts: Vec<Draft>,
    pub(super) leaves: Vec<Hash>,
}

impl Queued {
    /// Prepares a batch; its places are told later.
    pub(super) fn new(stream: Stream, batch: Vec<Proposed>) -> Queued {
        let bytes = batch.iter().map(|proposed| record_bytes(proposed.payload.len())).sum();
        let mut frames = Vec::with_capacity(bytes);
        let mut drafts = Vec::with_capacity(batch.len());
        let mut leaves = Vec::with_capacity(batch.len());
        for proposed in batch {
            let (packed, payload) = (proposed.header.pack(), Payload::Kept(&proposed.payload));
            leaves.push(leaf::hash(&packed, payload));
            drafts.push(frame::draft(&mut frames, &packed, payload, proposed.dictionary));
        }
        let (first, revision, previous) = (Position::ZERO, 0, None);
        Queued { stream, first, revision, previous, frames, drafts, leaves }
    }

    /// Prepares a record of another log to be appended as it stands there.
    pub(super) fn again(record: RecordRef<'_>) -> Queued {
        let packed = record.header.pack();
        let (first, revision, previous) = (Position::ZERO, 0, None);
        let mut frames = Vec::new();
        let drafts = vec![frame::draft(&mut frames, &packed, record.payload, record.dictionary)];
        let leaves = vec![leaf::hash(&packed, record.payload)];
        Queued { stream: record.header.stream, first, revision, previous, frames, drafts, leaves }
    }

    /// Number of its records.
    pub(super) fn count(&self) -> u32 {
        frame::narrow(self.drafts.len())
    }

    /// Position of its last record.
    pub(super) fn last(&self) -> Position {
        Position(self.first.0 + u64::from(self.count()) - 1)
    }

    /// Tells the batch's records after revision `after`, as they will be read.
    pub(super) fn tell(&self, after: Revision, each: &mut dyn FnMut(RecordRef<'_>)) {
        for (place, draft) in (0..).zip(&self.drafts) {
            let revision = Revision(u64::from(self.revision) + place + 1);
            let Some((packed, payload)) = draft.parts(&self.frames) else { continue };
            let Some(header) = Header::unpack(packed).filter(|_| revision > after) else { continue };
            each(RecordRef {
                position: Position(self.first.0 + place),
                revision,
                header,
                dictionary: draft.dictionary,
                payload,
            });
        }
    }
}
