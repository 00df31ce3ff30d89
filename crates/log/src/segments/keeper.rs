//! What is done beside the writer: zeroing the next segment, and the sidecars and runs of closed ones.
//!
//! Nothing here is needed for durability. A spare that cannot be made stops the writer when it needs it; a sidecar
//! or run that cannot be written is made when the log is opened next.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
};

use vocabulary::stream::Stream;

use crate::{
    disk::{Disk, DiskFile, Open, write_all},
    runs::{Merged, RunReader, RunWriter},
    segment::SegmentHead,
    sidecar::Sidecar,
    streams::StreamEnd,
};

/// Bytes zeroed and synced at once, so that a sync of the writer never waits for more than this.
const ZEROES: usize = 1 << 20;

/// Fewest runs worth merging.
const RUNS_MIN: u32 = 4;

/// Runs are merged once they are this fraction of all closed segments, or so many, ...
const RUNS_FRACTION: u32 = 8;
const RUNS_MAX: u32 = 64;

/// ... or tell of this fraction of as many streams as the merged one: opening then reads and puts little beside it,
/// however long the log is, and what a merge writes is at most some of what was appended since the last.
const STREAMS_FRACTION: u64 = 4;

/// A file: shared with whoever reads it.
type File = Arc<dyn DiskFile>;

/// Makes the next segment ahead.
#[derive(Debug)]
pub(super) struct Spares {
    wanted: Option<Sender<(u32, Zeroes)>>,
    made: Receiver<io::Result<File>>,
    asked: u32,
    segment_bytes: u32,
    thread: Option<JoinHandle<()>>,
}

/// File name of a segment that is not in use yet.
pub(super) fn spare_name(segment: u32) -> String {
    format!("{segment:08}.new")
}

/// How a segment comes by its zeroes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zeroes {
    /// They are written ahead: the file has all its blocks, and a sync writes data and nothing else.
    Written,
    /// They are only promised, and the file system finds blocks when data is synced. Where batches are large that
    /// is cheaper than writing everything twice.
    Promised,
}

/// Makes a zeroed file for a segment.
pub(super) fn zeroed(disk: &dyn Disk, segment: u32, bytes: u32, zeroes: Zeroes) -> io::Result<File> {
    let file = disk.open(&spare_name(segment), Open::Create)?;
    if zeroes == Zeroes::Promised {
        file.set_len(bytes.into())?;
        file.sync_data()?;
        return Ok(file);
    }
    let chunk = vec![0; ZEROES.min(bytes as usize)];
    let mut at = 0;
    while at < bytes as usize {
        let part = chunk.get(..(bytes as usize - at).min(chunk.len())).unwrap_or_default();
        write_all(&*file, at as u64, part)?;
        file.sync_data()?;
        at += part.len();
    }
    Ok(file)
}

impl Spares {
    /// Starts the thread that makes them.
    pub(super) fn start(disk: Arc<dyn Disk>, segment_bytes: u32) -> io::Result<Spares> {
        let (wanted, orders) = mpsc::channel::<(u32, Zeroes)>();
        let (deliver, made) = mpsc::channel();
        let work = move || {
            for (segment, zeroes) in orders {
                if deliver.send(zeroed(&*disk, segment, segment_bytes, zeroes)).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("log-spares".to_owned()).spawn(work)?;
        Ok(Spares { wanted: Some(wanted), made, asked: 0, segment_bytes, thread: Some(thread) })
    }

    /// Size of the segments made.
    pub(super) fn segment_bytes(&self) -> u32 {
        self.segment_bytes
    }

    /// Asks for the file of `segment`, if that has not been done.
    pub(super) fn want(&mut self, segment: u32, zeroes: Zeroes) {
        if self.asked < segment {
            self.asked = segment;
            if let Some(wanted) = &self.wanted {
                // A thread that has ended is noticed when the file is taken.
                let _ended = wanted.send((segment, zeroes)).is_err();
            }
        }
    }

    /// Waits for the file of `segment`.
    pub(super) fn take(&mut self, segment: u32) -> io::Result<File> {
        self.want(segment, Zeroes::Promised);
        self.made.recv().unwrap_or_else(|_ended| Err(io::ErrorKind::BrokenPipe.into()))
    }
}

impl Drop for Spares {
    fn drop(&mut self) {
        drop(self.wanted.take());
        join(self.thread.take());
    }
}

/// A segment that was closed.
type Closed = (SegmentHead, File, u32);

/// Writes the sidecars and runs of closed segments.
#[derive(Debug)]
pub(super) struct Keeper {
    closed: Option<Sender<Closed>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread; `covered` is the segment up to which one run covers the log.
    pub(super) fn start(disk: Arc<dyn Disk>, mut covered: u32) -> io::Result<Keeper> {
        let (closed, segments) = mpsc::channel::<Closed>();
        let work = move || {
            for (head, file, end) in segments {
                // Opening makes again whatever fails here.
                drop(settle(&*disk, &head, &*file, end, &mut covered));
            }
        };
        let thread = thread::Builder::new().name("log-keeper".to_owned()).spawn(work)?;
        Ok(Keeper { closed: Some(closed), thread: Some(thread) })
    }

    /// Hands over a segment that was closed at offset `end`.
    pub(super) fn closed(&self, head: SegmentHead, file: File, end: u32) {
        if let Some(closed) = &self.closed {
            drop(closed.send((head, file, end)));
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.closed.take());
        join(self.thread.take());
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    if let Some(thread) = thread {
        // What a thread beside the writer leaves undone is made when the log is opened.
        drop(thread.join());
    }
}

/// Name of the run of one segment.
pub(super) fn run_name(segment: u32) -> String {
    format!("{segment:08}.run")
}

/// What the name of a run that covers the log begins with.
pub(super) const COVERING: &str = "upto-";

/// Name of the run that covers the log up to a segment.
pub(super) fn covering_name(segment: u32) -> String {
    format!("{COVERING}{segment:08}.run")
}

fn settle(
    disk: &dyn Disk,
    head: &SegmentHead,
    file: &dyn DiskFile,
    end: u32,
    covered: &mut u32,
) -> io::Result<()> {
    let made = Sidecar::make(file, head, end);
    let (sidecar, ends) = made.map_err(|_damage| io::Error::from(io::ErrorKind::InvalidData))?;
    store(disk, &sidecar, &ends)?;
    while is_due(disk, *covered, head.number) {
        // Of many that were made again, as many as may be open at once.
        let reached = head.number.min(*covered + RUNS_MAX);
        merge(disk, *covered, reached)?;
        *covered = reached;
    }
    Ok(())
}

/// Writes the sidecar and the run of one segment.
pub(super) fn store(disk: &dyn Disk, sidecar: &Sidecar, ends: &[(Stream, StreamEnd)]) -> io::Result<()> {
    let mut run = RunWriter::new(disk, run_name(sidecar.segment))?;
    for (stream, end) in ends {
        run.add(*stream, *end)?;
    }
    run.finish()?;
    sidecar.store(disk)
}

/// Whether the runs after the one that covers the log up to `from` are to be merged into it.
fn is_due(disk: &dyn Disk, from: u32, to: u32) -> bool {
    let since = to - from;
    let entries = |name: String| RunReader::open(disk, &name).map_or(0, |run| run.left());
    since >= RUNS_MIN
        && (since >= RUNS_MAX.min(to / RUNS_FRACTION)
            || (from + 1..=to).map(|segment| entries(run_name(segment))).sum::<u64>()
                >= entries(covering_name(from)) / STREAMS_FRACTION)
}

/// Merges the run that covers the log up to `from` and those of the segments after it up to `to`.
///
/// Memory: some hundred kilobytes a run.
fn merge(disk: &dyn Disk, from: u32, to: u32) -> io::Result<()> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let covering = (from > 0).then(|| covering_name(from));
    let names = covering.into_iter().chain((from + 1..=to).map(run_name));
    let mut merged = Merged::open(disk, names).ok_or_else(wrong)?;
    let mut run = RunWriter::new(disk, covering_name(to))?;
    while let Some((stream, end)) = merged.step()? {
        run.add(stream, end)?;
    }
    run.finish()?;
    for segment in from + 1..=to {
        disk.remove(&run_name(segment))?;
    }
    // Beside the one just replaced there may be one that was not readable.
    let kept = covering_name(to);
    for older in disk.list("")?.iter().filter(|name| name.starts_with(COVERING) && **name != kept) {
        disk.remove(older)?;
    }
    Ok(())
}
