//! A decision on the identity queue that is cut short at any append is carried out when the directory opens.
#![cfg(test)]

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, Mode, NewUser, Outcome, OutcomeKind, Person, QueueDecision, Sender, SuppliedEvent,
    ports::ToldClock,
};
use event_log::{EventLog, Expected, MemoryLog, Payload, Proposed};
use events::{
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    Assurance, Channel, ChildNumber, ClientId, Label, OrganisationId, OrganisationKind, PersonName, Position,
    Role,
};

const AUTHORITY: &str = "gss:E09000014";
const SCHOOL: &str = "urn:100000";

struct World {
    directory: Directory,
    log: Arc<MemoryLog>,
    vault: Arc<Vault>,
    folder: tempfile::TempDir,
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

fn opened(log: &Arc<MemoryLog>, vault: &Arc<Vault>, rows: &std::path::Path) -> Directory {
    let log = Arc::clone(log) as Arc<dyn EventLog>;
    Directory::on(log, Arc::clone(vault), rows, Box::new(ToldClock::new(noon()))).unwrap()
}

fn sender(organisation: &str, kind: OrganisationKind) -> Sender {
    Sender {
        organisation: id(organisation),
        kind,
        client: ClientId(format!("client-{organisation}")),
        states_others: false,
    }
}

fn authority() -> Sender {
    sender(AUTHORITY, OrganisationKind::LocalAuthority)
}

fn send(directory: &Directory, sender: &Sender, kind: &str, data: &Value, event: &str) -> Outcome {
    let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data})).unwrap();
    let body = data.to_string().into_bytes();
    let event = SuppliedEvent { id: event.to_owned(), happened_at: None, body, told };
    directory.supply(sender, event, Mode::Record).unwrap().wait().unwrap()
}

fn child(reference: &str, forename: &str, surname: &str) -> Value {
    json!({"local_ref": reference, "forename": forename, "surname": surname,
           "date_of_birth": "2015-04-02", "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}

impl World {
    /// A child, an item that sounds like it, and three events behind the item.
    fn new() -> (World, ChildNumber) {
        let folder = tempfile::tempdir().unwrap();
        let log = Arc::new(MemoryLog::new());
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let directory = opened(&log, &vault, &folder.path().join("rows"));
        for (organisation, kind) in
            [(AUTHORITY, OrganisationKind::LocalAuthority), (SCHOOL, OrganisationKind::School)]
        {
            let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
            let details = Details {
                name: Label::new(&format!("Invented {}", kind.name().replace('_', " "))).unwrap(),
                kind,
                authority: Some(id(AUTHORITY)),
                service_types: vec![],
                contacts: vec![],
                outcodes: if organisation == AUTHORITY { vec!["N17".to_owned()] } else { vec![] },
            };
            let agreement = Some(Agreement { until, states_others: false });
            let row = Row { id: id(organisation), details, accredited_until: Some(until), agreement };
            assert!(directory.import_organisation(row).unwrap());
        }
        let school = sender(SCHOOL, OrganisationKind::School);
        let first =
            send(&directory, &school, "child.described", &json!({"child": child("s-1", "Ava", "Lowe")}), "s");
        let world = World { directory, log, vault, folder };
        let kinds = [
            ("q", "child.described", json!({"child": child("a-1", "Eva", "Low")})),
            (
                "b",
                "involvement.started",
                json!({"child": {"local_ref": "a-1"}, "involvement_ref": "i-1", "service_type": "social_care",
                       "team": "Assessment", "started_on": "2026-03-01",
                       "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]}),
            ),
            ("c", "involvement.ended", json!({"involvement_ref": "i-1", "ended_on": "2026-04-01"})),
            ("d", "child.described", json!({"child": child("a-1", "Eva", "Lowe")})),
        ];
        for (event, kind, data) in kinds {
            let queued = send(&world.directory, &authority(), kind, &data, event);
            assert_eq!(queued.kind, OutcomeKind::Queued, "{event}: {queued:?}");
        }
        (world, first.child_number.unwrap())
    }

    fn manager(&self, name: &str) -> Person {
        let user = NewUser {
            username: name.to_lowercase(),
            name: PersonName::new(name).unwrap(),
            organisation: id(AUTHORITY),
            role: Role::DataManager,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }

    /// What a crash leaves when nothing after `position` reached the disk, opened by the next process.
    fn cut_after(&self, position: Position, round: u64) -> World {
        let log = Arc::new(MemoryLog::new());
        let mut kept: Vec<(vocabulary::Stream, Proposed)> = Vec::new();
        self.log
            .read_all(Position::ZERO, u32::MAX, &mut |record| {
                if record.position <= position
                    && let Payload::Kept(payload) = record.payload
                {
                    let proposed = Proposed {
                        header: record.header,
                        dictionary: record.dictionary,
                        payload: payload.to_vec(),
                    };
                    kept.push((record.header.stream, proposed));
                }
            })
            .unwrap();
        for (stream, proposed) in kept {
            log.submit(stream, Expected::Any, vec![proposed]).wait().unwrap();
        }
        let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
        let directory = opened(&log, &self.vault, &folder.path().join(format!("rows-{round}")));
        World { directory, log, vault: Arc::clone(&self.vault), folder }
    }

    fn ends(&self) -> Vec<(OutcomeKind, Option<Position>, Option<ChildNumber>)> {
        ["q", "b", "c", "d"]
            .into_iter()
            .map(|event| {
                let end = self.directory.event_outcome(&authority(), event).unwrap().unwrap();
                (end.kind, end.position, end.child_number)
            })
            .collect()
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

/// Decides the one item, then cuts the log after each record that followed from it.
fn cut_everywhere(decision: impl Fn(ChildNumber) -> QueueDecision) {
    let (world, number) = World::new();
    let manager = world.manager("Dana");
    let queue = now(world.directory.queue(&manager)).unwrap();
    let before = world.directory.head().unwrap();
    world.directory.decide_queue(&manager, queue.view()[0].id, decision(number)).unwrap().wait().unwrap();
    let whole = world.ends();
    assert!(whole.iter().all(|(kind, ..)| *kind != OutcomeKind::Queued), "{whole:?}");
    let after = world.directory.head().unwrap();
    for cut in before.0 + 1..=after.0 {
        let left = world.cut_after(Position(cut), cut);
        let same: Vec<_> = left.ends().iter().map(|(kind, at, _)| (*kind, *at)).collect();
        let expected: Vec<_> = whole.iter().map(|(kind, at, _)| (*kind, *at)).collect();
        assert_eq!(same, expected, "cut after {cut} of {before:?} to {after:?}");
        assert_eq!(left.directory.head().unwrap(), after, "nothing is told twice: cut after {cut}");
        let children: std::collections::BTreeSet<_> =
            left.ends().into_iter().filter_map(|(.., held)| held).collect();
        assert!(children.len() <= 1, "one child, cut after {cut}: {children:?}");
        let other = left.manager(&format!("Edna{}", "a".repeat(usize::try_from(cut - before.0).unwrap())));
        assert!(now(left.directory.queue(&other)).unwrap().view().is_empty());
        let head = left.directory.head().unwrap();
        let again = left.cut_after(head, cut + 1);
        assert_eq!(again.directory.head().unwrap(), head, "a second opening finds nothing to finish");
    }
}

#[test]
fn a_link_that_was_cut_short_is_carried_out_at_the_next_opening() {
    cut_everywhere(QueueDecision::Link);
}

#[test]
fn a_new_child_whose_decision_was_cut_short_is_one_child() {
    cut_everywhere(|_| QueueDecision::New);
}

#[test]
fn what_waits_again_behind_a_rejected_item_keeps_its_place_and_comes_to_an_end() {
    let (first, number) = World::new();
    assert_eq!(decide(&first, "Dana", QueueDecision::Reject).kind, OutcomeKind::Refused);
    let ends: Vec<_> = first.ends().iter().map(|(kind, ..)| *kind).collect();
    // The involvement named its child by a reference that nothing links; the later description waits anew.
    let refused = OutcomeKind::Refused;
    assert_eq!(ends, [refused, refused, refused, OutcomeKind::Queued]);
    let head = first.directory.head().unwrap();
    let second = first.cut_after(head, head.0);
    assert_eq!(decide(&second, "Edna", QueueDecision::Link(number)).kind, OutcomeKind::Recorded);
    assert_eq!(second.ends()[3].0, OutcomeKind::Recorded, "the event as first sent comes to an end");
}

/// Decides the only item of the queue, as a manager of this name.
fn decide(world: &World, name: &str, decision: QueueDecision) -> Outcome {
    let manager = world.manager(name);
    let queue = now(world.directory.queue(&manager)).unwrap();
    assert_eq!(queue.view().len(), 1);
    world.directory.decide_queue(&manager, queue.view()[0].id, decision).unwrap().wait().unwrap()
}
