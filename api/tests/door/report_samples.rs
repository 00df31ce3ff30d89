//! The samples of docs/reports.md, cut from a run: seven invented weeks of an authority, asked for over HTTP.
//!
//! `BLESS=1 cargo test -p api --test door samples` writes them anew.

use std::{fmt::Write as _, fs, path::Path};

use api::Settings;
use chrono::{Duration, NaiveDate, TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};
use vocabulary::{ReportName, Role};

use crate::house::{AUTHORITY, HOSPITAL, House, PIN, SCHOOL, event, get, post};

const BEGINS: &str = "<!-- samples begin -->\n";
const ENDS: &str = "<!-- samples end -->\n";

const SYLLABLES: [&str; 8] = ["ba", "ko", "mi", "ru", "te", "wo", "zu", "na"];

/// An invented child unlike every other.
fn pupil(which: usize) -> Value {
    let word = |seed: usize| {
        let part = |shift: usize| SYLLABLES[(seed >> shift) % SYLLABLES.len()];
        format!("{}{}{}", part(0).to_uppercase(), part(3), part(6))
    };
    let born =
        NaiveDate::from_ymd_opt(2012, 1, 1).unwrap() + Duration::days(i64::try_from(which).unwrap() * 31);
    json!({"local_ref": format!("p-{which}"), "forename": word(which * 37 + 5), "surname": word(which * 101 + 11),
           "date_of_birth": born, "gender": if which.is_multiple_of(2) { "female" } else { "male" },
           "address": {"lines": [format!("{} Mill Lane", which * 3 + 1)], "town": "London",
                       "postcode": format!("N17 {}AA", which % 9 + 1)}})
}

fn entry(which: usize, service: &str, number: &str, started_on: &str) -> Value {
    let data = json!({"child": {"child_number": number}, "involvement_ref": format!("{service}-{which}"),
        "service_type": service, "team": "Assessment", "started_on": started_on,
        "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
    event(&format!("{service}-{which}"), "involvement.started", &data)
}

/// Forty-two children of a school: most of them taught there, fewer with a surgery, some known to more services.
async fn told(house: &House) -> Vec<String> {
    let described: Vec<Value> = (0..42)
        .map(|which| event(&format!("d-{which}"), "child.described", &json!({"child": pupil(which)})))
        .collect();
    let outcomes = house.told(SCHOOL, &described).await;
    let numbers: Vec<String> =
        outcomes.iter().map(|outcome| outcome["child_number"].as_str().unwrap().to_owned()).collect();
    let taught = (0..29).map(|which| {
        let data = json!({"child": {"local_ref": format!("p-{which}")}, "state": "attending",
            "organisation": SCHOOL, "on": "2026-09-03"});
        event(&format!("t-{which}"), "education.stated", &data)
    });
    let elsewhere = (29..31).map(|which| {
        let data = json!({"child": {"local_ref": format!("p-{which}")}, "state": "educated_otherwise",
            "on": "2026-09-03"});
        event(&format!("t-{which}"), "education.stated", &data)
    });
    let registered = (0..24).map(|which| {
        let data = json!({"child": {"local_ref": format!("p-{which}")}, "state": "registered",
            "organisation": HOSPITAL, "on": "2026-09-03"});
        event(&format!("r-{which}"), "primary_care.stated", &data)
    });
    let all: Vec<Value> = taught.chain(elsewhere).chain(registered).collect();
    taken(&house.told(SCHOOL, &all).await);
    let care: Vec<Value> =
        (0..12).map(|which| entry(which, "social_care", &numbers[which], "2026-09-14")).collect();
    taken(&house.told(AUTHORITY, &care).await);
    let wards: Vec<Value> =
        (0..9).map(|which| entry(which, "hospital_emergency", &numbers[which], "2026-10-02")).collect();
    taken(&house.told(HOSPITAL, &wards).await);
    house.settle();
    numbers
}

fn taken(outcomes: &[Value]) {
    for outcome in outcomes {
        assert_eq!(outcome["outcome"], "recorded", "{outcome}");
    }
}

/// People look for a week: some on a new referral, one behind a shield.
async fn looked(house: &House, numbers: &[String]) {
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    house.step_up(&manager).await;
    let shield = json!({"child_number": numbers[3], "ground": "domestic_abuse"});
    let shielded = house.answer(post("/api/v1/shields", &shield).by(&manager)).await;
    assert!(shielded.status.is_success(), "{shielded:?}");
    for (role, organisation, children, reason) in [
        (Role::Practitioner, AUTHORITY, 12..21, "new_referral"),
        (Role::NationalPartner, SCHOOL, 30..34, "missing_education"),
        (Role::PractitionerOverride, HOSPITAL, 0..3, "emergency"),
    ] {
        let token = house.signed_in(role, organisation).await;
        for which in children {
            let path = format!("/api/v1/children/{}/accesses", numbers[which]);
            let opened = house.answer(post(&path, &json!({"reason": reason})).by(&token)).await;
            assert!(opened.status.is_success(), "{opened:?}");
        }
        if role == Role::PractitionerOverride {
            let pin = house.answer(post("/api/v1/sessions/step_up", &json!({"pin": PIN})).by(&token)).await;
            assert!(pin.status.is_success(), "{pin:?}");
            let path = format!("/api/v1/children/{}/accesses", numbers[3]);
            let behind = json!({"reason": "child_protection_enquiry", "override": {"ground": "section47"}});
            let opened = house.answer(post(&path, &behind).by(&token)).await;
            assert!(opened.status.is_success(), "{opened:?}");
        }
        house.pass(TimeDelta::hours(26));
    }
    house.settle();
}

/// One report as it leaves.
async fn sample(house: &House, team: &str, name: ReportName, cut: &str) -> String {
    let path = format!("/api/v1/reports/{}?from=2026-10-01&to=2026-11-30{cut}", name.name());
    let answer = house.answer(get(&path).by(team).with("accept", "text/csv")).await;
    let text = String::from_utf8(answer.body).unwrap();
    assert!(answer.status.is_success(), "{path}: {text}");
    let mut written = format!("```\nGET {path}\nAccept: text/csv\n\n");
    // What is drawn by lot is drawn anew in every run.
    for line in text.lines().filter(|line| !line.starts_with("sample,") && !line.starts_with("lot,")) {
        writeln!(written, "{line}").unwrap();
    }
    written.push_str("```\n\n");
    written
}

async fn samples() -> String {
    let house = House::at(Settings::default(), Utc.with_ymd_and_hms(2026, 10, 5, 8, 0, 0).unwrap());
    let numbers = told(&house).await;
    looked(&house, &numbers).await;
    // November has begun, and October is counted.
    house.pass(Utc.with_ymd_and_hms(2026, 11, 2, 9, 0, 0).unwrap() - house.now());
    house.settle();
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let mut written = String::new();
    for (name, cut) in [
        (ReportName::Usage, "&group_by=organisation"),
        (ReportName::Usage, "&group_by=reason&interval=week"),
        (ReportName::AccessReview, ""),
        (ReportName::Overrides, "&group_by=organisation"),
        (ReportName::Coverage, ""),
        (ReportName::DataQuality, ""),
        (ReportName::Expiries, ""),
        (ReportName::ConsentReseek, ""),
        (ReportName::ShieldsDue, ""),
        (ReportName::EndedNotClosed, ""),
    ] {
        written.push_str(&sample(&house, &team, name, cut).await);
    }
    let path = "/api/v1/reports/coverage";
    let mut answer = house.answer(get(path).by(&team)).await.json();
    answer["rows"].as_array_mut().unwrap().truncate(3);
    write!(written, "```\nGET {path}\n\n{}\n```\n\n", serde_json::to_string_pretty(&answer).unwrap())
        .unwrap();
    written
}

#[tokio::test]
async fn the_samples_of_reports_are_those_of_a_run() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reports.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGINS).expect("where the samples begin");
    let (_, after) = rest.split_once(ENDS).expect("where the samples end");
    let current = format!("{before}{BEGINS}\n{}{ENDS}{after}", samples().await);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == current, "BLESS=1 cargo test -p api --test door samples");
}
