//! Epochs and bounded memory, where only the inside can show it: each crash state, and keys beyond the room.

use std::fs;
use std::path::Path;
use std::thread;

use tempfile::TempDir;
use vocabulary::stream::KeyId;

use crate::block::Room;
use crate::vault::{Opened, Sealed, Vault};

const NONCE: [u8; 12] = [5; 12];

struct Stage {
    folder: TempDir,
    vault: Vault,
    live: Vec<(KeyId, Sealed)>,
    destroyed: Vec<(KeyId, Sealed)>,
}

/// A vault of a few blocks, some of whose keys are destroyed.
fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(&folder.path().join("keys")).unwrap();
    let mut live: Vec<_> = (0..3000).map(|_| sealed(&vault)).collect();
    let destroyed: Vec<_> = live.extract_if(.., |(key, _)| key.slot % 10 == 0).collect();
    vault.destroy_all(&destroyed.iter().map(|(key, _)| *key).collect::<Vec<_>>()).unwrap();
    Stage { folder, vault, live, destroyed }
}

fn sealed(vault: &Vault) -> (KeyId, Sealed) {
    let key = vault.mint().unwrap();
    (key, vault.seal(key, NONCE, b"bound", b"an invented fact").unwrap())
}

fn open(vault: &Vault, (key, sealed): &(KeyId, Sealed)) -> Opened {
    vault.open_payload(*key, NONCE, b"bound", sealed.dictionary, &sealed.bytes, &mut Vec::new()).unwrap()
}

impl Stage {
    fn check(&self, vault: &Vault) {
        assert_eq!(vault.damaged(), []);
        assert!(self.live.iter().all(|one| open(vault, one) == Opened::Plain));
        assert!(self.destroyed.iter().all(|one| open(vault, one) == Opened::Erased));
    }

    /// Opens a copy of the folder as a crash now leaves it; then finishes the epoch and opens it once more.
    fn survives(&self, moment: &str) {
        let copy = self.folder.path().join(moment);
        copy_all(&self.folder.path().join("keys"), &copy);
        let vault = Vault::open(&copy).unwrap();
        self.check(&vault);
        vault.rotate_epoch().unwrap();
        self.check(&vault);
        drop(vault);
        assert_eq!(fs::read_dir(copy.join("epochs")).unwrap().count(), 1, "{moment}");
        let unfinished = fs::read_dir(&copy)
            .unwrap()
            .filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "new"));
        assert_eq!(unfinished.count(), 0, "{moment}");
        self.check(&Vault::open(&copy).unwrap());
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_all(&path, &copy);
        } else {
            fs::copy(&path, &copy).unwrap();
        }
    }
}

#[test]
fn a_crash_at_any_step_of_a_new_epoch_loses_no_key_and_revives_none() {
    let stage = stage();
    let rings = stage.vault.rings();
    stage.survives("before");
    rings.begin_epoch().unwrap();
    stage.survives("begun");
    rings.hashes.write(&rings.folder, &crate::locks::reading(&rings.epochs)).unwrap();
    stage.survives("index key wrapped");
    rings.rewrap().unwrap();
    stage.survives("all wrapped");
    // Cut short in the wiping of the old epoch: renamed, not yet gone.
    let old = rings.folder.join("epochs/epoch-00000001");
    let renamed = old.with_extension("new");
    fs::rename(&old, &renamed).unwrap();
    stage.survives("old epoch half wiped");
    fs::rename(&renamed, &old).unwrap();
    rings.end_epochs().unwrap();
    stage.survives("ended");
    stage.check(&stage.vault);
}

#[test]
fn a_half_rewritten_file_left_by_a_crash_is_thrown_away() {
    let stage = stage();
    let rings = stage.vault.rings();
    rings.begin_epoch().unwrap();
    let pool = rings.pools().remove(0);
    let whole = fs::read(&pool.path).unwrap();
    for length in [0, 64, 1000, 65_536, 100_000, whole.len()] {
        fs::write(pool.path.with_extension("new"), &whole[..length]).unwrap();
        stage.survives(&format!("cut at {length}"));
    }
}

#[test]
fn keys_minted_and_destroyed_while_an_epoch_begins_stay_what_they_are() {
    let mut stage = stage();
    let vault = &stage.vault;
    let (born, doomed) = thread::scope(|scope| {
        let rotating = scope.spawn(|| (0..5).try_for_each(|_| vault.rotate_epoch()).unwrap());
        let reading = scope.spawn(|| {
            for _ in 0..5 {
                assert!(stage.destroyed.iter().all(|one| open(vault, one) == Opened::Erased));
            }
        });
        let (mut born, mut doomed) = (Vec::new(), Vec::new());
        for number in 0..4000 {
            let one = sealed(vault);
            if number % 40 == 0 {
                vault.destroy(one.0).unwrap();
                doomed.push(one);
            } else {
                born.push(one);
            }
        }
        rotating.join().unwrap();
        reading.join().unwrap();
        (born, doomed)
    });
    stage.live.extend(born);
    stage.destroyed.extend(doomed);
    stage.check(&stage.vault);
    stage.survives("after five epochs");
}

#[test]
fn keys_beyond_the_room_in_memory_are_read_one_at_a_time() {
    let Stage { folder, vault: closed, live, destroyed } = stage();
    drop(closed);
    for room in 0..3 {
        let vault = Vault::open_with(&folder.path().join("keys"), Room::new(room)).unwrap();
        assert!(live.iter().rev().all(|one| open(&vault, one) == Opened::Plain), "room for {room}");
        assert!(destroyed.iter().all(|one| open(&vault, one) == Opened::Erased), "room for {room}");
        let (first, born) = (sealed(&vault), sealed(&vault));
        vault.destroy(first.0).unwrap();
        assert_eq!((open(&vault, &first), open(&vault, &born)), (Opened::Erased, Opened::Plain));
        vault.rotate_epoch().unwrap();
        assert_eq!((open(&vault, &first), open(&vault, &born)), (Opened::Erased, Opened::Plain));
    }
}
