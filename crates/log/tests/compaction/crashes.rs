//! Wherever it is cut short, each segment is the old one or the new.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use event_log::{
    EventLog, Segments,
    disk::{Fault, FaultyDisk, MemoryDisk},
};
use vocabulary::stream::Position;

use crate::world::{Pair, RECORDS, SMALL, choices, doomed_of, gone};

#[test]
fn what_was_cut_short_goes_on_where_it_was() {
    let fresh = Pair::filled();
    let counting = FaultyDisk::watched(Arc::new(fresh.here.clone()), Box::new(|| ()));
    let (log, _) = Segments::open_on(Arc::new(counting.clone()), SMALL).unwrap();
    let opened = counting.operations();
    let whole = log.compact(Position(40), &gone).unwrap();
    let operations = counting.operations() - opened;
    drop(log);
    let looked_at = (1..8).map(|eighth| {
        let cut = Pair::filled();
        let fails_at = opened + operations * eighth / 8;
        let faulty = FaultyDisk::new(Arc::new(cut.here.clone()), fails_at, Fault::Gone);
        if let Ok((failing, _)) = Segments::open_on(Arc::new(faulty), SMALL) {
            drop(failing.compact(Position(40), &gone));
        }
        let left = cut.crashed(&mut || false);
        let rest = left.open().compact(Position(40), &gone).unwrap();
        assert_eq!(left.holds_all(None), doomed_of(RECORDS));
        rest.looked_at
    });
    let fewest = looked_at.min().unwrap();
    assert!(fewest * 2 < whole.looked_at, "at best {fewest} of {whole:?}");
}

#[test]
fn whichever_operation_of_compacting_fails_each_segment_is_the_old_one_or_the_new() {
    for fault in [Fault::Error, Fault::ShortWrite, Fault::TornWrite, Fault::Gone] {
        for ours in [true, false] {
            let mut fails_at = 1;
            loop {
                let pair = Pair::archived();
                let faulty = |disk: &MemoryDisk, wanted: bool| {
                    FaultyDisk::new(Arc::new(disk.clone()), if wanted { fails_at } else { u64::MAX }, fault)
                };
                let (here, there) = (faulty(&pair.here, ours), faulty(&pair.there, !ours));
                let disk = Pair::over(Arc::new(here.clone()), Arc::new(there.clone()));
                let opened = Segments::open_on(Arc::new(disk), SMALL);
                let done = opened.map(|(log, _)| log.compact(Position(RECORDS), &gone));
                let mut turn = false;
                for left in [
                    pair.crashed(&mut || true),
                    pair.crashed(&mut || false),
                    pair.crashed(&mut || {
                        turn = !turn;
                        turn
                    }),
                ] {
                    left.holds_all(None);
                    left.open().compact(Position(RECORDS), &gone).unwrap();
                    assert_eq!(left.holds_all(None), doomed_of(RECORDS));
                    assert_eq!(left.canaries(), 0);
                }
                if (if ours { here } else { there }).operations() < fails_at {
                    assert!(done.is_ok_and(|done| done.is_ok()));
                    break;
                }
                // Every operation of the first segments, and every fourth of the many after them.
                fails_at += if fails_at < 120 { 1 } else { 4 };
            }
        }
    }
}

#[test]
fn whatever_a_crash_while_compacting_leaves_unsynced_each_segment_is_whole() {
    let pair = Pair::archived();
    let (states, broken) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(None)));
    let watch = || {
        let (at_sync, counted, found) = (pair.clone(), Arc::clone(&states), Arc::clone(&broken));
        Box::new(move || {
            let mut crashes: Vec<Pair> = (0..12).map(|seed| at_sync.crashed(&mut choices(seed))).collect();
            for kept in 0..=at_sync.here.unsynced() + at_sync.there.unsynced() {
                let mut turn = 0;
                crashes.push(at_sync.crashed(&mut || {
                    turn += 1;
                    turn <= kept
                }));
            }
            for left in crashes {
                counted.fetch_add(1, Ordering::SeqCst);
                left.holds_all(None);
                let again = left.open().compact(Position(RECORDS), &gone);
                if again.is_err() || left.holds_all(None) != doomed_of(RECORDS) {
                    *found.lock().unwrap() = Some(format!("{again:?}"));
                }
            }
        })
    };
    let here = FaultyDisk::watched(Arc::new(pair.here.clone()), watch());
    let there = FaultyDisk::watched(Arc::new(pair.there.clone()), watch());
    let (log, _) = Segments::open_on(Arc::new(Pair::over(Arc::new(here), Arc::new(there))), SMALL).unwrap();
    log.compact(Position(RECORDS), &gone).unwrap();
    drop(log);
    assert_eq!(*broken.lock().unwrap(), None);
    let states = states.load(Ordering::SeqCst);
    assert!(states > 300, "{states} states");
}
