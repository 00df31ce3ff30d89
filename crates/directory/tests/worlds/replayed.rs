//! A replay shows what a look showed: random stories, looked at along the way by everybody, replayed at their end.
//!
//! Declared exceptions, and no others: consent that was withdrawn since takes its entries out of the past too
//! (rules.md 3.3); a record that is shielded at the end shows of its past the least, unless the approver lifted
//! shields, and no former name to anybody (ADR-0053).

use chrono::{Duration, NaiveDate};
use directory::{
    CaseRequest, Cost, HistoryRequest, MergeAsk, NewUser, OpenRequest, Person,
    history::{History, Moment},
};
use events::{
    access::SeenBy,
    case::{Purpose, Reference},
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    policy::Policy,
};
use proptest::prelude::*;
use serde_json::Value;
use vocabulary::{AccessReason, Assurance, Channel, Label, OrganisationKind, PersonName, Position, Role};

use crate::{
    answers::now,
    base::{ABOUT, AUTHORITY, CHILDREN, CLINIC, NATIONAL, REFUGE, SCHOOL, WARD, World, id},
    hidden::Held,
    people::{Viewer, Way, decider_of},
    script,
    two_worlds::Pair,
};

/// Stories told: some 150 looks each, each replayed under two cases.
const CASES: u32 = 12;

/// One step: of the scripts of the two worlds, or what they have no word for.
#[derive(Debug, Clone)]
enum Step {
    Script(script::Step),
    /// Two records are said to be of one child, or told apart again.
    Merge(usize, usize),
    Split(usize, usize),
    /// An organisation takes another name.
    Renamed(u8),
    /// Ended entries are shown for longer or shorter.
    Visible(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let told = script::steps(1..2).prop_map(|mut steps| Step::Script(steps.remove(0)));
    let pair = (0..ABOUT, 0..ABOUT);
    let step = prop_oneof![
        20 => told,
        2 => pair.clone().prop_map(|(one, other)| Step::Merge(one, other)),
        1 => pair.prop_map(|(one, other)| Step::Split(one, other)),
        1 => any::<u8>().prop_map(Step::Renamed),
        1 => any::<u8>().prop_map(Step::Visible),
    ];
    prop::collection::vec(step, 4..16)
}

/// One who looks, with what a replay calls them.
struct Looker {
    person: Person,
    seen_by: SeenBy,
    /// A team is that of the authority that answers.
    authority: Option<&'static str>,
}

/// A look that was taken.
#[derive(Debug)]
struct Taken {
    child: usize,
    seen_by: SeenBy,
    position: Position,
    at: chrono::DateTime<chrono::Utc>,
    record: Value,
}

fn engaged(world: &World, name: &str, organisation: &str, role: Role) -> Person {
    let user = NewUser {
        username: format!("{name}.{}.{}", role.name(), organisation.replace(':', "-")).to_lowercase(),
        name: PersonName::new(name).unwrap(),
        organisation: id(organisation),
        role,
        secrets: None,
        cost: Cost::Demo,
    };
    let (account, _) = world.directory.add_user(user).unwrap();
    world.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh).unwrap()
}

fn lookers(world: &World) -> Vec<Looker> {
    let mut lookers = Vec::new();
    for organisation in [SCHOOL, WARD, CLINIC, REFUGE, AUTHORITY] {
        let person = engaged(world, "Wren", organisation, Role::Practitioner);
        lookers.push(Looker { person, seen_by: SeenBy::Organisation(id(organisation)), authority: None });
    }
    for role in [Role::Practitioner, Role::PractitionerOverride, Role::NationalPartner] {
        let person = engaged(world, "Wim", NATIONAL, role);
        lookers.push(Looker { person, seen_by: SeenBy::Role(role), authority: None });
    }
    for (name, role) in [("Tom", Role::AuthorityTeam), ("Dana", Role::DataManager)] {
        let person = Viewer { name, way: Way::Web }.person(world);
        lookers.push(Looker { person, seen_by: SeenBy::Role(role), authority: Some(AUTHORITY) });
    }
    lookers
}

fn plain(record: &impl serde::Serialize) -> Value {
    let mut record = serde_json::to_value(record).unwrap();
    record.as_object_mut().unwrap().remove("position");
    record
}

/// Everybody looks at some children of the story; whoever sees nothing is left out.
fn look(world: &World, lookers: &[Looker], children: [usize; 2], taken: &mut Vec<Taken>) {
    for looker in lookers {
        for child in children {
            let request = OpenRequest {
                number: world.numbers[child],
                reason: Some(AccessReason::NewReferral),
                search_id: None,
                on_behalf_of: None,
                case_ref: None,
                override_ground: None,
            };
            let Ok(opened) = now(world.directory.open_record(&looker.person, request)) else { continue };
            let record = plain(&opened.view().record);
            let of = record["responsible_authority"]["id"].as_str();
            if looker.authority.is_some_and(|authority| of != Some(authority)) {
                // A team of another authority looks as a practitioner does, who is asked beside it.
                continue;
            }
            let (position, at) = (opened.position(), world.directory.now());
            taken.push(Taken { child, seen_by: looker.seen_by.clone(), position, at, record });
        }
    }
}

fn case(world: &World, reference: &str, lifts_shields: bool) -> Reference {
    let investigator = Viewer { name: "Ina", way: Way::Web }.person(world);
    let approver = Viewer { name: "Carl", way: Way::Web }.person(world);
    let reference = Reference::new(reference).unwrap();
    let request = CaseRequest {
        reference: reference.clone(),
        children: world.numbers[..ABOUT].to_vec(),
        purpose: Purpose::CaseReview,
        expires_on: world.directory.now().date_naive() + Duration::days(30),
    };
    let opened = world.directory.open_case(&investigator, request).unwrap();
    world.directory.approve_case(&approver, opened.id, lifts_shields).unwrap();
    reference
}

fn replay(world: &World, case_ref: &Reference, taken: &Taken, as_of: Moment) -> Value {
    let investigator = Viewer { name: "Ina", way: Way::Web }.person(world);
    let request = HistoryRequest {
        case_ref: case_ref.clone(),
        as_of: Some(as_of),
        as_seen_by: Some(taken.seen_by.clone()),
        compare: None,
    };
    match now(world.directory.history(&investigator, world.numbers[taken.child], request))
        .unwrap()
        .into_view()
    {
        History::Record(then) => plain(&then.record),
        History::Events { .. } | History::Difference { .. } => panic!("a record is asked for"),
    }
}

/// Whether a child is shielded and whether any consent of it is withdrawn, as its own team sees it in the end.
fn ends(world: &World, child: usize) -> (bool, bool) {
    let manager = decider_of(world, child);
    let request = OpenRequest {
        number: world.numbers[child],
        reason: Some(AccessReason::NewReferral),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    let opened = now(world.directory.open_record(&manager, request)).unwrap();
    let record = plain(&opened.view().record);
    (record["shielded"] == true, record["history"]["consents_withdrawn"] != 0)
}

/// What a withdrawal takes out of the past.
fn without_sensitive(mut record: Value) -> Value {
    let fields = record.as_object_mut().unwrap();
    fields.remove("sensitive_services");
    fields.remove("history");
    if let Some(Value::Array(entries)) = fields.get_mut("involvements") {
        entries.retain(|entry| entry["class"] != "sensitive");
        if entries.is_empty() {
            // Who sees entries by right sees none; who sees their own alone sees no list.
            fields.remove("involvements");
        }
    }
    record
}

fn without_former(mut record: Value) -> Value {
    if let Some(Value::Array(names)) = record.get_mut("names") {
        names.retain(|name| name["kind"] != "former");
    }
    record
}

/// The least: nothing of where the child is, or of who works with it.
fn is_least(record: &Value) -> bool {
    let kept = ["child_number", "shielded", "names", "date_of_birth", "gender", "died_on", "carers"];
    let fields = record.as_object().unwrap();
    let carers = record["carers"].as_array().cloned().unwrap_or_default();
    let names = record["names"].as_array().cloned().unwrap_or_default();
    fields.keys().all(|field| kept.contains(&field.as_str()))
        && carers.iter().all(|carer| carer.get("contacts").is_none() && carer.get("carer_ref").is_none())
        && names.iter().all(|name| name["kind"] != "former")
}

fn played(pair: &mut Pair, steps: &[Step]) -> Vec<Taken> {
    let lookers = lookers(&pair.secret);
    let mut taken = Vec::new();
    for (turn, step) in steps.iter().enumerate() {
        match step {
            Step::Script(step) => {
                // The other world merges nothing, so that what is heard there differs.
                pair.told(step);
            }
            Step::Merge(one, other) => {
                let world = &pair.secret;
                let (stays, absorbed) = (world.numbers[*one], world.numbers[*other]);
                let ask = MergeAsk { stays, absorbed, despite: true };
                if let Ok(pending) = world.directory.merge_children(&decider_of(world, *one), ask) {
                    pending.wait().unwrap();
                }
                world.wait(Duration::minutes(1));
            }
            Step::Split(one, other) => {
                let world = &pair.secret;
                let (number, other) = (world.numbers[*one], world.numbers[*other]);
                if let Ok(pending) = world.directory.split_children(&decider_of(world, *one), number, other) {
                    pending.wait().unwrap();
                }
                world.wait(Duration::minutes(1));
            }
            Step::Renamed(which) => renamed(&pair.secret, *which),
            Step::Visible(days) => visible_for(&pair.secret, i64::from(*days)),
        }
        look(&pair.secret, &lookers, [turn % ABOUT, (turn + 1) % ABOUT], &mut taken);
        pair.secret.wait(Duration::minutes(1));
    }
    taken
}

fn renamed(world: &World, which: u8) {
    let until = NaiveDate::from_ymd_opt(2029, 12, 31).unwrap();
    let details = Details {
        name: Label::new(&format!("Renamed {which}")).unwrap(),
        kind: OrganisationKind::School,
        authority: Some(id(AUTHORITY)),
        service_types: vec![],
        contacts: vec![],
        outcodes: vec![],
    };
    let agreement = Some(Agreement { until, states_others: false, version: None });
    let row = Row { id: id(SCHOOL), details, accredited_until: Some(until), agreement };
    world.directory.import_organisation(row).unwrap();
    world.wait(Duration::minutes(1));
}

fn visible_for(world: &World, days: i64) {
    let [one, other] = ["ines.invented", "ivo.invented"].map(|name| {
        let account = world.directory.account_of_username(name).unwrap();
        world.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh).unwrap()
    });
    let settings = world.directory.policy_of(&one).unwrap().settings.clone();
    let changed = Policy { ended_visible_days: 30 + days, ..settings };
    if let Ok((proposal, _)) = world.directory.propose_policy(&one, changed) {
        world.directory.sign_policy(&other, proposal).unwrap();
    }
    world.wait(Duration::minutes(1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_shrink_iters: 6, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_shows_what_a_look_of_that_time_showed(steps in steps()) {
        let mut pair = Pair { plain: World::forked(), secret: World::forked(), held: [Held::default(); CHILDREN] };
        let looks = played(&mut pair, &steps);
        let world = &pair.secret;
        let ends: Vec<(bool, bool)> = (0..ABOUT).map(|child| ends(world, child)).collect();
        let (lifting, respecting) = (case(world, "lifts-1", true), case(world, "respects-1", false));
        for (turn, taken) in looks.iter().enumerate() {
            if turn % 200 == 199 {
                // No ceiling of an hour is to be reached.
                world.wait(Duration::minutes(61));
            }
            let (shielded, withdrawn) = ends[taken.child];
            let as_told = |record: Value| {
                let record = if withdrawn { without_sensitive(record) } else { record };
                if shielded { without_former(record) } else { record }
            };
            let expected = as_told(taken.record.clone()).to_string();
            for as_of in [Moment::Position(taken.position), Moment::Instant(taken.at)] {
                let replayed = as_told(replay(world, &lifting, taken, as_of));
                prop_assert_eq!(&expected, &replayed.to_string(), "{:?} {:?}", as_of, taken);
            }
            let replayed = replay(world, &respecting, taken, Moment::Position(taken.position));
            if shielded {
                prop_assert!(is_least(&replayed), "{:?} {}", taken, replayed);
            } else {
                prop_assert_eq!(&expected, &as_told(replayed).to_string(), "{:?}", taken);
            }
        }
    }
}
