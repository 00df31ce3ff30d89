//! The mark of the durable end: a small file beside the segments, written after each sync and before the answer, itself unsynced.
//!
//! It is never ahead of what is durable and may be behind. What it tells and the segments lack was lost.

use vocabulary::stream::Position;

use crate::{
    bytes::{Fill, take, take_u32, take_u64},
    frame::{seal, unseal},
    leaf::Hash,
};

/// Name of the file.
pub(crate) const NAME: &str = "durable";
const MAGIC: [u8; 8] = *b"CPLOGEND";
const BYTES: usize = 64;

/// How far the log is durable at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The segment of the newest durable batch.
    pub(crate) segment: u32,
    /// Offset after that batch.
    pub(crate) end: u32,
    /// Position of its last record.
    pub(crate) position: Position,
    /// The chain of leaf hashes after it.
    pub(crate) chain: Hash,
}

/// What the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// There is none, or a crash left it empty.
    Nothing,
    /// How far the log is durable at least.
    Mark(Mark),
    /// It has changed since it was written.
    Unreadable,
}

impl Mark {
    /// The bytes of the file.
    pub(crate) fn pack(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        Fill::new(&mut bytes)
            .put(&MAGIC)
            .put(&self.segment.to_be_bytes())
            .put(&self.end.to_be_bytes())
            .put(&self.position.0.to_be_bytes())
            .put(&self.chain);
        seal(&mut bytes);
        bytes
    }
}

/// Reads the content of the file.
pub(crate) fn read(bytes: Option<&[u8]>) -> Told {
    let bytes = bytes.unwrap_or_default();
    if bytes.iter().all(|byte| *byte == 0) {
        return Told::Nothing;
    }
    unpack(bytes).map_or(Told::Unreadable, Told::Mark)
}

fn unpack(bytes: &[u8]) -> Option<Mark> {
    let mut rest = unseal(bytes).filter(|_| bytes.len() == BYTES)?;
    if take(&mut rest)? != MAGIC {
        return None;
    }
    Some(Mark {
        segment: take_u32(&mut rest)?,
        end: take_u32(&mut rest)?,
        position: Position(take_u64(&mut rest)?),
        chain: take(&mut rest)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_written_or_not_at_all() {
        let mark = Mark { segment: 1, end: 2, position: Position(3), chain: [4; 32] };
        assert_eq!(read(Some(&mark.pack())), Told::Mark(mark));
        assert_eq!(read(None), Told::Nothing);
        assert_eq!(read(Some(&[0; BYTES])), Told::Nothing);
        for bit in 0..BYTES * 8 {
            let mut flipped = mark.pack();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(Some(&flipped)), Told::Unreadable, "bit {bit}");
        }
    }
}
