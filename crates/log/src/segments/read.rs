//! Reading: a stream by walking back over its addresses, the whole log by walking forward.

use std::sync::Arc;

use vocabulary::stream::{Position, Revision, Stream};

use super::{Known, Shared};
use crate::{
    Damage, Harm, LogError, RecordRef,
    cursor::{Cursor, Step},
    disk::{DiskFile, read_full},
    frame::{self, Frame, Place},
    lock::held,
    segment::FIRST_FRAME,
    sidecar::STRIDE,
};

/// Bytes read for one record at first; most records are shorter, and a longer one is read in a second go.
const RECORD_READ: usize = 512;

/// Reads one stream, oldest first, in flight included.
pub(super) fn stream(
    shared: &Shared,
    stream: Stream,
    after: Revision,
    each: &mut dyn FnMut(RecordRef<'_>),
) -> Result<Revision, LogError> {
    let (end, in_flight) = {
        let state = held(&shared.state);
        let Some(end) = state.streams.end(stream) else { return Ok(Revision::NONE) };
        let mut in_flight = Vec::new();
        if end.revision > end.durable {
            let mine = state.in_flight.iter().filter(|flying| flying.queued.stream == stream);
            in_flight.extend(mine.map(|flying| Arc::clone(&flying.queued)));
        }
        (end, in_flight)
    };
    let mut found = Vec::new();
    let (mut place, mut revision) = (end.place, end.durable);
    while u64::from(revision) > after.0 {
        let bytes = record_at(shared, place)?;
        let record = frame::read_record(&bytes, place).map_err(|what| damage(shared, place, what))?;
        if record.header.stream != stream || record.revision != revision {
            return Err(damage(shared, place, Harm::StreamLink));
        }
        let here = place;
        (place, revision) = (record.previous, revision - 1);
        found.push((here, bytes));
    }
    for (at, bytes) in found.iter().rev() {
        let record = frame::read_record(bytes, *at).map_err(|what| damage(shared, *at, what))?;
        each(record.told());
    }
    for queued in in_flight {
        queued.tell(after, each);
    }
    Ok(Revision(end.revision.into()))
}

/// The bytes of the record at `place`.
fn record_at(shared: &Shared, place: Place) -> Result<Vec<u8>, LogError> {
    let file = {
        let state = held(&shared.state);
        let index = (place.segment as usize).wrapping_sub(1);
        state.segments.get(index).map(|known| Arc::clone(&known.file))
    };
    let file = file.ok_or_else(|| damage(shared, place, Harm::StreamLink))?;
    let mut bytes = vec![0; RECORD_READ];
    let mut read =
        read_full(&*file, place.offset.into(), &mut bytes).map_err(LogError::io("read a record"))?;
    let needed = frame::needed(&bytes).unwrap_or(read);
    bytes.resize(needed, 0);
    if let Some(rest) = bytes.get_mut(read..).filter(|rest| !rest.is_empty()) {
        let at = u64::from(place.offset) + read as u64;
        read += read_full(&*file, at, rest).map_err(LogError::io("read a record"))?;
    }
    bytes.truncate(read);
    Ok(bytes)
}

/// Names the position of a damaged record, by counting from the nearest marked one before it.
fn damage(shared: &Shared, place: Place, what: Harm) -> LogError {
    let known = {
        let state = held(&shared.state);
        state.segments.get((place.segment as usize).wrapping_sub(1)).cloned()
    };
    let Some(known) = known else {
        let (segment, offset) = (place.segment, place.offset);
        return Damage { position: Position::ZERO, segment, offset, what }.into();
    };
    let marked = known.marks.partition_point(|mark| *mark <= place.offset).saturating_sub(1);
    let offset = known.marks.get(marked).copied().unwrap_or(FIRST_FRAME);
    let mut position = known.first.0 + marked as u64 * STRIDE;
    let mut cursor = Cursor::new(&*known.file, place.segment, offset, known.end);
    while cursor.at() < place.offset {
        match cursor.step() {
            Ok(Step::Frame(Frame::Record(_))) => position += 1,
            Ok(Step::Frame(Frame::Trailer(_) | Frame::Closing(_))) => (),
            Ok(Step::Blank | Step::Bad(_)) | Err(_) => break,
        }
    }
    Damage { position: Position(position), segment: place.segment, offset: place.offset, what }.into()
}

/// Where to begin reading in one segment, and how far.
struct Stretch {
    file: Arc<dyn DiskFile>,
    segment: u32,
    from: u32,
    to: u32,
}

/// Reads the whole log after a position.
pub(super) fn all(
    shared: &Shared,
    after: Position,
    budget: u32,
    each: &mut dyn FnMut(RecordRef<'_>),
) -> Result<Position, LogError> {
    let (mut at, mut left) = (after, budget);
    while left > 0 {
        let Some(stretch) = stretch(shared, Position(at.0.saturating_add(1))) else { break };
        let reached = forward(&stretch, at, &mut left, each)?;
        if reached == at {
            // The segment should hold the next record and does not.
            let (segment, offset) = (stretch.segment, stretch.to);
            let position = Position(at.0 + 1);
            return Err(Damage { position, segment, offset, what: Harm::LostEnd }.into());
        }
        at = reached;
    }
    Ok(at)
}

/// The stretch of a segment in which the durable record at `position` stands; `None` when there is none.
fn stretch(shared: &Shared, position: Position) -> Option<Stretch> {
    let state = held(&shared.state);
    if position > state.durable {
        return None;
    }
    let number = state.segments.partition_point(|known| known.first <= position);
    let Known { file, first, end, marks } = state.segments.get(number.checked_sub(1)?)?;
    let marked = usize::try_from((position.0 - first.0) / STRIDE).ok()?;
    let from = marks.get(marked).copied()?;
    Some(Stretch { file: Arc::clone(file), segment: frame::narrow(number), from, to: *end })
}

/// Tells the records of a stretch after position `after`; answers the last one told.
fn forward(
    stretch: &Stretch,
    after: Position,
    left: &mut u32,
    each: &mut dyn FnMut(RecordRef<'_>),
) -> Result<Position, LogError> {
    let mut cursor = Cursor::new(&*stretch.file, stretch.segment, stretch.from, stretch.to);
    let mut at = after;
    while *left > 0 {
        let offset = cursor.at();
        let damage = |what| Damage { position: Position(at.0 + 1), segment: stretch.segment, offset, what };
        match cursor.step().map_err(LogError::io("read the log"))? {
            Step::Blank if offset >= stretch.to => break,
            Step::Blank => return Err(damage(Harm::LostEnd).into()),
            Step::Bad(what) => return Err(damage(what).into()),
            Step::Frame(Frame::Trailer(_) | Frame::Closing(_)) => (),
            Step::Frame(Frame::Record(record)) if record.position <= after => (),
            Step::Frame(Frame::Record(record)) => {
                if record.position.0 != at.0 + 1 {
                    return Err(damage(Harm::Misplaced).into());
                }
                at = record.position;
                *left -= 1;
                each(record.told());
            }
        }
    }
    Ok(at)
}
