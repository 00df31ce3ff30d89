//! What closed segments came to: from their sidecars and runs, or from their frames where those are wrong.

use vocabulary::stream::{Position, Stream};

use super::super::{
    Known,
    keeper::{COVERING, covering_name, run_name, store},
};
use crate::{
    LogError,
    disk::{Disk, Open},
    runs,
    segment::{self, SegmentHead},
    sidecar::Sidecar,
    streams::{StreamEnd, Streams},
};

/// What closed segments came to.
pub(super) struct ClosedSegments {
    pub(super) segments: Vec<Known>,
    /// Where their streams end.
    pub(super) streams: Streams,
    pub(super) rebuilt: u32,
    /// The segment up to which one run covers the log.
    pub(super) covered: u32,
}

/// Reads what all segments but the last came to.
pub(super) fn read(disk: &dyn Disk, heads: &[SegmentHead]) -> Result<ClosedSegments, LogError> {
    let last_closed = heads.len().saturating_sub(1);
    let (covered, streams) = covering(disk, last_closed)?;
    let mut found = ClosedSegments { segments: Vec::new(), streams, rebuilt: 0, covered };
    let mut ends = Vec::new();
    for (head, next) in heads.iter().zip(heads.iter().skip(1)) {
        let last = Position(next.first.0 - 1);
        let sidecar = Sidecar::load(disk, head.number)
            .filter(|sidecar| sidecar.last == last && sidecar.end == next.previous_end);
        let known_ends =
            head.number <= covered || runs::load(disk, &run_name(head.number), &mut ends).is_some();
        if sidecar.is_none() || !known_ends {
            found.rebuilt += 1;
            rebuild(disk, head, next, if known_ends { None } else { Some(&mut ends) })?;
        }
        for (stream, end) in ends.drain(..) {
            found.streams.land(stream, end.place, end.durable);
        }
        found.segments.push(Known { first: head.first, end: next.previous_end, live: None });
    }
    Ok(found)
}

/// Makes the sidecar of a segment again, and its run where `ends` lack it.
fn rebuild(
    disk: &dyn Disk,
    head: &SegmentHead,
    next: &SegmentHead,
    ends: Option<&mut Vec<(Stream, StreamEnd)>>,
) -> Result<(), LogError> {
    let file = disk.open(&segment::name(head.number), Open::Read);
    let file = file.map_err(LogError::io("open a segment"))?;
    let (sidecar, made) = Sidecar::make(&*file, head, next.previous_end)?;
    let doing = "write a sidecar";
    match ends {
        None => sidecar.store(disk).map_err(LogError::io(doing))?,
        Some(ends) => {
            store(disk, &sidecar, &made).map_err(LogError::io(doing))?;
            ends.extend(made);
        }
    }
    Ok(())
}

/// Reads the newest whole run that covers the log up to some closed segment; answers that segment, or 0.
fn covering(disk: &dyn Disk, last_closed: usize) -> Result<(u32, Streams), LogError> {
    let names = disk.list("").map_err(LogError::io("list its files"))?;
    for name in names.iter().rev() {
        let number = name.strip_prefix(COVERING).and_then(|rest| rest.strip_suffix(".run"));
        let Some(number) = number.and_then(|digits| digits.parse::<u32>().ok()) else { continue };
        if number as usize <= last_closed
            && let Some(streams) = runs::table(disk, &covering_name(number))
        {
            return Ok((number, streams));
        }
    }
    Ok((0, Streams::default()))
}
