//! Identifiers of other bodies: a number is read only by staff of the body that allotted it.
//!
//! Source: SI 2007/2182 regulation 6(3)(c) and Schedule 1 para 18; rules.md 2, row 'allocating body's staff'.

use vocabulary::Scheme;

use crate::{archived::Column, viewer::Viewer};

/// Which identifiers were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Schemes {
    /// None.
    #[default]
    None,
    /// One body's own.
    Own(Scheme),
    /// Every scheme.
    All,
}

impl Schemes {
    pub(crate) fn has(self, scheme: Scheme) -> bool {
        match self {
            Schemes::None => false,
            Schemes::Own(own) => own == scheme,
            Schemes::All => true,
        }
    }

    pub(crate) fn is_some(self) -> bool {
        self != Schemes::None
    }
}

/// The scheme whose numbers are allotted for the functions of the viewer's organisation.
pub(crate) fn allotted_by(viewer: &Viewer) -> Schemes {
    if viewer.kind.is_health() {
        Schemes::Own(Scheme::NhsNumber)
    } else if viewer.kind.is_education() {
        Schemes::Own(Scheme::Upn)
    } else {
        Schemes::None
    }
}

/// What an ordinary viewer reads: the own body's numbers, where more than the least of a record is shown.
pub(crate) fn ordinary(viewer: &Viewer, column: Column, override_counts: bool) -> Schemes {
    match column {
        Column::Live => allotted_by(viewer),
        Column::OverrideOpen if override_counts => allotted_by(viewer),
        Column::OverrideOpen
        | Column::Shielded
        | Column::ArchivedYear1
        | Column::ArchivedYears2To6
        | Column::Quarantined => Schemes::None,
    }
}
