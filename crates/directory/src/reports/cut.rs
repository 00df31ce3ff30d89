//! How a report is cut: by what it is grouped, and by what time.

use chrono::{Datelike, NaiveDate, Weekday};
use vocabulary::ReportName;

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
    /// By hour of the day in England.
    Hour,
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

impl Interval {
    /// The first day of what a day belongs to.
    pub(super) fn begin(self, day: NaiveDate) -> NaiveDate {
        match self {
            Interval::Day => day,
            Interval::Week => day.week(Weekday::Mon).first_day(),
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
            GroupBy::Hour => "hour",
        }
    }

    /// Tells whether a report can be grouped by it. Counts of children stand by authority and are never cut further.
    pub(super) fn is_of(self, report: ReportName) -> bool {
        match report {
            ReportName::Usage => true,
            ReportName::Overrides => matches!(self, GroupBy::Organisation | GroupBy::Role),
            // By supplier and by authority they stand as they are.
            ReportName::AccessReview
            | ReportName::Expiries
            | ReportName::DataQuality
            | ReportName::Coverage
            | ReportName::ConsentReseek
            | ReportName::ShieldsDue
            | ReportName::EndedNotClosed => self == GroupBy::Organisation,
        }
    }
}
