//! Shield: an authority hides where a child can be found. No feed ever sets or lifts one.
//!
//! Source: SI 2007/2182 regulation 6(5)-(6); rules.md 1.4, 2.7; domain.md 3; invariant I-7.

#[cfg(test)]
mod spec;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{OrganisationId, Position, ShieldId, england_day};

use super::{Child, Event, details, involvement};
use crate::decider::When;

/// Longest time to a shield's review, in months (domain.md 3.4).
pub const REVIEW_MONTHS_MAX: u32 = 6;

/// Why a record is shielded: a closed list without any ground of occupation or standing (domain.md Q8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Someone who does not know the address could harm child or parent.
    DomesticAbuse,
    /// An adoption or placement at risk.
    AdoptionAtRisk,
    /// Witness protection.
    WitnessProtection,
    /// A protected service works with the child.
    ProtectedService,
    /// Other strong reason to believe that not shielding raises the risk of significant harm.
    RiskOfHarm,
}

/// Someone asked for a shield.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which request; the shield keeps its id.
    pub shield: ShieldId,
    /// Whose staff or feed asked.
    pub by: OrganisationId,
    /// Why.
    pub ground: Ground,
    /// Whether new addresses wait until this is decided (rules.md 1.4).
    #[serde(default)]
    pub holds_addresses: bool,
}

/// An authority shielded the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Which shield.
    pub shield: ShieldId,
    /// Why.
    pub ground: Ground,
    /// By which day it is reviewed.
    pub review_by: NaiveDate,
}

/// An authority refused a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Which request.
    pub shield: ShieldId,
}

/// A shield was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Which shield.
    pub shield: ShieldId,
    /// By which day it is reviewed again.
    pub review_by: NaiveDate,
}

/// A shield was lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// Which shield.
    pub shield: ShieldId,
}

/// A shield in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shield {
    /// Why.
    pub ground: Ground,
    /// By which day it is reviewed.
    pub review_by: NaiveDate,
}

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShieldRequest {
    /// Who asked.
    pub by: OrganisationId,
    /// Why.
    pub ground: Ground,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Whether new addresses wait with it.
    pub holds_addresses: bool,
    /// At which position it was asked for.
    #[serde(default)]
    pub position: Position,
}

/// What may be asked about shields. The directory checks first that the asker is of the right role.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Ask for a shield.
    Request { shield: ShieldId, by: OrganisationId, ground: Ground },
    /// Apply one, answering a request of the same id or unasked.
    Apply { shield: ShieldId, ground: Ground, review_by: NaiveDate },
    /// Refuse a request.
    Refuse { shield: ShieldId },
    /// Keep a shield after review.
    Keep { shield: ShieldId, review_by: NaiveDate },
    /// Lift it.
    Lift { shield: ShieldId },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The review is too far away or in the past.
    #[error("the review must lie between today and {REVIEW_MONTHS_MAX} months ahead")]
    ReviewOutOfRange,
    /// No such shield or request.
    #[error("no such shield or request stands on this record")]
    Unknown,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::ReviewOutOfRange => "review_out_of_range",
            Refusal::Unknown => "shield_unknown",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    match command {
        Command::Request { shield, by, ground } => {
            if child.shield_requests.contains_key(shield) || child.shields.contains_key(shield) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ShieldRequested(Requested {
                shield: *shield,
                by: by.clone(),
                ground: *ground,
                holds_addresses: false,
            })])
        }
        Command::Apply { shield, ground, review_by } => {
            if child.shields.contains_key(shield) {
                return Ok(Vec::new());
            }
            in_range(*review_by, today)?;
            Ok(vec![Event::ShieldApplied(Applied {
                shield: *shield,
                ground: *ground,
                review_by: *review_by,
            })])
        }
        Command::Refuse { shield } => {
            if !child.shield_requests.contains_key(shield) {
                return Err(Refusal::Unknown);
            }
            Ok(vec![Event::ShieldRefused(Refused { shield: *shield })])
        }
        Command::Keep { shield, review_by } => {
            let Some(held) = child.shields.get(shield) else { return Err(Refusal::Unknown) };
            if held.review_by == *review_by {
                return Ok(Vec::new());
            }
            in_range(*review_by, today)?;
            Ok(vec![Event::ShieldReviewed(Reviewed { shield: *shield, review_by: *review_by })])
        }
        Command::Lift { shield } => {
            if !child.shields.contains_key(shield) {
                return Err(Refusal::Unknown);
            }
            let mut events = vec![Event::ShieldLifted(Lifted { shield: *shield })];
            if child.shields.len() == 1 {
                // I-6: what was hidden from each other under the shield is in sight of all now.
                events.extend(involvement::leads_given_up(child, None, today));
            }
            Ok(events)
        }
    }
}

fn in_range(review_by: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    let latest = today.checked_add_months(Months::new(REVIEW_MONTHS_MAX)).unwrap_or(today);
    if review_by < today || review_by > latest { Err(Refusal::ReviewOutOfRange) } else { Ok(()) }
}

pub(super) fn requested(child: &mut Child, event: &Requested, when: When) {
    child.shield_requests.insert(
        event.shield,
        ShieldRequest {
            by: event.by.clone(),
            ground: event.ground,
            since: when.recorded_at,
            holds_addresses: event.holds_addresses,
            position: when.position,
        },
    );
}

pub(super) fn applied(child: &mut Child, event: &Applied) {
    child.shields.insert(event.shield, Shield { ground: event.ground, review_by: event.review_by });
    decided(child, event.shield);
}

pub(super) fn refused(child: &mut Child, event: &Refused) {
    decided(child, event.shield);
}

pub(super) fn reviewed(child: &mut Child, event: &Reviewed) {
    if let Some(shield) = child.shields.get_mut(&event.shield) {
        shield.review_by = event.review_by;
    }
}

pub(super) fn lifted(child: &mut Child, event: &Lifted) {
    child.shields.remove(&event.shield);
}

/// A request was answered: addresses that waited for it come into force.
fn decided(child: &mut Child, shield: ShieldId) {
    child.shield_requests.remove(&shield);
    if !child.holds_addresses() {
        details::release_addresses(child);
    }
}
