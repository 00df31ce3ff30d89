//! A first load of two suppliers who know the same children: comparing finds who is held twice, and nobody else.

use serde_json::Value;

use crate::asked::{Place, contactpoint, text_of};

const CHILDREN: u64 = 400;

fn compared(place: &Place) -> Value {
    place.ask(&["--json", "compare"]).ended(0).object()
}

#[test]
fn children_of_two_first_loads_are_found_to_be_held_twice() {
    let place = Place::empty();
    let invented = text_of(&place.path("invented"));
    let day = ["--as-at", "2026-11-01", "--seed", "11", "--out", &invented];
    contactpoint(&[&["generate", "--children", &CHILDREN.to_string()], day.as_slice()].concat()).ended(0);
    let organisations = text_of(&place.path("invented").join("organisations.csv"));
    place.ask(&["import", "organisations", &organisations]).ended(0);
    let events = std::fs::read_to_string(place.path("invented").join("events.ndjson")).unwrap();
    let described: Vec<&str> = events.lines().filter(|line| line.contains("child.described")).collect();
    let file = place.file("described.ndjson", &described.join("\n"));
    let first_load = |supplier: &str| {
        let client = place.ask(&["--json", "client", "add", "--organisation", supplier]).ended(0).object();
        let client = client["client_id"].as_str().unwrap().to_owned();
        let answer = place.ask(&["--json", "import", "events", &file, "--client", &client, "--first-load"]);
        assert_eq!(answer.ended(0).object()["recorded"], described.len(), "{supplier}");
    };
    first_load("org:national-supplier");
    let alone = compared(&place);
    assert_eq!((&alone["children"], &alone["alike"]), (&CHILDREN.into(), &0.into()), "{alone}");
    first_load("org:national-helpline");
    let twice = compared(&place);
    assert_eq!((&twice["children"], &twice["queued"]), (&(2 * CHILDREN).into(), &CHILDREN.into()), "{twice}");
    let again = compared(&place);
    assert_eq!((&again["queued"], &again["known"]), (&0.into(), &CHILDREN.into()), "{again}");
    let rebuilt = place.ask(&["--json", "rebuild"]).ended(0).object();
    assert_eq!(rebuilt["identical"], true, "{rebuilt}");
}
