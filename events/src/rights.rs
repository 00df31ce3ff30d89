//! Rights: what a child or a carer asks of the directory about what it holds of the child, and what became of it.
//!
//! Access, correction and complaint run by one clock of a month; each step is a fact, and none holds free text.
//! Who asks was judged by a person; what was judged upon the record counts for as long as the record says the same.
//! Source: UK GDPR articles 12, 15, 16; Data Protection Act 2018 section 165; rules.md 2 (the last two rows), 3.2;
//! domain.md 6.6, 7; ADR-0055.

mod decide;
mod refusal;
#[cfg(test)]
mod spec;
mod words;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccessId, AccountId, ChildId, ChildNumber, Competence, OrganisationId, RightsId, ShieldId};

use crate::decider::{Decider, When};

pub use refusal::Refusal;
pub use words::{
    Answer, Asked, Asker, ChildsView, Complaint, CorrectionRefused, Disputed, Ground, Proof, Step, Stood,
    Withheld,
};

/// Within how many months a request is answered (article 12(3)).
pub const MONTHS: u32 = 1;

/// By how many months more, once, where it is complex or one of many (article 12(3)).
pub const MONTHS_MORE: u32 = 2;

/// How many days back the receipt of a request may lie when it is entered.
pub const RECEIVED_DAYS_BACK_MAX: i64 = 31;

/// A request was received and entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which.
    pub request: RightsId,
    /// About whom.
    pub child: ChildId,
    /// By which number it was entered.
    pub number: ChildNumber,
    /// Who asks.
    pub asked_by: Asker,
    /// What.
    pub asked: Asked,
    /// How the child's understanding was judged.
    pub competence: Competence,
    /// What the competent child says of a carer's request for access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub childs_view: Option<ChildsView>,
    /// By what their identity was proved.
    pub proof: Proof,
    /// The day on which it was received.
    pub received_on: NaiveDate,
    /// The last day of the clock.
    pub due_by: NaiveDate,
    /// The authority that answers it.
    pub desk: OrganisationId,
    /// Who entered it.
    pub by: AccountId,
}

/// What somebody came to about a carer who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarerChecked {
    /// Whether the carer lives where the child lives.
    pub lives_with_child: bool,
    /// What of the record this was judged upon.
    pub judged_upon: Ground,
    /// Who judged.
    pub by: AccountId,
}

/// What somebody else came to about the danger of telling a carer anything of a shielded record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreatChecked {
    /// Whether there is none from this person.
    pub cleared: bool,
    /// The shields that stood: one that comes later asks anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shields: Vec<ShieldId>,
    /// Who judged.
    pub by: AccountId,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// A request about what is held of a child was received.
    RightsRequested(Box<Requested>),
    /// It was judged who the carer is that asks, and whether they live with the child.
    CarerChecked(CarerChecked),
    /// Another person judged whether telling a carer of a shielded record is dangerous.
    ThreatChecked(ThreatChecked),
    /// The clock runs longer, once, and whoever asked was told why.
    RightsExtended {
        /// Its new last day.
        due_by: NaiveDate,
        /// Who says so.
        by: AccountId,
    },
    /// A step on the way to the answer was taken.
    RightsStepTaken {
        /// Which.
        step: Step,
        /// Who took it.
        by: AccountId,
    },
    /// The pack was handed out, a page of it; told before any of it is shown.
    SubjectPackIssued {
        /// By which look.
        access: AccessId,
        /// By whom.
        by: AccountId,
    },
    /// The request was answered.
    RightsAnswered {
        /// How.
        answer: Answer,
        /// By whom.
        by: AccountId,
    },
    /// Whoever asked disagrees with a refused correction, and what they dispute is marked as disputed.
    DisagreementMarked {
        /// Who marked it.
        by: AccountId,
    },
    /// Another authority answers for the record now, and so for the request; its clock runs on.
    RightsHandedOver {
        /// Which.
        to: OrganisationId,
    },
}

/// An answer as remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// How.
    pub answer: Answer,
    /// When.
    pub at: DateTime<Utc>,
}

/// A step as remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// Which.
    pub step: Step,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is remembered of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rights {
    /// What was asked, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<Requested>,
    /// What was judged of the carer, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carer: Option<CarerChecked>,
    /// What the threat check came to, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<ThreatChecked>,
    /// Until when the clock was extended, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_to: Option<NaiveDate>,
    /// The steps taken, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Stepped>,
    /// How it was answered, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// Whether whoever asked disagrees with the refusal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disagrees: bool,
    /// To whom it was handed over, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_to: Option<OrganisationId>,
}

impl Rights {
    /// The authority that answers it.
    pub fn desk(&self) -> Option<&OrganisationId> {
        self.handed_to.as_ref().or(self.requested.as_ref().map(|requested| &requested.desk))
    }

    /// The last day of the clock.
    pub fn due_by(&self) -> Option<NaiveDate> {
        self.extended_to.or(self.requested.as_ref().map(|requested| requested.due_by))
    }
}

/// What may be asked of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Enter it.
    Request(Box<Request>),
    /// Judge the carer.
    CheckCarer(CarerChecked),
    /// Judge the danger.
    CheckThreat(ThreatChecked),
    /// Let the clock run longer.
    Extend(AccountId),
    /// Take a step.
    Step(Step, AccountId),
    /// Hand out the pack.
    Issue(Issue),
    /// Answer it.
    Answer(Answer, AccountId),
    /// Mark that whoever asked disagrees.
    Disagree(AccountId),
    /// Hand it over to the authority that answers for the record now.
    HandOver(OrganisationId),
}

/// Everything that entering a request is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Request {
    pub request: RightsId,
    pub child: ChildId,
    pub number: ChildNumber,
    pub asked_by: Asker,
    pub asked: Asked,
    pub competence: Competence,
    pub childs_view: Option<ChildsView>,
    pub proof: Proof,
    pub received_on: NaiveDate,
    pub desk: OrganisationId,
    pub by: AccountId,
    /// How old the child is today; `None` where no date of birth is known.
    pub age: Option<i32>,
    /// From which age competence is presumed.
    pub presumed_age: i32,
    /// Whether the record names that carer; true where the child asks.
    pub named: bool,
}

/// Everything that handing out a pack is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// By which look.
    pub access: AccessId,
    /// By whom.
    pub by: AccountId,
    /// What the record says now.
    pub ground: Ground,
    /// The shields that stand now.
    pub shields: Vec<ShieldId>,
}

impl Decider for Rights {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Rights;

    fn decide(state: &Rights, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, vocabulary::england_day(now))
    }

    fn evolve(state: &mut Rights, event: &Event, when: When) {
        let at = when.recorded_at;
        match event {
            Event::RightsRequested(requested) => state.requested = Some(Requested::clone(requested)),
            Event::CarerChecked(checked) => state.carer = Some(*checked),
            Event::ThreatChecked(checked) => state.threat = Some(checked.clone()),
            Event::RightsExtended { due_by, .. } => state.extended_to = Some(*due_by),
            Event::RightsStepTaken { step, .. } => state.steps.push(Stepped { step: *step, at }),
            Event::SubjectPackIssued { .. } => {
                state.answered.get_or_insert(Answered { answer: Answer::PackIssued, at });
            }
            Event::RightsAnswered { answer, .. } => state.answered = Some(Answered { answer: *answer, at }),
            Event::DisagreementMarked { .. } => state.disagrees = true,
            Event::RightsHandedOver { to } => state.handed_to = Some(to.clone()),
        }
    }
}
