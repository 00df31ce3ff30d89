//! Outcomes as they are written: one for each event, in the order of the events.

use directory::Outcome;
use events::child::details::Field;
use serde::Serialize;
use vocabulary::{ChildNumber, Position};

use super::{Fault, Unread};
use crate::problem::Problem;

/// One outcome of contract section 3.
#[derive(Debug, Serialize)]
pub struct OutcomeWritten<'a> {
    /// The client's id; absent where it could not be read, and for what was recorded by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    child_number: Option<ChildNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemWritten<'a>>,
    /// The fields in which another word than the sender's stands.
    #[serde(skip_serializing_if = "<[Field]>::is_empty")]
    discrepancies: &'a [Field],
}

/// Why not; the members that RFC 9457 gives them.
#[derive(Debug, Serialize)]
struct ProblemWritten<'a> {
    #[serde(rename = "type")]
    kind: String,
    code: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[Place<'a>; 1]>,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    pointer: &'a str,
    detail: &'a str,
}

impl<'a> OutcomeWritten<'a> {
    /// The same, under this id.
    #[must_use]
    pub(crate) fn named(self, id: &'a str) -> OutcomeWritten<'a> {
        OutcomeWritten { id: Some(id), ..self }
    }

    /// What was asked was refused whole, by this problem.
    pub(crate) fn refused(id: &'a str, problem: &'a Problem) -> OutcomeWritten<'a> {
        OutcomeWritten {
            id: Some(id),
            outcome: directory::OutcomeKind::Refused.name(),
            position: None,
            child_number: None,
            problem: Some(ProblemWritten {
                kind: format!("/problems/{}", problem.code()),
                code: problem.code(),
                detail: problem.detail(),
                errors: None,
            }),
            discrepancies: &[],
        }
    }

    /// The word of the outcome.
    pub fn word(&self) -> &'static str {
        self.outcome
    }
}

impl<'a> From<&'a Outcome> for OutcomeWritten<'a> {
    fn from(outcome: &'a Outcome) -> OutcomeWritten<'a> {
        OutcomeWritten {
            id: Some(outcome.id.as_str()).filter(|id| !id.is_empty()),
            outcome: outcome.kind.name(),
            position: outcome.position,
            child_number: outcome.child_number,
            problem: outcome.problem.as_ref().map(|problem| ProblemWritten {
                kind: format!("/problems/{}", problem.code),
                code: &problem.code,
                detail: &problem.detail,
                errors: None,
            }),
            discrepancies: &outcome.discrepancies,
        }
    }
}

impl<'a> From<&'a Unread> for OutcomeWritten<'a> {
    fn from(unread: &'a Unread) -> OutcomeWritten<'a> {
        let Fault { code, pointer, detail } = &unread.fault;
        OutcomeWritten {
            id: unread.id.as_deref(),
            outcome: directory::OutcomeKind::Refused.name(),
            position: None,
            child_number: None,
            problem: Some(ProblemWritten {
                kind: format!("/problems/{code}"),
                code,
                detail,
                errors: (!pointer.is_empty()).then_some([Place { pointer, detail }]),
            }),
            discrepancies: &[],
        }
    }
}
