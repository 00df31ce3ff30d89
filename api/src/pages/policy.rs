//! The policy: the settings in force in words, a change proposed by one administrator, and the signature of another.
//!
//! Source: rules.md (every †); invariant I-25.

mod settings;

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use events::policy::{Demand, InForce, Policy, Proposal};
use serde_json::Value;
use visibility::permission::Action as May;
use vocabulary::AccessReason;

use super::{
    Visit, after,
    fields::{place, said},
    frame::may,
    kit::{Action, Block, Column, Field, FieldError, Form, Line, Notice, Page, Summary, Table},
    pin,
    posted::Posted,
    visitor::{Visitor, see},
    words,
    wrong::Wrong,
};
use crate::{answer::In, door::Door, http, problem::Problem, wire::administration::NewProposal};

/// The settings in force, and what waits for a signature.
pub(crate) async fn page(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Page, Problem> {
    let done = visitor.visit(&door, Visit::said);
    shown(&door, &visitor, done, None)
}

/// What may be changed.
pub(crate) async fn proposing(State(door): State<Arc<Door>>, visitor: Visitor) -> Result<Page, Problem> {
    let held = door.directory.policy_of(&visitor.person)?;
    Ok(asked(&visitor, &held.settings, None))
}

/// Proposes the change, and signs for it.
pub(crate) async fn propose(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    match proposed(&door, &visitor, &posted).await {
        Ok(()) => Ok(see("/policy")),
        Err(Wrong::Problem(problem)) if problem.code() == "setting_out_of_range" => {
            let held = door.directory.policy_of(&visitor.person)?;
            let error = settings::out_of_range(problem.detail());
            Ok(asked(&visitor, &held.settings, Some((&posted, vec![error]))).into_response())
        }
        Err(wrong) => {
            let held = door.directory.policy_of(&visitor.person)?;
            wrong.answer(&[("step_up_missing", "pin")], |errors| {
                asked(&visitor, &held.settings, Some((&posted, errors)))
            })
        }
    }
}

async fn proposed(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<(), Wrong> {
    let held = door.directory.policy_of(&visitor.person)?;
    let settings = settings::read(&held.settings, posted)?;
    if settings.is_empty() {
        return Err(
            FieldError::whole("Nothing differs from the settings in force. Change at least one").into()
        );
    }
    let person = pin::given(door, visitor, posted).await?;
    let settings = http::policy::changed(&held.settings, NewProposal { settings })?;
    let (_, acted) = door.directory.propose_policy(&person, settings)?;
    after::acted(
        door,
        visitor,
        acted,
        "The change was proposed, with your signature. Another administrator signs next.",
    )
    .await
}

/// Signs what another proposed: what was read is what is signed.
pub(crate) async fn sign(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(proposal): In<u64>,
    posted: Posted,
) -> Result<Response, Problem> {
    match signed(&door, &visitor, proposal, &posted).await {
        Ok(()) => Ok(see("/policy")),
        Err(wrong) => {
            let page = shown(&door, &visitor, None, None)?;
            wrong.answer(&[("step_up_missing", "pin")], |errors| {
                shown(&door, &visitor, None, Some((&posted, errors))).unwrap_or(page)
            })
        }
    }
}

async fn signed(door: &Arc<Door>, visitor: &Visitor, proposal: u64, posted: &Posted) -> Result<(), Wrong> {
    let person = pin::given(door, visitor, posted).await?;
    let (version, acted) = door.directory.sign_policy(&person, proposal)?;
    after::acted(door, visitor, acted, &format!("Version {version} of the policy is in force.")).await
}

fn shown(
    door: &Door,
    visitor: &Visitor,
    done: Option<String>,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Result<Page, Problem> {
    let held = door.directory.policy_of(&visitor.person)?;
    let page = Page::new("Policy").with_if(done.map(Notice::done)).with(Block::text(format!(
        "Version {} is in force. Each version is signed by two people, and counts from its second signature on.",
        held.version
    )));
    let page = match &held.proposed {
        Some(waiting) => waits(page, visitor, &held, waiting, posted),
        None => page,
    };
    // What holds everywhere is changed by whoever belongs to no authority, or to the one that there is.
    let national = visitor.person.authority.is_none() || held.settings.single_authority.is_some();
    let propose = (national && may(&visitor.person, May::ProposePolicy))
        .then(|| Block::Actions(vec![Action::second("/policy/proposal", "Propose a change")]));
    Ok(page.with_if(propose).with_all(settings::blocks(&held.settings)).with_all(tables(&held.settings)))
}

/// What waits for a second signature: its difference, and where it is signed.
fn waits(
    page: Page,
    visitor: &Visitor,
    held: &InForce,
    waiting: &Proposal,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let page = page
        .with(Block::heading(format!("Proposal {} waits for a second signature", waiting.proposal)))
        .with(difference(&held.settings, &waiting.settings));
    if waiting.by == visitor.person.account {
        return page.with(Block::inset("You proposed this. Another administrator signs it."));
    }
    if !may(&visitor.person, May::SignPolicy) {
        return page;
    }
    let form = Form::post(format!("/policy/proposals/{}", waiting.proposal), "Sign, and put it in force")
        .fields(pin::field(visitor))
        .warning();
    page.with_form(form, posted)
}

fn asked(visitor: &Visitor, held: &Policy, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let form = Form::post("/policy/proposal", "Propose and sign")
        .fields(settings::questions(held))
        .fields(pin::field(visitor).map(Field::large));
    Page::new("Propose a change of policy")
        .back("/policy")
        .with(Block::text("Change what should differ, and leave the rest. Your signature goes with the proposal; it is in force once another administrator has signed it. A newer proposal takes the place of an older one."))
        .with_form(form, posted)
}

/// What a proposal would change, a setting a row.
fn difference(held: &Policy, proposed: &Policy) -> Block {
    let (held, proposed) = (json(held), json(proposed));
    let mut rows = Vec::new();
    differing(&mut Vec::new(), &held, &proposed, &mut rows);
    if rows.is_empty() {
        return Block::text("It differs in nothing from the settings in force.");
    }
    let columns = ["Setting", "In force", "Proposed"].map(Column::of);
    Table::new("What the proposal would change", columns).rows(rows).into()
}

fn differing(path: &mut Vec<String>, held: &Value, proposed: &Value, rows: &mut Vec<Vec<Line>>) {
    if held == proposed {
        return;
    }
    if let (Value::Object(before), Value::Object(after)) = (held, proposed) {
        let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            path.push(name.clone());
            let nothing = Value::Null;
            differing(path, before.get(name).unwrap_or(&nothing), after.get(name).unwrap_or(&nothing), rows);
            path.pop();
        }
        return;
    }
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let field = steps.last().copied().unwrap_or_default();
    rows.push(vec![
        settings::called(&steps).unwrap_or_else(|| place(&steps)),
        said(field, held),
        said(field, proposed),
    ]);
}

/// The tables of the policy, which are changed through the API.
fn tables(held: &Policy) -> Vec<Block> {
    let demand = |reason| match held.reasons.demand(reason) {
        Demand::Nothing => "Nothing",
        Demand::OwnOpenEntry => "An open entry of the looker's own organisation",
        Demand::CaseReference => "The reference of a case",
        Demand::Request => "The reference of the person's request",
    };
    let demanded = AccessReason::ALL
        .into_iter()
        .fold(Summary::default(), |summary, reason| summary.row(words::word(reason.name()), demand(reason)));
    let permitted = held.reasons.permitted.iter().fold(Summary::default(), |summary, (role, reasons)| {
        let reasons: Vec<String> = reasons.iter().map(|reason| words::lower(reason.name())).collect();
        summary.row(words::word(role.name()), reasons.join(", "))
    });
    let bases = held.bases.iter().fold(Summary::default(), |summary, (field, basis)| {
        summary.row(words::word(field), words::of(&basis))
    });
    vec![
        Block::heading("Tables"),
        Block::details("What each reason for a look demands", vec![demanded.into()]),
        Block::details("Which reasons each role may give", vec![permitted.into()]),
        Block::details("By what law each personal field is held", vec![bases.into()]),
        Block::small(
            "These tables, and the conditions of accreditation, are changed through the API, by the same two signatures.",
        ),
    ]
}

fn json(settings: &Policy) -> Value {
    serde_json::to_value(settings).unwrap_or_default()
}
