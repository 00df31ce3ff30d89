//! The sidecar of a closed segment: where its records stand, one in [`STRIDE`], and what its streams came to.
//!
//! It is derived, checksummed, written when a segment closes, and made again when missing or wrong.

use vocabulary::stream::{Position, Stream};

use crate::{
    Damage, Harm, LogError,
    bytes::{Fill, take, take_u32, take_u64},
    cursor::{Cursor, Step},
    disk::{Disk, DiskFile, read_file, replace},
    frame::{Frame, Place, narrow, seal, unseal},
    segment::{FIRST_FRAME, SegmentHead},
    streams::{Order, StreamEnd},
};

/// Every how many records one is marked: a read that starts anywhere skips at most this many, about 15 KB.
pub(crate) const STRIDE: u64 = 64;
const MAGIC: [u8; 8] = *b"CPLOGIDX";
const HEAD: usize = 28;

/// Where the records of a segment stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sidecar {
    pub(crate) segment: u32,
    /// Offset after the last whole batch.
    pub(crate) end: u32,
    /// Position of the last record.
    pub(crate) last: Position,
    /// Offsets of the first record of the segment and of each [`STRIDE`]th after it.
    pub(crate) marks: Vec<u32>,
}

/// File name of a segment's sidecar.
pub(crate) fn name(segment: u32) -> String {
    format!("{segment:08}.idx")
}

/// Whether the record at `position` of the segment that begins at `first` is marked.
pub(crate) fn is_marked(first: Position, position: Position) -> bool {
    (position.0 - first.0).is_multiple_of(STRIDE)
}

impl Sidecar {
    /// Writes the sidecar beside its segment.
    pub(crate) fn store(&self, disk: &dyn Disk) -> std::io::Result<()> {
        let mut bytes = vec![0; HEAD + self.marks.len() * 4 + 4];
        let mut fill = Fill::new(&mut bytes);
        fill.put(&MAGIC).put(&self.segment.to_be_bytes()).put(&self.end.to_be_bytes());
        fill.put(&self.last.0.to_be_bytes()).put(&narrow(self.marks.len()).to_be_bytes());
        for mark in &self.marks {
            fill.put(&mark.to_be_bytes());
        }
        seal(&mut bytes);
        replace(disk, &name(self.segment), &bytes)
    }

    /// Reads the sidecar of a segment; `None` where it is missing or wrong.
    pub(crate) fn load(disk: &dyn Disk, segment: u32) -> Option<Sidecar> {
        let bytes = read_file(disk, &name(segment)).ok()??;
        let mut rest = unseal(&bytes)?;
        if take(&mut rest)? != MAGIC || take_u32(&mut rest)? != segment {
            return None;
        }
        let (end, last, count) = (take_u32(&mut rest)?, Position(take_u64(&mut rest)?), take_u32(&mut rest)?);
        let (marks, odd) = rest.as_chunks::<4>();
        let marks: Vec<u32> = marks.iter().map(|mark| u32::from_be_bytes(*mark)).collect();
        (odd.is_empty() && marks.len() == count as usize).then_some(Sidecar { segment, end, last, marks })
    }

    /// Makes the sidecar and the run of a closed segment from its frames.
    ///
    /// Cost: both checksums of every record.
    ///
    /// # Errors
    /// `Io`; `Damaged` where the segment is not whole up to `limit`.
    pub(crate) fn make(
        file: &dyn DiskFile,
        head: &SegmentHead,
        limit: u32,
    ) -> Result<(Sidecar, Vec<(Stream, StreamEnd)>), LogError> {
        let mut cursor = Cursor::new(file, head.number, FIRST_FRAME, limit);
        let mut last = Position(head.first.0.saturating_sub(1));
        let (mut marks, mut ends) = (Vec::new(), Vec::new());
        loop {
            let offset = cursor.at();
            let damage = |position, what| Damage { position, segment: head.number, offset, what };
            match cursor.step().map_err(LogError::io("read a segment"))? {
                Step::Blank if offset >= limit => break,
                Step::Blank => return Err(damage(Position(last.0 + 1), Harm::LostEnd).into()),
                Step::Bad(Harm::Trailer) => return Err(damage(last, Harm::Trailer).into()),
                Step::Bad(what) => return Err(damage(Position(last.0 + 1), what).into()),
                Step::Frame(Frame::Trailer(_) | Frame::Closing(_)) => (),
                Step::Frame(Frame::Record(record)) => {
                    if record.position.0 != last.0 + 1 {
                        return Err(damage(Position(last.0 + 1), Harm::Misplaced).into());
                    }
                    last = record.position;
                    if is_marked(head.first, last) {
                        marks.push(offset);
                    }
                    let place = Place { segment: head.number, offset };
                    ends.push((record.header.stream, StreamEnd::durable(place, record.revision)));
                }
            }
        }
        Ok((Sidecar { segment: head.number, end: limit, last, marks }, newest(ends)))
    }
}

/// Puts streams in their order and keeps the last word on each.
pub(crate) fn newest(mut ends: Vec<(Stream, StreamEnd)>) -> Vec<(Stream, StreamEnd)> {
    // Newest first, so that the stable sort leaves the last word on a stream before the others.
    ends.reverse();
    ends.sort_by_cached_key(|(stream, _)| Order::of(*stream));
    ends.dedup_by_key(|(stream, _)| *stream);
    ends
}
