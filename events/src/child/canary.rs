//! Canaries: invented records that nobody has a reason to open, so that opening one is an alarm.
//!
//! That a record is one is shown to nobody and moves nothing that anybody is shown. Source: domain.md 6.4;
//! reliability.md section 3 (T1, T3); ADR-0043.

#[cfg(test)]
mod spec;

use serde::{Deserialize, Serialize};

use super::{Child, Event};

/// The record is an invented one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {}

/// The record is watched no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmarked {}

/// What may be asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Watch the record.
    Mark,
    /// Watch it no more.
    Unmark,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
        }
    }
}

/// Whoever marks is not told whether anybody works with the child: an auditor may not know.
pub(super) fn decide(child: &Child, command: Command) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    match command {
        Command::Mark if child.canary => Ok(Vec::new()),
        Command::Mark => Ok(vec![Event::CanaryMarked(Marked {})]),
        Command::Unmark if child.canary => Ok(vec![Event::CanaryUnmarked(Unmarked {})]),
        Command::Unmark => Ok(Vec::new()),
    }
}
