//! Intake: what a supplier sent that waits for a person, was counted, or changed nothing; and records held that may
//! be of one child.
//!
//! Source: contract.md section 3 (outcomes); rules.md 2.7, 3.3; domain.md 4.4. One stream an item, sealed
//! under a key of its own, for nobody knows yet whose child it is.

#[cfg(test)]
mod spec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{ChildId, ClientId, IntakeId, KeyedRef, OrganisationId, Position};

use crate::{
    decider::{Decider, When},
    refused::Code,
    supplied::Supplied,
    weighing::Weighing,
};

/// Why an item waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueReason {
    /// It sounds like a child already held.
    SoundsAlike,
    /// An identifier says one child, names and birth another.
    IdentifierConflict,
    /// Several children agree alike.
    Several,
    /// It may be a shielded child: quarantined, so that no second record shows what the first hides.
    PossiblyShielded,
    /// The supplier disputes the link of its reference.
    LinkDisputed,
}

/// An item waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// Whose.
    pub supplier: OrganisationId,
    /// Which of its clients sent it; absent for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What was told, references keyed.
    pub told: Box<Supplied>,
    /// The supplier's reference of the child, if it named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_ref: Option<KeyedRef>,
    /// The children it could be, the likeliest first.
    pub candidates: Vec<ChildId>,
    /// How each of them was weighed, in their order; none where the model was not asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weighings: Vec<Weighing>,
    /// Why it waits.
    pub reason: QueueReason,
    /// When it happened, as told.
    pub happened_at: DateTime<Utc>,
}

/// An item waits behind another of the same reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Behind which.
    pub behind: IntakeId,
    /// Whose.
    pub supplier: OrganisationId,
    /// Which of its clients sent it; absent for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What was told, references keyed.
    pub told: Box<Supplied>,
    /// The supplier's reference of the child, if it named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_ref: Option<KeyedRef>,
    /// When it happened, as told.
    pub happened_at: DateTime<Utc>,
}

/// Two records held, each on its own, may be of one child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// The two, in the order of their ids.
    pub candidates: [ChildId; 2],
    /// How the second was weighed beside the first, of what both show.
    pub weighing: Weighing,
    /// Why it waits.
    pub reason: QueueReason,
}

/// What a data manager decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is this child.
    Link {
        /// Which.
        child: ChildId,
    },
    /// It is a child not held yet.
    New,
    /// It is refused: nothing of it is used.
    Reject,
}

/// What an item came to in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// New, durable.
    Recorded,
    /// Already so.
    Unchanged,
    /// A rule said no.
    Refused,
}

/// What an item came to, with where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// What.
    pub outcome: Outcome,
    /// Where its facts stand, when recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Which child, unless refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<ChildId>,
    /// By which rule, when refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Code>,
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// A supplier's event waits until a person says which child it means.
    EventQueued(Queued),
    /// A supplier's event waits behind another of the same reference.
    EventWaiting(Waiting),
    /// Two records held may be of one child; it waits until a person says whether they are.
    LikenessFound(Likeness),
    /// A data manager decided which child a waiting event means, or whether two records are of one.
    QueueDecided {
        /// What was decided.
        decision: Decision,
    },
    /// A waiting event came to its end.
    EventResolved(Resolved),
    /// A supplier said again what it had said; kept so that the event's id stays known.
    StatementRepeated {
        /// Whose.
        supplier: OrganisationId,
        /// The child that it was said of, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        child: Option<ChildId>,
    },
    /// A refusal of consent was counted; nothing about child or service is kept.
    ConsentRefusalCounted {
        /// Whose.
        supplier: OrganisationId,
    },
}

/// How far an item has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Nothing is known of it.
    #[default]
    Unknown,
    /// Waits for a person.
    Queued,
    /// Waits behind another.
    Waiting,
    /// Decided; to be carried out.
    Decided(Decision),
    /// At its end.
    Over,
}

/// What is remembered of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    /// How far it has come.
    pub stage: Stage,
    /// What waits, if it was queued.
    pub queued: Option<Queued>,
    /// What waits, if it stands behind another.
    pub waiting: Option<Waiting>,
    /// Who may be one child, if that waits.
    pub likeness: Option<Likeness>,
    /// What it came to.
    pub resolved: Option<Resolved>,
}

/// What may be asked about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Let it wait for a person.
    Queue(Queued),
    /// Let it wait behind another.
    Wait(Waiting),
    /// Let two records that may be of one child wait for a person.
    Liken(Likeness),
    /// Decide which child it means.
    Decide { decision: Decision },
    /// Tell what it came to.
    Resolve(Resolved),
    /// Keep the id of a repetition.
    Repeat { supplier: OrganisationId, child: Option<ChildId> },
    /// Count a refusal of consent.
    CountRefusal { supplier: OrganisationId },
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing of this id waits.
    #[error("nothing of this id waits")]
    Unknown,
    /// The id was taken by something else.
    #[error("this item was taken in before")]
    AlreadyTaken,
    /// It waits behind another, which must be decided first.
    #[error("this item waits behind another; decide that one first")]
    WaitsBehind,
    /// It was decided before.
    #[error("this item was decided before")]
    AlreadyDecided,
    /// Nobody decided it yet.
    #[error("nobody has decided this item yet")]
    NotDecided,
    /// The end told contradicts itself: a child with a refusal, or a rule without one.
    #[error("a refusal names its rule and no place; every other end names its child")]
    EndContradicts,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "queue_item_unknown",
            Refusal::AlreadyTaken => "queue_item_known",
            Refusal::WaitsBehind => "waits_behind",
            Refusal::AlreadyDecided => "already_decided",
            Refusal::NotDecided => "not_decided",
            Refusal::EndContradicts => "end_contradicts",
        }
    }
}

impl Decider for Intake {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Intake;

    fn decide(state: &Intake, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Queue(queued) => match &state.queued {
                Some(known) if known == queued => Ok(Vec::new()),
                Some(_) | None => state.taken(Event::EventQueued(queued.clone())),
            },
            Command::Wait(waiting) => match &state.waiting {
                Some(known) if known == waiting => Ok(Vec::new()),
                Some(_) | None => state.taken(Event::EventWaiting(waiting.clone())),
            },
            Command::Liken(likeness) => match &state.likeness {
                Some(known) if known == likeness => Ok(Vec::new()),
                Some(_) | None => state.taken(Event::LikenessFound(likeness.clone())),
            },
            Command::Decide { decision } => match state.stage {
                Stage::Unknown => Err(Refusal::Unknown),
                Stage::Waiting => Err(Refusal::WaitsBehind),
                Stage::Decided(_) | Stage::Over => Err(Refusal::AlreadyDecided),
                Stage::Queued => Ok(vec![Event::QueueDecided { decision: *decision }]),
            },
            Command::Resolve(resolved) => match state.stage {
                Stage::Unknown => Err(Refusal::Unknown),
                Stage::Queued => Err(Refusal::NotDecided),
                Stage::Over if state.resolved.as_ref() == Some(resolved) => Ok(Vec::new()),
                Stage::Over => Err(Refusal::AlreadyDecided),
                Stage::Waiting | Stage::Decided(_) if resolved.contradicts() => Err(Refusal::EndContradicts),
                Stage::Waiting | Stage::Decided(_) => Ok(vec![Event::EventResolved(resolved.clone())]),
            },
            Command::Repeat { supplier, child } => {
                state.taken(Event::StatementRepeated { supplier: supplier.clone(), child: *child })
            }
            Command::CountRefusal { supplier } => {
                state.taken(Event::ConsentRefusalCounted { supplier: supplier.clone() })
            }
        }
    }

    fn evolve(state: &mut Intake, event: &Event, _when: When) {
        state.stage = match event {
            Event::EventQueued(queued) => {
                state.queued = Some(queued.clone());
                Stage::Queued
            }
            Event::EventWaiting(waiting) => {
                state.waiting = Some(waiting.clone());
                Stage::Waiting
            }
            Event::LikenessFound(likeness) => {
                state.likeness = Some(likeness.clone());
                Stage::Queued
            }
            Event::QueueDecided { decision } => Stage::Decided(*decision),
            Event::EventResolved(resolved) => {
                state.resolved = Some(resolved.clone());
                Stage::Over
            }
            Event::StatementRepeated { .. } | Event::ConsentRefusalCounted { .. } => Stage::Over,
        };
    }
}

impl Intake {
    /// The first fact of an item; an id is taken once.
    fn taken(&self, event: Event) -> Result<Vec<Event>, Refusal> {
        match self.stage {
            Stage::Unknown => Ok(vec![event]),
            Stage::Queued | Stage::Waiting | Stage::Decided(_) | Stage::Over => Err(Refusal::AlreadyTaken),
        }
    }
}

impl Resolved {
    fn contradicts(&self) -> bool {
        let refused = self.outcome == Outcome::Refused;
        refused != self.problem.is_some() || (refused && self.position.is_some())
    }
}
