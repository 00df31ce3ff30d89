//! Merges and splits: a data manager says that two records are of one child, or tells them apart.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use directory::MergeAsk;
use vocabulary::ChildNumber;

use crate::{
    answer::{In, Read, by_hand},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::requests::{Merge, Split},
};

/// 201 the outcome · 403 not a data manager of the authority of both · 404 unknown or concealed.
pub(crate) async fn merge(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Read(asked): Read<Merge>,
) -> Result<Response, Problem> {
    let ask = MergeAsk {
        stays: number,
        absorbed: asked.absorbed,
        despite: asked.despite_not_same_person.unwrap_or_default(),
    };
    by_hand(&door, door.directory.merge_children(&person, ask)).await
}

/// 201 the outcome · 403 not a data manager of the authority of both · 404 unknown or concealed.
pub(crate) async fn split(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(number): In<ChildNumber>,
    Read(asked): Read<Split>,
) -> Result<Response, Problem> {
    by_hand(&door, door.directory.split_children(&person, number, asked.other)).await
}
