//! The identity queue of one's own authority: what waits, and what a person decides about it.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use directory::{CandidateWeighing, QueueDecision, QueueItem};
use events::{intake::QueueReason, supplied::SuppliedChild};
use serde::Serialize;
use vocabulary::{ChildNumber, IntakeId, OrganisationId, Position};

use crate::{
    answer::{In, Read, by_hand, json},
    door::Door,
    identify::Staff,
    problem::{Problem, field_missing},
    wire::{
        requests::{QueueAnswer, QueueWord},
        waterfall,
    },
};

#[derive(Serialize)]
struct Queue<'a> {
    position: Position,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: IntakeId,
    supplier: &'a OrganisationId,
    reason: QueueReason,
    since: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    child: Option<&'a SuppliedChild>,
    candidates: &'a [ChildNumber],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weighings: Vec<Weighed<'a>>,
    behind: usize,
}

/// How one candidate was weighed, for a person to follow.
#[derive(Serialize)]
struct Weighed<'a> {
    child_number: ChildNumber,
    probability: f64,
    model: &'a str,
    in_words: Vec<String>,
}

/// 200 the items, oldest first, at most fifty · 403 not a data manager or team.
pub(crate) async fn list(State(door): State<Arc<Door>>, Staff(person): Staff) -> Result<Response, Problem> {
    let disclosed = door.directory.queue(&person).await?;
    let items = disclosed.view().iter().map(Item::from).collect();
    Ok(json(StatusCode::OK, &Queue { position: disclosed.position(), items }))
}

/// 201 the outcome of the item · 404 no such item, or another authority's · 409 decided already.
pub(crate) async fn decide(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<IntakeId>,
    Read(asked): Read<QueueAnswer>,
) -> Result<Response, Problem> {
    let decision = match asked.decision {
        QueueWord::Link => {
            QueueDecision::Link(asked.child_number.ok_or_else(|| field_missing("child_number"))?)
        }
        QueueWord::New => QueueDecision::New,
        QueueWord::Reject => QueueDecision::Reject,
    };
    by_hand(&door, door.directory.decide_queue(&person, id, decision)).await
}

impl<'a> From<&'a CandidateWeighing> for Weighed<'a> {
    fn from(candidate: &'a CandidateWeighing) -> Weighed<'a> {
        Weighed {
            child_number: candidate.child_number,
            probability: candidate.probability,
            model: candidate.weighing.model.as_str(),
            in_words: waterfall::in_words(&candidate.weighing),
        }
    }
}

impl<'a> From<&'a QueueItem> for Item<'a> {
    fn from(item: &'a QueueItem) -> Item<'a> {
        Item {
            id: item.id,
            supplier: &item.supplier,
            reason: item.reason,
            since: item.since,
            child: item.told.as_ref(),
            candidates: &item.candidates,
            weighings: item.weighings.iter().map(Weighed::from).collect(),
            behind: item.behind,
        }
    }
}
