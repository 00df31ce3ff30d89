//! Usage and overrides: how often staff looked. Counts of looks are told as they are.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use projections::{Overrides, ReadModel, RowKey as _, Usage, UsageHours};
use vocabulary::{OrganisationId, ReportName};

use super::{Asked, Cell, GroupBy, Interval, Report};
use crate::{Directory, disclose::LookError, rows::Order};

/// Rows read at once.
const READ_AT_ONCE: usize = 1_000;

/// Organisations up to which the rows of each are sought.
const SOUGHT_MAX: usize = 1_000;

impl Directory {
    /// How often staff looked, by kind of look.
    pub(super) fn usage(&self, asked: &Asked<'_>) -> Result<Report, LookError> {
        let query = asked.query;
        if query.group_by == Some(GroupBy::Hour) {
            return self.usage_by_hour(asked);
        }
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        self.each_row::<Usage>(
            asked,
            |key| &key.organisation,
            |key, row| {
                if asked.has(key.day) {
                    let mut group = began(query.interval, key.day);
                    group.extend(query.group_by.map(|by| match by {
                        GroupBy::Organisation => key.organisation.as_str().to_owned(),
                        GroupBy::Role => key.role.name().to_owned(),
                        GroupBy::Reason => key.reason.name().to_owned(),
                        GroupBy::Kind | GroupBy::Hour => key.kind.name().to_owned(),
                    }));
                    if query.group_by != Some(GroupBy::Kind) {
                        group.push(key.kind.name().to_owned());
                    }
                    *counts.entry(group).or_default() += row.count;
                }
            },
        )?;
        let mut columns: Vec<&str> = query.interval.map(Interval::name).into_iter().collect();
        columns.extend(query.group_by.filter(|by| *by != GroupBy::Kind).map(GroupBy::name));
        columns.extend(["kind", "count"]);
        Ok(asked.report(ReportName::Usage, columns, counted(counts)))
    }

    /// By hour of the day, of whole months.
    fn usage_by_hour(&self, asked: &Asked<'_>) -> Result<Report, LookError> {
        let months = Interval::Month.begin(asked.from)..=asked.to;
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        self.each_row::<UsageHours>(
            asked,
            |key| &key.organisation,
            |key, row| {
                if months.contains(&key.month) {
                    let mut group = began(asked.query.interval, key.month);
                    group.extend([format!("{:02}", key.hour), key.kind.name().to_owned()]);
                    *counts.entry(group).or_default() += row.count;
                }
            },
        )?;
        let mut columns: Vec<&str> = asked.query.interval.map(|_| "month").into_iter().collect();
        columns.extend(["hour", "kind", "count"]);
        let report = asked.report(ReportName::Usage, columns, counted(counts));
        Ok(Report { from: *months.start(), ..report })
    }

    /// How often a shield was overridden, by ground.
    pub(super) fn overrides(&self, asked: &Asked<'_>) -> Result<Report, LookError> {
        let query = asked.query;
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        self.each_row::<Overrides>(
            asked,
            |key| &key.organisation,
            |key, row| {
                if asked.has(key.day) {
                    let mut group = began(query.interval, key.day);
                    match query.group_by {
                        Some(GroupBy::Organisation) => group.push(key.organisation.as_str().to_owned()),
                        Some(GroupBy::Role) => group.push(key.role.name().to_owned()),
                        Some(GroupBy::Reason | GroupBy::Kind | GroupBy::Hour) | None => (),
                    }
                    group.push(key.ground.name().to_owned());
                    *counts.entry(group).or_default() += row.count;
                }
            },
        )?;
        let mut columns: Vec<&str> = query.interval.map(Interval::name).into_iter().collect();
        columns.extend(query.group_by.map(GroupBy::name));
        columns.extend(["ground", "count"]);
        Ok(asked.report(ReportName::Overrides, columns, counted(counts)))
    }

    /// Hands on every row of the organisations that are asked about.
    ///
    /// Cost: their rows; of very many organisations the rows of all, read in one go, since seeking each costs more.
    pub(super) fn each_row<M: ReadModel>(
        &self,
        asked: &Asked<'_>,
        whose: impl Fn(&M::Key) -> &OrganisationId,
        mut each: impl FnMut(M::Key, M::Row),
    ) -> Result<(), LookError> {
        if asked.organisations.len() <= SOUGHT_MAX {
            let mut sought = asked.organisations.iter();
            return sought
                .try_for_each(|organisation| self.each_within::<M>(&organisation.encode(), &mut each));
        }
        let wanted: HashSet<&OrganisationId> = asked.organisations.iter().collect();
        self.each_within::<M>(&[], |key, row| {
            if wanted.contains(whose(&key)) {
                each(key, row);
            }
        })
    }

    /// Hands on every row whose key begins so, a thousand at once.
    fn each_within<M: ReadModel>(
        &self,
        prefix: &[u8],
        mut each: impl FnMut(M::Key, M::Row),
    ) -> Result<(), LookError> {
        let mut after = None;
        loop {
            let rows = self.rows().scan::<M>(prefix, after.as_ref(), Order::Ascending, READ_AT_ONCE)?;
            let read = rows.len();
            after = rows.last().map(|(key, _)| key.clone());
            for (key, row) in rows {
                each(key, row);
            }
            if read < READ_AT_ONCE {
                return Ok(());
            }
        }
    }
}

/// The interval that a day belongs to, where one is asked for.
pub(super) fn began(interval: Option<Interval>, day: NaiveDate) -> Vec<String> {
    interval.map(|interval| interval.begin(day).to_string()).into_iter().collect()
}

/// Counts that are told as they are.
pub(super) fn counted(counts: BTreeMap<Vec<String>, u64>) -> impl Iterator<Item = (Vec<String>, Vec<Cell>)> {
    counts.into_iter().map(|(group, count)| (group, vec![Cell::Count(count)]))
}
