//! Every call by every role, own sign-in or vouched for, near and far: the answers agree with docs/access.md.
//!
//! The calls and their bodies come from the OpenAPI document, what is expected from the printed table; a call or a
//! row that one of the two does not know fails the test.

mod closed;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use vocabulary::{AccountId, ClientId, Role};

use self::rows::{MEDIATED, NO_ID, NOT_THEIRS, OF_NO_ROLE, OF_ONE_REQUEST, ROWS};
use crate::{
    declaring::relate,
    house::{Answer, Ask, HOSPITAL, House, NOBODYS, SCHOOL, ask, described, event, started},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// One's own organisation.
    Own,
    /// Another organisation of one's own authority.
    Near,
    /// Another authority's.
    Far,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Own,
    Pin,
    Cms,
}

struct Caller {
    role: Role,
    national: bool,
    proof: Proof,
    token: String,
    acting: Option<String>,
}

/// What a request is about.
struct World {
    organisation: String,
    authority: String,
    child: String,
    involvement: String,
    account: AccountId,
    /// A case that was approved; nobody's where there is none.
    case: String,
}

/// A call of the document.
struct Call {
    name: String,
    method: Method,
    path: String,
    example: Option<Value>,
    answers: BTreeSet<u16>,
}

fn calls() -> Vec<Call> {
    let document: Value = serde_json::from_str(&api::openapi()).unwrap();
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"];
            calls.push(Call {
                name: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                example: body.get("example").cloned(),
                answers: operation["responses"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|status| status.parse().unwrap())
                    .collect(),
            });
        }
    }
    calls
}

/// The rows of docs/access.md: the weakest sign-in, and the reach of each role.
fn printed() -> BTreeMap<String, (String, BTreeMap<&'static str, String>)> {
    let page = include_str!("../../../docs/access.md");
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| action"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let roles =
            Role::ALL.map(Role::name).into_iter().zip(cells[2..].iter().map(|cell| (*cell).to_owned()));
        (cells[0].to_owned(), (cells[1].to_owned(), roles.collect()))
    })
    .collect()
}

/// Whether the printed row lets this caller do it to this target.
fn permitted(row: &(String, BTreeMap<&'static str, String>), caller: &Caller, target: Target) -> bool {
    let enough = match row.0.as_str() {
        "by a CMS too" => true,
        "own sign-in" => caller.proof != Proof::Cms,
        _ => caller.proof == Proof::Pin,
    };
    let reached = match row.1[caller.role.name()].as_str() {
        "everywhere" => true,
        "national" => caller.national,
        "authority, national" => caller.national || target != Target::Far,
        "authority" => !caller.national && target != Target::Far,
        "organisation" => !caller.national && target == Target::Own,
        _ => false,
    };
    enough && reached
}

/// Rows whose calls name nothing that lies near or far: they are about the caller's own.
fn is_about_oneself(name: &str) -> bool {
    matches!(
        name,
        "listShields"
            | "listDiscrepancies"
            | "getOperations"
            | "listHeaders"
            | "listTransfers"
            | "listInbox"
            | "acknowledgeNotification"
            | "listWorklist"
            | "listDueNotices"
            | "listQueue"
            | "decideQueue"
            | "decideQueueMany"
            | "auditAccesses"
            | "listNotices"
            | "listReviews"
            | "getReport"
            | "listOrganisations"
            | "openCase"
            | "approveCase"
            | "replayHistory"
            | "getBundle"
            | "answerBrokering"
            | "listPurges"
            | "approvePurge"
            | "cancelPurge"
    ) || OF_ONE_REQUEST.contains(&name)
}

fn reason(role: Role) -> &'static str {
    if role == Role::Investigator {
        return "case_review";
    }
    if role == Role::Auditor { "audit" } else { "emergency" }
}

/// The request of a call, made of the document's example.
fn request(house: &House, call: &Call, caller: &Caller, world: &World, number: usize) -> Ask {
    let id = match call.path.as_str() {
        path if path.contains("/organisations/") => world.organisation.clone(),
        path if path.contains("/users/") && call.name == "closeUser" => {
            house.someone(&format!("leaver.{number}"), Role::Practitioner, &world.organisation).to_string()
        }
        path if path.contains("/users/") => world.account.to_string(),
        path if path.contains("/clients/") => {
            let client = ClientId(format!("client-invented-{number}"));
            house.client_named(&client, &world.organisation);
            client.0
        }
        path if path.contains("/involvements/") => world.involvement.clone(),
        path if path.contains("/proposals/") || path.contains("/inbox/") => "1".to_owned(),
        path if path.ends_with("/bundle") => world.case.clone(),
        _ => NO_ID.to_owned(),
    };
    let mut path = call.path.replace("{n}", &world.child).replace("{id}", &id).replace("{name}", "usage");
    path = path.replace("{identity}", NO_ID);
    path = path.replace("{passkey}", "aW52ZW50ZWQtcGFzc2tleS0x");
    match call.name.as_str() {
        "listUsers" | "listExpiries" => path = format!("{path}?organisation={}", world.organisation),
        "listDueNotices" => path = format!("{path}?audience=household"),
        "listWorklist" => path = format!("{path}?gap=no_education"),
        "replayHistory" => path = format!("{path}?case=SCR-1"),
        _ => (),
    }
    let mut asked = ask(call.method.clone(), &path).by(&caller.token);
    if let Some(acting) = &caller.acting {
        asked = asked.with("acting-user", acting);
    }
    let Some(mut body) = call.example.clone() else { return asked };
    let mut put = |field: &str, value: Value| {
        if body.get(field).is_some() {
            body[field] = value;
        }
    };
    put("child_number", json!(world.child));
    put("organisation", json!(world.organisation));
    put("authority", json!(world.authority));
    put("absorbed", json!(world.child));
    put("other", json!(world.child));
    put("children", json!([world.child]));
    put("reference", json!(format!("SCR {number}")));
    put("username", json!(format!("new.{number}")));
    put("reason", json!(reason(caller.role)));
    match call.name.as_str() {
        "registerOrganisation" => body["id"] = json!(format!("org:invented-{number}")),
        // Not a key condition: one that is withdrawn would bar everybody of the organisation.
        "withdrawCondition" => body["condition"] = json!("absences"),
        "bindClientCertificate" => {
            let made = rcgen::generate_simple_self_signed(["cms.invented".to_owned()]).unwrap();
            body = json!({"certificate": made.cert.pem()});
        }
        "openRecord" => body = json!({"reason": reason(caller.role)}),
        // Not with the child of this world, about whom the other calls are.
        "declareRelationship" | "withdrawRelationship" => body["child_number"] = json!(NOBODYS),
        _ => (),
    }
    if matches!(caller.role, Role::Auditor | Role::Investigator)
        && matches!(call.name.as_str(), "search" | "openRecord" | "askBrokering")
    {
        body["case_ref"] = json!("SCR-1");
    }
    if caller.role == Role::Mediator && MEDIATED.contains(&call.name.as_str()) {
        body["on_behalf_of"] = json!({"username": "caller"});
    }
    asked.sending("application/json", body.to_string())
}

/// Compares one answer with what is printed; what differs, in words.
fn differs(call: &Call, caller: &Caller, target: Target, may: bool, answer: &Answer) -> Option<String> {
    let status = answer.status.as_u16();
    let code = if answer.status.is_success() { String::new() } else { answer.code() };
    let refused = NOT_THEIRS.contains(&code.as_str());
    let fits = if may { status != 401 && !refused } else { status == 404 || (status == 403 && refused) };
    let declared = call.answers.contains(&status) && status < 500;
    (!fits || !declared).then(|| {
        let whence = if caller.national { "national" } else { "local" };
        let (name, role, proof) = (&call.name, caller.role.name(), caller.proof);
        format!("{name} by {role} ({whence}, {proof:?}) to {target:?}: {status} {code}; may: {may}")
    })
}

async fn world(house: &House, organisation: &str, authority: &str) -> World {
    let reference = organisation.replace(':', "-");
    let mut child = described(&format!("d-{reference}"), &reference);
    // Three children whom nothing brings near one another.
    let (forename, surname, born) = match organisation {
        SCHOOL => ("Ava", "Lowe", "2015-04-02"),
        HOSPITAL => ("Peregrine", "Okonkwo", "2012-11-30"),
        _ => ("Zsófia", "Marchetti", "2018-07-19"),
    };
    child["data"]["child"]["forename"] = json!(forename);
    child["data"]["child"]["surname"] = json!(surname);
    child["data"]["child"]["date_of_birth"] = json!(born);
    child["data"]["child"]["address"]["postcode"] =
        json!(if authority == crate::house::AUTHORITY { "N17 6AA" } else { "M1 6AA" });
    let entry = started(&format!("s-{reference}"), &reference, &format!("i-{reference}"));
    let told = house.told(organisation, &[child, entry]).await;
    assert!(told.iter().all(|outcome| outcome["outcome"] == "recorded"), "{told:?}");
    house.settle();
    let token = house.client(organisation).await;
    let caseload = house.answer(crate::house::get("/api/v1/caseload").by(&token)).await.json();
    let account = house.someone(&format!("target.{reference}"), Role::Practitioner, organisation);
    relate(house, account);
    World {
        organisation: organisation.to_owned(),
        authority: authority.to_owned(),
        child: told[0]["child_number"].as_str().unwrap().to_owned(),
        involvement: caseload["entries"][0]["involvement_id"].as_str().unwrap().to_owned(),
        account,
        case: NO_ID.to_owned(),
    }
}

/// Everybody: each role of the school and of a national body, signed in, with the PIN, and vouched for.
async fn callers(house: &House) -> Vec<Caller> {
    let mut callers = Vec::new();
    for role in Role::ALL {
        for (national, organisation) in [(false, SCHOOL), (true, house.national_body())] {
            let username = format!("{}.{national}", role.name());
            house.someone(&username, role, organisation);
            for proof in [Proof::Own, Proof::Pin] {
                let token = house.sign_in(&username).await;
                callers.push(Caller { role, national, proof, token, acting: None });
            }
            if !national {
                let (token, acting) = (String::new(), Some(username));
                callers.push(Caller { role, national, proof: Proof::Cms, token, acting });
            }
        }
    }
    // Last, since signing in takes the house's clock on and a client's token lasts ten minutes.
    let client = house.client(SCHOOL).await;
    callers.iter_mut().filter(|caller| caller.proof == Proof::Cms).for_each(|caller| {
        caller.token.clone_from(&client);
    });
    for caller in callers.iter().filter(|caller| caller.proof == Proof::Pin) {
        house.step_up(&caller.token).await;
    }
    callers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_by_every_role_is_answered_as_the_printed_table_says() {
    let house = House::unhurried();
    let far = house.far();
    house.someone("caller", Role::Practitioner, SCHOOL);
    let worlds = [
        (Target::Own, world(&house, SCHOOL, crate::house::AUTHORITY).await),
        (Target::Near, world(&house, HOSPITAL, crate::house::AUTHORITY).await),
        (Target::Far, world(&house, far, far).await),
    ];
    let callers = callers(&house).await;
    let printed = printed();
    let calls = calls();
    let known: BTreeSet<&str> = OF_NO_ROLE.into_iter().chain(ROWS.iter().map(|(name, _)| *name)).collect();
    let documented: BTreeSet<&str> = calls.iter().map(|call| call.name.as_str()).collect();
    assert_eq!(known, documented, "every call has its row, and every row its call");
    let used: BTreeSet<&str> = ROWS.iter().map(|(_, row)| *row).collect();
    let unused: Vec<&String> = printed.keys().filter(|row| !used.contains(row.as_str())).collect();
    // What has no call of its own: an override is an opening, the others are of no role.
    assert_eq!(unused, ["override a shield", "read one's own looks", "reinstate after suspected misuse"]);
    let (mut number, mut different) = (0, Vec::new());
    for call in &calls {
        let Some((_, row)) = ROWS.iter().find(|(name, _)| *name == call.name) else { continue };
        for (target, world) in &worlds {
            for caller in &callers {
                number += 1;
                let answer = house.answer(request(&house, call, caller, world, number)).await;
                let near = if is_about_oneself(&call.name) { Target::Own } else { *target };
                let row = match call.name.as_str() {
                    // The one of the two that stands: misuse was suspected, so the stronger is asked for.
                    "reinstateUser" => &printed["reinstate after suspected misuse"],
                    _ => &printed[*row],
                };
                let may = expected(call, row, caller, near);
                different.extend(differs(call, caller, *target, may, &answer));
                if matches!(call.name.as_str(), "suspendOrganisation" | "suspendUser") {
                    house.directory.reinstate_organisation(&world.organisation.parse().unwrap()).unwrap();
                    house.directory.reinstate_user(world.account).unwrap();
                }
                if call.name == "reinstateUser" {
                    house.directory.suspend_user(world.account).unwrap();
                }
            }
        }
        for (_, world) in &worlds {
            house.directory.reinstate_user(world.account).unwrap();
        }
    }
    assert!(different.is_empty(), "{} cells differ:\n{}", different.len(), different.join("\n"));
    assert!(number >= 5_000, "only {number} requests were made");
}

/// What the printed row says of this call, with what a call asks besides.
fn expected(
    call: &Call,
    row: &(String, BTreeMap<&'static str, String>),
    caller: &Caller,
    target: Target,
) -> bool {
    let may = permitted(row, caller, target);
    match call.name.as_str() {
        // Lists are of whatever is the caller's: a national body's people have theirs too.
        "listOrganisations" | "auditAccesses" | "listNotices" | "listReviews" | "getReport" => {
            let listed = row.1[caller.role.name()] != "-" && caller.proof != Proof::Cms;
            may || (listed && caller.national)
        }
        // A mediator gives the PIN first (rules.md 5.2), and what is the colleague's is near.
        name if caller.role == Role::Mediator && MEDIATED.contains(&name) => {
            let local = Caller { national: false, token: String::new(), acting: None, ..*caller };
            caller.proof == Proof::Pin && permitted(row, &local, target)
        }
        "listQueue" | "decideQueue" | "decideQueueMany" | "answerBrokering" => {
            may || (row.1[caller.role.name()] != "-" && caller.proof != Proof::Cms)
        }
        // An unknown reference or case is not found whoever asks; what is refused is refused before.
        _ => may,
    }
}

#[tokio::test]
async fn nothing_is_shown_or_taken_without_a_token_that_stands() {
    let house = House::new();
    let token = house.signed_in(Role::Practitioner, SCHOOL).await;
    let event = event("e-1", "child.died", &json!({"child": {"local_ref": "x"}, "on": "2026-01-01"}));
    for call in calls().iter().filter(|call| !OF_NO_ROLE[..16].contains(&call.name.as_str())) {
        let path = call.path.replace("{n}", "04817263599").replace(['{', '}'], "");
        let body = call.example.clone().unwrap_or_else(|| event.clone()).to_string();
        for wrong in ["nobody's", "", &token[1..]] {
            let asked = ask(call.method.clone(), &path).by(wrong).sending("application/json", body.clone());
            let answer = house.answer(asked).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {answer:?}", call.name);
        }
    }
}
