//! Policy and reasons: read by anyone who may act, proposed by one administrator and signed by another.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::MISUSE;
use events::policy::{Demand, Policy, Proposal, PublishedNotice};
use serde::Serialize;
use serde_json::Value;
use vocabulary::{AccessReason, Position};

use crate::{
    answer::{In, Read, json, not_recorded},
    door::Door,
    identify::{Staff, Viewer},
    problem::Problem,
    wire::{administration as body, requests::Nothing},
};

#[derive(Serialize)]
struct InForce<'a> {
    version: u64,
    settings: &'a Policy,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed: Option<&'a Proposal>,
    notices: &'a [PublishedNotice],
}

#[derive(Serialize)]
struct Proposed {
    proposal: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Serialize)]
struct Signed {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Serialize)]
struct Given {
    warning: &'static str,
    reasons: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    reason: AccessReason,
    demands: Demand,
    urgent: bool,
}

/// 200 the settings in force, and what waits for a signature.
pub(crate) async fn show(State(door): State<Arc<Door>>, Viewer(person): Viewer) -> Result<Response, Problem> {
    let held = door.directory.policy_of(&person)?;
    let shown = InForce {
        version: held.version,
        settings: &held.settings,
        proposed: held.proposed.as_ref(),
        notices: &held.notices,
    };
    Ok(json(StatusCode::OK, &shown))
}

/// 200 the reasons that the asker's role may give, what each demands, and what misuse is.
pub(crate) async fn reasons(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
) -> Result<Response, Problem> {
    let held = door.directory.policy_of(&person)?;
    let table = &held.settings.reasons;
    let reasons = AccessReason::ALL
        .into_iter()
        .filter(|reason| table.permits(person.role, *reason))
        .map(|reason| Line {
            reason,
            demands: table.demand(reason),
            urgent: events::standing::is_urgent(reason),
        })
        .collect();
    Ok(json(StatusCode::OK, &Given { warning: MISUSE, reasons }))
}

/// 201 the number of the proposal, for another to sign · 422 a setting is unknown or out of range.
pub(crate) async fn propose(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<body::NewProposal>,
) -> Result<Response, Problem> {
    let held = door.directory.policy_of(&person)?;
    let settings = changed(&held.settings, asked)?;
    let (proposal, acted) = door.directory.propose_policy(&person, settings)?;
    let acted = acted.settled().await.map_err(|error| not_recorded(&error))?;
    Ok(json(StatusCode::CREATED, &Proposed { proposal, position: acted.position() }))
}

/// 201 in force · 403 one's own proposal · 409 no such proposal waits.
pub(crate) async fn sign(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(proposal): In<u64>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    let (version, acted) = door.directory.sign_policy(&person, proposal)?;
    let acted = acted.settled().await.map_err(|error| not_recorded(&error))?;
    Ok(json(StatusCode::CREATED, &Signed { version, position: acted.position() }))
}

/// The settings in force with those that were sent in the place of theirs.
pub(crate) fn changed(held: &Policy, asked: body::NewProposal) -> Result<Policy, Problem> {
    let wrong = |_| {
        let taken = "a setting is unknown or not of its form; GET /api/v1/policy shows every setting";
        Problem::new("field_invalid").because(taken)
    };
    let mut all = serde_json::to_value(held).map_err(wrong)?;
    if let Value::Object(settings) = &mut all {
        settings.extend(asked.settings);
    }
    serde_json::from_value(all).map_err(wrong)
}
