//! Shields: asked for by anyone who may write, decided by the team of the responsible authority.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use directory::{Pending, ShieldAsk, ShieldPage};
use serde::{Deserialize, Serialize};
use vocabulary::{Position, ShieldId};

use super::audit::linked;

use crate::{
    answer::{Asked, In, Read, json, recording, settled, status_of},
    door::Door,
    identify::{Staff, Viewer},
    problem::{Problem, field_missing},
    wire::{
        OutcomeWritten,
        requests::{NewShield, ShieldDecision, ShieldReview},
    },
};

#[derive(Serialize)]
struct Shielded<'a> {
    shield_id: ShieldId,
    #[serde(flatten)]
    outcome: OutcomeWritten<'a>,
}

/// The query of `GET /api/v1/shields`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<String>,
}

#[derive(Serialize)]
struct Listed<'a> {
    position: Position,
    #[serde(flatten)]
    page: &'a ShieldPage,
}

/// 200 a page of what the authority has to decide · 403 not a team or data manager.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let cursor = asked.after.map(|after| after.parse()).transpose();
    let cursor =
        cursor.map_err(|_| Problem::new("query_invalid").because("Send the `next` of the page before."))?;
    let disclosed = door.directory.shield_reviews(&person, cursor).await?;
    let listed = Listed { position: disclosed.position(), page: disclosed.view() };
    let response = json(StatusCode::OK, &listed);
    Ok(match disclosed.view().next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}

/// 201 the outcome with the shield's id · 404 the child is unknown or concealed.
pub(crate) async fn ask(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    Read(asked): Read<NewShield>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    let ask = ShieldAsk::Shield { ground: asked.ground, review_by: asked.review_by };
    answered(&door, door.directory.shield(&person, asked.child_number, ask)?).await
}

/// 201 the outcome · 403 not the responsible authority · 404 unknown or concealed.
pub(crate) async fn review(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(shield): In<ShieldId>,
    Read(asked): Read<ShieldReview>,
) -> Result<Response, Problem> {
    let number = door.directory.child_of_shield(&person, shield)?;
    let ask = decision(shield, &asked)?;
    answered(&door, door.directory.shield(&person, number, ask)?).await
}

/// A decision as it was asked.
pub(crate) fn decision(shield: ShieldId, asked: &ShieldReview) -> Result<ShieldAsk, Problem> {
    let review_by = || asked.review_by.ok_or_else(|| field_missing("review_by"));
    Ok(match asked.decision {
        ShieldDecision::Apply => {
            let ground = asked.ground.ok_or_else(|| field_missing("ground"))?;
            ShieldAsk::Apply { shield, ground, review_by: review_by()? }
        }
        ShieldDecision::Refuse => ShieldAsk::Refuse(shield),
        ShieldDecision::Keep => ShieldAsk::Keep { shield, review_by: review_by()? },
        ShieldDecision::Lift => ShieldAsk::Lift(shield),
    })
}

async fn answered(door: &Door, (shield_id, pending): (ShieldId, Pending)) -> Result<Response, Problem> {
    let outcome = settled(door, pending).await?;
    let shielded = Shielded { shield_id, outcome: OutcomeWritten::from(&outcome) };
    Ok(json(status_of(outcome.kind), &shielded))
}
