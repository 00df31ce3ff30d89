//! Three invented feeds end to end: a census, a register and social care about the same children, brought in as
//! files and held against the truth of who they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use chrono::{TimeZone, Utc};
use directory::{
    Cost, Directory, Folders, NewUser, OpenRequest, OutcomeKind, Person, Sender, ports::ToldClock,
};
use events::looker::StepUp;
use population::Feed;
use serde_json::Value;
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, ClientId, OrganisationKind, PersonName, Role,
};

use crate::asked::{Answer, Place, asked_at, text_of};

const DAY: &str = "2026-11-20";
const NOON: &str = "2026-11-20T12:00:00Z";
const CHILDREN: &str = "600";

/// A directory with the organisations and the three feeds, brought in by the clock of their day.
struct World {
    place: Place,
    client: String,
}

/// What the truth says of one reference, and what the directory made of it.
struct Told {
    feed: Feed,
    child: u64,
    setting: String,
    outcome: OutcomeKind,
    number: Option<ChildNumber>,
}

/// How one feed came out.
#[derive(Default)]
struct Counted {
    described: usize,
    queued: usize,
    refused: usize,
    /// Children whom a feed before had told of, under a number already; how many of them go by one of those.
    known: usize,
    linked: usize,
    created: usize,
}

impl fmt::Display for Counted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} described, {} known before, {} of them linked, {} created, {} queued, {} refused",
            self.described, self.known, self.linked, self.created, self.queued, self.refused
        )
    }
}

impl World {
    fn begin() -> World {
        let mut world = World { place: Place::empty(), client: String::new() };
        world.generated("invented");
        world.ask(&["import", "organisations", &world.file("organisations.csv")]).ended(0);
        let added = world.ask(&["--json", "client", "add", "--organisation", &Feed::SocialCare.supplier()]);
        world.client = added.ended(0).object()["client_id"].as_str().unwrap().to_owned();
        for feed in [Feed::Census, Feed::Register] {
            let file = world.file(feed.file());
            let asked = ["--json", "import", "children", &file, "--supplier", &feed.supplier()];
            println!("{}: {}", feed.name(), world.ask(&asked).ended(0).stdout.trim());
        }
        let file = world.file(Feed::SocialCare.file());
        let asked = ["--json", "import", "events", &file, "--client", &world.client];
        println!("{}: {}", Feed::SocialCare.name(), world.ask(&asked).ended(0).stdout.trim());
        world
    }

    fn generated(&self, folder: &str) {
        let out = text_of(&self.place.path(folder));
        asked_at(
            Some(NOON),
            &["generate", "--children", CHILDREN, "--seed", "7", "--as-at", DAY, "--feeds", "--out", &out],
        )
        .ended(0);
    }

    fn file(&self, name: &str) -> String {
        text_of(&self.place.path("invented").join(name))
    }

    fn ask(&self, arguments: &[&str]) -> Answer {
        let data = text_of(&self.place.path("data"));
        asked_at(Some(NOON), &[arguments, &["--data", &data]].concat())
    }

    fn opened(&self) -> Directory {
        let folders = Folders::beside(&self.place.path("data"));
        let noon = Utc.with_ymd_and_hms(2026, 11, 20, 13, 0, 0).unwrap();
        Directory::open(&folders, Box::new(ToldClock::new(noon))).unwrap().directory
    }

    /// The truth, each line with what the directory says of its description.
    fn told(&self, directory: &Directory) -> Vec<Told> {
        let text = std::fs::read_to_string(self.file("truth.csv")).unwrap();
        text.lines()
            .skip(1)
            .map(|line| {
                let [feed, local_ref, child, setting] =
                    <[&str; 4]>::try_from(line.split(',').collect::<Vec<_>>()).unwrap();
                let feed = Feed::ALL.into_iter().find(|known| known.name() == feed).unwrap();
                let (client, id) = match feed {
                    Feed::Census | Feed::Register => {
                        (format!("file-{}", feed.supplier()), format!("described/1/{local_ref}"))
                    }
                    Feed::SocialCare => (self.client.clone(), format!("{local_ref}-1")),
                };
                let outcome = directory.event_outcome(&sender(feed, client), &id).unwrap().unwrap();
                Told {
                    feed,
                    child: child.parse().unwrap(),
                    setting: setting.to_owned(),
                    outcome: outcome.kind,
                    number: outcome.child_number,
                }
            })
            .collect()
    }
}

fn sender(feed: Feed, client: String) -> Sender {
    Sender {
        organisation: feed.supplier().parse().unwrap(),
        kind: OrganisationKind::NationalSupplier,
        client: ClientId(client),
        states_others: false,
    }
}

/// Somebody who may look at a live record anywhere.
fn practitioner(directory: &Directory) -> Person {
    let user = NewUser {
        username: "invented".to_owned(),
        name: PersonName::new("Jo Reed").unwrap(),
        organisation: Feed::SocialCare.supplier().parse().unwrap(),
        role: Role::Practitioner,
        secrets: None,
        cost: Cost::Demo,
    };
    let (account, _) = directory.add_user(user).unwrap();
    directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
}

/// The record as a practitioner reads it; for a reason that no ceiling of attempts keeps from, since it is read of many.
fn record(directory: &Directory, person: &Person, number: ChildNumber) -> Value {
    let request = OpenRequest {
        number,
        reason: Some(AccessReason::Emergency),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let opened = runtime.block_on(directory.open_record(person, request)).unwrap();
    serde_json::to_value(&opened.view().record).unwrap()
}

/// Whether a record shows what a feed told of the child.
fn shows(record: &Value, told: &Told) -> bool {
    match told.feed {
        Feed::Census => record["education"]["organisation"]["id"] == told.setting,
        Feed::Register => record["primary_care"]["organisation"]["id"] == told.setting,
        Feed::SocialCare => record["involvements"].as_array().unwrap().iter().any(|entry| {
            entry["service_type"] == "social_care"
                && entry["team"] == told.setting
                && entry["practitioner"]["job"] == "social worker"
        }),
    }
}

/// Counts each feed, in the order in which they came in.
fn counted(all: &[Told]) -> BTreeMap<Feed, Counted> {
    let mut numbers: BTreeMap<u64, BTreeSet<ChildNumber>> = BTreeMap::new();
    let mut counts: BTreeMap<Feed, Counted> = BTreeMap::new();
    for told in all {
        let count = counts.entry(told.feed).or_default();
        let before = numbers.entry(told.child).or_default();
        count.described += 1;
        count.known += usize::from(!before.is_empty());
        match told.number {
            Some(number) if before.contains(&number) => count.linked += 1,
            Some(_) => count.created += 1,
            None if told.outcome == OutcomeKind::Queued => count.queued += 1,
            None => count.refused += 1,
        }
        before.extend(told.number);
    }
    counts
}

fn percent(part: usize, whole: usize) -> usize {
    part * 100 / whole
}

#[test]
fn three_feeds_about_the_same_children_make_one_record_each_and_no_record_is_of_two() {
    let world = World::begin();
    let directory = world.opened();
    let all = world.told(&directory);
    let mut of_number: BTreeMap<ChildNumber, BTreeSet<u64>> = BTreeMap::new();
    let mut of_child: BTreeMap<u64, BTreeSet<ChildNumber>> = BTreeMap::new();
    for told in &all {
        if let Some(number) = told.number {
            of_number.entry(number).or_default().insert(told.child);
            of_child.entry(told.child).or_default().insert(number);
        }
    }
    let wrong: usize = of_number.values().map(|of| of.len() * (of.len() - 1) / 2).sum();
    let doubled = of_child.values().filter(|numbers| numbers.len() > 1).count();
    let counts = counted(&all);
    for (feed, count) in &counts {
        println!("{}: {count}", feed.name());
    }
    println!(
        "{} records of {} children, {doubled} doubled, {wrong} pairs wrongly made one",
        of_number.len(),
        of_child.len()
    );
    assert_eq!(wrong, 0, "no two children are made one");
    assert!(doubled * 100 <= of_child.len() * 2, "{doubled} children are told of twice");
    let person = practitioner(&directory);
    let schools: BTreeSet<&str> =
        all.iter().filter(|told| told.feed == Feed::Census).map(|told| told.setting.as_str()).collect();
    assert!(schools.len() >= 8, "one supplier speaks for {} schools", schools.len());
    for feed in Feed::ALL {
        let linked = all.iter().filter(|told| told.feed == feed && told.number.is_some());
        for told in linked.take(60) {
            let record = record(&directory, &person, told.number.unwrap());
            assert!(
                shows(&record, told),
                "{}: child {} lacks {}: {record}",
                feed.name(),
                told.child,
                told.setting
            );
        }
    }
    let register = &counts[&Feed::Register];
    let social_care = &counts[&Feed::SocialCare];
    assert!(percent(register.linked, register.known) >= 90, "register: {register}");
    assert!(percent(social_care.linked, social_care.known) >= 70, "social care: {social_care}");
    assert!(counts.values().all(|count| count.refused == 0));
}

#[test]
fn the_same_seed_makes_the_same_feeds() {
    let world = World { place: Place::empty(), client: String::new() };
    world.generated("invented");
    world.generated("again");
    let again = |name: &str| std::fs::read(world.place.path("again").join(name)).unwrap();
    for name in Feed::ALL.map(Feed::file).into_iter().chain(["truth.csv"]) {
        let bytes = std::fs::read(Path::new(&world.file(name))).unwrap();
        assert!(bytes.len() > 4_000 && bytes == again(name), "{name}");
    }
}
