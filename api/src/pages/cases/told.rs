//! A record of another day, and what differs between two, told field by field: a replay shows the fields that the
//! views of that time granted, whatever they are.

use chrono::{DateTime, Utc};
use directory::history::Change;
use serde_json::{Map, Value};
use visibility::AccessibleRecord;

use crate::pages::{
    fields::{UNSAID, place, place_within, said},
    kit::{Block, Card, Column, Line, Summary, Table, line},
    words,
};

/// A record, group by group; what was not shown is absent.
pub(super) fn record(record: &AccessibleRecord) -> Vec<Block> {
    let Ok(Value::Object(fields)) = serde_json::to_value(record) else { return Vec::new() };
    if fields.is_empty() {
        return vec![Block::text("Nothing was shown.")];
    }
    let (lists, plain): (Vec<_>, Vec<_>) =
        fields.iter().partition(|(name, _)| ["involvements", "carers"].contains(&name.as_str()));
    let summary = plain.into_iter().filter(|(name, _)| !UNSAID.contains(&name.as_str()));
    let summary = summary
        .fold(Summary::default(), |summary, (name, value)| summary.row(words::word(name), said(name, value)));
    let mut blocks = vec![summary.into()];
    for (name, value) in lists {
        let entries = value.as_array().map(Vec::as_slice).unwrap_or_default();
        blocks.push(Block::subheading(words::word(name)));
        if entries.is_empty() {
            blocks.push(Block::text("None."));
        }
        blocks.extend(entries.iter().filter_map(Value::as_object).map(entry));
    }
    blocks
}

/// What differs between two moments, in two columns.
pub(super) fn difference(from: DateTime<Utc>, to: DateTime<Utc>, changes: &[Change]) -> Vec<Block> {
    let between = line().text("What changed between ").at(from).text(" and ").at(to);
    let mut blocks = vec![Block::heading(between)];
    if changes.is_empty() {
        blocks.push(Block::text("Nothing: the record would have been shown alike."));
        return blocks;
    }
    let columns = [
        Column::of("What"),
        Column::of(format!("Known at {}", words::moment(from))),
        Column::of(format!("Known at {}", words::moment(to))),
    ];
    let rows = changes.iter().map(|change| {
        let steps: Vec<&str> = change.pointer.split('/').skip(1).collect();
        let field =
            steps.iter().rev().find(|step| step.parse::<usize>().is_err()).copied().unwrap_or_default();
        let side = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| line().quiet("Not shown"), |value| said(field, value))
        };
        let place = match change.entry.as_ref().and_then(service) {
            Some(service) => place_within(service, steps.get(2..).unwrap_or_default()),
            None => place(&steps),
        };
        vec![place, side(&change.before), side(&change.after)]
    });
    let count = words::count(changes.len(), "thing changed", "things changed");
    blocks.push(Block::text(format!("{count}.")));
    blocks.push(Table::new("What changed", columns).quiet().rows(rows).into());
    blocks
}

/// The service and the organisation of an involvement, as they were shown.
fn service(entry: &Value) -> Option<Line> {
    let service = said("service_type", entry.get("service_type")?);
    let organisation = entry.pointer("/organisation/name").and_then(Value::as_str);
    Some(match organisation {
        Some(name) => service.text(", ").text(name),
        None => service,
    })
}

fn entry(fields: &Map<String, Value>) -> Block {
    let title = fields
        .get("service_type")
        .map(|service| said("service_type", service))
        .or_else(|| fields.get("name").map(|name| said("name", name)))
        .unwrap_or_default();
    let rest = fields.iter().filter(|(name, value)| {
        !UNSAID.contains(&name.as_str()) && name.as_str() != "service_type" && !value.is_null()
    });
    let summary = rest
        .fold(Summary::default(), |summary, (name, value)| summary.row(words::word(name), said(name, value)));
    Card::new(title, vec![summary.into()]).level(4).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_told_in_words_and_as_text() {
        let school = json!({"service_type": "education", "organisation": {"name": "<b>Whitworth"}});
        let change = |pointer: &str, entry| Change {
            pointer: pointer.to_owned(),
            before: None,
            after: Some(json!("2026-03-01")),
            entry,
        };
        let changes = [
            change("/involvements/0/ended_on", Some(school)),
            change("/identifiers/0/value", Some(json!({}))),
        ];
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        let html = Block::within(&difference(at, at, &changes)).to_string();
        assert!(html.contains("Education, &#60;b&#62;Whitworth, ended on"), "{html}");
        assert!(html.contains("Identifiers 1, value") && html.contains("1 March 2026"), "{html}");
        let hostile = said("name", &json!("<script>alert(1)</script>")).to_string();
        assert!(!hostile.contains("<script"), "{hostile}");
    }
}
