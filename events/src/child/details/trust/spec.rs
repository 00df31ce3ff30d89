//! Specs of trust: whose word stands, and who is told that theirs does not.

use vocabulary::{Gender, KeyedRef, OrganisationId, ServiceType};

use crate::{
    child::{
        self, Event,
        details::{Capacity, Command, DiscrepancyRaised, DiscrepancySettled, Field},
        examples::*,
        identity, shield,
    },
    supplied::SuppliedChild,
    told::Told,
};

fn by_school(child: SuppliedChild) -> child::Command {
    describe(AT_SCHOOL, school(), child)
}

fn by_ward(child: SuppliedChild) -> child::Command {
    describe(ON_WARD, ward(), child)
}

/// Said in another capacity than the examples give this source.
fn said_as(
    capacity: Capacity,
    source: KeyedRef,
    supplier: OrganisationId,
    child: SuppliedChild,
) -> child::Command {
    child::Command::Details(Command::Describe {
        source,
        supplier,
        capacity,
        child: Box::new(child),
        version: None,
    })
}

fn called(forename: &str) -> SuppliedChild {
    SuppliedChild { forename: Some(name(forename)), ..ava() }
}

fn raised(source: KeyedRef, supplier: OrganisationId, fields: &[Field], for_team: &[Field]) -> Event {
    Event::DiscrepancyRaised(DiscrepancyRaised {
        source,
        supplier,
        fields: fields.iter().copied().collect(),
        for_team: for_team.iter().copied().collect(),
    })
}

#[test]
fn a_birthday_of_the_health_service_stands_before_a_schools_whichever_came_first() {
    let before = opened().then_came([by_ward(born_on("2015-04-03"))]).state();
    assert_eq!(before.date_of_birth(), Some(day("2015-04-03")));
    let after = opened().then_came([by_ward(ava()), by_school(born_on("2015-04-03"))]).state();
    assert_eq!(after.date_of_birth(), Some(day("2015-04-02")));
}

#[test]
fn a_register_stands_before_the_health_service_and_the_team_before_the_register() {
    let register = said_as(Capacity::National, IN_CLINIC, clinic(), born_on("2015-04-04"));
    let team = said_as(Capacity::DirectoryTeam, ELSEWHERE, authority(), born_on("2015-04-05"));
    let story = opened().then_came([team, register, by_ward(born_on("2015-04-03"))]);
    assert_eq!(story.state().date_of_birth(), Some(day("2015-04-05")));
}

#[test]
fn another_first_word_on_a_name_does_not_take_the_place_of_what_stands() {
    let child = opened().then_came([by_ward(called("Eva"))]).state();
    assert_eq!(child.forename(), Some(&name("Ava")));
}

#[test]
fn a_word_said_again_under_another_reference_is_no_younger_when_the_two_become_one() {
    let story = || opened().and([linked(ELSEWHERE, school())]).then_came([by_ward(called("Eva"))]);
    let again = describe(ELSEWHERE, school(), ava());
    let merged =
        |from, to| child::Command::Identity(identity::Command::MergeRefs { supplier: school(), from, to });
    for (from, to) in [(ELSEWHERE, AT_SCHOOL), (AT_SCHOOL, ELSEWHERE)] {
        let child = story().then_came([again.clone(), merged(from, to)]).state();
        assert_eq!(child.forename(), Some(&name("Ava")));
    }
}

#[test]
fn a_source_that_changes_its_word_knows_of_a_change() {
    let child = opened().then_came([by_ward(ava()), by_ward(called("Eva"))]).state();
    assert_eq!(child.forename(), Some(&name("Eva")));
    let back =
        opened().then_came([by_ward(ava()), by_ward(called("Eva")), by_school(called("Avia"))]).state();
    assert_eq!(back.forename(), Some(&name("Avia")), "the newest change of two stands");
}

#[test]
fn not_specified_is_no_word_against_a_gender() {
    let unspecified = SuppliedChild { gender: Some(Gender::NotSpecified), ..ava() };
    let child = opened().then_came([by_ward(unspecified)]).state();
    assert_eq!(child.gender(), Some(Gender::Female));
}

#[test]
fn the_address_of_a_social_worker_who_visits_stands_before_newer_ones() {
    let at_home = |line| SuppliedChild { address: living_at(line), ..ava() };
    let visited = said_as(Capacity::LocalAuthority, ELSEWHERE, authority(), at_home("1 Old Road"));
    let works = start(FIRST).by(ELSEWHERE, authority()).of(ServiceType::SocialCare);
    let story =
        || opened().then_came([visited.clone(), works.clone().into(), by_school(at_home("2 New Road"))]);
    let address = |line| living_at(line).value().cloned().map(vocabulary::AddressState::from);
    assert_eq!(story().state().address(), address("1 Old Road"));
    let story = story().then_came([end(FIRST, by(authority()), "2026-05-31")]);
    assert_eq!(story.state().address(), address("2 New Road"), "nobody visits any more");
}

#[test]
fn who_says_otherwise_is_told_in_which_fields_and_once() {
    let told = SuppliedChild { surname: Some(name("Low")), ..called("Eva") };
    let story = opened().when(by_ward(told.clone())).then([
        stated(ON_WARD, ward(), told.clone()),
        raised(ON_WARD, ward(), &[Field::Forename, Field::Surname], &[]),
    ]);
    let moved = SuppliedChild { address: living_at("1 New Road"), ..told };
    story.when(by_ward(moved.clone())).then([stated(ON_WARD, ward(), moved)]);
}

#[test]
fn a_discrepancy_is_settled_when_the_source_says_what_stands() {
    let story = opened().then_came([by_ward(called("Eva")), by_school(called("Avia"))]);
    story.when(by_ward(called("avia"))).then([
        stated(ON_WARD, ward(), called("avia")),
        Event::DiscrepancySettled(DiscrepancySettled { source: ON_WARD, supplier: ward() }),
    ]);
}

#[test]
fn a_discrepancy_stands_since_it_was_told_first_and_no_longer_once_another_says_the_same() {
    let numbered = |upn: &str, child| SuppliedChild { upn: Told::Value(upn.parse().unwrap()), ..child };
    let pupil = |child| by_school(numbered("Y228235821866", child));
    let standing = |said: Vec<child::Command>| {
        let begun = opened().then_came([pupil(ava()), by_ward(called("Eva"))]);
        let state = begun.then_came(said).state();
        let told = state.discrepancies().map(|(source, _, told)| (*source, told));
        told.collect::<Vec<_>>()
    };
    let (first, more) = (standing(vec![]), standing(vec![by_ward(numbered("H801200001001", called("Eva")))]));
    let ([(of_first, first)], [(of_more, more)]) = (first.as_slice(), more.as_slice()) else {
        panic!("{first:?}, {more:?}")
    };
    assert_eq!((*of_first, *of_more), (ON_WARD, ON_WARD));
    assert_eq!((first.fields.len(), first.for_team.len()), (1, 0));
    assert_eq!((more.fields.len(), more.for_team.len()), (1, 1), "a number that the ward may not see");
    assert_eq!((first.position, first.since), (more.position, more.since));
    assert_eq!(standing(vec![pupil(called("Eva"))]), [], "the ward has said nothing since");
}

#[test]
fn a_name_written_otherwise_or_borne_as_known_as_is_no_discrepancy() {
    let known_as = SuppliedChild { known_as: Told::Value(name("Evie")), ..ava() };
    let story = opened().then_came([by_school(known_as)]);
    let written = SuppliedChild { surname: Some(name("LOWE")), ..called("Evie") };
    story.when(by_ward(written.clone())).then([stated(ON_WARD, ward(), written)]);
}

#[test]
fn what_a_shield_hides_is_told_to_the_team_and_not_to_the_supplier() {
    let at = |code: &str| {
        let address = vocabulary::Address {
            lines: vec!["1 Old Road".to_owned()],
            town: None,
            postcode: Some(code.parse().unwrap()),
        };
        SuppliedChild { address: Told::Value(crate::supplied::SuppliedAddress::Known(address)), ..ava() }
    };
    let shielded = child::Command::Shield(shield::Command::Apply {
        shield: SHIELD,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-01"),
    });
    let visited = said_as(Capacity::LocalAuthority, ELSEWHERE, authority(), at("N17 6AA"));
    let works = start(FIRST).by(ELSEWHERE, authority()).of(ServiceType::SocialCare);
    let told = SuppliedChild { forename: Some(name("Eva")), ..at("E1 6AN") };
    let story = opened().then_came([visited, works.into(), shielded]);
    story.when(by_ward(told.clone())).then([
        stated(ON_WARD, ward(), told),
        raised(ON_WARD, ward(), &[Field::Forename], &[Field::Address]),
    ]);
}

#[test]
fn a_number_is_told_only_to_those_for_whom_it_was_allocated_and_a_register_is_told_nothing() {
    let numbered = |nhs: &str| SuppliedChild { nhs_number: Told::Value(nhs.parse().unwrap()), ..ava() };
    let story = opened().then_came([by_ward(numbered("9434765919"))]);
    story.when(by_school(numbered("7880559620"))).then([
        stated(AT_SCHOOL, school(), numbered("7880559620")),
        raised(AT_SCHOOL, school(), &[], &[Field::NhsNumber]),
    ]);
    let national = said_as(Capacity::National, IN_CLINIC, clinic(), called("Eva"));
    opened().when(national).then_some(|events| {
        assert!(events.contains(&raised(IN_CLINIC, clinic(), &[], &[Field::Forename])));
    });
}
