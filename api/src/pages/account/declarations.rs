//! What one declares: children whom one is related to, and one's home. Looks that touch them are marked for review.
//!
//! Of a home nothing is shown but that it is known. Source: rules.md 5; ADR-0048.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    door::Door,
    pages::{
        Visit, after,
        kit::{Block, Column, Field, FieldError, Form, Notice, Page, Table, line},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::administration::{DeclaredHome, DeclaredRelationship},
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] =
    &[("relationships_too_many", "child_number"), ("postcode_missing", "postcode")];

/// What was declared, and where more is.
pub(crate) async fn page(State(door): State<Arc<Door>>, visitor: Visitor) -> Page {
    let done = visitor.visit(&door, Visit::said);
    shown(&door, &visitor, done, None)
}

/// Declares a relationship.
pub(crate) async fn relate(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let sent = related(&door, &visitor, &posted).await;
    answered(&door, &visitor, &posted, sent)
}

/// Declares where one lives, or lets it be forgotten.
pub(crate) async fn live(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let sent = lives(&door, &visitor, &posted).await;
    answered(&door, &visitor, &posted, sent)
}

async fn related(door: &Door, visitor: &Visitor, posted: &Posted) -> Result<(), Wrong> {
    let asked: DeclaredRelationship =
        Reading::of(posted).text("/child_number", "child_number", "Child number").read()?;
    let acted = door.directory.declare_relationship(&visitor.person, asked.child_number)?;
    after::acted(door, visitor, acted, "The relationship was declared.").await
}

async fn lives(door: &Door, visitor: &Visitor, posted: &Posted) -> Result<(), Wrong> {
    if posted.given("forget").is_some() {
        let acted = door.directory.declare_home(&visitor.person, None)?;
        return after::acted(door, visitor, acted, "Your home was forgotten.").await;
    }
    if posted.given("postcode").is_none() {
        return Err(FieldError::at("postcode", "Enter your postcode").into());
    }
    let asked: DeclaredHome = Reading::of(posted)
        .text("/address/lines/0", "house", "House and street")
        .text("/address/town", "town", "Town")
        .text("/address/postcode", "postcode", "Postcode")
        .read()?;
    let acted = door.directory.declare_home(&visitor.person, Some(&asked.address))?;
    after::acted(door, visitor, acted, "Your home was declared. It is kept so that nobody can read it.").await
}

fn answered(
    door: &Door,
    visitor: &Visitor,
    posted: &Posted,
    sent: Result<(), Wrong>,
) -> Result<Response, Problem> {
    let sent = sent.map(|()| see("/account/relationships"));
    sent.or_again(FIELDS, |errors| shown(door, visitor, None, Some((posted, errors))))
}

fn shown(
    door: &Door,
    visitor: &Visitor,
    done: Option<String>,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let declared = door.directory.declared_by(&visitor.person);
    let rows = declared
        .relationships
        .into_iter()
        .map(|(child, at)| vec![line().text(child.to_string()), line().at(at)]);
    let table = Table::new("Children you are related to", ["Child number", "Declared"].map(Column::of))
        .quiet()
        .rows(rows);
    let listed = if table.is_empty() { Block::text("You have declared none.") } else { table.into() };
    let relate = Form::post("/account/relationships", "Declare the relationship")
        .field(Field::digits("child_number", "Child number").width("govuk-input--width-20"));
    let live = Form::post("/account/home", "Declare your home")
        .field(Field::text("house", "House and street").autocomplete("address-line1"))
        .field(Field::text("town", "Town").autocomplete("address-level2").width("govuk-input--width-20"))
        .field(
            Field::text("postcode", "Postcode").autocomplete("postal-code").width("govuk-input--width-10"),
        );
    // What was typed belongs to the form that has its fields.
    let (of_relation, of_home) = match posted {
        Some((typed, errors)) if typed.pairs().iter().any(|(name, _)| name == "child_number") => {
            (Some((typed, errors)), None)
        }
        other => (None, other),
    };
    let home = match declared.home_since {
        Some(at) => Block::text(
            line().text("You declared your home on ").at(at).text(". It is kept so that nobody can read it."),
        ),
        None => Block::text("You have not declared where you live."),
    };
    let forget = declared
        .home_since
        .map(|_| Form::post("/account/home", "Forget my home").hidden("forget", "yes").secondary());
    Page::new("Children you are related to")
        .back("/account")
        .with_if(done.map(Notice::done))
        .with(Block::text("A look at a child who is related to you, or who lives where you live, is read by a reviewer. Declaring it is part of your agreement. Your manager can withdraw a relationship that holds no more."))
        .with(listed)
        .with(Block::heading("Declare a relationship"))
        .with_form(relate, of_relation)
        .with(Block::heading("Where you live"))
        .with(home)
        .with_form(live, of_home)
        .with_if(forget)
}
