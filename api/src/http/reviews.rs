//! Reviews: the looks that a person reviews, what is said of them, and notices without a name.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::{StatusCode, Uri},
    response::Response,
};
use directory::{ReviewCursor, ReviewPage, ReviewQuery};
use serde::{Deserialize, Serialize};
use vocabulary::{AccessId, ChildNumber, Position};

use super::audit::linked;
use crate::{
    answer::{Asked, In, Read, by_hand, json, settled, status_of},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{
        OutcomeWritten,
        keeping::{CanaryMark, ReviewSaid},
    },
};

/// The query of `GET /api/v1/reviews`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reviewing {
    state: Option<Which>,
    after: Option<String>,
}

/// Which reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    Waiting,
    Closed,
}

/// The query of `GET /api/v1/notices`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<String>,
}

#[derive(Serialize)]
struct Listed<'a> {
    position: Position,
    #[serde(flatten)]
    page: &'a ReviewPage,
}

/// 200 a page of the looks that this person reviews · 403 no reviewer.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<Reviewing>,
) -> Result<Response, Problem> {
    let query = ReviewQuery { closed: asked.state == Some(Which::Closed), after: cursor(asked.after)? };
    let disclosed = door.directory.reviews_waiting(&person, query).await?;
    let listed = Listed { position: disclosed.position(), page: disclosed.view() };
    Ok(paged(json(StatusCode::OK, &listed), &uri, disclosed.view().next))
}

/// 201 the outcome · 403 no reviewer, or one's own look · 404 no such review, or another authority's · 409 a graver
/// word stands.
pub(crate) async fn outcome(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(look): In<AccessId>,
    Read(asked): Read<ReviewSaid>,
) -> Result<Response, Problem> {
    let outcome = settled(&door, door.directory.review_look(&person, look, asked.outcome)?).await?;
    Ok(json(status_of(outcome.kind), &OutcomeWritten::from(&outcome)))
}

/// 200 a page of notices: a reference and nothing of anybody · 403 neither auditor nor user manager.
pub(crate) async fn notices(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let page = door.directory.notices(&person, cursor(asked.after)?)?;
    Ok(paged(json(StatusCode::OK, &page), &uri, page.next))
}

/// 201 the outcome · 403 no auditor of the authority, or without the PIN · 404 unknown or concealed.
pub(crate) async fn canary(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Read(asked): Read<CanaryMark>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.mark_canary(&person, number, asked.marked)).await
}

fn cursor(after: Option<String>) -> Result<Option<ReviewCursor>, Problem> {
    after
        .map(|after| after.parse())
        .transpose()
        .map_err(|_| Problem::new("query_invalid").because("Send the `next` of the page before."))
}

fn paged(response: Response, uri: &Uri, next: Option<ReviewCursor>) -> Response {
    match next {
        Some(next) => linked(response, uri, &next.to_string()),
        None => response,
    }
}
