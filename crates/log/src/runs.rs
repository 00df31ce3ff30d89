//! Runs: files that say, in the order of streams in memory, where each stream ends as of some segment.
//!
//! A closed segment has a run of the streams it touched. From time to time they are merged into one that covers
//! the log up to a segment, so that opening reads few of them. A run that is missing or wrong is made again.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use vocabulary::stream::Stream;

use crate::{
    bytes::{Fill, take, take_u32, take_u64},
    disk::{Disk, DiskFile, Open, read_full, write_all},
    frame::Place,
    streams::{Order, StreamEnd, Streams},
};

/// The second kind of runs; the first was sorted by plain ids, and is made again.
const MAGIC: [u8; 8] = *b"CPLOGRU2";
/// Bytes of the head: magic, number of entries, checksum of both.
const HEAD: usize = 20;
/// Bytes of one entry: stream, segment, offset, revision.
const ENTRY: usize = 29;
/// Entries read or written at once, about a megabyte; of each of many runs, about a hundred kilobytes.
const BLOCK: usize = 36_000;
const BLOCK_OF_MANY: usize = 4_000;

/// Writes runs entry by entry, in the order of streams.
pub(crate) struct RunWriter<'d> {
    disk: &'d dyn Disk,
    name: String,
    file: std::sync::Arc<dyn DiskFile>,
    buffer: Vec<u8>,
    at: u64,
    count: u64,
    checksum: u32,
}

impl<'d> RunWriter<'d> {
    /// Starts the run that will be called `name`.
    pub(crate) fn new(disk: &'d dyn Disk, name: String) -> std::io::Result<RunWriter<'d>> {
        let file = disk.open(&format!("{name}.new"), Open::Create)?;
        let buffer = Vec::with_capacity(BLOCK * ENTRY);
        Ok(RunWriter { disk, name, file, buffer, at: HEAD as u64, count: 0, checksum: 0 })
    }

    /// Adds the end of the next stream.
    pub(crate) fn add(&mut self, stream: Stream, end: StreamEnd) -> std::io::Result<()> {
        let mut entry = [0; ENTRY];
        Fill::new(&mut entry)
            .put(&stream.to_bytes())
            .put(&end.place.segment.to_be_bytes())
            .put(&end.place.offset.to_be_bytes())
            .put(&end.durable.to_be_bytes());
        self.buffer.extend_from_slice(&entry);
        self.count += 1;
        if self.buffer.len() < BLOCK * ENTRY { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.checksum = crc32c::crc32c_append(self.checksum, &self.buffer);
        write_all(&*self.file, self.at, &self.buffer)?;
        self.at += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the run and puts it in place, durable.
    pub(crate) fn finish(mut self) -> std::io::Result<()> {
        self.flush()?;
        write_all(&*self.file, self.at, &self.checksum.to_be_bytes())?;
        let mut head = [0; HEAD];
        Fill::new(&mut head).put(&MAGIC).put(&self.count.to_be_bytes());
        crate::frame::seal(&mut head);
        write_all(&*self.file, 0, &head)?;
        self.file.sync_data()?;
        self.disk.rename(&format!("{}.new", self.name), &self.name)?;
        self.disk.sync_dir("")
    }
}

/// Reads a run block by block.
pub(crate) struct RunReader {
    file: std::sync::Arc<dyn DiskFile>,
    buffer: Vec<u8>,
    at: u64,
    left: u64,
    checksum: u32,
    /// Entries read at once.
    block: usize,
}

impl RunReader {
    /// Opens a run; `None` where it is missing or its head is wrong.
    pub(crate) fn open(disk: &dyn Disk, name: &str) -> Option<RunReader> {
        let file = disk.open(name, Open::Read).ok()?;
        let mut head = [0; HEAD];
        read_full(&*file, 0, &mut head).ok()?;
        let mut rest = crate::frame::unseal(&head)?;
        let (magic, left): ([u8; 8], u64) = (take(&mut rest)?, take_u64(&mut rest)?);
        let length = left.checked_mul(ENTRY as u64)?.checked_add(HEAD as u64 + 4)?;
        (magic == MAGIC && file.len().ok()? == length).then_some(())?;
        Some(RunReader { file, buffer: Vec::new(), at: HEAD as u64, left, checksum: 0, block: BLOCK })
    }

    /// Number of entries not read yet.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }

    /// Adds the next entries to `into`; `Some(false)` once all were read and the checksum held, `None` where it
    /// did not.
    pub(crate) fn more(&mut self, into: &mut impl Extend<(Stream, StreamEnd)>) -> Option<bool> {
        if self.left == 0 {
            let mut stored = [0; 4];
            read_full(&*self.file, self.at, &mut stored).ok()?;
            return (u32::from_be_bytes(stored) == self.checksum).then_some(false);
        }
        let count = self.left.min(self.block as u64);
        let bytes = usize::try_from(count).ok()? * ENTRY;
        self.buffer.resize(bytes, 0);
        if read_full(&*self.file, self.at, &mut self.buffer).ok()? != bytes {
            return None;
        }
        self.at += bytes as u64;
        self.left -= count;
        self.checksum = crc32c::crc32c_append(self.checksum, &self.buffer);
        let (entries, _) = self.buffer.as_chunks::<ENTRY>();
        for entry in entries {
            into.extend([unpack(entry)?]);
        }
        Some(true)
    }
}

fn unpack(entry: &[u8; ENTRY]) -> Option<(Stream, StreamEnd)> {
    let mut rest = entry.as_slice();
    let stream = Stream::from_bytes(take(&mut rest)?)?;
    let place = Place { segment: take_u32(&mut rest)?, offset: take_u32(&mut rest)? };
    Some((stream, StreamEnd::durable(place, take_u32(&mut rest)?)))
}

/// Reads a whole run to the end of `into`; `None`, and nothing added, where it is missing or wrong.
pub(crate) fn load(disk: &dyn Disk, name: &str, into: &mut Vec<(Stream, StreamEnd)>) -> Option<()> {
    let mut run = RunReader::open(disk, name)?;
    let before = into.len();
    into.reserve(usize::try_from(run.left()).ok()?);
    loop {
        match run.more(into) {
            Some(true) => (),
            Some(false) => return Some(()),
            None => {
                into.truncate(before);
                return None;
            }
        }
    }
}

/// Reads a whole run into a table of its own; `None` where it is missing or wrong.
pub(crate) fn table(disk: &dyn Disk, name: &str) -> Option<Streams> {
    let mut run = RunReader::open(disk, name)?;
    let (mut streams, mut block) = (Streams::default(), Vec::new());
    while run.more(&mut block)? {
        for (stream, end) in block.drain(..) {
            streams.add(stream, end.place, end.durable);
        }
    }
    Some(streams)
}

/// Runs read together, in the order of streams; of a stream that stands in several the newest word.
pub(crate) struct Merged {
    sources: Vec<(RunReader, VecDeque<(Stream, StreamEnd)>)>,
    /// The next stream of each source, the newest source of a stream first.
    next: BinaryHeap<Reverse<(Order, Reverse<usize>)>>,
    told: Option<Order>,
}

impl Merged {
    /// Opens runs, older first; `None` where one is missing or its head is wrong.
    pub(crate) fn open(disk: &dyn Disk, names: impl Iterator<Item = String>) -> Option<Merged> {
        let mut merged = Merged { sources: Vec::new(), next: BinaryHeap::new(), told: None };
        for name in names {
            let reader = RunReader { block: BLOCK_OF_MANY, ..RunReader::open(disk, &name)? };
            merged.sources.push((reader, VecDeque::new()));
            merged.refill(merged.sources.len() - 1)?;
        }
        Some(merged)
    }

    /// The next stream and its end.
    ///
    /// # Errors
    /// `InvalidData`: a run is wrong.
    pub(crate) fn step(&mut self) -> std::io::Result<Option<(Stream, StreamEnd)>> {
        while let Some(Reverse((order, Reverse(source)))) = self.next.pop() {
            let entry = self.take(source).ok_or(std::io::ErrorKind::InvalidData)?;
            if self.told.replace(order) != Some(order) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    fn take(&mut self, source: usize) -> Option<(Stream, StreamEnd)> {
        let entry = self.sources.get_mut(source)?.1.pop_front()?;
        self.refill(source)?;
        Some(entry)
    }

    /// Names the next stream of a source, reading on where it has none.
    fn refill(&mut self, source: usize) -> Option<()> {
        let (reader, entries) = self.sources.get_mut(source)?;
        while entries.is_empty() {
            if !reader.more(entries)? {
                return Some(());
            }
        }
        let order = entries.front().map(|(stream, _)| Order::of(*stream))?;
        self.next.push(Reverse((order, Reverse(source))));
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::MemoryDisk;
    use uuid::Uuid;
    use vocabulary::stream::StreamKind;

    /// Writes a run of some streams, as of a segment.
    fn written(disk: &MemoryDisk, segment: u32, streams: impl Iterator<Item = u128>) {
        let place = Place { segment, offset: 512 };
        let streams = streams.map(|id| Stream::new(StreamKind::Child, Uuid::from_u128(id)));
        let mut ends: Vec<_> = streams.map(|stream| (stream, StreamEnd::durable(place, segment))).collect();
        ends.sort_by_key(|(stream, _)| Order::of(*stream));
        let mut run = RunWriter::new(disk, segment.to_string()).unwrap();
        for (stream, end) in ends {
            run.add(stream, end).unwrap();
        }
        run.finish().unwrap();
    }

    #[test]
    fn runs_read_together_tell_each_stream_once_in_order_with_its_newest_word() {
        let disk = MemoryDisk::new();
        written(&disk, 1, 0..9_000);
        written(&disk, 2, (0..9_000).step_by(2));
        written(&disk, 3, std::iter::empty());
        written(&disk, 4, (0..12_000).step_by(3));
        let mut merged = Merged::open(&disk, (1..=4).map(|number: u32| number.to_string())).unwrap();
        let (mut told, mut before) = (0, None);
        while let Some((stream, end)) = merged.step().unwrap() {
            let id = stream.id.as_u128();
            let newest = if id.is_multiple_of(3) { 4 } else { 1 + u32::from(id.is_multiple_of(2)) };
            assert_eq!(end.durable, newest, "{id}");
            assert!(before.replace(Order::of(stream)) < Some(Order::of(stream)));
            told += 1;
        }
        assert_eq!(told, 10_000);
        let file = disk.open("2", Open::Write).unwrap();
        file.pwrite(50_000, &[9]).unwrap();
        let mut rotten = Merged::open(&disk, (1..=4).map(|number: u32| number.to_string())).unwrap();
        let end = std::iter::repeat_with(|| rotten.step()).find(|step| !matches!(step, Ok(Some(_))));
        assert!(matches!(end, Some(Err(_))), "a run that has changed is not believed");
    }
}
