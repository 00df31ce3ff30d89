//! Archiving: the oldest segments lie in another folder, and everything that reads the log finds them there.

use std::fmt::Write as _;

use crate::asked::{Answer, Place, SUPPLIER, contactpoint, text_of};

/// A directory whose first segment is small, so that a few hundred children close it.
fn with_a_closed_segment() -> Place {
    let place = Place::empty();
    let small = event_log::Options { segment_bytes: 64 << 10 };
    drop(event_log::Segments::open(place.path("data/log"), small).unwrap());
    place.take_organisations();
    let mut rows = "local_ref,forename,surname,dob,gender\n".to_owned();
    for number in 0..300 {
        writeln!(rows, "E{number},Ava,Lowe,2015-04-{:02},F", number % 28 + 1).unwrap();
    }
    let file = place.file("children.csv", &rows);
    place.ask(&["import", "children", &file, "--supplier", SUPPLIER]).ended(0);
    assert!(place.path("data/log/00000002.seg").exists(), "the first segment is closed");
    std::fs::create_dir(place.path("archive")).unwrap();
    place
}

fn archive(place: &Place, before: &str, more: &[&str]) -> Answer {
    let to = text_of(&place.path("archive"));
    place.ask(&[&["--json", "archive", "--to", &to, "--before", before], more].concat())
}

#[test]
fn an_archived_segment_is_verified_backed_up_restored_and_folded_anew() {
    let place = with_a_closed_segment();
    let before = place.verified();
    assert_eq!(archive(&place, "2001-01", &[]).ended(0).object()["segments"], 0);
    let planned = archive(&place, "2999-01", &["--dry-run"]).ended(0).object();
    assert_eq!((&planned["segments"], &planned["bytes"]), (&1.into(), &(64 << 10).into()), "{planned}");
    assert_eq!(planned["months"][0]["records"], planned["records"]);
    assert!(place.path("data/log/00000001.seg").exists() && !place.path("archive/00000001.seg").exists());

    let carried = archive(&place, "2999-01", &[]).ended(0).object();
    assert_eq!((&carried["segments"], &carried["records"]), (&1.into(), &planned["records"]));
    assert!(!place.path("data/log/00000001.seg").exists() && place.path("archive/00000001.seg").exists());
    let after = place.verified();
    assert_eq!((&after["root"], &after["records"]), (&before["root"], &before["records"]));
    assert_eq!(place.ask(&["rebuild"]).ended(0).stdout.matches("DIFFERENT").count(), 0);
    let checks = place.ask(&["--json", "doctor"]).ended(0).objects();
    assert!(checks.iter().any(|check| check["check"] == "archive" && check["verdict"] == "ok"), "{checks:?}");

    let [copy, keys, data] = ["copy", "copied-keys", "restored"].map(|name| text_of(&place.path(name)));
    let backed_up = place.ask(&["--json", "backup", "--to", &copy, "--keys-to", &keys]).ended(0).object();
    assert_eq!(backed_up["root"], before["root"]);
    assert!(place.path("copy/log/00000001.seg").exists(), "a backup is whole by itself");
    let asked = ["--json", "restore", "--from", &copy, "--keys-from", &keys, "--data", &data];
    assert_eq!(contactpoint(&asked).ended(0).object()["root"], before["root"]);
}

#[test]
fn without_its_archive_nothing_opens_and_everything_says_where_it_should_be() {
    let place = with_a_closed_segment();
    archive(&place, "2999-01", &[]).ended(0);
    let [there, away] = ["archive", "away"].map(|name| place.path(name));
    std::fs::rename(&there, &away).unwrap();
    for command in [&["verify"][..], &["rebuild"], &["doctor"]] {
        let answer = place.ask(command).ended(1);
        let told = answer.stdout + &answer.stderr;
        assert!(told.contains(&text_of(&there)), "{command:?}: {told}");
    }
    archive(&place, "2999-01", &[]).ended(2);
    std::fs::create_dir(&there).unwrap();
    archive(&place, "2999-01", &[]).ended(2);
    place.ask(&["verify"]).ended(1);
    // Carried elsewhere, and said so.
    let to = text_of(&away);
    place.ask(&["archive", "--to", &to, "--before", "2001-01"]).ended(0);
    place.verified();
}

#[test]
fn an_archive_inside_the_data_folder_is_refused() {
    let place = Place::with_organisations();
    let inside = place.path("data/old");
    std::fs::create_dir(&inside).unwrap();
    place.ask(&["archive", "--to", &text_of(&inside), "--before", "2999-01"]).ended(2);
    place.ask(&["archive", "--to", &text_of(&inside), "--before", "January"]).ended(2);
}
