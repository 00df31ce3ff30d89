//! Purges: lists of records whose time is over, approved by two people of two sides, or stopped.
//!
//! A list says how many records it has, and never whom. Source: domain.md 4.6; ADR-0050.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use directory::PurgeWaiting;
use vocabulary::PurgeId;

use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Summary, Table, line},
        pin,
        posted::Posted,
        visitor::{Visitor, see},
        words,
        wrong::Wrong,
    },
    problem::Problem,
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("purge_over", "decision"),
    ("purge_approved", "decision"),
    ("own_approval", "decision"),
    ("approval_of_same_side", "decision"),
    ("step_up_missing", "pin"),
];

/// The lists that wait.
pub(crate) async fn list(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Page, Problem> {
    let lists = door.directory.purges(&visitor.person)?;
    let columns = ["Records of", "How many", "Waits since", "Approved by"].map(Column::of);
    let table = Table::new("Lists of records to be purged", columns)
        .quiet()
        .rows(lists.iter().map(|list| row(&door, list)));
    let page = Page::new("Purges")
        .wide()
        .back("/team")
        .with_if(after::done(&door, &visitor))
        .with(Block::text("Records whose time is over are forgotten for good once one person of the authority and one of the administration have approved, and a waiting time has passed."));
    Ok(if table.is_empty() { page.with(Block::text("No list waits.")) } else { page.with(table) })
}

/// One list, and the question.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<PurgeId>,
) -> Result<Page, Problem> {
    Ok(asked(&door, &visitor, &waiting(&door, &visitor, id)?, None))
}

/// Approves the list, or stops it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<PurgeId>,
    posted: Posted,
) -> Result<Response, Problem> {
    match decided(&door, &visitor, id, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let list = waiting(&door, &visitor, id)?;
            wrong.answer(FIELDS, |errors| asked(&door, &visitor, &list, Some((&posted, errors))))
        }
    }
}

async fn decided(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: PurgeId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let (acted, said) = match posted.text("decision") {
        "approve" => {
            let person = pin::given(door, visitor, posted).await?;
            (door.directory.approve_purge(&person, id)?, "Your approval is recorded.")
        }
        "cancel" => (
            door.directory.cancel_purge(&visitor.person, id)?,
            "The list is stopped. Its records stay, and may be proposed again another night.",
        ),
        _ => return Err(FieldError::at("decision", "Choose what is decided").into()),
    };
    after::acted(door, visitor, acted, said).await?;
    Ok(see("/team/purges"))
}

fn waiting(door: &Door, visitor: &Visitor, id: PurgeId) -> Result<PurgeWaiting, Problem> {
    let found = door.directory.purges(&visitor.person)?.into_iter().find(|list| list.purge_id == id);
    found.ok_or_else(|| Problem::new("not_found"))
}

fn asked(
    door: &Door,
    visitor: &Visitor,
    list: &PurgeWaiting,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let choices = [
        Choice::new("approve", "Approve it").hint(
            "With the other side's approval the records are forgotten for good, after the waiting time.",
        ),
        Choice::new("cancel", "Stop it").hint("The records stay. Stop it if any may still be needed."),
    ];
    let form = Form::post(format!("/team/purges/{}", list.purge_id), "Record the decision")
        .warning()
        .field(Field::radios("decision", "What is decided?", choices).large())
        .fields(pin::field(visitor))
        .beside(line().link("/team/purges", "Decide later"));
    let summary = Summary::default()
        .row("Records of", after::named(door, &list.authority))
        .row("How many", many(list))
        .row_if("Waits since", list.proposed_at.map(|at| line().at(at)))
        .row("Approved by", approved(list))
        .row_if("Gone through at", list.due_at.map(|at| line().at(at)));
    Page::new("Decide on a purge")
        .back("/team/purges")
        .with(summary)
        .with(Block::warning("What is purged cannot be brought back: the keys to it are destroyed."))
        .with_form(form, posted)
}

fn row(door: &Door, list: &PurgeWaiting) -> Vec<Line> {
    let of = after::named(door, &list.authority);
    let decide = line().link_to(
        format!("/team/purges/{}", list.purge_id),
        "Decide",
        format!("about the list of {of}"),
    );
    let since = list.proposed_at.map(|at| line().at(at)).unwrap_or_default();
    let due = list.due_at.map(|at| line().line_break().text("Gone through at ").at(at)).unwrap_or_default();
    vec![
        line().text(of).line_break().and(decide),
        line().text(many(list)),
        since,
        line().text(approved(list)).and(due),
    ]
}

fn many(list: &PurgeWaiting) -> String {
    list.records.map_or_else(|| "Fewer than 5".to_owned(), |records| records.to_string())
}

fn approved(list: &PurgeWaiting) -> String {
    if list.approved.is_empty() {
        return "Nobody yet".to_owned();
    }
    list.approved.iter().map(words::of).collect::<Vec<_>>().join(", ")
}
