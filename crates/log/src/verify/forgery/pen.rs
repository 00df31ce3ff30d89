//! The forger's pen: writes any records as segments with every address, link, checksum and chain in order.

use std::collections::HashMap;

use vocabulary::stream::{Position, Stream};

use super::Dice;
use crate::{
    Payload,
    disk::{Disk, MemoryDisk, Open, write_all},
    frame::{self, Place, Trailer},
    header::Header,
    leaf::{self, CHAIN_START, Hash},
    mark::{self, Mark},
    segment::{self, FIRST_FRAME, SegmentHead},
};

/// Bytes of a forged segment: small, so that a log has several.
const SEGMENT: u32 = 4 << 10;
/// Where the head of a record says that its payload was replaced by its hash.
const STATE_AT: usize = 41;
const ERASED: u8 = 2;

/// The payload of a record to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Kept(Vec<u8>),
    Erased(Hash),
}

impl Content {
    fn payload(&self) -> Payload<'_> {
        match self {
            Content::Kept(bytes) => Payload::Kept(bytes),
            Content::Erased(digest) => Payload::Erased(*digest),
        }
    }

    pub(super) fn digest(&self) -> Hash {
        self.payload().digest()
    }
}

/// A record to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) header: Header,
    pub(super) content: Content,
}

impl Written {
    pub(super) fn leaf(&self) -> Hash {
        leaf::hash(&self.header.pack(), self.content.payload())
    }

    /// The frame of the record, all but its place.
    fn drafted(&self) -> Vec<u8> {
        let mut frame = Vec::new();
        let bytes = match &self.content {
            Content::Kept(bytes) => bytes.as_slice(),
            Content::Erased(digest) => digest.as_slice(),
        };
        frame::draft(&mut frame, &self.header.pack(), Payload::Kept(bytes), 0);
        if matches!(self.content, Content::Erased(_)) {
            frame[STATE_AT] = ERASED;
        }
        frame
    }
}

/// Where the pen stands.
struct Pen {
    disk: MemoryDisk,
    head: SegmentHead,
    bytes: Vec<u8>,
    chain: Hash,
    ends: HashMap<Stream, (Place, u32)>,
}

/// Writes records as a log, in batches of one to three.
pub(super) fn write(records: &[Written], dice: &mut Dice) -> MemoryDisk {
    let head = SegmentHead::of_a_new_log(SEGMENT);
    let disk = MemoryDisk::new();
    let mut pen = Pen { disk, head, bytes: head.pack().to_vec(), chain: CHAIN_START, ends: HashMap::new() };
    let mut done = 0;
    while done < records.len() {
        let end = (done + dice.within(1, 4)).min(records.len());
        pen.batch(&records[done..end], done as u64);
        done = end;
    }
    pen.close(records.len() as u64)
}

impl Pen {
    fn at(&self) -> Place {
        Place { segment: self.head.number, offset: frame::narrow(self.bytes.len()) }
    }

    fn batch(&mut self, records: &[Written], before: u64) {
        let frames: Vec<Vec<u8>> = records.iter().map(Written::drafted).collect();
        let wanted = frames.iter().map(Vec::len).sum::<usize>() + frame::TRAILER_BYTES;
        if self.bytes.len() + wanted > SEGMENT as usize {
            self.turn(before);
        }
        let start = self.at().offset;
        for ((record, mut framed), position) in records.iter().zip(frames).zip(before + 1..) {
            let place = self.at();
            let (previous, revision) =
                self.ends.get(&record.header.stream).copied().unwrap_or((Place::NONE, 0));
            frame::place(&mut framed, place, Position(position), revision + 1, previous);
            self.ends.insert(record.header.stream, (place, revision + 1));
            self.bytes.extend_from_slice(&framed);
        }
        let leaves: Vec<Hash> = records.iter().map(Written::leaf).collect();
        self.chain = leaf::chain(&self.chain, leaves.iter());
        let trailer = Trailer {
            start,
            count: frame::narrow(records.len()),
            position: Position(before + records.len() as u64),
            chain: self.chain,
        };
        let place = self.at();
        frame::write_trailer(&mut self.bytes, &trailer, place);
    }

    /// Puts the segment away and begins the next.
    fn turn(&mut self, before: u64) {
        let end = self.at().offset;
        self.put_away();
        self.head = SegmentHead {
            number: self.head.number + 1,
            bytes: SEGMENT,
            first: Position(before + 1),
            previous_end: end,
            chain: self.chain,
        };
        self.bytes = self.head.pack().to_vec();
    }

    fn put_away(&mut self) {
        self.bytes.resize(SEGMENT as usize, 0);
        let file = self.disk.open(&segment::name(self.head.number), Open::Create).unwrap();
        write_all(&*file, 0, &self.bytes).unwrap();
    }

    /// Ends the log with the mark of its durable end.
    fn close(mut self, records: u64) -> MemoryDisk {
        let Place { segment, offset } = self.at();
        debug_assert!(offset >= FIRST_FRAME, "a segment begins with its head");
        let mark = Mark { segment, end: offset, position: Position(records), chain: self.chain };
        self.put_away();
        let file = self.disk.open(mark::NAME, Open::Create).unwrap();
        write_all(&*file, 0, &mark.pack()).unwrap();
        self.disk
    }
}
