//! A segment: a file of fixed size, zeroed before use, that starts with a sector telling what it continues.

use vocabulary::stream::Position;

use crate::{
    Damage, Harm, LogError,
    bytes::{Fill, take, take_u32, take_u64},
    disk::{DiskFile, read_full},
    frame::{seal, unseal},
    leaf::{CHAIN_START, Hash},
};

/// Bytes of a segment before its first frame: one sector.
pub(crate) const HEAD: usize = 512;
/// Offset of the first frame.
pub(crate) const FIRST_FRAME: u32 = 512;
const MAGIC: [u8; 8] = *b"CPLOGSEG";
const VERSION: u32 = 1;

/// What the first sector of a segment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentHead {
    /// 1 for the first segment.
    pub(crate) number: u32,
    /// Size of the file.
    pub(crate) bytes: u32,
    /// Position of the first record that stands here.
    pub(crate) first: Position,
    /// Where the last whole batch of the segment before ends; [`FIRST_FRAME`] for the first segment.
    pub(crate) previous_end: u32,
    /// The chain of leaf hashes up to here.
    pub(crate) chain: Hash,
}

impl SegmentHead {
    /// The head of the first segment of a log.
    pub(crate) fn of_a_new_log(bytes: u32) -> SegmentHead {
        SegmentHead { number: 1, bytes, first: Position(1), previous_end: FIRST_FRAME, chain: CHAIN_START }
    }

    /// The bytes of the first sector.
    pub(crate) fn pack(&self) -> [u8; HEAD] {
        let mut sector = [0; HEAD];
        Fill::new(&mut sector)
            .put(&MAGIC)
            .put(&VERSION.to_be_bytes())
            .put(&self.number.to_be_bytes())
            .put(&self.bytes.to_be_bytes())
            .put(&self.previous_end.to_be_bytes())
            .put(&self.first.0.to_be_bytes())
            .put(&self.chain);
        seal(&mut sector);
        sector
    }

    /// Reads the first sector; `None` where it is not one of ours, whole.
    pub(crate) fn unpack(sector: &[u8]) -> Option<SegmentHead> {
        let mut rest = unseal(sector)?;
        if take(&mut rest)? != MAGIC || take_u32(&mut rest)? != VERSION {
            return None;
        }
        let (number, bytes, previous_end) =
            (take_u32(&mut rest)?, take_u32(&mut rest)?, take_u32(&mut rest)?);
        let first = Position(take_u64(&mut rest)?);
        Some(SegmentHead { number, bytes, first, previous_end, chain: take(&mut rest)? })
    }

    /// Reads the head of segment `number` from its file.
    pub(crate) fn read(file: &dyn DiskFile, number: u32, before: Position) -> Result<SegmentHead, LogError> {
        let mut sector = [0; HEAD];
        read_full(file, 0, &mut sector).map_err(LogError::io("read a segment's header"))?;
        let head = SegmentHead::unpack(&sector).filter(|head| head.number == number);
        let damage = Damage { position: before, segment: number, offset: 0, what: Harm::SegmentHeader };
        Ok(head.ok_or(damage)?)
    }
}

/// File name of a segment.
pub(crate) fn name(number: u32) -> String {
    format!("{number:08}.seg")
}

/// Number of the segment with this file name.
pub(crate) fn number(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".seg").filter(|digits| digits.len() == 8)?;
    digits.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_survives_packing_and_one_flipped_bit_is_noticed() {
        let head = SegmentHead { number: 7, previous_end: 1_024, ..SegmentHead::of_a_new_log(4_096) };
        let sector = head.pack();
        assert_eq!(SegmentHead::unpack(&sector), Some(head));
        for bit in 0..HEAD * 8 {
            let mut flipped = sector;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(SegmentHead::unpack(&flipped), None, "bit {bit}");
        }
    }

    #[test]
    fn a_segment_is_known_by_its_name() {
        assert_eq!(number(&name(12)), Some(12));
        for other in ["00000000.seg", "12.seg", "00000012.idx", "0000001x.seg"] {
            assert_eq!(number(other), None);
        }
    }
}
