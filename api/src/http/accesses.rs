//! `POST /api/v1/children/{n}/accesses`: opening one record; the access is the resource.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{OnBehalf, OpenRequest};
use serde::Serialize;
use visibility::AccessibleRecord;
use vocabulary::{AccessId, ChildNumber, Position};

use crate::{
    answer::{In, Read, json},
    door::Door,
    identify::Viewer,
    problem::Problem,
    wire::requests::Access,
};

#[derive(Serialize)]
struct Opened<'a> {
    access_id: AccessId,
    position: Position,
    record: &'a AccessibleRecord,
}

/// 201 the accessible record · 403 role or reason insufficient · 404 unknown or concealed · 503 the access
/// could not be recorded, so nothing is shown.
pub(crate) async fn open(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(number): In<ChildNumber>,
    Read(asked): Read<Access>,
) -> Result<Response, Problem> {
    let request = OpenRequest {
        number,
        reason: asked.reason,
        search_id: asked.search_id,
        on_behalf_of: asked.on_behalf_of.map(OnBehalf::from),
        case_ref: asked.case_ref,
        override_ground: asked.overriding.map(|overriding| overriding.ground),
    };
    let disclosed = door.directory.open_record(&person, request).await?;
    let opened = Opened {
        access_id: disclosed.view().access_id,
        position: disclosed.position(),
        record: &disclosed.view().record,
    };
    Ok(json(StatusCode::CREATED, &opened))
}
