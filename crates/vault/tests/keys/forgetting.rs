//! A destroyed key is gone at once, and for ever.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use vault::{Opened, Vault, VaultError};
use vocabulary::stream::KeyId;

use crate::stage::{BINDS, FACT, NONCE, change_slots, crashed, fresh, open, reopened, seal};

#[test]
fn a_destroyed_key_reads_as_erased_at_once_and_after_opening_anew() {
    let (folder, vault) = fresh();
    let (key, other) = (vault.mint().unwrap(), vault.mint().unwrap());
    let (sealed, kept) = (seal(&vault, key), seal(&vault, other));
    let mut row = Vec::new();
    vault.seal_row(key, NONCE, BINDS, FACT, &mut row).unwrap();

    let check = |vault: &Vault| {
        assert!(vault.is_destroyed(key) && !vault.is_destroyed(other));
        assert_eq!(open(vault, key, &sealed).unwrap(), Opened::Erased);
        assert_eq!(vault.open_row(key, NONCE, BINDS, &row, &mut vec![1]).unwrap(), Opened::Erased);
        assert_eq!(open(vault, other, &kept).unwrap(), Opened::Plain);
        let refused = vault.seal(key, NONCE, BINDS, FACT);
        assert!(matches!(refused, Err(VaultError::DestroyedKey { .. })));
    };
    vault.destroy(key).unwrap();
    check(&vault);
    vault.destroy(key).unwrap();
    check(&vault);
    check(&Vault::open(&crashed(&folder, "crash")).unwrap());
    check(&reopened(&folder, vault));
}

#[test]
fn a_destroyed_slot_is_zero_in_its_file() {
    let (folder, vault) = fresh();
    let key = vault.mint().unwrap();
    vault.destroy(key).unwrap();
    let bytes = fs::read(folder.path().join("keys").join(format!("slots-{:08x}", key.pool))).unwrap();
    let slot = key.slot as usize;
    assert_eq!(bytes[slot * 64..(slot + 1) * 64], [0; 64]);
    assert_ne!(bytes[(slot + 1) * 64..(slot + 2) * 64], [0; 64]);
}

#[test]
fn a_restored_backup_forgets_again_once_erasures_are_replayed() {
    let (folder, vault) = fresh();
    let keys: Vec<_> = (0..3).map(|_| vault.mint().unwrap()).collect();
    let sealed = keys.iter().map(|key| seal(&vault, *key)).collect::<Vec<_>>();
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    vault.destroy(keys[0]).unwrap();
    vault.backup_to(&backup).unwrap();
    vault.destroy(keys[1]).unwrap();
    // Minted and destroyed after the backup: the backup never saw it.
    let later = KeyId { slot: 500_000, ..keys[0] };

    let vault = Vault::restore(&backup, &restored).unwrap();
    assert!(matches!(open(&vault, later, &sealed[0]), Err(VaultError::UnknownKey { .. })));
    vault.destroy_all(&[keys[0], keys[1], later]).unwrap();
    for (key, sealed) in keys.iter().zip(&sealed).take(2) {
        assert_eq!(open(&vault, *key, sealed).unwrap(), Opened::Erased);
    }
    assert_eq!(open(&vault, later, &sealed[0]).unwrap(), Opened::Erased);
    assert_eq!(open(&vault, keys[2], &sealed[2]).unwrap(), Opened::Plain);
    drop(vault);
    assert!(Vault::open(&restored).unwrap().is_destroyed(keys[1]));
}

#[test]
fn nothing_is_ever_minted_from_a_destroyed_slot() {
    let (folder, mut vault) = fresh();
    let mut destroyed = BTreeSet::new();
    for _ in 0..5 {
        let keys: Vec<_> = (0..700).map(|_| vault.mint().unwrap()).collect();
        assert!(keys.iter().all(|key| destroyed.insert(*key)), "handed out anew after it was destroyed");
        vault.destroy_all(&keys).unwrap();
        vault = reopened(&folder, vault);
    }
    assert!(destroyed.iter().all(|key| vault.is_destroyed(*key)));
}

#[test]
fn a_torn_slot_is_named_and_can_still_be_destroyed() {
    let (folder, vault) = fresh();
    let (torn, whole) = (vault.mint().unwrap(), vault.mint().unwrap());
    let (sealed, kept) = (seal(&vault, torn), seal(&vault, whole));
    drop(vault);
    let keys = folder.path().join("keys");
    // The first 20 bytes of a destruction reached the disk.
    change_slots(&keys, torn, |bytes| bytes[torn.slot as usize * 64..][..20].fill(0));

    let vault = Vault::open(&keys).unwrap();
    assert_eq!(vault.damaged(), [torn]);
    assert!(matches!(open(&vault, torn, &sealed), Err(VaultError::DamagedKey { key }) if key == torn));
    assert!(!vault.is_destroyed(torn));
    assert_eq!(open(&vault, whole, &kept).unwrap(), Opened::Plain);
    vault.destroy(torn).unwrap();
    assert_eq!(open(&vault, torn, &sealed).unwrap(), Opened::Erased);
    let vault = reopened(&folder, vault);
    assert_eq!(vault.damaged(), []);
}

#[test]
fn a_flip_of_any_bit_of_a_slot_is_named() {
    let (folder, vault) = fresh();
    let key = vault.mint().unwrap();
    drop(vault);
    let keys = folder.path().join("keys");
    let flip = |bit: usize| {
        change_slots(&keys, key, |bytes| bytes[key.slot as usize * 64 + bit / 8] ^= 1 << (bit % 8));
    };
    for bit in 0..64 * 8 {
        flip(bit);
        assert_eq!(Vault::open(&keys).unwrap().damaged(), [key], "bit {bit}");
        flip(bit);
    }
}

#[test]
fn readers_never_see_a_key_again_once_it_was_destroyed() {
    let (_folder, vault) = fresh();
    let keys: Vec<_> = (0..400).map(|_| vault.mint().unwrap()).collect();
    let sealed: Vec<_> = keys.iter().map(|key| seal(&vault, *key)).collect();
    let gone: Vec<_> = keys.iter().map(|_| AtomicBool::new(false)).collect();
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !gone.iter().all(|gone| gone.load(Ordering::SeqCst)) {
                for ((key, sealed), gone) in keys.iter().zip(&sealed).zip(&gone) {
                    let before = gone.load(Ordering::SeqCst);
                    let opened = open(&vault, *key, sealed).unwrap();
                    assert!(!before || opened == Opened::Erased, "key {key:?} came back");
                }
            }
        });
        for (key, gone) in keys.iter().zip(&gone) {
            vault.destroy(*key).unwrap();
            gone.store(true, Ordering::SeqCst);
        }
        reader.join().unwrap();
    });
}
