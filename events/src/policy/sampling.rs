//! Sampling: which looks are reviewed whatever they were, in the shares that the policy names.
//!
//! Drawn from the look's own id. The directory draws that id at random after it was asked, so nobody can steer what is
//! drawn, and anyone can draw it again and find the same. Source: rules.md 4.3, 5.1, 5.3; domain.md 6.3.

use serde::{Deserialize, Serialize};
use vocabulary::{AccessId, Lot};

/// What share of looks is reviewed by a person, in whole percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampling {
    /// Of ordinary looks.
    pub ordinary_percent: u8,
    /// Of looks at a child of another authority without an entry of one's own.
    pub other_authority_percent: u8,
    /// Of looks in the time of grace.
    pub grace_percent: u8,
    /// Of overrides of a shield.
    pub override_percent: u8,
    /// Of mediated looks that were called back instead of given a code.
    pub called_back_percent: u8,
    /// Of looks by an account that reached a ceiling of attempts.
    pub over_ceiling_percent: u8,
}

impl Default for Sampling {
    fn default() -> Sampling {
        Sampling {
            ordinary_percent: 2,
            other_authority_percent: 100,
            grace_percent: 100,
            override_percent: 100,
            called_back_percent: 100,
            over_ceiling_percent: 100,
        }
    }
}

impl Sampling {
    /// Of those lots to which a look belongs, the ones for which it is drawn; empty where it is not reviewed.
    pub fn drawn(self, access: AccessId, lots: &[Lot]) -> Vec<Lot> {
        lots.iter().copied().filter(|lot| place(access) < u32::from(self.percent(*lot)) * 100).collect()
    }

    fn percent(self, lot: Lot) -> u8 {
        match lot {
            Lot::Override => self.override_percent,
            Lot::OverCeiling => self.over_ceiling_percent,
            Lot::Grace => self.grace_percent,
            Lot::CalledBack => self.called_back_percent,
            Lot::OtherAuthority => self.other_authority_percent,
            Lot::Ordinary => self.ordinary_percent,
        }
    }
}

/// A number below 10,000 for each id, evenly: a larger share draws whatever a smaller one does.
fn place(access: AccessId) -> u32 {
    let id = access.as_u128();
    let half = |wide: u128| u64::try_from(wide & u128::from(u64::MAX)).unwrap_or(0);
    let scattered = scatter(scatter(half(id >> 64)) ^ half(id));
    u32::try_from((u128::from(scattered) * 10_000) >> 64).unwrap_or(0)
}

/// Scatters a number over all 64 bits (`SplitMix64`'s last step).
fn scatter(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ordinary(percent: u8) -> Sampling {
        Sampling { ordinary_percent: percent, ..Sampling::default() }
    }

    fn is_drawn(number: u128, percent: u8) -> bool {
        !ordinary(percent).drawn(AccessId::from_u128(number), &[Lot::Ordinary]).is_empty()
    }

    #[test]
    fn a_share_of_two_in_a_hundred_draws_about_that_many() {
        let count = (0..100_000).filter(|number| is_drawn(*number, 2)).count();
        assert!((1_850..=2_150).contains(&count), "{count}");
    }

    #[test]
    fn by_default_every_look_of_the_lots_named_is_drawn_for_each_of_them() {
        let lots = [Lot::Override, Lot::OverCeiling, Lot::Grace, Lot::CalledBack, Lot::OtherAuthority];
        for number in 0..1_000 {
            assert_eq!(Sampling::default().drawn(AccessId::from_u128(number), &lots), lots);
        }
    }

    proptest! {
        #[test]
        fn a_larger_share_draws_whatever_a_smaller_one_does(number: u128, less in 0_u8..=100, more in 0_u8..=100) {
            let (less, more) = (less.min(more), less.max(more));
            prop_assert!(!is_drawn(number, less) || is_drawn(number, more));
            prop_assert!(is_drawn(number, 100) && !is_drawn(number, 0));
        }
    }
}
