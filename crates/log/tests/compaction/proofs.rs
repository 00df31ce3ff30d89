//! What vouches for the records vouches for them still.

use std::sync::Arc;

use event_log::{
    EventLog, Payload, Segments,
    checkpoint::Checkpoint,
    disk::{Disk, MemoryDisk},
    integrator::Integrator,
    leaf, merkle,
    verify::{VerifyOptions, verify_on},
};
use vocabulary::stream::Position;

use crate::world::{Pair, RECORDS, append, choices, doomed_of, gone, key, note, read};

#[test]
fn forgotten_payloads_are_in_no_file_and_a_checkpoint_from_before_still_holds() {
    for pair in [Pair::filled(), Pair::archived()] {
        let tiles = MemoryDisk::new();
        let log = pair.open();
        let mut integrator = Integrator::open(Arc::new(tiles.clone()), key()).unwrap();
        integrator.follow(&log, u32::MAX).unwrap();
        let before = integrator.publish().unwrap();
        let checkpoint = note(&tiles);
        assert!(pair.canaries() > 40);

        let done = log.compact(Position(RECORDS), &gone).unwrap();
        assert_eq!(done.payloads, doomed_of(RECORDS), "those of the segment that was written to as well");
        assert!(done.rewritten > 4 && done.rewritten <= done.looked_at, "{done:?}");
        assert_eq!(pair.canaries(), 0);
        assert_eq!(read(&log), doomed_of(RECORDS), "whoever has it open reads the new segments");

        // The tree made again from nothing is the one that was signed.
        let mut again = Integrator::open(Arc::new(MemoryDisk::new()), key()).unwrap();
        again.follow(&log, u32::MAX).unwrap();
        assert_eq!(again.checkpoint(), before);
        log.close();
        assert_eq!(pair.holds_all(Some(&checkpoint)), doomed_of(RECORDS));
        let options = VerifyOptions { checkpoint: Some(&checkpoint), ..VerifyOptions::default() };
        let tiles: Arc<dyn Disk> = Arc::new(tiles);
        assert!(verify_on(&pair.spanning(), Some(tiles), options, &mut |_| ()).is_ok());
    }
}

#[test]
fn a_proof_given_before_holds_after_and_the_tree_grows_on() {
    let pair = Pair::filled();
    let log = pair.open();
    let tiles = MemoryDisk::new();
    let mut integrator = Integrator::open(Arc::new(tiles.clone()), key()).unwrap();
    integrator.follow(&log, u32::MAX).unwrap();
    let older = integrator.publish().unwrap();
    let tree = integrator.tiles().tree(older.size);
    let proofs: Vec<_> =
        (0..older.size).map(|index| merkle::inclusion_proof(&tree, index, older.size).unwrap()).collect();
    log.compact(Position(RECORDS), &gone).unwrap();
    log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        let index = record.position.0 - 1;
        let leaf = leaf::hash(&record.header.pack(), record.payload);
        let proof = &proofs[usize::try_from(index).unwrap()];
        assert!(merkle::includes(&older.root, older.size, index, &leaf, proof));
    })
    .unwrap();
    (RECORDS..RECORDS + 30).for_each(|number| append(&log, number));
    integrator.follow(&log, u32::MAX).unwrap();
    integrator.publish().unwrap();
    let newer = Checkpoint::open(&note(&tiles), key().verifier()).unwrap();
    let proof =
        merkle::consistency_proof(&integrator.tiles().tree(newer.size), older.size, newer.size).unwrap();
    assert!(merkle::continues(older.size, &older.root, newer.size, &newer.root, &proof));
}

#[test]
fn any_subset_of_the_records_may_be_forgotten_a_part_at_a_time() {
    let leaves = |log: &Segments| {
        let mut leaves = Vec::new();
        log.read_all(Position::ZERO, u32::MAX, &mut |record| {
            leaves.push((leaf::hash(&record.header.pack(), record.payload), record.revision, record.header));
        })
        .unwrap();
        leaves
    };
    for seed in 0..40 {
        let pair = if seed % 2 == 0 { Pair::filled() } else { Pair::archived() };
        let log = pair.open();
        let before = leaves(&log);
        let root = verify_on(&pair.spanning(), None, VerifyOptions::default(), &mut |_| ()).unwrap().root;
        let mut all = std::collections::BTreeSet::new();
        for part in 0..3 {
            let mut choose = choices(seed * 31 + part);
            let chosen: Vec<_> =
                before.iter().filter(|_| choose() && choose()).map(|(.., header)| header.event_id).collect();
            all.extend(chosen.iter().copied());
            let done =
                log.compact(Position(RECORDS + part), &|header| chosen.contains(&header.event_id)).unwrap();
            assert!(done.payloads <= chosen.len() as u64);
            assert_eq!(leaves(&log), before);
        }
        let mut erased = std::collections::BTreeSet::new();
        log.read_all(Position::ZERO, u32::MAX, &mut |record| {
            if matches!(record.payload, Payload::Erased(_)) {
                erased.insert(record.header.event_id);
            }
        })
        .unwrap();
        assert_eq!(erased, all);
        log.close();
        drop(pair.open());
        let verified = verify_on(&pair.spanning(), None, VerifyOptions::default(), &mut |_| ()).unwrap();
        assert_eq!((verified.records, verified.root), (RECORDS, root));
    }
}
