//! A directory of invented organisations on any log, to be opened again on the same log, keys and clock.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, Mode, NewUser, Outcome, Pending, Person, Sender, SuppliedEvent, SupplyError,
    ports::{Clock, ToldClock},
};
use event_log::EventLog;
use events::{
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    supplied::Supplied,
};
use serde_json::Value;
use vault::Vault;
use vocabulary::{
    AccountId, Assurance, Channel, ClientId, Label, OrganisationId, OrganisationKind, PersonName, Role,
};

pub(crate) const AUTHORITY: &str = "gss:E09000014";
pub(crate) const SCHOOL: &str = "urn:100000";
pub(crate) const CLINIC: &str = "ods:CLINIC";
pub(crate) const REFUGE: &str = "org:refuge";

pub(crate) const ORGANISATIONS: [(&str, OrganisationKind); 4] = [
    (AUTHORITY, OrganisationKind::LocalAuthority),
    (SCHOOL, OrganisationKind::School),
    (CLINIC, OrganisationKind::MentalHealthService),
    (REFUGE, OrganisationKind::Refuge),
];

/// Who looks and decides: the data manager first.
const STAFF: [(&str, &str, Role); 3] = [
    ("Dana", AUTHORITY, Role::DataManager),
    ("Noor", SCHOOL, Role::Practitioner),
    ("Quin", CLINIC, Role::PractitionerOverride),
];

/// How many look.
pub(crate) const STAFF_COUNT: usize = STAFF.len();

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

pub(crate) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

/// A clock that outlives the directory.
struct Held(Arc<ToldClock>);

impl Clock for Held {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// What outlives a process: log, keys and time.
pub(crate) struct Ground {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) vault: Arc<Vault>,
    clock: Arc<ToldClock>,
}

/// One process of the directory.
pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) ground: Ground,
    rows: tempfile::TempDir,
}

/// New keys, in a folder that lives as long as what is answered with them.
pub(crate) fn new_vault() -> (tempfile::TempDir, Arc<Vault>) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
    (folder, vault)
}

impl World {
    pub(crate) fn on(log: Arc<dyn EventLog>, vault: Arc<Vault>) -> World {
        let clock = Arc::new(ToldClock::new(noon()));
        World::open(Ground { log, vault, clock }, tempfile::tempdir().unwrap())
    }

    /// As [`World::on`]; nothing where the log cannot be read.
    pub(crate) fn tried(log: Arc<dyn EventLog>, vault: Arc<Vault>) -> Option<World> {
        let clock = Arc::new(ToldClock::new(noon()));
        let rows = tempfile::tempdir().unwrap();
        let held = Box::new(Held(Arc::clone(&clock)));
        let directory = Directory::on(Arc::clone(&log), Arc::clone(&vault), rows.path(), held).ok()?;
        Some(World { directory, ground: Ground { log, vault, clock }, rows })
    }

    fn open(ground: Ground, rows: tempfile::TempDir) -> World {
        let clock = Box::new(Held(Arc::clone(&ground.clock)));
        let log = Arc::clone(&ground.log);
        let directory = Directory::on(log, Arc::clone(&ground.vault), rows.path(), clock).unwrap();
        World { directory, ground, rows }
    }

    /// Another process on the same log, with the rows that the last one left or with none.
    pub(crate) fn reopened(self, fresh_rows: bool) -> World {
        let World { directory, ground, rows } = self;
        drop(directory);
        World::open(ground, if fresh_rows { tempfile::tempdir().unwrap() } else { rows })
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.ground.clock.advance(time);
    }

    /// Registers the organisations and engages the staff; each call is durable, or an error.
    pub(crate) fn furnish(&self) -> Result<(), directory::AdminError> {
        for (organisation, kind) in ORGANISATIONS {
            let until = NaiveDate::from_ymd_opt(2029, 12, 31).unwrap();
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
            self.directory.import_organisation(row)?;
        }
        for (name, organisation, role) in STAFF {
            let user = NewUser {
                username: username(name),
                name: PersonName::new(name).unwrap(),
                organisation: id(organisation),
                role,
                secrets: None,
                cost: Cost::Demo,
            };
            self.directory.add_user(user)?;
        }
        Ok(())
    }

    /// One of the staff, by number; 0 is the data manager.
    pub(crate) fn person(&self, which: usize) -> Person {
        let account: AccountId = self.directory.account_of_username(&username(STAFF[which].0)).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh).unwrap()
    }

    pub(crate) fn sender(organisation: &str) -> Sender {
        let kind = ORGANISATIONS.iter().find(|(known, _)| *known == organisation).unwrap().1;
        Sender {
            organisation: id(organisation),
            kind,
            client: ClientId(format!("client-{organisation}")),
            states_others: false,
        }
    }

    /// Sends an event; the answer may still wait for the disk.
    pub(crate) fn supply(
        &self,
        organisation: &str,
        event: &str,
        told: &Value,
        mode: Mode,
    ) -> Result<Pending, SupplyError> {
        let body = serde_json::to_vec(told).unwrap();
        let told: Supplied = serde_json::from_value(told.clone()).unwrap();
        let event = SuppliedEvent { id: event.to_owned(), happened_at: None, body, told };
        self.directory.supply(&World::sender(organisation), event, mode)
    }

    pub(crate) fn send(&self, organisation: &str, event: &str, told: &Value) -> Outcome {
        self.supply(organisation, event, told, Mode::Record).unwrap().wait().unwrap()
    }
}

fn username(name: &str) -> String {
    format!("{}.invented", name.to_lowercase())
}

/// Runs a future to its end on this thread, parked while the log writes.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::task::Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = std::task::Context::from_waker(&waker);
    let mut pinned = std::pin::pin!(future);
    loop {
        match pinned.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}
