//! The identity queue of one's own authority: what waits, and what a person decides about it.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use directory::{CandidateWeighing, Pending, QueueDecision, QueueItem};
use events::{intake::QueueReason, supplied::SuppliedChild};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildNumber, IntakeId, OrganisationId, Position, SearchId};

use super::audit::linked;
use crate::{
    answer::{Asked, In, Read, ended, json, status_of},
    door::Door,
    identify::Staff,
    problem::{Problem, field_missing},
    wire::{
        OutcomeWritten,
        requests::{QueueAnswer, QueueAnswers, QueueWord},
        waterfall,
    },
};

/// Most decisions in one call.
const DECISIONS_MAX: usize = 50;

/// The query of `GET /api/v1/queue`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    after: Option<Position>,
}

#[derive(Serialize)]
struct Queue<'a> {
    position: Position,
    items: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Position>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: IntakeId,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<&'a OrganisationId>,
    reason: QueueReason,
    since: DateTime<Utc>,
    waited_minutes: i64,
    due_by: DateTime<Utc>,
    overdue: bool,
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

/// 200 a page of items, oldest first, with at most fifty children · 403 not a data manager or team.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<After>,
) -> Result<Response, Problem> {
    let after = asked.after.unwrap_or(Position::ZERO);
    let disclosed = door.directory.queue_page(&person, after).await?;
    let page = disclosed.view();
    let items = page.items.iter().map(Item::from).collect();
    let response = json(StatusCode::OK, &Queue { position: disclosed.position(), items, next: page.next });
    Ok(match page.next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}

/// 201 the outcome of the item · 403 a child that it may not be linked to · 404 no such item, or another
/// authority's · 409 decided already.
pub(crate) async fn decide(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<IntakeId>,
    Read(asked): Read<QueueAnswer>,
) -> Result<Response, Problem> {
    let decision = decision(asked.decision, asked.child_number, asked.search_id)?;
    // A rejected event is an outcome too: what was asked was done.
    let outcome = ended(&door, door.directory.decide_queue(&person, id, decision)?).await?;
    Ok(json(status_of(outcome.kind), &OutcomeWritten::from(&outcome)))
}

/// 200 one outcome a decision, in order: each is a fact of its own, and one refused does not stop the others.
pub(crate) async fn decide_many(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<QueueAnswers>,
) -> Result<Response, Problem> {
    if asked.decisions.is_empty() || asked.decisions.len() > DECISIONS_MAX {
        return Err(Problem::new("decisions_out_of_range"));
    }
    door.directory.may_decide_queue(&person)?;
    // All are begun before the first is waited for, so that they share their writes to the disk.
    let mut begun: Vec<(IntakeId, Result<Pending, Problem>)> = Vec::new();
    for one in &asked.decisions {
        let pending = decision(one.decision, one.child_number, one.search_id).and_then(|decision| {
            door.directory.decide_queue(&person, one.id, decision).map_err(Problem::from)
        });
        begun.push((one.id, pending));
    }
    let mut decided = Vec::new();
    for (id, pending) in begun {
        let outcome = match pending {
            Ok(pending) => Ok(ended(&door, pending).await?),
            // A machine that failed says nothing of the rest either: the whole is to be sent again.
            Err(problem) if problem.status().is_server_error() => return Err(problem),
            Err(problem) => Err(problem),
        };
        decided.push((id.to_string(), outcome));
    }
    let outcomes = decided.iter().map(|(id, outcome)| match outcome {
        Ok(outcome) => OutcomeWritten::from(outcome).named(id),
        Err(problem) => OutcomeWritten::refused(id, problem),
    });
    Ok(json(StatusCode::OK, &Outcomes { outcomes: outcomes.collect() }))
}

#[derive(Serialize)]
struct Outcomes<'a> {
    outcomes: Vec<OutcomeWritten<'a>>,
}

/// A decision as it was asked.
pub(crate) fn decision(
    word: QueueWord,
    child_number: Option<ChildNumber>,
    search_id: Option<SearchId>,
) -> Result<QueueDecision, Problem> {
    Ok(match word {
        QueueWord::Link => {
            let number = child_number.ok_or_else(|| field_missing("child_number"))?;
            search_id.map_or(QueueDecision::Link(number), |search| QueueDecision::LinkFound(number, search))
        }
        QueueWord::New => QueueDecision::New,
        QueueWord::Reject => QueueDecision::Reject,
    })
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
            supplier: item.supplier.as_ref(),
            reason: item.reason,
            since: item.since,
            waited_minutes: item.waited_minutes,
            due_by: item.due_by,
            overdue: item.overdue,
            child: item.told.as_ref(),
            candidates: &item.candidates,
            weighings: item.weighings.iter().map(Weighed::from).collect(),
            behind: item.behind,
        }
    }
}
