//! Reports, the worklist and the public counters: `GET /api/v1/reports/{name}`, as JSON or as CSV by `Accept`;
//! `GET /api/v1/worklists/coverage`; `GET /api/v1/counters`.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use chrono::NaiveDate;
use directory::{GroupBy, Interval, Report, ReportQuery, WorklistPage, reports::Cell};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, OrganisationId, Position, ReportName};

use super::audit::linked;
use crate::{
    answer::{Asked, In, json},
    csv,
    door::Door,
    identify::Staff,
    problem::Problem,
};

/// The query of a report.
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
    Hour,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Time {
    Day,
    Week,
    Month,
}

/// The query of the worklist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorklistCut {
    gap: Gap,
    after: Option<ChildId>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Gap {
    NoEducation,
    NoPrimaryCare,
}

#[derive(Serialize)]
struct Shown<'a, T> {
    position: Position,
    #[serde(flatten)]
    shown: &'a T,
}

/// 200 the report · 403 not this role's, or of an organisation that is not theirs · 404 no such report · 422 not
/// grouped so.
pub(crate) async fn report(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(name): In<String>,
    headers: HeaderMap,
    Asked(asked): Asked<Cut>,
) -> Result<Response, Problem> {
    let name: ReportName = name.parse().map_err(|_| Problem::new("not_found"))?;
    let query = ReportQuery::from(asked);
    let disclosed = door.directory.report(&person, name, &query).await?;
    let report = disclosed.view();
    let wants_csv = headers.get(header::ACCEPT).is_some_and(|accept| {
        accept.to_str().is_ok_and(|accept| accept.split(',').any(|kind| kind.trim().starts_with("text/csv")))
    });
    if !wants_csv {
        return Ok(json(StatusCode::OK, &Shown { position: disclosed.position(), shown: report }));
    }
    Ok(as_csv(report))
}

/// A report as CSV.
pub(crate) fn as_csv(report: &Report) -> Response {
    csv::answer(&report.columns, report.rows.iter().map(|row| row.iter().map(cell).collect()))
}

impl From<Cut> for ReportQuery {
    fn from(asked: Cut) -> ReportQuery {
        ReportQuery {
            from: asked.from,
            to: asked.to,
            organisation: asked.organisation,
            group_by: asked.group_by.map(|group| match group {
                Group::Organisation => GroupBy::Organisation,
                Group::Role => GroupBy::Role,
                Group::Reason => GroupBy::Reason,
                Group::Kind => GroupBy::Kind,
                Group::Hour => GroupBy::Hour,
            }),
            interval: asked.interval.map(|time| match time {
                Time::Day => Interval::Day,
                Time::Week => Interval::Week,
                Time::Month => Interval::Month,
            }),
        }
    }
}

/// 200 a page of the authority's own children with this gap · 403 not a team or data manager of an authority.
pub(crate) async fn worklist(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<WorklistCut>,
) -> Result<Response, Problem> {
    let gap = match asked.gap {
        Gap::NoEducation => visibility::Gap::NoEducation,
        Gap::NoPrimaryCare => visibility::Gap::NoPrimaryCare,
    };
    let disclosed = door.directory.worklist(&person, gap, asked.after).await?;
    let page: &WorklistPage = disclosed.view();
    let response = json(StatusCode::OK, &Shown { position: disclosed.position(), shown: page });
    Ok(match page.next {
        Some(next) => linked(response, &uri, &next.to_string()),
        None => response,
    })
}

/// 200 users, looks and overrides by authority and month, for anybody.
pub(crate) async fn counters(State(door): State<Arc<Door>>) -> Result<Response, Problem> {
    Ok(json(StatusCode::OK, &*door.counters()?))
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Suppressed => String::new(),
        Cell::Text(text) => text.clone(),
    }
}
