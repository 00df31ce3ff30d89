//! What clients prove themselves by, kept over HTTP by those who keep their organisation.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, get, post},
    signing::Pair,
};

const CLIENT: &str = "/api/v1/clients/client-urn-100000";

async fn did(house: &House, token: &str, path: &str, body: &Value) -> Value {
    let answer = house.answer(post(path, body).by(token)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn refused(house: &House, token: &str, path: &str, body: &Value) -> (u16, String) {
    let answer = house.answer(post(path, body).by(token)).await;
    (answer.status.as_u16(), answer.code())
}

fn body(pair: &Pair) -> Value {
    json!({"public_key": pair.pem(), "kid": pair.kid})
}

#[tokio::test]
async fn an_administrator_changes_a_clients_key_and_takes_its_first_secret_away() {
    let house = House::new();
    let token = house.signed_in(Role::Administrator, AUTHORITY).await;
    let (old, new) = (Pair::ed25519("2026-11"), Pair::p256("2026-12"));
    let keys = format!("{CLIENT}/keys");
    assert_eq!(did(&house, &token, &keys, &body(&old)).await["id"], "2026-11");
    assert_eq!(did(&house, &token, &keys, &body(&old)).await["changed"], false);
    did(&house, &token, &keys, &body(&new)).await;
    let later = json!({"retired_from": "2026-12-01T00:00:00Z"});
    assert_eq!(did(&house, &token, &format!("{keys}/2026-11/retirement"), &later).await["changed"], true);
    did(&house, &token, &format!("{CLIENT}/secrets/1/retirement"), &json!({})).await;
    let shown = house.answer(get(CLIENT).by(&token)).await.json();
    assert_eq!(shown["organisation"], SCHOOL);
    let states: Vec<(&str, &str)> = shown["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|held| (held["id"].as_str().unwrap(), held["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("1", "retired"), ("2026-11", "ending"), ("2026-12", "good")]);
    let put_off = json!({"retired_from": "2026-12-02T00:00:00Z"});
    assert_eq!(
        refused(&house, &token, &format!("{keys}/2026-11/retirement"), &put_off).await,
        (409, "credential_retired_sooner".to_owned())
    );
    let renamed = json!({"public_key": new.pem(), "kid": "2027-01"});
    assert_eq!(refused(&house, &token, &keys, &renamed).await, (409, "credential_used".to_owned()));
    assert_eq!(
        refused(&house, &token, &format!("{keys}/nobody/retirement"), &json!({})).await,
        (404, "credential_unknown".to_owned())
    );
}

#[tokio::test]
async fn a_second_secret_is_shown_once_and_a_third_is_too_many() {
    let house = House::new();
    let token = house.signed_in(Role::Administrator, AUTHORITY).await;
    let secrets = format!("{CLIENT}/secrets");
    let second = did(&house, &token, &secrets, &json!({})).await;
    assert_eq!(second["number"], 2);
    assert!(second["client_secret"].as_str().is_some_and(|secret| secret.len() >= 24));
    assert_eq!(refused(&house, &token, &secrets, &json!({})).await, (409, "credentials_too_many".to_owned()));
    let shown = house.answer(get(CLIENT).by(&token)).await;
    assert!(!String::from_utf8(shown.body).unwrap().contains(second["client_secret"].as_str().unwrap()));
}

#[tokio::test]
async fn what_is_no_key_or_certificate_is_told_apart() {
    let house = House::new();
    let token = house.signed_in(Role::Administrator, AUTHORITY).await;
    let unreadable = || (422, "credential_unreadable".to_owned());
    let keys = format!("{CLIENT}/keys");
    for key in ["nonsense", "-----BEGIN PRIVATE KEY-----", "{}"] {
        assert_eq!(refused(&house, &token, &keys, &json!({"public_key": key})).await, unreadable(), "{key}");
    }
    let certificates = format!("{CLIENT}/certificates");
    assert_eq!(
        refused(&house, &token, &certificates, &json!({"certificate": "nonsense"})).await,
        unreadable()
    );
    let wrong =
        refused(&house, &token, &format!("{keys}/k1/retirement"), &json!({"retired_from": "soon"})).await;
    assert_eq!(wrong, (422, "time_invalid".to_owned()));
    let nowhere = format!("{CLIENT}/certificates/not-a-thumbprint/retirement");
    assert_eq!(refused(&house, &token, &nowhere, &json!({})).await, (404, "not_found".to_owned()));
}

#[tokio::test]
async fn nobody_else_keeps_a_clients_credentials() {
    let house = House::new();
    let pair = Pair::ed25519("k1");
    let keys = format!("{CLIENT}/keys");
    for role in [Role::Practitioner, Role::Auditor, Role::Operator] {
        let token = house.signed_in(role, SCHOOL).await;
        let (status, code) = refused(&house, &token, &keys, &body(&pair)).await;
        assert_eq!(status, 403, "{role:?}: {code}");
    }
    // An employer's user manager ends what may be in wrong hands, and gives nothing.
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    assert_eq!(refused(&house, &manager, &keys, &body(&pair)).await.0, 403);
    did(&house, &manager, &format!("{CLIENT}/secrets/1/retirement"), &json!({})).await;
    let far = house.far();
    let elsewhere = house.signed_in(Role::Administrator, far).await;
    let (status, code) = refused(&house, &elsewhere, &keys, &body(&pair)).await;
    assert_eq!((status, code.as_str()), (403, "organisation_not_yours"));
    let client = house.client(HOSPITAL).await;
    assert_eq!(refused(&house, &client, &keys, &body(&pair)).await.0, 403);
    let own = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let unknown = refused(&house, &own, "/api/v1/clients/client-nobody/keys", &body(&pair)).await;
    assert_eq!(unknown, (404, "not_found".to_owned()));
}
