//! Reports: counts for managers, without children and without names, each an event before it is shown.
//!
//! Counts of staff looks are told as they are. Counts of children are counted once a month and told in whole fives, the
//! same to everybody, so that no two of them differ by few children (ADR-0054).
//! Source: contract.md section 2 (`/reports`); rules.md 6.1.

mod access_review;
mod cut;
mod expiries;
mod looks;
mod months;
mod of_children;
mod supplies;
mod worklist;

use chrono::NaiveDate;
use events::{Fact, search};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{OrganisationId, ReportName, Role, england_day};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
};

pub use cut::{GroupBy, Interval};
pub use months::Counters;
pub use worklist::{WorklistItem, WorklistPage};

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

/// What every report is made from: of which organisations, and of which days.
struct Asked<'a> {
    person: &'a Person,
    query: &'a ReportQuery,
    organisations: Vec<OrganisationId>,
    from: NaiveDate,
    to: NaiveDate,
}

impl Directory {
    /// Shows a report, once the showing is durable.
    ///
    /// Cost: the rows of the organisations and days that are asked for, no child; for counts of children that nobody
    /// asked for in this month yet, the index that lists them. One append.
    ///
    /// # Errors
    /// `Refused`: not this role's, of an organisation that is not theirs, or not grouped so. Others: a machine failed,
    /// nothing is shown.
    pub async fn report(
        &self,
        person: &Person,
        name: ReportName,
        query: &ReportQuery,
    ) -> Result<Disclosed<Report>, LookError> {
        let report = self.reported(person, name, query)?;
        let fact = Fact::Search(search::Event::ReportDelivered {
            report: name,
            from: report.from,
            to: report.to,
            organisation: query.organisation.clone(),
            rows: u32::try_from(report.rows.len()).unwrap_or(u32::MAX),
        });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, report).await?)
    }

    fn reported(&self, person: &Person, name: ReportName, query: &ReportQuery) -> Result<Report, LookError> {
        let organisations = self.reportable(person, query)?;
        if !query.group_by.is_none_or(|by| by.is_of(name)) {
            return Err(LookError::Refused {
                code: "grouping_not_offered",
                detail: "this report is not grouped by that".to_owned(),
            });
        }
        let today = england_day(self.clock().now());
        let to = query.to.unwrap_or(today);
        let from = query.from.unwrap_or(Interval::Month.begin(to));
        let asked = Asked { person, query, organisations, from, to };
        match name {
            ReportName::Usage => self.usage(&asked),
            ReportName::AccessReview => self.access_review(&asked),
            ReportName::Overrides => self.overrides(&asked),
            ReportName::DataQuality => self.data_quality(&asked),
            ReportName::Expiries => Ok(self.expiries(&asked)),
            ReportName::Coverage
            | ReportName::ConsentReseek
            | ReportName::ShieldsDue
            | ReportName::EndedNotClosed => self.counts_of_children(&asked, name),
        }
    }

    /// The organisations that this person may have a report of.
    fn reportable(&self, person: &Person, query: &ReportQuery) -> Result<Vec<OrganisationId>, LookError> {
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

    /// The authorities that this person may have counts of children of.
    fn authorities(&self, asked: &Asked<'_>) -> Result<Vec<OrganisationId>, LookError> {
        let person = asked.person;
        if person.role == Role::UserManager {
            return Err(LookError::Refused {
                code: "organisation_not_yours",
                detail: "children are counted of an authority as a whole, for its own team and auditors"
                    .to_owned(),
            });
        }
        let register = self.register();
        let mut authorities: Vec<OrganisationId> = match (&person.authority, person.is_national()) {
            (Some(own), _) => vec![own.clone()],
            (None, true) => {
                let ids = register.organisations().map(|(id, _)| id);
                ids.filter(|id| register.authority_of(id).as_ref() == Some(*id)).cloned().collect()
            }
            (None, false) => Vec::new(),
        };
        let only = asked.query.organisation.as_ref();
        authorities.retain(|authority| only.is_none_or(|only| only == authority));
        Ok(authorities)
    }
}

impl Asked<'_> {
    fn has(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// A report of this name: rows of words, each with its last values.
    fn report(
        &self,
        name: ReportName,
        columns: Vec<&'static str>,
        rows: impl IntoIterator<Item = (Vec<String>, Vec<Cell>)>,
    ) -> Report {
        let rows =
            rows.into_iter().map(|(words, values)| words.into_iter().map(Cell::Text).chain(values).collect());
        Report { name: name.name(), from: self.from, to: self.to, columns, rows: rows.collect() }
    }
}
