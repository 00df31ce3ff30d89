//! Invented children for the specs: few names, streets and days, so that likenesses and clashes are common.

use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    born::age_on,
    entry::{Entry, NameKind, NamedAs, Place, PlaceKind, Standing, Stands},
    index::{Index, Loading},
    query::Query,
    sight::{FieldSet, Sight},
};
use chrono::NaiveDate;
use vocabulary::{ChildId, ChildNumber, Gender};

pub(crate) fn on(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

pub(crate) fn today() -> NaiveDate {
    on("2026-11-20")
}

pub(crate) fn child(number: u64) -> ChildId {
    ChildId::new(Uuid::from_u128(u128::from(number)))
}

pub(crate) fn named(kind: NameKind, forename: &str, surname: &str) -> NamedAs {
    NamedAs { kind, forename: forename.to_owned(), middle: None, surname: surname.to_owned() }
}

pub(crate) fn living(kind: PlaceKind, street: &str, postcode: &str) -> Place {
    Place {
        kind,
        postcode: postcode.parse().ok(),
        street: Some(street.to_owned()),
        town: Some("London".to_owned()),
    }
}

/// Ava Lowe of Mill Lane, with this draw's number; each test changes what it is about.
pub(crate) fn ava(draw: u64) -> Entry {
    Entry {
        names: vec![named(NameKind::Current, "Ava", "Lowe")],
        date_of_birth: Some(on("2015-04-02")),
        gender: Some(Gender::Female),
        number: ChildNumber::from_draw(draw),
        places: vec![living(PlaceKind::Current, "12 Mill Lane", "N17 6AA")],
        stands: Stands { shielded: false, archived: None, authority: "gss:E09000014".parse().unwrap() },
    }
}

pub(crate) fn shielded(entry: Entry) -> Entry {
    Entry { stands: Stands { shielded: true, ..entry.stands.clone() }, ..entry }
}

/// Half of them loaded at once, and the others put in one by one.
pub(crate) fn holding(entries: &[Entry]) -> Index {
    let mut loading = Loading::new();
    let (at_once, _) = entries.split_at(entries.len() / 2);
    for (number, entry) in (0_u64..).zip(at_once) {
        loading.put(child(number), Some(entry), None);
    }
    let mut index = loading.done();
    for (number, entry) in (0_u64..).zip(entries).skip(at_once.len()) {
        index.put(child(number), entry);
    }
    index
}

/// What a practitioner may match on.
pub(crate) fn practitioner(standing: &Standing<'_>) -> Sight {
    Sight::Fields(match standing {
        Standing { archived: Some(_), .. } => return Sight::Nothing,
        Standing { shielded: true, .. } => FieldSet::SHIELDED,
        // As an archive may be: its names alone.
        Standing { date_of_birth: Some(born), .. } if age_on(today(), *born) >= 18 => FieldSet::SHIELDED,
        Standing { shielded: false, .. } => FieldSet::ORDINARY,
    })
}

const FORENAMES: &[&str] = &[
    "Ava",
    "Eva",
    "Mohammed",
    "Muhammad Ali",
    "Jo",
    "J",
    "Alexander",
    "Alex",
    "Lowe",
    "Zoë",
    "Mary-Jane",
    "Smith",
    "Khan",
];
const SURNAMES: &[&str] = &[
    "Lowe",
    "Low",
    "Bowe",
    "Smith",
    "Smyth",
    "Smithson",
    "Khan",
    "Khan-Smith",
    "Ava",
    "O'Neil",
    "Ng",
    "Eva",
    "Mohamed",
];
const STREETS: &[&str] = &["12 Mill Lane", "14 Mill Ln", "Flat 2, 9 Hill Lane", "Kings Road", "King's Rd"];
const POSTCODES: &[&str] = &["N17 6AA", "N17 6AB", "N1 1AA", "E1 6AN", "LS1 4AP"];
const DAYS: &[&str] =
    &["2015-04-02", "2015-02-04", "2015-04-12", "2015-01-01", "2016-04-02", "2014-11-30", "2005-04-02"];

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn day() -> impl Strategy<Value = NaiveDate> {
    prop::sample::select(DAYS).prop_map(on)
}

fn gender() -> impl Strategy<Value = Gender> {
    prop::sample::select(&[Gender::Female, Gender::Male, Gender::NotSpecified][..])
}

pub(crate) fn name(kind: NameKind) -> impl Strategy<Value = NamedAs> {
    (one_of(FORENAMES), prop::option::of(one_of(FORENAMES)), one_of(SURNAMES))
        .prop_map(move |(forename, middle, surname)| NamedAs { kind, forename, middle, surname })
}

pub(crate) fn place(kind: PlaceKind) -> impl Strategy<Value = Place> {
    (prop::option::of(one_of(POSTCODES)), prop::option::of(one_of(STREETS)), any::<bool>()).prop_map(
        move |(postcode, street, town)| Place {
            kind,
            postcode: postcode.and_then(|code| code.parse().ok()),
            street,
            town: town.then(|| "London".to_owned()),
        },
    )
}

/// A child; its number is set by the place in its world.
pub(crate) fn entry() -> impl Strategy<Value = Entry> {
    let names = (
        name(NameKind::Current),
        prop::option::of(name(NameKind::KnownAs)),
        prop::option::of(name(NameKind::Former)),
    );
    let places = (place(PlaceKind::Current), prop::option::of(place(PlaceKind::Previous)));
    let birth = prop::option::weighted(0.9, day());
    (
        names,
        places,
        birth,
        prop::option::of(gender()),
        prop::bool::weighted(0.3),
        prop::option::weighted(0.1, day()),
    )
        .prop_map(|(names, places, date_of_birth, gender, shielded, archived)| Entry {
            names: [Some(names.0), names.1, names.2].into_iter().flatten().collect(),
            date_of_birth,
            gender,
            number: ChildNumber::from_draw(0),
            places: [Some(places.0), places.1].into_iter().flatten().collect(),
            stands: Stands { shielded, archived, authority: "gss:E09000014".parse().unwrap() },
        })
}

pub(crate) fn world(children: usize) -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(entry(), 1..children).prop_map(|entries| {
        (1_u64..)
            .zip(entries)
            .map(|(draw, entry)| Entry { number: ChildNumber::from_draw(draw), ..entry })
            .collect()
    })
}

/// Criteria of every kind, mostly enough of them.
pub(crate) fn query() -> impl Strategy<Value = Query> {
    let forename =
        prop_oneof![4 => one_of(FORENAMES), 1 => Just("M".to_owned()), 1 => Just("Ale*".to_owned())];
    let surname = prop_oneof![5 => one_of(SURNAMES), 1 => Just("Smi*".to_owned())];
    let birth = (
        prop::option::weighted(0.4, day()),
        prop::option::weighted(0.2, 2004..2017_i32),
        prop::option::weighted(0.2, 9..12_u8),
        prop::option::weighted(0.1, day()),
    );
    let place = (
        prop::option::weighted(0.3, one_of(POSTCODES)),
        prop::option::weighted(0.2, prop::sample::select(&["N17", "N", "E1"][..])),
        prop::option::weighted(0.3, one_of(STREETS)),
        prop::option::weighted(0.2, prop::sample::select(&["London", "Londn", "Leeds"][..])),
    );
    let names = (prop::option::weighted(0.6, forename), prop::option::weighted(0.8, surname));
    let number = prop::option::weighted(0.1, (1..40_u64).prop_map(ChildNumber::from_draw));
    let except = prop::collection::btree_set((0..40_u64).prop_map(child), 0..4);
    let gender = prop::option::weighted(0.3, gender());
    (names, birth, place, gender, number, prop::bool::weighted(0.7), except).prop_map(
        |(names, birth, place, gender, child_number, fuzzy, except)| Query {
            thin: false,
            except,
            child_number,
            forename: names.0,
            surname: names.1,
            date_of_birth: birth.0,
            birth_year: birth.1,
            age: birth.2,
            birth_from: birth.3,
            birth_to: birth.3.map(|from| from + chrono::Days::new(200)),
            gender,
            postcode: place.0.and_then(|code| code.parse().ok()),
            postcode_area: place.1.map(str::to_owned),
            street: place.2,
            town: place.3.map(str::to_owned),
            fuzzy,
        },
    )
}
