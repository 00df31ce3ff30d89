//! Pages for people: signing in, the session's cookie, and forms of other sites.

use api::{Settings, WebAddress};
use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;
use vocabulary::Role;

use crate::{
    browsing::{Browser, signs_in},
    gate::{Gate, Way},
    house::{AUTHORITY, Answer, Ask, House, SCHOOL, ask, event, get, post},
    invented_provider::InventedProvider,
    providers::{house_of, linked},
};

const FORM: &str = "application/x-www-form-urlencoded";

const TRAINING: &str =
    "Training: every child and every person here is invented; nothing you do reaches the real directory.";

const PRACTISE: &str = "Practise with invented children";

fn page(answer: &Answer) -> String {
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    assert!(answer.header("content-security-policy").contains("script-src 'self'"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    String::from_utf8(answer.body.clone()).unwrap()
}

async fn session(house: &House, role: Role) -> String {
    format!("session={}", house.signed_in(role, SCHOOL).await)
}

#[tokio::test]
async fn a_page_of_ones_own_leads_to_sign_in_and_back() {
    let house = House::new();
    let answer = house.answer(get("/children/04817263599")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?next=/children/04817263599");
    let asked = page(&house.answer(get(answer.header("location"))).await);
    assert!(asked.contains("name=\"next\" value=\"/children/04817263599\""), "{asked}");
}

#[tokio::test]
async fn a_link_on_another_site_leads_on_from_a_page_of_ours_and_then_to_sign_in() {
    let house = House::new();
    let from = |path: &str, site: &str| {
        get(path).with("sec-fetch-site", site).with("sec-fetch-dest", "document").with("sec-fetch-user", "?1")
    };
    for path in ["/children/04817263599", "/reports/usage?from=2026-11-01&to=2026-11-30", "/", "/sign-in"] {
        let answer = house.answer(from(path, "cross-site")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let between = page(&answer);
        let address = path.replace('&', "&#38;");
        assert!(between.contains(&format!("content=\"0; url={address}\"")), "{between}");
        assert!(
            between.contains(&format!("href=\"{address}\"")) && !between.contains("User name"),
            "{between}"
        );
        assert!(between.contains("<title>Continue - Contactpoint</title>"), "{between}");
        // From there it is asked for again, as a browser without a session asks: nobody goes round in a circle.
        let again = page_or_way(&house, from(path, "same-origin")).await;
        assert!(!again.contains("http-equiv=\"refresh\""), "{again}");
    }
    // A page that another site opens by itself, or within its own, is not led on.
    let led = get("/find").with("sec-fetch-site", "cross-site").with("sec-fetch-dest", "document");
    let waits = page(&house.answer(led).await);
    assert!(waits.contains("href=\"/find\"") && !waits.contains("http-equiv=\"refresh\""), "{waits}");
    let within = get("/find").with("sec-fetch-site", "cross-site").with("sec-fetch-dest", "iframe");
    assert_eq!(house.answer(within).await.header("location"), "/sign-in?next=/find");
    // What anybody may read is answered at once, and so is an address that leads nowhere.
    assert!(page(&house.answer(from("/help", "cross-site")).await).contains("Help"));
    assert_eq!(house.answer(from("/no-such-page", "cross-site")).await.status, StatusCode::NOT_FOUND);
}

/// What is answered, followed once where it leads on.
async fn page_or_way(house: &House, asked: Ask) -> String {
    let answer = house.answer(asked).await;
    if answer.status != StatusCode::SEE_OTHER {
        return page(&answer);
    }
    page(&house.answer(get(answer.header("location")).with("sec-fetch-site", "same-origin")).await)
}

#[tokio::test]
async fn a_wrong_sign_in_says_one_thing_and_puts_the_name_back_but_not_the_password() {
    let house = House::new();
    let body = "username=somebody&password=secret-of-mine&otp=000000&next=%2Ffind";
    let answer = house.answer(ask(Method::POST, "/sign-in").sending(FORM, body)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let again = page(&answer);
    assert!(again.contains("There is a problem") && again.contains("value=\"somebody\""), "{again}");
    assert!(!again.contains("secret-of-mine"), "{again}");
    assert!(answer.headers.get("set-cookie").is_none(), "{answer:?}");
}

#[tokio::test]
async fn the_session_of_a_browser_is_out_of_reach_of_scripts_and_other_sites() {
    let house = House::new();
    house.someone("reader", Role::Practitioner, SCHOOL);
    let answer = house.answer(signs_in(&house, "reader", &[])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").into_iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    for cookie in &cookies {
        assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    }
    let session = cookies.iter().find(|cookie| cookie.starts_with("session=")).unwrap();
    let start = house.answer(get("/").with("cookie", session.split(';').next().unwrap())).await;
    assert!(page(&start).contains("Find a child"));
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let house = House::new();
    let cookie = session(&house, Role::Practitioner).await;
    let out = |site: &str| {
        ask(Method::POST, "/sign-out").with("cookie", &cookie).with("sec-fetch-site", site).sending(FORM, "")
    };
    let answer = house.answer(out("cross-site")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(page(&house.answer(get("/").with("cookie", &cookie)).await).contains("Sign out"));
    assert_eq!(house.answer(out("same-origin")).await.status, StatusCode::SEE_OTHER);
    assert!(!page(&house.answer(get("/").with("cookie", &cookie)).await).contains("Sign out"));
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_for_people_and_a_problem_for_programs() {
    let house = House::new();
    let answer = house.answer(get("/no-such-page")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(page(&answer).contains("There is no such page"));
    assert_eq!(house.answer(get("/api/v1/no-such-call")).await.code(), "not_found");
}

#[tokio::test]
async fn a_browser_goes_to_its_provider_by_a_link_and_comes_back_signed_in() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    let asked = page(&house.answer(get("/sign-in")).await);
    assert!(asked.contains("href=\"/sign-in/provider/haringey\""), "{asked}");
    let sent = house.answer(get("/sign-in/provider/haringey")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let kept = sent.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(sent.header("set-cookie").contains("HttpOnly; SameSite=Lax; Max-Age=600"), "{sent:?}");
    let back = provider.signs_in(sent.header("location"), "staff-7", house.now());
    let address = format!("/oidc/callback?state={}&code={}", back.state, back.code);
    let answer = house.answer(get(&address).with("cookie", &kept)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert!(page(&answer).contains("http-equiv=\"refresh\""));
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(page(&house.answer(get("/").with("cookie", &cookie)).await).contains("Sign out"));

    // Without what was kept, somebody else's way back signs nobody in.
    let other = house.answer(get("/sign-in/provider/haringey")).await;
    let way_back = provider.signs_in(other.header("location"), "staff-7", house.now());
    let stolen = format!("/oidc/callback?state={}&code={}", way_back.state, way_back.code);
    let refused = house.answer(get(&stolen)).await;
    assert!(page(&refused).contains("There is a problem") && refused.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_linked_identity_goes_only_after_a_page_that_says_what_follows() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    linked(&house, &provider, &session, "staff-7").await;
    let one = Browser::with(&house, session);
    let removal = "/account/identities/removal";
    let listed = one.read("/account/identities").await;
    let (_, which) = listed.split_once("removal?which=").unwrap();
    let (which, _) = which.split_once('"').unwrap();
    let asked = one.read(&format!("{removal}?which={which}")).await;
    assert!(asked.contains("You cannot sign in with it any more") && asked.contains("haringey"), "{asked}");
    // Another's, and one that is none, is unknown.
    let other = Browser::of(&house, Role::Administrator, AUTHORITY).await;
    for path in [format!("{removal}?which={which}"), removal.to_owned()] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(other.post(removal, &[("which", which)]).await.status, StatusCode::NOT_FOUND);
    let left = one.does(removal, &[("which", which)], "The identity was removed").await;
    assert!(left.contains("No identity is linked"), "{left}");
}

#[tokio::test]
async fn no_page_opens_to_whoever_is_not_signed_in_but_those_to_be_read_and_to_sign_in() {
    let house = House::new();
    let open = [
        "/",
        "/sign-in",
        "/signed-out",
        "/oidc/callback",
        "/help",
        "/fair-processing",
        "/privacy",
        "/accessibility",
        "/api",
        "/status",
        "/counters",
        "/enrolment",
        "/session/extension",
    ];
    for (method, path) in api::router::pages() {
        let is_open = open.contains(&path) || path.starts_with("/sign-in/") || path.starts_with("/assets/");
        if is_open {
            continue;
        }
        let address = path.replace("{n}", "04817263599").replace("{id}", "0190a3c4d5e67f8091a2b3c4d5e6f708");
        let address = address.replace(['{', '}'], "");
        let answer = house.answer(ask(method.clone(), &address).sending(FORM, "a=b")).await;
        if method == Method::POST {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {address}");
            assert!(page(&answer).contains("<h1 class=\"govuk-heading-l\">Sign in</h1>"), "{address}");
        } else {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{method} {address}");
            assert!(answer.header("location").starts_with("/sign-in?next=/"), "{method} {address}");
        }
    }
}

#[tokio::test]
async fn no_page_shows_anything_where_its_look_cannot_be_recorded() {
    let gate = std::sync::Arc::new(Gate::new());
    let house = House::on(std::sync::Arc::clone(&gate) as std::sync::Arc<dyn event_log::EventLog>);
    let number = house.ava().await;
    let cookie = session(&house, Role::Practitioner).await;
    house.settle();
    let why = format!("/children/{number}/reason");
    let given = ask(Method::POST, &why).with("cookie", &cookie).sending(FORM, "reason=new_referral");
    assert_eq!(house.answer(given).await.status, StatusCode::SEE_OTHER);
    let record = format!("/children/{number}");
    assert!(page(&house.answer(get(&record).with("cookie", &cookie)).await).contains("Lowe"));
    gate.set(Way::Refused);
    let shut = house.answer(get(&record).with("cookie", &cookie)).await;
    assert_eq!(shut.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page(&shut).contains("Lowe"));
}

#[tokio::test]
async fn a_record_says_as_at_when_its_school_was_told_on_the_page_as_in_the_api() {
    let house = House::new();
    let number = house.ava().await;
    let data = json!({"child": {"local_ref": "ava"}, "state": "attending", "organisation": SCHOOL,
                      "on": "2026-09-03"});
    house.pass(TimeDelta::days(1));
    let told = house.told(SCHOOL, &[event("t1", "education.stated", &data)]).await;
    assert_eq!(told[0]["outcome"], "recorded", "{told:?}");
    house.pass(TimeDelta::days(2));
    house.settle();
    let one = Browser::of(&house, Role::Practitioner, SCHOOL).await;
    let look = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "new_referral"}));
    let record = house.answer(look.by(&one.token)).await.json()["record"].clone();
    let as_at = record["education"]["as_at"].as_str().unwrap();
    assert!(as_at.starts_with("2026-11-22T"), "{record}");
    assert_eq!(record["primary_care"], json!({"state": "none_known"}));
    let shown = one.send(&format!("/children/{number}/reason"), &[("reason", "new_referral")]).await;
    let (_, school) = shown.split_once("since <time datetime=\"2026-09-03\"").unwrap();
    let (_, as_at_page) = school.split_once("As at <time datetime=\"").unwrap();
    assert!(as_at_page.starts_with("2026-11-22T"), "{school}");
}

#[tokio::test]
async fn every_page_of_a_training_server_says_so_signed_in_or_not() {
    let house = House::with(Settings { training: true, ..Settings::default() });
    let cookie = session(&house, Role::Practitioner).await;
    let without = ["/sign-in", "/help", "/no-such-page"].map(get);
    let within = ["/", "/help", "/no-such-page"].map(|address| get(address).with("cookie", &cookie));
    for ask in without.into_iter().chain(within) {
        let shown = page(&house.answer(ask).await);
        assert!(shown.contains(TRAINING) && !shown.contains("rebuilt demonstration"), "{shown}");
    }
    assert!(!page(&House::new().answer(get("/sign-in")).await).contains(TRAINING));
}

#[tokio::test]
async fn help_leads_to_where_one_practises_and_only_where_that_is_set() {
    let address = WebAddress::try_from("https://training.example/".to_owned()).unwrap();
    let house = House::with(Settings { training_url: Some(address), ..Settings::default() });
    let help = page(&house.answer(get("/help")).await);
    assert!(help.contains("href=\"https://training.example/\"") && help.contains(PRACTISE), "{help}");
    assert!(!page(&House::new().answer(get("/help")).await).contains(PRACTISE));
}

#[tokio::test]
async fn an_identity_is_linked_from_a_page_after_the_pin_by_whoever_is_signed_in() {
    let provider = InventedProvider::start().await;
    let house = house_of(&provider);
    let token = house.signed_in(Role::Practitioner, SCHOOL).await;
    let cookie = format!("session={token}");
    let ways = page(&house.answer(get("/account/identities").with("cookie", &cookie)).await);
    let link = "/account/identities/link/haringey";
    assert!(ways.contains(link), "{ways}");
    let unconfirmed = house.answer(get(link).with("cookie", &cookie)).await;
    assert_eq!(unconfirmed.header("location"), format!("/confirm?next={link}"));
    house.step_up(&token).await;
    let sent = house.answer(get(link).with("cookie", &cookie)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
    let kept = sent.header("set-cookie").split(';').next().unwrap().to_owned();
    let back = provider.signs_in(sent.header("location"), "staff-9", house.now());
    // From another site the session does not come along: a page of ours asks, and its form sends it.
    let returned = format!("/oidc/callback?state={}&code={}", back.state, back.code);
    let asked = page(&house.answer(get(&returned).with("cookie", &kept)).await);
    assert!(asked.contains("action=\"/account/identities\"") && asked.contains("Link it"), "{asked}");
    let form = format!("state={}&code={}&iss=", back.state, back.code);
    let linked = ask(Method::POST, "/account/identities")
        .with("cookie", &format!("{cookie}; {kept}"))
        .sending(FORM, form);
    let answer = house.answer(linked).await;
    assert_eq!(answer.header("location"), "/account/identities", "{answer:?}");
    house.settle();
    let held = page(&house.answer(get("/account/identities").with("cookie", &cookie)).await);
    assert!(held.contains("The identity is linked.") && held.contains("haringey"), "{held}");
}
