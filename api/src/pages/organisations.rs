//! Organisations: those that the reader keeps or reads, and whether each may look and send today.
//!
//! Source: rules.md 5.1; domain.md 5.2, 5.6; the API's `/organisations`.

mod acts;
mod clients;
mod conditions;
mod register;

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use directory::ADMIN_PAGE;
use events::organisation::Organisation;
use visibility::permission::Action as May;
use vocabulary::{OrganisationId, england_day};

use super::{
    Visit,
    frame::may,
    kit::{Action, Block, Column, Field, FieldError, Form, Line, Notice, Page, Pager, Summary, Table, line},
    posted::Posted,
    visitor::{Visitor, see},
    words,
};
use crate::{answer::In, door::Door, problem::Problem};

pub(crate) use acts::{act, acting};
pub(crate) use clients::{
    add as add_client, add_secret, adding as adding_client, adding_credential, adding_secret, credential,
    retire, retiring, revoke, revoking, show as client,
};
pub(crate) use conditions::{page as condition, record as record_condition, withdraw as withdraw_condition};
pub(crate) use register::{page as registering, send as register};

/// Those that the reader keeps or reads, fifty a page; an id that is asked for leads to its page.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let query = Posted::of_query(&uri);
    let wrong = match query.given("id").map(str::parse::<OrganisationId>) {
        Some(Ok(id)) => return Ok(see(&format!("/organisations/{id}"))),
        Some(Err(_)) => {
            vec![FieldError::at("id", "The id must be as in urn:100000, ods:RAL01 or gss:E09000014")]
        }
        None => Vec::new(),
    };
    let after: Option<OrganisationId> = query.text("after").parse().ok();
    let found = door.directory.organisations_of(&visitor.person, after.as_ref())?;
    let now = door.directory.now();
    let conditions = door.directory.conditions();
    let rows = found.iter().map(|(id, held)| {
        let details = held.details.as_ref();
        let name = details.map_or_else(|| id.to_string(), |details| details.name.as_str().to_owned());
        let kind = details.map(|details| words::word(details.kind.name())).unwrap_or_default();
        let good = held.may_use(now, 0, &conditions).good().is_ok();
        let supplies = held.may_supply(england_day(now), &conditions).is_ok();
        vec![
            line().link(format!("/organisations/{id}"), name),
            line().text(kind),
            good_or(good, "May look", "May not look"),
            good_or(supplies, "May send", "May not send"),
            held.accredited_until.map_or_else(|| line().text("-"), |last| line().on(last)),
        ]
    });
    let columns = ["Name", "Kind", "Looking", "Sending", "Accredited until"].map(Column::of);
    let table = Table::new("Organisations", columns).quiet().rows(rows);
    let listed = if table.is_empty() { Block::text("There is none that you keep.") } else { table.into() };
    let last = found.last().filter(|_| found.len() == ADMIN_PAGE);
    let pager = last.map(|(id, _)| Pager {
        label: "Pages of organisations",
        previous: after.is_some().then(|| "/organisations".to_owned()),
        previous_text: "From the beginning".to_owned(),
        next: Some(format!("/organisations?after={id}")),
        next_text: "Further organisations".to_owned(),
    });
    let open = Form::get("/organisations", "Open").field(
        Field::text("id", "Open one by its id")
            .hint("For example, urn:100000.")
            .width("govuk-input--width-20"),
    );
    let registers = may(&visitor.person, May::RegisterOrganisation)
        .then(|| Block::Actions(vec![Action::first("/organisations/new", "Register an organisation")]));
    let done = visitor.visit(&door, Visit::said);
    Ok(Page::new("Organisations")
        .wide()
        .with_if(done.map(Notice::done))
        .with_if(registers)
        .with_form(open, (!wrong.is_empty()).then_some((&query, wrong)))
        .with(listed)
        .with_if(pager)
        .into_response())
}

/// One organisation: whether it may look and send, its conditions, agreements and clients.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<OrganisationId>,
) -> Result<Page, Problem> {
    let held = door.directory.organisation_of(&visitor.person, &id)?;
    let now = door.directory.now();
    let done = visitor.visit(&door, Visit::said);
    Ok(Page::new("Organisation")
        .heading_is(name(&held, &id))
        .caption(id.to_string())
        .back("/organisations")
        .with_if(done.map(Notice::done))
        .with(summary(&door, &held, now))
        .with_all(acts::offered(&visitor, &id, &held))
        .with(Block::heading("Conditions of accreditation"))
        .with_all(conditions::tasks(&door, &visitor, &id, &held))
        .with(Block::heading("Clients"))
        .with_all(clients::listed(&visitor, &id, &held))
        .with(Block::heading("People"))
        .with(Block::text(
            line().link(format!("/people?organisation={id}"), "The people of this organisation"),
        )))
}

fn summary(door: &Door, held: &Organisation, now: DateTime<Utc>) -> Summary {
    let conditions = door.directory.conditions();
    let today = england_day(now);
    let may_use = held.may_use(now, 0, &conditions).good().map_err(|because| because.to_string());
    let may_supply = held.may_supply(today, &conditions).map_err(|because| because.to_string());
    let details = held.details.as_ref();
    let services = details.map(|details| {
        let names: Vec<String> =
            details.service_types.iter().map(|service| words::word(service.name())).collect();
        names.join(", ")
    });
    let supply = held.agreement.as_ref().map(|agreement| {
        let others = if agreement.states_others { "; may state others' involvements" } else { "" };
        line().text("Until ").and(until(agreement.until, today)).text(others)
    });
    let sharing = held.sharing.as_ref().map(|sharing| {
        line().text(format!("Version {}, until ", sharing.version)).and(until(sharing.until, today))
    });
    let authority = details.and_then(|details| details.authority.as_ref()).map(|authority| {
        door.directory.name_of_organisation(authority).unwrap_or_else(|| authority.to_string())
    });
    Summary::default()
        .row_if("Kind", details.map(|details| words::word(details.kind.name())))
        .row_if("Authority", authority)
        .row_if("Services", services.filter(|names| !names.is_empty()))
        .row("Looking", standing(may_use))
        .row("Sending", standing(may_supply))
        .row_if("Suspended", held.suspended.as_ref().map(words::of))
        .row(
            "Accreditation",
            held.accredited_until
                .map_or_else(|| line().text("None"), |last| line().text("Until ").and(until(last, today))),
        )
        .row("Supply agreement", supply.unwrap_or_else(|| line().text("None")))
        .row("Information sharing agreement", sharing.unwrap_or_else(|| line().text("None")))
}

/// A last day, and whether it has passed.
fn until(last: NaiveDate, today: NaiveDate) -> Line {
    let told = line().on(last);
    if last < today { told.text(" ").tag("red", "Ran out") } else { told }
}

fn standing(good: Result<(), String>) -> Line {
    match good {
        Ok(()) => line().tag("green", "In good order"),
        Err(because) => line().tag("red", "Not now").text(format!(" {because}")),
    }
}

fn good_or(good: bool, yes: &'static str, no: &'static str) -> Line {
    if good { line().tag("green", yes) } else { line().tag("grey", no) }
}

fn name(held: &Organisation, id: &OrganisationId) -> String {
    held.details.as_ref().map_or_else(|| id.to_string(), |details| details.name.as_str().to_owned())
}
