//! Answers as they leave the directory, with what is drawn anew in each world struck out.

use directory::{
    AuditQuery, BrokeringRequest, HandError, LookError, OpenRequest, ReportQuery, SearchRequest,
};
use events::{
    access::OverrideGround,
    brokering::About,
    case::Reference,
    search::{Criteria, Outcome},
};
use serde_json::{Value, json};
use vocabulary::{AccessReason, ChildNumber, Contact, ContactKind, Position, SearchId};

use crate::{base::World, people::Viewer};

/// Ids and positions: drawn or counted anew in each world.
const STRUCK_OUT: [&str; 6] = ["position", "access_id", "search_id", "brokering_id", "transfer_id", "next"];

fn struck_out(mut answer: Value) -> Value {
    match &mut answer {
        Value::Object(fields) => {
            fields.retain(|name, _| !STRUCK_OUT.contains(&name.as_str()));
            // Which ordinary looks are drawn follows from their ids; every other lot is the same in both worlds.
            if let Some(Value::Array(lots)) = fields.get_mut("drawn_for") {
                lots.retain(|lot| lot != "ordinary");
                if lots.is_empty() {
                    fields.remove("drawn_for");
                }
            }
            for value in fields.values_mut() {
                *value = struck_out(value.take());
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = struck_out(value.take());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
    answer
}

/// Runs a future that waits for the memory log only.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

fn refused(error: LookError) -> Value {
    match error {
        LookError::Unknown => json!({"error": "unknown"}),
        LookError::Refused { code, detail } => json!({"error": code, "detail": detail}),
        LookError::Load(_) | LookError::File(_) | LookError::Rows(_) | LookError::Log(_) => {
            panic!("the machine failed: {error}")
        }
    }
}

fn case_ref(reason: AccessReason) -> Option<Reference> {
    (reason == AccessReason::Audit).then(|| Reference::new("case-1").unwrap())
}

/// One page of a search, and the id under which an opening may cite it.
pub(crate) fn search(
    world: &World,
    viewer: Viewer,
    criteria: &Criteria,
    page: u32,
) -> (Value, Option<SearchId>) {
    let reason = viewer.reason();
    let request = SearchRequest {
        criteria: criteria.clone(),
        reason: Some(reason),
        page,
        on_behalf_of: viewer.on_behalf_of(),
        case_ref: case_ref(reason),
    };
    match now(world.directory.search(&viewer.person(world), request)) {
        Err(error) => (refused(error), None),
        Ok(disclosed) => {
            let shown = disclosed.into_view();
            let outcome = match shown.outcome {
                Outcome::Found => "found",
                Outcome::None => "none",
                Outcome::TooMany => "too_many",
                Outcome::Refine => "refine",
            };
            let answer = json!({"outcome": outcome, "total": shown.total, "results": shown.results,
                                "advice": shown.advice});
            (answer, Some(shown.search_id))
        }
    }
}

/// How a record is opened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Opening {
    pub(crate) reason: Option<AccessReason>,
    pub(crate) search: Option<SearchId>,
    pub(crate) override_ground: Option<OverrideGround>,
}

/// One record as opened.
pub(crate) fn open(world: &World, viewer: Viewer, child: usize, opening: Opening) -> Value {
    let reason = opening.reason.or_else(|| opening.search.is_none().then(|| viewer.reason()));
    let request = OpenRequest {
        number: world.numbers[child],
        reason,
        search_id: opening.search,
        on_behalf_of: viewer.on_behalf_of(),
        case_ref: reason.and_then(case_ref),
        override_ground: opening.override_ground,
    };
    match now(world.directory.open_record(&viewer.person(world), request)) {
        Err(error) => refused(error),
        Ok(disclosed) => struck_out(serde_json::to_value(&disclosed.view().record).unwrap()),
    }
}

/// What one hears who asks the duty desk about a child, whatever there is to be put in touch with.
pub(crate) fn brokered(world: &World, viewer: Viewer, child: usize) -> Value {
    let reason = viewer.reason();
    let telephone =
        Contact { kind: ContactKind::Telephone, used: None, value: "020 7946 0003".to_owned(), hours: None };
    let request = BrokeringRequest {
        number: world.numbers[child],
        about: if child.is_multiple_of(2) { About::Sensitive } else { About::Shielded },
        reason: Some(reason),
        search_id: None,
        on_behalf_of: viewer.on_behalf_of(),
        case_ref: case_ref(reason),
        contacts: vec![telephone],
    };
    match world.directory.request_brokering(&viewer.person(world), request) {
        Err(HandError::Unknown) => json!({"error": "unknown"}),
        Err(HandError::Refused { code, detail }) => json!({"error": code, "detail": detail}),
        Err(HandError::Supply(error)) => panic!("the machine failed: {error}"),
        Ok(taken) => {
            let outcome = taken.pending.wait().unwrap();
            json!({"due_by": taken.due_by, "outcome": outcome.kind.name(), "child_number": outcome.child_number})
        }
    }
}

/// Everything else that a person may ask for without naming a child.
pub(crate) fn lists(world: &World, viewer: Viewer) -> Vec<Value> {
    let person = viewer.person(world);
    let caseload = match now(world.directory.caseload(&person, None)) {
        Err(error) => refused(error),
        Ok(disclosed) => serde_json::to_value(disclosed.view()).unwrap(),
    };
    let audit = match now(world.directory.audit_accesses(&person, AuditQuery::default())) {
        Err(error) => refused(error),
        Ok(disclosed) => serde_json::to_value(disclosed.view()).unwrap(),
    };
    let own = serde_json::to_value(world.directory.own_accesses(&person, Position::ZERO).unwrap()).unwrap();
    let asked =
        serde_json::to_value(world.directory.brokering_own(&person, Position::ZERO).unwrap()).unwrap();
    let desk = match now(world.directory.brokering_desk(&person, Position::ZERO)) {
        Err(error) => refused(error),
        Ok(disclosed) => serde_json::to_value(disclosed.view()).unwrap(),
    };
    let moves = match now(world.directory.transfers(&person, Position::ZERO)) {
        Err(error) => refused(error),
        Ok(disclosed) => serde_json::to_value(disclosed.view()).unwrap(),
    };
    let reports = vocabulary::ReportName::ALL.map(|name| {
        let report = now(world.directory.report(&person, name, &ReportQuery::default()));
        let mut report = report.map_or_else(refused, |report| serde_json::to_value(report.view()).unwrap());
        // Which ordinary looks are drawn follows from their ids.
        if let Some(Value::Array(rows)) = report.get_mut("rows") {
            rows.retain(|row| row[0] != "sample");
        }
        report
    });
    let lists = [visibility::Gap::NoEducation, visibility::Gap::NoPrimaryCare].map(|gap| {
        let page = now(world.directory.worklist(&person, gap, None));
        page.map_or_else(refused, |page| serde_json::to_value(page.view()).unwrap())
    });
    let inbox = match now(world.directory.inbox(&person, None)) {
        Err(error) => refused(error),
        Ok(disclosed) => serde_json::to_value(disclosed.view()).unwrap(),
    };
    [caseload, inbox, audit, own, asked, desk, moves]
        .into_iter()
        .chain(reports)
        .chain(lists)
        .map(struck_out)
        .collect()
}

/// Whose word differs on whose record, in what and since when, but for the children left out.
pub(crate) fn discrepancies(world: &World, viewer: Viewer, left_out: &[ChildNumber]) -> Value {
    let (person, mut after, mut told) = (viewer.person(world), Some(Position::ZERO), Vec::new());
    while let Some(from) = after {
        let page = match now(world.directory.discrepancies(&person, from)) {
            Err(error) => return refused(error),
            Ok(disclosed) => disclosed.into_view(),
        };
        let shown = page.discrepancies.iter().filter(|line| !left_out.contains(&line.child_number));
        told.extend(
            shown.map(|line| {
                json!([line.child_number, line.supplier, line.fields, line.for_team, line.since])
            }),
        );
        after = page.next;
    }
    Value::Array(told)
}

/// What a client is told in the feed, from the beginning.
pub(crate) fn client_feed(world: &World, organisation: &str) -> Value {
    let (sender, mut after, mut told) = (World::sender(organisation), Position::ZERO, Vec::new());
    while let Some(fed) = now(world.directory.feed(&sender, after)).unwrap() {
        after = fed.to;
        let those = fed.told.iter().flat_map(directory::Disclosed::view);
        told.extend(those.map(|one| json!({"kind": one.kind, "child_number": one.child_number})));
    }
    Value::Array(told)
}

/// What a client reads of its organisation's own entries.
pub(crate) fn client_caseload(world: &World, organisation: &str) -> Value {
    let page = world.directory.client_caseload(&World::sender(organisation), None).unwrap();
    struck_out(serde_json::to_value(page).unwrap())
}
