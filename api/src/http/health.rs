//! Health: alive, ready, and what runs. Nothing here tells of a person.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use vocabulary::Position;

use crate::{
    answer::{json, unavailable},
    door::Door,
    metrics,
    problem::{self, Problem},
};

/// How far the read models may lie behind and the server still be called ready: a second of hard work.
const BEHIND_MAX: u64 = 50_000;

#[derive(Serialize)]
struct Alive {
    status: &'static str,
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    position: Position,
    read_models: Position,
}

#[derive(Serialize)]
struct Running<'a> {
    name: &'static str,
    version: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    build: &'a str,
}

/// 200 while the process answers at all.
pub(crate) async fn alive() -> Response {
    json(StatusCode::OK, &Alive { status: "ok" })
}

/// 200 while the log takes records and the read models follow · 503 otherwise.
pub(crate) async fn ready(State(door): State<Arc<Door>>) -> Result<Response, Problem> {
    let position = door.directory.head().map_err(|error| unavailable(&error))?;
    let read_models = door.directory.caught_up();
    if position.0.saturating_sub(read_models.0) > BEHIND_MAX {
        return Err(Problem::new("unavailable").because("The read models are catching up.").at(read_models));
    }
    Ok(json(StatusCode::OK, &Ready { status: "ok", position, read_models }))
}

/// 200 what runs.
pub(crate) async fn version(State(door): State<Arc<Door>>) -> Response {
    let version = env!("CARGO_PKG_VERSION");
    json(StatusCode::OK, &Running { name: "contactpoint", version, build: &door.settings.build })
}

/// 200 the OpenAPI document.
pub(crate) async fn openapi() -> Response {
    let mut response = crate::openapi::openapi().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// 200 what a code means, as plain text: the page that the `type` of a problem names.
pub(crate) async fn problem(crate::answer::In(code): crate::answer::In<String>) -> Result<String, Problem> {
    let meaning = problem::codes::find(&code).ok_or_else(|| Problem::new("not_found"))?;
    Ok(problem::page::entry(meaning))
}

/// 200 the counts of the door.
pub(crate) async fn figures(State(door): State<Arc<Door>>) -> Response {
    let mut response = metrics::text(&door).into_response();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
