//! Sensitive services: an entry is seen whole, as an unspecified line, or not at all.
//!
//! Source: SI 2007/2182 regulation 6(3)(a) (name and contacts of a sensitive service are not readable);
//! rules.md 2.2; contract.md section 2, last paragraph on the record.

use events::child::{Child, consent::Basis, involvement::Involvement};
use serde::Serialize;
use vocabulary::{FieldGroup, Role, ServiceClass};

use crate::{
    entries,
    groups::Groups,
    scope::{Grant, Scope},
    viewer::Sight,
};

/// Whether a viewer may know of an entry that stands on suspected significant harm without consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Suspicion {
    /// It is as if there were none.
    #[default]
    Unknown,
    /// The unspecified line is shown.
    Known,
}

impl Suspicion {
    /// Practitioners with the override right know; the team of the record sees the entry whole anyway,
    /// and that of another authority looks as a practitioner does.
    pub(crate) fn known_to(role: Role) -> Suspicion {
        match role {
            Role::PractitionerOverride => Suspicion::Known,
            Role::Practitioner
            | Role::NationalPartner
            | Role::Mediator
            | Role::UserManager
            | Role::AuthorityTeam
            | Role::DataManager
            | Role::Auditor
            | Role::Investigator
            | Role::CaseApprover
            | Role::Administrator
            | Role::Operator => Suspicion::Unknown,
        }
    }
}

/// The one thing said of sensitive services to those who may not see them: no type, date or organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SensitiveServices {
    /// At least one is open. Ask the directory team, which brokers contact.
    Unspecified,
}

/// How one person sees one open entry, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// As if there were none.
    Not,
    /// As the unspecified line.
    Line,
    /// With all it holds.
    Whole,
}

/// The rule of one open entry: by its class, by what it stands on, and whether it is the own organisation's.
pub(crate) fn seen(
    groups: Groups,
    suspicion: Suspicion,
    own: bool,
    class: ServiceClass,
    basis: Option<Basis>,
) -> Seen {
    // An entry of a sensitive service that stands on nothing is not there for anybody.
    if class == ServiceClass::Sensitive && basis.is_none() {
        return Seen::Not;
    }
    if own || groups.has(entries::group_of(class)) {
        return Seen::Whole;
    }
    let known = match basis {
        Some(Basis::Consent) => true,
        Some(Basis::SignificantHarm) => suspicion == Suspicion::Known,
        None => false,
    };
    if class == ServiceClass::Sensitive && known && groups.has(FieldGroup::F) {
        Seen::Line
    } else {
        Seen::Not
    }
}

/// The line, where it is due: an open sensitive entry that the viewer may know of and does not see whole.
///
/// A body's own entry is seen whole and does not count; protected entries have no line at all.
pub(crate) fn line(scope: &Scope, child: &Child, sight: &Sight) -> Option<SensitiveServices> {
    child
        .involvements
        .values()
        .filter(|entry| entry.class() == ServiceClass::Sensitive)
        .filter(|entry| entry.is_open(sight.today) && child.stands(entry, sight.today))
        .any(|entry| {
            let basis = basis(child, entry, sight);
            let each = |grant: &Grant| {
                let own = entries::is_own(grant, entry);
                seen(grant.groups, grant.suspicion, own, entry.class(), basis)
            };
            scope.all(|grant| each(grant) >= Seen::Line) && !scope.all(|grant| each(grant) == Seen::Whole)
        })
        .then_some(SensitiveServices::Unspecified)
}

fn basis(child: &Child, entry: &Involvement, sight: &Sight) -> Option<Basis> {
    child.episodes.get(&entry.episode?)?.live_basis(sight.today)
}
