//! Setting: where the child is taught, and where registered for primary care.
//!
//! Never stated reads as none known; only a statement closes the gap (contract.md section 2). 'Educated
//! otherwise' is a value, not a gap (domain.md Q15). Source: SI 2007/2182 Schedule 1.

#[cfg(test)]
mod spec;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{KeyedRef, OrganisationId, Position, england_day};

use super::{Child, Event};
use crate::{
    decider::When,
    supplied::{EducationState, PrimaryCareState},
};

/// Where the child is taught, as one source states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EducationStated {
    /// Under which reference.
    pub source: KeyedRef,
    /// By whom.
    pub supplier: OrganisationId,
    /// Attending, otherwise, or none known.
    pub state: EducationState,
    /// At which setting, when attending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Since which day.
    pub on: NaiveDate,
}

/// Where the child is registered, as one source states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrimaryCareStated {
    /// Under which reference.
    pub source: KeyedRef,
    /// By whom.
    pub supplier: OrganisationId,
    /// Registered, or none known.
    pub state: PrimaryCareState,
    /// With which practice, when registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Since which day.
    pub on: NaiveDate,
}

/// One source's word on education.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of EducationStated, where it stands and when it was told"
)]
pub struct Education {
    pub supplier: OrganisationId,
    pub state: EducationState,
    pub organisation: Option<OrganisationId>,
    pub on: NaiveDate,
    pub position: Position,
    pub as_at: DateTime<Utc>,
}

/// One source's word on primary care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are those of PrimaryCareStated, where it stands and when it was told"
)]
pub struct PrimaryCare {
    pub supplier: OrganisationId,
    pub state: PrimaryCareState,
    pub organisation: Option<OrganisationId>,
    pub on: NaiveDate,
    pub position: Position,
    pub as_at: DateTime<Utc>,
}

/// What may be asked about settings.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// State education.
    StateEducation {
        source: KeyedRef,
        supplier: OrganisationId,
        state: EducationState,
        organisation: Option<OrganisationId>,
        on: NaiveDate,
    },
    /// State primary care.
    StatePrimaryCare {
        source: KeyedRef,
        supplier: OrganisationId,
        state: PrimaryCareState,
        organisation: Option<OrganisationId>,
        on: NaiveDate,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// Attending or registered, and no organisation named.
    #[error("this state needs an organisation")]
    OrganisationMissing,
    /// Not attending or not registered, and an organisation named.
    #[error("this state takes no organisation")]
    OrganisationNotTaken,
    /// The day lies in the future.
    #[error("{on} lies in the future")]
    InFuture {
        /// The day told.
        on: NaiveDate,
    },
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::OrganisationMissing => "organisation_missing",
            Refusal::OrganisationNotTaken => "organisation_not_taken",
            Refusal::InFuture { .. } => "date_in_future",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    match command {
        Command::StateEducation { source, supplier, state, organisation, on } => {
            fits(*state == EducationState::Attending, organisation.as_ref(), *on, today)?;
            let known = child.education.get(source);
            if known.is_some_and(|known| {
                (known.state, known.organisation.as_ref(), known.on) == (*state, organisation.as_ref(), *on)
            }) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::EducationStated(EducationStated {
                source: *source,
                supplier: supplier.clone(),
                state: *state,
                organisation: organisation.clone(),
                on: *on,
            })])
        }
        Command::StatePrimaryCare { source, supplier, state, organisation, on } => {
            fits(*state == PrimaryCareState::Registered, organisation.as_ref(), *on, today)?;
            let known = child.primary_care.get(source);
            if known.is_some_and(|known| {
                (known.state, known.organisation.as_ref(), known.on) == (*state, organisation.as_ref(), *on)
            }) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::PrimaryCareStated(PrimaryCareStated {
                source: *source,
                supplier: supplier.clone(),
                state: *state,
                organisation: organisation.clone(),
                on: *on,
            })])
        }
    }
}

fn fits(
    needs: bool,
    organisation: Option<&OrganisationId>,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    match (needs, organisation) {
        (true, None) => Err(Refusal::OrganisationMissing),
        (false, Some(_)) => Err(Refusal::OrganisationNotTaken),
        (true, Some(_)) | (false, None) if on > today => Err(Refusal::InFuture { on }),
        (true, Some(_)) | (false, None) => Ok(()),
    }
}

pub(super) fn education_stated(child: &mut Child, event: &EducationStated, when: When) {
    child.education.insert(
        event.source,
        Education {
            supplier: event.supplier.clone(),
            state: event.state,
            organisation: event.organisation.clone(),
            on: event.on,
            position: when.position,
            as_at: when.recorded_at,
        },
    );
}

pub(super) fn primary_care_stated(child: &mut Child, event: &PrimaryCareStated, when: When) {
    child.primary_care.insert(
        event.source,
        PrimaryCare {
            supplier: event.supplier.clone(),
            state: event.state,
            organisation: event.organisation.clone(),
            on: event.on,
            position: when.position,
            as_at: when.recorded_at,
        },
    );
}

/// What was said under a reference given up is said under the one that stays, the newer word of each.
pub(super) fn moved(child: &mut Child, from: &KeyedRef, to: KeyedRef) {
    if let Some(given_up) = child.education.remove(from)
        && child.education.get(&to).is_none_or(|stays| stays.position < given_up.position)
    {
        child.education.insert(to, given_up);
    }
    if let Some(given_up) = child.primary_care.remove(from)
        && child.primary_care.get(&to).is_none_or(|stays| stays.position < given_up.position)
    {
        child.primary_care.insert(to, given_up);
    }
}

/// Adds another record's statements, the newer word of each.
pub(super) fn joined(whole: &mut Child, other: &Child) {
    for (source, theirs) in &other.education {
        if whole.education.get(source).is_none_or(|own| own.position < theirs.position) {
            whole.education.insert(*source, theirs.clone());
        }
    }
    for (source, theirs) in &other.primary_care {
        if whole.primary_care.get(source).is_none_or(|own| own.position < theirs.position) {
            whole.primary_care.insert(*source, theirs.clone());
        }
    }
}

impl Child {
    /// Education as the newest day stated it; of one day, the word recorded last.
    pub fn current_education(&self) -> Option<&Education> {
        self.education
            .iter()
            .filter(|(source, _)| !self.is_disputed(source))
            .map(|(_, education)| education)
            .max_by_key(|education| (education.on, education.position))
    }

    /// Primary care as the newest day stated it; of one day, the word recorded last.
    pub fn current_primary_care(&self) -> Option<&PrimaryCare> {
        self.primary_care
            .iter()
            .filter(|(source, _)| !self.is_disputed(source))
            .map(|(_, primary_care)| primary_care)
            .max_by_key(|primary_care| (primary_care.on, primary_care.position))
    }
}
