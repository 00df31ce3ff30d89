//! Frames: the shapes that stand in a segment, one after another, each a multiple of 8 bytes long.
//!
//! A record carries its own address (segment, offset), so that a misdirected write is noticed, and the
//! address of the record before it in its stream, so that a stream is read by walking back. A trailer ends
//! each batch and chains its leaves; a closing mark says that the log was closed in order.
//! Source: house rules, section 4.1.

mod erasing;

use vocabulary::stream::{Position, Revision};

pub(crate) use erasing::erase;

use crate::{
    Harm, Header, Payload,
    bytes::{Fill, take, take_u32, take_u64},
    header::PACKED,
    leaf::Hash,
    record::PAYLOAD_BYTES_MAX,
};

/// First bytes of each shape: far apart in bits, so that one flipped bit turns none into another.
const RECORD: [u8; 4] = [0xA5, 0x3C, 0x96, 0x0F];
const TRAILER: [u8; 4] = [0x5A, 0xC3, 0x69, 0xF0];
const CLOSING: [u8; 4] = [0x66, 0x99, 0xCC, 0x33];

/// Bytes of a record before its payload, checksum included.
pub(crate) const RECORD_HEAD: usize = 144;
/// Bytes of a record before the fields that tell its place, and before its packed header.
const UNPLACED: usize = 12;
const PLACED: usize = 48;
/// Room that every record leaves for its payload, so that an erased one can hold its SHA-256 in place.
const PAYLOAD_ROOM_MIN: usize = 32;
/// Bytes of a trailer.
pub(crate) const TRAILER_BYTES: usize = 72;
/// Bytes of a closing mark.
pub(crate) const CLOSING_BYTES: usize = 32;
/// Most bytes of any frame.
pub(crate) const FRAME_BYTES_MAX: usize = RECORD_HEAD + PAYLOAD_BYTES_MAX + 8;
/// Every frame starts at a multiple of this.
pub(crate) const ALIGNMENT: u32 = 8;

const KEPT: u8 = 1;
const ERASED: u8 = 2;

/// Address of a frame: number of the segment, and bytes from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Place {
    pub(crate) segment: u32,
    pub(crate) offset: u32,
}

impl Place {
    /// No place: the record before the first of a stream. Segments are numbered from 1.
    pub(crate) const NONE: Place = Place { segment: 0, offset: 0 };
}

/// A record as it stands in a segment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) length: u32,
    pub(crate) position: Position,
    pub(crate) revision: u32,
    pub(crate) previous: Place,
    pub(crate) dictionary: u8,
    pub(crate) header: Header,
    pub(crate) packed: &'a [u8; PACKED],
    pub(crate) payload: Payload<'a>,
}

impl<'a> Record<'a> {
    /// The record as the port tells it.
    pub(crate) fn told(&self) -> crate::RecordRef<'a> {
        crate::RecordRef {
            position: self.position,
            revision: Revision(self.revision.into()),
            header: self.header,
            dictionary: self.dictionary,
            payload: self.payload,
        }
    }
}

/// The end of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trailer {
    /// Offset of the batch's first frame.
    pub(crate) start: u32,
    /// Number of records in the batch.
    pub(crate) count: u32,
    /// Position of the batch's last record.
    pub(crate) position: Position,
    /// The chain of leaf hashes after the batch.
    pub(crate) chain: Hash,
}

/// Whatever stands at an offset.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Frame<'a> {
    Record(Record<'a>),
    Trailer(Trailer),
    /// Position of the last record before the log was closed.
    Closing(Position),
}

impl Frame<'_> {
    /// Bytes of the frame.
    pub(crate) fn length(&self) -> u32 {
        match self {
            Frame::Record(record) => record.length,
            Frame::Trailer(_) => narrow(TRAILER_BYTES),
            Frame::Closing(_) => narrow(CLOSING_BYTES),
        }
    }
}

/// A record whose frame is laid out and lacks its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draft {
    /// Where its frame starts among the frames of its batch.
    pub(crate) start: usize,
    pub(crate) payload: usize,
    pub(crate) dictionary: u8,
    erased: bool,
}

impl Draft {
    /// Packed header and payload, from the frames of its batch.
    pub(crate) fn parts<'f>(&self, frames: &'f [u8]) -> Option<(&'f [u8; PACKED], Payload<'f>)> {
        let frame = frames.get(self.start..)?;
        let packed = frame.get(PLACED..)?.first_chunk()?;
        let content = frame.get(RECORD_HEAD..)?.get(..self.payload)?;
        let payload =
            if self.erased { Payload::Erased(content.try_into().ok()?) } else { Payload::Kept(content) };
        Some((packed, payload))
    }
}

/// Bytes that a record with this much payload takes.
pub(crate) fn record_bytes(payload: usize) -> usize {
    (RECORD_HEAD + payload.max(PAYLOAD_ROOM_MIN)).next_multiple_of(ALIGNMENT as usize)
}

/// Appends a record's frame to `into`, all but its place.
pub(crate) fn draft(into: &mut Vec<u8>, packed: &[u8; PACKED], told: Payload<'_>, dictionary: u8) -> Draft {
    let (payload, state): (&[u8], u8) = match &told {
        Payload::Kept(bytes) => (bytes, KEPT),
        Payload::Erased(digest) => (digest, ERASED),
    };
    let length = record_bytes(payload.len());
    let mut head = [0; RECORD_HEAD];
    let unplaced = [0; 28];
    Fill::new(&mut head)
        .put(&RECORD)
        .put(&narrow(length).to_be_bytes())
        .put(&narrow(payload.len()).to_be_bytes())
        .put(&unplaced)
        .put(&[dictionary, state, 0, 0])
        .put(&crc32c::crc32c(payload).to_be_bytes())
        .put(packed);
    let start = into.len();
    into.extend_from_slice(&head);
    into.extend_from_slice(payload);
    into.resize(start + length, 0);
    Draft { start, payload: payload.len(), dictionary, erased: state == ERASED }
}

/// Fills in where a drafted record stands, and seals its head.
pub(crate) fn place(frame: &mut [u8], place: Place, position: Position, revision: u32, previous: Place) {
    let Some(head) = frame.first_chunk_mut::<RECORD_HEAD>() else {
        unreachable!("a draft is as long as a record's head")
    };
    let (_, fields) = head.split_at_mut(UNPLACED);
    Fill::new(fields)
        .put(&place.segment.to_be_bytes())
        .put(&place.offset.to_be_bytes())
        .put(&position.0.to_be_bytes())
        .put(&revision.to_be_bytes())
        .put(&previous.segment.to_be_bytes())
        .put(&previous.offset.to_be_bytes());
    seal(head);
}

/// Appends a trailer to `into`.
pub(crate) fn write_trailer(into: &mut Vec<u8>, trailer: &Trailer, place: Place) {
    let mut bytes = [0; TRAILER_BYTES];
    Fill::new(&mut bytes)
        .put(&TRAILER)
        .put(&narrow(TRAILER_BYTES).to_be_bytes())
        .put(&place.segment.to_be_bytes())
        .put(&place.offset.to_be_bytes())
        .put(&trailer.start.to_be_bytes())
        .put(&trailer.count.to_be_bytes())
        .put(&trailer.position.0.to_be_bytes())
        .put(&trailer.chain);
    seal(&mut bytes);
    into.extend_from_slice(&bytes);
}

/// The bytes of a closing mark.
pub(crate) fn closing(position: Position, place: Place) -> [u8; CLOSING_BYTES] {
    let mut bytes = [0; CLOSING_BYTES];
    Fill::new(&mut bytes)
        .put(&CLOSING)
        .put(&narrow(CLOSING_BYTES).to_be_bytes())
        .put(&place.segment.to_be_bytes())
        .put(&place.offset.to_be_bytes())
        .put(&position.0.to_be_bytes());
    seal(&mut bytes);
    bytes
}

/// Writes the checksum of a shape into its last four bytes.
pub(crate) fn seal(shape: &mut [u8]) {
    if let Some((content, checksum)) = shape.split_last_chunk_mut::<4>() {
        *checksum = crc32c::crc32c(content).to_be_bytes();
    }
}

/// The content of a shape whose last four bytes are its checksum.
pub(crate) fn unseal(shape: &[u8]) -> Option<&[u8]> {
    let (content, checksum) = shape.split_last_chunk::<4>()?;
    (crc32c::crc32c(content).to_be_bytes() == *checksum).then_some(content)
}

/// How many bytes must be at hand to read the frame that starts with `bytes`; `None` when they start none.
pub(crate) fn needed(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    let kind: [u8; 4] = take(&mut rest)?;
    match kind {
        RECORD => {
            let length = take_u32(&mut rest)? as usize;
            let fits = (RECORD_HEAD + PAYLOAD_ROOM_MIN..=FRAME_BYTES_MAX).contains(&length);
            (fits && length.is_multiple_of(ALIGNMENT as usize)).then_some(length)
        }
        TRAILER => Some(TRAILER_BYTES),
        CLOSING => Some(CLOSING_BYTES),
        _other => None,
    }
}

/// Whether a trailer or closing mark seems to start here, one flipped bit allowed; answers its length.
pub(crate) fn resembles_ending(bytes: &[u8]) -> Option<usize> {
    let start = u32::from_be_bytes(*bytes.first_chunk()?);
    let near = |kind: [u8; 4]| (u32::from_be_bytes(kind) ^ start).count_ones() <= 1;
    if near(TRAILER) {
        Some(TRAILER_BYTES)
    } else if near(CLOSING) {
        Some(CLOSING_BYTES)
    } else {
        None
    }
}

/// Reads the frame that starts with `bytes` and checks all of it: checksums, address, padding.
///
/// Cost: two checksums over its bytes.
pub(crate) fn read(bytes: &[u8], place: Place) -> Result<Frame<'_>, Harm> {
    match bytes.first_chunk() {
        Some(&TRAILER) => read_trailer(bytes, place).ok_or(Harm::Trailer).map(Frame::Trailer),
        Some(&CLOSING) => read_closing(bytes, place).ok_or(Harm::Trailer).map(Frame::Closing),
        Some(_) => read_record(bytes, place).map(Frame::Record),
        None => Err(Harm::FrameHeader),
    }
}

/// Reads the record that starts with `bytes`.
pub(crate) fn read_record(bytes: &[u8], place: Place) -> Result<Record<'_>, Harm> {
    let (head, behind) = bytes.split_first_chunk::<RECORD_HEAD>().ok_or(Harm::FrameHeader)?;
    let mut rest = unseal(head).ok_or(Harm::FrameHeader)?;
    let fields = Fields::take(&mut rest).ok_or(Harm::FrameHeader)?;
    if fields.kind != RECORD {
        return Err(Harm::FrameHeader);
    }
    if fields.place != place {
        return Err(Harm::Misplaced);
    }
    let packed = rest.first_chunk::<PACKED>().ok_or(Harm::FrameHeader)?;
    let header = Header::unpack(packed).ok_or(Harm::FrameHeader)?;
    let room = (fields.length as usize).checked_sub(RECORD_HEAD).ok_or(Harm::FrameHeader)?;
    let stored = behind.get(..room).ok_or(Harm::Payload)?;
    let (content, padding) =
        stored.split_at_checked(fields.payload_length as usize).ok_or(Harm::FrameHeader)?;
    if crc32c::crc32c(content) != fields.payload_crc {
        return Err(Harm::Payload);
    }
    let payload = match fields.state {
        KEPT => Payload::Kept(content),
        ERASED => Payload::Erased(content.try_into().map_err(|_| Harm::FrameHeader)?),
        _other => return Err(Harm::FrameHeader),
    };
    if padding.iter().any(|byte| *byte != 0) {
        return Err(Harm::FramePadding);
    }
    Ok(Record {
        length: fields.length,
        position: fields.position,
        revision: fields.revision,
        previous: fields.previous,
        dictionary: fields.dictionary,
        header,
        packed,
        payload,
    })
}

/// What stands before the packed header of a record.
struct Fields {
    kind: [u8; 4],
    length: u32,
    payload_length: u32,
    place: Place,
    position: Position,
    revision: u32,
    previous: Place,
    dictionary: u8,
    state: u8,
    payload_crc: u32,
}

impl Fields {
    fn take(rest: &mut &[u8]) -> Option<Fields> {
        let kind = take(rest)?;
        let length = take_u32(rest)?;
        let payload_length = take_u32(rest)?;
        let place = take_place(rest)?;
        let position = Position(take_u64(rest)?);
        let revision = take_u32(rest)?;
        let previous = take_place(rest)?;
        let [dictionary, state, _, _] = take(rest)?;
        let payload_crc = take_u32(rest)?;
        Some(Fields {
            kind,
            length,
            payload_length,
            place,
            position,
            revision,
            previous,
            dictionary,
            state,
            payload_crc,
        })
    }
}

fn take_place(rest: &mut &[u8]) -> Option<Place> {
    Some(Place { segment: take_u32(rest)?, offset: take_u32(rest)? })
}

/// Reads the trailer that starts with `bytes`, if it is whole and in its place.
pub(crate) fn read_trailer(bytes: &[u8], place: Place) -> Option<Trailer> {
    let mut rest = unseal(bytes.first_chunk::<TRAILER_BYTES>()?)?;
    let (kind, length): ([u8; 4], u32) = (take(&mut rest)?, take_u32(&mut rest)?);
    if kind != TRAILER || length as usize != TRAILER_BYTES || take_place(&mut rest)? != place {
        return None;
    }
    Some(Trailer {
        start: take_u32(&mut rest)?,
        count: take_u32(&mut rest)?,
        position: Position(take_u64(&mut rest)?),
        chain: take(&mut rest)?,
    })
}

/// Reads the closing mark that starts with `bytes`, if it is whole and in its place.
pub(crate) fn read_closing(bytes: &[u8], place: Place) -> Option<Position> {
    let mut rest = unseal(bytes.first_chunk::<CLOSING_BYTES>()?)?;
    let (kind, length): ([u8; 4], u32) = (take(&mut rest)?, take_u32(&mut rest)?);
    if kind != CLOSING || length as usize != CLOSING_BYTES || take_place(&mut rest)? != place {
        return None;
    }
    take_u64(&mut rest).map(Position)
}

/// A length within a segment; segments are shorter than 4 GiB.
pub(crate) fn narrow(length: usize) -> u32 {
    match u32::try_from(length) {
        Ok(length) => length,
        Err(_) => unreachable!("a segment is shorter than 4 GiB"),
    }
}
