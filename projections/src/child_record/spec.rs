//! A child's row, its indexes, and what is left of it when keys are gone.

use std::collections::BTreeSet;

use events::supplied::EducationState;
use serde_json::json;
use vocabulary::{KeyId, Position, Revision, StreamKind};

use super::*;
use crate::{
    coverage::Gap,
    samples::{
        EPISODE, SOURCE, ava, ben, child, consented, described, described_by, destroyed, educated, ended,
        entry, in_error, linked, organisation, registered, shield_requested, shielded, started,
        started_sensitive, stream, transfer_accepted, transfer_proposed, with_practice, withdrawn,
    },
    spec::{Given, KEY, Telling, erased, given, told},
};

fn begun() -> Telling {
    told(ava().stream(), [registered(), linked(), described()])
}

fn forgotten(keys: &[KeyId]) -> Telling {
    told(stream(StreamKind::Erasure), [destroyed(ava().stream(), keys)])
}

fn caseload_of(given: &Given, id: &str) -> usize {
    let within = caseload::of(&organisation(id));
    given.postings::<ChildRecord>().iter().filter(|posting| posting.0.starts_with(&within.0)).count()
}

fn coverage_of(given: &Given) -> BTreeSet<Gap> {
    let postings = given.postings::<ChildRecord>();
    let authority = organisation("gss:E09000014");
    Gap::ALL.into_iter().filter(|gap| postings.contains(&coverage::at(&authority, *gap, ava()))).collect()
}

/// How many requests for a shield and how many shields stand at an authority.
fn shields_of(given: &Given, authority: &str) -> (usize, usize) {
    let (requests, reviews) =
        (shielding::requests_of(&organisation(authority)), shielding::reviews_of(&organisation(authority)));
    let postings = given.postings::<ChildRecord>();
    let within =
        |begins: &Posting| postings.iter().filter(|posting| posting.0.starts_with(&begins.0)).count();
    (within(&requests), within(&reviews))
}

#[test]
fn a_request_for_a_shield_and_a_shield_stand_at_the_authority_that_answers() {
    let requested = given([begun(), told(ava().stream(), [shield_requested()])]);
    assert_eq!(shields_of(&requested, "gss:E09000014"), (1, 0));
    let applied = given([begun(), told(ava().stream(), [shield_requested(), shielded()])]);
    assert_eq!(shields_of(&applied, "gss:E09000014"), (0, 1));
    assert_eq!(shields_of(&applied, "gss:E08000003"), (0, 0));
    let posted = applied.postings::<ChildRecord>();
    let read = posted.iter().find_map(shielding::read_review).map(|(review_by, _)| review_by.to_string());
    assert_eq!(read.as_deref(), Some("2026-09-01"));
}

#[test]
fn a_move_that_waits_stands_at_both_authorities_until_it_is_decided() {
    let waiting_at = |given: &Given, authority: &str| {
        let within = transfers::of(&organisation(authority));
        let postings = given.postings::<ChildRecord>();
        postings.iter().filter(|posting| posting.0.starts_with(&within.0)).count()
    };
    let (here, there) = ("gss:E09000014", "gss:E08000003");
    let waiting = given([begun(), told(ava().stream(), [transfer_proposed()])]);
    assert_eq!((waiting_at(&waiting, here), waiting_at(&waiting, there)), (1, 1));
    let read = waiting.postings::<ChildRecord>().iter().find_map(transfers::read);
    assert_eq!(read.map(|(position, _)| position), Some(Position(2)));
    let moved = given([begun(), told(ava().stream(), [transfer_proposed(), transfer_accepted()])]);
    assert_eq!((waiting_at(&moved, here), waiting_at(&moved, there)), (0, 0));
    assert_eq!(moved.row::<ChildRecord>(&ava()).get().child.authority, Some(organisation(there)));
}

#[test]
fn a_discrepancy_stands_at_the_authority_that_answers_until_its_source_says_the_same() {
    let waiting_at = |given: &Given, authority: &str| {
        let within = discrepancies::of(&organisation(authority));
        let postings = given.postings::<ChildRecord>();
        let within = postings.iter().filter(|posting| posting.0.starts_with(&within.0));
        within.filter_map(discrepancies::read).map(|(position, _)| position).collect::<Vec<_>>()
    };
    let (here, there) = ("gss:E09000014", "gss:E08000003");
    let other = uuid::Uuid::from_u128(0x3);
    let said = json!({"source": other, "supplier": "org:a", "fields": ["forename"]});
    let raised = || child("discrepancy_raised", &said);
    let otherwise = told(ava().stream(), [described_by(other, "Eva"), raised()]);
    let after = |facts: Vec<events::Fact>| given([begun(), otherwise.clone(), told(ava().stream(), facts)]);
    let raised_twice = after(vec![raised()]);
    assert_eq!(
        (waiting_at(&raised_twice, here), waiting_at(&raised_twice, there)),
        (vec![Position(2)], vec![])
    );
    let moved = after(vec![transfer_proposed(), transfer_accepted()]);
    assert_eq!((waiting_at(&moved, here), waiting_at(&moved, there)), (vec![], vec![Position(2)]));
    assert_eq!(waiting_at(&after(vec![child("discrepancy_settled", &said)]), here), []);
    assert_eq!(waiting_at(&after(vec![described_by(SOURCE, "Eva")]), here), [], "both say the same now");
}

#[test]
fn a_row_tells_what_its_stream_tells_and_how_far() {
    let found =
        given([begun(), told(ben().stream(), [registered()]), told(ava().stream(), [educated("attending")])])
            .row::<ChildRecord>(&ava());
    let row = found.get();
    assert_eq!((row.revision, row.position, row.key), (Revision(2), Position(3), KEY));
    assert_eq!(row.child.forename().map(vocabulary::PersonName::as_str), Some("Ava"));
    assert_eq!(row.child.current_education().map(|said| said.state), Some(EducationState::Attending));
}

#[test]
fn a_child_without_registration_has_no_row() {
    given([told(ava().stream(), [described()])]).row::<ChildRecord>(&ava()).is_none();
}

#[test]
fn a_row_survives_being_stored() {
    let found = given([
        begun(),
        told(ava().stream(), [consented(), started_sensitive(1)]).under(EPISODE),
        told(
            ava().stream(),
            [started(2, "org:b", "social_care"), shielded(), educated("educated_otherwise")],
        ),
    ])
    .row::<ChildRecord>(&ava());
    let stored = serde_json::to_vec(found.get()).unwrap();
    assert_eq!(&serde_json::from_slice::<ChildRow>(&stored).unwrap(), found.get());
}

#[test]
fn a_forgotten_child_leaves_no_row_whenever_it_was_read() {
    given([begun(), forgotten(&[KEY])]).row::<ChildRecord>(&ava()).is_none();
    given([erased(ava().stream()), erased(ava().stream())]).row::<ChildRecord>(&ava()).is_none();
    given([begun(), erased(ava().stream())]).row::<ChildRecord>(&ava()).is_none();
}

#[test]
fn a_forgotten_episode_leaves_the_same_row_whether_it_was_read_before_or_not() {
    let later = || told(ava().stream(), [withdrawn()]);
    let sensitive = told(ava().stream(), [consented(), started_sensitive(1)]).under(EPISODE);
    let read_before = given([begun(), sensitive, later(), forgotten(&[EPISODE])]);
    let never_read = given([begun(), erased(ava().stream()).under(EPISODE), later(), forgotten(&[EPISODE])]);
    let row = read_before.row::<ChildRecord>(&ava());
    never_read.row::<ChildRecord>(&ava()).is(row.get());
    assert!(row.get().child.episodes.is_empty() && row.get().child.involvements.is_empty());
}

#[test]
fn an_order_to_erase_changes_nothing_yet() {
    let order = events::Fact::Erasure(events::erasure::Event::ErasureOrdered {
        stream: ava().stream(),
        keys: vec![KEY],
        ground: events::erasure::Ground::Ordered,
        due_on: "2026-07-01".parse().unwrap(),
    });
    let before = given([begun()]).row::<ChildRecord>(&ava());
    given([begun(), told(stream(StreamKind::Erasure), [order])]).row::<ChildRecord>(&ava()).is(before.get());
}

#[test]
fn a_caseload_holds_open_entries_only() {
    let three = || {
        let entries = [
            started(1, "org:b", "social_care"),
            started(2, "org:b", "youth_work"),
            started(3, "org:c", "housing"),
        ];
        told(ava().stream(), entries)
    };
    assert_eq!(caseload_of(&given([begun(), three()]), "org:b"), 2);
    let closed = given([begun(), three(), told(ava().stream(), [ended(1), in_error(3)])]);
    assert_eq!(caseload_of(&closed, "org:b"), 1);
    assert_eq!(caseload_of(&closed, "org:c"), 0);
}

#[test]
fn a_posting_of_a_caseload_leads_to_its_entry() {
    let given = given([begun(), told(ava().stream(), [started(1, "org:b", "social_care")])]);
    let postings = given.postings::<ChildRecord>();
    let (organisation_id, involvement) = postings.iter().find_map(caseload::read).unwrap();
    assert_eq!((organisation_id, involvement), (organisation("org:b"), entry(1)));
    let found = given.row::<ChildRecord>(&ava());
    let held = caseload::entry(ava(), found.get(), involvement).unwrap();
    assert_eq!((held.child, held.supplier, held.position), (ava(), organisation("org:a"), Position(2)));
    assert!(held.child_number.is_some());
}

#[test]
fn a_withdrawn_entry_leaves_the_caseload_at_once() {
    let sensitive = told(ava().stream(), [consented(), started_sensitive(1)]).under(EPISODE);
    assert_eq!(caseload_of(&given([begun(), sensitive.clone()]), "org:clinic"), 1);
    let gone = given([begun(), sensitive, told(ava().stream(), [withdrawn()])]);
    assert_eq!(caseload_of(&gone, "org:clinic"), 0);
}

#[test]
fn a_setting_never_stated_is_a_gap_and_only_a_statement_closes_it() {
    assert_eq!(coverage_of(&given([begun()])), BTreeSet::from(Gap::ALL));
    let school_entry = told(ava().stream(), [started(1, "urn:100000", "school")]);
    assert_eq!(coverage_of(&given([begun(), school_entry])), BTreeSet::from(Gap::ALL));
    let attending = told(ava().stream(), [educated("attending")]);
    assert_eq!(coverage_of(&given([begun(), attending])), BTreeSet::from([Gap::NoPrimaryCare]));
    let registered = told(ava().stream(), [with_practice()]);
    assert_eq!(coverage_of(&given([begun(), registered])), BTreeSet::from([Gap::NoEducation]));
}

#[test]
fn educated_otherwise_is_no_gap_and_none_known_is() {
    let otherwise = told(ava().stream(), [educated("educated_otherwise"), with_practice()]);
    assert_eq!(coverage_of(&given([begun(), otherwise])), BTreeSet::new());
    let none_known = told(ava().stream(), [educated("none_known"), with_practice()]);
    assert_eq!(coverage_of(&given([begun(), none_known])), BTreeSet::from([Gap::NoEducation]));
}

#[test]
fn a_shielded_child_stands_on_no_worklist() {
    assert_eq!(coverage_of(&given([begun(), told(ava().stream(), [shielded()])])), BTreeSet::new());
}
