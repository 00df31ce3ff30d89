//! Patterns of contact: counts of entries that are shown, as facts; never a score, never a rank.
//!
//! Source: rules.md 2 and 2.3 (nothing is computed from what the viewer cannot see); invariant I-24;
//! domain.md 13 (three hospitals, four authorities, each unaware of the others).

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use events::child::involvement::Involvement;
use serde::Serialize;
use vocabulary::{OrganisationId, ServiceType};

/// Which pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PatternCode {
    /// Different emergency departments that a child came to.
    EmergencyDepartments,
    /// Different social services departments that ended their work.
    ClosedByAuthorities,
}

/// One pattern that the entries shown make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pattern {
    /// Which.
    pub code: PatternCode,
    /// How many different organisations.
    pub count: usize,
    /// Within how many days until today.
    pub days: u64,
}

/// What makes a pattern.
struct Rule {
    code: PatternCode,
    service_type: ServiceType,
    counts: Moment,
    days: u64,
    count_min: usize,
}

/// Which day of an entry must lie within the days of a rule.
enum Moment {
    Start,
    End,
}

impl Moment {
    fn of(&self, entry: &Involvement) -> Option<NaiveDate> {
        match self {
            Moment::Start => Some(entry.started_on),
            Moment::End => entry.ended_on,
        }
    }
}

/// The table of patterns. Each counts organisations, not entries: a second visit to the same department
/// is known there already, and what nobody there knows is the others.
const RULES: [Rule; 2] = [
    Rule {
        code: PatternCode::EmergencyDepartments,
        service_type: ServiceType::HospitalEmergency,
        counts: Moment::Start,
        // Two months hold what one course of treatment would; three departments in it are not one course.
        days: 60,
        count_min: 3,
    },
    Rule {
        code: PatternCode::ClosedByAuthorities,
        service_type: ServiceType::SocialCare,
        counts: Moment::End,
        // As long as an ended entry is shown by default.
        days: 365,
        count_min: 2,
    },
];

/// The patterns that these entries make, in the order of the table.
///
/// Takes the entries that are shown and nothing else, so that no hidden one can be counted.
pub(crate) fn patterns(shown: &[&Involvement], today: NaiveDate) -> Vec<Pattern> {
    RULES.iter().filter_map(|rule| rule.found(shown, today)).collect()
}

impl Rule {
    fn found(&self, shown: &[&Involvement], today: NaiveDate) -> Option<Pattern> {
        let since = today.checked_sub_days(Days::new(self.days))?;
        let organisations: BTreeSet<&OrganisationId> = shown
            .iter()
            .filter(|entry| entry.service_type == self.service_type)
            .filter(|entry| self.counts.of(entry).is_some_and(|day| since <= day && day <= today))
            .map(|entry| &entry.organisation)
            .collect();
        let count = organisations.len();
        (count >= self.count_min).then_some(Pattern { code: self.code, count, days: self.days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_docs_reports_is_that_of_the_code() {
        let page = include_str!("../../../docs/reports.md");
        let table = page.split("## Patterns of contact").nth(1).unwrap().split("\n## ").next().unwrap();
        let written: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(written.len(), RULES.len());
        for (line, rule) in written.into_iter().zip(RULES) {
            let which = match rule.counts {
                Moment::Start => "began",
                Moment::End => "ended",
            };
            let code = serde_json::to_string(&rule.code).unwrap();
            let service = rule.service_type.name();
            assert!(line.starts_with(&format!("| `{}` |", code.trim_matches('"'))), "{line}");
            assert!(line.contains(&format!("`{service}` entry {which}")), "{line}");
            assert!(line.ends_with(&format!("| {} days | {} |", rule.days, rule.count_min)), "{line}");
        }
    }
}
