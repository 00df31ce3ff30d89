//! One slot: 64 bytes that hold one key, wrapped by the key of an epoch, or zeros once it is destroyed.
//!
//! Layout: epoch (4), wrapped key (32), tag (16), zeros (8), CRC32C (4); numbers little end first.
//! The CRC also covers pool and slot, so that a slot copied to another place reads as damaged.
//! 64 divides a disk sector, so that no slot lies across two.

use vocabulary::stream::KeyId;
use zeroize::Zeroizing;

/// Length of a slot in its file.
pub(crate) const SLOT_BYTES: usize = 64;
/// Length of the key in a slot.
pub(crate) const ROOT_BYTES: usize = 32;
/// Length of a wrapped key: the key and the tag of the wrapping.
pub(crate) const WRAPPED_BYTES: usize = ROOT_BYTES + 16;

/// The key in a slot: what payload and row keys are derived from. Zeroed when dropped.
pub(crate) type Root = Zeroizing<[u8; ROOT_BYTES]>;

const WRAPPED_AT: usize = 4;
const RESERVED_AT: usize = WRAPPED_AT + WRAPPED_BYTES;
const CRC_AT: usize = SLOT_BYTES - 4;

/// What the 64 bytes of a slot are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key that the key of `epoch` unwraps.
    Live { epoch: u32, wrapped: [u8; WRAPPED_BYTES] },
    /// All zero: destroyed, for ever.
    Destroyed,
    /// Neither: a torn write or rot.
    Damaged,
}

impl Slot {
    /// Reads the bytes found at the place of `key`.
    pub(crate) fn read(key: KeyId, bytes: &[u8; SLOT_BYTES]) -> Slot {
        if *bytes == [0; SLOT_BYTES] {
            return Slot::Destroyed;
        }
        let (covered, crc) = bytes.split_at(CRC_AT);
        if crc != checksum(key, covered) {
            return Slot::Damaged;
        }
        let (mut epoch, mut wrapped) = ([0; 4], [0; WRAPPED_BYTES]);
        epoch.copy_from_slice(&bytes[..WRAPPED_AT]);
        wrapped.copy_from_slice(&bytes[WRAPPED_AT..RESERVED_AT]);
        Slot::Live { epoch: u32::from_le_bytes(epoch), wrapped }
    }

    /// Lays out a live slot for the place of `key`.
    pub(crate) fn write(key: KeyId, epoch: u32, wrapped: &[u8; WRAPPED_BYTES]) -> [u8; SLOT_BYTES] {
        let mut bytes = [0; SLOT_BYTES];
        bytes[..WRAPPED_AT].copy_from_slice(&epoch.to_le_bytes());
        bytes[WRAPPED_AT..RESERVED_AT].copy_from_slice(wrapped);
        let crc = checksum(key, &bytes[..CRC_AT]);
        bytes[CRC_AT..].copy_from_slice(&crc);
        bytes
    }
}

fn checksum(key: KeyId, covered: &[u8]) -> [u8; 4] {
    let place = (u64::from(key.pool) << 32) | u64::from(key.slot);
    crc32c::crc32c_append(crc32c::crc32c(covered), &place.to_le_bytes()).to_le_bytes()
}

#[cfg(test)]
mod spec {
    use super::*;

    const KEY: KeyId = KeyId { pool: 7, slot: 9 };

    #[test]
    fn a_slot_reads_back_as_it_was_written() {
        let wrapped = [0xA5; WRAPPED_BYTES];
        assert_eq!(Slot::read(KEY, &Slot::write(KEY, 3, &wrapped)), Slot::Live { epoch: 3, wrapped });
    }

    #[test]
    fn every_torn_prefix_of_a_slot_over_zeros_is_found() {
        let whole = Slot::write(KEY, 3, &[0xA5; WRAPPED_BYTES]);
        for written in 1..SLOT_BYTES {
            let mut torn = [0; SLOT_BYTES];
            torn[..written].copy_from_slice(&whole[..written]);
            assert_eq!(Slot::read(KEY, &torn), Slot::Damaged, "cut after {written} bytes");
        }
    }

    #[test]
    fn every_torn_destruction_is_found() {
        let whole = Slot::write(KEY, 3, &[0xA5; WRAPPED_BYTES]);
        for zeroed in 1..SLOT_BYTES {
            let mut torn = whole;
            torn[..zeroed].fill(0);
            assert_eq!(Slot::read(KEY, &torn), Slot::Damaged, "zeroed up to {zeroed} bytes");
        }
    }

    #[test]
    fn a_slot_at_another_place_is_damaged() {
        let bytes = Slot::write(KEY, 3, &[1; WRAPPED_BYTES]);
        assert_eq!(Slot::read(KeyId { slot: 10, ..KEY }, &bytes), Slot::Damaged);
        assert_eq!(Slot::read(KeyId { pool: 8, ..KEY }, &bytes), Slot::Damaged);
    }
}
