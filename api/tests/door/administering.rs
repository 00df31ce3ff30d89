//! The administrator's walk: from a first administrator to a suspension that bites and a date that runs out.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, Answer, House, PIN, SCHOOL, get, post};

const ACADEMY: &str = "urn:200001";
const PASSWORD: &str = "an invented password of her own";

async fn did(house: &House, token: &str, path: &str, body: &Value) -> Value {
    let answer = house.answer(post(path, body).by(token)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn refused(house: &House, token: &str, path: &str, body: &Value) -> (u16, String) {
    let answer = house.answer(post(path, body).by(token)).await;
    (answer.status.as_u16(), answer.code())
}

fn day(house: &House, ahead: i64) -> String {
    (house.directory.now() + TimeDelta::days(ahead)).date_naive().to_string()
}

/// Registers an academy of the authority, meets its conditions and accredits it for use.
async fn accredited(house: &House, administrator: &str) {
    let school = json!({"id": ACADEMY, "name": "Invented Academy", "kind": "school", "authority": AUTHORITY});
    did(house, administrator, "/api/v1/organisations", &school).await;
    let at = format!("/api/v1/organisations/{ACADEMY}");
    let accredit = json!({"until": day(house, 365), "participation": "use"});
    let early = refused(house, administrator, &format!("{at}/accreditation"), &accredit).await;
    assert_eq!(early, (409, "condition_unmet".to_owned()));
    let whole = house.answer(get(&at).by(administrator)).await.json();
    let conditions = whole["conditions"].as_array().unwrap();
    assert_eq!(conditions.len(), 28);
    for condition in conditions.iter().filter(|one| one["key"] == true && one["participation"] != "supply") {
        assert!(condition["says"].as_str().is_some_and(|says| says.ends_with('.')), "{condition}");
        let met = json!({
            "condition": condition["condition"], "met_on": day(house, -1), "valid_until": day(house, 300),
            "evidence": "EV 2026/17"
        });
        let said = did(house, administrator, &format!("{at}/conditions"), &met).await;
        assert_eq!(said["changed"], true, "{said}");
        let again = did(house, administrator, &format!("{at}/conditions"), &met).await;
        assert_eq!(again, json!({"changed": false}));
    }
    let unsigned = refused(house, administrator, &format!("{at}/accreditation"), &accredit).await;
    assert_eq!(unsigned, (403, "sharing_agreement_expired".to_owned()));
    let agreement = json!({"kind": "sharing", "version": 2, "until": day(house, 365)});
    did(house, administrator, &format!("{at}/agreements"), &agreement).await;
    did(house, administrator, &format!("{at}/accreditation"), &accredit).await;
    let stands = house.answer(get(&at).by(administrator)).await.json();
    assert_eq!((&stands["may_use"], &stands["may_supply"]), (&json!("good"), &json!("not_accredited")));
}

/// Takes a person through every gate but those left out, enrols them and answers id and seed.
async fn enrolled(house: &House, manager: &str, username: &str, role: &str) -> (String, String) {
    let new = json!({"username": username, "name": "Ngozi Okoro", "organisation": ACADEMY, "role": role});
    let id = did(house, manager, "/api/v1/users", &new).await["user_id"].as_str().unwrap().to_owned();
    let at = format!("/api/v1/users/{id}");
    for gate in ["eligible_role", "manager_authorisation", "agreement"] {
        did(house, manager, &format!("{at}/gates"), &json!({"gate": gate})).await;
    }
    let check = json!({"gate": "disclosure_check", "valid_until": day(house, 700)});
    did(house, manager, &format!("{at}/gates"), &check).await;
    let training = json!({"gate": "training", "valid_until": day(house, 20)});
    did(house, manager, &format!("{at}/gates"), &training).await;
    let early = refused(house, manager, &format!("{at}/activation"), &json!({})).await;
    assert_eq!(early, (422, "credentials_missing".to_owned()));
    let code = did(house, manager, &format!("{at}/enrolment"), &json!({})).await["code"].clone();
    let enrol = json!({"username": username, "code": code, "password": PASSWORD, "pin": PIN});
    let taken = house.answer(post("/api/v1/enrolments", &enrol)).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{taken:?}");
    let seed = taken.json()["totp_secret"].as_str().unwrap().to_owned();
    let twice = house.answer(post("/api/v1/enrolments", &enrol)).await;
    assert_eq!((twice.status.as_u16(), twice.code().as_str()), (401, "enrolment_refused"));
    let locked_out = sign_in(house, username, &seed).await;
    assert_eq!(locked_out.code(), "sign_in_refused", "it is not activated yet");
    did(house, manager, &format!("{at}/activation"), &json!({})).await;
    (id, seed)
}

async fn sign_in(house: &House, username: &str, seed: &str) -> Answer {
    house.pass(TimeDelta::seconds(60));
    let asked = json!({"username": username, "password": PASSWORD, "otp": house.code_of(seed)});
    house.answer(post("/api/v1/sessions", &asked)).await
}

async fn token(house: &House, username: &str, seed: &str) -> String {
    let answer = sign_in(house, username, seed).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

fn look(reason: &str) -> Value {
    json!({"reason": reason})
}

#[tokio::test]
async fn from_a_first_administrator_to_a_first_look_and_a_suspension_that_bites() {
    let house = House::new();
    let ava = house.ava().await;
    let administrator = house.signed_in(Role::Administrator, AUTHORITY).await;
    accredited(&house, &administrator).await;
    let (_, manager_seed) = enrolled(&house, &administrator, "head", "user_manager").await;
    let manager = token(&house, "head", &manager_seed).await;
    let (nurse, seed) = enrolled(&house, &manager, "n.okoro", "practitioner").await;
    let practitioner = token(&house, "n.okoro", &seed).await;
    let opening = format!("/api/v1/children/{ava}/accesses");
    let record = did(&house, &practitioner, &opening, &look("new_referral")).await;
    assert_eq!(record["record"]["names"][0]["surname"], "Lowe");

    // A suspension bites on the next request, and only the authority ends one on suspicion.
    let at = format!("/api/v1/users/{nurse}");
    did(&house, &manager, &format!("{at}/suspension"), &json!({"ground": "misuse_suspected"})).await;
    assert_eq!(
        refused(&house, &practitioner, &opening, &look("emergency")).await,
        (401, "token_invalid".to_owned())
    );
    let own = refused(&house, &manager, &format!("{at}/reinstatement"), &json!({})).await;
    assert_eq!(own, (403, "role_may_not_administer".to_owned()));
    let unproven = refused(&house, &administrator, &format!("{at}/reinstatement"), &json!({})).await;
    assert_eq!(unproven, (403, "step_up_missing".to_owned()));
    house.step_up(&administrator).await;
    did(&house, &administrator, &format!("{at}/reinstatement"), &json!({})).await;
    let back = token(&house, "n.okoro", &seed).await;
    did(&house, &back, &opening, &look("new_referral")).await;

    // So does the suspension of the whole organisation.
    let school = format!("/api/v1/organisations/{ACADEMY}");
    did(&house, &administrator, &format!("{school}/suspension"), &json!({"ground": "conditions_unmet"}))
        .await;
    for bitten in [&back, &manager] {
        assert_eq!(refused(&house, bitten, &opening, &look("emergency")).await.1, "token_invalid");
    }
}

#[tokio::test]
async fn a_training_that_runs_out_warns_then_leaves_the_urgent_reasons_and_then_nothing() {
    let house = House::new();
    let ava = house.ava().await;
    let administrator = house.signed_in(Role::Administrator, AUTHORITY).await;
    accredited(&house, &administrator).await;
    let (head, manager_seed) = enrolled(&house, &administrator, "head", "user_manager").await;
    let renewed = json!({"gate": "training", "valid_until": day(&house, 365)});
    did(&house, &administrator, &format!("/api/v1/users/{head}/gates"), &renewed).await;
    let (nurse, seed) = {
        let manager = token(&house, "head", &manager_seed).await;
        enrolled(&house, &manager, "n.okoro", "practitioner").await
    };
    let opening = format!("/api/v1/children/{ava}/accesses");
    for (days, warned, may) in [
        (0, "within_thirty_days", ["new_referral", "emergency"].as_slice()),
        (14, "within_seven_days", &["new_referral", "emergency"]),
        (7, "in_grace", &["emergency", "child_protection_enquiry"]),
        (3, "ran_out", &[]),
    ] {
        house.pass(TimeDelta::days(days));
        let manager = token(&house, "head", &manager_seed).await;
        let listed = house.answer(get("/api/v1/expiries").by(&manager)).await.json();
        let lines = listed["expiries"].as_array().unwrap();
        let line = lines.iter().find(|line| line["user_id"] == nurse.as_str()).unwrap();
        assert_eq!((&line["what"], &line["warning"]), (&json!("training"), &json!(warned)), "{line}");
        if warned == "ran_out" {
            assert_eq!(sign_in(&house, "n.okoro", &seed).await.code(), "sign_in_refused");
            continue;
        }
        let practitioner = token(&house, "n.okoro", &seed).await;
        for reason in ["new_referral", "emergency", "child_protection_enquiry"] {
            let answer = house.answer(post(&opening, &look(reason)).by(&practitioner)).await;
            let permitted = may.contains(&reason) || reason == "child_protection_enquiry";
            assert_eq!(answer.status == StatusCode::CREATED, permitted, "{warned} {reason}");
            if !permitted {
                assert_eq!(answer.code(), "training_expired");
            }
        }
        // What no grace leaves open: recording.
        let shield = json!({"child_number": ava, "ground": "domestic_abuse"});
        let answer = house.answer(post("/api/v1/shields", &shield).by(&practitioner)).await;
        assert_eq!(answer.status == StatusCode::CREATED, warned != "in_grace", "{warned}: {answer:?}");
        if warned == "in_grace" {
            assert_eq!(answer.code(), "training_expired");
        }
    }
}

#[tokio::test]
async fn a_lost_token_is_replaced_by_a_new_enrolment_which_ends_every_session() {
    let house = House::new();
    let administrator = house.signed_in(Role::Administrator, AUTHORITY).await;
    accredited(&house, &administrator).await;
    let (id, seed) = enrolled(&house, &administrator, "head", "user_manager").await;
    let session = token(&house, "head", &seed).await;
    let at = format!("/api/v1/users/{id}");
    let code = did(&house, &administrator, &format!("{at}/enrolment"), &json!({})).await["code"].clone();
    let still = house.answer(get("/api/v1/accesses").by(&session)).await;
    assert_eq!(still.status, StatusCode::OK, "a code alone ends nothing");
    house.pass(TimeDelta::seconds(1));
    let weak = json!({"username": "head", "code": code, "password": "short", "pin": PIN});
    assert_eq!(house.answer(post("/api/v1/enrolments", &weak)).await.code(), "password_weak");
    let row = json!({"username": "head", "code": code, "password": PASSWORD, "pin": "1234"});
    assert_eq!(house.answer(post("/api/v1/enrolments", &row)).await.code(), "pin_weak");
    let enrol = json!({"username": "head", "code": code, "password": PASSWORD, "pin": "9021"});
    assert_eq!(house.answer(post("/api/v1/enrolments", &enrol)).await.status, StatusCode::CREATED);
    assert_eq!(house.answer(get("/api/v1/accesses").by(&session)).await.code(), "token_invalid");
    assert_eq!(sign_in(&house, "head", &seed).await.code(), "sign_in_refused", "the old token is dead");
}

#[tokio::test]
async fn nobody_keeps_accounts_beyond_their_organisation_their_authority_or_their_role() {
    let house = House::new();
    let far = house.far();
    let administrator = house.signed_in(Role::Administrator, AUTHORITY).await;
    let manager = house.signed_in(Role::UserManager, SCHOOL).await;
    let own = house.person(Role::Practitioner, SCHOOL);
    let stranger = house.person(Role::PractitionerOverride, far);
    let new = |organisation: &str, role: &str| json!({"username": format!("{role}.new"), "name": "Jo Reed", "organisation": organisation, "role": role});
    let create = "/api/v1/users";
    let not_given = (403, "role_not_yours_to_give".to_owned());
    assert_eq!(refused(&house, &manager, create, &new(SCHOOL, "practitioner_override")).await, not_given);
    assert_eq!(refused(&house, &manager, create, &new(SCHOOL, "administrator")).await, not_given);
    let not_yours = (403, "organisation_not_yours".to_owned());
    assert_eq!(refused(&house, &manager, create, &new(AUTHORITY, "practitioner")).await, not_yours);
    assert_eq!(refused(&house, &administrator, create, &new(far, "practitioner")).await, not_yours);
    let taken =
        json!({"username": "practitioner", "name": "Jo", "organisation": SCHOOL, "role": "practitioner"});
    assert_eq!(refused(&house, &manager, create, &taken).await, (409, "username_taken".to_owned()));
    // Another's account reads like one that nobody has.
    for path in ["gates", "enrolment", "activation", "suspension", "reinstatement", "closure"] {
        let body = match path {
            "gates" => json!({"gate": "agreement"}),
            "suspension" => json!({"ground": "absent"}),
            _ => json!({}),
        };
        let unknown = (404, "not_found".to_owned());
        for account in [stranger.to_string(), "0190a3c4d5e67f8091a2b3c4d5e6f7ff".to_owned()] {
            let said = refused(&house, &manager, &format!("/api/v1/users/{account}/{path}"), &body).await;
            assert_eq!(said, unknown, "{path}");
        }
        let practitioner = format!("/api/v1/users/{own}/{path}");
        let said = refused(&house, &house.client(SCHOOL).await, &practitioner, &body).await;
        assert_eq!(said, (403, "acting_user_missing".to_owned()), "{path}");
    }
    let seen = house.answer(get(&format!("/api/v1/users/{stranger}")).by(&manager)).await;
    assert_eq!(seen.code(), "not_found");
    assert_eq!(
        house.answer(get(&format!("/api/v1/users/{own}")).by(&manager)).await.json()["username"],
        "practitioner"
    );
}

#[tokio::test]
async fn a_policy_is_in_force_once_two_administrators_of_a_national_body_signed_it() {
    let house = House::new();
    let local = house.signed_in(Role::Administrator, AUTHORITY).await;
    house.step_up(&local).await;
    let propose = json!({"settings": {"brokering_minutes": 20}});
    let path = "/api/v1/policy/proposals";
    assert_eq!(refused(&house, &local, path, &propose).await, (403, "role_may_not_administer".to_owned()));
    let (first, second) = (house.national("first").await, house.national("second").await);
    assert_eq!(refused(&house, &first, path, &propose).await, (403, "step_up_missing".to_owned()));
    house.step_up(&first).await;
    let proposed = did(&house, &first, path, &propose).await;
    assert_eq!(proposed["proposal"], 1);
    let sign = format!("{path}/1/signature");
    assert_eq!(refused(&house, &first, &sign, &json!({})).await, (403, "one_signer".to_owned()));
    house.step_up(&second).await;
    let wrong = format!("{path}/2/signature");
    assert_eq!(refused(&house, &second, &wrong, &json!({})).await, (409, "proposal_unknown".to_owned()));
    assert_eq!(did(&house, &second, &sign, &json!({})).await["version"], 1);
    let held = house.answer(get("/api/v1/policy").by(&local)).await.json();
    assert_eq!((&held["version"], &held["settings"]["brokering_minutes"]), (&json!(1), &json!(20)));
    assert_eq!(held["settings"]["grace_hours"], 72, "what was not named stays");
    for (settings, code) in
        [(json!({"colour": "red"}), "field_invalid"), (json!({"grace_hours": 97}), "setting_out_of_range")]
    {
        let asked = json!({"settings": settings});
        assert_eq!(refused(&house, &first, path, &asked).await.1, code);
    }
}

#[tokio::test]
async fn the_reasons_of_a_role_come_with_what_misuse_is() {
    let house = House::new();
    let practitioner = house.signed_in(Role::Practitioner, SCHOOL).await;
    let given = house.answer(get("/api/v1/reasons").by(&practitioner)).await.json();
    assert!(given["warning"].as_str().unwrap().contains("is an offence"), "{given}");
    let reasons = given["reasons"].as_array().unwrap();
    assert_eq!(reasons.len(), 8);
    assert!(reasons.contains(&json!({"reason": "emergency", "demands": "nothing", "urgent": true})));
    assert!(
        reasons
            .contains(&json!({"reason": "continuing_support", "demands": "own_open_entry", "urgent": false}))
    );
}
