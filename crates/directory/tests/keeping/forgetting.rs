//! A child whose keys are destroyed is in no file, no memory and no answer, and the proofs stand.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
};

use directory::{Compacted, OutcomeKind, Resealed, SearchRequest};
use event_log::{
    Expected, Header, Payload, Proposed,
    disk::{Disk, MemoryDisk},
    integrator::Integrator,
    note::SigningKey,
    verify::{VerifyOptions, verify},
};
use events::{
    Fact, codec, erasure,
    recorded::{Actor, Entry},
};
use serde_json::{Value, json};
use uuid::Uuid;
use vocabulary::{
    AccessReason, BodyHash, ChildNumber, EventId, KeyId, Position, Revision, Role, Stream, StreamKind,
};

use crate::world::{HERE, SCHOOL, World, ava, involvement, not_shown, now};

/// Words that no file may hold once they are forgotten, nor any before, all being sealed.
const CANARIES: [&str; 4] = ["Mirabelle", "Quittenbaum", "Schlehenweg", "7946 0999"];

fn mirabelle(reference: &str) -> Value {
    json!({"local_ref": reference, "forename": "Mirabelle", "surname": "Quittenbaum",
           "date_of_birth": "2011-05-06", "gender": "female",
           "address": {"lines": ["17 Schlehenweg"], "town": "London", "postcode": "N17 6AA"}})
}

/// How often these bytes stand in the files below a folder.
fn hits(folder: &Path, needle: &[u8]) -> usize {
    // The store of the rows puts files together while it stands: where one went meanwhile, all are read again.
    loop {
        match counted(folder, needle) {
            Err(error) if error.kind() == ErrorKind::NotFound => (),
            read => return read.unwrap(),
        }
    }
}

fn counted(folder: &Path, needle: &[u8]) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        count += if path.is_dir() {
            counted(&path, needle)?
        } else {
            fs::read(path)?.windows(needle.len()).filter(|part| *part == needle).count()
        };
    }
    Ok(count)
}

/// The stream of the child of this number, the keys that seal it, and its sealed payloads.
fn sealed(world: &World, number: ChildNumber) -> (Stream, Vec<KeyId>, Vec<Vec<u8>>) {
    let mut of: Option<Stream> = None;
    let mut streams = BTreeSet::new();
    world
        .log
        .read_all(Position::ZERO, u32::MAX, &mut |record| {
            if record.header.stream.kind == StreamKind::Child {
                streams.insert(record.header.stream);
            }
        })
        .unwrap();
    for stream in streams {
        let told = told(world, stream);
        if told.contains(&number.to_string()) {
            of = Some(stream);
        }
    }
    let stream = of.unwrap();
    let (mut keys, mut payloads) = (BTreeSet::new(), Vec::new());
    world
        .log
        .read_stream(stream, Revision::NONE, &mut |record| {
            keys.insert(record.header.key);
            if let Payload::Kept(bytes) = record.payload {
                payloads.push(bytes.to_vec());
            }
        })
        .unwrap();
    (stream, keys.into_iter().collect(), payloads)
}

/// All that the records of a stream say, as far as anybody with the keys can read it.
pub(crate) fn told(world: &World, stream: Stream) -> String {
    let mut all = String::new();
    world
        .log
        .read_stream(stream, Revision::NONE, &mut |record| {
            let Payload::Kept(sealed) = record.payload else { return };
            let mut plain = Vec::new();
            let nonce = record.header.salt.first_chunk().copied().unwrap();
            let binds = record.header.sealing_binds();
            world
                .vault
                .open_payload(record.header.key, nonce, &binds, record.dictionary, sealed, &mut plain)
                .unwrap();
            all.push_str(&String::from_utf8_lossy(&plain));
        })
        .unwrap();
    all
}

/// Tells, as an erasure that is carried out does, that keys are destroyed, and destroys them.
fn destroy(world: &World, stream: Stream, keys: &[KeyId]) -> Position {
    let position = tell(world, stream, keys);
    world.vault.destroy_all(keys).unwrap();
    position
}

/// Tells that keys are destroyed.
fn tell(world: &World, stream: Stream, keys: &[KeyId]) -> Position {
    told_of(world, stream, erasure::Event::KeysDestroyed { stream, keys: keys.to_vec() })
}

/// Orders keys to be destroyed.
fn order(world: &World, stream: Stream, keys: &[KeyId]) {
    let due_on = world.directory.now().date_naive();
    let (keys, ground) = (keys.to_vec(), erasure::Ground::RetentionOver);
    told_of(world, stream, erasure::Event::ErasureOrdered { stream, keys, ground, due_on });
}

fn told_of(world: &World, stream: Stream, event: erasure::Event) -> Position {
    let of = Stream::new(StreamKind::Erasure, stream.id);
    let fact = Fact::Erasure(event);
    let entry = Entry { by: Actor::System, cause: None, facts: vec![fact] };
    let header = Header {
        salt: [5; 16],
        stream: of,
        event_id: EventId(Uuid::from_u128(0xdead_0000 + u128::from(world.log.head().unwrap().0))),
        body_hash: BodyHash::default(),
        happened_at: world.directory.now().timestamp_micros(),
        recorded_at: world.directory.now().timestamp_micros(),
        class: StreamKind::Erasure as u8,
        key: KeyId::CLEAR,
        schema: codec::SCHEMA,
    };
    let proposed = Proposed { header, payload: codec::encode(&entry), dictionary: 0 };
    world.log.submit(of, Expected::Any, vec![proposed]).wait().unwrap().position
}

fn signing() -> SigningKey {
    SigningKey::from_seed("invented.example/log", [7; 32]).unwrap()
}

fn search(world: &World, person: &directory::Person, surname: &str) -> usize {
    let request = SearchRequest {
        criteria: serde_json::from_value(
            json!({"surname": surname, "forename": "Mirabelle", "date_of_birth": "2011-05-06"}),
        )
        .unwrap(),
        reason: Some(AccessReason::NewReferral),
        page: 1,
        on_behalf_of: None,
        case_ref: None,
    };
    now(world.directory.search(person, request)).unwrap().into_view().results.len()
}

#[test]
fn a_forgotten_child_is_in_no_file_and_no_answer_and_the_tree_is_the_one_that_was_signed() {
    let world = World::in_files();
    let here = world.user(Role::Practitioner, HERE);
    let number = world.child(SCHOOL, &mirabelle("s-1"));
    let other = world.child(SCHOOL, &ava("s-2"));
    let mut entry = involvement(&mirabelle("s-1"), "i-1", "school");
    entry["contacts"] = json!([{"kind": "telephone", "use": "duty", "value": "020 7946 0999"}]);
    assert_eq!(world.post(SCHOOL, "involvement.started", &entry).kind, OutcomeKind::Recorded);
    assert!(world.record(&here, number).to_string().contains("7946 0999"));
    assert_eq!(search(&world, &here, "Quittenbaum"), 1);
    world.settle();
    world.directory.save_index().unwrap();
    let tiles = MemoryDisk::new();
    let mut integrator = Integrator::open(Arc::new(tiles.clone()) as Arc<dyn Disk>, signing()).unwrap();
    integrator.follow(&*world.log, u32::MAX).unwrap();
    let signed = integrator.publish().unwrap();
    let quiet = world.directory.compact().unwrap();
    assert_eq!(quiet, Compacted { as_of: Position::ZERO, ..Compacted::default() }, "nothing was destroyed");

    let (stream, keys, payloads) = sealed(&world, number);
    assert!(payloads.len() >= 2 && payloads.iter().all(|payload| hits(world.folder(), payload) > 0));
    let position = destroy(&world, stream, &keys);
    let done = world.directory.compact().unwrap();
    assert_eq!((done.as_of, done.erasures, done.keys), (position, 1, keys.len() as u64));
    assert_eq!((done.children, done.index), (1, Resealed::Anew));
    assert_eq!(done.payloads, payloads.len() as u64);
    assert!(done.segments_rewritten > 0 && done.handles > 0 && done.models > 0, "{done:?}");
    let again = world.directory.compact().unwrap();
    assert_eq!(again, Compacted { as_of: position, ..Compacted::default() }, "a quiet night does nothing");

    for payload in &payloads {
        assert_eq!(hits(world.folder(), payload), 0, "a sealed payload is left");
    }
    for canary in CANARIES {
        assert_eq!(hits(world.folder(), canary.as_bytes()), 0, "{canary}");
    }
    assert_eq!(told(&world, stream), "");
    assert!(search(&world, &here, "Quittenbaum") == 0);
    let request = directory::OpenRequest {
        number,
        reason: Some(AccessReason::NewReferral),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    assert_eq!(not_shown(now(world.directory.open_record(&here, request))), "unknown");
    assert!(world.record(&here, other).to_string().contains("Ava"), "nobody else is forgotten");

    // The same reference is somebody nobody knows, and gets another number.
    let anew = world.child(SCHOOL, &mirabelle("s-1"));
    assert_ne!(anew, number);
    world.settle();
    assert_eq!(search(&world, &here, "Quittenbaum"), 1, "the one told of anew");

    // What was signed before is the beginning of what stands now.
    let mut grown = Integrator::open(Arc::new(MemoryDisk::new()), signing()).unwrap();
    grown.follow(&*world.log, u32::try_from(signed.size).unwrap()).unwrap();
    assert_eq!(grown.checkpoint(), signed);
    let checkpoint = signed.sign(&signing());
    let options = VerifyOptions { checkpoint: Some(&checkpoint), ..VerifyOptions::default() };
    assert!(verify(&world.folder().join("log"), options, &mut |_| ()).is_ok());

    // And another process finds nothing either, without reading the log anew for its handles.
    let reopened = world.reopened();
    assert_eq!(reopened.directory.compact().unwrap().keys, 0);
    assert_eq!(search(&reopened, &here, "Quittenbaum"), 1, "the one told of anew");
    assert_eq!(told(&reopened, stream), "");
}

#[test]
fn what_one_consent_covered_is_forgotten_and_the_rest_of_the_child_stays() {
    let world = World::in_files();
    let here = world.user(Role::Practitioner, HERE);
    let number = world.child(SCHOOL, &ava("s-1"));
    let child = json!({"child_number": number, "local_ref": "c-1"});
    world.sensitive(&child);
    world.settle();
    let (stream, keys, payloads) = sealed(&world, number);
    assert_eq!(keys.len(), 2, "the child's and the episode's");
    let mut first = None;
    world
        .log
        .read_stream(stream, Revision::NONE, &mut |record| {
            first = first.or(Some(record.header.key));
        })
        .unwrap();
    let episode: Vec<KeyId> = keys.into_iter().filter(|key| Some(*key) != first).collect();
    destroy(&world, stream, &episode);
    let done = world.directory.compact().unwrap();
    assert_eq!((done.keys, done.children, done.handles), (1, 0, 0));
    assert!(done.payloads > 0 && done.payloads < payloads.len() as u64, "{done:?}");
    let left = told(&world, stream);
    assert!(left.contains("Ava") && !left.contains("mental_health"), "{left}");
    assert!(world.record(&here, number).to_string().contains("Ava"));
}

#[test]
fn an_erasure_whose_keys_a_crash_left_is_carried_out_when_files_are_compacted() {
    let world = World::in_files();
    let number = world.child(SCHOOL, &mirabelle("s-1"));
    world.settle();
    let (stream, keys, _) = sealed(&world, number);
    // Told, and cut short before the keys were destroyed: the vault holds them still.
    let spare = world.vault.mint().unwrap();
    destroy(&world, stream, &[spare]);
    let last = tell(&world, stream, &keys);
    assert!(keys.iter().all(|key| !world.vault.is_destroyed(*key)));
    let done = world.directory.compact().unwrap();
    assert_eq!((done.as_of, done.erasures, done.children), (last, 2, 1));
    assert!(keys.iter().all(|key| world.vault.is_destroyed(*key)));
    assert_eq!(told(&world, stream), "");
}

#[test]
fn an_order_that_a_crash_left_is_carried_out_and_told_when_the_directory_is_opened() {
    for keys_were_destroyed in [false, true] {
        let world = World::in_files();
        let number = world.child(SCHOOL, &mirabelle("s-1"));
        world.settle();
        world.directory.save_index().unwrap();
        let (stream, keys, _) = sealed(&world, number);
        order(&world, stream, &keys);
        if keys_were_destroyed {
            world.vault.destroy_all(&keys).unwrap();
        }
        let world = world.reopened();
        assert!(keys.iter().all(|key| world.vault.is_destroyed(*key)), "{keys_were_destroyed}");
        let mut destroyed = Vec::new();
        let of = Stream::new(StreamKind::Erasure, stream.id);
        world
            .log
            .read_stream(of, Revision::NONE, &mut |record| {
                let Payload::Kept(told) = record.payload else { return };
                for fact in codec::decode(of.kind, record.header.schema, told).unwrap().facts {
                    if let Fact::Erasure(erasure::Event::KeysDestroyed { keys: gone, .. }) = fact {
                        destroyed.extend(gone);
                    }
                }
            })
            .unwrap();
        assert_eq!(destroyed, keys, "told, so that an older copy that is restored knows");
        let here = world.user(Role::Practitioner, HERE);
        assert_eq!(search(&world, &here, "Quittenbaum"), 0);
        let done = world.directory.compact().unwrap();
        assert_eq!((done.erasures, done.children), (1, 1), "{keys_were_destroyed}");
        let last = world.log.head().unwrap();
        let world = world.reopened();
        assert_eq!(world.log.head().unwrap(), last, "once");
    }
}
