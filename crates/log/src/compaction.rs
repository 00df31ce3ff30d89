//! Compaction: payloads that nobody can open any more give way to their SHA-256, and no frame moves.
//!
//! A leaf covers the header and the SHA-256 of the payload, so that every leaf, chain, root and proof stays what it
//! was. A segment is written anew beside the old one, made durable, read back against the chain that the next one
//! continues, and only then given its name; so a crash at any moment leaves one of the two, whole, and whoever reads
//! the old one reads on. How far it came is noted, so that nothing is read again where nothing is new (ADR-0049).

use std::io;

use vocabulary::stream::Position;

use crate::{
    Damage, Harm, Header, LogError, Payload,
    bytes::{Fill, take, take_u32, take_u64},
    cursor::{Cursor, Step},
    disk::{Disk, DiskFile, Open, read_file, read_full, replace, write_all},
    frame::{self, FRAME_BYTES_MAX, Frame, Place, narrow},
    scan,
    segment::{self, FIRST_FRAME, SegmentHead},
};

/// Tells of a record's header whether its payload is to go.
pub type Doomed<'a> = &'a dyn Fn(&Header) -> bool;

/// What compacting came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compacted {
    /// Segments that were read.
    pub looked_at: u32,
    /// Segments that were written anew.
    pub rewritten: u32,
    /// Payloads that gave way to their SHA-256.
    pub payloads: u64,
    /// Bytes of those payloads.
    pub payload_bytes: u64,
    /// Bytes of the segments that were read.
    pub bytes_read: u64,
}

/// Name of the note of how far compaction came.
const NOTE: &str = "compacted";
const MAGIC: [u8; 8] = *b"CPLOGCOM";
/// What the name of a segment that is being written anew ends in.
const BESIDE: &str = ".compact";
/// Bytes read and written at once, more than any frame; the disk is waited for after each, so that a sync of the
/// writer never waits for more than this.
const CHUNK: usize = 2 << 20;

const _: () = assert!(CHUNK > FRAME_BYTES_MAX, "a frame fits into what is read at once");

/// Name of the file that is to replace a segment.
pub(crate) fn beside(number: u32) -> String {
    format!("{}{BESIDE}", segment::name(number))
}

/// Number of the segment that the file with this name is to replace.
pub(crate) fn number(name: &str) -> Option<u32> {
    segment::number(name.strip_suffix(BESIDE)?)
}

/// How far compaction came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Note {
    /// Whatever was doomed when the log stood here is gone from every segment.
    pub(crate) as_of: Position,
    /// Whatever was doomed when it stood here ...
    pub(crate) underway: Position,
    /// ... is gone from segments 1 to this one.
    pub(crate) reached: u32,
}

impl Note {
    /// Reads the note; one that is missing or wrong says that nothing was compacted.
    pub(crate) fn load(disk: &dyn Disk) -> io::Result<Note> {
        let bytes = read_file(disk, NOTE)?;
        Ok(bytes.as_deref().and_then(unpack).unwrap_or_default())
    }

    /// Puts the note in place, durable.
    pub(crate) fn store(&self, disk: &dyn Disk) -> io::Result<()> {
        let mut bytes = [0; 32];
        Fill::new(&mut bytes)
            .put(&MAGIC)
            .put(&self.as_of.0.to_be_bytes())
            .put(&self.underway.0.to_be_bytes())
            .put(&self.reached.to_be_bytes());
        frame::seal(&mut bytes);
        replace(disk, NOTE, &bytes)?;
        disk.sync_dir("")
    }
}

fn unpack(bytes: &[u8]) -> Option<Note> {
    let mut rest = frame::unseal(bytes)?;
    let magic: [u8; 8] = take(&mut rest)?;
    let note = Note {
        as_of: Position(take_u64(&mut rest)?),
        underway: Position(take_u64(&mut rest)?),
        reached: take_u32(&mut rest)?,
    };
    (magic == MAGIC && rest.is_empty()).then_some(note)
}

/// A record whose payload is to go.
#[derive(Debug, Clone, Copy)]
struct Going {
    offset: u32,
    length: u32,
}

/// Whether a record up to `end` of a segment has a payload that is to go. Cost: both checksums of every record.
pub(crate) fn is_doomed(
    file: &dyn DiskFile,
    number: u32,
    end: u32,
    doomed: Doomed<'_>,
) -> Result<bool, LogError> {
    Ok(!going(file, number, end, 1, doomed)?.is_empty())
}

/// The records of a segment whose payload is to go, at most `most` of them.
fn going(
    file: &dyn DiskFile,
    number: u32,
    end: u32,
    most: usize,
    doomed: Doomed<'_>,
) -> Result<Vec<Going>, LogError> {
    let mut cursor = Cursor::new(file, number, FIRST_FRAME, end);
    let (mut found, mut position) = (Vec::new(), Position::ZERO);
    while found.len() < most {
        let offset = cursor.at();
        let damage = |what| LogError::Damaged(Damage { position, segment: number, offset, what });
        match cursor.step().map_err(LogError::io("read a segment"))? {
            Step::Blank if offset >= end => break,
            Step::Blank => return Err(damage(Harm::LostEnd)),
            Step::Bad(what) => return Err(damage(what)),
            Step::Frame(Frame::Trailer(_) | Frame::Closing(_)) => (),
            Step::Frame(Frame::Record(record)) => {
                position = record.position;
                if matches!(record.payload, Payload::Kept(_)) && doomed(&record.header) {
                    found.push(Going { offset, length: record.length });
                }
            }
        }
    }
    Ok(found)
}

/// Compacts one closed segment; tells how many payloads are gone, and their bytes.
///
/// Memory: 8 bytes a payload that goes, and four megabytes. Cost: reads it; where there is something to do, twice
/// more, and writes it once.
///
/// # Errors
/// `Damaged`: it is not what was written, and stays as it is. `Io`: it is there, the old one or the new.
pub(crate) fn segment(
    disk: &dyn Disk,
    number: u32,
    doomed: Doomed<'_>,
    into: &mut Compacted,
) -> Result<bool, LogError> {
    let (file, head) = opened(disk, number)?;
    let (_, next) = opened(disk, number + 1)?;
    let end = next.previous_end;
    let going = going(&*file, number, end, usize::MAX, doomed)?;
    into.looked_at += 1;
    into.bytes_read += u64::from(head.bytes);
    if going.is_empty() {
        return Ok(false);
    }
    let made = made_anew(disk, &*file, &head, &next, &going);
    if made.is_err() {
        // Opening takes it away where this fails too.
        drop(disk.remove(&beside(number)));
    }
    let bytes = made?;
    let placed = disk.rename(&beside(number), &segment::name(number)).and_then(|()| disk.sync_dir(""));
    placed.map_err(LogError::io("put a compacted segment in its place"))?;
    into.rewritten += 1;
    into.payloads += going.len() as u64;
    into.payload_bytes += bytes;
    Ok(true)
}

fn opened(disk: &dyn Disk, number: u32) -> Result<(std::sync::Arc<dyn DiskFile>, SegmentHead), LogError> {
    let file = disk.open(&segment::name(number), Open::Read).map_err(LogError::io("open a segment"))?;
    let head = SegmentHead::read(&*file, number, Position::ZERO)?;
    Ok((file, head))
}

/// Writes a segment without those payloads beside it, durable and compared; answers their bytes.
fn made_anew(
    disk: &dyn Disk,
    old: &dyn DiskFile,
    head: &SegmentHead,
    next: &SegmentHead,
    going: &[Going],
) -> Result<u64, LogError> {
    let doing = "write a compacted segment";
    let new = disk.open(&beside(head.number), Open::Create).map_err(LogError::io(doing))?;
    new.set_len(head.bytes.into()).map_err(LogError::io(doing))?;
    let mut bytes = 0;
    let (mut going, mut chunk, mut at) = (going.iter().peekable(), vec![0; CHUNK], 0_u32);
    loop {
        let wanted = CHUNK.min(head.bytes.saturating_sub(at) as usize);
        let room = chunk.get_mut(..wanted).unwrap_or_default();
        let read = read_full(old, at.into(), room).map_err(LogError::io("read a segment"))?;
        let mut whole = read;
        while let Some(one) = going.next_if(|one| (one.offset - at) as usize + one.length as usize <= read) {
            let (first, place) = (one.offset - at, Place { segment: head.number, offset: one.offset });
            let frame = room.get_mut(first as usize..(first + one.length) as usize).unwrap_or_default();
            let damage =
                |what| Damage { position: Position::ZERO, segment: head.number, offset: one.offset, what };
            bytes += u64::from(frame::erase(frame, place).map_err(damage)?.unwrap_or_default());
        }
        if let Some(cut) = going.peek() {
            // The one that is read in part only is the first of the next chunk.
            whole = whole.min((cut.offset - at) as usize);
        }
        let Some(part) = room.get(..whole).filter(|part| !part.is_empty()) else { break };
        // What is unused stays a hole.
        if part.iter().any(|byte| *byte != 0) {
            write_all(&*new, at.into(), part).and_then(|()| new.sync_data()).map_err(LogError::io(doing))?;
        }
        at += narrow(whole);
    }
    new.sync_data().map_err(LogError::io(doing))?;
    compared(&*new, head, next)?;
    Ok(bytes)
}

/// Reads back what was written: the chain of its leaves leads to the next segment, as that of the old one did.
fn compared(new: &dyn DiskFile, head: &SegmentHead, next: &SegmentHead) -> Result<(), LogError> {
    let written = SegmentHead::read(new, head.number, Position(head.first.0.saturating_sub(1)))?;
    let found = scan::scan(new, head, head.bytes, &mut |_| Ok(()))?;
    let length = new.len().map_err(LogError::io("read a compacted segment"))?;
    let same = written == *head
        && length == u64::from(head.bytes)
        && (found.whole.end, found.whole.chain) == (next.previous_end, next.chain)
        && found.whole.position.0 + 1 == next.first.0;
    if same && found.harm.is_none() {
        return Ok(());
    }
    let (position, offset) = (found.whole.position, found.stopped_at);
    let damage = Damage { position, segment: head.number, offset, what: Harm::Chain };
    Err(found.damage(head.number).unwrap_or(damage).into())
}
