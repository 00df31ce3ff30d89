//! Specs of assertions: every claim that can be wrong is refused, and neither kind stands for the other.

use serde_json::{Value, json};

use super::*;
use crate::spec::NOW;

const TOKEN: &str = "https://directory.example/oauth/token";
const DOOR: &str = "https://directory.example/api/v1";

fn client() -> ClientId {
    ClientId("client-1".to_owned())
}

fn at(seconds: i64) -> i64 {
    NOW.timestamp() + seconds
}

fn with(mut claims: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims.as_object_mut().unwrap().insert(name.clone(), value.clone());
        }
    }
    claims
}

fn token(changes: &Value) -> Result<(), Fault> {
    let claims = json!({
        "iss": "client-1", "sub": "client-1", "aud": TOKEN, "iat": at(0), "nbf": at(0), "exp": at(300),
        "jti": "1"
    });
    let claims: TokenClaims = serde_json::from_value(with(claims, changes)).map_err(|_| Fault::Malformed)?;
    claims.judge(&client(), TOKEN, NOW)
}

fn acting(changes: &Value) -> Result<DateTime<Utc>, Fault> {
    let claims = json!({
        "iss": "client-1", "sub": "n.okoro", "aud": DOOR, "iat": at(0), "exp": at(300), "auth_time": at(-600),
        "amr": ["pwd", "otp"]
    });
    let claims: ActingUserClaims =
        serde_json::from_value(with(claims, changes)).map_err(|_| Fault::Malformed)?;
    claims.judge(&client(), DOOR, NOW)
}

#[test]
fn an_assertion_for_a_token_is_of_its_client_for_this_server_and_for_now() {
    let table = [
        (json!({}), Ok(())),
        (json!({"iat": null, "nbf": null}), Ok(())),
        (json!({"aud": [TOKEN]}), Ok(())),
        (json!({"exp": 0.5 + f64::from(i32::try_from(at(300)).unwrap())}), Ok(())),
        (json!({"scope": "everything"}), Ok(())),
        (json!({"iss": "client-2"}), Err(Fault::Issuer)),
        (json!({"sub": "client-2"}), Err(Fault::Issuer)),
        (json!({"iss": "client-2", "sub": "client-2"}), Err(Fault::Issuer)),
        (json!({"aud": DOOR}), Err(Fault::Audience)),
        (json!({"aud": "https://other.example/oauth/token"}), Err(Fault::Audience)),
        (json!({"aud": [TOKEN, "https://other.example"]}), Err(Fault::Audience)),
        (json!({"aud": []}), Err(Fault::Audience)),
        (json!({"exp": at(0)}), Err(Fault::Expired)),
        (json!({"exp": at(1), "iat": at(-299)}), Ok(())),
        (json!({"exp": at(1), "iat": at(-300)}), Err(Fault::LivesTooLong)),
        (json!({"exp": at(301)}), Err(Fault::LivesTooLong)),
        (json!({"exp": at(360), "iat": at(60)}), Ok(())),
        (json!({"exp": at(361), "iat": null}), Err(Fault::LivesTooLong)),
        (json!({"exp": i64::MAX, "iat": i64::MIN}), Err(Fault::LivesTooLong)),
        (json!({"iat": at(60)}), Ok(())),
        (json!({"iat": at(61)}), Err(Fault::NotYet)),
        (json!({"nbf": at(61)}), Err(Fault::NotYet)),
        (json!({"jti": ""}), Err(Fault::Malformed)),
        (json!({"jti": "j".repeat(257)}), Err(Fault::Malformed)),
    ];
    for (changes, verdict) in table {
        assert_eq!(token(&changes), verdict, "{changes}");
    }
    for missing in ["iss", "sub", "aud", "exp", "jti"] {
        assert_eq!(token(&json!({missing: null})), Err(Fault::Malformed), "{missing}");
    }
    for (name, value) in
        [("exp", json!("soon")), ("exp", json!(1e300)), ("jti", json!(7)), ("aud", json!({}))]
    {
        assert_eq!(token(&json!({name: value})), Err(Fault::Malformed), "{name}");
    }
}

/// Rules.md 5.4.
#[test]
fn an_acting_user_signed_in_at_most_12_hours_ago_and_by_something() {
    let signed_in = |seconds| DateTime::from_timestamp(at(seconds), 0).unwrap();
    let half_a_day = SIGNED_IN_HOURS * 3_600;
    let table = [
        (json!({}), Ok(signed_in(-600))),
        (json!({"auth_time": at(-half_a_day)}), Ok(signed_in(-half_a_day))),
        (json!({"auth_time": at(-half_a_day - 1)}), Err(Fault::SignedInWhen)),
        (json!({"auth_time": at(60)}), Ok(signed_in(60))),
        (json!({"auth_time": at(61)}), Err(Fault::SignedInWhen)),
        (json!({"auth_time": i64::MAX}), Err(Fault::SignedInWhen)),
        (json!({"amr": []}), Err(Fault::Malformed)),
        (json!({"amr": vec!["pwd"; 9]}), Err(Fault::Malformed)),
        (json!({"amr": ["telepathy"]}), Err(Fault::Malformed)),
        (json!({"iss": "client-2"}), Err(Fault::Issuer)),
        (json!({"aud": TOKEN}), Err(Fault::Audience)),
        (json!({"exp": at(0)}), Err(Fault::Expired)),
        (json!({"exp": at(301)}), Err(Fault::LivesTooLong)),
        (json!({"iat": at(61), "exp": at(300)}), Err(Fault::NotYet)),
        (json!({"nbf": at(61)}), Err(Fault::NotYet)),
    ];
    for (changes, verdict) in table {
        assert_eq!(acting(&changes), verdict, "{changes}");
    }
    for missing in ["iss", "sub", "aud", "exp", "iat", "auth_time", "amr"] {
        assert_eq!(acting(&json!({missing: null})), Err(Fault::Malformed), "{missing}");
    }
}

#[test]
fn neither_kind_is_of_the_others_type() {
    for typ in [None, Some("JWT"), Some("jwt"), Some("application/client-authentication+jwt")] {
        assert!(is_for_token(typ) && !is_for_acting_user(typ), "{typ:?}");
    }
    for typ in [Some("acting-user+jwt"), Some("application/acting-user+JWT")] {
        assert!(is_for_acting_user(typ) && !is_for_token(typ), "{typ:?}");
    }
    for typ in [Some(""), Some("at+jwt"), Some("JOSE")] {
        assert!(!is_for_acting_user(typ) && !is_for_token(typ), "{typ:?}");
    }
}

#[test]
fn an_assertion_without_an_instant_of_issue_may_be_as_old_as_one_can_be() {
    let read = |claims: Value| serde_json::from_value::<TokenClaims>(claims).unwrap().issued_from();
    let bare = json!({"iss": "c", "sub": "c", "aud": TOKEN, "exp": at(60), "jti": "1"});
    assert_eq!(read(bare.clone()), at(60 - LIFE_SECONDS));
    assert_eq!(read(with(bare, &json!({"iat": at(-5)}))), at(-5));
}
