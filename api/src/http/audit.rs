//! Looks: one's own, and the audit of others', by pages of fifty.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use directory::{AuditQuery, LookPage};
use serde::Deserialize;
use vocabulary::{AccountId, ChildNumber, OrganisationId, Position};

use super::when::When;
use crate::{
    answer::{Asked, json},
    door::Door,
    identify::{Staff, Viewer},
    problem::Problem,
};

/// The query of `GET /api/v1/accesses`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Own {
    after: Option<Position>,
}

/// The query of `GET /api/v1/audit/accesses`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audit {
    child: Option<ChildNumber>,
    user: Option<AccountId>,
    organisation: Option<OrganisationId>,
    from: Option<When>,
    to: Option<When>,
    after: Option<Position>,
}

/// 200 a page of one's own looks, oldest first.
pub(crate) async fn own(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Viewer(person): Viewer,
    Asked(asked): Asked<Own>,
) -> Result<Response, Problem> {
    let page = door.directory.own_accesses(&person, asked.after.unwrap_or(Position::ZERO))?;
    Ok(paged(&uri, &page))
}

/// 200 a page of looks, as far as this reader may know them · 403 neither auditor nor user manager.
pub(crate) async fn audit(
    State(door): State<Arc<Door>>,
    OriginalUri(uri): OriginalUri,
    Staff(person): Staff,
    Asked(asked): Asked<Audit>,
) -> Result<Response, Problem> {
    let disclosed = door.directory.audit_accesses(&person, AuditQuery::from(asked)).await?;
    Ok(paged(&uri, disclosed.view()))
}

impl From<Audit> for AuditQuery {
    fn from(asked: Audit) -> AuditQuery {
        AuditQuery {
            child: asked.child,
            user: asked.user,
            organisation: asked.organisation,
            from: asked.from.map(When::begins),
            to: asked.to.map(When::ends),
            after: asked.after.unwrap_or(Position::ZERO),
        }
    }
}

fn paged(uri: &Uri, page: &LookPage) -> Response {
    let response = json(StatusCode::OK, page);
    match page.next {
        Some(next) => linked(response, uri, &next.to_string()),
        None => response,
    }
}

/// Adds `Link: <…>; rel="next"`: the same address, going on after `next`.
pub(crate) fn linked(mut response: Response, uri: &Uri, next: &str) -> Response {
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let mut pairs: Vec<&str> = kept.collect();
    let after = format!("after={next}");
    pairs.push(&after);
    let link = format!("<{}?{}>; rel=\"next\"", uri.path(), pairs.join("&"));
    if let Ok(link) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}
