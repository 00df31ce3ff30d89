//! Responsibility: which authority answers for the record moves by agreement of both, and never by itself.
//!
//! A new address in another authority's area proposes the move to both. Source: SI 2007/2182 regulation 3; rules.md
//! 1.3; domain.md 4.5; invariant I-1; ADR-0042.

#[cfg(test)]
pub(super) mod spec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AddressState, OrganisationId, Position, Postcode, TransferId};

use super::{Child, Event};
use crate::decider::When;

/// A move was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Which proposal.
    pub transfer: TransferId,
    /// Who answers now.
    pub from: OrganisationId,
    /// Who would.
    pub to: OrganisationId,
    /// Which of the two proposes it; neither where a new address does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OrganisationId>,
}

/// One of the two agreed to a move that neither had asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Which proposal.
    pub transfer: TransferId,
    /// Who agreed.
    pub by: OrganisationId,
}

/// Both agreed: the record has another authority from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Which proposal.
    pub transfer: TransferId,
    /// Who answers from here on.
    pub to: OrganisationId,
}

/// One of the two declined, or took its own proposal back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Which proposal.
    pub transfer: TransferId,
    /// Who declined.
    pub by: OrganisationId,
}

/// A proposal that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Who would answer.
    pub to: OrganisationId,
    /// Which of the two proposed it; neither where a new address did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<OrganisationId>,
    /// Which of the two has agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<OrganisationId>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// At which position it was proposed.
    pub position: Position,
}

/// What is decided about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The record moves, once both have said so.
    Accept,
    /// It stays where it is.
    Decline,
}

/// What may be asked about who answers. The directory checks first that `by` is the asker's own authority.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// One of the two authorities proposes a move. A record of the pool is taken at once.
    Propose { transfer: TransferId, to: OrganisationId, by: OrganisationId, pool: OrganisationId },
    /// A supplier told of an address that lies in another authority's area.
    Place { transfer: TransferId, to: OrganisationId, at: Postcode, pool: OrganisationId },
    /// One of the two decides.
    Decide { transfer: TransferId, by: OrganisationId, decision: Decision },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The authority answers already.
    #[error("this authority answers for the record already")]
    AnswersAlready,
    /// Neither gives it away nor would take it.
    #[error("a move is proposed and decided by one of the two authorities")]
    NotAParty,
    /// No such proposal waits.
    #[error("no such transfer waits")]
    Unknown,
    /// The other has not answered.
    #[error("this waits for the other authority; yours has agreed already")]
    AwaitsOther,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::AnswersAlready => "answers_already",
            Refusal::NotAParty => "not_responsible_authority",
            Refusal::Unknown => "transfer_unknown",
            Refusal::AwaitsOther => "transfer_awaits_other",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command) -> Result<Vec<Event>, Refusal> {
    let from = child.authority.as_ref().ok_or(Refusal::NotRegistered)?;
    match command {
        Command::Propose { transfer, to, by, pool } => {
            if from == to {
                return Err(Refusal::AnswersAlready);
            }
            if by != from && by != to {
                return Err(Refusal::NotAParty);
            }
            if let Some((held, waiting)) = open_to(child, to) {
                // What is proposed a second time, from the other side or after an address, is agreed to.
                let said = waiting.agreed.as_ref() == Some(by);
                return Ok(if said { Vec::new() } else { agree(held, waiting, by) });
            }
            let mut events = vec![proposed(*transfer, from, to, Some(by))];
            if from == pool {
                // I-1: the pool is nobody who could agree.
                events.push(accepted_by_both(*transfer, to));
            }
            Ok(events)
        }
        Command::Place { transfer, to, at, pool } => {
            // A shielded child's whereabouts are proposed to nobody: its own team does so by hand.
            let told = !child.is_shielded() && !child.holds_addresses() && stands_at(child, at);
            if !told || from == to || from == pool || open_to(child, to).is_some() {
                return Ok(Vec::new());
            }
            Ok(vec![proposed(*transfer, from, to, None)])
        }
        Command::Decide { transfer, by, decision } => {
            let waiting = child.transfers.get(transfer).ok_or(Refusal::Unknown)?;
            if by != from && *by != waiting.to {
                return Err(Refusal::NotAParty);
            }
            match decision {
                Decision::Decline => Ok(vec![Event::ResponsibilityTransferDeclined(Declined {
                    transfer: *transfer,
                    by: by.clone(),
                })]),
                Decision::Accept if waiting.agreed.as_ref() == Some(by) => Err(Refusal::AwaitsOther),
                Decision::Accept => Ok(agree(*transfer, waiting, by)),
            }
        }
    }
}

/// What one side's word leads to: the first is remembered, the second moves the record.
fn agree(transfer: TransferId, waiting: &Transfer, by: &OrganisationId) -> Vec<Event> {
    vec![match waiting.agreed {
        None => Event::ResponsibilityTransferAgreed(Agreed { transfer, by: by.clone() }),
        Some(_) => accepted_by_both(transfer, &waiting.to),
    }]
}

fn proposed(
    transfer: TransferId,
    from: &OrganisationId,
    to: &OrganisationId,
    by: Option<&OrganisationId>,
) -> Event {
    let (from, to, by) = (from.clone(), to.clone(), by.cloned());
    Event::ResponsibilityTransferProposed(Proposed { transfer, from, to, by })
}

fn accepted_by_both(transfer: TransferId, to: &OrganisationId) -> Event {
    Event::ResponsibilityTransferAccepted(Accepted { transfer, to: to.clone() })
}

/// The proposal that waits for this authority, if there is one.
fn open_to<'a>(child: &'a Child, to: &OrganisationId) -> Option<(TransferId, &'a Transfer)> {
    child
        .transfers
        .iter()
        .find(|(_, waiting)| waiting.to == *to)
        .map(|(transfer, waiting)| (*transfer, waiting))
}

/// Whether the address that stands is there: another source's word may outweigh the one just told.
fn stands_at(child: &Child, at: &Postcode) -> bool {
    match child.address() {
        Some(AddressState::Known(address)) => address.postcode.as_ref() == Some(at),
        Some(AddressState::NoneKnown) | None => false,
    }
}

pub(super) fn was_proposed(child: &mut Child, event: &Proposed, when: When) {
    let waiting = Transfer {
        to: event.to.clone(),
        proposed_by: event.by.clone(),
        agreed: event.by.clone(),
        since: when.recorded_at,
        position: when.position,
    };
    child.transfers.insert(event.transfer, waiting);
}

pub(super) fn was_agreed(child: &mut Child, event: &Agreed) {
    if let Some(waiting) = child.transfers.get_mut(&event.transfer) {
        waiting.agreed = Some(event.by.clone());
    }
}

/// Whatever else was proposed was proposed of another authority's child.
pub(super) fn was_accepted(child: &mut Child, event: &Accepted) {
    child.authority = Some(event.to.clone());
    child.transfers.clear();
}

pub(super) fn was_declined(child: &mut Child, event: &Declined) {
    child.transfers.remove(&event.transfer);
}
