//! Declarations: whom one is related to one looks at, writes about and decides on no more, and a home that is compared.

use axum::http::StatusCode;
use chrono::TimeDelta;
use events::looker::StepUp;
use serde_json::{Value, json};
use vocabulary::{AccountId, Assurance, Channel, Role};

use crate::{
    feed::alike,
    house::{AUTHORITY, Answer, HOSPITAL, House, NOBODYS, SCHOOL, described, event, get, post},
};

/// Lets a person declare a relationship with the child of a number that nobody has.
pub(crate) fn relate(house: &House, account: AccountId) {
    let person = house.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent);
    house.directory.declare_relationship(&person.unwrap(), NOBODYS.parse().unwrap()).unwrap();
}

async fn declared(house: &House, token: &str, child: &str) -> Answer {
    let asked = post("/api/v1/declarations/relationships", &json!({"child_number": child}));
    house.answer(asked.by(token)).await
}

async fn opened(house: &House, token: &str, child: &str) -> Answer {
    let path = format!("/api/v1/children/{child}/accesses");
    house.answer(post(&path, &json!({"reason": "emergency"})).by(token)).await
}

async fn found(house: &House, token: &str) -> Value {
    let asked = json!({"criteria": {"surname": "Lowe", "birth_year": 2015}, "reason": "emergency"});
    house.answer(post("/api/v1/searches", &asked).by(token)).await.json()["outcome"].clone()
}

fn assert_declared(answer: &Answer) {
    let said = (answer.status.as_u16(), answer.code());
    assert_eq!((said.0, said.1.as_str()), (403, "declared_relationship"), "{answer:?}");
}

/// I-21
#[tokio::test]
async fn whom_one_is_related_to_one_neither_finds_nor_opens_nor_writes_about_until_another_withdraws_it() {
    let house = House::new();
    let ava = house.ava().await;
    let teacher = house.person(Role::Practitioner, SCHOOL);
    let token = house.sign_in("practitioner").await;
    let account = teacher.to_string();
    assert_eq!(
        (found(&house, &token).await, opened(&house, &token, &ava).await.status.as_u16()),
        (json!("found"), 201)
    );
    let mine = house.answer(get("/api/v1/caseload").by(&token)).await.json();
    assert_eq!(mine["entries"][0]["child_number"], json!(ava), "{mine}");

    let done = declared(&house, &token, &ava).await;
    assert_eq!((done.status, &done.json()["changed"]), (StatusCode::CREATED, &json!(true)), "{done:?}");
    assert_eq!(declared(&house, &token, &ava).await.json()["changed"], false, "once is enough");
    assert_eq!(found(&house, &token).await, "none");
    assert_declared(&opened(&house, &token, &ava).await);
    let contacts = json!([{"kind": "telephone", "use": "work", "value": "020 7946 0009"}]);
    let work = json!({"service_type": "youth_work", "team": "After school", "started_on": "2026-11-02",
        "contacts": contacts});
    let path = format!("/api/v1/children/{ava}/involvements");
    assert_declared(&house.answer(post(&path, &work).by(&token)).await);
    let entry = mine["entries"][0]["involvement_id"].as_str().unwrap().to_owned();
    let end = post(&format!("/api/v1/involvements/{entry}/end"), &json!({"ended_on": "2026-11-20"}));
    assert_declared(&house.answer(end.by(&token)).await);
    let shield = json!({"child_number": ava, "ground": "domestic_abuse"});
    assert_declared(&house.answer(post("/api/v1/shields", &shield).by(&token)).await);
    let desk =
        json!({"child_number": ava, "about": "sensitive", "reason": "emergency", "contacts": contacts});
    assert_declared(&house.answer(post("/api/v1/brokering", &desk).by(&token)).await);
    let unnamed = house.answer(get("/api/v1/caseload").by(&token)).await.json();
    let line = &unnamed["entries"][0];
    assert_eq!((line.get("child_number"), line.get("name")), (None, None), "{unnamed}");
    let listed = house.answer(get("/api/v1/declarations").by(&token)).await.json();
    assert_eq!(listed["relationships"][0]["child_number"], json!(ava));

    // A colleague goes on, and nobody frees themself.
    house.someone("colleague", Role::Practitioner, SCHOOL);
    let colleague = house.sign_in("colleague").await;
    assert_eq!(opened(&house, &colleague, &ava).await.status, StatusCode::CREATED);
    let withdrawal =
        || post(&format!("/api/v1/users/{account}/relationships/withdrawal"), &json!({"child_number": ava}));
    assert_eq!(house.answer(withdrawal().by(&token)).await.code(), "role_may_not_administer");
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let ended = house.answer(withdrawal().by(&manager)).await;
    assert_eq!(ended.status, StatusCode::CREATED, "{ended:?}");
    assert_eq!(house.answer(withdrawal().by(&manager)).await.code(), "relationship_unknown");
    assert_eq!(
        (found(&house, &token).await, opened(&house, &token, &ava).await.status.as_u16()),
        (json!("found"), 201)
    );

    // The refused opening was recorded.
    house.settle();
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let audit = house.answer(get(&format!("/api/v1/audit/accesses?child={ava}")).by(&auditor)).await;
    assert!(audit.json()["accesses"].to_string().contains("declared_relationship"), "{audit:?}");
}

#[tokio::test]
async fn a_declaration_tells_nobody_whether_a_number_is_anybodys() {
    let house = House::new();
    let ava = house.ava().await;
    let token = house.signed_in(Role::Practitioner, HOSPITAL).await;
    for number in [NOBODYS, ava.as_str()] {
        assert_eq!(declared(&house, &token, number).await.status, StatusCode::CREATED);
    }
    let (of_nobody, of_ava) = (opened(&house, &token, NOBODYS).await, opened(&house, &token, &ava).await);
    assert_declared(&of_nobody);
    assert_eq!(of_nobody.body, of_ava.body);
    let machine = declared(&house, &token, "not a number").await;
    assert_eq!(machine.status.as_u16(), 422, "{machine:?}");
}

#[tokio::test]
async fn a_mediator_looks_for_nobody_at_whom_either_is_related_to() {
    let house = House::new();
    let ava = house.ava().await;
    house.someone("caller", Role::Practitioner, SCHOOL);
    let caller = house.sign_in("caller").await;
    let mediator = house.signed_in(Role::Mediator, AUTHORITY).await;
    house.step_up(&mediator).await;
    let path = format!("/api/v1/children/{ava}/accesses");
    let looked_for = async |colleague: &str| {
        let body = json!({"reason": "new_referral", "on_behalf_of": {"username": colleague}});
        house.answer(post(&path, &body).by(&mediator)).await
    };
    assert_eq!(looked_for("caller").await.status, StatusCode::CREATED);
    declared(&house, &caller, &ava).await;
    assert_declared(&looked_for("caller").await);
    house.someone("another", Role::Practitioner, SCHOOL);
    assert_eq!(looked_for("another").await.status, StatusCode::CREATED);
    declared(&house, &mediator, &ava).await;
    assert_declared(&looked_for("another").await);
}

#[tokio::test]
async fn a_relationship_outlives_a_merge_by_either_number() {
    let house = House::new();
    let zoe = json!({"local_ref": "zoe", "forename": "Zoe", "surname": "Quill", "date_of_birth": "2013-11-30",
        "gender": "female"});
    let told = house
        .told(SCHOOL, &[described("d1", "ava"), event("d2", "child.described", &json!({"child": zoe}))])
        .await;
    let [stays, absorbed] = [0, 1].map(|at: usize| told[at]["child_number"].as_str().unwrap().to_owned());
    house.settle();
    let by_one = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.someone("other", Role::Practitioner, SCHOOL);
    let by_other = house.sign_in("other").await;
    declared(&house, &by_one, &absorbed).await;
    declared(&house, &by_other, &stays).await;
    assert_eq!(opened(&house, &by_one, &stays).await.status, StatusCode::CREATED, "they are two as yet");
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let merge = post(&format!("/api/v1/children/{stays}/merges"), &json!({"absorbed": absorbed}));
    assert_eq!(house.answer(merge.by(&manager)).await.status, StatusCode::CREATED);
    for (token, number) in
        [(&by_one, &stays), (&by_one, &absorbed), (&by_other, &absorbed), (&by_other, &stays)]
    {
        assert_declared(&opened(&house, token, number).await);
    }
}

#[tokio::test]
async fn who_decides_audits_or_replays_does_so_of_nobody_to_whom_they_are_related() {
    let house = House::new();
    let ava = house.ava().await;
    let queued = house.told(HOSPITAL, &[alike("q1", "h1")]).await;
    assert_eq!(queued[0]["outcome"], "queued", "{queued:?}");
    let looker = house.signed_in(Role::PractitionerOverride, SCHOOL).await;
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let shield = json!({"child_number": ava, "ground": "domestic_abuse", "review_by": "2026-12-01"});
    let shielded = house.answer(post("/api/v1/shields", &shield).by(&team)).await;
    assert_eq!(shielded.status, StatusCode::CREATED, "{shielded:?}");
    house.step_up(&looker).await;
    let opening = format!("/api/v1/children/{ava}/accesses");
    let body = json!({"reason": "emergency", "override": {"ground": "immediate_danger"}});
    let look = house.answer(post(&opening, &body).by(&looker)).await.json();
    let contacts = json!([{"kind": "telephone", "use": "work", "value": "020 7946 0009"}]);
    let desk = json!({"child_number": ava, "about": "shielded", "reason": "emergency", "contacts": contacts});
    let asked = house.answer(post("/api/v1/brokering", &desk).by(&looker)).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{asked:?}");
    let moves = json!({"child_number": ava, "to": house.far()});
    assert_eq!(house.answer(post("/api/v1/transfers", &moves).by(&team)).await.status, StatusCode::CREATED);
    house.settle();

    let lists = [
        (&manager, "/api/v1/shields".to_owned(), "items"),
        (&manager, "/api/v1/transfers".to_owned(), "transfers"),
        (&manager, "/api/v1/queue".to_owned(), "items"),
        (&manager, "/api/v1/brokering".to_owned(), "requests"),
        (&auditor, "/api/v1/reviews".to_owned(), "reviews"),
        (&auditor, format!("/api/v1/audit/accesses?child={ava}"), "accesses"),
    ];
    let lines = async |token: &str, path: &str, name: &str| {
        let page = house.answer(get(path).by(token)).await.json();
        page[name].as_array().unwrap_or_else(|| panic!("{path}: {page}")).len()
    };
    for (token, path, name) in &lists {
        assert!(lines(token, path, name).await > 0, "{path} lists her while nobody declared anything");
    }
    for token in [&manager, &auditor, &investigator] {
        assert_eq!(declared(&house, token, &ava).await.status, StatusCode::CREATED);
    }
    for (token, path, name) in &lists {
        assert_eq!(lines(token, path, name).await, 0, "{path}");
    }
    let item = shielded.json()["shield_id"].as_str().unwrap().to_owned();
    let keep = post(&format!("/api/v1/shields/{item}/review"), &json!({"decision": "lift"}));
    assert_declared(&house.answer(keep.by(&manager)).await);
    assert_declared(&house.answer(post("/api/v1/transfers", &moves).by(&manager)).await);
    let waits = asked.json()["brokering_id"].as_str().unwrap().to_owned();
    let answer = post(&format!("/api/v1/brokering/{waits}/answer"), &json!({"outcome": "contact_made"}));
    assert_declared(&house.answer(answer.by(&manager)).await);
    let review = format!("/api/v1/reviews/{}/outcome", look["access_id"].as_str().unwrap());
    let said = post(&review, &json!({"outcome": "explained"}));
    assert_declared(&house.answer(said.by(&auditor)).await);
    let case = json!({"reference": "SCR-2026/14", "children": [ava], "purpose": "case_review",
        "expires_on": "2027-05-31"});
    assert_eq!(
        house.answer(post("/api/v1/cases", &case).by(&investigator)).await.status,
        StatusCode::CREATED
    );
    let replay = get(&format!("/api/v1/children/{ava}/history?case=SCR-2026%2F14"));
    assert_declared(&house.answer(replay.by(&investigator)).await);
}

#[tokio::test]
async fn a_home_is_declared_freely_compared_blind_and_forgotten_again() {
    let house = House::new();
    let ava = house.ava().await;
    let token = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let lives = async |address: Value| {
        house.answer(post("/api/v1/declarations/home", &json!({"address": address})).by(&token)).await
    };
    assert_eq!(lives(json!({"lines": ["12 Mill Lane"]})).await.code(), "home_without_postcode");
    assert!(lives(json!({"lines": [""], "postcode": "N17 6AA"})).await.status.is_client_error());
    let done = lives(json!({"lines": ["12, MILL LANE"], "postcode": "n17 6aa"})).await;
    assert_eq!((done.status, &done.json()["changed"]), (StatusCode::CREATED, &json!(true)), "{done:?}");
    let listed = house.answer(get("/api/v1/declarations").by(&token)).await.json();
    assert!(listed["home_declared_at"].is_string() && !listed.to_string().contains("17"), "{listed}");

    // A look at the child who lives there, which nothing explains.
    assert_eq!(opened(&house, &token, &ava).await.status, StatusCode::CREATED);
    house.settle();
    house.pass(TimeDelta::days(15));
    let judged = house.directory.judge_looks().unwrap();
    assert_eq!((judged.looks, judged.explained, judged.alerts), (1, 0, 1), "{judged:?}");
    house.settle();
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    let waiting = house.answer(get("/api/v1/reviews").by(&auditor)).await.json();
    let signals = waiting["reviews"][0]["signals"].to_string();
    assert!(signals.contains("same_household"), "{waiting}");

    let later = house.sign_in("practitioner").await;
    let forget = async || {
        house.answer(post("/api/v1/declarations/home/withdrawal", &json!({})).by(&later)).await.json()
    };
    assert_eq!((&forget().await["changed"], &forget().await["changed"]), (&json!(true), &json!(false)));
    let left = house.answer(get("/api/v1/declarations").by(&later)).await.json();
    assert_eq!(left, json!({"relationships": []}));
}
