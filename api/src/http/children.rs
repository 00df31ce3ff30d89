//! Children by hand: a new record after a search that found nobody, and what staff state of a child.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use vocabulary::ChildNumber;

use crate::{
    answer::{In, Read, by_hand, recording},
    door::Door,
    identify::Viewer,
    problem::Problem,
    wire::requests::{ChangedChild, NewChild},
};

/// 201 the outcome · 202 when a person must decide who it is · 409 the search does not allow it.
pub(crate) async fn create(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    Read(asked): Read<NewChild>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.create_child(&person, asked.search_id, asked.child)).await
}

/// 201 the outcome · 404 unknown or concealed.
pub(crate) async fn change(
    State(door): State<Arc<Door>>,
    Viewer(person): Viewer,
    In(number): In<ChildNumber>,
    Read(asked): Read<ChangedChild>,
) -> Result<Response, Problem> {
    let person = recording(&door, &person, asked.on_behalf_of)?;
    by_hand(&door, door.directory.change_child(&person, number, asked.child)).await
}
