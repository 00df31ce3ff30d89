//! The bodies of requests, as the contract names their fields. Each refuses fields that it does not know.

use chrono::NaiveDate;
use events::{
    access::OverrideGround,
    case::{Purpose, Reference},
    child::shield::Ground,
    search::Criteria,
    supplied::{SuppliedChild, SuppliedPractitioner, SuppliedRef},
    told::Told,
};
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccessReason, ChildNumber, Competence, ConsentDecision, Contact, GivenBy, IntakeId, Label, Method,
    SearchId, ServiceType,
};

/// `POST /api/v1/searches`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Search {
    pub criteria: Criteria,
    pub reason: Option<AccessReason>,
    pub page: Option<u32>,
    pub on_behalf_of: Option<OnBehalfOf>,
    pub case_ref: Option<Reference>,
}

/// The colleague for whom a mediator asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnBehalfOf {
    /// The colleague's user name.
    pub username: String,
    /// The one-time code that the colleague read out.
    pub code: Option<String>,
}

impl std::fmt::Debug for OnBehalfOf {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("OnBehalfOf(..)")
    }
}

/// `POST /api/v1/children/{n}/accesses`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Access {
    pub reason: Option<AccessReason>,
    pub search_id: Option<SearchId>,
    pub on_behalf_of: Option<OnBehalfOf>,
    pub case_ref: Option<Reference>,
    #[serde(rename = "override")]
    pub overriding: Option<Override>,
}

/// Why a shield is overridden.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The ground.
    pub ground: OverrideGround,
}

/// `POST /api/v1/children`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewChild {
    /// One's own search that found nobody.
    pub search_id: SearchId,
    /// The child.
    pub child: SuppliedChild,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `PATCH /api/v1/children/{n}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedChild {
    /// What is stated of the child.
    pub child: SuppliedChild,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/children/{n}/involvements`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct NewInvolvement {
    /// A reference of one's own; one is drawn where none is given.
    pub involvement_ref: Option<SuppliedRef>,
    pub service_type: ServiceType,
    pub practitioner: Option<SuppliedPractitioner>,
    pub team: Option<Label>,
    pub contacts: Vec<Contact>,
    pub started_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub lead_professional: Option<bool>,
    pub episode_ref: Option<SuppliedRef>,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `PATCH /api/v1/involvements/{id}`: an absent field stays, `null` takes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct ChangedInvolvement {
    #[serde(default)]
    pub practitioner: Told<SuppliedPractitioner>,
    #[serde(default)]
    pub team: Told<Label>,
    pub contacts: Option<Vec<Contact>>,
    pub started_on: Option<NaiveDate>,
    #[serde(default)]
    pub ended_on: Told<NaiveDate>,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/involvements/{id}/end`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// The last day.
    pub ended_on: NaiveDate,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/involvements/{id}/error`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InError {
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/involvements/{id}/lead_professional` and its relinquishment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lead {
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/involvements/{id}/common_assessment` and its withdrawal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// Since which day.
    pub on: NaiveDate,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// A body that says nothing: `{}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /api/v1/consents`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Consent {
    pub child_number: ChildNumber,
    pub episode_ref: SuppliedRef,
    pub decision: ConsentDecision,
    pub given_by: GivenBy,
    pub competence: Competence,
    pub method: Method,
    pub notice_version: Label,
    pub decided_on: NaiveDate,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/shields`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct NewShield {
    pub child_number: ChildNumber,
    pub ground: Ground,
    pub review_by: Option<NaiveDate>,
    /// For whom a mediator records.
    pub on_behalf_of: Option<OnBehalfOf>,
}

/// `POST /api/v1/shields/{id}/review`: what the responsible authority decides about a shield or a request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShieldReview {
    /// What is decided.
    pub decision: ShieldDecision,
    /// Why; for `apply`.
    pub ground: Option<Ground>,
    /// By which day it is reviewed; for `apply` and `keep`.
    pub review_by: Option<NaiveDate>,
}

/// What is decided about a shield.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShieldDecision {
    /// A request is granted.
    Apply,
    /// A request is refused.
    Refuse,
    /// A shield stays.
    Keep,
    /// A shield is lifted.
    Lift,
}

/// `POST /api/v1/queue/{id}/decision`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueAnswer {
    /// What is decided.
    pub decision: QueueWord,
    /// Which child it is; for `link`.
    pub child_number: Option<ChildNumber>,
    /// A search of one's own that showed the child; for `link` to one that is neither a candidate nor of one's
    /// own authority.
    pub search_id: Option<SearchId>,
}

/// `POST /api/v1/queue/decisions`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueAnswers {
    /// What is decided, one a time, in order; 1-50.
    pub decisions: Vec<QueueAnswerTo>,
}

/// What is decided about one item among others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueAnswerTo {
    /// Which item.
    pub id: IntakeId,
    /// What is decided.
    pub decision: QueueWord,
    /// Which child it is; for `link`.
    pub child_number: Option<ChildNumber>,
    /// As for one item.
    pub search_id: Option<SearchId>,
}

/// What is decided about an item of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueWord {
    /// It is a child already held.
    Link,
    /// It is a child not held yet.
    New,
    /// It is not used.
    Reject,
}

/// `POST /api/v1/children/{n}/merges`: the child of the URL stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The number that leads to it from now on.
    pub absorbed: ChildNumber,
    /// Although a person told the two apart; absent means it is not.
    pub despite_not_same_person: Option<bool>,
}

/// `POST /api/v1/children/{n}/splits`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The number that was absorbed, or of the child that this one is told apart from.
    pub other: ChildNumber,
}

/// `POST /api/v1/cases`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct NewCase {
    pub reference: Reference,
    pub children: Vec<ChildNumber>,
    pub purpose: Purpose,
    pub expires_on: NaiveDate,
}

/// `POST /api/v1/cases/{id}/approval`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Whether shields are lifted for this case; absent means they are not.
    pub lifts_shields: Option<bool>,
}
