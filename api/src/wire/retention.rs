//! The bodies of requests about how long a record is kept. Each refuses fields that it does not know.

use chrono::NaiveDate;
use events::{
    case::Reference,
    child::retention::{ExtensionBasis, HoldGround},
};
use serde::Deserialize;
use vocabulary::{Label, Method};

/// `POST /api/v1/children/{n}/holds`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Why.
    pub ground: HoldGround,
    /// The reference of the office that asks.
    pub reference: Reference,
}

/// `POST /api/v1/children/{n}/archive_age`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeExtended {
    /// For whom a record may stay.
    pub basis: ExtensionBasis,
    /// How the young person agreed.
    pub method: Method,
    /// Which notice they were given.
    pub notice_version: Label,
    /// On which day.
    pub decided_on: NaiveDate,
}

/// `POST /api/v1/children/{n}/archive_age/withdrawal`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeWithdrawn {
    /// Since which day they agree no more.
    pub decided_on: NaiveDate,
}
