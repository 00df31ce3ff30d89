//! Pages for people: signing in, the session's cookie, forms of other sites, and what was typed too late.

use axum::http::{Method, StatusCode};
use vocabulary::Role;

use crate::house::{Answer, House, SCHOOL, ask, get};

const FORM: &str = "application/x-www-form-urlencoded";

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
    let proof = house.proof("reader");
    let (password, otp) = (proof["password"].as_str().unwrap(), proof["otp"].as_str().unwrap());
    let body = format!("username=reader&password={}&otp={otp}", password.replace(' ', "+"));
    let answer = house.answer(ask(Method::POST, "/sign-in").sending(FORM, body)).await;
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
async fn what_was_typed_too_late_is_kept_for_its_person_and_nobody_else() {
    let house = House::new();
    house.someone("typist", Role::Practitioner, SCHOOL);
    let cookie = format!("session={}", house.sign_in("typist").await);
    assert!(page(&house.answer(get("/").with("cookie", &cookie)).await).contains("Sign out"));
    house.pass(chrono::TimeDelta::minutes(61));
    let typed = "surname=Invented-Typed-Name&forename=Wren&reason=new_referral&pin=4821";
    let late = ask(Method::POST, "/find").with("cookie", &cookie).sending(FORM, typed);
    let answer = house.answer(late).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let asked = page(&answer);
    assert!(asked.contains("what you typed is kept") && !asked.contains("Invented-Typed-Name"), "{asked}");
    let key = asked.split("name=\"kept\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let other = session(&house, Role::Mediator).await;
    let address = format!("/session/kept/{key}");
    assert_eq!(house.answer(get(&address).with("cookie", &other)).await.status, StatusCode::NOT_FOUND);
    let same = format!("session={}", house.sign_in("typist").await);
    let kept = page(&house.answer(get(&address).with("cookie", &same)).await);
    assert!(kept.contains("Invented-Typed-Name") && !kept.contains("4821"), "{kept}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_for_people_and_a_problem_for_programs() {
    let house = House::new();
    let answer = house.answer(get("/no-such-page")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(page(&answer).contains("There is no such page"));
    assert_eq!(house.answer(get("/api/v1/no-such-call")).await.code(), "not_found");
}
