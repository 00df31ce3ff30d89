//! Two authorities with their teams, and a school, a clinic and a refuge of the first, all invented.

use std::{cell::Cell, path::Path, sync::Arc};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, HandError, LookError, Mode, NewUser, OpenRequest, Outcome, OutcomeKind, Person, Sender,
    SuppliedEvent,
    ports::{Clock, ToldClock},
};
use event_log::{EventLog, MemoryLog, Options, Segments};
use events::{
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, ClientId, Label, OrganisationId, OrganisationKind,
    PersonName, Role,
};

pub(crate) const HERE: &str = "gss:E09000014";
pub(crate) const THERE: &str = "gss:E08000003";
pub(crate) const SCHOOL: &str = "urn:100000";
pub(crate) const CLINIC: &str = "ods:CLINIC";
pub(crate) const REFUGE: &str = "org:refuge";
pub(crate) const NATIONAL: &str = "org:national";

/// A refuge that belongs to no single authority.
pub(crate) const AID: &str = "org:aid";

const ORGANISATIONS: [(&str, OrganisationKind, Option<&str>, &[&str]); 7] = [
    (HERE, OrganisationKind::LocalAuthority, Some(HERE), &["N17"]),
    (THERE, OrganisationKind::LocalAuthority, Some(THERE), &["M1"]),
    (SCHOOL, OrganisationKind::School, Some(HERE), &[]),
    (CLINIC, OrganisationKind::MentalHealthService, Some(HERE), &[]),
    (REFUGE, OrganisationKind::Refuge, Some(HERE), &[]),
    (NATIONAL, OrganisationKind::NationalBody, None, &[]),
    (AID, OrganisationKind::Refuge, None, &[]),
];

/// The clock of a world, moved by its test.
struct Shared(Arc<ToldClock>);

impl Clock for Shared {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

pub(crate) struct World {
    pub(crate) directory: Directory,
    clock: Arc<ToldClock>,
    told: Cell<u64>,
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) vault: Arc<Vault>,
    folder: tempfile::TempDir,
    /// The index is kept.
    keeps: bool,
}

fn opened(
    log: &Arc<dyn EventLog>,
    vault: &Arc<Vault>,
    (folder, keeps): (&Path, bool),
    clock: &Arc<ToldClock>,
) -> Directory {
    let (log, vault, clock) = (Arc::clone(log), Arc::clone(vault), Box::new(Shared(Arc::clone(clock))));
    let rows = folder.join("rows");
    if keeps {
        return Directory::on_keeping(log, vault, &rows, &folder.join("index"), clock).unwrap();
    }
    Directory::on(log, vault, &rows, clock).unwrap()
}

pub(crate) fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

impl World {
    pub(crate) fn new() -> World {
        World::on(tempfile::tempdir().unwrap(), Arc::new(MemoryLog::new()), false)
    }

    /// The same with its log and its index in files.
    pub(crate) fn in_files() -> World {
        let folder = tempfile::tempdir().unwrap();
        let (log, _) =
            Segments::open(folder.path().join("log"), Options { segment_bytes: 16 << 10 }).unwrap();
        World::on(folder, Arc::new(log), true)
    }

    fn on(folder: tempfile::TempDir, log: Arc<dyn EventLog>, keeps: bool) -> World {
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let clock = Arc::new(ToldClock::new(Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()));
        let directory = opened(&log, &vault, (folder.path(), keeps), &clock);
        let world = World { directory, clock, told: Cell::new(0), log, vault, folder, keeps };
        for (organisation, kind, authority, outcodes) in ORGANISATIONS {
            world.register(organisation, kind, authority, outcodes);
        }
        world
    }

    /// Registers an organisation that may look and send.
    pub(crate) fn register(
        &self,
        organisation: &str,
        kind: OrganisationKind,
        authority: Option<&str>,
        outcodes: &[&str],
    ) {
        let until = NaiveDate::from_ymd_opt(2048, 12, 31).unwrap();
        let details = Details {
            name: Label::new(&format!("Invented {}", kind.name().replace('_', " "))).unwrap(),
            kind,
            authority: authority.map(id),
            service_types: vec![],
            contacts: vec![],
            outcodes: outcodes.iter().map(|outcode| (*outcode).to_owned()).collect(),
        };
        let agreement = Some(Agreement { until, states_others: false, version: None });
        let row = Row { id: id(organisation), details, accredited_until: Some(until), agreement };
        assert!(self.directory.import_organisation(row).unwrap());
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The same log, keys and rows, opened by another process.
    pub(crate) fn reopened(self) -> World {
        let World { directory: before, clock, told, log, vault, folder, keeps } = self;
        drop(before);
        let directory = opened(&log, &vault, (folder.path(), keeps), &clock);
        World { directory, clock, told, log, vault, folder, keeps }
    }

    /// As [`World::reopened`], on a machine whose clock says something else.
    pub(crate) fn reopened_at(self, instant: DateTime<Utc>) -> World {
        World { clock: Arc::new(ToldClock::new(instant)), ..self }.reopened()
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Lets the read models catch up.
    pub(crate) fn settle(&self) {
        while !self.directory.tick(1_000).unwrap().at_head {}
    }

    pub(crate) fn post(&self, organisation: &str, kind: &str, data: &Value) -> Outcome {
        self.told.set(self.told.get() + 1);
        let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data})).unwrap();
        let sender = World::sender(organisation);
        let event = SuppliedEvent {
            id: format!("event-{}", self.told.get()),
            happened_at: None,
            body: format!("{kind} {data}").into_bytes(),
            told,
        };
        self.directory.supply(&sender, event, Mode::Record).unwrap().wait().unwrap()
    }

    fn sender(organisation: &str) -> Sender {
        let (_, kind, ..) = ORGANISATIONS.into_iter().find(|(known, ..)| *known == organisation).unwrap();
        let client = ClientId(format!("client-{organisation}"));
        Sender { organisation: id(organisation), kind, client, states_others: false }
    }

    /// The present outcome of an event that was sent.
    pub(crate) fn outcome_of(&self, organisation: &str, event: &str) -> Outcome {
        self.directory.event_outcome(&World::sender(organisation), event).unwrap().unwrap()
    }

    /// A child whom a supplier describes.
    pub(crate) fn child(&self, organisation: &str, child: &Value) -> ChildNumber {
        let outcome = self.post(organisation, "child.described", &json!({"child": child}));
        assert_eq!(outcome.kind, OutcomeKind::Recorded, "{outcome:?}");
        outcome.child_number.unwrap()
    }

    /// A person of this role, signed in.
    pub(crate) fn user(&self, role: Role, organisation: &str) -> Person {
        self.told.set(self.told.get() + 1);
        let user = NewUser {
            username: format!("{}.{}", role.name(), self.told.get()),
            name: PersonName::new("Noor").unwrap(),
            organisation: id(organisation),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh).unwrap()
    }

    /// The record that this person sees under a number.
    pub(crate) fn record(&self, person: &Person, number: ChildNumber) -> Value {
        let request = OpenRequest {
            number,
            reason: Some(AccessReason::NewReferral),
            search_id: None,
            on_behalf_of: None,
            case_ref: None,
            override_ground: None,
        };
        let opened = now(self.directory.open_record(person, request)).unwrap().into_view();
        serde_json::to_value(&opened.record).unwrap()
    }

    /// The consent and the entry of the clinic with a child that it knows by this reference.
    pub(crate) fn sensitive(&self, child: &Value) {
        let consent = json!({"child": child, "episode_ref": "ep-1", "decision": "given", "given_by": "child",
            "competence": "assessed_competent", "method": "face_to_face", "notice_version": "v1",
            "decided_on": "2026-11-20"});
        assert_eq!(self.post(CLINIC, "consent.recorded", &consent).kind, OutcomeKind::Recorded);
        let mut entry = involvement(child, "i-c", "mental_health");
        entry["episode_ref"] = json!("ep-1");
        assert_eq!(self.post(CLINIC, "involvement.started", &entry).kind, OutcomeKind::Recorded);
    }
}

pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// The code of a refusal; `unknown` where nothing is told.
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, HandError>) -> String {
    match answer.unwrap_err() {
        HandError::Unknown => "unknown".to_owned(),
        HandError::Refused { code, .. } => code.to_owned(),
        HandError::Supply(error) => panic!("the machine failed: {error}"),
    }
}

/// As [`refused`], of a look.
pub(crate) fn not_shown<T: std::fmt::Debug>(answer: Result<T, LookError>) -> String {
    match answer.unwrap_err() {
        LookError::Unknown => "unknown".to_owned(),
        LookError::Refused { code, .. } => code.to_owned(),
        error @ (LookError::Load(_) | LookError::File(_) | LookError::Rows(_) | LookError::Log(_)) => {
            panic!("the machine failed: {error}")
        }
    }
}

pub(crate) fn ava(reference: &str) -> Value {
    json!({"local_ref": reference, "forename": "Ava", "surname": "Lowe", "date_of_birth": "2013-04-02",
           "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}

pub(crate) fn zebedee(reference: &str) -> Value {
    json!({"local_ref": reference, "forename": "Zebedee", "surname": "Quillfeather",
           "date_of_birth": "2012-01-09", "gender": "male",
           "address": {"lines": ["3 Dock Street"], "town": "Manchester", "postcode": "M1 1AE"}})
}

pub(crate) fn involvement(child: &Value, reference: &str, service: &str) -> Value {
    json!({"child": child, "involvement_ref": reference, "service_type": service, "team": "Duty",
           "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}],
           "started_on": "2026-10-01"})
}
