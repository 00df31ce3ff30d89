//! The duty desk: who asks to be put in touch, until when they are answered, and what came of it.
//!
//! Whoever asks hears one of three words, and never whether a service is there. Source: rules.md 2.6.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::BrokeringWaiting;
use events::brokering::{About, Outcome};
use vocabulary::{BrokeringId, Contact};

use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Table, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::keeping::BrokeringAnswer,
};
use visibility::permission::Action as May;

const OUTCOMES: [(Outcome, &str, &str); 3] = [
    (Outcome::ContactMade, "The two were put in touch", "You rang both, and they spoke or will."),
    (Outcome::CallbackArranged, "Somebody will call them", "Whoever asked waits for a call."),
    (
        Outcome::NothingToPassOn,
        "There is nothing to pass on",
        "The same words, whether a service declined or there is none.",
    ),
];

/// What waits at the desk, those due first.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let from = after::position(&Posted::of_query(&uri));
    let shown = door.directory.brokering_desk(&visitor.person, from).await?.into_view();
    let columns = ["Answer by", "Who asks", "Ring them", "About"].map(Column::of);
    let table = Table::new("Requests at the duty desk, those due first", columns)
        .quiet()
        .rows(shown.requests.iter().map(row));
    let page = Page::new("Duty desk").wide().back("/team").with_if(after::done(&door, &visitor));
    let page = if table.is_empty() {
        page.with(Block::text("Nobody waits to be put in touch."))
    } else {
        page.with(Block::text("Ring whoever asks at the number that their organisation has on file before you say anything of a child."))
            .with(table)
    };
    let next = shown.next.map(|next| format!("/team/brokering?after={next}"));
    Ok(page.with_if(after::further("Pages of requests", next)))
}

/// What came of one request.
pub(crate) async fn page(visitor: Visitor, In(id): In<BrokeringId>) -> Result<Page, Problem> {
    if !may(&visitor.person, May::AnswerForDesk) {
        return Err(Problem::new("role_may_not_read"));
    }
    Ok(asked(id, None))
}

/// Takes what came of it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<BrokeringId>,
    posted: Posted,
) -> Result<Response, Problem> {
    answered(&door, &visitor, id, &posted).await.or_again(&[], |errors| asked(id, Some((&posted, errors))))
}

async fn answered(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: BrokeringId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let answer: BrokeringAnswer =
        Reading::of(posted).choice("/outcome", "outcome", "what came of it").read()?;
    let pending = door.directory.answer_brokering(&visitor.person, id, answer.outcome)?;
    after::stands(door, visitor, pending).await?;
    Ok(after::on(door, visitor, "Whoever asked is told what came of it.", "/team/brokering"))
}

fn asked(id: BrokeringId, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let outcomes =
        OUTCOMES.map(|(outcome, text, hint)| Choice::new(words::name_of(&outcome), text).hint(hint));
    let form = Form::post(format!("/team/brokering/{id}"), "Answer")
        .field(Field::radios("outcome", "What came of it?", outcomes).large())
        .beside(line().link("/team/brokering", "Answer later"));
    Page::new("Answer for the desk")
        .back("/team/brokering")
        .with(Block::text("Whoever asked is told your answer and nothing else."))
        .with_form(form, posted)
}

fn row(request: &BrokeringWaiting) -> Vec<Line> {
    let due = line().at(request.due_by);
    let due = if request.overdue { due.text(" ").tag("red", "Overdue") } else { due };
    let asker = &request.asked_by;
    let name = asker.user_name.clone().unwrap_or_else(|| "A name that is not known".to_owned());
    let organisation =
        asker.organisation_name.clone().map(|of| line().line_break().text(of)).unwrap_or_default();
    let who = line().strong(name.clone()).and(organisation);
    let about = match request.about {
        About::Sensitive => "Whoever works with the child and is not named",
        About::Shielded => "What the shield hides",
    };
    let number = request.child_number;
    let about = line()
        .text(format!("{about}. {}. Child number ", words::word(request.reason.name())))
        .link(format!("/children/{number}"), number.to_string());
    let answer = line().link_to(
        format!("/team/brokering/{}", request.brokering_id),
        "Answer",
        format!("{name}, who asks"),
    );
    let own = numbers("Given with the request", &asker.contacts);
    let filed = numbers("On file for their organisation", &asker.organisation_contacts);
    let ring = match (own.is_empty(), filed.is_empty()) {
        (false, false) => filed.line_break().and(own),
        _ => filed.and(own),
    };
    vec![due.line_break().and(answer), who, ring, about]
}

fn numbers(whose: &str, contacts: &[Contact]) -> Line {
    let begun = if contacts.is_empty() { Line::default() } else { line().quiet(format!("{whose}:")) };
    contacts.iter().fold(begun, |told, contact| {
        let kind = words::lower(&words::contact(contact.kind, contact.used));
        let hours = contact.hours.as_ref().map(|hours| format!(", {hours}")).unwrap_or_default();
        told.line_break().text(contact.value.clone()).text(" ").quiet(format!("({kind}{hours})"))
    })
}
