//! For every hidden field f of a shielded child: searching with f, right or wrong, is searching without it,
//! and f alone finds nobody. Source: domain.md 3.2; rules.md 2.4.

use chrono::Duration;
use events::{child::shield::Ground, search::Criteria};
use serde_json::{Map, Value, json};
use vocabulary::Role;

use crate::{
    answers::search,
    base::{CHILDREN, FORENAMES, SCHOOL, SURNAMES, World, address, born},
    people::viewers,
    script::{carers, described},
};

/// A field that the shield hides: the criterion, its right value for the child, and a wrong one.
type HiddenField = (&'static str, Value, Value);

/// Current and previous address apart, since both are indexed.
fn hidden_fields() -> Vec<HiddenField> {
    vec![
        ("postcode", json!("N17 9ZZ"), json!("SW1A 1AA")),
        ("postcode_area", json!("N17"), json!("SW1A")),
        ("postcode_area", json!("N"), json!("SW")),
        ("street", json!("7 Church Road"), json!("1 Nowhere Row")),
        ("town", json!("Hull"), json!("Truro")),
        ("postcode", json!("E1 7QX"), json!("SW1A 1AB")),
        ("street", json!("88 Dock Street"), json!("2 Nowhere Row")),
        ("town", json!("Leeds"), json!("Exeter")),
    ]
}

/// Every child shielded, with an address, a previous one, a former surname and carers' contacts.
fn shielded_world() -> World {
    let world = World::forked();
    for child in 0..CHILDREN {
        let mut whom = world.child(SCHOOL, child);
        described(&mut whom, child, true);
        world.post(SCHOOL, &json!({"type": "child.described", "data": {"child": whom}}));
        described(&mut whom, child, false);
        whom["address"] = address(2);
        whom["previous_address"] = address(3);
        whom["carers"] = carers("Jo Lowe", 0);
        world.post(SCHOOL, &json!({"type": "child.described", "data": {"child": whom}}));
        world.shield(child, Ground::DomesticAbuse);
    }
    world
}

fn criteria(fields: &[(&str, Value)]) -> Criteria {
    let fields: Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    serde_json::from_value(Value::Object(fields)).unwrap()
}

type Fields = Vec<(&'static str, Value)>;

/// Each of them fuzzy and exact.
fn each_way(told: &[Fields]) -> impl Iterator<Item = (&Fields, Value)> {
    told.iter().flat_map(|fields| [true, false].map(|fuzzy| (fields, json!(fuzzy))))
}

#[test]
fn a_hidden_field_right_or_wrong_is_a_field_not_stated() {
    let mut compared = 0;
    for child in 0..CHILDREN {
        let world = shielded_world();
        let surname = ("surname", json!(SURNAMES[child]));
        let day = ("date_of_birth", json!(born(child).to_string()));
        let seen = [
            vec![surname.clone(), day.clone()],
            vec![("forename", json!(FORENAMES[child])), surname.clone(), day],
            vec![("forename", json!(FORENAMES[child])), surname, ("age", json!(11))],
            vec![("child_number", json!(world.numbers[child]))],
        ];
        for (visible, fuzzy) in each_way(&seen) {
            // So many searches within an hour would meet a ceiling of attempts.
            world.wait(Duration::hours(1));
            let asked = |more: Option<(&'static str, Value)>| {
                let told = visible.iter().cloned().chain([("fuzzy", fuzzy.clone())]).chain(more);
                criteria(&told.collect::<Vec<_>>())
            };
            for viewer in viewers() {
                // Children without a shield are found by their places, so only rows of shielded ones compare.
                let shielded = |criteria: &Criteria| {
                    let (answer, _) = search(&world, viewer, criteria, 1);
                    let rows = answer["results"].as_array().cloned().unwrap_or_default();
                    let rows = rows.into_iter().filter(|row| row["shielded"] == true).collect::<Vec<_>>();
                    (rows, answer.get("error").cloned())
                };
                let without = shielded(&asked(None));
                if !matches!(viewer.role(), Role::Investigator | Role::Auditor) && without.1.is_none() {
                    assert!(!without.0.is_empty(), "{viewer:?} finds {visible:?} without the field");
                }
                for (name, right, wrong) in hidden_fields() {
                    for value in [right, wrong] {
                        assert_eq!(shielded(&asked(Some((name, value)))), without, "{viewer:?} {name}");
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}

#[test]
fn what_is_enough_by_a_hidden_field_alone_finds_nobody_who_is_shielded() {
    let world = shielded_world();
    for child in 0..CHILDREN {
        let (forename, surname) = (json!(FORENAMES[child]), json!(SURNAMES[child]));
        let day = json!(born(child).to_string());
        let mut only = Vec::new();
        for (name, right, _) in hidden_fields() {
            only.push(vec![
                ("forename", forename.clone()),
                ("surname", surname.clone()),
                (name, right.clone()),
            ]);
            only.push(vec![("surname", surname.clone()), (name, right.clone())]);
            only.push(vec![("forename", forename.clone()), ("age", json!(11)), (name, right)]);
        }
        // A former name, with what is visible: a year and a forename alone are not enough for a likeness.
        only.push(vec![("surname", json!("Marsh")), ("date_of_birth", day)]);
        only.push(vec![("forename", forename), ("surname", json!("Marsh")), ("birth_year", json!(2015))]);
        for (fields, fuzzy) in each_way(&only) {
            let told = fields.iter().cloned().chain([("fuzzy", fuzzy)]).collect::<Vec<_>>();
            for viewer in viewers() {
                let (answer, _) = search(&world, viewer, &criteria(&told), 1);
                let number = world.numbers[child].to_string();
                assert!(!answer.to_string().contains(&number), "{viewer:?} {fields:?}: {answer}");
            }
        }
    }
}

/// A likeness may find a child by its other names; that the surname asked for was once its own adds nothing.
#[test]
fn a_former_name_is_like_any_name_that_the_child_never_had() {
    let world = shielded_world();
    for (child, forename) in FORENAMES.iter().enumerate() {
        let seen = [
            vec![("forename", json!(forename)), ("date_of_birth", json!(born(child).to_string()))],
            vec![("forename", json!(forename)), ("age", json!(11)), ("gender", json!("female"))],
            vec![("child_number", json!(world.numbers[child]))],
        ];
        for (visible, fuzzy) in each_way(&seen) {
            for viewer in viewers() {
                let answer = |surname: &str| {
                    let more = [("surname", json!(surname)), ("fuzzy", fuzzy.clone())];
                    let told = visible.iter().cloned().chain(more).collect::<Vec<_>>();
                    search(&world, viewer, &criteria(&told), 1).0
                };
                assert_eq!(answer("Marsh"), answer("Digby"), "{viewer:?} {visible:?} {fuzzy}");
            }
        }
    }
}
