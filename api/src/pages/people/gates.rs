//! The gates of an account as a task list, in their order: what is passed, until when, and what comes next.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::NaiveDate;
use directory::AccountAct;
use events::account::{Account, Gate};
use visibility::permission::Action as May;
use vocabulary::{AccountId, england_day};

use crate::{
    answer::InBoth,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Action, Block, Field, FieldError, Form, Line, Page, Summary, Task, line},
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::Wrong,
    },
    problem::Problem,
    wire::administration::GatePassed,
};

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[("gate_date_missing", "valid_until"), ("gate_date_past", "valid_until")];

/// Each gate, then the code to enrol with and the activation.
pub(super) fn tasks(door: &Door, visitor: &Visitor, id: AccountId, held: &Account) -> Vec<Block> {
    let today = england_day(door.directory.now());
    let records = may(&visitor.person, May::RecordGate) && visitor.person.account != id;
    let gates = Gate::ALL.into_iter().map(|gate| Task {
        id: gate.name().to_owned(),
        name: title(gate).to_owned(),
        hint: Some(line().text(means(gate))),
        href: (records && gate != Gate::Token).then(|| format!("/people/{id}/gates/{}", gate.name())),
        status: status(held, gate, today),
    });
    let enrols = may(&visitor.person, May::EnrolAccount) && visitor.person.account != id;
    let enrolment = enrols.then(|| {
        let text =
            if held.enrolment.is_some() { "Make another enrolment code" } else { "Make an enrolment code" };
        vec![
            Block::subheading("The code to enrol with"),
            Block::text("With it the person sets password, PIN and one-time codes. It is shown once, and works once within three days."),
            Block::Actions(vec![Action::second(format!("/people/{id}/enrolment"), text)]),
        ]
    });
    [Block::Tasks(gates.collect())].into_iter().chain(enrolment.into_iter().flatten()).collect()
}

/// One gate.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, gate): InBoth<AccountId, String>,
) -> Result<Page, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    let gate = gate_of(&gate)?;
    Ok(asked(&held, id, gate, england_day(door.directory.now()), None))
}

/// Records that it is passed.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, gate): InBoth<AccountId, String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    let gate = gate_of(&gate)?;
    match sent(&door, &visitor, id, gate, &posted).await {
        Ok(()) => Ok(see(&format!("/people/{id}"))),
        Err(wrong) => {
            let today = england_day(door.directory.now());
            wrong.answer(FIELDS, |errors| asked(&held, id, gate, today, Some((&posted, errors))))
        }
    }
}

async fn sent(
    door: &Door,
    visitor: &Visitor,
    id: AccountId,
    gate: Gate,
    posted: &Posted,
) -> Result<(), Wrong> {
    let reading = Reading::of(posted).put("/gate", serde_json::json!(gate.name()));
    let asked: GatePassed = reading.day("/valid_until", "valid_until", "The last day it holds").read()?;
    if gate.runs_out() && asked.valid_until.is_none() {
        return Err(FieldError::at("valid_until", "Enter the last day it holds").into());
    }
    let act = AccountAct::RecordGate { gate: asked.gate, valid_until: asked.valid_until };
    let acted = door.directory.administer_account(&visitor.person, id, act)?;
    after::acted(door, visitor, acted, "The gate was recorded as passed.").await
}

fn asked(
    held: &Account,
    id: AccountId,
    gate: Gate,
    today: NaiveDate,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let form = Form::post(format!("/people/{id}/gates/{}", gate.name()), "Record that it is passed");
    let form = if gate.runs_out() {
        form.field(Field::day("valid_until", "The last day it holds").hint("For example, 27 3 2029."))
    } else {
        form
    };
    Page::new("Gate")
        .heading_is(title(gate))
        .back(format!("/people/{id}"))
        .with(Summary::default().row("Asked for", means(gate)).row("Now", status(held, gate, today)))
        .with_form(form, posted)
}

fn status(held: &Account, gate: Gate, today: NaiveDate) -> Line {
    match held.gates.get(&gate).map(|passed| passed.valid_until) {
        Some(Some(until)) if until < today => line().tag("red", "Ran out"),
        Some(Some(until)) => line().text("Passed until ").on(until),
        Some(None) => line().tag("green", "Passed"),
        None if Gate::REQUIRED.contains(&gate) => line().tag("yellow", "To be passed"),
        None => line().tag("grey", "Not needed"),
    }
}

fn gate_of(name: &str) -> Result<Gate, Problem> {
    Gate::ALL.into_iter().find(|gate| gate.name() == name).ok_or_else(|| Problem::new("not_found"))
}

/// A gate as it is called.
pub(super) fn title(gate: Gate) -> &'static str {
    match gate {
        Gate::EligibleRole => "Eligible role",
        Gate::ManagerAuthorisation => "Line manager's authorisation",
        Gate::DisclosureCheck => "Enhanced disclosure check",
        Gate::Training => "Training",
        Gate::Agreement => "User agreement",
        Gate::Monitoring => "Monitoring by the safeguarding authority",
        Gate::Token => "Password, PIN and one-time codes",
    }
}

fn means(gate: Gate) -> &'static str {
    match gate {
        Gate::EligibleRole => {
            "The job is on the list of those who may be granted access, and the work needs it."
        }
        Gate::ManagerAuthorisation => "The line manager authorised it.",
        Gate::DisclosureCheck => "Renewed every three years.",
        Gate::Training => "The mandatory training was completed.",
        Gate::Agreement => "The person signed the end-user agreement.",
        Gate::Monitoring => "It never came into force; it counts where recorded.",
        Gate::Token => "Passed when the person takes up the account with an enrolment code.",
    }
}

/// The name of a gate as a page says it.
pub(super) fn called(name: &str) -> String {
    Gate::ALL
        .into_iter()
        .find(|gate| gate.name() == name)
        .map_or_else(|| words::word(name), |gate| title(gate).to_owned())
}
