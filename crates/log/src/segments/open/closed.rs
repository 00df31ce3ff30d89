//! What closed segments came to: from their sidecars and runs, or from their frames where those are wrong.

use std::sync::Arc;

use vocabulary::stream::{Position, Stream};

use super::super::{
    Known,
    keeper::{covering_name, run_name, store},
};
use crate::{
    LogError,
    disk::{Disk, DiskFile, Open},
    runs,
    segment::{self, SegmentHead},
    sidecar::Sidecar,
    streams::StreamEnd,
};

/// What closed segments came to.
pub(super) struct ClosedSegments {
    pub(super) segments: Vec<Known>,
    /// Runs one after another, older first.
    pub(super) ends: Vec<(Stream, StreamEnd)>,
    pub(super) rebuilt: u32,
    /// The segment up to which one run covers the log.
    pub(super) covered: u32,
}

/// Reads what all segments but the last came to.
pub(super) fn read(disk: &dyn Disk, heads: &[SegmentHead]) -> Result<ClosedSegments, LogError> {
    let mut found = ClosedSegments { segments: Vec::new(), ends: Vec::new(), rebuilt: 0, covered: 0 };
    let last_closed = heads.len().saturating_sub(1);
    found.covered = covering(disk, last_closed, &mut found.ends)?;
    for (head, next) in heads.iter().zip(heads.iter().skip(1)) {
        let file = disk.open(&segment::name(head.number), Open::Read);
        let file = file.map_err(LogError::io("open a segment"))?;
        let last = Position(next.first.0 - 1);
        let sidecar = Sidecar::load(disk, head.number)
            .filter(|sidecar| sidecar.last == last && sidecar.end == next.previous_end);
        let covered = head.number <= found.covered;
        let known_ends = covered || runs::load(disk, &run_name(head.number), &mut found.ends).is_some();
        let sidecar = match sidecar.filter(|_| known_ends) {
            Some(sidecar) => sidecar,
            None => rebuild(disk, &file, head, next, known_ends, &mut found)?,
        };
        let known = Known { file, first: head.first, end: next.previous_end, marks: sidecar.marks };
        found.segments.push(known);
    }
    Ok(found)
}

/// Makes the sidecar and the run of a segment again.
fn rebuild(
    disk: &dyn Disk,
    file: &Arc<dyn DiskFile>,
    head: &SegmentHead,
    next: &SegmentHead,
    known_ends: bool,
    found: &mut ClosedSegments,
) -> Result<Sidecar, LogError> {
    let (sidecar, ends) = Sidecar::make(&**file, head, next.previous_end)?;
    let doing = "write a sidecar";
    if known_ends {
        sidecar.store(disk).map_err(LogError::io(doing))?;
    } else {
        store(disk, &sidecar, &ends).map_err(LogError::io(doing))?;
        found.ends.extend(ends);
    }
    found.rebuilt += 1;
    Ok(sidecar)
}

/// Reads the newest whole run that covers the log up to some closed segment; answers that segment, or 0.
fn covering(
    disk: &dyn Disk,
    last_closed: usize,
    ends: &mut Vec<(Stream, StreamEnd)>,
) -> Result<u32, LogError> {
    let names = disk.list("").map_err(LogError::io("list its files"))?;
    for name in names.iter().rev() {
        let number = name.strip_prefix("upto-").and_then(|rest| rest.strip_suffix(".run"));
        let Some(number) = number.and_then(|digits| digits.parse::<u32>().ok()) else { continue };
        if number as usize <= last_closed && runs::load(disk, &covering_name(number), ends).is_some() {
            return Ok(number);
        }
    }
    Ok(0)
}
