//! Asking the directory team to be put in touch with whoever is not shown. Source: rules.md 2.6.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::{BrokeringRequest, OnBehalf};
use vocabulary::{ChildNumber, Role};

use super::{FIELDS, for_whom, on_behalf};
use crate::{
    answer::{In, settled},
    door::Door,
    pages::{
        Visit,
        kit::{Block, Card, Choice, Field, FieldError, Form, Notice, Page, Summary, line},
        pin,
        posted::{Posted, Reading},
        reason,
        visitor::{Visitor, see},
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::keeping::NewBrokering,
};

/// What is asked.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let about = if Posted::of_query(&uri).text("about") == "sensitive" { "sensitive" } else { "shielded" };
    Ok(asked(form(&door, &visitor, child, about)?, child, None))
}

/// Asks the desk.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    match sent(&door, &visitor, child, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let form = form(&door, &visitor, child, "shielded")?;
            let fields = [FIELDS, reason::FIELDS].concat();
            wrong.answer(&fields, |errors| asked(form, child, Some((&posted, errors))))
        }
    }
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    if posted.given("telephone").is_none() {
        return Err(FieldError::at("telephone", "Enter the number at which the team reaches you").into());
    }
    let now = door.directory.now();
    let ground = visitor.visit(door, |visit| visit.ground(child, now));
    let mut reading = Reading::of(posted)
        .put("/child_number", serde_json::json!(child.to_string()))
        .put("/contacts/0/kind", serde_json::json!("telephone"))
        .text("/contacts/0/value", "telephone", "Telephone number")
        .choice("/about", "about", "Whom you want to reach");
    reading = match &ground {
        Some(ground) => reading
            .put_if("/reason", ground.reason.map(|reason| serde_json::json!(reason.name())))
            .put_if("/search_id", ground.search_id.map(|search| serde_json::json!(search.to_string())))
            .put_if("/case_ref", ground.case_ref.as_ref().map(|case| serde_json::json!(case.as_str()))),
        None => reason::read(reading),
    };
    let asked: NewBrokering = on_behalf(reading).read()?;
    let person = if visitor.person.role == Role::Mediator {
        pin::given(door, visitor, posted).await?
    } else {
        visitor.person.clone()
    };
    let request = BrokeringRequest {
        number: asked.child_number,
        about: asked.about,
        reason: asked.reason,
        search_id: asked.search_id,
        on_behalf_of: asked.on_behalf_of.map(OnBehalf::from),
        case_ref: asked.case_ref,
        contacts: asked.contacts,
    };
    let taken = door.directory.request_brokering(&person, request)?;
    let outcome = settled(door, taken.pending).await?;
    visitor.wrote(door, outcome.position);
    let said = format!("The team was asked. The duty desk answers by {}.", words::moment(taken.due_by));
    visitor.visit(door, |visit| visit.say(said));
    Ok(see("/brokering"))
}

/// What one asked, and what came of it.
pub(crate) async fn own(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Page, Problem> {
    let done = visitor.visit(&door, Visit::said);
    let page = door.directory.brokering_own(&visitor.person, vocabulary::Position::ZERO)?;
    let cards = page.requests.iter().map(|asked| {
        let summary = Summary::default()
            .row(
                "Record",
                line().link_to(
                    format!("/children/{}", asked.child_number),
                    "Open the record",
                    format!("of child number {}", asked.child_number),
                ),
            )
            .row("Asked on", line().at(asked.asked_at))
            .row("Answer due by", line().at(asked.due_by))
            .row("Answer", asked.outcome.map_or_else(|| "Not yet".to_owned(), |outcome| words::of(&outcome)));
        let title = line().text(format!("Child number {}", asked.child_number));
        Block::from(Card::new(title, vec![summary.into()]).level(2))
    });
    let cards: Vec<Block> = cards.collect();
    let nothing = cards.is_empty().then(|| Block::text("You have not asked the team to be put in touch."));
    Ok(Page::new("What you asked the team")
        .with_if(done.map(Notice::done))
        .with(Block::text("The desk rings you, at any hour. You are told whether somebody will be in touch; you are not told who, or whether there is anybody. If a child is in danger now, ring 999."))
        .with_if(nothing)
        .with_all(cards))
}

fn form(door: &Door, visitor: &Visitor, child: ChildNumber, about: &str) -> Result<Form, Problem> {
    let form = Form::post(format!("/children/{child}/broker"), "Ask the team")
        .field(
            Field::radios(
                "about",
                "Whom do you want to reach?",
                [
                    Choice::new("sensitive", "The unspecified sensitive service"),
                    Choice::new("shielded", "Whoever works with this shielded child"),
                ],
            )
            .value(about),
        )
        .field(
            Field::text("telephone", "Telephone number at which the team reaches you")
                .width("govuk-input--width-20")
                .inputmode("tel"),
        );
    let now = door.directory.now();
    if visitor.visit(door, |visit| visit.ground(child, now)).is_some() {
        return Ok(for_whom(visitor, form));
    }
    reason::asked(door, visitor, form)
}

fn asked(form: Form, child: ChildNumber, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    Page::new("Ask the directory team to put you in touch")
        .back(format!("/children/{child}"))
        .with(Block::text("The duty desk of the child's authority rings you back within half an hour, at any hour. It asks the service first; the service decides."))
        .with_form(form, posted)
}
