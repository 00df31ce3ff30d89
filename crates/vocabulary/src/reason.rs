//! Access reasons: the closed list of why a record may be looked at. No free text.
//!
//! Source: contract.md section 2; rules.md 4.3; domain.md 5.4.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{NotAWord, wording::find};

/// Why a practitioner looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name is the contract's own word; a sentence would only repeat it")]
pub enum AccessReason {
    NewReferral,
    Assessment,
    ChildProtectionEnquiry,
    ContinuingSupport,
    Emergency,
    MissingEducation,
    Transfer,
    RecordInvolvement,
    MediatedRequest,
    DataQuality,
    Shielding,
    SubjectAccess,
    Audit,
    CaseReview,
}

impl AccessReason {
    /// Every reason, in the order of the contract.
    pub const ALL: [AccessReason; 14] = [
        AccessReason::NewReferral,
        AccessReason::Assessment,
        AccessReason::ChildProtectionEnquiry,
        AccessReason::ContinuingSupport,
        AccessReason::Emergency,
        AccessReason::MissingEducation,
        AccessReason::Transfer,
        AccessReason::RecordInvolvement,
        AccessReason::MediatedRequest,
        AccessReason::DataQuality,
        AccessReason::Shielding,
        AccessReason::SubjectAccess,
        AccessReason::Audit,
        AccessReason::CaseReview,
    ];

    /// The contract's word for it.
    pub fn name(self) -> &'static str {
        match self {
            AccessReason::NewReferral => "new_referral",
            AccessReason::Assessment => "assessment",
            AccessReason::ChildProtectionEnquiry => "child_protection_enquiry",
            AccessReason::ContinuingSupport => "continuing_support",
            AccessReason::Emergency => "emergency",
            AccessReason::MissingEducation => "missing_education",
            AccessReason::Transfer => "transfer",
            AccessReason::RecordInvolvement => "record_involvement",
            AccessReason::MediatedRequest => "mediated_request",
            AccessReason::DataQuality => "data_quality",
            AccessReason::Shielding => "shielding",
            AccessReason::SubjectAccess => "subject_access",
            AccessReason::Audit => "audit",
            AccessReason::CaseReview => "case_review",
        }
    }
}

impl FromStr for AccessReason {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&AccessReason::ALL, AccessReason::name, word, "an access reason of the closed list")
    }
}
