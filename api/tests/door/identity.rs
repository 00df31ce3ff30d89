//! Identity: tokens, sign-ins, who may act, and limits.

use std::num::NonZeroU32;

use api::Settings;
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use events::organisation::ActingUser;
use serde_json::json;
use vocabulary::{ClientId, Role};

use crate::house::{AUTHORITY, HOSPITAL, House, PIN, SCHOOL, ask, described, get, post};

#[tokio::test]
async fn the_token_call_speaks_rfc_6749() {
    let house = House::new();
    let client = ClientId("client-urn-100000".to_owned());
    let form = "application/x-www-form-urlencoded";
    let asked = |header: String, body: &'static str| {
        ask(Method::POST, "/oauth/token").with("authorization", &header).sending(form, body)
    };
    let wrong = house.answer(asked(House::basic(&client, "wrong"), "grant_type=client_credentials")).await;
    assert_eq!((wrong.status.as_u16(), wrong.json()["error"].as_str()), (401, Some("invalid_client")));
    assert!(wrong.header("www-authenticate").starts_with("Basic"));
    let unknown = house
        .answer(asked(House::basic(&ClientId("nobody".to_owned()), "wrong"), "grant_type=client_credentials"))
        .await;
    assert_eq!(unknown.body, wrong.body);
    let grant = house.answer(asked(House::basic(&client, "wrong"), "grant_type=password")).await;
    assert_eq!(
        (grant.status.as_u16(), grant.json()["error"].as_str()),
        (400, Some("unsupported_grant_type"))
    );
    let none = house.answer(asked(House::basic(&client, "wrong"), "")).await;
    assert_eq!(none.json()["error"], "invalid_request");
    let given = house.token(&client).await;
    assert_eq!(given.len(), 43);
}

#[tokio::test]
async fn a_token_ends_after_ten_minutes_and_a_revoked_client_at_once() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    assert_eq!(house.answer(get("/api/v1/caseload").by(&token)).await.status, StatusCode::OK);
    house.pass(TimeDelta::seconds(600));
    assert_eq!(house.answer(get("/api/v1/caseload").by(&token)).await.code(), "token_invalid");
    let newer = house.client(SCHOOL).await;
    assert!(house.directory.revoke_client(&ClientId("client-urn-100000".to_owned())).unwrap());
    assert_eq!(house.answer(get("/api/v1/caseload").by(&newer)).await.code(), "token_invalid");
}

#[tokio::test]
async fn a_person_signs_in_once_with_a_code_and_one_answer_covers_every_mistake() {
    let house = House::new();
    house.person(Role::Practitioner, SCHOOL);
    let right = house.credentials(Role::Practitioner);
    let given = house.answer(post("/api/v1/sessions", &right)).await;
    assert_eq!(given.status, StatusCode::CREATED);
    let body = given.json();
    assert_eq!((body["role"].as_str(), body["organisation"].as_str()), (Some("practitioner"), Some(SCHOOL)));
    assert_eq!(body["expires_at"], "2026-11-21T22:00:00Z");
    let again = house.answer(post("/api/v1/sessions", &right)).await;
    assert_eq!((again.status.as_u16(), again.code().as_str()), (401, "sign_in_refused"));
    let nobody = json!({"username": "nobody", "password": "x", "otp": "000000"});
    let unknown = house.answer(post("/api/v1/sessions", &nobody)).await;
    assert_eq!(unknown.body, again.body);
}

#[tokio::test]
async fn a_suspension_bites_on_the_next_request() {
    let house = House::new();
    let account = house.person(Role::Practitioner, SCHOOL);
    let given = house.answer(post("/api/v1/sessions", &house.credentials(Role::Practitioner))).await;
    let token = given.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(house.answer(get("/api/v1/accesses").by(&token)).await.status, StatusCode::OK);
    assert!(house.directory.suspend_user(account).unwrap());
    assert_eq!(house.answer(get("/api/v1/accesses").by(&token)).await.code(), "token_invalid");
    let client = house.client(SCHOOL).await;
    assert!(house.directory.suspend_organisation(&SCHOOL.parse().unwrap()).unwrap());
    let event = described("e1", "r1").to_string();
    let asked =
        ask(Method::POST, "/api/v1/events").by(&client).sending("application/cloudevents+json", event);
    assert_eq!(house.answer(asked).await.code(), "organisation_suspended");
}

#[tokio::test]
async fn the_pin_is_a_persons_own_and_a_wrong_one_is_refused() {
    let house = House::new();
    let token = house.signed_in(Role::PractitionerOverride, AUTHORITY).await;
    let wrong = house.answer(post("/api/v1/sessions/step_up", &json!({"pin": "0000"})).by(&token)).await;
    assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (401, "step_up_refused"));
    let right = house.answer(post("/api/v1/sessions/step_up", &json!({"pin": "4821"})).by(&token)).await;
    assert_eq!(right.json()["stepped_up_until"], "2026-11-21T12:06:00Z");
    let client = house.client(SCHOOL).await;
    let machine = house.answer(post("/api/v1/sessions/step_up", &json!({"pin": "4821"})).by(&client)).await;
    assert_eq!(machine.code(), "staff_only");
}

#[tokio::test]
async fn a_client_does_not_decide_audit_or_investigate_in_anybodys_name() {
    let house = House::new();
    for role in [Role::DataManager, Role::Auditor, Role::Investigator, Role::UserManager] {
        house.person(role, SCHOOL);
    }
    let school = house.client(SCHOOL).await;
    for (user, path) in [
        ("data_manager", "/api/v1/queue"),
        ("auditor", "/api/v1/audit/accesses"),
        ("user_manager", "/api/v1/reports/usage"),
        ("investigator", "/api/v1/children/04817263599/history?case=SCR-2026%2F14"),
    ] {
        let asked = get(path).by(&school).with("acting-user", user);
        let answer = house.answer(asked).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "staff_only"), "{user}");
    }
}

#[tokio::test]
async fn a_client_names_its_own_people_only_and_only_where_it_may_name_them_bare() {
    let house = House::new();
    house.person(Role::Practitioner, SCHOOL);
    let school = house.client(SCHOOL).await;
    let acting = |token: &str, user: &str| get("/api/v1/accesses").by(token).with("acting-user", user);
    assert_eq!(house.answer(acting(&school, "practitioner")).await.status, StatusCode::OK);
    assert_eq!(house.answer(get("/api/v1/accesses").by(&school)).await.code(), "acting_user_missing");
    assert_eq!(house.answer(acting(&school, "nobody")).await.code(), "acting_user_unknown");
    let hospital = house.client(HOSPITAL).await;
    assert_eq!(house.answer(acting(&hospital, "practitioner")).await.code(), "acting_user_unknown");
    let signed = house.token(&house.client_of(SCHOOL, ActingUser::SignedAssertion)).await;
    assert_eq!(house.answer(acting(&signed, "practitioner")).await.code(), "acting_user_not_accepted");
}

#[tokio::test]
async fn people_do_not_post_events() {
    let house = House::new();
    let token = house.signed_in(Role::Practitioner, SCHOOL).await;
    let event = described("e1", "r1").to_string();
    let asked = ask(Method::POST, "/api/v1/events").by(&token).sending("application/cloudevents+json", event);
    let answer = house.answer(asked).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "client_only"));
}

#[tokio::test]
async fn a_runaway_client_is_told_when_to_come_again_and_the_rest_are_served() {
    let few = NonZeroU32::new(1).unwrap();
    // The token, and three.
    let burst = NonZeroU32::new(4).unwrap();
    let house =
        House::with(Settings { requests_per_second: few, requests_burst: burst, ..Settings::default() });
    let (school, hospital) = (house.client(SCHOOL).await, house.client(HOSPITAL).await);
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(house.answer(get("/api/v1/caseload").by(&school)).await.status.as_u16());
    }
    assert!(codes.starts_with(&[200, 200, 200]) && codes.contains(&429), "{codes:?}");
    let limited = house.answer(get("/api/v1/caseload").by(&school)).await;
    assert_eq!(limited.code(), "rate_limited");
    assert!(limited.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(house.answer(get("/api/v1/caseload").by(&hospital)).await.status, StatusCode::OK);
}

/// Rules.md 5.2: lockout without a denial of service.
#[tokio::test]
async fn a_flood_of_strangers_keeps_nobody_waiting_who_is_known() {
    let few = NonZeroU32::new(2).unwrap();
    let house = House::with(Settings { sign_ins_per_second: few, ..Settings::default() });
    house.someone("known", Role::Practitioner, SCHOOL);
    house.pass(TimeDelta::seconds(60));
    let first = house.answer(post("/api/v1/sessions", &house.proof("known"))).await.json();
    let (token, device) = (first["token"].as_str().unwrap(), first["device"].as_str().unwrap());
    let client = ClientId(format!("client-{}", HOSPITAL.replace(':', "-")));
    let flood = async || {
        // A device that nobody knows is a stranger's.
        let forged: String = device.chars().rev().collect();
        let asked = json!({"username": "known", "password": "guessed", "otp": "000000", "device": forged});
        while house.answer(post("/api/v1/sessions", &asked)).await.code() != "rate_limited" {}
        let basic = House::basic(&client, "a-wrong-secret");
        let wrong = || {
            ask(Method::POST, "/oauth/token")
                .with("authorization", &basic)
                .sending("application/x-www-form-urlencoded", "grant_type=client_credentials")
        };
        while house.answer(wrong()).await.status != StatusCode::TOO_MANY_REQUESTS {}
    };
    flood().await;
    // A code is taken once, so time passes; not the limits' own.
    house.pass(TimeDelta::seconds(60));
    let mut again = house.proof("known");
    again["device"] = json!(device);
    let back = house.answer(post("/api/v1/sessions", &again)).await;
    assert_eq!(back.status, StatusCode::CREATED, "{back:?}");
    flood().await;
    let pin = house.answer(post("/api/v1/sessions/step_up", &json!({"pin": PIN})).by(token)).await;
    assert_eq!(pin.status, StatusCode::OK, "{pin:?}");
    flood().await;
    house.token(&client).await;
    let challenge = post("/api/v1/sessions/passkey/challenge", &json!({"username": "known"}));
    assert_eq!(house.answer(challenge).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_full_server_says_so() {
    let house = House::with(Settings { requests_at_once: 0, ..Settings::default() });
    let answer = house.answer(get("/livez")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "overloaded"));
    assert_eq!(answer.header("retry-after"), "2");
}
