//! Brokering: asking the duty desk to be put in touch, the desk's queue, and its answers.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use directory::{BrokeringPage, BrokeringRequest, OnBehalf};
use serde::{Deserialize, Serialize};
use vocabulary::{BrokeringId, Position};

use super::audit::linked;
use crate::{
    answer::{Asked, In, Read, by_hand, json, settled},
    door::Door,
    identify::{Staff, Viewer},
    problem::Problem,
    wire::keeping::{BrokeringAnswer, NewBrokering},
};

/// The query of `GET /api/v1/brokering`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    own: Option<bool>,
    after: Option<Position>,
}

#[derive(Serialize)]
struct Taken {
    brokering_id: BrokeringId,
    due_by: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Serialize)]
struct Desk<'a, T> {
    position: Position,
    #[serde(flatten)]
    page: &'a BrokeringPage<T>,
}

/// 201 the request with its due time · 404 the child is unknown or concealed.
pub(crate) async fn ask(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    Read(asked): Read<NewBrokering>,
) -> Result<Response, Problem> {
    let request = BrokeringRequest {
        number: asked.child_number,
        about: asked.about,
        reason: asked.reason,
        search_id: asked.search_id,
        on_behalf_of: asked.on_behalf_of.map(OnBehalf::from),
        case_ref: asked.case_ref,
        contacts: asked.contacts,
    };
    let taken = door.directory.request_brokering(&person, request)?;
    let outcome = settled(&door, taken.pending).await?;
    let answer = Taken { brokering_id: taken.id, due_by: taken.due_by, position: outcome.position };
    Ok(json(StatusCode::CREATED, &answer))
}

/// 201 the outcome · 403 of no desk, or one's own request · 404 no such request, or another desk's.
pub(crate) async fn answer(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<BrokeringId>,
    Read(asked): Read<BrokeringAnswer>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.answer_brokering(&person, id, asked.outcome)).await
}

/// 200 a page: for teams and data managers what waits at their desk, for others, and with `own`, what they asked.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Viewer(person): Viewer,
    Asked(asked): Asked<Listed>,
) -> Result<Response, Problem> {
    let after = asked.after.unwrap_or(Position::ZERO);
    let desk = door.directory.is_of_a_desk(&person);
    let (response, next) = if asked.own.unwrap_or(!desk) {
        let page = door.directory.brokering_own(&person, after)?;
        (json(StatusCode::OK, &page), page.next)
    } else {
        let disclosed = door.directory.brokering_desk(&person, after).await?;
        let shown = Desk { position: disclosed.position(), page: disclosed.view() };
        (json(StatusCode::OK, &shown), disclosed.view().next)
    };
    Ok(match next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}
