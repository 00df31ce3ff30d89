//! A vendor's system, which speaks the contract and nothing else: it posts, is told to wait, follows the feed,
//! learns the end of each of its events and sees the ones behind them go in, in order.
//!
//! Source: contract.md section 3 (`queued`).

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    following::{Came, Following},
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, described, event, get, post},
};

/// Invented children whom the school tells of, and what the hospital writes instead of their forenames.
const KNOWN: [(&str, &str, &str, &str); 6] = [
    ("Steven", "Simon", "Marsh", "2012-02-11"),
    ("Ava", "Eva", "Lowe", "2011-07-23"),
    ("Daniel", "Dylan", "Carter", "2014-09-05"),
    ("Megan", "Maria", "Fisher", "2013-12-19"),
    ("Martin", "Marvin", "Palmer", "2010-03-30"),
    ("Joanna", "Jolene", "Barker", "2016-06-14"),
];

/// What a system keeps of an event that it sent: the reference it stands under, and the position it was given.
#[derive(Debug, Clone)]
struct Sent {
    id: String,
    reference: String,
    position: u64,
}

fn child(local_ref: &str, forename: &str, surname: &str, born: &str, postcode: &str) -> Value {
    let mut told = described(&format!("d-{local_ref}"), local_ref);
    told["data"]["child"]["forename"] = json!(forename);
    told["data"]["child"]["surname"] = json!(surname);
    told["data"]["child"]["date_of_birth"] = json!(born);
    told["data"]["child"]["gender"] = json!("not_specified");
    told["data"]["child"]["address"] = json!({"postcode": postcode});
    told
}

/// Of each child: who it is, that the hospital works with it, and that the team has changed since.
fn batch() -> Vec<Value> {
    let mut events = Vec::new();
    for (at, (_, forename, surname, born)) in KNOWN.iter().enumerate() {
        let local_ref = format!("h{at}");
        events.push(child(&local_ref, forename, surname, born, "N17 9XX"));
        let start = json!({
            "child": {"local_ref": local_ref}, "involvement_ref": format!("v{at}"), "team": "Triage",
            "service_type": "hospital_emergency", "started_on": "2026-11-01",
            "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0004"}]
        });
        events.push(event(&format!("s-h{at}"), "involvement.started", &start));
        let update = json!({"involvement_ref": format!("v{at}"), "team": "Ward 4"});
        events.push(event(&format!("u-h{at}"), "involvement.updated", &update));
    }
    events
}

/// Tells whom the school knows, then posts the hospital's batch; answers the school's numbers and what waits.
async fn posted(house: &House) -> (Vec<String>, Vec<Sent>) {
    let known: Vec<Value> = KNOWN
        .iter()
        .enumerate()
        .map(|(at, (forename, _, surname, born))| {
            child(&format!("k{at}"), forename, surname, born, "N17 6AA")
        })
        .collect();
    let told = house.told(SCHOOL, &known).await;
    let numbers = told.iter().map(|told| told["child_number"].as_str().unwrap().to_owned()).collect();
    house.settle();
    let mut waiting = Vec::new();
    for (sent, outcome) in batch().iter().zip(house.told(HOSPITAL, &batch()).await) {
        let id = sent["id"].as_str().unwrap().to_owned();
        assert_eq!((&outcome["outcome"], &outcome["id"]), (&json!("queued"), &json!(id)), "{outcome}");
        let reference = id.split_once('-').unwrap().1.to_owned();
        waiting.push(Sent { id, reference, position: outcome["position"].as_u64().unwrap() });
    }
    house.settle();
    (numbers, waiting)
}

/// The items of the queue by the surname they tell of, each read with its waterfall.
async fn queue(house: &House, manager: &str, numbers: &[String]) -> BTreeMap<String, String> {
    let page = house.answer(get("/api/v1/queue").by(manager)).await.json();
    let mut items = BTreeMap::new();
    for item in page["items"].as_array().unwrap() {
        let surname = item["child"]["surname"].as_str().unwrap();
        let at = KNOWN.iter().position(|known| known.2 == surname).unwrap();
        assert_eq!((item["behind"].as_u64(), item["overdue"].as_bool()), (Some(2), Some(false)), "{item}");
        assert_eq!(item["candidates"], json!([numbers[at]]), "{item}");
        let words = item["weighings"][0]["in_words"].as_array().unwrap();
        let says = |start: &str| words.iter().any(|line| line.as_str().unwrap().starts_with(start));
        assert!(says("surname: the same (") && says("date of birth: the same ("), "{words:?}");
        assert!(says("forename: ") && says("in all ("), "{words:?}");
        items.insert(surname.to_owned(), item["id"].as_str().unwrap().to_owned());
    }
    items
}

/// The end of an event, as the system reads it once the feed has named it.
async fn end(house: &House, token: &str, sent: &Sent) -> Value {
    house.answer(get(&format!("/api/v1/events/{}", sent.id)).by(token)).await.json()
}

fn position(came: &Came) -> u64 {
    came.data["position"].as_u64().unwrap()
}

/// Of what came, what is of one kind.
fn of_kind<'a>(came: &'a [Came], kind: &str) -> Vec<&'a Came> {
    came.iter().filter(|came| came.event == kind && came.data["kind"] == kind).collect()
}

/// Reads on until so many events have come to their end.
async fn until(feed: &mut Following, came: &mut Vec<Came>, ends: usize) {
    while of_kind(came, "event.resolved").len() < ends {
        came.push(feed.next().await);
    }
}

#[tokio::test]
async fn a_vendors_system_learns_the_end_of_each_of_its_queued_events_and_sees_those_behind_go_in() {
    let house = House::new();
    let (numbers, waiting) = posted(&house).await;
    let (vendor, other) = (house.client(HOSPITAL).await, house.client(SCHOOL).await);
    let mut strangers = Following::begin(&house, &other, None).await;
    let mut feed = Following::begin(&house, &vendor, None).await;
    assert!(feed.quiet().await, "nothing is at its end");
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let items = queue(&house, &manager, &numbers).await;
    assert_eq!(items.len(), KNOWN.len());
    let of = |at: usize| items[KNOWN[at].2].as_str();
    // Three by themselves: one linked, one new, one rejected.
    let single = [
        json!({"decision": "link", "child_number": numbers[0]}),
        json!({"decision": "new"}),
        json!({"decision": "reject"}),
    ];
    for (at, decision) in single.iter().enumerate() {
        let path = format!("/api/v1/queue/{}/decision", of(at));
        let answer = house.answer(post(&path, decision).by(&manager)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    }
    house.settle();
    // The system reads four of the nine ends and is cut off.
    let mut came = Vec::new();
    until(&mut feed, &mut came, 4).await;
    drop(feed);
    // Three more together, while nobody reads.
    let decisions = json!({"decisions": [
        {"id": of(3), "decision": "link", "child_number": numbers[3]},
        {"id": of(4), "decision": "new"},
        {"id": of(5), "decision": "reject"},
    ]});
    let many = house.answer(post("/api/v1/queue/decisions", &decisions).by(&manager)).await.json();
    let words: Vec<&str> =
        many["outcomes"].as_array().unwrap().iter().map(|told| told["outcome"].as_str().unwrap()).collect();
    assert_eq!(words, ["recorded", "recorded", "refused"]);
    house.settle();
    feed = Following::begin(&house, &vendor, Some(&came.last().unwrap().id)).await;
    until(&mut feed, &mut came, waiting.len()).await;
    assert!(feed.quiet().await, "nothing is told twice, and nothing of others");
    assert!(strangers.quiet().await, "another organisation is told nothing");
    // Each of its events once, none missed, none doubled.
    let ends = of_kind(&came, "event.resolved");
    let named: Vec<u64> = ends.iter().map(|end| position(end)).collect();
    let expected: BTreeSet<u64> = waiting.iter().map(|sent| sent.position).collect();
    assert_eq!(named.len(), expected.len());
    assert_eq!(named.iter().copied().collect::<BTreeSet<u64>>(), expected);
    assert!(came.is_sorted_by_key(|came| came.id.parse::<u64>().unwrap()), "in the order of the log");
    // Behind one reference, in the order in which they were sent.
    for at in 0..KNOWN.len() {
        let own: Vec<u64> = waiting
            .iter()
            .filter(|sent| sent.reference == format!("h{at}"))
            .map(|sent| sent.position)
            .collect();
        let told: Vec<u64> = named.iter().copied().filter(|position| own.contains(position)).collect();
        assert_eq!(told, own);
    }
    // What each came to, by the call that the feed sends one to.
    for sent in &waiting {
        let end = end(&house, &vendor, sent).await;
        let at: usize = sent.reference[1..].parse().unwrap();
        let number = end["child_number"].as_str();
        match at % 3 {
            0 => assert_eq!(
                (end["outcome"].as_str(), number),
                (Some("recorded"), Some(numbers[at].as_str())),
                "{end}"
            ),
            1 => {
                assert_eq!(end["outcome"], "recorded", "{end}");
                assert!(number.is_some_and(|number| number != numbers[at]), "{end}");
            }
            _ => {
                assert_eq!((end["outcome"].as_str(), number), (Some("refused"), None), "{end}");
                assert!(end["problem"]["code"].is_string(), "{end}");
            }
        }
        let told = ends.iter().find(|one| position(one) == sent.position).unwrap();
        assert_eq!(told.data.get("child_number"), end.get("child_number"));
    }
    // Where its word was linked to a child whom the school calls otherwise, it is told so.
    let differs = of_kind(&came, "discrepancy.raised");
    let told_of: BTreeSet<&str> =
        differs.iter().map(|one| one.data["child_number"].as_str().unwrap()).collect();
    assert_eq!(told_of, BTreeSet::from([numbers[0].as_str(), numbers[3].as_str()]));
    assert_eq!(differs.len() + ends.len(), came.len());
    // The ones behind went in: the entries of the four that were not rejected stand open.
    let entries = house.answer(get("/api/v1/caseload").by(&vendor)).await.json();
    let children: BTreeSet<&str> = entries["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["child_number"].as_str().unwrap())
        .collect();
    assert_eq!(children.len(), 4, "{entries}");
    assert!(children.contains(numbers[0].as_str()) && children.contains(numbers[3].as_str()));
    // And a later event of a reference that waited goes straight in.
    let update = json!({"involvement_ref": "v0", "team": "Ward 5"});
    let later = house.told(HOSPITAL, &[event("later", "involvement.updated", &update)]).await;
    assert_eq!(later[0]["outcome"], "recorded", "{}", later[0]);
    assert_eq!(later[0]["child_number"].as_str(), Some(numbers[0].as_str()));
}
