//! The tree beside the log: signed, provable, made again from nothing, and a witness against rewriting.

#![cfg(test)]

use std::sync::Arc;

use event_log::{
    EventLog, Expected, Harm, LogError, MemoryLog, Options, Segments,
    checkpoint::Checkpoint,
    conformance::{invented, stream},
    disk::{Disk, MemoryDisk, Open},
    integrator::{CHECKPOINT, IntegrateError, Integrator},
    leaf, merkle,
    note::SigningKey,
    verify::{Verified, VerifyError, VerifyOptions, verify_on},
};
use vocabulary::stream::Position;

const SMALL: Options = Options { segment_bytes: 16 << 10 };
const NAME: &str = "invented.example/log";

fn key() -> SigningKey {
    SigningKey::from_seed(NAME, [7; 32]).unwrap()
}

fn fill(log: &dyn EventLog, from: u64, to: u64) {
    let tickets: Vec<_> = (from..to)
        .map(|number| {
            let named = stream(number % 11);
            log.submit(named, Expected::Any, vec![invented(named, number)])
        })
        .collect();
    for ticket in tickets {
        ticket.wait().unwrap();
    }
}

fn note(tiles: &MemoryDisk) -> String {
    let file = tiles.open(CHECKPOINT, Open::Read).unwrap();
    let mut bytes = vec![0; usize::try_from(file.len().unwrap()).unwrap()];
    file.pread(0, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn verified(
    disk: &MemoryDisk,
    tiles: Option<&MemoryDisk>,
    checkpoint: Option<&str>,
) -> Result<Verified, VerifyError> {
    let key = key();
    let options = VerifyOptions { verifier: Some(key.verifier()), checkpoint, tiles: None };
    let tiles = tiles.map(|tiles| Arc::new(tiles.clone()) as Arc<dyn Disk>);
    verify_on(disk, tiles, options, &mut |_| ())
}

/// A log of 700 records with its tiles, and the checkpoint after 300 of them.
fn grown() -> (MemoryDisk, MemoryDisk, String) {
    let (disk, tiles) = (MemoryDisk::new(), MemoryDisk::new());
    let (log, _) = Segments::open_on(Arc::new(disk.clone()), SMALL).unwrap();
    let mut integrator = Integrator::open(Arc::new(tiles.clone()), key()).unwrap();
    fill(&log, 0, 300);
    assert_eq!(integrator.follow(&log, u32::MAX).unwrap(), Position(300));
    integrator.publish().unwrap();
    let older = note(&tiles);
    fill(&log, 300, 700);
    assert_eq!(integrator.follow(&log, u32::MAX).unwrap(), Position(700));
    integrator.publish().unwrap();
    log.close();
    (disk, tiles, older)
}

#[test]
fn every_record_is_proven_under_the_signed_root_and_every_checkpoint_continues_the_one_before() {
    let log = MemoryLog::new();
    let tiles = MemoryDisk::new();
    let mut integrator = Integrator::open(Arc::new(tiles.clone()), key()).unwrap();
    let mut before: Option<Checkpoint> = None;
    for size in [1, 2, 255, 256, 257, 511, 700] {
        fill(&log, integrator.checkpoint().size, size);
        assert_eq!(integrator.follow(&log, u32::MAX).unwrap(), Position(size));
        integrator.publish().unwrap();
        let now = Checkpoint::open(&note(&tiles), key().verifier()).unwrap();
        assert_eq!((now.origin.as_str(), now.size), (NAME, size));
        let tree = integrator.tiles().tree(size);
        log.read_all(Position::ZERO, u32::MAX, &mut |record| {
            let index = record.position.0 - 1;
            let proof = merkle::inclusion_proof(&tree, index, size).unwrap();
            let leaf = leaf::hash(&record.header.pack(), record.payload);
            assert!(merkle::includes(&now.root, size, index, &leaf, &proof));
        })
        .unwrap();
        if let Some(older) = before.replace(now.clone()) {
            let proof = merkle::consistency_proof(&tree, older.size, size).unwrap();
            assert!(merkle::continues(older.size, &older.root, size, &now.root, &proof));
        }
    }
}

#[test]
fn two_adapters_with_the_same_records_have_the_same_root() {
    let (disk, _, _) = grown();
    let log = MemoryLog::new();
    fill(&log, 0, 700);
    let mut integrator = Integrator::open(Arc::new(MemoryDisk::new()), key()).unwrap();
    integrator.follow(&log, u32::MAX).unwrap();
    assert_eq!(integrator.checkpoint().root, verified(&disk, None, None).unwrap().root);
}

#[test]
fn an_integrator_goes_on_after_a_crash_at_any_sync_and_makes_the_same_tree() {
    let log = MemoryLog::new();
    fill(&log, 0, 900);
    let mut whole = Integrator::open(Arc::new(MemoryDisk::new()), key()).unwrap();
    whole.follow(&log, u32::MAX).unwrap();
    let disk = MemoryDisk::new();
    let mut integrator = Integrator::open(Arc::new(disk.clone()), key()).unwrap();
    for step in 0..9 {
        integrator.follow(&log, 100).unwrap();
        for survives in [true, false] {
            let mut turn = survives;
            let crashed = disk.crashed(&mut || {
                turn = !turn || step % 2 == 0;
                turn && survives
            });
            let mut again = Integrator::open(Arc::new(crashed), key()).unwrap();
            again.follow(&log, u32::MAX).unwrap();
            again.publish().unwrap();
            assert_eq!(again.checkpoint(), whole.checkpoint());
        }
        integrator.publish().unwrap();
    }
}

#[test]
fn verify_believes_the_tiles_the_newest_checkpoint_and_an_older_one() {
    let (disk, tiles, older) = grown();
    let verified = verified(&disk, Some(&tiles), Some(&older)).unwrap();
    assert_eq!(verified.records, 700);
    assert_eq!((verified.published, verified.checkpoint), (Some(700), Some(300)));
}

#[test]
fn a_changed_tile_is_named_by_the_first_record_under_it() {
    let (disk, tiles, _) = grown();
    for (name, byte, position) in [
        ("tile/0/001", 32 * 5 + 3, 256 + 6),
        ("tile/0/002.p/188", 32 * 7, 512 + 8),
        ("tile/1/000.p/2", 32, 257),
    ] {
        let file = tiles.open(name, Open::Write).unwrap();
        let mut old = [0];
        file.pread(byte, &mut old).unwrap();
        file.pwrite(byte, &[old[0] ^ 1]).unwrap();
        let error = verified(&disk, Some(&tiles), None).unwrap_err();
        assert!(
            matches!(&error, VerifyError::Log(LogError::Damaged(damage)) if damage.what == Harm::Tree),
            "{error}"
        );
        assert_eq!(error.position(), Some(Position(position)), "{name}");
        file.pwrite(byte, &old).unwrap();
    }
    assert!(verified(&disk, Some(&tiles), None).is_ok());
}

#[test]
fn a_log_written_anew_with_one_other_record_is_not_the_one_that_was_signed() {
    let (_, tiles, older) = grown();
    let forged = MemoryDisk::new();
    let (log, _) = Segments::open_on(Arc::new(forged.clone()), SMALL).unwrap();
    fill(&log, 0, 200);
    fill(&log, 201, 701);
    log.close();
    assert!(matches!(verified(&forged, None, Some(&older)), Err(VerifyError::Rewritten(Position(300)))));
    let first_other = verified(&forged, Some(&tiles), None).unwrap_err();
    assert_eq!(first_other.position(), Some(Position(201)));
    assert!(verified(&forged, None, None).is_ok(), "by itself it is whole");
}

#[test]
fn a_log_shorter_than_what_was_signed_is_reported_and_never_signed_over() {
    let (_, tiles, older) = grown();
    let shorter = MemoryDisk::new();
    let (log, _) = Segments::open_on(Arc::new(shorter.clone()), SMALL).unwrap();
    fill(&log, 0, 299);
    let mut integrator = Integrator::open(Arc::new(tiles), key()).unwrap();
    let lost = integrator.follow(&log, u32::MAX);
    assert!(matches!(lost, Err(IntegrateError::Lost { signed: 700, head: Position(299) })));
    log.close();
    let error = verified(&shorter, None, Some(&older)).unwrap_err();
    assert!(matches!(error, VerifyError::Shortened { signed: 300, head: Position(299) }), "{error}");
}

#[test]
fn a_checkpoint_by_another_key_is_not_believed() {
    let (disk, tiles, older) = grown();
    let other = SigningKey::from_seed(NAME, [8; 32]).unwrap();
    let options = VerifyOptions { verifier: Some(other.verifier()), checkpoint: Some(&older), tiles: None };
    let error = verify_on(&disk, None, options, &mut |_| ()).unwrap_err();
    assert!(matches!(error, VerifyError::Checkpoint(_)), "{error}");
    assert!(matches!(Integrator::open(Arc::new(tiles), other), Err(IntegrateError::Checkpoint(_))));
}
