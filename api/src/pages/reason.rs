//! Why one looks: asked once, with the search or before a record, in the words of the policy.
//!
//! Which reasons a role may give, and what each demands, is the policy's table. Source: rules.md 4.3.

use directory::Person;
use events::{looker::StepUp, policy::Demand};
use vocabulary::{AccessReason, Role};

use super::{
    kit::{Choice, Field, Form},
    pin,
    posted::Reading,
    visitor::Visitor,
    words,
};
use crate::{door::Door, problem::Problem};

/// Codes of refusals, and the field that each is about.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("reason_missing", "reason"),
    ("reason_not_permitted", "reason"),
    ("own_entry_missing", "reason"),
    ("case_ref_missing", "case_ref"),
    ("request_ref_missing", "case_ref"),
    ("case_unknown", "case_ref"),
    ("caller_missing", "colleague"),
    ("caller_unknown", "colleague"),
    ("caller_is_looker", "colleague"),
    ("caller_code_wrong", "code"),
    ("step_up_missing", "pin"),
    ("step_up_refused", "pin"),
];

/// What each reason means to whoever chooses it.
fn meaning(reason: AccessReason) -> &'static str {
    match reason {
        AccessReason::NewReferral => "A child was referred to your service, or a concern was raised.",
        AccessReason::Assessment => "You are assessing what the child needs.",
        AccessReason::ChildProtectionEnquiry => "An enquiry under section 47 of the Children Act 1989.",
        AccessReason::ContinuingSupport => "You are working with the child already.",
        AccessReason::Emergency => "The child may be in danger now.",
        AccessReason::MissingEducation => "The child may be missing education.",
        AccessReason::Transfer => "The child is moving to or from your service or area.",
        AccessReason::RecordInvolvement => "You are recording that your service works with the child.",
        AccessReason::MediatedRequest => "A colleague without a screen asked you.",
        AccessReason::DataQuality => "You are putting a record right.",
        AccessReason::Shielding => "You are deciding about a shield.",
        AccessReason::SubjectAccess => "The child or a carer asked what is held.",
        AccessReason::Audit => "You are auditing looks.",
        AccessReason::CaseReview => "A case review, or a child's death, is being looked into.",
    }
}

/// The reasons that this person may give, and whether any asks for a reference.
fn permitted(door: &Door, person: &Person) -> Result<(Vec<Choice>, bool), Problem> {
    let held = door.directory.policy_of(person)?;
    let table = &held.settings.reasons;
    let mut asks_reference = false;
    let mut choices = Vec::new();
    // A mediator gives the colleague's own reason, who is most often a practitioner; the directory asks for whom.
    let gives = |reason: &AccessReason| {
        let colleagues = person.role == Role::Mediator && table.permits(Role::Practitioner, *reason);
        colleagues || table.permits(person.role, *reason)
    };
    for reason in AccessReason::ALL.into_iter().filter(gives) {
        let demanded = match table.demand(reason) {
            Demand::Nothing => "",
            Demand::OwnOpenEntry => " Your organisation must have an open entry with the child.",
            Demand::CaseReference => " Needs the reference of the case.",
            Demand::Request => " Needs the reference of the request.",
        };
        asks_reference |= matches!(table.demand(reason), Demand::CaseReference | Demand::Request);
        let hint = format!("{}{demanded}", meaning(reason));
        choices.push(Choice::new(reason.name(), words::word(reason.name())).hint(hint));
    }
    Ok((choices, asks_reference))
}

/// The questions, put at the end of `form`.
///
/// # Errors
/// The policy could not be read, or the account may not act.
pub(crate) fn asked(door: &Door, visitor: &Visitor, form: Form) -> Result<Form, Problem> {
    let (choices, asks_reference) = permitted(door, &visitor.person)?;
    let reason = Field::radios("reason", "Why are you looking?", choices)
        .hint("Kept with your name and the time, before anything is shown.")
        .large();
    let form = form.field(reason);
    let form = if asks_reference {
        form.field(
            Field::text("case_ref", "Reference of the case or request")
                .hint("Only for the reasons that need one.")
                .width("govuk-input--width-20"),
        )
    } else {
        form
    };
    Ok(if visitor.person.role == Role::Mediator { form.fields(colleague(visitor)) } else { form })
}

/// For whom a mediator asks.
pub(crate) fn colleague(visitor: &Visitor) -> Vec<Field> {
    let mut fields = vec![
        Field::text("colleague", "User name of the colleague you ask for").large().width("govuk-input--width-20"),
        Field::digits("code", "The one-time code that they read out to you").hint(
            "From their own authenticator; each is taken once. Left empty means that you called them back on the \
             number on file: every such look is reviewed.",
        ),
    ];
    fields.extend((visitor.person.step_up == StepUp::Absent).then(|| pin::field(visitor)).flatten());
    fields
}

/// Puts the answers where the body of a look has them.
pub(crate) fn read(reading: Reading<'_>) -> Reading<'_> {
    on_behalf(reading.choice("/reason", "reason", "Why you are looking").text(
        "/case_ref",
        "case_ref",
        "Reference of the case or request",
    ))
}

/// Puts the colleague where the body of a call has them.
pub(crate) fn on_behalf(reading: Reading<'_>) -> Reading<'_> {
    let named = reading.has("colleague") || reading.has("code");
    if !named {
        return reading;
    }
    reading.text("/on_behalf_of/username", "colleague", "User name of the colleague").text(
        "/on_behalf_of/code",
        "code",
        "The one-time code",
    )
}
