//! The boundary: everything that can happen to one child, in one stream.
//!
//! Regulation 11(3) makes involvement depend on consent; one stream keeps that local and free of races
//! (ADR-0001). Each topic has a file; this one holds the sum of their events and hands commands on.

pub mod canary;
pub mod consent;
pub mod details;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod free_text;
pub mod identity;
pub mod involvement;
pub mod lifecycle;
pub mod merging;
pub mod notices;
#[cfg(test)]
mod properties;
pub mod responsibility;
pub mod retention;
pub mod scope;
pub mod setting;
pub mod shield;
mod state;
mod versions;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::decider::{Decider, When};

pub use state::{ADULT_AGE, Child, DAYS_LIVE_AFTER_DEATH, RecordState};

/// What happened to a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// A record was opened for a child, with its number and its one responsible authority.
    ChildRegistered(identity::Registered),
    /// A supplier's local reference was found to mean this child.
    LocalRefLinked(identity::LocalRefLinked),
    /// A supplier says that its local reference does not mean this child; its entries are hidden meanwhile.
    LinkDisputed(identity::LinkDisputed),
    /// A supplier's two local references mean one child.
    LocalRefsMerged(identity::LocalRefsMerged),
    /// A person decided that another record is of this child.
    SamePerson(merging::SamePerson),
    /// A person decided that another record, or what a reference means, is not.
    NotSamePerson(merging::NotSamePerson),
    /// A supplier takes back everything it said under a local reference.
    ChildEnteredInError(identity::EnteredInError),
    /// A record in the national pool was given to the authority of its address.
    AuthorityAllocated(identity::AuthorityAllocated),
    /// A move of the record to another authority was proposed.
    ResponsibilityTransferProposed(responsibility::Proposed),
    /// One of the two authorities agreed to a move that neither had asked for.
    ResponsibilityTransferAgreed(responsibility::Agreed),
    /// Both agreed: another authority answers for the record.
    ResponsibilityTransferAccepted(responsibility::Accepted),
    /// One of the two declined.
    ResponsibilityTransferDeclined(responsibility::Declined),
    /// A supplier stated the child's details as it holds them.
    ChildDescribed(details::Described),
    /// A source's word differs from the one that stands, and its supplier or the team is told in which fields.
    DiscrepancyRaised(details::DiscrepancyRaised),
    /// A source's word differs from the one that stands no more.
    DiscrepancySettled(details::DiscrepancySettled),
    /// A supplier sent an older version than one already held; kept, and changes nothing.
    OlderVersionReceived(details::OlderVersion),
    /// A supplier stated where the child is taught.
    EducationStated(setting::EducationStated),
    /// A supplier stated where the child is registered for primary care.
    PrimaryCareStated(setting::PrimaryCareStated),
    /// A service began to work with the child.
    InvolvementStarted(involvement::Started),
    /// What is known of an involvement changed.
    InvolvementUpdated(involvement::Updated),
    /// A service stopped working with the child.
    InvolvementEnded(involvement::Ended),
    /// An involvement should never have been recorded.
    InvolvementEnteredInError(involvement::InError),
    /// A practitioner's contacts changed on every open entry that names them.
    PractitionerContactsChanged(involvement::PractitionerContactsChanged),
    /// A service holds a common assessment.
    CommonAssessmentIndicated(involvement::AssessmentIndicated),
    /// A service no longer holds one.
    CommonAssessmentWithdrawn(involvement::AssessmentWithdrawn),
    /// The practitioner of an involvement coordinates the others.
    LeadProfessionalNamed(involvement::LeadNamed),
    /// They no longer do.
    LeadProfessionalRelinquished(involvement::LeadRelinquished),
    /// A lead was claimed while an entry that the sender may not see holds the role; for the team.
    LeadProfessionalClashed(involvement::LeadClashed),
    /// Those who still work with the child are told that another service began or stopped.
    InvolvementNotified(involvement::Notified),
    /// Somebody of an organisation that was told has seen it.
    NotificationAcknowledged(involvement::Acknowledged),
    /// Two services got in touch.
    ContactMade(involvement::Contacted),
    /// A service decided not to share what it knows.
    SharingDeclined(involvement::NotShared),
    /// Consent to a sensitive service's entry was given.
    ConsentGiven(consent::Given),
    /// Consent was withdrawn; the episode's entries go from every view at once.
    ConsentWithdrawn(consent::Withdrawn),
    /// Significant harm is suspected, which stands in for consent until its review.
    SignificantHarmRecorded(consent::HarmRecorded),
    /// The suspicion was reviewed and stands until the next review.
    SignificantHarmReviewed(consent::HarmReviewed),
    /// Someone asked that the record be shielded.
    ShieldRequested(shield::Requested),
    /// An authority shielded the record.
    ShieldApplied(shield::Applied),
    /// An authority refused to shield it.
    ShieldRefused(shield::Refused),
    /// A shield was reviewed and kept.
    ShieldReviewed(shield::Reviewed),
    /// A shield was lifted.
    ShieldLifted(shield::Lifted),
    /// The child's death was notified.
    ChildDied(lifecycle::Died),
    /// The child left England.
    ChildLeftEngland(lifecycle::LeftEngland),
    /// The record went to the archive.
    RecordArchived(retention::Archived),
    /// What took the record to the archive is no longer so, and it came back.
    RecordRestored(retention::Restored),
    /// A young person agreed that the record stays until they are twenty-five.
    ArchiveAgeExtended(retention::AgeExtended),
    /// They agree no more.
    ArchiveAgeWithdrawn(retention::AgeWithdrawn),
    /// Something keeps the record from being purged.
    LegalHoldPlaced(retention::HoldPlaced),
    /// It keeps it no longer.
    LegalHoldLifted(retention::HoldLifted),
    /// The record closed: no additional service has worked with the child for a year (targeted scope).
    RecordClosed(scope::Closed),
    /// It opened again.
    RecordReopened(scope::Reopened),
    /// The record is an invented one: opening it is an alarm.
    CanaryMarked(canary::Marked),
    /// It is no longer watched.
    CanaryUnmarked(canary::Unmarked),
    /// A notice of what is held and why was given.
    NoticeGiven(notices::Given),
    /// A parent is to receive the child's own copy of notices too.
    ParentIncluded(notices::ParentIncluded),
    /// No parent is any more.
    ParentLeftOut(notices::ParentLeftOut),
}

/// What may be asked about a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// About who this is.
    Identity(identity::Command),
    /// About which authority answers for the record.
    Responsibility(responsibility::Command),
    /// About other records of the same child.
    Merging(merging::Command),
    /// About the details held.
    Details(details::Command),
    /// About education and primary care.
    Setting(setting::Command),
    /// About who works with the child.
    Involvement(involvement::Command),
    /// About sensitive services.
    Consent(consent::Command),
    /// About hiding the record.
    Shield(shield::Command),
    /// About death and departure.
    Lifecycle(lifecycle::Command),
    /// About the end of the record.
    Retention(retention::Command),
    /// About whether a record is held of this child.
    Scope(scope::Command),
    /// About watching an invented record.
    Canary(canary::Command),
    /// About what a family is told.
    Notices(notices::Command),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant carries the refusals of the topic it is named for")]
pub enum Refusal {
    #[error(transparent)]
    Identity(#[from] identity::Refusal),
    #[error(transparent)]
    Responsibility(#[from] responsibility::Refusal),
    #[error(transparent)]
    Merging(#[from] merging::Refusal),
    #[error(transparent)]
    Details(#[from] details::Refusal),
    #[error(transparent)]
    Setting(#[from] setting::Refusal),
    #[error(transparent)]
    Involvement(#[from] involvement::Refusal),
    #[error(transparent)]
    Consent(#[from] consent::Refusal),
    #[error(transparent)]
    Shield(#[from] shield::Refusal),
    #[error(transparent)]
    Lifecycle(#[from] lifecycle::Refusal),
    #[error(transparent)]
    Retention(#[from] retention::Refusal),
    #[error(transparent)]
    Scope(#[from] scope::Refusal),
    #[error(transparent)]
    Canary(#[from] canary::Refusal),
    #[error(transparent)]
    Notices(#[from] notices::Refusal),
}

impl Refusal {
    /// The stable name used by the API, the logs and the tests.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Identity(refusal) => refusal.code(),
            Refusal::Responsibility(refusal) => refusal.code(),
            Refusal::Merging(refusal) => refusal.code(),
            Refusal::Details(refusal) => refusal.code(),
            Refusal::Setting(refusal) => refusal.code(),
            Refusal::Involvement(refusal) => refusal.code(),
            Refusal::Consent(refusal) => refusal.code(),
            Refusal::Shield(refusal) => refusal.code(),
            Refusal::Lifecycle(refusal) => refusal.code(),
            Refusal::Retention(refusal) => refusal.code(),
            Refusal::Scope(refusal) => refusal.code(),
            Refusal::Canary(refusal) => refusal.code(),
            Refusal::Notices(refusal) => refusal.code(),
        }
    }
}

impl Decider for Child {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Child;

    fn decide(state: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        Ok(match command {
            Command::Identity(command) => identity::decide(state, command, now)?,
            Command::Responsibility(command) => responsibility::decide(state, command)?,
            Command::Merging(command) => merging::decide(state, command, now)?,
            Command::Details(command) => details::decide(state, command, now)?,
            Command::Setting(command) => setting::decide(state, command, now)?,
            Command::Involvement(command) => involvement::decide(state, command, now)?,
            Command::Consent(command) => consent::decide(state, command, now)?,
            Command::Shield(command) => shield::decide(state, command, now)?,
            Command::Lifecycle(command) => lifecycle::decide(state, command, now)?,
            Command::Retention(command) => retention::decide(state, command, now)?,
            Command::Scope(command) => scope::decide(state, *command, now)?,
            Command::Canary(command) => canary::decide(state, *command)?,
            Command::Notices(command) => notices::decide(state, command, now)?,
        })
    }

    fn evolve(state: &mut Child, event: &Event, when: When) {
        if !matches!(
            event,
            Event::CanaryMarked(_)
                | Event::CanaryUnmarked(_)
                | Event::NoticeGiven(_)
                | Event::ParentIncluded(_)
                | Event::ParentLeftOut(_)
        ) {
            // What is hidden from everybody moves nothing that anybody sees.
            state.as_at = Some(when.recorded_at);
        }
        match event {
            Event::ChildRegistered(event) => identity::registered(state, event, when),
            Event::LocalRefLinked(event) => identity::linked(state, event),
            Event::LinkDisputed(event) => identity::disputed(state, event),
            Event::LocalRefsMerged(event) => identity::refs_merged(state, event),
            Event::SamePerson(event) => merging::same_person(state, event, when),
            Event::NotSamePerson(event) => merging::not_same_person(state, event, when),
            Event::ChildEnteredInError(event) => identity::entered_in_error(state, event),
            Event::AuthorityAllocated(event) => identity::allocated(state, event),
            Event::ResponsibilityTransferProposed(event) => responsibility::was_proposed(state, event, when),
            Event::ResponsibilityTransferAgreed(event) => responsibility::was_agreed(state, event),
            Event::ResponsibilityTransferAccepted(event) => responsibility::was_accepted(state, event),
            Event::ResponsibilityTransferDeclined(event) => responsibility::was_declined(state, event),
            Event::ChildDescribed(event) => details::described(state, event, when),
            Event::DiscrepancyRaised(event) => details::discrepancy_raised(state, event, when),
            Event::DiscrepancySettled(event) => details::discrepancy_settled(state, event),
            Event::OlderVersionReceived(event) => details::older_received(state, event),
            Event::LeadProfessionalClashed(_) => (),
            Event::EducationStated(event) => setting::education_stated(state, event, when),
            Event::PrimaryCareStated(event) => setting::primary_care_stated(state, event, when),
            Event::InvolvementStarted(event) => involvement::started(state, event, when),
            Event::InvolvementUpdated(event) => involvement::updated(state, event, when),
            Event::InvolvementEnded(event) => involvement::ended(state, event, when),
            Event::InvolvementEnteredInError(event) => involvement::in_error(state, event),
            Event::PractitionerContactsChanged(event) => involvement::contacts_changed(state, event, when),
            Event::CommonAssessmentIndicated(event) => involvement::assessment_indicated(state, event),
            Event::CommonAssessmentWithdrawn(event) => involvement::assessment_withdrawn(state, event),
            Event::LeadProfessionalNamed(event) => involvement::lead_named(state, event, when),
            Event::LeadProfessionalRelinquished(event) => involvement::lead_relinquished(state, event),
            Event::InvolvementNotified(event) => involvement::notified(state, event, when),
            Event::NotificationAcknowledged(event) => involvement::acknowledged(state, event, when),
            Event::ContactMade(event) => involvement::contacted(state, event),
            Event::SharingDeclined(event) => involvement::not_shared(state, event),
            Event::ConsentGiven(event) => consent::given(state, event, when),
            Event::ConsentWithdrawn(event) => consent::withdrawn(state, event, when),
            Event::SignificantHarmRecorded(event) => consent::harm_recorded(state, event, when),
            Event::SignificantHarmReviewed(event) => consent::harm_reviewed(state, event),
            Event::ShieldRequested(event) => shield::requested(state, event, when),
            Event::ShieldApplied(event) => shield::applied(state, event),
            Event::ShieldRefused(event) => shield::refused(state, event),
            Event::ShieldReviewed(event) => shield::reviewed(state, event),
            Event::ShieldLifted(event) => shield::lifted(state, event),
            Event::ChildDied(event) => lifecycle::died(state, event, when),
            Event::ChildLeftEngland(event) => lifecycle::left_england(state, event, when),
            Event::RecordArchived(event) => state.life.archived_on = Some(event.on),
            Event::RecordRestored(_) => state.life.archived_on = None,
            Event::ArchiveAgeExtended(event) => retention::age_extended(state, event),
            Event::ArchiveAgeWithdrawn(event) => retention::age_withdrawn(state, event),
            Event::LegalHoldPlaced(event) => retention::hold_placed(state, event),
            Event::LegalHoldLifted(event) => retention::hold_lifted(state, event),
            Event::RecordClosed(event) => scope::was_closed(state, event),
            Event::RecordReopened(_) => scope::was_reopened(state, when),
            Event::CanaryMarked(_) => state.canary = true,
            Event::CanaryUnmarked(_) => state.canary = false,
            Event::NoticeGiven(event) => notices::given(state, event, when),
            Event::ParentIncluded(_) => state.notices.parent_too = true,
            Event::ParentLeftOut(_) => state.notices.parent_too = false,
        }
    }
}
