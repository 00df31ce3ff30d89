//! What follows a form: it is waited for, the next page reads it, and says once what was done.

use axum::response::Response;
use directory::{Acted, HandError, Outcome, OutcomeKind, Pending};
use vocabulary::{OrganisationId, Position};

use super::{
    kit::{Block, Notice, Pager},
    posted::Posted,
    visitor::{Visitor, see},
    wrong::Wrong,
};
use crate::{
    answer::{not_recorded, settled},
    door::Door,
    problem::Problem,
};

/// What is said where nothing had to be done.
const UNCHANGED: &str = "It was so already; nothing was changed.";

/// Waits until what was asked is durable; the pages that follow read it.
pub(super) async fn stands(door: &Door, visitor: &Visitor, pending: Pending) -> Result<Outcome, Problem> {
    let outcome = settled(door, pending).await?;
    visitor.wrote(door, outcome.position);
    Ok(outcome)
}

/// Waits until what was recorded of a child is durable, and goes on to `next`, where what came of it is said.
pub(super) async fn recorded(
    door: &Door,
    visitor: &Visitor,
    pending: Result<Pending, HandError>,
    done: &str,
    next: &str,
) -> Result<Response, Wrong> {
    let outcome = stands(door, visitor, pending?).await?;
    let said = match outcome.kind {
        OutcomeKind::Unchanged => UNCHANGED,
        OutcomeKind::Queued => "Recorded. A person decides which child it is about, within one working day.",
        OutcomeKind::Recorded | OutcomeKind::Duplicate | OutcomeKind::Refused => done,
    };
    Ok(on(door, visitor, said, next))
}

/// Waits until an act of administration is durable; the next page says `done`, or that it was so already.
pub(super) async fn acted(door: &Door, visitor: &Visitor, acted: Acted, done: &str) -> Result<(), Wrong> {
    let position = acted.settled().await.map_err(|error| not_recorded(&error))?.position();
    visitor.wrote(door, position);
    let said = if position.is_some() { done } else { UNCHANGED };
    visitor.visit(door, |visit| visit.say(said));
    Ok(())
}

/// On to `href`, where it is said once what was done.
pub(super) fn on(door: &Door, visitor: &Visitor, said: impl Into<String>, href: &str) -> Response {
    visitor.visit(door, |visit| visit.say(said));
    see(href)
}

/// What was done a moment ago.
pub(super) fn done(door: &Door, visitor: &Visitor) -> Option<Block> {
    visitor.visit(door, super::Visit::said).map(Notice::done)
}

/// Where a list goes on, if it does.
pub(super) fn further(label: &'static str, next: Option<String>) -> Option<Pager> {
    let next = next?;
    Some(Pager {
        label,
        previous: None,
        previous_text: String::new(),
        next: Some(next),
        next_text: "Next page".to_owned(),
    })
}

/// From which position a page of a list goes on.
pub(super) fn position(asked: &Posted) -> Position {
    asked.text("after").parse().map_or(Position::ZERO, Position)
}

/// An organisation by its name; by its id where no name is known.
pub(super) fn named(door: &Door, organisation: &OrganisationId) -> String {
    door.directory.name_of_organisation(organisation).unwrap_or_else(|| organisation.to_string())
}
