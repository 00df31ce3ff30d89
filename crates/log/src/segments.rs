//! The log in segment files: one writer, group commit, an answer only once it is durable.
//!
//! Submitting checks the expectation against memory, gives the batch its places and queues it. The writer drains
//! the queue into one write and one sync, then answers everybody. Source: house rules, section 4.1.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex},
    thread::JoinHandle,
};

use vocabulary::stream::{Position, Revision, Stream};

use crate::{
    AppendError, Committed, EventLog, Expected, LogError, Proposed, RecordRef, Ticket, admission, archive,
    compaction::{Compacted, Doomed},
    disk::{Disk, DiskFile, Guard},
    frame::{Place, TRAILER_BYTES},
    lock::held,
    segment::FIRST_FRAME,
    streams::Streams,
    ticket::Settler,
};

mod compacting;
mod handles;
mod keeper;
mod open;
mod queued;
mod read;
mod writer;

use handles::Handles;
pub use open::{Cut, OpenError, Opened};
use queued::Queued;

/// Most bytes that wait to be written; beyond that a submission is answered `Busy`.
///
/// It bounds memory when the disk is slower than the callers: about half a second of writing.
const QUEUE_BYTES_MAX: usize = 64 << 20;

/// How to keep the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Size of segments made from now on: a multiple of 512, from 4 KiB to 1 GiB.
    pub segment_bytes: u32,
}

impl Default for Options {
    /// Segments of 64 MiB: about 270,000 records each.
    fn default() -> Options {
        Options { segment_bytes: 64 << 20 }
    }
}

/// The log in segment files.
///
/// Memory: about 24 bytes a stream, 64 a segment, and what is in flight. At most some 130 open files.
#[derive(Debug)]
pub struct Segments {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
    /// Held until the writer has ended, so that nobody opens a log that is still written.
    _lock: Box<dyn Guard>,
}

/// What callers and the writer share.
#[derive(Debug)]
struct Shared {
    disk: Arc<dyn Disk>,
    /// Most bytes of frames, trailer apart, that one batch may take.
    batch_bytes_max: usize,
    state: Mutex<State>,
    handles: Handles,
    /// Tells the writer that there is something to do.
    work: Condvar,
    /// Tells whoever asked for it that the writer goes on in a new segment, or has ended.
    rolled: Condvar,
    /// Held by whoever compacts.
    compacting: Mutex<()>,
}

#[derive(Debug)]
struct State {
    streams: Streams,
    /// Every segment, in order of its number; the last is written to.
    segments: Vec<Known>,
    in_flight: VecDeque<InFlight>,
    in_flight_bytes: usize,
    /// Position of the last record that has a place.
    assigned: Position,
    /// Position of the last durable record.
    durable: Position,
    phase: Phase,
    /// The writer is told when this many batches are in flight.
    wake_at: usize,
    /// The writer is to go on in a new segment.
    roll: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    /// The writer finishes what is queued and ends.
    Closing,
    /// A write failed; nothing is written any more.
    Stopped,
}

/// A segment that can be read.
#[derive(Debug)]
struct Known {
    first: Position,
    /// Offset after the last durable batch.
    end: u32,
    /// What the segment that is written to has open; the others are opened when they are read.
    live: Option<Live>,
}

/// The segment that is written to, for whoever reads it.
#[derive(Debug)]
struct Live {
    file: Arc<dyn DiskFile>,
    /// Offsets of marked records.
    marks: Vec<u32>,
}

#[derive(Debug)]
struct InFlight {
    queued: Arc<Queued>,
    settler: Settler,
}

impl Segments {
    /// Opens the log in `dir`, with its archive if it has one, or begins one there, and says what was found.
    ///
    /// A write that a crash cut short is cut off and kept aside in a `.torn` file. Cost: reads the last segment
    /// and where each stream ends; about a quarter of a second for 10 million records.
    ///
    /// # Errors
    /// `InUse`: another process has it. `Damaged`: bytes have changed, and nothing was cut. `Io`: also where the
    /// archive is not there ([`archive::Away`]).
    pub fn open(dir: impl Into<PathBuf>, options: Options) -> Result<(Segments, Opened), OpenError> {
        Segments::open_on(Arc::new(archive::spanning(dir).believing()), options)
    }

    /// Opens the log on any disk.
    ///
    /// # Errors
    /// As [`Segments::open`].
    pub fn open_on(disk: Arc<dyn Disk>, options: Options) -> Result<(Segments, Opened), OpenError> {
        let found = open::open(&disk, options)?;
        let shared = Arc::new(Shared {
            disk,
            batch_bytes_max: (options.segment_bytes - FIRST_FRAME) as usize - TRAILER_BYTES,
            state: Mutex::new(found.state),
            handles: Handles::default(),
            work: Condvar::new(),
            rolled: Condvar::new(),
            compacting: Mutex::new(()),
        });
        let writer = writer::start(Arc::clone(&shared), found.tail, options)?;
        Ok((Segments { shared, writer: Some(writer), _lock: found.lock }, found.opened))
    }

    /// Appends a record of another log as it stands there, one that was erased by its SHA-256: its leaf is the same.
    ///
    /// The ticket resolves as that of [`EventLog::submit`].
    pub fn submit_again(&self, record: RecordRef<'_>) -> Ticket {
        let queued = Queued::again(record);
        self.shared.queue(Expected::Any, queued).unwrap_or_else(|refused| Ticket::settled(Err(refused)))
    }

    /// Writes what is queued, marks the log as closed in order, and ends the writer. Dropping does the same.
    pub fn close(self) {
        drop(self);
    }
}

impl Drop for Segments {
    fn drop(&mut self) {
        {
            let mut state = held(&self.shared.state);
            if state.phase == Phase::Running {
                state.phase = Phase::Closing;
            }
        }
        self.shared.work.notify_all();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has dropped its settlers, which told every caller.
            drop(writer.join());
        }
    }
}

impl Shared {
    fn admit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Result<Ticket, AppendError> {
        admission::check(stream, &batch)?;
        self.queue(expected, Queued::new(stream, batch))
    }

    fn queue(&self, expected: Expected, mut queued: Queued) -> Result<Ticket, AppendError> {
        let stream = queued.stream;
        let bytes = queued.frames.len();
        if bytes > self.batch_bytes_max {
            return Err(AppendError::TooLarge { bytes, bytes_max: self.batch_bytes_max });
        }
        let mut state = held(&self.state);
        if state.phase != Phase::Running {
            return Err(AppendError::Log(LogError::Stopped));
        }
        let end = state.streams.end(stream);
        let revision = end.map_or(0, |end| end.revision);
        expected.check(Revision(revision.into()))?;
        if state.in_flight_bytes > QUEUE_BYTES_MAX {
            return Err(AppendError::Busy);
        }
        let after = revision.checked_add(queued.count()).ok_or(AppendError::Busy)?;
        // While something is in flight on the stream, only the writer will know the address of its last record.
        queued.previous = match end {
            None => Some(Place::NONE),
            Some(end) => (end.durable == end.revision).then_some(end.place),
        };
        queued.revision = revision;
        queued.first = Position(state.assigned.0 + 1);
        let committed =
            Committed { position: queued.last(), first: queued.first, revision: Revision(after.into()) };
        state.assigned = committed.position;
        state.streams.fly(stream, after);
        state.in_flight_bytes += bytes;
        let (settler, ticket) = Ticket::pair(committed);
        state.in_flight.push_back(InFlight { queued: Arc::new(queued), settler });
        let wake = state.in_flight.len() == state.wake_at;
        drop(state);
        if wake {
            // Otherwise the writer is at work and looks again when it is done, or waits for more.
            self.work.notify_one();
        }
        Ok(ticket)
    }
}

impl EventLog for Segments {
    fn submit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Ticket {
        self.shared.admit(stream, expected, batch).unwrap_or_else(|refused| Ticket::settled(Err(refused)))
    }

    fn read_stream(
        &self,
        stream: Stream,
        after: Revision,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Revision, LogError> {
        read::stream(&self.shared, stream, after, each)
    }

    fn read_all(
        &self,
        after: Position,
        budget: u32,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Position, LogError> {
        read::all(&self.shared, after, budget, each)
    }

    fn stream_revision(&self, stream: Stream) -> Revision {
        held(&self.shared.state).streams.revision(stream)
    }

    fn head(&self) -> Result<Position, LogError> {
        Ok(held(&self.shared.state).durable)
    }

    fn compact(&self, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError> {
        compacting::compact(&self.shared, as_of, doomed)
    }

    fn compacted(&self) -> Result<Position, LogError> {
        compacting::compacted(&self.shared)
    }
}
