//! What a closed segment holds: how many records and looks, and of what time.

use vocabulary::stream::{Position, StreamKind};

use crate::{
    Damage, Harm, LogError,
    cursor::{Cursor, Step},
    disk::DiskFile,
    frame::Frame,
    segment::{FIRST_FRAME, SegmentHead},
};

/// What a closed segment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surveyed {
    /// Number of the segment.
    pub segment: u32,
    /// Bytes of its file.
    pub bytes: u32,
    /// Number of its records.
    pub records: u64,
    /// How many of them are looks: openings and searches.
    pub looks: u64,
    /// When its oldest record was recorded, in microseconds since 1970-01-01 UTC.
    pub oldest: i64,
    /// When its newest record was recorded.
    pub newest: i64,
}

/// Reads the records of a closed segment up to `limit`.
///
/// Cost: both checksums of every record, about a tenth of a microsecond each.
///
/// # Errors
/// `Io`; `Damaged` where a record is not what was written.
pub(super) fn survey(file: &dyn DiskFile, head: &SegmentHead, limit: u32) -> Result<Surveyed, LogError> {
    let (segment, bytes) = (head.number, head.bytes);
    let mut found = Surveyed { segment, bytes, records: 0, looks: 0, oldest: i64::MAX, newest: i64::MIN };
    let mut cursor = Cursor::new(file, segment, FIRST_FRAME, limit);
    loop {
        let offset = cursor.at();
        let damage = |what| {
            let position = Position(head.first.0 + found.records);
            LogError::Damaged(Damage { position, segment, offset, what })
        };
        match cursor.step().map_err(LogError::io("read a segment"))? {
            Step::Blank if offset >= limit => return Ok(found),
            Step::Blank => return Err(damage(Harm::LostEnd)),
            Step::Bad(what) => return Err(damage(what)),
            Step::Frame(Frame::Trailer(_) | Frame::Closing(_)) => (),
            Step::Frame(Frame::Record(record)) => {
                let header = record.header;
                found.records += 1;
                found.looks +=
                    u64::from(matches!(header.stream.kind, StreamKind::Access | StreamKind::Search));
                found.oldest = found.oldest.min(header.recorded_at);
                found.newest = found.newest.max(header.recorded_at);
            }
        }
    }
}
