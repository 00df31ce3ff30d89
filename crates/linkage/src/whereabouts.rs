//! Places compared: house, street and postcode as one, the town beside them.
//!
//! Source: matching.md 3.3 (place is one comparison, since its parts hang together); the best pair of two
//! people's places counts.

use crate::{
    person::{Code, Place},
    resemblance::{self, Kind},
    spelling::Spelling,
};

/// Street level by postcode level, in rows of [`CODES`].
pub(crate) const PLACE_LEVELS: &[&str] = &[
    "missing",
    "same_postcode",
    "postcode_one_edit",
    "same_outcode",
    "same_area",
    "other_postcode",
    "same_house",
    "same_house_and_postcode",
    "same_house_postcode_one_edit",
    "same_house_same_outcode",
    "same_house_same_area",
    "same_house_other_postcode",
    "near_house",
    "near_house_same_postcode",
    "near_house_postcode_one_edit",
    "near_house_same_outcode",
    "near_house_same_area",
    "near_house_other_postcode",
    "same_street",
    "same_street_and_postcode",
    "same_street_postcode_one_edit",
    "same_street_same_outcode",
    "same_street_same_area",
    "same_street_other_postcode",
    "other_street",
    "other_street_same_postcode",
    "other_street_postcode_one_edit",
    "other_street_same_outcode",
    "other_street_same_area",
    "elsewhere",
];
pub(crate) const TOWN_LEVELS: &[&str] = &[
    "missing",
    "same_with_postcode",
    "alike_with_postcode",
    "different_with_postcode",
    "same",
    "alike",
    "different",
];

/// Levels of a postcode: missing, same, one edit, same outcode, same area, other.
const CODES: u8 = 6;
const CODE_SAME: u8 = 1;
const CODE_AREA: u8 = 4;

const STREET_HOUSE: u8 = 1;
const STREET_NEAR: u8 = 2;
const STREET_SAME: u8 = 3;
const STREET_OTHER: u8 = 4;

/// How two people's places compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlaceLevels {
    pub(crate) place: u8,
    pub(crate) town: u8,
    pub(crate) abode: u8,
}

pub(crate) fn compare(left: &[Place], right: &[Place]) -> PlaceLevels {
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
    let best = pairs
        .map(|(one, other)| {
            let (street, code) = (street(one, other), code(one.postcode.as_ref(), other.postcode.as_ref()));
            (likeness(street, code), one.current && other.current, street, code, town(one, other))
        })
        // Alike places of now before those of then, and the town decides last.
        .min_by_key(|(likeness, current, _, _, town)| (*likeness, !*current, town.unwrap_or(u8::MAX)));
    let Some((likeness, current, street, code, town)) = best else {
        return PlaceLevels { place: 0, town: 0, abode: 0 };
    };
    let with_code = code == CODE_SAME;
    let abode = match (likeness < LIKENESS_NONE, current) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => 2,
    };
    PlaceLevels {
        place: street * CODES + code,
        town: town.map_or(0, |town| if with_code { town } else { town + 3 }),
        abode,
    }
}

/// From here on two places have nothing in common that tells a person.
const LIKENESS_NONE: u8 = 8;

/// How much alike two places are, 0 most: only to choose the pair that counts.
fn likeness(street: u8, code: u8) -> u8 {
    match (street, code) {
        (STREET_HOUSE, CODE_SAME) => 0,
        (STREET_HOUSE, 0 | 2) | (STREET_NEAR, CODE_SAME) => 1,
        (STREET_HOUSE, 3 | CODE_AREA) => 2,
        (STREET_NEAR, 2) | (STREET_SAME | 0, CODE_SAME) => 3,
        (STREET_HOUSE, _) | (STREET_NEAR, 0) => 4,
        (_, CODE_SAME) | (STREET_NEAR, 3 | CODE_AREA) => 5,
        (STREET_SAME, 0 | 2) => 6,
        (STREET_NEAR, _) | (STREET_SAME, 3 | CODE_AREA) | (_, 2) => 7,
        (_, 3) => 8,
        (_, CODE_AREA) => 9,
        (STREET_SAME, _) => 10,
        _ => 11,
    }
}

fn code(one: Option<&Code>, other: Option<&Code>) -> u8 {
    let (Some(one), Some(other)) = (one, other) else { return 0 };
    let same_outcode = one.outcode > 0 && one.outcode() == other.outcode();
    if one.text == other.text && !one.is_partial() {
        CODE_SAME
    } else if same_outcode && (one.is_partial() || other.is_partial()) {
        3
    } else if resemblance::within_one_edit(&one.text, &other.text) {
        2
    } else if same_outcode {
        3
    } else if one.area > 0 && one.area() == other.area() {
        CODE_AREA
    } else {
        5
    }
}

fn street(one: &Place, other: &Place) -> u8 {
    let (Some(left), Some(right)) = (&one.street, &other.street) else { return 0 };
    match (alike(left, right), house(one.house.as_deref(), other.house.as_deref())) {
        (Alike::Same | Alike::Near, House::Same) => STREET_HOUSE,
        (Alike::Same | Alike::Near, House::Near | House::Unsaid) | (Alike::Far, House::Same) => STREET_NEAR,
        (Alike::Same | Alike::Near, House::Other) => STREET_SAME,
        (Alike::Far | Alike::Apart, _) => STREET_OTHER,
    }
}

fn house(one: Option<&str>, other: Option<&str>) -> House {
    let (Some(one), Some(other)) = (one, other) else { return House::Unsaid };
    match strsim::osa_distance(one, other) {
        0 => House::Same,
        1 => House::Near,
        _ => House::Other,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum House {
    Same,
    Near,
    Other,
    Unsaid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alike {
    Same,
    Near,
    Far,
    Apart,
}

fn alike(left: &Spelling, right: &Spelling) -> Alike {
    if left.text == right.text {
        return Alike::Same;
    }
    let found = resemblance::compare(left, right);
    match found.kind {
        Kind::Same | Kind::Nickname | Kind::OneEdit | Kind::Sound | Kind::Start => Alike::Near,
        Kind::Loose if found.points >= 540 => Alike::Near,
        Kind::Loose if found.points >= 380 => Alike::Far,
        Kind::Loose | Kind::Apart => Alike::Apart,
    }
}

/// 1 same, 2 alike, 3 different.
fn town(one: &Place, other: &Place) -> Option<u8> {
    let (left, right) = (one.town.as_ref()?, other.town.as_ref()?);
    Some(match alike(left, right) {
        Alike::Same => 1,
        Alike::Near => 2,
        Alike::Far | Alike::Apart => 3,
    })
}
