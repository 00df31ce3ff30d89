//! What a viewer may match on, child by child.
//!
//! Source: rules.md 2.4 and contract.md section 2 (`searches`): on a shielded record other criteria count as
//! not stated.

/// One thing by which a child may be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The current name (group A).
    Name,
    /// The known-as name (group A).
    KnownAs,
    /// Former names (group A2).
    FormerName,
    /// The date of birth (group A).
    DateOfBirth,
    /// The gender (group A).
    Gender,
    /// The child number (group A).
    Number,
    /// The current address (group C).
    Place,
    /// Previous addresses, beside the current one. Nobody sees one, so a live search grants this to nobody; linking does.
    PreviousPlace,
}

impl Field {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of [`Field`]s.
///
/// Name and date of birth are one group and stand together: a set that lacks either finds by number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSet(u8);

impl FieldSet {
    /// What is visible on a live record: groups A, A2 where matched, and C.
    pub const ORDINARY: FieldSet = FieldSet::SHIELDED.with(Field::FormerName).with(Field::Place);

    /// What is visible on a shielded record: group A.
    pub const SHIELDED: FieldSet = FieldSet(0)
        .with(Field::Name)
        .with(Field::KnownAs)
        .with(Field::DateOfBirth)
        .with(Field::Gender)
        .with(Field::Number);

    /// The empty set.
    pub const NONE: FieldSet = FieldSet(0);

    /// This set and `field`.
    #[must_use]
    pub const fn with(self, field: Field) -> FieldSet {
        FieldSet(self.0 | field.bit())
    }

    /// This set without `field`.
    #[must_use]
    pub const fn without(self, field: Field) -> FieldSet {
        FieldSet(self.0 & !field.bit())
    }

    /// Tells whether `field` is in it.
    pub const fn has(self, field: Field) -> bool {
        self.0 & field.bit() != 0
    }

    /// Tells whether names, and with them dates and places, may be matched on.
    pub(crate) const fn names(self) -> bool {
        self.has(Field::Name) && self.has(Field::DateOfBirth)
    }

    /// Tells whether the address may be matched on.
    pub(crate) const fn places(self) -> bool {
        self.names() && self.has(Field::Place)
    }
}

/// What one viewer may match on for one child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Nothing: for this viewer the child is not there.
    Nothing,
    /// These fields; a criterion on any other counts as not stated.
    Fields(FieldSet),
}
