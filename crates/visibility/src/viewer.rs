//! Viewer: who looks, by which way in, and what else a view may depend on. No clock: the day is an input.
//!
//! Source: rules.md 2 and 5.4; domain.md 5.1.

use chrono::NaiveDate;
use events::case::{Case, Purpose};
use vocabulary::{
    AccountId, Assurance, Channel, ChildId, OrganisationId, OrganisationKind, PersonName, Role,
};

/// A person who looks, as their account and organisation stand at this moment.
///
/// Holds no right of its own: every right follows from these facts and the record's, in [`crate::scope`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Whose account.
    pub account: AccountId,
    /// In which organisation; its own entries are the viewer's own.
    pub organisation: OrganisationId,
    /// What kind of organisation; says which identifiers are its own (regulation 6(3)(c)).
    pub kind: OrganisationKind,
    /// The authority that the organisation belongs to or is; none for a national body.
    pub authority: Option<OrganisationId>,
    /// In which role.
    pub role: Role,
    /// By which way in.
    pub channel: Channel,
    /// How sure the directory is of the person.
    pub assurance: Assurance,
    /// For which colleague, when mediated; the view is then the lesser of the two.
    pub mediated_for: Option<Box<Viewer>>,
    /// Whether an auditor's right is national.
    pub national: bool,
}

impl Viewer {
    /// Tells whether the viewer belongs to the authority that answers for a record.
    pub(crate) fn answers_for(&self, authority: Option<&OrganisationId>) -> bool {
        authority.is_some() && self.authority.as_ref() == authority
    }

    /// Tells whether somebody else vouches for the person or carries what is seen.
    ///
    /// Such a look sees only the least of a shielded record, and nothing of an archive (rules.md 2).
    pub(crate) fn is_second_hand(&self) -> bool {
        let by_channel = match self.channel {
            Channel::Cms | Channel::Mediated => true,
            Channel::Web | Channel::Shell => false,
        };
        by_channel || self.assurance == Assurance::AssertedByCms || self.mediated_for.is_some()
    }
}

/// Whether an override of the shield is open on this one record, for this viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Override {
    /// None.
    #[default]
    None,
    /// Opened by this viewer, and the record not yet left.
    Open,
}

/// What a view depends on beside the viewer and the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The civil day in England on which is looked, or as of which is replayed.
    pub today: NaiveDate,
    /// How many days an ended entry stays visible, by the policy in force; 365 by default.
    pub ended_visible_days: i64,
    /// Whether somebody must still decide whether this record is another record's child.
    pub quarantined: bool,
    /// The former names (forename, surname) that the viewer's own search matched; else empty.
    pub matched_former_names: Vec<(PersonName, PersonName)>,
    /// The approved and unexpired case that names this child, under which an investigator looks.
    pub case: Option<ApprovedCase>,
}

impl Sight {
    /// An ordinary look on a day: the default policy, not in quarantine, nothing matched, no case.
    pub fn on(today: NaiveDate) -> Sight {
        Sight {
            today,
            ended_visible_days: events::child::involvement::ENDED_VISIBLE_DAYS,
            quarantined: false,
            matched_former_names: Vec::new(),
            case: None,
        }
    }
}

/// What the approver of a case granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovedCase {
    /// What the case is for; says how far into the archive it reaches.
    pub purpose: Purpose,
    /// Whether it looks behind shields.
    pub shields: Shields,
}

impl ApprovedCase {
    /// The right that a case gives on one child's record on a day: while it is approved, open, unexpired
    /// and names this child; else none.
    pub fn of(case: &Case, child: ChildId, today: NaiveDate) -> Option<ApprovedCase> {
        case.usable(today, child).ok()?;
        let shields = if case.lifts_shields { Shields::Lifted } else { Shields::Respected };
        case.opened.as_ref().map(|opened| ApprovedCase { purpose: opened.purpose, shields })
    }
}

/// Whether a case looks behind shields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Shields {
    /// A shielded record shows what it shows to everybody.
    #[default]
    Respected,
    /// The approver lifted them for this case.
    Lifted,
}
