//! The monthly report of an authority or a national body, made by the directory itself: counts, and nobody.
//!
//! What is kept is what may be told. A count of fewer than five children is not kept at all and any other in whole
//! fives, so that whoever reads it by whatever way, and subtracts whatever from it, comes to no small count (ADR-0054).
//! Source: rules.md 6.1.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use vocabulary::{OfChildren, OrganisationKind, Role};

use super::{Details, Event, Organisation, Refusal};

/// Fewest children that a count may tell, and the step in which greater ones are told (rules.md 6.1).
pub const CHILDREN_TOLD_MIN: u64 = 5;

/// What was counted in an authority for one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthReported {
    /// The month that ended, by its first day.
    pub month: NaiveDate,
    /// The day of counting: users and children are as they stood on it.
    pub counted_on: NaiveDate,
    /// Accounts that may sign in, by role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<Role, u64>,
    /// Looks of the month by the staff of the authority's organisations.
    pub looks: Looks,
    /// Children, in whole fives; what is absent was fewer than five.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub children: BTreeMap<OfChildren, u64>,
}

/// Looks of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looks {
    /// Pages of results that were delivered.
    pub searches: u64,
    /// Records that were opened.
    pub openings: u64,
    /// Shields that were overridden.
    pub overrides: u64,
    /// Histories that were replayed.
    pub replays: u64,
}

/// A count of children as it may be told: the greatest multiple of five that is not more; none below five.
pub fn told(count: u64) -> Option<u64> {
    let fives = count - count % CHILDREN_TOLD_MIN;
    (fives > 0).then_some(fives)
}

/// Keeps what may be told of what was counted. A month is reported once.
pub(super) fn report(
    organisation: &Organisation,
    counted: &MonthReported,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let above =
        |details: &Details| details.kind == OrganisationKind::LocalAuthority || details.authority.is_none();
    let is_above = organisation.details.as_ref().is_some_and(above);
    let is_over = counted.month.day() == 1 && Some(counted.month) < today.with_day(1);
    if !is_above || !is_over {
        return Err(Refusal::NoMonthToReport);
    }
    if organisation.month.as_ref().is_some_and(|last| last.month >= counted.month) {
        return Ok(Vec::new());
    }
    let children = counted.children.iter().filter_map(|(of, count)| Some((*of, told(*count)?))).collect();
    Ok(vec![Event::MonthReported(MonthReported { counted_on: today, children, ..counted.clone() })])
}
