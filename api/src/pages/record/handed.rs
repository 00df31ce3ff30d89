//! What is held, for whoever asked for it: in words and tables alone, without pictures and without ways to act.

use chrono::{DateTime, Utc};
use directory::Person;
use visibility::{AccessibleRecord, views::Involvement};
use vocabulary::ChildNumber;

use super::{Shown, details, full, identity};
use crate::pages::{
    kit::{Block, Column, Line, Table, line},
    words,
};

/// The whole of what they were granted.
pub(crate) fn blocks(
    person: &Person,
    record: &AccessibleRecord,
    child: ChildNumber,
    now: DateTime<Utc>,
) -> Vec<Block> {
    let shown = Shown { person, record, child, now, reason: None, overridden: false, done: None };
    let name = record.names.first().map(full);
    let mut blocks = vec![Block::heading("What is held")];
    blocks.extend(name.map(|name| Block::text(line().strong(name))));
    blocks.push(identity(&shown).into());
    blocks.extend(details::blocks(&shown));
    if let Some(involvements) = &record.involvements {
        let columns = ["Service", "Who", "How to reach them", "From", "Until"].map(Column::of);
        let table = Table::new("Services that work or worked with the child", columns)
            .rows(involvements.iter().map(row));
        blocks.push(if table.is_empty() {
            Block::text("No service has said that it works with the child.")
        } else {
            table.into()
        });
    }
    blocks
}

fn row(entry: &Involvement) -> Vec<Line> {
    let service = line()
        .text(words::word(entry.service_type.name()))
        .line_break()
        .text(entry.organisation.name.clone());
    let who = [
        entry.practitioner.as_ref().map(|one| format!("{}, {}", one.name.as_str(), one.job.as_str())),
        entry.team.as_ref().map(|team| team.as_str().to_owned()),
        entry.lead_professional.then(|| "Lead professional".to_owned()),
    ];
    let lines = |parts: Vec<String>| {
        let parts = parts.into_iter().map(|part| line().text(part));
        parts.reduce(|all, one| all.line_break().and(one)).unwrap_or_default()
    };
    let reach = entry.contacts.iter().map(|contact| contact.value.clone()).collect();
    let until = entry.ended_on.map_or_else(|| line().text("Open"), |day| line().on(day));
    vec![
        service,
        lines(who.into_iter().flatten().collect()),
        lines(reach),
        line().on(entry.started_on),
        until,
    ]
}
