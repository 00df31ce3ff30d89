//! Verifying: reads every byte of the segments and compares it with all that vouches for it.
//!
//! Read-only, without lock and without the keys of payloads, so that it works on a copy. Checked are frames,
//! addresses, checksums, the links of each stream, the chain of batches, padding and unused space, the tree
//! against its tiles, and checkpoints with their signatures. The first bad position is named.

use std::{io, path::Path, sync::Arc};

use vocabulary::stream::Position;

use crate::{
    Damage, Harm, LogError, archive,
    checkpoint::{Checkpoint, CheckpointError},
    disk::{Disk, Open, RealDisk, read_file},
    integrator::{CHECKPOINT, WITNESSED},
    leaf::{CHAIN_START, Hash},
    mark::{self, Told},
    note::VerifierKey,
    scan::{self, Scanned},
    segment::{self, FIRST_FRAME, SegmentHead},
    tail::{self, Tail},
};

#[cfg(test)]
mod forgery;
mod walk;

use walk::Walk;

/// What to compare the segments with, beside themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct VerifyOptions<'a> {
    /// The folder of tiles and newest checkpoint; nothing is compared with a checkpoint that is not there yet.
    pub tiles: Option<&'a Path>,
    /// The key that checkpoints must be signed with; without it signatures are not checked.
    pub verifier: Option<&'a VerifierKey>,
    /// A checkpoint that somebody kept earlier: the text of its note.
    pub checkpoint: Option<&'a str>,
}

/// What was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Number of records, which is the position of the last.
    pub records: u64,
    /// Number of segments.
    pub segments: u32,
    /// Root of the tree over all records.
    pub root: Hash,
    /// Size of the newest checkpoint kept beside the tiles, if there is one.
    pub published: Option<u64>,
    /// The newest checkpoint that was cosigned, if one is kept beside the tiles: the text of its note, whose
    /// cosignatures nobody has checked.
    pub witnessed: Option<String>,
    /// Size of the checkpoint that was given, if one was.
    pub checkpoint: Option<u64>,
    /// Bytes after the last whole batch that a crash cut short; opening cuts them off and keeps them aside.
    pub torn_bytes: u32,
}

/// Why the log is not believed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Bytes have changed, or files could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// There is no log in the folder.
    #[error("there is no log here")]
    NoLog,
    /// The tiles could not be read.
    #[error("the tiles could not be read")]
    Tiles(#[source] io::Error),
    /// A checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A record up to the size of a checkpoint is not what was signed.
    #[error("a record at or before position {0} is not the one that was signed")]
    Rewritten(Position),
    /// The log has fewer records than were signed.
    #[error("{signed} records were signed and the log ends at position {head}")]
    Shortened {
        /// Size of the checkpoint.
        signed: u64,
        /// Position of the last record.
        head: Position,
    },
}

impl From<Damage> for VerifyError {
    fn from(damage: Damage) -> VerifyError {
        VerifyError::Log(damage.into())
    }
}

impl VerifyError {
    /// The position at which the log is not what was written, where the error names one.
    pub fn position(&self) -> Option<Position> {
        match self {
            VerifyError::Log(LogError::Damaged(damage)) => Some(damage.position),
            VerifyError::Rewritten(position) => Some(*position),
            VerifyError::Shortened { head, .. } => Some(*head),
            VerifyError::Log(LogError::Stopped | LogError::Io { .. })
            | VerifyError::NoLog
            | VerifyError::Tiles(_)
            | VerifyError::Checkpoint(_) => None,
        }
    }
}

/// Verifies the log in `dir`, with its archive if it has one; `progress` is told the position reached from time to time.
///
/// Cost: reads everything once; about a microsecond a record, and memory for where each stream ends.
///
/// # Errors
/// Why the log is not believed; see [`VerifyError`].
pub fn verify(
    dir: &Path,
    options: VerifyOptions<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Verified, VerifyError> {
    let tiles = options.tiles.map(|folder| Arc::new(RealDisk::new(folder)) as Arc<dyn Disk>);
    verify_on(&archive::spanning(dir), tiles, options, progress)
}

/// Verifies the log on any disk; `options.tiles` is not looked at.
///
/// # Errors
/// As [`verify`].
pub fn verify_on(
    disk: &dyn Disk,
    tiles: Option<Arc<dyn Disk>>,
    options: VerifyOptions<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Verified, VerifyError> {
    // The mark and the checkpoint first: a log that is written to meanwhile may only be ahead of them.
    let reached = mark::read(read_file(disk, mark::NAME).map_err(LogError::io("read its mark"))?.as_deref());
    let beside = |name| match &tiles {
        None => Ok(None),
        Some(tiles) => kept(&**tiles, name),
    };
    let published = beside(CHECKPOINT)?.map(|note| believed(&note, options.verifier)).transpose()?;
    let witnessed = beside(WITNESSED)?;
    let cosigned = witnessed.as_deref().map(|note| believed(note, options.verifier)).transpose()?;
    let given = options.checkpoint.map(|note| believed(note, options.verifier)).transpose()?;
    let last = last_segment(disk)?;
    let mut walk = Walk::new(tiles, published.as_ref(), cosigned.iter().chain(&given), progress);
    let mut torn_bytes = 0;
    let mut before: Option<(SegmentHead, Scanned)> = None;
    for number in 1..=last {
        let file =
            disk.open(&segment::name(number), Open::Read).map_err(|error| missing(error, &walk, number))?;
        let head = SegmentHead::read(&*file, number, walk.position())?;
        check_link(&head, before.as_ref(), walk.position())?;
        let scanned = walk.segment(&*file, &head)?;
        let damaged =
            |offset, what| Damage { position: scanned.whole.position, segment: number, offset, what };
        match tail::judge(&*file, &head, &scanned)? {
            Tail::Clean => (),
            Tail::Rotten(damage) => return Err(damage.into()),
            Tail::Torn(bytes) if number == last => torn_bytes = crate::frame::narrow(bytes.len()),
            Tail::Torn(_) => {
                let damage = damaged(scanned.whole.end, Harm::UnusedSpace);
                return Err(scanned.damage(number).unwrap_or(damage).into());
            }
        }
        let length = file.len().map_err(LogError::io("read a segment's length"))?;
        if length != u64::from(head.bytes) {
            let offset = u32::try_from(length.min(head.bytes.into())).unwrap_or(u32::MAX);
            return Err(damaged(offset, Harm::SegmentLength).into());
        }
        before = Some((head, scanned));
    }
    check_mark(reached, before.as_ref(), last)?;
    let tree = walk.finish()?;
    Ok(Verified {
        records: tree.size(),
        segments: last,
        root: tree.root(),
        published: published.map(|checkpoint| checkpoint.size),
        witnessed,
        checkpoint: given.map(|checkpoint| checkpoint.size),
        torn_bytes,
    })
}

/// The text of a note that is kept beside the tiles.
fn kept(tiles: &dyn Disk, name: &str) -> Result<Option<String>, VerifyError> {
    let note = read_file(tiles, name).map_err(VerifyError::Tiles)?;
    Ok(note.map(String::from_utf8).transpose().map_err(|_| CheckpointError::Form)?)
}

/// Reads a checkpoint, and checks its signature where there is a key.
fn believed(note: &str, verifier: Option<&VerifierKey>) -> Result<Checkpoint, CheckpointError> {
    match verifier {
        Some(key) => Checkpoint::open(note, key),
        None => Checkpoint::parse(note).ok_or(CheckpointError::Form),
    }
}

/// Number of the last segment.
fn last_segment(disk: &dyn Disk) -> Result<u32, VerifyError> {
    let names = disk.list("").map_err(LogError::io("list its files"))?;
    names.iter().filter_map(|name| segment::number(name)).max().ok_or(VerifyError::NoLog)
}

fn missing(error: io::Error, walk: &Walk<'_>, segment: u32) -> VerifyError {
    if error.kind() == io::ErrorKind::NotFound {
        let position = walk.position();
        return Damage { position, segment, offset: 0, what: Harm::SegmentMissing }.into();
    }
    VerifyError::Log(LogError::io("open a segment")(error))
}

/// Checks that a segment goes on where the one before it ended.
fn check_link(
    head: &SegmentHead,
    before: Option<&(SegmentHead, Scanned)>,
    position: Position,
) -> Result<(), VerifyError> {
    let (end, chain) =
        before.map_or((FIRST_FRAME, CHAIN_START), |(_, older)| (older.whole.end, older.whole.chain));
    if let Some((older, scanned)) = before.filter(|_| end < head.previous_end) {
        let position = Position(position.0 + 1);
        let (segment, offset) = (older.number, scanned.whole.end);
        return Err(Damage { position, segment, offset, what: Harm::LostEnd }.into());
    }
    if end == head.previous_end && chain == head.chain && head.first.0 == position.0 + 1 {
        return Ok(());
    }
    Err(Damage { position, segment: head.number, offset: 0, what: Harm::SegmentLink }.into())
}

/// Checks that the log reaches as far as its mark says.
fn check_mark(
    reached: Told,
    last: Option<&(SegmentHead, Scanned)>,
    segments: u32,
) -> Result<(), VerifyError> {
    let Some((head, scanned)) = last else { return Ok(()) };
    let end = scanned.whole.position;
    let damage = |position, what| Damage { position, segment: head.number, offset: scanned.whole.end, what };
    match reached {
        Told::Unreadable => Err(damage(end, Harm::DurableMark).into()),
        Told::Mark(mark) if mark.segment > segments => {
            let position = Position(end.0 + 1);
            Err(Damage { position, segment: segments + 1, offset: 0, what: Harm::SegmentMissing }.into())
        }
        Told::Mark(mark) if mark.position > end => Err(damage(Position(end.0 + 1), Harm::LostEnd).into()),
        Told::Nothing | Told::Mark(_) => Ok(()),
    }
}
