//! What a log that was closed in order remembers when it is opened again.

#![cfg(test)]

use std::sync::Arc;

use event_log::{
    EventLog, Expected, OpenError, Options, Segments,
    conformance::{invented, stream},
    disk::{Disk, MemoryDisk, Open},
};
use vocabulary::stream::{Position, Revision};

const SMALL: Options = Options { segment_bytes: 8 << 10 };

fn open(disk: &MemoryDisk) -> Segments {
    Segments::open_on(Arc::new(disk.clone()), SMALL).unwrap().0
}

fn fill(log: &Segments, from: u64, to: u64) {
    for number in from..to {
        let named = stream(number % 7);
        log.submit(named, Expected::Any, vec![invented(named, number)]).wait().unwrap();
    }
}

fn holds_all(log: &Segments, count: u64) {
    let mut seen = 0;
    let end = log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        assert_eq!(record.header, invented(stream(seen % 7), seen).header);
        seen += 1;
        assert_eq!(record.position, Position(seen));
    });
    assert_eq!(end.unwrap(), Position(count));
    assert_eq!(log.head().unwrap(), Position(count));
    for name in 0..7 {
        let mut revision = 0;
        let known = log.read_stream(stream(name), Revision::NONE, &mut |record| {
            revision += 1;
            assert_eq!(record.revision, Revision(revision));
            assert_eq!(record.header.stream, stream(name));
        });
        assert_eq!(known.unwrap(), Revision(revision));
        assert_eq!(log.stream_revision(stream(name)), Revision(revision));
    }
}

#[test]
fn everything_is_there_again_after_many_segments() {
    let disk = MemoryDisk::new();
    let mut written = 0;
    for _ in 0..6 {
        let log = open(&disk);
        holds_all(&log, written);
        fill(&log, written, written + 300);
        written += 300;
        holds_all(&log, written);
    }
    let names = disk.list("").unwrap();
    assert!(names.iter().any(|name| name.starts_with("upto-")), "runs are merged: {names:?}");
    assert!(!names.iter().any(|name| name.strip_suffix(".torn").is_some()), "nothing was cut: {names:?}");
}

#[test]
fn a_sidecar_or_run_that_is_missing_or_wrong_is_made_again() {
    let disk = MemoryDisk::new();
    fill(&open(&disk), 0, 900);
    for name in disk.list("").unwrap() {
        let derived = [".idx", ".run"].iter().any(|ending| name.strip_suffix(ending).is_some());
        if !derived {
            continue;
        }
        let file = disk.open(&name, Open::Write).unwrap();
        let mut byte = [0];
        file.pread(file.len().unwrap() / 2, &mut byte).unwrap();
        file.pwrite(file.len().unwrap() / 2, &[byte[0] ^ 4]).unwrap();
        holds_all(&open(&disk), 900);
        disk.remove(&name).unwrap();
        holds_all(&open(&disk), 900);
    }
    let (log, opened) = Segments::open_on(Arc::new(disk), SMALL).unwrap();
    assert_eq!(opened.rebuilt, 0, "what was made again is found the next time");
    drop(log);
}

#[test]
fn a_second_process_is_told_that_the_log_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let first = Segments::open(folder.path(), SMALL).unwrap().0;
    assert!(matches!(Segments::open(folder.path(), SMALL), Err(OpenError::InUse)));
    first.close();
    assert!(Segments::open(folder.path(), SMALL).is_ok());
}

#[test]
fn a_batch_that_no_segment_takes_is_refused_and_nothing_is_written() {
    let log = open(&MemoryDisk::new());
    let batch = (0..50).map(|number| invented(stream(1), number)).collect();
    let refused = log.submit(stream(1), Expected::Any, batch).wait();
    assert!(matches!(refused, Err(event_log::AppendError::TooLarge { .. })));
    assert_eq!(log.head().unwrap(), Position::ZERO);
}
