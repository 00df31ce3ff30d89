//! `POST /oauth/token`: a client's id and secret for a bearer token of ten minutes.
//!
//! Source: RFC 6749 sections 2.3.1, 4.4 and 5; contract.md section 2.

use std::sync::Arc;

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use vocabulary::ClientId;

use super::Owner;
use crate::door::Door;

/// How long a client's token is good (contract.md section 2).
const MINUTES: i64 = 10;

#[derive(Deserialize)]
pub(crate) struct Asked {
    grant_type: Option<String>,
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
    form: Result<Form<Asked>, FormRejection>,
) -> Response {
    if let Err(problem) = door.limits.sign_in() {
        return problem.into_response();
    }
    let Ok(Form(asked)) = form else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", "send grant_type as a form");
    };
    match asked.grant_type.as_deref() {
        Some("client_credentials") => (),
        Some(_) => {
            let why = "grant_type is client_credentials";
            return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", why);
        }
        None => return refused(StatusCode::BAD_REQUEST, "invalid_request", "grant_type is missing"),
    }
    let client = basic(&headers).and_then(|(id, secret)| door.directory.client_by_secret(&id, &secret));
    let Some(client) = client else {
        let why = "send id and secret of a client as HTTP Basic";
        let mut response = refused(StatusCode::UNAUTHORIZED, "invalid_client", why);
        let basic = HeaderValue::from_static("Basic realm=\"contactpoint\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        return response;
    };
    let now = door.directory.now();
    let lasts = Duration::minutes(MINUTES);
    let token = door.tokens.issue(Owner::Client(client.sender.client), now, now + lasts);
    let given = Given { access_token: token.0, token_type: "Bearer", expires_in: lasts.num_seconds() };
    no_store(Json(given).into_response())
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

fn refused(status: StatusCode, error: &'static str, error_description: &'static str) -> Response {
    no_store((status, Json(Refused { error, error_description })).into_response())
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
