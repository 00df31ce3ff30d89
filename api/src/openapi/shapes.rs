//! Shapes: the schemas of what is sent and shown, written for the reader of the document.
//!
//! The types that do the reading live in `events` and `vocabulary`, which know nothing of documents; a test
//! holds the fields of these to the fields of those.

pub(super) mod administration;
pub(super) mod asked;
pub(super) mod between;
pub(super) mod credentials;
pub(super) mod identities;
pub(super) mod keeping;
pub(super) mod notices;
pub(super) mod operations;
pub(super) mod passkeys;
mod record;
pub(super) mod reporting;
pub(super) mod retention;
pub(super) mod reviewing;
pub(super) mod rights;
pub(super) mod shown;
pub(super) mod told;
pub(super) mod words;

use std::borrow::Cow;

use utoipa::{ToSchema, openapi::ComponentsBuilder};

use crate::http::passkeys::NewPasskey;
use crate::identify::{
    enrolments::Enrolment,
    passkeys::{PasskeyAsked, PasskeySignIn},
    providers::{BroughtBack, ProviderAsked},
    sessions::{SignIn, StepUp},
};

/// Adds the schema of `T` and those that it needs.
pub(super) fn add<T: ToSchema>(components: ComponentsBuilder) -> ComponentsBuilder {
    let mut needed = Vec::new();
    T::schemas(&mut needed);
    components.schemas_from_iter(needed).schema(T::name(), T::schema())
}

/// The objects that refuse fields they do not know.
pub(super) fn closed() -> Vec<Cow<'static, str>> {
    let mut names = vec![SignIn::name(), StepUp::name(), Enrolment::name()];
    names.extend([PasskeyAsked::name(), PasskeySignIn::name(), NewPasskey::name()]);
    names.extend([ProviderAsked::name(), BroughtBack::name()]);
    names.extend([
        told::Contact::name(),
        told::Address::name(),
        told::Carer::name(),
        told::Child::name(),
        told::Practitioner::name(),
        told::ChildDescribed::name(),
        told::ChildDied::name(),
        told::ChildLeftEngland::name(),
        told::ChildEnteredInError::name(),
        told::LinkDisputed::name(),
        told::LocalRefsMerged::name(),
        told::EducationStated::name(),
        told::PrimaryCareStated::name(),
        told::InvolvementStarted::name(),
        told::InvolvementUpdated::name(),
        told::InvolvementEnded::name(),
        told::InvolvementNamed::name(),
        told::PractitionerContactsChanged::name(),
        told::ConsentRecorded::name(),
        told::SignificantHarm::name(),
        told::CommonAssessment::name(),
    ]);
    names.extend([
        administration::NewOrganisation::name(),
        credentials::NewKey::name(),
        credentials::NewCertificate::name(),
        credentials::Retirement::name(),
        administration::ConditionMet::name(),
        administration::ConditionNamed::name(),
        administration::Accreditation::name(),
        administration::NewAgreement::name(),
        administration::OrganisationSuspension::name(),
        administration::NewUser::name(),
        administration::GatePassed::name(),
        administration::UserSuspension::name(),
        administration::Closure::name(),
        administration::DeclaredRelationship::name(),
        administration::DeclaredHome::name(),
        administration::NewProposal::name(),
    ]);
    names.extend([
        asked::Criteria::name(),
        asked::OnBehalfOf::name(),
        asked::Search::name(),
        asked::Override::name(),
        asked::Access::name(),
        asked::NewChild::name(),
        asked::ChangedChild::name(),
        asked::NewInvolvement::name(),
        asked::ChangedInvolvement::name(),
        asked::Ended::name(),
        asked::InError::name(),
        asked::Lead::name(),
        asked::Assessed::name(),
        asked::Nothing::name(),
        asked::Consent::name(),
        asked::NewShield::name(),
        asked::ShieldReview::name(),
        asked::QueueAnswer::name(),
        asked::QueueAnswers::name(),
        asked::QueueAnswerTo::name(),
        asked::NewCase::name(),
        asked::Approval::name(),
        keeping::NewBrokering::name(),
        keeping::BrokeringAnswer::name(),
        between::NewContact::name(),
        between::NewWithholding::name(),
        keeping::NewTransfer::name(),
        keeping::TransferDecision::name(),
        keeping::ReviewSaid::name(),
        keeping::CanaryMark::name(),
        retention::NewHold::name(),
        retention::AgeExtended::name(),
        retention::AgeWithdrawn::name(),
        rights::NewRightsRequest::name(),
        rights::CarerCheck::name(),
        rights::ThreatCheck::name(),
        rights::RightsStep::name(),
        rights::RightsAnswer::name(),
        notices::NewNotice::name(),
        notices::ParentMark::name(),
        notices::NewNoticeVersion::name(),
    ]);
    names
}
