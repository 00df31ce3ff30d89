//! Bodies about shields, desks and authorities.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    asked::OnBehalfOf,
    shown::OutcomeProblem,
    told::Contact,
    words::{
        BrokeringAbout, BrokeringOutcome, BrokeringState, ChildNumber, Day, DetailField, EventOutcome, Id,
        Instant, OrganisationId, Reason, Reference, ReviewOutcomeWord, ShieldCursor, ShieldGround,
        ShieldLine, TransferDecided,
    },
};

/// A request to be put in touch. `reason` may come from the search that `search_id` names.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewBrokering {
    child_number: ChildNumber,
    about: BrokeringAbout,
    reason: Option<Reason>,
    search_id: Option<Id>,
    on_behalf_of: Option<OnBehalfOf>,
    case_ref: Option<Reference>,
    /// Telephones at which the desk reaches whoever asks.
    #[schema(min_items = 1, max_items = 8)]
    contacts: Vec<Contact>,
}

/// What the desk answers.
#[derive(ToSchema)]
pub(in crate::openapi) struct BrokeringAnswer {
    outcome: BrokeringOutcome,
}

/// A request as it was taken.
#[derive(ToSchema)]
pub(in crate::openapi) struct BrokeringTaken {
    brokering_id: Id,
    due_by: Instant,
    position: Option<i64>,
}

/// Requests to a desk, or one's own.
#[derive(ToSchema)]
pub(in crate::openapi) struct BrokeringPage {
    /// Where the listing stands; for a desk only.
    position: Option<i64>,
    requests: Vec<BrokeringListed>,
    /// Where the next page begins; absent on the last.
    next: Option<i64>,
}

/// One request, as its desk or its asker sees it.
#[derive(ToSchema)]
pub(in crate::openapi) struct BrokeringListed {
    brokering_id: Id,
    child_number: ChildNumber,
    about: BrokeringAbout,
    /// For the desk.
    reason: Option<Reason>,
    /// For the desk.
    asked_by: Option<BrokeringAsker>,
    asked_at: Instant,
    due_by: Instant,
    /// For the desk.
    overdue: Option<bool>,
    /// For the asker.
    state: Option<BrokeringState>,
    /// For the asker, once it can be told.
    outcome: Option<BrokeringOutcome>,
    /// For the asker: since when it can be told.
    answered_at: Option<Instant>,
}

/// Who asks.
#[derive(ToSchema)]
pub(in crate::openapi) struct BrokeringAsker {
    user: Id,
    user_name: Option<String>,
    organisation: Option<OrganisationId>,
    organisation_name: Option<String>,
    /// As given with the request.
    contacts: Vec<Contact>,
    /// From the register, by which a caller is proved to be of it.
    organisation_contacts: Vec<Contact>,
}

/// What the responsible authority has to decide about shields.
#[derive(ToSchema)]
pub(in crate::openapi) struct ShieldPage {
    position: i64,
    items: Vec<ShieldListed>,
    /// Where the next page begins; absent on the last.
    next: Option<ShieldCursor>,
}

/// A request that waits, or a shield due for review.
#[derive(ToSchema)]
pub(in crate::openapi) struct ShieldListed {
    kind: ShieldLine,
    shield_id: Id,
    child_number: ChildNumber,
    ground: ShieldGround,
    /// Of a request: whose staff or feed asked.
    asked_by: Option<OrganisationId>,
    /// Of a request.
    since: Option<Instant>,
    /// Of a request: whether new addresses wait with it.
    holds_addresses: Option<bool>,
    /// Of a review.
    review_by: Option<Day>,
    /// Of a review: whether its day has passed; the shield stands all the same.
    overdue: Option<bool>,
}

/// A move that is proposed.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewTransfer {
    child_number: ChildNumber,
    /// Which authority would answer: one's own, or another where one's own answers now.
    to: OrganisationId,
}

/// What is decided about a move.
#[derive(ToSchema)]
pub(in crate::openapi) struct TransferDecision {
    decision: TransferDecided,
}

/// The outcome of a proposal, with its id.
#[derive(ToSchema)]
pub(in crate::openapi) struct TransferOutcome {
    transfer_id: Id,
    outcome: EventOutcome,
    position: Option<i64>,
    child_number: Option<ChildNumber>,
    problem: Option<OutcomeProblem>,
}

/// Moves that wait, from and to one's own authority.
#[derive(ToSchema)]
pub(in crate::openapi) struct TransferPage {
    position: i64,
    transfers: Vec<TransferListed>,
    /// Where the next page begins; absent on the last.
    next: Option<i64>,
}

/// A move that waits.
#[derive(ToSchema)]
pub(in crate::openapi) struct TransferListed {
    transfer_id: Id,
    child_number: ChildNumber,
    /// Who answers now; absent where a shield hides that.
    from: Option<OrganisationId>,
    to: OrganisationId,
    /// Absent where a new address proposed it.
    proposed_by: Option<OrganisationId>,
    since: Instant,
    /// Five working days after `since` unless the policy says otherwise.
    due_by: Instant,
    overdue: bool,
    /// Whether it waits for one's own authority.
    awaits_you: bool,
}

/// Whose word differs from the one that stands, on children of one's own authority.
#[derive(ToSchema)]
pub(in crate::openapi) struct DiscrepancyPage {
    position: i64,
    discrepancies: Vec<DiscrepancyListed>,
    /// Where the next page begins; absent on the last.
    next: Option<i64>,
}

/// A source whose word differs.
#[derive(ToSchema)]
pub(in crate::openapi) struct DiscrepancyListed {
    child_number: ChildNumber,
    /// Whose word.
    supplier: OrganisationId,
    /// The fields of which the supplier was told.
    fields: Vec<DetailField>,
    /// The fields that the supplier may not see on this record, so that nobody but the team is told.
    for_team: Vec<DetailField>,
    since: Instant,
    /// The position at which it was found.
    raised_at: i64,
}

/// What came of a review.
#[derive(ToSchema)]
pub(in crate::openapi) struct ReviewSaid {
    outcome: ReviewOutcomeWord,
}

/// Whether a record is a canary.
#[derive(ToSchema)]
pub(in crate::openapi) struct CanaryMark {
    marked: bool,
}
