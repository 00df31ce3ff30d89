//! Sealed bytes open as they were, or not at all.

use proptest::collection::vec;
use proptest::prelude::*;
use vault::{BINDS_BYTES_MAX, Opened, PLAIN_BYTES_MAX, Sealed, VaultError};
use vocabulary::stream::KeyId;

use crate::stage::{BINDS, FACT, NONCE, fresh, open, seal};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sealed_opens_as_it_was(
        plains in vec((vec(any::<u8>(), 0..2000), vec(any::<u8>(), 0..=BINDS_BYTES_MAX), any::<[u8; 12]>()), 1..8),
    ) {
        let (_folder, vault) = fresh();
        for (plain, binds, nonce) in plains {
            let key = vault.mint().unwrap();
            let mut into = Vec::new();
            let sealed = vault.seal(key, nonce, &binds, &plain).unwrap();
            prop_assert!(sealed.bytes.len().is_multiple_of(16));
            let opened = vault.open_payload(key, nonce, &binds, sealed.dictionary, &sealed.bytes, &mut into);
            prop_assert_eq!((opened.unwrap(), &into), (Opened::Plain, &plain));

            let mut row = b"kept".to_vec();
            vault.seal_row(key, nonce, &binds, &plain, &mut row).unwrap();
            let row = row.strip_prefix(b"kept").unwrap();
            prop_assert_eq!(vault.open_row(key, nonce, &binds, row, &mut into).unwrap(), Opened::Plain);
            prop_assert_eq!(&into, &plain);
        }
    }
}

#[test]
fn every_single_bit_flipped_in_a_payload_is_refused() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let sealed = seal(&vault, key);
    for bit in 0..sealed.bytes.len() * 8 {
        let mut altered = sealed.clone();
        altered.bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(open(&vault, key, &altered), Err(VaultError::Altered { .. })), "bit {bit}");
    }
    for dictionary in (0..=u8::MAX).filter(|dictionary| *dictionary != sealed.dictionary) {
        let altered = Sealed { dictionary, ..sealed.clone() };
        assert!(open(&vault, key, &altered).is_err(), "dictionary {dictionary}");
    }
}

#[test]
fn every_single_bit_flipped_in_a_row_is_refused() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let (mut row, mut into) = (Vec::new(), Vec::new());
    vault.seal_row(key, NONCE, BINDS, FACT, &mut row).unwrap();
    for bit in 0..row.len() * 8 {
        let mut altered = row.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(vault.open_row(key, NONCE, BINDS, &altered, &mut into).is_err(), "bit {bit}");
        assert!(into.is_empty(), "bit {bit}");
    }
}

#[test]
fn a_payload_cut_or_lengthened_is_refused() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let sealed = seal(&vault, key);
    for length in 0..sealed.bytes.len() {
        let cut = Sealed { bytes: sealed.bytes[..length].to_vec(), ..sealed.clone() };
        assert!(matches!(open(&vault, key, &cut), Err(VaultError::Altered { .. })), "{length} bytes");
    }
    let longer = Sealed { bytes: [sealed.bytes.as_slice(), &[0; 16]].concat(), ..sealed };
    assert!(matches!(open(&vault, key, &longer), Err(VaultError::Altered { .. })));
}

#[test]
fn a_payload_opens_only_where_it_was_sealed() {
    let (_folder, vault) = fresh();
    let (key, another) = (vault.mint().unwrap(), vault.mint().unwrap());
    let sealed = seal(&vault, key);
    let mut into = Vec::new();
    let mut elsewhere = |key, nonce, binds: &[u8]| {
        let opened = vault.open_payload(key, nonce, binds, sealed.dictionary, &sealed.bytes, &mut into);
        matches!(opened, Err(VaultError::Altered { .. }))
    };
    assert!(!elsewhere(key, NONCE, BINDS));
    assert!(elsewhere(another, NONCE, BINDS), "another key");
    assert!(elsewhere(key, [4; 12], BINDS), "another nonce");
    assert!(elsewhere(key, NONCE, b"child-0191 event-0001 schema-1"), "another stream");
    assert!(elsewhere(key, NONCE, b"child-0190 event-0002 schema-1"), "another event");
    assert!(elsewhere(key, NONCE, &BINDS[..BINDS.len() - 1]), "a shorter binding");
}

#[test]
fn a_row_and_a_payload_never_share_a_key() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let sealed = seal(&vault, key);
    let (mut row, mut into) = (Vec::new(), Vec::new());
    vault.seal_row(key, NONCE, BINDS, FACT, &mut row).unwrap();
    assert_ne!(row[1..], sealed.bytes);
    let as_row = [&[sealed.dictionary], sealed.bytes.as_slice()].concat();
    assert!(matches!(vault.open_row(key, NONCE, BINDS, &as_row, &mut into), Err(VaultError::Altered { .. })));
}

#[test]
fn a_payload_in_the_shape_of_the_dictionary_becomes_much_shorter() {
    let (_folder, vault) = fresh();
    let sealed = seal(&vault, vault.mint().unwrap());
    assert_eq!(sealed.dictionary, vault::dictionary::CURRENT);
    assert!(sealed.bytes.len() * 2 < FACT.len(), "{} of {}", sealed.bytes.len(), FACT.len());
}

#[test]
fn what_does_not_become_shorter_is_kept_as_it_is() {
    let (_folder, vault) = fresh();
    let mut noise = [0; 64];
    vault.fill(&mut noise).unwrap();
    let sealed = vault.seal(vault.mint().unwrap(), NONCE, BINDS, &noise).unwrap();
    assert_eq!((sealed.dictionary, sealed.bytes.len()), (0, 64 + 16 + 16));
}

#[test]
fn a_dictionary_of_a_later_version_is_named() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let later = Sealed { dictionary: 200, ..seal(&vault, key) };
    assert!(matches!(open(&vault, key, &later), Err(VaultError::UnknownDictionary { dictionary: 200 })));
}

#[test]
fn a_clear_payload_passes_as_it_is() {
    let (_folder, vault) = fresh();
    let sealed = seal(&vault, KeyId::CLEAR);
    assert_eq!((sealed.bytes.as_slice(), sealed.dictionary), (FACT, 0));
    assert_eq!(open(&vault, KeyId::CLEAR, &sealed).unwrap(), Opened::Plain);

    let (mut row, mut into) = (Vec::new(), Vec::new());
    vault.seal_row(KeyId::CLEAR, NONCE, BINDS, FACT, &mut row).unwrap();
    assert_eq!(vault.open_row(KeyId::CLEAR, NONCE, BINDS, &row, &mut into).unwrap(), Opened::Plain);
    assert_eq!(into, FACT);
}

#[test]
fn what_is_too_long_is_refused() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let longest = vec![b'x'; PLAIN_BYTES_MAX];
    let sealed = vault.seal(key, NONCE, BINDS, &longest).unwrap();
    let mut into = Vec::new();
    vault.open_payload(key, NONCE, BINDS, sealed.dictionary, &sealed.bytes, &mut into).unwrap();
    assert_eq!(into, longest);

    let longer = vec![b'x'; PLAIN_BYTES_MAX + 1];
    assert!(matches!(vault.seal(key, NONCE, BINDS, &longer), Err(VaultError::TooLong { .. })));
    let binds = [0; BINDS_BYTES_MAX + 1];
    assert!(matches!(vault.seal(key, NONCE, &binds, FACT), Err(VaultError::BindsTooLong { length: 129 })));
}

#[test]
fn neither_a_vault_nor_a_payload_prints_what_it_holds() {
    let (_folder, vault) = fresh();
    let clear = seal(&vault, KeyId::CLEAR);
    assert_eq!(format!("{clear:?}"), format!("Sealed {{ length: {}, dictionary: 0 }}", FACT.len()));
    assert!(format!("{vault:?}").starts_with("Vault { folder: "));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_piece_opens_where_it_is_under_its_own_number_and_binding_alone(
        plain in vec(any::<u8>(), 0..2000), binds in vec(any::<u8>(), 0..=BINDS_BYTES_MAX), nonce in any::<[u8; 12]>(),
    ) {
        let (_folder, vault) = fresh();
        let key = vault.mint().unwrap();
        let mut piece = plain.clone();
        vault.seal_piece(key, nonce, &binds, &mut piece).unwrap();
        prop_assert_eq!(piece.len(), plain.len() + 16);
        let mut other = nonce;
        other[0] ^= 1;
        for (nonce, binds) in [(other, binds.as_slice()), (nonce, b"elsewhere")] {
            let refused = vault.open_piece(key, nonce, binds, &mut piece.clone());
            let is_altered = matches!(refused, Err(VaultError::Altered { .. }));
            prop_assert!(is_altered);
        }
        prop_assert_eq!(vault.open_piece(key, nonce, &binds, &mut piece).unwrap(), Opened::Plain);
        prop_assert_eq!(piece, plain);
    }
}

#[test]
fn every_single_bit_flipped_in_a_piece_is_refused_and_none_is_a_row() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let mut piece = FACT.to_vec();
    vault.seal_piece(key, NONCE, BINDS, &mut piece).unwrap();
    for bit in 0..piece.len() * 8 {
        let mut altered = piece.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let refused = vault.open_piece(key, NONCE, BINDS, &mut altered);
        assert!(matches!(refused, Err(VaultError::Altered { .. })), "bit {bit}");
    }
    let row = [&[0], piece.as_slice()].concat();
    assert!(vault.open_row(key, NONCE, BINDS, &row, &mut Vec::new()).is_err());
    for length in 0..16 {
        assert!(vault.open_piece(key, NONCE, BINDS, &mut vec![0; length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_piece_under_a_destroyed_key_is_erased_and_none_is_sealed_or_too_long() {
    let (_folder, vault) = fresh();
    let key = vault.mint().unwrap();
    let mut piece = FACT.to_vec();
    vault.seal_piece(key, NONCE, BINDS, &mut piece).unwrap();
    let mut long = vec![0; PLAIN_BYTES_MAX + 1];
    assert!(matches!(vault.seal_piece(key, NONCE, BINDS, &mut long), Err(VaultError::TooLong { .. })));
    vault.destroy(key).unwrap();
    assert_eq!(vault.open_piece(key, NONCE, BINDS, &mut piece).unwrap(), Opened::Erased);
    assert!(piece.is_empty());
    let sealed = vault.seal_piece(key, NONCE, BINDS, &mut FACT.to_vec());
    assert!(matches!(sealed, Err(VaultError::DestroyedKey { .. })));
    assert!(vault.seal_piece(KeyId::CLEAR, NONCE, BINDS, &mut FACT.to_vec()).is_err(), "never in clear");
}
