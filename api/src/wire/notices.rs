//! The bodies about notices: what a family is told of what is held. Each refuses fields that it does not know.

use chrono::NaiveDate;
use events::child::notices::{Audience, Means};
use serde::Deserialize;
use vocabulary::{ChildNumber, Label};

/// `POST /api/v1/privacy_notices`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// About whom.
    pub child_number: ChildNumber,
    /// To whom it was given.
    pub audience: Audience,
    /// How.
    pub means: Means,
}

/// `POST /api/v1/privacy_notices/parents`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParentMark {
    /// About whom.
    pub child_number: ChildNumber,
    /// Whether a parent is to receive the child's own copy too.
    pub parent_too: bool,
}

/// `POST /api/v1/privacy_notices/versions`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNoticeVersion {
    /// Its version, as consents name it.
    pub notice_version: Label,
    /// The day from which it is given; today, where it does not say.
    pub on: Option<NaiveDate>,
}
