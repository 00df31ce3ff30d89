//! Forms that come after the session ended: kept for the person whose session it was, within a small share of their
//! own, and never for strangers.

use api::{Door, Settings};
use axum::http::StatusCode;
use chrono::TimeDelta;
use vocabulary::Role;

use crate::{
    browsing::{form, session_of, signs_in, text},
    house::{Answer, House, SCHOOL, get},
};

const TYPED: [(&str, &str); 4] =
    [("surname", "Invented-Typed-Name"), ("forename", "Wren"), ("reason", "new_referral"), ("pin", "4821")];

/// Signs somebody in with a browser and answers the session's cookie. A code is taken once, so time passes.
async fn session(house: &House, username: &str) -> String {
    house.pass(TimeDelta::seconds(60));
    session_of(&house.answer(signs_in(house, username, &[])).await)
}

/// A person of that name, whose session has just ended.
async fn ended(house: &House, username: &str) -> String {
    house.someone(username, Role::Practitioner, SCHOOL);
    let cookie = session(house, username).await;
    house.pass(TimeDelta::minutes(61));
    cookie
}

async fn sent_late(house: &House, cookie: &str) -> Answer {
    house.answer(form("/find", &TYPED).with("cookie", cookie)).await
}

/// The key by which the form was kept that came with this cookie.
async fn kept(house: &House, cookie: &str) -> String {
    let asked = text(&sent_late(house, cookie).await);
    assert!(asked.contains("what you typed is kept") && !asked.contains("Invented-Typed-Name"), "{asked}");
    asked.split("name=\"kept\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn resumed(house: &House, cookie: &str, key: &str) -> Answer {
    house.answer(get(&format!("/session/kept/{key}")).with("cookie", cookie)).await
}

#[tokio::test]
async fn what_was_typed_too_late_is_given_back_to_its_person_and_nobody_else() {
    let house = House::new();
    let cookie = ended(&house, "typist").await;
    let key = kept(&house, &cookie).await;

    // Another person signs in in the same browser: the form in it goes with them, and gives them nothing.
    house.someone("other", Role::Mediator, SCHOOL);
    house.pass(TimeDelta::seconds(60));
    let other = house.answer(signs_in(&house, "other", &[("kept", &key)]).with("cookie", &cookie)).await;
    assert_eq!((other.status, other.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(resumed(&house, &session_of(&other), &key).await.status, StatusCode::NOT_FOUND);

    house.pass(TimeDelta::seconds(60));
    let same = house.answer(signs_in(&house, "typist", &[("kept", &key)])).await;
    assert_eq!(same.header("location"), format!("/session/kept/{key}"));
    let found = text(&resumed(&house, &session_of(&same), &key).await);
    assert!(found.contains("Invented-Typed-Name") && !found.contains("4821"), "{found}");
}

#[tokio::test]
async fn a_flood_by_strangers_is_not_kept_and_pushes_nothing_out() {
    let house = House::unhurried();
    let cookie = ended(&house, "typist").await;
    let key = kept(&house, &cookie).await;
    let (token, mark) = cookie.split_once('.').unwrap();
    let forged = [
        String::new(),
        "session=invented".to_owned(),
        token.to_owned(),
        format!("{token}."),
        format!("session=invented.{mark}"),
        format!("{token}.{}", mark.replace(|digit: char| digit.is_ascii_digit(), "a")),
    ];
    for nth in 0..1_100 {
        let answer = sent_late(&house, &forged[nth % forged.len()]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let asked = text(&answer);
        assert!(asked.contains("so this form was not taken") && !asked.contains("typed is kept"), "{asked}");
    }
    let same = session(&house, "typist").await;
    assert_eq!(resumed(&house, &same, &key).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_flood_by_one_account_pushes_out_its_own_forms_alone() {
    let house = House::unhurried();
    house.someone("first", Role::Practitioner, SCHOOL);
    let first = session(&house, "first").await;
    let flooder = ended(&house, "flooder").await;
    let key = kept(&house, &first).await;
    let mut own = Vec::new();
    for _ in 0..1_100 {
        own.push(kept(&house, &flooder).await);
    }
    let first_again = session(&house, "first").await;
    assert_eq!(resumed(&house, &first_again, &key).await.status, StatusCode::OK);
    let flooder_again = session(&house, "flooder").await;
    let mut left = 0;
    for sent in &own {
        left += usize::from(resumed(&house, &flooder_again, sent).await.status == StatusCode::OK);
    }
    assert_eq!(left, 3);
}

#[tokio::test]
async fn after_a_restart_it_is_still_known_whose_form_it_was() {
    let mut house = House::new();
    house.someone("typist", Role::Practitioner, SCHOOL);
    let cookie = session(&house, "typist").await;
    let door = Door::new(house.directory.clone(), Some(house.ledger.clone()), Settings::default());
    house.router = api::router::router(door);
    let key = kept(&house, &cookie).await;
    house.someone("other", Role::Practitioner, SCHOOL);
    let other = session(&house, "other").await;
    assert_eq!(resumed(&house, &other, &key).await.status, StatusCode::NOT_FOUND);
    let same = session(&house, "typist").await;
    assert_eq!(resumed(&house, &same, &key).await.status, StatusCode::OK);
}
