//! One's own involvement with a child: added, changed, ended, taken back; the lead and the common assessment with it.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    http::Uri,
    response::Response,
};
use vocabulary::{ChildNumber, InvolvementId, ServiceClass, ServiceType, england_day};

use super::{FIELDS, contact_fields, contacts, for_whom, on_behalf, recorder};
use crate::{
    answer::In,
    door::Door,
    http::involvements,
    pages::{
        Visit, after,
        kit::{Block, Choice, Field, FieldError, Form, Notice, Page, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::{Assessed, ChangedInvolvement, Ended, InError, Lead, NewInvolvement},
};

/// What is asked of a new entry.
pub(crate) async fn new(State(door): State<Arc<Door>>, visitor: Visitor, In(child): In<ChildNumber>) -> Page {
    let done = visitor.visit(&door, Visit::said);
    let page = adding(&door, &visitor, child, None);
    let blocks = done.map(Notice::done).into_iter().chain(page.blocks).collect();
    Page { blocks, ..page }
}

/// Records a new entry.
pub(crate) async fn add(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    added(&door, &visitor, child, &posted)
        .await
        .or_again(FIELDS, |errors| adding(&door, &visitor, child, Some((&posted, errors))))
}

async fn added(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let mut errors = Vec::new();
    if posted.given("practitioner").is_none() && posted.given("team").is_none() {
        errors.push(FieldError::at("practitioner", "Enter the practitioner's name, or the team's"));
    }
    if posted.given("practitioner").is_some() && posted.given("job").is_none() {
        errors.push(FieldError::at("job", "Enter the practitioner's job"));
    }
    if posted.given("telephone").is_none() && posted.given("email").is_none() {
        errors.push(FieldError::at("telephone", "Enter a telephone number or an e-mail address"));
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let reading = Reading::of(posted)
        .put("/contacts", serde_json::json!([]))
        .choice("/service_type", "service_type", "What your service does")
        .text("/team", "team", "Team")
        .day("/started_on", "started_on", "First day")
        .flag("/lead_professional", "lead_professional", "Lead professional")
        .text("/episode_ref", "episode_ref", "Reference of the episode");
    let asked: NewInvolvement = on_behalf(contacts(named(reading, posted), posted)).read()?;
    let (started, colleague) = involvements::started(asked)?;
    let person = recorder(door, visitor, posted, colleague).await?;
    let pending = door.directory.start_involvement(&person, child, started);
    let done = "Recorded: your organisation works with this child.";
    after::recorded(door, visitor, pending, done, &format!("/children/{child}")).await
}

/// The practitioner, if one is named: known again by name and job, since no system gives a reference.
fn named<'a>(reading: Reading<'a>, posted: &Posted) -> Reading<'a> {
    let Some(name) = posted.given("practitioner") else { return reading };
    let reference = format!("by-hand {name}");
    reading
        .put("/practitioner/practitioner_ref", serde_json::json!(reference))
        .text("/practitioner/name", "practitioner", "Practitioner's name")
        .text("/practitioner/job", "job", "Practitioner's job")
}

fn adding(
    door: &Door,
    visitor: &Visitor,
    child: ChildNumber,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let today = england_day(door.directory.now());
    let services = ServiceType::ALL.into_iter().map(|service| {
        let class = match service.class() {
            ServiceClass::Sensitive => " (needs consent)",
            ServiceClass::Protected => " (shown to the directory team alone)",
            ServiceClass::Universal | ServiceClass::Additional => "",
        };
        Choice::new(service.name(), format!("{}{class}", words::word(service.name())))
    });
    let services = [Choice::new("", "Choose one")].into_iter().chain(services);
    let form = Form::post(format!("/children/{child}/involvements/new"), "Record")
        .field(Field::select("service_type", "What does your service do?", services))
        .field(
            Field::text("practitioner", "Practitioner's name")
                .hint("Who works with the child. Leave it empty to name a team.")
                .width("govuk-input--width-20"),
        )
        .field(
            Field::text("job", "Practitioner's job")
                .hint("As in 'social worker'.")
                .width("govuk-input--width-20"),
        )
        .field(Field::text("team", "Team").width("govuk-input--width-20"))
        .fields(contact_fields())
        .field(
            Field::day("started_on", "First day")
                .hint(format!("For example, {}. It may lie 90 days ahead.", words::day(today)))
                .value(today.to_string()),
        )
        .field(yes_no("lead_professional", "Is this the lead professional?").value("no"))
        .field(
            Field::text("episode_ref", "Reference of the episode")
                .hint("Only for a sensitive service: the same as with the decision on consent.")
                .width("govuk-input--width-20"),
        );
    Page::new("Add that we work with this child")
        .back(format!("/children/{child}"))
        .with(Block::text("Others who work with the child see this, and may ring you. No case notes."))
        .with_form(for_whom(visitor, form), posted)
}

fn yes_no(name: &'static str, label: &'static str) -> Field {
    Field::radios(name, label, [Choice::new("yes", "Yes"), Choice::new("no", "No")]).inline()
}

/// Lead and assessment: what may be said of them.
pub(crate) async fn roles(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<InvolvementId>,
    OriginalUri(uri): OriginalUri,
) -> Page {
    roles_page(&door, &visitor, id, &back(&uri), None)
}

/// Says who leads, or that an assessment is held, or no more.
pub(crate) async fn take_role(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<InvolvementId>,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = crate::pages::sign_in::local(posted.text("back"));
    let fields = [FIELDS, &[("lead_professional_taken", "role"), ("date_in_future", "on")]].concat();
    role_taken(&door, &visitor, id, &posted, &next)
        .await
        .or_again(&fields, |errors| roles_page(&door, &visitor, id, &next, Some((&posted, errors))))
}

async fn role_taken(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: InvolvementId,
    posted: &Posted,
    next: &str,
) -> Result<Response, Wrong> {
    let role = posted.text("role");
    let assessed = ["assessed", "not_assessed"].contains(&role);
    let (on, colleague) = if assessed {
        let asked: Assessed = on_behalf(Reading::of(posted).day("/on", "on", "Day")).read()?;
        (Some(asked.on), asked.on_behalf_of)
    } else {
        (None, on_behalf(Reading::of(posted)).read::<Lead>()?.on_behalf_of)
    };
    let person = recorder(door, visitor, posted, colleague).await?;
    let (pending, done) = match (role, on) {
        ("lead", _) => {
            (door.directory.lead_by_hand(&person, id, true), "Your practitioner is the lead professional.")
        }
        ("no_lead", _) => (door.directory.lead_by_hand(&person, id, false), "The role was given up."),
        ("assessed", Some(on)) => (
            door.directory.assessment_by_hand(&person, id, on, true),
            "Recorded: you hold a common assessment.",
        ),
        ("not_assessed", Some(on)) => (
            door.directory.assessment_by_hand(&person, id, on, false),
            "Recorded: you hold a common assessment no more.",
        ),
        _ => return Err(FieldError::at("role", "Choose what you want to record").into()),
    };
    after::recorded(door, visitor, pending, done, next).await
}

fn roles_page(
    door: &Door,
    visitor: &Visitor,
    id: InvolvementId,
    back: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let today = england_day(door.directory.now());
    let choices = [
        Choice::new("lead", "Our practitioner is the lead professional")
            .hint("There is one for a child, as far as you may see."),
        Choice::new("no_lead", "Our practitioner gives the lead up"),
        Choice::new("assessed", "We hold a common assessment")
            .hint("That there is one, and since when; never what it says."),
        Choice::new("not_assessed", "We hold a common assessment no more"),
    ];
    let form = Form::post(format!("/involvements/{id}/roles"), "Record")
        .hidden("back", back)
        .field(Field::radios("role", "What do you want to record?", choices).large())
        .field(
            Field::day("on", "Since when?")
                .hint(format!("Of an assessment. For example, {}.", words::day(today)))
                .value(today.to_string()),
        );
    Page::new("Lead professional and common assessment")
        .back(back.to_owned())
        .with_form(for_whom(visitor, form), posted)
}

/// What may be changed.
pub(crate) async fn changing(
    visitor: Visitor,
    In(id): In<InvolvementId>,
    OriginalUri(uri): OriginalUri,
) -> Page {
    change_page(&visitor, id, &back(&uri), None)
}

/// Changes an entry of one's own.
pub(crate) async fn change(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<InvolvementId>,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = crate::pages::sign_in::local(posted.text("back"));
    changed(&door, &visitor, id, &posted, &next)
        .await
        .or_again(FIELDS, |errors| change_page(&visitor, id, &next, Some((&posted, errors))))
}

async fn changed(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: InvolvementId,
    posted: &Posted,
    next: &str,
) -> Result<Response, Wrong> {
    if posted.given("practitioner").is_some() && posted.given("job").is_none() {
        return Err(FieldError::at("job", "Enter the practitioner's job").into());
    }
    let reading = named(
        Reading::of(posted).text("/team", "team", "Team").day("/started_on", "started_on", "First day"),
        posted,
    );
    let mut asked: ChangedInvolvement = on_behalf(contacts(reading, posted)).read()?;
    let person = recorder(door, visitor, posted, asked.on_behalf_of.take()).await?;
    let pending = door.directory.change_involvement(&person, id, involvements::patched(asked));
    after::recorded(door, visitor, pending, "Changed.", next).await
}

fn change_page(
    visitor: &Visitor,
    id: InvolvementId,
    back: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let form = Form::post(format!("/involvements/{id}/change"), "Change")
        .hidden("back", back)
        .field(Field::text("practitioner", "Practitioner's name").width("govuk-input--width-20"))
        .field(Field::text("job", "Practitioner's job").width("govuk-input--width-20"))
        .field(Field::text("team", "Team").width("govuk-input--width-20"))
        .fields(contact_fields())
        .field(Field::day("started_on", "First day"));
    let in_error =
        Form::post(format!("/involvements/{id}/error"), "Take it back").hidden("back", back).warning();
    Page::new("Change your entry")
        .back(back.to_owned())
        .with(Block::text("What you leave empty stays as it is. A number given here takes the place of all numbers of the entry."))
        .with_form(for_whom(visitor, form), posted)
        .with(Block::details(
            "This entry should never have been made",
            vec![
                Block::text("Taken back, it is shown to nobody any more. That it was made, and by whom, stays in the log."),
                for_whom(visitor, in_error).into(),
            ],
        ))
}

/// Takes an entry back.
pub(crate) async fn in_error(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<InvolvementId>,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = crate::pages::sign_in::local(posted.text("back"));
    let done = async {
        let asked: InError = on_behalf(Reading::of(&posted)).read()?;
        let person = recorder(&door, &visitor, &posted, asked.on_behalf_of).await?;
        let pending = door.directory.involvement_in_error(&person, id);
        after::recorded(&door, &visitor, pending, "Taken back.", &next).await
    };
    done.await.or_again(FIELDS, |errors| change_page(&visitor, id, &next, Some((&posted, errors))))
}

/// The last day is asked.
pub(crate) async fn ending(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<InvolvementId>,
    OriginalUri(uri): OriginalUri,
) -> Page {
    end_page(&door, &visitor, id, &back(&uri), None)
}

/// Ends an entry of one's own.
pub(crate) async fn end(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<InvolvementId>,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = crate::pages::sign_in::local(posted.text("back"));
    let done = async {
        let asked: Ended = on_behalf(Reading::of(&posted).day("/ended_on", "ended_on", "Last day")).read()?;
        let person = recorder(&door, &visitor, &posted, asked.on_behalf_of).await?;
        let pending = door.directory.end_involvement(&person, id, asked.ended_on);
        after::recorded(&door, &visitor, pending, "Ended.", &next).await
    };
    done.await.or_again(FIELDS, |errors| end_page(&door, &visitor, id, &next, Some((&posted, errors))))
}

fn end_page(
    door: &Door,
    visitor: &Visitor,
    id: InvolvementId,
    back: &str,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let today = england_day(door.directory.now());
    let form = Form::post(format!("/involvements/{id}/end"), "End the entry")
        .hidden("back", back)
        .field(
            Field::day("ended_on", "Last day")
                .hint(format!("For example, {}. It cannot lie ahead.", words::day(today)))
                .value(today.to_string()),
        )
        .beside(line().link(back.to_owned(), "Leave it open"));
    Page::new("End your entry")
        .back(back.to_owned())
        .with(Block::text("Others see for a year that your service was involved; a sensitive service is gone for others on the day it ends."))
        .with_form(for_whom(visitor, form), posted)
}

/// Where one came from: the record, if a number says which, else the list.
fn back(uri: &Uri) -> String {
    let child: Option<ChildNumber> = Posted::of_query(uri).text("child").parse().ok();
    child.map_or_else(|| "/children".to_owned(), |child| format!("/children/{child}"))
}
