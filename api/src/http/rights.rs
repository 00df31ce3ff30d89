//! Requests of children and carers about what is held: entered, judged and answered by the team; the pack.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use directory::{RightsAct, RightsAsk, RightsPage, SubjectPack};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildNumber, Position, RightsId, england_day};

use super::audit::linked;
use crate::{
    answer::{Asked, In, Read, by_hand, json, settled},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{
        requests::Nothing,
        rights::{CarerCheck, NewRightsRequest, RightsAnswer, RightsStep, ThreatCheck},
    },
};

/// The query of `GET /api/v1/rights_requests`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    child: Option<ChildNumber>,
    after: Option<String>,
}

/// The query of `GET /api/v1/rights_requests/{id}/pack`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    after: Option<Position>,
}

#[derive(Serialize)]
struct Taken {
    rights_request_id: RightsId,
    due_by: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Serialize)]
struct Shown<'a, T> {
    position: Position,
    #[serde(flatten)]
    page: &'a T,
}

/// 201 the request with the last day of its clock · 403 not a team · 404 unknown, or another authority's child.
pub(crate) async fn enter(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<NewRightsRequest>,
) -> Result<Response, Problem> {
    let ask = RightsAsk {
        number: asked.child_number,
        asked_by: asked.asked_by,
        asked: asked.asked,
        competence: asked.competence,
        childs_view: asked.childs_view,
        proof: asked.proof,
        received_on: asked.received_on.unwrap_or_else(|| england_day(door.directory.now())),
    };
    let taken = door.directory.request_rights(&person, ask)?;
    let outcome = settled(&door, taken.pending).await?;
    let answer = Taken { rights_request_id: taken.id, due_by: taken.due_by, position: outcome.position };
    Ok(json(StatusCode::CREATED, &answer))
}

/// 200 a page of what waits for the authority, or of what was asked about one child · 403 not a team.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<Listed>,
) -> Result<Response, Problem> {
    let cursor = asked.after.map(|after| after.parse()).transpose();
    let cursor =
        cursor.map_err(|_| Problem::new("query_invalid").because("Send the `next` of the page before."))?;
    let disclosed = door.directory.rights_due(&person, asked.child, cursor).await?;
    let page: &RightsPage = disclosed.view();
    let response = json(StatusCode::OK, &Shown { position: disclosed.position(), page });
    Ok(match &page.next {
        Some(next) => linked(response, &uri, next),
        None => response,
    })
}

/// 201 the outcome · 404 no such request · 409 it is none of a carer, or was answered.
pub(crate) async fn check_carer(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Read(asked): Read<CarerCheck>,
) -> Result<Response, Problem> {
    let act = RightsAct::CheckCarer { lives_with_child: asked.lives_with_child };
    by_hand(&door, door.directory.act_on_rights(&person, id, act)).await
}

/// 201 the outcome · 403 one's own request · 404 no such request.
pub(crate) async fn check_threat(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Read(asked): Read<ThreatCheck>,
) -> Result<Response, Problem> {
    let act = RightsAct::CheckThreat { cleared: asked.cleared };
    by_hand(&door, door.directory.act_on_rights(&person, id, act)).await
}

/// 201 the outcome · 404 no such request · 409 the clock was extended before, or ran out.
pub(crate) async fn extend(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Read(_): Read<Nothing>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.act_on_rights(&person, id, RightsAct::Extend)).await
}

/// 201 the outcome · 404 no such request.
pub(crate) async fn step(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Read(asked): Read<RightsStep>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.act_on_rights(&person, id, RightsAct::Step(asked.step))).await
}

/// 201 the outcome · 404 no such request · 409 answered otherwise, or not so answered at all.
pub(crate) async fn answer(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Read(asked): Read<RightsAnswer>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.act_on_rights(&person, id, RightsAct::Answer(asked.answer))).await
}

/// 201 the outcome · 404 no such request · 409 nothing was refused.
pub(crate) async fn disagree(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Read(_): Read<Nothing>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.act_on_rights(&person, id, RightsAct::Disagree)).await
}

/// 200 a page of the pack · 404 no such request · 409 what is judged first was not, or not upon what is held now.
pub(crate) async fn pack(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    In(id): In<RightsId>,
    Asked(asked): Asked<Page>,
) -> Result<Response, Problem> {
    let after = asked.after.unwrap_or(Position::ZERO);
    let disclosed = door.directory.subject_pack(&person, id, after).await?;
    let page: &SubjectPack = disclosed.view();
    let response = json(StatusCode::OK, &Shown { position: disclosed.position(), page });
    Ok(match page.next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}
