//! `link` and `search`: files of people on their own, from the shell.

use crate::asked::{Place, text_of};

/// Two hundred invented people, so that the files have something to teach.
fn crowd() -> String {
    let mut rows = vec!["ref,first,last,born,line,code\n".to_owned()];
    let (names, families) =
        (["Ada", "Ben", "Chidi", "Dora", "Emeka"], ["Abbot", "Bello", "Chow", "Dixon", "Eze"]);
    for number in 0..200_usize {
        // Drawn apart, or people would come twice by arithmetic.
        let draw = |field: usize| (number * 10 + field + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        let pick = |field, of: usize| draw(field) % of;
        let family = format!("{}{}", families[pick(1, 5)], ["", "son", "ley", "ton"][pick(2, 4)]);
        rows.push(format!(
            "c{number},{},{family},{}{:02}{:02},{} Mill Lane,N{} {}AA\n",
            names[pick(0, 5)],
            2009 + pick(3, 14),
            1 + pick(4, 12),
            1 + pick(5, 28),
            1 + pick(6, 150),
            1 + pick(7, 20),
            pick(8, 10)
        ));
    }
    rows.concat()
}

const COLUMNS: &str = r#"
[left]
local_ref = "ref"
forename = "first"
surname = "last"
dob = "born"
address = "line"
postcode = "code"
[right]
local_ref = "id"
forename = "name"
surname = "family"
dob = "day"
address = ["house", "street"]
postcode = "code"
gender = {value = "U"}
"#;

#[test]
fn people_of_two_files_are_linked_best_first() {
    let place = Place::empty();
    let left = place.file("left.csv", &format!("{}a1,Ava,Lowe,20150402,12 Hill Road,N17 6AA\n", crowd()));
    let right = place.file(
        "right.csv",
        "id,name,family,day,house,street,code,remarks\n\
        b1,AVA,LOWE,2015-04-02,12,Hill Rd,N176AA,never read\n\
        b2,Nobody,Known,not a day,,,,\n",
    );
    let columns = place.file("columns.toml", COLUMNS);
    let links = text_of(&place.path("links.csv"));
    let asked = ["--json", "link", &left, &right, "--columns", &columns, "--out", &links];
    let report = crate::asked::contactpoint(&asked).ended(0).object();
    assert_eq!((&report["left"], &report["right"], &report["matches"]), (&201.into(), &2.into(), &1.into()));
    let written = std::fs::read_to_string(&links).unwrap();
    let (header, pairs) = written.split_once('\n').unwrap();
    assert_eq!(header, "left_id,right_id,probability,outcome");
    let best: Vec<&str> = pairs.lines().next().unwrap().split(',').collect();
    assert_eq!((best[0], best[1], best[3]), ("a1", "b1", "match"));
    assert!(best[2].parse::<f64>().unwrap() > 0.98 && !written.contains("b2"), "{written}");
    let once = written.clone();
    crate::asked::contactpoint(&asked).ended(0);
    assert_eq!(std::fs::read_to_string(&links).unwrap(), once, "the same files, the same links");
}

#[test]
fn a_number_with_one_wrong_digit_speaks_for_its_owner_and_any_other_that_fails_for_nobody() {
    let place = Place::empty();
    let header = "local_ref,forename,surname,dob,address,postcode,nhs_number";
    let rows = crowd().replacen("ref,first,last,born,line,code", header, 1);
    let left = place.file("left.csv", &format!("{rows}a1,Ava,Lowe,20150402,,,943 476 5919\n"));
    let links = text_of(&place.path("links.csv"));
    let probability = |number: &str| -> f64 {
        let right = place.file("right.csv", &format!("{header}\nb1,Ava,Low,20150101,,,{number}\n"));
        crate::asked::contactpoint(&["link", &left, &right, "--out", &links]).ended(0);
        let written = std::fs::read_to_string(&links).unwrap();
        let pair = written.lines().find(|line| line.starts_with("a1,b1,"));
        pair.and_then(|pair| pair.split(',').nth(2)).map_or(0.0, |text| text.parse().unwrap())
    };
    let [slip, none, nobodys] = ["943 476 5918", "", "401 023 2138"].map(probability);
    assert!(slip > none && slip > 0.98, "{slip} {none}");
    assert!((nobodys - none).abs() < f64::EPSILON, "{nobodys} {none}");
}

#[test]
fn one_file_is_linked_within_itself() {
    let place = Place::empty();
    let header = "local_ref,forename,surname,dob,address,postcode";
    let rows = crowd().replacen("ref,first,last,born,line,code", header, 1);
    let file = place.file(
        "one.csv",
        &format!(
            "{rows}a1,Ava,Lowe,20150402,12 Hill Road,N17 6AA\na2,Ava,Low,20150402,12 Hill Road,N17 6AA\n"
        ),
    );
    let links = text_of(&place.path("links.csv"));
    crate::asked::contactpoint(&["link", &file, "--out", &links]).ended(0);
    let written = std::fs::read_to_string(&links).unwrap();
    assert!(written.lines().nth(1).is_some_and(|line| line.starts_with("a1,a2,")), "{written}");
}

#[test]
fn a_file_that_cannot_be_linked_says_why_and_leaves_no_result() {
    let place = Place::empty();
    let links = text_of(&place.path("links.csv"));
    let cases = [
        ("local_ref,forename\n,Ava\n", "line 2: no local_ref"),
        ("id,forename\n1,Ava\n", "id"),
        ("forename\nAva\n", "local_ref"),
    ];
    for (text, said) in cases {
        let file = place.file("bad.csv", text);
        let answer = crate::asked::contactpoint(&["link", &file, "--out", &links]).ended(2);
        assert!(answer.stderr.contains(said), "{}", answer.stderr);
    }
    let missing = text_of(&place.path("nothing.csv"));
    crate::asked::contactpoint(&["link", &missing, "--out", &links]).ended(2);
    assert!(!place.path("links.csv").exists());
}

#[test]
fn queries_of_a_file_are_answered_best_first() {
    let place = Place::empty();
    let header = "local_ref,forename,surname,dob,address,postcode";
    let rows = crowd().replacen("ref,first,last,born,line,code", header, 1);
    let people = place.file("people.csv", &format!("{rows}a1,Ava,Lowe,20150402,12 Hill Road,N17 6AA\n"));
    let queries = place.file(
        "queries.csv",
        "query_id,kind,forename,surname,dob,dob_year,age,gender,postcode,area,street,town\n\
        q1,misspelt,Eva,Low,,2015,,,,,,\n\
        q2,age,Ava,Lowe,,,10,,,,,\n\
        q3,thin,,Lowe,,,,,,,,\n\
        q4,nobody,Zebedee,Quux,2001-01-01,,,,,,,\n",
    );
    let results = text_of(&place.path("results.csv"));
    let asked =
        ["--json", "search", &people, "--queries", &queries, "--as-at", "2025-09-01", "--out", &results];
    let report = crate::asked::contactpoint(&asked).ended(0).object();
    assert_eq!(
        (&report["people"], &report["queries"], &report["answered"]),
        (&201.into(), &4.into(), &3.into())
    );
    assert!(report["p99_ms"].as_f64().is_some() && report["build_seconds"].as_f64().is_some());
    let written = std::fs::read_to_string(&results).unwrap();
    let firsts: Vec<&str> = written.lines().filter(|line| line.contains(",1,")).collect();
    assert!(written.starts_with("query_id,rank,local_ref,score\n"), "{written}");
    for (line, query) in firsts.iter().zip(["q1,1,a1,", "q2,1,a1,", "q3,1,a1,"]) {
        assert!(line.starts_with(query), "{line}");
    }
    assert_eq!(firsts.len(), 3);
}
