//! Looker: who asks to look, and whether role, reason and relation let them.
//!
//! One order of precedence for searches and openings alike. Source: rules.md 4.3, 5.1, 5.3; invariants
//! I-19 to I-21.

#[cfg(test)]
mod spec;

use serde::{Deserialize, Serialize};
use vocabulary::{AccessReason, AccountId, Assurance, Channel, Role};

use crate::{
    account, organisation,
    policy::{Demand, Reasons},
    standing::Standing,
};

/// Who asks to look, as they stand at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looker {
    /// Whose account.
    pub account: AccountId,
    /// In which role.
    pub role: Role,
    /// By which way in.
    pub channel: Channel,
    /// How sure we are of the person.
    pub assurance: Assurance,
    /// Whether the PIN was given a moment ago.
    pub step_up: StepUp,
    /// How the account stands.
    pub standing: Standing<account::Refusal>,
    /// How its organisation stands.
    pub organisation: Standing<organisation::Refusal>,
    /// For whom a mediator asks.
    pub caller: Option<Caller>,
}

/// The colleague for whom a mediator asks, as they stand at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose account.
    pub account: AccountId,
    /// In which role.
    pub role: Role,
    /// How the account stands.
    pub standing: Standing<account::Refusal>,
    /// How its organisation stands.
    pub organisation: Standing<organisation::Refusal>,
}

/// Whether the PIN was given a moment ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepUp {
    /// It was, and the five minutes are not over.
    Fresh,
    /// It was not.
    Absent,
}

/// What a look may lean on beside its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grounds {
    /// Whether the viewer's own organisation has an open entry with the child.
    pub own_entry: bool,
    /// Whether a case reference, or that of the person's request, was given.
    pub reference: bool,
    /// Whether the looker, or the colleague for whom they ask, declared a relationship with the child.
    pub related: bool,
}

/// In what relation the looker stood to the child, as kept with the look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// None was demanded and none was there.
    NoneHeld,
    /// Their organisation has an open entry.
    OwnOpenEntry,
    /// They named a case.
    CaseReference,
    /// They answer the person's own request.
    Request,
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// I-21: the account, or the caller's, may not act.
    #[error(transparent)]
    Account(#[from] account::Refusal),
    /// Its organisation, or the caller's, may not use the directory.
    #[error(transparent)]
    Organisation(#[from] organisation::Refusal),
    /// The role looks at no child.
    #[error("this role looks at no child")]
    RoleMayNotLook,
    /// I-20: a mediator without a caller.
    #[error("a mediator looks for a named colleague only")]
    CallerMissing,
    /// I-20: a mediator who names themself.
    #[error("a mediator cannot be their own caller")]
    CallerIsLooker,
    /// Someone else than a mediator who names a caller.
    #[error("only a mediator looks for a colleague")]
    NotMediator,
    /// No reason was given, here or with the search.
    #[error("a look needs a reason")]
    ReasonMissing,
    /// I-19: the reason is not one that the role may give.
    #[error("this role may not give this reason")]
    ReasonNotPermitted,
    /// I-21: nobody looks at a child whom they declared to be related to, for whatever reason.
    #[error("a relationship with this child is declared; a colleague looks")]
    DeclaredRelationship,
    /// I-19: the reason needs an open entry of the viewer's organisation.
    #[error("this reason needs an open entry of one's own organisation")]
    OwnEntryMissing,
    /// I-19: the reason needs a case reference.
    #[error("this reason needs a case reference")]
    CaseReferenceMissing,
    /// I-19: the reason needs the reference of the person's request.
    #[error("this reason needs the reference of the person's request")]
    RequestMissing,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Account(refusal) => refusal.code(),
            Refusal::Organisation(refusal) => refusal.code(),
            Refusal::RoleMayNotLook => "role_may_not_look",
            Refusal::CallerMissing => "caller_missing",
            Refusal::CallerIsLooker => "caller_is_looker",
            Refusal::NotMediator => "not_a_mediator",
            Refusal::ReasonMissing => "reason_missing",
            Refusal::ReasonNotPermitted => "reason_not_permitted",
            Refusal::DeclaredRelationship => "declared_relationship",
            Refusal::OwnEntryMissing => "own_entry_missing",
            Refusal::CaseReferenceMissing => "case_ref_missing",
            Refusal::RequestMissing => "request_ref_missing",
        }
    }
}

impl Looker {
    /// Judges who asks and why, before any child is known: standing, role, caller, reason, grace.
    ///
    /// # Errors
    /// The first refusal in the order of precedence: `Account` and `Organisation` for whoever may not act
    /// at all, `RoleMayNotLook`, `CallerMissing`, `CallerIsLooker`, `NotMediator`, the caller's own
    /// standing and role, `ReasonMissing`, `ReasonNotPermitted`; last, what ran out where the reason is
    /// not one that the time of grace leaves open.
    pub fn permitted(
        &self,
        reason: Option<AccessReason>,
        reasons: &Reasons,
    ) -> Result<AccessReason, Refusal> {
        barred(&self.standing)?;
        barred(&self.organisation)?;
        if !reasons.may_look(self.role) {
            return Err(Refusal::RoleMayNotLook);
        }
        let caller = self.caller()?;
        if let Some(caller) = caller {
            barred(&caller.standing)?;
            barred(&caller.organisation)?;
            if !reasons.may_look(caller.role) {
                return Err(Refusal::RoleMayNotLook);
            }
        }
        let reason = reason.ok_or(Refusal::ReasonMissing)?;
        // Rules.md 5.3: the reason is the caller's own; the mediator's role has one of its own beside it.
        let permitted = reasons.permits(self.role, reason)
            || caller.is_some_and(|caller| reasons.permits(caller.role, reason));
        if !permitted {
            return Err(Refusal::ReasonNotPermitted);
        }
        self.standing.permits(reason)?;
        self.organisation.permits(reason)?;
        if let Some(caller) = caller {
            caller.standing.permits(reason)?;
            caller.organisation.permits(reason)?;
        }
        Ok(reason)
    }

    /// Whether the looker, or the colleague for whom they ask, reached a ceiling of attempts and goes on all the same.
    pub fn is_over_ceiling(&self) -> bool {
        let over = |standing: &Standing<account::Refusal>| matches!(standing, Standing::Grace { because, .. } if because.is_ceiling());
        over(&self.standing) || self.caller.as_ref().is_some_and(|caller| over(&caller.standing))
    }

    /// Whether a date of the looker, the colleague for whom they ask, or an organisation of theirs ran out a short
    /// while ago.
    pub fn is_in_grace(&self) -> bool {
        let dated = |standing: &Standing<account::Refusal>| matches!(standing, Standing::Grace { because, .. } if !because.is_ceiling());
        let of = |standing: &Standing<organisation::Refusal>| matches!(standing, Standing::Grace { .. });
        dated(&self.standing)
            || of(&self.organisation)
            || self.caller.as_ref().is_some_and(|caller| dated(&caller.standing) || of(&caller.organisation))
    }

    /// I-20: a mediator and only a mediator asks for somebody, who is somebody else.
    fn caller(&self) -> Result<Option<&Caller>, Refusal> {
        match (self.role, &self.caller) {
            (Role::Mediator, None) => Err(Refusal::CallerMissing),
            (Role::Mediator, Some(caller)) if caller.account == self.account => Err(Refusal::CallerIsLooker),
            (Role::Mediator, caller) => Ok(caller.as_ref()),
            (_, Some(_)) => Err(Refusal::NotMediator),
            (_, None) => Ok(None),
        }
    }
}

/// Refuses whoever may not act at all; a time of grace is judged once the reason is known.
fn barred<R: Clone + Into<Refusal>>(standing: &Standing<R>) -> Result<(), Refusal> {
    match standing {
        Standing::None { because } => Err(because.clone().into()),
        Standing::Good | Standing::Grace { .. } => Ok(()),
    }
}

impl Grounds {
    /// I-19, I-21: judges the relation that a reason demands, and says which one was held.
    ///
    /// # Errors
    /// `DeclaredRelationship`; else `OwnEntryMissing`, `CaseReferenceMissing` or `RequestMissing`, whichever was
    /// demanded.
    pub fn held(self, demand: Demand) -> Result<Relation, Refusal> {
        if self.related {
            return Err(Refusal::DeclaredRelationship);
        }
        match (demand, self.own_entry, self.reference) {
            (Demand::OwnOpenEntry | Demand::Nothing, true, _) => Ok(Relation::OwnOpenEntry),
            (Demand::OwnOpenEntry, false, _) => Err(Refusal::OwnEntryMissing),
            (Demand::CaseReference, _, false) => Err(Refusal::CaseReferenceMissing),
            (Demand::Request, _, true) => Ok(Relation::Request),
            (Demand::Request, _, false) => Err(Refusal::RequestMissing),
            (Demand::CaseReference, _, true) | (Demand::Nothing, false, true) => Ok(Relation::CaseReference),
            (Demand::Nothing, false, false) => Ok(Relation::NoneHeld),
        }
    }
}
