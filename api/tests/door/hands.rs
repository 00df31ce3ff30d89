//! By hand: children, involvements, consents, shields and the identity queue.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, Ask, HOSPITAL, House, SCHOOL, ask, described, event, get, post};

fn patch(path: &str, body: &Value) -> Ask {
    ask(Method::PATCH, path).sending("application/json", body.to_string())
}

#[tokio::test]
async fn a_data_manager_merges_two_children_and_splits_them_again() {
    let house = House::new();
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let practitioner = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let other = json!({"local_ref": "zoe", "forename": "Zoe", "surname": "Quill", "date_of_birth": "2013-11-30",
        "gender": "female"});
    let told = house
        .told(SCHOOL, &[described("d1", "ava"), event("d2", "child.described", &json!({"child": other}))])
        .await;
    let number = |at: usize| told[at]["child_number"].as_str().unwrap().to_owned();
    let (stays, absorbed) = (number(0), number(1));
    let path = |end: &str| format!("/api/v1/children/{stays}/{end}");
    let merge = json!({"absorbed": absorbed});
    let refused = house.answer(post(&path("merges"), &merge).by(&practitioner)).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "role_may_not_decide"));
    let merged = house.answer(post(&path("merges"), &merge).by(&manager)).await;
    assert_eq!((merged.status, &merged.json()["outcome"]), (StatusCode::CREATED, &json!("recorded")));
    let open = format!("/api/v1/children/{absorbed}/accesses");
    let reason = json!({"reason": "new_referral"});
    let opened = house.answer(post(&open, &reason).by(&practitioner)).await.json();
    assert_eq!(opened["record"]["child_number"], json!(stays), "a number absorbed answers with the survivor");
    let split = json!({"other": absorbed});
    let apart = house.answer(post(&path("splits"), &split).by(&manager)).await;
    assert_eq!((apart.status, &apart.json()["outcome"]), (StatusCode::CREATED, &json!("recorded")));
    let again = house.answer(post(&path("merges"), &merge).by(&manager)).await;
    assert_eq!(again.code(), "not_same_person");
}

#[tokio::test]
async fn a_child_is_entered_after_a_search_that_found_nobody_and_then_changed() {
    let house = House::new();
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let search =
        json!({"criteria": {"surname": "Quillfeather", "birth_year": 2014}, "reason": "new_referral"});
    let page = house.answer(post("/api/v1/searches", &search).by(&token)).await.json();
    assert_eq!((page["outcome"].as_str(), page["advice"].is_string()), (Some("none"), true));
    let child = json!({"forename": "Ada", "surname": "Quillfeather", "date_of_birth": "2014-05-01", "gender": "female"});
    let body = json!({"search_id": page["search_id"], "child": child});
    let made = house.answer(post("/api/v1/children", &body).by(&token)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let number = made.json()["child_number"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/children/{number}");
    let mut whole = child.clone();
    whole["known_as"] = json!("Addie");
    for stated in [whole, json!({"known_as": null})] {
        let changed = house.answer(patch(&path, &json!({"child": stated})).by(&token)).await;
        let outcome = (changed.status.as_u16(), changed.json()["outcome"].clone());
        assert_eq!(outcome, (201, json!("recorded")), "{changed:?}");
    }
    let other = json!({"search_id": "0190a3c4d5e67f8091a2b3c4d5e6f708", "child": {}});
    assert_eq!(house.answer(post("/api/v1/children", &other).by(&token)).await.code(), "search_unknown");
}

#[tokio::test]
async fn an_involvement_by_hand_is_started_changed_and_ended_by_its_own_organisation() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let body = json!({
        "service_type": "social_care", "team": "Assessment", "started_on": "2026-11-01",
        "contacts": [{"kind": "telephone", "value": "020 7946 0001"}]
    });
    let path = format!("/api/v1/children/{number}/involvements");
    let started = house.answer(post(&path, &body).by(&token)).await;
    assert_eq!(
        (started.status.as_u16(), started.json()["outcome"].as_str()),
        (201, Some("recorded")),
        "{started:?}"
    );
    house.settle();
    let caseload = house.answer(get("/api/v1/caseload").by(&token)).await.json();
    assert_eq!(caseload["entries"][0]["name"]["surname"], "Lowe");
    let id = caseload["entries"][0]["involvement_id"].as_str().unwrap().to_owned();
    let at = |rest: &str| format!("/api/v1/involvements/{id}{rest}");
    let stranger = house.signed_in(Role::NationalPartner, HOSPITAL).await;
    let refused = house.answer(post(&at("/end"), &json!({"ended_on": "2026-11-20"})).by(&stranger)).await;
    assert_eq!(refused.code(), "not_found");
    let changed = house.answer(patch(&at(""), &json!({"team": "Long Term Support"})).by(&token)).await;
    assert_eq!(changed.json()["outcome"], "recorded", "{changed:?}");
    let ahead = house.answer(post(&at("/end"), &json!({"ended_on": "2026-12-24"})).by(&token)).await;
    assert_eq!((ahead.status.as_u16(), ahead.code().as_str()), (422, "end_in_future"));
    let ended = house.answer(post(&at("/end"), &json!({"ended_on": "2026-11-20"})).by(&token)).await;
    assert_eq!(ended.json()["outcome"], "recorded", "{ended:?}");
    let error = house.answer(post(&at("/error"), &json!({})).by(&token)).await;
    assert_eq!(error.json()["outcome"], "recorded", "{error:?}");
}

#[tokio::test]
async fn the_lead_and_an_assessment_are_told_by_hand_by_the_own_organisation_alone() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, HOSPITAL).await;
    house.someone("stranger", Role::Practitioner, SCHOOL);
    let stranger = house.sign_in("stranger").await;
    let begun = json!({"service_type": "hospital_emergency", "team": "Invented Team", "started_on": "2026-11-01",
        "contacts": [{"kind": "telephone", "value": "020 7946 0001"}]});
    let path = format!("/api/v1/children/{number}/involvements");
    let started = house.answer(post(&path, &begun).by(&token)).await;
    let id = started.json()["id"].as_str().unwrap().to_owned();
    let at = |end: &str| format!("/api/v1/involvements/{id}/{end}");
    let outcome = async |end: &str, body: Value, by: &str| {
        let answer = house.answer(post(&at(end), &body).by(by)).await;
        if answer.status.is_success() {
            answer.json()["outcome"].as_str().unwrap().to_owned()
        } else {
            answer.code()
        }
    };
    assert_eq!(outcome("lead_professional", json!({}), &stranger).await, "not_found");
    assert_eq!(outcome("lead_professional", json!({}), &token).await, "recorded");
    assert_eq!(outcome("lead_professional", json!({}), &token).await, "unchanged");
    assert_eq!(outcome("common_assessment", json!({"on": "2027-01-01"}), &token).await, "date_in_future");
    assert_eq!(outcome("common_assessment", json!({"on": "2026-11-02"}), &token).await, "recorded");
    let open = format!("/api/v1/children/{number}/accesses");
    let seen = async || {
        house.settle();
        let opened = house.answer(post(&open, &json!({"reason": "new_referral"})).by(&token)).await.json();
        let held = opened["record"]["involvements"].as_array().unwrap().clone();
        let own = held.into_iter().find(|entry| entry["involvement_id"] == json!(id)).unwrap();
        (own["lead_professional"].clone(), own["common_assessment"]["held"].clone())
    };
    assert_eq!(seen().await, (json!(true), json!(true)));
    assert_eq!(outcome("lead_professional/relinquishment", json!({}), &token).await, "recorded");
    assert_eq!(
        outcome("common_assessment/withdrawal", json!({"on": "2026-11-03"}), &token).await,
        "recorded"
    );
    assert_eq!(seen().await, (json!(false), json!(false)));
}

#[tokio::test]
async fn a_shield_is_applied_by_the_team_and_bites_on_the_next_request() {
    let house = House::new();
    let number = house.ava().await;
    let practitioner = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let body = json!({"child_number": number, "ground": "domestic_abuse"});
    let applied = house.answer(post("/api/v1/shields", &body).by(&team)).await;
    assert_eq!(
        (applied.status.as_u16(), applied.json()["outcome"].as_str()),
        (201, Some("recorded")),
        "{applied:?}"
    );
    let path = format!("/api/v1/children/{number}/accesses");
    let opened = house.answer(post(&path, &json!({"reason": "new_referral"})).by(&practitioner)).await.json();
    assert_eq!(
        (&opened["record"]["shielded"], opened["record"].get("address")),
        (&json!(true), None),
        "{opened}"
    );
    let review = format!("/api/v1/shields/{}/review", applied.json()["shield_id"].as_str().unwrap());
    let unsaid = house.answer(post(&review, &json!({"decision": "keep"})).by(&team)).await;
    assert_eq!(
        (unsaid.code().as_str(), &unsaid.json()["errors"][0]["pointer"]),
        ("field_missing", &json!("/review_by"))
    );
    let others = house.answer(post(&review, &json!({"decision": "lift"})).by(&practitioner)).await;
    assert_eq!(others.code(), "not_responsible_authority");
    let lifted = house.answer(post(&review, &json!({"decision": "lift"})).by(&team)).await;
    assert_eq!(lifted.json()["outcome"], "recorded", "{lifted:?}");
}

#[tokio::test]
async fn a_decision_on_consent_is_recorded_by_hand() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let body = json!({
        "child_number": number, "episode_ref": "e-4", "decision": "given", "given_by": "parent",
        "competence": "assessed_not_competent", "method": "face_to_face", "notice_version": "2026-1",
        "decided_on": "2026-11-20"
    });
    let recorded = house.answer(post("/api/v1/consents", &body).by(&token)).await;
    assert_eq!(
        (recorded.status.as_u16(), recorded.json()["outcome"].as_str()),
        (201, Some("recorded")),
        "{recorded:?}"
    );
}

/// The bits at the end of a line of a waterfall, as in `surname: the same (+9.2)`.
fn bits(line: &str) -> f64 {
    let (_, rest) = line.rsplit_once('(').unwrap();
    rest.trim_end_matches(')').parse().unwrap()
}

#[tokio::test]
async fn what_waits_for_a_person_is_decided_by_the_data_manager_and_its_event_comes_to_its_end() {
    let house = House::new();
    let number = house.ava().await;
    let mut alike = described("q1", "other");
    alike["data"]["child"]["forename"] = json!("Eva");
    alike["data"]["child"]["address"] = json!({"postcode": "N17 9XX"});
    let told = house.told(HOSPITAL, &[alike]).await;
    assert_eq!(told[0]["outcome"], "queued", "{}", told[0]);
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    let item = &queue["items"][0];
    assert_eq!(
        (item["supplier"].as_str(), item["candidates"][0].as_str()),
        (Some(HOSPITAL), Some(number.as_str()))
    );
    let weighing = &item["weighings"][0];
    assert_eq!(weighing["child_number"].as_str(), Some(number.as_str()), "{weighing}");
    assert!((0.02..1.0).contains(&weighing["probability"].as_f64().unwrap()), "{weighing}");
    let words: Vec<&str> =
        weighing["in_words"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let sum: f64 = words.iter().filter(|line| !line.starts_with("in all")).map(|line| bits(line)).sum();
    assert!(words.iter().any(|line| line.starts_with("forename: many letters alike")), "{words:?}");
    // Each line is rounded by itself.
    assert!((sum - bits(words.last().unwrap())).abs() < 0.5, "{words:?}");
    let path = format!("/api/v1/queue/{}/decision", item["id"].as_str().unwrap());
    let unsaid = house.answer(post(&path, &json!({"decision": "link"})).by(&manager)).await;
    assert_eq!(unsaid.code(), "field_missing");
    let decided = json!({"decision": "link", "child_number": number});
    let decided = house.answer(post(&path, &decided).by(&manager)).await;
    assert_eq!(
        (decided.status.as_u16(), decided.json()["outcome"].as_str()),
        (201, Some("recorded")),
        "{decided:?}"
    );
    let client = house.client(HOSPITAL).await;
    let end = house.answer(get("/api/v1/events/q1").by(&client)).await.json();
    assert_eq!(
        (end["outcome"].as_str(), end["child_number"].as_str()),
        (Some("recorded"), Some(number.as_str())),
        "{end}"
    );
    let school = house.signed_in(Role::Practitioner, SCHOOL).await;
    assert_eq!(house.answer(get("/api/v1/queue").by(&school)).await.code(), "role_may_not_decide");
}
