//! Requests of children and carers through the door: entered, answered, and the pack.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, Answer, HOSPITAL, House, SCHOOL, get, post};

fn asks(number: &str, asked: &Value) -> Value {
    json!({"child_number": number, "asked_by": "child", "asked": asked, "competence": "assessed_competent",
           "proof": "photo_document"})
}

async fn entered(house: &House, team: &str, body: &Value) -> String {
    let taken = house.answer(post("/api/v1/rights_requests", body).by(team)).await;
    assert_eq!((taken.status, taken.header("cache-control")), (StatusCode::CREATED, "no-store"), "{taken:?}");
    house.settle();
    taken.json()["rights_request_id"].as_str().unwrap().to_owned()
}

async fn acted(house: &House, team: &str, id: &str, what: &str, body: &Value) -> Answer {
    let answer = house.answer(post(&format!("/api/v1/rights_requests/{id}/{what}"), body).by(team)).await;
    house.settle();
    answer
}

#[tokio::test]
async fn a_child_asks_and_is_handed_what_is_held_and_who_looked() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let opened = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "emergency"}));
    assert_eq!(house.answer(opened.by(&nurse)).await.status, StatusCode::CREATED);
    house.settle();
    let id = entered(&house, &team, &asks(&number, &json!("access"))).await;
    let path = format!("/api/v1/rights_requests/{id}/pack");
    assert_eq!(house.answer(get(&path).by(&nurse)).await.code(), "not_responsible_authority");
    let pack = house.answer(get(&path).by(&team)).await;
    assert_eq!((pack.status, pack.header("cache-control")), (StatusCode::OK, "no-store"), "{pack:?}");
    let pack = pack.json();
    assert_eq!(pack["record"]["child_number"], json!(number));
    assert_eq!(pack["record"]["position"], pack["position"]);
    assert_eq!(pack["looks"][0]["reason"], json!("emergency"));
    assert_eq!(pack["looks"][0]["organisation"], json!(HOSPITAL));
    house.settle();
    let listed = house.answer(get("/api/v1/rights_requests").by(&team)).await.json();
    assert_eq!(listed["requests"], json!([]), "it is answered");
    let all = format!("/api/v1/rights_requests?child={number}");
    let about = house.answer(get(&all).by(&team)).await.json();
    assert_eq!(about["requests"][0]["answered"]["answer"], json!("pack_issued"));
}

#[tokio::test]
async fn a_correction_runs_through_its_steps_to_a_disagreement() {
    let house = House::new();
    let number = house.ava().await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let body = asks(&number, &json!({"correction": {"field": "date_of_birth"}}));
    let id = entered(&house, &team, &body).await;
    let early = acted(&house, &team, &id, "disagreement", &json!({})).await;
    assert_eq!((early.status, early.code().as_str()), (StatusCode::CONFLICT, "nothing_refused"));
    for (what, said) in [
        ("steps", json!({"step": "supplier_asked"})),
        ("extension", json!({})),
        ("answer", json!({"answer": {"correction_refused": "documented"}})),
        ("disagreement", json!({})),
    ] {
        let answer = acted(&house, &team, &id, what, &said).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{what}: {answer:?}");
    }
    let path = format!("/api/v1/rights_requests?child={number}");
    let about = house.answer(get(&path).by(&team)).await.json();
    let item = &about["requests"][0];
    assert_eq!((&item["disagrees"], &item["extended"]), (&json!(true), &json!(true)), "{item}");
    assert_eq!(item["asked"], json!({"correction": {"field": "date_of_birth"}}));
    assert_eq!(item["steps"][0]["step"], json!("supplier_asked"));
}

#[tokio::test]
async fn a_request_takes_closed_words_alone() {
    let house = House::new();
    let number = house.ava().await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let with = |field: &str, value: Value| {
        let mut body = asks(&number, &json!("access"));
        body[field] = value;
        body
    };
    let table = [
        (with("why", json!("he said so")), "field_unknown"),
        (with("asked", json!({"correction": "he is older"})), "field_invalid"),
        (with("asked_by", json!("aunt")), "field_invalid"),
        (with("competence", json!("presumed_12_or_over")), "competence_not_presumed"),
        (with("competence", json!("assessed_not_competent")), "child_not_competent"),
        (with("asked_by", json!({"carer": "0190a3c4d5e67f8091a2b3c4d5e6f717"})), "carer_unknown"),
        (with("received_on", json!("2019-01-01")), "received_out_of_range"),
        (with("child_number", json!("04817263599")), "not_found"),
    ];
    for (body, code) in table {
        let answer = house.answer(post("/api/v1/rights_requests", &body).by(&team)).await;
        assert_eq!(answer.code(), code, "{body}");
    }
    let body = asks(&number, &json!("access"));
    let refused = house.answer(post("/api/v1/rights_requests", &body).by(&manager)).await;
    assert_eq!(refused.code(), "not_responsible_authority");
    let wrong = house.answer(get("/api/v1/rights_requests?after=soon").by(&team)).await;
    assert_eq!(wrong.code(), "query_invalid");
}
