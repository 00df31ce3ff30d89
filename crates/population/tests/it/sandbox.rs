//! The vendor's examples: each resembles whom it says, and nobody else.

use population::{Child, Population, sandbox};
use serde_json::Value;

use crate::{contract::check_data, day};

const CHILDREN: u64 = 2_000;

fn population() -> Population {
    Population::sized(7, day(), CHILDREN)
}

fn born_with(child: &Value) -> Vec<Child> {
    let population = population();
    let all = (0..CHILDREN).map(|index| population.child(index));
    all.filter(|other| other.date_of_birth.to_string() == child["date_of_birth"].as_str().unwrap()).collect()
}

#[test]
fn every_example_is_a_description_of_the_contract_but_the_refused_one() {
    let examples = sandbox::examples(&population(), CHILDREN).unwrap();
    for data in [&examples.recorded, &examples.queued, &examples.twin, &examples.shielded] {
        check_data("child.described", data);
    }
    let number = examples.refused["child"]["nhs_number"].as_str().unwrap();
    assert!(number.parse::<vocabulary::NhsNumber>().is_err());
}

#[test]
fn each_example_resembles_one_child_as_far_as_it_should() {
    let examples = sandbox::examples(&population(), CHILDREN).unwrap();
    let postcode = |child: &Child| child.home.as_ref().unwrap().postcode.clone();

    let [queued] = &born_with(&examples.queued["child"])[..] else { panic!("one child was born that day") };
    let queued_told = &examples.queued["child"];
    assert_eq!(queued_told["forename"], *queued.forename);
    assert_ne!(queued_told["surname"], *queued.surname);
    assert_eq!(queued_told["surname"].as_str().unwrap().len(), queued.surname.len());
    assert_ne!(queued_told["address"]["postcode"], postcode(queued));

    let [twin] = &born_with(&examples.twin["child"])[..] else { panic!("one child was born that day") };
    let twin_told = &examples.twin["child"];
    assert_eq!(
        (&twin_told["surname"], &twin_told["address"]["postcode"]),
        (&twin.surname.as_ref().into(), &postcode(twin).into())
    );
    assert_ne!(twin_told["forename"].as_str().unwrap()[..1], twin.forename[..1]);

    let [shielded] = &born_with(&examples.shielded["child"])[..] else {
        panic!("one child was born that day")
    };
    let shielded_told = &examples.shielded["child"];
    assert_eq!(shielded.local_ref, examples.shielded_local_ref);
    assert_eq!(
        (&shielded_told["forename"], &shielded_told["surname"]),
        (&shielded.forename.as_ref().into(), &shielded.surname.as_ref().into())
    );
    assert_ne!(shielded_told["address"]["postcode"], postcode(shielded));

    assert_ne!(queued.index, twin.index);
    assert_ne!(twin.index, shielded.index);
}

#[test]
fn any_seed_has_examples() {
    for seed in 0..20 {
        assert!(sandbox::examples(&Population::sized(seed, day(), 400), 400).is_some(), "seed {seed}");
    }
}
