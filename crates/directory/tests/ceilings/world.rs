//! A directory of invented children on a disk in memory, with people who sign in.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, LookError, Mode, NewUser, OpenRequest, OutcomeKind, Pending, Person, SearchRequest,
    Sender, ShownOnce, SignInError, SuppliedEvent,
    ports::{Clock, ToldClock},
};
use event_log::{EventLog, Payload, Segments, disk::MemoryDisk, segments::Options};
use events::{
    Fact, account,
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    search::Criteria,
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, AccountId, Assurance, Channel, ChildNumber, ClientId, Label, OrganisationId,
    OrganisationKind, PersonName, Position, Role,
};

pub(crate) const AUTHORITY: &str = "gss:E09000014";
const PASSWORD: &str = "an invented password";
const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

pub(crate) const FORENAMES: [&str; 16] = [
    "Ava", "Olivia", "Amelia", "Isla", "Noah", "Oliver", "George", "Arthur", "Muhammad", "Leo", "Freya",
    "Zara", "Idris", "Tomasz", "Priya", "Kofi",
];
pub(crate) const SURNAMES: [&str; 16] = [
    "Lowe",
    "Smith",
    "Jones",
    "Patel",
    "Khan",
    "Brown",
    "Okonkwo",
    "Marchetti",
    "Nowak",
    "Begum",
    "Taylor",
    "Wright",
    "Hughes",
    "Osei",
    "Fletcher",
    "Quill",
];
pub(crate) const YEARS: std::ops::Range<i32> = 2009..2026;

/// How many children there are.
pub(crate) const CHILDREN: usize = FORENAMES.len() * SURNAMES.len();

pub(crate) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

/// A clock that outlives the directory.
struct Held(Arc<ToldClock>);

impl Clock for Held {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) numbers: Vec<ChildNumber>,
    log: Arc<dyn EventLog>,
    vault: Arc<Vault>,
    clock: Arc<ToldClock>,
    folder: tempfile::TempDir,
}

impl World {
    /// One authority with its children, each of a name of their own.
    pub(crate) fn new() -> World {
        World::on(Arc::new(Segments::open_on(Arc::new(MemoryDisk::new()), Options::default()).unwrap().0))
    }

    /// The same on any log.
    pub(crate) fn on(log: Arc<dyn EventLog>) -> World {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let clock = Arc::new(ToldClock::new(noon()));
        let directory = opened(&log, &vault, &clock, &folder);
        let mut world = World { directory, numbers: Vec::new(), log, vault, clock, folder };
        let until = NaiveDate::from_ymd_opt(2029, 12, 31).unwrap();
        let details = Details {
            name: Label::new("Invented authority").unwrap(),
            kind: OrganisationKind::LocalAuthority,
            authority: Some(id(AUTHORITY)),
            service_types: vec![],
            contacts: vec![],
            outcodes: vec!["N17".to_owned()],
        };
        let agreement = Some(Agreement { until, states_others: false, version: None });
        let row = Row { id: id(AUTHORITY), details, accredited_until: Some(until), agreement };
        assert!(world.directory.import_organisation(row).unwrap());
        world.describe();
        world
    }

    fn send(&self, number: usize, event: &str, told: &Value) -> Pending {
        let sender = Sender {
            organisation: id(AUTHORITY),
            kind: OrganisationKind::LocalAuthority,
            client: ClientId("client-invented".to_owned()),
            states_others: false,
        };
        let body = told.to_string().into_bytes();
        let told: Supplied = serde_json::from_value(told.clone()).unwrap();
        let event = SuppliedEvent { id: format!("{event}-{number}"), happened_at: None, body, told };
        self.directory.supply(&sender, event, Mode::Record).unwrap()
    }

    /// A child is dead for more than two years: beyond what any archive shows.
    pub(crate) fn conceal(&self, number: usize) {
        let died = json!({"child": {"local_ref": format!("c-{number}")}, "on": "2024-10-02"});
        let outcome = self.send(number, "died", &json!({"type": "child.died", "data": died})).wait().unwrap();
        assert_eq!(outcome.kind, OutcomeKind::Recorded, "{outcome:?}");
    }

    fn describe(&mut self) {
        let pending: Vec<_> = (0..CHILDREN)
            .map(|number| {
                // Whoever shares a name with another shares nothing else, so that nobody is taken for another.
                let forename = FORENAMES[number % FORENAMES.len()];
                let surname = SURNAMES[(number + number / FORENAMES.len()) % SURNAMES.len()];
                let unit = |place: usize| char::from(b"ABDEFGHJLNPQRSTU"[place % 16]);
                let postcode = format!("N17 {}{}{}", number % 9 + 1, unit(number), unit(number / 16));
                let born = NaiveDate::from_ymd_opt(YEARS.start, 1, 3).unwrap()
                    + Duration::days(i64::try_from(number).unwrap() * 23);
                let child = json!({"local_ref": format!("c-{number}"), "forename": forename,
                    "surname": surname, "date_of_birth": born, "gender": "not_specified",
                    "address": {"lines": [format!("{} {surname} Lane", number + 1)], "postcode": postcode}});
                let told = json!({"type": "child.described", "data": {"child": child}});
                self.send(number, "described", &told)
            })
            .collect();
        for sent in pending {
            let outcome = sent.wait().unwrap();
            assert_eq!(outcome.kind, OutcomeKind::Recorded, "{outcome:?}");
            self.numbers.push(outcome.child_number.unwrap());
        }
        assert_eq!(self.numbers.iter().collect::<BTreeSet<_>>().len(), CHILDREN);
    }

    /// Another process on the same log, keys and time.
    pub(crate) fn reopened(self) -> World {
        let World { directory: before, numbers, log, vault, clock, folder } = self;
        drop(before);
        clock.advance(Duration::minutes(1));
        let directory = opened(&log, &vault, &clock, &folder);
        World { directory, numbers, log, vault, clock, folder }
    }

    /// A number that no child has.
    pub(crate) fn nobodys(&self) -> ChildNumber {
        let draws = 0..=u64::try_from(CHILDREN).unwrap();
        draws.map(ChildNumber::from_draw).find(|number| !self.numbers.contains(number)).unwrap()
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) fn employ(&self, username: &str, role: Role) -> AccountId {
        let secrets = Some(ShownOnce {
            password: PASSWORD.to_owned(),
            totp_secret: SEED.to_owned(),
            pin: "4821".to_owned(),
        });
        let name = PersonName::new("Noor Reed").unwrap();
        let (username, organisation) = (username.to_owned(), id(AUTHORITY));
        let user = NewUser { username, name, organisation, role, secrets, cost: Cost::Demo };
        self.directory.add_user(user).unwrap().0
    }

    /// Signs in with password and code; a code is taken once, so time passes first.
    pub(crate) fn sign_in(&self, username: &str) -> Result<(), SignInError> {
        self.wait(Duration::seconds(60));
        let seed = totp_rs::Secret::try_from_base32(SEED).unwrap();
        let totp = totp_rs::Builder::new().with_secret(seed).build().unwrap();
        let code = totp.generate(u64::try_from(self.clock.now().timestamp()).unwrap()).to_string();
        self.directory.sign_in(username, PASSWORD, &code, None).map(|_| ())
    }

    /// The person as a request finds them: anew each time.
    pub(crate) fn person(&self, account: AccountId) -> Person {
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }

    /// As [`World::person`], vouched for by a case management system.
    pub(crate) fn vouched_for(&self, account: AccountId) -> Person {
        let client = Some(ClientId("client-invented".to_owned()));
        self.directory
            .person(account, Channel::Cms, Assurance::AssertedByCms, client, StepUp::Absent)
            .unwrap()
    }

    /// Tries to open a record; what was answered instead.
    pub(crate) fn open(&self, person: &Person, number: ChildNumber, reason: AccessReason) -> Answer {
        let request = OpenRequest {
            number,
            reason: Some(reason),
            search_id: None,
            on_behalf_of: None,
            case_ref: None,
            override_ground: None,
        };
        Answer::of(now(self.directory.open_record(person, request)).map(|_| vec![number]))
    }

    /// Tries one page of a search; the children on it.
    pub(crate) fn search(
        &self,
        person: &Person,
        criteria: Criteria,
        page: u32,
        reason: AccessReason,
    ) -> Answer {
        let reason = Some(reason);
        let request = SearchRequest { criteria, reason, page, on_behalf_of: None, case_ref: None };
        Answer::of(
            now(self.directory.search(person, request))
                .map(|found| found.view().results.iter().map(|hit| hit.child_number).collect()),
        )
    }

    /// Every durable fact that is wanted.
    pub(crate) fn durable(&self, wanted: impl Fn(&Fact) -> bool) -> Vec<Fact> {
        let mut found = Vec::new();
        self.log
            .read_all(Position::ZERO, u32::MAX, &mut |record| {
                let Payload::Kept(sealed) = record.payload else { panic!("nothing was erased") };
                let (header, mut plain) = (record.header, Vec::new());
                let (nonce, binds) = (*header.salt.first_chunk::<12>().unwrap(), header.sealing_binds());
                self.vault
                    .open_payload(header.key, nonce, &binds, record.dictionary, sealed, &mut plain)
                    .unwrap();
                let entry = events::codec::decode(header.stream.kind, header.schema, &plain).unwrap();
                found.extend(entry.facts.into_iter().filter(|fact| wanted(fact)));
            })
            .unwrap();
        found
    }

    /// The alarms that are durable.
    pub(crate) fn alarms(&self) -> Vec<events::ceiling::Reached> {
        let facts = self.durable(|fact| matches!(fact, Fact::Account(_))).into_iter();
        let alarm = |fact| {
            if let Fact::Account(account::Event::CeilingReached(reached)) = fact {
                Some(reached)
            } else {
                None
            }
        };
        facts.filter_map(alarm).collect()
    }
}

fn opened(
    log: &Arc<dyn EventLog>,
    vault: &Arc<Vault>,
    clock: &Arc<ToldClock>,
    folder: &tempfile::TempDir,
) -> Directory {
    let log = Arc::clone(log);
    let held = Box::new(Held(Arc::clone(clock)));
    Directory::on(log, Arc::clone(vault), &folder.path().join("rows"), held).unwrap()
}

/// What an attempt was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// These children were shown; none is nobody found.
    Shown(Vec<ChildNumber>),
    /// No such child, or concealed.
    Unknown,
    /// A rule said no.
    Refused(&'static str),
}

impl Answer {
    fn of(answer: Result<Vec<ChildNumber>, LookError>) -> Answer {
        match answer {
            Ok(shown) => Answer::Shown(shown),
            Err(LookError::Unknown) => Answer::Unknown,
            Err(LookError::Refused { code, .. }) => Answer::Refused(code),
            Err(
                error @ (LookError::Load(_) | LookError::File(_) | LookError::Rows(_) | LookError::Log(_)),
            ) => {
                panic!("the machine failed: {error}")
            }
        }
    }

    pub(crate) fn is_ceiling(&self) -> bool {
        matches!(self, Answer::Refused("ceiling_reached" | "ceiling_reached_again"))
    }

    pub(crate) fn shown(&self) -> usize {
        if let Answer::Shown(children) = self { children.len() } else { 0 }
    }
}

/// Runs a future to its end on this thread, parked while the log writes.
fn now<T>(future: impl Future<Output = T>) -> T {
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
