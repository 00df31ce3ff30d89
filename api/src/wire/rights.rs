//! The bodies of requests of children and carers about what is held. Each refuses fields that it does not know.

use chrono::NaiveDate;
use events::rights::{Answer, Asked, Asker, ChildsView, Proof, Step};
use serde::Deserialize;
use vocabulary::{ChildNumber, Competence};

/// `POST /api/v1/rights_requests`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRightsRequest {
    /// About whom.
    pub child_number: ChildNumber,
    /// Who asks.
    pub asked_by: Asker,
    /// What.
    pub asked: Asked,
    /// How the child's understanding was judged.
    pub competence: Competence,
    /// What the competent child says of a carer's request.
    pub childs_view: Option<ChildsView>,
    /// By what the identity of whoever asks was proved.
    pub proof: Proof,
    /// When it was received; today, where it does not say.
    pub received_on: Option<NaiveDate>,
}

/// `POST /api/v1/rights_requests/{id}/carer`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarerCheck {
    /// Whether the carer lives where the child lives.
    pub lives_with_child: bool,
}

/// `POST /api/v1/rights_requests/{id}/threat`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreatCheck {
    /// Whether telling the carer is no danger.
    pub cleared: bool,
}

/// `POST /api/v1/rights_requests/{id}/steps`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightsStep {
    /// Which.
    pub step: Step,
}

/// `POST /api/v1/rights_requests/{id}/answer`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightsAnswer {
    /// How it is answered.
    pub answer: Answer,
}
