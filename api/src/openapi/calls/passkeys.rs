//! Calls about passkeys: registering them, signing in and stepping up by them.

use serde_json::{Value, json};

use super::{Call, Who, get, post};
use crate::{
    http::passkeys::NewPasskey,
    identify::passkeys::{PasskeyAsked, PasskeySignIn},
    openapi::shapes::{administration, asked, passkeys as shape, shown, words},
};

const IDENTIFICATION: &str = "Identification";

const PASSKEY: &str = "aW52ZW50ZWQtcGFzc2tleS0x";

pub(super) fn calls() -> Vec<Call> {
    let mut calls = signing();
    calls.extend(keeping());
    calls
}

fn signing() -> Vec<Call> {
    let asking = json!({
        "options": {
            "challenge": "…", "timeout": 120_000, "rpId": "directory.example",
            "allowCredentials": [{"type": "public-key", "id": PASSKEY}], "userVerification": "required"
        },
        "expires_at": "2026-11-20T09:02:00Z"
    });
    vec![
        post("/api/v1/sessions/passkey/challenge", "askPasskeySignIn")
            .says(IDENTIFICATION, "Ask to sign in by a passkey", "Hand `options` to `PublicKeyCredential.parseRequestOptionsFromJSON` and its result to `navigator.credentials.get`. A name that nobody has, and one without a passkey, is answered with invented ids that stay the same.")
            .takes::<PasskeyAsked>(json!({"username": "jo.reed"}))
            .gives::<shape::SigningAsked>(201, "What the browser is asked to sign, once, within two minutes.", asking.clone()),
        post("/api/v1/sessions/passkey", "signInByPasskey")
            .says(IDENTIFICATION, "Sign in by a passkey", "The authenticator has asked for its PIN, finger or face, so that the session is stepped up for five minutes. Whatever was wrong, the answer is the same. It ends when the passkey is removed.")
            .takes::<PasskeySignIn>(json!({"passkey": signed()}))
            .gives::<shown::Session>(201, "The token.", json!({
                "token": "…", "expires_at": "2026-11-20T19:00:00Z", "role": "practitioner", "organisation": "gss:E09000014",
                "device": "…", "stepped_up_until": "2026-11-20T09:05:00Z"
            })),
        post("/api/v1/sessions/step_up/challenge", "askPasskeyStepUp")
            .says(IDENTIFICATION, "Ask to step up by a passkey", "In place of the PIN; the list is empty for whoever has no passkey.")
            .by(Who::Person)
            .takes::<asked::Nothing>(json!({}))
            .gives::<shape::SigningAsked>(201, "What the browser is asked to sign, once, within two minutes.", asking),
    ]
}

fn keeping() -> Vec<Call> {
    let done = json!({"changed": true, "position": 81244});
    vec![
        get("/api/v1/passkeys", "listPasskeys")
            .says(IDENTIFICATION, "List one's own passkeys", "")
            .by(Who::Person)
            .gives::<shape::Passkeys>(200, "At most five.", json!({
                "passkeys": [{"id": PASSKEY, "registered_at": "2026-11-20T09:00:00Z"}]
            })),
        post("/api/v1/passkeys/registration", "askForPasskey")
            .says(IDENTIFICATION, "Ask for a passkey to be made", "Needs the PIN, or another passkey, within the last five minutes. Hand `options` to `PublicKeyCredential.parseCreationOptionsFromJSON` and its result to `navigator.credentials.create`.")
            .by(Who::Person)
            .takes::<asked::Nothing>(json!({}))
            .gives::<shape::MakingAsked>(201, "What the browser is asked to make, once, within two minutes.", json!({
                "options": {
                    "rp": {"id": "directory.example", "name": "Contactpoint"},
                    "user": {"id": "AZCjxNXmf4CRorPE1eb3EQ", "name": "jo.reed", "displayName": "jo.reed"},
                    "challenge": "…",
                    "pubKeyCredParams": [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}],
                    "timeout": 120_000, "excludeCredentials": [],
                    "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
                    "attestation": "none"
                },
                "expires_at": "2026-11-20T09:02:00Z"
            })),
        post("/api/v1/passkeys", "registerPasskey")
            .says(IDENTIFICATION, "Register the passkey that was made", "Send what `navigator.credentials.create` gave, by its `toJSON`. Of an account at most five; enrolling anew ends them all.")
            .by(Who::Person)
            .takes::<NewPasskey>(json!({"passkey": made()}))
            .gives::<administration::Done>(201, "Registered.", done.clone()),
        post("/api/v1/passkeys/{id}/removal", "removePasskey")
            .says(IDENTIFICATION, "Remove one of one's own passkeys", "The sessions that it began end with it.")
            .by(Who::Person)
            .part::<words::PasskeyId>("id", "The passkey.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<administration::Done>(201, "Removed.", done.clone()),
        post("/api/v1/users/{id}/passkeys/{passkey}/removal", "removeUserPasskey")
            .says("People", "Remove a passkey of an account", "By whoever may hand out its enrolment code, as when a security key was lost. The sessions that it began end with it.")
            .by(Who::Person)
            .part::<words::Id>("id", "The account.")
            .part::<words::PasskeyId>("passkey", "The passkey.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<administration::Done>(201, "Removed.", done),
    ]
}

fn made() -> Value {
    json!({
        "id": PASSKEY,
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0", "authenticatorData": "c2FpZA",
            "publicKey": "MCowBQYDK2VwAyEA", "publicKeyAlgorithm": -8
        }
    })
}

fn signed() -> Value {
    json!({
        "id": PASSKEY,
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "authenticatorData": "c2FpZA", "signature": "c2lnbmVk"
        }
    })
}
