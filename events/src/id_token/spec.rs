//! Specs of ID tokens: every claim that can be wrong is refused, and only what is named counts as strong.

use serde_json::{Value, json};

use super::*;
use crate::spec::NOW;

const ISSUER: &str = "https://login.haringey.example/staff";

fn at(seconds: i64) -> i64 {
    NOW.timestamp() + seconds
}

fn strong() -> Strong {
    Strong { acr: ["aal2".to_owned()].into(), amr: ["mfa".to_owned(), "hwk".to_owned()].into() }
}

fn judged(changes: &Value) -> Result<Strength, Fault> {
    judged_by(changes, &strong())
}

fn judged_by(changes: &Value, strong: &Strong) -> Result<Strength, Fault> {
    let mut claims = json!({
        "iss": ISSUER, "sub": "248289761001", "aud": "contactpoint", "exp": at(300), "iat": at(0),
        "nonce": "n-0S6", "acr": "aal2", "email": "somebody@haringey.example"
    });
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    let claims: IdTokenClaims = serde_json::from_value(claims).map_err(|_| Fault::Malformed)?;
    let asked_at = NOW - chrono::TimeDelta::seconds(60);
    let expected = Expected { issuer: ISSUER, client_id: "contactpoint", nonce: "n-0S6", asked_at, strong };
    claims.judge(&expected, NOW)
}

#[test]
fn every_claim_that_can_be_wrong_is_refused() {
    let table = [
        (json!({"iss": "https://login.haringey.example/staff/"}), Fault::Issuer),
        (json!({"iss": "https://login.camden.example/staff"}), Fault::Issuer),
        (json!({"aud": "another"}), Fault::Audience),
        (json!({"aud": []}), Fault::Audience),
        (json!({"aud": ["contactpoint", "another"]}), Fault::Audience),
        (json!({"aud": ["contactpoint", "another"], "azp": "contactpoint"}), Fault::Audience),
        (json!({"azp": "another"}), Fault::Audience),
        (json!({"nonce": "another"}), Fault::Nonce),
        (json!({"nonce": ""}), Fault::Nonce),
        (json!({"exp": at(-SKEW_SECONDS)}), Fault::Expired),
        (json!({"exp": i64::MIN}), Fault::Expired),
        (json!({"iat": at(SKEW_SECONDS + 1)}), Fault::NotYet),
        (json!({"nbf": at(SKEW_SECONDS + 1)}), Fault::NotYet),
        (json!({"iat": at(-60 - SKEW_SECONDS - 1)}), Fault::IssuedBefore),
        (json!({"auth_time": at(SKEW_SECONDS + 1)}), Fault::SignedInWhen),
        (json!({"auth_time": at(-12 * 3_600 - SKEW_SECONDS - 1)}), Fault::SignedInWhen),
        (json!({"sub": ""}), Fault::Malformed),
        (json!({"sub": "x".repeat(256)}), Fault::Malformed),
        (json!({"sub": "zoë"}), Fault::Malformed),
        (json!({"amr": vec!["mfa"; 33]}), Fault::Malformed),
        (json!({"amr": "mfa"}), Fault::Malformed),
        (json!({"acrs": vec!["c1"; 33]}), Fault::Malformed),
        (json!({"exp": "soon"}), Fault::Malformed),
    ];
    for (changes, fault) in table {
        assert_eq!(judged(&changes), Err(fault), "{changes}");
    }
    for missing in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        assert_eq!(judged(&json!({missing: null})), Err(Fault::Malformed), "{missing}");
    }
}

#[test]
fn what_is_right_is_believed_to_the_last_second_of_two_clocks() {
    let fine = [
        json!({}),
        json!({"aud": ["contactpoint"], "azp": "contactpoint"}),
        json!({"exp": at(1 - SKEW_SECONDS)}),
        json!({"iat": at(SKEW_SECONDS)}),
        json!({"iat": at(-60 - SKEW_SECONDS)}),
        json!({"auth_time": at(-12 * 3_600)}),
        json!({"iat": 1_780_000_000.5_f64, "exp": i64::MAX}),
    ];
    for changes in &fine[..6] {
        assert_eq!(judged(changes), Ok(Strength::Strong), "{changes}");
    }
    // A fraction of a second is no fault of form.
    assert_ne!(judged(&fine[6]), Err(Fault::Malformed));
}

#[test]
fn a_sign_in_is_strong_by_one_value_that_is_named_and_by_no_other() {
    let table = [
        (json!({"acr": "aal2"}), Strength::Strong),
        (json!({"acr": "aal1"}), Strength::Weak),
        (json!({"acr": "AAL2"}), Strength::Weak),
        (json!({"acr": null}), Strength::Weak),
        (json!({"acr": null, "amr": ["pwd"]}), Strength::Weak),
        (json!({"acr": null, "amr": ["pwd", "mfa"]}), Strength::Strong),
        (json!({"acr": "aal1", "amr": ["hwk"]}), Strength::Strong),
        (json!({"acr": null, "acrs": ["c1", "aal2"]}), Strength::Strong),
        (json!({"acr": null, "acrs": ["c1", "mfa"]}), Strength::Weak),
        // A class is no method, nor the other way round.
        (json!({"acr": "mfa", "amr": ["aal2"]}), Strength::Weak),
    ];
    for (changes, strength) in table {
        assert_eq!(judged(&changes), Ok(strength), "{changes}");
        assert_eq!(judged_by(&changes, &Strong::default()), Ok(Strength::Weak), "{changes}");
    }
}

#[test]
fn an_access_token_or_a_logout_token_is_no_id_token() {
    for typ in [None, Some("JWT"), Some("jwt"), Some("application/jwt")] {
        assert!(is_id_token(typ), "{typ:?}");
    }
    for typ in ["at+jwt", "logout+jwt", "acting-user+jwt", "secevent+jwt", ""] {
        assert!(!is_id_token(Some(typ)), "{typ}");
    }
}

#[test]
fn what_a_provider_said_of_a_person_never_prints() {
    let claims = json!({
        "iss": ISSUER, "sub": "248289761001", "aud": "contactpoint", "exp": 1, "iat": 1, "nonce": "n-0S6"
    });
    let claims: IdTokenClaims = serde_json::from_value(claims).unwrap();
    assert_eq!(format!("{claims:?}"), "IdTokenClaims(..)");
}
