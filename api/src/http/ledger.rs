//! The ledger for anyone: the newest signed checkpoint and the tiles of the tree; leaf hashes only.
//!
//! Source: C2SP tlog-tiles; rules.md 6.4.

use std::{io::ErrorKind, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use directory::LedgerError;

use crate::{answer::unavailable, door::Door, problem::Problem};

/// 200 the checkpoint, a C2SP signed note · 404 before the first.
pub(crate) async fn checkpoint(State(door): State<Arc<Door>>) -> Result<Response, Problem> {
    let ledger = door.ledger.as_ref().ok_or_else(|| Problem::new("not_found"))?;
    let note = ledger.checkpoint().map_err(|error| unavailable(&error))?;
    Ok(note.ok_or_else(|| Problem::new("not_found"))?.into_response())
}

/// 200 a tile · 404 no such tile yet. A full tile never changes; a partial one is another address.
pub(crate) async fn tile(
    State(door): State<Arc<Door>>,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let ledger = door.ledger.as_ref().ok_or_else(|| Problem::new("not_found"))?;
    let tile = match ledger.tile(&path) {
        // The address of a folder between tiles is no tile.
        Err(LedgerError::Io(error))
            if matches!(error.kind(), ErrorKind::IsADirectory | ErrorKind::NotADirectory) =>
        {
            None
        }
        other => other.map_err(|error| unavailable(&error))?,
    };
    let mut response = tile.ok_or_else(|| Problem::new("not_found"))?.into_response();
    let kind = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}
