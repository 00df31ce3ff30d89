//! `POST /api/v1/events`: what case management systems tell, in its three forms, and how it came out.
//!
//! Source: contract.md section 3.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use directory::{ClientIdentity, Mode, Outcome, Pending, Sender, SuppliedEvent};
use serde::{Deserialize, Serialize};

use super::ndjson;
use crate::{
    answer::{Asked, body, json, media_type, not_recorded},
    door::Door,
    identify::Supplier,
    problem::Problem,
    wire::{CloudEvent, EVENT_BYTES_MAX, ID_CHARACTERS_MAX, OutcomeWritten, Unread, batch},
};

/// Largest batch, in bytes; what is larger streams as ndjson.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The query of the call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judging {
    /// Judge and record nothing.
    dry_run: Option<bool>,
}

/// How far one event has come.
pub(super) enum Step {
    /// It could not be read.
    Unread(Unread),
    /// It is on its way to the disk, or refused by a rule.
    Taken(Box<Pending>),
    /// A machine failed; its id.
    Failed(String),
}

/// An event at its end.
pub(super) enum Told {
    /// It could not be read.
    Unread(Unread),
    /// What came of it.
    Outcome(Outcome),
}

impl Serialize for Told {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(serializer)
    }
}

impl Told {
    fn written(&self) -> OutcomeWritten<'_> {
        match self {
            Told::Unread(unread) => OutcomeWritten::from(unread),
            Told::Outcome(outcome) => OutcomeWritten::from(outcome),
        }
    }
}

/// 200 one outcome an event, in order · 400 the body is no JSON · 413 too large · 415 another form.
pub(crate) async fn post(
    State(door): State<Arc<Door>>,
    Supplier(client, holder): Supplier,
    Asked(judging): Asked<Judging>,
    request: Request,
) -> Result<Response, Problem> {
    may_supply(&client)?;
    let mode = if judging.dry_run == Some(true) { Mode::DryRun } else { Mode::Record };
    let (parts, sent) = request.into_parts();
    match media_type(&parts.headers).as_deref() {
        Some("application/cloudevents+json") => structured(&door, &client.sender, mode, sent).await,
        Some("application/cloudevents-batch+json") => many(&door, &client.sender, mode, sent).await,
        Some("application/x-ndjson") => Ok(ndjson::answer(door, holder, mode, sent)),
        Some(_) | None => Err(Problem::new("media_type_unsupported").because(
            "Send application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson.",
        )),
    }
}

/// 200 the present outcome · 404 no event of this client has the id.
pub(crate) async fn outcome(
    State(door): State<Arc<Door>>,
    Supplier(client, _): Supplier,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if id.chars().count() > ID_CHARACTERS_MAX {
        return Err(Problem::new("not_found"));
    }
    let outcome =
        door.directory.event_outcome(&client.sender, &id)?.ok_or_else(|| Problem::new("not_found"))?;
    if let Some(position) = outcome.position {
        door.durable(position).await?;
    }
    Ok(json(StatusCode::OK, &OutcomeWritten::from(&outcome)))
}

/// Whether the client's organisation may supply at this moment.
pub(super) fn may_supply(client: &ClientIdentity) -> Result<(), Problem> {
    client
        .may_supply
        .as_ref()
        .map_err(|refusal| Problem::refused(refusal.code(), refusal.to_string()))
        .copied()
}

async fn structured(door: &Door, sender: &Sender, mode: Mode, sent: Body) -> Result<Response, Problem> {
    let bytes = body(sent, EVENT_BYTES_MAX, "event_too_large").await?;
    let step = take(door, sender, mode, &bytes);
    if let Step::Unread(Unread { fault, .. }) = &step
        && matches!(fault.code, "json_invalid" | "utf8_invalid")
    {
        return Err(Problem::from(fault.clone()));
    }
    Ok(json(StatusCode::OK, &told(door, step).await?))
}

async fn many(door: &Door, sender: &Sender, mode: Mode, sent: Body) -> Result<Response, Problem> {
    let bytes = body(sent, BATCH_BYTES_MAX, "body_too_large").await?;
    let events = batch::split(&bytes).map_err(Problem::from)?;
    // All are taken before the first is waited for, so that one write to the disk serves them all.
    let steps: Vec<Step> = events.into_iter().map(|event| take(door, sender, mode, event)).collect();
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        outcomes.push(told(door, step).await?);
    }
    Ok(json(StatusCode::OK, &outcomes))
}

/// Reads one event and gives it to the directory.
pub(super) fn take(door: &Door, sender: &Sender, mode: Mode, bytes: &[u8]) -> Step {
    let CloudEvent { id, happened_at, told } = match CloudEvent::read(bytes) {
        Ok(event) => event,
        Err(unread) => return Step::Unread(unread),
    };
    let event = SuppliedEvent { id: id.clone(), happened_at, body: bytes.to_vec(), told };
    match door.directory.supply(sender, event, mode) {
        Ok(pending) => Step::Taken(Box::new(pending)),
        Err(error) => {
            // The cause is logged here, where it is known; the answer says what to do.
            let _logged = not_recorded(&error);
            Step::Failed(id)
        }
    }
}

/// Waits until an event is at its end, durable.
pub(super) async fn told(door: &Door, step: Step) -> Result<Told, Problem> {
    let told = match step {
        Step::Unread(unread) => Told::Unread(unread),
        Step::Failed(_) => return Err(Problem::new("not_recorded")),
        Step::Taken(pending) => {
            if let Some(after) = pending.after() {
                door.durable(after).await.map_err(|_| Problem::new("not_recorded"))?;
            }
            Told::Outcome(pending.settled().await.map_err(|error| not_recorded(&error))?)
        }
    };
    door.metrics.event(told.written().word());
    Ok(told)
}
