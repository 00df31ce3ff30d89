//! The rules of finding, one by one.

use vocabulary::{ChildNumber, Gender};

use super::{
    invented::{ava, child, holding, living, named, on, practitioner, shielded, today},
    *,
};
use crate::{
    entry::{NameKind, PlaceKind},
    sight::{Field, FieldSet},
};

fn asked(surname: &str) -> Query {
    Query { surname: Some(surname.to_owned()), fuzzy: true, ..Query::default() }
}

fn born(surname: &str) -> Query {
    Query { date_of_birth: Some(on("2015-04-02")), ..asked(surname) }
}

fn exactly(query: Query) -> Query {
    Query { fuzzy: false, ..query }
}

fn search(entries: &[Entry], query: &Query) -> Found {
    holding(entries).search(query, FOUND_MAX, today(), &practitioner)
}

fn hits(entries: &[Entry], query: &Query) -> Vec<Hit> {
    match search(entries, query) {
        Found::Found { best, .. } => best,
        Found::None => Vec::new(),
        Found::TooMany => panic!("too many"),
    }
}

#[test]
fn surname_and_postcode_find_no_shielded_child() {
    let query = Query { postcode: "N17 6AA".parse().ok(), ..asked("Lowe") };
    assert_eq!(hits(&[ava(1)], &query).len(), 1);
    assert_eq!(search(&[shielded(ava(1))], &query), Found::None);
}

#[test]
fn a_shielded_child_is_found_by_name_and_birth_whether_or_not_the_postcode_is_right() {
    let answers = ["N17 6AA", "E1 6AN"].map(|postcode| {
        search(&[shielded(ava(1))], &Query { postcode: postcode.parse().ok(), ..born("Lowe") })
    });
    assert_eq!(answers[0], answers[1]);
    assert!(matches!(&answers[0], Found::Found { best, .. } if best[0].exact));
}

#[test]
fn a_wrong_address_hides_no_one_whom_name_and_birth_find() {
    let three = [1, 2, 3].map(|draw| shielded(ava(draw)));
    let exact = exactly(Query { postcode: "E1 6AN".parse().ok(), ..born("Lowe") });
    assert_eq!(hits(&three, &exact).len(), 3, "the postcode counts as not stated");
    let elsewhere = Query { birth_year: Some(2015), street: Some("Quay Row".to_owned()), ..asked("Lowe") };
    assert_eq!(hits(&[1, 2, 3].map(ava), &elsewhere).len(), 3, "a wrong street only weighs");
}

#[test]
fn another_street_weighs_the_same_whichever_house_is_asked_for() {
    let in_street = |street: &str| {
        let query = Query { birth_year: Some(2015), street: Some(street.to_owned()), ..asked("Lowe") };
        hits(&[ava(1)], &query)[0].score.to_bits()
    };
    assert_eq!(in_street("Quay Row"), in_street("9 Quay Row"));
}

#[test]
fn a_surname_alike_in_some_letters_is_meant_with_forename_and_birth_where_nobody_else_is() {
    let called = |surname: &str| Query { forename: Some("Ava".to_owned()), ..asked(surname) };
    let year = |surname: &str| Query { birth_year: Some(2015), ..called(surname) };
    let one = [ava(1)];
    assert_eq!(hits(&one, &year("Howze")).len(), 1, "two letters of Lowe");
    assert!(hits(&one, &year("Hatch")).is_empty(), "no letters of Lowe");
    assert!(hits(&one, &called("Howze")).is_empty(), "nothing beside the names");
    assert!(hits(&one, &Query { birth_year: Some(2012), ..year("Howze") }).is_empty(), "born later");
    assert!(
        hits(&one, &Query { forename: Some("Zoe".to_owned()), ..year("Howze") }).is_empty(),
        "another forename"
    );
    let mut other = ava(2);
    other.names = vec![named(NameKind::Current, "Ava", "Howe")];
    let both = [ava(1), other];
    assert_eq!(
        best(5, &both, &year("Howze")),
        [1],
        "one edit is near, and then nobody is looked for more widely"
    );
}

#[test]
fn a_former_name_finds_a_live_record_and_says_so_and_never_a_shielded_one() {
    let mut entry = ava(1);
    entry.names.push(named(NameKind::Former, "Ava", "Okafor"));
    let found = hits(std::slice::from_ref(&entry), &born("Okafor"));
    assert!(found[0].matched_former && found[0].exact);
    assert!(!hits(std::slice::from_ref(&entry), &born("Lowe"))[0].matched_former);
    assert_eq!(search(&[shielded(entry)], &born("Okafor")), Found::None);
}

#[test]
fn a_previous_address_is_for_matching_only_and_finds_nobody_in_a_search() {
    let mut entry = ava(1);
    entry.places.push(living(PlaceKind::Previous, "9 Hill Road", "E1 6AN"));
    let query = Query { postcode: "E1 6AN".parse().ok(), ..asked("Lowe") };
    let index = holding(&[entry]);
    assert_eq!(index.search(&query, FOUND_MAX, today(), &practitioner), Found::None);
    let linking = |_: &Standing<'_>| Sight::Fields(FieldSet::ORDINARY.with(Field::PreviousPlace));
    assert!(matches!(index.search(&query, FOUND_MAX, today(), &linking), Found::Found { .. }));
}

#[test]
fn criteria_that_are_not_enough_find_nobody() {
    for query in
        [Query::default(), asked("Lowe"), Query { postcode_area: Some("N17".to_owned()), ..asked("Lowe") }]
    {
        assert_eq!(search(&[ava(1)], &query), Found::None);
    }
}

#[test]
fn over_fifty_are_too_many_for_an_exact_search_and_a_fuzzy_one_answers_its_best() {
    let fifty: Vec<Entry> = (1..=50).map(ava).collect();
    assert_eq!(hits(&fifty, &exactly(born("Lowe"))).len(), 50);
    let more: Vec<Entry> = (1..=51).map(ava).collect();
    assert_eq!(search(&more, &exactly(born("Lowe"))), Found::TooMany);
    assert_eq!(search(&more, &born("Low*")), Found::TooMany);
    assert_eq!(hits(&more, &born("Lowe")).len(), 50);
    let mut hidden = more;
    hidden[0].stands.archived = Some(on("2020-04-02"));
    assert_eq!(hits(&hidden, &exactly(born("Lowe"))).len(), 50, "who is hidden is not counted");
}

#[test]
fn exact_ones_come_first_then_the_better_then_the_lower_number() {
    let mut alike = ava(2);
    alike.names = vec![named(NameKind::Current, "Ava", "Low")];
    let entries = [alike, ava(3), ava(1)];
    let order: Vec<ChildId> = hits(&entries, &born("Lowe")).into_iter().map(|hit| hit.child).collect();
    assert_eq!(order, [child(2), child(1), child(0)]);
    assert_eq!(hits(&entries, &exactly(born("Lowe"))).len(), 2);
}

#[test]
fn who_is_excepted_is_neither_found_nor_counted() {
    let entries = [ava(1), ava(2)];
    let query = Query { except: [child(0)].into(), ..born("Lowe") };
    assert_eq!(hits(&entries, &query).into_iter().map(|hit| hit.child).collect::<Vec<_>>(), [child(1)]);
    let Found::Found { total, .. } = search(&entries, &query) else { panic!("somebody is left") };
    assert_eq!(total, 1);
    let nobody = Query { except: [child(0), child(1)].into(), ..query };
    assert_eq!(search(&entries, &nobody), Found::None);
}

#[test]
fn a_wrong_first_letter_a_sound_and_names_changed_about_are_found() {
    for surname in ["Bowe", "Lo", "Loe", "Lwoe", "Loew"] {
        assert_eq!(hits(&[ava(1)], &born(surname)).len(), 1, "{surname}");
    }
    let swapped = Query { forename: Some("Lowe".to_owned()), birth_year: Some(2015), ..asked("Ava") };
    assert_eq!(hits(&[ava(1)], &swapped).len(), 1);
}

#[test]
fn a_day_and_month_changed_about_a_wrong_digit_and_an_age_one_out_are_found() {
    for day in ["2015-02-04", "2015-04-03", "2005-04-02"] {
        let query = Query { date_of_birth: Some(on(day)), forename: Some("Ava".to_owned()), ..asked("Lowe") };
        assert_eq!(hits(&[ava(1)], &query).len(), 1, "{day}");
        assert_eq!(search(&[ava(1)], &exactly(query)), Found::None);
    }
    for (age, found) in [(9, 0), (10, 1), (11, 1), (12, 1), (13, 0)] {
        let query = Query { age: Some(age), ..asked("Lowe") };
        assert_eq!(hits(&[ava(1)], &query).len(), found, "{age}");
    }
}

#[test]
fn a_different_gender_lowers_the_score_and_excludes_only_from_an_exact_search() {
    let score = |gender| hits(&[ava(1)], &Query { gender, ..born("Lowe") })[0].score;
    assert!(score(Some(Gender::Female)) > score(Some(Gender::Male)));
    let other = exactly(Query { gender: Some(Gender::Male), ..born("Lowe") });
    assert_eq!(search(&[ava(1)], &other), Found::None);
}

#[test]
fn a_street_is_found_without_its_house_and_by_its_short_form() {
    for street in ["Mill Lane", "12 Mill Ln", "14 mill lane", "Mil Lane"] {
        let query = Query {
            forename: Some("A".to_owned()),
            street: Some(street.to_owned()),
            age: Some(11),
            fuzzy: true,
            ..Query::default()
        };
        assert_eq!(hits(&[ava(1)], &query).len(), 1, "{street}");
    }
}

#[test]
fn a_wildcard_finds_the_names_that_begin_so_and_a_bad_one_nobody() {
    assert_eq!(hits(&[ava(1)], &born("Low*")).len(), 1);
    assert_eq!(search(&[ava(1)], &born("Lo*")), Found::None);
    assert_eq!(search(&[ava(1)], &born("Lov*")), Found::None);
}

#[test]
fn a_wildcard_may_end_any_word_of_a_name() {
    let mut entry = ava(1);
    entry.names = vec![named(NameKind::Current, "Ava", "Smith-Lowe Jones")];
    for surname in ["Smi* Jones", "Smith Low*", "Smi*-Low* Jones", "Smith-Lowe Jon*", "Smi*"] {
        assert_eq!(hits(std::slice::from_ref(&entry), &born(surname)).len(), 1, "{surname}");
    }
    for surname in ["Smi* Joan", "Smi* Brown Jones", "Low* Jones"] {
        assert_eq!(search(std::slice::from_ref(&entry), &born(surname)), Found::None, "{surname}");
    }
}

#[test]
fn a_number_finds_its_child_and_another_number_does_not() {
    let by =
        |draw| Query { child_number: Some(ChildNumber::from_draw(draw)), fuzzy: true, ..Query::default() };
    assert!(hits(&[ava(1)], &by(1))[0].exact);
    assert_eq!(search(&[shielded(ava(1))], &by(1)), search(&[ava(1)], &by(1)));
    assert_eq!(search(&[ava(1)], &Query { child_number: by(2).child_number, ..born("Lowe") }), Found::None);
}

#[test]
fn without_name_and_birth_in_sight_only_the_number_finds() {
    let index = holding(&[ava(1)]);
    let names_alone = |_: &Standing<'_>| Sight::Fields(FieldSet::NONE.with(Field::Name).with(Field::Number));
    assert_eq!(index.search(&born("Lowe"), FOUND_MAX, today(), &names_alone), Found::None);
    let number = Query { child_number: Some(ChildNumber::from_draw(1)), ..born("Lowe") };
    assert!(matches!(index.search(&number, FOUND_MAX, today(), &names_alone), Found::Found { .. }));
}

#[test]
fn a_child_put_again_is_found_by_what_is_new_alone() {
    let mut index = holding(&[ava(1)]);
    let mut moved = ava(1);
    moved.names = vec![named(NameKind::Current, "Ava", "Okafor")];
    index.put(child(0), &moved);
    let shown = index.get(child(0)).unwrap();
    assert!(
        shown.names == moved.names
            && shown.postcode == moved.places[0].postcode
            && shown.stands == moved.stands
    );
    assert!(
        (shown.number, shown.date_of_birth, shown.gender)
            == (moved.number, moved.date_of_birth, moved.gender)
    );
    assert_eq!(index.search(&born("Lowe"), FOUND_MAX, today(), &practitioner), Found::None);
    assert!(matches!(index.search(&born("Okafor"), FOUND_MAX, today(), &practitioner), Found::Found { .. }));
    index.remove(child(0));
    index.remove(child(0));
    assert!(index.is_empty() && index.get(child(0)).is_none());
}

#[test]
fn what_is_known_and_what_is_asked_never_print() {
    let entry = ava(1);
    assert_eq!(
        format!("{entry:?} {:?} {:?}", entry.names[0], entry.places[0]),
        "Entry(..) NamedAs(..) Place(..)"
    );
    assert_eq!(format!("{:?}", born("Lowe")), "Query(..)");
}

/// The places in `entries` of the best `wanted`, best first.
fn best(wanted: usize, entries: &[Entry], query: &Query) -> Vec<u64> {
    let found =
        holding(entries).search_for(Wanted { best: wanted, counted: wanted }, query, today(), &practitioner);
    let Found::Found { best: hits, .. } = found else { panic!("nobody was found") };
    let numbered = || (0_u64..).zip(entries).map(|(number, _)| number);
    hits.iter().map(|hit| numbered().find(|number| child(*number) == hit.child).unwrap()).collect()
}

#[test]
fn of_those_who_fit_alike_the_youngest_stand_first_and_of_one_day_the_lower_number() {
    let born = |day: &str, draw: u64| Entry {
        date_of_birth: Some(on(day)),
        number: ChildNumber::from_draw(draw),
        ..ava(draw)
    };
    let days =
        [("2015-04-02", 9), ("2015-07-01", 8), ("2015-07-01", 3), ("2015-01-09", 1), ("2015-07-01", 5)];
    let entries: Vec<Entry> = days.iter().map(|(day, draw)| born(day, *draw)).collect();
    let query = Query { forename: Some("Ava".to_owned()), birth_year: Some(2015), ..asked("Lowe") };
    assert_eq!(best(5, &entries, &query), [2, 4, 1, 0, 3]);
    assert_eq!(best(2, &entries, &query), [2, 4]);
}

#[test]
fn a_forename_that_is_only_loosely_alike_stands_before_a_held_initial() {
    let called = |draw: u64, forename: &str| Entry {
        names: vec![named(NameKind::Current, forename, "Lowe")],
        number: ChildNumber::from_draw(draw),
        ..ava(draw)
    };
    let others = ["T", "Zoe", "Quinn", "Ivo", "Bo", "Noor"];
    for several in [false, true] {
        let mut entries: Vec<Entry> = (1..).zip(others).map(|(draw, name)| called(draw, name)).collect();
        let mut alike = called(9, "Cher");
        if several {
            alike.names.push(named(NameKind::KnownAs, "Pip", "Lowe"));
        }
        entries.push(alike);
        let query = Query { forename: Some("Thatcher".to_owned()), birth_year: Some(2015), ..asked("Lowe") };
        assert_eq!(best(1, &entries, &query), [6], "several forenames: {several}");
    }
}
