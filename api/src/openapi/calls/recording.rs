//! Calls that record: events of case management systems, and what staff record by hand.

use serde_json::{Value, json};
use utoipa::openapi::{
    Content, ContentBuilder, ObjectBuilder, Ref, RefOr, Schema,
    example::ExampleBuilder,
    schema::{ArrayBuilder, SchemaType, Type},
};

use super::{Call, Who, get, patch, post};
use crate::openapi::{
    events,
    shapes::{asked, shown, words},
};

const TAG: &str = "Recording";
const HAND: &str = "Recording by hand";

pub(super) fn calls() -> Vec<Call> {
    let mut calls = vec![events_call(), outcome_call(), feed_call()];
    calls.extend(by_hand());
    calls.extend(decisions());
    calls
}

fn events_call() -> Call {
    let recorded = json!({"id": "child.described-1", "outcome": "recorded", "position": 81230, "child_number": "04817263599"});
    let refused = json!({
        "id": "e-2", "outcome": "refused",
        "problem": {
            "type": "/problems/field_unknown", "code": "field_unknown",
            "detail": "this field is not known here; the fields are: child, on",
            "errors": [{"pointer": "/data/note", "detail": "this field is not known here; the fields are: child, on"}]
        }
    });
    let lines = |values: &[&Value]| {
        let written: Vec<String> = values.iter().map(ToString::to_string).collect();
        text_content(Value::String(format!("{}\n", written.join("\n"))))
    };
    let examples = events::all();
    let two: Vec<Value> = examples.iter().take(2).map(events::Documented::example).collect();
    let first = two.first().cloned().unwrap_or_default();
    let called = examples
        .iter()
        .map(|documented| (documented.kind, ExampleBuilder::new().value(Some(documented.example())).build()));
    let structured = ContentBuilder::new().schema(Some(event())).examples_from_iter(called).build();
    post("/api/v1/events", "postEvents")
        .says(TAG, "Tell what happened", "CloudEvents 1.0: one, a batch of at most 1,000, or lines without a limit. An event is known by (client, id); order is kept within a post. 64 KiB an event.")
        .by(Who::Client)
        .asks::<words::DryRun>("dry_run", "Judge and record nothing.")
        .takes_as("application/cloudevents+json", structured)
        .takes_as("application/cloudevents-batch+json", list(event(), json!(two)))
        .takes_as("application/x-ndjson", lines(&[&first]))
        .gives_as(200, "One outcome an event, in order: an object for one event, an array for a batch, a line each for lines.", "application/json", either(json!([recorded.clone(), refused.clone()])))
        .gives_as(200, "", "application/x-ndjson", lines(&[&recorded, &refused]))
        .needing::<shown::Outcome>()
}

fn outcome_call() -> Call {
    get("/api/v1/events/{id}", "getEventOutcome")
        .says(TAG, "Read the present outcome of an event", "How a queued event ended is read here.")
        .by(Who::Client)
        .part::<words::EventId>("id", "The id that this client gave the event.")
        .gives::<shown::Outcome>(
            200,
            "The outcome.",
            json!({"id": "e-1", "outcome": "queued", "position": 81230}),
        )
}

fn feed_call() -> Call {
    let said = "retry: 2000\n: the events of this organisation follow\n\nid: 81262\nevent: event.resolved\ndata: {\"kind\":\"event.resolved\",\"position\":81230,\"child_number\":\"04817263599\"}\n\n:\n\n";
    let events = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some("Server-sent events; the data of each is a `FeedEvent`."));
    let content =
        ContentBuilder::new().schema(Some(events)).example(Some(Value::String(said.to_owned()))).build();
    get("/api/v1/feed", "followFeed")
        .says(TAG, "Follow what became of one's events", "Goes on until the reader or the server ends it; come again with the id last had. Every event of the organisation is told, oldest first, at least once: without `Last-Event-ID` from the beginning. `event.resolved`: a queued event came to its end; `position` is the one that its `queued` outcome gave, the outcome is read by `GET /api/v1/events/{id}`. `discrepancy.raised`: another word than one's own stands on a child, in fields that one may see; `discrepancies` of the event's outcome names them. `child.merged` and `child.split`: a child known by a reference answers under another number, or under its own again. `involvement.changed`: another service began to work with a child of the own caseload, or stopped; judged again as it is read.")
        .by(Who::Client)
        .heeds::<words::PositionText>("Last-Event-ID", "The id of the last event had; one beyond the newest event, as after a restore, is refused.")
        .gives_as(200, "Events for as long as they are read; a comment now and then where nothing happens.", "text/event-stream", content)
        .needing::<shown::FeedEvent>()
}

fn by_hand() -> Vec<Call> {
    let duty = json!([{"kind": "telephone", "use": "duty", "value": "020 7946 0001", "hours": "24 h"}]);
    vec![
        answered(post("/api/v1/children", "createChild")
            .says(HAND, "Enter a child that a search did not find", "Through the same matcher as a feed.")
            .by(Who::Person)
            .takes::<asked::NewChild>(json!({
                "search_id": "0190a3c4d5e67f8091a2b3c4d5e6f709",
                "child": {"forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02", "gender": "female"}
            }))),
        answered(patch("/api/v1/children/{n}", "changeChild")
            .says(HAND, "State what one's organisation knows of a child", "")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<asked::ChangedChild>(json!({
                    "child": {
                        "forename": "Ava", "surname": "Lowe", "known_as": "Avie", "date_of_birth": "2015-04-02",
                        "gender": "female"
                    }
                }))),
        answered(post("/api/v1/children/{n}/involvements", "startInvolvement")
            .says(HAND, "Record that one's organisation works with a child", "")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<asked::NewInvolvement>(json!({
                "service_type": "social_care", "team": "Assessment", "contacts": duty, "started_on": "2026-03-01"
            }))),
        answered(involvement(patch("/api/v1/involvements/{id}", "changeInvolvement"), "Change an involvement")
            .takes::<asked::ChangedInvolvement>(json!({"team": "Long Term Support"}))),
        answered(involvement(post("/api/v1/involvements/{id}/end", "endInvolvement"), "End an involvement")
            .takes::<asked::Ended>(json!({"ended_on": "2026-10-30"}))),
        answered(involvement(post("/api/v1/involvements/{id}/error", "involvementInError"), "Take back an involvement recorded in error")
            .takes::<asked::InError>(json!({}))),
        answered(involvement(post("/api/v1/involvements/{id}/lead_professional", "nameLead"), "Say that the practitioner of an involvement is the lead professional")
            .takes::<asked::Lead>(json!({}))),
        answered(involvement(post("/api/v1/involvements/{id}/lead_professional/relinquishment", "relinquishLead"), "Give the lead professional's role up")
            .takes::<asked::Lead>(json!({}))),
        answered(involvement(post("/api/v1/involvements/{id}/common_assessment", "indicateAssessment"), "Say that an involvement holds a common assessment")
            .takes::<asked::Assessed>(json!({"on": "2026-03-20"}))),
        answered(involvement(post("/api/v1/involvements/{id}/common_assessment/withdrawal", "withdrawAssessment"), "Say that an involvement holds a common assessment no more")
            .takes::<asked::Assessed>(json!({"on": "2026-10-30"}))),
        answered(post("/api/v1/consents", "recordConsent")
            .says(HAND, "Record a decision on consent", "A refusal keeps nothing about the service, only a count.")
            .by(Who::Person)
            .takes::<asked::Consent>(json!({
                "child_number": "04817263599", "episode_ref": "e-4", "decision": "given", "given_by": "child",
                "competence": "presumed_12_or_over", "method": "face_to_face", "notice_version": "2026-1",
                "decided_on": "2026-02-27"
            }))),
    ]
}

fn decisions() -> Vec<Call> {
    let shielded = json!({"shield_id": "0190a3c4d5e67f8091a2b3c4d5e6f70d", "outcome": "recorded", "position": 81236, "child_number": "04817263599"});
    let case = json!({"case_id": "0190a3c4d5e67f8091a2b3c4d5e6f70e", "approved": false, "position": 81238});
    vec![
        post("/api/v1/shields", "askShield")
            .says(HAND, "Ask for a shield, or apply it", "Applied at once by the responsible authority's team, asked for by others.")
            .by(Who::Person)
            .takes::<asked::NewShield>(json!({"child_number": "04817263599", "ground": "domestic_abuse"}))
            .gives::<shown::ShieldOutcome>(201, "The outcome, with the shield's id.", shielded.clone()),
        post("/api/v1/shields/{id}/review", "reviewShield")
            .says(HAND, "Decide about a shield or a request", "For the responsible authority's team.")
            .by(Who::Person)
            .part::<words::Id>("id", "The shield's id.")
            .takes::<asked::ShieldReview>(json!({"decision": "keep", "review_by": "2027-03-01"}))
            .gives::<shown::ShieldOutcome>(201, "The outcome.", shielded),
        answered(post("/api/v1/children/{n}/merges", "mergeChildren")
            .says("Identity", "Say that another record is of this child", "For the data manager of the authority that answers for both. The child of the URL stays; the number absorbed works for ever and answers with it. Every restriction of either stands.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The number that stays.")
            .takes::<asked::Merge>(json!({"absorbed": "05938172648"}))),
        answered(post("/api/v1/children/{n}/splits", "splitChildren")
            .says("Identity", "Undo a merge, or tell two children apart", "Each record is again what was told of it; a shield that both had as one stays on both.")
            .by(Who::Person)
            .part::<words::ChildNumber>("n", "The child's number.")
            .takes::<asked::Split>(json!({"other": "05938172648"}))),
        get("/api/v1/queue", "listQueue")
            .says("Identity", "List what waits for a person", "For data managers and teams: what their authority decides, oldest first. At most fifty items and fifty children a page; `Link: rel=next` leads on. A page may be short, or empty, though more follow.")
            .by(Who::Person)
            .asks::<words::PositionText>("after", "Where the page before ended.")
            .gives::<shown::Queue>(200, "The items.", json!({
                "position": 81235,
                "items": [{
                    "id": "0190a3c4d5e67f8091a2b3c4d5e6f70f", "supplier": "ods:F85000", "reason": "sounds_alike",
                    "since": "2026-11-20T02:00:00Z", "waited_minutes": 485, "due_by": "2026-11-23T02:00:00Z",
                    "overdue": false,
                    "child": {"forename": "Ava", "surname": "Low", "date_of_birth": "2015-04-02", "gender": "female"},
                    "candidates": ["04817263599"], "behind": 2,
                    "weighings": [{
                        "child_number": "04817263599", "probability": 0.94, "model": "children_1",
                        "in_words": [
                            "before anything is compared (-14.6)", "forename: the same (+8.7)",
                            "surname: one letter or digit differs (+3.9)", "date of birth: the same (+12.5)",
                            "place: elsewhere (-4.3)", "siblings and twins agree on as much (-2.2)", "in all (+4.0)"
                        ]
                    }]
                }]
            })),
        answered(post("/api/v1/queue/{id}/decision", "decideQueue")
            .says("Identity", "Decide which child an item means", "It and everything behind it then go in, in order.")
            .by(Who::Person)
            .part::<words::Id>("id", "The item's id.")
            .takes::<asked::QueueAnswer>(json!({"decision": "link", "child_number": "04817263599"}))),
        post("/api/v1/queue/decisions", "decideQueueMany")
            .says("Identity", "Decide several items", "Each by the same path as one alone, in order; one that is refused does not stop the others.")
            .by(Who::Person)
            .takes::<asked::QueueAnswers>(json!({"decisions": [
                {"id": "0190a3c4d5e67f8091a2b3c4d5e6f70f", "decision": "new"},
                {"id": "0190a3c4d5e67f8091a2b3c4d5e6f710", "decision": "reject"}
            ]}))
            .gives::<shown::Outcomes>(200, "One outcome a decision, in order.", json!({"outcomes": [
                {"id": "0190a3c4d5e67f8091a2b3c4d5e6f70f", "outcome": "recorded", "position": 81262, "child_number": "04817263599"},
                {"id": "0190a3c4d5e67f8091a2b3c4d5e6f710", "outcome": "refused", "problem": {
                    "type": "/problems/already_decided", "code": "already_decided", "detail": "this item was decided before"
                }}
            ]})),
        post("/api/v1/cases", "openCase")
            .says("Cases", "Open a case", "For investigators; it gives no right until another person approves it.")
            .by(Who::Person)
            .takes::<asked::NewCase>(json!({
                "reference": "SCR-2026/14", "children": ["04817263599"], "purpose": "case_review",
                "expires_on": "2027-05-31"
            }))
            .gives::<shown::Case>(201, "The case.", case.clone()),
        post("/api/v1/cases/{id}/approval", "approveCase")
            .says("Cases", "Approve a case", "For case approvers, never one's own.")
            .by(Who::Person)
            .part::<words::Id>("id", "The case's id.")
            .takes::<asked::Approval>(json!({"lifts_shields": false}))
            .gives::<shown::Case>(201, "The case.", case),
        get("/api/v1/cases/{id}/bundle", "getBundle")
            .says("Cases", "Take a case's evidence away", "For the investigator of an approved, unexpired case. Each child is replayed, an access of its own before anything leaves; the log bears the SHA-256 of what the bundle claims. One ZIP file, which anybody checks without this server.")
            .by(Who::Person)
            .part::<words::Id>("id", "The case's id.")
            .gives_as(200, "The bundle.", "application/zip", super::running::bytes("application/zip")),
    ]
}

fn involvement(call: Call, summary: &'static str) -> Call {
    call.says(HAND, summary, "For staff of that organisation, and its authority's team.")
        .by(Who::Person)
        .part::<words::Id>("id", "The involvement's id.")
}

/// By hand: one outcome, 201, or 202 when a person must decide who it is.
fn answered(call: Call) -> Call {
    call.gives::<shown::Outcome>(
        201,
        "The outcome.",
        json!({"outcome": "recorded", "position": 81237, "child_number": "04817263599"}),
    )
    .gives::<shown::Outcome>(
        202,
        "It waits for a person.",
        json!({"outcome": "queued", "position": 81237}),
    )
}

fn event() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name("Event"))
}

fn list(item: RefOr<Schema>, example: Value) -> Content {
    let list = ArrayBuilder::new().items(item).max_items(Some(1_000)).build();
    ContentBuilder::new().schema(Some(Schema::Array(list))).example(Some(example)).build()
}

/// One outcome, or a list of them.
fn either(example: Value) -> Content {
    let outcome = || RefOr::<Schema>::Ref(Ref::from_schema_name("Outcome"));
    let list = Schema::Array(ArrayBuilder::new().items(outcome()).build());
    let either = utoipa::openapi::OneOfBuilder::new().item(outcome()).item(list).build();
    ContentBuilder::new().schema(Some(Schema::OneOf(either))).example(Some(example)).build()
}

fn text_content(example: Value) -> Content {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some("One JSON object a line."));
    ContentBuilder::new().schema(Some(text)).example(Some(example)).build()
}
