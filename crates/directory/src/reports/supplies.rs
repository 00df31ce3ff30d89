//! Data quality: what each supplier sent, and on which day it last did.
//!
//! What one statement tells of may be one child, and may be hidden from whoever reads the report. So there is a line for
//! every supplier whether it sent anything or not, counts are told in fives as those of children are, and the day is
//! told where there were as many. Source: rules.md 2.3, 6.1; ADR-0054.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Months, NaiveDate, Utc};
use events::organisation::month::told;
use projections::{
    Counters,
    counters::{Counted, CounterKey},
};
use vocabulary::{OrganisationId, ReportName, Role, ServiceClass, england_day};

use super::{Asked, Cell, Interval, Report};
use crate::{Directory, disclose::LookError, register::Register};

/// What a user manager is told of the own organisation, which sees what it sent. A refused consent is told to nobody: it
/// is a child's, and nothing else is kept of it.
const TOLD: [Counted; 9] = [
    Counted::Described,
    Counted::Stated,
    Counted::Started,
    Counted::Repeated,
    Counted::Late,
    Counted::Discrepancy,
    Counted::Mistaken,
    Counted::Queued,
    Counted::Waited,
];

/// What everybody else is told: what services, links and errors are told of may be a record that they are not shown,
/// who a child is they may see of every record.
const TOLD_OF_OTHERS: [Counted; 1] = [Counted::Described];

/// Most months that are told one by one: ten years.
const MONTHS_MAX: usize = 120;

/// What one supplier sent in one line's time.
#[derive(Default)]
struct Sent {
    counts: BTreeMap<Counted, u64>,
    last: Option<DateTime<Utc>>,
}

impl Directory {
    /// What suppliers sent in these months, and the day on which anything last came.
    pub(super) fn data_quality(&self, asked: &Asked<'_>) -> Result<Report, LookError> {
        let first = Interval::Month.begin(asked.from);
        let by_month = asked.query.interval.is_some();
        let tells: &[Counted] = if asked.person.role == Role::UserManager { &TOLD } else { &TOLD_OF_OTHERS };
        let suppliers: Vec<&OrganisationId> = {
            let register = self.register();
            asked.organisations.iter().filter(|id| is_told_of(&register, asked, id)).collect()
        };
        let lines = if by_month { months(first, asked.to) } else { vec![first] };
        let mut sent: HashMap<OrganisationId, BTreeMap<NaiveDate, Sent>> = HashMap::new();
        let add = |key: CounterKey, row: projections::counters::Sent| {
            if (first..=asked.to).contains(&key.month) && tells.contains(&key.counted) {
                let month = if by_month { key.month } else { first };
                let line = sent.entry(key.supplier).or_default().entry(month).or_default();
                *line.counts.entry(key.counted).or_default() += row.count;
                line.last = line.last.max(Some(row.last));
            }
        };
        self.each_row::<Counters>(asked, |key| &key.supplier, add)?;
        let mut rows = Vec::with_capacity(suppliers.len() * lines.len());
        for supplier in suppliers {
            let mut months = sent.remove(supplier).unwrap_or_default();
            rows.extend(lines.iter().map(|month| {
                let mut words: Vec<String> = by_month.then(|| month.to_string()).into_iter().collect();
                words.push(supplier.to_string());
                (words, months.remove(month).unwrap_or_default().cells(tells))
            }));
        }
        let mut columns: Vec<&str> = by_month.then_some("month").into_iter().collect();
        columns.push("supplier");
        columns.extend(tells.iter().map(|counted| counted.name()));
        columns.push("last_on");
        let report = asked.report(ReportName::DataQuality, columns, rows);
        Ok(Report { from: first, ..report })
    }
}

/// Whether this person hears of an organisation here: it supplies, and gives no service that is hidden.
fn is_told_of(register: &Register, asked: &Asked<'_>, supplier: &OrganisationId) -> bool {
    let Some(held) = register.organisation(supplier).filter(|held| held.agreement.is_some()) else {
        return false;
    };
    let hidden = held.details.as_ref().is_some_and(|details| {
        let mut classes = details.service_types.iter().map(|service| service.class());
        details.kind.is_sensitive_or_protected()
            || classes.any(|class| matches!(class, ServiceClass::Sensitive | ServiceClass::Protected))
    });
    !hidden || asked.person.role == Role::UserManager
}

impl Sent {
    fn cells(&self, tells: &[Counted]) -> Vec<Cell> {
        let cell = |count| told(count).map_or(Cell::Suppressed, Cell::Count);
        let each = tells.iter().map(|counted| cell(self.counts.get(counted).copied().unwrap_or_default()));
        let total = self.counts.values().sum();
        let last = self.last.filter(|_| told(total).is_some()).map(|last| england_day(last).to_string());
        each.chain([last.map_or(Cell::Suppressed, Cell::Text)]).collect()
    }
}

/// The months from one to the one that a day is in, by their first days.
fn months(first: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let next = |month: &NaiveDate| month.checked_add_months(Months::new(1));
    std::iter::successors(Some(first), next).take_while(|month| *month <= to).take(MONTHS_MAX).collect()
}
