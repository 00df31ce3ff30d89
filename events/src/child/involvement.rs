//! Involvement: a service works with a child, from one day until another.
//!
//! Source: SI 2007/2182 Schedule 1 (what is held), regulation 11(2) (supersede) and 11(3) (sensitive
//! services); invariants I-5, I-6, I-11, I-12, I-15 to I-17.

mod between;
mod checks;
mod decide;
mod evolve;
mod lead;
mod notification;
mod older;
mod refusal;
#[cfg(test)]
mod spec;
mod start;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Not,
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{
    Contact, InvolvementId, KeyedRef, Label, OrganisationId, PersonName, Position, ServiceClass, ServiceType,
};

use super::{Child, consent::Basis};
use crate::told::Told;

pub use between::{Contacted, NotShared, Withholding};
pub(super) use between::{contacted, not_shared};
pub(super) use decide::decide;
pub(super) use evolve::{
    assessment_indicated, assessment_withdrawn, contacts_changed, ended, in_error, lead_named,
    lead_relinquished, started, updated,
};
pub(super) use lead::leads_given_up;
pub use notification::{Acknowledged, Change, NOTIFICATIONS_MAX, Notification, Notified};
pub(super) use notification::{acknowledged, notified};
pub use refusal::Refusal;

/// How far ahead a start may lie; it shows from its day (contract.md section 3).
pub const START_DAYS_AHEAD_MAX: i64 = 90;

/// How long an ended involvement stays visible, unless the policy says another (rules.md 2.2).
pub const ENDED_VISIBLE_DAYS: i64 = 365;

/// A practitioner as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practitioner {
    /// The supplier's reference, as a keyed hash.
    pub practitioner_ref: KeyedRef,
    /// The name.
    pub name: PersonName,
    /// The job.
    pub job: Label,
}

/// A service began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Started {
    pub involvement: InvolvementId,
    /// Under which reference of the child it was told.
    pub source: KeyedRef,
    pub supplier: OrganisationId,
    pub organisation: OrganisationId,
    pub service_type: ServiceType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<Practitioner>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Label>,
    pub contacts: Vec<Contact>,
    pub started_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode: Option<KeyedRef>,
    /// Present exactly when the service is sensitive: why it may be recorded at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Something of it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word; absent means unchanged")]
pub struct Updated {
    pub involvement: InvolvementId,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub practitioner: Told<Practitioner>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub team: Told<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<Contact>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Told::is_unsaid")]
    pub ended_on: Told<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Updated {
    /// Makes an update of this involvement that says nothing yet.
    pub fn nothing_of(involvement: InvolvementId) -> Updated {
        Updated {
            involvement,
            practitioner: Told::<Practitioner>::Unsaid,
            team: Told::Unsaid,
            contacts: None,
            started_on: None,
            ended_on: Told::Unsaid,
            version: None,
        }
    }
}

/// It ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct Ended {
    pub involvement: InvolvementId,
    pub ended_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// It should never have been recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct InError {
    pub involvement: InvolvementId,
}

/// A practitioner's contacts changed, on every open entry of the supplier that names them.
///
/// Entries of sensitive services are told one by one instead, each under its episode's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct PractitionerContactsChanged {
    pub supplier: OrganisationId,
    pub practitioner_ref: KeyedRef,
    pub contacts: Vec<Contact>,
}

/// A common assessment is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct AssessmentIndicated {
    pub involvement: InvolvementId,
    pub on: NaiveDate,
}

/// A common assessment is held no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct AssessmentWithdrawn {
    pub involvement: InvolvementId,
    pub on: NaiveDate,
}

/// A lead professional was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct LeadNamed {
    pub involvement: InvolvementId,
}

/// A lead professional gave the role up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct LeadRelinquished {
    pub involvement: InvolvementId,
}

/// Two leads stand, one of them hidden from the other's sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub struct LeadClashed {
    pub involvement: InvolvementId,
    pub with: InvolvementId,
}

/// An involvement as remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of Started, and what changed since")]
pub struct Involvement {
    pub source: KeyedRef,
    pub supplier: OrganisationId,
    pub organisation: OrganisationId,
    pub service_type: ServiceType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<Practitioner>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Label>,
    pub contacts: Vec<Contact>,
    pub started_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode: Option<KeyedRef>,
    #[serde(default, skip_serializing_if = "Not::not")]
    pub lead_professional: bool,
    /// At which position the role was last taken.
    #[serde(default, skip_serializing_if = "is_beginning")]
    pub lead_since: Position,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_assessment_on: Option<NaiveDate>,
    /// The day of the last withdrawal of an assessment: an indication of an earlier day comes too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_withdrawn_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Older versions that were heard, so that none is kept twice.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub earlier: BTreeSet<i64>,
    /// Entered in error: kept so that its reference is not used twice, shown to nobody.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub in_error: bool,
    /// What its organisation is told because of it, by where that was recorded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notifications: BTreeMap<Position, Notification>,
    /// With which others it got in touch, and when last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contacted: BTreeMap<InvolvementId, NaiveDate>,
    /// What its organisation decided last not to share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_shared: Option<NotShared>,
    /// When it was last told.
    pub as_at: DateTime<Utc>,
    /// At which position it was last told.
    pub position: Position,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_beginning(position: &Position) -> bool {
    *position == Position::ZERO
}

impl Involvement {
    /// Tells whether this practitioner is the one it names.
    pub(super) fn names(&self, practitioner_ref: &KeyedRef) -> bool {
        self.practitioner.as_ref().is_some_and(|person| person.practitioner_ref == *practitioner_ref)
    }

    /// How freely it is shown.
    pub fn class(&self) -> ServiceClass {
        self.service_type.class()
    }

    /// Tells whether it works with the child on this day.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        !self.in_error && self.started_on <= today && self.ended_on.is_none_or(|ended| ended > today)
    }

    /// Tells whether it is of an age to be shown: begun, and open or ended within `visible_days`.
    ///
    /// A sensitive entry ends for others the day it ends (rules.md 2.2).
    pub fn is_current(&self, today: NaiveDate, visible_days: i64) -> bool {
        if self.in_error || self.started_on > today {
            return false;
        }
        match (self.ended_on, self.class()) {
            (None, _) => true,
            (Some(ended), ServiceClass::Sensitive) => ended > today,
            (Some(ended), ServiceClass::Universal | ServiceClass::Additional | ServiceClass::Protected) => {
                today <= ended + Duration::days(visible_days)
            }
        }
    }
}

impl Child {
    /// Tells whether an entry may be held and shown at all: its link stands, its consent lives.
    pub fn stands(&self, involvement: &Involvement, today: NaiveDate) -> bool {
        !involvement.in_error
            && !self.is_disputed(&involvement.source)
            && self.is_permitted(involvement, today)
    }

    /// I-11, I-12: an entry of a sensitive service lives as long as what permits its episode.
    pub(super) fn is_permitted(&self, involvement: &Involvement, today: NaiveDate) -> bool {
        involvement.class() != ServiceClass::Sensitive
            || involvement
                .episode
                .and_then(|episode| self.episodes.get(&episode))
                .is_some_and(|episode| episode.live_basis(today).is_some())
    }
}

/// What may be asked about involvements.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the contract's own word")]
pub enum Command {
    /// Start one; a repeat with other content updates it.
    Start {
        involvement: InvolvementId,
        source: KeyedRef,
        supplier: OrganisationId,
        organisation: OrganisationId,
        service_type: ServiceType,
        practitioner: Option<Practitioner>,
        team: Option<Label>,
        contacts: Vec<Contact>,
        started_on: NaiveDate,
        ended_on: Option<NaiveDate>,
        lead_professional: bool,
        episode: Option<KeyedRef>,
        version: Option<i64>,
        /// Id for the shield that a protected entry asks for.
        shield: vocabulary::ShieldId,
    },
    /// Update one.
    Update { by: Changer, updated: Box<Updated> },
    /// End one.
    End { by: Changer, involvement: InvolvementId, ended_on: NaiveDate, version: Option<i64> },
    /// Take one back.
    EnterInError { by: Changer, involvement: InvolvementId },
    /// Change a practitioner's contacts on every open entry of the supplier.
    ChangeContacts { supplier: OrganisationId, practitioner_ref: KeyedRef, contacts: Vec<Contact> },
    /// Indicate a common assessment.
    IndicateAssessment { by: Changer, involvement: InvolvementId, on: NaiveDate },
    /// Withdraw it.
    WithdrawAssessment { by: Changer, involvement: InvolvementId, on: NaiveDate },
    /// Name the lead professional.
    NameLead { by: Changer, involvement: InvolvementId },
    /// Give the role up.
    RelinquishLead { by: Changer, involvement: InvolvementId },
    /// Say that what an organisation was told has been seen.
    Acknowledge { organisation: OrganisationId, notification: Position },
    /// Say that an organisation got in touch with another.
    MakeContact { organisation: OrganisationId, told: Contacted },
    /// Say that it decided not to share.
    DeclineSharing { organisation: OrganisationId, told: NotShared },
}

/// Who wants to change an involvement (invariant I-15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changer {
    /// The organisation that supplied it, or whose it is.
    Organisation(OrganisationId),
    /// The responsible authority's team.
    Team,
}
