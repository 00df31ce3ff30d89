//! Sensitive services: an entry is seen whole, as an unspecified line, or not at all.
//!
//! Source: SI 2007/2182 regulation 6(3)(a) (name and contacts of a sensitive service are not readable);
//! rules.md 2.2; contract.md section 2, last paragraph on the record.

use events::child::{Child, consent::Basis, involvement::Involvement};
use serde::Serialize;
use vocabulary::{FieldGroup, Role, ServiceClass};

use crate::{
    entries,
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
            scope.all(|grant| may_know(grant, entry, basis)) && !scope.all(|grant| sees_whole(grant, entry))
        })
        .then_some(SensitiveServices::Unspecified)
}

fn sees_whole(grant: &Grant, entry: &Involvement) -> bool {
    grant.groups.has(FieldGroup::G) || entries::is_own(grant, entry)
}

fn may_know(grant: &Grant, entry: &Involvement, basis: Option<Basis>) -> bool {
    let by_line = grant.groups.has(FieldGroup::F)
        && match basis {
            Some(Basis::Consent) => true,
            Some(Basis::SignificantHarm) => grant.suspicion == Suspicion::Known,
            None => false,
        };
    by_line || sees_whole(grant, entry)
}

fn basis(child: &Child, entry: &Involvement, sight: &Sight) -> Option<Basis> {
    child.episodes.get(&entry.episode?)?.live_basis(sight.today)
}
