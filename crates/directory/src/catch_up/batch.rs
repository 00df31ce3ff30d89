//! A batch: records read from the log, then opened, on two threads where there are many.

use event_log::{Header, Payload, RecordRef};
use events::recorded::Recorded;
use vocabulary::{Position, Revision, StreamKind};

use super::lane::{Lane, SHARED_MIN, both};
use crate::{
    rows::Rows,
    unseal::{UnsealError, unseal_in},
};

/// Records as they were read.
#[derive(Default)]
pub(super) struct Taken {
    /// How many were read, those that nobody wanted included.
    pub(super) read: u32,
    records: Vec<Sealed>,
    /// The payloads, one after the other.
    payloads: Vec<u8>,
}

struct Sealed {
    position: Position,
    revision: Revision,
    header: Header,
    dictionary: u8,
    /// Where the payload ends; the next one begins there.
    ends: usize,
    erased: Option<[u8; 32]>,
}

impl Taken {
    /// Takes a record if it is of one of these families.
    pub(super) fn take(&mut self, kinds: &[StreamKind], record: RecordRef<'_>) {
        self.read += 1;
        let RecordRef { position, revision, header, dictionary, payload } = record;
        if !kinds.contains(&header.stream.kind) {
            return;
        }
        let erased = match payload {
            Payload::Kept(bytes) => {
                self.payloads.extend_from_slice(bytes);
                None
            }
            Payload::Erased(digest) => Some(digest),
        };
        self.records.push(Sealed {
            position,
            revision,
            header,
            dictionary,
            ends: self.payloads.len(),
            erased,
        });
    }

    /// Opens them all.
    pub(super) fn opened(&self, rows: &Rows) -> Batch {
        if self.records.len() < SHARED_MIN {
            return self.open(rows, 0, self.records.len());
        }
        let middle = self.records.len() / 2;
        let opened: Result<[Batch; 2], std::convert::Infallible> =
            both(|| Ok(self.open(rows, 0, middle)), || Ok(self.open(rows, middle, self.records.len())));
        let Ok([mut first, second]) = opened;
        first.records.extend(second.records);
        first.unread.extend(second.unread);
        first
    }

    fn open(&self, rows: &Rows, from: usize, to: usize) -> Batch {
        let mut batch = Batch { records: Vec::with_capacity(to - from), unread: Vec::new() };
        let before = from.checked_sub(1).and_then(|last| self.records.get(last));
        let (mut begins, mut plain) = (before.map_or(0, |sealed| sealed.ends), Vec::new());
        for sealed in self.records.get(from..to).unwrap_or_default() {
            let Sealed { position, revision, header, dictionary, ends, erased } = *sealed;
            let kept = self.payloads.get(begins..ends).unwrap_or_default();
            begins = ends;
            let payload = erased.map_or(Payload::Kept(kept), Payload::Erased);
            let record = RecordRef { position, revision, header, dictionary, payload };
            match unseal_in(rows.vault(), record, &mut plain) {
                Ok(recorded) => batch.records.push(recorded),
                Err(error) => batch.unread.push((position, header.stream.kind, error)),
            }
        }
        batch
    }
}

/// Records read from the log, opened.
pub(super) struct Batch {
    pub(super) records: Vec<Recorded>,
    /// Those that could not be read, with the family of their streams.
    pub(super) unread: Vec<(Position, StreamKind, UnsealError)>,
}

impl Batch {
    /// Whether any of them is one that a lane reads.
    pub(super) fn concerns(&self, lane: &Lane<'_>) -> bool {
        let reads = lane.model.reads();
        self.records.iter().any(|recorded| reads.contains(&recorded.stream.kind))
            || self.unread.iter().any(|(_, kind, _)| reads.contains(kind))
    }
}
