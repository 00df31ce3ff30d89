//! Compacting beside the writer: closed segments one after another, the last one once it is closed.

use std::io;

use vocabulary::stream::Position;

use super::{Phase, Shared};
use crate::{
    LogError, archive,
    compaction::{self, Compacted, Doomed, Note},
    lock::{held, waited},
};

/// After how many segments it is noted how far it came, where none was rewritten.
const NOTED_EACH: u32 = 64;

/// The moment for which everything doomed is gone from every segment.
pub(super) fn compacted(shared: &Shared) -> Result<Position, LogError> {
    Ok(Note::load(&*shared.disk).map_err(LogError::io("read how far it is compacted"))?.as_of)
}

/// Compacts all that is durable.
pub(super) fn compact(shared: &Shared, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError> {
    let _alone = held(&shared.compacting);
    let disk = &*shared.disk;
    let lock = disk.lock(archive::carrying::LOCK).map_err(LogError::io("take the archive's lock"))?;
    let busy = || io::Error::new(io::ErrorKind::ResourceBusy, "its segments are being archived");
    let _uncarried = lock.ok_or_else(busy).map_err(LogError::io("compact"))?;
    let noting = |note: &Note| note.store(disk).map_err(LogError::io("note how far it is compacted"));
    let mut note = Note::load(disk).map_err(LogError::io("read how far it is compacted"))?;
    let mut done = Compacted::default();
    if note.as_of >= as_of {
        return Ok(done);
    }
    if note.underway != as_of {
        note = Note { underway: as_of, reached: 0, ..note };
    }
    let closed = closed(shared, doomed)?;
    for number in note.reached + 1..=closed {
        let rewritten = compaction::segment(disk, number, doomed, &mut done)?;
        note.reached = number;
        if rewritten {
            shared.handles.replaced(number);
        }
        if rewritten || number.is_multiple_of(NOTED_EACH) {
            noting(&note)?;
        }
    }
    noting(&Note { as_of, ..Note::default() })?;
    Ok(done)
}

/// Number of the last closed segment, once no record of the one that is written to is doomed.
fn closed(shared: &Shared, doomed: Doomed<'_>) -> Result<u32, LogError> {
    let (number, live) = {
        let state = held(&shared.state);
        let live = state.segments.last().and_then(|known| Some((known.live.as_ref()?, known.end)));
        (state.segments.len(), live.map(|(live, end)| (std::sync::Arc::clone(&live.file), end)))
    };
    let number = crate::frame::narrow(number);
    let Some((file, end)) = live else { return Ok(number.saturating_sub(1)) };
    if !compaction::is_doomed(&*file, number, end, doomed)? {
        return Ok(number.saturating_sub(1));
    }
    let mut state = held(&shared.state);
    // It may have been closed meanwhile.
    while state.segments.len() <= number as usize {
        if state.phase != Phase::Running {
            return Err(LogError::Stopped);
        }
        state.roll = true;
        shared.work.notify_all();
        state = waited(&shared.rolled, state);
    }
    Ok(number)
}
