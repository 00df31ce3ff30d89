//! Subject: what a child or a carer is shown who asks for what is held about the child.
//!
//! Source: UK GDPR article 15; rules.md 2, rows 'competent child' and 'parent or carer'; domain.md 6.6 and 7.
//! Who may ask, and whether the child is competent, was judged before.

use events::child::Child;
use vocabulary::{FieldGroup, KeyedRef};

use crate::{
    archived::{Column, column},
    groups::Groups,
    identifiers::Schemes,
    names::Former,
    scope::{CarerContacts, Grant, Scope},
    sensitive::Suspicion,
    viewer::{Override, Sight},
};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The child, judged competent.
    CompetentChild,
    /// A parent or another carer whom the record names.
    Carer(CarerRequest),
}

/// A carer's request, and what was judged of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarerRequest {
    /// Which carer of the record; that one's contacts are their own.
    pub carer_ref: KeyedRef,
    /// Whether they live where the child lives.
    pub home: Home,
    /// Whether the competent child agrees that they see sensitive services.
    pub agreement: Agreement,
    /// What the threat check found; asked of shielded records.
    pub threat: Threat,
}

/// Whether a carer lives at the child's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// Somewhere else, or it is not known.
    Apart,
    /// At the child's address.
    Shared,
}

/// Whether the competent child agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// No, or nobody asked.
    None,
    /// Yes.
    Given,
}

/// What the threat check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Threat {
    /// It was not made, or found a threat.
    NotCleared,
    /// None from this person.
    Cleared,
}

/// Judges what an access request is answered with. The archive is open to it: the request is the request
/// that those columns ask for. A quarantined record is nobody's yet.
pub fn subject_scope(subject: &Subject, child: &Child, sight: &Sight) -> Scope {
    let shielded = child.is_shielded();
    let grant = if column(child, Override::None, sight) == Column::Quarantined {
        Grant::default()
    } else {
        match subject {
            Subject::CompetentChild => child_grant(shielded),
            Subject::Carer(request) if shielded && request.threat == Threat::NotCleared => Grant::default(),
            Subject::Carer(request) => carer_grant(request),
        }
    };
    Scope::of(vec![grant], shielded)
}

/// A to G and who looked. On a shielded record the addresses of others are masked, the own is not.
fn child_grant(shielded: bool) -> Grant {
    let groups = [
        FieldGroup::A,
        FieldGroup::B,
        FieldGroup::C,
        FieldGroup::D,
        FieldGroup::E,
        FieldGroup::F,
        FieldGroup::G,
        FieldGroup::J,
    ]
    .into_iter()
    .fold(Groups::NONE, Groups::with);
    let former = if shielded { Former::None } else { Former::All };
    Grant {
        groups: if former == Former::All { groups.with(FieldGroup::A2) } else { groups },
        former,
        schemes: Schemes::None,
        suspicion: Suspicion::Known,
        address: true,
        contacts: if shielded { CarerContacts::WithoutAddresses } else { CarerContacts::All },
        own: None,
    }
}

/// A B D E and who looked; own contacts only; the address only where they live at it.
fn carer_grant(request: &CarerRequest) -> Grant {
    let groups = Groups::NONE
        .with(FieldGroup::A)
        .with(FieldGroup::B)
        .with(FieldGroup::D)
        .with(FieldGroup::E)
        .with(FieldGroup::J);
    let agreed = request.agreement == Agreement::Given;
    Grant {
        groups: if agreed { groups.with(FieldGroup::G) } else { groups },
        address: request.home == Home::Shared,
        contacts: CarerContacts::Of(request.carer_ref),
        ..Grant::default()
    }
}
