//! Shapes of what operators are told.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::words::Instant;

/// How far the log and what is folded of it have come.
#[derive(ToSchema)]
pub(in crate::openapi) struct Operations {
    /// The newest durable position.
    head: i64,
    read_models: Vec<ReadModelStanding>,
    /// The newest backup; absent where none was made of this data folder.
    backup: Option<BackupMade>,
}

/// A backup, whose copy of the log was proved whole when it was made.
#[derive(ToSchema)]
pub(in crate::openapi) struct BackupMade {
    /// When it was done.
    at: Instant,
    /// Records of the log in it.
    records: i64,
    /// Whether the keys were copied too.
    keys: bool,
}

/// A read model, and the position up to which it has folded.
#[derive(ToSchema)]
pub(in crate::openapi) struct ReadModelStanding {
    name: String,
    position: i64,
}

/// A page of the log by its headers.
#[derive(ToSchema)]
pub(in crate::openapi) struct Headers {
    headers: Vec<HeaderTold>,
    /// Where the next page begins; absent on the last.
    next: Option<i64>,
}

/// What is told of one record: nothing of its payload, nor whom it is about.
#[derive(ToSchema)]
pub(in crate::openapi) struct HeaderTold {
    position: i64,
    /// Its place in its stream.
    revision: i64,
    /// What its stream is about.
    kind: String,
    recorded_at: Instant,
    schema: i64,
    /// Absent where the payload was erased.
    bytes: Option<i64>,
}
