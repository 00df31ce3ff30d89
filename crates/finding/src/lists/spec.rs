//! Scenarios of lists: given people, when linked, then who is one with whom.

use linkage::{
    model::Model,
    person::{Person, Told, ToldPlace},
};

use super::{Link, link};

fn told(forename: &str, surname: &str, born: &str, line: &str, postcode: &str) -> Told {
    Told {
        forename: Some(forename.to_owned()),
        surname: Some(surname.to_owned()),
        date_of_birth: Some(born.parse().unwrap()),
        address: Some(ToldPlace {
            line: Some(line.to_owned()),
            town: Some("Ayton".to_owned()),
            postcode: Some(postcode.to_owned()),
        }),
        ..Told::default()
    }
}

/// Five hundred people who have nothing to do with one another, so that the lists have something to teach.
fn crowd() -> Vec<Person> {
    let names = ["Ada", "Ben", "Chidi", "Dora", "Emeka", "Farah", "Gita", "Hugo", "Ines", "Jonas"];
    let families = ["Abbot", "Bello", "Chow", "Dixon", "Eze", "Frost", "Gill", "Hope", "Iqbal", "Jarvis"];
    let streets = ["Mill Lane", "Park Road", "Hill Street", "Church Way", "Station Close"];
    // Drawn apart, or people would come twice by arithmetic.
    let drawn = |number: u64, of: usize| super::drawn(number, of);
    (0..500_u64)
        .map(|number| {
            let draw = |field: u64, of: usize| drawn(number * 10 + field, of);
            let family = format!("{}{}", families[draw(1, 10)], ["", "son", "ley", "ton", "by"][draw(2, 5)]);
            let born = format!("{}-{:02}-{:02}", 2009 + draw(3, 14), 1 + draw(4, 12), 1 + draw(5, 28));
            let line = format!("{} {}", 1 + draw(6, 150), streets[draw(7, 5)]);
            let code = format!("N{} {}AA", 1 + draw(8, 20), draw(9, 10));
            Person::of(&told(names[draw(0, 10)], &family, &born, &line, &code))
        })
        .collect()
}

fn between(mut left: Vec<Person>, right: &[Told]) -> Vec<Link> {
    let first = u32::try_from(left.len()).unwrap();
    left.extend(right.iter().map(Person::of));
    let right: Vec<Person> = right.iter().map(Person::of).collect();
    let links = link(&left, Some(&right), &Model::children());
    links.into_iter().filter(|link| link.left >= first).collect()
}

#[test]
fn a_description_that_is_the_same_is_one_person() {
    let ava = told("Ava", "Lowe", "2015-04-02", "12 Mill Lane", "N17 6AA");
    let links = between(crowd(), &[ava]);
    assert!(links.len() == 1 && links[0].is_match, "{links:?}");
}

#[test]
fn twins_are_two_and_each_is_linked_with_itself() {
    let ava = told("Ava", "Lowe", "2015-04-02", "12 Mill Lane", "N17 6AA");
    let ella = Told { forename: Some("Ella".to_owned()), ..ava.clone() };
    let links = between(crowd(), &[ava, ella]);
    let matches: Vec<_> =
        links.iter().filter(|link| link.is_match).map(|link| (link.left, link.right)).collect();
    assert_eq!(matches, [(500, 0), (501, 1)]);
}

#[test]
fn a_twin_who_is_not_there_yet_is_not_linked_to_the_one_who_is() {
    let mut left = crowd();
    let ava = told("Ava", "Lowe", "2015-04-02", "12 Mill Lane", "N17 6AA");
    left.push(Person::of(&ava));
    let ella = Person::of(&Told { forename: Some("Ella".to_owned()), ..ava });
    let links = link(&left, Some(&[ella]), &Model::children());
    assert!(links.iter().all(|link| !link.is_match), "{links:?}");
}

#[test]
fn another_valid_identifier_is_never_a_match_unasked() {
    let mut left = crowd();
    let ava = told("Ava", "Lowe", "2015-04-02", "12 Mill Lane", "N17 6AA");
    left.push(Person::of(&Told { nhs_number: Some("9434765919".to_owned()), ..ava.clone() }));
    let other = Person::of(&Told { nhs_number: Some("4010232137".to_owned()), ..ava });
    let links = link(&left, Some(&[other]), &Model::children());
    assert!(links.len() == 1 && !links[0].is_match, "{links:?}");
}

#[test]
fn a_slip_in_an_identifier_is_no_other_identifier() {
    let mut left = crowd();
    let ava = told("Ava", "Lowe", "2015-04-02", "12 Mill Lane", "N17 6AA");
    left.push(Person::of(&Told { nhs_number: Some("9434765919".to_owned()), ..ava.clone() }));
    let slipped = Person::of(&Told { nhs_number_mistyped: Some("9434765918".to_owned()), ..ava });
    let links = link(&left, Some(&[slipped]), &Model::children());
    assert!(links.len() == 1 && links[0].is_match, "{links:?}");
}

#[test]
fn one_list_within_itself_finds_who_is_there_twice() {
    let mut left = crowd();
    let ava = told("Ava", "Lowe", "2015-04-02", "12 Mill Lane", "N17 6AA");
    left.push(Person::of(&ava));
    left.push(Person::of(&Told { surname: Some("Low".to_owned()), ..ava }));
    let links = link(&left, None, &Model::children());
    let matches: Vec<_> =
        links.iter().filter(|link| link.is_match).map(|link| (link.left, link.right)).collect();
    assert_eq!(matches, [(500, 501)]);
}

#[test]
fn nobody_links_with_nobody() {
    assert_eq!(link(&[], None, &Model::children()), []);
    assert_eq!(link(&[], Some(&[]), &Model::children()), []);
    assert_eq!(link(&[Person::default()], Some(&[Person::default()]), &Model::children()), []);
}

#[test]
fn the_same_lists_link_in_the_same_way_bit_for_bit() {
    let once = link(&crowd(), None, &Model::children());
    assert_eq!(once, link(&crowd(), None, &Model::children()));
}
