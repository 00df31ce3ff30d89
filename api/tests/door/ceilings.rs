//! Ceilings of attempts, through the door: sign in again, and the figures that ring the alarm.

use axum::http::StatusCode;
use serde_json::json;
use vocabulary::Role;

use crate::house::{AUTHORITY, House, SCHOOL, get, post};

/// Tries numbers that nobody has until something else is answered than that nobody has them.
async fn guess(house: &House, token: &str, acting: Option<&str>) -> (usize, String) {
    let mut number = 0;
    loop {
        let asked = post("/api/v1/children/04817263599/accesses", &json!({"reason": "assessment"})).by(token);
        let asked = if let Some(acting) = acting { asked.with("acting-user", acting) } else { asked };
        let answer = house.answer(asked).await;
        let code = answer.code();
        if code != "not_found" {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
            return (number, code);
        }
        number += 1;
        assert!(number < 1_000, "a thousand guesses were answered");
    }
}

#[tokio::test]
async fn whoever_reaches_a_ceiling_signs_in_again_and_urgent_looks_go_on() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    assert_eq!(guess(&house, &token, None).await, (60, "ceiling_reached".to_owned()));
    let path = format!("/api/v1/children/{number}/accesses");
    let urgent = house.answer(post(&path, &json!({"reason": "emergency"})).by(&token)).await;
    assert_eq!(urgent.status, StatusCode::CREATED, "{urgent:?}");
    let criteria = json!({"surname": "Lowe", "birth_year": 2015});
    let search = |reason: &str| post("/api/v1/searches", &json!({"criteria": criteria, "reason": reason}));
    assert_eq!(house.answer(search("assessment").by(&token)).await.code(), "ceiling_reached");
    assert_eq!(house.answer(search("emergency").by(&token)).await.status, StatusCode::OK);
    let by_hand = json!({"child_number": number, "ground": "domestic_abuse"});
    let recorded = house.answer(post("/api/v1/shields", &by_hand).by(&token)).await;
    assert_eq!(recorded.code(), "ceiling_reached", "a stolen session writes nothing either");
    assert_eq!(house.answer(get("/api/v1/accesses").by(&token)).await.status, StatusCode::OK);
    let again = house.sign_in(Role::Practitioner.name()).await;
    let opened = house.answer(post(&path, &json!({"reason": "assessment"})).by(&again)).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
    assert_eq!(guess(&house, &again, None).await, (60, "ceiling_reached_again".to_owned()));
}

#[tokio::test]
async fn whom_a_client_vouches_for_is_counted_and_their_manager_sees_it_and_acts() {
    let house = House::new();
    house.ava().await;
    let nurse = house.someone("nurse", Role::Practitioner, SCHOOL);
    let client = house.client(SCHOOL).await;
    assert_eq!(guess(&house, &client, Some("nurse")).await, (60, "ceiling_reached".to_owned()));
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    house.step_up(&manager).await;
    let path = format!("/api/v1/users/{nurse}");
    let held = house.answer(get(&path).by(&manager)).await.json();
    assert_eq!(held["standing"], "ceiling_reached", "{held}");
    let reinstated = house.answer(post(&format!("{path}/reinstatement"), &json!({})).by(&manager)).await;
    assert!(reinstated.status.is_success(), "{reinstated:?}");
    let later = house.client(SCHOOL).await;
    assert_eq!(guess(&house, &later, Some("nurse")).await, (60, "ceiling_reached".to_owned()));
}
