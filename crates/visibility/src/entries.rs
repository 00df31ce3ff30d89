//! Entries: which involvements are shown, each by its class, and for how long after it ended.
//!
//! Source: SI 2007/2182 regulation 6(3)(a) and Schedule 1; rules.md 1.4 (protected), 2.2 (own entries, ends),
//! 2.3 (lead and common assessment follow their entry).

use chrono::Days;
use events::child::{Child, involvement::Involvement};
use vocabulary::{FieldGroup, InvolvementId, ServiceClass};

use crate::{
    scope::{CarerContacts, Grant, Scope},
    viewer::Sight,
};

/// The entries shown, newest start first. Their order depends on nothing but themselves.
pub(crate) fn shown<'a>(
    scope: &Scope,
    child: &'a Child,
    sight: &Sight,
) -> Vec<(InvolvementId, &'a Involvement)> {
    let mut shown: Vec<_> = child
        .involvements
        .iter()
        .filter(|(_, entry)| is_visible(scope, child, entry, sight))
        .map(|(id, entry)| (*id, entry))
        .collect();
    shown.sort_by_key(|(id, entry)| (std::cmp::Reverse(entry.started_on), *id));
    shown
}

/// Tells whether one entry is among those shown.
pub(crate) fn shows(scope: &Scope, child: &Child, id: InvolvementId, sight: &Sight) -> bool {
    child.involvements.get(&id).is_some_and(|entry| is_visible(scope, child, entry, sight))
}

fn is_visible(scope: &Scope, child: &Child, entry: &Involvement, sight: &Sight) -> bool {
    child.stands(entry, sight.today) && scope.all(|grant| is_shown(grant, entry, sight))
}

fn is_shown(grant: &Grant, entry: &Involvement, sight: &Sight) -> bool {
    if is_own(grant, entry) {
        return is_of_age(entry, sight);
    }
    // A competent child's agreement lets a carer see sensitive services, and never the door of a refuge.
    if entry.class() == ServiceClass::Protected && matches!(grant.contacts, CarerContacts::Of(_)) {
        return false;
    }
    grant.groups.has(group_of(entry.class())) && entry.is_current(sight.today, sight.ended_visible_days)
}

/// The group that an entry of a class is shown with.
pub(crate) fn group_of(class: ServiceClass) -> FieldGroup {
    match class {
        ServiceClass::Universal => FieldGroup::D,
        ServiceClass::Additional => FieldGroup::E,
        ServiceClass::Sensitive | ServiceClass::Protected => FieldGroup::G,
    }
}

/// Tells whether an entry is this viewer's organisation's: supplied by it, or about its own service.
pub(crate) fn is_own(grant: &Grant, entry: &Involvement) -> bool {
    grant.own.as_ref().is_some_and(|own| entry.organisation == *own || entry.supplier == *own)
}

/// An own entry shows from its day until the common term after its end, sensitive ones too: theirs end at
/// once for others only.
fn is_of_age(entry: &Involvement, sight: &Sight) -> bool {
    let term = Days::new(u64::try_from(sight.ended_visible_days).unwrap_or_default());
    entry.started_on <= sight.today
        && entry
            .ended_on
            .is_none_or(|ended| ended.checked_add_days(term).is_none_or(|last| sight.today <= last))
}
