//! Cases: opened by an investigator, approved by another person.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{CaseRequest, CaseStands, HandError};
use serde::Serialize;
use vocabulary::{CaseId, Position};

use crate::{
    answer::{In, Read, json, not_recorded},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::requests::{Approval, NewCase},
};

#[derive(Serialize)]
struct Stands {
    case_id: CaseId,
    approved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

/// 201 the case · 403 not an investigator.
pub(crate) async fn open(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<NewCase>,
) -> Result<Response, Problem> {
    let request = CaseRequest {
        reference: asked.reference,
        children: asked.children,
        purpose: asked.purpose,
        expires_on: asked.expires_on,
    };
    answered(door.directory.open_case(&person, request)).await
}

/// 201 the case · 403 not an approver, or one's own case · 404 no such case.
pub(crate) async fn approve(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<CaseId>,
    Read(asked): Read<Approval>,
) -> Result<Response, Problem> {
    answered(door.directory.approve_case(&person, id, asked.lifts_shields.unwrap_or(false))).await
}

async fn answered(stands: Result<CaseStands, HandError>) -> Result<Response, Problem> {
    let stands = stands?.settled().await.map_err(|error| not_recorded(&error))?;
    let CaseStands { id, approved, position, .. } = stands;
    Ok(json(StatusCode::CREATED, &Stands { case_id: id, approved, position }))
}
