//! `GET /api/v1/children/{n}/history`: an investigator's replay under an approved case.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use directory::{
    History, HistoryRequest,
    history::{Markup, Moment},
};
use events::{access::SeenBy, case::Reference};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildNumber, Position};

use crate::{
    answer::{Asked, In, json},
    door::Door,
    identify::Staff,
    problem::Problem,
};

/// The query of the call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replay {
    case: Reference,
    as_of: Option<String>,
    as_seen_by: Option<String>,
    compare: Option<String>,
}

#[derive(Serialize)]
struct Replayed<'a> {
    position: Position,
    #[serde(flatten)]
    history: &'a History,
}

/// 200 the events, the record as it was shown, or the difference, in words by `Accept` · 403 no right · 404 unknown
/// child or case.
pub(crate) async fn replay(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    headers: HeaderMap,
    Asked(asked): Asked<Replay>,
) -> Result<Response, Problem> {
    let request = HistoryRequest {
        case_ref: asked.case,
        as_of: asked.as_of.as_deref().map(moment).transpose()?,
        as_seen_by: asked.as_seen_by.as_deref().map(seen_by).transpose()?,
        compare: asked.compare.as_deref().map(moment).transpose()?,
    };
    let disclosed = door.directory.history(&person, number, request).await?;
    let position = disclosed.position();
    Ok(match words_wanted(&headers) {
        None => json(StatusCode::OK, &Replayed { position, history: disclosed.view() }),
        Some((markup, media_type)) => {
            let kind = HeaderValue::from_static(media_type);
            ([(header::CONTENT_TYPE, kind)], disclosed.view().in_words(position, markup)).into_response()
        }
    })
}

/// In which words the answer is asked for; none for JSON, which goes first where both are named.
fn words_wanted(headers: &HeaderMap) -> Option<(Markup, &'static str)> {
    let accepted = headers.get(header::ACCEPT)?.to_str().ok()?;
    accepted.split(',').find_map(|kind| match kind.split(';').next().map(str::trim) {
        Some("application/json" | "*/*") => Some(None),
        Some("text/markdown") => Some(Some((Markup::Markdown, "text/markdown; charset=utf-8"))),
        Some("text/plain") => Some(Some((Markup::Plain, "text/plain; charset=utf-8"))),
        Some(_) | None => None,
    })?
}

/// Reads a position of the log, an instant, or a day with all of it.
fn moment(text: &str) -> Result<Moment, Problem> {
    text.parse().map_err(|_| {
        Problem::new("query_invalid")
            .because("as_of and compare are a position, a day or an instant of RFC 3339.")
    })
}

/// Reads `role:ROLE` or `organisation:ID`.
fn seen_by(text: &str) -> Result<SeenBy, Problem> {
    let wrong = || Problem::new("query_invalid").because("as_seen_by is role:ROLE or organisation:ID.");
    match text.split_once(':') {
        Some(("role", role)) => role.parse().map(SeenBy::Role).map_err(|_| wrong()),
        Some(("organisation", id)) => id.parse().map(SeenBy::Organisation).map_err(|_| wrong()),
        Some(_) | None => Err(wrong()),
    }
}
