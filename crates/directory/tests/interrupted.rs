//! A decision on the identity queue that is cut short at any append is carried out when the directory opens.
#![cfg(test)]

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, HandError, Mode, NewUser, Outcome, OutcomeKind, Person, QueueDecision, Sender,
    SuppliedEvent, ports::ToldClock,
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
            let agreement = Some(Agreement { until, states_others: false, version: None });
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

/// An open involvement under a link that its supplier disputes, and the child it is linked to.
fn disputed() -> (World, ChildNumber) {
    let (world, number) = World::new();
    decide(&world, "Dana", QueueDecision::Link(number));
    let started = json!({"child": {"local_ref": "a-1"}, "involvement_ref": "i-2", "service_type": "social_care",
        "team": "Assessment", "started_on": "2026-05-01",
        "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
    let opened = send(&world.directory, &authority(), "involvement.started", &started, "e");
    assert_eq!((opened.kind, opened.child_number), (OutcomeKind::Recorded, Some(number)));
    assert_eq!(world.open_entries(), [number]);
    let dispute = json!({"local_ref": "a-1"});
    let said = send(&world.directory, &authority(), "child.link_disputed", &dispute, "x");
    assert_eq!(said.kind, OutcomeKind::Queued);
    assert!(world.open_entries().is_empty(), "hidden until a person decides");
    (world, number)
}

impl World {
    /// The children of the authority's open entries, once the views hold all that was recorded.
    fn open_entries(&self) -> Vec<ChildNumber> {
        while !self.directory.tick(1_000).unwrap().at_head {}
        let page = self.directory.client_caseload(&authority(), None).unwrap();
        page.entries.iter().filter_map(|entry| entry.child_number).collect()
    }

    fn dispute_ends(&self) -> OutcomeKind {
        self.directory.event_outcome(&authority(), "x").unwrap().unwrap().kind
    }
}

/// Decides the dispute, and holds it to that end however often the decision is cut short.
fn dispute_ends(
    (world, decision): (World, QueueDecision),
    ends: OutcomeKind,
    entries: &[ChildNumber],
) -> World {
    let before = world.directory.head().unwrap();
    assert_eq!(decide(&world, "Edna", decision).kind, ends);
    let after = world.directory.head().unwrap();
    let decided = before.0 + 1;
    for cut in decided..=after.0 {
        let left = world.cut_after(Position(cut), cut);
        let manager = left.manager(&format!("Fay{}", "a".repeat(usize::try_from(cut - before.0).unwrap())));
        let waiting = now(left.directory.queue(&manager)).unwrap().view().len();
        // Until the decision itself is on the disk the item waits and its entries are hidden; then it is carried out.
        if left.dispute_ends() == OutcomeKind::Queued {
            assert_eq!((waiting, left.open_entries()), (1, vec![]), "cut after {cut} of {before:?}");
        } else {
            assert_eq!((waiting, left.dispute_ends()), (0, ends), "cut after {cut} of {before:?}");
            assert_eq!(left.open_entries(), entries, "cut after {cut} of {before:?} to {after:?}");
        }
    }
    assert_eq!((world.dispute_ends(), world.open_entries().as_slice()), (ends, entries));
    world
}

#[test]
fn a_dispute_decided_for_the_same_child_shows_its_entries_again() {
    let (world, number) = disputed();
    dispute_ends((world, QueueDecision::Link(number)), OutcomeKind::Recorded, &[number]);
}

#[test]
fn a_rejected_dispute_lets_the_link_stand() {
    let (world, number) = disputed();
    dispute_ends((world, QueueDecision::Reject), OutcomeKind::Refused, &[number]);
}

#[test]
fn a_dispute_decided_for_no_child_here_takes_the_entries_along_and_frees_the_reference() {
    let (world, number) = disputed();
    let world = dispute_ends((world, QueueDecision::New), OutcomeKind::Recorded, &[]);
    let mut own = json!({"child": child("a-1", "Beatrix", "Potts")});
    own["child"]["date_of_birth"] = json!("2011-09-14");
    let anew = send(&world.directory, &authority(), "child.described", &own, "y");
    assert_eq!(anew.kind, OutcomeKind::Recorded);
    assert_ne!(anew.child_number, Some(number));
}

#[test]
fn a_dispute_decided_for_another_child_moves_the_reference_and_not_what_was_said_under_it() {
    let (world, number) = disputed();
    let school = sender(SCHOOL, OrganisationKind::School);
    let other = json!({"child": {"local_ref": "s-2", "forename": "Tomasz", "surname": "Quill",
        "date_of_birth": "2012-11-30", "gender": "male"}});
    let other = send(&world.directory, &school, "child.described", &other, "t").child_number.unwrap();
    assert_ne!(other, number);
    let world = dispute_ends((world, QueueDecision::Link(other)), OutcomeKind::Recorded, &[]);
    let started = json!({"child": {"local_ref": "a-1"}, "involvement_ref": "i-3", "service_type": "social_care",
        "team": "Assessment", "started_on": "2026-06-01",
        "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
    let anew = send(&world.directory, &authority(), "involvement.started", &started, "y");
    assert_eq!((anew.kind, anew.child_number), (OutcomeKind::Recorded, Some(other)));
    assert_eq!(world.open_entries(), [other]);
}

#[test]
fn two_references_of_two_children_make_them_one_when_a_data_manager_says_so() {
    let (world, number) = disputed();
    decide(&world, "Edna", QueueDecision::Link(number));
    let own = json!({"child": {"local_ref": "a-9", "forename": "Tomasz", "surname": "Quill",
        "date_of_birth": "2012-11-30", "gender": "male"}});
    let other = send(&world.directory, &authority(), "child.described", &own, "t");
    assert_ne!(other.child_number, Some(number));
    let merged = json!({"from": "a-9", "to": "a-1"});
    let said = send(&world.directory, &authority(), "child.local_refs_merged", &merged, "m");
    assert_eq!(said.kind, OutcomeKind::Queued);
    let manager = world.manager("Fay");
    let item = now(world.directory.queue(&manager)).unwrap().view()[0].id;
    let refused = world.directory.decide_queue(&manager, item, QueueDecision::New).map(drop).unwrap_err();
    assert!(matches!(refused, HandError::Refused { code: "merge_not_offered", .. }), "{refused:?}");
    let decided = decide(&world, "Gail", QueueDecision::Link(number));
    assert_eq!((decided.kind, decided.child_number), (OutcomeKind::Unchanged, Some(number)));
    assert_eq!(world.open_entries(), [number]);
    let end = world.directory.event_outcome(&authority(), "m").unwrap().unwrap();
    assert_eq!((end.kind, end.child_number), (OutcomeKind::Unchanged, Some(number)));
}
