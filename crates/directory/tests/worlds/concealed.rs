//! A record that is concealed from a viewer is unknown to them, to the byte: as a number that nobody has.

use directory::{HistoryRequest, LookError, OpenRequest};
use events::{access::OverrideGround, case::Reference};
use serde_json::json;
use vocabulary::{AccessReason, ChildNumber};

use crate::{
    answers::now,
    base::{SCHOOL, World},
    people::{Viewer, viewers},
};

fn told(error: LookError) -> String {
    match error {
        LookError::Unknown => "unknown".to_owned(),
        LookError::Refused { code, detail } => format!("{code}: {detail}"),
        LookError::Load(_) | LookError::File(_) | LookError::Rows(_) | LookError::Log(_) => {
            panic!("the machine failed: {error}")
        }
    }
}

/// What a viewer is told who asks for a number in every way; nothing where the record opens.
fn asked(world: &World, viewer: Viewer, number: ChildNumber) -> Vec<(String, Option<String>)> {
    let person = viewer.person(world);
    let mut answers = Vec::new();
    let reasons = AccessReason::ALL.into_iter().map(Some).chain([None]);
    for reason in reasons {
        for override_ground in [None, Some(OverrideGround::ImmediateDanger)] {
            for case_ref in [None, Some(Reference::new("case-1").unwrap())] {
                let on_behalf_of = viewer.on_behalf_of();
                let what = format!("{viewer:?} {reason:?} {override_ground:?} {case_ref:?}");
                let request =
                    OpenRequest { number, reason, search_id: None, on_behalf_of, case_ref, override_ground };
                let opened = now(world.directory.open_record(&person, request));
                answers.push((what, opened.err().map(told)));
            }
        }
    }
    let case_ref = Reference::new("case-1").unwrap();
    let request = HistoryRequest { case_ref, as_of: None, as_seen_by: None, compare: None };
    let replayed = now(world.directory.history(&person, number, request));
    answers.push((format!("{viewer:?} history"), replayed.err().map(told)));
    answers
}

#[test]
fn a_concealed_record_is_answered_as_a_number_that_nobody_has() {
    let world = World::forked();
    let whom = world.child(SCHOOL, 0);
    let entry = crate::script::started_data(&whom, "i-0", "school", false);
    world.post(SCHOOL, &json!({"type": "involvement.started", "data": entry}));
    // Dead for more than two years: beyond the year of the data manager's archive.
    world.post(SCHOOL, &json!({"type": "child.died", "data": {"child": whom, "on": "2024-10-02"}}));
    let nobodys =
        (0..1_000).map(ChildNumber::from_draw).find(|number| !world.numbers.contains(number)).unwrap();
    let mut concealed = 0;
    for viewer in viewers() {
        let about_nobody = asked(&world, viewer, nobodys);
        for (known, unknown) in asked(&world, viewer, world.numbers[0]).into_iter().zip(about_nobody) {
            if known.1.is_some() {
                assert_eq!(known, unknown);
                concealed += 1;
            }
        }
    }
    assert!(concealed > 1_000, "{concealed}");
}
