//! Walks over a supplied event: its child, and every reference in it with what it refers to.

use vocabulary::OrganisationId;

use super::{Supplied, SuppliedChild, SuppliedPractitioner, SuppliedRef};
use crate::told::Told;

/// What a supplier's reference refers to; each kind is hashed apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefKind {
    /// The supplier's own record of the child.
    Local,
    /// One involvement.
    Involvement,
    /// One episode of a sensitive service.
    Episode,
    /// One practitioner.
    Practitioner,
    /// One carer.
    Carer,
}

impl Supplied {
    /// The child that the event names; `None` for events that reach it through another reference.
    pub fn child(&self) -> Option<&SuppliedChild> {
        match self {
            Supplied::ChildDescribed { child, .. }
            | Supplied::ChildDied { child, .. }
            | Supplied::ChildLeftEngland { child, .. }
            | Supplied::ChildEnteredInError { child, .. }
            | Supplied::EducationStated { child, .. }
            | Supplied::PrimaryCareStated { child, .. }
            | Supplied::ConsentRecorded { child, .. }
            | Supplied::SignificantHarmRecorded { child, .. }
            | Supplied::SignificantHarmReviewed { child, .. }
            | Supplied::CommonAssessmentIndicated { child, .. }
            | Supplied::CommonAssessmentWithdrawn { child, .. } => Some(child),
            Supplied::InvolvementStarted(started) => Some(&started.child),
            Supplied::LinkDisputed { .. }
            | Supplied::LocalRefsMerged { .. }
            | Supplied::InvolvementUpdated(_)
            | Supplied::InvolvementEnded { .. }
            | Supplied::InvolvementEnteredInError { .. }
            | Supplied::PractitionerContactsChanged { .. }
            | Supplied::LeadProfessionalNamed { .. }
            | Supplied::LeadProfessionalRelinquished { .. } => None,
        }
    }

    /// The involvement that the event names, if it names one.
    pub fn involvement_ref(&self) -> Option<&SuppliedRef> {
        match self {
            Supplied::InvolvementStarted(started) => Some(&started.involvement_ref),
            Supplied::InvolvementUpdated(updated) => Some(&updated.involvement_ref),
            Supplied::InvolvementEnded { involvement_ref, .. }
            | Supplied::InvolvementEnteredInError { involvement_ref }
            | Supplied::CommonAssessmentIndicated { involvement_ref, .. }
            | Supplied::CommonAssessmentWithdrawn { involvement_ref, .. }
            | Supplied::LeadProfessionalNamed { involvement_ref }
            | Supplied::LeadProfessionalRelinquished { involvement_ref } => Some(involvement_ref),
            Supplied::ChildDescribed { .. }
            | Supplied::ChildDied { .. }
            | Supplied::ChildLeftEngland { .. }
            | Supplied::ChildEnteredInError { .. }
            | Supplied::LinkDisputed { .. }
            | Supplied::LocalRefsMerged { .. }
            | Supplied::EducationStated { .. }
            | Supplied::PrimaryCareStated { .. }
            | Supplied::PractitionerContactsChanged { .. }
            | Supplied::ConsentRecorded { .. }
            | Supplied::SignificantHarmRecorded { .. }
            | Supplied::SignificantHarmReviewed { .. } => None,
        }
    }

    /// The organisation that the event names, where it names one.
    pub fn organisation(&self) -> Option<&OrganisationId> {
        if let Supplied::EducationStated { organisation, .. }
        | Supplied::PrimaryCareStated { organisation, .. } = self
        {
            return organisation.as_ref();
        }
        if let Supplied::InvolvementStarted(started) = self { started.organisation.as_ref() } else { None }
    }

    /// The supplier's own version of a description.
    pub fn description_version(&self) -> Option<i64> {
        if let Supplied::ChildDescribed { version, .. } = self { *version } else { None }
    }

    /// Calls `each` with every reference in the event, so that it can be keyed in place.
    pub fn each_ref(&mut self, each: &mut dyn FnMut(RefKind, &mut SuppliedRef)) {
        match self {
            Supplied::ChildDescribed { child, .. }
            | Supplied::ChildDied { child, .. }
            | Supplied::ChildLeftEngland { child, .. }
            | Supplied::ChildEnteredInError { child, .. }
            | Supplied::EducationStated { child, .. }
            | Supplied::PrimaryCareStated { child, .. } => child_refs(child, each),
            Supplied::ConsentRecorded { child, episode_ref, .. }
            | Supplied::SignificantHarmRecorded { child, episode_ref, .. }
            | Supplied::SignificantHarmReviewed { child, episode_ref, .. } => {
                child_refs(child, each);
                each(RefKind::Episode, episode_ref);
            }
            Supplied::CommonAssessmentIndicated { child, involvement_ref, .. }
            | Supplied::CommonAssessmentWithdrawn { child, involvement_ref, .. } => {
                child_refs(child, each);
                each(RefKind::Involvement, involvement_ref);
            }
            Supplied::LinkDisputed { local_ref } => each(RefKind::Local, local_ref),
            Supplied::LocalRefsMerged { from, to } => {
                each(RefKind::Local, from);
                each(RefKind::Local, to);
            }
            Supplied::InvolvementStarted(started) => {
                child_refs(&mut started.child, each);
                each(RefKind::Involvement, &mut started.involvement_ref);
                if let Some(practitioner) = &mut started.practitioner {
                    each(RefKind::Practitioner, &mut practitioner.practitioner_ref);
                }
                if let Some(episode) = &mut started.episode_ref {
                    each(RefKind::Episode, episode);
                }
            }
            Supplied::InvolvementUpdated(updated) => {
                each(RefKind::Involvement, &mut updated.involvement_ref);
                if let Told::Value(SuppliedPractitioner { practitioner_ref, .. }) = &mut updated.practitioner
                {
                    each(RefKind::Practitioner, practitioner_ref);
                }
            }
            Supplied::InvolvementEnded { involvement_ref, .. }
            | Supplied::InvolvementEnteredInError { involvement_ref }
            | Supplied::LeadProfessionalNamed { involvement_ref }
            | Supplied::LeadProfessionalRelinquished { involvement_ref } => {
                each(RefKind::Involvement, involvement_ref);
            }
            Supplied::PractitionerContactsChanged { practitioner_ref, .. } => {
                each(RefKind::Practitioner, practitioner_ref);
            }
        }
    }
}

fn child_refs(child: &mut SuppliedChild, each: &mut dyn FnMut(RefKind, &mut SuppliedRef)) {
    if let Some(local) = &mut child.local_ref {
        each(RefKind::Local, local);
    }
    if let Told::Value(carers) = &mut child.carers {
        for carer in carers {
            each(RefKind::Carer, &mut carer.carer_ref);
        }
    }
}
