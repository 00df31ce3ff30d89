//! What is shown: the bodies of answers.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]
#![expect(clippy::struct_field_names, reason = "the fields are the contract's own words")]

use utoipa::ToSchema;

use super::{
    record::{Name, OrganisationNamed, Record},
    told::Child,
    words::{
        ChildNumber, Day, DetailField, EventOutcome, FeedKind, Gender, Group, Id, InboxKind, Instant,
        OrganisationId, PersonName, QueueReason, Reason, RoleName, SearchOutcome, Service, WithholdingGround,
    },
};

/// RFC 9457.
#[derive(ToSchema)]
pub(in crate::openapi) struct Problem {
    /// `/problems/CODE`.
    r#type: String,
    title: String,
    status: i32,
    detail: String,
    /// The stable name; docs/problems.md lists every one.
    code: String,
    position: Option<i64>,
    errors: Option<Vec<ProblemPlace>>,
}

/// What is wrong with one part of what was sent.
#[derive(ToSchema)]
pub(in crate::openapi) struct ProblemPlace {
    /// JSON pointer.
    pointer: String,
    detail: String,
}

/// RFC 6749, section 5.2.
#[derive(ToSchema)]
pub(in crate::openapi) struct TokenRefused {
    error: String,
    error_description: String,
}

/// A client's token.
#[derive(ToSchema)]
pub(in crate::openapi) struct TokenGiven {
    access_token: String,
    token_type: String,
    /// In seconds.
    expires_in: i64,
}

/// A person's token.
#[derive(ToSchema)]
pub(in crate::openapi) struct Session {
    token: String,
    expires_at: Instant,
    role: RoleName,
    organisation: OrganisationId,
    /// To be sent at the next sign-in from the same device, so that strangers' wrong tries do not keep it waiting.
    device: String,
    /// Until when a passkey's own question for PIN, finger or face stands for the PIN; absent after a password.
    stepped_up_until: Option<Instant>,
}

/// Until when the PIN holds.
#[derive(ToSchema)]
pub(in crate::openapi) struct SteppedUp {
    stepped_up_until: Instant,
}

/// Why an event was refused, or what was refused alone.
#[derive(ToSchema)]
pub(in crate::openapi) struct OutcomeProblem {
    r#type: String,
    code: String,
    detail: String,
    errors: Option<Vec<ProblemPlace>>,
}

/// What came of one event.
#[derive(ToSchema)]
pub(in crate::openapi) struct Outcome {
    /// Absent where it could not be read, and for what was recorded by hand.
    id: Option<String>,
    outcome: EventOutcome,
    position: Option<i64>,
    child_number: Option<ChildNumber>,
    problem: Option<OutcomeProblem>,
    /// The fields in which another word than the sender's stands; absent where there is none.
    discrepancies: Option<Vec<DetailField>>,
}

/// What came of several decisions, in their order; `id` is the item's.
#[derive(ToSchema)]
pub(in crate::openapi) struct Outcomes {
    outcomes: Vec<Outcome>,
}

/// What a client is told of what became of its events.
#[derive(ToSchema)]
pub(in crate::openapi) struct FeedEvent {
    kind: FeedKind,
    /// What it is about: of an event that came to its end, the position that its `queued` outcome gave; of
    /// others, where they stand.
    position: i64,
    child_number: Option<ChildNumber>,
}

/// What came of a shield.
#[derive(ToSchema)]
pub(in crate::openapi) struct ShieldOutcome {
    shield_id: Id,
    outcome: EventOutcome,
    position: Option<i64>,
    child_number: Option<ChildNumber>,
    problem: Option<OutcomeProblem>,
}

/// One child found.
#[derive(ToSchema)]
pub(in crate::openapi) struct Hit {
    child_number: ChildNumber,
    names: Vec<Name>,
    date_of_birth: Day,
    gender: Gender,
    outcode: Option<String>,
    local_authority: Option<OrganisationNamed>,
    score: f64,
    shielded: bool,
}

/// A page of results: ten at most.
#[derive(ToSchema)]
pub(in crate::openapi) struct SearchPage {
    search_id: Id,
    position: i64,
    outcome: SearchOutcome,
    total: Option<i32>,
    results: Vec<Hit>,
    advice: Option<String>,
}

/// A record as opened; the access was durable before it left.
#[derive(ToSchema)]
pub(in crate::openapi) struct Opened {
    access_id: Id,
    position: i64,
    record: Record,
}

/// One open entry; without a name for a client.
#[derive(ToSchema)]
pub(in crate::openapi) struct CaseloadEntry {
    involvement_id: Id,
    position: i64,
    outcome: String,
    child_number: Option<ChildNumber>,
    service_type: Service,
    started_on: Day,
    ended_on: Option<Day>,
    not_shared: Option<CaseloadWithheld>,
    name: Option<CaseloadName>,
}

/// What one's own organisation decided last not to share, for staff.
#[derive(ToSchema)]
pub(in crate::openapi) struct CaseloadWithheld {
    /// With which other involvement; absent: with nobody.
    with: Option<Id>,
    because: WithholdingGround,
    on: Day,
}

/// A child's current name, for staff.
#[derive(ToSchema)]
pub(in crate::openapi) struct CaseloadName {
    forename: PersonName,
    surname: PersonName,
}

/// A page of a caseload.
#[derive(ToSchema)]
pub(in crate::openapi) struct Caseload {
    entries: Vec<CaseloadEntry>,
    next: Option<Id>,
}

/// What one's own organisation is told, newest first.
#[derive(ToSchema)]
pub(in crate::openapi) struct Inbox {
    notifications: Vec<InboxLine>,
    /// Where the next page begins; absent on the last.
    next: Option<i64>,
}

/// One thing that one is told; the rest is fetched, with a reason.
#[derive(ToSchema)]
pub(in crate::openapi) struct InboxLine {
    /// Its id.
    position: i64,
    kind: InboxKind,
    at: Instant,
    child_number: ChildNumber,
    /// The own open entries because of which one is told.
    own_involvements: Vec<Id>,
    /// Whether one of them is the lead professional's.
    lead_professional: bool,
    /// Staff of which organisation looked, of `record.opened`.
    organisation: Option<OrganisationId>,
    /// When somebody of the organisation said that they saw it.
    acknowledged_at: Option<Instant>,
    /// On which day one's own organisation got in touch with the other service last.
    contacted_on: Option<Day>,
}

/// What waits for a person.
#[derive(ToSchema)]
pub(in crate::openapi) struct Queue {
    position: i64,
    items: Vec<QueueItem>,
    /// Where the next page begins; absent on the last.
    next: Option<i64>,
}

/// One item of the queue.
#[derive(ToSchema)]
pub(in crate::openapi) struct QueueItem {
    id: Id,
    /// Whose event waits; absent where two children held may be one.
    supplier: Option<OrganisationId>,
    reason: QueueReason,
    since: Instant,
    /// Since then, in whole minutes.
    waited_minutes: i64,
    /// A working day after `since` unless the policy says otherwise: Monday to Friday in England; bank holidays
    /// count as working days.
    due_by: Instant,
    overdue: bool,
    child: Option<Child>,
    candidates: Vec<ChildNumber>,
    /// How those candidates were weighed that one's own authority answers for.
    weighings: Option<Vec<Weighed>>,
    behind: i32,
}

/// How a description was weighed beside a child.
#[derive(ToSchema)]
pub(in crate::openapi) struct Weighed {
    child_number: ChildNumber,
    /// How likely this child is meant, 0 to 1.
    probability: f64,
    /// Which model weighed.
    model: String,
    /// A line for each part, with its bits; the last is the sum.
    in_words: Vec<String>,
}

/// A case as it stands.
#[derive(ToSchema)]
pub(in crate::openapi) struct Case {
    case_id: Id,
    approved: bool,
    position: Option<i64>,
}

/// Every event in order; or the record as it was shown; or the difference of two moments.
#[derive(ToSchema)]
pub(in crate::openapi) struct History {
    position: i64,
    child_number: Option<ChildNumber>,
    events: Option<Vec<HistoryEvent>>,
    as_of: Option<Instant>,
    /// The last position of the log that counted, where one was named.
    as_of_position: Option<i64>,
    /// By which rule nobody, or the organisation's staff, could look at all; the record is then empty.
    refused: Option<String>,
    /// A date had run out: only an emergency or a child protection enquiry opened it.
    urgent_only: Option<bool>,
    record: Option<Record>,
    from: Option<Instant>,
    to: Option<Instant>,
    changes: Option<Vec<serde_json::Value>>,
}

/// One event of a history, with both its times: when it happened and when it was known.
#[derive(ToSchema)]
pub(in crate::openapi) struct HistoryEvent {
    position: i64,
    /// The day on which it was recorded, of what was removed: nothing else is told of that.
    on: Option<Day>,
    happened_at: Option<Instant>,
    recorded_at: Option<Instant>,
    by: Option<serde_json::Value>,
    /// Who caused it, in words.
    who: Option<String>,
    /// By what law what it says is held.
    basis: Option<Vec<String>>,
    /// A sentence a fact.
    story: Option<Vec<String>>,
    facts: Vec<serde_json::Value>,
    /// It was withdrawn, or its key was destroyed.
    removed: Option<bool>,
}

/// How a person signed in at the case management system that vouched for them.
#[derive(ToSchema)]
pub(in crate::openapi) struct Asserted {
    signed_in_at: Instant,
    /// Values of RFC 8176.
    methods: Vec<String>,
    /// The key of the client by which this is signed.
    kid: String,
}

/// One look.
#[derive(ToSchema)]
pub(in crate::openapi) struct Look {
    position: i64,
    at: Instant,
    /// `opened`, `overridden`, `refused` or `replayed`.
    kind: String,
    access_id: Option<Id>,
    child_number: Option<ChildNumber>,
    user: Option<Id>,
    user_name: Option<String>,
    organisation: OrganisationId,
    role: RoleName,
    channel: String,
    /// `own_sign_in` or `asserted_by_cms`.
    assurance: String,
    asserted: Option<Asserted>,
    reason: Option<Reason>,
    groups: Option<Vec<Group>>,
    record_state: Option<serde_json::Value>,
    /// For which lots of the sample it was drawn for review: `override`, `over_ceiling`, `grace`, `called_back`,
    /// `other_authority`, `ordinary`. For auditors, and never of their own looks.
    drawn_for: Option<Vec<String>>,
    refused: Option<String>,
}

/// A page of looks, oldest first; fifty at most. `Link: rel=next` names the next.
#[derive(ToSchema)]
pub(in crate::openapi) struct Looks {
    accesses: Vec<Look>,
    next: Option<i64>,
}

/// Alive, or ready and how far.
#[derive(ToSchema)]
pub(in crate::openapi) struct Health {
    status: String,
    position: Option<i64>,
    read_models: Option<i64>,
}

/// What runs.
#[derive(ToSchema)]
pub(in crate::openapi) struct Version {
    name: String,
    version: String,
    build: Option<String>,
}
