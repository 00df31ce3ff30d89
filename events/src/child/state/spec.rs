//! Specs of what is remembered: when a record leaves the live directory, and that its row reads back whole.

use super::{Child, RecordState};
use crate::child::{self, consent::Review, examples::*, lifecycle, shield};

fn died(on: &str) -> child::Command {
    child::Command::Lifecycle(lifecycle::Command::NotifyDeath { supplier: ward(), on: day(on) })
}

#[test]
fn a_record_is_archived_on_the_eighteenth_birthday() {
    let child = opened_for(born_on("2008-06-02")).state();
    assert_eq!(child.archived_since(day("2026-06-01")), None);
    assert_eq!(child.archived_since(day("2026-06-02")), Some(day("2026-06-02")));
}

#[test]
fn a_child_of_the_29th_of_february_comes_of_age_on_the_1st_of_march() {
    let child = opened_for(born_on("2012-02-29")).state();
    assert_eq!(child.archived_since(day("2030-02-28")), None);
    assert_eq!(child.archived_since(day("2030-03-01")), Some(day("2030-03-01")));
}

#[test]
fn a_record_is_archived_a_year_after_the_death() {
    let child = opened().then_came([died("2026-05-30")]).state();
    assert_eq!(child.archived_since(day("2027-05-29")), None);
    assert_eq!(child.archived_since(day("2027-05-30")), Some(day("2027-05-30")));
}

#[test]
fn an_archived_record_is_archived_before_it_is_shielded() {
    let apply = shield::Command::Apply {
        shield: SHIELD,
        ground: shield::Ground::DomesticAbuse,
        review_by: day("2026-11-01"),
    };
    let child = opened_for(born_on("2008-06-02")).then_came([child::Command::Shield(apply)]).state();
    assert_eq!(child.record_state(day("2026-06-01")), RecordState::Shielded);
    assert_eq!(child.record_state(day("2026-06-02")), RecordState::ArchivedYear1);
    assert_eq!(child.record_state(day("2027-06-01")), RecordState::ArchivedYear1);
    assert_eq!(child.record_state(day("2027-06-02")), RecordState::ArchivedYears2To6);
    assert_eq!(opened().state().record_state(day("2026-06-01")), RecordState::Live);
}

/// A story that fills every part of the row.
fn whole() -> Child {
    let told =
        crate::supplied::SuppliedChild { address: living_at("2 Safe Street"), ..born_on("2015-04-03") };
    opened()
        .then_came([
            start(FIRST).nurse().leading().version(3).into(),
            start(FIRST).nurse().leading().version(2).into(),
            consent_given(),
            harm("2026-07-01", Review::First),
            harm("2026-08-01", Review::Again),
            clinic_start(SECOND).into(),
            refuge_start(THIRD).into(),
            describe_version(AT_SCHOOL, school(), told, Some(7)),
            died("2026-05-30"),
        ])
        .state()
}

#[test]
fn a_row_reads_back_as_it_was_written() {
    let child = whole();
    assert!(!child.held_addresses.is_empty() && !child.life.deaths.is_empty());
    let stored = serde_json::to_vec(&child).unwrap();
    assert_eq!(serde_json::from_slice::<Child>(&stored).unwrap(), child);
}
