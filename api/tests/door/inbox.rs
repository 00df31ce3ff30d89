//! The inbox and the feed: those who work with a child are told who else does, and of nothing that they may not see.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    following::Following,
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, event, get, post},
};

/// The hospital's work with the child of a number.
fn admitted(id: &str, number: &str) -> Value {
    let data = json!({
        "child": {"child_number": number}, "involvement_ref": "ward-1", "service_type": "hospital_inpatient",
        "team": "Ward 4", "contacts": [{"kind": "telephone", "value": "020 7946 0003"}], "started_on": "2026-11-01"
    });
    event(id, "involvement.started", &data)
}

async fn inbox(house: &House, token: &str) -> Vec<Value> {
    let answer = house.answer(get("/api/v1/inbox").by(token)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["notifications"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_new_involvement_is_told_to_those_who_work_with_the_child_and_they_say_that_they_saw_it() {
    let house = House::new();
    let number = house.ava().await;
    let teacher = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.someone("nurse", Role::Practitioner, HOSPITAL);
    let nurse = house.sign_in("nurse").await;
    let outcome = house.told(HOSPITAL, &[admitted("w1", &number)]).await.remove(0);
    house.settle();
    let told = inbox(&house, &teacher).await;
    let line = told[0].as_object().unwrap();
    assert_eq!(
        (told.len(), line.len()),
        (1, 6),
        "a number, a kind, an instant, a place and whose entry: {told:?}"
    );
    assert_eq!((&line["kind"], &line["child_number"]), (&json!("involvement.started"), &json!(number)));
    assert_eq!((&line["position"], &line["lead_professional"]), (&outcome["position"], &json!(false)));
    assert_eq!(inbox(&house, &nurse).await, Vec::<Value>::new(), "not to whoever said it");
    let mut feed = Following::begin(&house, &house.client(SCHOOL).await, None).await;
    let came = feed.next().await;
    assert_eq!((came.event.as_str(), came.data.as_object().unwrap().len()), ("involvement.changed", 3));
    assert_eq!((&came.data["position"], &came.data["child_number"]), (&outcome["position"], &json!(number)));
    assert!(feed.quiet().await);

    let path = format!("/api/v1/inbox/{}/acknowledgement", outcome["position"]);
    let others = house.answer(post(&path, &json!({})).by(&nurse)).await;
    assert_eq!(others.code(), "not_found", "what was told to another");
    for word in ["recorded", "unchanged"] {
        let seen = house.answer(post(&path, &json!({})).by(&teacher)).await;
        assert_eq!((seen.status, &seen.json()["outcome"]), (StatusCode::CREATED, &json!(word)), "{seen:?}");
    }
    house.settle();
    assert!(inbox(&house, &teacher).await[0]["acknowledged_at"].is_string());

    let ended =
        event("w2", "involvement.ended", &json!({"involvement_ref": "ward-1", "ended_on": "2026-11-20"}));
    house.told(HOSPITAL, &[ended]).await;
    house.settle();
    let kinds: Vec<Value> =
        inbox(&house, &teacher).await.into_iter().map(|each| each["kind"].clone()).collect();
    assert_eq!(kinds, [json!("involvement.ended"), json!("involvement.started")], "the newest first");
}

#[tokio::test]
async fn what_may_no_longer_be_seen_is_left_out_of_inbox_and_feed() {
    let house = House::new();
    let number = house.ava().await;
    let teacher = house.signed_in(Role::Practitioner, SCHOOL).await;
    let outcome = house.told(HOSPITAL, &[admitted("w1", &number)]).await.remove(0);
    house.settle();
    assert_eq!(inbox(&house, &teacher).await.len(), 1);
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let shield = json!({"child_number": number, "ground": "domestic_abuse"});
    assert_eq!(house.answer(post("/api/v1/shields", &shield).by(&team)).await.status, StatusCode::CREATED);
    assert_eq!(inbox(&house, &teacher).await, Vec::<Value>::new());
    let path = format!("/api/v1/inbox/{}/acknowledgement", outcome["position"]);
    assert_eq!(house.answer(post(&path, &json!({})).by(&teacher)).await.code(), "not_found");
    let mut feed = Following::begin(&house, &house.client(SCHOOL).await, None).await;
    assert!(feed.quiet().await);
}
