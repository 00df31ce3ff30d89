//! Groups: a set of the field groups A to J, as rules are written down in.
//!
//! Source: rules.md 2. There is no way to take a group out: views start empty and are granted (ADR-0005).

use std::fmt;

use vocabulary::FieldGroup;

/// A set of field groups; empty to begin with.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Groups(u16);

impl Groups {
    /// No group at all.
    pub const NONE: Groups = Groups(0);

    /// This set and one group more.
    #[must_use]
    pub const fn with(self, group: FieldGroup) -> Groups {
        Groups(self.0 | 1 << group as u16)
    }

    /// Tells whether a group was granted.
    pub const fn has(self, group: FieldGroup) -> bool {
        self.0 & (1 << group as u16) != 0
    }

    /// What both sets hold: the lesser of two rights.
    #[must_use]
    pub const fn both(self, other: Groups) -> Groups {
        Groups(self.0 & other.0)
    }

    /// Tells whether every group of this set is in the other too.
    pub const fn within(self, other: Groups) -> bool {
        self.0 & !other.0 == 0
    }

    /// The groups, in the order of the rules.
    pub fn iter(self) -> impl Iterator<Item = FieldGroup> {
        FieldGroup::ALL.into_iter().filter(move |group| self.has(*group))
    }
}

impl fmt::Debug for Groups {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.iter().map(FieldGroup::name)).finish()
    }
}
