//! A run: a file of entries of one length, sorted, in blocks that are read one at a time.
//!
//! | bytes | what |
//! |---|---|
//! | 4,096 | the head: magic, length of an entry, how many there are, lines of the filter and their CRC32C; checksum last |
//! | 4,096 each | a block: entries, zeros, and its CRC32C in the last four bytes |
//! | 64 each | the lines of the filter |
//!
//! In memory are the filter and the first eight bytes of each block, some 1.3 bytes an entry; asking for what is
//! there costs one read of a block, a microsecond where the system has it cached. A run is never changed: it is
//! merged into another and removed.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::filter::{Filter, LINE_BYTES};

/// The first bytes of an entry, by which it is asked for: an entry begins with them.
pub(super) const PREFIX: usize = 7;

const BLOCK: usize = 4_096;
const CHECKSUM: usize = 4;
const MAGIC: [u8; 8] = *b"CP-RUNS1";

/// Blocks written or read in one go when all are.
const AT_ONCE: usize = 64 * BLOCK;

/// A file of sorted entries of `W` bytes, each once.
#[derive(Debug)]
pub(super) struct Run<const W: usize> {
    path: PathBuf,
    file: File,
    count: u64,
    /// The beginning of each block.
    fences: Vec<u64>,
    filter: Filter,
}

/// Writes a run, entry by entry in order.
#[derive(Debug)]
pub(super) struct RunWriter<const W: usize> {
    path: PathBuf,
    file: BufWriter<File>,
    count: u64,
    block: Vec<u8>,
    fences: Vec<u64>,
    filter: Filter,
}

/// Reads a run from its first entry to its last.
#[derive(Debug)]
pub(super) struct RunReader<const W: usize> {
    file: BufReader<File>,
    left: u64,
    block: Vec<u8>,
    /// Where in the block the next entry begins.
    at: usize,
}

/// How many entries of `W` bytes a block holds.
const fn per_block(width: usize) -> usize {
    (BLOCK - CHECKSUM) / width
}

impl<const W: usize> Run<W> {
    /// Opens a run and reads fences and filter. Cost: reads the file once.
    ///
    /// # Errors
    /// The file is missing, or is no run of such entries.
    pub(super) fn open(path: &Path) -> io::Result<Run<W>> {
        let file = File::open(path)?;
        let mut head = [0; BLOCK];
        file.read_exact_at(&mut head, 0)?;
        check(&head)?;
        let told = Head::read::<W>(&head).ok_or_else(|| damaged("its head is not one of such entries"))?;
        let blocks = told.count.div_ceil(wide(per_block(W)));
        let whole = (blocks + 1) * wide(BLOCK) + u64::from(told.lines) * wide(LINE_BYTES);
        if file.metadata()?.len() != whole {
            return Err(damaged("its length is not what its head says"));
        }
        let mut fences = Vec::with_capacity(usize::try_from(blocks).unwrap_or(0));
        let mut reader = BufReader::with_capacity(AT_ONCE, &file);
        reader.seek(SeekFrom::Start(wide(BLOCK)))?;
        let mut block = [0; BLOCK];
        for _ in 0..blocks {
            reader.read_exact(&mut block)?;
            fences.push(fence(&block));
        }
        let filter = told.filter(&mut reader)?;
        Ok(Run { path: path.to_owned(), file, count: told.count, fences, filter })
    }

    /// Tells every entry that begins with `prefix`, in order. Cost: one read of a block, rarely two; where there is
    /// none, mostly a look into memory.
    ///
    /// # Errors
    /// The file could not be read, or a block is not as it was written.
    pub(super) fn find(&self, prefix: [u8; PREFIX], each: &mut dyn FnMut(&[u8; W])) -> io::Result<()> {
        if !self.filter.may_have(prefix) {
            return Ok(());
        }
        let least = lowest(prefix);
        // The block before the first that begins at or after the prefix may hold it too.
        let first = self.fences.partition_point(|fence| *fence < least).saturating_sub(1);
        let mut block = [0; BLOCK];
        for number in first..self.fences.len() {
            if self.fences.get(number).is_none_or(|fence| fence & !0xff > least) {
                break;
            }
            self.file.read_exact_at(&mut block, wide(BLOCK) * (wide(number) + 1))?;
            check(&block)?;
            let before = wide(number * per_block(W));
            let held = usize::try_from(self.count - before).unwrap_or(usize::MAX).min(per_block(W));
            let (entries, _) = block.as_chunks::<W>();
            let entries = entries.get(..held).unwrap_or_default();
            let from = entries.partition_point(|entry| entry[..PREFIX] < prefix[..]);
            let mut found = entries.iter().skip(from).take_while(|entry| entry[..PREFIX] == prefix[..]);
            found.by_ref().for_each(&mut *each);
        }
        Ok(())
    }

    /// How many entries there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The name of its file.
    pub(super) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// The file could not be opened again.
    pub(super) fn reader(&self) -> io::Result<RunReader<W>> {
        let mut file = BufReader::with_capacity(AT_ONCE, File::open(&self.path)?);
        file.seek(SeekFrom::Start(wide(BLOCK)))?;
        Ok(RunReader { file, left: self.count, block: Vec::new(), at: 0 })
    }

    /// Removes its file; whoever still asks it, goes on.
    pub(super) fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

impl<const W: usize> RunWriter<W> {
    /// Begins a run of at most `room` entries; nobody else has a file of this name.
    ///
    /// # Errors
    /// The file could not be made.
    pub(super) fn create(path: &Path, room: u64) -> io::Result<RunWriter<W>> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        let mut file = BufWriter::with_capacity(AT_ONCE, file);
        file.write_all(&[0; BLOCK])?;
        let block = Vec::with_capacity(BLOCK);
        let filter = Filter::with_room(room);
        Ok(RunWriter { path: path.to_owned(), file, count: 0, block, fences: Vec::new(), filter })
    }

    /// Adds the next entry, which sorts after the one before.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn push(&mut self, entry: &[u8; W]) -> io::Result<()> {
        self.block.extend_from_slice(entry);
        self.filter.put(entry.first_chunk().copied().unwrap_or_default());
        self.count += 1;
        if self.block.len() / W < per_block(W) { Ok(()) } else { self.end_block() }
    }

    /// Takes away what was written.
    pub(super) fn abandon(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }

    fn end_block(&mut self) -> io::Result<()> {
        self.block.resize(BLOCK - CHECKSUM, 0);
        self.fences.push(fence(&self.block));
        self.block.extend_from_slice(&crc32c::crc32c(&self.block).to_le_bytes());
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }

    /// Ends the run, durable but for its name.
    ///
    /// # Errors
    /// The disk.
    pub(super) fn finish(mut self) -> io::Result<Run<W>> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        let mut sum = 0;
        let (buffer, filter) = (&mut self.file, &self.filter);
        filter.write(&mut |bytes| {
            sum = crc32c::crc32c_append(sum, bytes);
            buffer.write_all(bytes)
        })?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let lines = u32::try_from(self.filter.lines()).map_err(io::Error::other)?;
        let head = Head { count: self.count, lines, sum }.write::<W>();
        file.write_all_at(&head, 0)?;
        file.sync_all()?;
        let reread = File::open(&self.path)?;
        Ok(Run { path: self.path, file: reread, count: self.count, fences: self.fences, filter: self.filter })
    }
}

impl<const W: usize> RunReader<W> {
    /// The next entry; `None` after the last.
    ///
    /// # Errors
    /// The disk, or a block is not as it was written.
    pub(super) fn next(&mut self) -> io::Result<Option<[u8; W]>> {
        if self.left == 0 {
            return Ok(None);
        }
        if self.at / W >= per_block(W) || self.block.is_empty() {
            self.block.resize(BLOCK, 0);
            self.file.read_exact(&mut self.block)?;
            check(&self.block)?;
            self.at = 0;
        }
        let entry = self.block.get(self.at..).and_then(<[u8]>::first_chunk).copied();
        self.at += W;
        self.left -= 1;
        Ok(entry)
    }
}

/// The least that a block with this prefix may begin with.
fn lowest(prefix: [u8; PREFIX]) -> u64 {
    let mut bytes = [0; 8];
    let (first, _) = bytes.split_at_mut(PREFIX);
    first.copy_from_slice(&prefix);
    u64::from_be_bytes(bytes)
}

fn fence(block: &[u8]) -> u64 {
    block.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

fn check(block: &[u8]) -> io::Result<()> {
    let whole = block.split_last_chunk::<CHECKSUM>();
    if whole.is_some_and(|(held, sum)| crc32c::crc32c(held).to_le_bytes() == *sum) {
        return Ok(());
    }
    Err(damaged("a block is not as it was written"))
}

/// What the first block says.
struct Head {
    count: u64,
    /// Lines of the filter, and the checksum of all.
    lines: u32,
    sum: u32,
}

impl Head {
    fn read<const W: usize>(head: &[u8]) -> Option<Head> {
        let rest = head.strip_prefix(&MAGIC)?;
        let (width, rest) = rest.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (lines, rest) = rest.split_first_chunk()?;
        let told = Head {
            count: u64::from_le_bytes(*count),
            lines: u32::from_le_bytes(*lines),
            sum: u32::from_le_bytes(*rest.first_chunk()?),
        };
        (u64::from_le_bytes(*width) == wide(W)).then_some(told)
    }

    fn write<const W: usize>(&self) -> Vec<u8> {
        let mut head = Vec::with_capacity(BLOCK);
        head.extend_from_slice(&MAGIC);
        head.extend_from_slice(&wide(W).to_le_bytes());
        head.extend_from_slice(&self.count.to_le_bytes());
        head.extend_from_slice(&self.lines.to_le_bytes());
        head.extend_from_slice(&self.sum.to_le_bytes());
        head.resize(BLOCK - CHECKSUM, 0);
        head.extend_from_slice(&crc32c::crc32c(&head).to_le_bytes());
        head
    }

    /// Reads the filter, which comes next.
    fn filter(&self, reader: &mut impl Read) -> io::Result<Filter> {
        let (mut filter, mut sum) = (Filter::default(), 0);
        let mut line = [0; LINE_BYTES];
        for _ in 0..self.lines {
            reader.read_exact(&mut line)?;
            sum = crc32c::crc32c_append(sum, &line);
            filter.read(&line);
        }
        if sum == self.sum { Ok(filter) } else { Err(damaged("its filter is not as it was written")) }
    }
}

fn damaged(how: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, how)
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
