//! Parts: records put aside as they are, sealed, by the ranges of their streams' ids.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | length of all |
//! | 17 | the stream that it is folded for: its own, or one that an erasure names |
//! | 8, 8 | position and revision |
//! | 92 | header, as the log packs it |
//! | 2 | dictionary; 1 where the payload was erased |
//! | rest | payload |

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use event_log::{Header, Payload, RecordRef, header::PACKED};
use vocabulary::{Position, Revision, Stream};

use super::Ranges;
use crate::rows::{Aside, RowsError};

/// Bytes of a record aside, its payload apart.
pub(super) const OVERHEAD: usize = 4 + 17 + 8 + 8 + PACKED + 2;

/// Bytes of a part held before they go aside: four hundred parts take 26 MB.
const HELD_BYTES: usize = 64 << 10;

/// Fewest parts that share a file: what is folded of a long log gives its room back while the rows take theirs.
const FILE_PARTS: usize = 16;

/// Most files, since a process may have a thousand open: beyond a thousand parts more of them share one.
const FILES_MAX: usize = 64;

/// All parts, first being filled, then read.
pub(super) struct Parts {
    /// One for each `each_file` parts; none once these are folded.
    aside: Vec<Mutex<Option<Aside>>>,
    each_file: usize,
    ranges: Ranges,
    filling: Vec<Filling>,
}

#[derive(Default)]
struct Filling {
    held: Vec<u8>,
    /// Where its pieces begin aside, and how long they are.
    pieces: Vec<(u64, usize)>,
}

impl Parts {
    /// Begins with empty ones, in files without names in `folder`.
    pub(super) fn begin(folder: &Path, ranges: Ranges) -> Result<Parts, RowsError> {
        let filling: Vec<_> = (0..ranges.parts()).map(|_| Filling::default()).collect();
        let each_file = parts_a_file(filling.len());
        let aside = (0..filling.len().div_ceil(each_file))
            .map(|_| Aside::make(folder).map(|aside| Mutex::new(Some(aside))))
            .collect::<Result<_, _>>()?;
        Ok(Parts { aside, each_file, ranges, filling })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.filling.len()
    }

    /// Puts a record into the part of the stream `of`.
    pub(super) fn put(&mut self, of: Stream, record: RecordRef<'_>) -> Result<(), RowsError> {
        let number = self.ranges.part(of.id);
        let Some(part) = self.filling.get_mut(number) else { return Err(unreadable()) };
        let (erased, payload) = match &record.payload {
            Payload::Kept(bytes) => (0, *bytes),
            Payload::Erased(digest) => (1, digest.as_slice()),
        };
        // A payload is at most a megabyte.
        let length = u32::try_from(OVERHEAD + payload.len()).unwrap_or(u32::MAX);
        part.held.extend_from_slice(&length.to_be_bytes());
        part.held.extend_from_slice(&of.to_bytes());
        part.held.extend_from_slice(&record.position.0.to_be_bytes());
        part.held.extend_from_slice(&record.revision.0.to_be_bytes());
        part.held.extend_from_slice(&record.header.pack());
        part.held.extend_from_slice(&[record.dictionary, erased]);
        part.held.extend_from_slice(payload);
        if part.held.len() >= HELD_BYTES {
            part.put_aside(file(&mut self.aside, number / self.each_file)?)?;
        }
        Ok(())
    }

    /// No more records come.
    pub(super) fn close(&mut self) -> Result<(), RowsError> {
        for (number, part) in self.filling.iter_mut().enumerate() {
            part.put_aside(file(&mut self.aside, number / self.each_file)?)?;
            part.held = Vec::new();
        }
        Ok(())
    }

    /// Lets go of the files of all parts before `next`, which were read and are not read again.
    pub(super) fn let_go_before(&self, next: usize) {
        for file in self.aside.iter().take(next / self.each_file) {
            file.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    /// Reads one part.
    pub(super) fn read(&self, number: usize) -> Result<Part, RowsError> {
        let pieces = self.filling.get(number).map(|part| part.pieces.as_slice()).unwrap_or_default();
        let aside = self.aside.get(number / self.each_file).ok_or_else(unreadable)?;
        let aside = aside.lock().unwrap_or_else(PoisonError::into_inner);
        let aside = aside.as_ref().ok_or_else(unreadable)?;
        let mut bytes = vec![0; pieces.iter().map(|(_, length)| length).sum()];
        let mut rest = bytes.as_mut_slice();
        for (begins, length) in pieces {
            let (piece, after) = rest.split_at_mut_checked(*length).ok_or_else(unreadable)?;
            aside.read(*begins, piece)?;
            rest = after;
        }
        Part::of(bytes).ok_or_else(unreadable)
    }
}

/// How many parts share a file.
pub(super) fn parts_a_file(parts: usize) -> usize {
    FILE_PARTS.max(parts.div_ceil(FILES_MAX))
}

/// One of the files while parts are filled.
fn file(aside: &mut [Mutex<Option<Aside>>], number: usize) -> Result<&mut Aside, RowsError> {
    let file = aside.get_mut(number).ok_or_else(unreadable)?;
    file.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().ok_or_else(unreadable)
}

impl Filling {
    fn put_aside(&mut self, aside: &mut Aside) -> Result<(), RowsError> {
        if !self.held.is_empty() {
            self.pieces.push((aside.append(&self.held)?, self.held.len()));
            self.held.clear();
        }
        Ok(())
    }
}

/// One part in memory.
pub(super) struct Part {
    bytes: Vec<u8>,
    /// By the ids of their streams, then their families, then as they were recorded.
    places: Vec<Place>,
    /// How many of them are folded for their own stream.
    own: u64,
}

/// One record of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The id of the stream, then its family, so that streams sort as rows do.
    stream: ([u8; 16], u8),
    position: u64,
    at: usize,
}

impl Part {
    fn of(bytes: Vec<u8>) -> Option<Part> {
        let (mut places, mut own, mut at) = (Vec::new(), 0, 0);
        while at < bytes.len() {
            let mut rest = bytes.get(at..)?;
            let length = u32::from_be_bytes(take(&mut rest)?);
            let of: [u8; 17] = take(&mut rest)?;
            let position = u64::from_be_bytes(take(&mut rest)?);
            let _revision: [u8; 8] = take(&mut rest)?;
            own += u64::from(Header::unpack(&take(&mut rest)?)?.stream.to_bytes() == of);
            let [kind, id @ ..] = of;
            places.push(Place { stream: (id, kind), position, at });
            at += length as usize;
        }
        places.sort_unstable();
        Some(Part { bytes, places, own })
    }

    /// The records of one stream after the other, in the order of the streams' ids.
    pub(super) fn streams(&self) -> impl Iterator<Item = &[Place]> {
        self.places.chunk_by(|one, next| one.stream == next.stream)
    }

    /// How many records it holds, each counted where its own stream is.
    pub(super) fn records(&self) -> u64 {
        self.own
    }

    /// One record, and the stream that it is folded for.
    pub(super) fn record(&self, place: Place) -> Option<(Stream, RecordRef<'_>)> {
        let length = u32::from_be_bytes(take(&mut self.bytes.get(place.at..)?)?) as usize;
        let mut rest = self.bytes.get(place.at + 4..place.at + length)?;
        let of = Stream::from_bytes(take(&mut rest)?)?;
        let position = Position(u64::from_be_bytes(take(&mut rest)?));
        let revision = Revision(u64::from_be_bytes(take(&mut rest)?));
        let header = Header::unpack(&take(&mut rest)?)?;
        let [dictionary, erased] = take(&mut rest)?;
        let payload = if erased == 0 { Payload::Kept(rest) } else { Payload::Erased(rest.try_into().ok()?) };
        Some((of, RecordRef { position, revision, header, dictionary, payload }))
    }
}

/// What lies aside is not what was put there.
pub(super) fn unreadable() -> RowsError {
    RowsError::store("read back what it kept aside")(fjall::Error::Io(std::io::ErrorKind::InvalidData.into()))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}
