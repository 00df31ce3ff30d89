//! A whole fold gives the rows of the plain one, wherever parts and runs end.

use std::{fs, path::Path, sync::Arc};

use event_log::EventLog;
use projections::ChildRecord;
use vocabulary::KeyId;

use super::*;
use crate::{
    catch_up::{
        Projector,
        spec::{caught_up, digests},
        story::{Dice, Story, beginning, child, started},
    },
    rows::Rows,
};

/// A plan with parts, runs and threads as the dice fall.
fn thrown(dice: &mut Dice) -> Plan {
    Plan {
        part_bytes: 1 + dice.below(20_000) as u64,
        sorted_max: dice.below(2_000),
        threads: 1 + dice.below(3),
    }
}

#[test]
fn parts_of_any_size_give_the_rows_of_the_plain_fold() {
    for seed in 1..=8 {
        let mut story = Story::begin();
        story.ramble(seed * 15_485_863, 250);
        let (plain, _) = caught_up(&story, "plain");
        let (rows, projector) = caught_up(&story, "whole");
        let names: Vec<_> = projector.models().collect();
        let thrown = thrown(&mut Dice(seed));
        let mut told = Vec::new();
        let rebuilt =
            projector.rebuild_by(&story.log, &names, &thrown, &mut |records| told.push(records)).unwrap();
        assert_eq!(rebuilt.position, story.log.head().unwrap());
        assert_eq!(digests(&rows), digests(&plain), "seed {seed}: {thrown:?}");
        assert!(told.is_sorted() && told.last() == Some(&rebuilt.records), "{told:?}");
    }
}

#[test]
fn postings_lead_where_those_of_the_plain_fold_lead() {
    let mut story = Story::begin();
    story.ramble(32_452_843, 300);
    let (plain, _) = caught_up(&story, "plain");
    let (rows, projector) = caught_up(&story, "whole");
    let names: Vec<_> = projector.models().collect();
    let before = all_entries(&plain);
    projector.rebuild_by(&story.log, &names, &thrown(&mut Dice(7)), &mut |_| ()).unwrap();
    assert!(before.iter().any(|(_, entries)| entries.len() > 20), "the story has postings");
    assert_eq!(all_entries(&rows), before);
}

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// Every key of every model's keyspace, with what a posting leads to.
fn all_entries(rows: &Rows) -> Vec<(&'static str, Pairs)> {
    struct Each<'a>(&'a Rows, Vec<(&'static str, Pairs)>);
    impl projections::Visitor for Each<'_> {
        fn visit<M: projections::ReadModel>(&mut self) {
            self.1.push((M::NAME, self.0.entries::<M>()));
        }
    }
    let mut each = Each(rows, Vec::new());
    projections::visit_all(&mut each);
    each.1
}

#[test]
fn models_rebuilt_one_by_one_are_those_rebuilt_together() {
    let mut story = Story::begin();
    story.ramble(179_424_673, 200);
    let (rows, projector) = caught_up(&story, "rows");
    let before = digests(&rows);
    let mut dice = Dice(3);
    for name in projector.models().collect::<Vec<_>>() {
        projector.rebuild_by(&story.log, &[name], &thrown(&mut dice), &mut |_| ()).unwrap();
    }
    assert_eq!(digests(&rows), before);
}

#[test]
fn an_unreadable_record_in_any_part_stops_it_and_leaves_the_live_rows() {
    for at in [0, 60, 119] {
        let mut story = Story::begin();
        let keys: Vec<KeyId> = (0..120).map(|_| story.mint()).collect();
        for (number, key) in (0..).zip(&keys) {
            story.tell(child(number).stream(), *key, beginning(number));
        }
        let (rows, projector) = caught_up(&story, "rows");
        let before = digests(&rows);
        story.tell_the_unknown(child(at as u128).stream(), keys[at]);
        let plan = Plan { part_bytes: 3_000, sorted_max: 500, threads: 2 };
        let names: Vec<_> = projector.models().collect();
        let failed = projector.rebuild_by(&story.log, &names, &plan, &mut |_| ()).unwrap_err();
        assert_eq!(failed.code(), "model_stopped", "{failed:?}");
        assert_eq!(digests(&rows), before);
        story.tell(child(119).stream(), keys[119], vec![started(119, 1)]);
        assert_eq!(rows.get::<ChildRecord>(&child(1)).unwrap().map(|row| row.revision.0), Some(1));
    }
}

#[test]
fn a_rebuild_that_is_cut_short_leaves_the_live_rows_and_the_next_one_succeeds() {
    let mut story = Story::begin();
    story.ramble(86_028_121, 300);
    let (rows, projector) = caught_up(&story, "rows");
    let before = digests(&rows);
    let names: Vec<_> = projector.models().collect();
    let plan = Plan { part_bytes: 4_000, sorted_max: 1_000, threads: 2 };
    let crashed = story.folder.path().join("crashed");
    let mut cut = 0;
    projector
        .rebuild_by(&story.log, &names, &plan, &mut |_| {
            cut += 1;
            // The files as they are in the middle: what is left, had the process been killed now.
            if cut == 3 {
                copy(&story.folder.path().join("rows"), &crashed);
            }
        })
        .unwrap();
    assert!(cut > 3, "{cut} parts");
    let left = story.rows("crashed");
    assert_eq!(digests(&left), before);
    let again = Projector::new(Arc::clone(&left));
    again.rebuild_by(&story.log, &names, &plan, &mut |_| ()).unwrap();
    assert_eq!(digests(&left), before);
}

#[test]
fn empty_models_are_folded_by_parts_and_one_that_stops_does_not_keep_the_others() {
    for unknown in [false, true] {
        let mut story = Story::begin();
        story.ramble(49_979_687, 200);
        let (plain, _) = caught_up(&story, "plain");
        if unknown {
            let key = story.mint();
            story.tell_the_unknown(child(9_999).stream(), key);
        }
        let rows = story.rows("begun");
        let projector = Projector::new(Arc::clone(&rows));
        let small = Plan { part_bytes: 5_000, sorted_max: 1_000, threads: 2 };
        projector.begin_empty(&story.log, &small, 1).unwrap();
        let folded = rows.checkpoint::<ChildRecord>().unwrap();
        assert_eq!(folded == Position::ZERO, unknown, "{folded}");
        let caught = projector.tick(&story.log, u32::MAX).unwrap();
        assert!(caught.at_head);
        let stopped: Vec<&str> = caught.stopped.iter().map(|stopped| stopped.model).collect();
        assert_eq!(stopped.contains(&"child_record.v10"), unknown);
        let hashes = |of: &Rows| digests(of).into_iter().map(|(_, digest)| digest.hash).collect::<Vec<_>>();
        assert_eq!(hashes(&rows), hashes(&plain));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_file_of_parts_is_gone_once_they_are_folded() {
    let mut story = Story::begin();
    story.ramble(5, 400);
    let end = story.log.head().unwrap();
    let rows = story.rows("rows");
    let ranges = Ranges::sampled(&story.log, end, &StreamKind::ALL, 1).unwrap();
    let mut parts = Parts::begin(rows.folder(), ranges).unwrap();
    let mut put = |record: RecordRef<'_>| parts.put(record.header.stream, record).unwrap();
    story.log.read_all(Position::ZERO, 1_000, &mut put).unwrap();
    parts.close().unwrap();
    let last = parts.len() - 1;
    assert!(last > 16, "{last}");
    let records = (0..=last).map(|part| parts.read(part).unwrap().records()).sum::<u64>();
    assert_eq!(records, end.0);
    parts.let_go_before(15);
    assert!(parts.read(0).is_ok(), "the sixteenth is not folded yet");
    parts.let_go_before(16);
    assert!((0..16).all(|part| parts.read(part).is_err()));
    assert!(parts.read(16).is_ok() && parts.read(last).is_ok());
    for (many, files) in [(1_usize, 1), (640, 40), (15_000, 64), (1_000_000, 64)] {
        assert_eq!(many.div_ceil(parts::parts_a_file(many)), files);
    }
}
