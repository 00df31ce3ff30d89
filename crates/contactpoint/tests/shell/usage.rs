//! Usage: wrong words, wrong folders, and a folder that somebody else has.

use std::{
    io::Read,
    net::TcpListener,
    process::{Command, Stdio},
};

use crate::asked::{Place, contactpoint, text_of};

#[test]
fn what_cannot_be_used_as_given_ends_with_2() {
    let place = Place::empty();
    contactpoint(&["sing"]).ended(2);
    contactpoint(&["verify"]).ended(2);
    place.ask(&["verify"]).ended(2);
    place.ask(&["user", "list"]).ended(2);
    place.ask(&["rebuild", "--model", "nonsense"]).ended(2);
    let missing = text_of(&place.path("nothing.csv"));
    place.ask(&["import", "organisations", &missing]).ended(2);
    let made = Place::with_organisations();
    made.ask(&["rebuild", "--model", "nonsense"]).ended(2);
    made.ask(&["user", "suspend", "nobody"]).ended(2);
    made.ask(&["serve", "--config", &missing]).ended(2);
}

#[test]
fn every_command_explains_itself() {
    let commands = [
        "serve",
        "demo",
        "sandbox",
        "generate",
        "import",
        "link",
        "verify",
        "rebuild",
        "replay",
        "search",
        "backup",
        "restore",
        "archive",
        "retention",
        "doctor",
        "openapi",
        "completions",
        "man",
        "organisation",
        "user",
        "client",
    ];
    let help = contactpoint(&["--help"]).ended(0).stdout;
    for command in commands {
        assert!(help.contains(command), "{command}");
        assert!(contactpoint(&[command, "--help"]).ended(0).stdout.contains("Usage"), "{command}");
    }
    assert!(contactpoint(&["completions", "bash"]).ended(0).stdout.contains("contactpoint"));
    assert!(contactpoint(&["man"]).ended(0).stdout.contains(".TH"));
    let openapi: serde_json::Value =
        serde_json::from_str(&contactpoint(&["openapi"]).ended(0).stdout).unwrap();
    assert!(openapi["paths"].as_object().is_some_and(|paths| !paths.is_empty()));
}

#[test]
fn a_demo_that_is_not_served_needs_no_address() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let place = Place::empty();
    place.ask(&["demo", "--children", "200", "--listen", &address]).ended(1);
    place.ask(&["demo", "--children", "200", "--listen", &address, "--no-serve"]).ended(0);
}

#[test]
fn a_folder_that_another_process_has_ends_with_3() {
    let place = Place::with_organisations();
    let (log, _) = event_log::Segments::open(place.path("data/log"), event_log::Options::default()).unwrap();
    place.ask(&["user", "list"]).ended(3);
    place.ask(&["rebuild"]).ended(3);
    place.ask(&["verify"]).ended(0);
    drop(log);
    place.ask(&["user", "list"]).ended(0);
}

#[test]
fn with_json_nothing_but_objects_is_on_stdout() {
    let place = Place::with_organisations();
    let listed = place.ask(&["--json", "organisation", "list"]).ended(0).objects();
    assert_eq!(listed.len(), 3);
    let added =
        place.ask(&["--json", "client", "add", "--organisation", crate::asked::SUPPLIER]).ended(0).object();
    assert!(added["client_secret"].as_str().is_some_and(|secret| secret.len() >= 24));
    let rebuilt = place.ask(&["--json", "rebuild"]).ended(0).object();
    assert_eq!(rebuilt["identical"], true);
    let checks = place.ask(&["--json", "doctor"]).ended(0).objects();
    assert!(checks.iter().all(|check| check["verdict"] != "fail"), "{checks:?}");
    assert!(checks.len() > 5);
}

#[test]
fn the_doctor_finds_keys_that_others_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_organisations();
    let keys = place.path("data-keys");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o755)).unwrap();
    let answer = place.ask(&["doctor"]).ended(1);
    assert!(answer.stdout.contains("fail  keys folder"), "{}", answer.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["generate", "--children", "2000", "--out", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut first = [0; 100];
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(first.starts_with(b"{\"specversion\":\"1.0\""));
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let place = Place::empty();
    for name in ["one", "two"] {
        let out = text_of(&place.path(name));
        let asked = ["--json", "generate", "--children", "50", "--seed", "9", "--as-at", "2026-11-20"];
        let answer = contactpoint(&[asked.as_slice(), &["--out", &out]].concat()).ended(0);
        assert_eq!(answer.object()["children"], 50);
    }
    for file in ["organisations.csv", "children.csv", "events.ndjson"] {
        let read = |name: &str| std::fs::read(place.path(name).join(file)).unwrap();
        assert!(read("one") == read("two") && !read("one").is_empty(), "{file}");
    }
}
