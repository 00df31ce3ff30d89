//! Files that come in: each row is judged, and what came in before adds nothing.

use serde_json::Value;

use crate::asked::{Place, SUPPLIER};

const HEADER: &str = "local_ref,forename,surname,dob,gender,postcode,nhs_number,school_urn";

/// Brings in rows under a header and tells what came of them.
fn bring_in(place: &Place, rows: &str, status: i32) -> Value {
    let file = place.file("children.csv", &format!("{HEADER}\n{rows}"));
    place.ask(&["--json", "import", "children", &file, "--supplier", SUPPLIER]).ended(status).object()
}

fn rejects(place: &Place) -> String {
    std::fs::read_to_string(place.path("children.csv.rejects.csv")).unwrap()
}

#[test]
fn a_file_that_came_in_before_adds_nothing() {
    let place = Place::with_organisations();
    let rows = "E1,Ava,Lowe,2015-04-02,F,N17 6AA,9434765919,900001\nE2,Ben,Marsh,2016-05-03,M,N17 6AB,,\n";
    let first = bring_in(&place, rows, 0);
    assert_eq!((&first["taken"], &first["events"]["recorded"]), (&2.into(), &3.into()), "{first}");
    let before = place.verified();
    let again = bring_in(&place, rows, 0);
    assert_eq!((&again["events"]["duplicate"], &again["events"]["recorded"]), (&3.into(), &0.into()));
    let after = place.verified();
    assert_eq!((&before["records"], &before["root"]), (&after["records"], &after["root"]));
}

#[test]
fn what_waits_for_a_person_is_not_sent_twice_either() {
    let place = Place::with_organisations();
    // The same day of birth and surname, and another forename at another address: a person must decide.
    let rows = "E1,Steven,Marsh,2015-04-02,M,N17 6AA,,\nE2,Simon,Marsh,2015-04-02,M,N17 9ZZ,,900001\n";
    let first = bring_in(&place, rows, 0);
    assert_eq!((&first["events"]["recorded"], &first["events"]["queued"]), (&1.into(), &2.into()), "{first}");
    let before = place.verified();
    bring_in(&place, rows, 0);
    assert_eq!(before["root"], place.verified()["root"]);
}

#[test]
fn a_setting_that_changes_back_is_news_again() {
    let place = Place::with_organisations();
    let row = |school: &str| format!("E1,Ava,Lowe,2015-04-02,F,N17 6AA,,{school}\n");
    for school in ["900001", "900002", "900001"] {
        let report = bring_in(&place, &row(school), 0);
        assert!(report["events"]["recorded"].as_u64() > Some(0), "{school}: {report}");
    }
    let before = place.verified();
    bring_in(&place, &row("900001"), 0);
    assert_eq!(before["root"], place.verified()["root"]);
}

#[test]
fn a_dry_run_judges_and_records_nothing() {
    let place = Place::with_organisations();
    let before = place.verified();
    let file = place.file("children.csv", &format!("{HEADER}\nE1,Ava,Lowe,2015-04-02,F,N17 6AA,,900001\n"));
    let report = place
        .ask(&["--json", "import", "children", &file, "--supplier", SUPPLIER, "--dry-run"])
        .ended(0)
        .object();
    assert_eq!((&report["dry_run"], &report["events"]["recorded"]), (&true.into(), &2.into()), "{report}");
    assert_eq!(before["root"], place.verified()["root"]);
}

#[test]
fn rejected_rows_are_told_by_line_field_and_code_and_never_by_value() {
    let place = Place::with_organisations();
    let rows = "\
E1,Ava,Lowe,2015-04-02,F,N17 6AA,,
E2,,Lowe,2015-04-02,F,N17 6AA,,
E3,Ava,Lowe,2999-04-02,F,N17 6AA,,
E4,Ava,Lowe,1999-04-02,F,N17 6AA,,
E5,Ava,Lowe,2015-04-02,F,N17 6AA,9434765918,
E6,Ava,R2D2,2015-04-02,F,NOWHERE,,
E1,Zoe,Marsh,2015-04-03,F,N17 6AA,,
E8,Ida,Quill,2014-01-01,F,N17 6AC,,999999
";
    let report = bring_in(&place, rows, 1);
    assert_eq!((&report["rows"], &report["taken"], &report["rejected"]), (&8.into(), &1.into(), &7.into()));
    let expected = "\
line,field,code
3,forename,value_missing
4,dob,date_of_birth_in_future
5,dob,adult
6,nhs_number,nhs_number_invalid
7,surname,name_invalid
8,local_ref,local_ref_repeated
9,school_urn,organisation_unknown
";
    assert_eq!(rejects(&place), expected);
    bring_in(&place, "E1,Ava,Lowe,2015-04-02,F,N17 6AA,,\n", 0);
    assert!(!place.path("children.csv.rejects.csv").exists(), "rejects of an earlier run stay");
}

#[test]
fn fields_in_which_another_word_stands_are_listed_beside_the_file() {
    let place = Place::with_organisations();
    bring_in(&place, "E1,Ava,Lowe,2015-04-02,F,N17 6AA,,\n", 0);
    let rows = format!("{HEADER}\nP7,Ava,Low,2015-04-02,F,N17 6AA,,\n");
    let file = place.file("pupils.csv", &rows);
    place.ask(&["--json", "import", "children", &file, "--supplier", "urn:900001"]).ended(0);
    let listed = std::fs::read_to_string(place.path("pupils.csv.discrepancies.csv")).unwrap();
    assert_eq!(listed, "line,field,code\n2,surname,differs\n");
}

#[test]
fn what_came_of_each_row_is_written_where_it_is_asked_for() {
    let place = Place::with_organisations();
    let rows = format!("{HEADER}\nE1,Ava,Lowe,2015-04-02,F,N17 6AA,,\nE2,,Lowe,2015-04-02,F,,,\n");
    let file = place.file("children.csv", &rows);
    let out = place.path("outcomes.csv");
    let asked = ["import", "children", &file, "--supplier", SUPPLIER, "--outcomes", out.to_str().unwrap()];
    place.ask(&asked).ended(1);
    let told = std::fs::read_to_string(out).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "line,field,outcome,child_number"), "{told}");
    let cells: Vec<&str> = lines[1].split(',').collect();
    assert_eq!((cells[0], cells[2], cells[3].len()), ("2", "recorded", 11), "{told}");
}

#[test]
fn a_file_from_windows_is_told_by_the_same_lines() {
    let place = Place::with_organisations();
    let rows = "E1,Ava,Lowe,2015-04-02,F,N17 6AA,,\nE2,,Lowe,2015-04-02,F,,,\n".replace('\n', "\r\n");
    bring_in(&place, &rows, 1);
    assert_eq!(rejects(&place), "line,field,code\n3,forename,value_missing\n");
}

#[test]
fn columns_that_nobody_knows_are_named_unless_they_are_mapped() {
    let place = Place::with_organisations();
    let file = place.file("feed.csv", "id,first,last,born,notes\n7,Ava,Lowe,20150402,private\n");
    let asked = ["import", "children", &file, "--supplier", SUPPLIER];
    let refused = place.ask(&asked).ended(2);
    assert!(refused.stderr.contains("notes"), "{}", refused.stderr);
    let table = "[both]\nlocal_ref = \"id\"\nforename = \"first\"\nsurname = \"last\"\ndob = \"born\"\n\
                 gender = {value = \"U\"}\n";
    let columns = place.file("columns.toml", table);
    let report = place.ask(&[&["--json"], asked.as_slice(), &["--columns", &columns]].concat()).ended(0);
    assert_eq!(report.object()["events"]["recorded"], 1);
}

#[test]
fn events_of_a_client_come_in_as_the_api_takes_them() {
    let place = Place::with_organisations();
    let client = place.ask(&["--json", "client", "add", "--organisation", SUPPLIER]).ended(0).object();
    let client = client["client_id"].as_str().unwrap().to_owned();
    let event = |id: &str, forename: &str, born: &str| {
        serde_json::json!({
            "specversion": "1.0", "id": id, "source": "https://ayton.example.org", "time": "2026-01-05T09:00:00Z",
            "type": "uk.contactpoint.child.described.v1",
            "data": {"child": {"local_ref": id, "forename": forename, "surname": "Lowe",
                "date_of_birth": born, "gender": "female"}},
        })
    };
    let lines =
        format!("{}\nno event\n{}\n", event("a", "Ava", "2015-04-02"), event("b", "Zoe", "2011-09-14"));
    let file = place.file("events.ndjson", &lines);
    let asked = ["--json", "import", "events", &file, "--client", &client];
    let first = place.ask(&asked).ended(1).object();
    assert_eq!((&first["recorded"], &first["refused"]), (&2.into(), &1.into()), "{first}");
    let before = place.verified();
    let again = place.ask(&asked).ended(1).object();
    assert_eq!((&again["duplicate"], &again["recorded"]), (&2.into(), &0.into()), "{again}");
    assert_eq!(before["root"], place.verified()["root"]);
    place.ask(&["import", "events", &file, "--client", "nobody"]).ended(2);
}

#[test]
fn the_quality_of_a_feed_is_told_by_field_and_code() {
    let place = Place::with_organisations();
    let rows = "\
E1,Baby Girl,Lowe,2015-01-01,F,,9434765919,900001
E2,B,Unknown,2016-05-03,U,NOWHERE,,
E3,Unknown,Marsh,2014-01-01,M,N17 6AB,4444444444,
E4,Cara,Unknown,2013-07-04,F,N17 6AC,0000000000,
E5,Dan,Reed,2013-08-05,M,N17 6AD,9434765918,
E6,Eve,Reed,2999-08-05,M,N17 6AD,,
";
    let report = bring_in(&place, rows, 1);
    let expected = serde_json::json!({
        "forename": {"placeholder": 2, "initial": 1}, "surname": {"placeholder": 1}, "dob": {"first_of_january": 2},
        "gender": {"not_specified": 1}, "address": {"missing": 2}, "postcode": {"missing": 2},
        "nhs_number": {"missing": 1, "one_digit_repeated": 1}, "upn": {"missing": 3},
        "school_urn": {"missing": 2}, "gp_ods": {"missing": 3}, "carer_name": {"missing": 3}
    });
    assert_eq!(report["quality"], expected, "{report}");
    let faults = serde_json::json!({
        "nhs_number": {"nhs_number_invalid": 2}, "dob": {"date_of_birth_in_future": 1}
    });
    assert_eq!(report["faults"], faults, "{report}");
    assert_eq!(report["taken"], 3);
}
