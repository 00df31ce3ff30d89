//! Clients: the systems by which an organisation connects, and what each proves itself by. A secret is shown once.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use directory::{Acted, ClientChange, Credential, KeyFault, credentials, read_public_key, read_thumbprint};
use events::organisation::Organisation;
use visibility::permission::Action as May;
use vocabulary::{ClientId, OrganisationId};

use super::name;
use crate::{
    answer::{In, InBoth, not_recorded},
    door::Door,
    pages::{
        Visit, after,
        frame::may,
        kit::{
            Action, Block, Card, Column, Field, FieldError, Form, Line, Notice, Page, Summary, Table, line,
        },
        posted::{Posted, Reading},
        visitor::{Visitor, see},
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::credentials::{NewCertificate, NewKey},
};

/// The clients of an organisation, on its page.
pub(super) fn listed(visitor: &Visitor, id: &OrganisationId, held: &Organisation) -> Vec<Block> {
    let rows = held.clients.iter().map(|(client, known)| {
        if known.revoked {
            return vec![line().code(client.0.clone()), line().tag("grey", "Revoked")];
        }
        vec![
            line().link(format!("/clients/{}", client.0), client.0.clone()),
            line().tag("green", "May connect"),
        ]
    });
    let table = Table::new("Clients", ["Client", "State"].map(Column::of)).quiet().rows(rows);
    let listed = if table.is_empty() { Block::text("It has no client.") } else { table.into() };
    let add = may(&visitor.person, May::ManageClients).then(|| {
        Block::Actions(vec![Action::second(format!("/organisations/{id}/clients"), "Add a client")])
    });
    [Some(listed), add].into_iter().flatten().collect()
}

/// What adding a client means.
pub(crate) async fn adding(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(organisation): In<OrganisationId>,
) -> Result<Page, Problem> {
    let held = door.directory.organisation_of(&visitor.person, &organisation)?;
    Ok(addition(&organisation, &held))
}

/// Adds a client, and shows its secret once.
pub(crate) async fn add(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(organisation): In<OrganisationId>,
) -> Result<Response, Problem> {
    let held = door.directory.organisation_of(&visitor.person, &organisation)?;
    let added = async {
        let (client, secret, acted) = door.directory.client_for(&visitor.person, &organisation)?;
        stands(&door, &visitor, acted).await?;
        Ok::<_, Wrong>(shown_once("The client was added", &client, &secret))
    };
    let back = Action::first(format!("/organisations/{organisation}"), "Back to the organisation");
    match added.await {
        Ok(page) => Ok(page.with(Block::Actions(vec![back])).into_response()),
        Err(wrong) => wrong.answer(&[], |errors| Page { errors, ..addition(&organisation, &held) }),
    }
}

fn addition(id: &OrganisationId, held: &Organisation) -> Page {
    let form = Form::post(format!("/organisations/{id}/clients"), "Add the client")
        .beside(line().link(format!("/organisations/{id}"), "Leave it"));
    Page::new("Add a client")
        .heading_is(format!("Add a client: {}", name(held, id)))
        .back(format!("/organisations/{id}"))
        .with(Block::text("One of this organisation's systems may then connect in its name, and send and ask what the organisation's accreditation and agreements allow."))
        .with(Block::text("It is given a number and a secret. The next page shows the secret, once: have at hand by what way you hand it over."))
        .with(form)
}

/// One client with what it proves itself by.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
) -> Result<Page, Problem> {
    let id = ClientId(client);
    let (organisation, held) = door.directory.client_of(&visitor.person, &id)?;
    let done = visitor.visit(&door, Visit::said);
    let name = door.directory.name_of_organisation(&organisation).unwrap_or_else(|| organisation.to_string());
    let manages = may(&visitor.person, May::ManageClients);
    let cards = credentials(&held, door.directory.now()).into_iter().map(|known| card(&id, &known));
    let add = manages.then(|| {
        Block::Actions(vec![
            Action::second(format!("/clients/{}/key", id.0), "Add a key"),
            Action::second(format!("/clients/{}/certificate", id.0), "Bind a certificate"),
            Action::second(format!("/clients/{}/secrets", id.0), "Add a secret"),
        ])
    });
    let revoke = may(&visitor.person, May::RevokeClient)
        .then(|| Block::text(line().link(format!("/clients/{}/revocation", id.0), "Revoke this client")));
    Ok(Page::new("Client")
        .heading_is(format!("Client {}", id.0))
        .caption(name)
        .back(format!("/organisations/{organisation}"))
        .with_if(done.map(Notice::done))
        .with(Block::heading("What it proves itself by"))
        .with_all(cards)
        .with_if(add)
        .with_if(revoke))
}

/// What adding a secret means.
pub(crate) async fn adding_secret(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
) -> Result<Page, Problem> {
    let id = ClientId(client);
    let (organisation, _) = door.directory.client_of(&visitor.person, &id)?;
    Ok(another_secret(&id, after::named(&door, &organisation)))
}

/// Adds a secret, and shows it once.
pub(crate) async fn add_secret(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
) -> Result<Response, Problem> {
    let id = ClientId(client);
    let (organisation, _) = door.directory.client_of(&visitor.person, &id)?;
    let added = async {
        let (_, secret, acted) = door.directory.add_client_secret_of(&visitor.person, &id)?;
        stands(&door, &visitor, acted).await?;
        Ok::<_, Wrong>(shown_once("The secret was added", &id, &secret))
    };
    let back = Action::first(format!("/clients/{}", id.0), "Back to the client");
    match added.await {
        Ok(page) => Ok(page.with(Block::Actions(vec![back])).into_response()),
        Err(wrong) => wrong
            .answer(&[], |errors| Page { errors, ..another_secret(&id, after::named(&door, &organisation)) }),
    }
}

fn another_secret(id: &ClientId, organisation: String) -> Page {
    let form = Form::post(format!("/clients/{}/secrets", id.0), "Add the secret")
        .beside(line().link(format!("/clients/{}", id.0), "Leave it"));
    Page::new("Add a secret")
        .heading_is(format!("Add a secret: client {}", id.0))
        .caption(organisation)
        .back(format!("/clients/{}", id.0))
        .with(Block::text("The client may then connect with this secret too. Those it has stay good: retire each once the system uses the new one."))
        .with(Block::text("The next page shows the secret, once: have at hand by what way you hand it over."))
        .with(form)
}

/// Where a key or a certificate is pasted.
pub(crate) async fn adding_credential(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(client, kind): InBoth<String, String>,
) -> Result<Page, Problem> {
    let id = ClientId(client);
    door.directory.client_of(&visitor.person, &id)?;
    asked(&id, &kind, None).ok_or_else(|| Problem::new("not_found"))
}

/// Adds it.
pub(crate) async fn credential(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(client, kind): InBoth<String, String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let id = ClientId(client);
    let page = asked(&id, &kind, None).ok_or_else(|| Problem::new("not_found"))?;
    let sent = match read(&kind, &posted) {
        Ok(change) => changed(&door, &visitor, &id, change, "It was added.").await,
        Err(wrong) => Err(wrong),
    };
    match sent {
        Ok(()) => Ok(see(&format!("/clients/{}", id.0))),
        Err(wrong) => wrong.answer(&[("credential_unreadable", "pem")], |errors| {
            asked(&id, &kind, Some((&posted, errors))).unwrap_or(page)
        }),
    }
}

/// What retiring means.
pub(crate) async fn retiring(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let id = ClientId(client);
    let query = Posted::of_query(&uri);
    let (_, held) = door.directory.client_of(&visitor.person, &id)?;
    let known = credentials(&held, door.directory.now());
    let known =
        known.iter().find(|known| known.kind == query.text("kind") && known.id == query.text("which"));
    let known = known.ok_or_else(|| Problem::new("not_found"))?;
    let form = Form::post(format!("/clients/{}/retirement", id.0), "Retire it now")
        .hidden("kind", known.kind)
        .hidden("which", known.id.clone())
        .warning();
    Ok(Page::new("Retire a credential")
        .heading_is(format!("Retire {}", title(known)))
        .back(format!("/clients/{}", id.0))
        .with(Block::text(
            "From now on the client cannot connect by it. It is never good again; add another first.",
        ))
        .with(form))
}

/// Retires it.
pub(crate) async fn retire(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
    posted: Posted,
) -> Result<Response, Problem> {
    let id = ClientId(client);
    let unknown = || Problem::new("not_found");
    let which = posted.text("which");
    let change = match posted.text("kind") {
        "secret" => ClientChange::RetireSecret { number: which.parse().map_err(|_| unknown())?, from: None },
        "key" => ClientChange::RetireKey { kid: which.parse().map_err(|_| unknown())?, from: None },
        "certificate" => {
            ClientChange::RetireCertificate { thumbprint: which.parse().map_err(|_| unknown())?, from: None }
        }
        _ => return Err(unknown()),
    };
    changed(&door, &visitor, &id, change, "It was retired.")
        .await
        .map(|()| see(&format!("/clients/{}", id.0)))
        .or_again(&[], |errors| Page {
            errors,
            ..Page::new("Retire a credential").back(format!("/clients/{}", id.0))
        })
}

/// What revoking means.
pub(crate) async fn revoking(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
) -> Result<Page, Problem> {
    let id = ClientId(client);
    door.directory.client_of(&visitor.person, &id)?;
    Ok(Page::new("Revoke a client")
        .heading_is(format!("Revoke client {}", id.0))
        .back(format!("/clients/{}", id.0))
        .with(Block::text("From the next request on it cannot connect, by anything it proves itself by. This is not taken back: another client has to be added."))
        .with(Form::post(format!("/clients/{}/revocation", id.0), "Revoke this client").warning()))
}

/// Revokes it.
pub(crate) async fn revoke(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(client): In<String>,
) -> Result<Response, Problem> {
    let id = ClientId(client);
    let (organisation, _) = door.directory.client_of(&visitor.person, &id)?;
    let acted = door.directory.revoke_client_of(&visitor.person, &id)?;
    after::acted(&door, &visitor, acted, "The client was revoked.")
        .await
        .map(|()| see(&format!("/organisations/{organisation}")))
        .or_again(&[], |errors| Page { errors, ..Page::new("Revoke a client") })
}

async fn stands(door: &Door, visitor: &Visitor, acted: Acted) -> Result<(), Problem> {
    let acted = acted.settled().await.map_err(|error| not_recorded(&error))?;
    visitor.wrote(door, acted.position());
    Ok(())
}

async fn changed(
    door: &Door,
    visitor: &Visitor,
    id: &ClientId,
    change: ClientChange,
    said: &str,
) -> Result<(), Wrong> {
    let acted = door.directory.change_client_of(&visitor.person, id, change)?;
    after::acted(door, visitor, acted, said).await
}

fn read(kind: &str, posted: &Posted) -> Result<ClientChange, Wrong> {
    if kind == "certificate" {
        let asked: NewCertificate =
            Reading::of(posted).text("/certificate", "pem", "The certificate").read()?;
        let thumbprint = read_thumbprint(&asked.certificate).map_err(|fault| unread(&fault))?;
        return Ok(ClientChange::BindCertificate { thumbprint });
    }
    let asked: NewKey = Reading::of(posted)
        .text("/public_key", "pem", "The public key")
        .text("/kid", "kid", "Its name")
        .read()?;
    let key =
        read_public_key(&asked.public_key, asked.kid, asked.algorithm).map_err(|fault| unread(&fault))?;
    Ok(ClientChange::AddKey(key))
}

fn unread(fault: &KeyFault) -> FieldError {
    FieldError::at("pem", format!("What was pasted cannot be used: {fault}"))
}

fn asked(id: &ClientId, kind: &str, posted: Option<(&Posted, Vec<FieldError>)>) -> Option<Page> {
    let form = Form::post(format!("/clients/{}/{kind}", id.0), "Add it");
    let (title, form) = match kind {
        "key" => (
            "Add a public key",
            form.field(
                Field::area("pem", "The public key", 8).hint("In PEM, or as a JWK. Never the private one."),
            )
            .field(Field::text("kid", "Its name, if it has one").width("govuk-input--width-20")),
        ),
        "certificate" => (
            "Bind a certificate",
            form.field(
                Field::area("pem", "The certificate", 12)
                    .hint("In PEM. From then on the client connects with a certificate only."),
            ),
        ),
        _ => return None,
    };
    Some(Page::new(title).back(format!("/clients/{}", id.0)).with_form(form, posted))
}

fn shown_once(title: &'static str, client: &ClientId, secret: &str) -> Page {
    let summary = Summary::default()
        .row("Client", line().code(client.0.clone()))
        .row("Secret", line().code(secret.to_owned()));
    Page::new(title)
        .unheaded()
        .with(Block::panel(title, None))
        .with(Block::warning(
            "The secret is shown this once and kept nowhere. Hand it over by a way that others cannot read.",
        ))
        .with(summary)
}

fn card(id: &ClientId, known: &Credential) -> Block {
    let state = match known.state {
        "good" => line().tag("green", "Good"),
        "ending" => line().tag("yellow", "Ending"),
        _ => line().tag("grey", "Retired"),
    };
    let summary = Summary::default()
        .row("State", state)
        .row_if("Algorithm", known.algorithm.map(|algorithm| words::name_of(&algorithm)))
        .row_if("Good until", known.retired_from.map(|at| line().at(at)));
    let card = Card::new(line().text(words::word(&title(known))), vec![summary.into()]);
    let card = if known.state == "retired" {
        card
    } else {
        let href = format!("/clients/{}/retirement?kind={}&which={}", id.0, known.kind, known.id);
        card.action(retire_link(href, known))
    };
    card.into()
}

fn retire_link(href: String, known: &Credential) -> Line {
    line().link_to(href, "Retire", title(known))
}

fn title(known: &Credential) -> String {
    format!("{} {}", known.kind, known.id)
}
