//! What reports, the worklist and the public counters show.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{
    record::Name,
    words::{ChildNumber, Day, Id, OrganisationId, WorklistGap},
};

/// A report; `null` is a count of fewer than five children. Other counts of children are told in whole fives.
#[derive(ToSchema)]
pub(in crate::openapi) struct Report {
    /// Where the reading of it stands in the log.
    position: i64,
    name: String,
    from: Day,
    to: Day,
    columns: Vec<String>,
    rows: Vec<Vec<serde_json::Value>>,
}

/// A page of the authority's own children of whom nothing is known where something should be. `Link: rel=next` names
/// the next.
#[derive(ToSchema)]
pub(in crate::openapi) struct WorklistPage {
    /// Where the listing stands in the log.
    position: i64,
    gap: WorklistGap,
    children: Vec<WorklistChild>,
    /// Where the next page begins; absent on the last.
    next: Option<Id>,
}

/// A child on the worklist.
#[derive(ToSchema)]
pub(in crate::openapi) struct WorklistChild {
    child_number: ChildNumber,
    names: Vec<Name>,
    date_of_birth: Option<Day>,
}

/// What anybody may know.
#[derive(ToSchema)]
pub(in crate::openapi) struct PublicCounters {
    /// The newest month first.
    counters: Vec<MonthCounted>,
}

/// A month of an authority or a national body; nothing of children.
#[derive(ToSchema)]
pub(in crate::openapi) struct MonthCounted {
    /// Its first day.
    month: Day,
    organisation: OrganisationId,
    /// On which day the accounts were counted.
    counted_on: Day,
    /// Accounts that may sign in, by role.
    users: BTreeMap<String, i64>,
    searches: i64,
    openings: i64,
    overrides: i64,
    replays: i64,
}
