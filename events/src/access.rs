//! Access: who opened one child's record, when and why; a stream beside the child's own.
//!
//! Nobody folds it to decide, so it is appended to whatever its revision is: a look never waits for
//! another. Source: rules.md 2.5, 4.2, 4.3; invariants I-18, I-19, I-22; domain.md 6.1.

mod decide;
mod given;
#[cfg(test)]
mod spec;
mod told_lead;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccessId, AccessReason, AccountId, CaseId, ChildNumber, FieldGroup, Lot, OrganisationId, Position,
    ReviewOutcome, Role, SearchId, Signal,
};

use crate::{
    case,
    child::RecordState,
    decider::{Decider, When},
    looker::{self, Looker, Relation},
    policy::InForce,
    refused::Code,
};

pub use given::Given;
pub use told_lead::ToldLead;

/// Why a shield is overridden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverrideGround {
    /// The child is in danger now.
    ImmediateDanger,
    /// An enquiry under section 47 of the Children Act 1989.
    Section47,
    /// An emergency protection order, or police protection.
    EmergencyProtection,
    /// The child is missing.
    MissingChild,
}

impl OverrideGround {
    /// Every ground.
    pub const ALL: [OverrideGround; 4] = [
        OverrideGround::ImmediateDanger,
        OverrideGround::Section47,
        OverrideGround::EmergencyProtection,
        OverrideGround::MissingChild,
    ];

    /// The word for it, as stored.
    pub fn name(self) -> &'static str {
        match self {
            OverrideGround::ImmediateDanger => "immediate_danger",
            OverrideGround::Section47 => "section47",
            OverrideGround::EmergencyProtection => "emergency_protection",
            OverrideGround::MissingChild => "missing_child",
        }
    }
}

/// A record was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordOpened {
    /// Which look.
    pub access: AccessId,
    /// The number by which it was opened.
    pub number: ChildNumber,
    /// Why.
    pub reason: AccessReason,
    /// In what relation to the child.
    pub relation: Relation,
    /// The search it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchId>,
    /// The case it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The reference of the case or request, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_ref: Option<case::Reference>,
    /// Another authority than the looker's answers for the child, and their organisation has no open entry: such
    /// looks are always sampled (rules.md 4.3).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_authority: bool,
    /// The lead professionals who are told of it, where the policy says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells: Vec<ToldLead>,
    /// Which groups of fields were shown.
    pub groups: Vec<FieldGroup>,
    /// In which state the record was shown.
    pub record_state: RecordState,
    /// By which version of the policy.
    pub policy_version: u64,
}

/// As whom a history is replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenBy {
    /// As anyone in a role would have seen it.
    Role(Role),
    /// As the staff of an organisation would have seen it.
    Organisation(OrganisationId),
}

/// A history was replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Which look.
    pub access: AccessId,
    /// Under which case.
    pub case: CaseId,
    /// As known at this instant; absent for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
    /// The last record of the log that counted, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of_position: Option<Position>,
    /// Compared with what was known at this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<DateTime<Utc>>,
    /// The last record of the log that counted for that, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with_position: Option<Position>,
    /// As whom; absent for the investigator's own view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_seen_by: Option<SeenBy>,
    /// By which version of the policy today.
    pub policy_version: u64,
}

/// A look, as what is told of it later names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Where it stands in the log.
    pub position: Position,
    /// When it was.
    pub at: DateTime<Utc>,
    /// Who looked.
    pub account: AccountId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// The colleague for whom a mediator looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<AccountId>,
}

/// What happened at one child's record. Who did it stands in the envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// A record was opened; told before any of it is shown.
    RecordOpened(Box<RecordOpened>),
    /// A shield was overridden, for this one look.
    ShieldOverridden {
        /// Which look.
        access: AccessId,
        /// Why.
        ground: OverrideGround,
    },
    /// The investigation that follows every override.
    InvestigationOpened {
        /// Of which look.
        access: AccessId,
    },
    /// The look was drawn for a review by a person; told in the same append.
    ReviewDrawn {
        /// Which look.
        access: AccessId,
        /// For which lots of the policy's sample.
        lots: Vec<Lot>,
    },
    /// Something beside the look speaks for asking about it.
    AlertRaised {
        /// Which look.
        access: AccessId,
        /// What was seen, the weightiest first; never how much it weighs (invariant I-24).
        signals: Vec<Signal>,
        /// Whose look it was; absent in the look's own append, which says so itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        looked: Option<Looked>,
    },
    /// A person reviewed the look.
    ReviewClosed {
        /// Which look.
        access: AccessId,
        /// What came of it.
        outcome: ReviewOutcome,
    },
    /// An opening was refused.
    OpeningRefused {
        /// By which rule.
        code: Code,
        /// The reason given, if one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<AccessReason>,
    },
    /// An investigator replayed the child's history; told before any of it is shown.
    HistoryReplayed(Replayed),
    /// What is held was handed out to the child or a carer who asked for it; told before any of it is shown.
    SubjectAccessGiven(Given),
}

/// What deciding needs to remember of earlier looks: nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Access;

/// What may be asked at a child's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open it.
    Open(Box<Open>),
    /// Replay its history.
    Replay(Box<Replay>),
    /// Hand out what is held, upon a request that was judged.
    Give(Given),
    /// Say what came of the review of a look.
    Review(Review),
    /// Ask a person to review a look, for what was seen beside it.
    Alert {
        /// Which look.
        access: AccessId,
        /// What was seen; nothing is asked for nothing.
        signals: Vec<Signal>,
        /// What was asked for before.
        before: Vec<Signal>,
        /// Whose look it was.
        looked: Looked,
    },
    /// Remember that an opening was refused.
    Refuse {
        /// By which rule.
        code: Code,
        /// The reason given, if one was.
        reason: Option<AccessReason>,
    },
}

/// Everything that opening a record is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that holds of a look or not, and any may go with any"
)]
pub struct Open {
    /// Id of the look.
    pub access: AccessId,
    /// The number asked for.
    pub number: ChildNumber,
    /// Who asks.
    pub looker: Looker,
    /// Why: as given, or as the search named had it.
    pub reason: Option<AccessReason>,
    /// The search it came from.
    pub search: Option<SearchId>,
    /// The case it is for.
    pub case: Option<CaseId>,
    /// The reference of the case or request, as given.
    pub case_ref: Option<case::Reference>,
    /// Whether the viewer's own organisation has an open entry with the child.
    pub own_entry: bool,
    /// Whether the viewer, or the colleague for whom they look, declared a relationship with the child.
    pub related: bool,
    /// Whether another authority than the viewer's own answers for the child; a national body's is always another.
    pub other_authority: bool,
    /// Whether the record is a canary.
    pub canary: bool,
    /// Whether a mediator's caller read out no code, and is called back.
    pub called_back: bool,
    /// Why the shield is to be overridden, if it is.
    pub override_ground: Option<OverrideGround>,
    /// The lead professionals who may be told of the look.
    pub leads: Vec<ToldLead>,
    /// The groups that will be shown, by the visibility table.
    pub groups: Vec<FieldGroup>,
    /// The state of the record.
    pub record_state: RecordState,
    /// The policy in force.
    pub policy: Arc<InForce>,
}

/// Everything that replaying a history is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Who asks.
    pub looker: Looker,
    /// Whether they declared a relationship with the child.
    pub related: bool,
    /// Whether the case lets them, by [`case::Case::usable`].
    pub usable: Result<(), case::Refusal>,
    /// What is asked for.
    pub replayed: Replayed,
}

/// Everything that an outcome of a review is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Which look.
    pub access: AccessId,
    /// Who says so.
    pub by: AccountId,
    /// Who looked, and for whom.
    pub looked: Vec<AccountId>,
    /// What was said before.
    pub before: Option<ReviewOutcome>,
    /// What came of it.
    pub outcome: ReviewOutcome,
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Standing, role, reason or relation do not let them.
    #[error(transparent)]
    Look(#[from] looker::Refusal),
    /// The record is not shielded.
    #[error("there is no shield to override")]
    NothingToOverride,
    /// An asserted user never overrides.
    #[error("a shield cannot be overridden through a case management system")]
    OverrideThroughCms,
    /// A mediator never overrides.
    #[error("a shield cannot be overridden for a colleague")]
    OverrideMediated,
    /// I-22: the role has no such right.
    #[error("this role may not override a shield")]
    OverrideRightMissing,
    /// I-22: the reason is none of child protection.
    #[error("a shield is overridden for an emergency or a child protection enquiry only")]
    OverrideReason,
    /// The person did not sign in here themself.
    #[error("a shield is overridden by the person's own sign-in only")]
    OverrideSignIn,
    /// The PIN was not given, or too long ago.
    #[error("a shield is overridden after the PIN was given again; an investigation follows")]
    StepUpMissing,
    /// Only an investigator replays.
    #[error("only an investigator replays a history")]
    NotInvestigator,
    /// I-21: nobody reviews their own look, or one made for them.
    #[error("nobody reviews their own look")]
    OwnLook,
    /// A graver word stands already.
    #[error("this look was reviewed, and a graver word than this one stands")]
    GraverOutcomeStands,
    /// The case does not let them.
    #[error(transparent)]
    Case(#[from] case::Refusal),
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Look(refusal) => refusal.code(),
            Refusal::NothingToOverride => "nothing_to_override",
            Refusal::OverrideThroughCms => "override_through_cms",
            Refusal::OverrideMediated => "override_mediated",
            Refusal::OverrideRightMissing => "override_right_missing",
            Refusal::OverrideReason => "override_reason",
            Refusal::OverrideSignIn => "override_sign_in",
            Refusal::StepUpMissing => "step_up_missing",
            Refusal::NotInvestigator => "not_an_investigator",
            Refusal::OwnLook => "own_look",
            Refusal::GraverOutcomeStands => "graver_outcome_stands",
            Refusal::Case(refusal) => refusal.code(),
        }
    }
}

impl Decider for Access {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Access;

    fn decide(_state: &Access, command: &Command, _now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open(open) => decide::open(open),
            Command::Replay(replay) => decide::replay(replay),
            Command::Give(given) => Ok(vec![Event::SubjectAccessGiven(given.clone())]),
            Command::Review(review) => decide::review(review),
            Command::Alert { access, signals, before, looked } => {
                Ok(decide::alert(*access, signals, before, looked))
            }
            Command::Refuse { code, reason } => {
                Ok(vec![Event::OpeningRefused { code: code.clone(), reason: *reason }])
            }
        }
    }

    fn evolve(_state: &mut Access, _event: &Event, _when: When) {}
}
