//! What services say of one another: contact that was made, and what was decided not to be shared.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::words::{Day, Id, WithholdingGround};

/// Two services got in touch.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewContact {
    /// The involvement of the other, as the record names it.
    with: Id,
    on: Day,
}

/// One decided not to share what it knows.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewWithholding {
    /// The involvement of the other; absent: with nobody.
    with: Option<Id>,
    because: WithholdingGround,
    on: Day,
}
