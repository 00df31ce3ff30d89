//! No restore brings back what was erased: of older and newer copies, up to any moment, and after a copy expired.

use std::{collections::BTreeSet, fs, path::Path};

use event_log::{EventLog, Expected, Header, Options, Payload, Proposed, Segments};
use events::{
    Fact, codec, erasure,
    recorded::{Actor, Entry},
};
use uuid::Uuid;
use vault::{Opened, Vault};
use vocabulary::{BodyHash, EventId, KeyId, Position, Stream, StreamKind};

use crate::asked::{Answer, Place, SUPPLIER, contactpoint, text_of};

/// Words of the child that is forgotten.
const CANARIES: [&str; 3] = ["Quittenbaum", "Mirabelle", "Schlehenweg"];
/// And of one that is not.
const KEPT: &str = "Marsh";

const BLOCK: [u8; 4_096] = [0; 4_096];

/// Restores that a run of the tests makes; `CONTACTPOINT_TEST_RESTORES` says how many more.
fn restores() -> u64 {
    std::env::var("CONTACTPOINT_TEST_RESTORES").ok().and_then(|told| told.parse().ok()).unwrap_or(10)
}

/// What can be read in a log with these keys, record by record.
fn readable(data: &Path, keys: &Path) -> Vec<(Stream, KeyId, String)> {
    let (log, _) = Segments::open(data.join("log"), Options::default()).unwrap();
    let vault = Vault::open(keys).unwrap();
    let (mut all, mut plain) = (Vec::new(), Vec::new());
    log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        let header = record.header;
        let Payload::Kept(sealed) = record.payload else { return };
        let nonce = header.salt.first_chunk().copied().unwrap();
        let binds = header.sealing_binds();
        let opened = vault.open_payload(header.key, nonce, &binds, record.dictionary, sealed, &mut plain);
        if opened.is_ok_and(|opened| opened == Opened::Plain) {
            all.push((header.stream, header.key, String::from_utf8_lossy(&plain).into_owned()));
        }
    })
    .unwrap();
    all
}

/// How often a text stands in the files of a folder.
pub(crate) fn hits(folder: &Path, needle: &str) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let of = |entry: fs::DirEntry| {
        if entry.file_type().unwrap().is_dir() {
            return hits(&entry.path(), needle);
        }
        let bytes = fs::read(entry.path()).unwrap();
        // Of a segment nearly all is unused.
        let used = bytes.chunks(BLOCK.len()).rposition(|block| *block != BLOCK[..block.len()]);
        let used = &bytes[..bytes.len().min(used.map_or(0, |last| (last + 1) * BLOCK.len()))];
        String::from_utf8_lossy(used).matches(needle).count()
    };
    entries.map(of).sum()
}

/// Tells that the keys of whoever has a canary are destroyed, destroys them, and compacts all files.
fn erase(place: &Place) -> u64 {
    let (data, keys) = (place.path("data"), place.path("data-keys"));
    let read = readable(&data, &keys);
    let (stream, _, _) = read.iter().find(|(.., told)| told.contains(CANARIES[0])).unwrap();
    let stream = *stream;
    let of: BTreeSet<KeyId> =
        read.iter().filter(|(one, ..)| *one == stream).map(|(_, key, _)| *key).collect();
    let erased: Vec<KeyId> = of.into_iter().collect();
    {
        let (log, _) = Segments::open(data.join("log"), Options::default()).unwrap();
        let named = Stream::new(StreamKind::Erasure, stream.id);
        let fact = Fact::Erasure(erasure::Event::KeysDestroyed { stream, keys: erased.clone() });
        let entry = Entry { by: Actor::System, cause: None, facts: vec![fact] };
        let header = Header {
            salt: [9; 16],
            stream: named,
            event_id: EventId(Uuid::from_u128(0xe2a5e)),
            body_hash: BodyHash::default(),
            happened_at: 1,
            recorded_at: 1,
            class: StreamKind::Erasure as u8,
            key: KeyId::CLEAR,
            schema: codec::SCHEMA,
        };
        let proposed = Proposed { header, payload: codec::encode(&entry), dictionary: 0 };
        log.submit(named, Expected::Any, vec![proposed]).wait().unwrap();
        Vault::open(&keys).unwrap().destroy_all(&erased).unwrap();
    }
    let folders = directory::Folders::beside(&data);
    let clock = Box::<directory::ports::SystemClock>::default();
    let opened = directory::Directory::open(&folders, clock).unwrap().directory;
    let done = opened.compact().unwrap();
    assert!(done.payloads > 0 && done.children == 1, "{done:?}");
    let head = opened.head().unwrap();
    drop(opened);
    head.0
}

/// A directory with an older and a newer backup, a child erased between the two.
fn told() -> (Place, u64) {
    let place = Place::with_organisations();
    let rows = "local_ref,forename,surname,dob,gender\nE1,Mirabelle,Quittenbaum,2015-04-02,F\nE2,Ben,Marsh,2016-05-03,M\n";
    let file = place.file("children.csv", rows);
    place.ask(&["import", "children", &file, "--supplier", SUPPLIER]).ended(0);
    back_up(&place, "older");
    let checkpoint = place.path("older/checkpoint").exists();
    let head = erase(&place);
    let later = "local_ref,forename,surname,dob,gender\nE3,Cora,Marsh,2017-04-02,F\n";
    let more = place.file("more.csv", later);
    place.ask(&["import", "children", &more, "--supplier", SUPPLIER]).ended(0);
    back_up(&place, "newer");
    if checkpoint {
        let kept = text_of(&place.path("older/checkpoint"));
        place.ask(&["verify", "--checkpoint", &kept]).ended(0);
    }
    (place, head)
}

fn back_up(place: &Place, name: &str) {
    let [copy, keys] = [name.to_owned(), format!("{name}-keys")].map(|name| text_of(&place.path(&name)));
    place.ask(&["backup", "--to", &copy, "--keys-to", &keys]).ended(0);
}

fn restore(place: &Place, (log, keys, to): (&str, &str, &str), more: &[&str]) -> Answer {
    let [from, keys, data] = [log, keys, to].map(|name| text_of(&place.path(name)));
    let asked = ["--json", "restore", "--from", &from, "--keys-from", &keys, "--data", &data];
    contactpoint(&[asked.as_slice(), more].concat())
}

fn holds_nothing(place: &Place, to: &str) -> String {
    let (data, keys) = (place.path(to), place.path(&format!("{to}-keys")));
    let all: String = readable(&data, &keys).into_iter().map(|(.., told)| told).collect();
    for canary in CANARIES {
        assert!(!all.contains(canary), "{canary} can be read in {to}");
        assert_eq!(hits(&data, canary) + hits(&keys, canary), 0, "{canary} stands in {to}");
    }
    all
}

#[test]
fn no_restore_of_any_copies_up_to_any_moment_brings_an_erased_child_back() {
    let (place, head) = told();
    let all = holds_nothing(&place, "data");
    assert!(all.contains(KEPT));
    let newer = text_of(&place.path("newer"));
    let mut draw = 7_u64;
    let mut below = |end: u64| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % end
    };
    for round in 0..restores() {
        let log = if below(2) == 0 { "older" } else { "newer" };
        let keys = if below(2) == 0 { "older-keys" } else { "newer-keys" };
        let until = (1 + below(head + 4)).to_string();
        let mut more = Vec::new();
        if log == "older" {
            more.extend(["--erasures-from", newer.as_str()]);
        }
        if below(3) > 0 {
            more.extend(["--until", until.as_str()]);
        }
        let to = format!("restored-{round}");
        let report = restore(&place, (log, keys, &to), &more).ended(0).object();
        assert!(report["keys_destroyed"].as_u64().unwrap() > 0, "{report}");
        holds_nothing(&place, &to);
        // A backup of what was restored is no way back either.
        if round == 0 {
            let [copy, kept, data] = [format!("{to}-copy"), format!("{to}-copy-keys"), to.clone()]
                .map(|name| text_of(&place.path(&name)));
            contactpoint(&["backup", "--data", &data, "--to", &copy, "--keys-to", &kept]).ended(0);
            restore(&place, (&format!("{to}-copy"), "older-keys", "again"), &[]).ended(0);
            holds_nothing(&place, "again");
            fs::remove_dir_all(&copy).unwrap();
        }
        fs::remove_dir_all(place.path(&to)).unwrap();
        fs::remove_dir_all(place.path(&format!("{to}-keys"))).unwrap();
    }
}

#[test]
fn an_erasure_is_taken_from_a_newer_copy_of_the_same_log_alone() {
    let (place, _) = told();
    let older = restore(&place, ("older", "older-keys", "by-itself"), &[]).ended(0).object();
    assert_eq!(older["keys_destroyed"], 0, "an older copy by itself knows of no erasure");
    let (other, elsewhere) = (Place::with_organisations(), ["copy", "copy-keys"]);
    let [copy, keys] = elsewhere.map(|name| text_of(&other.path(name)));
    other.ask(&["backup", "--to", &copy, "--keys-to", &keys]).ended(0);
    restore(&place, ("newer", "newer-keys", "foreign"), &["--erasures-from", &copy]).ended(2);
    let earlier = text_of(&place.path("older"));
    restore(&place, ("newer", "newer-keys", "backwards"), &["--erasures-from", &earlier]).ended(2);
    let newer = text_of(&place.path("newer"));
    let report =
        restore(&place, ("older", "older-keys", "restored"), &["--erasures-from", &newer]).ended(0).object();
    assert_eq!(report["erasures_appended"], 1, "{report}");
    holds_nothing(&place, "restored");
}

#[test]
fn a_copy_of_the_keys_that_expired_is_noise_and_the_directorys_own_keys_never_expire() {
    let (place, _) = told();
    let [old, own] = ["older-keys", "data-keys"].map(|name| text_of(&place.path(name)));
    place.ask(&["backup", "--expire", &own]).ended(2);
    let expired = place.ask(&["--json", "backup", "--expire", &old]).ended(0).object();
    assert_eq!(expired["epochs"], 1);
    assert_eq!(fs::read_dir(place.path("older-keys/epochs")).unwrap().count(), 0);
    assert_ne!(restore(&place, ("older", "older-keys", "restored"), &[]).status, 0);
    assert!(Vault::open(&place.path("older-keys")).is_err());
    place.ask(&["backup", "--expire", &old]).ended(2);
    place.ask(&["verify"]).ended(0);
}
