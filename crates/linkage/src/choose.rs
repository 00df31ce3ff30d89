//! Choosing: how likely each candidate is the one, beside the others and beside nobody.
//!
//! Source: matching.md 3.4. One person is described and at most one candidate is that person, so candidates are
//! rivals: of two twins who fit alike each gets a half, and a half is for a person to decide.

use crate::centibits::{Centibits, sum};

/// From this probability on two descriptions are linked and nobody is asked: chosen on the development set, where
/// it links fewer than one in a thousand falsely, and fixed.
pub const LINK: f64 = 0.98;

/// From this probability on a person is asked.
pub const ASK: f64 = 0.02;

/// From this probability on a person is asked where the child is shielded: a second record would show what the first
/// hides (rules.md 2.7, invariants I-7 to I-9).
pub const ASK_SHIELDED: f64 = 0.001;

/// The logarithm of the odds of one candidate against all `others` and against nobody, whose odds are 1.
pub fn against(odds: Centibits, others: &[Centibits]) -> Centibits {
    odds - others.iter().fold(0, |whole, other| sum(whole, *other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centibits::probability_of_odds;

    #[test]
    fn two_who_fit_alike_get_a_half_each() {
        let one = probability_of_odds(against(1_500, &[1_500]));
        assert!((one - 0.5).abs() < 1e-4, "{one}");
        assert!(probability_of_odds(against(1_500, &[-200])) > 0.9999);
    }
}
