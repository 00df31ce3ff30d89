//! The note of what is archived: a small file beside the segments, replaced whole each time.

use std::io;

use vocabulary::stream::Position;

use super::carrying::digest;
use crate::{
    bytes::{take, take_u32, take_u64},
    disk::{Disk, Open, read_file, replace},
    frame::{narrow, seal, unseal},
    leaf::Hash,
    segment::{self, SegmentHead},
};

/// Name of the file.
const NAME: &str = "archive";
const MAGIC: [u8; 8] = *b"CPLOGARC";

/// What is archived: segments 1 to the number of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// The folder they lie in.
    pub(super) folder: String,
    pub(super) segments: Vec<Kept>,
    /// A segment that is being replaced by its compacted self, and the SHA-256 of that file: until this is settled,
    /// either of the two may lie there.
    pub(super) becoming: Option<(u32, Hash)>,
}

/// An archived segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    /// What its first sector says, so that opening a log reads nothing of its archive.
    pub(super) head: SegmentHead,
    /// SHA-256 of its file.
    pub(super) digest: Hash,
}

impl Note {
    /// Number of the last archived segment.
    pub(super) fn count(&self) -> u32 {
        narrow(self.segments.len())
    }

    /// What is known of a segment; nothing where it is not archived.
    pub(super) fn kept(&self, number: u32) -> Option<&Kept> {
        self.segments.get((number as usize).checked_sub(1)?)
    }

    /// Finds out which of its two selves a segment has that was being replaced; tells whether there was one.
    ///
    /// Cost: reads that segment.
    pub(super) fn settle(&mut self, there: &dyn Disk) -> io::Result<bool> {
        let Some((number, new)) = self.becoming else { return Ok(false) };
        let file = there.open(&segment::name(number), Open::Read)?;
        if digest(&*file)?.0 == new
            && let Some(kept) = self.segments.get_mut((number as usize).wrapping_sub(1))
        {
            kept.digest = new;
        }
        self.becoming = None;
        Ok(true)
    }

    /// Reads the note; nothing where there is none.
    pub(super) fn load(disk: &dyn Disk) -> io::Result<Option<Note>> {
        let Some(bytes) = read_file(disk, NAME)? else { return Ok(None) };
        let changed = "the note of what is archived has changed; archiving to the same folder makes it again";
        unpack(&bytes).map(Some).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, changed))
    }

    /// Puts the note in place, durable.
    pub(super) fn store(&self, disk: &dyn Disk) -> io::Result<()> {
        replace(disk, NAME, &self.pack())?;
        disk.sync_dir("")
    }

    fn pack(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&narrow(self.folder.len()).to_be_bytes());
        bytes.extend_from_slice(self.folder.as_bytes());
        bytes.extend_from_slice(&self.count().to_be_bytes());
        for kept in &self.segments {
            bytes.extend_from_slice(&kept.head.bytes.to_be_bytes());
            bytes.extend_from_slice(&kept.head.previous_end.to_be_bytes());
            bytes.extend_from_slice(&kept.head.first.0.to_be_bytes());
            bytes.extend_from_slice(&kept.head.chain);
            bytes.extend_from_slice(&kept.digest);
        }
        if let Some((number, digest)) = self.becoming {
            bytes.extend_from_slice(&number.to_be_bytes());
            bytes.extend_from_slice(&digest);
        }
        bytes.extend_from_slice(&[0; 4]);
        seal(&mut bytes);
        bytes
    }
}

fn unpack(bytes: &[u8]) -> Option<Note> {
    let mut rest = unseal(bytes)?;
    if take(&mut rest)? != MAGIC {
        return None;
    }
    let named = take_u32(&mut rest)?;
    let (folder, behind) = rest.split_at_checked(named as usize)?;
    let folder = String::from_utf8(folder.to_vec()).ok()?;
    rest = behind;
    let count = take_u32(&mut rest)?;
    let mut segments = Vec::new();
    for number in 1..=count {
        let (length, previous_end) = (take_u32(&mut rest)?, take_u32(&mut rest)?);
        let (first, chain) = (Position(take_u64(&mut rest)?), take(&mut rest)?);
        let head = SegmentHead { number, bytes: length, first, previous_end, chain };
        segments.push(Kept { head, digest: take(&mut rest)? });
    }
    let becoming = if rest.is_empty() { None } else { Some((take_u32(&mut rest)?, take(&mut rest)?)) };
    rest.is_empty().then_some(Note { folder, segments, becoming })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{MemoryDisk, Open};

    #[test]
    fn a_note_is_read_as_written_or_not_at_all() {
        let disk = MemoryDisk::new();
        assert_eq!(Note::load(&disk).unwrap(), None);
        let head = |number| SegmentHead { number, ..SegmentHead::of_a_new_log(4_096) };
        let kept = |number| Kept { head: head(number), digest: [7; 32] };
        let segments = (1..4).map(kept).collect();
        let note = Note { folder: "elsewhere".to_owned(), segments, becoming: None };
        note.store(&disk).unwrap();
        assert_eq!(Note::load(&disk).unwrap(), Some(note.clone()));
        let note = Note { becoming: Some((2, [8; 32])), ..note };
        note.store(&disk).unwrap();
        assert_eq!(Note::load(&disk).unwrap(), Some(note.clone()));
        let bytes = note.pack();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            disk.open(NAME, Open::Write).unwrap().pwrite(0, &flipped).unwrap();
            assert_eq!(Note::load(&disk).unwrap_err().kind(), io::ErrorKind::InvalidData, "bit {bit}");
        }
    }
}
