//! Every call by every role, of a directory whose log refuses, fails late or cannot be read: none fails open.

use std::sync::Arc;

use serde_json::Map;

use super::*;
use crate::{
    gate::{Gate, Way},
    house::{AUTHORITY, PIN, get, post},
};

/// Calls that are answered without a fact of their own, and why that opens nothing.
const NO_TRACE: [(&str, &str); 32] = [
    ("isAlive", "says that it runs"),
    ("isReady", "says how far the rows have come"),
    ("getVersion", "says of which build it is"),
    ("getOpenApi", "is the document"),
    ("getProblem", "says what a code means"),
    ("getCheckpoint", "is for anyone: hashes of leaves"),
    ("getTile", "is for anyone: hashes of leaves"),
    ("getToken", "lets a machine ask; what it asks is judged by itself"),
    ("askPasskeySignIn", "is a challenge, drawn at random"),
    ("askPasskeyStepUp", "is a challenge, drawn at random"),
    ("askForPasskey", "is a challenge, drawn at random"),
    ("endSession", "takes a session away"),
    ("listPasskeys", "lists one's own passkeys"),
    ("listIdentities", "lists who one is at providers"),
    ("listDeclarations", "lists what one declared oneself"),
    ("listOwnAccesses", "lists one's own looks, without names: no look again (I-27)"),
    (
        "listBrokering",
        "lists one's own requests; a desk's is a list that leaves its fact, and is asked for below",
    ),
    (
        "listCaseload",
        "a machine's own entries by number; a person's list leaves its fact, and is asked for below",
    ),
    ("getEventOutcome", "a machine's own event and what became of it"),
    ("listPurges", "says how many records a list has, and never whose"),
    ("getCounters", "is for anybody, and says nothing of children"),
    ("listOrganisations", "is about organisations"),
    ("getOrganisation", "is about an organisation"),
    ("getClient", "is about a client"),
    ("listUsers", "is about staff, for those who keep them"),
    ("getUser", "is about staff, for those who keep them"),
    ("listExpiries", "is about staff and organisations, for those who keep them"),
    ("listNotices", "says by a reference, and of nobody, that something waits or came of it"),
    ("getPolicy", "is the policy"),
    ("listReasons", "is the policy about one's own role"),
    ("getOperations", "says how far the rows have come"),
    ("listHeaders", "says of each record its place, kind, time and size, and never whom it is about"),
];

/// Calls that succeed for nobody here, so that there is nothing to be seen closing: what they need waits nowhere in
/// this house. They are asked all the same, and end in the same acts as the others.
const NOTHING_WAITS: [&str; 50] = [
    "nameLead",
    "relinquishLead",
    "recordContact",
    "recordWithholding",
    "acknowledgeNotification",
    "askProviderSignIn",
    "signInByProvider",
    "askForIdentity",
    "linkIdentity",
    "removeIdentity",
    "removeUserIdentity",
    "removeUserPasskey",
    "answerBrokering",
    "checkCarer",
    "checkThreat",
    "extendRightsRequest",
    "stepRightsRequest",
    "answerRightsRequest",
    "markDisagreement",
    "getSubjectPack",
    "giveNotice",
    "liftHold",
    "extendArchiveAge",
    "withdrawArchiveAge",
    "approvePurge",
    "cancelPurge",
    "createChild",
    "mergeChildren",
    "splitChildren",
    "retireClientCertificate",
    "retireClientKey",
    "retireClientSecret",
    "recordConsent",
    "enrol",
    "accreditOrganisation",
    "withdrawCondition",
    "reinstateOrganisation",
    "registerPasskey",
    "removePasskey",
    "signPolicy",
    "decideQueueMany",
    "decideQueue",
    "signInByPasskey",
    "reviewShield",
    "proposeTransfer",
    "decideTransfer",
    "activateUser",
    "reviewLook",
    "approveCase",
    "getTile",
];

/// What a problem holds; its detail says no more than its title where a machine failed.
const OF_A_PROBLEM: [&str; 5] = ["type", "title", "status", "detail", "code"];

/// A house on a gate with everything that is asked about in it, everybody signed in, and rows that lie behind.
async fn furnished() -> (Arc<Gate>, House, World, Vec<Caller>) {
    let gate = Arc::new(Gate::new());
    let house = House::on(Arc::clone(&gate) as Arc<dyn event_log::EventLog>);
    house.someone("caller", Role::Practitioner, SCHOOL);
    let mut world = world(&house, SCHOOL, AUTHORITY).await;
    let callers = callers(&house).await;
    let investigates = |caller: &&Caller| caller.role == Role::Investigator && caller.proof == Proof::Pin;
    let investigator = callers.iter().find(investigates).unwrap();
    let case = json!({"reference": "SCR-1", "children": [world.child], "purpose": "case_review",
        "expires_on": "2027-05-31"});
    let opened = house.answer(post("/api/v1/cases", &case).by(&investigator.token)).await.json();
    opened["case_id"].as_str().unwrap().clone_into(&mut world.case);
    let path = format!("/api/v1/cases/{}/approval", world.case);
    let approver = callers.iter().find(|caller| caller.role == Role::CaseApprover).unwrap();
    let second = house.answer(post(&path, &json!({})).by(&approver.token)).await;
    assert!(second.status.is_success(), "{second:?}");
    house.settle();
    (gate, house, world, callers)
}

/// The request of a call by a caller; where no role has more or less of it, with what it needs to succeed.
fn asked(house: &House, call: &Call, caller: &Caller, world: &World, number: usize) -> Ask {
    match call.name.as_str() {
        "signIn" => post("/api/v1/sessions", &house.proof("caller")),
        "stepUp" => post("/api/v1/sessions/step_up", &json!({"pin": PIN})).by(&caller.token),
        "getToken" => House::token_asked(SCHOOL),
        "getProblem" => get("/problems/unavailable"),
        "getEventOutcome" => get(&format!("/api/v1/events/d-{}", SCHOOL.replace(':', "-"))).by(&caller.token),
        "postEvents" => {
            let told = described(&format!("late-{number}"), &format!("late-{number}")).to_string();
            ask(Method::POST, "/api/v1/events")
                .by(&caller.token)
                .sending("application/cloudevents+json", told)
        }
        "reinstateUser" => {
            house.directory.suspend_user(world.account).unwrap();
            request(house, call, caller, world, number)
        }
        _ => request(house, call, caller, world, number),
    }
}

/// Whether an answer of success tells of nothing done: it was so already, or each part was refused by itself.
fn did_nothing(answer: &Answer) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else { return false };
    let refused = |part: &Value| part["outcome"] == "refused" || part.get("problem").is_some();
    let parts =
        body.as_array().or_else(|| body["decisions"].as_array()).or_else(|| body["outcomes"].as_array());
    body["changed"] == false
        || body["outcome"] == "unchanged"
        || refused(&body)
        || parts.is_some_and(|parts| parts.iter().all(refused))
}

/// Whether a call is one that leaves no fact of its own, asked by this caller.
fn is_quiet(call: &Call, caller: &Caller) -> bool {
    let machine = caller.acting.is_none() && caller.proof == Proof::Cms;
    let of_a_desk = matches!(caller.role, Role::AuthorityTeam | Role::DataManager);
    match call.name.as_str() {
        "listCaseload" => machine,
        "listBrokering" => !of_a_desk,
        name => NO_TRACE.iter().any(|(known, _)| *known == name),
    }
}

/// What is wrong with an answer while the log fails; the words of it.
fn fault(call: &Call, caller: &Caller, answer: &Answer) -> Option<String> {
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        let open = !is_quiet(call, caller) && !did_nothing(answer);
        return open.then(|| format!("{status} {}", String::from_utf8_lossy(&answer.body)));
    }
    if !call.answers.contains(&status) {
        return Some(format!("{status} is not declared"));
    }
    if status < 500 {
        return None;
    }
    let body: Map<String, Value> = serde_json::from_slice(&answer.body).unwrap();
    let more = body.keys().find(|key| !OF_A_PROBLEM.contains(&key.as_str()));
    let known = ["unavailable", "not_recorded"].iter().any(|code| body["code"] == *code);
    let plain = known && body["title"] == body["detail"] && more.is_none();
    (status != 503 || !plain).then(|| format!("{body:?}"))
}

/// Who asks a call: everybody where roles differ; else some people, and a system that names nobody.
fn who<'c>(call: &Call, callers: &'c [Caller], client: &'c Caller) -> Vec<&'c Caller> {
    if ROWS.iter().any(|(name, _)| *name == call.name) {
        return callers.iter().collect();
    }
    let people = callers.iter().filter(|caller| caller.proof == Proof::Pin && !caller.national);
    let some = [Role::Practitioner, Role::Auditor, Role::AuthorityTeam];
    people.filter(|caller| some.contains(&caller.role)).chain([client]).collect()
}

/// A feed is a stream, asked for apart; a session that ended can ask nothing more, so that call comes last.
fn in_turn() -> Vec<Call> {
    let mut calls: Vec<Call> = calls().into_iter().filter(|call| call.name != "followFeed").collect();
    calls.sort_by_key(|call| (call.name == "endSession", !ROWS.iter().any(|(name, _)| *name == call.name)));
    calls
}

/// Puts back what an act that was let through took from those who are still to ask.
fn mended(house: &House, call: &Call, world: &World) {
    if matches!(call.name.as_str(), "suspendOrganisation" | "suspendUser" | "reinstateUser") {
        house.directory.reinstate_organisation(&world.organisation.parse().unwrap()).unwrap();
        house.directory.reinstate_user(world.account).unwrap();
    }
    if call.name == "withdrawRelationship" {
        relate(house, world.account);
    }
}

fn told(call: &Call, caller: &Caller, fault: &str) -> String {
    let (role, proof) = (caller.role.name(), caller.proof);
    format!("{} by {role} (national: {}, {proof:?}): {fault}", call.name, caller.national)
}

/// Each request is made twice: while the log refuses, and then again while it does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_by_any_role_fails_open_where_the_log_refuses() {
    let (gate, house, world, callers) = furnished().await;
    let token = house.client(SCHOOL).await;
    let client = Caller { role: Role::Practitioner, national: false, proof: Proof::Cms, token, acting: None };
    let (mut faults, mut closed, mut quiet, mut number) = (Vec::new(), BTreeSet::new(), BTreeSet::new(), 0);
    for call in &in_turn() {
        for caller in who(call, &callers, &client) {
            number += 2;
            let first = asked(&house, call, caller, &world, number);
            gate.set(Way::Refused);
            let refused = house.answer(first).await;
            gate.set(Way::Open);
            let done = house.answer(asked(&house, call, caller, &world, number + 1)).await;
            mended(&house, call, &world);
            faults.extend(fault(call, caller, &refused).map(|fault| told(call, caller, &fault)));
            if refused.status.is_success() && is_quiet(call, caller) {
                quiet.insert(call.name.clone());
            } else if done.status.is_success() && !did_nothing(&done) {
                closed.insert(call.name.clone());
                if refused.status != StatusCode::SERVICE_UNAVAILABLE {
                    faults.push(told(call, caller, &format!("{} where it is no 503", refused.status)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {number}:\n{}", faults.len(), faults.join("\n"));
    let unseen = |name: &&str| !closed.contains(*name) && !quiet.contains(*name) && *name != "followFeed";
    let all = calls();
    let never: BTreeSet<&str> = all.iter().map(|call| call.name.as_str()).filter(unseen).collect();
    assert_eq!(never, BTreeSet::from(NOTHING_WAITS), "each other call is seen to close, or opens nothing");
    let listed: BTreeSet<&str> = NO_TRACE.iter().map(|(name, _)| *name).collect();
    assert_eq!(quiet.iter().map(String::as_str).chain(["getTile"]).collect::<BTreeSet<_>>(), listed);
}

/// As a write that fails after its place was given, and as a disk that is gone: what was asked once goes on failing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_by_any_role_fails_open_where_the_write_fails_late_or_the_disk_is_gone() {
    for way in [Way::Late, Way::Gone] {
        let (gate, house, world, callers) = furnished().await;
        let token = house.client(SCHOOL).await;
        let client =
            Caller { role: Role::Practitioner, national: false, proof: Proof::Cms, token, acting: None };
        let calls = in_turn();
        let mut requests = Vec::new();
        for call in &calls {
            for caller in who(call, &callers, &client) {
                requests.push((call, caller, asked(&house, call, caller, &world, requests.len())));
            }
        }
        gate.set(way);
        let mut faults = Vec::new();
        for (call, caller, request) in requests {
            let answer = house.answer(request).await;
            faults.extend(fault(call, caller, &answer).map(|fault| told(call, caller, &fault)));
        }
        assert!(faults.is_empty(), "{way:?}, {}:\n{}", faults.len(), faults.join("\n"));
    }
}

#[tokio::test]
async fn a_feed_tells_nothing_and_ends_where_what_it_tells_cannot_be_recorded() {
    let gate = Arc::new(Gate::new());
    let house = House::on(Arc::clone(&gate) as Arc<dyn event_log::EventLog>);
    house.ava().await;
    let told = house.told(HOSPITAL, &[crate::feed::alike("q1", "h1")]).await;
    assert_eq!(told[0]["outcome"], "queued");
    house.settle();
    let manager = house.signed_in(Role::DataManager, AUTHORITY).await;
    let queue = house.answer(get("/api/v1/queue").by(&manager)).await.json();
    let path = format!("/api/v1/queue/{}/decision", queue["items"][0]["id"].as_str().unwrap());
    let decided = house.answer(post(&path, &json!({"decision": "new"})).by(&manager)).await;
    assert!(decided.status.is_success(), "{decided:?}");
    house.settle();
    let token = house.client(HOSPITAL).await;
    for way in [Way::Refused, Way::Late] {
        gate.set(way);
        let answered = house.answer(get("/api/v1/feed").by(&token));
        let ended = tokio::time::timeout(std::time::Duration::from_secs(20), answered).await.unwrap();
        let text = String::from_utf8(ended.body).unwrap();
        assert!(!text.contains("data:"), "{text}");
        gate.set(Way::Open);
    }
    let mut follows = crate::following::Following::begin(&house, &token, None).await;
    assert_eq!(follows.next().await.event, "event.resolved");
}
