//! Shielded records: what a shield leaves visible, and whose override opens it.
//!
//! Source: SI 2007/2182 regulation 6(5)-(6): name, gender, date of birth, number and the carers' names;
//! rules.md 2.1, 2.4 and 2.5; domain.md 3.

use vocabulary::{Assurance, Channel, FieldGroup, Role};

use crate::{groups::Groups, viewer::Viewer};

/// What a shield leaves visible to everybody who may open the record at all.
pub(crate) const LEAST: Groups = Groups::NONE.with(FieldGroup::A).with(FieldGroup::B);

/// Tells whether an override that is open counts for this viewer.
///
/// The right, own sign-in and own eyes: never what a case management system asserts, never for a
/// colleague on the telephone (rules.md 2, rows 'CMS' and 'mediator').
pub(crate) fn may_override(viewer: &Viewer) -> bool {
    viewer.role == Role::PractitionerOverride
        && viewer.channel == Channel::Web
        && viewer.assurance == Assurance::OwnSignIn
        && viewer.mediated_for.is_none()
}

/// Tells whether a view goes behind a shield, which is logged as a hidden view.
pub(crate) fn goes_behind(shielded: bool, groups: Groups) -> bool {
    shielded && !groups.within(LEAST.with(FieldGroup::J))
}
