//! The log in memory: same promises, no disk. For tests and simulation.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use vocabulary::stream::{Position, Revision, Stream};

use crate::{
    AppendError, Committed, Compacted, Doomed, EventLog, Expected, LogError, Payload, Proposed, RecordRef,
    Ticket, admission, leaf::Hash,
};

/// A log that lives as long as the process. Every append is durable at once.
#[derive(Debug, Default)]
pub struct MemoryLog {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    records: Vec<Stored>,
    compacted: Position,
    /// Indexes into `records`, oldest first.
    streams: BTreeMap<Stream, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Stored {
    revision: Revision,
    proposed: Proposed,
    /// SHA-256 of the payload that was here.
    erased: Option<Hash>,
}

impl MemoryLog {
    /// Makes an empty log.
    pub fn new() -> MemoryLog {
        MemoryLog::default()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn append(
        &mut self,
        stream: Stream,
        expected: Expected,
        batch: Vec<Proposed>,
    ) -> Result<Committed, AppendError> {
        admission::check(stream, &batch)?;
        let mine = self.streams.entry(stream).or_default();
        expected.check(Revision(mine.len() as u64))?;
        let first = Position(self.records.len() as u64 + 1);
        for proposed in batch {
            mine.push(self.records.len());
            self.records.push(Stored { revision: Revision(mine.len() as u64), proposed, erased: None });
        }
        Ok(Committed {
            position: Position(self.records.len() as u64),
            first,
            revision: Revision(mine.len() as u64),
        })
    }

    /// Copies of the records at these indexes, so that `each` runs without the lock.
    fn copies(&self, indexes: impl Iterator<Item = usize>) -> Vec<(Position, Stored)> {
        indexes
            .filter_map(|index| Some((Position(index as u64 + 1), self.records.get(index)?.clone())))
            .collect()
    }
}

fn tell(records: &[(Position, Stored)], each: &mut dyn FnMut(RecordRef<'_>)) {
    for (position, Stored { revision, proposed, erased }) in records {
        each(RecordRef {
            position: *position,
            revision: *revision,
            header: proposed.header,
            dictionary: proposed.dictionary,
            payload: erased.map_or(Payload::Kept(&proposed.payload), Payload::Erased),
        });
    }
}

impl EventLog for MemoryLog {
    fn submit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Ticket {
        Ticket::settled(self.lock().append(stream, expected, batch))
    }

    fn read_stream(
        &self,
        stream: Stream,
        after: Revision,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Revision, LogError> {
        let (records, revision) = {
            let inner = self.lock();
            let mine = inner.streams.get(&stream).map(Vec::as_slice).unwrap_or_default();
            let skipped = usize::try_from(after.0).unwrap_or(usize::MAX);
            (inner.copies(mine.iter().copied().skip(skipped)), Revision(mine.len() as u64))
        };
        tell(&records, each);
        Ok(revision)
    }

    fn read_all(
        &self,
        after: Position,
        budget: u32,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Position, LogError> {
        let records = {
            let inner = self.lock();
            let start = usize::try_from(after.0).unwrap_or(usize::MAX).min(inner.records.len());
            let end = start.saturating_add(budget as usize).min(inner.records.len());
            inner.copies(start..end)
        };
        tell(&records, each);
        Ok(records.last().map_or(after, |(position, _)| *position))
    }

    fn stream_revision(&self, stream: Stream) -> Revision {
        Revision(self.lock().streams.get(&stream).map_or(0, |mine| mine.len() as u64))
    }

    fn head(&self) -> Result<Position, LogError> {
        Ok(Position(self.lock().records.len() as u64))
    }

    fn compact(&self, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError> {
        let mut inner = self.lock();
        let mut done = Compacted::default();
        if inner.compacted >= as_of {
            return Ok(done);
        }
        inner.compacted = as_of;
        for Stored { proposed, erased, .. } in &mut inner.records {
            if erased.is_none() && doomed(&proposed.header) {
                let payload = std::mem::take(&mut proposed.payload);
                *erased = Some(Payload::Kept(&payload).digest());
                done.payloads += 1;
                done.payload_bytes += payload.len() as u64;
            }
        }
        Ok(done)
    }

    fn compacted(&self) -> Result<Position, LogError> {
        Ok(self.lock().compacted)
    }
}
