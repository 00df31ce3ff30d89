//! Whom a described child might be.

use super::*;
use crate::{
    Entry, NameKind, NamedAs, PlaceKind,
    index::invented::{ava, child, holding, living, named, on, shielded},
};

fn described(forename: &str, surname: &str) -> Described {
    Described {
        forename: Some(forename.to_owned()),
        surname: Some(surname.to_owned()),
        date_of_birth: Some(on("2015-04-02")),
        postcode: "N17 6AA".parse().ok(),
        ..Described::default()
    }
}

fn kinds(entries: &[Entry], described: &Described) -> Vec<LikenessKind> {
    holding(entries).like(described).into_iter().map(|likeness| likeness.kind).collect()
}

fn with_name(name: NamedAs) -> Entry {
    let mut entry = ava(1);
    entry.names.push(name);
    entry
}

#[test]
fn the_same_name_birth_and_postcode_is_the_closest_likeness() {
    let exact = [LikenessKind::ExactNameBirthPostcode];
    assert_eq!(kinds(&[ava(1)], &described("AVA", "Lowe")), exact);
    let called = with_name(named(NameKind::KnownAs, "Avie", "Lowe"));
    assert_eq!(kinds(&[called], &described("Avie", "Lowe")), exact);
    let known_as = Described { known_as: Some("Ava".to_owned()), ..described("Genevieve", "Lowe") };
    assert_eq!(kinds(&[ava(1)], &known_as), exact);
    let mut moved = ava(1);
    moved.places.push(living(PlaceKind::Previous, "1 Old Road", "E1 6AN"));
    let behind = Described { postcode: "E1 6AN".parse().ok(), ..described("Ava", "Lowe") };
    assert_eq!(kinds(&[moved], &behind), exact, "a supplier may be behind with the address");
}

#[test]
fn the_same_name_and_birth_without_the_postcode_is_less() {
    for postcode in [None, "E1 6AN".parse().ok()] {
        let told = Described { postcode, ..described("Ava", "Lowe") };
        assert_eq!(kinds(&[ava(1)], &told), [LikenessKind::ExactNameBirth]);
    }
}

#[test]
fn the_postcode_of_a_shielded_record_never_serves_to_link() {
    let found = holding(&[shielded(ava(1))]).like(&described("Ava", "Lowe"));
    let expected = Likeness { child: child(0), kind: LikenessKind::ExactNameBirth, shielded: true };
    assert_eq!(found, [expected]);
}

#[test]
fn names_that_sound_alike_are_one_edit_apart_or_changed_about_are_alike() {
    for (forename, surname) in
        [("Eva", "Lowe"), ("Ava", "Bowe"), ("Lowe", "Ava"), ("Ava", "Low"), ("Ava", "Hall-Lowe")]
    {
        let found = kinds(&[ava(1)], &described(forename, surname));
        assert_eq!(found, [LikenessKind::SoundsAlikeSameBirth], "{forename} {surname}");
    }
}

#[test]
fn a_former_name_is_alike_from_either_side() {
    let former = with_name(named(NameKind::Former, "Ava", "Okafor"));
    let alike = [LikenessKind::SoundsAlikeSameBirth];
    assert_eq!(kinds(std::slice::from_ref(&former), &described("Ava", "Okafor")), alike);
    assert_eq!(kinds(&[shielded(former)], &described("Ava", "Okafor")), alike);
    let told = Described { previous_surname: Some("Lowe".to_owned()), ..described("Ava", "Okafor") };
    assert_eq!(kinds(&[ava(1)], &told), alike);
}

#[test]
fn a_twin_is_not_alike() {
    for forename in ["Grace", "Thomas", "Muhammad"] {
        assert!(kinds(&[ava(1)], &described(forename, "Lowe")).is_empty(), "{forename}");
    }
    let mut brother = ava(1);
    brother.names = vec![named(NameKind::Current, "Muhammad Ali", "Khan")];
    assert!(kinds(&[brother], &described("Muhammad Umar", "Khan")).is_empty(), "brothers share a first name");
}

#[test]
fn another_birth_or_none_is_nobody() {
    let other = Described { date_of_birth: Some(on("2015-04-03")), ..described("Ava", "Lowe") };
    assert!(kinds(&[ava(1)], &other).is_empty());
    let none = Described { date_of_birth: None, ..described("Ava", "Lowe") };
    assert!(kinds(&[ava(1)], &none).is_empty());
    let nameless = Described { forename: None, ..described("", "Lowe") };
    assert!(kinds(&[ava(1)], &nameless).is_empty());
}

#[test]
fn the_closest_come_first_then_the_lowest_numbers() {
    let mut alike = ava(4);
    alike.names = vec![named(NameKind::Current, "Eva", "Lowe")];
    let found = holding(&[alike, ava(3), ava(2)]).like(&described("Ava", "Lowe"));
    let order: Vec<ChildId> = found.into_iter().map(|likeness| likeness.child).collect();
    assert_eq!(order, [child(2), child(1), child(0)]);
}
