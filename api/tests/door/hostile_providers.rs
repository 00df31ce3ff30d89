//! Providers that lie, forge, break off or never answer: each a clear refusal within its time, and nobody else's
//! trouble.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use api::{ClientCredential, Provider, ProviderSettings};
use aws_lc_rs::{
    encoding::AsDer,
    signature::{Ed25519KeyPair, KeyPair},
};
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;
use vocabulary::Role;

use crate::{
    house::{House, SCHOOL, post},
    invented_provider::{Instead, InventedProvider, Lies, ProviderKey, SECRET},
    providers::{
        ASK, CALLBACK, house_of, house_with, is, linked, said, set_up, signing_in, signing_in_by, way_in,
    },
};

/// How a provider lies.
type Told = Box<dyn FnOnce(&mut Lies)>;

const METADATA: &str = "/.well-known/openid-configuration";

/// A house, its provider, and somebody who is linked as `staff-7`.
async fn somebody() -> (InventedProvider, House) {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    (provider, house)
}

#[tokio::test]
async fn four_algorithms_are_taken_by_keys_of_their_kind() {
    let (provider, house) = somebody().await;
    for signs in [(0, "EdDSA"), (1, "ES256"), (2, "RS256"), (2, "PS256")] {
        provider.lies(|lies| lies.signs = signs);
        let answer = signing_in(&house, &provider, "staff-7").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{signs:?} {answer:?}");
    }
    // The only key of its kind needs no name.
    provider.lies(|lies| lies.header = json!({"kid": null}));
    assert_eq!(signing_in(&house, &provider, "staff-7").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_id_token_that_is_forged_or_meant_for_another_signs_nobody_in() {
    let (provider, house) = somebody().await;
    let now = house.now().timestamp();
    let claims = [
        json!({"iss": "https://login.camden.example"}),
        json!({"iss": format!("{}/", provider.issuer)}),
        json!({"aud": "another"}),
        json!({"aud": ["contactpoint", "another"]}),
        json!({"azp": "another"}),
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"exp": now - 120}),
        json!({"iat": now - 3_600}),
        json!({"iat": now + 3_600}),
        json!({"auth_time": now - 13 * 3_600}),
        json!({"sub": null}),
        json!({"sub": ""}),
    ];
    let headers = [
        json!({"alg": "none"}),
        json!({"alg": "RS256"}),
        json!({"kid": "k1"}),
        json!({"kid": "k99"}),
        json!({"typ": "at+jwt"}),
        json!({"typ": "logout+jwt"}),
        json!({"crit": ["invented"], "invented": true}),
    ];
    let mut all: Vec<Told> = Vec::new();
    all.extend(claims.into_iter().map(|lie| Box::new(|lies: &mut Lies| lies.claims = lie) as Told));
    all.extend(headers.into_iter().map(|lie| Box::new(|lies: &mut Lies| lies.header = lie) as Told));
    for signs in [(0, "none"), (0, "HS256"), (2, "HS256"), (2, "RS512")] {
        all.push(Box::new(move |lies| lies.signs = signs));
    }
    for signs in [(0, "EdDSA"), (1, "ES256"), (2, "RS256"), (2, "PS256")] {
        all.push(Box::new(move |lies| (lies.signs, lies.forges) = (signs, true)));
    }
    let before = house.directory.head().unwrap().0;
    for (number, lie) in (0..).zip(all) {
        provider.lies(lie);
        let answer = signing_in(&house, &provider, "staff-7").await;
        assert_eq!(said(&answer), is(422, "identity_not_accepted"), "lie {number}");
    }
    provider.lies(|_| ());
    assert_eq!(signing_in(&house, &provider, "staff-7").await.status, StatusCode::CREATED);
    // Nothing that was not believed was told of anybody.
    assert_eq!(house.directory.head().unwrap().0, before + 1);
}

#[tokio::test]
async fn a_browser_from_another_issuer_is_turned_away() {
    let (provider, house) = somebody().await;
    for (issuer, status) in [("https://login.camden.example", 422), (provider.issuer.as_str(), 201)] {
        let way = way_in(&house, "haringey").await;
        let back = provider.signs_in(&way.url, "staff-7", house.now());
        let mut brought = way.back(&back);
        brought["iss"] = json!(issuer);
        let answer = house.answer(post(CALLBACK, &brought)).await;
        assert_eq!(answer.status.as_u16(), status, "{issuer}");
    }
    // A provider that says that it tells its name, and a browser that brings none.
    let telling = InventedProvider::start().await;
    telling.lies(|lies| lies.metadata = json!({"authorization_response_iss_parameter_supported": true}));
    let other = house_of(&telling);
    assert_eq!(said(&signing_in(&other, &telling, "staff-7").await), is(422, "identity_not_accepted"));
}

#[tokio::test]
async fn new_keys_are_looked_for_once_a_minute_at_most_and_old_ones_end_within_the_hour() {
    let (provider, house) = somebody().await;
    let new = provider.draws(ProviderKey::ed25519());
    let rotated = |lies: &mut Lies| (lies.signs, lies.published) = ((new, "EdDSA"), vec![new]);
    let asked = provider.asked("/keys");
    provider.lies(rotated);
    assert_eq!(signing_in(&house, &provider, "staff-7").await.status, StatusCode::CREATED);
    assert_eq!(provider.asked("/keys"), asked + 1);
    // Names that nobody knows make no more calls.
    provider.lies(|lies| (lies.header, lies.published) = (json!({"kid": "k99"}), vec![new]));
    for _ in 0..3 {
        assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(422, "identity_not_accepted"));
    }
    assert_eq!(provider.asked("/keys"), asked + 1);
    house.pass(TimeDelta::seconds(60));
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(422, "identity_not_accepted"));
    assert_eq!(provider.asked("/keys"), asked + 2);
    // What is withdrawn and still used is good until the next look.
    provider.lies(|lies| (lies.signs, lies.published) = ((new, "EdDSA"), vec![0]));
    assert_eq!(signing_in(&house, &provider, "staff-7").await.status, StatusCode::CREATED);
    house.pass(TimeDelta::minutes(60));
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(422, "identity_not_accepted"));
}

#[tokio::test]
async fn a_provider_that_is_not_what_it_should_be_is_not_used() {
    let elsewhere = InventedProvider::start().await;
    let away = |path: &str| Instead::Elsewhere(format!("{}{path}", elsewhere.issuer));
    let html = || Instead::Says(200, "<html>".to_owned());
    let table: Vec<(&'static str, Instead)> = vec![
        (METADATA, Instead::Endless),
        (METADATA, Instead::End),
        (METADATA, Instead::Says(500, String::new())),
        (METADATA, html()),
        (METADATA, away(METADATA)),
        ("/token", Instead::Endless),
        ("/token", Instead::End),
        ("/token", Instead::Says(503, "{}".to_owned())),
        ("/token", Instead::Says(401, r#"{"error":"invalid_client"}"#.to_owned())),
        ("/token", Instead::Says(200, r#"{"access_token":"alone"}"#.to_owned())),
        ("/token", html()),
        ("/token", away("/token")),
        ("/keys", Instead::Endless),
        ("/keys", Instead::Says(200, r#"{"keys":[]}"#.to_owned())),
        ("/keys", Instead::Says(200, r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#.to_owned())),
        ("/keys", html()),
        ("/keys", away("/keys")),
    ];
    let metadata = [
        json!({"issuer": elsewhere.issuer}),
        json!({"token_endpoint": "http://login.example/token"}),
        json!({"jwks_uri": "https://login.example/keys"}),
        json!({"code_challenge_methods_supported": ["plain"]}),
    ];
    let mut all: Vec<(&'static str, Told)> = Vec::new();
    for (path, instead) in table {
        all.push((path, Box::new(move |lies| lies.instead = [(path, instead)].into())));
    }
    all.extend(metadata.map(|lie| (METADATA, Box::new(|lies: &mut Lies| lies.metadata = lie) as Told)));
    let mut providers = Vec::new();
    for (path, lie) in all {
        let provider = InventedProvider::start().await;
        provider.lies(lie);
        providers.push((format!("p{}", providers.len()), path, provider));
    }
    let set_up = providers.iter().map(|(name, _, provider)| set_up(name, &provider.issuer, SCHOOL));
    let house = house_with(set_up.collect());
    for (name, path, provider) in &providers {
        let begun = Instant::now();
        let answer = if *path == METADATA {
            house.answer(post(ASK, &json!({"provider": name}))).await
        } else {
            signing_in_by(&house, provider, name, "staff-7").await
        };
        assert_eq!(said(&answer), is(503, "provider_unavailable"), "{name} {path}");
        assert!(!answer.header("retry-after").is_empty());
        // What is endless ended by its size, and not by the twenty seconds that these calls may take.
        assert!(begun.elapsed() < Duration::from_secs(10), "{name} {path}");
    }
    house.signed_in(Role::Practitioner, SCHOOL).await;
    assert_eq!(elsewhere.asked(METADATA) + elsewhere.asked("/token") + elsewhere.asked("/keys"), 0);
}

#[tokio::test]
async fn a_provider_that_never_answers_keeps_nobody_but_its_own_people_waiting() {
    let provider = InventedProvider::start().await;
    let hasty = |issuer: &str| ProviderSettings {
        patience: Duration::from_millis(700),
        ..set_up("haringey", issuer, SCHOOL)
    };
    let house = house_with(vec![hasty(&provider.issuer)]);
    house.person(Role::Practitioner, SCHOOL);
    provider.lies(|lies| lies.instead = [(METADATA, Instead::Nothing)].into());
    let begun = Instant::now();
    let ask = || house.answer(post(ASK, &json!({"provider": "haringey"})));
    let waiting = futures_util::future::join_all((0..32).map(|_| ask()));
    let by_password = async {
        house.sign_in("practitioner").await;
        begun.elapsed()
    };
    let (answers, signed_in_after) = tokio::join!(waiting, by_password);
    let all_after = begun.elapsed();
    for answer in &answers {
        assert_eq!(said(answer), is(503, "provider_unavailable"));
    }
    // Eight are called at once; whoever waits for a place in line waits within the same time as they.
    assert!(all_after < Duration::from_secs(10), "{all_after:?}");
    assert!(signed_in_after <= all_after, "{signed_in_after:?} {all_after:?}");
    assert!(provider.asked(METADATA) <= 16, "{}", provider.asked(METADATA));
    // Where nobody listens.
    let nobody = house_with(vec![hasty("http://127.0.0.1:1")]);
    let answer = nobody.answer(post(ASK, &json!({"provider": "haringey"}))).await;
    assert_eq!(said(&answer), is(503, "provider_unavailable"));
}

#[tokio::test]
async fn the_directory_proves_itself_by_a_key_of_its_own() {
    let provider = InventedProvider::start().await;
    let pair = Ed25519KeyPair::generate().unwrap();
    let private = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(private.as_ref())
    );
    provider.knows_client_by(pair.public_key().as_ref());
    let by = |credential| ProviderSettings { credential, ..set_up("haringey", &provider.issuer, SCHOOL) };
    let own = ClientCredential::key(&pem, Some("2026-11".parse().unwrap()), None).unwrap();
    let house = house_with(vec![by(own)]);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    let other = house_with(vec![by(ClientCredential::secret(SECRET).unwrap())]);
    assert_eq!(said(&signing_in(&other, &provider, "staff-7").await), is(503, "provider_unavailable"));
    assert!(ClientCredential::key(&pem, None, Some(vocabulary::SignatureAlgorithm::Es256)).is_err());
}

#[tokio::test]
async fn a_provider_over_tls_is_believed_by_its_roots_and_by_no_others() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let provider = InventedProvider::start_over(Some(TlsAcceptor::from(Arc::new(config)))).await;
    let folder = tempfile::tempdir().unwrap();
    let (own, others) = (folder.path().join("own.pem"), folder.path().join("others.pem"));
    std::fs::write(&own, cert.pem()).unwrap();
    std::fs::write(&others, generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem())
        .unwrap();
    let by = |roots| ProviderSettings { roots: Some(roots), ..set_up("haringey", &provider.issuer, SCHOOL) };
    let house = house_with(vec![by(own)]);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    let doubting = house_with(vec![by(others)]);
    let answer = doubting.answer(post(ASK, &json!({"provider": "haringey"}))).await;
    assert_eq!(said(&answer), is(503, "provider_unavailable"));
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_state_code_or_subject_stands_in_a_log() {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    // For the whole process: what other tests log meanwhile holds none of it either.
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let (provider, house) = somebody().await;
    let mut secrets = vec![SECRET.to_owned(), "staff-7".to_owned(), "not-wanted".to_owned()];
    for lie in [json!({}), json!({"nonce": "another"}), json!({"acr": "aal1"})] {
        provider.lies(|lies| lies.claims = lie);
        let way = way_in(&house, "haringey").await;
        let back = provider.signs_in(&way.url, "staff-7", house.now());
        let answer = house.answer(post(CALLBACK, &way.back(&back))).await;
        secrets.extend([way.binding, back.state, back.code]);
        secrets.extend(answer.json().get("token").and_then(Value::as_str).map(str::to_owned));
    }
    provider
        .lies(|lies| lies.instead = [("/token", Instead::Says(500, "staff-7 not-wanted".to_owned()))].into());
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(503, "provider_unavailable"));
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a sign-in at an identity provider was refused"), "{log}");
    assert!(log.contains("an identity provider could not be used"), "{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} stands in: {log}");
    }
    let set_up = set_up("haringey", &provider.issuer, SCHOOL);
    let printed = format!("{set_up:?} {:?}", Provider::load(set_up.clone()).unwrap());
    assert!(!printed.contains(SECRET), "{printed}");
    // Nothing here waits for ever.
    assert!(timeout(Duration::from_secs(20), signing_in(&house, &provider, "staff-7")).await.is_ok());
}
