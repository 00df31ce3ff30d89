//! What people declare about themselves: children whom they are related to, and their home.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use vocabulary::{AccountId, ChildNumber};

use super::organisations::done;
use crate::{
    answer::{In, Read, json},
    door::Door,
    identify::{Staff, sessions::written},
    problem::Problem,
    wire::{
        administration::{DeclaredHome, DeclaredRelationship},
        requests::Nothing,
    },
};

#[derive(Serialize)]
struct Declared {
    relationships: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_declared_at: Option<String>,
}

#[derive(Serialize)]
struct Line {
    child_number: ChildNumber,
    declared_at: String,
}

/// 200 what one declared: numbers and times, and nothing of a home but that it is known.
pub(crate) async fn list(State(door): State<Arc<Door>>, Staff(person): Staff) -> Result<Response, Problem> {
    let declared = door.directory.declared_by(&person);
    let lines = declared.relationships.into_iter();
    let relationships =
        lines.map(|(child_number, at)| Line { child_number, declared_at: written(at) }).collect();
    let home_declared_at = declared.home_since.map(written);
    Ok(json(StatusCode::OK, &Declared { relationships, home_declared_at }))
}

/// 201 declared, whether or not anybody has the number · 409 thirty were before.
pub(crate) async fn relate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<DeclaredRelationship>,
) -> Result<Response, Problem> {
    done(door.directory.declare_relationship(&person, asked.child_number)).await
}

/// 201 declared: kept as keyed hashes · 422 without a postcode.
pub(crate) async fn live(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<DeclaredHome>,
) -> Result<Response, Problem> {
    done(door.directory.declare_home(&person, Some(&asked.address))).await
}

/// 201 forgotten.
pub(crate) async fn live_untold(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.declare_home(&person, None)).await
}

/// 201 holds no more · 403 one's own · 404 not declared, or another's account.
pub(crate) async fn withdraw(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(asked): Read<DeclaredRelationship>,
) -> Result<Response, Problem> {
    done(door.directory.withdraw_relationship(&person, id, asked.child_number)).await
}
