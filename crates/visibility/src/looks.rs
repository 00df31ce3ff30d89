//! Looks: who may read that somebody looked, and what of it.
//!
//! Source: rules.md 2, group J and sentence 3; domain.md 6.6; invariant I-21 (nobody audits themselves).

use vocabulary::{AccountId, FieldGroup, OrganisationId, OrganisationKind, Role};

use crate::{
    archived::Column,
    scope::{Facts, scope_of},
    subject::{CarerRequest, Threat},
    viewer::{ApprovedCase, Viewer},
};

/// One look, as far as the rule asks: who looked, from where, at whose record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look<'a> {
    /// Who looked.
    pub account: AccountId,
    /// Of which organisation.
    pub organisation: &'a OrganisationId,
    /// What kind of organisation.
    pub kind: OrganisationKind,
    /// The authority that organisation belongs to or is.
    pub authority: Option<&'a OrganisationId>,
    /// For a mediated look, the kind of the caller's organisation.
    pub caller_kind: Option<OrganisationKind>,
    /// The authority that answers for the child now.
    pub child_authority: Option<&'a OrganisationId>,
    /// Whether any shield stands on the record now.
    pub child_shielded: bool,
    /// In which column the record stands now.
    pub column: Column,
}

impl Look<'_> {
    fn is_telling(&self) -> bool {
        is_telling(self.kind, self.caller_kind)
    }
}

/// A list that was shown with the child on it, as far as the rule asks; listed and opened are different facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// The kind of organisation to which it was shown.
    pub kind: OrganisationKind,
    /// Where a mediator was shown it, the kind of the caller's organisation.
    pub caller_kind: Option<OrganisationKind>,
    /// Whether any shield stands on the record now.
    pub child_shielded: bool,
    /// In which column the record stands now.
    pub column: Column,
}

/// Tells whether a look itself would tell that a sensitive or protected service is involved.
fn is_telling(kind: OrganisationKind, caller: Option<OrganisationKind>) -> bool {
    kind.is_sensitive_or_protected() || caller.is_some_and(OrganisationKind::is_sensitive_or_protected)
}

/// Who asks about looks.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'a> {
    /// A person with an account, an investigator with the approved case that names the child.
    Staff(&'a Viewer, Option<&'a ApprovedCase>),
    /// The competent child, by an access request.
    CompetentChild,
    /// A parent or carer, by an access request.
    Carer(&'a CarerRequest),
}

/// What of a look is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LookShown {
    /// Nothing, as if there had been none.
    Hidden,
    /// All but the child's names.
    WithoutChildsName,
    /// All but the practitioner's name.
    WithoutPractitionersName,
    /// All of it.
    Whole,
}

/// Judges whether a look may be read, and what of it.
///
/// One's own looks are always one's own, without the child's names: that is no look again (I-27).
pub fn may_see_look(reader: Reader<'_>, look: &Look<'_>) -> LookShown {
    match reader {
        Reader::CompetentChild if look.column == Column::Quarantined => LookShown::Hidden,
        Reader::CompetentChild => LookShown::Whole,
        Reader::Carer(_) if look.column == Column::Quarantined || look.is_telling() => LookShown::Hidden,
        Reader::Carer(request) if look.child_shielded && request.threat == Threat::NotCleared => {
            LookShown::Hidden
        }
        Reader::Carer(_) => LookShown::WithoutPractitionersName,
        Reader::Staff(viewer, _) if viewer.account == look.account => LookShown::WithoutChildsName,
        Reader::Staff(viewer, case) => by_staff(viewer, case, look),
    }
}

/// Tells whether a list is counted for the child or the carer who asks (rules.md 4.2); for staff there is no count.
pub fn may_count_listing(reader: Reader<'_>, listing: &Listing) -> bool {
    let told = listing.column != Column::Quarantined;
    match reader {
        Reader::CompetentChild => told,
        Reader::Carer(request) => {
            let cleared = !listing.child_shielded || request.threat == Threat::Cleared;
            told && cleared && !is_telling(listing.kind, listing.caller_kind)
        }
        Reader::Staff(_, _) => false,
    }
}

fn by_staff(viewer: &Viewer, case: Option<&ApprovedCase>, look: &Look<'_>) -> LookShown {
    let facts = Facts {
        authority: look.child_authority,
        shielded: look.child_shielded,
        column: look.column,
        former_matched: false,
    };
    let scope = scope_of(viewer, facts, case);
    let of_child = if !scope.has(FieldGroup::J) {
        LookShown::Hidden
    } else if scope.has(FieldGroup::A) {
        LookShown::Whole
    } else {
        LookShown::WithoutChildsName
    };
    match viewer.role {
        Role::Auditor if look.column == Column::Quarantined => LookShown::Hidden,
        // An auditor's own authority: its children, and looks by its organisations' staff.
        Role::Auditor if viewer.answers_for(look.authority) => of_child.max(LookShown::WithoutChildsName),
        Role::Auditor => of_child,
        Role::UserManager if *look.organisation == viewer.organisation && !look.is_telling() => of_child,
        Role::Investigator if !look.is_telling() => of_child,
        Role::UserManager
        | Role::Investigator
        | Role::Practitioner
        | Role::PractitionerOverride
        | Role::NationalPartner
        | Role::Mediator
        | Role::AuthorityTeam
        | Role::DataManager
        | Role::CaseApprover
        | Role::Administrator
        | Role::Operator => LookShown::Hidden,
    }
}
