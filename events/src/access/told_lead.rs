//! Who is told of a look: the lead professional, where the policy says so (`look_tells_lead`).

use serde::{Deserialize, Serialize};
use vocabulary::{InvolvementId, OrganisationId};

/// A lead professional who is told of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldLead {
    /// The entry that holds the role.
    pub involvement: InvolvementId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Staff of which organisation looked.
    pub looked: OrganisationId,
}
