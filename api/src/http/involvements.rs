//! Involvements by hand, where no case management system tells of them.

use std::sync::Arc;

use aws_lc_rs::rand;
use axum::{extract::State, response::Response};
use directory::InvolvementPatch;
use events::supplied::{InvolvementStarted, SuppliedChild, SuppliedRef};
use vocabulary::{ChildNumber, InvolvementId};

use crate::{
    answer::{In, Read, by_hand, recording},
    door::Door,
    identify::Viewer,
    problem::Problem,
    wire::requests::{Assessed, ChangedInvolvement, Ended, InError, Lead, NewInvolvement, OnBehalfOf},
};

/// 201 the outcome · 202 queued · 404 unknown or concealed.
pub(crate) async fn start(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(number): In<ChildNumber>,
    Read(asked): Read<NewInvolvement>,
) -> Result<Response, Problem> {
    let (started, colleague) = started(asked)?;
    let person = recording(&door, &person, colleague)?;
    by_hand(&door, door.directory.start_involvement(&person, number, started)).await
}

/// What a body says of an involvement that began, and for whom a mediator says it.
pub(crate) fn started(asked: NewInvolvement) -> Result<(InvolvementStarted, Option<OnBehalfOf>), Problem> {
    let started = InvolvementStarted {
        // The directory names the child by the number of the address.
        child: SuppliedChild::default(),
        involvement_ref: asked.involvement_ref.map_or_else(drawn, Ok)?,
        service_type: asked.service_type,
        organisation: None,
        practitioner: asked.practitioner,
        team: asked.team,
        contacts: asked.contacts,
        started_on: asked.started_on,
        ended_on: asked.ended_on,
        lead_professional: asked.lead_professional,
        episode_ref: asked.episode_ref,
        version: None,
    };
    Ok((started, asked.on_behalf_of))
}

/// 201 the outcome · 404 unknown, or another organisation's.
pub(crate) async fn change(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(mut asked): Read<ChangedInvolvement>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of.take())?;
    let patch = patched(asked);
    by_hand(&door, door.directory.change_involvement(&person, id, patch)).await
}

/// What a body changes of an involvement.
pub(crate) fn patched(asked: ChangedInvolvement) -> InvolvementPatch {
    InvolvementPatch {
        practitioner: asked.practitioner,
        team: asked.team,
        contacts: asked.contacts,
        started_on: asked.started_on,
        ended_on: asked.ended_on,
    }
}

/// 201 the outcome · 404 unknown, or another organisation's.
pub(crate) async fn end(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<Ended>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.end_involvement(&person, id, asked.ended_on)).await
}

/// 201 the outcome · 404 unknown, or another organisation's.
pub(crate) async fn in_error(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<InError>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.involvement_in_error(&person, id)).await
}

/// 201 the outcome · 404 unknown, or another organisation's · 409 another that is seen has the lead.
pub(crate) async fn lead(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<Lead>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.lead_by_hand(&person, id, true)).await
}

/// 201 the outcome · 404 unknown, or another organisation's.
pub(crate) async fn relinquish(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<Lead>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.lead_by_hand(&person, id, false)).await
}

/// 201 the outcome · 404 unknown, or another organisation's.
pub(crate) async fn assess(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<Assessed>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.assessment_by_hand(&person, id, asked.on, true)).await
}

/// 201 the outcome · 404 unknown, or another organisation's.
pub(crate) async fn withdraw_assessment(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(id): In<InvolvementId>,
    Read(asked): Read<Assessed>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.assessment_by_hand(&person, id, asked.on, false)).await
}

/// A reference that nobody else draws, for what staff record without one.
fn drawn() -> Result<SuppliedRef, Problem> {
    let mut bytes = [0; 16];
    let filled = rand::fill(&mut bytes);
    assert!(filled.is_ok(), "the operating system gives no randomness: no reference can be drawn safely");
    SuppliedRef::try_from(format!("by-hand-{:032x}", u128::from_be_bytes(bytes)))
        .map_err(|_| Problem::new("internal"))
}
