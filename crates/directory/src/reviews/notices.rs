//! Notices: that there is something to review or that something came of it, by a reference and nothing of anybody.
//!
//! Whoever may know more reads it by the reference. A page of them names nobody and is no look.
//! Source: reliability.md, section 2d (an alert tells its reference alone); domain.md 6.3.

use chrono::{DateTime, Utc};
use projections::reviews::{Review, Urgency};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{AccessId, ReviewOutcome, Role};

use super::listing::{Held, ReviewCursor, ReviewQuery};
use crate::{Directory, disclose::LookError, people::Person};

/// One notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// By which whoever may know more finds it.
    pub reference: AccessId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How soon a person should ask; absent once it was reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// What came of it; absent while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<ReviewOutcome>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticePage {
    /// The notices.
    pub notices: Vec<Notice>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<ReviewCursor>,
}

impl Directory {
    /// The notices for this person: for a reviewer what waits and is more than a sample, the most urgent first; for an
    /// employer's manager what came of reviews of their staff's looks, beyond that there was a reason.
    ///
    /// Cost: as a page of the queue; no append.
    ///
    /// # Errors
    /// `Refused`: neither auditor nor user manager. The rows could not be read.
    pub fn notices(&self, person: &Person, after: Option<ReviewCursor>) -> Result<NoticePage, LookError> {
        person.may(Action::AuditLooks, Relation::OwnOrganisation)?;
        let closed = person.role == Role::UserManager;
        let (held, next) = self.reviews_after(person, Action::AuditLooks, ReviewQuery { closed, after })?;
        let done = !closed && held.iter().any(|held| held.row.urgency() > Urgency::Alert);
        let told = |Held { row, key: (_, look) }: Held| {
            if closed { came_of(&row, look) } else { waits(&row, look) }
        };
        // Samples come last in the index: there is nothing more to tell after the first of them.
        Ok(NoticePage { notices: held.into_iter().filter_map(told).collect(), next: next.filter(|_| !done) })
    }
}

fn waits(row: &Review, reference: AccessId) -> Option<Notice> {
    let urgency = row.urgency();
    let since = row.alerted_at.unwrap_or(row.at);
    (urgency <= Urgency::Alert).then_some(Notice { reference, since, urgency: Some(urgency), outcome: None })
}

fn came_of(row: &Review, reference: AccessId) -> Option<Notice> {
    let closed = row.closed.filter(|closed| closed.outcome > ReviewOutcome::Explained)?;
    Some(Notice { reference, since: closed.at, urgency: None, outcome: Some(closed.outcome) })
}
