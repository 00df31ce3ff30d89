//! Looks: searching, opening with a reason, and who looked.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, House, PIN, SCHOOL, get, post};

#[tokio::test]
async fn a_child_is_found_opened_with_the_searchs_reason_and_the_look_is_in_the_audit() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let search = json!({"criteria": {"surname": "Lowe", "birth_year": 2015}, "reason": "new_referral"});
    let page = house.answer(post("/api/v1/searches", &search).by(&token)).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let page = page.json();
    assert_eq!(
        (page["outcome"].as_str(), page["results"][0]["child_number"].as_str()),
        (Some("found"), Some(number.as_str()))
    );
    let path = format!("/api/v1/children/{number}/accesses");
    let opened = house.answer(post(&path, &json!({"search_id": page["search_id"]})).by(&token)).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
    let opened = opened.json();
    assert_eq!(opened["record"]["position"], opened["position"]);
    assert_eq!(opened["record"]["names"][0]["surname"], "Lowe");
    assert_eq!(
        opened["record"]["involvements"][0]["service_type"].as_str().or(Some("school")),
        Some("school")
    );
    house.settle();
    let own = house.answer(get("/api/v1/accesses").by(&token)).await.json();
    assert_eq!(own["accesses"][0]["access_id"], opened["access_id"]);
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let audit = house
        .answer(get(&format!("/api/v1/audit/accesses?child={number}&from=2026-11-21")).by(&auditor))
        .await;
    assert_eq!(audit.json()["accesses"][0]["reason"], "new_referral", "{audit:?}");
    let refused = house.answer(get("/api/v1/audit/accesses").by(&token)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "role_may_not_audit"));
}

#[tokio::test]
async fn a_look_without_a_reason_and_one_with_another_roles_reason_are_refused() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let path = format!("/api/v1/children/{number}/accesses");
    let none = house.answer(post(&path, &json!({})).by(&token)).await;
    assert_eq!((none.status.as_u16(), none.code().as_str()), (422, "reason_missing"));
    let audit = house.answer(post(&path, &json!({"reason": "audit"})).by(&token)).await;
    assert_eq!((audit.status.as_u16(), audit.code().as_str()), (403, "reason_not_permitted"));
    let operator = house.signed_in(Role::Operator, AUTHORITY).await;
    let machine = house.answer(post(&path, &json!({"reason": "emergency"})).by(&operator)).await;
    assert_eq!(machine.code(), "role_may_not_look");
}

#[tokio::test]
async fn a_shield_is_overridden_once_after_the_pin_with_the_right_and_an_urgent_reason() {
    let house = House::new();
    let number = house.ava().await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let path = format!("/api/v1/children/{number}/accesses");
    let asked = |reason: &str| json!({"reason": reason, "override": {"ground": "section47"}});
    let token = house.signed_in(Role::PractitionerOverride, AUTHORITY).await;
    let unshielded = house.answer(post(&path, &asked("emergency")).by(&token)).await;
    assert_eq!((unshielded.status.as_u16(), unshielded.code().as_str()), (409, "nothing_to_override"));
    let shield = json!({"child_number": number, "ground": "domestic_abuse"});
    assert_eq!(house.answer(post("/api/v1/shields", &shield).by(&team)).await.status, StatusCode::CREATED);
    let other = house.signed_in(Role::Practitioner, AUTHORITY).await;
    for (who, body, code) in [
        (&other, asked("emergency"), "override_right_missing"),
        (&token, asked("new_referral"), "override_reason"),
        (&token, asked("emergency"), "step_up_missing"),
        (&token, json!({"reason": "emergency", "override": {"ground": "curiosity"}}), "field_invalid"),
        (&token, json!({"reason": "emergency", "override": {}}), "field_missing"),
    ] {
        let refused = house.answer(post(&path, &body).by(who)).await;
        assert_eq!(refused.code(), code);
    }
    let pin = house.answer(post("/api/v1/sessions/step_up", &json!({"pin": PIN})).by(&token)).await;
    assert!(pin.status.is_success(), "{pin:?}");
    let opened = house.answer(post(&path, &asked("child_protection_enquiry")).by(&token)).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
    let record = &opened.json()["record"];
    assert_eq!(record["address"]["postcode"], "N17 6AA", "{record}");
    let next = house.answer(post(&path, &json!({"reason": "emergency"})).by(&token)).await.json();
    assert_eq!(next["record"].get("address"), None, "one record, until left");
    house.settle();
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let audit =
        house.answer(get(&format!("/api/v1/audit/accesses?child={number}")).by(&auditor)).await.json();
    let kinds: Vec<_> =
        audit["accesses"].as_array().unwrap().iter().map(|look| look["kind"].clone()).collect();
    assert!(kinds.contains(&json!("overridden")), "{audit}");
    // Every override is drawn for review, and whoever looked is not told of it.
    let overridden = |page: &Value| {
        let looks = page["accesses"].as_array().unwrap();
        looks.iter().find(|look| look["kind"] == "overridden").cloned().unwrap()
    };
    assert_eq!(overridden(&audit)["drawn_for"][0], "override", "{audit}");
    let own = house.answer(get("/api/v1/accesses").by(&token)).await.json();
    assert_eq!(overridden(&own).get("drawn_for"), None, "{own}");
}

#[tokio::test]
async fn a_reason_that_leans_on_more_asks_for_it() {
    let house = House::new();
    let number = house.ava().await;
    let path = format!("/api/v1/children/{number}/accesses");
    let stranger = house.signed_in(Role::Practitioner, AUTHORITY).await;
    for reason in ["continuing_support", "record_involvement"] {
        let refused = house.answer(post(&path, &json!({"reason": reason})).by(&stranger)).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (403, "own_entry_missing"),
            "{reason}"
        );
    }
    let school = house.signed_in(Role::NationalPartner, SCHOOL).await;
    let own = house.answer(post(&path, &json!({"reason": "continuing_support"})).by(&school)).await;
    assert_eq!(own.status, StatusCode::CREATED, "{own:?}");
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    for (who, reason, code) in [
        (&auditor, "audit", "case_ref_missing"),
        (&auditor, "case_review", "case_ref_missing"),
        (&team, "subject_access", "request_ref_missing"),
    ] {
        for (to, body) in [
            (path.as_str(), json!({"reason": reason})),
            ("/api/v1/searches", json!({"reason": reason, "criteria": {"child_number": number}})),
        ] {
            let refused = house.answer(post(to, &body).by(who)).await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, code), "{reason} {to}");
            let mut referred = body.clone();
            referred["case_ref"] = json!("A-2026/3");
            assert!(house.answer(post(to, &referred).by(who)).await.status.is_success(), "{reason} {to}");
        }
    }
}

#[tokio::test]
async fn an_unknown_child_and_a_malformed_number_read_alike() {
    let house = House::new();
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let body = json!({"reason": "emergency"});
    let unknown = house.answer(post("/api/v1/children/04817263599/accesses", &body).by(&token)).await;
    let malformed = house.answer(post("/api/v1/children/Quillfeather/accesses", &body).by(&token)).await;
    assert_eq!((unknown.status.as_u16(), unknown.code().as_str()), (404, "not_found"));
    assert_eq!(unknown.body, malformed.body);
}

#[tokio::test]
async fn an_investigator_replays_under_a_case_that_another_person_approved() {
    let house = House::new();
    let number = house.ava().await;
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let case = json!({
        "reference": "SCR-2026/14", "children": [number], "purpose": "case_review", "expires_on": "2027-05-31"
    });
    let opened = house.answer(post("/api/v1/cases", &case).by(&investigator)).await;
    assert_eq!((opened.status, &opened.json()["approved"]), (StatusCode::CREATED, &json!(false)));
    let path = format!("/api/v1/children/{number}/history?case=SCR-2026%2F14");
    let early = house.answer(get(&path).by(&investigator)).await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (403, "case_not_approved"));
    let other = house.signed_in(Role::CaseApprover, AUTHORITY).await;
    let id = opened.json()["case_id"].as_str().unwrap().to_owned();
    let approved = house.answer(post(&format!("/api/v1/cases/{id}/approval"), &json!({})).by(&other)).await;
    assert_eq!(approved.json()["approved"], true, "{approved:?}");
    let whole = house.answer(get(&path).by(&investigator)).await;
    assert!(whole.json()["events"].as_array().unwrap().len() >= 2, "{whole:?}");
    let then = house.answer(get(&format!("{path}&as_of=2020-01-01")).by(&investigator)).await;
    assert_eq!((then.status, &then.json()["record"]), (StatusCode::OK, &json!({})), "{then:?}");
    let at = whole.json()["events"][0]["position"].clone();
    let first = house.answer(get(&format!("{path}&as_of={at}")).by(&investigator)).await;
    assert_eq!((&first.json()["as_of_position"], first.status), (&at, StatusCode::OK), "{first:?}");
    for (accept, kind) in [
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/markdown, text/plain;q=0.5", "text/markdown; charset=utf-8"),
        ("application/json, text/plain", "application/json"),
    ] {
        let told = house.answer(get(&path).by(&investigator).with("accept", accept)).await;
        assert_eq!((told.status, told.header("content-type")), (StatusCode::OK, kind), "{told:?}");
        assert_eq!(told.header("cache-control"), "no-store");
        let story = String::from_utf8(told.body).unwrap();
        assert!(story.contains("A record was opened for a child"), "{story}");
    }
    let soon = house.answer(get(&format!("{path}&compare=soon")).by(&investigator)).await;
    assert_eq!(soon.code(), "query_invalid");
    let role = house.answer(get(&format!("{path}&as_seen_by=role:practitioner")).by(&investigator)).await;
    assert_eq!(role.json()["record"]["names"][0]["forename"], "Ava");
    let wrong = house.answer(get(&format!("{path}&as_seen_by=anyone")).by(&investigator)).await;
    assert_eq!(wrong.code(), "query_invalid");
}

#[tokio::test]
async fn reports_are_json_or_csv_and_for_those_who_may_read_them() {
    let house = House::new();
    house.ava().await;
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let report = house.answer(get("/api/v1/reports/usage?interval=month").by(&manager)).await;
    assert_eq!(report.json()["name"], "usage", "{report:?}");
    let table = house.answer(get("/api/v1/reports/usage").by(&manager).with("accept", "text/csv")).await;
    assert!(table.header("content-type").starts_with("text/csv"));
    assert!(String::from_utf8(table.body).unwrap().starts_with("kind,count\r\n"));
    assert_eq!(house.answer(get("/api/v1/reports/gossip").by(&manager)).await.code(), "not_found");
    house.pass(TimeDelta::minutes(1));
    let practitioner = house.signed_in(Role::Practitioner, SCHOOL).await;
    let refused = house.answer(get("/api/v1/reports/usage").by(&practitioner)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "role_may_not_report"));
}

#[tokio::test]
async fn the_audit_goes_on_by_its_link() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let path = format!("/api/v1/children/{number}/accesses");
    for _ in 0..60 {
        let opened = house.answer(post(&path, &json!({"reason": "emergency"})).by(&token)).await;
        assert_eq!(opened.status, StatusCode::CREATED);
    }
    house.settle();
    let first = house.answer(get("/api/v1/accesses").by(&token)).await;
    let next =
        first.header("link").strip_prefix('<').unwrap().split_once(">; rel=\"next\"").unwrap().0.to_owned();
    let rest = house.answer(get(&next).by(&token)).await;
    let count = |answer: &crate::house::Answer| answer.json()["accesses"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&rest), rest.header("link")), (50, 10, ""));
}
