//! Hundredths of a bit: logarithms and sums of probabilities in whole numbers.
//!
//! A decision must be the same on every machine and in every replay (matching.md 3.5), and the logarithms of
//! mathematics libraries are not. Everything here is integer arithmetic, right to one hundredth of a bit.

/// Hundredths of a bit: the base-2 logarithm of a probability or of odds, times 100.
pub type Centibits = i32;

/// Centibits in one bit.
pub const BIT: Centibits = 100;

/// 2^(-1/100) with 63 binary places.
const ROOT: u64 = 9_159_661_552_424_285_973;

/// 1 with 63 binary places.
const ONE: u64 = 1 << 63;

/// Past so many bits of difference the lesser of two adds nothing that a hundredth could show.
const NOTHING: Centibits = 1_400;

/// The logarithm of a whole number; 0 counts as 1.
pub fn log2(number: u64) -> Centibits {
    let number = number.max(1);
    let whole = number.ilog2();
    fraction(number << (63 - whole)) + i32::try_from(whole).unwrap_or(63) * BIT
}

/// The logarithm of a share, `part` of `whole`.
pub fn log2_share(part: u64, whole: u64) -> Centibits {
    log2(part) - log2(whole)
}

/// The logarithm of the sum of two probabilities told by theirs.
pub fn sum(one: Centibits, other: Centibits) -> Centibits {
    let (more, less) = (one.max(other), one.min(other));
    let apart = more.saturating_sub(less);
    if apart >= NOTHING {
        return more;
    }
    more + one_more(power(apart))
}

/// The logarithm of a share that was estimated, over 0 to 1.
pub fn of_share(share: f64) -> Centibits {
    const PLACES: i32 = 40;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies in 1 to 2^40")]
    let part = (share.clamp(0.0, 1.0) * f64::from(PLACES).exp2()).max(1.0) as u64;
    log2(part) - PLACES * BIT
}

/// The probability that odds of this logarithm mean, 0 to 1, told apart to one in 2^53.
pub fn probability_of_odds(odds: Centibits) -> f64 {
    let lesser = probability(odds.saturating_abs().saturating_neg());
    if odds >= 0 { 1.0 / (1.0 + lesser) } else { lesser / (1.0 + lesser) }
}

/// The probability whose logarithm this is, 0 to 1, the same bits on every machine.
pub fn probability(log: Centibits) -> f64 {
    if log >= 0 {
        return 1.0;
    }
    let halvings = log.unsigned_abs() / BIT.unsigned_abs();
    if halvings > 1_000 {
        return 0.0;
    }
    let rest = i32::try_from(log.unsigned_abs() % BIT.unsigned_abs()).unwrap_or_default();
    #[expect(
        clippy::cast_precision_loss,
        reason = "53 of 63 places are kept, by the one rounding of IEEE 754"
    )]
    let fraction = power(rest) as f64 / ONE as f64;
    (0..halvings).fold(fraction, |share, _| share / 2.0)
}

/// The logarithm of the probability that something of this probability is not so.
pub fn not(log: Centibits) -> Centibits {
    let rest = ONE.saturating_sub(power(log.min(0).saturating_neg()));
    log2(rest) - 63 * BIT
}

/// 2^(-log/100) with 63 binary places, for a log of 0 or more.
fn power(log: Centibits) -> u64 {
    let halvings = log / BIT;
    let times = log % BIT;
    let product = (0..times).fold(ONE, |product, _| {
        let wide = (u128::from(product) * u128::from(ROOT)) >> 63;
        u64::try_from(wide).unwrap_or(ONE)
    });
    product.checked_shr(halvings.unsigned_abs()).unwrap_or(0)
}

/// The logarithm of 1 + `part`, the part being at most 1, with 63 places.
fn one_more(part: u64) -> Centibits {
    if part >= ONE {
        return BIT;
    }
    fraction(ONE + part)
}

/// The logarithm of a number from 1 to below 2 with 63 places, rounded: squared, it passes 2 where a bit is 1.
fn fraction(mut number: u64) -> Centibits {
    const PLACES: u32 = 16;
    let mut bits: u64 = 0;
    for _ in 0..PLACES {
        let square = (u128::from(number) * u128::from(number)) >> 63;
        bits <<= 1;
        let halved = if square >> 64 != 0 {
            bits |= 1;
            square >> 1
        } else {
            square
        };
        number = u64::try_from(halved).unwrap_or(u64::MAX);
    }
    i32::try_from((bits * 100 + (1 << (PLACES - 1))) >> PLACES).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn powers_of_two_are_whole_bits() {
        assert_eq!(log2(1), 0);
        assert_eq!(log2(8), 300);
        assert_eq!(log2_share(1, 1024), -1000);
        assert_eq!(sum(-500, -500), -400);
        assert_eq!(sum(0, -5_000), 0);
        assert!((probability(-100) - 0.5).abs() < f64::EPSILON);
        assert!(probability(-200_000) < f64::MIN_POSITIVE);
    }

    proptest! {
        #[test]
        fn logarithms_are_those_of_mathematics_to_a_hundredth(number in 1_u64..1 << 50) {
            #[expect(clippy::cast_precision_loss, reason = "a test against the library's own")]
            let expected = (number as f64).log2() * 100.0;
            prop_assert!((f64::from(log2(number)) - expected).abs() <= 1.0);
        }

        #[test]
        fn sums_are_those_of_mathematics_to_a_hundredth(one in -3000_i32..0, other in -3000_i32..0) {
            let plain = (f64::from(one) / 100.0).exp2() + (f64::from(other) / 100.0).exp2();
            prop_assert!((f64::from(sum(one, other)) - plain.log2() * 100.0).abs() <= 1.5);
        }

        #[test]
        fn probabilities_are_those_of_mathematics(log in -4000_i32..0) {
            let expected = (f64::from(log) / 100.0).exp2();
            prop_assert!((probability(log) / expected - 1.0).abs() < 1e-9);
        }
    }
}
