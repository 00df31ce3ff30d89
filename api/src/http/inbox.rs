//! The inbox: what one's own organisation is told of the children it works with, and what came of it.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use events::child::involvement::{Contacted, NotShared};
use serde::Deserialize;
use vocabulary::{InvolvementId, Position};

use super::audit::linked;
use crate::{
    answer::{Asked, In, Read, by_hand, json},
    door::Door,
    identify::Viewer,
    problem::Problem,
    wire::{
        between::{NewContact, NewWithholding},
        requests::Nothing,
    },
};

/// The query of `GET /api/v1/inbox`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<Position>,
}

/// 200 a page of what is told, the newest first.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Viewer(person): Viewer,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let page = door.directory.inbox(&person, asked.after).await?.into_view();
    let response = json(StatusCode::OK, &page);
    Ok(match page.next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}

/// 201 the outcome · 404 nothing of this id is told to one's own organisation, or no longer.
pub(crate) async fn acknowledge(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<u64>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.acknowledge(&person, Position(id))).await
}

/// 201 the outcome · 404 no such involvement of one's own · 422 the other is none that is seen, or a day ahead.
pub(crate) async fn contact(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<NewContact>,
) -> Result<Response, Problem> {
    let told = Contacted { involvement: id, with: asked.with, on: asked.on };
    by_hand(&door, door.directory.make_contact(&person, told)).await
}

/// 201 the outcome · 404 no such involvement of one's own · 422 the other is none that is seen, or a day ahead.
pub(crate) async fn withhold(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<NewWithholding>,
) -> Result<Response, Problem> {
    let told = NotShared { involvement: id, with: asked.with, because: asked.because, on: asked.on };
    by_hand(&door, door.directory.decline_sharing(&person, told)).await
}
