//! Rows equal a fold of the log, however it is cut into batches.

use std::sync::atomic::{AtomicBool, Ordering};

use event_log::MemoryLog;
use projections::{AccessAudit, ChildRecord, Counters, Feed, Queue};

use super::{
    story::{Dice, Story, beginning, child, item, listed, nurse, opened, queued, started},
    *,
};
use crate::{
    rows::{Digest, Folding},
    unseal::unseal,
};

/// The digests of all models, by name.
pub(super) fn digests(rows: &Rows) -> Vec<(&'static str, Digest)> {
    struct Each<'a>(&'a Rows, Vec<(&'static str, Digest)>);
    impl Visitor for Each<'_> {
        fn visit<M: ReadModel>(&mut self) {
            self.1.push((M::NAME, self.0.digest::<M>().unwrap()));
        }
    }
    let mut each = Each(rows, Vec::new());
    visit_all(&mut each);
    each.1
}

pub(super) fn caught_up(story: &Story, name: &str) -> (Arc<Rows>, Projector) {
    let rows = story.rows(name);
    let projector = Projector::new(Arc::clone(&rows));
    let caught = projector.tick(&story.log, u32::MAX).unwrap();
    assert!(caught.at_head && caught.stopped.is_empty(), "{caught:?}");
    (rows, projector)
}

#[test]
fn batches_of_any_size_give_the_rows_of_one_fold() {
    for seed in 1..=4 {
        let mut story = Story::begin();
        story.ramble(seed * 7_919, 120);
        let (whole, _) = caught_up(&story, "whole");
        let rows = story.rows("cut");
        let projector = Projector::new(Arc::clone(&rows));
        let mut dice = Dice(seed);
        while !projector.tick(&story.log, u32::try_from(1 + dice.below(17)).unwrap()).unwrap().at_head {}
        assert_eq!(digests(&rows), digests(&whole), "seed {seed}");
    }
}

#[test]
fn rows_followed_live_equal_rows_folded_after_keys_were_destroyed() {
    for seed in 1..=2 {
        let mut story = Story::begin();
        let rows = story.rows("live");
        let projector = Projector::new(Arc::clone(&rows));
        for part in 0..12 {
            // Children are forgotten between ticks, so that the live rows read what a rebuild cannot.
            story.ramble(seed * 104_729 + part, 9);
            projector.tick(&story.log, 4).unwrap();
        }
        while !projector.tick(&story.log, 50).unwrap().at_head {}
        for name in projector.models().collect::<Vec<_>>() {
            let compared = projector.compare(&story.log, name).unwrap();
            assert!(compared.is_identical(), "seed {seed}: {compared:?}");
        }
    }
}

#[test]
fn a_tick_keeps_to_its_budget_and_says_how_far_it_came() {
    let mut story = Story::begin();
    story.ramble(5, 30);
    let head = story.log.head().unwrap();
    let projector = Projector::new(story.rows("rows"));
    let part = projector.tick(&story.log, 10).unwrap();
    assert_eq!((part.position, part.at_head), (Position(10), false));
    let whole = projector.tick(&story.log, u32::MAX).unwrap();
    assert_eq!((whole.position, whole.at_head), (head, true));
}

#[test]
fn an_unknown_type_stops_its_readers_where_they_stand_and_nobody_else() {
    let mut story = Story::begin();
    let (key, month) = (story.mint(), story.mint());
    story.tell(child(1).stream(), key, beginning(1));
    story.tell_the_unknown(child(1).stream(), key);
    story.tell(child(1).stream(), key, vec![started(1, 1)]);
    story.tell(child(1).access_stream(), month, vec![opened()]);
    let rows = story.rows("rows");
    let projector = Projector::new(Arc::clone(&rows));
    let caught = projector.tick(&story.log, u32::MAX).unwrap();

    assert_eq!((caught.position, caught.at_head), (Position(1), true));
    let models: Vec<&str> = caught.stopped.iter().map(|stopped| stopped.model).collect();
    assert_eq!(models, [ChildRecord::NAME, Counters::NAME, Feed::NAME]);
    for stopped in &caught.stopped {
        assert_eq!(stopped.position, Position(2));
        assert_eq!(stopped.by.type_name(), Some("child_levitated"));
    }
    assert_eq!(rows.checkpoint::<ChildRecord>().unwrap(), Position(1));
    assert!(rows.get::<ChildRecord>(&child(1)).unwrap().unwrap().child.involvements.is_empty());
    assert_eq!(rows.digest::<AccessAudit>().unwrap().rows, 1);

    story.tell(child(1).access_stream(), month, vec![opened()]);
    let again = projector.tick(&story.log, u32::MAX).unwrap();
    assert_eq!((again.position, again.at_head, again.stopped.len()), (Position(1), true, 3));
    assert_eq!(rows.digest::<AccessAudit>().unwrap().rows, 2);
}

#[test]
fn a_rebuild_that_meets_an_unknown_type_leaves_the_live_rows() {
    let mut story = Story::begin();
    let key = story.mint();
    story.tell(child(1).stream(), key, beginning(1));
    let (rows, projector) = caught_up(&story, "rows");
    let before = digests(&rows);
    story.tell_the_unknown(child(1).stream(), key);
    let failed = projector.rebuild(&story.log, &[ChildRecord::NAME], &mut |_| ());
    assert_eq!(failed.unwrap_err().code(), "model_stopped");
    assert_eq!(digests(&rows), before);
}

#[test]
fn a_rebuild_gives_identical_rows_and_readers_never_miss_one() {
    let mut story = Story::begin();
    let key = story.mint();
    story.tell(child(7_000).stream(), key, beginning(7_000));
    story.ramble(11, 400);
    let (rows, projector) = caught_up(&story, "rows");
    let before = digests(&rows);
    let names: Vec<_> = projector.models().collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0_u32;
            while !done.load(Ordering::Acquire) {
                assert!(rows.get::<ChildRecord>(&child(7_000)).unwrap().is_some(), "read {reads}");
                reads += 1;
            }
            reads
        });
        for _ in 0..3 {
            let rebuilt = projector.rebuild(&story.log, &names, &mut |_| ()).unwrap();
            assert_eq!(rebuilt.position, story.log.head().unwrap());
        }
        done.store(true, Ordering::Release);
        assert!(reader.join().unwrap() > 0);
    });
    assert_eq!(digests(&rows), before);
    drop((rows, projector));
    assert_eq!(digests(&story.rows("rows")), before, "the new generation is the one that is opened");
}

#[test]
fn a_rebuilt_model_follows_the_log_again() {
    let mut story = Story::begin();
    let (key, month) = (story.mint(), story.mint());
    story.tell(child(1).stream(), key, beginning(1));
    let (rows, projector) = caught_up(&story, "rows");
    projector.rebuild(&story.log, &[ChildRecord::NAME, ChildRecord::NAME], &mut |_| ()).unwrap();
    story.tell(child(1).stream(), key, vec![started(1, 1)]);
    story.tell(item(1).stream(), month, vec![queued(&[])]);
    projector.tick(&story.log, u32::MAX).unwrap();
    assert_eq!(rows.get::<ChildRecord>(&child(1)).unwrap().unwrap().child.involvements.len(), 1);
    assert_eq!(rows.digest::<Queue>().unwrap().rows, 1);
}

#[test]
fn a_row_that_is_not_what_the_log_says_is_found() {
    let mut story = Story::begin();
    let key = story.mint();
    story.tell(child(1).stream(), key, beginning(1));
    story.tell(child(1).stream(), key, vec![started(1, 1)]);
    let (rows, projector) = caught_up(&story, "rows");
    let generation = rows.live::<ChildRecord>().unwrap();
    let mut first = None;
    story.log.read_all(Position::ZERO, 1, &mut |record| first = unseal(&story.vault, record).ok()).unwrap();
    let first = first.unwrap();
    let mut folding = Folding::<ChildRecord>::into(&rows, &generation);
    folding.take(child(1), &first);
    generation.write(&rows, vec![folding.sealed().unwrap()], story.log.head().unwrap()).unwrap();
    assert!(!projector.compare(&story.log, ChildRecord::NAME).unwrap().is_identical());
    projector.rebuild(&story.log, &[ChildRecord::NAME], &mut |_| ()).unwrap();
    assert!(projector.compare(&story.log, ChildRecord::NAME).unwrap().is_identical());
}

#[test]
fn rows_that_know_more_than_the_log_are_folded_afresh() {
    let mut story = Story::begin();
    let key = story.mint();
    story.tell(child(1).stream(), key, beginning(1));
    let (rows, projector) = caught_up(&story, "rows");
    let restored = MemoryLog::new();
    let caught = projector.tick(&restored, u32::MAX).unwrap();
    assert_eq!((caught.position, caught.at_head), (Position::ZERO, true));
    assert_eq!(rows.get::<ChildRecord>(&child(1)).unwrap(), None);
}

#[test]
fn a_damaged_row_stops_its_model_and_a_rebuild_mends_it() {
    let mut story = Story::begin();
    let (key, month) = (story.mint(), story.mint());
    story.tell(child(1).stream(), key, beginning(1));
    let (rows, projector) = caught_up(&story, "rows");
    rows.damage::<ChildRecord>(&child(1));
    story.tell(child(1).stream(), key, vec![started(1, 1)]);
    story.tell(nurse().search_stream(), month, vec![listed(&[child(1)])]);
    let caught = projector.tick(&story.log, u32::MAX).unwrap();
    assert_eq!(caught.stopped.iter().map(|stopped| stopped.model).collect::<Vec<_>>(), [ChildRecord::NAME]);
    assert_eq!(rows.digest::<projections::Listings>().unwrap().rows, 1);
    projector.rebuild(&story.log, &[ChildRecord::NAME], &mut |_| ()).unwrap();
    let mended = projector.tick(&story.log, u32::MAX).unwrap();
    assert_eq!((mended.stopped.len(), mended.position), (0, story.log.head().unwrap()));
}

#[test]
fn no_model_of_another_name_is_rebuilt() {
    let story = Story::begin();
    let (_rows, projector) = caught_up(&story, "rows");
    assert_eq!(
        projector.rebuild(&story.log, &["child_record"], &mut |_| ()).unwrap_err().code(),
        "model_unknown"
    );
    assert_eq!(projector.compare(&story.log, "nothing").unwrap_err().code(), "model_unknown");
}
