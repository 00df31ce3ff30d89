//! Archived and quarantined records: which column of the table a record stands in.
//!
//! Source: SI 2007/2182 regulation 6(3)(e) (archived information is not readable); domain.md 4.6;
//! rules.md 2.7 (quarantine).

use events::{
    case::Purpose,
    child::{Child, RecordState},
};

use crate::{
    groups::Groups,
    shielded,
    viewer::{Override, Sight},
};

/// A column of the table of rules.md 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Read as the roles allow.
    Live,
    /// Shielded by its authority.
    Shielded,
    /// Shielded, and this viewer opened an override on it.
    OverrideOpen,
    /// In its first year in the archive.
    ArchivedYear1,
    /// In years two to six.
    ArchivedYears2To6,
    /// Waiting for someone to decide whether it is another record's child.
    Quarantined,
}

impl Column {
    /// Every column, in the order of the table.
    pub const ALL: [Column; 6] = [
        Column::Live,
        Column::Shielded,
        Column::OverrideOpen,
        Column::ArchivedYear1,
        Column::ArchivedYears2To6,
        Column::Quarantined,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Column::Live => "live",
            Column::Shielded => "shielded",
            Column::OverrideOpen => "override_open",
            Column::ArchivedYear1 => "archived_year_1",
            Column::ArchivedYears2To6 => "archived_years_2_to_6",
            Column::Quarantined => "quarantined",
        }
    }

    /// The column of a state. An override opens a shield and nothing else.
    pub fn of(state: RecordState, opened: Override) -> Column {
        match (state, opened) {
            (RecordState::Live, _) => Column::Live,
            (RecordState::Shielded, Override::None) => Column::Shielded,
            (RecordState::Shielded, Override::Open) => Column::OverrideOpen,
            (RecordState::ArchivedYear1, _) => Column::ArchivedYear1,
            (RecordState::ArchivedYears2To6, _) => Column::ArchivedYears2To6,
            (RecordState::Quarantined, _) => Column::Quarantined,
        }
    }

    /// Tells whether the record is in the archive.
    pub fn is_archived(self) -> bool {
        match self {
            Column::ArchivedYear1 | Column::ArchivedYears2To6 => true,
            Column::Live | Column::Shielded | Column::OverrideOpen | Column::Quarantined => false,
        }
    }
}

/// The column a record stands in. Quarantine comes first: nobody yet knows whose record it is.
pub(crate) fn column(child: &Child, opened: Override, sight: &Sight) -> Column {
    let state = if sight.quarantined { RecordState::Quarantined } else { child.record_state(sight.today) };
    Column::of(state, opened)
}

/// Tells whether an approved case reaches a record in this column. Its approval is the authority for the
/// archive's first year; later years open for three purposes only, and quarantine for none.
pub(crate) fn reaches(purpose: Purpose, column: Column) -> bool {
    match column {
        Column::Live | Column::Shielded | Column::OverrideOpen | Column::ArchivedYear1 => true,
        Column::ArchivedYears2To6 => match purpose {
            Purpose::Section47 | Purpose::CaseReview | Purpose::ChildDeath => true,
            Purpose::Misuse => false,
        },
        Column::Quarantined => false,
    }
}

/// What is left of a right when somebody else vouches for the person or carries what is seen.
///
/// Rows 'CMS on behalf of a user' and 'mediator': the least of a shielded record whoever the user is,
/// nothing of the archive and nothing of quarantine.
pub(crate) fn second_hand(groups: Groups, column: Column) -> Groups {
    match column {
        Column::Live => groups,
        Column::Shielded | Column::OverrideOpen => groups.both(shielded::LEAST),
        Column::ArchivedYear1 | Column::ArchivedYears2To6 | Column::Quarantined => Groups::NONE,
    }
}
