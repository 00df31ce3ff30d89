//! Rows survive what they must, and nothing outlives its key.

use std::{fs, path::Path};

use event_log::{EventLog, RecordRef};
use events::child::{Child, consent::Episode};
use projections::{AccessAudit, ChildRecord, Posting, RowKey, caseload};
use vocabulary::{ChildId, ChildNumber, KeyedRef, Revision};

use super::*;
use crate::{
    catch_up::{
        Projector,
        story::{Story, beginning, child, fact, opened, started},
    },
    children::Own,
    unseal::unseal,
};

/// One child with two open entries, and a look at their record.
fn one_child() -> Story {
    let mut story = Story::begin();
    let (key, month) = (story.mint(), story.mint());
    story.tell(child(1).stream(), key, beginning(1));
    story.tell(child(1).stream(), key, vec![started(1, 1), started(1, 2)]);
    story.tell(child(1).access_stream(), month, vec![opened()]);
    story
}

fn catch_up(story: &Story, rows: &Arc<Rows>) {
    let caught = Projector::new(Arc::clone(rows)).tick(&story.log, u32::MAX).unwrap();
    assert!(caught.at_head && caught.stopped.is_empty(), "{caught:?}");
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

fn contain(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().map(Result::unwrap).any(|entry| {
        if entry.file_type().unwrap().is_dir() {
            contain(&entry.path(), needle)
        } else {
            fs::read(entry.path()).unwrap().windows(needle.len()).any(|bytes| bytes == needle)
        }
    })
}

fn entries(rows: &Rows) -> Vec<(Posting, ChildId)> {
    let within = caseload::of(&"org:b".parse().unwrap());
    rows.postings::<ChildRecord>(&within, None, Order::Ascending, 100).unwrap()
}

#[test]
fn rows_postings_and_checkpoint_survive_a_reopen() {
    let story = one_child();
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let before = (rows.digest::<ChildRecord>().unwrap(), entries(&rows));
    assert_eq!((before.0.rows, before.1.len()), (1, 2));
    drop(rows);
    let reopened = story.rows("rows");
    assert_eq!((reopened.digest::<ChildRecord>().unwrap(), entries(&reopened)), before);
    assert_eq!(reopened.checkpoint::<ChildRecord>().unwrap(), Position(3));
}

#[test]
fn what_a_crash_leaves_is_whole_batches_and_the_rest_is_folded_again() {
    let mut story = one_child();
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let whole = rows.digest::<ChildRecord>().unwrap();
    // The files as they are while the store is in use: what a power cut leaves, had it come now.
    let crashed = story.folder.path().join("crashed");
    copy(&story.folder.path().join("rows"), &crashed);
    let reopened = Arc::new(story.open(&crashed));
    assert_eq!(
        reopened.checkpoint::<ChildRecord>().unwrap(),
        reopened.digest::<ChildRecord>().unwrap().position
    );
    catch_up(&story, &reopened);
    assert_eq!(reopened.digest::<ChildRecord>().unwrap(), whole);
    // The store that went on does not notice.
    let key = story.mint();
    story.tell(child(2).stream(), key, beginning(2));
    catch_up(&story, &rows);
    assert_eq!(rows.digest::<ChildRecord>().unwrap().rows, 2);
}

#[test]
fn a_torn_journal_loses_batches_from_the_end_and_never_half_of_one() {
    let story = one_child();
    let rows = story.rows("rows");
    let projector = Projector::new(Arc::clone(&rows));
    while !projector.tick(&story.log, 1).unwrap().at_head {}
    let whole = rows.digest::<ChildRecord>().unwrap();
    let image = story.folder.path().join("image");
    copy(&story.folder.path().join("rows"), &image);
    let journals = || fs::read_dir(&image).unwrap().map(|entry| entry.unwrap().path());
    let journal = journals().find(|path| path.extension().is_some_and(|end| end == "jnl")).unwrap();
    let written = fs::read(&journal).unwrap();
    let used = written.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    for cut in (0..used).step_by(used / 16) {
        let torn = story.folder.path().join(format!("torn-{cut}"));
        copy(&image, &torn);
        fs::write(torn.join(journal.file_name().unwrap()), &written[..cut]).unwrap();
        let reopened = Arc::new(story.open(&torn));
        let found = reopened.digest::<ChildRecord>().unwrap();
        assert_eq!(found.rows, u64::from(found.position >= Position(1)), "cut at {cut}");
        assert_eq!(
            entries(&reopened).len(),
            if found.position >= Position(2) { 2 } else { 0 },
            "cut at {cut}"
        );
        catch_up(&story, &reopened);
        assert_eq!(reopened.digest::<ChildRecord>().unwrap(), whole, "cut at {cut}");
    }
}

#[test]
fn what_a_cut_short_rebuild_or_an_older_version_left_is_dropped_at_opening() {
    let story = one_child();
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    rows.begin::<ChildRecord>().unwrap().rows_to_write().unwrap();
    rows.database.keyspace("child_record.v0.g3", options).unwrap();
    rows.meta.insert("child_record.v0", 3_u64.to_be_bytes()).unwrap();
    let (before, kept) = (rows.digest::<ChildRecord>().unwrap(), rows.database.keyspace_count());
    drop(rows);
    let reopened = story.rows("rows");
    assert_eq!(reopened.database.keyspace_count(), kept - 2);
    assert!(reopened.meta.get("child_record.v0").unwrap().is_none());
    assert_eq!(reopened.digest::<ChildRecord>().unwrap(), before);
}

#[test]
fn a_batch_that_is_not_written_changes_nothing() {
    let story = one_child();
    let rows = story.rows("rows");
    let generation = rows.live::<ChildRecord>().unwrap();
    let mut records = Vec::new();
    let mut take = |record: RecordRef<'_>| records.push(unseal(&story.vault, record).unwrap());
    story.log.read_all(Position::ZERO, 2, &mut take).unwrap();
    let mut folding = Folding::<ChildRecord>::into(&rows, &generation);
    for recorded in &records {
        folding.take(child(1), recorded);
    }
    drop(folding.sealed().unwrap());
    assert_eq!(rows.get::<ChildRecord>(&child(1)).unwrap(), None);
    assert_eq!(rows.checkpoint::<ChildRecord>().unwrap(), Position::ZERO);
}

#[test]
fn no_name_stands_in_the_files() {
    let story = one_child();
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let folder = story.folder.path().join("rows");
    assert!(contain(&folder, child(1).0.as_bytes()), "the search finds what is there");
    for name in ["Zebedee", "Quillfeather", "04817263599", "social_care"] {
        assert!(!contain(&folder, name.as_bytes()), "{name}");
    }
}

#[test]
fn a_destroyed_key_reads_as_no_row_at_once_and_takes_its_postings_when_told() {
    let mut story = Story::begin();
    let (key, other) = (story.mint(), story.mint());
    story.tell(child(1).stream(), key, [beginning(1), vec![started(1, 1)]].concat());
    story.tell(child(2).stream(), other, [beginning(2), vec![started(2, 2)]].concat());
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    assert_eq!(entries(&rows).len(), 2);

    story.forget(child(1).stream(), key);
    assert_eq!(rows.get::<ChildRecord>(&child(1)).unwrap(), None);
    let left = rows.scan::<ChildRecord>(&[], None, Order::Ascending, 10).unwrap();
    assert_eq!(left.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [child(2)]);
    let mut told = Vec::new();
    rows.each::<ChildRecord>(&mut |id, _| told.push(id)).unwrap();
    assert_eq!(told, [child(2)]);

    catch_up(&story, &rows);
    assert_eq!(entries(&rows).into_iter().map(|(_, id)| id).collect::<Vec<_>>(), [child(2)]);
}

#[test]
fn a_row_is_as_deciding_its_last_record_left_it_unless_something_was_forgotten() {
    let mark = Some(ChildNumber::from_draw(7));
    let marked = |key, revision, episodes: &[(KeyedRef, Episode)]| {
        let child = Child { number: mark, episodes: episodes.iter().cloned().collect(), ..Child::default() };
        Arc::new(Own::new(Arc::new(child), Revision(revision), Some(key), 0))
    };
    let mut story = Story::begin();
    let key = story.mint();
    story.tell(child(1).stream(), key, beginning(1));
    story.tell(child(1).stream(), key, vec![started(1, 1)]);
    let folded = |told: &Story, name: &str, revision| {
        let rows = told.rows(name);
        rows.children().remember(child(1), marked(key, revision, &[]));
        catch_up(told, &rows);
        rows
    };
    let number = |rows: &Rows| rows.get::<ChildRecord>(&child(1)).unwrap().map(|row| row.child.number);
    let decided = folded(&story, "decided", 2);
    assert_eq!(number(&decided), Some(mark));
    assert_eq!(entries(&decided), [], "the postings are those of the row");
    assert_ne!(number(&folded(&story, "older", 1)), Some(mark));
    assert_ne!(number(&folded(&story, "newer", 3)), Some(mark));
    // A key that is destroyed while it is remembered, told or not.
    let rows = story.rows("episode");
    let episode = Episode {
        supplier: "org:b".parse().unwrap(),
        consent: None,
        harm: None,
        harm_first: None,
        withdrawn: false,
        key: story.mint(),
    };
    let known = marked(key, 2, &[(KeyedRef::from_u128(1), episode.clone())]);
    rows.children().remember(child(1), known);
    story.vault.destroy(episode.key).unwrap();
    catch_up(&story, &rows);
    assert_ne!(number(&rows), Some(mark));
    story.forget(child(1).stream(), key);
    assert_eq!(number(&folded(&story, "forgotten", 2)), None);
}

#[test]
fn a_row_moved_to_another_key_does_not_open() {
    let story = one_child();
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let keyspace = rows.live::<ChildRecord>().unwrap().rows().unwrap().clone();
    let bytes = keyspace.get(reading::row_key::<ChildRecord>(&child(1))).unwrap().unwrap();
    keyspace.insert(reading::row_key::<ChildRecord>(&child(9)), bytes).unwrap();
    assert_eq!(rows.get::<ChildRecord>(&child(9)).unwrap_err().code(), "rows_vault");
}

#[test]
fn every_row_is_told_in_the_order_of_keys_and_one_that_does_not_open_ends_it() {
    let mut story = Story::begin();
    for number in 0..90_u128 {
        let key = story.mint();
        // Keys that do not come in the order in which they were told.
        story.tell(child(number * 7919 % 90).stream(), key, beginning(number));
    }
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let mut told = Vec::new();
    let position = rows.each::<ChildRecord>(&mut |id, row| told.push((id, row))).unwrap();
    assert_eq!(position, story.log.head().unwrap());
    assert_eq!(told, rows.scan::<ChildRecord>(&[], None, Order::Ascending, 100).unwrap());
    assert_eq!(told.len(), 90);
    let keyspace = rows.live::<ChildRecord>().unwrap().rows().unwrap().clone();
    for damaged in [0, 89] {
        let at = |number| reading::row_key::<ChildRecord>(&child(number));
        let own = keyspace.get(at(damaged)).unwrap().unwrap();
        keyspace.insert(at(damaged), keyspace.get(at(45)).unwrap().unwrap()).unwrap();
        let mut before = 0;
        let ended = rows.each::<ChildRecord>(&mut |_, _| before += 1);
        assert_eq!(ended.unwrap_err().code(), "rows_vault");
        assert!(before <= damaged, "nothing after it is told");
        keyspace.insert(at(damaged), own).unwrap();
    }
    let panics = || rows.each_made::<ChildRecord, ()>(&|id, _| assert_ne!(id, child(3)), &mut |()| ());
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err(), "and ends");
}

#[test]
fn a_posting_that_goes_from_one_row_to_another_in_one_batch_leads_there() {
    let mut story = Story::begin();
    let keys = [story.mint(), story.mint()];
    for (number, key) in (1..).zip(keys) {
        story.tell(child(number).stream(), key, beginning(number));
    }
    story.tell(child(2).stream(), keys[1], vec![started(2, 9)]);
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let ended = serde_json::json!({"involvement": uuid::Uuid::from_u128(9), "ended_on": "2026-05-01"});
    story.tell(child(2).stream(), keys[1], vec![fact(events::Fact::Child, "involvement_ended", &ended)]);
    story.tell(child(1).stream(), keys[0], vec![started(1, 9)]);
    catch_up(&story, &rows);
    assert_eq!(entries(&rows).into_iter().map(|(_, id)| id).collect::<Vec<_>>(), [child(1)]);
}

#[test]
fn a_scan_goes_on_after_a_key_in_either_order_and_stops_at_its_limit() {
    let mut story = Story::begin();
    let month = story.mint();
    for number in [1, 1, 1, 2] {
        story.tell(child(number).access_stream(), month, vec![opened()]);
    }
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let of_first = child(1).encode();
    let places = |after: Option<u64>, order, limit| -> Vec<u64> {
        let after = after.map(|position| (child(1), Position(position)));
        let found = rows.scan::<AccessAudit>(&of_first, after.as_ref(), order, limit).unwrap();
        found.into_iter().map(|((_, position), _)| position.0).collect()
    };
    assert_eq!(places(None, Order::Ascending, 10), [1, 2, 3]);
    assert_eq!(places(None, Order::Descending, 10), [3, 2, 1]);
    assert_eq!(places(Some(1), Order::Ascending, 1), [2]);
    assert_eq!(places(Some(3), Order::Descending, 10), [2, 1]);
}

#[test]
fn postings_go_on_after_one_in_either_order() {
    let story = one_child();
    let rows = story.rows("rows");
    catch_up(&story, &rows);
    let within = caseload::of(&"org:b".parse().unwrap());
    let all = entries(&rows);
    let after_first = rows.postings::<ChildRecord>(&within, Some(&all[0].0), Order::Ascending, 10).unwrap();
    assert_eq!(after_first, all[1..]);
    let before_last = rows.postings::<ChildRecord>(&within, Some(&all[1].0), Order::Descending, 10).unwrap();
    assert_eq!(before_last, all[..1]);
    let elsewhere = caseload::of(&"org:bb".parse().unwrap());
    assert_eq!(rows.postings::<ChildRecord>(&elsewhere, None, Order::Ascending, 10).unwrap(), []);
}

#[test]
fn a_store_in_use_is_not_opened_twice() {
    let story = Story::begin();
    let _rows = story.rows("rows");
    let again = Rows::open(&story.folder.path().join("rows"), Arc::clone(&story.vault), 1 << 20);
    assert_eq!(again.unwrap_err().code(), "rows_in_use");
}

impl Rows {
    /// Every key that is stored of a model, with the row that a posting leads to.
    pub(crate) fn entries<M: ReadModel>(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let generation = self.live::<M>().unwrap();
        let Some(keyspace) = generation.rows() else { return Vec::new() };
        let all = keyspace.iter().map(|guard| guard.into_inner().unwrap());
        all.map(|(key, value)| {
            let led_to = if key.first() == Some(&ROW) { Vec::new() } else { value.to_vec() };
            (key.to_vec(), led_to)
        })
        .collect()
    }

    /// Changes a stored row as rot would.
    pub(crate) fn damage<M: ReadModel>(&self, key: &M::Key) {
        let keyspace = self.live::<M>().unwrap().rows().unwrap().clone();
        let place = reading::row_key::<M>(key);
        let mut bytes = keyspace.get(&place).unwrap().unwrap().to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        keyspace.insert(place, bytes).unwrap();
    }
}
