//! How the server stands, for whoever runs it: read models with their lag, the ledger and its witnesses, what waits, and
//! the log by its headers alone. Nothing here is about a child, a person or an organisation.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use directory::{HEADERS_PAGE, Ledger};
use vocabulary::Position;

use super::{
    kit::{Block, Column, Line, Page, Pager, Summary, Table, line},
    posted::Posted,
    visitor::Visitor,
    words,
};
use crate::{answer::unavailable, door::Door, http::operations::newest_backup, problem::Problem};

/// Where the table of read models is asked for anew.
const HERE: &str = "/operator";

/// How everything stands now.
pub(crate) async fn page(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Page, Problem> {
    let operations = door.directory.operations(&visitor.person)?;
    let head = operations.head;
    let rows = operations.models.iter().map(|(name, position)| {
        let lag = head.0.saturating_sub(position.0);
        let stands =
            if lag == 0 { line().tag("green", "At the head") } else { line().tag("yellow", "Behind") };
        vec![line().code(*name), line().text(position.to_string()), line().text(lag.to_string()), stands]
    });
    let columns = [
        Column::of("Read model"),
        Column::number("Position"),
        Column::number("Records behind"),
        Column::of("State"),
    ];
    let table = Table::new("Read models", columns).quiet().rows(rows);
    let queue = door.directory.queue_figures();
    let figures = Summary::default()
        .row("Newest durable record", head.to_string())
        .row("Items in the identity queue", queue.waiting.to_string())
        .row("Of these overdue", queue.overdue.to_string())
        .row("Alarms since the start", door.directory.alarms().to_string())
        .row("Sessions", door.tokens.count().to_string())
        .row("Readers of the feed", door.feeds.count().to_string())
        .row("Version", env!("CARGO_PKG_VERSION"));
    Ok(Page::new("Operator")
        .script("live.js")
        .with(Block::heading("Now"))
        .with(Block::Live(HERE, vec![figures.into(), Block::subheading("Read models"), table.into()]))
        .with(Block::heading("Ledger"))
        .with_all(ledger(door.ledger.as_deref(), head)?)
        .with(Block::heading("The log"))
        .with(Block::text(line().link("/operator/stream", "Browse the log by its headers")))
        .with(Block::heading("Backup"))
        .with(backup(&door, head))
        .with(Block::text("'contactpoint backup' makes one while this serves, and proves the copy whole; 'contactpoint verify' proves the log itself; 'contactpoint doctor' checks the folder, the keys and the disk.")))
}

/// How old the newest backup is, and what came since.
fn backup(door: &Door, head: Position) -> Block {
    let Some(made) = newest_backup(door) else {
        return Block::Warning(line().text("No backup of this data folder was ever made."));
    };
    let keys = if made.keys {
        line().text("Copied")
    } else {
        line().tag("yellow", "Not copied").text(" Without them nobody reads the copy.")
    };
    Summary::default()
        .row("Newest", line().at(made.at))
        .row("Records in it, proved whole", made.records.to_string())
        .row("Records since", head.0.saturating_sub(made.records).to_string())
        .row("Keys", keys)
        .into()
}

/// The log, header by header.
pub(crate) async fn stream(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let after = Posted::of_query(&uri).text("after").parse().map_or(Position::ZERO, Position);
    let headers = door.directory.headers_after(&visitor.person, after)?;
    let rows = headers.iter().map(|told| {
        let size =
            told.bytes.map_or_else(|| line().tag("grey", "Erased"), |bytes| line().text(bytes.to_string()));
        vec![
            line().text(told.position.to_string()),
            line().text(words::word(told.kind.name())),
            line().text(told.revision.to_string()),
            line().at(told.recorded_at),
            line().text(told.schema.to_string()),
            size,
        ]
    });
    let columns = [
        Column::of("Position"),
        Column::of("Kind of stream"),
        Column::number("Place in its stream"),
        Column::of("Recorded"),
        Column::number("Schema"),
        Column::number("Bytes"),
    ];
    let table = Table::new("Records of the log", columns).quiet().rows(rows);
    let listed =
        if table.is_empty() { Block::text("No record stands after this position.") } else { table.into() };
    let whole = headers.len() == HEADERS_PAGE as usize;
    let next =
        headers.last().filter(|_| whole).map(|last| format!("/operator/stream?after={}", last.position));
    let earlier = after.0.saturating_sub(u64::from(HEADERS_PAGE));
    let pager = Pager {
        label: "Pages of the log",
        previous: (after > Position::ZERO).then(|| format!("/operator/stream?after={earlier}")),
        previous_text: "Earlier records".to_owned(),
        next,
        next_text: "Later records".to_owned(),
    };
    Ok(Page::new("The log by its headers")
        .wide()
        .back(HERE)
        .with(Block::text("Of each record its place, its kind, when it was recorded and how large it is. What it says is sealed, and whom it is about is not shown."))
        .with(listed)
        .with(pager))
}

fn ledger(ledger: Option<&Ledger>, head: Position) -> Result<Vec<Block>, Problem> {
    let Some(ledger) = ledger else { return Ok(vec![Block::text("This server keeps no ledger.")]) };
    let newest = ledger.newest().map_err(|error| unavailable(&error))?;
    let Some((size, _)) = newest else { return Ok(vec![Block::text("No checkpoint was signed yet.")]) };
    let witnesses = ledger.witnesses().map_err(|error| unavailable(&error))?;
    let uncovered = head.0.saturating_sub(size);
    let covered: Line = if uncovered == 0 {
        line().tag("green", "The whole log")
    } else {
        line().text(format!("All but the newest {uncovered}"))
    };
    Ok(vec![
        Summary::default()
            .row("Records under the newest checkpoint", size.to_string())
            .row("Covers", covered)
            .row("Cosigned", cosigned(&witnesses))
            .row("Key of the log", line().code(ledger.verifier()))
            .into(),
        Block::text(line().link("/api/v1/ledger/checkpoint", "The signed checkpoint")),
    ])
}

/// Who cosigned, and up to where; of a witness no more is kept than whether it cosigned the newest that anybody did.
fn cosigned(witnesses: &[(&str, Option<u64>)]) -> Line {
    let anybody = witnesses.iter().any(|(_, size)| size.is_some());
    let told = witnesses.iter().map(|(name, size)| match size {
        Some(size) => line().text(format!("By {name}, up to position {size}")),
        None if anybody => line().text(format!("Not by {name}")),
        None => line().text(format!("Not yet by {name}")),
    });
    told.reduce(|all, one| all.line_break().and(one)).unwrap_or_else(|| line().text("No witness is set up"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cosigned_is_told_by_name_and_that_nobody_could() {
        let told = |witnesses: &[_]| cosigned(witnesses).to_string();
        assert_eq!(told(&[]), "No witness is set up");
        assert_eq!(told(&[("a.example/w", None)]), "Not yet by a.example/w");
        let two = told(&[("a.example/w", Some(12)), ("b.example/w", None)]);
        assert!(
            two.contains("By a.example/w, up to position 12") && two.contains("Not by b.example/w"),
            "{two}"
        );
    }
}
