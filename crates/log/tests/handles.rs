//! However many segments a log has, few of its files are open.

#![cfg(test)]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use event_log::{
    EventLog, Expected, Options, Segments,
    conformance::{invented, stream},
    disk::{Disk, DiskFile, Guard, MemoryDisk, Open},
};
use vocabulary::stream::{Position, Revision};

const SMALL: Options = Options { segment_bytes: 4 << 10 };
const STREAMS: u64 = 13;

/// Counts how many of its files are open, and the most that ever were.
#[derive(Debug, Default, Clone)]
struct Counting {
    disk: MemoryDisk,
    open: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Counted {
    file: Arc<dyn DiskFile>,
    open: Arc<AtomicUsize>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Disk for Counting {
    fn open(&self, name: &str, how: Open) -> io::Result<Arc<dyn DiskFile>> {
        let file = self.disk.open(name, how)?;
        let now = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        Ok(Arc::new(Counted { file, open: Arc::clone(&self.open) }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.disk.list(folder)
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        self.disk.sync_dir(folder)
    }

    fn lock(&self, name: &str) -> io::Result<Option<Box<dyn Guard>>> {
        self.disk.lock(name)
    }
}

impl DiskFile for Counted {
    fn pwrite(&self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        self.file.pwrite(at, bytes)
    }

    fn pread(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.file.pread(at, into)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        self.file.set_len(bytes)
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }
}

/// Reads everything, forwards and stream by stream, and from places all over the log.
fn holds_all(log: &Segments, records: u64) {
    let mut seen = 0;
    log.read_all(Position::ZERO, u32::MAX, &mut |_| seen += 1).unwrap();
    assert_eq!(seen, records);
    for name in 0..STREAMS {
        let mut revision = 0;
        log.read_stream(stream(name), Revision::NONE, &mut |record| {
            revision += 1;
            assert_eq!(record.revision, Revision(revision));
        })
        .unwrap();
        assert_eq!(log.stream_revision(stream(name)), Revision(revision));
    }
    for place in 0..records {
        let after = Position(place * 7 % records);
        let mut told = None;
        log.read_all(after, 1, &mut |record| told = Some(record.position)).unwrap();
        assert_eq!(told, Some(Position(after.0 + 1)));
    }
}

#[test]
fn a_log_of_many_segments_has_few_files_open_whatever_is_read() {
    let counting = Counting::default();
    let records = 4_000;
    let (log, _) = Segments::open_on(Arc::new(counting.clone()), SMALL).unwrap();
    for number in 0..records {
        let named = stream(number % STREAMS);
        log.submit(named, Expected::Any, vec![invented(named, number)]).wait().unwrap();
    }
    holds_all(&log, records);
    log.close();
    let (reopened, opened) = Segments::open_on(Arc::new(counting.clone()), SMALL).unwrap();
    assert!(opened.segments > 200, "{} segments", opened.segments);
    holds_all(&reopened, records);
    let most = counting.most.load(Ordering::SeqCst);
    assert!(most < 160, "{most} files were open at once");
    drop(reopened);
    assert_eq!(counting.open.load(Ordering::SeqCst), 0, "none is forgotten");
}
