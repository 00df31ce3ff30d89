//! Transfers: proposed by one authority, decided by the other, listed for both.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use directory::TransferPage;
use serde::{Deserialize, Serialize};
use vocabulary::{Position, TransferId};

use super::audit::linked;
use crate::{
    answer::{Asked, In, Read, by_hand, json, settled, status_of},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{
        OutcomeWritten,
        keeping::{NewTransfer, TransferDecision},
    },
};

/// The query of `GET /api/v1/transfers`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<Position>,
}

#[derive(Serialize)]
struct Proposed<'a> {
    transfer_id: TransferId,
    #[serde(flatten)]
    outcome: OutcomeWritten<'a>,
}

#[derive(Serialize)]
struct Listed<'a> {
    position: Position,
    #[serde(flatten)]
    page: &'a TransferPage,
}

/// 201 the outcome with the transfer's id · 403 of neither authority · 404 the child is unknown or concealed.
pub(crate) async fn propose(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<NewTransfer>,
) -> Result<Response, Problem> {
    let (transfer_id, pending) = door.directory.propose_transfer(&person, asked.child_number, &asked.to)?;
    let outcome = settled(&door, pending).await?;
    let proposed = Proposed { transfer_id, outcome: OutcomeWritten::from(&outcome) };
    Ok(json(status_of(outcome.kind), &proposed))
}

/// 201 the outcome · 404 no such transfer, or of two other authorities · 409 it waits for the other.
pub(crate) async fn decide(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<TransferId>,
    Read(asked): Read<TransferDecision>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.decide_transfer(&person, id, asked.decision)).await
}

/// 200 a page of what waits, from and to one's own authority, the oldest first · 403 not a team or data manager.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let disclosed = door.directory.transfers(&person, asked.after.unwrap_or(Position::ZERO)).await?;
    let listed = Listed { position: disclosed.position(), page: disclosed.view() };
    let response = json(StatusCode::OK, &listed);
    Ok(match disclosed.view().next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}
