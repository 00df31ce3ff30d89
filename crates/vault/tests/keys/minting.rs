//! A key is handed out once.

use std::collections::BTreeSet;
use std::thread;

use vault::{Opened, Vault, VaultError};
use vocabulary::stream::KeyId;

use crate::stage::{change_slots, crashed, fresh, open, reopened, seal};

fn mint(vault: &Vault, count: usize) -> Vec<KeyId> {
    (0..count).map(|_| vault.mint().unwrap()).collect()
}

#[test]
fn no_key_is_handed_out_twice_over_many_crashes() {
    let (folder, vault) = fresh();
    let mut seen = BTreeSet::new();
    let mut live = (folder, vault);
    for round in 0..20 {
        let keys = mint(&live.1, 100 + 377 * round % 1500);
        assert!(keys.into_iter().all(|key| seen.insert(key)), "round {round}");
        // The folder as it is now, mid-reserve and unclosed, is what the next round opens.
        let next = tempfile::tempdir().unwrap();
        std::fs::rename(crashed(&live.0, "crash"), next.path().join("keys")).unwrap();
        let vault = Vault::open(&next.path().join("keys")).unwrap();
        live = (next, vault);
    }
}

#[test]
fn a_slot_that_the_log_saw_beyond_the_file_is_never_handed_out() {
    let (folder, vault) = fresh();
    let mut assigned = mint(&vault, 500);
    let older = crashed(&folder, "older");
    let sealed = seal(&vault, assigned[0]);
    assigned.extend(mint(&vault, 5000));
    drop(vault);

    let vault = Vault::open(&older).unwrap();
    for key in &assigned {
        vault.mark_assigned(*key);
    }
    let assigned: BTreeSet<_> = assigned.into_iter().collect();
    assert!(mint(&vault, 6000).iter().all(|key| !assigned.contains(key)));
    let lost = *assigned.last().unwrap();
    assert!(matches!(open(&vault, lost, &sealed), Err(VaultError::UnknownKey { key }) if key == lost));
    assert_eq!(open(&vault, *assigned.first().unwrap(), &sealed).unwrap(), Opened::Plain);
}

#[test]
fn a_slot_that_the_log_saw_in_the_reserve_is_skipped() {
    let (_folder, vault) = fresh();
    let first = vault.mint().unwrap();
    vault.mark_assigned(KeyId { slot: first.slot + 10, ..first });
    assert_eq!(vault.mint().unwrap(), KeyId { slot: first.slot + 11, ..first });
    vault.mark_assigned(first);
    assert_eq!(vault.mint().unwrap(), KeyId { slot: first.slot + 12, ..first });
}

#[test]
fn a_restored_backup_hands_out_nothing_that_was_handed_out_after_it() {
    let (folder, vault) = fresh();
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    let before = mint(&vault, 10);
    let sealed = seal(&vault, before[3]);
    vault.backup_to(&backup).unwrap();
    let after: BTreeSet<_> = before.iter().copied().chain(mint(&vault, 4000)).collect();
    // The log that is restored with it may be older still: nothing is marked.
    let vault = Vault::restore(&backup, &restored).unwrap();
    assert!(mint(&vault, 5000).iter().all(|key| !after.contains(key)));
    assert_eq!(open(&vault, before[3], &sealed).unwrap(), Opened::Plain);
}

#[test]
fn threads_that_mint_together_never_get_the_same_key() {
    let (_folder, vault) = fresh();
    let minted = thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(|| mint(&vault, 20_000)));
        threads.map(|thread| thread.join().unwrap()).concat()
    });
    assert_eq!(minted.iter().collect::<BTreeSet<_>>().len(), 80_000);
    assert!(minted.iter().all(|key| key.pool != 0 && key.slot != 0));
}

#[test]
fn a_key_is_durable_when_it_is_handed_out() {
    let (folder, vault) = fresh();
    let keys = mint(&vault, 3000);
    let sealed: Vec<_> = keys.iter().map(|key| seal(&vault, *key)).collect();
    let crash = Vault::open(&crashed(&folder, "crash")).unwrap();
    for (key, sealed) in keys.iter().zip(&sealed) {
        assert_eq!(open(&crash, *key, sealed).unwrap(), Opened::Plain);
    }
}

#[test]
fn a_block_cut_off_before_it_was_durable_harms_no_other() {
    let (folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let sealed = seal(&vault, key);
    let folder_of_keys = folder.path().join("keys");
    drop(vault);
    let seen: BTreeSet<_> = [key].into();
    for cut in [1, 63, 64, 65, 4096, 65_535] {
        // A second block of which so many bytes arrived.
        let mut whole = Vec::new();
        change_slots(&folder_of_keys, key, |bytes| {
            whole.clone_from(bytes);
            bytes.truncate(65_536);
            bytes.resize(65_536 + cut, 0xEE);
        });
        let vault = Vault::open(&folder_of_keys).unwrap();
        assert_eq!(open(&vault, key, &sealed).unwrap(), Opened::Plain, "{cut} bytes");
        assert!(mint(&vault, 2000).iter().all(|key| !seen.contains(key) && !vault.damaged().contains(key)));
        drop(vault);
        change_slots(&folder_of_keys, key, |bytes| *bytes = whole);
    }
}

#[test]
fn opening_and_reading_alone_makes_no_file_grow() {
    let (folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let sealed = seal(&vault, key);
    let mut vault = reopened(&folder, vault);
    let before = std::fs::metadata(folder.path().join(format!("keys/slots-{:08x}", key.pool))).unwrap().len();
    for _ in 0..3 {
        assert_eq!(open(&vault, key, &sealed).unwrap(), Opened::Plain);
        vault = reopened(&folder, vault);
    }
    let after = std::fs::metadata(folder.path().join(format!("keys/slots-{:08x}", key.pool))).unwrap().len();
    assert_eq!(before, after);
}
