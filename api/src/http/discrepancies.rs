//! Discrepancies: whose word differs from the one that stands, for the team of the authority that answers.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use directory::DiscrepancyPage;
use serde::{Deserialize, Serialize};
use vocabulary::Position;

use super::audit::linked;
use crate::{
    answer::{Asked, json},
    door::Door,
    identify::Staff,
    problem::Problem,
};

/// The query of `GET /api/v1/discrepancies`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<Position>,
}

#[derive(Serialize)]
struct Listed<'a> {
    position: Position,
    #[serde(flatten)]
    page: &'a DiscrepancyPage,
}

/// 200 a page of what differs on children of one's own authority, the oldest first · 403 not a team or data manager.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let disclosed = door.directory.discrepancies(&person, asked.after.unwrap_or(Position::ZERO)).await?;
    let listed = Listed { position: disclosed.position(), page: disclosed.view() };
    let response = json(StatusCode::OK, &listed);
    Ok(match disclosed.view().next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}
