//! A practitioner's own work: the children of one's organisation, what is new about them, and what one records.

pub(crate) mod between;
pub(crate) mod broker;
pub(crate) mod consent;
pub(crate) mod create;
pub(crate) mod inbox;
pub(crate) mod involvement;
pub(crate) mod ours;
pub(crate) mod shield;
pub(crate) mod wrong;

use std::sync::Arc;

use directory::Person;
use serde_json::json;
use vocabulary::{ContactKind, ContactUse, Role};

use super::{
    kit::{Choice, Field, Form},
    pin,
    posted::{Posted, Reading},
    reason,
    visitor::Visitor,
    words,
    wrong::Wrong,
};
use crate::{answer::recording, door::Door, wire::requests::OnBehalfOf};

/// Codes of refusals about what is recorded, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("contact_invalid", "telephone"),
    ("contacts_count", "telephone"),
    ("practitioner_or_team_missing", "practitioner"),
    ("episode_ref_missing", "episode_ref"),
    ("episode_ref_not_taken", "episode_ref"),
    ("episode_of_another", "episode_ref"),
    ("no_basis", "episode_ref"),
    ("ends_before_start", "ended_on"),
    ("end_in_future", "ended_on"),
    ("date_in_future", "ended_on"),
    ("start_too_far_ahead", "started_on"),
    ("start_before_birth", "started_on"),
    ("lead_professional_taken", "lead_professional"),
    ("giver_incompetent", "competence"),
    ("telephone_missing", "telephone"),
    ("caller_missing", "colleague"),
    ("caller_unknown", "colleague"),
    ("caller_is_looker", "colleague"),
    ("caller_code_wrong", "code"),
    ("step_up_missing", "pin"),
];

/// The fields that a mediator adds to every form that records: for whom.
fn for_whom(visitor: &Visitor, form: Form) -> Form {
    if visitor.person.role == Role::Mediator { form.fields(reason::colleague(visitor)) } else { form }
}

/// Puts the colleague into the body, if one is named.
fn on_behalf(reading: Reading<'_>) -> Reading<'_> {
    reason::on_behalf(reading)
}

/// Whoever records: the person, or the colleague of a mediator, who gives the PIN.
async fn recorder(
    door: &Arc<Door>,
    visitor: &Visitor,
    posted: &Posted,
    colleague: Option<OnBehalfOf>,
) -> Result<Person, Wrong> {
    let person = if visitor.person.role == Role::Mediator {
        pin::given(door, visitor, posted).await?
    } else {
        visitor.person.clone()
    };
    Ok(recording(door, &person, colleague)?)
}

/// One way to be reached: a number, on what occasion, when it answers.
fn contact_fields() -> Vec<Field> {
    let used = |used: ContactUse| Choice::new(words::name_of(&used), words::of(&used));
    vec![
        Field::text("telephone", "Telephone number")
            .hint("The number that others should ring.")
            .width("govuk-input--width-20")
            .inputmode("tel"),
        Field::select(
            "telephone_use",
            "Which number is it?",
            [used(ContactUse::Work), used(ContactUse::Duty), used(ContactUse::OutOfHours)],
        ),
        Field::text("hours", "When it answers")
            .hint("As in '9 to 5, Monday to Friday', or '24 h'. You can leave this empty.")
            .width("govuk-input--width-20"),
        Field::text("out_of_hours", "Telephone number out of hours")
            .hint("You can leave this empty.")
            .width("govuk-input--width-20")
            .inputmode("tel"),
        Field::text("email", "E-mail address")
            .hint("You can leave this empty.")
            .width("govuk-input--width-20")
            .inputmode("email"),
    ]
}

/// Puts the contacts that were given into the body, under `/contacts`.
fn contacts<'a>(reading: Reading<'a>, posted: &Posted) -> Reading<'a> {
    let out_of_hours = Some(words::name_of(&ContactUse::OutOfHours));
    let asked: [(&'static str, &'static str, ContactKind, Option<String>); 3] = [
        (
            "telephone",
            "Telephone number",
            ContactKind::Telephone,
            posted.given("telephone_use").map(str::to_owned),
        ),
        ("out_of_hours", "Telephone number out of hours", ContactKind::Telephone, out_of_hours),
        ("email", "E-mail address", ContactKind::Email, Some(words::name_of(&ContactUse::Work))),
    ];
    let given = asked.into_iter().filter(|(field, ..)| posted.given(field).is_some()).enumerate();
    given.fold(reading, |body, (index, (field, label, kind, used))| {
        let place = format!("/contacts/{index}");
        let body = body
            .put(&format!("{place}/kind"), json!(words::name_of(&kind)))
            .put_if(&format!("{place}/use"), used.map(|used| json!(used)))
            .text(&format!("{place}/value"), field, label);
        if field == "telephone" {
            body.text(&format!("{place}/hours"), "hours", "When it answers")
        } else {
            body
        }
    })
}
