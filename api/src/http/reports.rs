//! `GET /api/v1/reports/{name}`: counts, as JSON or as CSV by `Accept`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use directory::{GroupBy, Interval, Report, ReportQuery, reports::Cell};
use serde::Deserialize;
use vocabulary::OrganisationId;

use crate::{
    answer::{Asked, In, json},
    door::Door,
    identify::Staff,
    problem::Problem,
};

/// The query of the call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cut {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    organisation: Option<OrganisationId>,
    group_by: Option<Group>,
    interval: Option<Time>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Group {
    Organisation,
    Role,
    Reason,
    Kind,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Time {
    Day,
    Week,
    Month,
}

/// 200 the report · 403 not this role's, or of an organisation that is not theirs · 404 no such report.
pub(crate) async fn report(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(name): In<String>,
    headers: HeaderMap,
    Asked(asked): Asked<Cut>,
) -> Result<Response, Problem> {
    let query = ReportQuery {
        from: asked.from,
        to: asked.to,
        organisation: asked.organisation,
        group_by: asked.group_by.map(|group| match group {
            Group::Organisation => GroupBy::Organisation,
            Group::Role => GroupBy::Role,
            Group::Reason => GroupBy::Reason,
            Group::Kind => GroupBy::Kind,
        }),
        interval: asked.interval.map(|time| match time {
            Time::Day => Interval::Day,
            Time::Week => Interval::Week,
            Time::Month => Interval::Month,
        }),
    };
    let report = door.directory.report(&person, &name, &query)?;
    let wants_csv = headers.get(header::ACCEPT).is_some_and(|accept| {
        accept.to_str().is_ok_and(|accept| accept.split(',').any(|kind| kind.trim().starts_with("text/csv")))
    });
    if !wants_csv {
        return Ok(json(StatusCode::OK, &report));
    }
    let mut response = csv(&report).into_response();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// Writes a report as RFC 4180. A value that a spreadsheet would run as a formula is quoted out of it.
fn csv(report: &Report) -> String {
    let mut text = report.columns.join(",");
    text.push_str("\r\n");
    for row in &report.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Suppressed => String::new(),
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@']) => {
            format!("\"'{}\"", text.replace('"', "\"\""))
        }
        Cell::Text(text) if text.contains([',', '"', '\r', '\n']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Cell::Text(text) => text.clone(),
    }
}
