//! A log whose oldest segments lie in another folder is the same log, whenever carrying them over was cut short.

#![cfg(test)]

use std::{
    error::Error,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use event_log::{
    Compacted, Doomed, EventLog, Expected, Harm, LogError, OpenError, Options, Proposed, RecordRef, Segments,
    Ticket,
    archive::{ArchiveError, Archivist, Away, Spanning},
    conformance::{self, invented, stream},
    disk::{Disk, Fault, FaultyDisk, MemoryDisk, Open},
    verify::{VerifyOptions, verify_on},
};
use vocabulary::stream::{Position, Revision, Stream};

const SMALL: Options = Options { segment_bytes: 4 << 10 };
/// Records of the log that is archived: seven segments and a bit.
const RECORDS: u64 = 150;
/// Later than everything that is invented.
const EVER: i64 = i64::MAX;

/// The log's own folder and its archive.
#[derive(Debug, Clone, Default)]
struct Pair {
    here: MemoryDisk,
    there: MemoryDisk,
}

impl Pair {
    fn filled() -> Pair {
        let pair = Pair::default();
        let log = pair.open().unwrap();
        for number in 0..RECORDS {
            let named = stream(number % 7);
            log.submit(named, Expected::Any, vec![invented(named, number)]).wait().unwrap();
        }
        log.close();
        pair
    }

    fn spanning(&self) -> Spanning {
        let there = self.there.clone();
        Spanning::new(Arc::new(self.here.clone()), Box::new(move |_| Arc::new(there.clone())))
    }

    fn open(&self) -> Result<Segments, OpenError> {
        Segments::open_on(Arc::new(self.spanning().believing()), SMALL).map(|(log, _)| log)
    }

    fn crashed(&self, survives: &mut dyn FnMut() -> bool) -> Pair {
        Pair { here: self.here.crashed(survives), there: self.there.crashed(survives) }
    }

    /// Holds the log to all that was written to it.
    fn holds_all(&self) {
        let log = self.open().unwrap();
        let mut seen = 0;
        let end = log.read_all(Position::ZERO, u32::MAX, &mut |record| {
            assert_eq!(record.header, invented(stream(seen % 7), seen).header);
            seen += 1;
            assert_eq!(record.position, Position(seen));
        });
        assert_eq!(end.unwrap(), Position(RECORDS));
        for name in 0..7 {
            let mut revision = 0;
            let known = log.read_stream(stream(name), Revision::NONE, &mut |record| {
                revision += 1;
                assert_eq!(record.revision, Revision(revision));
            });
            assert_eq!(known.unwrap(), Revision(revision));
        }
        drop(log);
        let verified = verify_on(&self.spanning(), None, VerifyOptions::default(), &mut |_| ()).unwrap();
        assert_eq!((verified.records, verified.torn_bytes), (RECORDS, 0));
    }

    fn segments(disk: &MemoryDisk) -> Vec<String> {
        let names = disk.list("").unwrap().into_iter();
        names.filter(|name| name.strip_suffix(".seg").is_some()).collect()
    }
}

/// Archives all closed segments but the last `leave`.
fn archive(here: Arc<dyn Disk>, there: Arc<dyn Disk>, leave: usize) -> Result<usize, ArchiveError> {
    let mut archivist = Archivist::new(here, there, "archive")?;
    archivist.settle()?;
    let planned = archivist.plan(EVER, &mut |_| ())?;
    let carried = planned.len().saturating_sub(leave);
    for segment in planned.iter().take(carried) {
        archivist.carry(segment)?;
    }
    Ok(carried)
}

fn archived(pair: &Pair, leave: usize) -> Result<usize, ArchiveError> {
    archive(Arc::new(pair.here.clone()), Arc::new(pair.there.clone()), leave)
}

/// A log that is closed, half of it archived, and opened again whenever it is read.
struct Archiving {
    pair: Pair,
    log: RwLock<Option<Segments>>,
    carried: Arc<AtomicU64>,
}

/// Takes the largest record of the suite.
const LARGE: Options = Options { segment_bytes: 64 << 10 };

impl Archiving {
    fn anew<T>(&self, options: Options, ask: impl FnOnce(&Segments) -> T) -> T {
        let mut log = self.log.write().unwrap();
        drop(log.take());
        let closed = Pair::segments(&self.pair.here).len() - 1;
        let carried = archived(&self.pair, closed / 2).unwrap();
        self.carried.fetch_add(carried as u64, Ordering::SeqCst);
        ask(log.insert(Segments::open_on(Arc::new(self.pair.spanning().believing()), options).unwrap().0))
    }
}

impl EventLog for Archiving {
    fn submit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Ticket {
        if batch.iter().any(|proposed| proposed.payload.len() > 2_000) {
            return self.anew(LARGE, |log| log.submit(stream, expected, batch));
        }
        self.log.read().unwrap().as_ref().unwrap().submit(stream, expected, batch)
    }

    fn read_stream(
        &self,
        stream: Stream,
        after: Revision,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Revision, LogError> {
        self.anew(SMALL, |log| log.read_stream(stream, after, each))
    }

    fn read_all(
        &self,
        after: Position,
        budget: u32,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Position, LogError> {
        self.anew(SMALL, |log| log.read_all(after, budget, each))
    }

    fn stream_revision(&self, stream: Stream) -> Revision {
        self.log.read().unwrap().as_ref().unwrap().stream_revision(stream)
    }

    fn head(&self) -> Result<Position, LogError> {
        self.log.read().unwrap().as_ref().unwrap().head()
    }

    fn compact(&self, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError> {
        self.anew(SMALL, |log| log.compact(as_of, doomed))
    }

    fn compacted(&self) -> Result<Position, LogError> {
        self.anew(SMALL, EventLog::compacted)
    }
}

#[test]
fn a_log_whose_older_half_is_archived_keeps_the_promises_of_the_port() {
    let carried = Arc::new(AtomicU64::new(0));
    conformance::holds(|| {
        let pair = Pair::default();
        let log = pair.open().unwrap();
        Archiving { pair, log: RwLock::new(Some(log)), carried: Arc::clone(&carried) }
    });
    let carried = carried.load(Ordering::SeqCst);
    assert!(carried > 20, "{carried} segments were archived");
}

#[test]
fn archived_segments_are_gone_here_and_the_log_is_the_same() {
    let pair = Pair::filled();
    let closed = Pair::segments(&pair.here).len() - 1;
    assert!(closed > 5, "{closed}");
    assert_eq!(archived(&pair, 2).unwrap(), closed - 2);
    assert_eq!((Pair::segments(&pair.here).len(), Pair::segments(&pair.there).len()), (3, closed - 2));
    pair.holds_all();
    assert_eq!(archived(&pair, 0).unwrap(), 2, "what is archived already is not planned again");
    pair.holds_all();
}

#[test]
fn only_whole_months_before_the_limit_are_planned() {
    let pair = Pair::filled();
    let (here, there) = (Arc::new(pair.here.clone()), Arc::new(pair.there.clone()));
    let archivist = Archivist::new(here, there, "archive").unwrap();
    let recorded_at = invented(stream(1), 1).header.recorded_at;
    assert_eq!(archivist.plan(recorded_at, &mut |_| ()).unwrap(), []);
    let planned = archivist.plan(recorded_at + 1, &mut |_| ()).unwrap();
    assert_eq!(planned.len(), Pair::segments(&pair.here).len() - 1, "never the one that is written to");
    assert!(planned.iter().all(|segment| segment.looks == 0 && segment.newest == recorded_at));
    assert_eq!(Pair::segments(&pair.there).len(), 0, "a plan moves nothing");
}

#[test]
fn whichever_operation_of_archiving_fails_no_segment_is_lost_and_the_next_run_finishes() {
    for (fault, ours) in [Fault::Error, Fault::ShortWrite, Fault::TornWrite, Fault::Gone]
        .into_iter()
        .flat_map(|fault| [(fault, true), (fault, false)])
    {
        for fails_at in 1.. {
            let pair = Pair::filled();
            let faulty = |disk: &MemoryDisk, wanted: bool| {
                FaultyDisk::new(Arc::new(disk.clone()), if wanted { fails_at } else { u64::MAX }, fault)
            };
            let (here, there) = (faulty(&pair.here, ours), faulty(&pair.there, !ours));
            let done = archive(Arc::new(here.clone()), Arc::new(there.clone()), 1);
            let mut turn = false;
            for left in [
                pair.crashed(&mut || true),
                pair.crashed(&mut || false),
                pair.crashed(&mut || {
                    turn = !turn;
                    turn
                }),
            ] {
                left.holds_all();
                archived(&left, 1).unwrap();
                left.holds_all();
                assert_eq!(Pair::segments(&left.here).len(), 2);
            }
            if (if ours { here } else { there }).operations() < fails_at {
                assert!(done.is_ok());
                break;
            }
        }
    }
}

/// Draws the choices of a crash from a number.
fn choices(mut seed: u64) -> impl FnMut() -> bool {
    move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 63 == 1
    }
}

#[test]
fn whatever_a_crash_while_archiving_leaves_unsynced_no_segment_is_lost() {
    let pair = Pair::filled();
    let states = Arc::new(AtomicU64::new(0));
    let broken = Arc::new(Mutex::new(None));
    let watch = || {
        let (at_sync, counted, found) = (pair.clone(), Arc::clone(&states), Arc::clone(&broken));
        Box::new(move || {
            let mut crashes: Vec<Pair> = (0..24).map(|seed| at_sync.crashed(&mut choices(seed))).collect();
            let unsynced = at_sync.here.unsynced() + at_sync.there.unsynced();
            for kept in 0..=unsynced {
                let mut turn = 0;
                crashes.push(at_sync.crashed(&mut || {
                    turn += 1;
                    turn <= kept
                }));
            }
            for left in crashes {
                counted.fetch_add(1, Ordering::SeqCst);
                left.holds_all();
                let again = archived(&left, 1);
                left.holds_all();
                if again.is_err() {
                    *found.lock().unwrap() = Some(format!("{again:?}"));
                }
            }
        })
    };
    let here = FaultyDisk::watched(Arc::new(pair.here.clone()), watch());
    let there = FaultyDisk::watched(Arc::new(pair.there.clone()), watch());
    archive(Arc::new(here), Arc::new(there), 1).unwrap();
    assert_eq!(*broken.lock().unwrap(), None);
    let states = states.load(Ordering::SeqCst);
    assert!(states > 300, "{states} states");
}

#[test]
fn an_archive_that_is_not_there_is_said_to_be_and_nothing_opens_without_it() {
    let pair = Pair::filled();
    archived(&pair, 2).unwrap();
    let unmounted = Pair { here: pair.here.clone(), there: MemoryDisk::new() };
    let Err(error) = unmounted.open() else { panic!("opened without its archive") };
    let OpenError::Log(log) = error else { panic!("{error}") };
    assert!(log.source().is_some_and(|source| source.to_string().contains("is its disk mounted?")), "{log}");
    let refused = verify_on(&unmounted.spanning(), None, VerifyOptions::default(), &mut |_| ()).unwrap_err();
    assert_eq!(refused.position(), None, "no damage is claimed: {refused}");
    let elsewhere = archived(&unmounted, 0).unwrap_err();
    assert!(matches!(elsewhere, ArchiveError::Elsewhere { segment: 1, .. }), "{elsewhere}");
    pair.holds_all();

    let name = Pair::segments(&pair.there)[1].clone();
    pair.there.remove(&name).unwrap();
    let Err(OpenError::Log(LogError::Damaged(damage))) = pair.open() else { panic!("a segment is missing") };
    assert_eq!((damage.segment, damage.what), (2, Harm::SegmentMissing));
}

#[test]
fn opening_looks_whether_the_archive_is_there_and_reads_nothing_of_it() {
    let pair = Pair::filled();
    archived(&pair, 2).unwrap();
    let there = FaultyDisk::watched(Arc::new(pair.there.clone()), Box::new(|| ()));
    let counting = there.clone();
    let mount = Box::new(move |_: &str| Arc::new(counting.clone()) as Arc<dyn Disk>);
    let disk = Arc::new(Spanning::new(Arc::new(pair.here.clone()), mount).believing());
    let (log, opened) = Segments::open_on(disk, SMALL).unwrap();
    assert_eq!(opened.rebuilt, 0);
    assert_eq!(there.operations(), 2, "its files are listed, for segments and for runs");
    // What lies there is compared with the note once it is read.
    let (first, second) = (Pair::segments(&pair.there)[0].clone(), Pair::segments(&pair.there)[1].clone());
    pair.there.rename(&second, &first).unwrap();
    let error = log.read_all(Position::ZERO, 1, &mut |_| panic!("it is another segment")).unwrap_err();
    assert!(error.source().is_some_and(|source| source.to_string().contains("another log's")), "{error}");
}

#[test]
fn a_log_that_runs_goes_on_beside_archiving_and_tells_when_the_archive_goes() {
    let pair = Pair::filled();
    let log = pair.open().unwrap();
    archived(&pair, 2).unwrap();
    let names = Pair::segments(&pair.there);
    let gone = |name: &String| format!("{name}.gone");
    for name in &names {
        pair.there.rename(name, &gone(name)).unwrap();
    }
    let of_all = log.read_all(Position::ZERO, u32::MAX, &mut |_| panic!("nothing can be read")).unwrap_err();
    let of_one = log.read_stream(stream(1), Revision::NONE, &mut |_| panic!("nothing is told")).unwrap_err();
    for error in [of_all, of_one] {
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        assert!(source.contains("is its disk mounted?"), "{error}: {source}");
    }
    assert!(log.submit(stream(9), Expected::NoStream, vec![invented(stream(9), 9)]).wait().is_ok());
    for name in &names {
        pair.there.rename(&gone(name), name).unwrap();
    }
    let mut seen = 0;
    log.read_all(Position::ZERO, u32::MAX, &mut |_| seen += 1).unwrap();
    assert_eq!(seen, RECORDS + 1);
}

#[test]
fn an_archive_may_be_carried_elsewhere_and_a_lost_note_is_made_again() {
    let pair = Pair::filled();
    archived(&pair, 2).unwrap();
    let (moved, damaged) = (pair.there.crashed(&mut || true), pair.there.crashed(&mut || true));
    let elsewhere = Pair { here: pair.here.clone(), there: moved };
    let begin =
        |there: &MemoryDisk, name| Archivist::new(Arc::new(pair.here.clone()), Arc::new(there.clone()), name);
    let nowhere = begin(&MemoryDisk::new(), "new").unwrap_err();
    assert!(matches!(nowhere, ArchiveError::Elsewhere { segment: 1, known: Some(_) }), "{nowhere}");
    let name = Pair::segments(&damaged)[0].clone();
    damaged.open(&name, Open::Write).unwrap().pwrite(900, b"other").unwrap();
    assert!(matches!(begin(&damaged, "new"), Err(ArchiveError::Differs { segment: 1 })));
    begin(&elsewhere.there, "new").unwrap().settle().unwrap();
    elsewhere.holds_all();

    pair.here.open("archive", Open::Write).unwrap().pwrite(20, b"rot").unwrap();
    assert!(elsewhere.open().is_err());
    begin(&elsewhere.there, "new").unwrap().settle().unwrap();
    elsewhere.holds_all();
    pair.here.remove("archive").unwrap();
    begin(&elsewhere.there, "new").unwrap().settle().unwrap();
    elsewhere.holds_all();
    assert!(matches!(
        (begin(&elsewhere.there, "new"), begin(&elsewhere.there, "new")),
        (Ok(_), Err(ArchiveError::InUse))
    ));
}

#[test]
fn a_flipped_bit_in_the_archive_is_named() {
    let pair = Pair::filled();
    archived(&pair, 2).unwrap();
    let name = Pair::segments(&pair.there)[2].clone();
    let file = pair.there.open(&name, Open::Write).unwrap();
    let mut byte = [0];
    file.pread(700, &mut byte).unwrap();
    file.pwrite(700, &[byte[0] ^ 4]).unwrap();
    let found = verify_on(&pair.spanning(), None, VerifyOptions::default(), &mut |_| ()).unwrap_err();
    assert!(found.to_string().contains("segment 3"), "{found}");
    let away = Away { folder: "archive".to_owned(), segments: 3 };
    assert!(away.to_string().starts_with("segments 1 to 3 are archived in archive"));
}
