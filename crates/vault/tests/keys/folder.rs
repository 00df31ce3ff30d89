//! The folder is one process's, private, and whole or named as not.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use vault::{Opened, Vault, VaultError};

use crate::stage::{fresh, open, reopened, seal};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn epochs(keys: &Path) -> Vec<PathBuf> {
    files(&keys.join("epochs"))
}

#[test]
fn only_one_vault_has_the_folder() {
    let (folder, vault) = fresh();
    let keys = folder.path().join("keys");
    assert!(matches!(Vault::open(&keys), Err(VaultError::InUse { .. })));
    drop(vault);
    Vault::open(&keys).unwrap();
}

#[test]
fn keys_are_never_written_over() {
    let (folder, vault) = fresh();
    let keys = folder.path().join("keys");
    drop(vault);
    assert!(matches!(Vault::create(&keys), Err(VaultError::AlreadyThere { .. })));
    let vault = Vault::open(&keys).unwrap();
    let (_other, full) = fresh();
    full.backup_to(&folder.path().join("backup")).unwrap();
    assert!(matches!(full.backup_to(&keys), Err(VaultError::AlreadyThere { .. })));
    let restored = Vault::restore(&folder.path().join("backup"), &keys);
    assert!(matches!(restored, Err(VaultError::AlreadyThere { .. })));
    vault.mint().unwrap();
}

#[test]
fn a_folder_without_keys_is_said_to_have_none() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("absent")] {
        assert!(matches!(Vault::open(&path), Err(VaultError::NoKeys { .. })));
    }
}

#[test]
fn a_creation_cut_short_can_be_begun_again() {
    let (folder, vault) = fresh();
    let keys = folder.path().join("keys");
    let pool = vault.mint().unwrap().pool;
    drop(vault);
    // The pool's file is the last that creation names, but for the one that says where to mint.
    fs::remove_file(keys.join("minting")).unwrap();
    fs::remove_file(keys.join(format!("slots-{pool:08x}"))).unwrap();
    assert!(matches!(Vault::open(&keys), Err(VaultError::NoKeys { .. })));
    Vault::create(&keys).unwrap().mint().unwrap();
}

#[test]
fn nobody_but_the_owner_may_read_the_folder() {
    let (folder, vault) = fresh();
    let keys = folder.path().join("keys");
    vault.rotate_epoch().unwrap();
    vault.backup_to(&folder.path().join("backup")).unwrap();
    drop(vault);
    for keys in [keys.clone(), folder.path().join("backup")] {
        assert_eq!(fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
        for file in files(&keys) {
            let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.display());
        }
    }
    for file in files(&keys).into_iter().filter(|file| !file.ends_with("lock")) {
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Vault::open(&keys), Err(VaultError::Exposed { .. })), "{}", file.display());
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn a_flip_of_any_bit_outside_the_slots_is_named() {
    let (folder, vault) = fresh();
    let keys = folder.path().join("keys");
    drop(vault);
    for file in files(&keys).into_iter().filter(|file| !file.ends_with("lock")) {
        let whole = fs::read(&file).unwrap();
        // Of a pool's file, the header; its slots are damaged one by one.
        for bit in 0..whole.len().min(64) * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&file, flipped).unwrap();
            let opened = Vault::open(&keys);
            assert!(matches!(opened, Err(VaultError::DamagedFile { .. })), "{} {bit}", file.display());
        }
        fs::write(&file, whole).unwrap();
    }
    Vault::open(&keys).unwrap();
}

#[test]
fn an_epoch_ends_and_takes_older_backups_with_it() {
    let (folder, vault) = fresh();
    let keys = folder.path().join("keys");
    let key = vault.mint().unwrap();
    let sealed = seal(&vault, key);
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    vault.backup_to(&backup).unwrap();
    let old = epochs(&keys);
    vault.rotate_epoch().unwrap();
    assert_eq!(epochs(&keys).len(), 1);
    assert_ne!(epochs(&keys), old);
    assert_eq!(open(&vault, key, &sealed).unwrap(), Opened::Plain);
    let vault = reopened(&folder, vault);
    assert_eq!(open(&vault, key, &sealed).unwrap(), Opened::Plain);

    // The backup's own copy of the epoch's key was held apart, and its time is over.
    fs::remove_dir_all(backup.join("epochs")).unwrap();
    assert!(matches!(Vault::restore(&backup, &restored), Err(VaultError::EpochMissing { epoch: 1 })));
    // Not even the running folder's newer epoch opens it.
    fs::create_dir(backup.join("epochs")).unwrap();
    let newer = &epochs(&keys)[0];
    fs::copy(newer, backup.join("epochs").join(newer.file_name().unwrap())).unwrap();
    let restored = folder.path().join("restored again");
    assert!(matches!(Vault::restore(&backup, &restored), Err(VaultError::EpochMissing { epoch: 1 })));
}

#[test]
fn a_backup_opens_with_all_that_was_sealed_before_it() {
    let (folder, vault) = fresh();
    let keys: Vec<_> = (0..2500).map(|_| vault.mint().unwrap()).collect();
    let sealed: Vec<_> = keys.iter().map(|key| seal(&vault, *key)).collect();
    vault.destroy(keys[7]).unwrap();
    vault.backup_to(&folder.path().join("backup")).unwrap();
    let backup = Vault::open(&folder.path().join("backup")).unwrap();
    for (number, (key, sealed)) in keys.iter().zip(&sealed).enumerate() {
        let expected = if number == 7 { Opened::Erased } else { Opened::Plain };
        assert_eq!(open(&backup, *key, sealed).unwrap(), expected);
    }
}
