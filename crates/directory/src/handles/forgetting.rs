//! Forgetting: what leads to a child of whom nothing is left goes, but that its number is taken.
//!
//! A reference or an identifier is a hash, and still tells somebody who has it that it was known here. A number is
//! nobody's but ours, and must never be given to another child: its handle stays, and leads to a record that is gone.

use vocabulary::{ChildId, ChildNumber, Position};

use super::{Handles, HandlesError, LEADS, PREFIX, child_of};

/// What numbers are multiplied by, and what undoes it: the two multiplied are 1.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
const GATHER: u64 = inverse(SPREAD);

/// The kind of handles that stand for numbers.
pub(super) const NUMBER: u8 = 4;

/// Eleven digits.
const NUMBERS: u64 = 100_000_000_000;

/// The inverse of an odd number among those of 64 bits, by Newton's iteration, which doubles the bits that are right.
const fn inverse(odd: u64) -> u64 {
    let mut found = odd;
    let mut round = 0;
    while round < 6 {
        found = found.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(found)));
        round += 1;
    }
    found
}

/// A number so multiplied that it differs from others in its first bits too.
pub(super) const fn spread(number: u64) -> u64 {
    number.wrapping_mul(SPREAD)
}

/// Whether an entry stands for a number: whether any number begins so. One in some seven million others does.
pub(super) fn is_number(entry: &[u8; LEADS]) -> bool {
    let mut bytes = [0; 8];
    let (known, _) = bytes.split_at_mut(PREFIX);
    known.copy_from_slice(entry.get(..PREFIX).unwrap_or_default());
    if let Some(last) = known.last_mut() {
        *last ^= NUMBER;
    }
    let least = u64::from_be_bytes(bytes).wrapping_mul(GATHER);
    // The bits that an entry has no room for.
    (0..1_u64 << (64 - 8 * PREFIX)).any(|low| {
        let number = least.wrapping_add(low.wrapping_mul(GATHER));
        number < NUMBERS && ChildNumber::from_draw(number / 10).as_u64() == number
    })
}

/// Whether an entry leads to one of these children, in order, and does not stand for a number.
fn is_forgotten(entry: &[u8; LEADS], forgotten: &[ChildId]) -> bool {
    forgotten.binary_search(&child_of(entry)).is_ok() && !is_number(entry)
}

impl Handles {
    /// Drops whatever leads to these children, in order, but for their numbers; answers how many handles that were.
    ///
    /// `read_to` says up to where the log was read for who they are: files that tell of no more than that are good
    /// for the next opening as they are. Cost: writes all handles anew.
    ///
    /// # Errors
    /// `Unread`: the disk, or what is not durable in the log yet still waits to be written. Ask again.
    pub(crate) fn forget(&self, forgotten: &[ChildId], read_to: Position) -> Result<u64, HandlesError> {
        let mut dropped = 0;
        {
            let mut fresh = self.fresh_mut();
            if fresh.frozen.is_some() {
                return Err(std::io::Error::from(std::io::ErrorKind::WouldBlock).into());
            }
            let before = fresh.newest.leads.len();
            fresh.newest.leads.retain(|entry| !is_forgotten(entry, forgotten));
            dropped += (before - fresh.newest.leads.len()) as u64;
        }
        if let Some(kept) = &self.kept {
            dropped += kept.forget(read_to, &|entry| !is_forgotten(entry, forgotten))?;
        }
        Ok(dropped)
    }
}

#[cfg(test)]
mod tests {
    use vocabulary::KeyedRef;

    use super::*;
    use crate::handles::{Handle, entry};

    #[test]
    fn numbers_are_told_from_hashes() {
        let child = ChildId::from_u128(7);
        let mut draw = 0x0123_4567_89ab_cdef_u64;
        let mut taken = 0;
        for _ in 0..20_000 {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = ChildNumber::from_draw(draw >> 3);
            assert!(is_number(&entry(Handle::number(number), child)), "{number}");
            let hash = uuid::Uuid::from_u64_pair(draw.rotate_left(29) ^ (draw >> 7), draw);
            for other in [Handle::local(KeyedRef::new(hash)), Handle::identifier(KeyedRef::new(hash))] {
                taken += u32::from(is_number(&entry(other, child)));
            }
        }
        assert!(taken <= 1, "{taken} hashes were taken for numbers");
        assert!(!is_number(&entry(Handle::TIED, child)));
    }
}
