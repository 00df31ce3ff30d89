//! The generated part of docs/child-v.md: the story told to a directory, and replayed as each agency would have seen
//! it on the day of each contact.
//!
//! Written anew with `BLESS=1 cargo test -p contactpoint child_v`; without it the page must be current.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use directory::{
    CaseRequest, Directory, HistoryRequest, Person,
    history::{History, Moment},
    ports::ToldClock,
};
use events::{
    access::SeenBy,
    case::{Purpose, Reference},
};
use population::child_v::{Act, Agency, Step, Story};
use serde_json::Value;
use vocabulary::{ChildNumber, Position, Role};

use super::{
    cast::{self, At, Part, STORY_DATA_MANAGER},
    england, story,
};
use crate::{clock::StoryClock, opening::open_seeded, settings};

const PAGE: &str = "docs/child-v.md";
const BEGINS: &str = "<!-- what each agency would have seen: generated from here -->\n";
const ENDS: &str = "<!-- to here -->\n";

/// The seed of the ids; nothing on the page shows one.
const SEED: u64 = 1;

/// Replays after which an hour passes, so that the investigator's ceiling is not reached.
const AN_HOUR: usize = 90;

/// The day on which the story ends here: the page counts days before it and names none.
fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// One step as it was told, and what the log held before and after it.
struct Contact<'a> {
    step: &'a Step,
    before: Position,
    after: Position,
}

struct Telling<'a> {
    directory: Directory,
    investigator: Person,
    clock: StoryClock,
    case_ref: Reference,
    number: ChildNumber,
    contacts: Vec<Contact<'a>>,
    asked: std::cell::Cell<usize>,
    _folder: tempfile::TempDir,
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(12)
}

fn employed(directory: &Directory, part: Part, organisations: &[population::Organisation]) -> Person {
    let workplace = cast::workplace(organisations, "", part.at).unwrap();
    england::employ(directory, SEED, &part, workplace).unwrap();
    england::acting(directory, part.username).unwrap()
}

impl<'a> Telling<'a> {
    fn of(story: &'a Story) -> Telling<'a> {
        let folder = tempfile::tempdir().unwrap();
        let folders = settings::folders(&folder.path().join("told"), None);
        let real = ToldClock::new(noon(story.today) + TimeDelta::days(30));
        let clock = StoryClock::new(story::begins(story), Box::new(real));
        let directory = open_seeded(&folders, Box::new(clock.clone()), SEED).unwrap();
        let mut organisations = story.organisations();
        organisations.push(cast::inspectorate(&organisations[0]));
        for organisation in &organisations {
            assert!(directory.import_organisation(england::row_of(organisation).unwrap()).unwrap());
        }
        let part = |username, name, role, at| Part { username, name, role, at: At::Id(at) };
        let manager =
            part(STORY_DATA_MANAGER, "Simon Yardley", Role::DataManager, "org:brandlemere-directory");
        employed(&directory, manager, &organisations);
        story::connect(&directory, SEED).unwrap();
        let (mut contacts, mut numbers) = (Vec::new(), Vec::new());
        for step in &story.steps {
            clock.tell(noon(step.day));
            let before = directory.head().unwrap();
            for act in &step.acts {
                numbers.extend(story::carry_out(&directory, step, act).unwrap());
            }
            contacts.push(Contact { step, before, after: directory.head().unwrap() });
        }
        numbers.dedup();
        let [number] = numbers[..] else { panic!("the story led to {} records", numbers.len()) };
        let place = cast::INSPECTORATE;
        let investigator = part("investigator", "Amos Kirkby", Role::Investigator, place);
        let investigator = employed(&directory, investigator, &organisations);
        let approver = part("approver", "Judith Thrale", Role::CaseApprover, place);
        let approver = employed(&directory, approver, &organisations);
        let case_ref = Reference::new("SCR-V-1").unwrap();
        let request = CaseRequest {
            reference: case_ref.clone(),
            children: vec![number],
            purpose: Purpose::CaseReview,
            expires_on: story.today + TimeDelta::days(60),
        };
        let opened = directory.open_case(&investigator, request).unwrap();
        directory.approve_case(&approver, opened.id, false).unwrap();
        let asked = std::cell::Cell::new(0);
        Telling { directory, investigator, clock, case_ref, number, contacts, asked, _folder: folder }
    }

    fn replay(&self, agency: Agency, as_of: Position, compare: Option<Position>) -> Value {
        self.asked.set(self.asked.get() + 1);
        let hours = i64::try_from(self.asked.get() / AN_HOUR).unwrap() + 1;
        self.clock.tell(noon(last_day()) + TimeDelta::hours(2 * hours));
        let request = HistoryRequest {
            case_ref: self.case_ref.clone(),
            as_of: Some(Moment::Position(as_of)),
            as_seen_by: Some(SeenBy::Organisation(agency.id().parse().unwrap())),
            compare: compare.map(Moment::Position),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let shown =
            runtime.block_on(self.directory.history(&self.investigator, self.number, request)).unwrap();
        match shown.into_view() {
            History::Record(then) => serde_json::to_value(then.record).unwrap(),
            History::Difference { changes, .. } => serde_json::to_value(changes).unwrap(),
            History::Events { .. } => panic!("a record or a difference is asked for"),
        }
    }

    fn days_before(day: &Value) -> i64 {
        let day: NaiveDate = day.as_str().unwrap().parse().unwrap();
        (last_day() - day).num_days()
    }

    /// The other agencies, in the order in which they began, each with the days from which to which it worked.
    fn others(agency: Agency, entries: &Value) -> Vec<String> {
        let entries = entries.as_array().cloned().unwrap_or_default();
        let mut spans: BTreeMap<String, (i64, Option<i64>)> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry["organisation"]["id"] != agency.id()) {
            let from = Telling::days_before(&entry["started_on"]);
            let to = Some(&entry["ended_on"]).filter(|ended| !ended.is_null()).map(Telling::days_before);
            let name = entry["organisation"]["name"].as_str().unwrap().to_owned();
            let span = spans.entry(name).or_insert((from, to));
            // One of them open is enough; else the last to close counts.
            *span = (span.0.max(from), span.1.zip(to).map(|(one, other)| one.min(other)));
        }
        let mut spans: Vec<_> = spans.into_iter().collect();
        spans.sort_by_key(|(_, (from, _))| -from);
        let over = |to: Option<i64>| to.map_or_else(|| "on, open".to_owned(), |to| format!("to {to}"));
        spans.into_iter().map(|(name, (from, to))| format!("{name} ({from} {})", over(to))).collect()
    }

    /// The first table: what each agency would have been shown as its contact began.
    fn seen(&self) -> (String, usize, usize) {
        let mut table =
            "| days before | agency | others, as this agency would have been shown them | gaps | \
                         patterns |\n|---|---|---|---|---|\n"
                .to_owned();
        let (mut asked, mut shown) = (0, 0);
        for (contact, agency) in self.arrivals() {
            let record = self.replay(agency, contact.before, None);
            let others = Telling::others(agency, &record["involvements"]);
            asked += 1;
            shown += usize::from(!others.is_empty());
            let listed = if record.get("child_number").is_none() {
                "no record yet".to_owned()
            } else if others.is_empty() {
                "nobody".to_owned()
            } else {
                others.join("; ")
            };
            let gaps = words(&record["gaps"], |gap| gap.as_str().unwrap().replace('_', " "));
            let patterns = words(&record["patterns"], |pattern| {
                let code = pattern["code"].as_str().unwrap().replace('_', " ");
                format!("{code}: {} in {} days", pattern["count"], pattern["days"])
            });
            let (days, name) = (contact.step.days_before, agency.name());
            writeln!(table, "| {days} | {name} | {listed} | {gaps} | {patterns} |").unwrap();
        }
        (table, asked, shown)
    }

    /// The second: what the one line that the contact before it left would have added.
    fn one_line(&self) -> String {
        let mut table =
            "| days before | agency | the contact before it | what its line adds |\n|---|---|---|---|\n"
                .to_owned();
        let mut earlier: Option<(&Contact<'_>, Agency)> = None;
        for (contact, agency) in self.arrivals() {
            if let Some((line, other)) = earlier.filter(|(_, other)| *other != agency) {
                let changes = self.replay(agency, line.after, Some(line.before));
                let adds = Telling::added(agency, &changes);
                let (days, name) = (contact.step.days_before, agency.name());
                let before = format!("{} at {}", other.name(), line.step.days_before);
                writeln!(table, "| {days} | {name} | {before} | {} |", adds.join("; ")).unwrap();
            }
            earlier = Some((contact, agency));
        }
        table
    }

    /// The entries among the changes, each with the number to ring.
    fn added(agency: Agency, changes: &Value) -> Vec<String> {
        let mut adds = Vec::new();
        for change in changes.as_array().unwrap() {
            let pointer = change["pointer"].as_str().unwrap();
            let after = &change["after"];
            let entries = if pointer == "/involvements" {
                after.as_array().cloned().unwrap_or_default()
            } else if pointer.starts_with("/involvements/") && after.is_object() {
                vec![after.clone()]
            } else {
                Vec::new()
            };
            for entry in entries.iter().filter(|entry| entry["organisation"]["id"] != agency.id()) {
                let service = entry["service_type"].as_str().unwrap().replace('_', " ");
                let ring = entry["contacts"][0]["value"].as_str().unwrap();
                let organisation = entry["organisation"]["name"].as_str().unwrap();
                adds.push(format!("{organisation}, {service}: ring {ring}"));
            }
        }
        // Two of one day stand on the record in the order of their ids, which are drawn.
        adds.sort();
        if adds.is_empty() {
            adds.push(
                "nothing: the description waits for a person, or the entry is known already".to_owned(),
            );
        }
        adds
    }

    /// The contacts at which an agency tells that it begins.
    fn arrivals(&self) -> impl Iterator<Item = (&Contact<'a>, Agency)> {
        self.contacts.iter().filter_map(|contact| {
            let begins = contact.step.acts.iter().any(|act| match act {
                Act::Post(event) => event["type"] == "uk.contactpoint.involvement.started.v1",
                Act::SameChild { .. } => false,
            });
            contact.step.agency.filter(|_| begins).map(|agency| (contact, agency))
        })
    }
}

fn words(values: &Value, word: impl Fn(&Value) -> String) -> String {
    let values = values.as_array().cloned().unwrap_or_default();
    if values.is_empty() { "-".to_owned() } else { values.iter().map(word).collect::<Vec<_>>().join(", ") }
}

fn generated() -> String {
    let story = Story::ending_on(last_day());
    let telling = Telling::of(&story);
    let (seen, asked, shown) = telling.seen();
    let one_line = telling.one_line();
    format!(
        "{BEGINS}\
         ## What each agency would have seen\n\n\
         Each line is a replay of the story: the record as it was known the moment before the contact reached the \
         directory, as staff of that agency would have been shown it by the policy of that day.\n\
         The directory is supposed to have been there and every agency to have told it of its own contact; both are \
         ours, and neither was so.\n\
         Days count back from the last day of the story; an agency's own entries are left out, and several of \
         another are one.\n\
         Of {asked} contacts, {shown} would have been shown at least one other agency to ring.\n\n{seen}\n\
         ## The difference that one shared line would have made\n\n\
         Each line compares what the agency would have been shown with and without the one contact before its own: \
         one line of a directory, and the telephone number in it.\n\
         It says what would have been shown and no more; whether anybody would have rung, and what would have come of \
         it, nobody can know.\n\n{one_line}\n{ENDS}"
    )
}

#[test]
fn what_each_agency_would_have_seen_is_generated_from_the_story() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once(BEGINS).unwrap();
    let (_, tail) = rest.split_once(ENDS).unwrap();
    let current = format!("{head}{}{tail}", generated());
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &current).unwrap();
    } else {
        assert!(page == current, "{PAGE} is stale: BLESS=1 cargo test -p contactpoint child_v");
    }
}

#[test]
fn the_second_hospital_would_have_been_shown_the_first() {
    let story = Story::ending_on(last_day());
    let telling = Telling::of(&story);
    let second = Agency::CorvenhallHospital;
    let (contact, _) = telling.arrivals().find(|(_, agency)| *agency == second).unwrap();
    let record = telling.replay(second, contact.before, None);
    let others = Telling::others(second, &record["involvements"]).join("; ");
    for other in [Agency::BrandlemereHospital, Agency::ArkenmoorCouncil, Agency::BrandlemereCouncil] {
        assert!(others.contains(other.name()), "{others}");
    }
    assert_eq!(record["gaps"], serde_json::json!(["no_education", "no_primary_care"]));
    let unshared = telling.replay(second, Position(1), None);
    assert_eq!(unshared, serde_json::json!({}), "without the lines of the others there is no record to show");
}
