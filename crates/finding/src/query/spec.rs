//! Rules.md 4.1, line by line.

use super::*;

fn surname() -> Query {
    Query { surname: Some("Lowe".to_owned()), ..Query::default() }
}

fn both() -> Query {
    Query { forename: Some("Ava".to_owned()), ..surname() }
}

fn postcode() -> Option<Postcode> {
    "N17 6AA".parse().ok()
}

#[test]
fn one_criterion_alone_or_places_alone_are_not_enough() {
    let day = NaiveDate::from_ymd_opt(2015, 4, 2);
    for query in [
        Query::default(),
        surname(),
        both(),
        Query { forename: Some("Ava".to_owned()), ..Query::default() },
        Query { age: Some(9), ..Query::default() },
        Query { date_of_birth: day, ..Query::default() },
        Query {
            postcode: postcode(),
            street: Some("Mill Lane".to_owned()),
            town: Some("London".to_owned()),
            ..Query::default()
        },
        Query { postcode_area: Some("N17".to_owned()), ..surname() },
        Query { town: Some("London".to_owned()), ..surname() },
        Query { forename: Some("A".to_owned()), town: Some("London".to_owned()), ..surname() },
        Query { forename: Some("Ava".to_owned()), age: Some(9), ..Query::default() },
        Query { forename: Some("Ava".to_owned()), street: Some("Mill Lane".to_owned()), ..Query::default() },
        Query {
            forename: Some(" - ".to_owned()),
            street: Some("Mill Lane".to_owned()),
            age: Some(9),
            ..Query::default()
        },
        Query { birth_from: day, ..surname() },
        Query { birth_from: day, birth_to: NaiveDate::from_ymd_opt(2017, 4, 2), ..surname() },
    ] {
        assert!(!query.is_enough(FieldSet::ORDINARY));
    }
}

#[test]
fn each_sentence_of_the_rule_is_enough() {
    let day = NaiveDate::from_ymd_opt(2015, 4, 2);
    for query in [
        Query { child_number: "04817263599".parse().ok(), ..Query::default() },
        Query { date_of_birth: day, ..surname() },
        Query { birth_year: Some(2015), ..surname() },
        Query { age: Some(9), ..surname() },
        Query { birth_from: day, birth_to: NaiveDate::from_ymd_opt(2015, 9, 2), ..surname() },
        Query { postcode: postcode(), ..surname() },
        Query { postcode_area: Some("N17".to_owned()), ..both() },
        Query { street: Some("Mill Lane".to_owned()), ..both() },
        Query { town: Some("London".to_owned()), ..both() },
        Query { forename: Some("A".to_owned()), street: Some("Mill Lane".to_owned()), ..surname() },
        Query {
            forename: Some("A".to_owned()),
            street: Some("Mill Lane".to_owned()),
            age: Some(9),
            ..Query::default()
        },
    ] {
        assert!(query.is_enough(FieldSet::ORDINARY));
    }
}

#[test]
fn on_a_shielded_record_places_count_as_not_stated() {
    let placed = Query { postcode: postcode(), ..surname() };
    assert!(!placed.is_enough(FieldSet::SHIELDED));
    assert!(!Query { town: Some("London".to_owned()), ..both() }.is_enough(FieldSet::SHIELDED));
    assert!(Query { age: Some(9), ..placed }.is_enough(FieldSet::SHIELDED));
}

#[test]
fn a_wildcard_stands_at_the_end_of_a_word_after_three_letters() {
    let named = |name: &str| Query { surname: Some(name.to_owned()), ..Query::default() }.check();
    assert_eq!(named("Smi*"), Ok(()));
    assert_eq!(named("Smith"), Ok(()));
    assert_eq!(named("Smi* Lowe"), Ok(()));
    assert_eq!(named("D'Ar*-Lowe"), Ok(()));
    assert_eq!(named("Sm*"), Err(QueryRefusal::WildcardTooShort));
    assert_eq!(named("*"), Err(QueryRefusal::WildcardTooShort));
    assert_eq!(named("Sm*th"), Err(QueryRefusal::WildcardInside));
    assert_eq!(named("Lowe Sm*"), Err(QueryRefusal::WildcardTooShort));
    assert_eq!(named("Lowe *"), Err(QueryRefusal::WildcardTooShort));
    assert_eq!(named("Smith**"), Err(QueryRefusal::WildcardInside));
    assert_eq!(QueryRefusal::WildcardInside.code(), "wildcard_inside");
    assert_eq!(QueryRefusal::WildcardTooShort.code(), "wildcard_too_short");
}
