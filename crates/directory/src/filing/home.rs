//! Home: in which of a child's records a fact is told, where several are one.

use events::child::{Child, Event, involvement::Notified};
use vocabulary::{ChildId, HoldId, InvolvementId, KeyedRef, ShieldId};

use crate::children::Known;

/// Parts facts into those of the record asked for and those of other records of the same child: what is said of
/// an entry, an episode or a shield is told where that was told first.
pub(super) fn at_home(before: &Known, facts: Vec<Event>) -> (Vec<Event>, Vec<(ChildId, Vec<Event>)>) {
    if before.others.is_empty() {
        return (facts, Vec::new());
    }
    let mut home = Vec::new();
    let mut elsewhere: Vec<(ChildId, Vec<Event>)> = Vec::new();
    for fact in facts.into_iter().flat_map(one_each) {
        let about = About::of(&fact);
        let others = before.others.iter().filter(|(_, other)| about.is_in(other));
        let everywhere = matches!(about, About::Episode(_) | About::Every);
        let own = about.is_in(&before.own.child);
        // One episode may have been told under two references: consent to it ends, and begins, under both, so that
        // no split brings back what was withdrawn.
        let told: Vec<ChildId> = others
            .map(|(other, _)| *other)
            .take(if everywhere { usize::MAX } else { usize::from(!own) })
            .collect();
        if own || told.is_empty() {
            home.push(fact.clone());
        }
        for other in told {
            match elsewhere.iter_mut().find(|(record, _)| *record == other) {
                Some((_, held)) => held.push(fact.clone()),
                None => elsewhere.push((other, vec![fact.clone()])),
            }
        }
    }
    (home, elsewhere)
}

/// A notification of several entries, as one of each: they may stand in different records.
fn one_each(fact: Event) -> Vec<Event> {
    let Event::InvolvementNotified(all) = &fact else { return vec![fact] };
    let one =
        |told: &InvolvementId| Event::InvolvementNotified(Notified { told: vec![*told], ..all.clone() });
    all.told.iter().map(one).collect()
}

/// What a fact is about that one record of a child has and another has not.
#[derive(Debug, Clone, Copy)]
enum About {
    Child,
    Involvement(InvolvementId),
    Episode(KeyedRef),
    Shield(ShieldId),
    Hold(HoldId),
    /// What holds of every record of the child.
    Every,
}

impl About {
    fn of(event: &Event) -> About {
        match event {
            Event::InvolvementUpdated(event) => About::Involvement(event.involvement),
            Event::InvolvementEnded(event) => About::Involvement(event.involvement),
            Event::InvolvementEnteredInError(event) => About::Involvement(event.involvement),
            Event::CommonAssessmentIndicated(event) => About::Involvement(event.involvement),
            Event::CommonAssessmentWithdrawn(event) => About::Involvement(event.involvement),
            Event::LeadProfessionalNamed(event) => About::Involvement(event.involvement),
            Event::LeadProfessionalRelinquished(event) => About::Involvement(event.involvement),
            Event::LeadProfessionalClashed(event) => About::Involvement(event.involvement),
            Event::NotificationAcknowledged(event) => About::Involvement(event.involvement),
            Event::ContactMade(event) => About::Involvement(event.involvement),
            Event::SharingDeclined(event) => About::Involvement(event.involvement),
            // It is told where the entry of whoever is told stands: one each, where several records are one.
            Event::InvolvementNotified(event) => {
                event.told.first().map_or(About::Child, |told| About::Involvement(*told))
            }
            Event::ConsentGiven(event) => About::Episode(event.episode),
            Event::ConsentWithdrawn(event) => About::Episode(event.episode),
            Event::SignificantHarmRecorded(event) => About::Episode(event.episode),
            Event::SignificantHarmReviewed(event) => About::Episode(event.episode),
            Event::ShieldApplied(event) => About::Shield(event.shield),
            Event::ShieldRefused(event) => About::Shield(event.shield),
            Event::ShieldReviewed(event) => About::Shield(event.shield),
            Event::ShieldLifted(event) => About::Shield(event.shield),
            Event::LegalHoldLifted(event) => About::Hold(event.hold),
            // Of records that are one child no split leaves one behind at the authority that gave it away.
            Event::ResponsibilityTransferAccepted(_) => About::Every,
            // What is told of the child, or begins here, stands beside its source.
            Event::ChildRegistered(_)
            | Event::LocalRefLinked(_)
            | Event::LinkDisputed(_)
            | Event::LocalRefsMerged(_)
            | Event::SamePerson(_)
            | Event::NotSamePerson(_)
            | Event::ChildEnteredInError(_)
            | Event::AuthorityAllocated(_)
            | Event::ResponsibilityTransferProposed(_)
            | Event::ResponsibilityTransferAgreed(_)
            | Event::ResponsibilityTransferDeclined(_)
            | Event::ChildDescribed(_)
            | Event::DiscrepancyRaised(_)
            | Event::DiscrepancySettled(_)
            | Event::OlderVersionReceived(_)
            | Event::EducationStated(_)
            | Event::PrimaryCareStated(_)
            | Event::InvolvementStarted(_)
            | Event::PractitionerContactsChanged(_)
            | Event::ShieldRequested(_)
            | Event::ChildDied(_)
            | Event::ChildLeftEngland(_)
            | Event::RecordArchived(_)
            | Event::RecordRestored(_)
            | Event::ArchiveAgeExtended(_)
            | Event::ArchiveAgeWithdrawn(_)
            | Event::LegalHoldPlaced(_)
            | Event::RecordClosed(_)
            | Event::RecordReopened(_)
            | Event::CanaryMarked(_)
            | Event::CanaryUnmarked(_)
            | Event::NoticeGiven(_)
            | Event::ParentIncluded(_)
            | Event::ParentLeftOut(_) => About::Child,
        }
    }

    fn is_in(&self, record: &Child) -> bool {
        match self {
            About::Child => false,
            About::Every => true,
            About::Involvement(id) => record.involvements.contains_key(id),
            About::Episode(episode) => record.episodes.contains_key(episode),
            About::Hold(hold) => record.holds.contains_key(hold),
            About::Shield(shield) => {
                record.shields.contains_key(shield) || record.shield_requests.contains_key(shield)
            }
        }
    }
}
