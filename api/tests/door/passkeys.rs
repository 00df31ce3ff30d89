//! Passkeys: registered after the PIN, and what they sign is taken once, from here, by whom they belong to.

use api::Settings;
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    authenticator::{ADDRESS, Says, Token},
    house::{Answer, House, SCHOOL, get, post},
};

const CHALLENGE: &str = "/api/v1/sessions/passkey/challenge";
const SIGN_IN: &str = "/api/v1/sessions/passkey";

fn house() -> House {
    House::with(Settings { public_url: ADDRESS.to_owned(), ..Settings::default() })
}

async fn asked(house: &House, path: &str, token: &str) -> Value {
    let answer = house.answer(post(path, &json!({})).by(token)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()
}

/// Registers a token to whoever holds this session.
async fn registered(house: &House, session: &str, number: u8) -> Token {
    house.step_up(session).await;
    let asked = asked(house, "/api/v1/passkeys/registration", session).await;
    let token = Token::new(number);
    let made = token.makes(&asked, &Says::made());
    let answer = house.answer(post("/api/v1/passkeys", &made).by(session)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    token
}

async fn challenged(house: &House, username: &str) -> Value {
    let answer = house.answer(post(CHALLENGE, &json!({"username": username}))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()
}

async fn signs_in(house: &House, signed: &Value) -> Answer {
    house.answer(post(SIGN_IN, signed)).await
}

/// A session that began by the token.
async fn session_by(house: &House, username: &str, token: &Token) -> String {
    let signed = token.signs(&challenged(house, username).await, &Says::signed());
    let answer = signs_in(house, &signed).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

fn sign_in_refused() -> (u16, String) {
    (401, "sign_in_refused".to_owned())
}

#[tokio::test]
async fn a_passkey_is_registered_after_the_pin_and_signs_its_person_in_stepped_up() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let early = house.answer(post("/api/v1/passkeys/registration", &json!({})).by(&session)).await;
    assert_eq!(refused(&early), (403, "step_up_missing".to_owned()));
    let token = registered(&house, &session, 1).await;
    let listed = house.answer(get("/api/v1/passkeys").by(&session)).await.json();
    assert_eq!(listed["passkeys"][0]["id"], token.id());
    let asked = challenged(&house, "practitioner").await;
    assert_eq!(asked["options"]["allowCredentials"], json!([{"type": "public-key", "id": token.id()}]));
    assert_eq!(asked["options"]["rpId"], "directory.example");
    assert_eq!(asked["options"]["userVerification"], "required");
    let answer = signs_in(&house, &token.signs(&asked, &Says::signed())).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    assert_eq!(answer.json()["role"], "practitioner");
    // Stepped up: what needs the PIN is open, and for five minutes only.
    let own = answer.json()["token"].as_str().unwrap().to_owned();
    let again = || post("/api/v1/passkeys/registration", &json!({})).by(&own);
    assert_eq!(house.answer(again()).await.status, StatusCode::CREATED);
    house.pass(TimeDelta::minutes(5));
    assert_eq!(house.answer(again()).await.code(), "step_up_missing");
}

#[tokio::test]
async fn what_was_made_elsewhere_or_without_the_pin_is_not_registered() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.step_up(&session).await;
    let lies = [
        Says { origin: "https://directory.example.invalid", ..Says::made() },
        Says { origin: "http://directory.example", ..Says::made() },
        Says { host: "other.example", ..Says::made() },
        Says { verified: false, ..Says::made() },
        Says { framed: true, ..Says::made() },
        Says::signed(),
    ];
    for lie in &lies {
        let asked = asked(&house, "/api/v1/passkeys/registration", &session).await;
        let made = Token::new(1).makes(&asked, lie);
        let answer = house.answer(post("/api/v1/passkeys", &made).by(&session)).await;
        assert_eq!(refused(&answer), (422, "passkey_not_accepted".to_owned()), "{} {}", lie.act, lie.origin);
        // The challenge was taken all the same.
        let right = Token::new(1).makes(&asked, &Says::made());
        assert_eq!(
            house.answer(post("/api/v1/passkeys", &right).by(&session)).await.code(),
            "passkey_not_accepted"
        );
    }
    let asked = asked(&house, "/api/v1/passkeys/registration", &session).await;
    let mut other = Token::new(1).makes(&asked, &Says::made());
    other["passkey"]["id"] = json!(Token::new(2).id());
    let answer = house.answer(post("/api/v1/passkeys", &other).by(&session)).await;
    assert_eq!(answer.code(), "passkey_not_accepted");
    let listed = house.answer(get("/api/v1/passkeys").by(&session)).await.json();
    assert_eq!(listed["passkeys"], json!([]));
}

#[tokio::test]
async fn a_challenge_is_for_one_person_one_act_and_two_minutes() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let colleague = house.signed_in(Role::Mediator, SCHOOL).await;
    house.step_up(&session).await;
    house.step_up(&colleague).await;
    let asked_of_colleague = asked(&house, "/api/v1/passkeys/registration", &colleague).await;
    let late = asked(&house, "/api/v1/passkeys/registration", &session).await;
    let to_sign = asked(&house, "/api/v1/sessions/step_up/challenge", &session).await;
    for wrong in [&asked_of_colleague, &to_sign] {
        let made = Token::new(1).makes(wrong, &Says::made());
        let answer = house.answer(post("/api/v1/passkeys", &made).by(&session)).await;
        assert_eq!(answer.code(), "passkey_not_accepted");
    }
    house.pass(TimeDelta::minutes(2));
    let made = Token::new(1).makes(&late, &Says::made());
    let answer = house.answer(post("/api/v1/passkeys", &made).by(&session)).await;
    assert_eq!(answer.code(), "passkey_not_accepted");
}

#[tokio::test]
async fn what_was_signed_elsewhere_or_twice_or_without_the_pin_signs_nobody_in() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let token = registered(&house, &session, 1).await;
    let lies = [
        Says { origin: "https://directory.example.invalid", ..Says::signed() },
        Says { host: "other.example", ..Says::signed() },
        Says { verified: false, ..Says::signed() },
        Says { framed: true, ..Says::signed() },
        Says::made(),
    ];
    for lie in &lies {
        let signed = token.signs(&challenged(&house, "practitioner").await, lie);
        assert_eq!(
            refused(&signs_in(&house, &signed).await),
            sign_in_refused(),
            "{} {}",
            lie.act,
            lie.origin
        );
    }
    let right = token.signs(&challenged(&house, "practitioner").await, &Says::signed());
    assert_eq!(signs_in(&house, &right).await.status, StatusCode::CREATED);
    assert_eq!(refused(&signs_in(&house, &right).await), sign_in_refused(), "a replay");
    let late = token.signs(&challenged(&house, "practitioner").await, &Says::signed());
    house.pass(TimeDelta::minutes(2));
    assert_eq!(refused(&signs_in(&house, &late).await), sign_in_refused());
    // By another key under the same id, and over what another token said.
    let forged = Token::new(1).signs(&challenged(&house, "practitioner").await, &Says::signed());
    assert_eq!(refused(&signs_in(&house, &forged).await), sign_in_refused());
    let mut moved = token.signs(&challenged(&house, "practitioner").await, &Says::signed());
    moved["passkey"]["response"]["authenticatorData"] =
        forged["passkey"]["response"]["authenticatorData"].clone();
    moved["passkey"]["response"]["signature"] = forged["passkey"]["response"]["signature"].clone();
    assert_eq!(refused(&signs_in(&house, &moved).await), sign_in_refused());
}

#[tokio::test]
async fn many_forged_signatures_keep_nobody_waiting() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let token = registered(&house, &session, 1).await;
    for _ in 0..12 {
        let forged = Token::new(1).signs(&challenged(&house, "practitioner").await, &Says::signed());
        assert_eq!(refused(&signs_in(&house, &forged).await), sign_in_refused());
    }
    session_by(&house, "practitioner", &token).await;
    house.pass(TimeDelta::seconds(60));
    let own = house.answer(post("/api/v1/sessions", &house.credentials(Role::Practitioner))).await;
    assert_eq!(own.status, StatusCode::CREATED, "{own:?}");
}

#[tokio::test]
async fn a_name_that_nobody_has_is_answered_like_one_without_a_passkey() {
    let house = house();
    house.person(Role::Practitioner, SCHOOL);
    let token = Token::new(9);
    for name in ["nobody", "practitioner"] {
        let (first, second) = (challenged(&house, name).await, challenged(&house, name).await);
        assert_ne!(first["options"]["challenge"], second["options"]["challenge"], "{name}");
        let invented = &first["options"]["allowCredentials"];
        assert_eq!(invented, &second["options"]["allowCredentials"], "{name}: the same each time");
        let count = invented.as_array().unwrap().len();
        assert!((1..=2).contains(&count), "{name}: {count}");
        let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields(&first["options"]).len(), 5, "{name}");
        let answer = signs_in(&house, &token.signs(&first, &Says::signed())).await;
        assert_eq!(refused(&answer), sign_in_refused(), "{name}");
    }
    let invented = challenged(&house, "nobody").await["options"]["allowCredentials"].clone();
    assert_ne!(invented, challenged(&house, "no one").await["options"]["allowCredentials"]);
}

#[tokio::test]
async fn a_colleagues_passkey_opens_no_account_but_its_own() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let own = registered(&house, &session, 1).await;
    let colleague = house.signed_in(Role::Mediator, SCHOOL).await;
    let others = registered(&house, &colleague, 2).await;
    let crossed = others.signs(&challenged(&house, "practitioner").await, &Says::signed());
    assert_eq!(refused(&signs_in(&house, &crossed).await), sign_in_refused());
    // The token itself says for whom it keeps the key.
    let mut named = own.signs(&challenged(&house, "practitioner").await, &Says::signed());
    named["passkey"]["response"]["userHandle"] = json!("AZCjxNXmf4CRorPE1eb3EQ");
    assert_eq!(refused(&signs_in(&house, &named).await), sign_in_refused());
    let asked = asked(&house, "/api/v1/sessions/step_up/challenge", &session).await;
    let stepping = others.signs(&asked, &Says::signed());
    let answer = house.answer(post("/api/v1/sessions/step_up", &stepping).by(&session)).await;
    assert_eq!(refused(&answer), (401, "step_up_refused".to_owned()));
}

#[tokio::test]
async fn a_passkey_steps_its_person_up_in_place_of_the_pin() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let mut token = registered(&house, &session, 1).await;
    house.pass(TimeDelta::minutes(6));
    let step_up = |body: Value| house.answer(post("/api/v1/sessions/step_up", &body).by(&session));
    let asked = asked(&house, "/api/v1/sessions/step_up/challenge", &session).await;
    token.count = 1;
    let signed = token.signs(&asked, &Says::signed());
    let mut both = signed.clone();
    both["pin"] = json!("4821");
    assert_eq!(refused(&step_up(both).await), (422, "field_missing".to_owned()));
    assert_eq!(refused(&step_up(json!({})).await), (422, "field_missing".to_owned()));
    assert_eq!(step_up(signed.clone()).await.status, StatusCode::OK);
    assert_eq!(refused(&step_up(signed).await), (401, "step_up_refused".to_owned()), "a replay");
    let ready = house.answer(post("/api/v1/passkeys/registration", &json!({})).by(&session)).await;
    assert_eq!(ready.status, StatusCode::CREATED);
    // Once it counts, a copy that counts no further is found out.
    let copy = token.signs(&challenged(&house, "practitioner").await, &Says::signed());
    assert_eq!(refused(&signs_in(&house, &copy).await), sign_in_refused());
    token.count = 2;
    session_by(&house, "practitioner", &token).await;
}

#[tokio::test]
async fn a_removed_passkey_ends_the_sessions_that_it_began_and_no_other() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let lost = registered(&house, &session, 1).await;
    let kept = registered(&house, &session, 2).await;
    let by_lost = session_by(&house, "practitioner", &lost).await;
    let by_kept = session_by(&house, "practitioner", &kept).await;
    let removal = format!("/api/v1/passkeys/{}/removal", lost.id());
    let colleague = house.signed_in(Role::Mediator, SCHOOL).await;
    let strange = house.answer(post(&removal, &json!({})).by(&colleague)).await;
    assert_eq!(refused(&strange), (404, "not_found".to_owned()));
    let removed = house.answer(post(&removal, &json!({})).by(&session)).await;
    assert_eq!(removed.status, StatusCode::CREATED, "{removed:?}");
    let own = |token: &str| house.answer(get("/api/v1/passkeys").by(token));
    assert_eq!(refused(&own(&by_lost).await), (401, "token_invalid".to_owned()));
    assert_eq!(own(&session).await.status, StatusCode::OK);
    assert_eq!(own(&by_kept).await.json()["passkeys"].as_array().unwrap().len(), 1);
    let signed = lost.signs(&challenged(&house, "practitioner").await, &Says::signed());
    assert_eq!(refused(&signs_in(&house, &signed).await), sign_in_refused());
}

#[tokio::test]
async fn a_lost_passkey_is_removed_by_whoever_keeps_the_account_and_by_nobody_else() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let lost = registered(&house, &session, 1).await;
    let by_lost = session_by(&house, "practitioner", &lost).await;
    let account = house.directory.account_of_username("practitioner").unwrap();
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let held = house.answer(get(&format!("/api/v1/users/{account}")).by(&manager)).await.json();
    assert_eq!(held["passkeys"][0]["id"], lost.id(), "{held}");
    let removal = format!("/api/v1/users/{account}/passkeys/{}/removal", lost.id());
    let own = house.answer(post(&removal, &json!({})).by(&session)).await;
    assert_eq!(refused(&own), (403, "role_may_not_administer".to_owned()));
    let removed = house.answer(post(&removal, &json!({})).by(&manager)).await;
    assert_eq!(removed.status, StatusCode::CREATED, "{removed:?}");
    let ended = house.answer(get("/api/v1/passkeys").by(&by_lost)).await;
    assert_eq!(refused(&ended), (401, "token_invalid".to_owned()));
    let again = house.answer(post(&removal, &json!({})).by(&manager)).await;
    assert_eq!(refused(&again), (404, "passkey_unknown".to_owned()));
}

#[tokio::test]
async fn five_passkeys_are_the_most_and_none_is_registered_twice() {
    let house = house();
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    for number in 1..=5 {
        registered(&house, &session, number).await;
    }
    for (number, code) in [(6, "passkeys_too_many"), (5, "passkey_known")] {
        let asked = asked(&house, "/api/v1/passkeys/registration", &session).await;
        assert_eq!(asked["options"]["excludeCredentials"].as_array().unwrap().len(), 5);
        let made = Token::new(number).makes(&asked, &Says::made());
        let answer = house.answer(post("/api/v1/passkeys", &made).by(&session)).await;
        assert_eq!(refused(&answer), (409, code.to_owned()));
    }
}

#[tokio::test]
async fn no_case_management_system_touches_a_passkey() {
    let house = house();
    house.person(Role::Practitioner, SCHOOL);
    let client = house.client(SCHOOL).await;
    for path in ["/api/v1/passkeys/registration", "/api/v1/sessions/step_up/challenge"] {
        let asked = post(path, &json!({})).by(&client).with("acting-user", "practitioner");
        assert_eq!(refused(&house.answer(asked).await), (403, "staff_only".to_owned()), "{path}");
    }
}
