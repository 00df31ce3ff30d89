//! The judgement: which child a supplier means.
//!
//! A known reference or a child number says it. Else the description is weighed against every child that shares
//! blocking keys with it (`finding::matcher`): one that is likely enough beside all others links; a likeness
//! queues; else it is a new child. A shielded record links by a verified identifier alone (ADR-0021, more narrowly
//! than rules.md 2.7 allows), and a likeness to one is never created; an identifier that is another's is a
//! person's to decide.

#[cfg(test)]
mod spec;

use events::{
    child::identity::Judgement,
    intake::QueueReason,
    refused::Code,
    supplied::SuppliedChild,
    weighing::{Weighed, Weighing},
};
use finding::matcher::Candidate;
use linkage::{choose::LINK, person::Person};
use vocabulary::{ChildId, ChildNumber, IntakeId, KeyedRef, OrganisationId, Scheme};

use crate::{
    Directory, children::LoadError, desk::Desk, entry::told_of, handles::Handle, keying, supply::Mode,
};

/// Why a reference is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Linking {
    pub(crate) judgement: Judgement,
    /// How the model weighed it, where the model did.
    pub(crate) weighing: Option<Box<Weighing>>,
}

impl From<Judgement> for Linking {
    fn from(judgement: Judgement) -> Linking {
        Linking { judgement, weighing: None }
    }
}

/// Which child is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meant {
    /// This one; linked for the first time when a judgement stands beside it.
    Child(ChildId, Option<Linking>),
    /// Nobody like it is known.
    New,
    /// A person must decide.
    Queue(QueueReason, Vec<ChildId>, Vec<Weighing>),
    /// An item of the queue holds its reference.
    Behind(IntakeId),
    /// It cannot be told from what was sent.
    Refused(Unmeant),
}

/// Why an event names no child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unmeant {
    /// Neither reference nor number.
    #[error("the child needs a local_ref or a child_number")]
    ReferenceMissing,
    /// A reference alone, never linked.
    #[error("this local_ref is not linked to a child; send it with the child's details first")]
    LocalRefUnknown,
    /// A number that no child has.
    #[error("no child has this number")]
    NumberUnknown,
    /// An involvement that was never told.
    #[error("this involvement_ref is not known; start the involvement first")]
    InvolvementUnknown,
    /// No open entry names this practitioner.
    #[error("no open entry names this practitioner_ref")]
    PractitionerUnknown,
    /// A reference that means one child, sent with the number of another.
    #[error("this local_ref is linked to another child than the child_number")]
    RefAndNumberDisagree,
}

impl Unmeant {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Unmeant::ReferenceMissing => "child_reference_missing",
            Unmeant::LocalRefUnknown => "local_ref_unknown",
            Unmeant::NumberUnknown => "child_unknown",
            Unmeant::InvolvementUnknown => "involvement_unknown",
            Unmeant::PractitionerUnknown => "practitioner_unknown",
            Unmeant::RefAndNumberDisagree => "local_ref_of_another_child",
        }
    }
}

impl Directory {
    /// Tells which child an event's `child` means. References are keyed already.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn meant(&self, desk: &Desk, told: &SuppliedChild, mode: Mode) -> Result<Meant, LoadError> {
        let keyed = told.local_ref.as_ref().and_then(events::supplied::SuppliedRef::keyed);
        if let Some(head) = keyed.and_then(|keyed| desk.waiting_refs.get(&keyed)) {
            return Ok(Meant::Behind(*head));
        }
        let linked = keyed.map_or(Ok(None), |keyed| self.linked(keyed))?;
        let numbered = told.child_number.map(|number| self.numbered(number)).transpose()?;
        if let Some(child) = linked {
            let agrees = numbered.is_none_or(|numbered| numbered == Some(self.kinship().root(child)));
            return Ok(if agrees {
                Meant::Child(child, None)
            } else {
                Meant::Refused(Unmeant::RefAndNumberDisagree)
            });
        }
        if let Some(numbered) = numbered {
            let linking = keyed.map(|_| Judgement::ChildNumber.into());
            return Ok(match numbered {
                Some(child) => Meant::Child(child, linking),
                None => Meant::Refused(Unmeant::NumberUnknown),
            });
        }
        match keyed {
            None => Ok(Meant::Refused(Unmeant::ReferenceMissing)),
            Some(_) if !told.is_described() => Ok(Meant::Refused(Unmeant::LocalRefUnknown)),
            Some(keyed) => self.judged(keyed, told, mode),
        }
    }

    /// Judges a described child whose reference is not known.
    ///
    /// What leaves no trace is judged by what shows alone: else a sender could try addresses on a shielded child.
    fn judged(&self, reference: KeyedRef, told: &SuppliedChild, mode: Mode) -> Result<Meant, LoadError> {
        let matcher = self.matcher();
        let person = Person::of(&told_of(told));
        let mut candidates = match mode {
            Mode::Record | Mode::FirstLoad => matcher.candidates(&self.index(), &person),
            Mode::DryRun => matcher.candidates_as_shown(&self.index(), &person),
        };
        // What a person decided no likeness may undo (matching.md 3.6).
        let apart = self.apart_from(reference)?;
        let is_apart = |child: ChildId| {
            !apart.is_empty() && self.kinship().records(child).iter().any(|record| apart.contains(record))
        };
        candidates.retain(|candidate| !is_apart(candidate.child));
        let mut holders = self.by_identifier(told)?;
        holders.retain(|holder| !is_apart(*holder));
        Ok(choose(&candidates, &holders, matcher.version()))
    }

    /// The children that hold an identifier told here; a child twice where two identifiers agree.
    fn by_identifier(&self, told: &SuppliedChild) -> Result<Vec<ChildId>, LoadError> {
        let nhs = told.nhs_number.value().map(|number| (Scheme::NhsNumber, number.as_str()));
        let upn = told.upn.value().map(|number| (Scheme::Upn, number.as_str()));
        let mut holders = Vec::new();
        for (scheme, value) in [nhs, upn].into_iter().flatten() {
            let holder = self.holder(keying::identifier(self.vault(), scheme, value))?;
            holders.extend(holder.map(|holder| self.kinship().root(holder)));
        }
        Ok(holders)
    }

    /// The authority that answers for a new record: the only one, else that of the address, of the supplier, or the pool.
    pub(crate) fn responsible(&self, told: &SuppliedChild, supplier: &OrganisationId) -> OrganisationId {
        let register = self.register();
        let single = register.policy().single_authority.clone();
        single
            .or_else(|| register.authority_of_outcode(told.postcode()?.outcode()))
            .or_else(|| register.authority_of(supplier))
            .unwrap_or_else(national_pool)
    }

    /// A child number that no other child has.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn free_number(&self) -> Result<ChildNumber, LoadError> {
        loop {
            let (high, low) = self.ids().next().as_u64_pair();
            let number = ChildNumber::from_draw(high ^ low);
            if self.handles().find(Handle::number(number))?.is_empty() {
                return Ok(number);
            }
        }
    }
}

/// The pool of records whose authority nobody can tell yet (rules.md 1.3).
pub fn national_pool() -> OrganisationId {
    OrganisationId::NATIONAL_POOL
}

/// Most candidates that a person is shown for one item.
const CANDIDATES_MAX: usize = 10;

/// Chooses among the children that a description may mean, `holders` being those that hold its identifiers.
fn choose(candidates: &[Candidate], holders: &[ChildId], model: &str) -> Meant {
    let Some(best) = candidates.first() else {
        return match holders {
            [] => Meant::New,
            [..] => Meant::Queue(QueueReason::IdentifierConflict, holders.to_vec(), Vec::new()),
        };
    };
    let likely = |candidate: &&Candidate| candidate.is_asked_about();
    // An identifier that is another's by birth or name is a person's to decide, never linked (I-29).
    let conflict = best.pattern.identifiers_conflict()
        || best.pattern.shares_identifier() && best.probability() < LINK
        || holders.iter().any(|holder| *holder != best.child);
    if best.probability() >= LINK
        && !conflict
        && !best.pattern.asks()
        && (!best.shielded || best.pattern.shares_identifier())
    {
        let weighing = Some(Box::new(weighing(best, model)));
        return Meant::Child(best.child, Some(Linking { judgement: Judgement::Matched, weighing }));
    }
    let reason = if candidates.iter().filter(likely).any(|candidate| candidate.shielded) {
        // What is hidden on a shielded record may not serve to link, and no second record may show it (I-8).
        QueueReason::PossiblyShielded
    } else if conflict {
        QueueReason::IdentifierConflict
    } else if candidates.iter().filter(likely).count() > 1 {
        QueueReason::Several
    } else {
        QueueReason::SoundsAlike
    };
    let shown = || candidates.iter().take(CANDIDATES_MAX);
    let mut meant: Vec<ChildId> = shown().map(|candidate| candidate.child).collect();
    let weighings = shown().map(|candidate| weighing(candidate, model)).collect();
    meant.extend(holders.iter().filter(|holder| !candidates.iter().any(|one| one.child == **holder)));
    Meant::Queue(reason, meant, weighings)
}

/// How facts name a model.
pub(crate) fn model_code(version: &str) -> Code {
    Code::new(&version.replace('-', "_")).unwrap_or_else(|_| Code::unreadable())
}

/// How a candidate was weighed, to be kept with the decision: of a shielded one only what is shown.
pub(crate) fn weighing(candidate: &Candidate, model: &str) -> Weighing {
    let code = |text: &str| Code::new(text).unwrap_or_else(|_| Code::unreadable());
    let lines = candidate.lines.iter().map(|(field, weight)| Weighed {
        field: code(field.name()),
        level: code(candidate.pattern.level_name(*field)),
        weight: *weight,
    });
    Weighing {
        model: model_code(model),
        prior: candidate.prior,
        fields: lines.collect(),
        kin: candidate.kin,
        rivals: candidate.rivals,
        odds: candidate.odds,
    }
}
