//! Asking for a shield: where the child is puts them at risk. The authority's team decides; the record is shielded from
//! the moment of asking where the rules say so. Source: rules.md 2; invariant I-7.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use directory::ShieldAsk;
use events::child::shield::Ground;
use vocabulary::{ChildNumber, england_day};

use super::{FIELDS, for_whom, on_behalf, recorder};
use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        kit::{Block, Choice, Field, FieldError, Form, Page},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::NewShield,
};

/// What is asked.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
) -> Page {
    asked(&door, &visitor, child, None)
}

/// Asks for the shield.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    let fields = [FIELDS, &[("review_out_of_range", "review_by")]].concat();
    sent(&door, &visitor, child, &posted)
        .await
        .or_again(&fields, |errors| asked(&door, &visitor, child, Some((&posted, errors))))
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let reading = Reading::of(posted)
        .put("/child_number", serde_json::json!(child.to_string()))
        .choice("/ground", "ground", "Why the child needs a shield")
        .day("/review_by", "review_by", "Day of the review");
    let read: NewShield = on_behalf(reading).read()?;
    let person = recorder(door, visitor, posted, read.on_behalf_of).await?;
    let ask = ShieldAsk::Shield { ground: read.ground, review_by: read.review_by };
    let (_, pending) = door.directory.shield(&person, read.child_number, ask)?;
    let done = "The shield was asked for; the authority's team decides about it.";
    after::recorded(door, visitor, Ok(pending), done, &format!("/children/{child}")).await
}

fn asked(
    door: &Door,
    visitor: &Visitor,
    child: ChildNumber,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let today = england_day(door.directory.now());
    let grounds = [
        (Ground::DomesticAbuse, "Somebody who does not know the address could harm the child or a parent"),
        (Ground::AdoptionAtRisk, "An adoption or placement is at risk"),
        (Ground::WitnessProtection, "Witness protection"),
        (Ground::ProtectedService, "A refuge or immigration support works with the child"),
        (
            Ground::RiskOfHarm,
            "There is another strong reason to believe that not shielding raises the risk of significant harm",
        ),
    ];
    let grounds = grounds.map(|(ground, text)| Choice::new(words::name_of(&ground), text));
    let form = Form::post(format!("/children/{child}/shield"), "Ask for the shield")
        .field(Field::radios("ground", "Why does this child need a shield?", grounds).large())
        .field(
            Field::day("review_by", "Review it by")
                .hint(format!("For example, {}. Leave it empty for the usual time.", words::day(today))),
        );
    Page::new("Ask for a shield")
        .back(format!("/children/{child}"))
        .with(Block::text("A shield hides where the child is, and who works with them, from everybody but the authority's team."))
        .with_form(for_whom(visitor, form), posted)
}
