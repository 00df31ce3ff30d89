//! Opening: takes the lock, reads what closed segments came to, recovers the last one.

use std::{io, sync::Arc};

use vocabulary::stream::Position;

use super::{
    Known, Live, Options, Phase, State,
    keeper::{Zeroes, zeroed},
    writer::{Active, install},
};
use crate::{
    Damage, Harm, LogError, compaction,
    disk::{Disk, Guard, Open, read_file},
    leaf::CHAIN_START,
    mark::{self, Told},
    segment::{self, FIRST_FRAME, SegmentHead},
};

mod closed;
mod recover;

const LOCK: &str = "lock";
const SEGMENT_BYTES_MIN: u32 = 4 << 10;
const SEGMENT_BYTES_MAX: u32 = 1 << 30;

/// Why the log could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the log is in use by another process")]
    InUse,
    /// The size of segments is not a multiple of 512 from 4 KiB to 1 GiB.
    #[error("a segment of {0} bytes; a multiple of 512 from 4 KiB to 1 GiB is needed")]
    SegmentBytes(u32),
    /// The log is damaged or could not be read or written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A thread could not be started.
    #[error("the log could not start its threads")]
    Threads(#[from] io::Error),
}

impl From<Damage> for OpenError {
    fn from(damage: Damage) -> OpenError {
        OpenError::Log(damage.into())
    }
}

/// What was found when the log was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Position of the last record, durable now.
    pub position: Position,
    /// Number of segments.
    pub segments: u32,
    /// What a crash had cut short and was cut off; none of it was ever acknowledged.
    pub cut: Option<Cut>,
    /// Whether the ending of the last batch had been cut off and was written again, all its records being whole.
    pub restored: bool,
    /// Number of bytes that the last segment had lost at its unused end and that were added again.
    pub lengthened: u32,
    /// Number of closed segments whose sidecar was missing or wrong and was made again.
    pub rebuilt: u32,
    /// Whether the mark of the durable end was unreadable and could not be compared.
    pub mark_unreadable: bool,
}

/// Bytes that were cut off the end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The segment they stood in.
    pub segment: u32,
    /// Where they began.
    pub offset: u32,
    /// How many there were.
    pub bytes: u32,
    /// The file beside the segments that keeps them.
    pub kept_as: String,
}

/// A log that is ready to be written to.
pub(super) struct Found {
    pub(super) state: State,
    pub(super) tail: Active,
    pub(super) lock: Box<dyn Guard>,
    pub(super) opened: Opened,
}

/// Opens the log on a disk, or begins one.
pub(super) fn open(disk: &Arc<dyn Disk>, options: Options) -> Result<Found, OpenError> {
    let bytes = options.segment_bytes;
    if !(SEGMENT_BYTES_MIN..=SEGMENT_BYTES_MAX).contains(&bytes) || !bytes.is_multiple_of(512) {
        return Err(OpenError::SegmentBytes(bytes));
    }
    let lock = disk.lock(LOCK).map_err(LogError::io("take its lock"))?.ok_or(OpenError::InUse)?;
    let told = mark::read(read_file(&**disk, mark::NAME).map_err(LogError::io("read its mark"))?.as_deref());
    let heads = segments(&**disk, told, bytes)?;
    let mut closed = closed::read(&**disk, &heads)?;
    let last = heads.last().ok_or(LogError::Stopped)?;
    let file = disk.open(&segment::name(last.number), Open::Write).map_err(LogError::io("open a segment"))?;
    let recovered = recover::recover(&**disk, &*file, last, told)?;
    for (stream, end) in recovered.ends {
        closed.streams.land(stream, end.place, end.durable);
    }
    let whole = recovered.whole;
    let live = Live { file: Arc::clone(&file), marks: recovered.marks };
    closed.segments.push(Known { first: last.first, end: whole.end, live: Some(live) });
    let opened = Opened {
        position: whole.position,
        segments: last.number,
        cut: recovered.cut,
        restored: recovered.restored,
        lengthened: recovered.lengthened,
        rebuilt: closed.rebuilt,
        mark_unreadable: told == Told::Unreadable,
    };
    let state = State {
        streams: closed.streams,
        segments: closed.segments,
        in_flight: std::collections::VecDeque::new(),
        in_flight_bytes: 0,
        assigned: whole.position,
        durable: whole.position,
        phase: Phase::Running,
        wake_at: 1,
        roll: false,
    };
    let tail = Active {
        head: *last,
        file,
        end: whole.end,
        chain: whole.chain,
        position: whole.position,
        closed: whole.closed,
        mark: mark_file(&**disk).map_err(LogError::io("open its mark"))?,
        covered: closed.covered,
    };
    Ok(Found { state, tail, lock, opened })
}

/// The heads of all segments in order; begins the first one where there is none.
fn segments(disk: &dyn Disk, told: Told, bytes: u32) -> Result<Vec<SegmentHead>, LogError> {
    let names = disk.list("").map_err(LogError::io("list its files"))?;
    let unfinished =
        |name: &&String| name.strip_suffix(".new").is_some() || compaction::number(name).is_some();
    for name in names.iter().filter(unfinished) {
        // Whatever was being prepared was not in use yet.
        disk.remove(name).map_err(LogError::io("remove an unused file"))?;
    }
    let mut numbers: Vec<u32> = names.iter().filter_map(|name| segment::number(name)).collect();
    numbers.sort_unstable();
    let needed = match told {
        Told::Mark(mark) => mark.segment,
        Told::Nothing | Told::Unreadable => 0,
    };
    if numbers.is_empty() && needed == 0 {
        let head = SegmentHead::of_a_new_log(bytes);
        let file =
            zeroed(disk, head.number, bytes, Zeroes::Written).map_err(LogError::io("make a segment"))?;
        install(disk, &*file, &head).map_err(LogError::io("make a segment"))?;
        return Ok(vec![head]);
    }
    let mut heads: Vec<SegmentHead> = Vec::with_capacity(numbers.len());
    for expected in 1..=needed.max(numbers.last().copied().unwrap_or(0)) {
        let before = heads.last().map_or(Position::ZERO, |head| Position(head.first.0 - 1));
        let missing = Damage { position: before, segment: expected, offset: 0, what: Harm::SegmentMissing };
        if numbers.binary_search(&expected).is_err() {
            return Err(missing.into());
        }
        let file = match disk.open(&segment::name(expected), Open::Read) {
            // One that is noted as archived, and not there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing.into()),
            opened => opened.map_err(LogError::io("open a segment"))?,
        };
        heads.push(SegmentHead::read(&*file, expected, before)?);
    }
    check_links(&heads)?;
    Ok(heads)
}

/// Checks that each segment begins after the one before it.
fn check_links(heads: &[SegmentHead]) -> Result<(), LogError> {
    let begins = heads.first().is_none_or(|head| head.first == Position(1) && head.chain == CHAIN_START);
    let follows = heads.iter().zip(heads.iter().skip(1)).find(|(older, newer)| {
        newer.first <= older.first || !(FIRST_FRAME..=older.bytes).contains(&newer.previous_end)
    });
    match follows.map(|(_, newer)| newer).or(heads.first().filter(|_| !begins)) {
        None => Ok(()),
        Some(head) => {
            let position = Position(head.first.0.saturating_sub(1));
            Err(Damage { position, segment: head.number, offset: 0, what: Harm::SegmentLink }.into())
        }
    }
}

/// Opens the mark's file for writing; makes an empty one where there is none.
fn mark_file(disk: &dyn Disk) -> io::Result<Arc<dyn crate::disk::DiskFile>> {
    match disk.open(mark::NAME, Open::Write) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let file = disk.open(mark::NAME, Open::Create)?;
            disk.sync_dir("")?;
            Ok(file)
        }
        other => other,
    }
}
