//! Notices: who is to be told what is held and why, that they were, and which version is given.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use directory::{NoticeAsk, NoticeFor, NoticeQuery, NoticesDue};
use serde::{Deserialize, Serialize};
use vocabulary::Position;

use super::audit::linked;
use crate::{
    answer::{Asked, Read, by_hand, json, not_recorded},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::notices::{NewNotice, NewNoticeVersion, ParentMark},
};

/// The query of `GET /api/v1/privacy_notices`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    audience: NoticeFor,
    #[serde(default)]
    shielded: bool,
    after: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    position: Position,
    #[serde(flatten)]
    page: &'a NoticesDue,
}

#[derive(Serialize)]
struct Published {
    changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

/// 200 a page of those who are to be told · 403 not a team.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<Listed>,
) -> Result<Response, Problem> {
    let after = asked.after.map(|after| after.parse()).transpose();
    let after =
        after.map_err(|_| Problem::new("query_invalid").because("Send the `next` of the page before."))?;
    let query = NoticeQuery { whom: asked.audience, shielded: asked.shielded, after };
    let disclosed = door.directory.notices_due(&person, query).await?;
    let page = disclosed.view();
    let response = json(StatusCode::OK, &Shown { position: disclosed.position(), page });
    Ok(match &page.next {
        Some(next) => linked(response, &uri, next),
        None => response,
    })
}

/// 201 the outcome · 403 not a team · 404 unknown, or another authority's child · 409 nothing is published.
pub(crate) async fn give(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<NewNotice>,
) -> Result<Response, Problem> {
    let ask = NoticeAsk { number: asked.child_number, audience: asked.audience, means: asked.means };
    by_hand(&door, door.directory.give_notice(&person, ask)).await
}

/// 201 the outcome · 403 not a team · 404 unknown, or another authority's child.
pub(crate) async fn include_parent(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<ParentMark>,
) -> Result<Response, Problem> {
    let done = door.directory.include_parent(&person, asked.child_number, asked.parent_too);
    by_hand(&door, done).await
}

/// 201 published · 403 no administrator of a national body · 409 it was before · 422 of a day to come.
pub(crate) async fn publish(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<NewNoticeVersion>,
) -> Result<Response, Problem> {
    let acted = door.directory.publish_notice(&person, asked.notice_version, asked.on)?;
    let acted = acted.settled().await.map_err(|error| not_recorded(&error))?;
    Ok(json(
        StatusCode::CREATED,
        &Published { changed: acted.position().is_some(), position: acted.position() },
    ))
}
