//! The children of one's organisation: its open entries. A list of names is a look, recorded before it is shown.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use directory::CaseloadEntry;

use crate::{
    door::Door,
    pages::{
        Visit,
        kit::{Block, Column, Line, Notice, Page, Pager, Table, line},
        posted::Posted,
        visitor::Visitor,
        words,
    },
    problem::Problem,
};

/// A page of open entries.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let after = Posted::of_query(&uri).text("after").parse().ok();
    let page = door.directory.caseload(&visitor.person, after).await?.into_view();
    let done = visitor.visit(&door, Visit::said);
    let pager = page.next.map(|next| Pager {
        label: "Pages of open entries",
        previous: after.map(|_| "/children".to_owned()),
        previous_text: "The first page".to_owned(),
        next: Some(format!("/children?after={next}")),
        next_text: "More entries".to_owned(),
    });
    let columns =
        [Column::of("Child"), Column::of("Service"), Column::of("Since"), Column::of("What you can do")];
    let table = Table::new("Open entries", columns).quiet().rows(page.entries.iter().map(row));
    let list =
        if table.is_empty() { Block::text("Your organisation has no open entry.") } else { table.into() };
    Ok(Page::new("Our children")
        .wide()
        .with_if(done.map(Notice::done))
        .with(Block::text(
            "The children with whom your organisation has an open entry. This list was recorded as a look.",
        ))
        .with(list)
        .with_if(pager))
}

fn row(entry: &CaseloadEntry) -> Vec<Line> {
    let name =
        entry.name.as_ref().map(|name| format!("{} {}", name.forename.as_str(), name.surname.as_str()));
    let child = match (&name, entry.child_number) {
        (Some(name), Some(number)) => line().link(format!("/children/{number}"), name.clone()),
        (None, Some(number)) => line().link(format!("/children/{number}"), number.to_string()),
        (_, None) => line().text("Not known yet"),
    };
    let service = words::word(entry.service_type.name());
    let hidden = format!("the entry of {service} for {}", name.unwrap_or_else(|| "this child".to_owned()));
    let address = format!("/involvements/{}", entry.involvement_id);
    let query = entry.child_number.map(|number| format!("?child={number}")).unwrap_or_default();
    let acts = line()
        .link_to(format!("{address}/change{query}"), "Change", hidden.clone())
        .line_break()
        .link_to(format!("{address}/end{query}"), "End", hidden);
    vec![child, line().text(service), line().on(entry.started_on), acts]
}
