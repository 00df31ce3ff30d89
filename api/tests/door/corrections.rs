//! Corrections: what differs is told by field and overwritten by nobody, and what was said wrongly is taken back.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    following::Following,
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, described, event, get, post, started},
};

/// The record as this person opens it.
async fn opened(house: &House, number: &str, token: &str) -> Value {
    let path = format!("/api/v1/children/{number}/accesses");
    let answer = house.answer(post(&path, &json!({"reason": "new_referral"})).by(token)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()["record"].clone()
}

/// How many children are found by a surname.
async fn found(house: &House, surname: &str, token: &str) -> usize {
    let search = json!({"criteria": {"surname": surname, "birth_year": 2015}, "reason": "new_referral"});
    let page = house.answer(post("/api/v1/searches", &search).by(token)).await.json();
    page["results"].as_array().unwrap().len()
}

#[tokio::test]
async fn another_word_is_told_to_its_supplier_by_field_and_takes_the_place_of_nothing() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let mut other = described("h1", "h-ava");
    other["data"]["child"] = json!({
        "local_ref": "h-ava", "child_number": number, "forename": "Eva", "surname": "Lowe",
        "date_of_birth": "2015-04-02", "gender": "female"
    });
    let told = house.told(HOSPITAL, &[other]).await;
    assert_eq!((&told[0]["outcome"], &told[0]["discrepancies"]), (&json!("recorded"), &json!(["forename"])));
    assert!(!told[0].to_string().contains("Ava"), "which field, and not which other word: {}", told[0]);
    house.settle();
    let record = opened(&house, &number, &nurse).await;
    assert_eq!(record["names"][0]["forename"], "Ava", "the word that stood stands");
    let hospital = house.client(HOSPITAL).await;
    let mut feed = Following::begin(&house, &hospital, None).await;
    let raised = feed.next().await;
    assert_eq!((raised.event.as_str(), raised.data.as_object().unwrap().len()), ("discrepancy.raised", 3));
    assert_eq!(raised.data["child_number"], json!(number));
}

#[tokio::test]
async fn the_team_reads_whose_word_differs_and_each_page_names_its_position() {
    let house = House::new();
    let number = house.ava().await;
    let mut other = described("h1", "h-ava");
    other["data"]["child"]["surname"] = json!("Low");
    let told = house.told(HOSPITAL, &[other]).await;
    assert_eq!(told[0]["discrepancies"], json!(["surname"]), "{}", told[0]);
    house.settle();
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let path = "/api/v1/discrepancies";
    assert_eq!(house.answer(get(path).by(&nurse)).await.status, StatusCode::FORBIDDEN);
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let listed = house.answer(get(path).by(&team)).await;
    assert_eq!((listed.status, listed.header("cache-control")), (StatusCode::OK, "no-store"));
    let page = listed.json();
    assert!(page["position"].as_u64() > told[0]["position"].as_u64(), "a fact of its own: {page}");
    let (waiting, raised_at) = (&page["discrepancies"][0], told[0]["position"].as_u64().unwrap());
    assert_eq!(
        (&waiting["child_number"], &waiting["supplier"], &waiting["fields"], &waiting["for_team"]),
        (&json!(number), &json!(HOSPITAL), &json!(["surname"]), &json!([]))
    );
    assert_eq!(waiting["raised_at"], json!(raised_at));
    assert_eq!(page.get("next"), None);
    let rest = house.answer(get(&format!("{path}?after={raised_at}")).by(&team)).await.json();
    assert_eq!(rest["discrepancies"], json!([]));
    assert_eq!(house.answer(get(&format!("{path}?child=1")).by(&team)).await.code(), "query_invalid");
}

#[tokio::test]
async fn a_disputed_link_hides_what_was_said_under_it_until_it_is_decided() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let count = async || opened(&house, &number, &nurse).await["involvements"].as_array().unwrap().len();
    let schools = async || opened(&house, &number, &nurse).await["education"].clone();
    let before = (count().await, schools().await);
    let hospital = |id: &str, kind: &str, data: &Value| event(id, kind, data);
    let outcomes = house
        .told(
            HOSPITAL,
            &[
                described("h1", "h-ava"),
                hospital("h2", "involvement.started", &{
                    let mut begun = started("h2", "h-ava", "h-inv")["data"].clone();
                    begun["service_type"] = json!("hospital_inpatient");
                    begun
                }),
            ],
        )
        .await;
    assert!(outcomes.iter().all(|outcome| outcome["outcome"] == "recorded"), "{outcomes:?}");
    assert_eq!(outcomes[0]["child_number"], json!(number));
    assert_eq!(count().await, before.0 + 1);
    let dispute = event("h3", "child.link_disputed", &json!({"local_ref": "h-ava"}));
    let said = house.told(HOSPITAL, std::slice::from_ref(&dispute)).await;
    assert_eq!(said[0]["outcome"], "queued", "{}", said[0]);
    assert_eq!((count().await, schools().await), before, "its entries are hidden meanwhile, and no others");
    let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    let item = queue["items"][0]["id"].as_str().unwrap().to_owned();
    let decided = house
        .answer(
            post(
                &format!("/api/v1/queue/{item}/decision"),
                &json!({"decision": "link", "child_number": number}),
            )
            .by(&manager),
        )
        .await;
    assert_eq!(decided.status, StatusCode::CREATED, "{decided:?}");
    assert_eq!(count().await, before.0 + 1, "the link stands, and so does what was said");
    let client = house.client(HOSPITAL).await;
    assert_eq!(house.answer(get("/api/v1/events/h3").by(&client)).await.json()["outcome"], "recorded");
}

#[tokio::test]
async fn two_references_of_one_child_become_one_and_the_one_given_up_is_unknown() {
    let house = House::new();
    let number = house.ava().await;
    let again = described("d9", "ava-twice");
    let merged = event("d10", "child.local_refs_merged", &json!({"from": "ava-twice", "to": "ava"}));
    let given_up = started("d11", "ava-twice", "inv-9");
    let outcomes = house.told(SCHOOL, &[again, merged, given_up]).await;
    assert_eq!(outcomes[0]["child_number"], json!(number), "{outcomes:?}");
    assert_eq!((&outcomes[1]["outcome"], &outcomes[1]["child_number"]), (&json!("recorded"), &json!(number)));
    assert_eq!(outcomes[2]["problem"]["code"], "local_ref_unknown", "{}", outcomes[2]);
    let unknown = event("d12", "child.local_refs_merged", &json!({"from": "nobody", "to": "ava"}));
    assert_eq!(house.told(SCHOOL, &[unknown]).await[0]["problem"]["code"], "local_ref_unknown");
}

#[tokio::test]
async fn what_was_entered_in_error_is_shown_and_found_no_more() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, AUTHORITY).await;
    assert_eq!(found(&house, "Lowe", &nurse).await, 1);
    let wrong = event("d3", "involvement.entered_in_error", &json!({"involvement_ref": "inv-1"}));
    assert_eq!(house.told(SCHOOL, &[wrong]).await[0]["outcome"], "recorded");
    assert_eq!(opened(&house, &number, &nurse).await["involvements"], json!([]));
    let whole = json!({"child": {"local_ref": "ava"}, "on": "2026-11-20"});
    let gone = house.told(SCHOOL, &[event("d4", "child.entered_in_error", &whole)]).await;
    assert_eq!(gone[0]["outcome"], "recorded", "{}", gone[0]);
    assert_eq!(found(&house, "Lowe", &nurse).await, 0, "nobody says any more who this is");
}
