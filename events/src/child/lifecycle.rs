//! Life cycle: death and departure from England, each supplier's own word.
//!
//! Source: SI 2007/2182 Schedule 1 para 2(d); domain.md 4.6; rules.md 1.2.

#[cfg(test)]
mod spec;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{IntendsReturn, OrganisationId, Position, england_day};

use super::{Child, Event, retention::Extension};
use crate::decider::When;

/// A death was notified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Died {
    /// By whom.
    pub supplier: OrganisationId,
    /// On which day.
    pub on: NaiveDate,
}

/// A child left England.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftEngland {
    /// By whom told.
    pub supplier: OrganisationId,
    /// Since which day.
    pub on: NaiveDate,
    /// Whether a return within three years is intended.
    pub intends_return: IntendsReturn,
}

/// Death, departure, archive, as remembered: each supplier's own word, and what follows from them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Life {
    /// Day of death: the newest standing word on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died_on: Option<NaiveDate>,
    /// Departure: the newest standing word, unless an address in England was told since (I-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_england: Option<Departure>,
    /// Day on which the record went to the archive, once that was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_on: Option<NaiveDate>,
    /// A young person's word to stay after eighteen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// Day on which the record closed, no additional service having worked with the child for a year (rules.md 1.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    /// When it was last opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_at: Option<DateTime<Utc>>,
    /// What each supplier last told of a death.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deaths: BTreeMap<OrganisationId, Death>,
    /// What each supplier last told of a departure.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub departures: BTreeMap<OrganisationId, Departure>,
}

/// A death as one supplier told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// On which day.
    pub on: NaiveDate,
    /// At which position it was told.
    pub position: Position,
}

/// A departure as one supplier told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Since which day.
    pub on: NaiveDate,
    /// Whether a return is intended.
    pub intends_return: IntendsReturn,
    /// At which position it was told.
    pub position: Position,
}

/// What may be asked about the life cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Notify a death.
    NotifyDeath { supplier: OrganisationId, on: NaiveDate },
    /// State a departure.
    StateDeparture { supplier: OrganisationId, on: NaiveDate, intends_return: IntendsReturn },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The day lies in the future.
    #[error("{on} lies in the future")]
    InFuture {
        /// The day told.
        on: NaiveDate,
    },
    /// The day lies before birth.
    #[error("{on} lies before the date of birth")]
    BeforeBirth {
        /// The day told.
        on: NaiveDate,
    },
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::InFuture { .. } => "date_in_future",
            Refusal::BeforeBirth { .. } => "before_birth",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    let fits = |on: NaiveDate| {
        if on > today {
            Err(Refusal::InFuture { on })
        } else if child.date_of_birth().is_some_and(|born| on < born) {
            Err(Refusal::BeforeBirth { on })
        } else {
            Ok(())
        }
    };
    match command {
        Command::NotifyDeath { supplier, on } => {
            fits(*on)?;
            // Rules.md 2.3: what another supplier told must not show in this one's answer.
            if child.life.deaths.get(supplier).is_some_and(|told| told.on == *on) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ChildDied(Died { supplier: supplier.clone(), on: *on })])
        }
        Command::StateDeparture { supplier, on, intends_return } => {
            fits(*on)?;
            let known = child.life.departures.get(supplier);
            if known.is_some_and(|told| (told.on, told.intends_return) == (*on, *intends_return)) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ChildLeftEngland(LeftEngland {
                supplier: supplier.clone(),
                on: *on,
                intends_return: *intends_return,
            })])
        }
    }
}

pub(super) fn died(child: &mut Child, event: &Died, when: When) {
    child.life.deaths.insert(event.supplier.clone(), Death { on: event.on, position: when.position });
    settle(child);
}

pub(super) fn left_england(child: &mut Child, event: &LeftEngland, when: When) {
    let departure = Departure { on: event.on, intends_return: event.intends_return, position: when.position };
    child.life.departures.insert(event.supplier.clone(), departure);
    settle(child);
}

/// Takes back what a supplier told, once no reference of its means this child.
pub(super) fn taken_back(child: &mut Child, supplier: &OrganisationId) {
    child.life.deaths.remove(supplier);
    child.life.departures.remove(supplier);
}

/// Adds another record's deaths and departures, the newer word of each supplier; archived is what either is.
pub(super) fn joined(whole: &mut Child, other: &Child) {
    for (supplier, theirs) in &other.life.deaths {
        if whole.life.deaths.get(supplier).is_none_or(|own| own.position < theirs.position) {
            whole.life.deaths.insert(supplier.clone(), theirs.clone());
        }
    }
    for (supplier, theirs) in &other.life.departures {
        if whole.life.departures.get(supplier).is_none_or(|own| own.position < theirs.position) {
            whole.life.departures.insert(supplier.clone(), theirs.clone());
        }
    }
    whole.life.archived_on = match (whole.life.archived_on, other.life.archived_on) {
        (Some(own), Some(theirs)) => Some(own.min(theirs)),
        (own, theirs) => own.or(theirs),
    };
    if whole.life.extension.is_none() {
        whole.life.extension.clone_from(&other.life.extension);
    }
    // Of two records that are one child both must have closed.
    let both = whole.life.closed_on.zip(other.life.closed_on);
    whole.life.closed_on = both.map(|(own, theirs)| own.max(theirs));
    whole.life.reopened_at = whole.life.reopened_at.max(other.life.reopened_at);
}

/// Says anew which words on death and departure stand; to be called when any word or link has changed.
///
/// I-2: an address in England and "left England" exclude each other, the newer word stands.
pub(super) fn settle(child: &mut Child) {
    let death = child
        .life
        .deaths
        .iter()
        .filter(|(supplier, _)| !child.disputes_all(supplier))
        .max_by_key(|(_, told)| told.position);
    let departure = child
        .life
        .departures
        .iter()
        .filter(|(supplier, _)| !child.disputes_all(supplier))
        .map(|(_, told)| told)
        .max_by_key(|told| told.position)
        .filter(|told| child.addressed_since().is_none_or(|since| since <= told.position));
    let (died_on, left_england) = (death.map(|(_, told)| told.on), departure.cloned());
    child.life.died_on = died_on;
    child.life.left_england = left_england;
}
