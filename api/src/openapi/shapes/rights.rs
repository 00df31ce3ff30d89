//! Bodies about what children and carers ask, and the pack.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    record::Record,
    words::{
        ChildNumber, Competence, Day, Group, Id, Instant, OrganisationId, OrganisationKindName, Reason,
        RightsAnswered, RightsAsked, RightsAsker, RightsCursor, RightsDisputed, RightsProof, RightsStepWord,
        RightsView,
    },
};

/// A request that was received.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewRightsRequest {
    child_number: ChildNumber,
    asked_by: RightsAsker,
    asked: RightsAsked,
    competence: Competence,
    /// Must, where a carer asks for access and the child is competent.
    childs_view: Option<RightsView>,
    proof: RightsProof,
    /// Today, where it does not say; at most 31 days back.
    received_on: Option<Day>,
}

/// What was judged of a carer.
#[derive(ToSchema)]
pub(in crate::openapi) struct CarerCheck {
    lives_with_child: bool,
}

/// What was judged of the danger of telling them.
#[derive(ToSchema)]
pub(in crate::openapi) struct ThreatCheck {
    cleared: bool,
}

/// A step that was taken.
#[derive(ToSchema)]
pub(in crate::openapi) struct RightsStep {
    step: RightsStepWord,
}

/// How a request is answered.
#[derive(ToSchema)]
pub(in crate::openapi) struct RightsAnswer {
    answer: RightsAnswered,
}

/// A request as it was taken.
#[derive(ToSchema)]
pub(in crate::openapi) struct RightsTaken {
    rights_request_id: Id,
    due_by: Day,
    position: Option<i64>,
}

/// Requests that wait, or those about one child.
#[derive(ToSchema)]
pub(in crate::openapi) struct RightsPage {
    position: i64,
    requests: Vec<RightsListed>,
    /// Where the next page begins; absent on the last.
    next: Option<RightsCursor>,
}

/// One request.
#[derive(ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "as the item that it describes")]
pub(in crate::openapi) struct RightsListed {
    rights_request_id: Id,
    child_number: ChildNumber,
    asked_by: RightsAsker,
    asked: RightsAsked,
    competence: Competence,
    childs_view: Option<RightsView>,
    received_on: Day,
    due_by: Day,
    overdue: bool,
    extended: bool,
    carer_checked: bool,
    threat_cleared: Option<bool>,
    #[schema(required = false)]
    steps: Vec<StepListed>,
    answered: Option<AnswerListed>,
    disagrees: bool,
}

/// A step, and when it was taken.
#[derive(ToSchema)]
pub(in crate::openapi) struct StepListed {
    step: RightsStepWord,
    at: Instant,
}

/// An answer, and when it was given.
#[derive(ToSchema)]
pub(in crate::openapi) struct AnswerListed {
    answer: RightsAnswered,
    at: Instant,
}

/// A page of the pack. `record`, `listings` and `corrections` stand on the first page alone.
#[derive(ToSchema)]
pub(in crate::openapi) struct SubjectPack {
    /// Of the access that the pack is.
    position: i64,
    rights_request_id: Id,
    access_id: Id,
    /// `child` or `carer`.
    asked_by: String,
    made_at: Instant,
    record: Option<Record>,
    looks: Vec<LookTold>,
    listings: Option<Vec<ListingsTold>>,
    corrections: Option<Vec<CorrectionTold>>,
    /// Where the next page of looks begins; absent on the last.
    next: Option<i64>,
}

/// One look at the record.
#[derive(ToSchema)]
pub(in crate::openapi) struct LookTold {
    at: Instant,
    /// `opened`, `overridden`, `replayed` or `given`.
    kind: String,
    /// For a carer only where the record of the same pack names it.
    organisation: Option<OrganisationId>,
    organisation_name: Option<String>,
    organisation_kind: OrganisationKindName,
    /// Never for a carer.
    user_name: Option<String>,
    reason: Option<Reason>,
    groups: Vec<Group>,
}

/// How often the child stood on a list that was shown.
#[derive(ToSchema)]
pub(in crate::openapi) struct ListingsTold {
    /// `YYYY-MM`.
    month: String,
    organisation_kind: OrganisationKindName,
    count: i64,
}

/// Something that was said to be wrong.
#[derive(ToSchema)]
pub(in crate::openapi) struct CorrectionTold {
    disputed: RightsDisputed,
    received_on: Day,
    /// Absent while it is looked into.
    answer: Option<RightsAnswered>,
    disagrees: bool,
}
