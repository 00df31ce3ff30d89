//! The directory team's pages: what waits for a person to decide, each list a look of its own.
//!
//! Nothing is counted here: the lists themselves are facts, and no page makes one by being the way to them.
//! Source: contract.md section 2; rules.md 1.3, 2.6, 2.7, 6.2.

pub(crate) mod brokering;
mod compare;
pub(crate) mod discrepancies;
pub(crate) mod keeping;
pub(crate) mod merging;
pub(crate) mod notices;
pub(crate) mod purges;
pub(crate) mod queue;
pub(crate) mod requests;
pub(crate) mod shields;
pub(crate) mod transfers;
pub(crate) mod worklist;

use std::sync::Arc;

use axum::extract::State;
use visibility::permission::Action as May;

use super::{
    after,
    frame::may,
    kit::{Block, Card, Page, line},
    visitor::Visitor,
};
use crate::{door::Door, problem::Problem};

/// A list: where, in what words, what stands there, and which right opens it.
const LISTS: &[(&str, &str, &str, May)] = &[
    (
        "/team/queue",
        "Identity queue",
        "What was sent about children whom a person has to tell apart. Decide within one working day.",
        May::ReadQueue,
    ),
    (
        "/team/brokering",
        "Duty desk",
        "Practitioners who ask to be put in touch. They wait for half an hour at most, at any hour.",
        May::AnswerForDesk,
    ),
    (
        "/team/shields",
        "Shields",
        "Requests to decide, and shields that are due for review.",
        May::DecideShield,
    ),
    (
        "/team/transfers",
        "Transfers",
        "Children for whom another authority is to answer, or yours.",
        May::TransferChild,
    ),
    (
        "/team/discrepancies",
        "Discrepancies",
        "Sources that say something else of a child than the record shows.",
        May::ReadQueue,
    ),
    (
        "/team/requests",
        "Requests about what is held",
        "Children and carers who ask what is held, that it be corrected, or who complain. Each has a month.",
        May::AnswerPerson,
    ),
    (
        "/team/notices",
        "Privacy notices",
        "Families who are to be told what is held and why.",
        May::AnswerPerson,
    ),
    (
        "/team/notices/version",
        "Publish a version of the notice",
        "The version that families are given from a day on.",
        May::ProposePolicy,
    ),
    (
        "/team/purges",
        "Purges",
        "Lists of records whose time is over: approve them, or stop them.",
        May::ReadPurges,
    ),
    (
        "/team/worklist",
        "Coverage worklist",
        "Children for whom no education or no GP practice is known.",
        May::ReadQueue,
    ),
];

/// The ways to what waits.
pub(crate) async fn page(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Page, Problem> {
    let open: Vec<Block> = LISTS
        .iter()
        .filter(|(_, _, _, right)| may(&visitor.person, *right))
        .map(|(href, text, what, _)| {
            Card::new(line().link(*href, *text), vec![Block::text(*what)]).level(2).into()
        })
        .collect();
    if open.is_empty() {
        return Err(Problem::new("role_may_not_read"));
    }
    Ok(Page::new("Directory team")
        .with_if(after::done(&door, &visitor))
        .with(Block::text("Each list that names children is recorded in your name when it is shown."))
        .with_all(open))
}
