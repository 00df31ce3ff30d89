//! `GET /api/v1/caseload`: the open entries of one's own organisation; a client's without names.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use vocabulary::InvolvementId;

use super::audit::linked;
use crate::{
    answer::{Asked, json},
    door::Door,
    identify::Asker,
    problem::Problem,
};

/// The query of the call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<InvolvementId>,
}

/// 200 a page of entries, in the order of their ids.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    who: Asker,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let page = match who {
        Asker::Person(person) => door.directory.caseload(&person, asked.after).await?.into_view(),
        Asker::Client(client) => door.directory.client_caseload(&client.sender, asked.after)?,
    };
    let response = json(StatusCode::OK, &page);
    Ok(match page.next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}
