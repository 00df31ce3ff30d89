//! Calls about the server itself: signing in, health, the ledger, the document.

use serde_json::{Value, json};
use utoipa::openapi::{
    Content, ContentBuilder, ObjectBuilder,
    schema::{SchemaType, Type},
};

use super::{Call, Who, content, get, post};
use crate::{
    identify::sessions::{SignIn, StepUp},
    openapi::shapes::{administration, asked, operations, shown, words},
};

const IDENTIFICATION: &str = "Identification";
const SERVER: &str = "Server";

pub(super) fn calls() -> Vec<Call> {
    let mut calls = identification();
    calls.extend(server());
    calls
}

fn identification() -> Vec<Call> {
    let refused = json!({"error": "invalid_client", "error_description": "prove who you are by id and secret as HTTP Basic, or by client_assertion"});
    vec![
        post("/oauth/token", "getToken")
            .says(IDENTIFICATION, "Get a client's token", "RFC 6749 client_credentials with client_secret_basic or private_key_jwt (RFC 7523); ten minutes. A client bound to a certificate asks over a connection that shows it, and the token is good beside it only (RFC 8705). A token goes with the secret or key it was got by, and whatever was wrong, the answer is the same. An expiry in mid-stream does not cut the stream.")
            .by(Who::Secret)
            .takes_as("application/x-www-form-urlencoded", content::<asked::TokenAsked>(json!({
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": "eyJhbGciOiJFUzI1NiIsImtpZCI6IjIwMjYtMTEifQ.eyJpc3MiOiJjbGllbnQt…"
            })))
            .needing::<asked::TokenAsked>()
            .gives::<shown::TokenGiven>(200, "The token.", json!({"access_token": "…", "token_type": "Bearer", "expires_in": 600}))
            .gives::<shown::TokenRefused>(400, "No such grant.", json!({"error": "unsupported_grant_type", "error_description": "grant_type is client_credentials"}))
            .gives::<shown::TokenRefused>(401, "Not proven to be a client.", refused),
        post("/api/v1/sessions", "signIn")
            .says(IDENTIFICATION, "Sign in", "User name, password and one-time code; a code is taken once.")
            .takes::<SignIn>(json!({"username": "jo.reed", "password": "…", "otp": "123456"}))
            .gives::<shown::Session>(201, "The token.", json!({
                "token": "…", "expires_at": "2026-11-20T19:00:00Z", "role": "practitioner", "organisation": "gss:E09000014",
                "device": "…"
            })),
        post("/api/v1/sessions/end", "endSession")
            .says(IDENTIFICATION, "Sign out", "The token is good no longer. A session also ends after an hour without a request, after ten hours, and when a fourth begins.")
            .by(Who::Person)
            .takes::<asked::Nothing>(json!({}))
            .gives::<administration::SessionEnded>(200, "It has ended.", json!({"ended": true})),
        post("/api/v1/sessions/step_up", "stepUp")
            .says(IDENTIFICATION, "Give the PIN again", "Or what a passkey signed in its place, over a challenge of `/api/v1/sessions/step_up/challenge`: one of the two. Holds for five minutes.")
            .by(Who::Person)
            .takes::<StepUp>(json!({"pin": "0000"}))
            .gives::<shown::SteppedUp>(200, "Until when it holds.", json!({"stepped_up_until": "2026-11-20T09:05:00Z"})),
    ]
}

fn server() -> Vec<Call> {
    vec![
        get("/livez", "isAlive").says(SERVER, "Tell whether the process answers", "").gives::<shown::Health>(
            200,
            "It does.",
            json!({"status": "ok"}),
        ),
        get("/readyz", "isReady")
            .says(SERVER, "Tell whether requests are served", "")
            .gives::<shown::Health>(
                200,
                "They are.",
                json!({"status": "ok", "position": 81240, "read_models": 81240}),
            ),
        get("/version", "getVersion").says(SERVER, "Tell what runs", "").gives::<shown::Version>(
            200,
            "The version.",
            json!({"name": "contactpoint", "version": "0.1.0"}),
        ),
        get("/problems/{code}", "getProblem")
            .says(SERVER, "Tell what a code means", "The `type` of every problem leads here.")
            .part::<words::Code>("code", "The code.")
            .gives_as(
                200,
                "What it means.",
                "text/plain",
                text("field_unknown\n\nA field is not known here; leave it out, or correct its name.\n"),
            ),
        get("/api/v1/openapi.json", "getOpenApi").says(SERVER, "Read this document", "").gives_as(
            200,
            "OpenAPI 3.1.",
            "application/json",
            anything(json!({"openapi": "3.1.0"})),
        ),
        get("/api/v1/operations", "getOperations")
            .says(SERVER, "Tell how far each read model has come", "For operators; and how old the newest backup is.")
            .by(Who::Person)
            .gives::<operations::Operations>(200, "How the server stands.", json!({
                "head": 81262, "read_models": [{"name": "child_record.v10", "position": 81262}],
                "backup": {"at": "2026-11-20T02:00:00Z", "records": 80115, "keys": true}
            })),
        get("/api/v1/operations/headers", "listHeaders")
            .says(SERVER, "List the records of the log by their headers", "For operators, oldest first, fifty a page: place, kind, time and size; nothing of a payload, nor whom it is about.")
            .by(Who::Person)
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<operations::Headers>(200, "A page.", json!({
                "headers": [{"position": 1, "revision": 1, "kind": "organisation", "recorded_at": "2026-11-20T09:00:00Z", "schema": 1, "bytes": 208}]
            })),
        get("/api/v1/ledger/checkpoint", "getCheckpoint")
            .says(
                "Ledger",
                "Read the newest signed checkpoint",
                "A C2SP signed note over the tree of the log.",
            )
            .gives_as(
                200,
                "The note.",
                "text/plain",
                text("contactpoint.example/log\n81240\n…\n\n— contactpoint.example/log …\n"),
            ),
        get("/api/v1/ledger/tile/{path}", "getTile")
            .says("Ledger", "Read a tile of the tree", "C2SP tlog-tiles; leaf hashes only.")
            .part::<words::TilePath>("path", "As tlog-tiles names it, below `tile/`.")
            .gives_as(
                200,
                "The hashes of the tile.",
                "application/octet-stream",
                bytes("application/octet-stream"),
            ),
    ]
}

fn text(example: &str) -> Content {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    ContentBuilder::new().schema(Some(text)).example(Some(Value::String(example.to_owned()))).build()
}

fn anything(example: Value) -> Content {
    let object = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Object));
    ContentBuilder::new().schema(Some(object)).example(Some(example)).build()
}

pub(super) fn bytes(media_type: &str) -> Content {
    let bytes =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).content_media_type(media_type);
    ContentBuilder::new().schema(Some(bytes)).build()
}
