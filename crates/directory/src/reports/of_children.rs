//! Counts of children: which of an authority's are counted for what, once a month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use events::{child::Child, organisation::MonthReported};
use projections::{
    ChildRecord, Posting,
    coverage::{self, Gap},
    shielding,
    upkeep::{self, NotClosed, Reseek},
};
use vocabulary::{ChildId, OfChildren, OrganisationId, ReportName};

use super::{Asked, Cell, Report};
use crate::{Directory, disclose::LookError, rows::Order};

/// Postings read at once.
const READ_AT_ONCE: usize = 1_000;

/// How long before its day a shield's review counts as due.
const SHIELD_DUE_DAYS: u64 = 30;

impl Directory {
    /// Counts of children as the months of these days told them: each authority as a whole, no sum.
    pub(super) fn counts_of_children(
        &self,
        asked: &Asked<'_>,
        name: ReportName,
    ) -> Result<Report, LookError> {
        let mut rows = Vec::new();
        for authority in self.authorities(asked)? {
            for month in self.months_of(&authority, asked.from, asked.to)? {
                let MonthReported { counted_on, children, .. } = month;
                for of in OfChildren::ALL.into_iter().filter(|of| of.report() == name) {
                    let told = children.get(&of).map_or(Cell::Suppressed, |count| Cell::Count(*count));
                    let words = [counted_on.to_string(), authority.to_string(), of.name().to_owned()];
                    rows.push((words.to_vec(), vec![told]));
                }
            }
        }
        let what = if name == ReportName::Coverage { "gap" } else { "what" };
        Ok(asked.report(name, vec!["counted_on", "authority", what, "children"], rows))
    }

    /// Counts the children of an authority as they stand.
    ///
    /// Cost: a step for each that an index lists without education or primary care, one row for each of the others.
    pub(super) fn count_children(
        &self,
        authority: &OrganisationId,
        today: NaiveDate,
    ) -> Result<BTreeMap<OfChildren, u64>, LookError> {
        let mut counts = BTreeMap::new();
        for gap in Gap::ALL {
            let of = match gap {
                Gap::NoEducation => OfChildren::NoEducation,
                Gap::NoPrimaryCare => OfChildren::NoPrimaryCare,
            };
            let mut count = 0;
            self.each_listed(&coverage::of(authority, gap), |_, id| {
                count += u64::from(self.has_gap(id, gap));
                Ok(true)
            })?;
            counts.insert(of, count);
        }
        let no_lead = upkeep::no_lead_of(authority);
        self.count_listed(authority, &no_lead, None, &mut counts, |child| {
            upkeep::lacks_lead(child, today).then_some(OfChildren::NoLeadProfessional)
        })?;
        let silent = Some(upkeep::silent_through(today));
        self.count_listed(authority, &upkeep::open_of(authority), silent, &mut counts, |child| {
            upkeep::not_closed(child, today).map(|what| match what {
                NotClosed::OfGone => OfChildren::OpenOfGone,
                NotClosed::Silent => OfChildren::OpenAndSilent,
            })
        })?;
        self.count_listed(authority, &upkeep::consents_of(authority), Some(today), &mut counts, |child| {
            upkeep::reseek(child, today).map(|what| match what {
                Reseek::Prompt => OfChildren::ConsentPrompt,
                Reseek::Due => OfChildren::ConsentDue,
            })
        })?;
        self.count_listed(authority, &shielding::requests_of(authority), None, &mut counts, |child| {
            (!child.shield_requests.is_empty()).then_some(OfChildren::ShieldRequested)
        })?;
        let due = today.checked_add_days(Days::new(SHIELD_DUE_DAYS)).unwrap_or(today);
        self.count_listed(authority, &shielding::reviews_of(authority), Some(due), &mut counts, |child| {
            let next = child.shields.values().map(|shield| shield.review_by).min()?;
            let of = if next < today { OfChildren::ShieldOverdue } else { OfChildren::ShieldDue };
            (next <= due).then_some(of)
        })?;
        Ok(counts)
    }

    /// Counts the children that an index lists through a day, each once, as they are judged as they stand.
    fn count_listed(
        &self,
        authority: &OrganisationId,
        within: &Posting,
        through: Option<NaiveDate>,
        counts: &mut BTreeMap<OfChildren, u64>,
        judge: impl Fn(&Child) -> Option<OfChildren>,
    ) -> Result<(), LookError> {
        let mut seen: BTreeSet<ChildId> = BTreeSet::new();
        self.each_listed(within, |posting, id| {
            let day = upkeep::read_day(posting).or(shielding::read_review(posting).map(|(day, _)| day));
            if through.is_some_and(|last| day.is_some_and(|day| day > last)) {
                return Ok(false);
            }
            let root = self.kinship().root(id);
            if seen.insert(root) {
                let child = self.load(root)?.child;
                if child.authority.as_ref() == Some(authority)
                    && let Some(of) = judge(&child)
                {
                    *counts.entry(of).or_default() += 1;
                }
            }
            Ok(true)
        })
    }

    /// Hands on what an index lists, for as long as it is wanted.
    fn each_listed(
        &self,
        within: &Posting,
        mut each: impl FnMut(&Posting, ChildId) -> Result<bool, LookError>,
    ) -> Result<(), LookError> {
        let mut after = None;
        loop {
            let read = self.rows().postings::<ChildRecord>(
                within,
                after.as_ref(),
                Order::Ascending,
                READ_AT_ONCE,
            )?;
            for (posting, id) in &read {
                if !each(posting, *id)? {
                    return Ok(());
                }
            }
            if read.len() < READ_AT_ONCE {
                return Ok(());
            }
            after = read.into_iter().last().map(|(posting, _)| posting);
        }
    }

    /// Whether a listed record's child has a gap: what is not stated in one record may be in another of the child.
    ///
    /// One that cannot be read this moment counts as listed.
    fn has_gap(&self, id: ChildId, gap: Gap) -> bool {
        if !self.kinship().is_merged(id) {
            return true;
        }
        self.load(id)
            .map_or(true, |known| !known.child.is_shielded() && coverage::gaps(&known.child).contains(&gap))
    }
}
