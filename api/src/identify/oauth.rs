//! `POST /oauth/token`: what a client proves itself by, for a bearer token of ten minutes.
//!
//! A secret (`client_secret_basic`), or an assertion that it signed (`private_key_jwt`), and beside either a
//! certificate where the client is bound to one. Whatever was wrong, the answer is the same; the operator's log
//! says which it was. Source: RFC 6749 sections 2.3.1, 4.4 and 5; RFC 7523; RFC 8705; contract.md section 2.

use std::sync::Arc;

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use directory::ClientIdentity;
use events::organisation::client::Proof;
use serde::{Deserialize, Serialize};
use vocabulary::ClientId;

use super::{Holder, Owner, shown};
use crate::{door::Door, limits::Subject};

/// How long a client's token is good (contract.md section 2).
const MINUTES: i64 = 10;

/// What kind of assertion is taken (RFC 7523 section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What is said to whoever proves nothing, whatever they sent.
const PROVE: &str = "prove who you are by id and secret as HTTP Basic, or by client_assertion";

#[derive(Deserialize)]
pub(crate) struct Asked {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
}

#[derive(Serialize)]
struct Given {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
}

/// An error as RFC 6749 section 5.2 writes it.
#[derive(Serialize)]
struct Refused {
    error: &'static str,
    error_description: &'static str,
}

/// Gives a client its token.
pub(crate) async fn token(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    extensions: Extensions,
    form: Result<Form<Asked>, FormRejection>,
) -> Response {
    let Ok(Form(asked)) = form else { return invalid("send grant_type as a form") };
    match asked.grant_type.as_deref() {
        Some("client_credentials") => (),
        Some(_) => {
            let why = "grant_type is client_credentials";
            return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", why);
        }
        None => return invalid("grant_type is missing"),
    }
    if asked.client_assertion.is_some() && headers.contains_key(header::AUTHORIZATION) {
        return invalid("send a secret or an assertion, not both");
    }
    let Some((client, proof)) = proven(&door, &headers, &extensions, &asked) else {
        if let Err(problem) = door.limits.unproven() {
            return problem.into_response();
        }
        let mut response = refused(StatusCode::UNAUTHORIZED, "invalid_client", PROVE);
        let basic = HeaderValue::from_static("Basic realm=\"contactpoint\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        return response;
    };
    let client = client.sender.client;
    if let Err(problem) = door.limits.request(&Subject::Client(client.clone())) {
        return problem.into_response();
    }
    let certificate = shown(&extensions).copied().filter(|_| door.directory.is_bound(&client));
    let now = door.directory.now();
    let lasts = Duration::minutes(MINUTES);
    let token = door.tokens.issue(Owner::Client(Holder { client, proof, certificate }), now, now + lasts);
    let given = Given { access_token: token.0, token_type: "Bearer", expires_in: lasts.num_seconds() };
    no_store(Json(given).into_response())
}

/// The client that was proven, and by what.
fn proven(
    door: &Door,
    headers: &HeaderMap,
    extensions: &Extensions,
    asked: &Asked,
) -> Option<(ClientIdentity, Proof)> {
    let shown = shown(extensions);
    let proven = match &asked.client_assertion {
        None => {
            let (id, secret) = basic(headers)?;
            door.directory.client_by_secret(&id, &secret, shown)?
        }
        Some(_) if asked.client_assertion_type.as_deref() != Some(JWT_BEARER) => return None,
        Some(assertion) => {
            let audience = door.settings.token_audience();
            door.directory.client_by_assertion(assertion, &audience, shown).ok()?
        }
    };
    // RFC 7521 section 4.2: where the client names itself beside, it is the one it proved to be.
    let itself = asked.client_id.as_ref().is_none_or(|id| *id == proven.0.sender.client.0);
    itself.then_some(proven)
}

fn basic(headers: &HeaderMap) -> Option<(ClientId, String)> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((ClientId(id.to_owned()), secret.to_owned()))
}

fn invalid(error_description: &'static str) -> Response {
    refused(StatusCode::BAD_REQUEST, "invalid_request", error_description)
}

fn refused(status: StatusCode, error: &'static str, error_description: &'static str) -> Response {
    no_store((status, Json(Refused { error, error_description })).into_response())
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
