//! Invented numbers that reach and mean nobody: telephones, e-mail, NHS numbers, unique pupil numbers.
//!
//! Telephones come from the ranges that Ofcom keeps free for drama (Ofcom, "Telephone numbers for use in TV
//! and radio drama programmes"); e-mail from the domains of RFC 2606; NHS numbers begin with 9 and pupil
//! numbers with authority codes 0-152 and 400-552, none of which has been issued. Every check digit is right.

use vocabulary::{NhsNumber, Upn};

use crate::rng::{Draw, scatter};

/// Ranges of 1,000 landline numbers that are never connected; the last three digits follow.
pub const DRAMA_LANDLINES: [&str; 11] = [
    "020 7946 0",
    "0113 496 0",
    "0114 496 0",
    "0115 496 0",
    "0116 496 0",
    "0117 496 0",
    "0118 496 0",
    "0121 496 0",
    "0151 496 0",
    "0161 496 0",
    "01632 960",
];

/// The range of 1,000 mobile numbers that are never connected.
pub const DRAMA_MOBILES: &str = "07700 900";

/// NHS numbers that can be invented: 9, seven digits, and nine endings of each that have a check digit.
pub const NHS_NUMBERS_MAX: u64 = NHS_PREFIXES * 9;
/// Pupil numbers that can be invented: seven digits in two blocks of authority codes.
pub const UPNS_MAX: u64 = UPN_SERIALS * 2;

const NHS_PREFIXES: u64 = 10_000_000;
const UPN_SERIALS: u64 = 10_000_000;
/// Odd and no multiple of five, so that multiplying permutes the ten million serials.
const STRIDE: u64 = 7_368_787;

/// A landline number of the drama ranges.
pub(crate) fn landline(draw: &mut Draw) -> String {
    let range = draw.pick(&DRAMA_LANDLINES);
    format!("{range}{:03}", draw.below(1_000))
}

/// A mobile number of the drama range.
pub(crate) fn mobile(draw: &mut Draw) -> String {
    format!("{DRAMA_MOBILES}{:03}", draw.below(1_000))
}

/// The NHS number of the child with this index, unlike any other child's; none beyond [`NHS_NUMBERS_MAX`].
pub(crate) fn nhs_number(seed: u64, index: u64) -> Option<String> {
    if index >= NHS_NUMBERS_MAX {
        return None;
    }
    let prefix = 90_000_000 * 10 + serial(seed, index, NHS_PREFIXES) * 10;
    let nth = usize::try_from(index / NHS_PREFIXES).ok()?;
    let with_check = |body: u64| Some(format!("{body}{}", NhsNumber::check_digit(digits(body))?));
    // Of ten endings at least nine have a check digit, so the n-th of them is there for every n below nine.
    (prefix..prefix + 10).filter_map(with_check).nth(nth)
}

/// The pupil number of the child with this index, unlike any other child's; none beyond [`UPNS_MAX`].
pub(crate) fn upn(seed: u64, index: u64, authority: u32, year: i32) -> Option<String> {
    let block = index / UPN_SERIALS;
    let codes_from = if block == 0 { 400 } else { 0 };
    if index >= UPNS_MAX {
        return None;
    }
    let serial = serial(seed ^ 1, index, UPN_SERIALS);
    let twelve = format!(
        "{:03}{:04}{:02}{:03}",
        codes_from + authority,
        serial / 1_000,
        year.rem_euclid(100),
        serial % 1_000
    );
    let letter = Upn::check_letter(twelve.as_bytes().try_into().ok()?)?;
    Some(format!("{}{twelve}", char::from(letter)))
}

/// A permutation of the serials below `bound`, so that neighbours in the list are no neighbours in number.
fn serial(seed: u64, index: u64, bound: u64) -> u64 {
    (index % bound * STRIDE + scatter(seed) % bound) % bound
}

fn digits(number: u64) -> [u8; 9] {
    let mut left = number;
    let mut digits = [0; 9];
    for digit in digits.iter_mut().rev() {
        *digit = (left % 10) as u8;
        left /= 10;
    }
    digits
}
