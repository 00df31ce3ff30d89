//! Users: given an account, taken through their gates, suspended, closed; and what runs out next.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use directory::{AccountAct, Ending, NewAccount, Warning};
use events::account::{Account, Gate};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, OrganisationId, Position, Role, england_day};

use super::{identities, organisations::done, passkeys};
use crate::{
    answer::{Asked, In, Read, json, not_recorded},
    door::Door,
    identify::Staff,
    problem::Problem,
    wire::{administration as body, requests::Nothing},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    organisation: OrganisationId,
    after: Option<AccountId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    organisation: Option<OrganisationId>,
}

#[derive(Serialize)]
struct Listed {
    users: Vec<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<AccountId>,
}

/// An account as whoever keeps it sees it.
#[derive(Serialize)]
struct Shown {
    user_id: AccountId,
    username: String,
    name: String,
    role: Role,
    organisation: OrganisationId,
    /// `good`, or the code of what stands in the way.
    standing: &'static str,
    gates: Vec<GateStanding>,
    enrolled: bool,
    activated: bool,
    passkeys: Vec<passkeys::Line>,
    identities: Vec<identities::Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended: Option<events::account::SuspensionGround>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leaves_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_at: Option<String>,
}

#[derive(Serialize)]
struct GateStanding {
    gate: Gate,
    required: bool,
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Created {
    user_id: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Serialize)]
struct Code {
    code: String,
    expires_at: String,
}

#[derive(Serialize)]
struct Expiries {
    expiries: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    organisation: OrganisationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<AccountId>,
    what: String,
    last_day: NaiveDate,
    warning: Warning,
}

/// 200 the accounts of one organisation, fifty a page · 403 not the asker's.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Asked(page): Asked<Page>,
) -> Result<Response, Problem> {
    let found = door.directory.accounts_of(&person, &page.organisation, page.after)?;
    let next = (found.len() == directory::ADMIN_PAGE).then(|| found.last().map(|(id, _)| *id)).flatten();
    let users = found.into_iter().filter_map(|(id, held)| user(&door, id, held)).collect();
    Ok(json(StatusCode::OK, &Listed { users, next }))
}

/// 200 one account with its gates · 404 unknown, or another's.
pub(crate) async fn show(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
) -> Result<Response, Problem> {
    let held = door.directory.account_of(&person, id)?;
    let shown = user(&door, id, held).ok_or_else(|| Problem::new("not_found"))?;
    Ok(json(StatusCode::OK, &shown))
}

/// 201 an account that may not act yet · 409 the user name is taken.
pub(crate) async fn create(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<body::NewUser>,
) -> Result<Response, Problem> {
    let body::NewUser { username, name, organisation, role } = asked;
    let new = NewAccount { username, name, organisation, role };
    let (user_id, acted) = door.directory.create_account(&person, new)?;
    let acted = acted.settled().await.map_err(|error| not_recorded(&error))?;
    Ok(json(StatusCode::CREATED, &Created { user_id, position: acted.position() }))
}

/// 201 recorded · 403 one's own.
pub(crate) async fn gate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(asked): Read<body::GatePassed>,
) -> Result<Response, Problem> {
    let act = AccountAct::RecordGate { gate: asked.gate, valid_until: asked.valid_until };
    done(door.directory.administer_account(&person, id, act)).await
}

/// 201 the code, shown once, by which the person sets password and PIN and takes up a token.
pub(crate) async fn enrolment(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    let issued = door.directory.enrol_account(&person, id)?;
    issued.acted.settled().await.map_err(|error| not_recorded(&error))?;
    let code = Code { code: issued.code, expires_at: written(issued.expires_at) };
    Ok(json(StatusCode::CREATED, &code))
}

/// 201 it may act · 403 a gate is missing, or one's own.
pub(crate) async fn activate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.administer_account(&person, id, AccountAct::Activate)).await
}

/// 201 suspended, from the next request on.
pub(crate) async fn suspend(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(asked): Read<body::UserSuspension>,
) -> Result<Response, Problem> {
    done(door.directory.administer_account(&person, id, AccountAct::Suspend(asked.ground))).await
}

/// 201 in good standing again, as far as its dates go.
pub(crate) async fn reinstate(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.administer_account(&person, id, AccountAct::Reinstate)).await
}

/// 201 closed, or to be closed after the person's last day.
pub(crate) async fn close(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<AccountId>,
    Read(asked): Read<body::Closure>,
) -> Result<Response, Problem> {
    done(door.directory.administer_account(&person, id, AccountAct::Close(asked.on))).await
}

/// 200 what runs out within sixty days, or ran out, soonest first; at most two hundred lines.
pub(crate) async fn expiries(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Asked(of): Asked<Of>,
) -> Result<Response, Problem> {
    let found = door.directory.expiring(&person, of.organisation.as_ref())?;
    let expiries = found
        .into_iter()
        .map(|expiring| {
            let (user_id, what) = match expiring.ending {
                Ending::OfOrganisation(what) => (None, what.name()),
                Ending::OfAccount(account, gate) => (Some(account), gate.name().to_owned()),
                Ending::Dormancy(account) => (Some(account), "dormancy".to_owned()),
            };
            let (organisation, last_day) = (expiring.organisation, expiring.last_day);
            Line { organisation, user_id, what, last_day, warning: expiring.warning }
        })
        .collect();
    Ok(json(StatusCode::OK, &Expiries { expiries }))
}

fn user(door: &Door, user_id: AccountId, held: Account) -> Option<Shown> {
    let now = door.directory.now();
    let gates = Gate::ALL
        .into_iter()
        .map(|gate| {
            let passed = held.gates.get(&gate);
            let required = Gate::REQUIRED.contains(&gate);
            let valid_until = passed.and_then(|passed| passed.valid_until);
            GateStanding { gate, required, passed: passed.is_some(), valid_until }
        })
        .collect();
    let standing = held.standing_unsigned(now, 0, door.directory.dormant_months()).good();
    let created = held.created?;
    Some(Shown {
        user_id,
        username: created.username.as_str().to_owned(),
        name: created.name.as_str().to_owned(),
        role: created.role,
        organisation: created.organisation,
        standing: standing.map_or_else(|because| because.code(), |()| "good"),
        gates,
        enrolled: held.credentials.is_some(),
        activated: held.activated,
        passkeys: held
            .passkeys
            .into_iter()
            .map(|(id, held)| passkeys::Line::of(id, held.registered_at))
            .collect(),
        identities: held.identities.into_iter().map(|(id, held)| identities::Line::of(id, held)).collect(),
        suspended: held.suspended,
        leaves_on: held.leaves_on.filter(|last| england_day(now) <= *last),
        signed_in_at: held.signed_in_at.map(written),
    })
}

fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
