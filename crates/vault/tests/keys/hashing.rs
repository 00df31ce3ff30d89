//! Keyed hashes stay, and tell nothing across purposes.

use std::collections::BTreeSet;

use vault::{Purpose, Vault};

use crate::stage::{fresh, reopened};

fn all(vault: &Vault) -> Vec<[u8; 16]> {
    Purpose::ALL.map(|purpose| vault.keyed_hash(purpose, &[b"client", b"ref-1"])).to_vec()
}

#[test]
fn a_hash_stays_the_same_for_as_long_as_the_folder_lives() {
    let (folder, vault) = fresh();
    let hashes = all(&vault);
    vault.rotate_epoch().unwrap();
    assert_eq!(all(&vault), hashes);
    let vault = reopened(&folder, vault);
    assert_eq!(all(&vault), hashes);
    vault.backup_to(&folder.path().join("backup")).unwrap();
    let restored = Vault::restore(&folder.path().join("backup"), &folder.path().join("restored")).unwrap();
    assert_eq!(all(&restored), hashes);
}

#[test]
fn hashes_differ_by_purpose_and_by_folder() {
    let (_one, one) = fresh();
    let (_two, two) = fresh();
    let hashes: BTreeSet<_> = all(&one).into_iter().chain(all(&two)).collect();
    assert_eq!(hashes.len(), 2 * Purpose::ALL.len());
}

#[test]
fn parts_never_run_into_each_other() {
    let (_folder, vault) = fresh();
    let hash = |parts: &[&[u8]]| vault.keyed_hash(Purpose::LocalRef, parts);
    let lists: [&[&[u8]]; 6] =
        [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"abc", b""], &[b"", b"abc"], &[]];
    assert_eq!(lists.map(hash).into_iter().collect::<BTreeSet<_>>().len(), lists.len());
}

#[test]
fn random_bytes_are_not_the_same_twice() {
    let (_folder, vault) = fresh();
    let (mut one, mut two) = ([0; 16], [0; 16]);
    vault.fill(&mut one).unwrap();
    vault.fill(&mut two).unwrap();
    assert!(one != two && one != [0; 16]);
}
