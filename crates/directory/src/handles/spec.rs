//! Handles in memory and in files: found wherever they lie, and never believed when damaged.

use std::fs;

use super::{keeping::Kept, *};
use crate::catch_up::story::{Dice, Story, beginning, child};

/// Small numbers meet often.
fn handle(number: usize) -> Handle {
    Handle([0, 0, 0, 0, 0, 0, u8::try_from(number).unwrap()])
}

fn over(story: &Story, newest_max: usize) -> Handles {
    let kept = Kept::open(&story.folder.path().join("handles"), &story.log).unwrap();
    Handles { newest_max, ..Handles::over(Some(kept)) }
}

fn files(story: &Story) -> usize {
    fs::read_dir(story.folder.path().join("handles")).unwrap().count()
}

/// A history of some records, so that there is a position to stand at.
fn begun() -> Story {
    let mut story = Story::begin();
    for number in 0..9 {
        let key = story.mint();
        story.tell(child(number).stream(), key, beginning(number));
    }
    story
}

#[test]
fn whatever_was_put_is_found_wherever_it_lies_by_now() {
    for seed in 1..20 {
        let story = begun();
        let handles = over(&story, 40);
        let mut dice = Dice(seed);
        let mut told: BTreeSet<(usize, ChildId)> = BTreeSet::new();
        for step in 0..2_000 {
            let (of, to) = (dice.below(200), child(u128::try_from(dice.below(500)).unwrap()));
            handles.put_all(&[handle(of)], to);
            told.insert((of, to));
            handles.spill().unwrap();
            if step % 7 == 0 {
                handles.kept().unwrap().merge().unwrap();
            }
            let asked = dice.below(200);
            let known = told.range((asked, ChildId::from_u128(0))..=(asked, ChildId::from_u128(u128::MAX)));
            let known: Vec<_> = known.map(|(_, child)| *child).collect();
            assert_eq!(handles.find(handle(asked)).unwrap(), known, "seed {seed}, step {step}");
        }
        while handles.kept().unwrap().merge().unwrap() {}
        assert!(handles.kept().unwrap().leads.names().len() < 6, "runs are merged");
        handles.stands_at(story.log.head().unwrap(), &story.log, &story.vault).unwrap();
        drop(handles);
        let again = over(&story, 40);
        for asked in 0..200 {
            let known: Vec<_> = told.iter().filter(|(of, _)| *of == asked).map(|(_, to)| *to).collect();
            assert_eq!(again.find(handle(asked)).unwrap(), known, "after an opening");
        }
        assert_eq!(again.kept().unwrap().position(), story.log.head().unwrap());
    }
}

#[test]
fn a_long_row_of_entries_of_one_handle_is_found_across_blocks() {
    let story = begun();
    let handles = over(&story, 1);
    for number in 0..1_000 {
        handles.put_all(&[handle(7)], child(number));
    }
    handles.put_all(&[handle(6), handle(8)], child(0));
    handles.spill().unwrap();
    assert_eq!(handles.find(handle(7)).unwrap().len(), 1_000);
    assert_eq!(handles.find(handle(6)).unwrap(), [child(0)]);
    assert_eq!(handles.find(handle(8)).unwrap(), [child(0)]);
    assert!(handles.find(handle(5)).unwrap().is_empty() && handles.find(handle(9)).unwrap().is_empty());
}

#[test]
fn an_event_id_seen_long_ago_is_known_with_the_hash_of_its_body() {
    let story = begun();
    let mut ids = Vec::new();
    story
        .log
        .read_all(Position::ZERO, 100, &mut |record| ids.push((record.header.event_id, record.position)))
        .unwrap();
    let handles = over(&story, 1);
    for (id, position) in &ids {
        handles.see(*id, Seen { position: *position, body: BodyHash([1; 16]) });
        handles.spill().unwrap();
    }
    for (id, position) in &ids {
        let found = handles.seen(*id, &story.log).unwrap().unwrap();
        // The log's own word: what the header says was sent.
        assert_eq!((found.position, found.body), (*position, BodyHash::default()));
    }
    let mut stranger = ids[0].0.0.into_bytes();
    stranger[15] ^= 1;
    let stranger = EventId(Uuid::from_bytes(stranger));
    assert_eq!(handles.seen(stranger, &story.log).unwrap(), None, "an id that merely begins like one");
}

#[test]
fn a_block_that_was_altered_is_an_error_and_never_an_empty_answer() {
    let story = begun();
    let handles = over(&story, 1);
    handles.put_all(&[handle(7)], child(1));
    handles.spill().unwrap();
    handles.stands_at(story.log.head().unwrap(), &story.log, &story.vault).unwrap();
    let folder = story.folder.path().join("handles");
    let file = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|file| file.file_name().unwrap().to_str().unwrap().starts_with("leads"));
    let mut bytes = fs::read(file.as_ref().unwrap()).unwrap();
    bytes[4_096 + 50] ^= 1;
    fs::write(file.unwrap(), &bytes).unwrap();
    assert!(matches!(handles.find(handle(7)), Err(HandlesError::Unread(_))));
}

#[test]
fn files_that_no_manifest_names_or_that_are_of_another_past_are_taken_away() {
    let story = begun();
    let handles = over(&story, 1);
    handles.put_all(&[handle(7)], child(1));
    handles.spill().unwrap();
    assert_eq!(files(&story), 2, "the manifest, and a run that it does not name yet");
    drop(handles);
    let swept = over(&story, 1);
    assert_eq!((files(&story), swept.find(handle(7)).unwrap().len()), (1, 0));
    swept.put_all(&[handle(7)], child(1));
    swept.spill().unwrap();
    swept.stands_at(story.log.head().unwrap(), &story.log, &story.vault).unwrap();
    drop(swept);
    assert_eq!(over(&story, 1).find(handle(7)).unwrap(), [child(1)]);
    // The same folder beside a log that holds less.
    let other = Story::begin();
    let kept = Kept::open(&story.folder.path().join("handles"), &other.log).unwrap();
    assert_eq!((kept.position(), files(&story)), (Position::ZERO, 1));
}

#[test]
fn what_the_files_tell_up_to_never_goes_back() {
    let story = begun();
    let handles = over(&story, 1);
    handles.put_all(&[handle(1)], child(1));
    handles.spill().unwrap();
    let head = story.log.head().unwrap();
    handles.stands_at(head, &story.log, &story.vault).unwrap();
    // What an opening found of records by hand: no event id tells where they stand.
    handles.put_all(&[handle(2)], child(2));
    handles.freeze(Position::ZERO, 1);
    let batch = handles.frozen().unwrap();
    handles.kept().unwrap().write(&batch, &story.log, &story.vault).unwrap();
    assert_eq!(handles.kept().unwrap().position(), head);
    drop(handles);
    let again = over(&story, 1);
    assert_eq!(again.kept().unwrap().position(), head);
    assert_eq!(
        (again.find(handle(1)).unwrap(), again.find(handle(2)).unwrap()),
        (vec![child(1)], vec![child(2)])
    );
}

#[test]
fn a_failure_is_news_once_and_again_after_a_success() {
    let handles = Handles::over(None);
    assert_eq!(
        [true, true, false, false, true].map(|fails| handles.is_failing(fails)),
        [true, false, true, false, true]
    );
}
