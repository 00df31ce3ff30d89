//! Something is wrong: what one's own organisation knows of the child, stated beside what others said.
//!
//! Nobody's statement is written over: where two differ, both suppliers are told what they may see, and the directory
//! team decides. Source: rules.md 2.3, 4.4.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use visibility::{AccessibleRecord, NameKind};
use vocabulary::ChildNumber;

use super::{
    FIELDS,
    create::{OF_A_CHILD, described, missing, questions},
    for_whom, on_behalf, recorder,
};
use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        kit::{Block, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::ChangedChild,
};

/// What is asked, with who the child is filled in: a description is of a whole child. Showing that is a look.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
) -> Result<Response, Problem> {
    let now = door.directory.now();
    let Some(ground) = visitor.visit(&door, |visit| visit.ground(child, now)) else {
        return Ok(see(&format!("/children/{child}/reason")));
    };
    let record = door.directory.open_record(&visitor.person, ground.request()).await?.into_view().record;
    let held = Posted::of_pairs(who(&record));
    Ok(asked(&visitor, child, Some((&held, Vec::new()))).into_response())
}

/// The answers that say who the child is.
fn who(record: &AccessibleRecord) -> Vec<(String, String)> {
    let current = record.names.iter().find(|name| name.kind == NameKind::Current);
    let born = record.date_of_birth;
    let part = |format: &str| born.map(|day| day.format(format).to_string());
    let answers = [
        ("forename", current.map(|name| name.forename.as_str().to_owned())),
        ("surname", current.map(|name| name.surname.as_str().to_owned())),
        ("born-day", part("%-d")),
        ("born-month", part("%-m")),
        ("born-year", part("%Y")),
        ("gender", record.gender.map(|gender| words::name_of(&gender))),
    ];
    answers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// States it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    let fields = [FIELDS, OF_A_CHILD].concat();
    sent(&door, &visitor, child, &posted)
        .await
        .or_again(&fields, |errors| asked(&visitor, child, Some((&posted, errors))))
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let missing = missing(posted);
    if !missing.is_empty() {
        return Err(missing.into());
    }
    let asked: ChangedChild = on_behalf(described(Reading::of(posted), posted)).read()?;
    let person = recorder(door, visitor, posted, asked.on_behalf_of).await?;
    let pending = door.directory.change_child(&person, child, asked.child);
    let done = "Recorded as what your organisation knows. Where others say otherwise, they and the directory team are told.";
    after::recorded(door, visitor, pending, done, &format!("/children/{child}")).await
}

fn asked(visitor: &Visitor, child: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post(format!("/children/{child}/wrong"), "Record what we know").fields(questions());
    Page::new("Report something wrong")
        .back(format!("/children/{child}"))
        .with(Block::heading("About the child"))
        .with(Block::text(
            "Put right what is wrong, as your organisation knows it. What you leave empty is not stated.",
        ))
        .with_form(for_whom(visitor, form), posted)
        .with(Block::heading("About another service's entry"))
        .with(Block::text(
            "Ring that service: only they, and the directory team of the child's authority, can change it.",
        ))
}
