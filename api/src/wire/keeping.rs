//! The bodies of requests about shields, desks and authorities. Each refuses fields that it does not know.

use events::{
    brokering::{About, Outcome},
    case::Reference,
    child::responsibility::Decision,
};
use serde::Deserialize;
use vocabulary::{AccessReason, ChildNumber, Contact, OrganisationId, ReviewOutcome, SearchId};

use super::requests::OnBehalfOf;

/// `POST /api/v1/brokering`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBrokering {
    /// About whom.
    pub child_number: ChildNumber,
    /// What was not shown.
    pub about: About,
    /// Why; may come from the search that `search_id` names.
    pub reason: Option<AccessReason>,
    /// One's own search.
    pub search_id: Option<SearchId>,
    /// For whom a mediator asks.
    pub on_behalf_of: Option<OnBehalfOf>,
    /// The reference of the case or the person's request.
    pub case_ref: Option<Reference>,
    /// The telephones at which the desk reaches whoever asks; 1-8.
    pub contacts: Vec<Contact>,
}

/// `POST /api/v1/brokering/{id}/answer`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokeringAnswer {
    /// What it came to.
    pub outcome: Outcome,
}

/// `POST /api/v1/transfers`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// Whose record.
    pub child_number: ChildNumber,
    /// Who would answer.
    pub to: OrganisationId,
}

/// `POST /api/v1/transfers/{id}/decision`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferDecision {
    /// What is decided.
    pub decision: Decision,
}

/// `POST /api/v1/reviews/{id}/outcome`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSaid {
    /// What came of the review.
    pub outcome: ReviewOutcome,
}

/// `POST /api/v1/children/{n}/canary`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryMark {
    /// Whether opening the record raises an alarm from now on.
    pub marked: bool,
}
