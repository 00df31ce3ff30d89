//! A mediator who looks and records for a colleague: two people, the PIN, and a code that is taken once.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, House, SCHOOL, get, post};

fn involvement(on_behalf_of: Option<Value>) -> Value {
    let mut body = json!({
        "service_type": "youth_work", "team": "After school", "started_on": "2026-11-02",
        "contacts": [{"kind": "telephone", "use": "work", "value": "020 7946 0009"}]
    });
    if let Some(colleague) = on_behalf_of {
        body["on_behalf_of"] = colleague;
    }
    body
}

#[tokio::test]
async fn a_mediator_records_for_a_colleague_what_the_colleague_may_and_each_code_once() {
    let house = House::new();
    let ava = house.ava().await;
    house.someone("caller", Role::Practitioner, SCHOOL);
    let mediator = house.signed_in(Role::Mediator, AUTHORITY).await;
    let path = format!("/api/v1/children/{ava}/involvements");
    let ask = async |colleague: Option<Value>| {
        house.answer(post(&path, &involvement(colleague)).by(&mediator)).await
    };
    assert_eq!(ask(None).await.code(), "caller_missing");
    let called_back = || Some(json!({"username": "caller"}));
    assert_eq!(ask(called_back()).await.code(), "step_up_missing", "the PIN comes first");
    house.step_up(&mediator).await;
    let read_out = Some(json!({"username": "caller", "code": house.code()}));
    let recorded = ask(read_out.clone()).await;
    assert_eq!(recorded.status, StatusCode::CREATED, "{recorded:?}");
    assert_eq!(ask(read_out).await.code(), "caller_code_wrong", "it was taken");
    assert_eq!(ask(called_back()).await.status, StatusCode::CREATED);
    assert_eq!(ask(Some(json!({"username": "nobody"}))).await.code(), "caller_unknown");
    assert_eq!(ask(Some(json!({"username": "mediator"}))).await.code(), "caller_is_looker");

    // The entries are the colleague's organisation's, and the looks of each tell by whom and how they were made.
    house.settle();
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let opening = format!("/api/v1/children/{ava}/accesses");
    let record = house.answer(post(&opening, &json!({"reason": "data_quality"})).by(&team)).await.json();
    let entries = record["record"]["involvements"].as_array().unwrap();
    let youth: Vec<&Value> = entries.iter().filter(|entry| entry["service_type"] == "youth_work").collect();
    assert_eq!(youth.len(), 2, "{entries:?}");
    assert!(youth.iter().all(|entry| entry["organisation"]["id"] == SCHOOL));
    let practitioner = house.signed_in(Role::Practitioner, SCHOOL).await;
    let posing = house.answer(post(&path, &involvement(called_back())).by(&practitioner)).await;
    assert_eq!(posing.code(), "not_a_mediator");
}

#[tokio::test]
async fn a_colleague_who_may_not_act_is_not_looked_or_recorded_for() {
    let house = House::new();
    let ava = house.ava().await;
    let manager = house.someone("caller", Role::UserManager, SCHOOL);
    let mediator = house.signed_in(Role::Mediator, AUTHORITY).await;
    house.step_up(&mediator).await;
    let path = format!("/api/v1/children/{ava}/involvements");
    let colleague = || Some(json!({"username": "caller"}));
    let asked = post(&path, &involvement(colleague())).by(&mediator);
    assert_eq!(house.answer(asked).await.code(), "role_may_not_record", "the lesser of two rights");
    house.directory.suspend_user(manager).unwrap();
    let again = post(&path, &involvement(colleague())).by(&mediator);
    assert_eq!(house.answer(again).await.code(), "caller_unknown");
}

#[tokio::test]
async fn a_mediator_who_guesses_a_code_is_stopped_and_may_still_call_back() {
    let house = House::new();
    let ava = house.ava().await;
    house.someone("caller", Role::Practitioner, SCHOOL);
    let mediator = house.signed_in(Role::Mediator, AUTHORITY).await;
    house.step_up(&mediator).await;
    let path = format!("/api/v1/children/{ava}/involvements");
    let ask =
        async |colleague: Value| house.answer(post(&path, &involvement(Some(colleague))).by(&mediator)).await;
    for _ in 0..5 {
        let guessed = json!({"username": "caller", "code": "000000"});
        assert_eq!(ask(guessed).await.code(), "caller_code_wrong");
    }
    let right = || json!({"username": "caller", "code": house.code()});
    assert_eq!(ask(right()).await.code(), "caller_code_wrong", "even the right one has to wait");
    assert_eq!(ask(json!({"username": "caller"})).await.status, StatusCode::CREATED, "and is reviewed");
    house.pass(TimeDelta::seconds(61));
    assert_eq!(ask(right()).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_device_that_signed_in_works_on_while_strangers_guess() {
    let house = House::new();
    house.person(Role::Practitioner, SCHOOL);
    let asked = |otp: &str, device: Option<&Value>| {
        let mut body = house.credentials(Role::Practitioner);
        body["otp"] = json!(otp);
        if let Some(device) = device {
            body["device"] = device.clone();
        }
        post("/api/v1/sessions", &body)
    };
    let first = house.answer(asked(&house.code(), None)).await.json();
    for _ in 0..5 {
        assert_eq!(house.answer(asked("000000", None)).await.code(), "sign_in_refused");
    }
    house.pass(TimeDelta::seconds(30));
    assert_eq!(house.answer(asked(&house.code(), None)).await.code(), "sign_in_locked");
    let forged = json!("0".repeat(64));
    assert_eq!(house.answer(asked(&house.code(), Some(&forged))).await.code(), "sign_in_locked");
    let known = house.answer(asked(&house.code(), Some(&first["device"]))).await;
    assert_eq!(known.status, StatusCode::CREATED, "{known:?}");
    let token = known.json()["token"].as_str().unwrap().to_owned();
    house.step_up(&token).await;
    let ended = house.answer(post("/api/v1/sessions/end", &json!({})).by(&token)).await;
    assert_eq!(ended.json(), json!({"ended": true}));
    assert_eq!(house.answer(get("/api/v1/accesses").by(&token)).await.code(), "token_invalid");
}
