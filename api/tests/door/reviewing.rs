//! Reviews: who reads of whose looks, what may be said of them, canaries, and notices without a name.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, HOSPITAL, House, SCHOOL, event, get, post, started};

/// An invented child with whom nobody works.
pub(crate) async fn nobody(house: &House) -> String {
    let child = json!({
        "local_ref": "nobody", "forename": "Quentin", "surname": "Ashgrove", "date_of_birth": "2013-01-30",
        "gender": "male", "address": {"lines": ["1 Nowhere Row"], "town": "London", "postcode": "N17 8ZZ"}
    });
    let told = house.told(SCHOOL, &[event("d9", "child.described", &json!({"child": child}))]).await;
    house.settle();
    told[0]["child_number"].as_str().unwrap().to_owned()
}

async fn opened(house: &House, child: &str, token: &str, body: &Value) -> Value {
    let asked = post(&format!("/api/v1/children/{child}/accesses"), body).by(token);
    let answer = house.answer(asked).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    house.settle();
    answer.json()
}

async fn waiting(house: &House, token: &str) -> Vec<Value> {
    house.answer(get("/api/v1/reviews").by(token)).await.json()["reviews"].as_array().unwrap().clone()
}

/// Rules.md 2.3: an auditor sees no entry, so that nothing told to them is worked out from one.
fn assert_says_nothing_of_entries(item: &Value) {
    let text = item.to_string();
    for word in vocabulary::Explanation::ALL.map(vocabulary::Explanation::name) {
        assert!(!text.contains(&format!("\"{word}\"")), "{word}: {text}");
    }
}

async fn said(house: &House, token: &str, review: &str, outcome: &str) -> (u16, String) {
    let path = format!("/api/v1/reviews/{review}/outcome");
    let answer = house.answer(post(&path, &json!({"outcome": outcome})).by(token)).await;
    house.settle();
    let told = answer.json();
    let word = told["outcome"].as_str().or(told["code"].as_str()).unwrap().to_owned();
    (answer.status.as_u16(), word)
}

#[tokio::test]
async fn a_look_across_authorities_waits_for_a_reviewer_of_the_lookers_authority_alone() {
    let house = House::new();
    let ava = house.ava().await;
    let far = house.far();
    let looker = house.signed_in(Role::Practitioner, far).await;
    let look = opened(&house, &ava, &looker, &json!({"reason": "new_referral"})).await;
    let review = look["access_id"].as_str().unwrap();
    let here = house.signed_in(Role::Auditor, AUTHORITY).await;
    assert!(waiting(&house, &here).await.is_empty(), "the staff are another authority's");
    assert_eq!(said(&house, &here, review, "explained").await, (404, "not_found".into()));
    house.someone("there", Role::Auditor, far);
    let there = house.sign_in("there").await;
    let found = waiting(&house, &there).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["review_id"], &found[0]["urgency"]), (&look["access_id"], &json!("lot")));
    assert_eq!(found[0]["lots"][0], "other_authority");
    assert_says_nothing_of_entries(&found[0]);
    assert_eq!(found[0]["access"]["reason"], "new_referral");

    assert_eq!(said(&house, &there, review, "advised").await, (201, "recorded".into()));
    assert!(waiting(&house, &there).await.is_empty());
    assert_eq!(said(&house, &there, review, "advised").await, (201, "unchanged".into()));
    assert_eq!(said(&house, &there, review, "explained").await, (409, "graver_outcome_stands".into()));
    assert_eq!(said(&house, &there, review, "police").await, (201, "recorded".into()));
    let closed = house.answer(get("/api/v1/reviews?state=closed").by(&there)).await.json();
    assert_eq!(closed["reviews"].as_array().unwrap().len(), 1, "{closed}");
    assert_eq!(closed["reviews"][0]["outcome"], "police");
}

#[tokio::test]
async fn nobody_reads_of_their_own_look_or_reviews_it() {
    let house = House::new();
    let invented = nobody(&house).await;
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    house.step_up(&auditor).await;
    let marked = post(&format!("/api/v1/children/{invented}/canary"), &json!({"marked": true}));
    assert_eq!(house.answer(marked.by(&auditor)).await.status, StatusCode::CREATED);
    let look = opened(&house, &invented, &auditor, &json!({"reason": "audit", "case_ref": "A/1"})).await;
    assert!(waiting(&house, &auditor).await.is_empty(), "one's own look is on no page of one's own");
    let review = look["access_id"].as_str().unwrap();
    assert_eq!(said(&house, &auditor, review, "explained").await, (403, "own_look".into()));
    house.someone("colleague", Role::Auditor, AUTHORITY);
    let other = house.sign_in("colleague").await;
    let found = waiting(&house, &other).await;
    assert_eq!((&found[0]["review_id"], &found[0]["urgency"]), (&look["access_id"], &json!("alarm")));
    assert_eq!(said(&house, &other, review, "explained").await, (201, "recorded".into()));
    let practitioner = house.signed_in(Role::Practitioner, SCHOOL).await;
    let path = format!("/api/v1/reviews/{review}/outcome");
    let asked = post(&path, &json!({"outcome": "explained"})).by(&practitioner);
    assert_eq!(house.answer(asked).await.code(), "role_may_not_review");
}

#[tokio::test]
async fn a_canary_raises_an_alarm_that_names_nobody_and_ends_in_a_suspension_that_bites_at_once() {
    let house = House::new();
    let (ava, invented) = (house.ava().await, nobody(&house).await);
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let mark = async |child: &str, marked: bool| {
        let asked = post(&format!("/api/v1/children/{child}/canary"), &json!({"marked": marked}));
        house.answer(asked.by(&auditor)).await
    };
    assert_eq!(mark(&invented, true).await.code(), "step_up_missing");
    house.step_up(&auditor).await;
    // Somebody works with Ava: an auditor may not know, and hears nothing of it.
    assert_eq!(mark(&ava, true).await.json()["outcome"], "recorded");
    assert_eq!(mark(&ava, false).await.json()["outcome"], "recorded");
    assert_eq!(mark("00000000000", true).await.code(), "not_found");
    assert_eq!(mark(&invented, true).await.status, StatusCode::CREATED);
    assert_eq!(mark(&invented, true).await.json()["outcome"], "unchanged", "it is one already");

    let looker = house.signed_in(Role::Practitioner, SCHOOL).await;
    let alarms = house.directory.alarms();
    let look = opened(&house, &invented, &looker, &json!({"reason": "new_referral"})).await;
    assert_eq!(house.directory.alarms(), alarms + 1);
    let notices = house.answer(get("/api/v1/notices").by(&auditor)).await.json();
    let notice = &notices["notices"].as_array().unwrap()[0];
    let fields: Vec<&String> = notice.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["reference", "since", "urgency"], "a reference, and nothing of anybody");
    assert_eq!((&notice["reference"], &notice["urgency"]), (&look["access_id"], &json!("alarm")));
    let found = waiting(&house, &auditor).await;
    assert_eq!((&found[0]["urgency"], &found[0]["signals"]), (&json!("alarm"), &json!(["canary"])));

    let review = look["access_id"].as_str().unwrap();
    assert_eq!(said(&house, &auditor, review, "suspended").await, (201, "recorded".into()));
    let next = post(&format!("/api/v1/children/{ava}/accesses"), &json!({"reason": "new_referral"}));
    assert_eq!(house.answer(next.by(&looker)).await.status, StatusCode::UNAUTHORIZED);
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let told = house.answer(get("/api/v1/notices").by(&manager)).await.json();
    assert_eq!(told["notices"][0]["outcome"], "suspended", "{told}");
    let named: Vec<&String> = told["notices"][0].as_object().unwrap().keys().collect();
    assert_eq!(named, ["outcome", "reference", "since"]);
    let other = house.answer(get("/api/v1/notices").by(&auditor)).await.json();
    assert!(other["notices"].as_array().unwrap().is_empty(), "{other}");

    // Unmarked, it is a record like any other.
    assert_eq!(mark(&invented, false).await.status, StatusCode::CREATED);
    house.someone("second", Role::Practitioner, SCHOOL);
    let second = house.sign_in("second").await;
    opened(&house, &invented, &second, &json!({"reason": "new_referral"})).await;
    assert_eq!(house.directory.alarms(), alarms + 1);

    // A fortnight later the engine sees the looks too: the alarm was told of, and reviewed.
    house.pass(TimeDelta::days(15));
    let judged = house.directory.judge_looks().unwrap();
    assert_eq!((judged.looks, judged.alerts), (2, 0), "{judged:?}");
}

#[tokio::test]
async fn an_override_opens_an_investigation_that_closes_with_its_review() {
    let house = House::new();
    let ava = house.ava().await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let asked = json!({"child_number": ava, "ground": "domestic_abuse", "review_by": "2027-01-31"});
    let shield = house.answer(post("/api/v1/shields", &asked).by(&team)).await;
    assert_eq!(shield.status, StatusCode::CREATED, "{shield:?}");
    let looker = house.signed_in(Role::PractitionerOverride, SCHOOL).await;
    house.step_up(&looker).await;
    let body = json!({"reason": "emergency", "override": {"ground": "immediate_danger"}});
    let look = opened(&house, &ava, &looker, &body).await;
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let found = waiting(&house, &auditor).await;
    assert_eq!((&found[0]["urgency"], &found[0]["investigation"]), (&json!("investigation"), &json!(true)));
    // The school has the child on its roll: an auditor may not know.
    assert_says_nothing_of_entries(&found[0]);
    let review = look["access_id"].as_str().unwrap();
    assert_eq!(said(&house, &auditor, review, "explained").await, (201, "recorded".into()));
    assert!(waiting(&house, &auditor).await.is_empty());
}

/// Eight children of one street, on the roll of the school.
async fn street(house: &House) -> Vec<String> {
    let mut events = Vec::new();
    let names = [
        ("Ola", "Adeyemi"),
        ("Bridget", "Castlemaine"),
        ("Xavier", "Dunmorrow"),
        ("Priya", "Eversholt"),
        ("Tomasz", "Farrowgate"),
        ("Gwendolen", "Pettifer"),
        ("Ishaan", "Quickstep"),
        ("Lorna", "Underwood"),
    ];
    for (number, (forename, surname)) in (1..).zip(names) {
        let child = json!({
            "local_ref": format!("street-{number}"), "forename": forename, "surname": surname,
            "date_of_birth": format!("201{number}-0{number}-1{number}"), "gender": "female",
            "address": {"lines": [format!("{number} Orchard Row")], "town": "London", "postcode": "N17 6AB"}
        });
        events.push(event(&format!("s{number}"), "child.described", &json!({"child": child})));
        events.push(started(&format!("t{number}"), &format!("street-{number}"), &format!("inv-{number}")));
    }
    let told = house.told(SCHOOL, &events).await;
    house.settle();
    assert!(told.iter().all(|outcome| outcome["outcome"] == "recorded"), "{told:?}");
    told.iter().step_by(2).map(|outcome| outcome["child_number"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_street_looked_through_without_a_reason_is_told_of_once_a_reason_would_have_been_recorded() {
    let house = House::new();
    let children = street(&house).await;
    let [nosy, teacher] = [("nosy", HOSPITAL), ("teacher", SCHOOL)].map(|(name, organisation)| {
        house.someone(name, Role::Practitioner, organisation);
        name
    });
    let (nosy, teacher) = (house.sign_in(nosy).await, house.sign_in(teacher).await);
    for child in &children {
        opened(&house, child, &nosy, &json!({"reason": "new_referral"})).await;
        opened(&house, child, &teacher, &json!({"reason": "new_referral"})).await;
        house.pass(TimeDelta::minutes(1));
    }
    let early = house.directory.judge_looks().unwrap();
    assert_eq!(early, directory::LooksJudged::default(), "a reason may still be recorded");
    house.pass(TimeDelta::days(15));
    let judged = house.directory.judge_looks().unwrap();
    assert_eq!((judged.looks, judged.explained, judged.lines, judged.alerts), (16, 8, 1, 1), "{judged:?}");
    house.settle();
    let again = house.directory.judge_looks().unwrap();
    assert_eq!(again.alerts, 0, "it was told before");

    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let alerts: Vec<Value> =
        waiting(&house, &auditor).await.into_iter().filter(|item| item["urgency"] == "alert").collect();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert!(alerts[0]["signals"].as_array().unwrap().contains(&json!("sweep")), "{alerts:?}");
    assert_eq!(alerts[0]["access"]["organisation"], HOSPITAL);
    assert_says_nothing_of_entries(&alerts[0]);
    let text = alerts[0].to_string();
    assert!(!text.contains("weight") && !text.contains("score"), "what it weighs is told to nobody: {text}");
}

#[tokio::test]
async fn a_history_tells_neither_which_records_are_watched_nor_what_was_said_of_a_look() {
    let house = House::new();
    let invented = nobody(&house).await;
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    house.step_up(&auditor).await;
    let marked = post(&format!("/api/v1/children/{invented}/canary"), &json!({"marked": true}));
    assert_eq!(house.answer(marked.by(&auditor)).await.status, StatusCode::CREATED);
    let looker = house.signed_in(Role::Practitioner, SCHOOL).await;
    let look = opened(&house, &invented, &looker, &json!({"reason": "new_referral"})).await;
    let review = look["access_id"].as_str().unwrap();
    assert_eq!(said(&house, &auditor, review, "advised").await, (201, "recorded".into()));
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let approver = house.signed_in(Role::CaseApprover, AUTHORITY).await;
    let case = json!({"reference": "SCR-1", "children": [invented], "purpose": "case_review",
        "expires_on": "2027-05-31"});
    let case = house.answer(post("/api/v1/cases", &case).by(&investigator)).await.json();
    let path = format!("/api/v1/cases/{}/approval", case["case_id"].as_str().unwrap());
    assert!(house.answer(post(&path, &json!({})).by(&approver)).await.status.is_success());
    let asked = get(&format!("/api/v1/children/{invented}/history?case=SCR-1")).by(&investigator);
    let history = house.answer(asked).await.json().to_string();
    assert!(history.contains("child_registered") && history.contains("record_opened"), "{history}");
    for hidden in ["canary", "alert_raised", "review_drawn", "review_closed"] {
        assert!(!history.contains(hidden), "{hidden}: {history}");
    }
}
