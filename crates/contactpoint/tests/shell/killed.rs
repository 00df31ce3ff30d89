//! An import or a rebuild that is killed in the middle, and run again: nothing is lost, nothing is there twice.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::asked::{Place, contactpoint, text_of};

const CHILDREN: &str = "600";
const SUPPLIER: &str = "org:national-supplier";

/// A directory with the organisations of an invented England, and the file of its events.
fn world() -> (Place, String, String) {
    let place = Place::empty();
    let invented = text_of(&place.path("invented"));
    let day = ["--as-at", "2026-11-01", "--seed", "11", "--out", &invented];
    contactpoint(&[&["generate", "--children", CHILDREN], day.as_slice()].concat()).ended(0);
    let organisations = text_of(&place.path("invented").join("organisations.csv"));
    place.ask(&["import", "organisations", &organisations]).ended(0);
    let client = place.ask(&["--json", "client", "add", "--organisation", SUPPLIER]).ended(0).object();
    let events = std::fs::read_to_string(place.path("invented").join("events.ndjson")).unwrap();
    (place, client["client_id"].as_str().unwrap().to_owned(), events)
}

/// How many rows each read model has, after it was folded once more and found the same.
fn rows(place: &Place) -> Vec<(String, u64)> {
    let report = place.ask(&["--json", "rebuild"]).ended(0).object();
    let models = report["models"].as_array().unwrap().iter();
    models
        .map(|model| (model["name"].as_str().unwrap().to_owned(), model["rows"].as_u64().unwrap()))
        .collect()
}

fn marks(place: &Place) -> usize {
    let files = std::fs::read_dir(place.path("data")).unwrap();
    files.filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().starts_with("import-")).count()
}

fn whole(place: &Place, client: &str, events: &str) -> Value {
    let file = place.file("events.ndjson", events);
    let answer = place.ask(&["--json", "import", "events", &file, "--client", client, "--first-load"]);
    assert!(answer.status < 2, "{}", answer.stderr);
    answer.object()
}

#[test]
fn an_import_that_was_killed_goes_on_to_the_same_rows() {
    let (place, client, events) = world();
    let (untouched, other_client, _) = world();
    let expected = whole(&untouched, &other_client, &events);

    let half = events.lines().count() / 2;
    let data = text_of(&place.path("data"));
    let mut importing = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["import", "events", "-", "--first-load", "--client", &client, "--data", &data])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = importing.stdin.take().unwrap();
    for (at, line) in events.lines().take(half).enumerate() {
        writeln!(pipe, "{line}").unwrap();
        if at % 100 == 0 {
            pipe.flush().unwrap();
            #[expect(
                clippy::disallowed_methods,
                reason = "a feed that takes its time, until a mark was made"
            )]
            std::thread::sleep(Duration::from_millis(if marks(&place) == 0 { 300 } else { 0 }));
        }
    }
    assert_eq!(marks(&place), 1, "the import marked how far it came");
    importing.kill().unwrap();
    importing.wait().unwrap();

    let other = place.file("other.ndjson", &events.replacen("E000000001", "E999999999", 1));
    let refused = place.ask(&["import", "events", &other, "--first-load", "--client", &client]);
    assert!(refused.status == 2 && refused.stderr.contains("not the file"), "{}", refused.stderr);

    let resumed = whole(&place, &client, &events);
    assert!(resumed["resumed"].as_u64().unwrap() > 0, "{resumed}");
    for counted in ["events", "refused", "codes"] {
        assert_eq!(resumed[counted], expected[counted], "{counted}: {resumed} {expected}");
    }
    let taken = |report: &Value| report["recorded"].as_u64().unwrap() + report["duplicate"].as_u64().unwrap();
    assert_eq!(taken(&resumed), taken(&expected));
    assert_eq!(place.verified()["records"], untouched.verified()["records"]);
    assert_eq!(rows(&place), rows(&untouched));
    assert_eq!(marks(&place), 0, "the mark goes with the end");

    let again = whole(&place, &client, &events);
    assert_eq!((&again["recorded"], &again["duplicate"]), (&0.into(), &expected["recorded"]));
}

#[test]
fn what_is_filed_side_by_side_is_what_one_after_another_would_have_been() {
    let (first, client, events) = world();
    let counts = whole(&first, &client, &events);
    let (second, other_client, _) = world();
    // A few lines at a time leave little to be filed side by side.
    let lines: Vec<&str> = events.lines().collect();
    let mut recorded = 0;
    for part in lines.chunks(lines.len() / 20) {
        let report = whole(&second, &other_client, &part.join("\n"));
        recorded += report["recorded"].as_u64().unwrap();
    }
    assert_eq!(counts["recorded"], recorded);
    assert_eq!(rows(&first), rows(&second));
}

#[test]
fn a_rebuild_that_was_killed_leaves_the_rows_and_the_next_one_makes_the_same() {
    let (place, client, events) = world();
    whole(&place, &client, &events);
    let before = digests(&place);
    let data = text_of(&place.path("data"));
    #[expect(clippy::disallowed_methods, reason = "how long a rebuild takes, so that it is cut everywhere")]
    let watch = std::time::Instant::now();
    assert_eq!(digests(&place), before, "a rebuild makes the same rows");
    let whole_rebuild = watch.elapsed();
    for part in 1..=8_u32 {
        let mut rebuilding = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
            .args(["rebuild", "--data", &data])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        #[expect(clippy::disallowed_methods, reason = "killed at one of eight moments of its work")]
        std::thread::sleep(whole_rebuild * part / 9);
        rebuilding.kill().unwrap();
        rebuilding.wait().unwrap();
    }
    assert_eq!(digests(&place), before);
    let left = std::fs::read_dir(place.path("data/rows")).unwrap().count();
    assert_eq!(digests(&place), before);
    assert_eq!(std::fs::read_dir(place.path("data/rows")).unwrap().count(), left, "nothing piles up");
}

/// What each read model comes to, which a rebuild has made anew and found the same.
fn digests(place: &Place) -> Vec<(String, String)> {
    let report = place.ask(&["--json", "rebuild"]).ended(0).object();
    assert_eq!(report["identical"], true, "{report}");
    let text = |model: &Value, name: &str| model[name].as_str().unwrap().to_owned();
    let models = report["models"].as_array().unwrap().iter();
    models.map(|model| (text(model, "name"), text(model, "after"))).collect()
}
