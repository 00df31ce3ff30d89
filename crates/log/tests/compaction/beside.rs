//! Compacting beside whoever reads, writes and archives, and once only.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use event_log::{
    Compacted, EventLog, Header, LogError,
    disk::{Disk, Open},
    verify::{VerifyOptions, verify_on},
};
use vocabulary::stream::Position;

use crate::world::{Pair, RECORDS, append, doomed_of, gone, read};

#[test]
fn what_was_compacted_is_not_read_again_and_what_was_cut_short_goes_on() {
    let pair = Pair::filled();
    let log = pair.open();
    let done = log.compact(Position(40), &gone).unwrap();
    assert_eq!(log.compacted().unwrap(), Position(40));
    assert_eq!(
        log.compact(Position(40), &|_| unreachable!("nothing is read")).unwrap(),
        Compacted::default()
    );
    let nothing = log.compact(Position(41), &gone).unwrap();
    assert_eq!((nothing.looked_at, nothing.rewritten, nothing.payloads), (done.looked_at, 0, 0));
    log.close();
    assert_eq!(pair.open().compacted().unwrap(), Position(41), "it is known at the next opening");
}

#[test]
fn readers_and_writers_go_on_while_segments_are_replaced() {
    let pair = Pair::filled();
    let log = pair.open();
    let (over, rounds) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    assert!(read(&log) <= doomed_of(RECORDS + 400));
                    rounds.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        scope.spawn(|| (RECORDS..RECORDS + 400).for_each(|number| append(&log, number)));
        for as_of in 1..30 {
            // Each time a few more.
            let some = |header: &Header| gone(header) && header.event_id.0.as_u128() % 29 < as_of;
            log.compact(Position(u64::try_from(as_of).unwrap()), &some).unwrap();
        }
        while rounds.load(Ordering::SeqCst) < 4 {
            std::thread::yield_now();
        }
        over.store(true, Ordering::SeqCst);
    });
    log.compact(Position(RECORDS + 400), &gone).unwrap();
    assert_eq!(read(&log), doomed_of(RECORDS + 400));
    log.close();
    assert_eq!(pair.canaries(), 0);
    assert!(verify_on(&pair.spanning(), None, VerifyOptions::default(), &mut |_| ()).is_ok());
}

#[test]
fn a_damaged_segment_stays_as_it_is_and_is_named() {
    let pair = Pair::filled();
    let log = pair.open();
    let file = pair.here.open("00000002.seg", Open::Write).unwrap();
    let mut byte = [0];
    file.pread(700, &mut byte).unwrap();
    file.pwrite(700, &[byte[0] ^ 4]).unwrap();
    let error = log.compact(Position(RECORDS), &gone).unwrap_err();
    assert!(matches!(error, LogError::Damaged(damage) if damage.segment == 2), "{error}");
    assert_eq!(log.compacted().unwrap(), Position::ZERO);
    assert!(!pair.here.list("").unwrap().iter().any(|name| name.contains(".compact")));
    file.pwrite(700, &byte).unwrap();
    log.compact(Position(RECORDS), &gone).unwrap();
    log.close();
    assert_eq!(pair.holds_all(None), doomed_of(RECORDS));
}

#[test]
fn a_segment_that_is_being_archived_is_not_compacted_and_the_other_way_round() {
    let pair = Pair::archived();
    let log = pair.open();
    let archivist = pair.archivist();
    assert!(matches!(log.compact(Position(RECORDS), &gone), Err(LogError::Io { .. })));
    drop(archivist);
    log.compact(Position(RECORDS), &gone).unwrap();
    // What was compacted is carried over as it is.
    let mut carrying = pair.archivist();
    let planned = carrying.plan(i64::MAX, &mut |_| ()).unwrap();
    for segment in &planned {
        carrying.carry(segment).unwrap();
    }
    assert_eq!(read(&log), doomed_of(RECORDS));
    assert_eq!(pair.canaries(), 0);
}

#[test]
fn an_erased_record_is_appended_again_with_the_same_leaf() {
    let pair = Pair::filled();
    let log = pair.open();
    log.compact(Position(RECORDS), &gone).unwrap();
    let copy = Pair::default();
    let target = copy.open();
    log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        target.submit_again(record).wait().unwrap();
    })
    .unwrap();
    assert_eq!(read(&target), doomed_of(RECORDS));
    target.close();
    assert_eq!(copy.holds_all(None), doomed_of(RECORDS));
    let root =
        |of: &Pair| verify_on(&of.spanning(), None, VerifyOptions::default(), &mut |_| ()).unwrap().root;
    log.close();
    assert_eq!(root(&copy), root(&pair));
}
