//! Brokering: someone asks the duty desk to be put in touch with a service that they may not be shown.
//!
//! Asked, answered and timed alike whether anything is hidden or not: what the asker hears is one of three words, and
//! the word that nothing can be passed on is heard when the desk's time is over, never sooner (ADR-0038).
//! Source: rules.md 2.6; SI 2007/2182 regulation 6(3)(a); domain.md 12.2.

mod decide;
#[cfg(test)]
mod spec;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccessReason, AccountId, BrokeringId, ChildId, ChildNumber, Contact, OrganisationId, SearchId,
};

use crate::{
    case,
    decider::{Decider, When},
    looker::{self, Looker, Relation},
    policy::InForce,
};

/// What the asker was not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Whoever works with the child and is not named.
    Sensitive,
    /// What a shield hides.
    Shielded,
}

/// What the asker hears. Whether a service declined or none is there is one word, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The desk put the two in touch, by telephone.
    ContactMade,
    /// Somebody will call the asker.
    CallbackArranged,
    /// The desk has nothing that it may pass on.
    NothingToPassOn,
}

/// Somebody asked the duty desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which request.
    pub brokering: BrokeringId,
    /// About whom.
    pub child: ChildId,
    /// The number by which it was asked.
    pub number: ChildNumber,
    /// What was not shown.
    pub about: About,
    /// Why.
    pub reason: AccessReason,
    /// In what relation to the child.
    pub relation: Relation,
    /// The search it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchId>,
    /// The reference of the case or request, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_ref: Option<case::Reference>,
    /// Where the desk reaches whoever asks.
    pub contacts: Vec<Contact>,
    /// Who asked.
    pub by: AccountId,
    /// Whose duty desk answers; the national pool: any.
    pub desk: OrganisationId,
    /// Until when.
    pub due_by: DateTime<Utc>,
    /// By which version of the policy.
    pub policy_version: u64,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// Somebody asked the duty desk to be put in touch.
    BrokeringRequested(Box<Requested>),
    /// The desk answered.
    BrokeringAnswered {
        /// What it came to.
        outcome: Outcome,
    },
}

/// An answer as remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What it came to.
    pub outcome: Outcome,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is remembered of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brokering {
    /// What was asked, once it was.
    pub requested: Option<Requested>,
    /// How it was answered, once it was.
    pub answered: Option<Answered>,
}

/// What the asker is told of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The desk's time is not over.
    Waiting,
    /// It is, and nothing can be told.
    Overdue,
    /// The answer, and since when it can be told.
    Answered(Answered),
}

/// What may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask the desk.
    Request(Box<Request>),
    /// Answer. The directory checks first that the desk is the answerer's own.
    Answer {
        /// By whom.
        by: AccountId,
        /// What it came to.
        outcome: Outcome,
    },
}

/// Everything that a request is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Request {
    pub brokering: BrokeringId,
    pub child: ChildId,
    pub number: ChildNumber,
    pub about: About,
    pub looker: Looker,
    /// Why: as given, or as the search named had it.
    pub reason: Option<AccessReason>,
    pub search: Option<SearchId>,
    pub case_ref: Option<case::Reference>,
    /// Whether the asker's own organisation has an open entry with the child.
    pub own_entry: bool,
    /// Whether the asker, or the colleague for whom they ask, declared a relationship with the child.
    pub related: bool,
    pub contacts: Vec<Contact>,
    pub desk: OrganisationId,
    pub policy: Arc<InForce>,
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Standing, role, reason or relation would not let them look either.
    #[error(transparent)]
    Look(#[from] looker::Refusal),
    /// Nobody can be called back.
    #[error("give one to {most} telephone numbers at which the duty desk reaches you", most = vocabulary::contact::CONTACTS_MAX)]
    TelephoneMissing,
    /// A number is not of its form.
    #[error("a telephone number is not of its form")]
    ContactInvalid,
    /// No such request was made.
    #[error("no such request")]
    Unknown,
    /// Nobody answers their own request.
    #[error("a request is answered by another person than the one who made it")]
    OwnRequest,
    /// It was answered otherwise.
    #[error("this request was answered before")]
    AlreadyAnswered,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Look(refusal) => refusal.code(),
            Refusal::TelephoneMissing => "telephone_missing",
            Refusal::ContactInvalid => "contact_invalid",
            Refusal::Unknown => "brokering_unknown",
            Refusal::OwnRequest => "own_request",
            Refusal::AlreadyAnswered => "brokering_answered",
        }
    }
}

/// What the asker is told at `now` of a request that is due by `due_by`.
///
/// A contact is told at once. That there is none to pass on is told when the time is over: sooner it would tell a
/// child of whom nothing is hidden from one whose services had to be asked first.
pub fn told(answered: Option<Answered>, due_by: DateTime<Utc>, now: DateTime<Utc>) -> Told {
    let heard = answered.map(|answered| match answered.outcome {
        Outcome::ContactMade | Outcome::CallbackArranged => answered,
        Outcome::NothingToPassOn => Answered { at: answered.at.max(due_by), ..answered },
    });
    match heard {
        Some(heard) if heard.at <= now => Told::Answered(heard),
        Some(_) | None if now < due_by => Told::Waiting,
        Some(_) | None => Told::Overdue,
    }
}

impl Decider for Brokering {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Brokering;

    fn decide(state: &Brokering, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Request(request) => decide::request(state, request, now),
            Command::Answer { by, outcome } => decide::answer(state, *by, *outcome),
        }
    }

    fn evolve(state: &mut Brokering, event: &Event, when: When) {
        match event {
            Event::BrokeringRequested(requested) => state.requested = Some(Requested::clone(requested)),
            Event::BrokeringAnswered { outcome } => {
                state.answered = Some(Answered { outcome: *outcome, at: when.recorded_at });
            }
        }
    }
}
