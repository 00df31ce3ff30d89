//! Sign-in at an identity provider: linked after the PIN, found by issuer and subject, and by every rule that holds
//! for a password.

use std::{sync::Arc, time::Duration};

use api::{ClientCredential, Provider, ProviderSettings, Settings};
use axum::http::StatusCode;
use chrono::TimeDelta;
use events::id_token::Strong;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    house::{AUTHORITY, Answer, HOSPITAL, House, SCHOOL, get, post},
    invented_provider::{Back, CLIENT, InventedProvider, SECRET, parameters},
};

pub(crate) const ASK: &str = "/api/v1/sessions/oidc";
pub(crate) const CALLBACK: &str = "/api/v1/sessions/oidc/callback";

/// What a provider of this name is set up with, for the people of one organisation.
pub(crate) fn set_up(name: &str, issuer: &str, organisation: &str) -> ProviderSettings {
    ProviderSettings {
        provider: directory::Provider {
            name: name.parse().unwrap(),
            issuer: issuer.to_owned(),
            client_id: CLIENT.to_owned(),
            strong: Strong { acr: ["aal2".to_owned()].into(), amr: ["mfa".to_owned()].into() },
            organisations: [organisation.parse().unwrap()].into(),
            authorities: [].into(),
        },
        credential: ClientCredential::secret(SECRET).unwrap(),
        redirect_uri: None,
        claims: None,
        roots: None,
        // Many tests at once on two cores: only those about time are in a hurry.
        patience: Duration::from_secs(20),
    }
}

pub(crate) fn settings_with(providers: Vec<ProviderSettings>) -> Settings {
    let providers = providers.into_iter().map(|settings| Arc::new(Provider::load(settings).unwrap()));
    Settings { providers: providers.collect(), ..Settings::default() }
}

pub(crate) fn house_with(providers: Vec<ProviderSettings>) -> House {
    House::with(settings_with(providers))
}

/// A house whose school has this provider.
pub(crate) fn house_of(provider: &InventedProvider) -> House {
    house_with(vec![set_up("haringey", &provider.issuer, SCHOOL)])
}

/// Where a browser is sent, and what is kept for it.
pub(crate) struct Way {
    pub(crate) url: String,
    pub(crate) binding: String,
}

impl Way {
    pub(crate) fn of(answer: &Answer) -> Way {
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Way { url: text("authorization_url"), binding: text("binding") }
    }

    pub(crate) fn back(&self, back: &Back) -> Value {
        json!({"state": back.state, "code": back.code, "binding": self.binding})
    }
}

pub(crate) async fn way_in(house: &House, provider: &str) -> Way {
    Way::of(&house.answer(post(ASK, &json!({"provider": provider}))).await)
}

async fn way_to_link(house: &House, session: &str, provider: &str) -> Way {
    let asked = post("/api/v1/identities/registration", &json!({"provider": provider})).by(session);
    Way::of(&house.answer(asked).await)
}

/// What comes of linking whoever signs in there as `subject` to the account of a session.
async fn linking(house: &House, provider: &InventedProvider, session: &str, subject: &str) -> Answer {
    house.step_up(session).await;
    let way = way_to_link(house, session, "haringey").await;
    let back = provider.signs_in(&way.url, subject, house.now());
    house.answer(post("/api/v1/identities", &way.back(&back)).by(session)).await
}

pub(crate) async fn linked(
    house: &House,
    provider: &InventedProvider,
    session: &str,
    subject: &str,
) -> String {
    let answer = linking(house, provider, session, subject).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let listed = house.answer(get("/api/v1/identities").by(session)).await.json();
    listed["identities"][0]["id"].as_str().unwrap().to_owned()
}

/// What comes of signing in as `subject`.
pub(crate) async fn signing_in(house: &House, provider: &InventedProvider, subject: &str) -> Answer {
    signing_in_by(house, provider, "haringey", subject).await
}

/// What comes of signing in as `subject` by the provider of that name.
pub(crate) async fn signing_in_by(
    house: &House,
    provider: &InventedProvider,
    name: &str,
    subject: &str,
) -> Answer {
    let way = way_in(house, name).await;
    let back = provider.signs_in(&way.url, subject, house.now());
    house.answer(post(CALLBACK, &way.back(&back))).await
}

pub(crate) fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

pub(crate) fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn an_identity_is_linked_after_the_pin_and_signs_its_person_in_without_it() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let asked = || post("/api/v1/identities/registration", &json!({"provider": "haringey"})).by(&session);
    assert_eq!(said(&house.answer(asked()).await), is(403, "step_up_missing"));
    let id = linked(&house, &provider, &session, "staff-7").await;
    let listed = house.answer(get("/api/v1/identities").by(&session)).await.json();
    assert_eq!(listed["identities"][0]["provider"], "haringey");
    let answer = signing_in(&house, &provider, "staff-7").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    assert_eq!(answer.json()["role"], "practitioner");
    assert_eq!(answer.json()["stepped_up_until"], Value::Null);
    let own = answer.json()["token"].as_str().unwrap().to_owned();
    // A session like any other, and the PIN is asked for here.
    assert_eq!(house.answer(get("/api/v1/caseload").by(&own)).await.status, StatusCode::OK);
    let anew = post("/api/v1/passkeys/registration", &json!({})).by(&own);
    assert_eq!(house.answer(anew).await.code(), "step_up_missing");
    house.step_up(&own).await;
    // As whom is nowhere to be read.
    assert!(!id.contains("staff-7"));
    assert!(!format!("{listed}").contains("staff-7"));
}

/// A session that began at the provider.
async fn session_by(house: &House, provider: &InventedProvider, subject: &str) -> String {
    let answer = signing_in(house, provider, subject).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn stands(house: &House, token: &str) -> bool {
    house.answer(get("/api/v1/caseload").by(token)).await.status == StatusCode::OK
}

#[tokio::test]
async fn nobody_is_found_by_name_or_address_and_a_weak_sign_in_there_is_none_here() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    // The user name of an account, as a subject and as every claim that looks like one.
    provider
        .lies(|lies| lies.claims = json!({"preferred_username": "practitioner", "email": "practitioner"}));
    for stranger in ["practitioner", "staff-8", "STAFF-7", "staff-7 "] {
        assert_eq!(
            said(&signing_in(&house, &provider, stranger).await),
            is(401, "sign_in_refused"),
            "{stranger}"
        );
    }
    let before = house.directory.head().unwrap().0;
    for weak in [json!({"acr": "aal1"}), json!({"acr": null}), json!({"acr": null, "amr": ["pwd"]})] {
        provider.lies(|lies| lies.claims = weak);
        // Alike for whoever is linked and whoever is not; recorded where somebody is, and not without end.
        assert_eq!(said(&signing_in(&house, &provider, "staff-8").await), is(403, "identity_weak"));
        assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(403, "identity_weak"));
        assert_eq!(said(&linking(&house, &provider, &session, "staff-9").await), is(403, "identity_weak"));
    }
    for _ in 0..9 {
        assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(403, "identity_weak"));
    }
    // A method that is named is as good as a class, and wrong tries keep nobody out.
    provider.lies(|lies| lies.claims = json!({"acr": null, "amr": ["pwd", "mfa"]}));
    session_by(&house, &provider, "staff-7").await;
    // Of twelve weak ones five were recorded, then the step-ups for linking and the sign-in.
    assert_eq!(house.directory.head().unwrap().0, before + 5 + 3 + 1);
}

#[tokio::test]
async fn a_state_is_good_once_for_ten_minutes_for_its_browser_its_person_and_its_purpose() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let colleague = house.signed_in(Role::Mediator, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    let refused = is(422, "identity_not_accepted");
    let other = way_in(&house, "haringey").await;

    // Another browser's binding: whoever was lured into another's sign-in is not signed in as them.
    let way = way_in(&house, "haringey").await;
    let back = provider.signs_in(&way.url, "staff-7", house.now());
    for binding in [other.binding.as_str(), "", "not-base64url!", &way.binding] {
        let brought = json!({"state": back.state, "code": back.code, "binding": binding});
        // The last is right, and too late: the state was taken by the first.
        assert_eq!(said(&house.answer(post(CALLBACK, &brought)).await), refused, "{binding}");
    }
    // Too late.
    let late = way_in(&house, "haringey").await;
    let too_late = late.back(&provider.signs_in(&late.url, "staff-7", house.now()));
    house.pass(TimeDelta::minutes(10));
    assert_eq!(said(&house.answer(post(CALLBACK, &too_late)).await), refused);

    // For linking, by the one who began.
    house.step_up(&session).await;
    let [to_link, to_link_again] =
        [way_to_link(&house, &session, "haringey").await, way_to_link(&house, &session, "haringey").await];
    let linking = to_link.back(&provider.signs_in(&to_link.url, "staff-7", house.now()));
    assert_eq!(said(&house.answer(post(CALLBACK, &linking)).await), refused);
    let linking_again = to_link_again.back(&provider.signs_in(&to_link_again.url, "staff-8", house.now()));
    let by_another = post("/api/v1/identities", &linking_again).by(&colleague);
    assert_eq!(said(&house.answer(by_another).await), refused);
    let to_sign_in = way_in(&house, "haringey").await;
    let signing = to_sign_in.back(&provider.signs_in(&to_sign_in.url, "staff-8", house.now()));
    let to_be_linked = post("/api/v1/identities", &signing).by(&session);
    assert_eq!(said(&house.answer(to_be_linked).await), refused);
    assert_eq!(said(&signing_in(&house, &provider, "staff-8").await), is(401, "sign_in_refused"));
}

#[tokio::test]
async fn a_provider_vouches_only_for_organisations_that_it_is_named_for() {
    let provider = InventedProvider::start().await;
    let mut of_authority = set_up("authority", &provider.issuer, SCHOOL);
    of_authority.provider.organisations.clear();
    of_authority.provider.authorities = [AUTHORITY.parse().unwrap()].into();
    let house = house_with(vec![
        set_up("haringey", &provider.issuer, SCHOOL),
        set_up("hospital", &provider.issuer, HOSPITAL),
        of_authority,
    ]);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.step_up(&session).await;
    let elsewhere = post("/api/v1/identities/registration", &json!({"provider": "hospital"})).by(&session);
    assert_eq!(said(&house.answer(elsewhere).await), is(403, "provider_not_for_organisation"));
    let nowhere = post("/api/v1/identities/registration", &json!({"provider": "camden"})).by(&session);
    assert_eq!(said(&house.answer(nowhere).await), is(404, "provider_unknown"));
    assert_eq!(
        said(&house.answer(post(ASK, &json!({"provider": "camden"}))).await),
        is(404, "provider_unknown")
    );
    linked(&house, &provider, &session, "staff-7").await;
    // The same person by the same issuer, let in by a provider that is not named for their school.
    let by_hospital = signing_in_by(&house, &provider, "hospital", "staff-7").await;
    assert_eq!(said(&by_hospital), is(401, "sign_in_refused"));
    for named in ["haringey", "authority"] {
        let answer = signing_in_by(&house, &provider, named, "staff-7").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{named}");
    }
    // An authority's provider vouches for nobody of another authority.
    let far = house.far();
    house.someone("far.away", Role::Practitioner, far);
    let away = house.sign_in("far.away").await;
    house.step_up(&away).await;
    let asked = post("/api/v1/identities/registration", &json!({"provider": "authority"})).by(&away);
    assert_eq!(said(&house.answer(asked).await), is(403, "provider_not_for_organisation"));
}

#[tokio::test]
async fn a_suspended_closed_or_lapsed_account_is_not_signed_in_by_its_provider_either() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let account = house.person(Role::Practitioner, SCHOOL);
    let session = house.sign_in("practitioner").await;
    linked(&house, &provider, &session, "staff-7").await;
    let own = session_by(&house, &provider, "staff-7").await;
    house.directory.suspend_user(account).unwrap();
    assert!(!stands(&house, &own).await);
    let refused = is(401, "sign_in_refused");
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), refused);
    house.directory.reinstate_user(account).unwrap();
    session_by(&house, &provider, "staff-7").await;
    // The gates of the house run out after a year, whichever way one signs in.
    house.pass(TimeDelta::days(380));
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), refused);
}

#[tokio::test]
async fn an_identity_is_one_accounts_and_its_removal_ends_the_sessions_that_it_began() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let account = house.person(Role::Practitioner, SCHOOL);
    let session = house.sign_in("practitioner").await;
    let colleague = house.signed_in(Role::Mediator, SCHOOL).await;
    let id = linked(&house, &provider, &session, "staff-7").await;
    for taken in [&session, &colleague] {
        let answer = linking(&house, &provider, taken, "staff-7").await;
        assert_eq!(said(&answer), is(409, "identity_known"));
    }
    let own = session_by(&house, &provider, "staff-7").await;
    let removal = format!("/api/v1/identities/{id}/removal");
    let by_another = house.answer(post(&removal, &json!({})).by(&colleague)).await;
    assert_eq!(by_another.status, StatusCode::NOT_FOUND);
    assert_eq!(house.answer(post(&removal, &json!({})).by(&own)).await.status, StatusCode::CREATED);
    assert!(!stands(&house, &own).await && stands(&house, &session).await);
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(401, "sign_in_refused"));

    // Free for a colleague now; and whoever keeps the account ends it as well.
    linked(&house, &provider, &colleague, "staff-7").await;
    let second = linked(&house, &provider, &session, "staff-8").await;
    let again = session_by(&house, &provider, "staff-8").await;
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let shown = house.answer(get(&format!("/api/v1/users/{account}")).by(&manager)).await.json();
    assert_eq!(shown["identities"][0]["id"], second.as_str());
    let ending = format!("/api/v1/users/{account}/identities/{second}/removal");
    assert_eq!(house.answer(post(&ending, &json!({})).by(&manager)).await.status, StatusCode::CREATED);
    assert_eq!(
        said(&house.answer(post(&ending, &json!({})).by(&manager)).await),
        is(404, "identity_unknown")
    );
    assert!(!stands(&house, &again).await && stands(&house, &session).await);
}

#[tokio::test]
async fn what_a_closed_account_had_linked_goes_over_to_the_account_of_whoever_came_back() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let account = house.person(Role::Practitioner, SCHOOL);
    let session = house.sign_in("practitioner").await;
    linked(&house, &provider, &session, "staff-7").await;
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let closure = post(&format!("/api/v1/users/{account}/closure"), &json!({})).by(&manager);
    assert_eq!(house.answer(closure).await.status, StatusCode::CREATED);
    assert_eq!(said(&signing_in(&house, &provider, "staff-7").await), is(401, "sign_in_refused"));
    house.someone("came.back", Role::Practitioner, SCHOOL);
    let back = house.sign_in("came.back").await;
    linked(&house, &provider, &back, "staff-7").await;
    session_by(&house, &provider, "staff-7").await;
}

#[tokio::test]
async fn a_provider_is_asked_for_what_counts_and_may_state_several_classes() {
    let provider = InventedProvider::start().await;
    let claims = r#"{"id_token":{"acrs":{"essential":true,"value":"aal2"}}}"#;
    let settings =
        ProviderSettings { claims: Some(claims.to_owned()), ..set_up("haringey", &provider.issuer, SCHOOL) };
    let house = house_with(vec![settings]);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    let asked = parameters(way_in(&house, "haringey").await.url.split_once('?').unwrap().1);
    assert_eq!((asked["claims"].as_str(), asked["acr_values"].as_str()), (claims, "aal2"));
    provider.lies(|lies| lies.claims = json!({"acr": null, "acrs": ["c1", "aal2"]}));
    linked(&house, &provider, &session, "staff-7").await;
    session_by(&house, &provider, "staff-7").await;
}
