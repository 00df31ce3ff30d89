//! Recovers the last segment: keeps what is whole, cuts off what a crash cut short, stops at rot.

use vocabulary::stream::{Position, Stream};

use super::{Cut, Told};
use crate::{
    Damage, Harm, LogError,
    disk::{Disk, DiskFile, read_full, replace, write_all},
    frame::{self, Place, TRAILER_BYTES, Trailer, narrow},
    mark::Mark,
    scan::{self, Entry, Scanned, Whole},
    segment::{FIRST_FRAME, SegmentHead},
    sidecar,
    streams::StreamEnd,
    tail::{self, Tail},
};

/// What the last segment came to.
pub(super) struct Recovered {
    pub(super) whole: Whole,
    pub(super) ends: Vec<(Stream, StreamEnd)>,
    pub(super) marks: Vec<u32>,
    pub(super) cut: Option<Cut>,
    pub(super) restored: bool,
    pub(super) lengthened: u32,
}

impl Recovered {
    fn add(&mut self, head: &SegmentHead, entry: &Entry) {
        self.ends.push((entry.stream, StreamEnd::durable(entry.place, entry.revision)));
        if sidecar::is_marked(head.first, entry.position) {
            self.marks.push(entry.place.offset);
        }
    }
}

/// Recovers the last segment; afterwards all that it holds is durable.
pub(super) fn recover(
    disk: &dyn Disk,
    file: &dyn DiskFile,
    head: &SegmentHead,
    told: Told,
) -> Result<Recovered, LogError> {
    let whole = Whole { end: FIRST_FRAME, position: Position::ZERO, chain: head.chain, closed: false };
    let mut found =
        Recovered { whole, ends: Vec::new(), marks: Vec::new(), cut: None, restored: false, lengthened: 0 };
    let scanned = scan::scan(file, head, head.bytes, &mut |entry| {
        found.add(head, entry);
        Ok(())
    })?;
    found.whole = scanned.whole;
    let mark = match told {
        Told::Mark(mark) => Some(mark),
        Told::Nothing | Told::Unreadable => None,
    };
    let torn = match tail::judge(file, head, &scanned)? {
        Tail::Clean => Vec::new(),
        Tail::Rotten(damage) => return Err(damage.into()),
        Tail::Torn(bytes) => bytes,
    };
    let ending = mark.and_then(|mark| missing_trailer(&scanned, head, &mark));
    let reached = if ending.is_some() { scanned.pending.last() } else { None };
    let reached = reached.map_or(scanned.whole.position, |entry| entry.position);
    if mark.is_some_and(|mark| mark.position > reached) {
        let (position, offset) = (Position(reached.0 + 1), scanned.whole.end);
        return Err(Damage { position, segment: head.number, offset, what: Harm::LostEnd }.into());
    }
    if !torn.is_empty() && ending.is_none() {
        found.cut = Some(set_aside(disk, head, scanned.whole.end, &torn)?);
    }
    if let Some(trailer) = ending {
        restore(file, &scanned, &trailer, head)?;
        for entry in &scanned.pending {
            found.add(head, entry);
        }
        let end = scanned.stopped_at + narrow(TRAILER_BYTES);
        found.whole = Whole { end, position: trailer.position, chain: trailer.chain, closed: false };
        found.restored = true;
    }
    let torn_end = scanned.whole.end + narrow(torn.len());
    wipe(file, found.whole.end, torn_end).map_err(LogError::io("cut off a torn write"))?;
    found.lengthened = lengthen(file, head).map_err(LogError::io("lengthen a segment"))?;
    make_durable(file, &found.whole, head, mark).map_err(LogError::io("sync a segment"))?;
    Ok(found)
}

/// The trailer that the mark proves was durable, where only the trailer is not whole.
fn missing_trailer(scanned: &Scanned, head: &SegmentHead, mark: &Mark) -> Option<Trailer> {
    let last = scanned.pending.last()?;
    let proven = mark.segment == head.number
        && mark.position == last.position
        && mark.end == scanned.stopped_at + narrow(TRAILER_BYTES)
        && mark.chain == scanned.chain_with_pending();
    let (start, count) = (scanned.whole.end, narrow(scanned.pending.len()));
    proven.then_some(Trailer { start, count, position: mark.position, chain: mark.chain })
}

fn restore(
    file: &dyn DiskFile,
    scanned: &Scanned,
    trailer: &Trailer,
    head: &SegmentHead,
) -> Result<(), LogError> {
    let mut bytes = Vec::new();
    let place = Place { segment: head.number, offset: scanned.stopped_at };
    frame::write_trailer(&mut bytes, trailer, place);
    write_all(file, place.offset.into(), &bytes).map_err(LogError::io("restore a trailer"))
}

/// Keeps torn bytes in a file of their own, so that nothing is ever thrown away unseen.
fn set_aside(disk: &dyn Disk, head: &SegmentHead, offset: u32, torn: &[u8]) -> Result<Cut, LogError> {
    let kept_as = format!("{:08}-{offset:08x}.torn", head.number);
    replace(disk, &kept_as, torn)
        .and_then(|()| disk.sync_dir(""))
        .map_err(LogError::io("keep a torn write aside"))?;
    Ok(Cut { segment: head.number, offset, bytes: narrow(torn.len()), kept_as })
}

/// Zeroes the bytes from `from` to `to`, if there are any.
fn wipe(file: &dyn DiskFile, from: u32, to: u32) -> std::io::Result<()> {
    let zeroes = vec![0; to.saturating_sub(from) as usize];
    if zeroes.is_empty() {
        return Ok(());
    }
    write_all(file, from.into(), &zeroes)?;
    file.sync_data()
}

/// Gives a segment that is too short its size again; answers the number of bytes added.
fn lengthen(file: &dyn DiskFile, head: &SegmentHead) -> std::io::Result<u32> {
    let length = u32::try_from(file.len()?).unwrap_or(u32::MAX);
    wipe(file, length, head.bytes)?;
    Ok(head.bytes.saturating_sub(length))
}

/// Writes again what is not known to be durable, and syncs.
///
/// After a failed sync the system may hold pages that look written and never reached the disk; writing them again
/// is the only way to be sure.
fn make_durable(
    file: &dyn DiskFile,
    whole: &Whole,
    head: &SegmentHead,
    mark: Option<Mark>,
) -> std::io::Result<()> {
    if whole.closed {
        return Ok(());
    }
    let known = mark.filter(|mark| mark.segment == head.number).map_or(FIRST_FRAME, |mark| mark.end);
    let mut bytes = vec![0; whole.end.saturating_sub(known) as usize];
    let read = read_full(file, known.into(), &mut bytes)?;
    bytes.truncate(read);
    write_all(file, known.into(), &bytes)?;
    file.sync_data()
}
