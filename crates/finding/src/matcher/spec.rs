//! Scenarios of the matcher: given children held, when one is described, then whom it may mean.

use linkage::{
    choose::LINK,
    person::{Told, ToldPlace},
};
use uuid::Uuid;

use super::*;

pub(crate) fn ava() -> Told {
    Told {
        forename: Some("Ava".to_owned()),
        surname: Some("Lowe".to_owned()),
        date_of_birth: Some("2015-04-02".parse().unwrap()),
        gender: Some(vocabulary::Gender::Female),
        address: Some(ToldPlace {
            line: Some("12 Mill Lane".to_owned()),
            town: Some("London".to_owned()),
            postcode: Some("N17 6AA".to_owned()),
        }),
        nhs_number: Some("9434765919".to_owned()),
        ..Told::default()
    }
}

fn child(number: u128) -> ChildId {
    ChildId::new(Uuid::from_u128(number))
}

fn held(told: &Told, number: u64) -> Held {
    Held { shown: Person::of(told), hidden: None, number: ChildNumber::from_draw(number) }
}

fn holding(children: &[Told]) -> Index {
    let mut index = Index::new();
    for (number, told) in (0_u64..).zip(children) {
        index.hold(child(u128::from(number)), &held(told, number));
    }
    index
}

fn candidates(index: &Index, told: &Told) -> Vec<Candidate> {
    Matcher::new(Model::children()).candidates(index, &Person::of(told))
}

fn first(index: &Index, told: &Told) -> Option<(ChildId, bool)> {
    let found = candidates(index, told);
    found.first().map(|candidate| (candidate.child, candidate.probability() >= LINK))
}

#[test]
fn a_child_described_again_is_that_child() {
    let index = holding(&[ava()]);
    assert_eq!(first(&index, &ava()), Some((child(0), true)));
    assert_eq!(first(&index, &Told { nhs_number: None, ..ava() }), Some((child(0), true)));
}

#[test]
fn a_child_who_moved_under_another_surname_is_a_persons_to_decide() {
    let index = holding(&[ava()]);
    let elsewhere =
        ToldPlace { line: Some("9 High Road".to_owned()), town: None, postcode: Some("LS1 4AP".to_owned()) };
    let moved =
        Told { surname: Some("Khan".to_owned()), nhs_number: None, address: Some(elsewhere), ..ava() };
    assert_eq!(first(&index, &moved), Some((child(0), false)));
}

#[test]
fn somebody_else_is_nobody_here() {
    let index = holding(&[ava()]);
    let other = Told {
        forename: Some("Ruth".to_owned()),
        surname: Some("Khan".to_owned()),
        date_of_birth: Some("2011-11-30".parse().unwrap()),
        nhs_number: None,
        ..ava()
    };
    assert_eq!(first(&index, &other), None);
}

#[test]
fn a_twin_is_neither_linked_nor_asked_about() {
    let index = holding(&[ava()]);
    let twin = Told { forename: Some("Ruth".to_owned()), nhs_number: None, ..ava() };
    assert_ne!(first(&index, &twin), Some((child(0), true)));
}

#[test]
fn who_holds_the_identifier_is_told_of_however_unlike() {
    let index = holding(&[ava()]);
    let pasted = Told {
        forename: Some("Ruth".to_owned()),
        date_of_birth: Some("2011-11-30".parse().unwrap()),
        ..ava()
    };
    let found = candidates(&index, &pasted);
    assert!(
        found.len() == 1 && found[0].pattern.shares_identifier() && found[0].probability() < LINK,
        "{found:?}"
    );
}

#[test]
fn what_is_hidden_is_likeness_and_never_odds() {
    let mut index = holding(&[]);
    let shown = Told { address: None, nhs_number: None, surname: Some("Birch".to_owned()), ..ava() };
    index.hold(
        child(7),
        &Held {
            shown: Person::of(&shown),
            hidden: Some(Person::of(&ava())),
            number: ChildNumber::from_draw(7),
        },
    );
    let row = Told { nhs_number: None, ..ava() };
    let found = candidates(&index, &row);
    assert!(found.len() == 1 && found[0].shielded, "{found:?}");
    assert!(found[0].likeness() > LINK && found[0].probability() < LINK, "{found:?}");
    assert_eq!(found[0].pattern.level_name(Field::Place), "missing");
}

#[test]
fn two_who_are_alike_have_a_half_each() {
    let index = holding(&[ava(), ava()]);
    let found = candidates(&index, &ava());
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|candidate| (candidate.probability() - 0.5).abs() < 0.01), "{found:?}");
}

#[test]
fn the_odds_are_the_sum_of_what_is_told() {
    let index = holding(&[ava(), Told { forename: Some("Eva".to_owned()), nhs_number: None, ..ava() }]);
    for candidate in candidates(&index, &ava()) {
        let lines: i32 = candidate.lines.iter().map(|(_, weight)| weight).sum();
        assert_eq!(candidate.prior + lines - candidate.kin - candidate.rivals, candidate.odds);
    }
}

#[test]
fn who_is_taken_out_leaves_nothing_behind() {
    let mut index = holding(&[ava()]);
    index.let_go(child(0));
    assert!(index.is_empty() && index.lexicons.is_empty() && index.bearers.people() == 0);
    assert_eq!(first(&index, &ava()), None);
    index.hold(child(1), &held(&ava(), 1));
    assert_eq!(first(&index, &ava()), Some((child(1), true)));
    assert_eq!(index.len(), 1);
}
