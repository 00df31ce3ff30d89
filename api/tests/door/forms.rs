//! Forms: what every address answers to what it does not take, and what every answer bears.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::house::{AUTHORITY, House, SCHOOL, ask, get, post};

#[tokio::test]
async fn nowhere_and_otherwise_are_problems() {
    let house = House::new();
    let nowhere = house.answer(get("/api/v1/nothing")).await;
    assert_eq!((nowhere.status, nowhere.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
    assert_eq!(nowhere.header("cache-control"), "no-store");
    let routes = api::router::routes();
    for (method, path) in &routes {
        let taken = |other: &Method| routes.iter().any(|(known, at)| known == other && at == path);
        let other = [Method::DELETE, Method::PUT].into_iter().find(|other| !taken(other)).unwrap();
        let address = path.replace("{n}", "04817263599").replace("{*path}", "0/000").replace(['{', '}'], "");
        let answer = house.answer(ask(other.clone(), &address)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (405, "method_not_allowed"),
            "{other} {address}"
        );
        assert!(answer.header("allow").contains(method.as_str()), "{address}: {answer:?}");
    }
}

#[tokio::test]
async fn no_call_with_a_body_or_a_child_is_answered_without_a_token() {
    let house = House::new();
    let open = [
        "/livez",
        "/readyz",
        "/version",
        "/problems/{code}",
        "/oauth/token",
        "/api/v1/openapi.json",
        "/api/v1/sessions",
        "/api/v1/sessions/oidc",
        "/api/v1/sessions/oidc/callback",
        "/api/v1/sessions/passkey",
        "/api/v1/sessions/passkey/challenge",
        "/api/v1/enrolments",
        "/api/v1/counters",
        "/api/v1/ledger/checkpoint",
        "/api/v1/ledger/tile/{*path}",
    ];
    for (method, path) in api::router::routes().into_iter().filter(|(_, path)| !open.contains(path)) {
        let address = path.replace("{n}", "04817263599").replace(['{', '}'], "");
        let address = if path.contains("{id}") {
            path.replace("{id}", "0190a3c4d5e67f8091a2b3c4d5e6f708")
        } else {
            address
        };
        let asked = ask(method.clone(), &address).sending("application/json", "{}");
        let answer = house.answer(asked).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (401, "token_missing"),
            "{method} {address}"
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn every_answer_bears_its_headers() {
    let house = House::new();
    for path in ["/", "/livez", "/api/v1/openapi.json", "/nothing"] {
        let answer = house.answer(get(path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
    assert_eq!(house.answer(get("/api/v1/openapi.json")).await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_start_page_says_what_it_is_and_loads_nothing_foreign() {
    let house = House::new();
    let answer = house.answer(get("/")).await;
    let page = String::from_utf8(answer.body.clone()).unwrap();
    assert!(page.contains("lang=\"en-GB\"") && page.contains("not a government service"), "{page}");
    assert!(page.contains("href=\"/sign-in\"") && page.contains("href=\"/status\""), "{page}");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
    assert!(!page.contains("<style") && !page.contains("style=") && !page.contains("src=\"http"), "{page}");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn health_tells_what_stands() {
    let house = House::new();
    house.settle();
    assert_eq!(house.answer(get("/livez")).await.json()["status"], "ok");
    let ready = house.answer(get("/readyz")).await.json();
    assert_eq!(ready["position"], ready["read_models"]);
    assert_eq!(house.answer(get("/version")).await.json()["name"], "contactpoint");
    let meaning = house.answer(get("/problems/field_unknown")).await;
    assert!(String::from_utf8(meaning.body).unwrap().contains("after mending"));
    assert_eq!(house.answer(get("/problems/no_such_code")).await.code(), "not_found");
}

#[tokio::test]
async fn the_ledger_is_for_anyone() {
    let house = House::new();
    house.settle();
    let note = house.answer(get("/api/v1/ledger/checkpoint")).await;
    assert_eq!(note.status, StatusCode::OK);
    assert!(String::from_utf8(note.body).unwrap().starts_with("contactpoint.example/log\n"));
    for path in ["../checkpoint", "0/..%2f..%2fdata", "0/999", "0", ""] {
        let answer = house.answer(get(&format!("/api/v1/ledger/tile/{path}"))).await;
        assert_eq!(answer.code(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn a_body_of_a_wrong_form_is_refused_by_name() {
    let house = House::new();
    let token = house.signed_in(vocabulary::Role::Practitioner, SCHOOL).await;
    let search = |kind: &'static str, body: String| {
        ask(Method::POST, "/api/v1/searches").by(&token).sending(kind, body)
    };
    let table = [
        (search("text/plain", "{}".to_owned()), 415, "media_type_unsupported"),
        (search("application/json", "{".to_owned()), 400, "json_invalid"),
        (search("application/json", format!("\"{}\"", "x".repeat(70_000))), 413, "body_too_large"),
        (search("application/json", "[".repeat(10_000)), 400, "json_invalid"),
        (search("application/json", "{}".to_owned()), 422, "field_missing"),
        (
            search("application/json", json!({"criteria": {"nickname": "Quillfeather"}}).to_string()),
            422,
            "field_unknown",
        ),
        (
            search("application/json", json!({"criteria": {"date_of_birth": "Quillfeather"}}).to_string()),
            422,
            "date_invalid",
        ),
        (
            search("application/json", json!({"criteria": {}, "reason": "Quillfeather"}).to_string()),
            422,
            "reason_unknown",
        ),
        (ask(Method::POST, "/api/v1/searches").by(&token), 415, "media_type_unsupported"),
    ];
    for (asked, status, code) in table {
        let answer = house.answer(asked).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
        assert!(!String::from_utf8_lossy(&answer.body).contains("Quillfeather"), "what was sent is repeated");
    }
    let unread = house
        .answer(
            ask(Method::POST, "/api/v1/searches")
                .by(&token)
                .sending("application/json", vec![b'"', 0xff, b'"']),
        )
        .await;
    assert_eq!(unread.code(), "utf8_invalid");
    let missing = house.answer(post("/api/v1/searches", &json!({})).by(&token)).await;
    assert_eq!(missing.json()["errors"][0]["pointer"], "/criteria");
}

#[tokio::test]
async fn a_query_of_a_wrong_form_is_refused() {
    let house = House::new();
    let token = house.signed_in(vocabulary::Role::Auditor, AUTHORITY).await;
    for query in ["when=Quillfeather", "child=1", "from=Quillfeather", "after=-1"] {
        let answer = house.answer(get(&format!("/api/v1/audit/accesses?{query}")).by(&token)).await;
        assert_eq!(answer.code(), "query_invalid", "{query}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("Quillfeather"));
    }
}
