//! For whom a record is held: a targeted directory, and one that a single authority runs by itself.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, HOSPITAL, House, SCHOOL, described, event, get, post, started};

/// Puts settings in force, proposed by one administrator of a national body and signed by another.
pub(crate) async fn in_force(house: &House, settings: Value) {
    let (first, second) = (house.national("first").await, house.national("second").await);
    house.step_up(&first).await;
    house.step_up(&second).await;
    let path = "/api/v1/policy/proposals";
    let proposed = house.answer(post(path, &json!({"settings": settings})).by(&first)).await.json();
    let sign = format!("{path}/{}/signature", proposed["proposal"]);
    let signed = house.answer(post(&sign, &json!({})).by(&second)).await;
    assert_eq!(signed.status, StatusCode::CREATED, "{signed:?}");
}

/// The ward's work with a child whom it describes, from a day on, until another.
fn ward(id: &str, involvement: &str, child: &Value, started_on: &str, ended_on: Option<&str>) -> Value {
    let data = json!({
        "child": child, "involvement_ref": involvement, "service_type": "hospital_inpatient",
        "team": "Ward 4", "contacts": [{"kind": "telephone", "use": "work", "value": "020 7946 0003"}],
        "started_on": started_on, "ended_on": ended_on
    });
    event(id, "involvement.started", &data)
}

fn ava(local_ref: &str) -> Value {
    json!({
        "local_ref": local_ref, "forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02",
        "gender": "female", "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}
    })
}

async fn found(house: &House, token: &str) -> Value {
    let criteria = json!({"forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02"});
    let body = json!({"criteria": criteria, "reason": "new_referral"});
    house.answer(post("/api/v1/searches", &body).by(token)).await.json()["outcome"].clone()
}

#[tokio::test]
async fn a_targeted_directory_holds_a_child_from_the_first_additional_involvement_until_a_year_after_the_last()
 {
    let house = House::new();
    in_force(&house, json!({"scope": "targeted"})).await;
    let roll = house.told(SCHOOL, &[described("d1", "ava"), started("i1", "ava", "inv-1")]).await;
    assert_eq!(roll[0]["problem"]["code"], "out_of_scope", "{roll:?}");
    assert_eq!(roll[1]["outcome"], "refused", "a school's roll opens nothing: {roll:?}");
    let practitioner = house.signed_in(Role::Practitioner, SCHOOL).await;
    assert_eq!(found(&house, &practitioner).await, "none");

    let opened =
        house.told(HOSPITAL, &[ward("w1", "w-1", &ava("h1"), "2026-11-02", Some("2026-11-20"))]).await;
    assert_eq!(opened[0]["outcome"], "recorded", "{opened:?}");
    house.settle();
    // What was refused is told again, now that there is a record: the same event, the same id.
    let again = house.told(SCHOOL, &[described("d1", "ava"), started("i1", "ava", "inv-1")]).await;
    assert!(again.iter().all(|outcome| outcome["outcome"] == "recorded"), "{again:?}");
    house.settle();
    assert_eq!(found(&house, &practitioner).await, "found");

    assert_eq!(house.directory.settle_scope().unwrap(), 0);
    house.pass(TimeDelta::days(366));
    assert_eq!(house.directory.settle_scope().unwrap(), 1);
    house.settle();
    assert_eq!(house.directory.settle_scope().unwrap(), 0, "once");
    house.someone("later", Role::Practitioner, SCHOOL);
    let a_year_later = house.sign_in("later").await;
    assert_eq!(found(&house, &a_year_later).await, "none", "the school's roll keeps no record open");
    let number = opened[0]["child_number"].as_str().unwrap();
    let look = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "new_referral"}));
    assert_eq!(house.answer(look.by(&a_year_later)).await.code(), "not_found");

    let back =
        house.told(HOSPITAL, &[ward("w2", "w-2", &json!({"local_ref": "h1"}), "2027-11-22", None)]).await;
    assert_eq!(back[0]["outcome"], "recorded", "{back:?}");
    house.settle();
    assert_eq!(found(&house, &a_year_later).await, "found");
}

#[tokio::test]
async fn a_directory_that_becomes_targeted_closes_what_it_no_longer_holds_and_one_that_becomes_universal_opens_it()
 {
    let house = House::new();
    house.ava().await;
    house.pass(TimeDelta::days(31));
    in_force(&house, json!({"scope": "targeted"})).await;
    assert_eq!(house.directory.settle_scope().unwrap(), 1);
    house.settle();
    let practitioner = house.signed_in(Role::Practitioner, SCHOOL).await;
    assert_eq!(found(&house, &practitioner).await, "none");
    let (third, fourth) = (house.national("third").await, house.national("fourth").await);
    house.step_up(&third).await;
    house.step_up(&fourth).await;
    let proposal = post("/api/v1/policy/proposals", &json!({"settings": {"scope": "universal"}}));
    let proposal = house.answer(proposal.by(&third)).await.json()["proposal"].clone();
    let sign = post(&format!("/api/v1/policy/proposals/{proposal}/signature"), &json!({}));
    assert_eq!(house.answer(sign.by(&fourth)).await.status, StatusCode::CREATED);
    assert_eq!(house.directory.settle_scope().unwrap(), 1);
    house.settle();
    assert_eq!(found(&house, &practitioner).await, "found");
}

#[tokio::test]
async fn one_authority_alone_answers_for_every_record_and_signs_its_own_policy() {
    let house = House::new();
    let far = house.far();
    let elsewhere = json!({
        "local_ref": "far", "forename": "Quentin", "surname": "Ashgrove", "date_of_birth": "2013-01-30",
        "gender": "male", "address": {"lines": ["1 Nowhere Row"], "town": "Leeds", "postcode": "LS1 1AA"}
    });
    let pooled = json!({"local_ref": "far2", "forename": "Odile", "surname": "Farthing", "date_of_birth": "2012-05-05",
        "gender": "female"});
    let unknown = house.national("zeroth").await;
    house.step_up(&unknown).await;
    let wrong = json!({"settings": {"single_authority": "gss:E99999999"}});
    let refused = house.answer(post("/api/v1/policy/proposals", &wrong).by(&unknown)).await;
    assert_eq!(refused.code(), "authority_unknown");
    in_force(&house, json!({"single_authority": AUTHORITY})).await;
    let told = house
        .told(
            far,
            &[
                event("d1", "child.described", &json!({"child": elsewhere})),
                event("d2", "child.described", &json!({"child": pooled})),
            ],
        )
        .await;
    house.settle();
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    for outcome in &told {
        let number = outcome["child_number"].as_str().unwrap();
        let look = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "data_quality"}));
        let record = house.answer(look.by(&team)).await.json();
        assert_eq!(record["record"]["responsible_authority"]["id"], AUTHORITY, "{record}");
        let moving = json!({"child_number": number, "to": far});
        let moved = house.answer(post("/api/v1/transfers", &moving).by(&team)).await;
        assert_eq!(moved.code(), "authority_unknown", "there is no other to move to");
    }
    house.someone("own", Role::Administrator, AUTHORITY);
    let own = house.sign_in("own").await;
    house.step_up(&own).await;
    let proposal = post("/api/v1/policy/proposals", &json!({"settings": {"brokering_minutes": 20}}));
    assert_eq!(house.answer(proposal.by(&own)).await.status, StatusCode::CREATED);
    assert_eq!(
        house.answer(get("/api/v1/policy").by(&own)).await.json()["settings"]["single_authority"],
        AUTHORITY
    );
}
