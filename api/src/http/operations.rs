//! How the server stands, for operators: read models with their positions, and the log by its headers.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{HEADERS_PAGE, backups::Backup};
use serde::{Deserialize, Serialize};
use vocabulary::{Position, Revision};

use crate::{
    answer::{Asked, json},
    door::Door,
    identify::{Staff, sessions::written},
    problem::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<Position>,
}

#[derive(Serialize)]
struct Stands {
    head: Position,
    read_models: Vec<Model>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Backed>,
}

/// The newest backup.
#[derive(Serialize)]
struct Backed {
    at: String,
    records: u64,
    keys: bool,
}

#[derive(Serialize)]
struct Model {
    name: &'static str,
    position: Position,
}

#[derive(Serialize)]
struct Listed {
    headers: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Position>,
}

#[derive(Serialize)]
struct Line {
    position: Position,
    revision: Revision,
    kind: &'static str,
    recorded_at: String,
    schema: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

/// 200 how far the log and each read model have come · 403 not an operator.
pub(crate) async fn show(State(door): State<Arc<Door>>, Staff(person): Staff) -> Result<Response, Problem> {
    let operations = door.directory.operations(&person)?;
    let models = operations.models.into_iter();
    let read_models = models.map(|(name, position)| Model { name, position }).collect();
    let backup = newest_backup(&door);
    let backup = backup.map(|made| Backed { at: written(made.at), records: made.records, keys: made.keys });
    Ok(json(StatusCode::OK, &Stands { head: operations.head, read_models, backup }))
}

/// The newest backup that was noted. A note that cannot be read is a line in the server's own log: the rest is told.
pub(crate) fn newest_backup(door: &Door) -> Option<Backup> {
    let data = door.settings.data.as_deref()?;
    Backup::noted(data).unwrap_or_else(|error| {
        tracing::warn!(%error, "the note of the newest backup cannot be read");
        None
    })
}

/// 200 the headers after a position, fifty a page · 403 not an operator.
pub(crate) async fn headers(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let told = door.directory.headers_after(&person, asked.after.unwrap_or(Position::ZERO))?;
    let whole = told.len() == HEADERS_PAGE as usize;
    let next = told.last().filter(|_| whole).map(|last| last.position);
    let lines = told.into_iter().map(|one| Line {
        position: one.position,
        revision: one.revision,
        kind: one.kind.name(),
        recorded_at: written(one.recorded_at),
        schema: one.schema,
        bytes: one.bytes,
    });
    Ok(json(StatusCode::OK, &Listed { headers: lines.collect(), next }))
}
