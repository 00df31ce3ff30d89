//! The pack: what is held of a child and who looked, to be printed and handed to whoever asked.
//!
//! Making it is recorded twice before it is shown, with the request and among the looks. Each page says who printed it,
//! when and for which request. Source: rules.md 2; ADR-0055.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use directory::SubjectPack;
use vocabulary::{ChildNumber, RightsId};

use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        kit::{Action, Block, Column, Page, Table, line},
        posted::Posted,
        record::handed,
        visitor::Visitor,
        words,
    },
    problem::Problem,
};

/// Before it is made: the request is answered by it.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<RightsId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let asked = Posted::of_query(&uri);
    let child: ChildNumber = asked.text("child").parse().map_err(|_| Problem::new("not_found"))?;
    let back = format!("/team/requests/{id}?child={child}");
    if asked.text("made") != "yes" {
        return Ok(before(id, child, &back).into_response());
    }
    let pack = match door.directory.subject_pack(&visitor.person, id, after::position(&asked)).await {
        Ok(disclosed) => disclosed.into_view(),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code() == "not_found" {
                return Err(problem);
            }
            let page = Page::new("The pack is not made yet").back(back.clone());
            let page = page.with(Block::text(problem.detail().to_owned()));
            let page = page.with(Block::Actions(vec![Action::first(back, "To the request")]));
            return Ok(Page { status: problem.status(), ..page }.into_response());
        }
    };
    Ok(made(&visitor, &pack, child, &back).into_response())
}

fn before(id: RightsId, child: ChildNumber, back: &str) -> Page {
    let href = format!("/team/requests/{id}/pack?child={child}&made=yes");
    Page::new("Make the pack")
        .caption(format!("Child number {child}"))
        .back(back)
        .with(Block::text("It shows what is held of the child and who looked, as far as whoever asked may have it. Making it is recorded and answers the request."))
        .with(Block::Actions(vec![Action::first(href, "Make the pack"), Action::second(back, "Not yet")]))
}

fn made(visitor: &Visitor, pack: &SubjectPack, child: ChildNumber, back: &str) -> Page {
    let person = &visitor.person;
    let by = format!(
        "Printed by {}, {}, on {} for request {} of {}",
        person.name.as_str(),
        words::lower(person.role.name()),
        words::moment(pack.made_at),
        pack.rights_request_id,
        if pack.asked_by == "child" { "the child" } else { "a parent or carer" },
    );
    let page = Page::new("What is held, and who looked")
        .wide()
        .caption(format!("Child number {child}"))
        .back(back)
        .printed(by.clone())
        .with(Block::Print("Print this page"))
        .with(Block::small(format!("{by}.")));
    let page = match &pack.record {
        Some(record) => page.with_all(handed(person, record, child, pack.made_at)),
        None => page,
    };
    let page = page.with(Block::heading("Who looked")).with(looks(pack));
    let page = page.with_all(listings(pack)).with_all(corrections(pack));
    let next = pack.next.map(|next| {
        format!("/team/requests/{}/pack?child={child}&made=yes&after={next}", pack.rights_request_id)
    });
    page.with_if(after::further("Pages of the pack", next))
}

fn looks(pack: &SubjectPack) -> Block {
    let columns = ["When", "What", "Which organisation", "Who", "Why"].map(Column::of);
    let rows = pack.looks.iter().map(|look| {
        let kind = words::of(&look.organisation_kind);
        let organisation = look
            .organisation_name
            .clone()
            .map_or(kind.clone(), |name| format!("{name} ({})", words::lower(&kind)));
        let who = look.user_name.clone().map_or_else(|| line().quiet("Not told"), |name| line().text(name));
        let why = look.reason.map_or_else(|| "-".to_owned(), |reason| words::word(reason.name()));
        vec![
            line().at(look.at),
            line().text(words::word(look.kind)),
            line().text(organisation),
            who,
            line().text(why),
        ]
    });
    let table = Table::new("Everybody who opened the record, oldest first", columns).quiet().rows(rows);
    if table.is_empty() { Block::text("Nobody opened the record.") } else { table.into() }
}

fn listings(pack: &SubjectPack) -> Vec<Block> {
    let Some(listings) = &pack.listings else { return Vec::new() };
    let columns = [Column::of("Month"), Column::of("Kind of organisation"), Column::number("How often")];
    let rows = listings.iter().map(|told| {
        vec![
            line().text(told.month.clone()),
            line().text(words::of(&told.organisation_kind)),
            line().text(told.count.to_string()),
        ]
    });
    let table = Table::new("How often the child stood on a list that was shown", columns).rows(rows);
    if table.is_empty() { Vec::new() } else { vec![table.into()] }
}

fn corrections(pack: &SubjectPack) -> Vec<Block> {
    let Some(corrections) = &pack.corrections else { return Vec::new() };
    let columns = ["What was said to be wrong", "Since", "What became of it"].map(Column::of);
    let rows = corrections.iter().map(|told| {
        let became = told.answer.map_or_else(|| "It is looked into".to_owned(), super::ended);
        let became = if told.disagrees { format!("{became}. Whoever asked disagrees.") } else { became };
        vec![
            line().text(words::word(&super::disputed_of(told.disputed))),
            line().on(told.received_on),
            line().text(became),
        ]
    });
    let table = Table::new("What was said to be wrong", columns).quiet().rows(rows);
    if table.is_empty() { Vec::new() } else { vec![Block::heading("Corrections"), table.into()] }
}
