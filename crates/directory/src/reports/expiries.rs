//! What runs out soon, or ran out: counts of accounts' gates and organisations' dates, by how near the end is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use vocabulary::{ReportName, england_day};

use super::{Asked, GroupBy, Report, looks::counted};
use crate::{
    Directory,
    admin::expiring::{Ending, Warning, endings},
};

impl Directory {
    /// How many dates run out, today, whatever days are asked for. Cost: every account of those organisations, in
    /// memory.
    pub(super) fn expiries(&self, asked: &Asked<'_>) -> Report {
        let today: NaiveDate = england_day(self.clock().now());
        let by_organisation = asked.query.group_by == Some(GroupBy::Organisation);
        let register = self.register();
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for id in &asked.organisations {
            for line in endings(&register, id, true, today) {
                let mut group = Vec::new();
                group.extend(by_organisation.then(|| id.as_str().to_owned()));
                group.push(match &line.ending {
                    Ending::OfOrganisation(what) => what.name(),
                    Ending::OfAccount(_, gate) => gate.name().to_owned(),
                    Ending::Dormancy(_) => "dormancy".to_owned(),
                });
                group.push(near(line.warning).to_owned());
                *counts.entry(group).or_default() += 1;
            }
        }
        let mut columns: Vec<&str> = by_organisation.then_some("organisation").into_iter().collect();
        columns.extend(["what", "warning", "count"]);
        let report = asked.report(ReportName::Expiries, columns, counted(counts));
        Report { from: today, to: today, ..report }
    }
}

/// The word for how near an end is.
fn near(warning: Warning) -> &'static str {
    match warning {
        Warning::RanOut => "ran_out",
        Warning::InGrace => "in_grace",
        Warning::WithinSevenDays => "within_seven_days",
        Warning::WithinThirtyDays => "within_thirty_days",
        Warning::WithinSixtyDays => "within_sixty_days",
    }
}
