//! Scenarios of the whole directory, without its door: given, when, then.

#![cfg(test)]

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, Mode, NewUser, OpenRequest, Outcome, OutcomeKind, Person, QueueDecision, SearchRequest,
    Sender, SuppliedEvent, ports::ToldClock,
};
use event_log::MemoryLog;
use events::{
    looker::StepUp,
    organisation::{ActingUser, Agreement, Details, Row},
    search::Criteria,
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, Assurance, Channel, ClientId, Label, OrganisationId, OrganisationKind, PersonName, Role,
};

/// A directory on a memory log with invented organisations, and the folders that it needs while it lives.
struct World {
    directory: Directory,
    log: Arc<MemoryLog>,
    vault: Arc<Vault>,
    folder: tempfile::TempDir,
    posted: std::cell::Cell<u64>,
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

const AUTHORITY: &str = "gss:E09000014";
const SCHOOL: &str = "urn:100000";
const CLINIC: &str = "ods:CLINIC";

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let log = Arc::new(MemoryLog::new());
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let directory = Directory::on(
            Arc::clone(&log) as Arc<dyn event_log::EventLog>,
            Arc::clone(&vault),
            &folder.path().join("rows"),
            Box::new(ToldClock::new(noon())),
        )
        .unwrap();
        let world = World { directory, log, vault, folder, posted: std::cell::Cell::new(0) };
        for (organisation, kind, outcodes) in [
            (AUTHORITY, OrganisationKind::LocalAuthority, vec!["N17".to_owned()]),
            (SCHOOL, OrganisationKind::School, vec![]),
            (CLINIC, OrganisationKind::MentalHealthService, vec![]),
        ] {
            let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
            let row = Row {
                id: id(organisation),
                details: Details {
                    name: Label::new(&format!("Invented {}", kind.name().replace('_', " "))).unwrap(),
                    kind,
                    authority: Some(id(AUTHORITY)),
                    service_types: vec![],
                    contacts: vec![],
                    outcodes,
                },
                accredited_until: Some(until),
                agreement: Some(Agreement { until, states_others: organisation == AUTHORITY, version: None }),
            };
            assert!(world.directory.import_organisation(row).unwrap());
        }
        world
    }

    /// The same log, keys and rows, opened by another process.
    fn reopened(self) -> World {
        let World { directory: before, log, vault, folder, posted } = self;
        drop(before);
        let directory = Directory::on(
            Arc::clone(&log) as Arc<dyn event_log::EventLog>,
            Arc::clone(&vault),
            &folder.path().join("rows"),
            Box::new(ToldClock::new(noon() + chrono::Duration::minutes(5))),
        )
        .unwrap();
        World { directory, log, vault, folder, posted }
    }

    fn sender(&self, organisation: &str) -> Sender {
        let kind = self
            .directory
            .list_organisations()
            .into_iter()
            .find(|(known, _)| known.as_str() == organisation)
            .and_then(|(_, held)| Some(held.details?.kind))
            .unwrap();
        Sender {
            organisation: id(organisation),
            kind,
            client: ClientId(format!("client-{organisation}")),
            states_others: organisation == AUTHORITY,
        }
    }

    fn send(
        &self,
        organisation: &str,
        kind: &str,
        data: impl Into<Value>,
        event: &str,
        mode: Mode,
    ) -> Outcome {
        let data = data.into();
        let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data})).unwrap();
        let body = serde_json::to_vec(&json!({"type": kind, "data": data})).unwrap();
        let event = SuppliedEvent { id: event.to_owned(), happened_at: None, body, told };
        self.directory.supply(&self.sender(organisation), event, mode).unwrap().wait().unwrap()
    }

    fn post(&self, organisation: &str, kind: &str, data: Value) -> Outcome {
        self.posted.set(self.posted.get() + 1);
        self.send(organisation, kind, data, &format!("event-{}", self.posted.get()), Mode::Record)
    }

    fn user(&self, name: &str, organisation: &str, role: Role) -> Person {
        let user = NewUser {
            username: format!("{name}.{}", role.name()),
            name: PersonName::new(name).unwrap(),
            organisation: id(organisation),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }
}

/// Runs a future that waits for the memory log only.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

fn ava(reference: &str) -> Value {
    json!({"local_ref": reference, "forename": "Ava", "middle_names": "Rose", "surname": "Lowe",
           "date_of_birth": "2015-04-02", "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}

fn involvement(child: &Value, reference: &str) -> Value {
    json!({"child": child, "involvement_ref": reference, "service_type": "social_care", "team": "Assessment",
           "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}],
           "started_on": "2026-03-01"})
}

fn search(surname: &str) -> SearchRequest {
    SearchRequest {
        criteria: Criteria {
            surname: Some(surname.to_owned()),
            birth_year: Some(2015),
            ..Criteria::default()
        },
        reason: Some(AccessReason::NewReferral),
        page: 1,
        on_behalf_of: None,
        case_ref: None,
    }
}

#[test]
fn an_event_goes_in_and_a_look_comes_out_with_its_trace() {
    let world = World::new();
    let described = world.post(SCHOOL, "child.described", json!({"child": ava("s-1")}));
    assert_eq!(described.kind, OutcomeKind::Recorded, "{described:?}");
    let started = world.post(AUTHORITY, "involvement.started", involvement(&ava("a-1"), "i-1"));
    assert_eq!(started.kind, OutcomeKind::Recorded, "{started:?}");
    assert_eq!(started.child_number, described.child_number, "both suppliers mean one child");

    let nurse = world.user("Noor", SCHOOL, Role::Practitioner);
    let before = world.directory.head().unwrap();
    let page = now(world.directory.search(&nurse, search("Low"))).unwrap();
    assert!(page.position() > before);
    assert_eq!(page.view().results.len(), 1);
    let request = OpenRequest {
        number: page.view().results[0].child_number,
        reason: None,
        search_id: Some(page.view().search_id),
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    let opened = now(world.directory.open_record(&nurse, request)).unwrap();
    assert!(opened.position() > page.position());
    let record = serde_json::to_value(&opened.view().record).unwrap();
    assert_eq!(record["position"], json!(opened.position().0));
    assert_eq!(record["involvements"][0]["service_type"], "social_care");
    assert_eq!(record["gaps"], json!(["no_education", "no_primary_care"]));
}

#[test]
fn the_same_event_again_is_a_duplicate_after_a_restart_too() {
    let world = World::new();
    let first = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "e", Mode::Record);
    let again = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "e", Mode::Record);
    assert_eq!((again.kind, again.position), (OutcomeKind::Duplicate, first.position));
    let head = world.directory.head().unwrap();
    let world = world.reopened();
    let later = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "e", Mode::Record);
    assert_eq!(
        (later.kind, later.position, later.child_number),
        (OutcomeKind::Duplicate, first.position, first.child_number)
    );
    let other = world.send(SCHOOL, "child.described", json!({"child": ava("s-2")}), "e", Mode::Record);
    assert_eq!(other.problem.unwrap().code, "id_reused");
    assert_eq!(world.directory.head().unwrap(), head, "nothing was added");
}

#[test]
fn what_was_said_before_is_unchanged_and_its_id_stays_known() {
    let world = World::new();
    world.post(SCHOOL, "child.described", json!({"child": ava("s-1")}));
    let repeat = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "again", Mode::Record);
    assert_eq!(repeat.kind, OutcomeKind::Unchanged);
    let world = world.reopened();
    let third = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "again", Mode::Record);
    assert_eq!(third.kind, OutcomeKind::Duplicate);
    assert_eq!(third.child_number, repeat.child_number);
}

#[test]
fn a_dry_run_judges_and_records_nothing() {
    let world = World::new();
    let head = world.directory.head().unwrap();
    let judged = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "e", Mode::DryRun);
    assert_eq!(judged.kind, OutcomeKind::Recorded);
    assert_eq!(world.directory.head().unwrap(), head);
    let real = world.send(SCHOOL, "child.described", json!({"child": ava("s-1")}), "e", Mode::Record);
    assert_eq!(real.kind, OutcomeKind::Recorded);
}

#[test]
fn a_sounds_alike_waits_and_what_waits_behind_it_goes_in_in_order() {
    let world = World::new();
    let first = world.post(SCHOOL, "child.described", json!({"child": ava("s-1")}));
    let mut alike = ava("a-1");
    alike["forename"] = json!("Eva");
    alike["surname"] = json!("Low");
    let queued = world.send(AUTHORITY, "child.described", json!({"child": alike}), "q", Mode::Record);
    assert_eq!(queued.kind, OutcomeKind::Queued, "{queued:?}");
    let behind = world.send(
        AUTHORITY,
        "involvement.started",
        involvement(&json!({"local_ref": "a-1"}), "i-1"),
        "b",
        Mode::Record,
    );
    assert_eq!(behind.kind, OutcomeKind::Queued);
    let ended = world.send(
        AUTHORITY,
        "involvement.ended",
        json!({"involvement_ref": "i-1", "ended_on": "2026-04-01"}),
        "c",
        Mode::Record,
    );
    assert_eq!(ended.kind, OutcomeKind::Queued);

    let world = world.reopened();
    let manager = world.user("Dana", AUTHORITY, Role::DataManager);
    let queue = now(world.directory.queue(&manager)).unwrap();
    assert_eq!(queue.view().len(), 1);
    assert_eq!(queue.view()[0].behind, 2);
    let decided = world
        .directory
        .decide_queue(&manager, queue.view()[0].id, QueueDecision::Link(first.child_number.unwrap()))
        .unwrap()
        .wait()
        .unwrap();
    assert_eq!(
        (decided.kind, decided.child_number),
        (OutcomeKind::Recorded, first.child_number),
        "{decided:?}"
    );
    for event in ["q", "b", "c"] {
        let end = world.directory.event_outcome(&world.sender(AUTHORITY), event).unwrap().unwrap();
        assert_eq!((end.kind, end.child_number), (OutcomeKind::Recorded, first.child_number), "{event}");
    }
    assert!(now(world.directory.queue(&manager)).unwrap().view().is_empty());
}

#[test]
fn a_sensitive_entry_needs_consent_and_goes_with_it() {
    let world = World::new();
    world.post(SCHOOL, "child.described", json!({"child": ava("s-1")}));
    let mut entry = involvement(&ava("c-1"), "i-1");
    entry["service_type"] = json!("mental_health");
    entry["episode_ref"] = json!("ep-1");
    let refused = world.post(CLINIC, "involvement.started", entry.clone());
    assert_eq!(refused.problem.unwrap().code, "no_basis");
    let consent = |decision: &str| {
        json!({"child": ava("c-1"), "episode_ref": "ep-1", "decision": decision, "given_by": "child",
               "competence": "assessed_competent", "method": "face_to_face", "notice_version": "v1",
               "decided_on": "2026-11-20"})
    };
    let given = world.post(CLINIC, "consent.recorded", consent("given"));
    assert_eq!(given.kind, OutcomeKind::Recorded, "{given:?}");
    assert_eq!(world.post(CLINIC, "involvement.started", entry).kind, OutcomeKind::Recorded);
    let nurse = world.user("Noor", SCHOOL, Role::Practitioner);
    let look = || {
        let request = OpenRequest {
            number: given.child_number.unwrap(),
            reason: Some(AccessReason::NewReferral),
            search_id: None,
            on_behalf_of: None,
            case_ref: None,
            override_ground: None,
        };
        let opened = now(world.directory.open_record(&nurse, request)).unwrap();
        serde_json::to_value(&opened.view().record).unwrap()
    };
    let record = look();
    assert_eq!(record["sensitive_services"], "unspecified");
    assert_eq!(record["involvements"], json!([]));
    assert_eq!(world.post(CLINIC, "consent.recorded", consent("withdrawn")).kind, OutcomeKind::Recorded);
    assert_eq!(look().get("sensitive_services"), None, "a withdrawal bites on the next request");
}

#[test]
fn two_suppliers_that_tell_of_one_new_child_at_once_make_one_child() {
    let world = World::new();
    for round in 0..1_000_u32 {
        let child = |reference: String| {
            let mut child = ava(&reference);
            // One day of birth a round, so that rounds do not resemble each other.
            let born = NaiveDate::from_ymd_opt(2012, 1, 1).unwrap() + chrono::Days::new(u64::from(round));
            child["date_of_birth"] = json!(born.to_string());
            json!({"child": child})
        };
        let (left, right) = std::thread::scope(|scope| {
            let directory = &world.directory;
            let senders = [world.sender(SCHOOL), world.sender(AUTHORITY)];
            let mut handles = senders
                .into_iter()
                .map(|sender| {
                    let data = child(format!("{}-{round}", sender.organisation));
                    let told: Supplied =
                        serde_json::from_value(json!({"type": "child.described", "data": data})).unwrap();
                    let event = SuppliedEvent {
                        id: format!("race-{round}"),
                        happened_at: None,
                        body: data.to_string().into_bytes(),
                        told,
                    };
                    scope.spawn(move || {
                        directory.supply(&sender, event, Mode::Record).unwrap().wait().unwrap()
                    })
                })
                .collect::<Vec<_>>();
            (handles.remove(0).join().unwrap(), handles.remove(0).join().unwrap())
        });
        assert_eq!(left.kind, OutcomeKind::Recorded);
        assert_eq!(right.kind, OutcomeKind::Recorded);
        assert_eq!(left.child_number, right.child_number, "round {round}");
    }
}

#[test]
fn a_suspension_bites_on_the_next_request() {
    let world = World::new();
    let nurse = world.user("Noor", SCHOOL, Role::Practitioner);
    assert!(world.directory.suspend_user(nurse.account).unwrap());
    let person =
        world.directory.person(nurse.account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent);
    assert_eq!(person, None);
    world
        .directory
        .add_client_with(&id(SCHOOL), ClientId("client-x".to_owned()), "secret", ActingUser::BareUserName)
        .unwrap();
    assert!(world.directory.client_by_secret(&ClientId("client-x".to_owned()), "secret", None).is_some());
    assert!(world.directory.client_by_secret(&ClientId("client-x".to_owned()), "wrong", None).is_none());
    world.directory.suspend_organisation(&id(SCHOOL)).unwrap();
    let client = world.directory.client(&ClientId("client-x".to_owned())).unwrap();
    assert!(client.may_supply.is_err());
}
