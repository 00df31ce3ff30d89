//! Scans a segment batch by batch: what opening, repairing a sidecar and verifying have in common.

use vocabulary::stream::{Position, Stream};

use crate::{
    Damage, Harm, LogError,
    cursor::{Cursor, Step},
    disk::DiskFile,
    frame::{Frame, Place, Record, Trailer},
    leaf::{self, Hash},
    segment::{FIRST_FRAME, SegmentHead},
};

/// A record of a whole batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) stream: Stream,
    pub(crate) place: Place,
    pub(crate) position: Position,
    pub(crate) revision: u32,
    pub(crate) previous: Place,
    pub(crate) leaf: Hash,
}

/// How far the whole batches reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whole {
    /// Offset after the last whole batch or closing mark.
    pub(crate) end: u32,
    /// Position of the last record of the whole batches.
    pub(crate) position: Position,
    /// The chain of leaf hashes after them.
    pub(crate) chain: Hash,
    /// Whether a closing mark ends them.
    pub(crate) closed: bool,
}

/// Where a scan stopped.
#[derive(Debug, Clone)]
pub(crate) struct Scanned {
    pub(crate) whole: Whole,
    /// Records after the whole batches that are whole themselves but lack their trailer.
    pub(crate) pending: Vec<Entry>,
    /// Offset at which the scan stopped.
    pub(crate) stopped_at: u32,
    /// Why it stopped; `None` at unused space or the limit.
    pub(crate) harm: Option<Harm>,
}

impl Scanned {
    /// The damage at which the scan stopped, if it is one.
    pub(crate) fn damage(&self, segment: u32) -> Option<Damage> {
        let what = self.harm?;
        let last = self.pending.last().map_or(self.whole.position, |entry| entry.position);
        let position = match what {
            Harm::Trailer | Harm::Chain => last,
            Harm::SegmentHeader
            | Harm::SegmentLength
            | Harm::SegmentMissing
            | Harm::SegmentLink
            | Harm::FrameHeader
            | Harm::Payload
            | Harm::FramePadding
            | Harm::Misplaced
            | Harm::StreamLink
            | Harm::UnusedSpace
            | Harm::LostEnd
            | Harm::DurableMark
            | Harm::Tree => Position(last.0 + 1),
        };
        Some(Damage { position, segment, offset: self.stopped_at, what })
    }

    /// The chain after the whole batches and the pending records, as their trailer would say.
    pub(crate) fn chain_with_pending(&self) -> Hash {
        leaf::chain(&self.whole.chain, self.pending.iter().map(|entry| &entry.leaf))
    }
}

/// Scans a segment from its first frame to `limit`; `each` is told the records of whole batches, in order.
///
/// Cost: both checksums and the leaf hash of every record, about half a microsecond each.
///
/// # Errors
/// `Io`, or `Damaged` with what `each` found wrong.
pub(crate) fn scan(
    file: &dyn DiskFile,
    head: &SegmentHead,
    limit: u32,
    each: &mut dyn FnMut(&Entry) -> Result<(), Harm>,
) -> Result<Scanned, LogError> {
    let mut cursor = Cursor::new(file, head.number, FIRST_FRAME, limit);
    let position = Position(head.first.0.saturating_sub(1));
    let mut state = Scanned {
        whole: Whole { end: FIRST_FRAME, position, chain: head.chain, closed: false },
        pending: Vec::new(),
        stopped_at: FIRST_FRAME,
        harm: None,
    };
    loop {
        state.stopped_at = cursor.at();
        let place = Place { segment: head.number, offset: cursor.at() };
        let step = cursor.step().map_err(LogError::io("read a segment"))?;
        let judged = match step {
            Step::Blank => return Ok(state),
            Step::Bad(harm) => Err(harm),
            Step::Frame(Frame::Record(record)) => state.judge_record(&record, place).map(|()| None),
            Step::Frame(Frame::Trailer(trailer)) => state.judge_trailer(&trailer).map(Some),
            Step::Frame(Frame::Closing(at)) => state.judge_closing(at).map(Some),
        };
        match judged {
            Ok(None) => (),
            Ok(Some(whole)) => {
                for entry in state.pending.drain(..) {
                    let damage = |what| Damage {
                        position: entry.position,
                        segment: head.number,
                        offset: entry.place.offset,
                        what,
                    };
                    each(&entry).map_err(damage)?;
                }
                state.whole = Whole { end: cursor.at(), ..whole };
            }
            Err(harm) => {
                state.harm = Some(harm);
                return Ok(state);
            }
        }
    }
}

impl Scanned {
    fn judge_record(&mut self, record: &Record<'_>, place: Place) -> Result<(), Harm> {
        let last = self.pending.last().map_or(self.whole.position, |entry| entry.position);
        if record.position.0 != last.0 + 1 {
            return Err(Harm::Misplaced);
        }
        self.pending.push(Entry {
            stream: record.header.stream,
            place,
            position: record.position,
            revision: record.revision,
            previous: record.previous,
            leaf: leaf::hash(record.packed, record.payload),
        });
        Ok(())
    }

    /// A trailer fits when it counts, places and chains exactly the records since the last one.
    fn judge_trailer(&self, trailer: &Trailer) -> Result<Whole, Harm> {
        let last = self.pending.last().ok_or(Harm::Chain)?;
        let chain = self.chain_with_pending();
        let fits = trailer.start == self.whole.end
            && trailer.count as usize == self.pending.len()
            && trailer.position == last.position
            && trailer.chain == chain;
        let whole = Whole { position: trailer.position, chain, closed: false, ..self.whole };
        fits.then_some(whole).ok_or(Harm::Chain)
    }

    /// A closing mark fits between batches, at the position reached.
    fn judge_closing(&self, position: Position) -> Result<Whole, Harm> {
        let fits = self.pending.is_empty() && position == self.whole.position;
        fits.then_some(Whole { closed: true, ..self.whole }).ok_or(Harm::Chain)
    }
}
