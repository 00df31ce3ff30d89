//! Cases: what an investigator opens and another person approves, and what may then be replayed.
//!
//! An approver is told the reference, the purpose and how many children there are, and nothing of a child. Source:
//! contract.md section 2 (`/cases`); rules.md 2 (investigator, case approver).

mod chronology;
mod replay;
mod told;

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use directory::{ADMIN_PAGE, CaseRead, CaseRequest, CaseState};
use events::case::Purpose;
use visibility::permission::Action as May;
use vocabulary::{CaseId, ChildNumber, england_day};

use super::{
    Visit,
    frame::may,
    kit::{
        Action, Block, Choice, Column, Field, FieldError, Form, Line, Notice, Page, Pager, Summary, Table,
        line,
    },
    posted::{Posted, Reading},
    visitor::{Visitor, see},
    words,
    wrong::Wrong,
};
use crate::{
    answer::{In, not_recorded},
    door::Door,
    http,
    identify::Staff,
    problem::Problem,
    wire::requests::{Approval, NewCase},
};

pub(crate) use replay::page as replayed;

/// Codes of refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("case_known", "reference"),
    ("children_out_of_range", "children"),
    ("not_found", "children"),
    ("expiry_out_of_range", "expires"),
];

/// The cases that the reader opened, or may approve.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let after = Posted::of_query(&uri).text("after").parse().ok();
    let cases = door.directory.cases_of(&visitor.person, after)?;
    let today = england_day(door.directory.now());
    let opens = may(&visitor.person, May::OpenCase);
    let done = visitor.visit(&door, Visit::said);
    let columns = ["Reference", "What for", "Children", "Last day", "State"].map(Column::of);
    let rows = cases.iter().map(|case| {
        vec![
            line().link(format!("/cases/{}", case.id), case.reference.as_str()),
            line().text(purpose(case.purpose)),
            line().text(case.children.to_string()),
            line().on(case.expires_on),
            state(case, today),
        ]
    });
    let table = Table::new(if opens { "Your cases" } else { "Cases of others" }, columns).quiet().rows(rows);
    let nothing = if opens { "You have not opened a case." } else { "No case was opened." };
    let listed = if table.is_empty() { Block::text(nothing) } else { table.into() };
    let last = cases.last().filter(|_| cases.len() == ADMIN_PAGE);
    let pager = last.map(|last| Pager {
        label: "Pages of cases",
        previous: None,
        previous_text: String::new(),
        next: Some(format!("/cases?after={}", last.id)),
        next_text: "Older cases".to_owned(),
    });
    let open = opens.then(|| Block::Actions(vec![Action::first("/cases/new", "Open a case")]));
    Ok(Page::new("Cases")
        .with_if(done.map(Notice::done))
        .with(Block::text("A case lets the investigator who opened it replay what was known of the children it names, once another person has approved it, until its last day."))
        .with_if(open)
        .with(listed)
        .with_if(pager))
}

/// What a case is asked for.
pub(crate) async fn new(State(door): State<Arc<Door>>, _visitor: Visitor) -> Page {
    asked(&door, None)
}

/// Opens a case.
pub(crate) async fn open(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    match opened(&door, &visitor, &posted).await {
        Ok(response) => Ok(response),
        Err(Wrong::Problem(problem)) if problem.code() == "not_found" => {
            let error =
                FieldError::at("children", "Children: one of these is not a child number that you may use");
            Ok(asked(&door, Some((&posted, vec![error]))).into_response())
        }
        Err(wrong) => wrong.answer(FIELDS, |errors| asked(&door, Some((&posted, errors)))),
    }
}

async fn opened(door: &Arc<Door>, visitor: &Visitor, posted: &Posted) -> Result<Response, Wrong> {
    let numbers: Vec<&str> = posted
        .text("children")
        .split([' ', ',', ';', '\n', '\r', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    if numbers.is_empty() {
        return Err(FieldError::at("children", "Enter the number of at least one child").into());
    }
    let wrong = numbers.iter().any(|number| number.parse::<ChildNumber>().is_err());
    if wrong {
        let text = "Children: each must be a child number of eleven digits, one on a line";
        return Err(FieldError::at("children", text).into());
    }
    let asked: NewCase = Reading::of(posted)
        .text("/reference", "reference", "Reference")
        .choice("/purpose", "purpose", "What it is for")
        .day("/expires_on", "expires", "Last day")
        .put("/children", serde_json::json!(numbers))
        .read()?;
    let request = CaseRequest {
        reference: asked.reference,
        children: asked.children,
        purpose: asked.purpose,
        expires_on: asked.expires_on,
    };
    let stands = door.directory.open_case(&visitor.person, request)?;
    let stands = stands.settled().await.map_err(|error| not_recorded(&error))?;
    visitor.wrote(door, stands.position);
    visitor.visit(door, |visit| {
        visit.say("The case was opened. It gives no right until another person approves it.");
    });
    Ok(see(&format!("/cases/{}", stands.id)))
}

/// One case, and what it allows.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<CaseId>,
) -> Result<Page, Problem> {
    let (case, numbers) = door.directory.case_read(&visitor.person, id)?;
    let done = visitor.visit(&door, Visit::said);
    let today = england_day(door.directory.now());
    let page = Page::new("Case")
        .heading_is(format!("Case {}", case.reference.as_str()))
        .back("/cases")
        .with_if(done.map(Notice::done))
        .with(summary(&case, today));
    if !case.own {
        let approve = (case.state == CaseState::Waiting && is_open(&case, today)).then(|| {
            Block::Actions(vec![Action::first(format!("/cases/{id}/approve"), "Approve this case")])
        });
        return Ok(page.with_if(approve));
    }
    if case.state != CaseState::Approved || !is_open(&case, today) {
        return Ok(page.with(Block::text("Nothing can be replayed now.")));
    }
    let children = numbers.iter().map(|number| {
        line().link_to(
            format!("/cases/{id}/children/{number}"),
            format!("Child number {number}"),
            "replay what was known",
        )
    });
    Ok(page
        .with(Block::heading("Replay what was known"))
        .with(Block::text("Each replay is recorded in your name before it is shown, as is the bundle."))
        .with(Block::plain_list(children))
        .with(Block::heading("Evidence"))
        .with(Block::text("One file with the events of all children of the case, and what proves that none was changed. It opens in any browser and checks itself."))
        .with(Block::Actions(vec![Action::second(format!("/cases/{id}/bundle"), "Download the evidence bundle")])))
}

/// What approving means.
pub(crate) async fn approving(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<CaseId>,
) -> Result<Page, Problem> {
    let (case, _) = door.directory.case_read(&visitor.person, id)?;
    Ok(approval(&case, england_day(door.directory.now()), None))
}

/// Approves it.
pub(crate) async fn approve(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<CaseId>,
    posted: Posted,
) -> Result<Response, Problem> {
    match approved(&door, &visitor, id, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let (case, _) = door.directory.case_read(&visitor.person, id)?;
            let today = england_day(door.directory.now());
            wrong.answer(&[], |errors| approval(&case, today, Some((&posted, errors))))
        }
    }
}

async fn approved(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: CaseId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    if posted.given("lifts").is_none() {
        return Err(FieldError::at("lifts", "Choose whether shields are lifted").into());
    }
    let asked: Approval =
        Reading::of(posted).flag("/lifts_shields", "lifts", "Whether shields are lifted").read()?;
    let stands = door.directory.approve_case(&visitor.person, id, asked.lifts_shields.unwrap_or(false))?;
    let stands = stands.settled().await.map_err(|error| not_recorded(&error))?;
    visitor.wrote(door, stands.position);
    visitor.visit(door, |visit| visit.say("The case was approved."));
    Ok(see(&format!("/cases/{id}")))
}

/// The evidence, as the API answers it.
pub(crate) async fn bundle(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<CaseId>,
) -> Result<Response, Problem> {
    http::cases::bundle(State(door), Staff(visitor.person), In(id)).await
}

fn asked(door: &Door, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let purposes = [Purpose::Section47, Purpose::CaseReview, Purpose::ChildDeath, Purpose::Misuse];
    let choices = purposes.map(|known| Choice::new(words::name_of(&known), purpose(known)));
    let year = england_day(door.directory.now()).format("%Y").to_string();
    let form = Form::post("/cases/new", "Open the case")
        .field(
            Field::text("reference", "Reference")
                .hint("As your office writes it, with a number and without a name. For example, SCR/2026-4.")
                .width("govuk-input--width-20"),
        )
        .field(Field::radios("purpose", "What is it for?", choices))
        .field(
            Field::area("children", "Numbers of the children", 4)
                .hint("Eleven digits each, one on a line; at most 50."),
        )
        .field(
            Field::day("expires", "Last day of the case")
                .hint(format!("At most twelve months ahead. For example, 31 12 {year}.")),
        );
    Page::new("Open a case")
        .back("/cases")
        .with(Block::text("Another person approves it before it gives any right."))
        .with_form(form, posted)
}

fn approval(case: &CaseRead, today: NaiveDate, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let lifts = [
        Choice::new("no", "No: of a shielded child only name, date of birth and gender are shown"),
        Choice::new("yes", "Yes: where shielded children are and were is shown in the replay"),
    ];
    let form = Form::post(format!("/cases/{}/approve", case.id), "Approve the case")
        .field(Field::radios("lifts", "Are shields lifted for this case?", lifts))
        .warning();
    Page::new("Approve a case")
        .heading_is(format!("Approve case {}", case.reference.as_str()))
        .back(format!("/cases/{}", case.id))
        .with(summary(case, today))
        .with(Block::text("The investigator may then replay everything that was known of these children, as far as the case reaches, until its last day. An approval is not taken back; the last day ends it."))
        .with_form(form, posted)
}

fn summary(case: &CaseRead, today: NaiveDate) -> Summary {
    Summary::default()
        .row("What for", purpose(case.purpose))
        .row("Children", case.children.to_string())
        .row("Last day", line().on(case.expires_on))
        .row("State", state(case, today))
        .row_if(
            "Shields",
            (case.state == CaseState::Approved).then_some(if case.lifts_shields {
                "Lifted for this case"
            } else {
                "Respected"
            }),
        )
}

fn is_open(case: &CaseRead, today: NaiveDate) -> bool {
    case.state != CaseState::Closed && today <= case.expires_on
}

fn state(case: &CaseRead, today: NaiveDate) -> Line {
    match case.state {
        CaseState::Closed => line().tag("grey", "Closed"),
        CaseState::Waiting | CaseState::Approved if case.expires_on < today => line().tag("grey", "Expired"),
        CaseState::Approved => line().tag("green", "Approved"),
        CaseState::Waiting => line().tag("yellow", "Waits for approval"),
    }
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Section47 => "An enquiry under section 47 of the Children Act 1989",
        Purpose::CaseReview => "A serious case review",
        Purpose::ChildDeath => "A child's death",
        Purpose::Misuse => "A look that may have been misuse",
    }
}
