//! People: the accounts that the reader keeps, taken through their gates, and what runs out next.
//!
//! Source: rules.md 5.1, 5.2; domain.md 5.2; the API's `/users`.

mod acts;
mod enrolment;
mod expiries;
mod gates;
mod new;

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use directory::ADMIN_PAGE;
use events::account::Account;
use visibility::permission::Action as May;
use vocabulary::{AccountId, OrganisationId, england_day};

use super::{
    Visit,
    frame::may,
    kit::{
        Action, Block, Card, Column, Field, FieldError, Form, Line, Notice, Page, Pager, Summary, Table, line,
    },
    posted::Posted,
    visitor::Visitor,
    words,
};
use crate::{answer::In, door::Door, problem::Problem};

pub(crate) use acts::{act, acting};
pub(crate) use enrolment::{code, coding, page as enrolment, send as enrol};
pub(crate) use expiries::page as expiries;
pub(crate) use gates::{page as gate, send as record_gate};
pub(crate) use new::{page as creating, send as create};

/// The people of one organisation, fifty a page: of one's own where none is named.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let query = Posted::of_query(&uri);
    let own = visitor.person.organisation.clone();
    let organisation = match query.given("organisation").map(str::parse::<OrganisationId>) {
        None => own,
        Some(Ok(id)) => id,
        Some(Err(_)) => {
            let error = FieldError::at("organisation", "The organisation must be its id, as in urn:100000");
            let page = Page::new("People").with_form(choose(&own), Some((&query, vec![error])));
            return Ok(page.into_response());
        }
    };
    let after: Option<AccountId> = query.text("after").parse().ok();
    let found = door.directory.accounts_of(&visitor.person, &organisation, after)?;
    let rows = found.iter().filter_map(|(id, held)| {
        let created = held.created.as_ref()?;
        Some(vec![
            line().link(format!("/people/{id}"), created.name.as_str()),
            line().text(words::word(created.role.name())),
            standing(&door, held),
            held.signed_in_at.map_or_else(|| line().text("Never"), |at| line().at(at)),
        ])
    });
    let columns = ["Name", "Role", "Standing", "Signed in last"].map(Column::of);
    let table = Table::new("People", columns).quiet().rows(rows);
    let listed = if table.is_empty() { Block::text("Nobody has an account there.") } else { table.into() };
    let address = format!("/people?organisation={organisation}");
    let last = found.last().filter(|_| found.len() == ADMIN_PAGE);
    let pager = last.map(|(id, _)| Pager {
        label: "Pages of people",
        previous: after.is_some().then(|| address.clone()),
        previous_text: "From the beginning".to_owned(),
        next: Some(format!("{address}&after={id}")),
        next_text: "Further people".to_owned(),
    });
    let creates = may(&visitor.person, May::CreateAccount).then(|| {
        Action::first(format!("/people/new?organisation={organisation}"), "Give somebody an account")
    });
    let expiries =
        Action::second(format!("/people/expiries?organisation={organisation}"), "What runs out next");
    let named =
        door.directory.name_of_organisation(&organisation).unwrap_or_else(|| organisation.to_string());
    let done = visitor.visit(&door, Visit::said);
    Ok(Page::new("People")
        .wide()
        .heading_is(format!("People of {named}"))
        .with_if(done.map(Notice::done))
        .with(Block::Actions(creates.into_iter().chain([expiries]).collect()))
        .with(listed)
        .with_if(pager)
        .with(Block::details("People of another organisation", vec![choose(&organisation).into()]))
        .into_response())
}

/// One account: its gates, and how its person signs in.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<AccountId>,
) -> Result<Page, Problem> {
    let held = door.directory.account_of(&visitor.person, id)?;
    let created = held.created.as_ref().ok_or_else(|| Problem::new("not_found"))?;
    let done = visitor.visit(&door, Visit::said);
    let today = england_day(door.directory.now());
    let named = door.directory.name_of_organisation(&created.organisation);
    let summary = Summary::default()
        .row("User name", line().code(created.username.as_str()))
        .row("Role", words::word(created.role.name()))
        .row("Organisation", named.unwrap_or_else(|| created.organisation.to_string()))
        .row("Standing", standing(&door, &held))
        .row_if("Suspended", held.suspended.as_ref().map(words::of))
        .row_if("Last day", held.leaves_on.filter(|last| today <= *last).map(|last| line().on(last)))
        .row("Signed in last", held.signed_in_at.map_or_else(|| line().text("Never"), |at| line().at(at)));
    Ok(Page::new("Person")
        .heading_is(created.name.as_str().to_owned())
        .back(format!("/people?organisation={}", created.organisation))
        .with_if(done.map(Notice::done))
        .with(summary)
        .with_all(acts::offered(&visitor, id, &held))
        .with(Block::heading("Gates"))
        .with_all(gates::tasks(&door, &visitor, id, &held))
        .with(Block::heading("Ways to sign in"))
        .with_all(ways(&visitor, id, &held)))
}

fn ways(visitor: &Visitor, id: AccountId, held: &Account) -> Vec<Block> {
    let ends = may(&visitor.person, May::EnrolAccount);
    let remove = |kind: &str, which: String, named: &str| {
        let href = format!("/people/{id}/{kind}?which={which}");
        line().link_to(href, "Remove", named.to_owned())
    };
    let password = if held.credentials.is_some() { "Set" } else { "Not set" };
    let mut blocks: Vec<Block> =
        vec![Summary::default().row("Password, one-time codes and PIN", password).into()];
    let passkeys = held.passkeys.iter().map(|(key, known)| {
        let card = Card::new(
            line().text("Passkey"),
            vec![Summary::default().row("Registered", line().at(known.registered_at)).into()],
        );
        if ends { card.action(remove("passkey", key.to_string(), "this passkey")) } else { card }
    });
    blocks.extend(passkeys.map(Block::from));
    let identities = held.identities.iter().map(|(identity, known)| {
        let card = Card::new(
            line().text(format!("Identity at {}", known.provider)),
            vec![Summary::default().row("Linked", line().at(known.linked_at)).into()],
        );
        if ends { card.action(remove("identity", identity.to_string(), "this identity")) } else { card }
    });
    blocks.extend(identities.map(Block::from));
    blocks
}

fn standing(door: &Door, held: &Account) -> Line {
    let now = door.directory.now();
    match held.standing_unsigned(now, 0, door.directory.dormant_months()).good() {
        Ok(()) => line().tag("green", "In good order"),
        Err(because) => line().tag("grey", "May not act").text(format!(" {because}")),
    }
}

fn choose(own: &OrganisationId) -> Form {
    Form::get("/people", "Show").field(
        Field::text("organisation", "Organisation, by its id")
            .hint("For example, urn:100000.")
            .value(own.to_string())
            .width("govuk-input--width-20"),
    )
}
