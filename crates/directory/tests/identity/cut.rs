//! A merge or a split that is cut short between its two facts hides too much, and is finished at the next opening.

use std::sync::Arc;

use event_log::{EventLog, Expected, MemoryLog, Payload, Proposed};
use serde_json::json;
use vocabulary::{Position, Role};

use crate::{
    merging::{leads, two_records},
    world::{World, opened},
};

/// What a crash leaves when nothing after `position` reached the disk, opened by the next process.
pub(crate) fn cut_after(world: &World, position: Position) -> World {
    let log = Arc::new(MemoryLog::new());
    let mut kept: Vec<(vocabulary::Stream, Proposed)> = Vec::new();
    let read = world.log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        if record.position <= position
            && let Payload::Kept(payload) = record.payload
        {
            let (header, dictionary) = (record.header, record.dictionary);
            kept.push((header.stream, Proposed { header, dictionary, payload: payload.to_vec() }));
        }
    });
    read.unwrap();
    for (stream, proposed) in kept {
        log.submit(stream, Expected::Any, vec![proposed]).wait().unwrap();
    }
    let folder = tempfile::tempdir_in(world.folder.path()).unwrap();
    let directory = opened(&log, &world.vault, &folder.path().join("rows"));
    World { directory, log, vault: Arc::clone(&world.vault), folder }
}

#[test]
fn a_merge_cut_after_either_fact_is_whole_after_the_next_opening() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    world.shield(&world.user(Role::AuthorityTeam), other);
    let before = world.directory.head().unwrap();
    world.merge(&manager, known, other);
    for cut in before.0 + 1..=world.directory.head().unwrap().0 {
        let left = cut_after(&world, Position(cut));
        for number in [known, other] {
            let record = left.record(&practitioner, number);
            assert_eq!(record["child_number"], json!(known.to_string()), "cut after {cut}");
            assert_eq!(record["shielded"], json!(true), "cut after {cut}");
        }
        let head = left.directory.head().unwrap();
        assert_eq!(cut_after(&left, head).directory.head().unwrap(), head, "nothing is left to finish");
    }
}

#[test]
fn a_merge_cut_before_a_lead_was_given_up_leaves_one_lead_after_the_next_opening() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    let before = world.directory.head().unwrap();
    world.merge(&manager, known, other);
    for cut in before.0 + 1..=world.directory.head().unwrap().0 {
        let record = cut_after(&world, Position(cut)).record(&practitioner, other);
        assert_eq!(
            (leads(&record), &record["child_number"]),
            (1, &json!(known.to_string())),
            "cut after {cut}"
        );
    }
}

#[test]
fn a_split_cut_after_either_fact_is_whole_after_the_next_opening_and_lifts_no_shield() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    world.shield(&world.user(Role::AuthorityTeam), known);
    world.merge(&manager, known, other);
    let before = world.directory.head().unwrap();
    world.split(&manager, known, other);
    for cut in before.0 + 1..=world.directory.head().unwrap().0 {
        let left = cut_after(&world, Position(cut));
        for number in [known, other] {
            let record = left.record(&practitioner, number);
            assert_eq!(record["child_number"], json!(number.to_string()), "cut after {cut}");
            assert_eq!(record["shielded"], json!(true), "cut after {cut}");
        }
        let head = left.directory.head().unwrap();
        assert_eq!(cut_after(&left, head).directory.head().unwrap(), head, "nothing is left to finish");
    }
}
