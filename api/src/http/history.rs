//! `GET /api/v1/children/{n}/history`: an investigator's replay under an approved case.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{History, HistoryRequest};
use events::{access::SeenBy, case::Reference};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildNumber, Position};

use super::when::When;
use crate::{
    answer::{Asked, In, json},
    door::Door,
    identify::Staff,
    problem::Problem,
};

/// The query of the call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replay {
    case: Reference,
    as_of: Option<When>,
    as_seen_by: Option<String>,
    compare: Option<When>,
}

#[derive(Serialize)]
struct Replayed<'a> {
    position: Position,
    #[serde(flatten)]
    history: &'a History,
}

/// 200 the events, the record as it was shown, or the difference · 403 no right · 404 unknown child or case.
pub(crate) async fn replay(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Asked(asked): Asked<Replay>,
) -> Result<Response, Problem> {
    let request = HistoryRequest {
        case_ref: asked.case,
        as_of: asked.as_of.map(When::ends),
        as_seen_by: asked.as_seen_by.as_deref().map(seen_by).transpose()?,
        compare: asked.compare.map(When::ends),
    };
    let disclosed = door.directory.history(&person, number, request).await?;
    let replayed = Replayed { position: disclosed.position(), history: disclosed.view() };
    Ok(json(StatusCode::OK, &replayed))
}

/// Reads `role:ROLE` or `organisation:ID`.
fn seen_by(text: &str) -> Result<SeenBy, Problem> {
    let wrong = || Problem::new("query_invalid").because("as_seen_by is role:ROLE or organisation:ID.");
    match text.split_once(':') {
        Some(("role", role)) => role.parse().map(SeenBy::Role).map_err(|_| wrong()),
        Some(("organisation", id)) => id.parse().map(SeenBy::Organisation).map_err(|_| wrong()),
        Some(_) | None => Err(wrong()),
    }
}
