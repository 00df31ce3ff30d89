//! The coverage worklist: children for whom no education or no GP practice is known, fifty to a page.
//!
//! Each page names children and is recorded; there is no export. Source: rules.md 6.2.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use visibility::{Gap, NameKind};
use vocabulary::ChildId;

use crate::{
    door::Door,
    pages::{
        after,
        kit::{Block, Column, Page, Tab, Table, line},
        posted::Posted,
        record::full,
        visitor::Visitor,
    },
    problem::Problem,
};

/// One page of names.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let asked = Posted::of_query(&uri);
    let (gap, word) = match asked.text("gap") {
        "no_primary_care" => (Gap::NoPrimaryCare, "no_primary_care"),
        _ => (Gap::NoEducation, "no_education"),
    };
    let from =
        asked.given("after").map(str::parse::<ChildId>).transpose().map_err(|_| Problem::new("not_found"))?;
    let shown = door.directory.worklist(&visitor.person, gap, from).await?.into_view();
    let columns = ["Name", "Date of birth", "Child number"].map(Column::of);
    let rows = shown.children.iter().map(|child| {
        let current = child.names.iter().find(|name| name.kind == NameKind::Current);
        let number = child.child_number;
        vec![
            line().text(current.map(full).unwrap_or_default()),
            child.date_of_birth.map(|born| line().on(born)).unwrap_or_default(),
            line().link(format!("/children/{number}"), number.to_string()),
        ]
    });
    let what = if gap == Gap::NoEducation { "No education is known" } else { "No GP practice is known" };
    let table = Table::new(what, columns).rows(rows);
    let tab = |href: &str, text: &str, here| Tab { href: href.to_owned(), text: text.to_owned(), here };
    let tabs = vec![
        tab("/team/worklist", "No education", gap == Gap::NoEducation),
        tab("/team/worklist?gap=no_primary_care", "No GP practice", gap == Gap::NoPrimaryCare),
    ];
    let page = Page::new("Coverage worklist")
        .back("/reports")
        .with(Block::text("Children of your authority, in no order. Educated otherwise is no gap, and shielded children are on no list. Each page is recorded in your name, for missing education."))
        .with(Block::tabs("Gaps", tabs));
    let page = if table.is_empty() {
        page.with(Block::text("Nobody is on this page of the list."))
    } else {
        page.with(table)
    };
    let next = shown.next.map(|next| format!("/team/worklist?gap={word}&after={next}"));
    Ok(page.with_if(after::further("Pages of the worklist", next)))
}
