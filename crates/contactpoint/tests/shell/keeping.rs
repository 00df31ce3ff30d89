//! `retention`: a night's work by hand, by a told clock.

use serde_json::{Value, json};

use crate::asked::{Place, asked_at, text_of};

const CHILDREN: &str = "local_ref,forename,surname,dob,gender,postcode
C1,Ava,Lowe,2008-11-23,F,N17 6AA
C2,Zebedee,Quillfeather,2015-04-02,M,N17 6AA
";

/// One night at an instant.
fn night(place: &Place, clock: &str) -> Value {
    let data = text_of(&place.path("data"));
    asked_at(Some(clock), &["--json", "retention", "--data", &data]).ended(0).object()
}

#[test]
fn a_night_by_hand_takes_to_the_archive_once_and_believes_no_clock_that_leapt() {
    let place = Place::with_organisations();
    let file = place.file("children.csv", CHILDREN);
    let data = text_of(&place.path("data"));
    let imported = ["--json", "import", "children", &file, "--supplier", "urn:900001", "--data", &data];
    asked_at(Some("2026-11-21T12:00:00Z"), &imported).ended(0);
    assert_eq!(night(&place, "2026-11-22T03:00:00Z")["settled"], json!(0));
    let next = night(&place, "2026-11-23T03:00:00Z");
    assert_eq!((&next["settled"], &next["night"]), (&json!(1), &json!("2026-11-23")));
    assert_eq!(night(&place, "2026-11-23T04:00:00Z")["settled"], json!(0), "once");
    let leapt = night(&place, "2036-11-23T03:00:00Z");
    assert_eq!((&leapt["unsteady"], &leapt["settled"]), (&json!(true), &json!(0)));
    place.ask(&["verify"]).ended(0);
}
