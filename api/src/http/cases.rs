//! Cases: opened by an investigator, approved by another person, and their evidence.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use directory::{CaseRequest, CaseStands, HandError};
use serde::Serialize;
use vocabulary::{CaseId, Position};

use crate::{
    answer::{In, Read, json, not_recorded, unavailable},
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

/// 200 the bundle, a ZIP file · 403 not an investigator, or the case gives no right · 404 no case of one's own.
pub(crate) async fn bundle(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<CaseId>,
) -> Result<Response, Problem> {
    let ledger = Arc::clone(door.ledger.as_ref().ok_or_else(|| Problem::new("not_found"))?);
    let evidence = door.directory.evidence(&person, id).await?;
    door.witnessed(&ledger, evidence.position()).await;
    // Signing waits for the disk, and paths through the tree are read from it: no work for a thread that serves.
    let directory = Arc::clone(&door.directory);
    let proving = tokio::task::spawn_blocking(move || directory.prove(&ledger, &evidence));
    let proven = proving.await.map_err(|error| unavailable(&error))?.map_err(|error| unavailable(&error))?;
    let mut response = proven.into_view().into_response();
    let named = format!("attachment; filename=\"case-{id}.zip\"");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment")),
    );
    Ok(response)
}

async fn answered(stands: Result<CaseStands, HandError>) -> Result<Response, Problem> {
    let stands = stands?.settled().await.map_err(|error| not_recorded(&error))?;
    let CaseStands { id, approved, position, .. } = stands;
    Ok(json(StatusCode::CREATED, &Stands { case_id: id, approved, position }))
}
