//! The bodies of what services say of one another. Each refuses fields that it does not know.

use chrono::NaiveDate;
use events::child::involvement::Withholding;
use serde::Deserialize;
use vocabulary::InvolvementId;

/// `POST /api/v1/involvements/{id}/contacts`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// The entry of the other service.
    pub with: InvolvementId,
    /// On which day.
    pub on: NaiveDate,
}

/// `POST /api/v1/involvements/{id}/withholdings`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWithholding {
    /// The entry of the other service; absent: with nobody.
    pub with: Option<InvolvementId>,
    /// Why.
    pub because: Withholding,
    /// On which day it was decided.
    pub on: NaiveDate,
}
