//! The judgement: which child a supplier means.
//!
//! A known reference; or a verified identifier with the date of birth; or a unique exact name with date of
//! birth and postcode links. A sounds-alike with the same date of birth queues; else a new child. Only fields
//! visible on a shielded record, or a verified identifier, may link to it; a likeness to one always queues
//! (rules.md 2.7). The identity work replaces this file, not the registrar.

use events::{child::identity::Judgement, intake::QueueReason, supplied::SuppliedChild};
use finding::{Described, LikenessKind};
use vocabulary::{ChildId, ChildNumber, IntakeId, OrganisationId, Scheme};

use crate::{Directory, children::LoadError, desk::Desk, keying};

/// Which child is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meant {
    /// This one; linked for the first time when a judgement stands beside it.
    Child(ChildId, Option<Judgement>),
    /// Nobody like it is known.
    New,
    /// A person must decide.
    Queue(QueueReason, Vec<ChildId>),
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
    pub(crate) fn meant(&self, desk: &Desk, told: &SuppliedChild) -> Result<Meant, LoadError> {
        let keyed = told.local_ref.as_ref().and_then(events::supplied::SuppliedRef::keyed);
        if let Some(head) = keyed.and_then(|keyed| desk.waiting_refs.get(&keyed)) {
            return Ok(Meant::Behind(*head));
        }
        if let Some(child) = keyed.and_then(|keyed| desk.locals.get(&keyed)) {
            let agrees = told.child_number.is_none_or(|number| desk.numbers.get(&number) == Some(child));
            return Ok(if agrees {
                Meant::Child(*child, None)
            } else {
                Meant::Refused(Unmeant::RefAndNumberDisagree)
            });
        }
        if let Some(number) = told.child_number {
            let judgement = keyed.map(|_| Judgement::ChildNumber);
            return Ok(match desk.numbers.get(&number) {
                Some(child) => Meant::Child(*child, judgement),
                None => Meant::Refused(Unmeant::NumberUnknown),
            });
        }
        match keyed {
            None => Ok(Meant::Refused(Unmeant::ReferenceMissing)),
            Some(_) if !told.is_described() => Ok(Meant::Refused(Unmeant::LocalRefUnknown)),
            Some(_) => self.judged(desk, told),
        }
    }

    /// Judges a described child whose reference is not known.
    fn judged(&self, desk: &Desk, told: &SuppliedChild) -> Result<Meant, LoadError> {
        let alike = self.index().like(&described(told));
        let by_identifier = self.by_identifier(desk, told);
        if let Some(child) = by_identifier.first().copied() {
            let holder = self.load(child)?;
            let same_birth =
                told.date_of_birth.is_some() && holder.child.date_of_birth() == told.date_of_birth;
            let one = by_identifier.iter().all(|other| *other == child);
            let similar = alike.iter().any(|likeness| likeness.child == child);
            return Ok(if one && same_birth && similar {
                Meant::Child(child, Some(Judgement::IdentifierAndBirth))
            } else {
                // An identifier that is another's by birth or name is a person's to decide, never linked.
                let mut candidates = by_identifier;
                candidates.dedup();
                Meant::Queue(QueueReason::IdentifierConflict, candidates)
            });
        }
        let mut exact = alike.iter().filter(|likeness| likeness.kind == LikenessKind::ExactNameBirthPostcode);
        let candidates = || alike.iter().map(|likeness| likeness.child).collect::<Vec<_>>();
        match (exact.next(), exact.next()) {
            (Some(_), Some(_)) => Ok(Meant::Queue(QueueReason::Several, candidates())),
            // The postcode of a shielded record is hidden: it may not serve to link.
            (Some(one), None) if one.shielded => {
                Ok(Meant::Queue(QueueReason::PossiblyShielded, candidates()))
            }
            (Some(one), None) => Ok(Meant::Child(one.child, Some(Judgement::NameBirthAndPostcode))),
            (None, _) if alike.is_empty() => Ok(Meant::New),
            (None, _) if alike.iter().any(|likeness| likeness.shielded) => {
                Ok(Meant::Queue(QueueReason::PossiblyShielded, candidates()))
            }
            (None, _) => Ok(Meant::Queue(QueueReason::SoundsAlike, candidates())),
        }
    }

    /// The children that hold an identifier told here; a child twice where two identifiers agree.
    fn by_identifier(&self, desk: &Desk, told: &SuppliedChild) -> Vec<ChildId> {
        let nhs = told.nhs_number.value().map(|number| (Scheme::NhsNumber, number.as_str()));
        let upn = told.upn.value().map(|number| (Scheme::Upn, number.as_str()));
        [nhs, upn]
            .into_iter()
            .flatten()
            .filter_map(|(scheme, value)| desk.holder(&keying::identifier(self.vault(), scheme, value)))
            .collect()
    }

    /// The authority that answers for a new record: of the address, else of the supplier, else the pool.
    pub(crate) fn responsible(&self, told: &SuppliedChild, supplier: &OrganisationId) -> OrganisationId {
        let register = self.register();
        told.postcode()
            .and_then(|postcode| register.authority_of_outcode(postcode.outcode()))
            .or_else(|| register.authority_of(supplier))
            .unwrap_or_else(national_pool)
    }

    /// A child number that no other child has.
    pub(crate) fn free_number(&self, desk: &Desk) -> ChildNumber {
        loop {
            let (high, low) = self.ids().next().as_u64_pair();
            let number = ChildNumber::from_draw(high ^ low);
            if !desk.numbers.contains_key(&number) {
                return number;
            }
        }
    }
}

/// The pool of records whose authority nobody can tell yet (rules.md 1.3).
pub fn national_pool() -> OrganisationId {
    OrganisationId::NATIONAL_POOL
}

/// What the index is asked about a described child.
pub(crate) fn described(told: &SuppliedChild) -> Described {
    Described {
        forename: told.forename.as_ref().map(|name| name.as_str().to_owned()),
        known_as: told.known_as.value().map(|name| name.as_str().to_owned()),
        surname: told.surname.as_ref().map(|name| name.as_str().to_owned()),
        previous_surname: told.previous_surname.value().map(|name| name.as_str().to_owned()),
        date_of_birth: told.date_of_birth,
        postcode: told.postcode().cloned(),
    }
}
