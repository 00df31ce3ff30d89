//! What a row becomes: the description, and where filled the school and the practice, each an event of its own.
//!
//! Parts are numbered for each reference of a supplier: the first thing ever said is 1, each change the next. What
//! the newest number says is how things stand, so a part that says the same again is known and adds nothing, and
//! one that goes back to an earlier value is news. The day of a setting is no part of what is compared: it is the
//! day on which the file first said so. Source: contract.md section 1 (`import children`).

use chrono::{DateTime, NaiveDate, Utc};
use directory::{Directory, OutcomeKind, Sender, SuppliedEvent, SupplyError};
use events::supplied::{EducationState, PrimaryCareState, Supplied, SuppliedChild};

use crate::feed::children::ChildRow;

/// Most changes of one part that are looked through: one a day for twenty years.
const CHANGES_MAX: u32 = 7_300;

/// One part of a row.
pub(super) struct Part {
    /// The column that a refusal is told under.
    pub(super) field: &'static str,
    name: &'static str,
    told: Supplied,
    /// What is compared with what was said before.
    content: Vec<u8>,
}

/// What is to be done with a part.
pub(super) enum Next {
    /// It was said before and stands.
    Known,
    /// It is news.
    Send(Box<SuppliedEvent>),
}

/// The parts of a row, in the order in which they are sent.
///
/// In a dry run nothing is linked, so that a setting must name the child whole.
pub(super) fn parts(row: &ChildRow, today: NaiveDate, whole: bool) -> serde_json::Result<Vec<Part>> {
    let described = Supplied::ChildDescribed { child: row.child.clone(), version: None };
    let mut parts = vec![Part {
        field: "local_ref",
        name: "described",
        content: serde_json::to_vec(&described)?,
        told: described,
    }];
    let child = || {
        if whole {
            row.child.clone()
        } else {
            SuppliedChild { local_ref: Some(row.local_ref.clone()), ..SuppliedChild::default() }
        }
    };
    if let Some(school) = &row.school {
        parts.push(Part {
            field: "school_urn",
            name: "education",
            content: school.as_str().into(),
            told: Supplied::EducationStated {
                child: child(),
                state: EducationState::Attending,
                organisation: Some(school.clone()),
                on: today,
            },
        });
    }
    if let Some(practice) = &row.practice {
        parts.push(Part {
            field: "gp_ods",
            name: "primary_care",
            content: practice.as_str().into(),
            told: Supplied::PrimaryCareStated {
                child: child(),
                state: PrimaryCareState::Registered,
                organisation: Some(practice.clone()),
                on: today,
            },
        });
    }
    Ok(parts)
}

impl Part {
    /// Decides whether the part is news.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn next(
        self,
        directory: &Directory,
        sender: &Sender,
        local_ref: &str,
        now: DateTime<Utc>,
    ) -> Result<Next, SupplyError> {
        let id = |number: u32| format!("{}/{number}/{local_ref}", self.name);
        let mut newest = 0;
        while newest < CHANGES_MAX && directory.event_outcome(sender, &id(newest + 1))?.is_some() {
            newest += 1;
        }
        let event = |number: u32| SuppliedEvent {
            id: id(number),
            happened_at: Some(now),
            body: self.content.clone(),
            told: self.told.clone(),
        };
        if newest > 0 {
            // A known id adds nothing, whatever its body: it only tells whether the body is the same.
            let again = directory.supply(sender, event(newest), directory::Mode::DryRun)?;
            if again.wait().is_ok_and(|outcome| outcome.kind == OutcomeKind::Duplicate) {
                return Ok(Next::Known);
            }
        }
        Ok(Next::Send(Box::new(event(newest + 1))))
    }
}
