//! What stands after the last whole batch: nothing, a write cut short by a crash, or rot.
//!
//! Telling the two apart rests on how disks fail. A crash leaves whole sectors of the last write unwritten, and
//! they are still zero, since a segment is zeroed before use. Rot changes bytes of sectors that were written. So
//! damage in a batch of which every sector was written is rot, and is never cut; and what was acknowledged was
//! written whole. A file shorter than its size was cut by someone else, and is judged as a write cut short.
//! Beside this stands the mark of the durable end ([`crate::mark`]), which catches what shapes cannot tell.

use crate::{
    Damage, Harm, LogError,
    disk::{DiskFile, memory::SECTOR, read_full},
    frame::{
        ALIGNMENT, CLOSING_BYTES, Place, TRAILER_BYTES, narrow, read_closing, read_trailer, resembles_ending,
    },
    scan::Scanned,
    segment::SegmentHead,
};

/// Bytes of the checksum that ends every shape.
const CHECKSUM: usize = 4;

/// Bytes read at once when looking for the last byte that is not zero.
const CHUNK: usize = 256 * 1024;

/// What stands after the last whole batch of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing.
    Clean,
    /// A write that a crash cut short: these bytes, right after the last whole batch.
    Torn(Vec<u8>),
    /// Bytes that have changed since they were written.
    Rotten(Damage),
}

/// Judges what stands after the whole batches of the last segment.
///
/// Cost: reads the rest of the segment.
///
/// # Errors
/// `Io`.
pub(crate) fn judge(file: &dyn DiskFile, head: &SegmentHead, scanned: &Scanned) -> Result<Tail, LogError> {
    let from = scanned.whole.end;
    let rest = rest(file, from, head.bytes).map_err(LogError::io("read the end of the log"))?;
    let damaged =
        |offset, what| Damage { position: scanned.whole.position, segment: head.number, offset, what };
    if rest.bits == 0 {
        return Ok(Tail::Clean);
    }
    if rest.bits == 1 {
        // No write sets one bit; a bit flipped in unused space does.
        return Ok(Tail::Rotten(damaged(rest.first, Harm::UnusedSpace)));
    }
    if matches!(scanned.harm, Some(Harm::Misplaced | Harm::Chain)) {
        // The checksums hold, so it was written whole; it is the content that does not belong here.
        return Ok(scanned.damage(head.number).map_or(Tail::Torn(rest.bytes), Tail::Rotten));
    }
    let Some(end) = whole_end(&rest, head, scanned) else { return Ok(Tail::Torn(rest.bytes)) };
    if sector_missing(&rest.bytes, from, end) {
        return Ok(Tail::Torn(rest.bytes));
    }
    let damage = scanned.damage(head.number);
    Ok(Tail::Rotten(damage.unwrap_or_else(|| damaged(rest.first, Harm::UnusedSpace))))
}

/// Offset after the first batch that seems to have been written up to its last byte, if there is one.
fn whole_end(rest: &Rest, head: &SegmentHead, scanned: &Scanned) -> Option<usize> {
    let from = scanned.whole.end;
    let step = ALIGNMENT as usize;
    for at in (0..rest.bytes.len()).step_by(step) {
        let bytes = rest.bytes.get(at..)?;
        let place = Place { segment: head.number, offset: from + narrow(at) };
        if read_trailer(bytes, place).is_some() {
            return Some(at + TRAILER_BYTES);
        }
        if read_closing(bytes, place).is_some() {
            return Some(at + CLOSING_BYTES);
        }
    }
    // No trailer is whole. Where the records are, the trailer itself may have rotted: then its checksum, its
    // last four bytes, is there, and nothing stands behind it.
    let at = (scanned.stopped_at - from) as usize;
    let end = at + resembles_ending(rest.bytes.get(at..)?)?;
    let written = (end - CHECKSUM + 1..=end).contains(&rest.bytes.len());
    (written && from as usize + end <= rest.file_length).then_some(end)
}

/// Whether a sector of the bytes up to `end`, which start at offset `from`, is still as it was zeroed.
fn sector_missing(bytes: &[u8], from: u32, end: usize) -> bool {
    let first = SECTOR - from as usize % SECTOR;
    let written = bytes.get(..end).unwrap_or(bytes);
    let (head, behind) = written.split_at_checked(first).unwrap_or((written, &[]));
    std::iter::once(head).chain(behind.chunks(SECTOR)).any(|sector| sector.iter().all(|byte| *byte == 0))
}

/// The bytes of a segment from an offset to the last one that is not zero.
struct Rest {
    bytes: Vec<u8>,
    /// Number of bits that are set, counted up to two.
    bits: u32,
    /// Offset in the file of the first byte that is not zero.
    first: u32,
    /// Bytes that the file has.
    file_length: usize,
}

fn rest(file: &dyn DiskFile, from: u32, to: u32) -> std::io::Result<Rest> {
    let mut found = Rest { bytes: Vec::new(), bits: 0, first: from, file_length: 0 };
    found.file_length = usize::try_from(file.len()?).unwrap_or(usize::MAX);
    let (mut chunk, mut at) = (vec![0; CHUNK], from);
    let mut last = None;
    let mut blocks = Vec::new();
    while at < to {
        let wanted = CHUNK.min((to - at) as usize);
        let read = read_full(file, at.into(), chunk.get_mut(..wanted).unwrap_or_default())?;
        let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        if let Some(place) = bytes.iter().rposition(|byte| *byte != 0) {
            if last.is_none() {
                let zeroes = bytes.iter().take_while(|byte| **byte == 0).count();
                found.first = at + narrow(zeroes);
            }
            last = Some(at + narrow(place));
            blocks.push((at, bytes.to_vec()));
            found.bits += bytes.iter().map(|byte| byte.count_ones()).sum::<u32>().min(2);
        }
        at += narrow(read);
    }
    if let Some(last) = last {
        found.bytes.resize((last - from) as usize + 1, 0);
        for (start, block) in blocks {
            let place = found.bytes.get_mut((start - from) as usize..).unwrap_or_default();
            for (into, byte) in place.iter_mut().zip(block) {
                *into = byte;
            }
        }
    }
    Ok(found)
}
