//! Lists and reports keep to the same rights as records: rules.md 2, 4.4 and 6.1.
#![cfg(test)]

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, HandError, LookError, Mode, NewUser, OnBehalf, OpenRequest, Outcome, OutcomeKind,
    Person, ReportQuery, SearchRequest, Sender, ShieldAsk, SuppliedEvent, ports::ToldClock,
};
use event_log::MemoryLog;
use events::{
    child::shield::Ground,
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    search::Criteria,
    supplied::{Supplied, SuppliedChild},
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, Assurance, Channel, ClientId, Label, OrganisationId, OrganisationKind, PersonName,
    Position, ReportName, Role,
};

const HARINGEY: &str = "gss:E09000014";
const ELSEWHERE: &str = "gss:E08000003";

struct World {
    directory: Directory,
    _folder: tempfile::TempDir,
}

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

fn child(reference: &str, forename: &str) -> Value {
    json!({"local_ref": reference, "forename": forename, "surname": "Lowe", "date_of_birth": "2015-04-02",
           "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let noon = Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap();
        let clock = Box::new(ToldClock::new(noon));
        let directory =
            Directory::on(Arc::new(MemoryLog::new()), vault, &folder.path().join("rows"), clock).unwrap();
        for (authority, outcode) in [(HARINGEY, "N17"), (ELSEWHERE, "M1")] {
            let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
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
        World { directory, _folder: folder }
    }

    fn post(&self, organisation: &str, kind: &str, data: &Value) -> Outcome {
        let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data})).unwrap();
        let body = data.to_string().into_bytes();
        let sender = Sender {
            organisation: id(organisation),
            kind: OrganisationKind::LocalAuthority,
            client: ClientId(format!("client-{organisation}")),
            states_others: false,
        };
        let event = SuppliedEvent { id: format!("{kind} {data}"), happened_at: None, body, told };
        self.directory.supply(&sender, event, Mode::Record).unwrap().wait().unwrap()
    }

    fn user(&self, role: Role, organisation: &str) -> Person {
        let user = NewUser {
            username: format!("{}.{organisation}", role.name()),
            name: PersonName::new("Noor").unwrap(),
            organisation: id(organisation),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }

    fn settle(&self) {
        while !self.directory.tick(1_000).unwrap().at_head {}
    }
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

#[test]
fn a_caseload_names_its_children_only_to_roles_that_may_know_them() {
    let world = World::new();
    let started = world.post(
        HARINGEY,
        "involvement.started",
        &json!({"child": child("a-1", "Ava"), "involvement_ref": "i-1", "service_type": "social_care",
                "team": "Assessment", "started_on": "2026-03-01",
                "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]}),
    );
    assert_eq!(started.kind, OutcomeKind::Recorded, "{started:?}");
    world.settle();
    for (role, told) in [
        (Role::Practitioner, true),
        (Role::AuthorityTeam, true),
        (Role::UserManager, false),
        (Role::Administrator, false),
        (Role::Operator, false),
        (Role::CaseApprover, false),
    ] {
        let person = world.user(role, HARINGEY);
        let page = now(world.directory.caseload(&person, None)).unwrap().into_view();
        assert_eq!(page.entries.len(), 1);
        let entry = &page.entries[0];
        assert_eq!((entry.name.is_some(), entry.child_number.is_some()), (told, told), "{role:?}");
    }
}

#[test]
fn a_record_is_opened_by_hand_only_after_a_search_that_found_nobody() {
    let world = World::new();
    let person = world.user(Role::Practitioner, HARINGEY);
    let search = |criteria: Criteria| {
        let request = SearchRequest {
            criteria,
            reason: Some(AccessReason::NewReferral),
            page: 1,
            on_behalf_of: None,
            case_ref: None,
        };
        now(world.directory.search(&person, request)).unwrap().into_view()
    };
    let told: SuppliedChild = serde_json::from_value({
        let mut told = child("x", "Ava");
        told.as_object_mut().unwrap().remove("local_ref");
        told
    })
    .unwrap();
    let surname = Some("Lowe".to_owned());
    let thin = search(Criteria { surname: surname.clone(), ..Criteria::default() });
    let refused = world.directory.create_child(&person, thin.search_id, told.clone()).unwrap_err();
    assert!(matches!(refused, HandError::Refused { code: "search_found_children", .. }), "{refused:?}");
    let enough = search(Criteria { surname, birth_year: Some(2015), ..Criteria::default() });
    let created = world.directory.create_child(&person, enough.search_id, told).unwrap().wait().unwrap();
    assert_eq!(created.kind, OutcomeKind::Recorded);
}

#[test]
fn ones_own_looks_do_not_tell_a_concealed_record_from_a_number_that_nobody_has() {
    let world = World::new();
    let held = world.post(HARINGEY, "child.described", &json!({"child": child("a-1", "Ava")}));
    let operator = world.user(Role::Operator, HARINGEY);
    let request = OpenRequest {
        number: held.child_number.unwrap(),
        reason: Some(AccessReason::Emergency),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    assert!(now(world.directory.open_record(&operator, request)).is_err());
    world.settle();
    let own = world.directory.own_accesses(&operator, Position::ZERO).unwrap();
    assert!(own.accesses.is_empty(), "{own:?}");
}

#[test]
fn a_user_manager_has_no_report_about_the_authoritys_children() {
    let world = World::new();
    let query = ReportQuery::default();
    let manager = world.user(Role::UserManager, HARINGEY);
    let refused = now(world.directory.report(&manager, ReportName::Coverage, &query));
    assert!(matches!(refused, Err(LookError::Refused { code: "organisation_not_yours", .. })), "{refused:?}");
    assert!(now(world.directory.report(&manager, ReportName::Usage, &query)).is_ok());
    let team = world.user(Role::AuthorityTeam, HARINGEY);
    let report = now(world.directory.report(&team, ReportName::Coverage, &query)).unwrap();
    assert_eq!(report.view().rows.len(), 3);
}

#[test]
fn what_may_be_a_shielded_child_is_on_the_queue_of_its_own_authority_alone() {
    let world = World::new();
    let held = world.post(HARINGEY, "child.described", &json!({"child": child("a-1", "Ava")}));
    let team = world.user(Role::AuthorityTeam, HARINGEY);
    let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    let (_, shielded) = world.directory.shield(&team, held.child_number.unwrap(), ask).unwrap();
    assert_eq!(shielded.wait().unwrap().kind, OutcomeKind::Recorded);
    let alike = world.post(ELSEWHERE, "child.described", &json!({"child": child("b-1", "Eva")}));
    assert_eq!(alike.kind, OutcomeKind::Queued, "{alike:?}");
    let seen = |person: &Person| now(world.directory.queue(person)).unwrap().into_view().len();
    assert_eq!(seen(&team), 1);
    assert_eq!(seen(&world.user(Role::DataManager, ELSEWHERE)), 0);
}

#[test]
fn a_mediated_look_tells_in_its_own_record_that_it_was_mediated() {
    let world = World::new();
    let held = world.post(HARINGEY, "child.described", &json!({"child": child("a-1", "Ava")}));
    let mut mediator = world.user(Role::Mediator, HARINGEY);
    mediator.step_up = StepUp::Fresh;
    let caller = world.user(Role::Practitioner, HARINGEY);
    let request = OpenRequest {
        number: held.child_number.unwrap(),
        reason: Some(AccessReason::Emergency),
        search_id: None,
        on_behalf_of: Some(OnBehalf { username: format!("practitioner.{HARINGEY}"), code: None }),
        case_ref: None,
        override_ground: None,
    };
    now(world.directory.open_record(&mediator, request)).unwrap();
    world.settle();
    let own = world.directory.own_accesses(&mediator, Position::ZERO).unwrap();
    assert_eq!(own.accesses[0].channel, Channel::Mediated);
    assert!(world.directory.own_accesses(&caller, Position::ZERO).unwrap().accesses.is_empty());
}
