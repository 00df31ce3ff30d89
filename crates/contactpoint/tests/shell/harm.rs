//! Logs that were harmed: rot is named by position, a torn tail is cut off and kept.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
};

use crate::asked::{Place, text_of};

/// Where the records of the log end: after the last byte that is not zero.
fn end_of(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1
}

#[test]
fn one_flipped_bit_anywhere_ends_with_4_and_names_a_position() {
    let place = Place::with_organisations();
    let segment = place.path("data/log/00000001.seg");
    let whole = fs::read(&segment).unwrap();
    let end = end_of(&whole);
    let file = OpenOptions::new().write(true).open(&segment).unwrap();
    for place_of_bit in [600, end / 2, end - 1] {
        let byte = whole[place_of_bit];
        file.write_all_at(&[byte ^ 0x10], place_of_bit as u64).unwrap();
        let found = place.ask(&["--json", "verify"]).ended(4).object();
        assert_eq!(found["whole"], false);
        assert!(found["position"].is_u64(), "byte {place_of_bit}: {found}");
        file.write_all_at(&[byte], place_of_bit as u64).unwrap();
    }
    assert_eq!(place.verified()["whole"], true);
}

#[test]
fn a_damaged_log_is_not_opened() {
    let place = Place::with_organisations();
    let segment = place.path("data/log/00000001.seg");
    let file = OpenOptions::new().read(true).write(true).open(&segment).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, 700).unwrap();
    file.write_all_at(&[byte[0] ^ 1], 700).unwrap();
    place.ask(&["user", "list"]).ended(4);
    place.ask(&["serve", "--listen", "127.0.0.1:0"]).ended(4);
}

#[test]
fn a_copy_is_verified_without_keys_and_rows() {
    let place = Place::with_organisations();
    let copy = place.path("copy");
    fs::create_dir_all(copy.join("log")).unwrap();
    for name in ["00000001.seg", "durable"] {
        fs::copy(place.path("data/log").join(name), copy.join("log").join(name)).unwrap();
    }
    let answer = crate::asked::contactpoint(&["--json", "verify", "--data", &text_of(&copy)]).ended(0);
    assert_eq!(answer.object()["root"], place.verified()["root"]);
}

#[test]
fn a_torn_tail_is_cut_off_and_kept_and_nothing_before_it_is_lost() {
    let place = Place::with_organisations();
    let log = place.path("data/log");
    let segment = log.join("00000001.seg");
    let before = place.verified();
    let end = end_of(&fs::read(&segment).unwrap());
    // The beginning of a write that a crash cut short: what was being written was never acknowledged.
    let file = OpenOptions::new().write(true).open(&segment).unwrap();
    let after = (end as u64).next_multiple_of(8);
    file.write_all_at(&[0xA5; 40], after).unwrap();
    let verified = place.verified();
    assert!(verified["torn_bytes"].as_u64() > Some(0), "{verified}");
    let opened = place.ask(&["user", "list"]).ended(0);
    assert!(opened.stderr.contains("torn") && opened.stderr.contains("kept in"), "{}", opened.stderr);
    let kept = fs::read_dir(&log)
        .unwrap()
        .any(|entry| entry.unwrap().path().extension().is_some_and(|ending| ending == "torn"));
    assert!(kept, "the bytes were thrown away");
    let now = place.verified();
    assert_eq!((&now["root"], &now["torn_bytes"]), (&before["root"], &0.into()));
}
