//! The monthly reports of authorities: one row a month.
//!
//! What stands here is what may be told; nobody is named. Source: rules.md 6.1; ADR-0054.

use chrono::NaiveDate;
use events::{
    organisation::{Event, MonthReported},
    recorded::Recorded,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vocabulary::{KeyId, StreamKind};

use crate::{ReadModel, Writing, facts};

/// Reported months, by the stream of the authority and the month's first day.
pub enum ReportedMonths {}

/// One month of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedMonth {
    /// The key that seals it.
    pub key: KeyId,
    /// What was counted.
    pub reported: MonthReported,
}

impl ReadModel for ReportedMonths {
    const NAME: &'static str = "reported_months.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Organisation];
    const WRITING: Writing = Writing::OfStream(StreamKind::Organisation);

    type Key = (Uuid, NaiveDate);
    type Row = ReportedMonth;

    fn keys(recorded: &Recorded) -> Vec<(Uuid, NaiveDate)> {
        reported(recorded).map(|month| (recorded.stream.id, month.month)).collect()
    }

    fn evolve(
        row: Option<ReportedMonth>,
        (_, of): &(Uuid, NaiveDate),
        recorded: &Recorded,
    ) -> Option<ReportedMonth> {
        let found = reported(recorded).find(|month| month.month == *of);
        found.map(|month| ReportedMonth { key: recorded.key, reported: month.clone() }).or(row)
    }

    fn sealed_under(row: &ReportedMonth, _recorded: &Recorded) -> KeyId {
        row.key
    }
}

fn reported(recorded: &Recorded) -> impl Iterator<Item = &MonthReported> {
    recorded
        .facts()
        .iter()
        .filter_map(facts::of_organisation)
        .filter_map(|event| if let Event::MonthReported(month) = event { Some(month) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::stream,
        spec::{given, told},
    };
    use events::organisation::month::Looks;
    use vocabulary::OfChildren;

    fn month(first: &str) -> MonthReported {
        MonthReported {
            month: first.parse().unwrap(),
            counted_on: "2026-06-01".parse().unwrap(),
            users: std::collections::BTreeMap::default(),
            looks: Looks { openings: 3, ..Looks::default() },
            children: [(OfChildren::NoEducation, 10)].into(),
        }
    }

    #[test]
    fn each_month_of_an_authority_is_a_row() {
        let of = stream(StreamKind::Organisation);
        let fact = |first| events::Fact::Organisation(Event::MonthReported(month(first)));
        let rows =
            given([told(of, [fact("2026-04-01")]), told(of, [fact("2026-05-01")])]).rows::<ReportedMonths>();
        let found: Vec<_> = rows.into_iter().map(|((id, first), row)| (id, first, row.reported)).collect();
        let first = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            found,
            [
                (of.id, first("2026-04-01"), month("2026-04-01")),
                (of.id, first("2026-05-01"), month("2026-05-01")),
            ]
        );
    }
}
