//! Shields: asked for by anyone who may write, decided by the team of the responsible authority.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use directory::{Pending, ShieldAsk};
use serde::Serialize;
use vocabulary::ShieldId;

use crate::{
    answer::{In, Read, json, settled, status_of},
    door::Door,
    identify::Viewer,
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

/// 201 the outcome with the shield's id · 404 the child is unknown or concealed.
pub(crate) async fn ask(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    Read(asked): Read<NewShield>,
) -> Result<Response, Problem> {
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
    let review_by = || asked.review_by.ok_or_else(|| field_missing("review_by"));
    let ask = match asked.decision {
        ShieldDecision::Apply => {
            let ground = asked.ground.ok_or_else(|| field_missing("ground"))?;
            ShieldAsk::Apply { shield, ground, review_by: review_by()? }
        }
        ShieldDecision::Refuse => ShieldAsk::Refuse(shield),
        ShieldDecision::Keep => ShieldAsk::Keep { shield, review_by: review_by()? },
        ShieldDecision::Lift => ShieldAsk::Lift(shield),
    };
    answered(&door, door.directory.shield(&person, number, ask)?).await
}

async fn answered(door: &Door, (shield_id, pending): (ShieldId, Pending)) -> Result<Response, Problem> {
    let outcome = settled(door, pending).await?;
    let shielded = Shielded { shield_id, outcome: OutcomeWritten::from(&outcome) };
    Ok(json(status_of(outcome.kind), &shielded))
}
