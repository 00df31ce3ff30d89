//! Forgeries by someone with root: who can write everything anew but has not the key that signs checkpoints.
//!
//! A forger rewrites segments, addresses, checksums, links, chains, the durable mark and the tiles, so that each
//! forged log is whole by itself; that it is so is asserted for every case. What is left to find it by are the
//! signatures: the newest checkpoint beside the log, where the forger left it, and one old checkpoint that
//! somebody kept. `FORGERIES=100000 cargo test -p event-log forgery` asks more cases than an ordinary run.

#![expect(clippy::cast_possible_truncation, reason = "the sizes of a test are small")]

mod pen;

use std::sync::Arc;

use uuid::Uuid;
use vocabulary::stream::{BodyHash, EventId, KeyId, Stream, StreamKind};

use super::*;
use crate::{
    checkpoint::Checkpoint,
    disk::{MemoryDisk, write_all},
    header::Header,
    note::SigningKey,
    tiles::{Edge, Tiles},
};
use pen::{Content, Written, write};

const ORIGIN: &str = "invented.example/log";
/// Records of the true log: three full tiles' worth would tell nothing more and take longer.
const RECORDS: u64 = 48;
/// Cases of an ordinary run, some six seconds; `FORGERIES` asks for another number.
const CASES: u64 = 10_000;

/// A generator that gives the same cases for the same seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `from` to `to`, end excluded.
    fn within(&mut self, from: usize, to: usize) -> usize {
        from + (self.next() % (to - from).max(1) as u64) as usize
    }
}

/// A record that was never there before, and that no other call makes.
fn invented(dice: &mut Dice) -> Written {
    let bytes = |number: u64| u128::from(number) << 64 | u128::from(number.rotate_left(17));
    let header = Header {
        salt: bytes(dice.next()).to_be_bytes(),
        stream: Stream::new(StreamKind::Child, Uuid::from_u128(u128::from(dice.next() % 7))),
        event_id: EventId(Uuid::from_u128(bytes(dice.next()))),
        body_hash: BodyHash([0; 16]),
        happened_at: 1_700_000_000_000_000 + (dice.next() >> 30).cast_signed(),
        recorded_at: 1_800_000_000_000_000 + (dice.next() >> 30).cast_signed(),
        class: 1,
        key: KeyId { pool: 1, slot: dice.next() as u32 >> 12 },
        schema: 1,
    };
    let payload = (0..dice.within(1, 90)).map(|_| dice.next().to_le_bytes()[0]).collect();
    Written { header, content: Content::Kept(payload) }
}

fn truth() -> Vec<Written> {
    let mut dice = Dice(1);
    let mut records: Vec<Written> = (0..RECORDS).map(|_| invented(&mut dice)).collect();
    // Some payloads were replaced by their hash, in order: the proofs hold all the same.
    for erased in [5, 20, 33] {
        records[erased].content = Content::Erased(records[erased].content.digest());
    }
    records
}

fn edge(records: &[Written], tiles: &Tiles) -> Edge {
    let mut edge = Edge::new();
    for record in records {
        edge.push(record.leaf(), &mut |name, hashes| tiles.write(name, hashes)).unwrap();
    }
    for (name, hashes) in edge.partial() {
        tiles.write(name, hashes).unwrap();
    }
    edge
}

/// Tiles over the records, made anew as a forger would, with this note as the newest checkpoint.
fn tiles(records: &[Written], note: Option<&str>) -> MemoryDisk {
    let disk = MemoryDisk::new();
    edge(records, &Tiles::new(Arc::new(disk.clone())));
    if let Some(note) = note {
        let file = disk.open(CHECKPOINT, Open::Create).unwrap();
        write_all(&*file, 0, note.as_bytes()).unwrap();
    }
    disk
}

fn signed(records: &[Written], size: usize, key: &SigningKey) -> String {
    let root = edge(&records[..size], &Tiles::new(Arc::new(MemoryDisk::new()))).root();
    Checkpoint { origin: ORIGIN.to_owned(), size: size as u64, root }.sign(key)
}

/// What a forger does to the records, from position `at` (counted from 0) on.
#[derive(Debug, Clone, Copy)]
enum Mutation {
    EditHeader,
    EditPayload,
    Erase,
    SwapPayloads,
    Restream,
    Delete,
    Insert,
    Swap,
    Move,
    Truncate,
    RollBack,
    Fork,
}

const MUTATIONS: [Mutation; 12] = [
    Mutation::EditHeader,
    Mutation::EditPayload,
    Mutation::Erase,
    Mutation::SwapPayloads,
    Mutation::Restream,
    Mutation::Delete,
    Mutation::Insert,
    Mutation::Swap,
    Mutation::Move,
    Mutation::Truncate,
    Mutation::RollBack,
    Mutation::Fork,
];

fn edit_header(header: &mut Header, dice: &mut Dice) {
    match dice.within(0, 8) {
        0 => header.happened_at ^= 1 << dice.within(0, 40),
        1 => header.recorded_at ^= 1 << dice.within(0, 40),
        2 => header.event_id = EventId(Uuid::from_u128(u128::from(dice.next()))),
        3 => header.salt[dice.within(0, 16)] ^= 1 << dice.within(0, 8),
        4 => header.body_hash.0[dice.within(0, 16)] ^= 1 << dice.within(0, 8),
        5 => header.key.slot ^= 1 << dice.within(0, 20),
        6 => header.schema ^= 1 << dice.within(0, 8),
        _ => header.class ^= 1 << dice.within(0, 4),
    }
}

fn edit_payload(content: &mut Content, dice: &mut Dice) {
    match content {
        Content::Kept(bytes) if bytes.is_empty() || dice.within(0, 4) == 0 => {
            bytes.push(dice.next().to_le_bytes()[0]);
        }
        Content::Kept(bytes) if bytes.len() > 1 && dice.within(0, 4) == 0 => drop(bytes.pop()),
        Content::Kept(bytes) => {
            let at = dice.within(0, bytes.len());
            bytes[at] ^= 1 << dice.within(0, 8);
        }
        Content::Erased(digest) => digest[dice.within(0, 32)] ^= 1 << dice.within(0, 8),
    }
}

/// Carries out a mutation that touches the record at `at`, counted from 0; all records differ, so each is one.
fn mutate(records: &mut Vec<Written>, mutation: Mutation, at: usize, dice: &mut Dice) {
    let other = |by: usize| (at + by) % RECORDS as usize;
    match mutation {
        Mutation::EditHeader => edit_header(&mut records[at].header, dice),
        Mutation::EditPayload => edit_payload(&mut records[at].content, dice),
        // As if its payload had been replaced by its hash, with another hash.
        Mutation::Erase => {
            let mut digest = records[at].content.digest();
            digest[dice.within(0, 32)] ^= 1 << dice.within(0, 8);
            records[at].content = Content::Erased(digest);
        }
        Mutation::SwapPayloads => {
            let with = other(dice.within(1, RECORDS as usize));
            let content = records[with].content.clone();
            records[with].content = std::mem::replace(&mut records[at].content, content);
        }
        Mutation::Restream => {
            let id = records[at].header.stream.id.as_u128() + 1 + u128::from(dice.next() % 5);
            records[at].header.stream = Stream::new(StreamKind::Child, Uuid::from_u128(id));
        }
        Mutation::Delete => {
            let end = (at + dice.within(1, 4)).min(records.len());
            drop(records.drain(at..end));
        }
        Mutation::Insert => records.insert(at, invented(dice)),
        Mutation::Swap => records.swap(at, other(dice.within(1, RECORDS as usize))),
        Mutation::Move => {
            let record = records.remove(at);
            records.insert((at + dice.within(1, records.len())) % RECORDS as usize, record);
        }
        Mutation::Truncate => records.truncate(at),
        Mutation::RollBack => {
            records.truncate(at);
            let more = dice.within(0, 2 * RECORDS as usize);
            records.extend((0..more).map(|_| invented(dice)));
        }
        Mutation::Fork => {
            for record in &mut records[at..] {
                *record = invented(dice);
            }
        }
    }
}

/// What the forger leaves beside the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// No tiles and no checkpoint.
    Nothing,
    /// The true tiles and the newest checkpoint, as they were.
    Untouched,
    /// Tiles made anew under the newest checkpoint, which the forger cannot sign anew.
    NewTiles,
    /// Tiles made anew, and an older checkpoint put in place of the newest: a rollback of both.
    OlderCheckpoint,
    /// Tiles made anew, and a checkpoint over them signed by a key of the same name.
    OwnKey,
    /// Tiles made anew, and a checkpoint over them that bears the signature of the true one.
    TornSignature,
}

const BESIDES: [Beside; 6] = [
    Beside::Nothing,
    Beside::Untouched,
    Beside::NewTiles,
    Beside::OlderCheckpoint,
    Beside::OwnKey,
    Beside::TornSignature,
];

impl Beside {
    /// Whether a signature over all of the true log still stands beside it, or a false one.
    fn convicts(self) -> bool {
        !matches!(self, Beside::Nothing | Beside::OlderCheckpoint)
    }

    fn left(self, records: &[Written], newest: &str, older: &str) -> Option<MemoryDisk> {
        let size = records.len();
        match self {
            Beside::Nothing => None,
            Beside::Untouched => Some(tiles(&truth(), Some(newest))),
            Beside::NewTiles => Some(tiles(records, Some(newest))),
            Beside::OlderCheckpoint => Some(tiles(records, Some(older))),
            Beside::OwnKey => {
                let own = SigningKey::from_seed(ORIGIN, [9; 32]).unwrap();
                Some(tiles(records, Some(&signed(records, size, &own))))
            }
            Beside::TornSignature => {
                let own = SigningKey::from_seed(ORIGIN, [9; 32]).unwrap();
                let forged = signed(records, size, &own);
                let (text, _) = forged.split_once("\n\n").unwrap();
                let (_, signature) = newest.split_once("\n\n").unwrap();
                Some(tiles(records, Some(&format!("{text}\n\n{signature}"))))
            }
        }
    }
}

fn judged(
    disk: &MemoryDisk,
    beside: Option<&MemoryDisk>,
    key: Option<&SigningKey>,
    kept: Option<&str>,
) -> Result<Verified, VerifyError> {
    let options = VerifyOptions { verifier: key.map(SigningKey::verifier), checkpoint: kept, tiles: None };
    let beside = beside.map(|tiles| Arc::new(tiles.clone()) as Arc<dyn Disk>);
    verify_on(disk, beside, options, &mut |_| ())
}

#[test]
fn every_forgery_by_someone_with_root_is_found_by_key_and_one_old_checkpoint() {
    let cases = std::env::var("FORGERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let key = SigningKey::from_seed(ORIGIN, [7; 32]).unwrap();
    let records = truth();
    let newest = signed(&records, records.len(), &key);
    let kept: Vec<String> = (0..=records.len()).map(|size| signed(&records, size, &key)).collect();
    let mut named = 0_u64;
    for case in 0..cases {
        let mut dice = Dice(0x5EED_0000 + case);
        let mutation = MUTATIONS[dice.within(0, MUTATIONS.len())];
        let beside = BESIDES[dice.within(0, BESIDES.len())];
        let old = dice.within(1, records.len() + 1);
        // Where no newer signature is left, only what the old checkpoint covers can be told.
        let reach = if beside.convicts() { records.len() } else { old };
        let at = dice.within(0, reach);
        let mut forged = records.clone();
        mutate(&mut forged, mutation, at, &mut dice);
        let told = format!("case {case}: {mutation:?} at {at}, {beside:?}, checkpoint of {old}");
        assert!(forged != records, "{told}: nothing was forged");
        let disk = write(&forged, &mut dice);
        let alone = judged(&disk, None, None, None);
        assert!(alone.is_ok_and(|found| found.records == forged.len() as u64), "{told}: not whole by itself");
        let left = beside.left(&forged, &newest, &kept[old]);
        match judged(&disk, left.as_ref(), Some(&key), Some(&kept[old])) {
            Ok(found) => panic!("{told}: believed as {found:?}"),
            Err(error) => named += u64::from(error.position().is_some()),
        }
    }
    assert!(named * 2 > cases, "most forgeries are named by a position: {named} of {cases}");
}

#[test]
fn what_the_forgers_pen_writes_of_true_records_is_believed() {
    let key = SigningKey::from_seed(ORIGIN, [7; 32]).unwrap();
    let records = truth();
    let newest = signed(&records, records.len(), &key);
    for case in 0..100 {
        let mut dice = Dice(case);
        let old = dice.within(0, records.len() + 1);
        let mut same = records.clone();
        // A payload that was replaced by its own hash is no forgery.
        let erased = dice.within(0, records.len());
        same[erased].content = Content::Erased(same[erased].content.digest());
        let disk = write(&same, &mut dice);
        let beside = tiles(&same, Some(&newest));
        let found = judged(&disk, Some(&beside), Some(&key), Some(&signed(&records, old, &key))).unwrap();
        assert_eq!((found.records, found.published), (RECORDS, Some(RECORDS)));
    }
}
