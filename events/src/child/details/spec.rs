//! Specs of details: whose word stands, what is taken back, what is held back, what comes too late.

use vocabulary::{AddressState, Contact};

use super::{CARERS_MAX, Described, OlderVersion, Refusal};
use crate::{
    child::{self, Event, examples::*, retention, shield},
    supplied::{NoneKnown, Supplied, SuppliedAddress, SuppliedChild, SuppliedRef},
    told::Told,
};

/// Everything about this description is wrong.
fn worst() -> SuppliedChild {
    let carers = vec![carer(telephone("no number")); CARERS_MAX + 1];
    SuppliedChild {
        local_ref: Some(SuppliedRef::try_from("pupil 7".to_owned()).unwrap()),
        forename: None,
        date_of_birth: Some(day("2026-06-02")),
        address: living_at(""),
        carers: Told::Value(carers),
        ..ava()
    }
}

fn at_home(line: &str) -> SuppliedChild {
    SuppliedChild { address: living_at(line), ..ava() }
}

fn cared_for(contact: Contact) -> SuppliedChild {
    SuppliedChild { carers: Told::Value(vec![carer(contact)]), ..ava() }
}

fn by_ward(child: SuppliedChild) -> child::Command {
    describe(ON_WARD, ward(), child)
}

fn by_school(child: SuppliedChild) -> child::Command {
    describe(AT_SCHOOL, school(), child)
}

fn malformed_address() -> Refusal {
    let none = vocabulary::Address { lines: vec![String::new()], town: None, postcode: None };
    Refusal::Malformed(none.checked().unwrap_err())
}

fn malformed_contact() -> Refusal {
    Refusal::Malformed(telephone("no number").checked().unwrap_err())
}

fn address(line: &str) -> Option<AddressState> {
    living_at(line).value().cloned().map(AddressState::from)
}

refusals! { "../details.rs";
    a_record_that_nobody_opened_comes_first: unopened(), by_ward(worst()) => Refusal::NotRegistered;
    then_a_birth_in_the_future: opened(), by_ward(worst()) => Refusal::BornInFuture;
    then_a_birth_before_the_directorys_time: opened(),
        by_ward(SuppliedChild { date_of_birth: Some(day("1989-12-31")), ..worst() }) => Refusal::BornTooEarly;
    then_an_age_that_no_record_is_held_at: opened(),
        by_ward(SuppliedChild { date_of_birth: Some(day("2001-06-01")), ..worst() }) => Refusal::Adult;
    then_the_form_of_the_address: opened(), by_ward(SuppliedChild { date_of_birth: None, ..worst() })
        => malformed_address();
    then_too_many_carers: opened(),
        by_ward(SuppliedChild { date_of_birth: None, address: Told::Unsaid, ..worst() }) => Refusal::TooMany;
    then_the_form_of_their_contacts: opened(),
        by_ward(SuppliedChild { forename: None, ..cared_for(telephone("no number")) }) => malformed_contact();
    then_a_reference_in_the_suppliers_own_text: opened(),
        by_ward(SuppliedChild { address: Told::Unsaid, carers: Told::Unsaid, date_of_birth: None, ..worst() })
        => Refusal::Malformed(vocabulary::NotAWord { expected: "references keyed before they are kept" });
    then_what_is_missing: opened(),
        by_ward(SuppliedChild { gender: None, date_of_birth: Some(day("2008-06-01")), ..ava() })
        => Refusal::Incomplete("gender");
    then_an_adult: opened(), by_ward(born_on("2008-06-01")) => Refusal::Adult;
}

#[test]
fn someone_who_came_of_age_since_is_described_no_more() {
    let story = opened_for(born_on("2008-06-02")).days_later(1);
    let moved = SuppliedChild { address: living_at("1 New Road"), ..SuppliedChild::default() };
    story.when(by_school(moved)).then_refused(Refusal::Adult);
}

#[test]
fn a_young_person_who_agreed_to_stay_is_described_still_and_nobody_of_twenty_five() {
    let agreed = child::Command::Retention(retention::Command::ExtendAge {
        basis: retention::ExtensionBasis::CareLeaver,
        method: vocabulary::Method::FaceToFace,
        notice_version: label("2026-1"),
        decided_on: day("2026-06-01"),
    });
    let story = || opened_for(born_on("2008-06-02")).then_came([agreed.clone()]);
    let moved = SuppliedChild { address: living_at("1 New Road"), ..SuppliedChild::default() };
    let still = story().days_later(1).when(by_school(moved.clone()));
    still.then([stated(AT_SCHOOL, school(), moved.clone())]);
    story().days_later(7 * 366).when(by_school(moved)).then_refused(Refusal::Adult);
}

#[test]
fn a_repeated_feed_records_nothing_new() {
    opened().when(by_school(ava())).then_nothing();
    let partly = SuppliedChild { surname: Some(name("Lowe")), ..SuppliedChild::default() };
    opened().when(by_school(partly)).then_nothing();
}

#[test]
fn what_another_source_said_does_not_make_a_statement_old() {
    opened().when(by_ward(ava())).then([stated(ON_WARD, ward(), ava())]);
}

#[test]
fn an_address_is_the_newest_word_and_a_birth_the_most_trusted() {
    let child = opened()
        .then_came([
            by_ward(at_home("1 Old Road")),
            by_school(at_home("2 New Road")),
            by_ward(born_on("2015-04-03")),
        ])
        .state();
    assert_eq!(child.address(), address("2 New Road"));
    assert_eq!(child.date_of_birth(), Some(day("2015-04-03")));
}

#[test]
fn null_takes_back_ones_own_word_and_lets_anothers_stand() {
    let back = SuppliedChild { address: Told::TakenBack, ..ava() };
    let story = opened().then_came([by_ward(at_home("1 Old Road")), by_school(at_home("2 New Road"))]);
    let story = story.when(by_school(back.clone())).then([stated(AT_SCHOOL, school(), back.clone())]);
    let story = story.when(by_school(back)).then_nothing();
    assert_eq!(story.state().address(), address("1 Old Road"));
}

/// I-29, one child's part.
#[test]
fn a_child_has_one_identifier_of_a_scheme_and_it_is_the_most_trusted_word() {
    let numbered = |number: &str| SuppliedChild { nhs_number: Told::Value(number.parse().unwrap()), ..ava() };
    let child =
        opened().then_came([by_school(numbered("9434765919")), by_ward(numbered("7880559620"))]).state();
    assert_eq!(child.nhs_number().map(vocabulary::NhsNumber::as_str), Some("7880559620"));
}

#[test]
fn what_is_absent_stays_as_it_was() {
    let child =
        opened().then_came([by_school(at_home("1 Old Road")), by_school(born_on("2015-04-03"))]).state();
    assert_eq!(child.address(), address("1 Old Road"));
}

#[test]
fn carers_are_those_of_the_newest_statement_that_names_any() {
    let nobody = SuppliedChild { carers: Told::Value(Vec::new()), ..ava() };
    let child =
        opened().then_came([by_ward(cared_for(telephone("020 7946 0001"))), by_school(nobody)]).state();
    assert_eq!(child.carers().len(), 1);
}

#[test]
fn a_changed_name_is_a_former_one_until_it_is_the_name_again() {
    let renamed = || by_school(SuppliedChild { surname: Some(name("Kerr")), ..ava() });
    let once = opened().then_came([renamed()]).state();
    assert_eq!(once.former_names(), [(name("Ava"), name("Lowe"))]);
    let back = opened().then_came([renamed(), by_school(ava())]).state();
    assert_eq!(back.former_names(), [(name("Ava"), name("Kerr"))]);
}

#[test]
fn names_of_other_sources_and_previous_surnames_are_former_names() {
    let other = SuppliedChild { surname: Some(name("Kouame")), ..ava() };
    let previous = SuppliedChild { previous_surname: Told::Value(name("Birch")), ..ava() };
    let child =
        opened().then_came([by_ward(other), by_school(previous), by_school(born_on("2015-04-03"))]).state();
    assert_eq!(child.surname(), Some(&name("Lowe")));
    assert_eq!(child.former_names(), [(name("Ava"), name("Birch")), (name("Ava"), name("Kouame"))]);
}

/// I-2
#[test]
fn an_address_and_none_known_exclude_each_other_and_the_newer_stands() {
    let none = SuppliedChild { address: Told::Value(SuppliedAddress::Words(NoneKnown::NoneKnown)), ..ava() };
    let story = opened().then_came([by_school(at_home("1 Old Road")), by_ward(none)]);
    assert_eq!(story.state().address(), Some(AddressState::NoneKnown));
}

/// I-17
#[test]
fn an_older_version_is_kept_in_history_once_and_changes_nothing() {
    let newest = describe_version(AT_SCHOOL, school(), born_on("2015-04-03"), Some(5));
    let older = describe_version(AT_SCHOOL, school(), ava(), Some(4));
    let story = opened().then_came([newest]);
    let kept = Event::OlderVersionReceived(OlderVersion {
        source: AT_SCHOOL,
        supplier: school(),
        version: 4,
        told: Box::new(Supplied::ChildDescribed { child: ava(), version: Some(4) }),
        episode: None,
    });
    let story = story.when(older.clone()).then([kept]).when(older).then_nothing();
    assert_eq!(story.state().date_of_birth(), Some(day("2015-04-03")));
}

/// I-16, I-17
#[test]
fn a_version_with_nothing_new_is_remembered_so_that_an_older_one_stays_older() {
    let third = describe_version(AT_SCHOOL, school(), ava(), Some(3));
    let second = describe_version(AT_SCHOOL, school(), born_on("2015-04-03"), Some(2));
    let story = opened()
        .when(third.clone())
        .then([Event::ChildDescribed(Described {
            source: AT_SCHOOL,
            supplier: school(),
            child: Box::new(ava()),
            capacity: capacity_of(&school()),
            version: Some(3),
        })])
        .when(third)
        .then_nothing();
    assert_eq!(story.then_came([second]).state().date_of_birth(), Some(day("2015-04-02")));
}

/// A refuge works with Ava, and its shield waits to be decided.
fn awaiting() -> crate::spec::Given<child::Child> {
    let refuge = refuge_start(FIRST);
    opened().then_came([by_school(at_home("1 Old Road")), refuge.into()])
}

fn decide(command: shield::Command) -> child::Command {
    child::Command::Shield(command)
}

#[test]
fn while_a_protected_services_shield_waits_a_new_address_of_any_source_is_held_back() {
    let story = awaiting().then_came([by_ward(at_home("2 Safe Street"))]);
    let story = story.when(by_ward(at_home("2 Safe Street"))).then_nothing();
    assert_eq!(story.state().address(), address("1 Old Road"));
    for taken_back in [Told::TakenBack, Told::Value(SuppliedAddress::Words(NoneKnown::NoneKnown))] {
        let told = SuppliedChild { address: taken_back, ..ava() };
        assert_eq!(awaiting().then_came([by_school(told)]).state().address(), address("1 Old Road"));
    }
}

#[test]
fn the_address_that_is_known_already_is_not_held_back() {
    let child = awaiting().then_came([by_ward(at_home("1 Old Road"))]).state();
    assert!(child.held_addresses.is_empty());
}

#[test]
fn an_address_that_was_held_back_comes_into_force_when_the_shield_is_decided() {
    let apply = shield::Command::Apply {
        shield: SHIELD,
        ground: shield::Ground::ProtectedService,
        review_by: day("2026-11-01"),
    };
    for decision in [apply, shield::Command::Refuse { shield: SHIELD }] {
        let child = awaiting().then_came([by_ward(at_home("2 Safe Street")), decide(decision)]).state();
        assert_eq!(child.address(), address("2 Safe Street"));
        assert!(child.held_addresses.is_empty());
    }
}

#[test]
fn who_goes_back_to_the_known_address_has_nothing_held_any_more() {
    let child =
        awaiting().then_came([by_school(at_home("2 Safe Street")), by_school(at_home("1 Old Road"))]).state();
    assert_eq!((child.address(), child.held_addresses.len()), (address("1 Old Road"), 0));
}

#[test]
fn a_carers_new_postal_contact_is_held_back_too_and_a_telephone_is_not() {
    let postal = awaiting().then_came([by_ward(cared_for(postal("2 Safe Street, London")))]).state();
    assert!(postal.carers().is_empty());
    let telephone = awaiting().then_came([by_ward(cared_for(telephone("020 7946 0001")))]).state();
    assert_eq!(telephone.carers().len(), 1);
}

#[test]
fn a_protected_entry_that_ended_before_it_was_told_holds_nothing_back() {
    let story = opened().then_came([refuge_start(FIRST).until("2026-04-01").into()]);
    assert!(!story.state().holds_addresses());
}
