//! Specs of the monthly report: once a month, of an authority, and nothing that tells of few children.

use vocabulary::{OfChildren, Role};

use super::*;
use crate::organisation::month::{CHILDREN_TOLD_MIN, Looks, told};

fn authority() -> Event {
    let details = Details { kind: OrganisationKind::LocalAuthority, authority: None, ..clinic().details };
    Event::OrganisationRegistered { id: "gss:E09000014".parse().unwrap(), details }
}

fn counted(month: &str, children: &[(OfChildren, u64)]) -> MonthReported {
    MonthReported {
        month: day(month),
        counted_on: day("2026-06-01"),
        users: [(Role::Practitioner, 2)].into(),
        looks: Looks { searches: 4, openings: 3, overrides: 1, replays: 0 },
        children: children.iter().copied().collect(),
    }
}

fn report(month: MonthReported) -> Command {
    Command::ReportMonth(Box::new(month))
}

#[test]
fn a_month_is_reported_once_and_few_children_are_not_kept() {
    let all = [(OfChildren::NoEducation, 14), (OfChildren::NoPrimaryCare, 4), (OfChildren::ConsentDue, 5)];
    let kept = [(OfChildren::NoEducation, 10), (OfChildren::ConsentDue, 5)];
    given::<Organisation>([authority()])
        .when(report(counted("2026-05-01", &all)))
        .then([Event::MonthReported(counted("2026-05-01", &kept))])
        .when(report(counted("2026-05-01", &all)))
        .then_nothing()
        .when(report(counted("2026-04-01", &all)))
        .then_nothing();
}

#[test]
fn only_an_authoritys_month_that_is_over_is_reported() {
    given::<Organisation>([]).when(report(counted("2026-05-01", &[]))).then_refused(Refusal::Unknown);
    let table = [(registered(), "2026-05-01"), (authority(), "2026-06-01"), (authority(), "2026-05-02")];
    for (first, month) in table {
        given::<Organisation>([first])
            .when(report(counted(month, &[])))
            .then_refused(Refusal::NoMonthToReport);
    }
}

/// The differencing attacker: whatever cells are added up and taken from one another, what comes out is as well
/// explained by true counts whose difference is none, or five and more, as by any of one to four children.
#[test]
fn no_difference_of_told_counts_isolates_one_to_four_children() {
    let step = CHILDREN_TOLD_MIN;
    // Every true count that a told one may stand for.
    let behind = |cell: Option<u64>| {
        let least = cell.unwrap_or_default();
        least..least + step
    };
    for count in 0..60 {
        assert!(behind(told(count)).contains(&count));
        assert_ne!(told(count).is_none(), count >= step, "none is told as few are");
    }
    let small = |difference: i64| (1..i64::try_from(step).unwrap()).contains(&difference);
    for (earlier, later) in (0..60).flat_map(|earlier| (0..60).map(move |later| (earlier, later))) {
        let possible = behind(told(later)).flat_map(|more| {
            behind(told(earlier)).map(move |less| i64::try_from(more).unwrap() - i64::try_from(less).unwrap())
        });
        let isolated = possible.clone().all(small);
        assert!(!isolated, "{later} less {earlier} is known to be of one to four children");
        let exact: std::collections::BTreeSet<i64> = possible.collect();
        assert!(exact.len() > 1, "{later} less {earlier} is known exactly");
    }
}
