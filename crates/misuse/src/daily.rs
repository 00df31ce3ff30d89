//! Daily: whether what nothing explains comes on more days than it would by chance.
//!
//! Work comes as it comes, three on one day and none on the next; a few every single day is a plan. Whoever is asked
//! so often that no day could be empty is told by this from nobody, and should not be.

/// Past so many looks no day is left empty by chance.
const LOOKS_MOST: u32 = 2_000;

/// By how many days the days with an unexplained look outnumber those of as many looks strewn by chance over the days
/// with any look, in hundredths; 0 where they do not.
///
/// Cost: one division a look.
pub fn above_chance(days_with: u32, looks: u32, days: u32) -> u32 {
    let days = u64::from(days.max(1));
    // In ten-thousandths of a day: each look finds one of the days, and leaves the others as empty as they were.
    let mut empty = days * 10_000;
    for _look in 0..looks.min(LOOKS_MOST) {
        empty -= empty / days;
    }
    let by_chance = days * 10_000 - empty;
    let above = (u64::from(days_with) * 10_000).saturating_sub(by_chance) / 100;
    u32::try_from(above).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_every_day_is_far_above_chance_and_as_many_strewn_over_the_days_are_not() {
        assert!((750..850).contains(&above_chance(22, 22, 22)), "{}", above_chance(22, 22, 22));
        assert_eq!(above_chance(14, 22, 22), 0);
    }

    #[test]
    fn a_desk_that_is_asked_five_times_a_day_has_no_empty_day_and_is_not_told_of() {
        assert!(above_chance(22, 110, 22) < 20);
    }

    #[test]
    fn who_never_looked_is_told_of_by_nothing() {
        assert_eq!(above_chance(0, 0, 0), 0);
    }

    proptest! {
        #[test]
        fn more_days_with_as_many_looks_never_say_less(days in 1_u32..31, looks in 0_u32..200, with in 0_u32..30) {
            prop_assert!(above_chance(with, looks, days) <= above_chance(with + 1, looks, days));
        }
    }
}
