//! What can go wrong with the log: a refused append, a machine that failed, bytes that have changed.

use std::{fmt, io, sync::Arc};

use vocabulary::stream::{Position, Revision};

use crate::Expected;

/// Why a batch was not appended. Nothing of it was written, except after [`AppendError::Log`].
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// The stream stands elsewhere than the caller believed: read it again and decide afresh.
    #[error("expected {expected}, but the stream is at revision {actual}")]
    WrongRevision {
        /// What the caller expected.
        expected: Expected,
        /// Where the stream stands, records in flight included.
        actual: Revision,
    },
    /// A batch of no records says nothing.
    #[error("a batch has at least one record")]
    Empty,
    /// A record names another stream than the one that is appended to.
    #[error("a record of the batch belongs to another stream")]
    ForeignRecord,
    /// The batch or one of its payloads is longer than a segment takes.
    #[error("a batch of {bytes} bytes; at most {bytes_max} fit")]
    TooLarge {
        /// What the batch would take.
        bytes: usize,
        /// What fits.
        bytes_max: usize,
    },
    /// Too much waits to be written; try again shortly.
    #[error("too many records wait to be written")]
    Busy,
    /// The log could not be written; whether the batch was is unknown until it is opened again.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl AppendError {
    /// The stable name of the error, for logs and callers.
    pub fn code(&self) -> &'static str {
        match self {
            AppendError::WrongRevision { .. } => "wrong_revision",
            AppendError::Empty => "empty_batch",
            AppendError::ForeignRecord => "foreign_record",
            AppendError::TooLarge { .. } => "batch_too_large",
            AppendError::Busy => "log_busy",
            AppendError::Log(error) => error.code(),
        }
    }
}

/// Why the log could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    /// A write failed earlier. It is never retried, since a disk may forget what it failed to write:
    /// restart, and opening finds out what is durable.
    #[error("the log takes no more writes since one failed; restart to recover")]
    Stopped,
    /// The machine failed.
    #[error("the log could not {doing}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// How it failed.
        #[source]
        source: Arc<io::Error>,
    },
    /// Bytes that were written have changed.
    #[error(transparent)]
    Damaged(#[from] Damage),
}

impl LogError {
    /// The stable name of the error, for logs and callers.
    pub fn code(&self) -> &'static str {
        match self {
            LogError::Stopped => "log_stopped",
            LogError::Io { .. } => "log_io",
            LogError::Damaged(_) => "log_damaged",
        }
    }

    /// Tells that `doing` failed.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> LogError {
        move |source| LogError::Io { doing, source: Arc::new(source) }
    }
}

/// Where stored bytes differ from what was written, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("damage at position {position} (segment {segment}, offset {offset}): {what}")]
pub struct Damage {
    /// The first record that is harmed; for bytes between records, the last record before them.
    pub position: Position,
    /// Number of the segment, 1 for the first.
    pub segment: u32,
    /// Bytes from the start of the segment to the damaged part.
    pub offset: u32,
    /// How it differs.
    pub what: Harm,
}

/// How stored bytes differ from what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// The first sector of a segment is not what was written there.
    SegmentHeader,
    /// A segment is shorter than it says.
    SegmentLength,
    /// A segment is missing between others, or before the durable end.
    SegmentMissing,
    /// A segment does not continue the one before it.
    SegmentLink,
    /// A frame's header fails its checksum or cannot be read.
    FrameHeader,
    /// A frame's payload fails its checksum.
    Payload,
    /// The bytes after a payload, up to the next frame, are not zero.
    FramePadding,
    /// A frame stands where another belongs: its address or position is not its place.
    Misplaced,
    /// A record's revision or its link to the one before it in its stream is wrong.
    StreamLink,
    /// A batch's trailer fails its checksum or does not fit its batch.
    Trailer,
    /// The chain of leaf hashes breaks at a batch.
    Chain,
    /// The unused rest of a segment is not zero.
    UnusedSpace,
    /// Records that were durable are not there.
    LostEnd,
    /// The file that tells how far the log is durable is not readable.
    DurableMark,
    /// The hash tree kept beside the log differs from the records.
    Tree,
}

impl fmt::Display for Harm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Harm::SegmentHeader => "the segment's header has changed",
            Harm::SegmentLength => "the segment has lost its end",
            Harm::SegmentMissing => "a segment is missing",
            Harm::SegmentLink => "the segment does not continue the one before it",
            Harm::FrameHeader => "the record's header has changed",
            Harm::Payload => "the record's payload has changed",
            Harm::FramePadding => "the padding after the record has changed",
            Harm::Misplaced => "another record stands here",
            Harm::StreamLink => "the record does not continue its stream",
            Harm::Trailer => "the trailer of its batch has changed",
            Harm::Chain => "the chain of batches is broken",
            Harm::UnusedSpace => "the unused space after the record has changed",
            Harm::LostEnd => "durable records after it are missing",
            Harm::DurableMark => "the mark of the durable end has changed",
            Harm::Tree => "the hash tree differs from the record",
        })
    }
}
