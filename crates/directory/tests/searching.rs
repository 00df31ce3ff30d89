//! Searches through the whole directory: rules.md 2.1, 2.4 and 4.

#![cfg(test)]

use std::sync::{Arc, atomic::AtomicU64, atomic::Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use directory::{
    Cost, Directory, LookError, Mode, NewUser, OpenRequest, Outcome, OutcomeKind, Person, SearchPage,
    SearchRequest, Sender, SuppliedEvent,
    ports::{Clock, ToldClock},
};
use event_log::MemoryLog;
use events::{
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    search::{Criteria, Outcome as Ended},
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, ClientId, Label, OrganisationId, OrganisationKind,
    PersonName, Role,
};

const AUTHORITY: &str = "gss:E09000014";
const ELSEWHERE: &str = "gss:E08000003";

struct Shared(Arc<ToldClock>);

impl Clock for Shared {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

struct World {
    directory: Directory,
    log: Arc<MemoryLog>,
    vault: Arc<Vault>,
    clock: Arc<ToldClock>,
    posted: AtomicU64,
    folder: tempfile::TempDir,
}

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

fn child(reference: &str, forename: &str, surname: &str) -> Value {
    json!({"local_ref": reference, "forename": forename, "surname": surname, "date_of_birth": "2015-04-02",
           "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}

fn opened(
    log: &Arc<MemoryLog>,
    vault: &Arc<Vault>,
    folder: &tempfile::TempDir,
    clock: &Arc<ToldClock>,
) -> Directory {
    let log = Arc::clone(log) as Arc<dyn event_log::EventLog>;
    let told = Box::new(Shared(Arc::clone(clock)));
    Directory::on(log, Arc::clone(vault), &folder.path().join("rows"), told).unwrap()
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let clock = Arc::new(ToldClock::new(Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()));
        let log = Arc::new(MemoryLog::new());
        let directory = opened(&log, &vault, &folder, &clock);
        for (authority, outcode) in [(AUTHORITY, "N17"), (ELSEWHERE, "M1")] {
            let until = NaiveDate::from_ymd_opt(2047, 12, 31).unwrap();
            let details = Details {
                name: Label::new(&format!("Invented authority {outcode}")).unwrap(),
                kind: OrganisationKind::LocalAuthority,
                authority: Some(id(authority)),
                service_types: vec![],
                contacts: vec![],
                outcodes: vec![outcode.to_owned()],
            };
            let agreement = Some(Agreement { until, states_others: false, version: None });
            let row = Row { id: id(authority), details, accredited_until: Some(until), agreement };
            assert!(directory.import_organisation(row).unwrap());
        }
        World { directory, log, vault, clock, posted: AtomicU64::new(0), folder }
    }

    /// The same log, keys and rows, opened by another process.
    fn reopened(self) -> World {
        let World { directory: before, log, vault, clock, posted, folder } = self;
        drop(before);
        let directory = opened(&log, &vault, &folder, &clock);
        World { directory, log, vault, clock, posted, folder }
    }

    fn post(&self, organisation: &str, kind: &str, data: &Value) -> Outcome {
        let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data})).unwrap();
        let sender = Sender {
            organisation: id(organisation),
            kind: OrganisationKind::LocalAuthority,
            client: ClientId(format!("client-{organisation}")),
            states_others: false,
        };
        let event = format!("e-{}", self.posted.fetch_add(1, Ordering::Relaxed));
        let body = data.to_string().into_bytes();
        let event = SuppliedEvent { id: event, happened_at: None, body, told };
        self.directory.supply(&sender, event, Mode::Record).unwrap().wait().unwrap()
    }

    fn described(&self, child: &Value) -> ChildNumber {
        let described = self.post(AUTHORITY, "child.described", &json!({"child": child}));
        assert_eq!(described.kind, OutcomeKind::Recorded, "{described:?}");
        described.child_number.unwrap()
    }

    fn user(&self, role: Role) -> Person {
        let user = NewUser {
            username: format!("{}.{}", role.name(), self.posted.fetch_add(1, Ordering::Relaxed)),
            name: PersonName::new("Noor").unwrap(),
            organisation: id(AUTHORITY),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }

    fn asked(&self, person: &Person, criteria: &Value, page: u32) -> Result<SearchPage, LookError> {
        let request = SearchRequest {
            criteria: serde_json::from_value::<Criteria>(criteria.clone()).unwrap(),
            reason: Some(AccessReason::NewReferral),
            page,
            on_behalf_of: None,
            case_ref: None,
        };
        now(self.directory.search(person, request)).map(directory::Disclosed::into_view)
    }

    fn page(&self, person: &Person, criteria: &Value) -> SearchPage {
        self.asked(person, criteria, 1).unwrap()
    }
}

fn former(page: &SearchPage) -> Vec<String> {
    let rows = serde_json::to_value(&page.results).unwrap();
    let names = rows.as_array().unwrap().iter().flat_map(|row| row["names"].as_array().unwrap().clone());
    names
        .filter(|name| name["kind"] == "former")
        .map(|name| name["surname"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn criteria_that_say_too_little_once_read_are_refined_and_never_answered_with_nobody() {
    let world = World::new();
    world.described(&child("a-1", "Ava", "Lowe"));
    let nurse = world.user(Role::Practitioner);
    for thin in [
        json!({"forename": "Ava", "surname": "Lowe", "street": "Flat 3"}),
        json!({"forename": "Ava", "surname": "Lowe", "street": "12"}),
        json!({"forename": "Ava", "surname": "Lowe", "town": "-"}),
        json!({"forename": "A", "surname": "Lowe", "town": "London"}),
        json!({"surname": "Lowe", "birth_from": "2015-01-01", "birth_to": "2016-01-02"}),
        json!({}),
    ] {
        let page = world.page(&nurse, &thin);
        assert_eq!((page.outcome, page.total, page.advice.is_some()), (Ended::Refine, None, true), "{thin}");
    }
    for enough in [
        json!({"forename": "Ava", "surname": "Lowe", "street": "Mill Lane, Flat 3"}),
        json!({"surname": "Lowe", "birth_from": "2015-01-01", "birth_to": "2016-01-01"}),
        json!({"surname": "Low*", "age": 11}),
    ] {
        assert_eq!(world.page(&nurse, &enough).outcome, Ended::Found, "{enough}");
    }
}

#[test]
fn each_page_holds_ten_of_at_most_fifty_and_a_page_past_the_end_none() {
    let world = World::new();
    let forenames = "Ava Ben Chloe Dylan Elsie Farid Grace Hamza Imogen Jacob Keira Liam Maya Noah Olive Priya Quentin Ruby Samir Tilda Umar Violet Wren";
    for (number, forename) in forenames.split(' ').enumerate() {
        let mut whom = child(&format!("a-{number}"), forename, "Lowe");
        whom["date_of_birth"] = json!(format!("2015-{:02}-{:02}", number % 12 + 1, number * 5 % 28 + 1));
        whom["address"] = json!("none_known");
        world.described(&whom);
    }
    let nurse = world.user(Role::Practitioner);
    let all = json!({"surname": "Lowe", "birth_year": 2015, "fuzzy": false});
    let mut seen = Vec::new();
    for (page, count) in [(1, 10), (2, 10), (3, 3), (4, 0)] {
        let shown = world.asked(&nurse, &all, page).unwrap();
        assert_eq!(
            (shown.outcome, shown.total, shown.results.len()),
            (Ended::Found, Some(23), count),
            "{page}"
        );
        seen.extend(shown.results.iter().map(|hit| hit.child_number));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 23, "no child stands on two pages");
    for page in [0, 6] {
        let refused = world.asked(&nurse, &all, page);
        assert!(matches!(refused, Err(LookError::Refused { code: "page_out_of_range", .. })), "{refused:?}");
    }
}

#[test]
fn a_former_name_is_shown_where_the_search_matched_it_by_whatever_part() {
    let world = World::new();
    let mut before = child("a-1", "Ava", "Okafor");
    let number = world.described(&before);
    before["surname"] = json!("Lowe");
    assert_eq!(world.described(&before), number);
    let nurse = world.user(Role::Practitioner);
    for (criteria, shown) in [
        (json!({"surname": "Okafor", "birth_year": 2015}), true),
        (json!({"surname": "Oka*", "birth_year": 2015}), true),
        (json!({"forename": "A", "surname": "Okafor", "age": 11}), true),
        (json!({"forename": "Okafor", "surname": "Ava", "age": 11}), true),
        (json!({"surname": "Lowe", "birth_year": 2015}), false),
        (json!({"child_number": number}), false),
    ] {
        let page = world.page(&nurse, &criteria);
        assert_eq!(page.results.len(), 1, "{criteria}");
        assert_eq!(former(&page), if shown { vec!["Okafor".to_owned()] } else { vec![] }, "{criteria}");
    }
}

#[test]
fn a_record_that_goes_to_the_archive_is_found_no_more_from_that_day_on() {
    let world = World::new();
    world.described(&child("a-1", "Ava", "Lowe"));
    let died =
        world.post(AUTHORITY, "child.died", &json!({"child": {"local_ref": "a-1"}, "on": "2026-11-20"}));
    assert_eq!(died.kind, OutcomeKind::Recorded, "{died:?}");
    let lowe = json!({"surname": "Lowe", "birth_year": 2015});
    let found = |on: &World, role| on.page(&on.user(role), &lowe).outcome;
    assert_eq!(found(&world, Role::Practitioner), Ended::Found);
    world.clock.advance(TimeDelta::days(365));
    assert_eq!(found(&world, Role::Practitioner), Ended::None);
    assert_eq!(found(&world, Role::AuthorityTeam), Ended::None);
    assert_eq!(found(&world, Role::DataManager), Ended::Found, "in the first year in the archive");
    let world = world.reopened();
    assert_eq!(found(&world, Role::DataManager), Ended::Found, "after a restart too");
    world.clock.advance(TimeDelta::days(365));
    assert_eq!(found(&world, Role::DataManager), Ended::None);
}

#[test]
fn a_record_told_of_after_it_went_to_the_archive_is_still_found_by_the_data_manager() {
    let world = World::new();
    let number = world.described(&child("a-1", "Ava", "Lowe"));
    let born: NaiveDate = "2015-04-02".parse().unwrap();
    let birthday = born.checked_add_months(chrono::Months::new(12 * 18)).unwrap();
    world.clock.advance(birthday.signed_duration_since(world.clock.now().date_naive()));
    // Anything that is told puts the record into the index anew.
    let ended = json!({"child": {"local_ref": "a-1"}, "on": "2033-04-01", "state": "none_known"});
    assert_eq!(world.post(AUTHORITY, "education.stated", &ended).kind, OutcomeKind::Recorded);
    let by_number = json!({"child_number": number});
    let found = |role| world.page(&world.user(role), &by_number).outcome;
    assert_eq!((found(Role::Practitioner), found(Role::DataManager)), (Ended::None, Ended::Found));
}

#[test]
fn a_reason_given_with_the_search_goes_with_it_to_the_record_and_may_be_changed_there() {
    let world = World::new();
    let number = world.described(&child("a-1", "Ava", "Lowe"));
    let nurse = world.user(Role::Practitioner);
    let page = world.page(&nurse, &json!({"surname": "Lowe", "birth_year": 2015}));
    let opens = |person: &Person, reason, search_id| {
        let request = OpenRequest {
            number,
            reason,
            search_id,
            on_behalf_of: None,
            case_ref: None,
            override_ground: None,
        };
        now(world.directory.open_record(person, request)).map(|opened| opened.view().access_id)
    };
    opens(&nurse, None, Some(page.search_id)).unwrap();
    opens(&nurse, Some(AccessReason::Emergency), Some(page.search_id)).unwrap();
    let refused = opens(&nurse, None, None);
    assert!(matches!(refused, Err(LookError::Refused { code: "reason_missing", .. })), "{refused:?}");
    let another = opens(&world.user(Role::Practitioner), None, Some(page.search_id));
    assert!(matches!(another, Err(LookError::Refused { code: "reason_missing", .. })), "{another:?}");
    while !world.directory.tick(1_000).unwrap().at_head {}
    let own = world.directory.own_accesses(&nurse, vocabulary::Position::ZERO).unwrap();
    let reasons: Vec<_> = own.accesses.iter().map(|look| (look.kind, look.reason)).collect();
    assert_eq!(
        reasons,
        [
            ("opened", Some(AccessReason::NewReferral)),
            ("opened", Some(AccessReason::Emergency)),
            ("refused", None)
        ]
    );
}

#[test]
fn a_search_is_cited_after_a_restart_too_and_no_more_once_the_day_is_over() {
    let world = World::new();
    let number = world.described(&child("a-1", "Ava", "Lowe"));
    let nurse = world.user(Role::Practitioner);
    let search_id = Some(world.page(&nurse, &json!({"surname": "Lowe", "birth_year": 2015})).search_id);
    let world = world.reopened();
    let cites = || {
        let request = OpenRequest {
            number,
            reason: None,
            search_id,
            on_behalf_of: None,
            case_ref: None,
            override_ground: None,
        };
        now(world.directory.open_record(&nurse, request)).map(|opened| opened.view().access_id)
    };
    cites().unwrap();
    world.clock.advance(TimeDelta::hours(13));
    let late = cites();
    assert!(matches!(late, Err(LookError::Refused { code: "reason_missing", .. })), "{late:?}");
}
