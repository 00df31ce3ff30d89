//! Between two services: that one got in touch with the other, or decided not to share what it knows. Never what was
//! said. Source: ADR-0057; domain.md Q17.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use events::child::involvement::{Contacted, NotShared, Withholding};
use vocabulary::{ChildNumber, InvolvementId, england_day};

use super::FIELDS;
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
    wire::between::{NewContact, NewWithholding},
};

/// What is asked.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    _visitor: Visitor,
    In(own): In<InvolvementId>,
    OriginalUri(uri): OriginalUri,
) -> Page {
    let query = Posted::of_query(&uri);
    asked(&door, own, query.text("with"), query.text("child"), None)
}

/// Records it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(own): In<InvolvementId>,
    posted: Posted,
) -> Result<Response, Problem> {
    let fields = [FIELDS, &[("date_in_future", "on")]].concat();
    let (with, child) = (posted.text("with"), posted.text("child"));
    let sent = sent(&door, &visitor, own, &posted).await;
    sent.or_again(&fields, |errors| asked(&door, own, with, child, Some((&posted, errors))))
}

async fn sent(
    door: &Arc<Door>,
    visitor: &Visitor,
    own: InvolvementId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let reading = Reading::of(posted).text("/with", "with", "The other service").day("/on", "on", "Day");
    let (pending, done) = match posted.text("what") {
        "contact" => {
            let read: NewContact = reading.read()?;
            let told = Contacted { involvement: own, with: read.with, on: read.on };
            (door.directory.make_contact(&visitor.person, told), "Recorded: you got in touch.")
        }
        "withheld" => {
            let read: NewWithholding = reading.choice("/because", "because", "Why").read()?;
            let told = NotShared { involvement: own, with: read.with, because: read.because, on: read.on };
            (door.directory.decline_sharing(&visitor.person, told), "Recorded: you decided not to share.")
        }
        _ => return Err(FieldError::at("what", "Choose what you want to record").into()),
    };
    after::recorded(door, visitor, pending, done, &back(posted.text("child"))).await
}

/// The record, if a number says which; else the list of one's own.
fn back(child: &str) -> String {
    let child: Option<ChildNumber> = child.parse().ok();
    child.map_or_else(|| "/children".to_owned(), |child| format!("/children/{child}"))
}

fn asked(
    door: &Door,
    own: InvolvementId,
    with: &str,
    child: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let today = england_day(door.directory.now());
    let grounds = [
        (Withholding::WouldIncreaseRisk, "It would put somebody in more danger"),
        (Withholding::ConsentRefused, "The young person, or whoever decides for them, said no"),
        (Withholding::NotNecessary, "The other service does not need it"),
        (Withholding::LegalAdvice, "A lawyer advised against it"),
    ];
    let grounds = grounds.map(|(ground, text)| Choice::new(words::name_of(&ground), text));
    let what = [
        Choice::new("contact", "We got in touch with this service"),
        Choice::new("withheld", "We decided not to share what we know with this service"),
    ];
    let form = Form::post(format!("/involvements/{own}/between"), "Record")
        .hidden("with", with)
        .hidden("child", child)
        .field(Field::radios("what", "What do you want to record?", what).large())
        .field(Field::radios("because", "If you decided not to share: why?", grounds))
        .field(
            Field::day("on", "On which day?")
                .hint(format!("For example, {}.", words::day(today)))
                .value(today.to_string()),
        );
    Page::new("You and the other service")
        .back(back(child))
        .with(Block::text("Recorded is that it was, on which day and with whom; never what was said."))
        .with_form(form, posted)
}
