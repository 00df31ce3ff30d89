//! The order in which streams are kept: by their mixed ids, and then by kind.

use vocabulary::stream::Stream;

/// A stream's place among all others; no two streams share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    mixed: u128,
    kind: u8,
}

/// Bits of the mixed id that say on which shelf a stream lies.
const SHELF_BITS: u32 = 16;
/// Bits that tell kinds apart.
const KIND_BITS: u32 = 4;
/// Bits that a shelf keeps of the order.
pub(super) const KEPT_BITS: u32 = 128 - SHELF_BITS + KIND_BITS;

impl Order {
    /// The place of a stream.
    pub(crate) fn of(stream: Stream) -> Order {
        Order { mixed: mix(stream.id.as_u128()), kind: stream.kind as u8 }
    }

    /// The first place on a shelf.
    pub(super) fn at((rack, shelf): (u8, u8)) -> Order {
        Order { mixed: u128::from(u16::from_be_bytes([rack, shelf])) << (128 - SHELF_BITS), kind: 0 }
    }

    /// The rack, and the shelf in it, on which the stream lies.
    pub(super) fn shelf(self) -> (u8, u8) {
        let [rack, at, ..] = self.mixed.to_be_bytes();
        (rack, at)
    }

    /// What tells the stream from all others of its shelf, in their order: [`KEPT_BITS`] bits.
    pub(super) fn kept(self) -> u128 {
        let rest = self.mixed & (u128::MAX >> SHELF_BITS);
        rest << KIND_BITS | u128::from(self.kind)
    }
}

/// Spreads ids evenly.
///
/// Each step changes one half by the other alone and can be taken back, so that no two ids become the same.
fn mix(id: u128) -> u128 {
    let [mut high, mut low] = halves(id);
    low ^= stir(high);
    high ^= stir(low);
    u128::from(high) << 64 | u128::from(low)
}

fn halves(id: u128) -> [u64; 2] {
    let bytes = id.to_be_bytes();
    let half = |part: Option<&[u8; 8]>| part.map_or(0, |half| u64::from_be_bytes(*half));
    [half(bytes.first_chunk()), half(bytes.last_chunk())]
}

/// The last steps of splitmix64.
fn stir(half: u64) -> u64 {
    let half = (half ^ half >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let half = (half ^ half >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    half ^ half >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use vocabulary::stream::StreamKind;

    #[test]
    fn a_mixed_id_can_be_taken_back() {
        for number in 0..10_000_u128 {
            for id in [number, number << 64, number << 112, number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c)] {
                let [high, low] = halves(mix(id));
                let high = high ^ stir(low);
                let low = low ^ stir(high);
                assert_eq!(u128::from(high) << 64 | u128::from(low), id);
            }
        }
    }

    #[test]
    fn a_shelf_and_what_it_keeps_tell_every_stream_apart() {
        for kind in StreamKind::ALL {
            assert!((kind as u8) < 1 << KIND_BITS);
            let order =
                Order::of(Stream::new(kind, Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)));
            let back = Order::at(order.shelf()).mixed | order.kept() >> KIND_BITS;
            assert_eq!((back, order.kept() & 15), (order.mixed, u128::from(order.kind)));
        }
    }

    #[test]
    fn ids_that_differ_little_spread_evenly() {
        for shift in [0, 16, 48, 64, 80, 112] {
            let mut shelves = std::collections::BTreeMap::<_, u32>::new();
            for number in 0..65_536_u128 {
                *shelves
                    .entry(
                        Order::of(Stream::new(StreamKind::Child, Uuid::from_u128(number << shift))).shelf(),
                    )
                    .or_default() += 1;
            }
            let most = shelves.values().max().copied();
            assert!(most < Some(16), "{most:?} on one shelf where one belongs, shifted by {shift}");
        }
    }
}
