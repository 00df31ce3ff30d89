//! Bodies about how long records are kept.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    shown::OutcomeProblem,
    words::{
        ChildNumber, Day, EventOutcome, ExtensionBasis, HoldGround, Id, Instant, Label, Method,
        OrganisationId, PurgeSide, Reference,
    },
};

/// Something that keeps a record from being purged.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewHold {
    ground: HoldGround,
    /// The reference of the office that asks.
    reference: Reference,
}

/// The outcome of placing a hold, with its id.
#[derive(ToSchema)]
pub(in crate::openapi) struct HoldOutcome {
    hold_id: Id,
    outcome: EventOutcome,
    position: Option<i64>,
    child_number: Option<ChildNumber>,
    problem: Option<OutcomeProblem>,
}

/// A young person's word to stay until twenty-five.
#[derive(ToSchema)]
pub(in crate::openapi) struct AgeExtended {
    basis: ExtensionBasis,
    method: Method,
    /// Which notice they were given.
    notice_version: Label,
    decided_on: Day,
}

/// Their word that they agree no more.
#[derive(ToSchema)]
pub(in crate::openapi) struct AgeWithdrawn {
    decided_on: Day,
}

/// Lists that wait.
#[derive(ToSchema)]
pub(in crate::openapi) struct PurgeLists {
    purges: Vec<PurgeListed>,
}

/// A list of records to be purged: how many, and never whose.
#[derive(ToSchema)]
pub(in crate::openapi) struct PurgeListed {
    purge_id: Id,
    authority: OrganisationId,
    /// `null`: fewer than five.
    records: Option<i64>,
    proposed_at: Option<Instant>,
    /// Which sides have approved.
    approved: Vec<PurgeSide>,
    /// Until when it waits, once both have; it may still be stopped.
    due_at: Option<Instant>,
}

/// What was said of a list.
#[derive(ToSchema)]
pub(in crate::openapi) struct PurgeSaid {
    /// Absent where it was so already.
    position: Option<i64>,
}
