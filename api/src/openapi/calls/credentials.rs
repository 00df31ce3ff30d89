//! Calls that add and retire what clients prove themselves by.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::openapi::shapes::{administration::Done, asked::Nothing, credentials as shape, words};

const TAG: &str = "Organisations";

const THUMBPRINT: &str = "c7a196355c0ce40233be8f4ffca601e73bda4a7ee346eb0f9a253acefd8eed1b";

pub(super) fn calls() -> Vec<Call> {
    let mut calls = vec![
        get("/api/v1/clients/{id}", "getClient")
            .says(TAG, "Read what a client proves itself by", "For those who read its organisation.")
            .by(Who::Person)
            .part::<words::ClientIdText>("id", "The client.")
            .gives::<shape::ClientShown>(
                200,
                "The client.",
                json!({
                    "client_id": "client-0190a3c4d5e67f80", "organisation": "ods:RAL01",
                    "credentials": [
                        {"kind": "key", "id": "2026-11", "algorithm": "EdDSA", "state": "ending",
                         "retired_from": "2026-12-01T00:00:00Z"},
                        {"kind": "key", "id": "2026-12", "algorithm": "EdDSA", "state": "good"}
                    ]
                }),
            ),
    ];
    calls.extend(added());
    calls.extend(retired());
    calls
}

fn added() -> Vec<Call> {
    let at = |path, name| post(path, name).by(Who::Person).part::<words::ClientIdText>("id", "The client.");
    vec![
        at("/api/v1/clients/{id}/keys", "addClientKey")
            .says(TAG, "Let a client sign by a key", "Beside those it has, four at once; neither name nor key returns once it was retired. Its algorithm is pinned to it.")
            .takes::<shape::NewKey>(json!({
                "public_key": "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
                "kid": "2026-12", "algorithm": "EdDSA"
            }))
            .gives::<shape::CredentialAdded>(201, "Added.", json!({"id": "2026-12", "changed": true, "position": 81245})),
        at("/api/v1/clients/{id}/secrets", "addClientSecret")
            .says(TAG, "Give a client another secret", "Beside the one it has; two at once, shown once.")
            .takes::<Nothing>(json!({}))
            .gives::<shape::SecretShownOnce>(201, "The secret.", json!({"number": 2, "client_secret": "…", "position": 81245})),
        at("/api/v1/clients/{id}/certificates", "bindClientCertificate")
            .says(TAG, "Bind a client to a certificate", "From then on it connects with one of its certificates, for ever, and its tokens are good beside the one they were got over (RFC 8705).")
            .takes::<shape::NewCertificate>(json!({"certificate": "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"}))
            .gives::<shape::CredentialAdded>(201, "Bound.", json!({"id": THUMBPRINT, "changed": true, "position": 81245})),
    ]
}

fn retired() -> Vec<Call> {
    let at = |path, name, summary| {
        post(path, name)
            .says(TAG, summary, "With every token that was got by it, from then on; it never returns.")
            .by(Who::Person)
            .part::<words::ClientIdText>("id", "The client.")
            .takes::<shape::Retirement>(json!({"retired_from": "2026-12-01T00:00:00Z"}))
            .gives::<Done>(201, "Retired.", json!({"changed": true, "position": 81245}))
    };
    vec![
        at("/api/v1/clients/{id}/keys/{kid}/retirement", "retireClientKey", "Retire a client's key")
            .part::<words::KeyNameText>("kid", "The key's name."),
        at(
            "/api/v1/clients/{id}/secrets/{number}/retirement",
            "retireClientSecret",
            "Retire a client's secret",
        )
        .part::<words::SecretNumberText>("number", "The how manieth secret it is."),
        at(
            "/api/v1/clients/{id}/certificates/{thumbprint}/retirement",
            "retireClientCertificate",
            "Retire a client's certificate",
        )
        .part::<words::ThumbprintText>("thumbprint", "The certificate's SHA-256, in hexadecimal digits."),
    ]
}
