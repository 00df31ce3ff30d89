//! Backups: a copy is whole, a restored directory is the same, and an earlier moment has the root it had then.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::asked::{Answer, Place, SUPPLIER, contactpoint, text_of};

/// Serves until it is ready, then tells it to stop; answers how it ended.
fn served(place: &Place) -> Option<i32> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data", &text_of(&place.path("data"))])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(told.any(|line| line.contains("serving")), "it says when it serves");
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    told.for_each(drop);
    server.wait().unwrap().code()
}

#[test]
fn an_orderly_stop_keeps_the_index_and_a_backup_leaves_it_out() {
    let place = Place::with_organisations();
    let rows = "local_ref,forename,surname,dob,gender\nE1,Ava,Lowe,2015-04-02,F\nE2,Ben,Marsh,2016-05-03,M\n";
    let file = place.file("children.csv", rows);
    place.ask(&["import", "children", &file, "--supplier", SUPPLIER]).ended(0);
    let checked = |name: &str| {
        let checks = place.ask(&["--json", "doctor"]).ended(0).objects();
        let check = checks.into_iter().find(|check| check["check"] == name).unwrap();
        (check["verdict"].clone(), check["detail"].as_str().unwrap().to_owned())
    };
    let index = || checked("index");
    assert_eq!(checked("backup").0, "warn");
    assert!(index().1.contains("of 2 children, built from the rows; none is kept"), "{:?}", index());
    assert_eq!(served(&place), Some(0));
    assert!(index().1.contains("of 2 children, kept as generation 1"), "{:?}", index());
    let [copy, keys] = ["copy", "copied-keys"].map(|name| text_of(&place.path(name)));
    place.ask(&["backup", "--to", &copy, "--keys-to", &keys]).ended(0);
    let (verdict, told) = checked("backup");
    assert!(verdict == "ok" && told.starts_with("0 h old, of ") && told.ends_with("with the keys"), "{told}");
    assert!(place.path("data/index/children-00000001").exists() && !place.path("copy/index").exists());
    restore(&place, "restored", &[]).ended(0);
    assert!(!place.path("restored/index/children-00000001").exists());
    std::fs::write(place.path("data/index/children-00000001"), b"somebody else's").unwrap();
    assert_eq!(place.ask(&["rebuild"]).ended(0).stdout.matches("DIFFERENT").count(), 0);
    assert!(!place.path("data/index/children-00000001").exists());
    assert_eq!(served(&place), Some(0));
    assert_eq!(index().0, "ok");
}

fn restore(place: &Place, to: &str, more: &[&str]) -> Answer {
    let [from, keys, data] = ["copy", "copied-keys", to].map(|name| text_of(&place.path(name)));
    let asked = ["--json", "restore", "--from", &from, "--keys-from", &keys, "--data", &data];
    contactpoint(&[asked.as_slice(), more].concat())
}

#[test]
fn a_restored_directory_has_the_same_root_and_the_same_rows() {
    let place = Place::with_organisations();
    let rows = "local_ref,forename,surname,dob,gender\nE1,Ava,Lowe,2015-04-02,F\nE2,Ben,Marsh,2016-05-03,M\n";
    let file = place.file("children.csv", rows);
    let earlier = place.verified();
    place.ask(&["import", "children", &file, "--supplier", SUPPLIER]).ended(0);
    let before = place.verified();
    let [copy, keys] = ["copy", "copied-keys"].map(|name| text_of(&place.path(name)));
    // As beside a server: somebody else has the log and the keys open.
    let (log, _) = event_log::Segments::open(place.path("data/log"), event_log::Options::default()).unwrap();
    let vault = vault::Vault::open(&place.path("data-keys")).unwrap();
    let backed_up = place.ask(&["--json", "backup", "--to", &copy, "--keys-to", &keys]).ended(0).object();
    assert_eq!(backed_up["root"], before["root"]);
    drop((log, vault));
    place.ask(&["backup", "--to", &copy]).ended(2);

    assert_eq!(restore(&place, "restored", &[]).ended(0).object()["root"], before["root"]);
    restore(&place, "restored", &[]).ended(2);
    let rows_of = |data: &str| {
        let data = text_of(&place.path(data));
        let report = contactpoint(&["--json", "rebuild", "--data", &data]).ended(0).object();
        let models = report["models"].as_array().unwrap();
        models.iter().map(|model| (model["name"].clone(), model["before"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(rows_of("data"), rows_of("restored"));

    let until = earlier["records"].to_string();
    let report = restore(&place, "until", &["--until", &until]).ended(0).object();
    assert_eq!((&report["root"], &report["left_out"]), (&earlier["root"], &2.into()), "{report}");
}

#[test]
fn a_harmed_backup_is_not_restored() {
    let place = Place::with_organisations();
    let [copy, keys] = ["copy", "copied-keys"].map(|name| text_of(&place.path(name)));
    place.ask(&["backup", "--to", &copy, "--keys-to", &keys]).ended(0);
    let segment = place.path("copy/log/00000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[700] ^= 4;
    std::fs::write(&segment, bytes).unwrap();
    restore(&place, "restored", &[]).ended(4);
    assert!(!place.path("restored/log").exists());
}
