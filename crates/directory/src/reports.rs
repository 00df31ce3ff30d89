//! Reports: counts for managers, without children and without names.
//!
//! Counts of staff looks are told as they are; counts of children under five are suppressed. Source:
//! contract.md section 2 (`/reports`); rules.md 6.1.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use projections::{
    ChildRecord, Usage,
    coverage::{self, Gap},
};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, OrganisationId, Role, england_day};

use crate::{Directory, disclose::LookError, people::Person, rows::Order};

/// Fewest children that a count may tell (rules.md 6.1).
pub const CHILDREN_TOLD_MIN: u64 = 5;

/// Rows read at once.
const READ_AT_ONCE: usize = 1_000;

/// By what a report is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// By organisation.
    Organisation,
    /// By role.
    Role,
    /// By reason.
    Reason,
    /// By kind of look.
    Kind,
}

/// By what time a report is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interval {
    /// By civil day.
    Day,
    /// By week, named by its Monday.
    Week,
    /// By month, named by its first day.
    Month,
}

/// What is asked of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportQuery {
    /// From this day.
    pub from: Option<NaiveDate>,
    /// Through this day.
    pub to: Option<NaiveDate>,
    /// Of this organisation only.
    pub organisation: Option<OrganisationId>,
    /// Grouped by.
    pub group_by: Option<GroupBy>,
    /// Cut by.
    pub interval: Option<Interval>,
}

/// One value of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A word or a day.
    Text(String),
    /// A count.
    Count(u64),
    /// A count of children too small to tell.
    Suppressed,
}

/// A report: columns and rows, the same in JSON and CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Its name.
    pub name: &'static str,
    /// From this day.
    pub from: NaiveDate,
    /// Through this day.
    pub to: NaiveDate,
    /// What each column is.
    pub columns: Vec<&'static str>,
    /// One list of values a row; `null` for a count of children under five.
    pub rows: Vec<Vec<Cell>>,
}

impl Directory {
    /// Makes a report by name: `usage` or `coverage`.
    ///
    /// # Errors
    /// `Refused`: not this role's, or of an organisation that is not theirs. `Unknown`: no such report.
    pub fn report(&self, person: &Person, name: &str, query: &ReportQuery) -> Result<Report, LookError> {
        let organisations = self.reported(person, query)?;
        match name {
            "usage" => self.usage(&organisations, query),
            "coverage" => self.coverage(person, query),
            _ => Err(LookError::Unknown),
        }
    }

    /// The organisations that this person may have a report of.
    fn reported(&self, person: &Person, query: &ReportQuery) -> Result<Vec<OrganisationId>, LookError> {
        let register = self.register();
        person.may(Action::ReadReports, Relation::OwnOrganisation)?;
        let mine =
            |id: &OrganisationId| person.may(Action::ReadReports, register.relation(person, id)).is_ok();
        match &query.organisation {
            Some(asked) if mine(asked) => Ok(vec![asked.clone()]),
            Some(_) => Err(LookError::Refused {
                code: "organisation_not_yours",
                detail: "this organisation is not within one's own authority".to_owned(),
            }),
            None => Ok(register.organisations().map(|(id, _)| id).filter(|id| mine(id)).cloned().collect()),
        }
    }

    fn usage(&self, organisations: &[OrganisationId], query: &ReportQuery) -> Result<Report, LookError> {
        use projections::RowKey as _;
        let (from, to) = self.days(query);
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for organisation in organisations {
            let mut after = None;
            loop {
                let rows = self.rows().scan::<Usage>(
                    &organisation.encode(),
                    after.as_ref(),
                    Order::Ascending,
                    READ_AT_ONCE,
                )?;
                let Some((last, _)) = rows.last() else { break };
                after = Some(last.clone());
                let within = rows.into_iter().filter(|(key, _)| (from..=to).contains(&key.day));
                for (key, row) in within {
                    let mut group = Vec::new();
                    group.extend(query.interval.map(|interval| interval.begin(key.day).to_string()));
                    group.extend(query.group_by.map(|by| match by {
                        GroupBy::Organisation => key.organisation.as_str().to_owned(),
                        GroupBy::Role => key.role.name().to_owned(),
                        GroupBy::Reason => key.reason.name().to_owned(),
                        GroupBy::Kind => key.kind.name().to_owned(),
                    }));
                    if query.group_by != Some(GroupBy::Kind) {
                        group.push(key.kind.name().to_owned());
                    }
                    *counts.entry(group).or_default() += row.count;
                }
            }
        }
        let mut columns = Vec::new();
        columns.extend(query.interval.map(Interval::name));
        columns.extend(query.group_by.filter(|by| *by != GroupBy::Kind).map(GroupBy::name));
        columns.extend(["kind", "count"]);
        let rows = counts
            .into_iter()
            .map(|(group, count)| group.into_iter().map(Cell::Text).chain([Cell::Count(count)]).collect())
            .collect();
        Ok(Report { name: "usage", from, to, columns, rows })
    }

    /// How many children of the authority have no education or no primary care recorded, today.
    fn coverage(&self, person: &Person, query: &ReportQuery) -> Result<Report, LookError> {
        if person.role == Role::UserManager {
            return Err(LookError::Refused {
                code: "organisation_not_yours",
                detail: "coverage is told of an authority as a whole, to its own team and auditors"
                    .to_owned(),
            });
        }
        let (from, to) = self.days(query);
        let mut authorities: Vec<OrganisationId> = match (&person.authority, person.is_national()) {
            (Some(own), _) => vec![own.clone()],
            (None, true) => {
                let register = self.register();
                let ids: Vec<OrganisationId> = register.organisations().map(|(id, _)| id.clone()).collect();
                ids.into_iter().filter(|id| register.authority_of(id).as_ref() == Some(id)).collect()
            }
            (None, false) => Vec::new(),
        };
        authorities.retain(|authority| query.organisation.as_ref().is_none_or(|asked| asked == authority));
        let mut rows = Vec::new();
        for authority in authorities {
            for gap in Gap::ALL {
                let within = coverage::of(&authority, gap);
                let mut after = None;
                let mut count = 0;
                loop {
                    let read = self.rows().postings::<ChildRecord>(
                        &within,
                        after.as_ref(),
                        Order::Ascending,
                        READ_AT_ONCE,
                    )?;
                    count += read.iter().filter(|(_, id)| self.has_gap(*id, gap)).count() as u64;
                    if read.len() < READ_AT_ONCE {
                        break;
                    }
                    after = read.into_iter().last().map(|(posting, _)| posting);
                }
                let told = if (1..CHILDREN_TOLD_MIN).contains(&count) {
                    Cell::Suppressed
                } else {
                    Cell::Count(count)
                };
                rows.push(vec![Cell::Text(authority.to_string()), Cell::Text(gap.name().to_owned()), told]);
            }
        }
        Ok(Report { name: "coverage", from, to, columns: vec!["authority", "gap", "children"], rows })
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

    /// The days asked for; the month so far where nothing is said.
    fn days(&self, query: &ReportQuery) -> (NaiveDate, NaiveDate) {
        let today = england_day(self.clock().now());
        let to = query.to.unwrap_or(today);
        (query.from.unwrap_or(Interval::Month.begin(to)), to)
    }
}

impl Interval {
    fn begin(self, day: NaiveDate) -> NaiveDate {
        match self {
            Interval::Day => day,
            Interval::Week => day.week(chrono::Weekday::Mon).first_day(),
            Interval::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// The contract's word.
    pub fn name(self) -> &'static str {
        match self {
            Interval::Day => "day",
            Interval::Week => "week",
            Interval::Month => "month",
        }
    }
}

impl GroupBy {
    /// The contract's word.
    pub fn name(self) -> &'static str {
        match self {
            GroupBy::Organisation => "organisation",
            GroupBy::Role => "role",
            GroupBy::Reason => "reason",
            GroupBy::Kind => "kind",
        }
    }
}
