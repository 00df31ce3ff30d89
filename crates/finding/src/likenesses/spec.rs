//! Scenarios and a property: whoever may be one child is told by some list, as if all were compared with all.

use linkage::{
    model::Model,
    person::{Told, ToldPlace},
};
use proptest::prelude::*;

use super::*;
use crate::{
    Loading,
    index::invented::child,
    matcher::{self, Held, properties},
};

fn ava() -> Told {
    Told { middle_names: Some("Rose".to_owned()), nhs_number: None, ..matcher::spec::ava() }
}

fn elsewhere() -> ToldPlace {
    ToldPlace {
        line: Some("9 High Road".to_owned()),
        town: Some("Leeds".to_owned()),
        postcode: Some("LS1 4AP".to_owned()),
    }
}

fn holding(children: &[Held]) -> Index {
    let mut loading = Loading::new();
    for (number, held) in (0..).zip(children) {
        loading.put(child(number), None, Some(held));
    }
    loading.done()
}

fn shown(told: &[Told]) -> Vec<Held> {
    let number = |draw| ChildNumber::from_draw(draw);
    (0..)
        .zip(told)
        .map(|(draw, one)| Held { shown: Person::of(one), hidden: None, number: number(draw) })
        .collect()
}

/// Everybody told by the lists, each pair once.
fn told_of(index: &Index) -> Vec<Likeness> {
    let matcher = Matcher::new(Model::children());
    let likenesses = matcher.likenesses(index);
    let mut found = Vec::new();
    let entries: u64 = (0..likenesses.lists()).map(|list| likenesses.of_list(list, &mut found)).sum();
    assert_eq!(entries, likenesses.entries(), "every entry is on one list");
    found.sort_by_key(Likeness::children);
    found.dedup();
    found
}

fn pairs(told: &[Told]) -> Vec<(ChildId, ChildId)> {
    told_of(&holding(&shown(told))).iter().map(Likeness::children).collect()
}

#[test]
fn a_child_held_twice_is_told_although_a_name_is_misspelt_or_the_home_another() {
    let misspelt = Told { surname: Some("Low".to_owned()), ..ava() };
    assert_eq!(pairs(&[ava(), misspelt]), [(child(0), child(1))]);
    let moved = Told { address: Some(elsewhere()), previous_address: ava().address, ..ava() };
    assert_eq!(pairs(&[ava(), moved]), [(child(0), child(1))]);
    let born_otherwise = Told { date_of_birth: Some("2015-02-04".parse().unwrap()), ..ava() };
    assert_eq!(pairs(&[ava(), born_otherwise]), [(child(0), child(1))]);
}

#[test]
fn siblings_and_namesakes_are_not_told() {
    let sister = Told {
        forename: Some("Ruth".to_owned()),
        middle_names: None,
        date_of_birth: Some("2012-11-30".parse().unwrap()),
        ..ava()
    };
    let namesake =
        Told { date_of_birth: Some("2009-06-17".parse().unwrap()), address: Some(elsewhere()), ..ava() };
    assert_eq!(pairs(&[ava(), sister, namesake]), []);
}

#[test]
fn whoever_shares_an_identifier_is_told_and_a_placeholder_tells_nobody() {
    let other = Told {
        forename: Some("Ruth".to_owned()),
        surname: Some("Khan".to_owned()),
        middle_names: None,
        date_of_birth: Some("2011-11-30".parse().unwrap()),
        address: Some(elsewhere()),
        nhs_number: Some("9434765919".to_owned()),
        ..Told::default()
    };
    let ava = Told { nhs_number: Some("9434765919".to_owned()), ..ava() };
    let told = told_of(&holding(&shown(&[ava, other])));
    assert_eq!(told.len(), 1);
    assert!(told.iter().all(|one| one.with.pattern.shares_identifier() && one.with.likeness() < 0.5));
    let unknown = |number: usize| Told { identifier: Some("UNKNOWN".to_owned()), ..numbered(number) };
    assert_eq!(pairs(&(0..=SINGLE_MAX).map(unknown).collect::<Vec<_>>()), []);
}

/// Children who have nothing in common.
fn numbered(number: usize) -> Told {
    let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap());
    let born = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + chrono::Days::new(number as u64 * 37);
    Told {
        forename: Some(format!("b{}t", letter(number))),
        surname: Some(format!("r{}k{}l", letter(number), letter(number / 26))),
        date_of_birth: Some(born),
        ..Told::default()
    }
}

#[test]
fn what_may_be_a_shielded_child_is_told_at_a_lower_bar_and_says_only_what_shows() {
    let away = Told { forename: Some("Rose".to_owned()), address: Some(elsewhere()), ..ava() };
    assert_eq!(pairs(&[ava(), away.clone()]), []);
    let [shown, other] = [&ava(), &away].map(Person::of);
    let hides = Told { previous_address: Some(elsewhere()), ..ava() };
    let shielded = Held { shown, hidden: Some(Person::of(&hides)), number: ChildNumber::from_draw(0) };
    let plain = Held { shown: other, hidden: None, number: ChildNumber::from_draw(1) };
    let told = told_of(&holding(&[shielded, plain]));
    assert_eq!(told.iter().map(Likeness::children).collect::<Vec<_>>(), [(child(0), child(1))]);
    assert!(told.iter().all(|one| one.with.shielded && one.with.odds < one.with.likeness));
}

/// Whether two share what some list is of, by texts alone.
fn are_on_one_list(one: &Held, other: &Held) -> bool {
    let all = |held: &Held| -> Vec<Person> {
        [Some(&held.shown), held.hidden.as_ref()].into_iter().flatten().cloned().collect()
    };
    let told = |held: &Held, of: fn(&Person) -> Vec<String>| -> Vec<String> {
        all(held).iter().flat_map(of).collect()
    };
    let shared = |of: fn(&Person) -> Vec<String>| {
        let others = told(other, of);
        told(one, of).iter().any(|told| others.contains(told))
    };
    let names = shared(|person| {
        let spellings = person.forenames.iter().chain(&person.surnames).map(|name| &name.spelling);
        let sounds = spellings.clone().flat_map(shared::sounds).map(|sound| format!("sound {sound}"));
        let texts = spellings.chain(&person.middles).map(|spelling| spelling.text.to_string());
        texts.chain(sounds).collect()
    });
    let days = shared(|person| person.births.iter().map(ToString::to_string).collect());
    let codes = shared(|person| {
        let codes = person.places.iter().filter_map(|place| place.postcode.as_ref());
        codes.map(|code| code.text.to_string()).collect()
    });
    let called = shared(|person| {
        let texts = |of: &[linkage::person::Name]| -> Vec<String> {
            of.iter().map(|name| name.spelling.text.to_string()).collect()
        };
        let surnames = texts(&person.surnames);
        texts(&person.forenames)
            .iter()
            .flat_map(|forename| surnames.iter().map(move |surname| format!("{forename} {surname}")))
            .collect()
    });
    let identified = shared(|person| {
        let borne = person.identifiers.iter().enumerate();
        borne.flat_map(|(scheme, texts)| texts.iter().map(move |text| format!("{scheme} {text}"))).collect()
    });
    names && (days || codes) || called || identified
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_lists_tell_of_those_on_them_whom_comparing_all_with_all_tells(
        children in prop::collection::vec(properties::held(), 2..16),
    ) {
        let children: Vec<Held> = (0..)
            .zip(children)
            .map(|(draw, held)| Held { number: ChildNumber::from_draw(draw), ..held })
            .collect();
        let index = holding(&children);
        let told = told_of(&index);
        let matcher = Matcher::new(Model::children());
        let weighing = matcher.likenesses(&index).weighing;
        let all: Vec<(u64, &Held)> = (0..).zip(&children).collect();
        for (at, (first, one)) in all.iter().enumerate() {
            for (second, other) in all.iter().skip(at + 1) {
                let known = |held: &'_ Held| -> (Person, Option<Person>) { (held.shown.clone(), held.hidden.clone()) };
                let ((shown, hidden), (others, others_hidden)) = (known(one), known(other));
                let mut with = weighing.weighed(
                    Known { shown: &shown, hidden: hidden.as_ref() },
                    (child(*second), other.number),
                    Known { shown: &others, hidden: others_hidden.as_ref() },
                );
                with.lines = matcher.scales.lines(&with.pattern);
                let bar = if with.shielded { ASK_SHIELDED } else { LIKELIER_ONE };
                let is_alike = with.likeness() >= bar || with.pattern.shares_identifier();
                let pair = Likeness { child: child(*first), with };
                prop_assert!(is_alike || !told.contains(&pair), "{:?}", pair);
                if is_alike && are_on_one_list(one, other) {
                    prop_assert!(told.contains(&pair), "{:?}", pair);
                }
            }
        }
    }
}
