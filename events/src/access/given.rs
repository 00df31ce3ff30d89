//! Handing out what is held, upon a request of the person's own.

use serde::{Deserialize, Serialize};
use vocabulary::{AccessId, FieldGroup, RightsId};

use crate::child::RecordState;

/// What is held was handed out to whom it is about, or to a carer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Which look.
    pub access: AccessId,
    /// Upon which request.
    pub request: RightsId,
    /// Which groups of fields were handed out.
    pub groups: Vec<FieldGroup>,
    /// In which state the record was.
    pub record_state: RecordState,
    /// By which version of the policy.
    pub policy_version: u64,
}
