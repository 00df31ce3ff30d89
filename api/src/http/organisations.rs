//! Organisations: registered, accredited by their conditions, suspended and reinstated; their clients.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::NaiveDate;
use directory::{Acted, AdminError, OrganisationAct};
use events::{
    organisation::{Agreement, ConditionMet, Organisation, Sharing},
    policy::{Conditions, Participation, wording},
    refused::Code,
};
use serde::{Deserialize, Serialize};
use vocabulary::{ClientId, OrganisationId, Position, england_day};

use crate::{
    answer::{Asked, In, Read, json, not_recorded},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{administration as body, requests::Nothing},
};

/// What an act left.
#[derive(Serialize)]
pub(super) struct Done {
    changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    after: Option<OrganisationId>,
}

#[derive(Serialize)]
struct Listed {
    organisations: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<OrganisationId>,
}

#[derive(Serialize)]
struct Line {
    id: OrganisationId,
    name: String,
    kind: &'static str,
    suspended: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    accredited_until: Option<NaiveDate>,
    /// `good`, or the code of what stands in the way.
    may_use: &'static str,
    may_supply: &'static str,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    supply_agreement: Option<Agreement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sharing_agreement: Option<Sharing>,
    conditions: Vec<ConditionLine>,
    clients: Vec<Known>,
}

#[derive(Serialize)]
struct ConditionLine {
    condition: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<&'static str>,
    participation: Participation,
    key: bool,
    months: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    met_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<NaiveDate>,
    holds: bool,
}

#[derive(Serialize)]
struct Known {
    client_id: ClientId,
    revoked: bool,
}

#[derive(Serialize)]
struct ShownOnce {
    client_id: ClientId,
    client_secret: String,
    organisation: OrganisationId,
}

/// 200 those that the asker keeps or reads, fifty a page.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Asked(page): Asked<Page>,
) -> Result<Response, Problem> {
    let found = door.directory.organisations_of(&person, page.after.as_ref())?;
    let next =
        (found.len() == directory::ADMIN_PAGE).then(|| found.last().map(|(id, _)| id.clone())).flatten();
    let organisations = found.into_iter().map(|(id, held)| line(&door, id, &held)).collect();
    Ok(json(StatusCode::OK, &Listed { organisations, next }))
}

/// 200 one with its conditions, agreements and clients · 403 not the asker's · 404 unknown.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
) -> Result<Response, Problem> {
    let held = door.directory.organisation_of(&person, &id)?;
    let today = england_day(door.directory.now());
    let conditions = door.directory.conditions();
    let clients = held.clients.iter();
    let whole = Whole {
        line: line(&door, id, &held),
        supply_agreement: held.agreement,
        sharing_agreement: held.sharing,
        conditions: condition_lines(&held, &conditions, today),
        clients: clients
            .map(|(client_id, known)| Known { client_id: client_id.clone(), revoked: known.revoked })
            .collect(),
    };
    Ok(json(StatusCode::OK, &whole))
}

/// 201 registered · 403 not the asker's to register · 409 known.
pub(crate) async fn register(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<body::NewOrganisation>,
) -> Result<Response, Problem> {
    let (id, details) = asked.parts();
    done(door.directory.register_organisation(&person, &id, details)).await
}

/// 201 recorded · 422 the policy knows no such condition, or the evidence does not count.
pub(crate) async fn condition(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
    Read(asked): Read<body::ConditionMet>,
) -> Result<Response, Problem> {
    let body::ConditionMet { condition, met_on, valid_until, evidence } = asked;
    let met = ConditionMet { condition, met_on, valid_until, evidence };
    done(door.directory.administer_organisation(&person, &id, OrganisationAct::RecordCondition(met))).await
}

/// 201 recorded; a key condition costs the standing at once.
pub(crate) async fn withdraw(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
    Read(asked): Read<body::ConditionNamed>,
) -> Result<Response, Problem> {
    let act = OrganisationAct::WithdrawCondition(asked.condition);
    done(door.directory.administer_organisation(&person, &id, act)).await
}

/// 201 accredited · 409 a key condition is not met.
pub(crate) async fn accredit(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
    Read(asked): Read<body::Accreditation>,
) -> Result<Response, Problem> {
    let act = OrganisationAct::Accredit { until: asked.until, participation: asked.participation };
    done(door.directory.administer_organisation(&person, &id, act)).await
}

/// 201 signed.
pub(crate) async fn sign(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
    Read(asked): Read<body::NewAgreement>,
) -> Result<Response, Problem> {
    let body::NewAgreement { kind, version, until, states_others } = asked;
    let act = match kind {
        body::AgreementKind::Supply => OrganisationAct::SignSupply(Agreement {
            until,
            states_others: states_others.unwrap_or(false),
            version: Some(version),
        }),
        body::AgreementKind::Sharing => OrganisationAct::SignSharing(Sharing { version, until }),
    };
    done(door.directory.administer_organisation(&person, &id, act)).await
}

/// 201 suspended, from the next request on.
pub(crate) async fn suspend(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
    Read(asked): Read<body::OrganisationSuspension>,
) -> Result<Response, Problem> {
    let act = OrganisationAct::Suspend(asked.ground);
    done(door.directory.administer_organisation(&person, &id, act)).await
}

/// 201 in good standing again, as far as its dates go.
pub(crate) async fn reinstate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<OrganisationId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.administer_organisation(&person, &id, OrganisationAct::Reinstate)).await
}

/// 201 id and secret, shown once.
pub(crate) async fn add_client(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(organisation): In<OrganisationId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    let (client_id, client_secret, acted) = door.directory.client_for(&person, &organisation)?;
    acted.settled().await.map_err(|error| not_recorded(&error))?;
    Ok(json(StatusCode::CREATED, &ShownOnce { client_id, client_secret, organisation }))
}

/// 201 revoked, from the next request on · 404 unknown, or another's.
pub(crate) async fn revoke_client(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(client): In<String>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.revoke_client_of(&person, &ClientId(client))).await
}

/// Waits until an act is durable, then answers whether it was news.
pub(super) async fn done(acted: Result<Acted, AdminError>) -> Result<Response, Problem> {
    let acted = acted?.settled().await.map_err(|error| not_recorded(&error))?;
    let position = acted.position();
    Ok(json(StatusCode::CREATED, &Done { changed: position.is_some(), position }))
}

fn line(door: &Door, id: OrganisationId, held: &Organisation) -> Line {
    let now = door.directory.now();
    let conditions = door.directory.conditions();
    let may_use = held.may_use(now, 0, &conditions).good();
    let may_supply = held.may_supply(england_day(now), &conditions);
    Line {
        id,
        name: held.details.as_ref().map(|details| details.name.as_str().to_owned()).unwrap_or_default(),
        kind: held.details.as_ref().map_or("", |details| details.kind.name()),
        suspended: held.suspended.is_some(),
        accredited_until: held.accredited_until,
        may_use: may_use.map_or_else(|because| because.code(), |()| "good"),
        may_supply: may_supply.map_or_else(|because| because.code(), |()| "good"),
    }
}

fn condition_lines(held: &Organisation, conditions: &Conditions, today: NaiveDate) -> Vec<ConditionLine> {
    let lines = conditions.iter().map(|(name, known)| {
        let met = held.conditions.get(name);
        // One that was withdrawn is kept as run out, and reads as never met.
        let met = met.filter(|met| met.valid_until >= met.met_on);
        ConditionLine {
            condition: name.clone(),
            says: wording(name),
            participation: known.participation,
            key: known.key,
            months: known.months,
            met_on: met.map(|met| met.met_on),
            valid_until: met.map(|met| met.valid_until),
            holds: met.is_some_and(|met| today <= met.valid_until),
        }
    });
    lines.collect()
}
