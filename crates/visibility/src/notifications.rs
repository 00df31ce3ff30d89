//! Notifications: whether what somebody was told of another's entry may be shown to them at this moment.
//!
//! Who is told is decided when the entry begins or ends (`events`, `child/involvement/notification.rs`); what was
//! shielded since, disputed or taken back is left out when it is read. Source: rules.md 2.3; ADR-0057.

use events::child::Child;
use vocabulary::{FieldGroup, InvolvementId};

use crate::{
    entries,
    scope::scope,
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
