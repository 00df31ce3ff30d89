//! What authorities keep, through the door: duty desks, reviews of shields, transfers.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;
use vocabulary::Role;

use crate::house::{AUTHORITY, HOSPITAL, House, SCHOOL, get, post};

#[tokio::test]
async fn who_is_not_shown_a_service_asks_the_desk_and_hears_its_word() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let asked = json!({"child_number": number, "about": "sensitive", "reason": "assessment",
                       "contacts": [{"kind": "telephone", "value": "020 7946 0003"}]});
    let taken = house.answer(post("/api/v1/brokering", &asked).by(&nurse)).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{taken:?}");
    assert_eq!(taken.header("cache-control"), "no-store");
    let taken = taken.json();
    assert_eq!(taken.as_object().unwrap().len(), 3, "neither a desk nor an authority is named: {taken}");
    house.settle();
    let waiting = house.answer(get("/api/v1/brokering").by(&team)).await.json();
    assert_eq!(waiting["requests"][0]["child_number"], json!(number));
    assert_eq!(waiting["requests"][0]["overdue"], json!(false));
    let mine = house.answer(get("/api/v1/brokering?own=true").by(&team)).await.json();
    assert_eq!(mine["requests"], json!([]));
    let path = format!("/api/v1/brokering/{}/answer", taken["brokering_id"].as_str().unwrap());
    let word = json!({"outcome": "nothing_to_pass_on"});
    assert_eq!(house.answer(post(&path, &word).by(&nurse)).await.code(), "role_may_not_answer");
    let answered = house.answer(post(&path, &word).by(&team)).await;
    assert_eq!(answered.status, StatusCode::CREATED, "{answered:?}");
    let other = json!({"outcome": "contact_made"});
    assert_eq!(house.answer(post(&path, &other).by(&team)).await.code(), "brokering_answered");
    house.settle();
    let heard =
        async || house.answer(get("/api/v1/brokering").by(&nurse)).await.json()["requests"][0].clone();
    assert_eq!(heard().await["state"], json!("waiting"));
    house.pass(TimeDelta::minutes(30));
    assert_eq!(
        (heard().await["state"].clone(), heard().await["outcome"].clone()),
        (json!("answered"), word["outcome"].clone())
    );
}

#[tokio::test]
async fn a_request_to_a_desk_takes_closed_words_and_telephones_alone() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, SCHOOL).await;
    let telephones = json!([{"kind": "telephone", "value": "020 7946 0003"}]);
    let table = [
        (
            json!({"child_number": number, "about": "sensitive", "reason": "assessment", "contacts": telephones,
                "note": "bruises"}),
            "field_unknown",
        ),
        (
            json!({"child_number": number, "about": "anything", "reason": "assessment", "contacts": telephones}),
            "field_invalid",
        ),
        (json!({"child_number": number, "about": "shielded", "contacts": telephones}), "reason_missing"),
        (
            json!({"child_number": number, "about": "shielded", "reason": "assessment", "contacts": []}),
            "telephone_missing",
        ),
        (
            json!({"child_number": number, "about": "shielded", "reason": "audit", "contacts": telephones}),
            "reason_not_permitted",
        ),
    ];
    for (asked, code) in table {
        let answer = house.answer(post("/api/v1/brokering", &asked).by(&nurse)).await;
        assert_eq!(answer.code(), code, "{asked}");
    }
    let unknown = house
        .answer(
            post(
                "/api/v1/brokering/0190a3c4d5e67f8091a2b3c4d5e6f711/answer",
                &json!({"outcome": "contact_made"}),
            )
            .by(&house.signed_in(Role::AuthorityTeam, AUTHORITY).await),
        )
        .await;
    assert_eq!(unknown.code(), "not_found");
}

#[tokio::test]
async fn the_team_lists_what_waits_for_a_shield_and_what_is_due_by_pages() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let asked = json!({"child_number": number, "ground": "domestic_abuse"});
    for _ in 0..51 {
        let answer = house.answer(post("/api/v1/shields", &asked).by(&nurse)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    }
    house.settle();
    let first = house.answer(get("/api/v1/shields").by(&team)).await;
    assert_eq!((first.status, first.header("cache-control")), (StatusCode::OK, "no-store"));
    let link =
        first.header("link").strip_suffix(">; rel=\"next\"").unwrap().trim_start_matches('<').to_owned();
    let (first, second) = (first.json(), house.answer(get(&link).by(&team)).await.json());
    assert_eq!(first["items"].as_array().unwrap().len(), 50);
    assert_eq!((second["items"].as_array().unwrap().len(), second.get("next")), (1, None));
    assert_eq!(first["items"][0]["kind"], json!("request"));
    assert_eq!(first["items"][0]["child_number"], json!(number));
    assert_eq!(house.answer(get("/api/v1/shields").by(&nurse)).await.code(), "role_may_not_decide");
    assert_eq!(house.answer(get("/api/v1/shields?after=soon").by(&team)).await.code(), "query_invalid");
}

#[tokio::test]
async fn a_child_moves_by_the_words_of_two_authorities() {
    let house = House::new();
    let number = house.ava().await;
    let far = house.far();
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let manager = house.signed_in(Role::DataManager, far).await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let asked = json!({"child_number": number, "to": far});
    let refused = house.answer(post("/api/v1/transfers", &asked).by(&nurse)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "not_responsible_authority")
    );
    let proposed = house.answer(post("/api/v1/transfers", &asked).by(&team)).await;
    assert_eq!(proposed.status, StatusCode::CREATED, "{proposed:?}");
    let path = format!("/api/v1/transfers/{}/decision", proposed.json()["transfer_id"].as_str().unwrap());
    house.settle();
    let waiting = house.answer(get("/api/v1/transfers").by(&manager)).await;
    assert_eq!(waiting.header("cache-control"), "no-store");
    assert_eq!(waiting.json()["transfers"][0]["awaits_you"], json!(true));
    let accept = json!({"decision": "accept"});
    let own = house.answer(post(&path, &accept).by(&team)).await;
    assert_eq!((own.status, own.code().as_str()), (StatusCode::CONFLICT, "transfer_awaits_other"));
    let moved = house.answer(post(&path, &accept).by(&manager)).await;
    assert_eq!((moved.status, moved.json()["child_number"].clone()), (StatusCode::CREATED, json!(number)));
    let opened = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "new_referral"}));
    let record = house.answer(opened.by(&nurse)).await.json()["record"].clone();
    assert_eq!(record["responsible_authority"]["id"], json!(far));
    assert_eq!(house.answer(post(&path, &accept).by(&manager)).await.code(), "not_found");
}
