//! A log in memory that takes, refuses, fails late or cannot be read, as its test says.

use std::sync::{Mutex, PoisonError};

use event_log::{
    AppendError, Committed, Compacted, Doomed, EventLog, Expected, LogError, MemoryLog, Proposed, RecordRef,
    Ticket,
};
use vocabulary::{Position, Revision, Stream};

/// What becomes of what is asked of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// All is well.
    Open,
    /// An append is refused at once, as by a log that has stopped.
    Refused,
    /// An append gets its place and is then not durable, as where the write fails that it waits for.
    Late,
    /// As refused, and nothing can be read either.
    Gone,
}

/// The log with its gate.
pub(crate) struct Gate {
    inner: MemoryLog,
    way: Mutex<Way>,
}

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate { inner: MemoryLog::new(), way: Mutex::new(Way::Open) }
    }

    pub(crate) fn set(&self, way: Way) {
        *self.way.lock().unwrap_or_else(PoisonError::into_inner) = way;
    }

    fn way(&self) -> Way {
        *self.way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn readable(&self) -> Result<(), LogError> {
        if self.way() == Way::Gone { Err(LogError::Stopped) } else { Ok(()) }
    }
}

impl EventLog for Gate {
    fn submit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Ticket {
        let failed = || Err(AppendError::Log(LogError::Stopped));
        match self.way() {
            Way::Open => self.inner.submit(stream, expected, batch),
            Way::Refused | Way::Gone => Ticket::settled(failed()),
            Way::Late => {
                let many = u64::try_from(batch.len()).unwrap_or(1);
                let head = self.inner.head().map_or(0, |head| head.0);
                let revision = Revision(self.inner.stream_revision(stream).0 + many);
                let (first, position) = (Position(head + 1), Position(head + many));
                let (settler, ticket) = Ticket::pair(Committed { position, first, revision });
                settler.settle(failed());
                ticket
            }
        }
    }

    fn read_stream(
        &self,
        stream: Stream,
        after: Revision,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Revision, LogError> {
        self.readable()?;
        self.inner.read_stream(stream, after, each)
    }

    fn read_all(
        &self,
        after: Position,
        budget: u32,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Position, LogError> {
        self.readable()?;
        self.inner.read_all(after, budget, each)
    }

    fn stream_revision(&self, stream: Stream) -> Revision {
        self.inner.stream_revision(stream)
    }

    fn head(&self) -> Result<Position, LogError> {
        self.readable()?;
        self.inner.head()
    }

    fn compact(&self, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError> {
        self.readable()?;
        self.inner.compact(as_of, doomed)
    }

    fn compacted(&self) -> Result<Position, LogError> {
        self.inner.compacted()
    }
}
