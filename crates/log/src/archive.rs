//! The archive: a second folder, on a cheaper disk, that holds the oldest segments of the log.
//!
//! Which segments lie there stands in a note beside the others, with the digest of each. A segment is carried over
//! in steps that may be cut short anywhere: copied, made durable, read back, noted, and only then removed; so one of
//! the two folders has it at any moment, and [`Spanning`] finds it there. The log may be written to meanwhile.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{LogError, disk::RealDisk};

pub(crate) mod carrying;
mod note;
mod spanning;
mod survey;

pub use carrying::Archivist;
use note::Note;
pub use spanning::{Mount, Spanning};
pub use survey::Surveyed;

/// Why segments could not be archived. Each segment can still be read from one of the two folders.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Segments of this log are being archived, or compacted by whoever has it open.
    #[error("segments of this log are being archived by another process, or compacted; try again later")]
    InUse,
    /// There is no log in the folder.
    #[error("there is no log here")]
    NoLog,
    /// A segment that was archived is not in the folder that was named.
    #[error("segment {segment} is archived{} and not in the folder that was named", place(.known.as_ref()))]
    Elsewhere {
        /// Number of the segment.
        segment: u32,
        /// Where it should be, as far as is remembered.
        known: Option<String>,
    },
    /// What was read back is not what was copied, or an archived segment is not what it was.
    #[error("segment {segment} in the archive is not what was copied there")]
    Differs {
        /// Number of the segment.
        segment: u32,
    },
    /// A folder could not be read or written, or a segment is damaged.
    #[error(transparent)]
    Log(#[from] LogError),
}

fn place(known: Option<&String>) -> String {
    known.map_or_else(String::new, |folder| format!(" in {folder}"))
}

/// An archived segment could not be opened because nothing of the archive is there.
#[derive(Debug, thiserror::Error)]
#[error("segments 1 to {segments} are archived in {folder}, and none of them is there: is its disk mounted?")]
pub struct Away {
    /// The folder.
    pub folder: String,
    /// How many segments lie there.
    pub segments: u32,
}

/// Where the archive of a log lies, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The folder.
    pub folder: PathBuf,
    /// Segments 1 to this one lie there.
    pub segments: u32,
    /// Their bytes.
    pub bytes: u64,
}

/// The log in `dir` and its archive, as one disk.
pub fn spanning(dir: impl Into<PathBuf>) -> Spanning {
    let mount: Mount = Box::new(|folder| Arc::new(RealDisk::new(folder)));
    Spanning::new(Arc::new(RealDisk::new(dir)), mount)
}

/// Where the archive of the log in `dir` lies; nothing where it has none.
///
/// # Errors
/// The note could not be read, or has changed since it was written.
pub fn remembered(dir: &Path) -> io::Result<Option<Remembered>> {
    let note = Note::load(&RealDisk::new(dir))?;
    Ok(note.map(|note| Remembered {
        segments: note.count(),
        bytes: note.segments.iter().map(|kept| u64::from(kept.head.bytes)).sum(),
        folder: note.folder.into(),
    }))
}

/// File name of a segment.
pub fn segment_name(number: u32) -> String {
    crate::segment::name(number)
}
