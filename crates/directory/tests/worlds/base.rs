//! A directory of invented children, made once, and forked for each world: equal numbers, accounts and keys.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use directory::{
    Directory, Mode, Outcome, QueueDecision, Sender, SuppliedEvent,
    ports::{Clock, ToldClock},
};
use event_log::{EventLog, Expected, MemoryLog, Payload, Proposed};
use events::{
    organisation::{Agreement, Details, Row},
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    ChildNumber, ClientId, Label, OrganisationId, OrganisationKind, Position, ShieldId, StreamKind,
};

use crate::{
    answers::now,
    people::{self, Accounts},
};

pub(crate) const AUTHORITY: &str = "gss:E09000014";
pub(crate) const OTHER: &str = "gss:E09000030";
pub(crate) const SCHOOL: &str = "urn:100000";
pub(crate) const WARD: &str = "ods:WARD";
pub(crate) const CLINIC: &str = "ods:CLINIC";
pub(crate) const NATIONAL: &str = "org:national";
/// Organisations that tell hidden facts only and have no staff among the viewers.
pub(crate) const DRUGS: &str = "ods:DRUGS";
pub(crate) const REFUGE: &str = "org:refuge";
pub(crate) const YOUTH: &str = "org:youth";
pub(crate) const HOUSING: &str = "org:housing";

pub(crate) const DEPARTMENTS: [&str; 3] = ["ods:AE1", "ods:AE2", "ods:AE3"];

const ORGANISATIONS: [(&str, OrganisationKind, Option<&str>, &[&str]); 13] = [
    (AUTHORITY, OrganisationKind::LocalAuthority, Some(AUTHORITY), &["N17"]),
    (OTHER, OrganisationKind::LocalAuthority, Some(OTHER), &["E1"]),
    (SCHOOL, OrganisationKind::School, Some(AUTHORITY), &[]),
    (WARD, OrganisationKind::Hospital, Some(OTHER), &[]),
    (CLINIC, OrganisationKind::MentalHealthService, Some(AUTHORITY), &[]),
    (NATIONAL, OrganisationKind::NationalBody, None, &[]),
    (DRUGS, OrganisationKind::SubstanceMisuseService, Some(AUTHORITY), &[]),
    (REFUGE, OrganisationKind::Refuge, Some(AUTHORITY), &[]),
    (YOUTH, OrganisationKind::YouthJustice, Some(OTHER), &[]),
    (HOUSING, OrganisationKind::Housing, Some(AUTHORITY), &[]),
    (DEPARTMENTS[0], OrganisationKind::Hospital, Some(AUTHORITY), &[]),
    (DEPARTMENTS[1], OrganisationKind::Hospital, Some(AUTHORITY), &[]),
    (DEPARTMENTS[2], OrganisationKind::Hospital, Some(OTHER), &[]),
];

/// Children with names and addresses of their own.
pub(crate) const CHILDREN: usize = 8;
/// Children whom the scripts are about: few, so that much happens to each.
pub(crate) const ABOUT: usize = 4;
/// Children who are there so that there may be too many.
const CROWD: usize = 54;

pub(crate) const FORENAMES: [&str; CHILDREN] =
    ["Ava", "Eva", "Mohammed", "Muhammad", "Sam", "Samuel", "Zoe", "Niamh"];
pub(crate) const SURNAMES: [&str; CHILDREN] =
    ["Lowe", "Low", "Khan", "Kahn", "Brown", "Browne", "O'Neill", "Lowe-Khan"];
pub(crate) const POSTCODES: [&str; 4] = ["N17 6AA", "E1 6AN", "N17 9ZZ", "E1 7QX"];
pub(crate) const STREETS: [&str; 4] = ["12 Mill Lane", "3 High Street", "7 Church Road", "88 Dock Street"];
pub(crate) const TOWNS: [&str; 4] = ["London", "Bristol", "Hull", "Leeds"];

pub(crate) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

pub(crate) fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

pub(crate) fn born(child: usize) -> NaiveDate {
    // All in one year, each on a day of its own: a year finds many, and nobody is taken for another.
    NaiveDate::from_ymd_opt(2015, 1, 1).unwrap() + Duration::days(i64::try_from(child).unwrap() * 5)
}

pub(crate) fn address(which: usize) -> Value {
    json!({"lines": [STREETS[which % 4]], "town": TOWNS[which % 4], "postcode": POSTCODES[which % 4]})
}

/// Which authority answers for a child.
pub(crate) fn authority_of(child: usize) -> &'static str {
    if child.is_multiple_of(2) { AUTHORITY } else { OTHER }
}

/// A clock that the test holds too.
struct Held(Arc<ToldClock>);

impl Clock for Held {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// What every world begins with.
struct Base {
    vault: Arc<Vault>,
    log: Arc<MemoryLog>,
    numbers: Vec<ChildNumber>,
    accounts: Accounts,
    _keys: tempfile::TempDir,
}

/// One directory with what a test must know of it.
pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) numbers: Vec<ChildNumber>,
    pub(crate) accounts: Accounts,
    /// The shields of each child, oldest first.
    pub(crate) shields: RefCell<BTreeMap<usize, Vec<ShieldId>>>,
    clock: Arc<ToldClock>,
    log: Arc<MemoryLog>,
    vault: Arc<Vault>,
    posted: Cell<u64>,
    _rows: tempfile::TempDir,
}

impl World {
    fn on(log: Arc<MemoryLog>, vault: Arc<Vault>, numbers: Vec<ChildNumber>, accounts: Accounts) -> World {
        let rows = tempfile::tempdir().unwrap();
        let clock = Arc::new(ToldClock::new(noon()));
        let shared: Arc<dyn EventLog> = Arc::clone(&log) as Arc<dyn EventLog>;
        let told = Box::new(Held(Arc::clone(&clock)));
        let directory = Directory::on(shared, Arc::clone(&vault), rows.path(), told).unwrap();
        let shields = RefCell::new(BTreeMap::new());
        let posted = Cell::new(0);
        World { directory, numbers, accounts, shields, clock, log, vault, posted, _rows: rows }
    }

    /// A world of its own that begins like every other.
    pub(crate) fn forked() -> World {
        static BASE: OnceLock<Base> = OnceLock::new();
        let base = BASE.get_or_init(begun);
        let log = Arc::new(MemoryLog::new());
        base.log
            .read_all(Position::ZERO, u32::MAX, &mut |record| {
                let Payload::Kept(sealed) = record.payload else { panic!("nothing was erased") };
                let (header, dictionary) = (record.header, record.dictionary);
                let proposed = Proposed { header, payload: sealed.to_vec(), dictionary };
                log.submit(header.stream, Expected::Any, vec![proposed]).wait().unwrap();
            })
            .unwrap();
        World::on(log, Arc::clone(&base.vault), base.numbers.clone(), base.accounts.clone())
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) fn sender(organisation: &str) -> Sender {
        let kind = ORGANISATIONS.iter().find(|(known, ..)| *known == organisation).unwrap().1;
        Sender {
            organisation: id(organisation),
            kind,
            client: ClientId(format!("client-{organisation}")),
            states_others: false,
        }
    }

    pub(crate) fn send(&self, organisation: &str, event: &str, told: &Value, mode: Mode) -> Outcome {
        let body = serde_json::to_vec(told).unwrap();
        let told: Supplied = serde_json::from_value(told.clone()).unwrap();
        let event = SuppliedEvent { id: event.to_owned(), happened_at: None, body, told };
        let sender = World::sender(organisation);
        self.directory.supply(&sender, event, mode).unwrap().wait().unwrap()
    }

    /// Sends under an id of its own; what is hidden uses other ids than the script.
    pub(crate) fn post(&self, organisation: &str, told: &Value) -> Outcome {
        self.posted.set(self.posted.get() + 1);
        self.send(organisation, &format!("{organisation}-{}", self.posted.get()), told, Mode::Record)
    }

    /// A child as an organisation speaks of it: by a reference of its own and by its number.
    pub(crate) fn child(&self, organisation: &str, child: usize) -> Value {
        json!({"local_ref": format!("{organisation}-{child}"), "child_number": self.numbers[child]})
    }

    /// Decides that what waits is a child of its own: so many of one name and year at two addresses are asked about.
    fn taken_as_new(&self, event: &str, child: usize) -> ChildNumber {
        for manager in [people::decider_of(self, child), people::decider_of(self, child + 1)] {
            for item in now(self.directory.queue(&manager)).unwrap().into_view() {
                self.directory.decide_queue(&manager, item.id, QueueDecision::New).unwrap().wait().unwrap();
            }
        }
        let outcome = self.directory.event_outcome(&World::sender(SCHOOL), event).unwrap().unwrap();
        outcome.child_number.expect("each is a child of its own")
    }

    /// The request for a shield that the newest record of a child makes, if it makes one.
    pub(crate) fn shield_asked(&self, position: Position) -> Option<ShieldId> {
        let mut asked = None;
        self.log
            .read_all(Position(position.0 - 1), 1, &mut |record| {
                let Payload::Kept(sealed) = record.payload else { return };
                assert_eq!(record.header.stream.kind, StreamKind::Child);
                let nonce = *record.header.salt.first_chunk::<12>().unwrap();
                let binds = record.header.sealing_binds();
                let (key, mut plain) = (record.header.key, Vec::new());
                self.vault.open_payload(key, nonce, &binds, record.dictionary, sealed, &mut plain).unwrap();
                let entry = events::codec::decode(StreamKind::Child, record.header.schema, &plain).unwrap();
                for fact in &entry.facts {
                    if let events::Fact::Child(events::child::Event::ShieldRequested(requested)) = fact {
                        asked = Some(requested.shield);
                    }
                }
            })
            .unwrap();
        asked
    }
}

fn begun() -> Base {
    let keys = tempfile::tempdir().unwrap();
    let vault = Arc::new(Vault::create(&keys.path().join("keys")).unwrap());
    let log = Arc::new(MemoryLog::new());
    let mut world = World::on(Arc::clone(&log), Arc::clone(&vault), Vec::new(), Accounts::new());
    for (organisation, kind, authority, outcodes) in ORGANISATIONS {
        let until = NaiveDate::from_ymd_opt(2029, 12, 31).unwrap();
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
        assert!(world.directory.import_organisation(row).unwrap());
    }
    world.accounts = people::engaged(&world.directory);
    people::ceilings_out_of_the_way(&world.directory);
    for child in 0..CHILDREN + CROWD {
        let crowd = child >= CHILDREN;
        let told = json!({"type": "child.described", "data": {"child": {
            "local_ref": format!("{SCHOOL}-{child}"),
            "forename": if crowd { "Kim" } else { FORENAMES[child] },
            "surname": if crowd { "Brown" } else { SURNAMES[child] },
            "date_of_birth": born(child).to_string(),
            "gender": if child.is_multiple_of(3) { "female" } else { "male" },
            "address": address(child % 2),
        }}});
        let outcome = world.send(SCHOOL, &format!("first-{child}"), &told, Mode::Record);
        world.numbers.push(outcome.child_number.unwrap_or_else(|| world.taken_as_new(&outcome.id, child)));
    }
    Base { vault, log, numbers: world.numbers.clone(), accounts: world.accounts.clone(), _keys: keys }
}
