//! Data quality: what each supplier sent, and when it last did.
//!
//! What one statement tells of may be one child, so that counts are told in fives as those of children are. Whoever may
//! not see sensitive and protected entries hears nothing of suppliers that give such services (rules.md 2.3).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use events::organisation::month::told;
use projections::{Counters, counters::Counted};
use visibility::permission::Action;
use vocabulary::{OrganisationId, ReportName, Role, ServiceClass, england_day};

use super::{Asked, Cell, Interval, Report};
use crate::{Directory, disclose::LookError};

impl Directory {
    /// What suppliers sent in these months, and the day on which each kind of it last came.
    pub(super) fn data_quality(&self, asked: &Asked<'_>) -> Result<Report, LookError> {
        let months = Interval::Month.begin(asked.from)..=asked.to;
        let by_month = asked.query.interval.is_some();
        let mut sent: BTreeMap<Vec<String>, (u64, DateTime<Utc>)> = BTreeMap::new();
        for supplier in asked.organisations.iter().filter(|id| self.tells_of(asked, id)) {
            self.each_row::<Counters>(supplier, |key, row| {
                // A refused consent is a child's, and nothing else is kept of it.
                if !months.contains(&key.month) || key.counted == Counted::ConsentRefused {
                    return;
                }
                let mut group = Vec::new();
                group.extend(by_month.then(|| key.month.to_string()));
                group.extend([key.supplier.as_str().to_owned(), key.counted.name().to_owned()]);
                let (count, last) = sent.entry(group).or_insert((0, row.last));
                *count += row.count;
                *last = row.last.max(*last);
            })?;
        }
        let mut columns: Vec<&str> = by_month.then_some("month").into_iter().collect();
        columns.extend(["supplier", "what", "count", "last_on"]);
        let rows = sent.into_iter().map(|(group, (count, last))| {
            let count = told(count).map_or(Cell::Suppressed, Cell::Count);
            (group, vec![count, Cell::Text(england_day(last).to_string())])
        });
        let report = asked.report(ReportName::DataQuality, columns, rows);
        Ok(Report { from: *months.start(), ..report })
    }

    /// Whether this person may hear of a supplier at all.
    fn tells_of(&self, asked: &Asked<'_>, supplier: &OrganisationId) -> bool {
        let register = self.register();
        let sees_all = matches!(asked.person.role, Role::AuthorityTeam | Role::DataManager)
            || asked.person.organisation == *supplier;
        let details = register.organisation(supplier).and_then(|held| held.details.as_ref());
        let hidden = details.is_some_and(|details| {
            details
                .service_types
                .iter()
                .any(|service| matches!(service.class(), ServiceClass::Sensitive | ServiceClass::Protected))
        });
        let may = asked.person.may(Action::ReadReports, register.relation(asked.person, supplier)).is_ok();
        may && (sees_all || !hidden)
    }
}
