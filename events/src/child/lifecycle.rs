//! Life cycle: death, departure from England, and the way to the archive.
//!
//! Source: SI 2007/2182 Schedule 1 para 2(d); domain.md 4.6; rules.md 1.2.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{IntendsReturn, OrganisationId, england_day};

use super::{Child, Event};

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

/// The record went to the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// On which day.
    pub on: NaiveDate,
}

/// Death, departure, archive, as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Life {
    /// Day of death.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died_on: Option<NaiveDate>,
    /// Departure, while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_england: Option<Departure>,
    /// Day of archiving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_on: Option<NaiveDate>,
}

/// A departure that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Since which day.
    pub on: NaiveDate,
    /// Whether a return is intended.
    pub intends_return: IntendsReturn,
}

/// What may be asked about the life cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Notify a death.
    NotifyDeath { supplier: OrganisationId, on: NaiveDate },
    /// State a departure.
    StateDeparture { supplier: OrganisationId, on: NaiveDate, intends_return: IntendsReturn },
    /// Move the record to the archive, once it is due.
    Archive,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
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
    /// The record is not due for the archive.
    #[error("the record is not due for the archive")]
    NotDue,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::InFuture { .. } => "date_in_future",
            Refusal::BeforeBirth { .. } => "before_birth",
            Refusal::NotDue => "not_due",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
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
            if child.life.died_on == Some(*on) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ChildDied(Died { supplier: supplier.clone(), on: *on })])
        }
        Command::StateDeparture { supplier, on, intends_return } => {
            fits(*on)?;
            if child.life.left_england == Some(Departure { on: *on, intends_return: *intends_return }) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::ChildLeftEngland(LeftEngland {
                supplier: supplier.clone(),
                on: *on,
                intends_return: *intends_return,
            })])
        }
        Command::Archive => match (child.life.archived_on, child.archived_since(today)) {
            (Some(_), _) => Ok(Vec::new()),
            (None, Some(on)) => Ok(vec![Event::RecordArchived(Archived { on })]),
            (None, None) => Err(Refusal::NotDue),
        },
    }
}

pub(super) fn died(child: &mut Child, event: &Died) {
    child.life.died_on = Some(event.on);
}

pub(super) fn left_england(child: &mut Child, event: &LeftEngland) {
    child.life.left_england = Some(Departure { on: event.on, intends_return: event.intends_return });
}

pub(super) fn archived(child: &mut Child, event: &Archived) {
    child.life.archived_on = Some(event.on);
}
