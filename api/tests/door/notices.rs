//! Notices through the door: published, listed as due, given, and marked for a parent too.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, HOSPITAL, House, get, post};

const DUE: &str = "/api/v1/privacy_notices?audience=household";

async fn publish(house: &House, administrator: &str, body: &Value) -> (StatusCode, Value) {
    let answer = house.answer(post("/api/v1/privacy_notices/versions", body).by(administrator)).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_version_is_published_its_notices_are_due_and_one_that_was_given_is_not() {
    let house = House::new();
    let number = house.ava().await;
    house.settle();
    let administrator = house.national("head").await;
    house.step_up(&administrator).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let given = json!({"child_number": number, "audience": "household", "means": "post"});
    let early = house.answer(post("/api/v1/privacy_notices", &given).by(&team)).await;
    assert_eq!((early.status, early.code().as_str()), (StatusCode::CONFLICT, "notice_unpublished"));
    let version = json!({"notice_version": "2026-1"});
    let by_team = house.answer(post("/api/v1/privacy_notices/versions", &version).by(&team)).await;
    assert_eq!(by_team.status, StatusCode::FORBIDDEN);
    let (status, published) = publish(&house, &administrator, &version).await;
    assert_eq!((status, &published["changed"]), (StatusCode::CREATED, &json!(true)), "{published}");
    assert_eq!(publish(&house, &administrator, &version).await.1, json!({"changed": false}));
    let (refused, to_come) =
        publish(&house, &administrator, &json!({"notice_version": "2027-1", "on": "2999-01-01"})).await;
    assert_eq!((refused.as_u16(), &to_come["code"]), (422, &json!("notice_to_come")));
    let policy = house.answer(get("/api/v1/policy").by(&team)).await.json();
    assert_eq!(policy["notices"][0]["version"], json!("2026-1"));
    let due = house.answer(get(DUE).by(&team)).await;
    assert_eq!((due.status, due.header("cache-control")), (StatusCode::OK, "no-store"), "{due:?}");
    assert_eq!(due.json()["due"], json!([{"child_number": number}]));
    let taken = house.answer(post("/api/v1/privacy_notices", &given).by(&team)).await;
    assert_eq!((taken.status, &taken.json()["outcome"]), (StatusCode::CREATED, &json!("recorded")));
    house.settle();
    let after = house.answer(get(DUE).by(&team)).await.json();
    assert_eq!((&after["due"], &after["notice_version"]), (&json!([]), &json!("2026-1")));
}

#[tokio::test]
async fn notices_take_closed_words_and_are_the_teams_alone() {
    let house = House::new();
    let number = house.ava().await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let mark = json!({"child_number": number, "parent_too": true});
    let marked = house.answer(post("/api/v1/privacy_notices/parents", &mark).by(&team)).await;
    assert_eq!((marked.status, &marked.json()["outcome"]), (StatusCode::CREATED, &json!("recorded")));
    let by_nurse = house.answer(post("/api/v1/privacy_notices/parents", &mark).by(&nurse)).await;
    assert_eq!(by_nurse.code(), "not_responsible_authority");
    assert_eq!(house.answer(get(DUE).by(&nurse)).await.code(), "not_responsible_authority");
    for (field, value, code) in [
        ("audience", json!("aunt"), "field_invalid"),
        ("means", json!("pigeon"), "field_invalid"),
        ("words", json!("she cannot read"), "field_unknown"),
        ("child_number", json!("04817263599"), "not_found"),
    ] {
        let mut body = json!({"child_number": number, "audience": "own_copy", "means": "in_person"});
        body[field] = value;
        assert_eq!(house.answer(post("/api/v1/privacy_notices", &body).by(&team)).await.code(), code);
    }
    for query in ["", "?audience=aunt", "?audience=household&after=soon"] {
        let path = format!("/api/v1/privacy_notices{query}");
        assert_eq!(house.answer(get(&path).by(&team)).await.code(), "query_invalid", "{query}");
    }
}
