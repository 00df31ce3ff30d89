//! The inbox and the feed: those who work with a child are told who else does, and of nothing that they may not see.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    following::Following,
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, event, get, post},
    scoping::in_force,
};

/// The hospital's work with the child of a number.
fn admitted(id: &str, number: &str) -> Value {
    let data = json!({
        "child": {"child_number": number}, "involvement_ref": "ward-1", "service_type": "hospital_inpatient",
        "team": "Ward 4", "contacts": [{"kind": "telephone", "value": "020 7946 0003"}], "started_on": "2026-11-01"
    });
    event(id, "involvement.started", &data)
}

async fn inbox(house: &House, token: &str) -> Vec<Value> {
    let answer = house.answer(get("/api/v1/inbox").by(token)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["notifications"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_new_involvement_is_told_to_those_who_work_with_the_child_and_they_say_that_they_saw_it() {
    let house = House::new();
    let number = house.ava().await;
    let teacher = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.someone("nurse", Role::Practitioner, HOSPITAL);
    let nurse = house.sign_in("nurse").await;
    let outcome = house.told(HOSPITAL, &[admitted("w1", &number)]).await.remove(0);
    house.settle();
    let told = inbox(&house, &teacher).await;
    let line = told[0].as_object().unwrap();
    assert_eq!(
        (told.len(), line.len()),
        (1, 6),
        "a number, a kind, an instant, a place and whose entry: {told:?}"
    );
    assert_eq!((&line["kind"], &line["child_number"]), (&json!("involvement.started"), &json!(number)));
    assert_eq!((&line["position"], &line["lead_professional"]), (&outcome["position"], &json!(false)));
    assert_eq!(inbox(&house, &nurse).await, Vec::<Value>::new(), "not to whoever said it");
    let mut feed = Following::begin(&house, &house.client(SCHOOL).await, None).await;
    let came = feed.next().await;
    assert_eq!((came.event.as_str(), came.data.as_object().unwrap().len()), ("involvement.changed", 3));
    assert_eq!((&came.data["position"], &came.data["child_number"]), (&outcome["position"], &json!(number)));
    assert!(feed.quiet().await);

    let path = format!("/api/v1/inbox/{}/acknowledgement", outcome["position"]);
    let others = house.answer(post(&path, &json!({})).by(&nurse)).await;
    assert_eq!(others.code(), "not_found", "what was told to another");
    for word in ["recorded", "unchanged"] {
        let seen = house.answer(post(&path, &json!({})).by(&teacher)).await;
        assert_eq!((seen.status, &seen.json()["outcome"]), (StatusCode::CREATED, &json!(word)), "{seen:?}");
    }
    house.settle();
    assert!(inbox(&house, &teacher).await[0]["acknowledged_at"].is_string());

    let ended =
        event("w2", "involvement.ended", &json!({"involvement_ref": "ward-1", "ended_on": "2026-11-20"}));
    house.told(HOSPITAL, &[ended]).await;
    house.settle();
    let kinds: Vec<Value> =
        inbox(&house, &teacher).await.into_iter().map(|each| each["kind"].clone()).collect();
    assert_eq!(kinds, [json!("involvement.ended"), json!("involvement.started")], "the newest first");
}

#[tokio::test]
async fn what_may_no_longer_be_seen_is_left_out_of_inbox_and_feed() {
    let house = House::new();
    let number = house.ava().await;
    let teacher = house.signed_in(Role::Practitioner, SCHOOL).await;
    let outcome = house.told(HOSPITAL, &[admitted("w1", &number)]).await.remove(0);
    house.settle();
    assert_eq!(inbox(&house, &teacher).await.len(), 1);
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let shield = json!({"child_number": number, "ground": "domestic_abuse"});
    assert_eq!(house.answer(post("/api/v1/shields", &shield).by(&team)).await.status, StatusCode::CREATED);
    assert_eq!(inbox(&house, &teacher).await, Vec::<Value>::new());
    let path = format!("/api/v1/inbox/{}/acknowledgement", outcome["position"]);
    assert_eq!(house.answer(post(&path, &json!({})).by(&teacher)).await.code(), "not_found");
    let mut feed = Following::begin(&house, &house.client(SCHOOL).await, None).await;
    assert!(feed.quiet().await);
}

/// The id of the school's own entry and of the hospital's, as the record shows them.
async fn entries(house: &House, number: &str, token: &str) -> (String, String) {
    let asked = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "new_referral"}));
    let opened = house.answer(asked.by(token)).await.json();
    let shown = opened["record"]["involvements"].as_array().unwrap().clone();
    let of = |service: &str| {
        let entry = shown.iter().find(|entry| entry["service_type"] == service).unwrap();
        entry["involvement_id"].as_str().unwrap().to_owned()
    };
    (of("school"), of("hospital_inpatient"))
}

#[tokio::test]
async fn that_contact_was_made_and_what_was_not_shared_is_said_for_an_own_entry_alone() {
    let house = House::new();
    let number = house.ava().await;
    house.told(HOSPITAL, &[admitted("w1", &number)]).await;
    house.settle();
    let teacher = house.signed_in(Role::Practitioner, SCHOOL).await;
    let (own, other) = entries(&house, &number, &teacher).await;
    let contact = json!({"with": other, "on": "2026-11-20"});
    let path = format!("/api/v1/involvements/{own}/contacts");
    for word in ["recorded", "unchanged"] {
        let answer = house.answer(post(&path, &contact).by(&teacher)).await;
        assert_eq!(
            (answer.status, &answer.json()["outcome"]),
            (StatusCode::CREATED, &json!(word)),
            "{answer:?}"
        );
    }
    house.settle();
    assert_eq!(inbox(&house, &teacher).await[0]["contacted_on"], "2026-11-20");
    let others = format!("/api/v1/involvements/{other}/contacts");
    let refused = house.answer(post(&others, &json!({"with": own, "on": "2026-11-20"})).by(&teacher)).await;
    assert_eq!(refused.code(), "not_found", "for another's entry");

    let withheld = json!({"with": other, "because": "consent_refused", "on": "2026-11-20"});
    let declining = format!("/api/v1/involvements/{own}/withholdings");
    let answer = house.answer(post(&declining, &withheld).by(&teacher)).await;
    assert_eq!(
        (answer.status, &answer.json()["outcome"]),
        (StatusCode::CREATED, &json!("recorded")),
        "{answer:?}"
    );
    let ahead = json!({"because": "not_necessary", "on": "2027-11-20"});
    assert_eq!(house.answer(post(&declining, &ahead).by(&teacher)).await.code(), "date_in_future");
    house.settle();
    let caseload = house.answer(get("/api/v1/caseload").by(&teacher)).await.json();
    assert_eq!(caseload["entries"][0]["not_shared"], withheld);
    house.someone("nurse", Role::Practitioner, HOSPITAL);
    let nurse = house.sign_in("nurse").await;
    let theirs = house.answer(get("/api/v1/caseload").by(&nurse)).await.json();
    assert_eq!(theirs["entries"][0].get("not_shared"), None, "told to nobody else");
    let machine = house.client(SCHOOL).await;
    let plain = house.answer(get("/api/v1/caseload").by(&machine)).await.json();
    assert_eq!(plain["entries"][0].get("not_shared"), None, "nor to a machine without a person");
}

#[tokio::test]
async fn a_look_tells_the_lead_professional_which_organisation_looked_where_the_policy_says_so() {
    let house = House::new();
    let number = house.ava().await;
    let lead = event("l1", "lead_professional.named", &json!({"involvement_ref": "inv-1"}));
    assert_eq!(house.told(SCHOOL, &[lead]).await[0]["outcome"], "recorded");
    let teacher = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.someone("nurse", Role::Practitioner, HOSPITAL);
    let nurse = house.sign_in("nurse").await;
    let path = format!("/api/v1/children/{number}/accesses");
    let look = |reason: &str, token: &str| post(&path, &json!({"reason": reason})).by(token);
    let plain = house.answer(look("new_referral", &nurse)).await.json();
    house.settle();
    assert_eq!(inbox(&house, &teacher).await, Vec::<Value>::new(), "not unless the policy says so");
    in_force(&house, json!({"look_tells_lead": true})).await;
    for reason in ["new_referral", "child_protection_enquiry"] {
        let mut shown = house.answer(look(reason, &nurse)).await.json();
        shown["record"]["position"] = plain["record"]["position"].clone();
        assert_eq!(shown["record"], plain["record"], "whoever looks learns nothing of it");
    }
    assert_eq!(house.answer(look("continuing_support", &teacher)).await.status, StatusCode::CREATED);
    house.settle();
    let told = inbox(&house, &teacher).await;
    assert_eq!(told.len(), 1, "neither an enquiry nor the lead's own look: {told:?}");
    assert_eq!((&told[0]["kind"], &told[0]["organisation"]), (&json!("record.opened"), &json!(HOSPITAL)));
    assert_eq!((&told[0]["child_number"], &told[0]["lead_professional"]), (&json!(number), &json!(true)));
    assert_eq!(inbox(&house, &nurse).await, Vec::<Value>::new());
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let shield = json!({"child_number": number, "ground": "domestic_abuse"});
    assert_eq!(house.answer(post("/api/v1/shields", &shield).by(&team)).await.status, StatusCode::CREATED);
    assert_eq!(inbox(&house, &teacher).await, Vec::<Value>::new(), "what may no longer be seen");
}
