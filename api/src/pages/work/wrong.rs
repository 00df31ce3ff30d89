//! Something is wrong: what one's own organisation knows of the child, stated beside what others said.
//!
//! Nobody's statement is written over: where two differ, both suppliers are told what they may see, and the directory
//! team decides. Source: rules.md 2.3, 4.4.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use vocabulary::ChildNumber;

use super::{
    FIELDS,
    create::{OF_A_CHILD, described, questions},
    for_whom, on_behalf, recorded, recorder,
};
use crate::{
    answer::In,
    door::Door,
    pages::{
        kit::{Block, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::Visitor,
        wrong::Wrong,
    },
    problem::Problem,
    wire::requests::ChangedChild,
};

/// What is asked.
pub(crate) async fn page(visitor: Visitor, In(child): In<ChildNumber>) -> Page {
    asked(&visitor, child, None)
}

/// States it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    match sent(&door, &visitor, child, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let fields = [FIELDS, OF_A_CHILD].concat();
            wrong.answer(&fields, |errors| asked(&visitor, child, Some((&posted, errors))))
        }
    }
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let given = |field: &&str| posted.given(field).is_some();
    let fields = [
        "forename",
        "middle_names",
        "surname",
        "known_as",
        "gender",
        "line",
        "town",
        "postcode",
        "address_known",
        "nhs_number",
        "carer",
    ];
    if !fields.iter().any(given) && posted.day("born").is_none() {
        return Err(FieldError::at("forename", "Fill in what is wrong; leave the rest empty").into());
    }
    let asked: ChangedChild = on_behalf(described(Reading::of(posted), posted)).read()?;
    let person = recorder(door, visitor, posted, asked.on_behalf_of).await?;
    let pending = door.directory.change_child(&person, child, asked.child);
    let done = "Recorded as what your organisation knows. Where others say otherwise, they and the directory team are told.";
    recorded(door, visitor, pending, done, &format!("/children/{child}")).await
}

fn asked(visitor: &Visitor, child: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post(format!("/children/{child}/wrong"), "Record what we know").fields(questions());
    Page::new("Report something wrong")
        .back(format!("/children/{child}"))
        .with(Block::heading("About the child"))
        .with(Block::text("Fill in what is wrong, as your organisation knows it; leave the rest empty."))
        .with_form(for_whom(visitor, form), posted)
        .with(Block::heading("About another service's entry"))
        .with(Block::text(
            "Ring that service: only they, and the directory team of the child's authority, can change it.",
        ))
}
