//! The memory of the system: one ordered, append-only log of records, each of one stream.
//!
//! [`EventLog`] is the port. [`MemoryLog`] keeps it in memory; the segment files keep it on disk.
//! Positions number the whole log from 1 without gaps; revisions number each stream from 1.
//!
//! ```
//! use event_log::{EventLog, Expected, Header, MemoryLog, Proposed};
//! use vocabulary::stream::{BodyHash, EventId, KeyId, Position, Revision, Stream, StreamKind};
//!
//! let log = MemoryLog::new();
//! let stream = Stream::new(StreamKind::Policy, uuid::Uuid::nil());
//! let header = Header {
//!     salt: [0; 16],
//!     stream,
//!     event_id: EventId(uuid::Uuid::from_u128(1)),
//!     body_hash: BodyHash::default(),
//!     happened_at: 0,
//!     recorded_at: 0,
//!     class: 1,
//!     key: KeyId::CLEAR,
//!     schema: 1,
//! };
//! let record = Proposed { header, payload: b"{}".to_vec(), dictionary: 0 };
//! let ticket = log.submit(stream, Expected::NoStream, vec![record]);
//! assert_eq!(ticket.wait().unwrap().position, Position(1));
//! assert_eq!(log.stream_revision(stream), Revision(1));
//! ```

use std::fmt;

use vocabulary::stream::{Position, Revision, Stream};

pub mod admission;
pub mod archive;
mod bytes;
pub mod checkpoint;
pub mod compaction;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod copy;
pub mod cosignature;
mod cursor;
pub mod disk;
pub mod error;
mod frame;
pub mod header;
pub mod integrator;
pub mod leaf;
mod lock;
mod mark;
pub mod memory;
pub mod merkle;
pub mod note;
pub mod record;
mod runs;
mod scan;
mod segment;
pub mod segments;
mod sidecar;
mod streams;
mod tail;
pub mod ticket;
pub mod tiles;
pub mod verify;
pub mod witness;

pub use compaction::{Compacted, Doomed};
pub use error::{AppendError, Damage, Harm, LogError};
pub use header::Header;
pub use memory::MemoryLog;
pub use record::{Payload, Proposed, RecordRef};
pub use segments::{OpenError, Opened, Options, Segments};
pub use ticket::{Settler, Ticket};

/// What a caller believes of a stream before appending to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: append wherever it stands.
    Any,
    /// It has no record yet.
    NoStream,
    /// It stands at exactly this revision.
    At(Revision),
}

impl Expected {
    /// Checks the belief against where the stream stands.
    ///
    /// # Errors
    /// `WrongRevision` with both values.
    pub fn check(self, actual: Revision) -> Result<(), AppendError> {
        let holds = match self {
            Expected::Any => true,
            Expected::NoStream => actual == Revision::NONE,
            Expected::At(revision) => actual == revision,
        };
        if holds { Ok(()) } else { Err(AppendError::WrongRevision { expected: self, actual }) }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Any => out.write_str("any revision"),
            Expected::NoStream => out.write_str("no stream"),
            Expected::At(revision) => write!(out, "revision {revision}"),
        }
    }
}

/// Where a batch now stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Place of its last record in the whole log.
    pub position: Position,
    /// Place of its first record; the batch stands together, without gaps.
    pub first: Position,
    /// The stream's revision after it.
    pub revision: Revision,
}

/// The port to the log: five verbs, each with a promise.
///
/// Revision checks and [`EventLog::read_stream`] include what is in flight, that is submitted and not yet
/// durable, so that a decision sees the decision before it. [`EventLog::read_all`] and [`EventLog::head`]
/// know durable records only. `each` must not submit to the same log.
pub trait EventLog: Send + Sync {
    /// Queues the batch, all or nothing; every record belongs to `stream`.
    ///
    /// The ticket resolves once the batch is durable, or with the reason why nothing was written.
    fn submit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Ticket;

    /// Reads the records of one stream after revision `after`, oldest first, in flight included.
    ///
    /// Answers the stream's revision. Cost: one read of the disk a record that is not in flight.
    ///
    /// # Errors
    /// `Io`: a read failed. `Damaged`: a record is not what was written. `each` may have seen nothing.
    fn read_stream(
        &self,
        stream: Stream,
        after: Revision,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Revision, LogError>;

    /// Reads the whole log after `after`, at most `budget` durable records, in one order for all readers.
    ///
    /// Answers the position of the last record told, or `after` when there was none.
    ///
    /// # Errors
    /// `Io`: a read failed. `Damaged`: a record is not what was written; those before it have been told.
    fn read_all(
        &self,
        after: Position,
        budget: u32,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Position, LogError>;

    /// The stream's revision, in flight included. Cost: one look into memory.
    fn stream_revision(&self, stream: Stream) -> Revision;

    /// Position of the newest durable record; [`Position::ZERO`] when the log is empty.
    ///
    /// # Errors
    /// As the adapter's machine fails; the segment files answer from memory.
    fn head(&self) -> Result<Position, LogError>;

    /// Replaces the payload of every durable record that `doomed` names by its SHA-256, for good; no leaf, place or
    /// link changes, and whoever reads meanwhile reads one or the other.
    ///
    /// `as_of` tells of which moment `doomed` speaks: what a key sealed that was destroyed up to there. Nothing is
    /// read where this went through for it before; cut short, it may be asked again and goes on. Cost: reads the
    /// whole log, and writes the segments anew that hold such a record.
    ///
    /// # Errors
    /// `Damaged`: a segment is not what was written, and stays as it is. `Io`: so also while segments are being
    /// archived. `Stopped`. Those before it are done.
    fn compact(&self, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError>;

    /// The newest `as_of` for which [`EventLog::compact`] went through; [`Position::ZERO`] where it never did.
    ///
    /// # Errors
    /// `Io`.
    fn compacted(&self) -> Result<Position, LogError>;
}
