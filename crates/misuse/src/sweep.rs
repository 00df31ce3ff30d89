//! Sweep: many children in an order that work with families does not have.
//!
//! Source: domain.md 6.4, U6 (sequential, alphabetical or whole-school pattern).

use crate::signs::{Order, Sweep};

/// The fewest children of one street.
pub const STREET_FROM: u32 = 5;
/// The fewest children of one school.
pub const SCHOOL_FROM: u32 = 8;
/// The fewest children in the order of their surnames.
pub const ALPHABET_FROM: u32 = 12;

/// Of 100 children of a run, how many must be of the one street or school.
const SHARE_PERCENT: usize = 60;
/// Of 100 steps from one child to the next, how many must go on in the alphabet; by chance 50 do.
const STEPS_PERCENT: usize = 85;

/// One child of a run, in the order in which they were looked at. Told by numbers that mean nothing elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The street of the home, as a keyed hash; none where no home is known.
    pub street: Option<u64>,
    /// The school, as a keyed hash; none where the child goes to none.
    pub school: Option<u64>,
    /// Where the surname stands in the alphabet: a later one has a larger number.
    pub surname: u64,
}

/// Tells what orders a run of different children, if anything does.
///
/// Cost: one sorting of the run for each order.
pub fn seen(steps: &[Step]) -> Option<Sweep> {
    let children = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let mostly = |of: fn(&Step) -> Option<u64>| {
        let mut values: Vec<u64> = steps.iter().filter_map(of).collect();
        values.sort_unstable();
        values.chunk_by(|one, other| one == other).map(<[u64]>::len).max().unwrap_or(0)
    };
    let ordered = |order: Order, most: usize, from: u32| {
        let enough = most * 100 >= steps.len() * SHARE_PERCENT;
        let counted = u32::try_from(most).unwrap_or(u32::MAX);
        (enough && counted >= from).then_some(Sweep { order, children: counted })
    };
    ordered(Order::Street, mostly(|step| step.street), STREET_FROM)
        .or_else(|| ordered(Order::School, mostly(|step| step.school), SCHOOL_FROM))
        .or_else(|| {
            let onward =
                steps.windows(2).filter(|pair| matches!(pair, [a, b] if a.surname <= b.surname)).count();
            let enough = onward * 100 >= steps.len().saturating_sub(1) * STEPS_PERCENT;
            (enough && children >= ALPHABET_FROM).then_some(Sweep { order: Order::Alphabet, children })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(street: u64, school: u64, surname: u64) -> Step {
        Step { street: Some(street), school: Some(school), surname }
    }

    /// A number that seems drawn at random.
    fn scattered(number: u64) -> u64 {
        number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
    }

    #[test]
    fn a_street_a_school_and_the_alphabet_are_each_seen() {
        let street: Vec<Step> = (0..6).map(|n| step(7, n, scattered(n))).collect();
        assert_eq!(seen(&street), Some(Sweep { order: Order::Street, children: 6 }));
        let school: Vec<Step> = (0..9).map(|n| step(n, 7, scattered(n))).collect();
        assert_eq!(seen(&school), Some(Sweep { order: Order::School, children: 9 }));
        let alphabet: Vec<Step> = (0..14).map(|n| step(n, n, n * 10)).collect();
        assert_eq!(seen(&alphabet), Some(Sweep { order: Order::Alphabet, children: 14 }));
    }

    #[test]
    fn a_busy_day_of_unlike_children_is_no_sweep() {
        let day: Vec<Step> = (0..40).map(|n| step(n, n, scattered(n))).collect();
        assert_eq!(seen(&day), None);
        assert_eq!(seen(&[]), None);
    }

    #[test]
    fn a_family_of_four_in_one_street_is_no_sweep() {
        let family: Vec<Step> = (0..4).map(|_| step(7, 7, 3)).collect();
        assert_eq!(seen(&family), None);
    }
}
