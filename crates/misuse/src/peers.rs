//! Peers: how far somebody's count lies above that of those who do the same work.
//!
//! By the median and the median of the deviations from it, so that a few busy people do not hide one another
//! (reliability.md, "Misuse engine": z = (x - median) / MAD).

/// Fewer than these are no yardstick; whoever has fewer is compared with the whole kind of organisation.
pub const PEERS_MIN: usize = 12;

/// A deviation of a normal distribution in ten-thousandths of its median deviation.
const NORMAL: u64 = 6_745;

/// What is usual among peers, in hundredths of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peers {
    median: u64,
    deviation: u64,
}

impl Peers {
    /// Takes the measure of a group; none where it is too small.
    ///
    /// The deviation is one count at least: among people who never do something, once is no wonder.
    /// Cost: one sorting.
    pub fn of(counts: &mut [u32]) -> Option<Peers> {
        if counts.len() < PEERS_MIN {
            return None;
        }
        let mut hundredths: Vec<u64> = counts.iter().map(|count| u64::from(*count) * 100).collect();
        let middle = median(&mut hundredths);
        for count in &mut hundredths {
            *count = count.abs_diff(middle);
        }
        Some(Peers { median: middle, deviation: median(&mut hundredths).max(100) })
    }

    /// How far a count lies above, in hundredths of a deviation; 0 for one that lies below.
    pub fn above(self, count: u32) -> u32 {
        let over = (u64::from(count) * 100).saturating_sub(self.median);
        u32::try_from(over * NORMAL / 100 / self.deviation).unwrap_or(u32::MAX)
    }
}

/// The middle one, or between the middle two; 0 of none.
fn median(counts: &mut [u64]) -> u64 {
    counts.sort_unstable();
    let middle = counts.len() / 2;
    let at = |place: usize| counts.get(place).copied().unwrap_or(0);
    if counts.len() % 2 == 1 { at(middle) } else { at(middle.saturating_sub(1)).midpoint(at(middle)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_busy_person_stands_out_and_does_not_move_what_is_usual() {
        let mut counts = vec![2, 3, 4, 3, 2, 4, 3, 2, 3, 4, 3, 60];
        let peers = Peers::of(&mut counts).unwrap();
        assert_eq!(peers, Peers { median: 300, deviation: 100 });
        assert_eq!(peers.above(3), 0);
        assert_eq!(peers.above(60), 3_844);
    }

    #[test]
    fn too_few_are_no_yardstick() {
        assert_eq!(Peers::of(&mut [1; PEERS_MIN - 1]), None);
    }

    proptest! {
        #[test]
        fn a_larger_count_never_lies_less_far_above(
            mut counts in proptest::collection::vec(0_u32..500, PEERS_MIN..60),
            one in 0_u32..1_000,
            more in 0_u32..1_000,
        ) {
            let peers = Peers::of(&mut counts).unwrap();
            prop_assert!(peers.above(one) <= peers.above(one + more));
            counts.reverse();
            prop_assert_eq!(Peers::of(&mut counts).unwrap(), peers);
        }
    }
}
