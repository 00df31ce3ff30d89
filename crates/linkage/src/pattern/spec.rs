//! Scenarios of comparison: two descriptions, and the level of each field.

use proptest::prelude::*;

use super::*;
use crate::{
    keys::{Keys, keys, probes},
    person::{Told, ToldPlace},
};

/// Everyone's name is as rare as everyone else's.
struct Plain;

impl Rarity for Plain {
    fn forename(&self, _: &str) -> i32 {
        800
    }

    fn surname(&self, _: &str) -> i32 {
        1_000
    }
}

fn ava() -> Told {
    Told {
        forename: Some("Ava".to_owned()),
        middle_names: Some("Rose".to_owned()),
        surname: Some("Lowe".to_owned()),
        date_of_birth: Some("2015-04-02".parse().unwrap()),
        gender: Some(vocabulary::Gender::Female),
        address: Some(place("12 Mill Lane", "London", "N17 6AA")),
        nhs_number: Some("943 476 5919".to_owned()),
        ..Told::default()
    }
}

fn place(line: &str, town: &str, postcode: &str) -> ToldPlace {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    ToldPlace { line: some(line), town: some(town), postcode: some(postcode) }
}

fn level(field: Field, one: &Told, other: &Told) -> &'static str {
    compare(&Person::of(one), &Person::of(other), &Plain).level_name(field)
}

fn forename(one: &str, other: &str) -> &'static str {
    let named = |name: &str| Told { forename: Some(name.to_owned()), ..Told::default() };
    level(Field::Forename, &named(one), &named(other))
}

fn surname(one: &str, other: &str) -> &'static str {
    let named = |name: &str| Told { surname: Some(name.to_owned()), ..Told::default() };
    level(Field::Surname, &named(one), &named(other))
}

fn at(one: ToldPlace, other: ToldPlace) -> (&'static str, &'static str, &'static str) {
    let lives = |place: ToldPlace| Told { address: Some(place), ..Told::default() };
    let pattern = compare(&Person::of(&lives(one)), &Person::of(&lives(other)), &Plain);
    (pattern.level_name(Field::Place), pattern.level_name(Field::Town), pattern.level_name(Field::Abode))
}

#[test]
fn a_description_is_the_same_as_itself() {
    let pattern = compare(&Person::of(&ava()), &Person::of(&ava()), &Plain);
    for (field, expected) in [
        (Field::Forename, "same"),
        (Field::Surname, "same"),
        (Field::Middle, "same"),
        (Field::Birth, "same"),
        (Field::Gender, "same"),
        (Field::Place, "same_house_and_postcode"),
        (Field::Town, "same_with_postcode"),
        (Field::Abode, "current"),
        (Field::Nhs, "same"),
        (Field::Upn, "missing"),
    ] {
        assert_eq!(pattern.level_name(field), expected, "{}", field.name());
    }
    assert_eq!((pattern.forename_rarity, pattern.surname_rarity), (24, 30));
}

#[test]
fn what_a_side_does_not_say_is_missing() {
    let pattern = compare(&Person::of(&ava()), &Person::default(), &Plain);
    assert_eq!(pattern.levels, [MISSING; Field::ALL.len()]);
}

#[test]
fn forenames_of_all_communities_have_their_levels() {
    for (one, other, expected) in [
        ("Zoë", "ZOE", "same"),
        ("Anne-Marie", "Annemarie", "same"),
        ("Elsie-Mae", "Elsie", "same_part"),
        ("Bill", "William", "nickname"),
        ("Mohd", "Muhammad", "nickname"),
        ("Mo", "Mohammed", "nickname"),
        ("Aaron", "Aarom", "one_edit"),
        ("Oluwadamilola", "Oluvadamylola", "sounds_alike"),
        ("Bram", "Bramwell", "start"),
        ("A", "Ava", "initial"),
        ("Ava", "Amy", "different_same_letter"),
        ("Ava", "Ruth", "different"),
        ("Baby", "Ava", "missing"),
        ("Twin 1", "Ava", "missing"),
        ("Baby Girl", "Ava", "missing"),
    ] {
        assert_eq!(forename(one, other), expected, "{one} {other}");
    }
}

#[test]
fn surnames_have_theirs() {
    for (one, other, expected) in [
        ("Lowe", "LOWE", "same"),
        ("Hall-Thatcher", "Thatcher", "same_part"),
        ("Lowe", "Lowes", "one_edit"),
        ("Chaudhry", "Choudhury", "sounds_alike"),
        ("Lowe", "Khan", "different"),
    ] {
        assert_eq!(surname(one, other), expected, "{one} {other}");
    }
    let married =
        Told { previous_surname: Some("Lowe".to_owned()), surname: Some("Khan".to_owned()), ..ava() };
    assert_eq!(level(Field::Surname, &ava(), &married), "same_other");
}

#[test]
fn a_name_changed_about_or_called_by_the_middle_one_is_known() {
    let swapped = Told { forename: Some("Lowe".to_owned()), surname: Some("Ava".to_owned()), ..ava() };
    assert_eq!(level(Field::Forename, &ava(), &swapped), "swapped");
    assert_eq!(level(Field::Surname, &ava(), &swapped), "swapped");
    let middle = Told { forename: Some("Rose".to_owned()), middle_names: None, ..ava() };
    assert_eq!(level(Field::Forename, &ava(), &middle), "middle_name");
    assert_eq!(level(Field::Middle, &ava(), &middle), "missing");
}

#[test]
fn places_are_compared_as_one() {
    let home = || place("12 Mill Lane", "London", "N17 6AA");
    assert_eq!(at(home(), place("12 Mill Ln", "LONDON", "n176aa")).0, "same_house_and_postcode");
    assert_eq!(at(home(), place("12 Mill Lane", "London", "N17 6AB")).0, "same_house_postcode_one_edit");
    assert_eq!(at(home(), place("Flat 2, 12 Mill Lane", "", "N17")).0, "same_house_same_outcode");
    assert_eq!(at(home(), place("14 Mill Lane", "London", "N17 6AA")).0, "near_house_same_postcode");
    assert_eq!(at(home(), place("98 Mill Lane", "Leeds", "LS1 4AP")).0, "same_street_other_postcode");
    assert_eq!(at(home(), place("", "", "N17 6AA")), ("same_postcode", "missing", "current"));
    assert_eq!(at(home(), place("9 High Road", "Leeds", "LS1 4AP")), ("elsewhere", "different", "missing"));
    // A postcode of another country is compared as it stands.
    assert_eq!(
        at(place("1 Emu Street", "", "2068"), place("1 Emu Street", "", "2086")).0,
        "same_house_postcode_one_edit"
    );
}

#[test]
fn an_address_of_before_counts_as_one_of_before() {
    let moved = Told {
        address: Some(place("9 High Road", "Leeds", "LS1 4AP")),
        previous_address: Some(place("12 Mill Lane", "", "N17 6AA")),
        ..ava()
    };
    assert_eq!(level(Field::Place, &ava(), &moved), "same_house_and_postcode");
    assert_eq!(level(Field::Abode, &ava(), &moved), "previous");
}

#[test]
fn identifiers_agree_slip_or_conflict() {
    let numbered = |number: &str| Told { nhs_number: Some(number.to_owned()), ..Told::default() };
    assert_eq!(level(Field::Nhs, &numbered("9434765919"), &numbered("943 476 5919")), "same");
    assert_eq!(level(Field::Nhs, &numbered("9434765919"), &numbered("4010232137")), "different");
    let other = |text: &str| Told { identifier: Some(text.to_owned()), ..Told::default() };
    assert_eq!(level(Field::Other, &other("AB-1234"), &other("AB-1243")), "one_edit");
}

#[test]
fn a_number_that_fails_its_check_speaks_for_whose_it_nearly_is_and_against_nobody() {
    let numbered = |number: &str| Told { nhs_number: Some(number.to_owned()), ..Told::default() };
    let mistyped = |text: &str| Told { nhs_number_mistyped: Some(text.to_owned()), ..Told::default() };
    let held = numbered("9434765919");
    for slip in ["943 476 5918", "9434756919", "943476591", "94347659119"] {
        assert_eq!(level(Field::Nhs, &held, &mistyped(slip)), "one_edit", "{slip}");
        assert_eq!(level(Field::Nhs, &mistyped(slip), &held), "one_edit", "{slip}");
    }
    for nothing in ["9434756918", "4010232138", "0000000000", "9434", "n/a"] {
        assert_eq!(level(Field::Nhs, &held, &mistyped(nothing)), "missing", "{nothing}");
    }
    // Of two that fail nobody knows whose either was meant to be.
    assert_eq!(level(Field::Nhs, &mistyped("9434765918"), &mistyped("9434765918")), "missing");
    let pupil = |text: &str| Told { upn_mistyped: Some(text.to_owned()), ..Told::default() };
    let of_school = Told { upn: Some("Y228235821866".to_owned()), ..Told::default() };
    assert_eq!(level(Field::Upn, &of_school, &pupil("Y228235821868")), "one_edit");
    assert!(keys(&Person::of(&mistyped("9434765918"))).sure.is_empty(), "nobody is found by it");
}

#[test]
fn two_descriptions_of_one_child_share_a_key_whatever_one_slip_is_made() {
    let slips = [
        Told { forename: Some("Eva".to_owned()), nhs_number: None, ..ava() },
        Told { surname: Some("Khan".to_owned()), nhs_number: None, ..ava() },
        Told { date_of_birth: None, nhs_number: None, ..ava() },
        Told { address: None, nhs_number: None, ..ava() },
        Told {
            forename: Some("Lowe".to_owned()),
            surname: Some("Ava".to_owned()),
            nhs_number: None,
            ..ava()
        },
    ];
    let known = keys(&Person::of(&ava()));
    for slip in slips {
        let other = keys(&Person::of(&slip));
        assert!(other.sure.iter().any(|key| known.sure.contains(key)));
    }
}

#[test]
fn whoever_goes_by_another_name_is_found_by_it() {
    let called =
        |name: &str| Told { forename: Some(name.to_owned()), surname: None, middle_names: None, ..ava() };
    let known = keys(&Person::of(&Told { nhs_number: None, address: None, ..called("William") }));
    let asked = Person::of(&Told { nhs_number: None, address: None, ..called("Bill") });
    let shared = |keys: &Keys| keys.sure.iter().any(|key| known.sure.contains(key));
    assert!(shared(&probes(&asked)) && !shared(&keys(&asked)));
}

fn anybody() -> impl Strategy<Value = Told> {
    let name = || {
        prop::option::of(prop::sample::select(vec!["Ava", "Eva", "Lowe", "Low", "Rose", "Anna Maria", "A"]))
    };
    let day =
        prop::option::of(prop::sample::select(vec!["2015-04-02", "2015-02-04", "2015-01-01", "2009-11-30"]));
    let line = prop::option::of(prop::sample::select(vec![
        "12 Mill Lane",
        "Mill Lane",
        "14 Mill Ln",
        "9 High Road",
    ]));
    let code = prop::option::of(prop::sample::select(vec!["N17 6AA", "N17 6AB", "N17", "LS1 4AP", "2068"]));
    let numbers = [["9434765919", "4010232137"], ["9434765918", "4010232173"]]
        .map(|of| prop::option::of(prop::sample::select(of.to_vec())));
    (name(), name(), name(), day, line, code, numbers).prop_map(
        |(forename, middle, surname, day, line, code, [number, mistyped])| Told {
            forename: forename.map(str::to_owned),
            middle_names: middle.map(str::to_owned),
            surname: surname.map(str::to_owned),
            date_of_birth: day.map(|day| day.parse().unwrap()),
            address: Some(ToldPlace {
                line: line.map(str::to_owned),
                town: None,
                postcode: code.map(str::to_owned),
            }),
            nhs_number: number.map(str::to_owned),
            nhs_number_mistyped: mistyped.map(str::to_owned),
            ..Told::default()
        },
    )
}

proptest! {
    #[test]
    fn it_does_not_matter_who_is_compared_with_whom(one in anybody(), other in anybody()) {
        let (one, other) = (Person::of(&one), Person::of(&other));
        prop_assert_eq!(compare(&one, &other, &Plain), compare(&other, &one, &Plain));
    }

    #[test]
    fn every_level_has_a_name(one in anybody(), other in anybody()) {
        let pattern = compare(&Person::of(&one), &Person::of(&other), &Plain);
        for field in Field::ALL {
            prop_assert!(usize::from(pattern.level(field)) < field.levels().len());
        }
    }
}

#[test]
fn two_of_one_family_who_are_called_alike_and_born_years_apart_are_a_persons_to_decide() {
    let asks = |one: &Told, other: &Told| compare(&Person::of(one), &Person::of(other), &Plain).asks();
    let elder = Told { nhs_number: None, ..ava() };
    let born = |day: &str| Told { date_of_birth: Some(day.parse().unwrap()), ..elder.clone() };
    assert!(asks(&elder, &born("2003-11-20")) && asks(&ava(), &born("2003-11-20")));
    // A year off is a slip, and a number that agrees speaks louder than any day.
    assert!(!asks(&elder, &born("2016-04-02")) && !asks(&elder, &born("2015-04-03")));
    assert!(!asks(&ava(), &Told { nhs_number: ava().nhs_number, ..born("2003-11-20") }));
}
