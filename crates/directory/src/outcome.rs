//! Outcomes: what a supplier is told of each event, once it is durable.
//!
//! Source: contract.md section 3.

use std::borrow::Cow;

use event_log::{AppendError, Ticket};
use events::child::{Event, Refusal, details::Field};
use vocabulary::{ChildNumber, Position};

use crate::filing::Filed;

/// One of the contract's five words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutcomeKind {
    /// New, durable.
    Recorded,
    /// Already so; nothing added.
    Unchanged,
    /// This id was taken before: the present outcome of the first.
    Duplicate,
    /// Identity needs a person.
    Queued,
    /// A rule said no; nothing was changed.
    Refused,
}

impl OutcomeKind {
    /// The contract's word.
    pub fn name(self) -> &'static str {
        match self {
            OutcomeKind::Recorded => "recorded",
            OutcomeKind::Unchanged => "unchanged",
            OutcomeKind::Duplicate => "duplicate",
            OutcomeKind::Queued => "queued",
            OutcomeKind::Refused => "refused",
        }
    }
}

/// Which rule said no, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable name.
    pub code: Cow<'static, str>,
    /// A sentence that names the thing and both values; never a person's data.
    pub detail: String,
}

impl Problem {
    /// A problem with this code.
    pub fn new(code: &'static str, detail: String) -> Problem {
        Problem { code: Cow::Borrowed(code), detail }
    }

    /// The problem that a child's refusal is.
    pub fn refused(refusal: &Refusal) -> Problem {
        Problem { code: Cow::Borrowed(refusal.code()), detail: refusal.to_string() }
    }

    /// A problem as it was kept when an item came to its end.
    pub(crate) fn kept(code: String) -> Problem {
        Problem { code: Cow::Owned(code), detail: "a rule said no when this event was decided".to_owned() }
    }

    /// I-16: an id that was taken stands for what was sent with it.
    pub fn id_reused() -> Problem {
        Problem::new(
            "id_reused",
            "this id was taken before with another body; send it under a new id".to_owned(),
        )
    }
}

/// The outcome of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The client's id of the event.
    pub id: String,
    /// Which outcome.
    pub kind: OutcomeKind,
    /// Where its record stands.
    pub position: Option<Position>,
    /// The child, once known; never with a refusal.
    pub child_number: Option<ChildNumber>,
    /// Why not; beside `recorded`, what was refused alone.
    pub problem: Option<Problem>,
    /// The fields in which another word than the sender's stands (domain.md 4.3).
    pub discrepancies: Vec<Field>,
}

impl Outcome {
    /// What came of an item that was at its end already.
    pub(crate) fn nothing() -> Outcome {
        Outcome {
            id: String::new(),
            kind: OutcomeKind::Unchanged,
            position: None,
            child_number: None,
            problem: None,
            discrepancies: Vec::new(),
        }
    }
}

/// An outcome that may be told once it is durable.
#[derive(Debug)]
pub struct Pending {
    outcome: Outcome,
    tickets: Vec<Ticket>,
    after: Option<Position>,
}

impl Pending {
    /// A refusal: nothing to wait for.
    pub(crate) fn refused(id: String, problem: Problem) -> Pending {
        let outcome = Outcome {
            id,
            kind: OutcomeKind::Refused,
            position: None,
            child_number: None,
            problem: Some(problem),
            discrepancies: Vec::new(),
        };
        Pending { outcome, tickets: Vec::new(), after: None }
    }

    /// What would be the outcome, without anything recorded.
    pub(crate) fn judged(kind: OutcomeKind) -> Pending {
        let outcome = Outcome { kind, ..Outcome::nothing() };
        Pending { outcome, tickets: Vec::new(), after: None }
    }

    /// An outcome whose records are on their way to the disk.
    pub(crate) fn filed(kind: OutcomeKind, filed: Filed) -> Pending {
        let mut pending = Pending::judged(kind);
        pending.outcome.position = Some(filed.position);
        pending.tickets.push(filed.ticket);
        pending
    }

    /// An outcome that another request may still be making durable at `position`.
    pub(crate) fn standing(kind: OutcomeKind, position: Position) -> Pending {
        let mut pending = Pending::judged(kind);
        pending.outcome.position = Some(position);
        pending.after = Some(position);
        pending
    }

    /// Waits for a further append before the answer.
    pub(crate) fn and(mut self, ticket: Ticket) -> Pending {
        self.tickets.push(ticket);
        self
    }

    /// Names the child, unless this is a refusal.
    pub(crate) fn about(mut self, number: Option<ChildNumber>) -> Pending {
        if self.outcome.kind != OutcomeKind::Refused {
            self.outcome.child_number = number;
        }
        self
    }

    /// Adds what was refused alone.
    pub(crate) fn but(mut self, problem: Option<Problem>) -> Pending {
        self.outcome.problem = problem;
        self
    }

    /// Names the fields in which another word stands, as the facts filed tell the sender.
    pub(crate) fn differing<'a>(mut self, facts: impl IntoIterator<Item = &'a Event>) -> Pending {
        for fact in facts {
            if let Event::DiscrepancyRaised(raised) = fact {
                self.outcome.discrepancies.extend(&raised.fields);
            }
        }
        self
    }

    /// Names the fields that another outcome of the same event named.
    pub(crate) fn differing_like(mut self, other: &Outcome) -> Pending {
        self.outcome.discrepancies.clone_from(&other.discrepancies);
        self
    }

    /// Gives the outcome the client's id.
    pub(crate) fn named(mut self, id: String) -> Pending {
        self.outcome.id = id;
        self
    }

    /// The outcome as it will be, and what it waits for.
    pub(crate) fn parts(self) -> (Outcome, Vec<Ticket>) {
        (self.outcome, self.tickets)
    }

    /// The outcome as it will be, for what the directory itself does next.
    pub(crate) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The position that must be durable before the answer, when another request is writing it.
    pub fn after(&self) -> Option<Position> {
        self.after
    }

    /// Awaits the disk, then tells. [`Pending::after`] is the caller's to wait for.
    ///
    /// # Errors
    /// The log has stopped: whether the event was recorded is unknown; send it again.
    pub async fn settled(self) -> Result<Outcome, AppendError> {
        for ticket in self.tickets {
            ticket.await?;
        }
        Ok(self.outcome)
    }

    /// Blocks the thread until durable, then tells.
    ///
    /// # Errors
    /// As [`Pending::settled`].
    pub fn wait(self) -> Result<Outcome, AppendError> {
        for ticket in self.tickets {
            ticket.wait()?;
        }
        Ok(self.outcome)
    }
}
