//! Discrepancies: whose word differs from the one that stands, in which fields, and who was told.
//!
//! Fields are named and never what they hold: that is on the record, which is opened with a reason.
//! Source: rules.md 2.3; domain.md 4.3.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use directory::DiscrepancyItem;
use events::child::details::Field;

use crate::{
    door::Door,
    pages::{
        after,
        kit::{Block, Column, Line, Page, Table, line},
        posted::Posted,
        visitor::Visitor,
        words,
    },
    problem::Problem,
};

/// The discrepancies of children for whom one's own authority answers.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let from = after::position(&Posted::of_query(&uri));
    let shown = door.directory.discrepancies(&visitor.person, from).await?.into_view();
    let columns = ["Child number", "Source", "Differs in", "Source was told", "Since"].map(Column::of);
    let table = Table::new("What differs, oldest first", columns)
        .rows(shown.discrepancies.iter().map(|item| row(&door, item)));
    let page = Page::new("Discrepancies").wide().back("/team").with(Block::text(
        "Here a source says something else of a child than the record shows. The record shows the most trusted word, and nothing is written over.",
    ));
    let page = if table.is_empty() {
        // What was settled since fills a page with nothing, and says nothing of the next.
        let ends = shown.next.is_none();
        page.with(Block::text(if ends {
            "No source differs from what stands."
        } else {
            "None on this page."
        }))
    } else {
        page.with(table).with(Block::heading("What you can do")).with(Block::list(ADVICE))
    };
    let next = shown.next.map(|next| format!("/team/discrepancies?after={next}"));
    Ok(page.with_if(after::further("Pages of discrepancies", next)))
}

const ADVICE: [&str; 4] = [
    "Open the record, with the reason data quality, and find out what is right.",
    "Where the source is wrong, ask it to correct what it holds and sends. A source that was not told may not see that field of this record: do not tell it what stands there.",
    "Where the record is wrong, choose 'Report something wrong, or put it right' there. On names, birth, gender and numbers the word of the directory team stands before every other.",
    "A line goes from this list once the source, or the one whose word stood, says the same.",
];

fn row(door: &Door, item: &DiscrepancyItem) -> Vec<Line> {
    let number = item.child_number;
    let differs: Vec<Field> = item.fields.iter().chain(&item.for_team).copied().collect();
    vec![
        line().link(format!("/children/{number}"), number.to_string()),
        line().text(after::named(door, &item.supplier)),
        line().text(said(&differs)),
        told(item),
        line().at(item.since),
    ]
}

/// Of which fields the source was told.
fn told(item: &DiscrepancyItem) -> Line {
    match (item.fields.as_slice(), item.for_team.as_slice()) {
        (_, []) => line().text("Yes"),
        ([], _) => line().tag("yellow", "No").text(" It may not see this."),
        (told, untold) => line()
            .text(format!("Yes: {}", said(told)))
            .line_break()
            .tag("yellow", "No")
            .text(format!(" {}", said(untold))),
    }
}

/// Fields as people say them, in the order of the record.
fn said(fields: &[Field]) -> String {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    let names = fields.iter().enumerate();
    let names =
        names.map(|(at, field)| if at == 0 { words::word(field.name()) } else { words::lower(field.name()) });
    names.collect::<Vec<_>>().join(", ")
}
