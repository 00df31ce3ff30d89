//! How long records are kept: holds, a young person's word to stay, and the lists to be purged.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{AdminError, HoldAsk, PurgeWaiting};
use serde::Serialize;
use vocabulary::{ChildNumber, HoldId, Position, PurgeId};

use crate::{
    answer::{In, InBoth, Read, by_hand, json, not_recorded, settled, status_of},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{
        OutcomeWritten,
        requests::Nothing,
        retention::{AgeExtended, AgeWithdrawn, NewHold},
    },
};

#[derive(Serialize)]
struct Held<'a> {
    hold_id: Option<HoldId>,
    #[serde(flatten)]
    outcome: OutcomeWritten<'a>,
}

#[derive(Serialize)]
struct Lists<'a> {
    purges: &'a [PurgeWaiting],
}

#[derive(Serialize)]
struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

/// 201 the outcome with the hold's id · 404 no such child, or another authority's.
pub(crate) async fn hold(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Read(asked): Read<NewHold>,
) -> Result<Response, Problem> {
    let ask = HoldAsk::Place { ground: asked.ground, reference: asked.reference };
    let (hold_id, pending) = door.directory.keep_record(&person, number, ask)?;
    let outcome = settled(&door, pending).await?;
    let held = Held { hold_id, outcome: OutcomeWritten::from(&outcome) };
    Ok(json(status_of(outcome.kind), &held))
}

/// 201 the outcome · 403 one's own hold · 404 no such hold, or another authority's child.
pub(crate) async fn lift(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    InBoth(number, id): InBoth<ChildNumber, HoldId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    let lifted = door.directory.keep_record(&person, number, HoldAsk::Lift(id));
    by_hand(&door, lifted.map(|(_, pending)| pending)).await
}

/// 201 the outcome · 404 no such child, or another authority's · 409 the record is in the archive.
pub(crate) async fn extend(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Read(asked): Read<AgeExtended>,
) -> Result<Response, Problem> {
    let AgeExtended { basis, method, notice_version, decided_on } = asked;
    let ask = HoldAsk::Extend { basis, method, notice_version, decided_on };
    let extended = door.directory.keep_record(&person, number, ask);
    by_hand(&door, extended.map(|(_, pending)| pending)).await
}

/// 201 the outcome · 404 no such child, or another authority's · 409 nobody agreed.
pub(crate) async fn withdraw(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Read(asked): Read<AgeWithdrawn>,
) -> Result<Response, Problem> {
    let ask = HoldAsk::Withdraw { decided_on: asked.decided_on };
    let withdrawn = door.directory.keep_record(&person, number, ask);
    by_hand(&door, withdrawn.map(|(_, pending)| pending)).await
}

/// 200 the lists that wait, the oldest first · 403 neither a data manager nor an administrator.
pub(crate) async fn purges(State(door): State<Arc<Door>>, Staff(person): Staff) -> Result<Response, Problem> {
    Ok(json(StatusCode::OK, &Lists { purges: &door.directory.purges(&person)? }))
}

/// 201 approved · 403 one's own approval, or without the PIN · 404 no such list · 409 one's own side has approved.
pub(crate) async fn approve(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<PurgeId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    said(door.directory.approve_purge(&person, id)).await
}

/// 201 stopped · 404 no such list.
pub(crate) async fn cancel(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<PurgeId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    said(door.directory.cancel_purge(&person, id)).await
}

async fn said(acted: Result<directory::Acted, AdminError>) -> Result<Response, Problem> {
    let acted = acted?.settled().await.map_err(|error| not_recorded(&error))?;
    Ok(json(StatusCode::CREATED, &Said { position: acted.position() }))
}
