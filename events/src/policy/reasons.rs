//! Which role may give which reason, and what each reason demands beside it.
//!
//! Source: rules.md 4.3; domain.md 5.1, 5.4; invariant I-19.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use vocabulary::{AccessReason, Role};

/// What a reason demands beside itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// Nothing.
    Nothing,
    /// An open entry of the viewer's own organisation.
    OwnOpenEntry,
    /// A case reference.
    CaseReference,
    /// The reference of the person's own request.
    Request,
}

/// The table of reasons. A role that is not in it may look at nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reasons {
    /// Which reasons each role may give.
    pub permitted: BTreeMap<Role, BTreeSet<AccessReason>>,
    /// What each reason demands; one that is not in it demands nothing.
    pub demanded: BTreeMap<AccessReason, Demand>,
}

/// The reasons of anyone who works with children.
const PRACTICE: [AccessReason; 8] = [
    AccessReason::NewReferral,
    AccessReason::Assessment,
    AccessReason::ChildProtectionEnquiry,
    AccessReason::ContinuingSupport,
    AccessReason::Emergency,
    AccessReason::MissingEducation,
    AccessReason::Transfer,
    AccessReason::RecordInvolvement,
];

/// What the directory's own team does besides.
const TEAM: [AccessReason; 3] =
    [AccessReason::DataQuality, AccessReason::Shielding, AccessReason::SubjectAccess];

/// What looking back is for.
const REVIEW: [AccessReason; 2] = [AccessReason::Audit, AccessReason::CaseReview];

impl Default for Reasons {
    fn default() -> Reasons {
        let team = || PRACTICE.into_iter().chain(TEAM).collect();
        Reasons {
            permitted: BTreeMap::from([
                (Role::Practitioner, BTreeSet::from(PRACTICE)),
                (Role::PractitionerOverride, BTreeSet::from(PRACTICE)),
                (Role::NationalPartner, BTreeSet::from(PRACTICE)),
                // The reason is the caller's own; this one is left where the caller gives none.
                (Role::Mediator, BTreeSet::from([AccessReason::MediatedRequest])),
                (Role::AuthorityTeam, team()),
                (Role::DataManager, team()),
                (Role::Auditor, BTreeSet::from(REVIEW)),
                (Role::Investigator, BTreeSet::from(REVIEW)),
            ]),
            demanded: BTreeMap::from([
                (AccessReason::ContinuingSupport, Demand::OwnOpenEntry),
                (AccessReason::RecordInvolvement, Demand::OwnOpenEntry),
                (AccessReason::Audit, Demand::CaseReference),
                (AccessReason::CaseReview, Demand::CaseReference),
                (AccessReason::SubjectAccess, Demand::Request),
            ]),
        }
    }
}

impl Reasons {
    /// Tells whether a role may look at anything at all.
    pub fn may_look(&self, role: Role) -> bool {
        self.permitted.get(&role).is_some_and(|reasons| !reasons.is_empty())
    }

    /// I-19: tells whether a role may give a reason.
    pub fn permits(&self, role: Role, reason: AccessReason) -> bool {
        self.permitted.get(&role).is_some_and(|reasons| reasons.contains(&reason))
    }

    /// What a reason demands beside itself.
    pub fn demand(&self, reason: AccessReason) -> Demand {
        self.demanded.get(&reason).copied().unwrap_or(Demand::Nothing)
    }
}
