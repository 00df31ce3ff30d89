//! Who did it, and what may be said of one event beside what its type means: days, services, organisations.
//!
//! Words of closed lists, names of organisations and days; never a name, a place or a number of the child's.

use events::{
    Fact, access,
    child::{Child, Event},
    recorded::Actor,
};
use serde::Serialize;
use vocabulary::{InvolvementId, OrganisationId};

use crate::register::Register;

/// Who caused an event, in words.
pub(super) fn who(by: &Actor, register: &Register) -> String {
    match by {
        Actor::Supplier { organisation, .. } => named(organisation, register),
        Actor::Person(person) => {
            let created = register.account(person.account).and_then(|account| account.created.as_ref());
            let name = created.map_or_else(String::new, |created| format!("{}, ", created.name.as_str()));
            let organisation = named(&person.organisation, register);
            format!("{name}{}, {organisation}", plain(person.role.name()))
        }
        Actor::System => "the directory itself".to_owned(),
        Actor::Shell => "the shell of the machine".to_owned(),
    }
}

/// What may be said of one event beside its meaning.
pub(super) fn of(fact: &Fact, known: &Child, register: &Register) -> Option<String> {
    match fact {
        Fact::Child(event) => of_child(event, known, register),
        Fact::Access(event) => of_look(event),
        Fact::Intake(_)
        | Fact::Search(_)
        | Fact::Account(_)
        | Fact::Organisation(_)
        | Fact::Case(_)
        | Fact::Policy(_)
        | Fact::Erasure(_)
        | Fact::Brokering(_)
        | Fact::Rights(_) => None,
    }
}

fn of_child(event: &Event, known: &Child, register: &Register) -> Option<String> {
    let named = |id: &OrganisationId| named(id, register);
    let entry = |id: &InvolvementId| {
        let held = known.involvements.get(id)?;
        Some(format!("{}, {}", plain(held.service_type.name()), named(&held.organisation)))
    };
    Some(match event {
        Event::ChildRegistered(told) => named(&told.authority),
        Event::LocalRefLinked(told) => format!("{}, {}", named(&told.supplier), word(&told.judgement)),
        Event::LocalRefsMerged(told) => named(&told.supplier),
        Event::AuthorityAllocated(told) => named(&told.authority),
        Event::ResponsibilityTransferProposed(told) => {
            format!("from {} to {}", named(&told.from), named(&told.to))
        }
        Event::ResponsibilityTransferAgreed(told) => named(&told.by),
        Event::ResponsibilityTransferAccepted(told) => named(&told.to),
        Event::ResponsibilityTransferDeclined(told) => named(&told.by),
        Event::ChildDescribed(told) => named(&told.supplier),
        Event::DiscrepancyRaised(told) => {
            let fields: Vec<&str> =
                told.fields.iter().chain(&told.for_team).map(|field| field.name()).collect();
            format!("{}, in {}", named(&told.supplier), fields.join(", ").replace('_', " "))
        }
        Event::DiscrepancySettled(told) => named(&told.supplier),
        Event::OlderVersionReceived(told) => named(&told.supplier),
        Event::EducationStated(told) => stated(&told.state, told.organisation.as_ref(), register),
        Event::PrimaryCareStated(told) => stated(&told.state, told.organisation.as_ref(), register),
        Event::InvolvementStarted(told) => {
            let over = told.ended_on.map_or_else(String::new, |ended| format!(" to {ended}"));
            let service = plain(told.service_type.name());
            format!("{service}, {}, from {}{over}", named(&told.organisation), told.started_on)
        }
        Event::InvolvementUpdated(told) => entry(&told.involvement)?,
        Event::InvolvementEnded(told) => format!("{}, on {}", entry(&told.involvement)?, told.ended_on),
        Event::InvolvementEnteredInError(told) => entry(&told.involvement)?,
        Event::PractitionerContactsChanged(told) => named(&told.supplier),
        Event::CommonAssessmentIndicated(told) => format!("{}, on {}", entry(&told.involvement)?, told.on),
        Event::CommonAssessmentWithdrawn(told) => format!("{}, on {}", entry(&told.involvement)?, told.on),
        Event::LeadProfessionalNamed(told) => entry(&told.involvement)?,
        Event::LeadProfessionalRelinquished(told) => entry(&told.involvement)?,
        Event::LeadProfessionalClashed(told) => entry(&told.involvement)?,
        Event::InvolvementNotified(told) => entry(&told.involvement)?,
        Event::NotificationAcknowledged(told) => entry(&told.involvement)?,
        Event::ContactMade(told) => {
            let with = entry(&told.with).map_or_else(String::new, |with| format!(" with {with}"));
            format!("{}{with}, on {}", entry(&told.involvement)?, told.on)
        }
        Event::SharingDeclined(told) => {
            format!("{}, {}, on {}", entry(&told.involvement)?, word(&told.because), told.on)
        }
        Event::ConsentGiven(told) => {
            format!("{}, by the {}, on {}", named(&told.supplier), word(&told.given_by), told.decided_on)
        }
        Event::SignificantHarmRecorded(told) => {
            format!("{}, {}, to be reviewed by {}", named(&told.supplier), word(&told.ground), told.review_by)
        }
        Event::SignificantHarmReviewed(told) => format!("the next is due by {}", told.review_by),
        Event::ShieldRequested(told) => format!("{}, {}", named(&told.by), word(&told.ground)),
        Event::ShieldApplied(told) => {
            format!("{}, to be reviewed by {}", word(&told.ground), told.review_by)
        }
        Event::ShieldReviewed(told) => format!("the next review is due by {}", told.review_by),
        Event::ChildDied(told) => format!("{}, of {}", named(&told.supplier), told.on),
        Event::ChildLeftEngland(told) => {
            let returns = word(&told.intends_return);
            format!("{}, on {}; a return is intended: {returns}", named(&told.supplier), told.on)
        }
        Event::RecordArchived(told) => told.on.to_string(),
        Event::RecordClosed(told) => told.on.to_string(),
        Event::RecordReopened(told) => told.on.to_string(),
        Event::LinkDisputed(_)
        | Event::RecordRestored(_)
        | Event::ArchiveAgeExtended(_)
        | Event::ArchiveAgeWithdrawn(_)
        | Event::LegalHoldPlaced(_)
        | Event::LegalHoldLifted(_)
        | Event::SamePerson(_)
        | Event::NotSamePerson(_)
        | Event::ChildEnteredInError(_)
        | Event::ConsentWithdrawn(_)
        | Event::ShieldRefused(_)
        | Event::ShieldLifted(_)
        | Event::CanaryMarked(_)
        | Event::CanaryUnmarked(_)
        | Event::NoticeGiven(_)
        | Event::ParentIncluded(_)
        | Event::ParentLeftOut(_) => return None,
    })
}

fn of_look(event: &access::Event) -> Option<String> {
    match event {
        access::Event::RecordOpened(opened) => {
            let groups: Vec<&str> = opened.groups.iter().map(|group| group.name()).collect();
            let (reason, shown) = (plain(opened.reason.name()), groups.join(" "));
            Some(format!("for {reason}; groups {shown} of a record that was {}", word(&opened.record_state)))
        }
        access::Event::SubjectAccessGiven(given) => {
            let groups: Vec<&str> = given.groups.iter().map(|group| group.name()).collect();
            Some(format!("groups {} of a record that was {}", groups.join(" "), word(&given.record_state)))
        }
        access::Event::ShieldOverridden { ground, .. } => Some(word(ground)),
        access::Event::OpeningRefused { code, .. } => Some(plain(code.as_str())),
        access::Event::HistoryReplayed(replayed) => match (&replayed.as_of, &replayed.as_seen_by) {
            (Some(as_of), _) => Some(format!("as known at {}", as_of.format("%Y-%m-%d %H:%M UTC"))),
            (None, _) => None,
        },
        access::Event::InvestigationOpened { .. }
        | access::Event::ReviewDrawn { .. }
        | access::Event::AlertRaised { .. }
        | access::Event::ReviewClosed { .. } => None,
    }
}

fn stated(state: &impl Serialize, at: Option<&OrganisationId>, register: &Register) -> String {
    let at = at.map_or_else(String::new, |at| format!(", {}", named(at, register)));
    format!("{}{at}", word(state))
}

fn named(id: &OrganisationId, register: &Register) -> String {
    register.name_of(id).unwrap_or_else(|| id.as_str().to_owned())
}

/// A word of a closed list, as it is stored.
fn word(value: &impl Serialize) -> String {
    let stored = serde_json::to_value(value).unwrap_or_default();
    plain(stored.as_str().unwrap_or_default())
}

fn plain(word: &str) -> String {
    word.replace('_', " ")
}
