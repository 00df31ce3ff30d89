//! The queue: page by page with its clock, many decisions at once, and what an item may be linked to.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    feed::alike,
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, described, get, post},
};

/// Ava, who is known, and `many` descriptions that may mean her; answers her number.
async fn waiting(house: &House, many: usize) -> String {
    let number = house.ava().await;
    let sent: Vec<Value> = (0..many).map(|at| alike(&format!("q{at}"), &format!("h{at}"))).collect();
    for told in house.told(HOSPITAL, &sent).await {
        assert_eq!(told["outcome"], "queued", "{told}");
    }
    house.settle();
    number
}

/// A child of an authority far away, whom no item of Haringey's means; answers the number.
async fn elsewhere(house: &House) -> String {
    let mut far = described("f1", "far");
    far["data"]["child"]["forename"] = json!("Zebedee");
    far["data"]["child"]["surname"] = json!("Quillfeather");
    far["data"]["child"]["gender"] = json!("male");
    far["data"]["child"]["date_of_birth"] = json!("2012-01-09");
    far["data"]["child"]["address"] = json!({"postcode": "M1 1AE"});
    let told = house.told(house.far(), &[far]).await;
    house.settle();
    told[0]["child_number"].as_str().unwrap().to_owned()
}

fn path_of(item: &Value) -> String {
    format!("/api/v1/queue/{}/decision", item["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_queue_goes_by_pages_oldest_first_and_every_item_stands_on_one_of_them() {
    let house = House::new();
    waiting(&house, 120).await;
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let mut path = "/api/v1/queue".to_owned();
    let (mut sizes, mut ids, mut since) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let answer = house.answer(get(&path).by(&manager)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let page = answer.json();
        let items = page["items"].as_array().unwrap();
        sizes.push(items.len());
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        since.extend(items.iter().map(|item| item["since"].as_str().unwrap().to_owned()));
        let Some(link) = answer.header("link").strip_suffix(">; rel=\"next\"") else { break };
        path = link.trim_start_matches('<').to_owned();
        assert_eq!(path, format!("/api/v1/queue?after={}", page["next"]));
    }
    assert_eq!(sizes, [50, 50, 20]);
    assert!(since.is_sorted());
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 120);
    let wrong = house.answer(get("/api/v1/queue?after=soon").by(&manager)).await;
    assert_eq!(wrong.code(), "query_invalid");
}

#[tokio::test]
async fn an_item_is_due_within_a_working_day_and_counts_as_overdue_after_it() {
    let house = House::new();
    // The house opens on a Saturday at noon.
    waiting(&house, 1).await;
    let figures = || house.directory.queue_figures();
    assert_eq!((figures().waiting, figures().overdue), (1, 0));
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let item = house.answer(get("/api/v1/queue").by(&manager)).await.json()["items"][0].clone();
    assert_eq!(
        (&item["since"], &item["due_by"], &item["overdue"], &item["waited_minutes"]),
        (&json!("2026-11-21T12:00:00Z"), &json!("2026-11-24T00:00:00Z"), &json!(false), &json!(1)),
        "{item}"
    );
    house.pass(TimeDelta::hours(60));
    assert_eq!((figures().waiting, figures().overdue), (1, 1));
}

#[tokio::test]
async fn many_decisions_are_answered_in_order_and_a_refused_one_stops_no_other() {
    let house = House::new();
    let number = waiting(&house, 4).await;
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    let id = |at: usize| queue["items"][at]["id"].clone();
    let decisions = json!({"decisions": [
        {"id": id(0), "decision": "link", "child_number": number},
        {"id": id(0), "decision": "reject"},
        {"id": id(1), "decision": "link"},
        {"id": "0190a3c4d5e67f8091a2b3c4d5e6f70f", "decision": "new"},
        {"id": id(2), "decision": "reject"},
        {"id": id(3), "decision": "new"},
    ]});
    let answer = house.answer(post("/api/v1/queue/decisions", &decisions).by(&manager)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let told = answer.json();
    let outcomes: Vec<(&str, &str)> = told["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|told| (told["outcome"].as_str().unwrap(), told["problem"]["code"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("recorded", ""),
            ("refused", "already_decided"),
            ("refused", "field_missing"),
            ("refused", "not_found"),
            ("refused", "identity_rejected"),
            ("recorded", ""),
        ]
    );
    assert_eq!(told["outcomes"][0]["id"], id(0));
    assert_eq!(told["outcomes"][0]["child_number"].as_str(), Some(number.as_str()));
    assert_ne!(told["outcomes"][5]["child_number"].as_str(), Some(number.as_str()));
    let left = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(left["items"][0]["id"], id(1));
    for many in [0, 51] {
        let alike = json!({"decisions": vec![json!({"id": id(1), "decision": "new"}); many]});
        let refused = house.answer(post("/api/v1/queue/decisions", &alike).by(&manager)).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "decisions_out_of_range"));
    }
    let school = house.signed_in(Role::Practitioner, SCHOOL).await;
    let one = json!({"decisions": [{"id": id(1), "decision": "new"}]});
    let refused = house.answer(post("/api/v1/queue/decisions", &one).by(&school)).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "role_may_not_decide"));
}

#[tokio::test]
async fn a_rejected_item_is_a_decision_carried_out() {
    let house = House::new();
    waiting(&house, 1).await;
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    let asked = post(&path_of(&queue["items"][0]), &json!({"decision": "reject"})).by(&manager);
    let answer = house.answer(asked).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    assert_eq!(
        (&answer.json()["outcome"], &answer.json()["problem"]["code"]),
        (&json!("refused"), &json!("identity_rejected"))
    );
}

#[tokio::test]
async fn an_item_is_linked_to_a_candidate_to_a_child_of_ones_own_or_to_one_that_a_search_showed() {
    let house = House::new();
    waiting(&house, 3).await;
    let far = elsewhere(&house).await;
    let mut own = described("o1", "own");
    own["data"]["child"]["forename"] = json!("Tiberius");
    own["data"]["child"]["surname"] = json!("Okonkwo");
    own["data"]["child"]["date_of_birth"] = json!("2010-05-06");
    let own = house.told(SCHOOL, &[own]).await[0]["child_number"].as_str().unwrap().to_owned();
    house.settle();
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    let link = |at: usize, number: &str, search: Option<&str>| {
        let mut decision = json!({"decision": "link", "child_number": number});
        if let Some(search) = search {
            decision["search_id"] = json!(search);
        }
        post(&path_of(&queue["items"][at]), &decision).by(&manager)
    };
    for number in [far.as_str(), "00000000420"] {
        let refused = house.answer(link(0, number, None)).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "link_not_offered"), "{number}");
    }
    assert_eq!(house.answer(link(0, &own, None)).await.status, StatusCode::CREATED);
    let search = json!({
        "criteria": {"surname": "Quillfeather", "date_of_birth": "2012-01-09"}, "reason": "data_quality"
    });
    let found = house.answer(post("/api/v1/searches", &search).by(&manager)).await.json();
    assert_eq!(found["results"][0]["child_number"].as_str(), Some(far.as_str()), "{found}");
    let search_id = found["search_id"].as_str().unwrap();
    let linked = house.answer(link(1, &far, Some(search_id))).await;
    assert_eq!(linked.status, StatusCode::CREATED, "{linked:?}");
    assert_eq!(linked.json()["child_number"].as_str(), Some(far.as_str()));
    house.pass(TimeDelta::minutes(31));
    let late = house.answer(link(2, &far, Some(search_id))).await;
    assert_eq!(late.code(), "link_not_offered");
}
