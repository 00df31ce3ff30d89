//! Disks that fail: `/dev/full` takes no byte, and `/dev/null` takes all and makes none of them durable.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::mem;

use tempfile::TempDir;
use vocabulary::stream::KeyId;

use crate::error::VaultError;
use crate::locks::writing;
use crate::vault::{Opened, Vault};

const NONCE: [u8; 12] = [1; 12];

fn fresh() -> (TempDir, Vault, KeyId) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(&folder.path().join("keys")).unwrap();
    let key = vault.mint().unwrap();
    (folder, vault, key)
}

/// Puts another file under the only pool; answers the one before.
fn swap(vault: &Vault, file: File) -> File {
    mem::replace(&mut writing(&vault.rings().pools().remove(0).file), file)
}

fn device(path: &str) -> File {
    OpenOptions::new().read(true).write(true).open(path).unwrap()
}

fn opens(vault: &Vault, key: KeyId) -> bool {
    let sealed = vault.seal(key, NONCE, b"bound", b"an invented fact").unwrap();
    let mut into = Vec::new();
    let opened = vault.open_payload(key, NONCE, b"bound", sealed.dictionary, &sealed.bytes, &mut into);
    opened.unwrap() == Opened::Plain
}

#[test]
fn a_full_disk_ends_minting_until_there_is_room_again() {
    let (_folder, vault, key) = fresh();
    let disk = swap(&vault, device("/dev/full"));
    let mut reserve = 0;
    let refused = loop {
        match vault.mint() {
            Ok(_) => reserve += 1,
            Err(error) => break error,
        }
        assert!(reserve < 1024, "more keys than were durable");
    };
    assert!(matches!(refused, VaultError::Io { source, .. } if source.kind() == ErrorKind::StorageFull));
    assert!(opens(&vault, key), "what is there stays readable");

    drop(swap(&vault, disk));
    // The first answer may still be the failure of the last attempt.
    let minted = vault.mint().or_else(|_| vault.mint()).unwrap();
    assert!(opens(&vault, minted));
}

#[test]
fn a_destruction_that_the_disk_refused_is_said_and_can_be_asked_again() {
    let (folder, vault, key) = fresh();
    let disk = swap(&vault, device("/dev/full"));
    assert!(matches!(vault.destroy(key), Err(VaultError::Io { .. })));
    drop(swap(&vault, disk));
    vault.destroy(key).unwrap();
    drop(vault);
    assert!(Vault::open(&folder.path().join("keys")).unwrap().is_destroyed(key));
}

#[test]
fn after_a_write_that_could_not_be_made_durable_nothing_is_written_until_the_vault_is_opened_anew() {
    let (folder, vault, key) = fresh();
    let other = vault.mint().unwrap();
    let disk = swap(&vault, device("/dev/null"));
    assert!(matches!(vault.destroy(key), Err(VaultError::Stopped)));
    drop(swap(&vault, disk));

    assert!(matches!(vault.destroy(key), Err(VaultError::Stopped)));
    assert!(matches!(vault.rotate_epoch(), Err(VaultError::Stopped)));
    let handed_out = (0..2000).map_while(|_| vault.mint().ok()).count();
    assert!(handed_out < 1024, "only what was durable before");
    assert!(matches!(vault.mint(), Err(VaultError::Stopped)));
    assert!(vault.is_destroyed(key) && opens(&vault, other), "readers go on");

    drop(vault);
    let anew = Vault::open(&folder.path().join("keys")).unwrap();
    assert!(!anew.is_destroyed(key), "it was never durable, and was not said to be");
    anew.destroy(key).unwrap();
    anew.mint().unwrap();
}

#[test]
fn a_reserve_that_could_not_be_made_durable_is_never_handed_out() {
    let (_folder, vault, first) = fresh();
    let disk = swap(&vault, device("/dev/null"));
    let handed_out: Vec<_> = (0..3000).map_while(|_| vault.mint().ok()).collect();
    assert!(handed_out.iter().all(|key| key.pool == first.pool && key.slot < 1024));
    assert!(matches!(vault.mint(), Err(VaultError::Stopped)));
    drop(swap(&vault, disk));
}
