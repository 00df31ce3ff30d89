//! The writer: the one thread that writes, syncs and answers.
//!
//! A failed write or sync ends it for good: what a disk failed to write it may have forgotten, so trying again
//! could answer for something that is not there.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, MutexGuard},
    thread,
    time::{Duration, Instant},
};

use vocabulary::stream::{Position, Revision, Stream};

use super::{
    Known, Live, Options, Phase, Shared, State,
    keeper::{Keeper, Spares, Zeroes},
    queued::Queued,
};
use crate::{
    AppendError, Committed, LogError,
    disk::{Disk, DiskFile, write_all},
    frame::{self, CLOSING_BYTES, Place, TRAILER_BYTES, Trailer, narrow},
    leaf::{self, Hash},
    lock::{held, waited, waited_for},
    mark::Mark,
    segment::{self, FIRST_FRAME, SegmentHead},
    sidecar,
};

/// Most bytes written in one go. Beyond that a larger write gains nothing, and everybody in it waits longer.
const GROUP_BYTES_MAX: usize = 8 << 20;

/// The writer waits for callers who are about to come back for at most this part of what a sync takes, ...
const GATHER_FRACTION: u32 = 4;
/// ... and at most this long, ...
const GATHER_MAX: Duration = Duration::from_micros(500);
/// ... and not at all when that would be shorter than it takes to wake a thread.
const GATHER_MIN: Duration = Duration::from_micros(10);

/// Batches of this many bytes gain nothing from blocks that were zeroed ahead: finding blocks for them takes
/// little beside writing them.
const LARGE_BATCH: u32 = 32 << 10;

/// The segment that is written to.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) head: SegmentHead,
    pub(super) file: Arc<dyn DiskFile>,
    /// Offset at which the next batch starts.
    pub(super) end: u32,
    pub(super) chain: Hash,
    pub(super) position: Position,
    /// Whether a closing mark is the last thing written.
    pub(super) closed: bool,
    /// The file that tells how far the log is durable.
    pub(super) mark: Arc<dyn DiskFile>,
    /// The segment up to which one run covers the log.
    pub(super) covered: u32,
}

/// Starts the writer's thread.
pub(super) fn start(
    shared: Arc<Shared>,
    active: Active,
    options: Options,
) -> io::Result<thread::JoinHandle<()>> {
    let spares = Spares::start(Arc::clone(&shared.disk), options.segment_bytes)?;
    let keeper = Keeper::start(Arc::clone(&shared.disk), active.covered)?;
    let writer = Writer {
        shared,
        active,
        spares,
        keeper,
        bytes: Vec::new(),
        sync: Duration::ZERO,
        callers: 0,
        syncs: 0,
    };
    thread::Builder::new().name("log-writer".to_owned()).spawn(move || writer.run())
}

#[derive(Debug)]
struct Writer {
    shared: Arc<Shared>,
    active: Active,
    spares: Spares,
    keeper: Keeper,
    /// The batch as it will stand in the segment.
    bytes: Vec<u8>,
    /// What the last write and sync took.
    sync: Duration,
    /// Batches in flight when the last one landed: as many callers may soon be back.
    callers: usize,
    /// Syncs of the segment so far.
    syncs: u32,
}

/// What there is to do.
enum Task {
    Write(Vec<Arc<Queued>>),
    /// The next batch needs a new segment.
    Roll,
    Close,
}

/// What a written batch changes in memory once it is durable.
struct Landed {
    /// Address of the last record of each queued batch.
    places: Vec<Place>,
    marks: Vec<u32>,
}

impl Writer {
    fn run(mut self) {
        loop {
            let done = match self.task() {
                Task::Write(group) => self.write(&group),
                Task::Roll => self.roll(),
                Task::Close => {
                    if let Err(error) = self.close() {
                        stop(&self.shared, &LogError::io("close")(error));
                    }
                    return;
                }
            };
            if let Err(error) = done {
                stop(&self.shared, &LogError::io("write")(error));
                return;
            }
        }
    }

    /// Waits for something to do.
    fn task(&self) -> Task {
        let room = (self.active.head.bytes - self.active.end) as usize;
        let room = room.saturating_sub(TRAILER_BYTES).min(GROUP_BYTES_MAX.max(self.shared.batch_bytes_max));
        let mut state = held(&self.shared.state);
        loop {
            // A segment without any record is never closed: the next would begin where it does.
            if std::mem::take(&mut state.roll) && self.active.end > FIRST_FRAME {
                return Task::Roll;
            }
            if !state.in_flight.is_empty() {
                state = self.gather(state);
            }
            if let Some(first) = state.in_flight.front() {
                if first.queued.frames.len() > room {
                    return Task::Roll;
                }
                let (mut group, mut bytes) = (Vec::with_capacity(state.in_flight.len()), 0);
                for flying in &state.in_flight {
                    bytes += flying.queued.frames.len();
                    if bytes > room || (bytes > GROUP_BYTES_MAX && !group.is_empty()) {
                        break;
                    }
                    group.push(Arc::clone(&flying.queued));
                }
                return Task::Write(group);
            }
            if state.phase == Phase::Closing {
                return Task::Close;
            }
            state = waited(&self.shared.work, state);
        }
    }

    /// Waits a little for the callers who were answered last, so that one sync serves them all.
    ///
    /// Without this, callers that come back while the first of them is being synced form a second group, and the
    /// two take turns for ever, each half as large.
    fn gather<'s>(&self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        let patience = (self.sync / GATHER_FRACTION).min(GATHER_MAX);
        if patience < GATHER_MIN || state.in_flight.len() >= self.callers {
            return state;
        }
        state.wake_at = self.callers;
        state = waited_for(&self.shared.work, state, patience, |state| {
            state.in_flight.len() < state.wake_at && state.phase == Phase::Running
        });
        state.wake_at = 1;
        state
    }

    /// Writes a batch, makes it durable, answers.
    fn write(&mut self, group: &[Arc<Queued>]) -> io::Result<()> {
        let landed = self.lay_out(group);
        let position = group.last().map_or(self.active.position, |queued| queued.last());
        let leaves = group.iter().flat_map(|queued| &queued.leaves);
        let chain = leaf::chain(&self.active.chain, leaves);
        let count = position.0 - self.active.position.0;
        let place =
            Place { segment: self.active.head.number, offset: self.active.end + narrow(self.bytes.len()) };
        let count = u32::try_from(count).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let trailer = Trailer { start: self.active.end, count, position, chain };
        frame::write_trailer(&mut self.bytes, &trailer, place);

        let start = now();
        write_all(&*self.active.file, self.active.end.into(), &self.bytes)?;
        self.active.file.sync_data()?;
        self.sync = start.elapsed();

        self.active.end += narrow(self.bytes.len());
        (self.active.position, self.active.chain, self.active.closed) = (position, chain, false);
        // Before anybody is answered, so that no killed process leaves an acknowledged batch without its mark. Not
        // synced: after a power cut the shapes in the segment decide.
        write_all(&*self.active.mark, 0, &self.mark().pack())?;
        self.publish(group, landed);
        self.syncs += 1;
        if self.active.end > self.active.head.bytes / 2 {
            let large = self.active.end / self.syncs >= LARGE_BATCH;
            let zeroes = if large { Zeroes::Promised } else { Zeroes::Written };
            self.spares.want(self.active.head.number + 1, zeroes);
        }
        Ok(())
    }

    /// Lays the frames of a batch into `self.bytes`.
    fn lay_out(&mut self, group: &[Arc<Queued>]) -> Landed {
        self.bytes.clear();
        let mut landed = Landed { places: Vec::with_capacity(group.len()), marks: Vec::new() };
        // Only streams that were in flight already can have their last record in this very batch.
        let crowded = group.iter().any(|queued| queued.previous.is_none());
        let mut here: BTreeMap<Stream, Place> = BTreeMap::new();
        let (segment, first) = (self.active.head.number, self.active.head.first);
        for queued in group {
            let mut previous = queued.previous.or_else(|| here.get(&queued.stream).copied());
            if previous.is_none() {
                let end = held(&self.shared.state).streams.end(queued.stream);
                previous = end.map(|end| end.place);
            }
            let mut previous = previous.unwrap_or(Place::NONE);
            let (mut position, mut revision) = (queued.first, queued.revision);
            let start = self.bytes.len();
            self.bytes.extend_from_slice(&queued.frames);
            for draft in &queued.drafts {
                let at = start + draft.start;
                let place = Place { segment, offset: self.active.end + narrow(at) };
                revision += 1;
                if sidecar::is_marked(first, position) {
                    landed.marks.push(place.offset);
                }
                let frame = self.bytes.get_mut(at..).unwrap_or_default();
                frame::place(frame, place, position, revision, previous);
                previous = place;
                position.0 += 1;
            }
            if crowded {
                here.insert(queued.stream, previous);
            }
            landed.places.push(previous);
        }
        landed
    }

    /// Makes a durable batch visible and answers its callers.
    fn publish(&mut self, group: &[Arc<Queued>], landed: Landed) {
        let mut answers = Vec::with_capacity(group.len());
        {
            let mut state = held(&self.shared.state);
            let state = &mut *state;
            self.callers = state.in_flight.len();
            for (queued, place) in group.iter().zip(landed.places) {
                let revision = queued.revision + queued.count();
                state.streams.land(queued.stream, place, revision);
                state.in_flight_bytes -= queued.frames.len();
                let committed = Committed {
                    position: queued.last(),
                    first: queued.first,
                    revision: Revision(revision.into()),
                };
                let flying = state.in_flight.pop_front();
                answers.extend(flying.map(|flying| (flying.settler, committed)));
            }
            state.durable = self.active.position;
            if let Some(known) = state.segments.last_mut() {
                known.end = self.active.end;
                if let Some(live) = &mut known.live {
                    live.marks.extend(landed.marks);
                }
            }
        }
        for (settler, committed) in answers {
            settler.settle(Ok(committed));
        }
    }

    /// Closes the segment and goes on in a new one.
    fn roll(&mut self) -> io::Result<()> {
        let head = SegmentHead {
            number: self.active.head.number + 1,
            bytes: self.spares.segment_bytes(),
            first: Position(self.active.position.0 + 1),
            previous_end: self.active.end,
            chain: self.active.chain,
        };
        let file = self.spares.take(head.number)?;
        install(&*self.shared.disk, &*file, &head)?;
        self.keeper.closed(self.active.head, Arc::clone(&self.active.file), self.active.end);
        let live = Live { file: Arc::clone(&file), marks: Vec::new() };
        let known = Known { first: head.first, end: FIRST_FRAME, live: Some(live) };
        let mut state = held(&self.shared.state);
        let closed = state.segments.last_mut().and_then(|last| last.live.take());
        state.segments.push(known);
        drop(state);
        if let Some(closed) = closed {
            self.shared.handles.closed(self.active.head.number, closed.file, closed.marks);
        }
        self.shared.rolled.notify_all();
        (self.active.head, self.active.file, self.active.end) = (head, file, FIRST_FRAME);
        self.syncs = 0;
        Ok(())
    }

    /// Marks the log as closed in order, so that whatever stands after is known to be strange.
    fn close(&mut self) -> io::Result<()> {
        let room = self.active.head.bytes - self.active.end;
        if self.active.closed || self.active.end == FIRST_FRAME || (room as usize) < CLOSING_BYTES {
            return Ok(());
        }
        let place = Place { segment: self.active.head.number, offset: self.active.end };
        let closing = frame::closing(self.active.position, place);
        write_all(&*self.active.file, self.active.end.into(), &closing)?;
        self.active.file.sync_data()?;
        self.active.mark.sync_data()
    }

    fn mark(&self) -> Mark {
        Mark {
            segment: self.active.head.number,
            end: self.active.end,
            position: self.active.position,
            chain: self.active.chain,
        }
    }
}

/// The present moment, to learn what a sync takes; it reaches nothing that is stored.
#[expect(clippy::disallowed_methods, reason = "the writer's timer measures how long a sync takes")]
fn now() -> Instant {
    Instant::now()
}

/// Turns a zeroed file into a segment: its head is durable before it gets its name.
pub(super) fn install(disk: &dyn Disk, file: &dyn DiskFile, head: &SegmentHead) -> io::Result<()> {
    write_all(file, 0, &head.pack())?;
    file.sync_data()?;
    disk.rename(&super::keeper::spare_name(head.number), &segment::name(head.number))?;
    disk.sync_dir("")
}

/// Stops the log for good and tells everybody who waits.
fn stop(shared: &Shared, error: &LogError) {
    let fallen = {
        let mut state = held(&shared.state);
        let state: &mut State = &mut state;
        state.phase = Phase::Stopped;
        state.assigned = state.durable;
        state.in_flight_bytes = 0;
        for flying in &state.in_flight {
            state.streams.fall(flying.queued.stream);
        }
        std::mem::take(&mut state.in_flight)
    };
    shared.rolled.notify_all();
    for flying in fallen {
        flying.settler.settle(Err(AppendError::Log(error.clone())));
    }
}
