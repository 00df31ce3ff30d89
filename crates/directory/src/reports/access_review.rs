//! Looks that are reviewed, and what came of it: counts of staff looks, by why they are reviewed and by outcome.
//!
//! An alarm counts as an alert, so that nobody learns from a report that a record was an invented one.

use std::collections::BTreeMap;

use projections::{
    Posting, Reviews,
    reviews::{self, Review, Urgency},
};
use vocabulary::{ReportName, england_day};

use super::{Asked, GroupBy, Report, looks::counted};
use crate::{Directory, disclose::LookError, rows::Order};

/// Rows read at once.
const READ_AT_ONCE: usize = 1_000;

/// The word for a look that nobody has reviewed yet.
const WAITING: &str = "waiting";

impl Directory {
    /// The looks of these days that a person reviews or reviewed.
    ///
    /// Cost: those of the organisations that wait, and those that were closed since the first of the days.
    pub(super) fn access_review(&self, asked: &Asked<'_>) -> Result<Report, LookError> {
        let by_organisation = asked.query.group_by == Some(GroupBy::Organisation);
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for within in indexes(asked) {
            self.each_review(&within, |row| {
                if asked.has(england_day(row.at)) {
                    let mut group = Vec::new();
                    group.extend(by_organisation.then(|| row.organisation.as_str().to_owned()));
                    group.push(why(row.urgency()).to_owned());
                    group.push(row.closed.map_or(WAITING, |closed| closed.outcome.name()).to_owned());
                    *counts.entry(group).or_default() += 1;
                }
                // A look was reviewed no earlier than it was looked.
                row.closed.is_none_or(|closed| england_day(closed.at) >= asked.from)
            })?;
        }
        let mut columns: Vec<&str> = by_organisation.then_some("organisation").into_iter().collect();
        columns.extend(["why", "outcome", "count"]);
        Ok(asked.report(ReportName::AccessReview, columns, counted(counts)))
    }

    /// Hands on the reviews of an index, the newest first, for as long as they are wanted.
    fn each_review(&self, within: &Posting, mut each: impl FnMut(&Review) -> bool) -> Result<(), LookError> {
        let mut after = None;
        loop {
            let read =
                self.rows().postings::<Reviews>(within, after.as_ref(), Order::Descending, READ_AT_ONCE)?;
            for (_, key) in &read {
                // One that was forgotten this moment is counted no more.
                if let Some(row) = self.rows().get::<Reviews>(key)?
                    && !each(&row)
                {
                    return Ok(());
                }
            }
            if read.len() < READ_AT_ONCE {
                return Ok(());
            }
            after = read.into_iter().last().map(|(posting, _)| posting);
        }
    }
}

/// The narrowest indexes that hold the looks of the organisations asked for.
fn indexes(asked: &Asked<'_>) -> Vec<Posting> {
    if asked.person.is_national() && asked.organisations.len() > 1 {
        return vec![reviews::waiting(), reviews::closed()];
    }
    let of = asked.organisations.iter();
    of.flat_map(|id| [reviews::waiting_of(id), reviews::closed_of(id)]).collect()
}

fn why(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Alarm | Urgency::Alert => "alert",
        Urgency::Investigation => "investigation",
        Urgency::Lot => "lot",
        Urgency::Sample => "sample",
    }
}
