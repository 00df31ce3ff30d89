//! `POST /api/v1/searches`: finding a child, a page at a time.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{Disclosed, OnBehalf, SearchPage, SearchRequest};
use events::search::Outcome;
use serde::Serialize;
use visibility::Hit;
use vocabulary::{Position, SearchId};

use crate::{
    answer::{Read, json},
    door::Door,
    identify::Viewer,
    problem::Problem,
    wire::requests::{OnBehalfOf, Search},
};

#[derive(Serialize)]
struct Page<'a> {
    search_id: SearchId,
    position: Position,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u32>,
    results: &'a [Hit],
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

/// 200 a page · 403 role or reason insufficient · 422 criteria · 503 not recorded, so nothing is shown.
pub(crate) async fn search(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    Read(asked): Read<Search>,
) -> Result<Response, Problem> {
    let request = SearchRequest {
        criteria: asked.criteria,
        reason: asked.reason,
        page: asked.page.unwrap_or(1),
        on_behalf_of: asked.on_behalf_of.map(OnBehalf::from),
        case_ref: asked.case_ref,
    };
    let disclosed: Disclosed<SearchPage> = door.directory.search(&person, request).await?;
    let SearchPage { search_id, outcome, total, results, advice } = disclosed.view();
    let position = disclosed.position();
    let page =
        Page { search_id: *search_id, position, outcome: *outcome, total: *total, results, advice: *advice };
    Ok(json(StatusCode::OK, &page))
}

impl From<OnBehalfOf> for OnBehalf {
    fn from(colleague: OnBehalfOf) -> OnBehalf {
        OnBehalf { username: colleague.username, code: colleague.code }
    }
}
