//! Clients: what each proves itself by, added and retired by those who keep its organisation.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::{ClientChange, Credential, KeyFault, credentials, read_public_key, read_thumbprint};
use serde::Serialize;
use vocabulary::{ClientId, KeyName, OrganisationId, Position, Thumbprint};

use super::organisations::done;
use crate::{
    answer::{In, InBoth, Read, json, not_recorded},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{
        credentials::{NewCertificate, NewKey, Retirement},
        requests::Nothing,
    },
};

#[derive(Serialize)]
struct Shown {
    client_id: ClientId,
    organisation: OrganisationId,
    credentials: Vec<Credential>,
}

/// What a new key or certificate is called from here on.
#[derive(Serialize)]
struct Added {
    id: String,
    changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Serialize)]
struct ShownOnce {
    number: u32,
    client_secret: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

/// 200 a client with what it proves itself by · 404 unknown, or revoked.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(client): In<String>,
) -> Result<Response, Problem> {
    let id = ClientId(client);
    let (organisation, held) = door.directory.client_of(&person, &id)?;
    let credentials = credentials(&held, door.directory.now());
    Ok(json(StatusCode::OK, &Shown { client_id: id, organisation, credentials }))
}

/// 201 added beside the others · 409 used before, or too many · 422 no public key.
pub(crate) async fn add_key(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(client): In<String>,
    Read(asked): Read<NewKey>,
) -> Result<Response, Problem> {
    let key =
        read_public_key(&asked.public_key, asked.kid, asked.algorithm).map_err(|fault| unread(&fault))?;
    let id = key.kid.to_string();
    let acted = door.directory.change_client_of(&person, &ClientId(client), ClientChange::AddKey(key))?;
    let position = acted.settled().await.map_err(|error| not_recorded(&error))?.position();
    Ok(json(StatusCode::CREATED, &Added { id, changed: position.is_some(), position }))
}

/// 201 retired, now or from an instant on · 409 to be retired sooner already.
pub(crate) async fn retire_key(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    InBoth(client, kid): InBoth<String, KeyName>,
    Read(Retirement { retired_from: from }): Read<Retirement>,
) -> Result<Response, Problem> {
    let change = ClientChange::RetireKey { kid, from };
    done(door.directory.change_client_of(&person, &ClientId(client), change)).await
}

/// 201 number and secret, shown once · 409 too many.
pub(crate) async fn add_secret(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(client): In<String>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    let (number, client_secret, acted) = door.directory.add_client_secret_of(&person, &ClientId(client))?;
    let position = acted.settled().await.map_err(|error| not_recorded(&error))?.position();
    Ok(json(StatusCode::CREATED, &ShownOnce { number, client_secret, position }))
}

/// As [`retire_key`].
pub(crate) async fn retire_secret(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    InBoth(client, number): InBoth<String, u32>,
    Read(Retirement { retired_from: from }): Read<Retirement>,
) -> Result<Response, Problem> {
    let change = ClientChange::RetireSecret { number, from };
    done(door.directory.change_client_of(&person, &ClientId(client), change)).await
}

/// 201 bound beside the others, for ever · 409 used before, or too many · 422 no certificate.
pub(crate) async fn bind_certificate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(client): In<String>,
    Read(asked): Read<NewCertificate>,
) -> Result<Response, Problem> {
    let thumbprint = read_thumbprint(&asked.certificate).map_err(|fault| unread(&fault))?;
    let change = ClientChange::BindCertificate { thumbprint };
    let acted = door.directory.change_client_of(&person, &ClientId(client), change)?;
    let position = acted.settled().await.map_err(|error| not_recorded(&error))?.position();
    Ok(json(
        StatusCode::CREATED,
        &Added { id: thumbprint.to_string(), changed: position.is_some(), position },
    ))
}

/// As [`retire_key`].
pub(crate) async fn retire_certificate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    InBoth(client, thumbprint): InBoth<String, Thumbprint>,
    Read(Retirement { retired_from: from }): Read<Retirement>,
) -> Result<Response, Problem> {
    let change = ClientChange::RetireCertificate { thumbprint, from };
    done(door.directory.change_client_of(&person, &ClientId(client), change)).await
}

/// A key or certificate that is none, in a sentence of its own.
fn unread(fault: &KeyFault) -> Problem {
    let said = fault.to_string();
    let mut signs = said.chars();
    let first = signs.next().map(|first| first.to_ascii_uppercase());
    Problem::new("credential_unreadable")
        .because(first.into_iter().chain(signs).chain(['.']).collect::<String>())
}
