//! `POST /api/v1/consents`: a decision on consent, recorded by the service that asked.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use events::supplied::{Supplied, SuppliedChild};

use crate::{
    answer::{Read, by_hand, recording},
    door::Door,
    identify::Viewer,
    problem::Problem,
    wire::requests::{Consent, OnBehalfOf},
};

/// 201 the outcome · 404 the child is unknown or concealed.
pub(crate) async fn record(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    Read(asked): Read<Consent>,
) -> Result<Response, Problem> {
    let (told, colleague) = told(asked);
    let person = recording(&door, &person, colleague)?;
    by_hand(&door, door.directory.record_consent(&person, told)).await
}

/// What a body says of a decision, and for whom a mediator says it.
pub(crate) fn told(asked: Consent) -> (Supplied, Option<OnBehalfOf>) {
    let told = Supplied::ConsentRecorded {
        child: SuppliedChild { child_number: Some(asked.child_number), ..SuppliedChild::default() },
        episode_ref: asked.episode_ref,
        decision: asked.decision,
        given_by: asked.given_by,
        competence: asked.competence,
        method: asked.method,
        notice_version: asked.notice_version,
        decided_on: asked.decided_on,
    };
    (told, asked.on_behalf_of)
}
