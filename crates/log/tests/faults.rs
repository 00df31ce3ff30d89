//! Whatever the disk does, nothing acknowledged is lost, no batch is half there, and nothing is acknowledged
//! after a write failed.

#![cfg(test)]

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use event_log::{
    EventLog, Expected, Header, Options, Payload, Proposed, Segments,
    conformance::{invented, stream},
    disk::{Fault, FaultyDisk, MemoryDisk},
    verify::{VerifyOptions, verify_on},
};
use vocabulary::stream::{Position, Revision, Stream};

/// Small, so that a run of a few batches fills several segments.
const SMALL: Options = Options { segment_bytes: 4 << 10 };
const BATCHES: u64 = 24;

/// The stream and the records of a batch, by number; their positions are `places`.
fn batch(number: u64) -> (Stream, Vec<Proposed>) {
    let named = stream(number % 4);
    let records = places(number).map(|position| record(position, named)).collect();
    (named, records)
}

/// One record; some span several sectors.
fn record(position: u64, named: Stream) -> Proposed {
    let proposed = invented(named, position);
    let length = [96, 40, 700, 96, 0][usize::try_from(position % 5).unwrap()];
    let payload = (0..length).map(|at: u64| (position ^ at.wrapping_mul(167)).to_le_bytes()[0] | 1).collect();
    Proposed { header: Header { stream: named, ..proposed.header }, payload, ..proposed }
}

/// Positions of the records of a batch: one, two, three, one, ...
fn places(number: u64) -> Range<u64> {
    let before: u64 = (0..number).map(|earlier| earlier % 3 + 1).sum();
    before + 1..before + 2 + number % 3
}

/// Submits all batches one after another; `acked` is the position of the last that was acknowledged.
fn run(log: &Segments, acked: &AtomicU64) {
    let mut failed = false;
    for number in 0..BATCHES {
        let (named, records) = batch(number);
        match log.submit(named, Expected::Any, records).wait() {
            Ok(committed) => {
                assert!(!failed, "nothing is acknowledged after a write failed");
                assert_eq!(committed.position, Position(places(number).end - 1));
                acked.store(committed.position.0, Ordering::SeqCst);
            }
            Err(_) => failed = true,
        }
    }
}

/// Opens the log that a fault or a crash left, and holds it to what was acknowledged.
fn holds(disk: &MemoryDisk, acked: u64) {
    let (log, _) = Segments::open_on(Arc::new(disk.clone()), SMALL).unwrap();
    let head = log.head().unwrap().0;
    assert!(head >= acked, "{acked} were acknowledged and {head} are there");
    let whole = head == 0 || (0..BATCHES).any(|number| places(number).end == head + 1);
    assert!(whole, "a batch is half there: the log ends at {head}");
    let mut number = 0;
    let mut revisions = [0_u64; 4];
    let reached = log.read_all(Position::ZERO, u32::MAX, &mut |told| {
        while !places(number).contains(&told.position.0) {
            number += 1;
        }
        let named = stream(number % 4);
        let written = record(told.position.0, named);
        assert_eq!(told.header, written.header);
        assert!(told.payload == Payload::Kept(&written.payload));
        let revision = &mut revisions[usize::try_from(number % 4).unwrap()];
        *revision += 1;
        assert_eq!(told.revision, Revision(*revision));
    });
    assert_eq!(reached.unwrap(), Position(head));
    for (name, revision) in (0..).zip(revisions) {
        let mut seen = 0;
        let known = log.read_stream(stream(name), Revision::NONE, &mut |_| seen += 1).unwrap();
        assert_eq!((known, seen), (Revision(revision), revision));
    }
    // It takes more, and is whole after it.
    let (named, records) = batch(0);
    let committed = log.submit(named, Expected::Any, records).wait().unwrap();
    assert_eq!(committed.first, Position(head + 1));
    drop(log);
    let verified = verify_on(disk, None, VerifyOptions::default(), &mut |_| ()).unwrap();
    assert_eq!((verified.records, verified.torn_bytes), (head + 1, 0));
}

#[test]
fn whichever_operation_fails_nothing_acknowledged_is_lost() {
    for fault in [Fault::Error, Fault::ShortWrite, Fault::TornWrite, Fault::Gone] {
        for fails_at in 1.. {
            let disk = MemoryDisk::new();
            let faulty = FaultyDisk::new(Arc::new(disk.clone()), fails_at, fault);
            let acked = AtomicU64::new(0);
            if let Ok((log, _)) = Segments::open_on(Arc::new(faulty.clone()), SMALL) {
                run(&log, &acked);
            }
            let acked = acked.load(Ordering::SeqCst);
            // A killed process leaves all that was written, a power cut only what was synced.
            holds(&disk.crashed(&mut || true), acked);
            holds(&disk.crashed(&mut || false), acked);
            let mut turn = false;
            holds(
                &disk.crashed(&mut || {
                    turn = !turn;
                    turn
                }),
                acked,
            );
            if faulty.operations() < fails_at {
                assert_eq!(acked, places(BATCHES - 1).end - 1, "the run without a fault is whole");
                break;
            }
        }
    }
}

#[test]
fn whichever_operation_of_a_recovery_fails_the_next_one_succeeds() {
    let disk = MemoryDisk::new();
    let acked = AtomicU64::new(0);
    let (log, _) = Segments::open_on(Arc::new(disk.clone()), SMALL).unwrap();
    run(&log, &acked);
    let acked = acked.load(Ordering::SeqCst);
    drop(log);
    for fault in [Fault::Error, Fault::TornWrite, Fault::Gone] {
        for fails_at in 1.. {
            let torn = torn(&disk);
            let faulty = FaultyDisk::new(Arc::new(torn.clone()), fails_at, fault);
            drop(Segments::open_on(Arc::new(faulty.clone()), SMALL));
            holds(&torn.crashed(&mut || true), acked);
            holds(&torn.crashed(&mut || false), acked);
            if faulty.operations() < fails_at {
                break;
            }
        }
    }
}

/// A copy of the log in which a crash cut a batch short.
fn torn(disk: &MemoryDisk) -> MemoryDisk {
    let copy = disk.crashed(&mut || true);
    let counting = FaultyDisk::watched(Arc::new(copy), Box::new(|| ()));
    drop(Segments::open_on(Arc::new(counting.clone()), SMALL).unwrap());
    // The log was closed in order, so closing it again writes nothing.
    let before = counting.operations();
    let again = disk.crashed(&mut || true);
    let faulty = FaultyDisk::new(Arc::new(again.clone()), before + 1, Fault::TornWrite);
    let (log, _) = Segments::open_on(Arc::new(faulty), SMALL).unwrap();
    let (named, records) = batch(2);
    assert!(log.submit(named, Expected::Any, records).wait().is_err());
    drop(log);
    again.crashed(&mut || true)
}

/// Draws the choices of a crash from a number.
fn choices(mut seed: u64) -> impl FnMut() -> bool {
    move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 63 == 1
    }
}

#[test]
fn whatever_a_crash_leaves_of_unsynced_writes_nothing_acknowledged_is_lost() {
    let disk = MemoryDisk::new();
    let acked = Arc::new(AtomicU64::new(0));
    let (begun, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (known, begins, ends, crashing) =
        (Arc::clone(&acked), Arc::clone(&begun), Arc::clone(&ended), disk.clone());
    let before_sync = move || {
        let durable = known.load(Ordering::SeqCst);
        let unsynced = crashing.unsynced();
        let state = |survives: &mut dyn FnMut() -> bool| {
            begins.fetch_add(1, Ordering::SeqCst);
            holds(&crashing.crashed(survives), durable);
            ends.fetch_add(1, Ordering::SeqCst);
        };
        if unsynced <= 6 {
            for subset in 0..1_u64 << unsynced {
                let mut rest = subset;
                state(&mut || {
                    let survives = rest & 1 == 1;
                    rest >>= 1;
                    survives
                });
            }
            return;
        }
        for kept in 0..=unsynced {
            let mut turn = 0;
            state(&mut || {
                turn += 1;
                turn <= kept
            });
            turn = 0;
            state(&mut || {
                turn += 1;
                turn != kept
            });
        }
        for seed in 0..24 {
            state(&mut choices(seed));
        }
    };
    let watched = FaultyDisk::watched(Arc::new(disk.clone()), Box::new(before_sync));
    let (log, _) = Segments::open_on(Arc::new(watched), SMALL).unwrap();
    run(&log, &acked);
    drop(log);
    let acked = acked.load(Ordering::SeqCst);
    assert_eq!(acked, places(BATCHES - 1).end - 1, "the run went through");
    holds(&disk, acked);
    let (begun, ended) = (begun.load(Ordering::SeqCst), ended.load(Ordering::SeqCst));
    assert_eq!(begun, ended, "no state broke a promise in a thread of the log");
    assert!(begun > 2_000, "{begun} states");
}
