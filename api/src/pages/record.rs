//! One record: whom to ring now, who works with the child, since when, and what is held of the child.
//!
//! Each showing is a look of its own, recorded before the page leaves; the reason comes from the search, or is asked
//! once and holds for half an hour. Drawn from what this viewer was shown and from nothing else. Source: rules.md 2,
//! 2.3, 2.5, 4.3.

mod details;
mod handed;
mod overriding;
mod team;

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use directory::{OnBehalf, OpenRequest, OpenedRecord, Person};
use visibility::{AccessibleRecord, Name, NameKind, permission::Action as May};
use vocabulary::{AccessReason, ChildNumber, OrganisationId, PersonName, Role, age_on, england_day};

use super::{
    frame::may,
    kit::{Action, Block, FieldError, Form, Line, Notice, Page, Summary, line},
    pin,
    posted::{Posted, Reading},
    reason,
    visit::Ground,
    visitor::{Visitor, see},
    words,
    wrong::Wrong,
};
use crate::{answer::In, door::Door, problem::Problem, wire::requests::Access};

pub(super) use handed::blocks as handed;
pub(crate) use overriding::{page as override_page, send as send_override};

/// What the record is shown for.
struct Shown<'a> {
    person: &'a Person,
    record: &'a AccessibleRecord,
    child: ChildNumber,
    now: DateTime<Utc>,
    reason: Option<AccessReason>,
    overridden: bool,
    done: Option<String>,
}

/// The record, if why one looks is known; else it is asked first.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
) -> Result<Response, Problem> {
    let now = door.directory.now();
    let Some(ground) = visitor.visit(&door, |visit| visit.ground(child, now)) else {
        return Ok(see(&format!("/children/{child}/reason")));
    };
    match door.directory.open_record(&visitor.person, ground.request()).await {
        Ok(disclosed) => {
            let opened = disclosed.into_view();
            let done = visitor.visit(&door, super::Visit::said);
            Ok(shown(&visitor.person, &opened, child, now, ground.reason, done).into_response())
        }
        Err(error) => {
            let form = form(&door, &visitor, child)?;
            let before = Posted::of_pairs(
                ground
                    .reason
                    .map(|reason| ("reason".to_owned(), reason.name().to_owned()))
                    .into_iter()
                    .collect(),
            );
            Wrong::from(error).answer(reason::FIELDS, |errors| asked(form, Some((&before, errors))))
        }
    }
}

/// Why one looks.
pub(crate) async fn why(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
) -> Result<Page, Problem> {
    Ok(asked(form(&door, &visitor, child)?, None))
}

/// Takes why one looks; a mediator is shown the record at once, since a code that was read out is taken once.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(child): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    match opened(&door, &visitor, child, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let form = form(&door, &visitor, child)?;
            wrong.answer(reason::FIELDS, |errors| asked(form, Some((&posted, errors))))
        }
    }
}

async fn opened(
    door: &Arc<Door>,
    visitor: &Visitor,
    child: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let read: Access = reason::read(Reading::of(posted)).read()?;
    let mediates = visitor.person.role == Role::Mediator;
    // A mediator's search gave the reason, which the look may cite.
    let now = door.directory.now();
    let searched = visitor.visit(door, |visit| visit.ground(child, now)).and_then(|ground| ground.search_id);
    if read.reason.is_none() && searched.is_none() {
        return Err(FieldError::at("reason", "Choose why you are looking").into());
    }
    if !mediates {
        let ground = Ground::given(child, read.reason, None, read.case_ref, now);
        visitor.visit(door, |visit| visit.opens(ground));
        return Ok(see(&format!("/children/{child}")));
    }
    let person = pin::given(door, visitor, posted).await?;
    let request = OpenRequest {
        number: child,
        reason: read.reason,
        search_id: searched,
        on_behalf_of: read.on_behalf_of.map(OnBehalf::from),
        case_ref: read.case_ref,
        override_ground: None,
    };
    let disclosed = door.directory.open_record(&person, request).await?;
    Ok(shown(&person, &disclosed.into_view(), child, now, read.reason, None).into_response())
}

fn form(door: &Door, visitor: &Visitor, child: ChildNumber) -> Result<Form, Problem> {
    reason::asked(door, visitor, Form::post(format!("/children/{child}/reason"), "Open the record"))
}

fn asked(form: Form, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    Page::new("Before you open the record").with_form(form, posted).with(Block::small(directory::MISUSE))
}

/// The page of a record that was opened.
fn shown(
    person: &Person,
    opened: &OpenedRecord,
    child: ChildNumber,
    now: DateTime<Utc>,
    reason: Option<AccessReason>,
    done: Option<String>,
) -> Page {
    record(&Shown { person, record: &opened.record, child, now, reason, overridden: false, done })
}

fn record(shown: &Shown<'_>) -> Page {
    let record = shown.record;
    let names = record.names.iter().find(|name| name.kind == NameKind::Current).map(full);
    let heading = names.unwrap_or_else(|| format!("Child {}", shown.child));
    Page::new("Child record")
        .wide()
        .heading_is(heading)
        .caption(format!("Child number {}", shown.child))
        .with_if(shown.done.clone().map(Notice::done))
        .with_if(shown.overridden.then(overriding::banner))
        .with(identity(shown))
        .with_all(state(shown))
        .with_all(team::blocks(shown))
        .with_all(details::blocks(shown))
        .with_all(acts(shown))
        .with(Block::small(look(shown)))
}

/// Who it is, in a line: everybody who may open a record sees this much.
fn identity(shown: &Shown<'_>) -> Summary {
    let record = shown.record;
    let today = england_day(shown.now);
    let born = record.date_of_birth.map(|born| {
        let age = age_on(born, record.died_on.unwrap_or(today));
        line().on(born).text(format!(" (age {age})"))
    });
    let others = record.names.iter().filter(|name| name.kind != NameKind::Current).map(|name| {
        let kind = if name.kind == NameKind::KnownAs { "Known as" } else { "Formerly" };
        format!("{kind} {}", full(name))
    });
    let others: Vec<String> = others.collect();
    Summary::default()
        .plain()
        .row_if("Date of birth", born)
        .row_if("Gender", record.gender.map(|gender| words::of(&gender)))
        .row_if("Other names", (!others.is_empty()).then(|| others.join("; ")))
        .row_if(
            "Answers for the child",
            record.responsible_authority.as_ref().map(|authority| authority.name.clone()),
        )
}

/// What must be known before anything else.
fn state(shown: &Shown<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(died) = shown.record.died_on {
        blocks.push(Block::warning(line().text("This child died on ").on(died).text(".")));
    }
    if shown.record.shielded == Some(true) {
        let what = line().tag("purple", "Shielded").text(
            " Where this child is could put them at risk. You may see the part that is open to you; \
             tell nobody what is not on this page.",
        );
        blocks.push(Block::inset(what));
        let ask = Action::first(
            format!("/children/{}/broker", shown.child),
            "Ask the directory team to put you in touch",
        );
        let over = (may(shown.person, May::OverrideShield) && !shown.overridden)
            .then(|| Action::second(format!("/children/{}/override", shown.child), "Override the shield"));
        let mut actions: Vec<Action> = over.into_iter().collect();
        if may(shown.person, May::AskDesk) {
            actions.insert(0, ask);
        }
        blocks.push(Block::Actions(actions));
    }
    blocks
}

/// What may be done from here.
fn acts(shown: &Shown<'_>) -> Vec<Block> {
    let child = shown.child;
    let mut links: Vec<Line> = Vec::new();
    let mut offer = |allowed: bool, href: String, text: &str| {
        if allowed {
            links.push(line().link(href, text));
        }
    };
    let open = shown.record.shielded != Some(true);
    offer(
        may(shown.person, May::StartInvolvement),
        format!("/children/{child}/involvements/new"),
        "Add that we work with this child",
    );
    offer(
        may(shown.person, May::RecordConsent),
        format!("/children/{child}/consent"),
        "Record a decision on consent to a sensitive service",
    );
    offer(
        may(shown.person, May::DescribeChild) && open,
        format!("/children/{child}/wrong"),
        "Report something wrong, or put it right",
    );
    offer(
        may(shown.person, May::AskForShield),
        format!("/children/{child}/shield"),
        "Ask for a shield: where the child is puts them at risk",
    );
    offer(
        may(shown.person, May::AuditLooks),
        format!("/looks?child={child}"),
        "Who has looked at this record",
    );
    offer(
        may(shown.person, May::MergeRecords),
        format!("/children/{child}/merge"),
        "Merge this record with another, or split it",
    );
    offer(
        may(shown.person, May::TransferChild),
        format!("/children/{child}/transfer"),
        "Propose that another authority answers for this child",
    );
    offer(
        may(shown.person, May::AnswerPerson),
        format!("/children/{child}/request"),
        "Enter what the child or a carer asks about what is held",
    );
    offer(
        may(shown.person, May::HoldRecord),
        format!("/children/{child}/hold"),
        "Keep this record for an inquiry",
    );
    offer(
        may(shown.person, May::ExtendArchiveAge),
        format!("/children/{child}/archive-age"),
        "Record that a young person agrees to stay after 18",
    );
    if links.is_empty() {
        Vec::new()
    } else {
        vec![Block::heading("What you can do"), Block::plain_list(links)]
    }
}

/// That this was a look, and how it was recorded.
fn look(shown: &Shown<'_>) -> Line {
    let reason = shown.reason.map_or_else(
        || "the reason that you gave with the search".to_owned(),
        |reason| words::lower(reason.name()),
    );
    let position =
        shown.record.position.map(|position| format!(" It stands at position {position} of the log."));
    line()
        .text("This look was recorded on ")
        .at(shown.now)
        .text(format!(", for {reason}.{} ", position.unwrap_or_default()))
        .link("/account/looks", "Your looks")
}

/// A name as it is written.
pub(super) fn full(name: &Name) -> String {
    [Some(&name.forename), name.middle_names.as_ref(), Some(&name.surname)]
        .into_iter()
        .flatten()
        .map(PersonName::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Tells whether an entry is the viewer's own organisation's.
fn is_own(shown: &Shown<'_>, organisation: &OrganisationId) -> bool {
    *organisation == shown.person.organisation
}
