//! Reports as those see them who may: counts of children that no subtraction makes small, and months that report
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use directory::{GroupBy, Interval, OutcomeKind, Person, Report, ReportQuery, reports::Cell};
use serde_json::{Value, json};
use vocabulary::{OrganisationKind, ReportName, Role};

use crate::world::{CLINIC, HERE, NATIONAL, SCHOOL, THERE, World, id, involvement, not_shown, now};

const SYLLABLES: [&str; 8] = ["ba", "ko", "mi", "ru", "te", "wo", "zu", "na"];

/// An invented child unlike every other: names of unlike syllables, days far apart.
pub(crate) fn pupil(number: usize, outcode: &str) -> Value {
    let word = |seed: usize| {
        let part = |shift: usize| SYLLABLES[(seed >> shift) % SYLLABLES.len()];
        let word = format!("{}{}{}", part(0), part(3), part(6));
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    };
    let born =
        NaiveDate::from_ymd_opt(2012, 1, 1).unwrap() + Duration::days(i64::try_from(number).unwrap() * 31);
    json!({"local_ref": format!("p-{number}"), "forename": word(number * 37 + 5), "surname": word(number * 101 + 11),
           "date_of_birth": born.to_string(), "gender": if number.is_multiple_of(2) { "female" } else { "male" },
           "address": {"lines": [format!("{} Mill Lane", number * 3 + 1)], "town": "London",
                       "postcode": format!("{outcode} {}AA", number % 9 + 1)}})
}

fn report(world: &World, person: &Person, name: ReportName, query: &ReportQuery) -> Report {
    now(world.directory.report(person, name, query)).unwrap().into_view()
}

/// What a report of children tells, by the day of counting, authority and what is counted; `None` for few.
fn cells(report: &Report) -> BTreeMap<(String, String, String), Option<u64>> {
    let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { panic!("{cell:?}") };
    let count = |cell: &Cell| match cell {
        Cell::Count(count) => Some(*count),
        Cell::Suppressed => None,
        Cell::Text(word) => panic!("{word}"),
    };
    let rows = report.rows.iter();
    rows.map(|row| ((text(&row[0]), text(&row[1]), text(&row[2])), count(&row[3]))).collect()
}

fn told(world: &World, person: &Person, name: ReportName, what: &str) -> Vec<Option<u64>> {
    let cells = cells(&report(world, person, name, &ReportQuery::default()));
    cells.into_iter().filter(|((_, _, of), _)| of == what).map(|(_, count)| count).collect()
}

#[test]
fn children_are_counted_once_a_month_and_told_in_fives() {
    let world = World::new();
    let team = world.user(Role::AuthorityTeam, HERE);
    for number in 0..13 {
        world.child(SCHOOL, &pupil(number, "N17"));
    }
    let taught = json!({"child": {"local_ref": "p-12"}, "state": "educated_otherwise", "on": "2026-11-01"});
    assert_eq!(world.post(SCHOOL, "education.stated", &taught).kind, OutcomeKind::Recorded);
    world.settle();
    assert_eq!(told(&world, &team, ReportName::Coverage, "no_education"), [Some(10)]);
    assert_eq!(told(&world, &team, ReportName::Coverage, "no_lead_professional"), [None]);
    for number in 13..20 {
        world.child(SCHOOL, &pupil(number, "N17"));
    }
    world.settle();
    assert_eq!(
        told(&world, &team, ReportName::Coverage, "no_education"),
        [Some(10)],
        "until the month is over"
    );
    world.pass(Duration::days(10));
    assert_eq!(told(&world, &team, ReportName::Coverage, "no_education"), [Some(15)]);
    let both = ReportQuery { from: "2026-11-01".parse().ok(), ..ReportQuery::default() };
    world.settle();
    let trend = cells(&report(&world, &team, ReportName::Coverage, &both));
    let of = |day: &str| trend[&(day.to_owned(), HERE.to_owned(), "no_education".to_owned())];
    assert_eq!((of("2026-11-21"), of("2026-12-01")), (Some(10), Some(15)));
}

#[test]
fn what_a_team_has_to_see_to_is_counted() {
    let world = World::new();
    let auditor = world.user(Role::Auditor, HERE);
    for number in 0..6 {
        let described = pupil(number, "N17");
        world.child(HERE, &described);
        let own = json!({"local_ref": format!("p-{number}")});
        for (organisation, child, service) in
            [(HERE, &own, "social_care"), (SCHOOL, &described, "early_help")]
        {
            let entry = involvement(child, &format!("i-{number}"), service);
            assert_eq!(world.post(organisation, "involvement.started", &entry).kind, OutcomeKind::Recorded);
        }
        if number < 5 {
            let left = json!({"child": own, "on": "2026-11-20", "intends_return": "no"});
            assert_eq!(world.post(HERE, "child.left_england", &left).kind, OutcomeKind::Recorded);
        }
    }
    world.settle();
    assert_eq!(told(&world, &auditor, ReportName::EndedNotClosed, "open_of_gone"), [Some(5)]);
    assert_eq!(
        told(&world, &auditor, ReportName::Coverage, "no_lead_professional"),
        [None],
        "of six five left"
    );
    world.pass(Duration::days(400));
    assert_eq!(told(&world, &auditor, ReportName::EndedNotClosed, "open_and_silent"), [None]);
}

#[test]
fn a_month_that_ended_is_reported_by_the_directory_itself_and_once() {
    let world = World::new();
    let head = || world.directory.head().unwrap();
    assert_eq!(world.directory.report_month().unwrap(), 0, "nobody was here when October ended");
    world.user(Role::Practitioner, SCHOOL);
    world.settle();
    world.pass(Duration::days(11));
    assert_eq!(world.directory.report_month().unwrap(), 4, "two authorities and two national bodies");
    let after = head();
    assert_eq!((world.directory.report_month().unwrap(), head()), (0, after));
    world.settle();
    let counters = world.directory.public_counters().unwrap();
    let here = counters.iter().find(|month| month.organisation == id(HERE)).unwrap();
    assert_eq!((here.month.to_string(), here.users[&Role::Practitioner]), ("2026-11-01".to_owned(), 1));
    assert!(!serde_json::to_string(&counters).unwrap().contains("children"), "nothing of children is public");
    assert_eq!(world.reopened().directory.public_counters().unwrap(), counters);
}

#[test]
fn the_quality_of_a_feed_is_told_in_fives_and_of_sensitive_suppliers_to_nobody_else() {
    let world = World::new();
    let child = pupil(1, "N17");
    world.child(SCHOOL, &child);
    world.sensitive(&child);
    for number in 2..7 {
        world.child(SCHOOL, &pupil(number, "N17"));
    }
    world.settle();
    let lines = |person: &Person, supplier: &str| -> Vec<Vec<Cell>> {
        let report = report(&world, person, ReportName::DataQuality, &ReportQuery::default());
        report.rows.into_iter().filter(|row| row[0] == Cell::Text(supplier.to_owned())).collect()
    };
    let (told, last) = (Cell::Count(5), Cell::Text("2026-11-21".to_owned()));
    let own = &lines(&world.user(Role::UserManager, SCHOOL), SCHOOL)[0];
    assert_eq!((own.len(), &own[1], own.last().unwrap()), (11, &told, &last));
    assert!(own[2..own.len() - 1].iter().all(|cell| *cell == Cell::Suppressed), "{own:?}");
    for (role, organisation) in
        [(Role::AuthorityTeam, HERE), (Role::Auditor, HERE), (Role::Auditor, NATIONAL)]
    {
        let person = world.user(role, organisation);
        let school = [Cell::Text(SCHOOL.to_owned()), told.clone(), last.clone()];
        assert_eq!((lines(&person, SCHOOL), lines(&person, CLINIC)), (vec![school.to_vec()], vec![]));
    }
    assert!(lines(&world.user(Role::Auditor, THERE), SCHOOL).is_empty());
}

#[test]
fn a_nation_of_organisations_is_told_of_as_each_of_them_is() {
    let world = World::new();
    for number in 1..7 {
        world.child(SCHOOL, &pupil(number, "N17"));
    }
    let looks = world.user(Role::Practitioner, SCHOOL);
    let number = world.child(SCHOOL, &pupil(7, "N17"));
    world.record(&looks, number);
    world.settle();
    let auditor = world.user(Role::Auditor, NATIONAL);
    let names = [ReportName::DataQuality, ReportName::Usage, ReportName::Overrides];
    let by_organisation = ReportQuery { group_by: Some(GroupBy::Organisation), ..ReportQuery::default() };
    let told = || names.map(|name| report(&world, &auditor, name, &by_organisation).rows);
    let before = told();
    assert!(before[0].len() > 1 && !before[1].is_empty(), "{before:?}");
    // So many that their rows are read in one go.
    for more in 0..1_000 {
        world.register(&format!("urn:9{more:05}"), OrganisationKind::School, Some(HERE), &[]);
    }
    world.settle();
    let [of_feeds, of_looks, of_overrides] = told();
    let known = |row: &Vec<Cell>| !format!("{:?}", row[0]).contains("urn:9");
    assert_eq!(
        of_feeds.iter().filter(|row| known(row)).collect::<Vec<_>>(),
        before[0].iter().collect::<Vec<_>>()
    );
    assert_eq!(of_feeds.len(), before[0].len() + 1_000);
    // The reports before were read by somebody; no look is among them.
    assert_eq!((&of_looks, &of_overrides), (&before[1], &before[2]));
}

#[test]
fn reports_are_grouped_by_what_they_know_and_by_nothing_else() {
    let world = World::new();
    let team = world.user(Role::AuthorityTeam, HERE);
    let by = |name, group_by| {
        let query = ReportQuery { group_by: Some(group_by), ..ReportQuery::default() };
        now(world.directory.report(&team, name, &query)).map(directory::Disclosed::into_view)
    };
    assert_eq!(by(ReportName::Usage, GroupBy::Hour).unwrap().columns, ["hour", "kind", "count"]);
    assert_eq!(by(ReportName::Expiries, GroupBy::Organisation).unwrap().columns[0], "organisation");
    for name in [ReportName::Coverage, ReportName::ConsentReseek, ReportName::ShieldsDue] {
        assert_eq!(
            not_shown(by(name, GroupBy::Reason)),
            "grouping_not_offered",
            "children are not cut further"
        );
    }
}

/// The differencing attacker asks everything that anybody may ask, in any cut, again after each change. Every cell has
/// one value whoever asks and however, in fives or none; so that there is nothing to subtract but months, and what two
/// of those differ by is never known to be one to four (`no_difference_of_told_counts_isolates_one_to_four_children`).
#[test]
fn no_cut_of_any_report_isolates_one_to_four_children() {
    let world = World::new();
    let people = [
        world.user(Role::AuthorityTeam, HERE),
        world.user(Role::DataManager, HERE),
        world.user(Role::Auditor, HERE),
        world.user(Role::Auditor, NATIONAL),
        world.user(Role::AuthorityTeam, THERE),
    ];
    let day = |text: &str| -> Option<NaiveDate> { text.parse().ok() };
    let froms = [None, day("2026-11-01"), day("2026-11-21"), day("2026-12-02"), day("2027-01-01")];
    let tos = [None, day("2026-11-21"), day("2026-11-30"), day("2027-02-01")];
    let organisations = [None, Some(id(HERE)), Some(id(THERE)), Some(id(SCHOOL))];
    let intervals = [None, Some(Interval::Day), Some(Interval::Week), Some(Interval::Month)];
    let of_children =
        [ReportName::Coverage, ReportName::ConsentReseek, ReportName::ShieldsDue, ReportName::EndedNotClosed];
    let mut seen: BTreeMap<(ReportName, String, String, String), Option<u64>> = BTreeMap::new();
    let mut asked = 0;
    for round in 0..12 {
        world.child(SCHOOL, &pupil(round, "N17"));
        if round % 3 == 0 {
            world.child(SCHOOL, &pupil(100 + round, "M1"));
        }
        world.settle();
        if round % 4 == 3 {
            world.pass(Duration::days(16));
        }
        for (turn, person) in people.iter().enumerate() {
            for (from, to) in froms.iter().flat_map(|from| tos.iter().map(move |to| (*from, *to))) {
                let organisation = organisations[(asked + turn) % 4].clone();
                let interval = intervals[(asked + round) % 4];
                let group_by = (asked % 5 == 0).then_some(GroupBy::Organisation);
                let query = ReportQuery { from, to, organisation, group_by, interval };
                let name = of_children[asked % 4];
                asked += 1;
                let Ok(shown) = now(world.directory.report(person, name, &query)) else { continue };
                for ((counted_on, authority, what), count) in cells(shown.view()) {
                    assert!(count.is_none_or(|count| count >= 5 && count % 5 == 0), "{count:?}");
                    let before = seen.entry((name, counted_on, authority, what)).or_insert(count);
                    assert_eq!(*before, count, "a cell is told twice and differs");
                }
            }
        }
    }
    let months: BTreeSet<&String> = seen.keys().map(|(_, counted_on, ..)| counted_on).collect();
    assert!(months.len() >= 2 && seen.values().any(Option::is_some), "{asked} asked: {seen:?}");
}
