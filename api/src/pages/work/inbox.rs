//! What is new: which services began or stopped working with the children of one's organisation.
//!
//! A line holds a number, a kind and a time, and no name; who it is, is seen by opening the record. Source: ADR-0057.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::InboxItem;
use vocabulary::Position;

use crate::{
    answer::In,
    door::Door,
    pages::{
        Visit, after,
        kit::{Block, Card, Form, Notice, Page, Pager, Summary, line},
        posted::Posted,
        visitor::Visitor,
        words,
        wrong::OrAgain as _,
    },
    problem::Problem,
};

/// A page of what is new, the newest first.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let before = Posted::of_query(&uri).text("before").parse().ok().map(Position);
    let page = door.directory.inbox(&visitor.person, before).await?.into_view();
    let done = visitor.visit(&door, Visit::said);
    let pager = page.next.map(|next| Pager {
        label: "Pages of what is new",
        previous: None,
        previous_text: String::new(),
        next: Some(format!("/inbox?before={next}")),
        next_text: "Earlier".to_owned(),
    });
    let nothing = page.notifications.is_empty();
    let cards = page.notifications.iter().map(|item| card(&door, item));
    Ok(Page::new("What is new")
        .with_if(done.map(Notice::done))
        .with(Block::text("What your organisation is told of the children it works with, the newest first. Nobody is told of sensitive services here."))
        .with_if(nothing.then(|| Block::inset("Nothing is new.")))
        .with_all(cards)
        .with_if(pager))
}

/// Says that somebody of the organisation saw it.
pub(crate) async fn acknowledge(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<u64>,
) -> Result<Response, Problem> {
    let pending = door.directory.acknowledge(&visitor.person, Position(id));
    let done = "Marked as seen, for everybody of your organisation.";
    after::recorded(&door, &visitor, pending, done, "/inbox")
        .await
        .or_again(&[], |errors| Page { errors, ..Page::new("What is new").back("/inbox") })
}

fn card(door: &Door, item: &InboxItem) -> Block {
    let title = match item.kind {
        "involvement.started" => "A service began working with this child",
        "involvement.ended" => "A service stopped working with this child",
        "record.opened" => "Somebody looked at this child's record",
        _ => "Something changed",
    };
    let title = line().text(title);
    let title = if item.lead_professional { title.text(" ").tag("teal", "You lead") } else { title };
    let looked = item
        .organisation
        .as_ref()
        .map(|id| door.directory.name_of_organisation(id).unwrap_or_else(|| id.to_string()));
    let summary = Summary::default()
        .row("When", line().at(item.at))
        .row(
            "Child",
            line().link_to(
                format!("/children/{}", item.child_number),
                item.child_number.to_string(),
                "the record",
            ),
        )
        .row_if("Looked", looked)
        .row_if("Seen", item.acknowledged_at.map(|at| line().text("Marked as seen on ").at(at)))
        .row_if("You got in touch", item.contacted_on.map(|day| line().on(day)));
    let mut blocks = vec![summary.into()];
    if item.acknowledged_at.is_none() {
        let form = Form::post(format!("/inbox/{}/seen", item.position), "Mark as seen").secondary();
        blocks.push(form.about(format!("what happened on {}", words::moment(item.at))).into());
    }
    Card::new(title, blocks).level(2).into()
}
