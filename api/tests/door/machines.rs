//! Machines: clients that sign, everything that can be wrong with what they sign, and how they change keys.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use directory::{ClientChange, read_public_key};
use events::organisation::ActingUser;
use serde_json::{Value, json};
use vocabulary::{ClientId, Role};

use crate::{
    house::{Answer, House, SCHOOL, ask, described, get},
    signing::{AUDIENCE, Pair, TOKEN_ENDPOINT, changed, hmac_by_public_key, unsigned},
};

const FORM: &str = "application/x-www-form-urlencoded";
const BEARER: &str = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

/// A client of the school that signs by this key alone.
fn signing(house: &House, pair: &Pair) -> ClientId {
    let key = pair.public();
    house.directory.add_signing_client(&SCHOOL.parse().unwrap(), key, ActingUser::SignedAssertion).unwrap()
}

fn add_key(house: &House, client: &ClientId, pair: &Pair) {
    assert!(house.directory.change_client(client, ClientChange::AddKey(pair.public())).unwrap());
}

fn retire_key(house: &House, client: &ClientId, pair: &Pair, in_minutes: Option<i64>) {
    let from = in_minutes.map(|minutes| house.now() + TimeDelta::minutes(minutes));
    let change = ClientChange::RetireKey { kid: pair.kid.parse().unwrap(), from };
    assert!(house.directory.change_client(client, change).unwrap());
}

fn header(pair: &Pair) -> Value {
    json!({"typ": "JWT", "kid": pair.kid})
}

fn claims(house: &House, client: &ClientId, jti: &str) -> Value {
    let now = house.now().timestamp();
    json!({
        "iss": client.0, "sub": client.0, "aud": TOKEN_ENDPOINT, "iat": now, "exp": now + 60, "jti": jti
    })
}

async fn posted(house: &House, body: String) -> Answer {
    house.answer(ask(Method::POST, "/oauth/token").sending(FORM, body)).await
}

async fn asserted(house: &House, assertion: &str) -> Answer {
    let body =
        format!("grant_type=client_credentials&client_assertion_type={BEARER}&client_assertion={assertion}");
    posted(house, body).await
}

async fn token_by(house: &House, client: &ClientId, pair: &Pair, jti: &str) -> String {
    let answer = asserted(house, &pair.signed(&header(pair), &claims(house, client, jti))).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!((&answer.json()["token_type"], &answer.json()["expires_in"]), (&json!("Bearer"), &json!(600)));
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn works(house: &House, token: &str) -> bool {
    let answer = house.answer(get("/api/v1/caseload").by(token)).await;
    if answer.status != StatusCode::OK {
        assert_eq!(answer.code(), "token_invalid");
    }
    answer.status == StatusCode::OK
}

#[tokio::test]
async fn a_client_gets_a_token_by_what_it_signed_with_each_kind_of_key() {
    let house = House::new();
    for pair in
        [Pair::ed25519("ed"), Pair::p256("ec"), Pair::rsa("rs256"), Pair::rsa("rs512"), Pair::rsa("ps256")]
    {
        let client = signing(&house, &pair);
        let token = token_by(&house, &client, &pair, "1").await;
        assert!(works(&house, &token).await, "{}", pair.kid);
        assert!(house.directory.revoke_client(&client).unwrap());
        assert!(!works(&house, &token).await, "{}", pair.kid);
        let again = asserted(&house, &pair.signed(&header(&pair), &claims(&house, &client, "2"))).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_an_assertion_the_answer_is_the_same() {
    let house = House::new();
    let (pair, stranger) = (Pair::p256("k1"), Pair::p256("k1"));
    let client = signing(&house, &pair);
    let others = Pair::p256("k2");
    let other = signing(&house, &others);
    let retired = Pair::p256("k3");
    add_key(&house, &client, &retired);
    retire_key(&house, &client, &retired, None);
    let right = claims(&house, &client, "right");
    let now = house.now().timestamp();
    let of = |changes: Value| pair.signed(&header(&pair), &changed(&right, &changes));
    let under = |changes: Value| pair.signed(&changed(&header(&pair), &changes), &right);
    let wrong = [
        ("expired", of(json!({"exp": now}))),
        ("too long", of(json!({"exp": now + 361, "iat": null}))),
        ("not yet", of(json!({"nbf": now + 61}))),
        ("of the future", of(json!({"iat": now + 61}))),
        ("another audience", of(json!({"aud": "https://other.example/oauth/token"}))),
        ("the other kind's audience", of(json!({"aud": AUDIENCE}))),
        ("two audiences", of(json!({"aud": [TOKEN_ENDPOINT, "https://other.example"]}))),
        ("another issuer", of(json!({"iss": other.0}))),
        ("another subject", of(json!({"sub": other.0}))),
        ("no id", of(json!({"jti": null}))),
        ("no end", of(json!({"exp": null}))),
        ("before the memory began", of(json!({"iat": now - 1}))),
        ("alg none", unsigned(&header(&pair), &right)),
        ("the public key as a secret", hmac_by_public_key(&pair, &right)),
        ("another's signature", stranger.signed(&header(&pair), &right)),
        ("unknown key", under(json!({"kid": "k9"}))),
        ("no key named", under(json!({"kid": null}))),
        ("another client's key", others.signed(&header(&others), &right)),
        ("retired key", retired.signed(&header(&retired), &right)),
        ("the other kind's type", under(json!({"typ": "acting-user+jwt"}))),
        ("critical extension", under(json!({"crit": ["exp"]}))),
        ("key in the header", under(json!({"kid": "k9", "jwk": pair.jwk()}))),
        (
            "nobody's",
            pair.signed(&header(&pair), &changed(&right, &json!({"iss": "client-0", "sub": "client-0"}))),
        ),
        ("cut short", of(json!({})).rsplit_once('.').unwrap().0.to_owned()),
        ("nonsense", "eyJ.eyJ.x".to_owned()),
        ("too large", "e".repeat(9_000)),
        ("nothing", String::new()),
    ];
    let mut first: Option<Answer> = None;
    for (name, assertion) in wrong {
        let answer = asserted(&house, &assertion).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {answer:?}");
        assert_eq!(answer.json()["error"], "invalid_client", "{name}");
        let first = first.get_or_insert_with(|| Answer { body: answer.body.clone(), ..answer_like(&answer) });
        assert_eq!(answer.body, first.body, "{name}");
    }
    let taken = of(json!({}));
    assert_eq!(asserted(&house, &taken).await.status, StatusCode::OK);
    let replayed = asserted(&house, &taken).await;
    assert_eq!((replayed.status, &replayed.body), (StatusCode::UNAUTHORIZED, &first.unwrap().body));
}

fn answer_like(answer: &Answer) -> Answer {
    Answer { status: answer.status, headers: answer.headers.clone(), body: Vec::new() }
}

#[tokio::test]
async fn a_client_proves_itself_in_one_way_and_names_only_itself() {
    let house = House::new();
    let pair = Pair::ed25519("k1");
    let client = signing(&house, &pair);
    let signed = |jti: &str| pair.signed(&header(&pair), &claims(&house, &client, jti));
    let body = |more: &str, assertion: &str| {
        format!("grant_type=client_credentials{more}&client_assertion={assertion}")
    };
    let kind = format!("&client_assertion_type={BEARER}");
    let both = ask(Method::POST, "/oauth/token")
        .with("authorization", &House::basic(&client, "a-secret"))
        .sending(FORM, body(&kind, &signed("1")));
    let both = house.answer(both).await;
    assert_eq!((both.status.as_u16(), &both.json()["error"]), (400, &json!("invalid_request")));
    let untyped = posted(&house, body("", &signed("2"))).await;
    assert_eq!((untyped.status.as_u16(), &untyped.json()["error"]), (401, &json!("invalid_client")));
    let itself = posted(&house, body(&format!("{kind}&client_id={client}"), &signed("3"))).await;
    assert_eq!(itself.status, StatusCode::OK);
    let another = posted(&house, body(&format!("{kind}&client_id=client-0"), &signed("4"))).await;
    assert_eq!(another.status, StatusCode::UNAUTHORIZED);
    // It has no secret, so that none is right, the empty one included.
    let basic = ask(Method::POST, "/oauth/token")
        .with("authorization", &House::basic(&client, ""))
        .sending(FORM, "grant_type=client_credentials");
    assert_eq!(house.answer(basic).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn keys_are_changed_one_for_another_without_a_gap() {
    let house = House::new();
    let (old, new) = (Pair::p256("old"), Pair::ed25519("new"));
    let client = signing(&house, &old);
    let by_old = token_by(&house, &client, &old, "1").await;
    add_key(&house, &client, &new);
    let by_new = token_by(&house, &client, &new, "2").await;
    retire_key(&house, &client, &old, Some(5));
    let by_both = [token_by(&house, &client, &old, "3").await, by_old];
    for token in &by_both {
        assert!(works(&house, token).await);
    }
    house.pass(TimeDelta::minutes(5));
    for token in &by_both {
        assert!(!works(&house, token).await, "a retired key takes its tokens with it");
    }
    assert!(works(&house, &by_new).await);
    let late = asserted(&house, &old.signed(&header(&old), &claims(&house, &client, "4"))).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    let again = house.directory.change_client(&client, ClientChange::AddKey(old.public()));
    assert!(again.is_err(), "a retired key never returns");
}

#[tokio::test]
async fn secrets_are_changed_one_for_another_without_a_gap() {
    let house = House::new();
    let client = house.client_of(SCHOOL, ActingUser::SignedAssertion);
    let by_first = house.token(&client).await;
    let (number, secret) = house.directory.add_client_secret(&client).unwrap();
    assert_eq!(number, 2);
    let by = |known: &str| {
        ask(Method::POST, "/oauth/token")
            .with("authorization", &House::basic(&client, known))
            .sending(FORM, "grant_type=client_credentials")
    };
    let by_second = house.answer(by(&secret)).await.json()["access_token"].as_str().unwrap().to_owned();
    assert!(works(&house, &by_first).await && works(&house, &by_second).await);
    let retire = ClientChange::RetireSecret { number: 1, from: None };
    assert!(house.directory.change_client(&client, retire).unwrap());
    assert!(!works(&house, &by_first).await && works(&house, &by_second).await);
    assert_eq!(house.answer(by(&secret)).await.status, StatusCode::OK);
    assert_eq!(house.answer(by("an-invented-secret")).await.status, StatusCode::UNAUTHORIZED);
}

/// What a client of the school signs about its practitioner.
fn acting(house: &House, client: &ClientId) -> Value {
    let now = house.now().timestamp();
    json!({
        "iss": client.0, "sub": "practitioner", "aud": AUDIENCE, "iat": now, "exp": now + 300,
        "auth_time": now - 3_600, "amr": ["pwd", "otp"]
    })
}

#[tokio::test]
async fn a_person_acts_by_what_their_system_signed_and_the_look_tells_how_they_signed_in_there() {
    let house = House::new();
    house.person(Role::Practitioner, SCHOOL);
    let number = house.ava().await;
    let pair = Pair::p256("k1");
    let client = signing(&house, &pair);
    let token = token_by(&house, &client, &pair, "1").await;
    let vouched = pair.signed(&json!({"typ": "acting-user+jwt", "kid": "k1"}), &acting(&house, &client));
    let opened = crate::house::post(
        &format!("/api/v1/children/{number}/accesses"),
        &json!({"reason": "continuing_support"}),
    );
    let opened = house.answer(opened.by(&token).with("acting-user", &vouched)).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
    house.settle();
    let mine = house.answer(get("/api/v1/accesses").by(&token).with("acting-user", &vouched)).await.json();
    let look = &mine["accesses"][0];
    assert_eq!((&look["channel"], &look["assurance"]), (&json!("cms"), &json!("asserted_by_cms")));
    let told = json!({"signed_in_at": "2026-11-21T11:00:00Z", "methods": ["pwd", "otp"], "kid": "k1"});
    assert_eq!(look["asserted"], told);
    // Good for a few requests in a row, and no longer.
    house.pass(TimeDelta::seconds(300));
    let late = house.answer(get("/api/v1/accesses").by(&token).with("acting-user", &vouched)).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (403, "acting_user_not_accepted"));
}

#[tokio::test]
async fn whatever_is_wrong_with_an_acting_user_they_do_not_act() {
    let house = House::new();
    house.person(Role::Practitioner, SCHOOL);
    house.person(Role::Auditor, crate::house::HOSPITAL);
    let (pair, retired, others) = (Pair::p256("k1"), Pair::p256("k2"), Pair::p256("k3"));
    let client = signing(&house, &pair);
    let other = signing(&house, &others);
    let token = token_by(&house, &client, &pair, "1").await;
    add_key(&house, &client, &retired);
    retire_key(&house, &client, &retired, None);
    let typed = |kid: &str| json!({"typ": "acting-user+jwt", "kid": kid});
    let right = acting(&house, &client);
    let now = house.now().timestamp();
    let of = |changes: Value| pair.signed(&typed("k1"), &changed(&right, &changes));
    let under = |changes: Value| pair.signed(&changed(&typed("k1"), &changes), &right);
    let no = "acting_user_not_accepted";
    let wrong = [
        (no, "expired", of(json!({"exp": now}))),
        (no, "too long", of(json!({"exp": now + 301}))),
        (no, "signed in long ago", of(json!({"auth_time": now - 12 * 3_600 - 1}))),
        (no, "signs in tomorrow", of(json!({"auth_time": now + 86_400}))),
        (no, "no sign-in", of(json!({"auth_time": null}))),
        (no, "signed in by nothing", of(json!({"amr": []}))),
        (no, "signed in by what nobody knows", of(json!({"amr": ["telepathy"]}))),
        (no, "another audience", of(json!({"aud": "https://other.example/api/v1"}))),
        (no, "the other kind's audience", of(json!({"aud": TOKEN_ENDPOINT}))),
        (no, "another issuer", of(json!({"iss": other.0}))),
        (no, "not issued", of(json!({"iat": null}))),
        (no, "no type", under(json!({"typ": null}))),
        (no, "the other kind's type", under(json!({"typ": "JWT"}))),
        (no, "alg none", unsigned(&typed("k1"), &right)),
        (no, "the public key as a secret", hmac_by_public_key(&pair, &right)),
        (no, "unknown key", under(json!({"kid": "k9"}))),
        (no, "retired key", retired.signed(&typed("k2"), &right)),
        (no, "another client's key", others.signed(&typed("k3"), &right)),
        (no, "another client's assertion", others.signed(&typed("k3"), &acting(&house, &other))),
        (no, "a bare name", "practitioner".to_owned()),
        (no, "an assertion for a token", pair.signed(&header(&pair), &claims(&house, &client, "9"))),
        ("acting_user_unknown", "nobody", of(json!({"sub": "nobody"}))),
        ("acting_user_unknown", "another organisation's", of(json!({"sub": "auditor"}))),
    ];
    for (code, name, assertion) in wrong {
        let asked = get("/api/v1/accesses").by(&token).with("acting-user", &assertion);
        let answer = house.answer(asked).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, code), "{name}");
    }
    let asked = get("/api/v1/accesses").by(&token).with("acting-user", &of(json!({})));
    assert_eq!(house.answer(asked).await.status, StatusCode::OK);
    // What signs for a person gets no token: neither kind stands for the other.
    let as_token = asserted(&house, &of(json!({"jti": "10", "sub": client.0}))).await;
    assert_eq!(as_token.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_client_that_signs_supplies_as_any_other() {
    let house = House::new();
    let pair = Pair::rsa("rs512");
    let client = signing(&house, &pair);
    let token = token_by(&house, &client, &pair, "1").await;
    let event = described("e1", "r1").to_string();
    let asked = ask(Method::POST, "/api/v1/events").by(&token).sending("application/cloudevents+json", event);
    assert_eq!(house.answer(asked).await.json()["outcome"], "recorded");
}

#[tokio::test]
async fn a_key_is_taken_from_a_vendor_as_jwk_or_as_pem() {
    let pair = Pair::p256("k1");
    let of_jwk = read_public_key(&pair.jwk().to_string(), Some("k1".parse().unwrap()), None).unwrap();
    assert_eq!(of_jwk, pair.public());
}
