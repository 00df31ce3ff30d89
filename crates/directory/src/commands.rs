//! From what a supplier may say to what a child is asked: references are resolved, nothing is judged.

use events::{
    child::{
        Command, consent, details, identity,
        involvement::{self, Changer, Practitioner, Updated},
        lifecycle, setting,
    },
    supplied::{InvolvementStarted, Supplied, SuppliedChild, SuppliedPractitioner, SuppliedRef},
    told::Told,
};
use vocabulary::{InvolvementId, KeyedRef, OrganisationId, PersonName, ShieldId};

/// What a translation needs beside the event itself.
#[derive(Debug, Clone)]
pub(crate) struct Saying<'a> {
    /// Under which reference of the child it is said.
    pub(crate) source: KeyedRef,
    /// By whom.
    pub(crate) supplier: &'a OrganisationId,
    /// In what capacity.
    pub(crate) capacity: details::Capacity,
    /// The person who records, where one does.
    pub(crate) recorded_by: Option<PersonName>,
    /// Age from which competence is presumed, by the policy in force.
    pub(crate) presumed_age: i32,
    /// Id for the shield that a protected entry asks for.
    pub(crate) shield: ShieldId,
}

/// The keyed form of a reference; keyed before anything else was done with the event.
pub(crate) fn keyed(reference: &SuppliedRef) -> KeyedRef {
    let keyed = reference.keyed();
    assert!(keyed.is_some(), "references are keyed before an event is judged");
    keyed.unwrap_or(KeyedRef::new(uuid::Uuid::nil()))
}

/// An involvement is identified by (supplier, `involvement_ref`): the keyed reference is its id.
pub(crate) fn involvement_id(reference: &SuppliedRef) -> InvolvementId {
    InvolvementId::new(keyed(reference).0)
}

/// What a description asks.
pub(crate) fn describe(saying: &Saying<'_>, child: &SuppliedChild, version: Option<i64>) -> Command {
    Command::Details(details::Command::Describe {
        source: saying.source,
        supplier: saying.supplier.clone(),
        capacity: saying.capacity,
        child: Box::new(child.clone()),
        version,
    })
}

/// What the event asks of the child that it means, its description apart.
pub(crate) fn asked(saying: &Saying<'_>, told: &Supplied) -> Option<Command> {
    of_child(saying, told).or_else(|| of_involvement(saying, told)).or_else(|| of_consent(saying, told))
}

/// What it asks of identity, settings and life cycle.
fn of_child(saying: &Saying<'_>, told: &Supplied) -> Option<Command> {
    let supplier = saying.supplier.clone();
    let source = saying.source;
    Some(match told {
        Supplied::ChildDied { on, .. } => {
            Command::Lifecycle(lifecycle::Command::NotifyDeath { supplier, on: *on })
        }
        Supplied::ChildLeftEngland { on, intends_return, .. } => {
            Command::Lifecycle(lifecycle::Command::StateDeparture {
                supplier,
                on: *on,
                intends_return: *intends_return,
            })
        }
        Supplied::ChildEnteredInError { .. } => {
            Command::Identity(identity::Command::EnterInError { local_ref: source })
        }
        Supplied::LinkDisputed { local_ref } => {
            Command::Identity(identity::Command::Dispute { local_ref: keyed(local_ref) })
        }
        Supplied::LocalRefsMerged { from, to } => {
            Command::Identity(identity::Command::MergeRefs { supplier, from: keyed(from), to: keyed(to) })
        }
        Supplied::EducationStated { state, organisation, on, .. } => {
            Command::Setting(setting::Command::StateEducation {
                source,
                supplier,
                state: *state,
                organisation: organisation.clone(),
                on: *on,
            })
        }
        Supplied::PrimaryCareStated { state, organisation, on, .. } => {
            Command::Setting(setting::Command::StatePrimaryCare {
                source,
                supplier,
                state: *state,
                organisation: organisation.clone(),
                on: *on,
            })
        }
        Supplied::ChildDescribed { .. }
        | Supplied::InvolvementStarted(_)
        | Supplied::InvolvementUpdated(_)
        | Supplied::InvolvementEnded { .. }
        | Supplied::InvolvementEnteredInError { .. }
        | Supplied::PractitionerContactsChanged { .. }
        | Supplied::CommonAssessmentIndicated { .. }
        | Supplied::CommonAssessmentWithdrawn { .. }
        | Supplied::LeadProfessionalNamed { .. }
        | Supplied::LeadProfessionalRelinquished { .. }
        | Supplied::ConsentRecorded { .. }
        | Supplied::SignificantHarmRecorded { .. }
        | Supplied::SignificantHarmReviewed { .. } => return None,
    })
}

/// What it asks of involvements.
fn of_involvement(saying: &Saying<'_>, told: &Supplied) -> Option<Command> {
    let supplier = saying.supplier.clone();
    let by = Changer::Organisation(supplier.clone());
    Some(match told {
        Supplied::InvolvementStarted(started) => Command::Involvement(start(saying, started)),
        Supplied::InvolvementUpdated(updated) => Command::Involvement(involvement::Command::Update {
            by,
            updated: Box::new(Updated {
                involvement: involvement_id(&updated.involvement_ref),
                practitioner: match &updated.practitioner {
                    Told::Unsaid => Told::Unsaid,
                    Told::TakenBack => Told::TakenBack,
                    Told::Value(person) => Told::Value(practitioner(person)),
                },
                team: updated.team.clone(),
                contacts: updated.contacts.clone(),
                started_on: updated.started_on,
                ended_on: updated.ended_on.clone(),
                version: updated.version,
            }),
        }),
        Supplied::InvolvementEnded { involvement_ref, ended_on, version } => {
            Command::Involvement(involvement::Command::End {
                by,
                involvement: involvement_id(involvement_ref),
                ended_on: *ended_on,
                version: *version,
            })
        }
        Supplied::InvolvementEnteredInError { involvement_ref } => {
            Command::Involvement(involvement::Command::EnterInError {
                by,
                involvement: involvement_id(involvement_ref),
            })
        }
        Supplied::PractitionerContactsChanged { practitioner_ref, contacts } => {
            Command::Involvement(involvement::Command::ChangeContacts {
                supplier,
                practitioner_ref: keyed(practitioner_ref),
                contacts: contacts.clone(),
            })
        }
        Supplied::CommonAssessmentIndicated { involvement_ref, on, .. } => {
            Command::Involvement(involvement::Command::IndicateAssessment {
                by,
                involvement: involvement_id(involvement_ref),
                on: *on,
            })
        }
        Supplied::CommonAssessmentWithdrawn { involvement_ref, on, .. } => {
            Command::Involvement(involvement::Command::WithdrawAssessment {
                by,
                involvement: involvement_id(involvement_ref),
                on: *on,
            })
        }
        Supplied::LeadProfessionalNamed { involvement_ref } => {
            Command::Involvement(involvement::Command::NameLead {
                by,
                involvement: involvement_id(involvement_ref),
            })
        }
        Supplied::LeadProfessionalRelinquished { involvement_ref } => {
            Command::Involvement(involvement::Command::RelinquishLead {
                by,
                involvement: involvement_id(involvement_ref),
            })
        }
        Supplied::ChildDescribed { .. }
        | Supplied::ChildDied { .. }
        | Supplied::ChildLeftEngland { .. }
        | Supplied::ChildEnteredInError { .. }
        | Supplied::LinkDisputed { .. }
        | Supplied::LocalRefsMerged { .. }
        | Supplied::EducationStated { .. }
        | Supplied::PrimaryCareStated { .. }
        | Supplied::ConsentRecorded { .. }
        | Supplied::SignificantHarmRecorded { .. }
        | Supplied::SignificantHarmReviewed { .. } => return None,
    })
}

/// What it asks of consent.
fn of_consent(saying: &Saying<'_>, told: &Supplied) -> Option<Command> {
    let supplier = saying.supplier.clone();
    Some(match told {
        Supplied::ConsentRecorded {
            episode_ref,
            decision,
            given_by,
            competence,
            method,
            notice_version,
            decided_on,
            ..
        } => Command::Consent(consent::Command::Decide {
            episode: keyed(episode_ref),
            supplier,
            decision: *decision,
            given_by: *given_by,
            competence: *competence,
            method: *method,
            notice_version: notice_version.clone(),
            decided_on: *decided_on,
            presumed_age: saying.presumed_age,
        }),
        Supplied::SignificantHarmRecorded { episode_ref, ground, decided_by, review_by, .. } => {
            Command::Consent(consent::Command::SuspectHarm {
                episode: keyed(episode_ref),
                supplier,
                ground: *ground,
                decided_by: decided_by.clone(),
                recorded_by: saying.recorded_by.clone(),
                review_by: *review_by,
                review: consent::Review::First,
            })
        }
        Supplied::SignificantHarmReviewed { episode_ref, ground, decided_by, review_by, .. } => {
            Command::Consent(consent::Command::SuspectHarm {
                episode: keyed(episode_ref),
                supplier,
                ground: *ground,
                decided_by: decided_by.clone(),
                recorded_by: saying.recorded_by.clone(),
                review_by: *review_by,
                review: consent::Review::Again,
            })
        }
        Supplied::ChildDescribed { .. }
        | Supplied::ChildDied { .. }
        | Supplied::ChildLeftEngland { .. }
        | Supplied::ChildEnteredInError { .. }
        | Supplied::LinkDisputed { .. }
        | Supplied::LocalRefsMerged { .. }
        | Supplied::EducationStated { .. }
        | Supplied::PrimaryCareStated { .. }
        | Supplied::InvolvementStarted(_)
        | Supplied::InvolvementUpdated(_)
        | Supplied::InvolvementEnded { .. }
        | Supplied::InvolvementEnteredInError { .. }
        | Supplied::PractitionerContactsChanged { .. }
        | Supplied::CommonAssessmentIndicated { .. }
        | Supplied::CommonAssessmentWithdrawn { .. }
        | Supplied::LeadProfessionalNamed { .. }
        | Supplied::LeadProfessionalRelinquished { .. } => return None,
    })
}

fn start(saying: &Saying<'_>, started: &InvolvementStarted) -> involvement::Command {
    involvement::Command::Start {
        involvement: involvement_id(&started.involvement_ref),
        source: saying.source,
        supplier: saying.supplier.clone(),
        organisation: started.organisation.clone().unwrap_or_else(|| saying.supplier.clone()),
        service_type: started.service_type,
        practitioner: started.practitioner.as_ref().map(practitioner),
        team: started.team.clone(),
        contacts: started.contacts.clone(),
        started_on: started.started_on,
        ended_on: started.ended_on,
        lead_professional: started.lead_professional.unwrap_or(false),
        episode: started.episode_ref.as_ref().map(keyed),
        version: started.version,
        shield: saying.shield,
    }
}

/// A practitioner as kept.
pub(crate) fn practitioner(person: &SuppliedPractitioner) -> Practitioner {
    Practitioner {
        practitioner_ref: keyed(&person.practitioner_ref),
        name: person.name.clone(),
        job: person.job.clone(),
    }
}
