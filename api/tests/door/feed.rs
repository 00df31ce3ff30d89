//! The feed: the end of each queued event told to whoever sent it, from any place on, and to nobody else.

use std::{collections::BTreeSet, time::Duration};

use api::Settings;
use axum::http::{Method, StatusCode};
use directory::{ClientChange, QueueDecision};
use events::looker::StepUp;
use serde_json::{Value, json};
use vocabulary::{Assurance, Channel, ClientId, Role};

use crate::{
    following::Following,
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, ask, described, get, post},
};

/// A description that waits: it may be Ava, and is not for certain.
pub(crate) fn alike(id: &str, local_ref: &str) -> Value {
    let mut told = described(id, local_ref);
    told["data"]["child"]["forename"] = json!("Eva");
    told["data"]["child"]["address"] = json!({"postcode": "N17 9XX"});
    told
}

/// Decides the oldest item of the queue as a data manager of the authority.
async fn decide(house: &House, manager: vocabulary::AccountId, decision: QueueDecision) {
    let person =
        house.directory.person(manager, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap();
    let item = house.oldest(&person).await;
    house.directory.decide_queue(&person, item, decision).unwrap().wait().unwrap();
    house.settle();
}

#[tokio::test]
async fn the_end_of_a_queued_event_is_told_to_the_organisation_that_sent_it_alone() {
    let house = House::new();
    house.ava().await;
    let told = house.told(HOSPITAL, &[alike("q1", "h1")]).await;
    assert_eq!(told[0]["outcome"], "queued", "{}", told[0]);
    house.settle();
    let manager = house.person(Role::DataManager, AUTHORITY);
    let (hospital, school) = (house.client(HOSPITAL).await, house.client(SCHOOL).await);
    let mut own = Following::begin(&house, &hospital, None).await;
    let mut others = Following::begin(&house, &school, None).await;
    assert!(own.quiet().await && others.quiet().await);
    decide(&house, manager, QueueDecision::New).await;
    let end = own.next().await;
    assert_eq!((end.event.as_str(), &end.data["kind"]), ("event.resolved", &json!("event.resolved")));
    assert_eq!(end.data["position"], told[0]["position"]);
    let outcome = house.answer(get("/api/v1/events/q1").by(&hospital)).await.json();
    assert_eq!(end.data["child_number"], outcome["child_number"]);
    assert_eq!(end.data.as_object().unwrap().len(), 3, "a number, a kind and a position: {}", end.data);
    assert!(others.quiet().await, "another organisation is told nothing");
}

#[tokio::test]
async fn a_merge_and_a_split_are_told_to_those_who_speak_of_the_child() {
    let house = House::new();
    let stays = house.ava().await;
    let mut other = described("w1", "w-1");
    for (field, value) in [("forename", "Rosalind"), ("surname", "Kouame"), ("date_of_birth", "2013-11-21")] {
        other["data"]["child"][field] = json!(value);
    }
    let told = house.told(HOSPITAL, &[other]).await;
    let absorbed = told[0]["child_number"].as_str().unwrap();
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    for (end, body) in [("merges", json!({"absorbed": absorbed})), ("splits", json!({"other": absorbed}))] {
        let answer = house.answer(post(&format!("/api/v1/children/{stays}/{end}"), &body).by(&manager)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    }
    house.settle();
    let (hospital, school) = (house.client(HOSPITAL).await, house.client(SCHOOL).await);
    let mut own = Following::begin(&house, &hospital, None).await;
    for kind in ["child.merged", "child.split"] {
        let came = own.next().await;
        assert_eq!((came.event.as_str(), came.data.as_object().unwrap().len()), (kind, 3), "{came:?}");
        assert_eq!(came.data["child_number"], json!(absorbed), "the number that answers now");
    }
    assert!(own.quiet().await);
    let mut others = Following::begin(&house, &school, None).await;
    assert!(
        others.quiet().await,
        "who speaks of neither under a reference of the absorbed one is told nothing"
    );
}

#[tokio::test]
async fn a_reader_goes_on_after_whichever_event_it_names() {
    let house = House::new();
    house.ava().await;
    let sent: Vec<Value> = (0..3).map(|at| alike(&format!("q{at}"), &format!("h{at}"))).collect();
    let told = house.told(HOSPITAL, &sent).await;
    house.settle();
    let manager = house.person(Role::DataManager, AUTHORITY);
    for _ in &told {
        decide(&house, manager, QueueDecision::Reject).await;
    }
    let token = house.client(HOSPITAL).await;
    let mut whole = Following::begin(&house, &token, None).await;
    let ends = [whole.next().await, whole.next().await, whole.next().await];
    let named = |value: &Value| value["position"].as_u64().unwrap();
    let positions: BTreeSet<u64> = ends.iter().map(|end| named(&end.data)).collect();
    assert_eq!(positions, told.iter().map(named).collect());
    assert!(ends.iter().all(|end| end.data.get("child_number").is_none()), "a refusal names no child");
    for (at, end) in ends.iter().enumerate() {
        let mut rest = Following::begin(&house, &token, Some(&end.id)).await;
        for expected in ends.iter().skip(at + 1) {
            assert_eq!(&rest.next().await, expected);
        }
        assert!(rest.quiet().await);
    }
}

#[tokio::test]
async fn what_is_told_has_left_its_fact_in_the_log_first() {
    let house = House::new();
    house.ava().await;
    house.told(HOSPITAL, &[alike("q1", "h1")]).await;
    house.settle();
    let manager = house.person(Role::DataManager, AUTHORITY);
    decide(&house, manager, QueueDecision::New).await;
    let token = house.client(HOSPITAL).await;
    let before = house.directory.head().unwrap();
    let mut feed = Following::begin(&house, &token, None).await;
    feed.next().await;
    assert_eq!(house.directory.head().unwrap().0, before.0 + 1);
    assert!(feed.quiet().await, "its own fact is no news");
    assert_eq!(house.directory.head().unwrap().0, before.0 + 1, "nothing is told, nothing is recorded");
}

#[tokio::test]
async fn a_feed_gives_signs_of_life_and_ends_with_its_client() {
    let heartbeat = Duration::from_millis(20);
    let house = House::with(Settings { feed_heartbeat: heartbeat, ..Settings::default() });
    let token = house.client(SCHOOL).await;
    let mut feed = Following::begin(&house, &token, None).await;
    assert!(feed.quiet().await);
    assert!(feed.comments() > 2, "{} signs of life", feed.comments());
    house.pass(chrono::TimeDelta::minutes(11));
    assert!(feed.quiet().await, "a token that expires does not cut the stream");
    assert!(house.directory.suspend_organisation(&SCHOOL.parse().unwrap()).unwrap());
    assert!(feed.ends().await);
}

#[tokio::test]
async fn a_feed_ends_with_the_secret_that_its_token_was_got_by() {
    let house = House::with(Settings { feed_heartbeat: Duration::from_millis(20), ..Settings::default() });
    let token = house.client(SCHOOL).await;
    let client = ClientId("client-urn-100000".to_owned());
    house.directory.add_client_secret(&client).unwrap();
    let mut feed = Following::begin(&house, &token, None).await;
    assert!(feed.quiet().await);
    let retire = ClientChange::RetireSecret { number: 1, from: None };
    assert!(house.directory.change_client(&client, retire).unwrap());
    assert!(feed.ends().await, "a stolen secret's stream is told nothing more");
}

#[tokio::test]
async fn what_may_not_be_followed_is_a_problem() {
    let house = House::with(Settings { feeds_per_client: 1, ..Settings::default() });
    let token = house.client(SCHOOL).await;
    let feed = || get("/api/v1/feed").by(&token);
    let wrong = house.answer(feed().with("last-event-id", "the last one")).await;
    assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (422, "header_invalid"));
    let ahead = house.answer(feed().with("last-event-id", "1000000")).await;
    assert_eq!((ahead.status.as_u16(), ahead.code().as_str()), (422, "header_invalid"));
    let first = Following::begin(&house, &token, None).await;
    let second = house.answer(feed()).await;
    assert_eq!((second.status.as_u16(), second.code().as_str()), (429, "rate_limited"));
    drop(first);
    let again = Following::begin(&house, &token, None).await;
    assert_eq!(again.header("cache-control"), "no-store");
    assert_eq!(again.header("content-type"), "text/event-stream");
    let person = house.signed_in(Role::Practitioner, SCHOOL).await;
    assert_eq!(house.answer(get("/api/v1/feed").by(&person)).await.code(), "client_only");
    let posted = house.answer(ask(Method::POST, "/api/v1/feed").by(&token)).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_nobody_up_and_finds_everything_by_fifties() {
    let house = House::new();
    house.ava().await;
    let sent: Vec<Value> = (0..60).map(|at| alike(&format!("q{at}"), &format!("h{at}"))).collect();
    let told = house.told(HOSPITAL, &sent).await;
    house.settle();
    let token = house.client(HOSPITAL).await;
    let mut slow = Following::begin(&house, &token, None).await;
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    for _ in 0..2 {
        let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
        let items = queue["items"].as_array().unwrap();
        let decisions: Vec<Value> =
            items.iter().map(|item| json!({"id": item["id"], "decision": "new"})).collect();
        let asked = post("/api/v1/queue/decisions", &json!({"decisions": decisions})).by(&manager);
        assert_eq!(house.answer(asked).await.status, StatusCode::OK);
    }
    house.settle();
    let before = house.directory.head().unwrap();
    let mut positions = Vec::new();
    let mut children = BTreeSet::new();
    for _ in &told {
        let end = slow.next().await;
        positions.push(end.data["position"].as_u64().unwrap());
        children.insert(end.data["child_number"].as_str().unwrap().to_owned());
    }
    assert_eq!(positions, told.iter().map(|told| told["position"].as_u64().unwrap()).collect::<Vec<_>>());
    assert_eq!(children.len(), 60);
    assert!(slow.quiet().await);
    // No list names more than fifty children (invariant I-27): two facts, one for each batch.
    assert_eq!(house.directory.head().unwrap().0, before.0 + 2);
}

#[tokio::test]
async fn whoever_says_otherwise_than_what_stands_is_told_so_and_the_other_is_not() {
    let house = House::new();
    let number = house.ava().await;
    let mut other = described("e1", "p1");
    other["data"]["child"]["surname"] = json!("Low");
    let told = house.told(HOSPITAL, &[other]).await;
    assert_eq!(told[0]["discrepancies"], json!(["surname"]), "{}", told[0]);
    house.settle();
    let (hospital, school) = (house.client(HOSPITAL).await, house.client(SCHOOL).await);
    let came = Following::begin(&house, &hospital, None).await.next().await;
    assert_eq!(
        (came.event.as_str(), came.data["child_number"].as_str()),
        ("discrepancy.raised", Some(number.as_str()))
    );
    assert_eq!(came.data["position"], told[0]["position"], "the position of the event that said so");
    assert!(Following::begin(&house, &school, None).await.quiet().await);
}
