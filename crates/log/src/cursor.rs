//! Walks the frames of one segment from front to back through a buffer.

use std::io;

use crate::{
    Harm,
    disk::{DiskFile, read_full},
    frame::{self, Frame, Place},
};

/// Most bytes read at once: large enough that the system call vanishes, small enough for a core's cache.
const CHUNK: usize = 256 * 1024;

/// Bytes read at first, and twice as many each time after: whoever looks for one record begins at a mark some ten
/// thousand bytes before it, and needs no more.
const CHUNK_FIRST: usize = 32 * 1024;

/// Fewest bytes at which a frame can be told from unused space.
const PEEK: usize = 8;

/// What stands at the next offset.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// A whole frame, checked.
    Frame(Frame<'a>),
    /// Unused space, or the limit.
    Blank,
    /// Something that is no whole frame.
    Bad(Harm),
}

/// A walk over the frames of a segment.
#[derive(Debug)]
pub(crate) struct Cursor<'f> {
    file: &'f dyn DiskFile,
    segment: u32,
    at: u32,
    limit: u32,
    buffer: Vec<u8>,
    /// Offset in the file of the buffer's first byte, and how much of the buffer is filled.
    base: u32,
    filled: usize,
    /// How many bytes are read next.
    ahead: usize,
}

impl<'f> Cursor<'f> {
    /// Starts at offset `at`; nothing from `limit` on is read.
    pub(crate) fn new(file: &'f dyn DiskFile, segment: u32, at: u32, limit: u32) -> Cursor<'f> {
        Cursor { file, segment, at, limit, buffer: Vec::new(), base: at, filled: 0, ahead: CHUNK_FIRST }
    }

    /// Offset of the next frame.
    pub(crate) fn at(&self) -> u32 {
        self.at
    }

    /// Reads what stands at the next offset and, if it is a whole frame, moves past it.
    pub(crate) fn step(&mut self) -> io::Result<Step<'_>> {
        self.have(PEEK)?;
        let front = self.rest().get(..PEEK).unwrap_or_default();
        if front.iter().all(|byte| *byte == 0) {
            return Ok(Step::Blank);
        }
        let Some(needed) = frame::needed(front) else {
            let ending = frame::resembles_ending(front).is_some();
            return Ok(Step::Bad(if ending { Harm::Trailer } else { Harm::FrameHeader }));
        };
        self.have(needed)?;
        let place = Place { segment: self.segment, offset: self.at };
        let start = (self.at - self.base) as usize;
        let bytes = self.buffer.get(start..self.filled).unwrap_or_default();
        Ok(match frame::read(bytes, place) {
            Ok(frame) => {
                self.at += frame.length();
                Step::Frame(frame)
            }
            Err(harm) => Step::Bad(harm),
        })
    }

    /// The buffered bytes from the next offset on.
    fn rest(&self) -> &[u8] {
        self.buffer.get((self.at - self.base) as usize..self.filled).unwrap_or_default()
    }

    /// Reads on until `bytes` are buffered, or as many as there are before the limit.
    fn have(&mut self, bytes: usize) -> io::Result<()> {
        if self.rest().len() >= bytes {
            return Ok(());
        }
        let room = self.limit.saturating_sub(self.at) as usize;
        let wanted = bytes.max(self.ahead).min(room);
        self.ahead = CHUNK.min(self.ahead * 2);
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        self.base = self.at;
        let into = self.buffer.get_mut(..wanted).unwrap_or_default();
        self.filled = read_full(self.file, self.at.into(), into)?;
        Ok(())
    }
}
