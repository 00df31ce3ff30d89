//! A vault in a temporary folder, and the words that the tests say about it.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use vault::{Opened, Sealed, Vault, VaultError};
use vocabulary::stream::KeyId;

pub(crate) const NONCE: [u8; 12] = [3; 12];
pub(crate) const BINDS: &[u8] = b"child-0190 event-0001 schema-1";
/// An invented fact.
pub(crate) const FACT: &[u8] = br#"{"by":{"supplier":{"organisation":"org:NAT07","client":"casework"}},"facts":[{"type":"involvement_ended","data":{"involvement_id":"0f0e0d0c-0b0a-4908-a706-050403020100","ended_on":"2026-03-01"}}]}"#;

/// A fresh vault; the folder goes when the first is dropped.
pub(crate) fn fresh() -> (TempDir, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(&folder.path().join("keys")).unwrap();
    (folder, vault)
}

/// Closes the vault and opens its folder anew.
pub(crate) fn reopened(folder: &TempDir, vault: Vault) -> Vault {
    drop(vault);
    Vault::open(&folder.path().join("keys")).unwrap()
}

/// Copies the folder as a crash at this moment would leave it; `name` tells copies apart.
pub(crate) fn crashed(folder: &TempDir, name: &str) -> PathBuf {
    let copy = folder.path().join(name);
    copy_all(&folder.path().join("keys"), &copy);
    copy
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

/// Changes the file of this key's pool in a closed folder.
pub(crate) fn change_slots(keys: &Path, key: KeyId, change: impl FnOnce(&mut Vec<u8>)) {
    let path = keys.join(format!("slots-{:08x}", key.pool));
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
}

pub(crate) fn seal(vault: &Vault, key: KeyId) -> Sealed {
    vault.seal(key, NONCE, BINDS, FACT).unwrap()
}

/// Opens what [`seal`] sealed; when it opens, it is what was sealed.
pub(crate) fn open(vault: &Vault, key: KeyId, sealed: &Sealed) -> Result<Opened, VaultError> {
    let mut into = vec![1, 2, 3];
    let opened = vault.open_payload(key, NONCE, BINDS, sealed.dictionary, &sealed.bytes, &mut into)?;
    match opened {
        Opened::Plain => assert_eq!(into, FACT),
        Opened::Erased => assert_eq!(into, b""),
    }
    Ok(opened)
}
