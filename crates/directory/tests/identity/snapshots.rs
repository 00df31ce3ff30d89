//! The index kept on disk: a directory that opens from it answers as one that opens from its rows.

use std::{fs, sync::Arc};

use directory::{
    Mode, OutcomeKind, Person,
    snapshots::{Doubt, IndexFrom, Kept, SaveIndexError},
};
use event_log::{EventLog, Expected, MemoryLog, Payload, Proposed};
use events::search::Criteria;
use serde_json::{Value, json};
use vocabulary::{ChildNumber, Position, Role};

use crate::{
    draws::{Draws, as_a_feed_tells, somebody},
    merging::two_records,
    world::{FEEDS, World, ava, opened},
};

const CHILDREN: u64 = 24;

/// Closes the directory as a kill does, and opens it again.
fn reopened(world: World) -> World {
    let World { directory: before, log, vault, folder } = world;
    drop(before);
    let directory = opened(&log, &vault, &folder.path().join("rows"));
    World { directory, log, vault, folder }
}

/// The same log and keys, with rows of their own and no snapshot.
fn from_rows(world: &World) -> World {
    let (log, vault) = (Arc::clone(&world.log), Arc::clone(&world.vault));
    let folder = tempfile::tempdir().unwrap();
    let directory = opened(&log, &vault, &folder.path().join("rows"));
    assert!(matches!(directory.index_from(), IndexFrom::Rows(None)));
    World { directory, log, vault, folder }
}

/// A directory of invented children, some described twice, two merged.
fn populated() -> (World, Person) {
    let world = World::new();
    let practitioner = world.user(Role::Practitioner);
    let mut draws = Draws(7);
    for number in 0..CHILDREN {
        let mut told = somebody(number);
        told["local_ref"] = json!(format!("c-{number}"));
        world.described(FEEDS[0], &told);
        if number % 3 == 0 {
            let mut other = as_a_feed_tells(&told, &mut draws);
            other["local_ref"] = json!(format!("g-{number}"));
            world.described(FEEDS[1], &other);
        }
    }
    let (known, other) = two_records(&world);
    let manager = world.user(Role::DataManager);
    assert_eq!(world.merge(&manager, known, other).kind, OutcomeKind::Recorded);
    (world, practitioner)
}

fn by_name_and_year(child: &Value) -> Criteria {
    let text = |field: &str| child[field].as_str().unwrap();
    let year = text("date_of_birth")[..4].parse().unwrap();
    Criteria { surname: Some(text("surname").to_owned()), birth_year: Some(year), ..Criteria::default() }
}

fn by_name_and_home(child: &Value) -> Criteria {
    let postcode = child["address"]["postcode"].as_str().unwrap().parse().unwrap();
    Criteria { postcode: Some(postcode), birth_year: None, ..by_name_and_year(child) }
}

/// Who is found and who is matched, of every child that was told of.
fn answers(world: &World, practitioner: &Person) -> Vec<String> {
    let children: Vec<Value> = (0..CHILDREN + 4).map(somebody).chain([ava("x")]).collect();
    let found: Vec<_> = children
        .iter()
        .flat_map(|child| [by_name_and_year(child), by_name_and_home(child)])
        .map(|criteria| world.found(practitioner, criteria))
        .collect();
    let known: Vec<ChildNumber> = found.iter().flatten().map(|(number, ..)| *number).collect();
    let matched = children.iter().map(|child| {
        let mut told = as_a_feed_tells(child, &mut Draws(11));
        told["local_ref"] = json!("nobody's");
        let outcome = world.told(FEEDS[2], &told, Mode::DryRun);
        // The number of a child that would be new is drawn each time.
        format!("{:?} {:?}", outcome.kind, outcome.child_number.filter(|number| known.contains(number)))
    });
    found.iter().map(|found| format!("{found:?}")).chain(matched).collect()
}

fn saved(world: &World) -> u32 {
    match world.directory.save_index().unwrap() {
        Kept::Written { generation, .. } => generation,
        Kept::Unchanged => panic!("something had changed"),
    }
}

fn files(world: &World) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(world.folder.path().join("index")).unwrap();
    // Handles have a folder of their own there.
    files.map(|file| file.unwrap().path()).filter(|path| path.is_file()).collect()
}

#[test]
fn a_directory_that_opens_from_its_snapshot_answers_as_one_that_opens_from_its_rows() {
    let (world, practitioner) = populated();
    assert!(matches!(world.directory.index_from(), IndexFrom::Rows(None)));
    let before = answers(&world, &practitioner);
    assert!(
        before.iter().filter(|answer| answer.contains("Some(")).count() > 20,
        "most are matched: {before:?}"
    );
    assert_eq!(saved(&world), 1);
    let position = world.directory.head().unwrap();
    assert_eq!(world.directory.save_index().unwrap(), Kept::Unchanged);
    let world = reopened(world);
    let from = world.directory.index_from();
    assert!(
        matches!(from, IndexFrom::Snapshot { generation: 1, position: at, put: 0, taken_out: 0 } if *at == position),
        "{from:?}"
    );
    assert_eq!(answers(&world, &practitioner), before);
    assert_eq!(answers(&from_rows(&world), &practitioner), before);
}

#[test]
fn what_happened_after_the_snapshot_holds_at_once_when_nothing_was_kept_since() {
    let (world, practitioner) = populated();
    let team = world.user(Role::AuthorityTeam);
    saved(&world);
    assert_eq!(world.directory.filed_since_kept(), 0);
    let shielded = world.found(&practitioner, by_name_and_year(&somebody(1)))[0].0;
    assert_eq!(world.found(&practitioner, by_name_and_home(&somebody(1))).len(), 1);
    world.shield(&team, shielded);
    for number in CHILDREN..CHILDREN + 2 {
        let mut told = somebody(number);
        told["local_ref"] = json!(format!("c-{number}"));
        world.described(FEEDS[0], &told);
    }
    let mut corrected = somebody(2);
    corrected["local_ref"] = json!("c-2");
    corrected["surname"] = json!("Quenneville");
    world.described(FEEDS[0], &corrected);
    assert!(world.directory.filed_since_kept() >= 4);
    let world = reopened(world);
    let from = world.directory.index_from();
    assert!(matches!(from, IndexFrom::Snapshot { put: 4, .. }), "{from:?}");
    assert_eq!(world.found(&practitioner, by_name_and_home(&somebody(1))), [], "the shield holds");
    assert_eq!(world.found(&practitioner, by_name_and_year(&somebody(1))), [(shielded, true, false)]);
    assert_eq!(world.found(&practitioner, by_name_and_year(&corrected)).len(), 1);
    assert_eq!(answers(&world, &practitioner), answers(&from_rows(&world), &practitioner));
}

#[test]
fn a_merge_and_a_split_after_the_snapshot_hold_when_it_is_opened() {
    let world = World::new();
    let (manager, practitioner) = (world.user(Role::DataManager), world.user(Role::Practitioner));
    let (known, other) = two_records(&world);
    saved(&world);
    world.merge(&manager, known, other);
    let world = reopened(world);
    assert!(matches!(world.directory.index_from(), IndexFrom::Snapshot { .. }));
    let found = |asked: &World, surname: &str, year| -> Vec<ChildNumber> {
        let criteria =
            Criteria { surname: Some(surname.to_owned()), birth_year: Some(year), ..Criteria::default() };
        asked.found(&practitioner, criteria).into_iter().map(|(number, ..)| number).collect()
    };
    assert_eq!((found(&world, "Lowe", 2015), found(&world, "Kouame", 2015)), (vec![known], vec![known]));
    saved(&world);
    world.split(&manager, known, other);
    let world = reopened(world);
    assert!(matches!(world.directory.index_from(), IndexFrom::Snapshot { generation: 2, .. }));
    assert_eq!((found(&world, "Lowe", 2015), found(&world, "Kouame", 2014)), (vec![known], vec![other]));
    let rows = from_rows(&world);
    assert_eq!((found(&rows, "Lowe", 2015), found(&rows, "Kouame", 2014)), (vec![known], vec![other]));
}

#[test]
fn an_altered_snapshot_is_taken_away_and_the_index_built_from_the_rows() {
    let (world, practitioner) = populated();
    let before = answers(&world, &practitioner);
    saved(&world);
    let file = files(&world).remove(0);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&file, bytes).unwrap();
    let world = reopened(world);
    assert!(matches!(world.directory.index_from(), IndexFrom::Rows(Some(Doubt::Index(_)))));
    assert!(files(&world).is_empty());
    assert_eq!(answers(&world, &practitioner), before);
    assert_eq!(saved(&world), 1);
    assert!(matches!(reopened(world).directory.index_from(), IndexFrom::Snapshot { .. }));
}

#[test]
fn a_log_that_was_restored_to_an_earlier_point_does_not_open_from_a_later_snapshot() {
    let (world, practitioner) = populated();
    saved(&world);
    let last = Position(world.directory.head().unwrap().0 - 8);
    let World { directory: later, log: whole, vault, folder } = world;
    drop(later);
    let log = Arc::new(MemoryLog::new());
    let mut kept: Vec<Proposed> = Vec::new();
    whole
        .read_all(Position::ZERO, u32::MAX, &mut |record| {
            if let (Payload::Kept(payload), true) = (record.payload, record.position <= last) {
                let (header, dictionary) = (record.header, record.dictionary);
                kept.push(Proposed { header, dictionary, payload: payload.to_vec() });
            }
        })
        .unwrap();
    for proposed in kept {
        log.submit(proposed.header.stream, Expected::Any, vec![proposed]).wait().unwrap();
    }
    let directory = opened(&log, &vault, &folder.path().join("rows"));
    let earlier = World { directory, log, vault, folder };
    assert!(matches!(earlier.directory.index_from(), IndexFrom::Rows(Some(Doubt::Past(_)))));
    assert!(files(&earlier).is_empty());
    assert_eq!(answers(&earlier, &practitioner), answers(&from_rows(&earlier), &practitioner));
}

#[test]
fn the_snapshot_is_forgotten_when_asked_and_kept_nowhere_without_a_folder() {
    let (world, _) = populated();
    saved(&world);
    assert!(world.directory.forget_index().unwrap());
    assert!(files(&world).is_empty() && !world.directory.forget_index().unwrap());
    let world = reopened(world);
    assert!(matches!(world.directory.index_from(), IndexFrom::Rows(None)));
    assert_eq!(saved(&world), 1, "and may be kept again");
    let clock = Box::new(directory::ports::ToldClock::new(world.directory.now()));
    let rows = world.folder.path().join("other rows");
    let log = Arc::clone(&world.log) as Arc<dyn EventLog>;
    let nowhere = directory::Directory::on(log, Arc::clone(&world.vault), &rows, clock).unwrap();
    assert!(matches!(nowhere.save_index(), Err(SaveIndexError::Nowhere)));
}
