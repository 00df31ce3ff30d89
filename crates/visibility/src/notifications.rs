//! Notifications: whether what somebody was told of another's entry may be shown to them at this moment.
//!
//! Who is told is decided when the entry begins or ends (`events`, `child/involvement/notification.rs`); what was
//! shielded since, disputed or taken back is left out when it is read. Source: rules.md 2.3; ADR-0057.

use events::child::{Child, RecordState};
use vocabulary::{AccessReason, FieldGroup, InvolvementId, OrganisationId, OrganisationKind, ServiceClass};

use crate::{
    entries,
    scope::{role_works, scope},
    viewer::{Override, Sight, Viewer},
};

/// Tells whether `viewer` may be shown what was told of the entry `of` because of their own entry `because`.
///
/// Theirs must still be open and stand, and the record must show them the other entry and whose record it is.
pub fn may_be_told(
    viewer: &Viewer,
    child: &Child,
    because: InvolvementId,
    of: InvolvementId,
    sight: &Sight,
) -> bool {
    let works = child.involvements.get(&because).is_some_and(|own| {
        own.organisation == viewer.organisation && own.is_open(sight.today) && child.stands(own, sight.today)
    });
    let scope = scope(viewer, child, Override::None, sight);
    works && scope.has(FieldGroup::A) && entries::shows(&scope, child, of, sight)
}

/// The lead professionals who may be told that somebody of the viewer's organisation looks, with whose entry it is.
///
/// None of a look that would tell something by itself: of a sensitive or protected organisation's, of one for a
/// colleague, of one that enquires, audits, shields or answers a person; nor of a record that is not open to all.
pub fn leads_of_look(
    viewer: &Viewer,
    child: &Child,
    reason: AccessReason,
    sight: &Sight,
) -> Vec<(InvolvementId, OrganisationId)> {
    let telling = viewer.kind.is_sensitive_or_protected() || viewer.mediated_for.is_some();
    let works = role_works(viewer.role, false) && is_of_work(reason);
    if telling || !works || child.record_state(sight.today) != RecordState::Live {
        return Vec::new();
    }
    let leads = child.involvements.iter().filter(|(_, held)| {
        let ordinary = matches!(held.class(), ServiceClass::Universal | ServiceClass::Additional);
        let open = held.is_open(sight.today) && child.stands(held, sight.today);
        held.lead_professional && ordinary && open && held.organisation != viewer.organisation
    });
    leads.map(|(id, held)| (*id, held.organisation.clone())).collect()
}

/// Tells whether a look of staff of `kind` that was told to the lead `lead` may be shown to `viewer` now.
pub fn may_be_told_of_look(
    viewer: &Viewer,
    child: &Child,
    lead: InvolvementId,
    kind: OrganisationKind,
    sight: &Sight,
) -> bool {
    let leads = child.involvements.get(&lead).is_some_and(|own| {
        let open = own.is_open(sight.today) && child.stands(own, sight.today);
        own.organisation == viewer.organisation && own.lead_professional && open
    });
    let live = child.record_state(sight.today) == RecordState::Live;
    let seen = scope(viewer, child, Override::None, sight).has(FieldGroup::E);
    leads && live && seen && !kind.is_sensitive_or_protected()
}

/// Reasons of those who work with a child.
fn is_of_work(reason: AccessReason) -> bool {
    match reason {
        AccessReason::NewReferral
        | AccessReason::Assessment
        | AccessReason::ContinuingSupport
        | AccessReason::Emergency
        | AccessReason::MissingEducation
        | AccessReason::Transfer
        | AccessReason::RecordInvolvement => true,
        AccessReason::ChildProtectionEnquiry
        | AccessReason::MediatedRequest
        | AccessReason::DataQuality
        | AccessReason::Shielding
        | AccessReason::SubjectAccess
        | AccessReason::Audit
        | AccessReason::CaseReview => false,
    }
}
