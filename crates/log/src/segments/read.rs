//! Reading: a stream by walking back over its addresses, the whole log by walking forward.

use std::sync::Arc;

use vocabulary::stream::{Position, Revision, Stream};

use super::Shared;
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
    let live = {
        let state = held(&shared.state);
        let known = state.segments.get((place.segment as usize).wrapping_sub(1));
        known.map(|known| known.live.as_ref().map(|live| Arc::clone(&live.file)))
    };
    let file = match live {
        None => return Err(damage(shared, place, Harm::StreamLink)),
        Some(Some(file)) => file,
        Some(None) => Arc::clone(&shared.handles.get(&*shared.disk, place.segment)?.file),
    };
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
    let (segment, offset) = (place.segment, place.offset);
    let nowhere = Damage { position: Position::ZERO, segment, offset, what };
    let Ok(Some(from)) = before(shared, segment, |marks| marks.partition_point(|mark| *mark <= offset))
    else {
        return nowhere.into();
    };
    let mut position = from.first.0 + from.skipped as u64 * STRIDE;
    let mut cursor = Cursor::new(&*from.file, segment, from.offset, from.end);
    while cursor.at() < offset {
        match cursor.step() {
            Ok(Step::Frame(Frame::Record(_))) => position += 1,
            Ok(Step::Frame(Frame::Trailer(_) | Frame::Closing(_))) => (),
            Ok(Step::Blank | Step::Bad(_)) | Err(_) => break,
        }
    }
    Damage { position: Position(position), ..nowhere }.into()
}

/// A marked record of a segment.
struct Marked {
    file: Arc<dyn DiskFile>,
    /// Position of the segment's first record, and how many marks come before this one.
    first: Position,
    skipped: usize,
    offset: u32,
    /// Where the segment ends.
    end: u32,
}

/// The marked record before those that `after` counts; the segment's first one where there is none.
///
/// `None` where there is no such segment.
fn before(
    shared: &Shared,
    segment: u32,
    after: impl FnOnce(&[u32]) -> usize,
) -> Result<Option<Marked>, LogError> {
    let choose = |marks: &[u32]| {
        let skipped = after(marks).saturating_sub(1);
        marks.get(skipped).map_or((0, FIRST_FRAME), |offset| (skipped, *offset))
    };
    let (first, end) = {
        let state = held(&shared.state);
        let Some(known) = state.segments.get((segment as usize).wrapping_sub(1)) else { return Ok(None) };
        let (first, end) = (known.first, known.end);
        if let Some(live) = &known.live {
            let (skipped, offset) = choose(&live.marks);
            return Ok(Some(Marked { file: Arc::clone(&live.file), first, skipped, offset, end }));
        }
        (first, end)
    };
    let handle = shared.handles.get(&*shared.disk, segment)?;
    let (skipped, offset) = choose(handle.marks(&*shared.disk, segment, end));
    Ok(Some(Marked { file: Arc::clone(&handle.file), first, skipped, offset, end }))
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
        let Some(stretch) = stretch(shared, Position(at.0.saturating_add(1)))? else { break };
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
fn stretch(shared: &Shared, position: Position) -> Result<Option<Stretch>, LogError> {
    let (segment, first) = {
        let state = held(&shared.state);
        let number = state.segments.partition_point(|known| known.first <= position);
        let known = number.checked_sub(1).and_then(|at| state.segments.get(at));
        let Some(known) = known.filter(|_| position <= state.durable) else { return Ok(None) };
        (frame::narrow(number), known.first)
    };
    let marked = usize::try_from((position.0 - first.0) / STRIDE).unwrap_or(usize::MAX);
    let from = before(shared, segment, |_| marked.saturating_add(1))?;
    Ok(from.map(|from| Stretch { file: from.file, segment, from: from.offset, to: from.end }))
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
