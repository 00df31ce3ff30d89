//! Searches of every kind: each criterion, likely and unlikely, right and wrong, fuzzy and exact.

use events::search::Criteria;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{
    base::{CHILDREN, FORENAMES, POSTCODES, STREETS, SURNAMES, TOWNS, World, born},
    hidden::FORMER,
};

/// Criteria before the child's number, which each run draws anew, is known.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    fields: Map<String, Value>,
    number: Option<usize>,
}

impl Asked {
    pub(crate) fn criteria(&self, world: &World) -> Criteria {
        let mut fields = self.fields.clone();
        if let Some(child) = self.number {
            fields.insert("child_number".to_owned(), json!(world.numbers[child]));
        }
        serde_json::from_value(Value::Object(fields)).unwrap()
    }
}

fn one_of(words: &[&str]) -> impl Strategy<Value = Value> + use<> {
    prop::sample::select(words.iter().map(|word| json!(word)).collect::<Vec<_>>())
}

fn field<S: Strategy<Value = Value>>(
    name: &'static str,
    share: f64,
    values: S,
) -> impl Strategy<Value = Option<(String, Value)>> {
    prop::option::weighted(share, values.prop_map(move |value| (name.to_owned(), value)))
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let forenames = prop_oneof![one_of(&FORENAMES), one_of(&["Aya", "Bee", "A", "Moh*", "Kim", "Sma"])];
    let surnames = prop_oneof![
        3 => one_of(&SURNAMES),
        2 => one_of(&["Brown", "Marsh", "Low*", "Bro*", "Bowe", "Onell"]),
        1 => one_of(&FORMER),
    ];
    let day = (0..CHILDREN + 4).prop_map(|child| json!(born(child).to_string()));
    let streets = prop_oneof![3 => one_of(&STREETS), 1 => one_of(&["Mill Lane", "9 Nowhere Row"])];
    let number = prop::option::weighted(0.05, 0..CHILDREN);
    let person = (
        field("forename", 0.5, forenames),
        field("surname", 0.8, surnames),
        field("date_of_birth", 0.25, day.clone()),
        field("birth_year", 0.4, prop::sample::select(vec![json!(2015), json!(2014)])),
        field("age", 0.15, prop::sample::select(vec![json!(11), json!(10)])),
        field("gender", 0.15, one_of(&["female", "male"])),
    );
    let place = (
        field("postcode", 0.25, one_of(&POSTCODES)),
        field("postcode_area", 0.15, one_of(&["N17", "E", "E1", "LS1"])),
        field("street", 0.25, streets),
        field("town", 0.25, one_of(&TOWNS)),
        field("fuzzy", 0.5, prop::sample::select(vec![json!(true), json!(false)])),
    );
    let span = prop::option::weighted(0.1, (day, 1..400_i64));
    (person, place, span, number).prop_map(|(person, place, span, number)| {
        let (forename, surname, birthday, year, age, gender) = person;
        let (postcode, area, street, town, fuzzy) = place;
        let told = [forename, surname, birthday, year, age, gender, postcode, area, street, town, fuzzy];
        let mut fields: Map<String, Value> = told.into_iter().flatten().collect();
        if let Some((from, days)) = span {
            let first: chrono::NaiveDate = serde_json::from_value(from.clone()).unwrap();
            fields.insert("birth_from".to_owned(), from);
            fields.insert("birth_to".to_owned(), json!((first + chrono::Duration::days(days)).to_string()));
        }
        Asked { fields, number }
    })
}
