//! Purge: one list of records whose time is over, approved by two people, and a time to think it over.
//!
//! The list names records by their ids and nobody by name. Source: domain.md 4.6 (automatic batch purge after six
//! years, permanent); reliability notes, T14 (two approvers, a waiting time, cancellable).

#[cfg(test)]
mod spec;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ChildId, OrganisationId, PurgeId, england_day};

use super::Event;
use crate::decider::{Decider, When};

/// Most records of one part of a list: half a megabyte.
pub const PART_MAX: usize = 10_000;

/// Nights that must be counted after the second approval, beside the waiting time: a clock that leaps brings one.
pub const NIGHTS_WAITED: usize = 3;

/// For whom an approver speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The authority that answers for the records, which knows what is still needed.
    Authority,
    /// Whoever runs the directory.
    Administration,
}

/// One approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Whose.
    pub by: AccountId,
    /// For whom.
    pub side: Side,
    /// When.
    pub at: DateTime<Utc>,
}

/// A list as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purge {
    /// The authority that answers for the records, once any were proposed.
    pub authority: Option<OrganisationId>,
    /// When it was proposed.
    pub proposed_at: Option<DateTime<Utc>>,
    /// Whose records; forgotten once it is over.
    pub children: Vec<ChildId>,
    /// Who approved it.
    pub approvals: Vec<Approval>,
    /// It was stopped, or gone through.
    pub over: bool,
}

/// What may be asked about a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Propose it, or another part of it.
    Propose { purge: PurgeId, authority: OrganisationId, children: Vec<ChildId> },
    /// Approve it.
    Approve { by: AccountId, side: Side },
    /// Stop it.
    Cancel { by: AccountId },
    /// Tell that it was gone through.
    Finish { purged: u64, spared: u64 },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such list.
    #[error("no such list of records to be purged")]
    Unknown,
    /// No record, or too many at once.
    #[error("a part names 1 to {PART_MAX} records")]
    ChildrenOutOfRange,
    /// It is stopped, or gone through.
    #[error("the list is over")]
    Over,
    /// The same person twice.
    #[error("the second approval is another person's")]
    OwnApproval,
    /// Nobody of the authority among two.
    #[error("one of the two approvals is the responsible authority's, the other the administration's")]
    SameSide,
    /// It has two.
    #[error("the list has both approvals")]
    Approved,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "purge_unknown",
            Refusal::ChildrenOutOfRange => "children_out_of_range",
            Refusal::Over => "purge_over",
            Refusal::OwnApproval => "own_approval",
            Refusal::SameSide => "approval_of_same_side",
            Refusal::Approved => "purge_approved",
        }
    }
}

impl Decider for Purge {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Purge;

    fn decide(state: &Purge, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        if let Command::Propose { purge, authority, children } = command {
            if !(1..=PART_MAX).contains(&children.len()) {
                return Err(Refusal::ChildrenOutOfRange);
            }
            if state.over || !state.approvals.is_empty() {
                return Err(Refusal::Over);
            }
            let (purge, authority, children) = (*purge, authority.clone(), children.clone());
            return Ok(vec![Event::PurgeProposed { purge, authority, children }]);
        }
        if state.authority.is_none() {
            return Err(Refusal::Unknown);
        }
        if state.over {
            return Err(Refusal::Over);
        }
        match command {
            Command::Propose { .. } => Ok(Vec::new()),
            Command::Approve { by, side } => {
                if state.approvals.len() > 1 {
                    return Err(Refusal::Approved);
                }
                if let Some(first) = state.approvals.first() {
                    if first.by == *by {
                        return Err(Refusal::OwnApproval);
                    }
                    if first.side == *side {
                        return Err(Refusal::SameSide);
                    }
                }
                Ok(vec![Event::PurgeApproved { by: *by, side: *side }])
            }
            Command::Cancel { by } => Ok(vec![Event::PurgeCancelled { by: *by }]),
            Command::Finish { purged, spared } => {
                Ok(vec![Event::PurgeFinished { purged: *purged, spared: *spared }])
            }
        }
    }

    fn evolve(state: &mut Purge, event: &Event, when: When) {
        match event {
            Event::PurgeProposed { authority, children, .. } => {
                state.authority = Some(authority.clone());
                state.proposed_at = state.proposed_at.or(Some(when.recorded_at));
                state.children.extend_from_slice(children);
            }
            Event::PurgeApproved { by, side } => {
                state.approvals.push(Approval { by: *by, side: *side, at: when.recorded_at });
            }
            Event::PurgeCancelled { .. } | Event::PurgeFinished { .. } => {
                state.over = true;
                state.children = Vec::new();
            }
            Event::ErasureOrdered { .. }
            | Event::KeysDestroyed { .. }
            | Event::NightCounted { .. }
            | Event::ErasureCertified(_) => (),
        }
    }
}

impl Purge {
    /// Whether it waits for an approval or its time.
    pub fn is_open(&self) -> bool {
        self.authority.is_some() && !self.over
    }

    /// When the waiting time is over, once two people approved.
    pub fn due_at(&self, waiting: Duration) -> Option<DateTime<Utc>> {
        self.approvals.get(1).map(|last| last.at + waiting)
    }

    /// Whether it is to be gone through: approved by two, the time over, and so many nights counted since.
    pub fn is_due(
        &self,
        now: DateTime<Utc>,
        waiting: Duration,
        nights_since: impl Fn(NaiveDate) -> usize,
    ) -> bool {
        let counted = |last: &Approval| nights_since(england_day(last.at)) >= NIGHTS_WAITED;
        self.is_open()
            && self.due_at(waiting).is_some_and(|due| due <= now)
            && self.approvals.get(1).is_some_and(counted)
    }
}
